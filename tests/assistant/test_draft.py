"""An answer in the making: citations numbered as they appear, marks where they belong, sources only for what they state."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.draft import Draft, marks, with_marks
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.terms import BASE, FG
from graph.types import LANG_STRING, XSD, Blank, Fact, Iri, Literal

C = "http://camera.example/"
M = "http://museum.example/"
CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"
HANDBOOK, GAZETTE = BASE + "passage/handbook", BASE + "passage/gazette"


def iri(name: str) -> Iri:
    return Iri(C + name)


MOUNT = Fact(iri("ardex-one"), iri("mount"), iri("a-mount"))
WEIGHT = Fact(iri("ember"), iri("weight"), Literal("540", XSD + "integer"))
LEVEL = Fact(iri("bolo"), FG.hasCore, iri("flash"))
UNSTATED = Fact(iri("bolo"), FG.hasCore, iri("video"))


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The graph of the cameras: passages of a handbook and of a newspaper."""
    return KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras")))


@pytest.fixture
def draft(kg: KnowledgeGraph) -> Draft:
    """An empty draft."""
    return Draft(kg)


def test_a_single_fact_cites_up_to_two_sources(draft: Draft) -> None:
    """The nearest source comes first."""
    assert draft.cite([MOUNT]) == (1, 2)
    assert [c.passage for c in draft.citations()] == [HANDBOOK, GAZETTE]


def test_a_fact_among_others_cites_one(draft: Draft) -> None:
    """A sentence of several facts is not littered with numbers."""
    assert draft.cite([MOUNT, WEIGHT]) == (1,)


def test_numbers_are_counted_on_and_kept(draft: Draft) -> None:
    """A source has one number wherever it is cited, and numbers rise as sources appear."""
    claim = Fact(iri("claim-ardex-fit"), FG.says, Literal("The Ardex One is the best companion on a journey.", LANG_STRING, "en"))
    assert draft.cite([claim]) == (1,)
    assert draft.cite([WEIGHT]) == (2,)
    assert draft.cite([claim]) == (1,)
    assert [c.number for c in draft.citations()] == [1, 2]


def test_a_citation_lists_the_facts_it_supports(draft: Draft) -> None:
    """Each fact once, and only those cited here."""
    draft.say("One.", [WEIGHT])
    draft.say("Two.", [WEIGHT, LEVEL])
    (citation,) = draft.citations()
    assert citation.facts == (WEIGHT, LEVEL)


def test_a_citation_says_where_it_leads(draft: Draft) -> None:
    """Title, section, address, publisher, kind, version and the day it was read."""
    draft.cite([WEIGHT])
    (c,) = draft.citations()
    assert (c.title, c.section, c.url) == ("The Handbook", "Data sheets", "https://camera.example/handbook#data")
    assert (c.publisher, c.kind, c.version, c.retrieved) == ("Shelf Press", "OfficialDocumentation", "7", "2026-10-02")


def test_what_nobody_states_has_no_citation(draft: Draft) -> None:
    """An edge that stands in no passage gets no number, nor does a fact about a blank node."""
    assert draft.cite([UNSTATED]) == ()
    assert draft.cite([Fact(Blank("b"), FG.hasCore, iri("flash"))]) == ()
    assert draft.citations() == []


def test_a_foreign_file_is_its_own_source(museum: Assistant) -> None:
    """Without passages each fact is cited to the file."""
    draft = Draft(museum.graph)
    assert draft.cite([Fact(Iri(M + "salt"), Iri(M + "room"), Iri(M + "gallery-of-prints"))]) == (1,)
    assert draft.citations()[0].title == "museum.ttl"


def test_volatile_facts_carry_their_day(draft: Draft) -> None:
    """The day on which the source was read, inside the sentence."""
    price = Fact(iri("bolo"), iri("price"), Literal("80.0", XSD + "decimal"))
    price = next(f for f in (price, Fact(iri("bolo"), iri("price"), Literal("80", XSD + "decimal"))) if draft.sources([f])[f])
    draft.say("Bolo costs 80 crowns.", [price], volatile=True)
    assert draft.text() == "Bolo costs 80 crowns (as of 2026-10-02) [1]."
    draft.say("Bolo costs nothing.", [UNSTATED], volatile=True)
    assert draft.sentences[-1].text == "Bolo costs nothing."


def test_as_of_is_the_latest_day(draft: Draft) -> None:
    """Of several sources the one read last; '' where none has a day."""
    rain = Fact(iri("rem-ardex-rain"), FG.holds, Literal("true", XSD + "boolean"))
    assert draft.as_of([WEIGHT, rain]) == "2026-10-03"
    assert draft.as_of([]) == ""


COMPUTED = """@prefix d: <http://camera.example/> . @prefix fg: <https://framegraph.example/engine#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix g: <https://framegraph.example/graph/> .
g:facts { d:cameras a fg:Dataset ; dct:issued "2026-10-05" . d:bolo d:newest "7" , "8" . }
<https://framegraph.example/graph/rule/newest> { d:bolo d:newest "7" . }
g:sources { <https://framegraph.example/graph/rule/newest> a fg:Rule ; dct:title "The newest"@en . }
"""


def test_what_a_rule_computed_carries_the_day_of_the_dataset(tmp_path: Path) -> None:
    """For a rule reads no document; what no graph states has no day."""
    file = tmp_path / "computed.trig"
    file.write_text(COMPUTED, encoding="utf-8")
    draft = Draft(KnowledgeGraph.open(file))
    computed, unstated = (Fact(iri("bolo"), iri("newest"), Literal(n)) for n in "78")
    assert draft.as_of([computed]) == "2026-10-05"
    assert draft.as_of([unstated]) == ""


def test_a_table_row_cites_cell_by_cell(draft: Draft) -> None:
    """Each cell carries its own marks, an empty one none, and the row knows them all."""
    draft.row([("weight", ()), ("540", [WEIGHT]), ("", ())])
    (row,) = draft.sentences
    assert (row.text, row.cites, row.facts, row.block) == ("| weight | 540 [1] |  |", (1,), (WEIGHT,), "table")
    draft.row([("---", ())])
    assert draft.sentences[-1].tone == "frame"


def test_blocks_are_kept_apart(draft: Draft) -> None:
    """Prose runs on, bullets and rows stand in lines of their own, and a blank line parts block from block."""
    draft.say("One.", [WEIGHT])
    draft.say("Two.")
    draft.say("Three", block="bullet")
    draft.say("Four", [WEIGHT], block="bullet")
    draft.row([("a", ()), ("b", ())])
    draft.say("Five.")
    assert draft.text() == "One [1]. Two.\n\n- Three\n- Four [1]\n\n| a | b |\n\nFive."


def test_every_mark_of_a_text_has_its_citation(draft: Draft) -> None:
    """No number leads nowhere, none is unused."""
    draft.say("One.", [WEIGHT, LEVEL])
    draft.say("Two.", [MOUNT])
    draft.say("Three.")
    numbers = {int(n) for n in re.findall(r"\[(\d+)\]", draft.text())}
    assert numbers == {c.number for c in draft.citations()} == {1, 2}


def test_queries_are_remembered_once(draft: Draft, kg: KnowledgeGraph) -> None:
    """ask runs a query and keeps it; asked again it is not listed twice."""
    query = f"ASK {kg.wrap(iri('ember').n3 + ' ?p ?o')}"
    assert draft.ask(query).boolean is True
    draft.ask(query)
    assert draft.queries == [query]


@pytest.mark.parametrize(
    ("text", "numbers", "said"),
    [
        ("It is so.", [1, 2], "It is so [1][2]."),
        ("Is it?", [3], "Is it [3]?"),
        ("These:", [1], "These [1]:"),
        ("no stop", [1], "no stop [1]"),
        ("It is so.", [], "It is so."),
    ],
)
def test_marks_stand_before_the_full_stop(text: str, numbers: list[int], said: str) -> None:
    """'It is so [1].'"""
    assert with_marks(text, numbers) == said


@given(st.text(max_size=20), st.lists(st.integers(1, 99), min_size=1, max_size=3))
def test_marks_change_no_word(text: str, numbers: list[int]) -> None:
    """Without the marks the text is as it was, an empty one included."""
    before, found, after = with_marks(text, numbers).rpartition(f" {marks(numbers)}")
    assert found
    assert before + after == text
    assert len(after) <= 1
