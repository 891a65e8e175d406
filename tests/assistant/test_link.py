"""Mentions: longest names first, then split spellings, parts of names and typos; what fits nothing stays unlinked."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.detect import tokenize
from assistant.lexicon import Lexicon
from assistant.link import Linker
from assistant.types import Mention
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.schema import Schema
from graph.types import Iri

C = "http://camera.example/"
M = "http://museum.example/"
CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"
WORDS = "the Harbour at Dusk Ada Brandt Brant etching etchings oil painting works room Lantern Salt by in who xyzzy 1887".split()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    """A linker of the cameras."""
    kg = KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras")))
    return Linker(Lexicon.compile(kg, Schema.read(kg)))


def mentions(linker: Linker, text: str) -> list[Mention]:
    return list(linker.mentions(tokenize(text), text))


def linked(linker: Linker, text: str) -> dict[str, str]:
    """Text of a mention -> the local name of its best link."""
    return {m.text(text): m.best.iri.value.rsplit("/", 1)[-1] for m in mentions(linker, text)}


def test_the_longest_name_wins(museum: Assistant) -> None:
    """A name of several words is one mention; the shorter names inside it are none."""
    assert linked(museum.linker, "Who painted The Harbour at Dusk?") == {"The Harbour at Dusk": "the-harbour-at-dusk"}


def test_case_plural_and_accents_do_not_matter(museum: Assistant) -> None:
    """'ETCHINGS' is etching, 'ada brandt' Ada Brandt."""
    assert linked(museum.linker, "ETCHINGS by ada brándt") == {"ETCHINGS": "etching", "ada brándt": "ada-brandt"}


@pytest.mark.parametrize(("text", "thing"), [("timelapse", "timelapse"), ("time lapse", "timelapse"), ("steady shot", "stabiliser")])
def test_split_and_joined_spellings(shelf: Linker, text: str, thing: str) -> None:
    """Gaps and hyphens inside a name do not matter."""
    assert linked(shelf, f"cameras with {text}")[text] == thing


@pytest.mark.parametrize(
    ("text", "thing"), [("Orangry", "orangery"), ("Orangeryy", "orangery"), ("Ornagery", "orangery"), ("watercolur", "watercolour")]
)
def test_small_typos(museum: Assistant, text: str, thing: str) -> None:
    """A letter missing, added or swapped still leads to the name, with less certainty."""
    (mention,) = mentions(museum.linker, f"in the {text}")
    assert mention.best.iri.value == M + thing
    assert mention.best.score < 0.9


def test_american_spelling_is_no_typo(museum: Assistant) -> None:
    """'watercolor' is the same word as 'watercolour'."""
    assert mentions(museum.linker, "watercolor")[0].best.score == 1.0


def test_a_part_of_a_name_is_a_weak_mention(museum: Assistant) -> None:
    """'Carvalho' alone may be Ines Carvalho."""
    (mention,) = mentions(museum.linker, "Who taught Carvalho?")
    assert mention.best.iri.value == M + "ines-carvalho"
    assert mention.best.score < 0.8


@pytest.mark.parametrize("text", ["Who is Xyzzy Plugh?", "the of and", "What should I know?", "", "?!", "它是什么"])
def test_what_fits_nothing_stays_unlinked(museum: Assistant, text: str) -> None:
    """Unknown names, function words and other scripts are no mentions."""
    assert mentions(museum.linker, text) == []


def test_common_words_are_not_taken_for_typos(shelf: Linker) -> None:
    """'member' is an English word, not a slip for Ember."""
    assert "member" not in linked(shelf, "Which member has it?")
    assert shelf.is_common("member")
    assert not shelf.is_common("ardex")


def test_a_mention_keeps_all_that_it_may_mean(museum: Assistant) -> None:
    """'nationality' is a class and a property: both are kept, the surer or simpler one first."""
    (mention,) = mentions(museum.linker, "nationality")
    assert {n.kind for n in mention.links} == {"class", "property"}
    assert [n.score for n in mention.links] == sorted((n.score for n in mention.links), reverse=True)


def test_offsets_are_those_of_the_text(museum: Assistant) -> None:
    """A mention recomputes its words from its span."""
    text = "   Is  Blue   Kite an etching?"
    assert [m.text(text) for m in mentions(museum.linker, text)] == ["Blue   Kite", "etching"]


@given(st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join))
def test_mentions_are_in_order_and_apart(museum: Assistant, text: str) -> None:
    """However names are mixed, mentions do not overlap, lie in the text, and each has a link with a score of 0 to 1."""
    found = mentions(museum.linker, text)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 < n.score <= 1 for m in found for n in m.links)


@pytest.mark.parametrize(("word", "label"), [("Orangerie", "Orangery"), ("frescoe", "fresco"), ("watercolur", "watercolour")])
def test_the_nearest_known_thing(museum: Assistant, word: str, label: str) -> None:
    """An unknown word is answered with the thing whose name is nearest in spelling."""
    assert museum.linker.nearest(word) == label


@pytest.mark.parametrize("word", ["zzzzzzz", "", "??", "Q"])
def test_nothing_near(museum: Assistant, word: str) -> None:
    """Where nothing is near, nothing is named."""
    assert museum.linker.nearest(word) is None


def test_a_typo_in_a_plural_is_one_of_the_singular(museum: Assistant) -> None:
    """'etchngs' lacks a letter of the plural, and is two slips away from the singular."""
    assert linked(museum.linker, "all etchngs") == {"etchngs": "etching"}


# ---------------------------------------------------------------- names as they are written

SHELF = """
@prefix s: <http://shelf.example/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix fg: <https://framegraph.example/engine#> .
s:dataset a fg:Dataset ; fg:focusClass s:Camera .
s:Camera a owl:Class ; skos:prefLabel "camera"@en . s:Tool a owl:Class ; skos:prefLabel "package"@en .
s:Firm a owl:Class ; skos:prefLabel "firm"@en .
s:holds a owl:ObjectProperty ; skos:prefLabel "held on"@en .
s:caching a fg:Feature ; skos:prefLabel "caching"@en . s:packaging a s:Tool ; skos:prefLabel "packaging"@en .
s:retrying a s:Tool ; skos:prefLabel "retrying"@en . s:ember a s:Camera ; skos:prefLabel "Ember"@en ; s:holds s:velox .
s:velox a s:Firm ; skos:prefLabel "Velox"@en .
"""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Linker:
    """A linker over things whose names share stems with common words."""
    file = tmp_path_factory.mktemp("tools") / "tools.ttl"
    file.write_text(SHELF, encoding="utf-8")
    kg = KnowledgeGraph.open(file)
    schema = Schema.read(kg)
    return Linker(Lexicon.compile(kg, schema), schema.subclasses(Iri("http://shelf.example/Camera")))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("which package has it", {"package": "Tool"}),  # the class, not the tool packaging
        ("it retries a lot", {}),  # a verb, not the tool retrying
        ("is retrying old", {"retrying": "retrying"}),
        ("what caches it", {"caches": "caching"}),  # a notion has no proper name
    ],
)
def test_a_stem_alone_is_no_proper_name(tools: Linker, text: str, found: dict[str, str]) -> None:
    """A tool with a name of one small word is meant where that very word is written."""
    assert linked(tools, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("who owns Velox", {"Velox": "velox"}),
        ("who owns Velox Harbour", {}),
        ("who sells Ember Harbour", {"Ember": "ember"}),  # what the dataset is about has parts of its own
        ("Who Owns Velox Today In Town", {"Velox": "velox"}),  # title case says nothing
    ],
)
def test_a_longer_name_is_another_thing(tools: Linker, text: str, found: dict[str, str]) -> None:
    """'Velox Harbour' in capitals, of which only Velox is known, is not Velox."""
    assert linked(tools, text) == found
