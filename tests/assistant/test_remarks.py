"""Remarks by meaning: read from the graph, searched by words weighed by rarity and by the sense of the question."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.detect import stems_of
from assistant.lexicon import Lexicon
from assistant.remarks import Remark, RemarkIndex, content, read
from graph import KnowledgeGraph
from graph.schema import Schema
from graph.terms import FG
from graph.types import LANG_STRING, Iri, Literal
from tests.assistant.cameras import ARDEX, BOLO, CORVO, C, Letters, cameras


def iri(name: str) -> Iri:
    return Iri(C + name)


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The graph of the cameras."""
    return cameras(tmp_path_factory.mktemp("cameras"))


@pytest.fixture(scope="module")
def index(kg: KnowledgeGraph) -> RemarkIndex:
    """The remarks of the cameras."""
    return RemarkIndex(read(kg), Lexicon.compile(kg, Schema.read(kg)), Letters(), None)


def told(index: RemarkIndex, hits: list[tuple[int, float]]) -> list[str]:
    return [index.remarks[i].iri.value.removeprefix(C) for i, _ in hits]


def ask(index: RemarkIndex, question: str, *things: Iri) -> list[str]:
    return told(index, index.search(index.mask(question, things), things, content(index.mask(question, things))))


# ---------------------------------------------------------------- reading


def test_all_of_a_remark_is_read(kg: KnowledgeGraph) -> None:
    """What it is about, its aspects, its words, its yes or no, its keywords."""
    remark = next(r for r in read(kg) if r.iri == iri("rem-ardex-rain"))
    words = "Ardex One is sealed against rain and dust."
    assert (remark.says, remark.about, remark.aspects) == (words, (ARDEX,), (iri("aspect-weather"),))
    assert (remark.holds, remark.claim, remark.keywords) == (True, False, ("umbrella",))
    assert remark.fact.predicate == FG.says
    assert remark.fact.object == Literal(words, LANG_STRING, "en")


def test_claims_are_told_apart(kg: KnowledgeGraph) -> None:
    """A claim is someone's opinion: it may suit or not suit a need, dispute another, and give no yes or no."""
    found = {r.iri: r for r in read(kg)}
    assert {r.iri for r in found.values() if r.claim} == {r for r in found if r.value.startswith(C + "claim")}
    assert found[iri("claim-ardex-fit")].suits == (iri("need-travel"),)
    assert found[iri("claim-ember-fit")].unsuited == (iri("need-travel"),)
    assert found[iri("rem-bolo-rain")].disputes == (iri("claim-bolo-rain"),)
    assert found[iri("claim-bolo-rain")].holds is None


def test_remarks_are_in_a_fixed_order(kg: KnowledgeGraph) -> None:
    """By IRI, whatever order the store gives."""
    found = [r.iri for r in read(kg)]
    assert found == sorted(found)
    assert len(found) == 11


def test_a_graph_without_remarks_has_none(museum: Assistant) -> None:
    """A foreign graph holds no remark, and nothing is found in it."""
    assert read(museum.graph) == ()
    index = RemarkIndex((), museum.lexicon, Letters(), None)
    assert index.search("what is it for", (), {"purpos": 1.0}) == []
    assert index.nearest_aspect("what is it for") == 0.0


def test_true_may_be_written_as_one(tmp_path: Path) -> None:
    """xsd:boolean has two spellings of true and two of false."""
    path = tmp_path / "r.ttl"
    body = f'<http://x/{{n}}> <{FG.says.value}> "It floats." ; <{FG.holds.value}> "{{v}}"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n'
    path.write_text("".join(body.format(n=n, v=v) for n, v in enumerate(("1", "true", "0", "false"))), encoding="utf-8")
    assert [r.holds for r in read(KnowledgeGraph.open(path))] == [True, True, False, False]


# ---------------------------------------------------------------- searching


@pytest.mark.parametrize(
    ("question", "thing", "first"),
    [
        ("Can I use the Ardex One in the rain?", ARDEX, "rem-ardex-rain"),
        ("What is the Ardex One made for?", ARDEX, "rem-ardex-purpose"),
        ("Do I need an umbrella for the Ardex One?", ARDEX, "rem-ardex-rain"),
        ("Has the Bolo got seals?", BOLO, "rem-bolo-rain"),
    ],
)
def test_the_remark_that_is_meant_comes_first(index: RemarkIndex, question: str, thing: Iri, first: str) -> None:
    """By its words, its keywords and its sense."""
    assert ask(index, question, thing)[0] == first


def test_only_remarks_about_the_thing_are_searched(index: RemarkIndex) -> None:
    """What is said of others is not told of this one."""
    found = index.search("is it sealed", (BOLO,), {"seal": 1.0})
    assert {t for i, _ in found for t in index.remarks[i].about} == {BOLO}
    assert index.search("is it sealed", (iri("fjord"),), {"seal": 1.0}) == []


def test_a_pool_limits_the_search(index: RemarkIndex) -> None:
    """Without a thing the remarks searched are those of the pool."""
    pool = [i for i, r in enumerate(index.remarks) if r.claim]
    assert {i for i, _ in index.search("a journey", (), {"journey": 1.0}, pool)} == set(pool)
    assert index.search("a journey", (), {"journey": 1.0}, []) == []


def test_scores_are_between_0_and_1_and_in_order(index: RemarkIndex) -> None:
    """Best first, in the same order each time."""
    everything = list(range(len(index.remarks)))
    hits = index.search("rain", (), {"rain": 1.0}, everything)
    assert all(0 <= s <= 1 for _, s in hits)
    assert [s for _, s in hits] == sorted((s for _, s in hits), reverse=True)
    assert hits == index.search("rain", (), {"rain": 1.0}, everything[::-1])


def test_a_fact_comes_before_an_opinion(index: RemarkIndex) -> None:
    """Of equal fit, what is stated comes before what is claimed, and for a verdict what answers yes or no."""
    hits = index.search("water", (BOLO,), {"water": 1.0}, verdict=True)
    assert told(index, hits) == ["rem-bolo-rain", "claim-bolo-rain"]


def test_a_named_aspect_lifts_its_remarks(index: RemarkIndex) -> None:
    """An aspect that the question names counts for the remarks under it."""
    plain = dict(index.search("it", (ARDEX,), {}))
    lifted = dict(index.search("it", (ARDEX,), {}, aspects={iri("aspect-weather")}))
    more = {i for i in plain if lifted[i] > plain[i]}
    assert [index.remarks[i].iri for i in more] == [iri("rem-ardex-rain")]


def test_a_remark_is_first_of_all_about_what_it_names_first(index: RemarkIndex) -> None:
    """Told of the first thing, a remark about two fits better than told of the second."""
    both = next(i for i, r in enumerate(index.remarks) if r.iri == iri("rem-apart"))
    assert index.first[both] == ARDEX
    assert dict(index.search("steadies", (ARDEX,), {"steadi": 1.0}))[both] > dict(index.search("steadies", (CORVO,), {"steadi": 1.0}))[both]


def test_coverage_is_the_share_of_asked_words(index: RemarkIndex) -> None:
    """All words 1, none 0; words of its aspects count nearly in full; rare words weigh more; nothing asked says nothing."""
    at = next(i for i, r in enumerate(index.remarks) if r.iri == iri("rem-ardex-rain"))

    def covered(stems: dict[str, float]) -> float:
        weights = index.weighed(stems)
        share = float(index.columns.coverages(weights)[0][at])
        assert share == pytest.approx(index.columns.coverage(weights, index.words(at), index.aspect_words(index.remarks[at])))
        return share

    assert covered({"seal": 1.0, "dust": 1.0}) == pytest.approx(1.0)
    assert covered({"journey": 1.0}) == 0.0
    assert 0.8 < covered({"weather": 1.0}) < 1.0
    assert covered({"dust": 1.0, "one": 1.0, "zzz": 1.0}) < 0.9
    rare_hit = covered({"dust": 1.0, "camera": 1.0})
    common_hit = covered({"and": 1.0, "journey": 1.0})
    assert rare_hit > common_hit
    assert covered({}) == 0.5


def test_names_are_masked(index: RemarkIndex) -> None:
    """Names and aliases become 'it' as whole words only, so that the vector is of what is said."""
    assert index.mask("Is the ARDEX ONE (or A1) in A1000?", [ARDEX]) == "Is the it (or it) in A1000?"
    assert index.mask("Bolo", [ARDEX]) == "Bolo"


def test_the_encoder_is_asked_on_first_use_only(kg: KnowledgeGraph) -> None:
    """Compiling encodes nothing; the remarks are encoded once, masked."""
    encoder = Letters()
    index = RemarkIndex(read(kg), Lexicon.compile(kg, Schema.read(kg)), encoder, None)
    assert encoder.asked == []
    index.search("rain", (ARDEX,), {"rain": 1.0})
    assert "it is sealed against rain and dust." in encoder.asked
    before = len(encoder.asked)
    index.search("dust", (ARDEX,), {"dust": 1.0})
    assert set(encoder.asked[before:]) == {"dust"}


def test_nearest_aspect(index: RemarkIndex) -> None:
    """How near the question comes to a way of asking about some aspect: 1 for its own words."""
    assert index.nearest_aspect("can I use it in the rain") == pytest.approx(1.0, abs=0.01)
    assert index.nearest_aspect("zzzz qqqq") < 0.3


def test_the_real_encoder_finds_by_meaning(kg: KnowledgeGraph, museum: Assistant) -> None:
    """With the sentence model, other words of the same sense find the remark."""
    index = RemarkIndex(read(kg), Lexicon.compile(kg, Schema.read(kg)), museum.encoder, None)
    assert ask(index, "Will wet weather harm the Ardex One?", ARDEX)[0] == "rem-ardex-rain"
    assert ask(index, "What do people take the Ardex One for?", ARDEX)[0] in ("rem-ardex-purpose", "claim-ardex-fit")


# ---------------------------------------------------------------- words


def test_content_words() -> None:
    """Function words carry nothing, soft words little, the words inside skipped spans nothing."""
    assert content("Is the lamp bright?") == {"lamp": 1.0, "bright": 1.0}
    assert content("default lamp")["default"] < 1.0
    assert content("lamp bright", [(0, 4)]) == {"bright": 1.0}


def test_stems_of_a_text() -> None:
    """Each word once, by its stem."""
    assert stems_of("Lamps, lamp and LAMPS") == {"lamp", "and"}


def test_a_remark_needs_only_its_words() -> None:
    """Everything else may be missing."""
    bare = Remark(iri("r"), "It floats.", ())
    assert (bare.holds, bare.claim, bare.aspects) == (None, False, ())
