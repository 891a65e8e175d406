"""A choice computed from cited facts: the score adds up, requirements filter, what is excluded is never listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.draft import Draft
from assistant.frames import Constraint, RecommendFrame
from assistant.recommend import Needs, Recommender, Score, hard
from assistant.types import Link
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.terms import FG
from graph.types import Iri

C = "http://camera.example/"
CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"
FEATURES = ("flash", "video", "autofocus", "stabiliser", "timelapse")
THINGS = ("ardex-one", "bolo", "corvo-three", "delta-mini", "ember", "fjord")
SOME = st.lists(st.sampled_from(FEATURES), unique=True, max_size=3)
NEEDS = st.lists(st.sampled_from(["need-travel", "need-wildlife"]), unique=True)


def iri(name: str) -> Iri:
    return Iri(C + name)


def wish(target: Iri, label: str = "", negated: bool = False, levels: tuple[Iri, ...] = (), prop: Iri | None = None) -> Constraint:
    return Constraint((), label, negated=negated, wanted=Link(target, label or target.value, "entity", 1.0), levels=levels, property=prop)


def wishes(names: list[str]) -> tuple[Constraint, ...]:
    return tuple(wish(iri(n), n) for n in names)


@pytest.fixture(scope="module")
def shelf(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant over the cameras."""
    return Assistant(KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras"))), museum.encoder)


def recommender(assistant: Assistant) -> Recommender:
    return assistant.responder.recommender


def scores(assistant: Assistant, frame: RecommendFrame) -> list[Score]:
    return recommender(assistant).scores(Draft(assistant.graph), frame)[0]


def totals(assistant: Assistant, frame: RecommendFrame) -> dict[str, float]:
    return {s.thing.value.removeprefix(C): s.total for s in scores(assistant, frame)}


def has(assistant: Assistant, thing: Iri, feature: Iri) -> bool:
    """Whether a level above 'not available' is stated."""
    levels = [i for i, rank in assistant.schema.ranks.items() if rank > 0]
    values = " ".join(i.n3 for i in levels)
    body = f"VALUES ?p {{ {values} }} {thing.n3} ?p {feature.n3}"
    return assistant.graph.query(f"ASK {assistant.graph.wrap(body)}").boolean is True


# ---------------------------------------------------------------- the score


def test_needs_are_read_from_the_graph(shelf: Assistant, museum: Assistant) -> None:
    """What each kind of project requires and prefers, and why; a graph without needs has none."""
    needs = Needs.read(shelf.graph)
    assert needs.required == {iri("need-wildlife"): (iri("autofocus"),)}
    assert set(needs.preferred[iri("need-travel")]) == {iri("stabiliser"), iri("video"), iri("mirrorless")}
    assert needs.why[iri("need-travel")] == "One bag has to do for everything."
    assert Needs.read(museum.graph) == Needs({}, {}, {})


def test_a_level_is_worth_its_rank(shelf: Assistant) -> None:
    """Built in 1, an official extra 3/4, a third-party package 1/2; not available and not stated nothing."""
    assert totals(shelf, RecommendFrame(preferred=wishes(["flash"]))) == {"ardex-one": 1.0, "bolo": 1.0, "corvo-three": 0.75, "ember": 0.0}
    assert totals(shelf, RecommendFrame(preferred=wishes(["video"])))["bolo"] == 0.5


def test_asked_levels_alone_count(shelf: Assistant) -> None:
    """'built-in flash' is not met by an extra."""
    frame = RecommendFrame(required=(wish(iri("flash"), levels=(FG.hasCore,)),))
    assert set(totals(shelf, frame)) == {"ardex-one", "bolo"}


@given(preferred=SOME, required=SOME, needs=NEEDS)
@settings(max_examples=40)
def test_the_score_adds_up(shelf: Assistant, preferred: list[str], required: list[str], needs: list[str]) -> None:
    """The total is what the criteria met contribute, over the weight of all; it lies between 0 and 1, the best first."""
    frame = RecommendFrame(tuple(iri(n) for n in needs), wishes(required), wishes(preferred))
    ranked = scores(shelf, frame)
    assert [s.total for s in ranked] == sorted((s.total for s in ranked), reverse=True)
    for score in ranked:
        gained = sum(c.weight * v for c, v, _ in score.met)
        weights = {c.target: c.weight for c, _, _ in score.met} | {c.target: c.weight for c in score.missing}
        claimed = {n for n in frame.needs if n not in weights}  # a claim of fit that this thing has not
        assert score.total == pytest.approx(gained / (sum(weights.values()) + len(claimed)), abs=1e-3)
        assert 0 <= score.total <= 1
        assert not {c.target for c, _, _ in score.met} & {c.target for c in score.missing}


@given(preferred=SOME, needs=NEEDS)
@settings(max_examples=25)
def test_what_counts_is_stated(shelf: Assistant, preferred: list[str], needs: list[str]) -> None:
    """Each contribution rests on a fact of the graph."""
    for score in scores(shelf, RecommendFrame(tuple(iri(n) for n in needs), (), wishes(preferred))):
        for _, value, fact in score.met:
            assert 0 < value <= 1
            assert shelf.graph.query(f"ASK {shelf.graph.wrap(f'{fact.subject.n3} {fact.predicate.n3} {fact.object.n3}')}").boolean


def test_a_rare_feature_tells_more_than_a_common_one(shelf: Assistant) -> None:
    """A weight grows with the share of things that lack it, at most twofold."""
    weight = {c.target: c.weight for s in scores(shelf, RecommendFrame(preferred=wishes(["timelapse", "video"]))) for c, _, _ in s.met}
    assert weight[iri("video")] < weight[iri("timelapse")] <= 2 * weight[iri("video")]


def test_what_the_question_names_weighs_more(shelf: Assistant) -> None:
    """Of named wishes and those of a kind of project, the named ones weigh twice; the stronger reading is kept."""
    frame = RecommendFrame((iri("need-travel"),), (), wishes(["video"]))
    weight = {c.target: c.weight for c in recommender(shelf).criteria(frame)}
    assert weight[iri("video")] == 2 * weight[iri("stabiliser")]


def test_a_claim_of_fit_counts_once(shelf: Assistant) -> None:
    """That someone says it suits is one criterion, told as such; that it does not suit counts for nothing."""
    found = {s.thing: s for s in scores(shelf, RecommendFrame((iri("need-travel"),)))}
    said = [f for c, _, f in found[iri("ardex-one")].met if c.target == iri("need-travel")]
    assert [f.predicate for f in said] == [FG.says]
    assert not [c for s in found.values() if s.thing == iri("ember") for c, _, _ in s.met]


def test_less_or_more_of_a_number(shelf: Assistant) -> None:
    """The lightest gets 1, the heaviest 0, the others the share of the rest that is no lighter; turned round for more."""
    low = totals(shelf, RecommendFrame(low=iri("weight")))
    high = totals(shelf, RecommendFrame(high=iri("weight")))
    assert low["delta-mini"] == 1.0
    assert low["corvo-three"] == 0.0
    assert low["ember"] == pytest.approx(1 - 3 / 4, abs=1e-3)  # three of the four others are lighter
    assert all(low[t] + high[t] == pytest.approx(1.0, abs=1e-3) for t in low)


# ---------------------------------------------------------------- requirements and exclusions


@given(required=SOME, preferred=SOME, needs=NEEDS, added=st.sampled_from(FEATURES))
@settings(max_examples=40)
def test_a_required_feature_never_promotes_what_lacks_it(
    shelf: Assistant, required: list[str], preferred: list[str], needs: list[str], added: str
) -> None:
    """A thing without it is not listed at all, and nothing that has it is dropped for it."""
    base = RecommendFrame(tuple(iri(n) for n in needs), wishes(required), wishes(preferred))
    before = totals(shelf, base)
    after = totals(shelf, RecommendFrame(base.needs, (*base.required, *wishes([added])), base.preferred))
    assert all(has(shelf, iri(t), iri(added)) for t in after)
    assert {t for t in before if has(shelf, iri(t), iri(added))} <= set(after)


@given(data=st.data())
@settings(max_examples=25)
def test_a_wish_never_lets_what_lacks_it_overtake(me: Assistant, data: st.DataObject) -> None:
    """On the shipped graph: with a feature wished for, a thing without it does not pass one that has it."""
    features = sorted(i for i in me.lexicon.labels if me.lexicon.is_a(i, FG.Feature))
    wanted = data.draw(st.lists(st.sampled_from(features), unique=True, min_size=1, max_size=3))
    added = data.draw(st.sampled_from([f for f in features if f not in wanted]))
    before = {s.thing: s.total for s in scores(me, RecommendFrame(preferred=tuple(wish(f) for f in wanted)))}
    ranked = scores(me, RecommendFrame(preferred=tuple(wish(f) for f in (*wanted, added))))
    after = {s.thing: s.total for s in ranked}
    holders = {s.thing for s in ranked if any(c.target == added for c, _, _ in s.met)}
    passed = [(t, h) for h in holders & set(before) for t in set(before) - holders if before[t] <= before[h] and after[t] > after[h]]
    assert passed == []


@given(excluded=st.lists(st.sampled_from(THINGS), unique=True), preferred=SOME)
@settings(max_examples=25)
def test_what_is_excluded_is_never_listed(shelf: Assistant, excluded: list[str], preferred: list[str]) -> None:
    """Neither scored nor told."""
    frame = RecommendFrame((iri("need-travel"),), (), wishes(preferred), excluded=tuple(iri(n) for n in excluded))
    assert not set(totals(shelf, frame)) & set(excluded)
    out = recommender(shelf).recommend(Draft(shelf.graph), frame)
    assert not {t.value.removeprefix(C) for t in out.things} & set(excluded)


def test_what_is_built_on_the_excluded_goes_with_it(shelf: Assistant) -> None:
    """A thing tied to what was excluded by any property is out as well: without House of Corvo, none of its cameras."""
    out = recommender(shelf).recommend(Draft(shelf.graph), RecommendFrame(preferred=wishes(["autofocus"]), excluded=(iri("corvo"),)))
    assert set(out.names) <= {"Ardex One", "Delta Mini"}
    assert out.names


def test_only_what_is_offered_is_chosen_from(shelf: Assistant) -> None:
    """'X or Y for travel': of these two."""
    frame = RecommendFrame((iri("need-travel"),), options=(iri("corvo-three"), iri("ember")))
    assert set(totals(shelf, frame)) <= {"corvo-three", "ember"}


# ---------------------------------------------------------------- the answer


def test_the_first_choice_is_told_with_its_reasons(shelf: Assistant) -> None:
    """Names, rows with the score, what decided with citations, and whose opinion is whose."""
    answer = shelf.answer("Recommend a camera for travel")
    assert answer.kind == "recommendation"
    assert answer.names[0] == answer.rows[0]["camera"] == "Ardex One"
    assert answer.rows[0]["score"] == "1.00"
    assert "According to The Gazette" in answer.text
    assert answer.citations
    assert all(s.cites for s in answer.sentences if s.tone == "computed")


def test_what_the_choice_lacks_is_said(shelf: Assistant) -> None:
    """A wish that the first choice does not meet is named, and is no fact."""
    draft = Draft(shelf.graph)
    recommender(shelf).recommend(draft, RecommendFrame(preferred=wishes(["video", "timelapse"]), options=(iri("corvo-three"), iri("bolo"))))
    (said,) = [s for s in draft.sentences if s.tone == "not-stated"]
    assert "Corvo Three" in said.text
    assert "time-lapse" in said.text
    assert not said.facts


def test_what_nothing_meets_is_said_before_the_nearest(shelf: Assistant) -> None:
    """No thing has all that is required: that is told first, then what comes nearest."""
    draft = Draft(shelf.graph)
    built_in = wish(iri("timelapse"), "time-lapse", levels=(FG.hasCore,))
    out = recommender(shelf).recommend(draft, RecommendFrame(required=(built_in, *wishes(["flash"]))))
    assert draft.sentences[0].tone == "not-stated"
    assert "time-lapse" in draft.sentences[0].text
    assert out.names


def test_nothing_at_all_is_an_abstention(shelf: Assistant) -> None:
    """Where no thing meets anything, nothing is recommended."""
    out = recommender(shelf).recommend(Draft(shelf.graph), RecommendFrame(preferred=(wish(iri("nowhere")),)))
    assert (out.names, out.abstained) == ([], True)


def test_a_thing_that_has_what_is_not_wanted_is_not_recommended(shelf: Assistant) -> None:
    """'without flash' rules out what has flash."""
    answer = shelf.answer("Recommend a camera without flash")
    assert not set(answer.names) & {"Ardex One", "Bolo", "Corvo Three"}
    assert "Ember" in answer.names


def test_a_broad_question_lists_only_what_someone_recommends(shelf: Assistant) -> None:
    """Without a need there is no best; a thing that is only said to be unsuited is not among those recommended."""
    answer = shelf.answer("Which camera is best?")
    assert answer.kind == "recommendation"
    assert "no single best" in answer.text
    assert set(answer.names) == {"Ardex One", "Corvo Three"}


def test_a_project_may_be_described_in_other_words(shelf: Assistant) -> None:
    """The kind of project whose phrasing is nearest in meaning, where one is near."""
    assert recommender(shelf).nearest_needs("we will photograph birds") == (iri("need-wildlife"),)
    assert recommender(shelf).nearest_needs("the tax return of a bakery") == ()


def test_limits_and_wishes_are_told_apart(shelf: Assistant) -> None:
    """A value of a property that has only one is a limit, a feature a wish; 'must' makes all of them limits."""
    single = wish(iri("a-mount"), prop=iri("mount"))
    several = wish(iri("mirrorless"), prop=iri("kind"))
    feature = wish(iri("flash"), levels=(FG.hasCore,))
    assert hard(shelf.schema, (single, several, feature), "a camera with flash") == ((single,), (several, feature))
    assert hard(shelf.schema, (single, several, feature), "it must have flash") == ((single, several, feature), ())
