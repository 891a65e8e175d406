"""What holds of every choice, whatever is asked: found by trying, on the cameras and on the shipped graph."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.draft import Draft
from assistant.frames import Constraint, RecommendFrame
from assistant.recommend import Recommender
from assistant.types import Link
from assistant.weigh import CLOSE, Score
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.types import Iri, Literal

C = "http://camera.example/"
CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"
FEATURES = ("flash", "video", "autofocus", "stabiliser", "timelapse")
SOME = st.lists(st.sampled_from(FEATURES), unique=True, max_size=3)
NEEDS = st.lists(st.sampled_from(["need-travel", "need-wildlife"]), unique=True)


def wishes(names: list[str]) -> tuple[Constraint, ...]:
    return tuple(Constraint((), n, wanted=Link(Iri(C + n), n, "entity", 1.0)) for n in names)


def frame_of(needs: list[str], required: list[str], preferred: list[str]) -> RecommendFrame:
    return RecommendFrame(tuple(Iri(C + n) for n in needs), wishes(required), wishes(preferred))


@pytest.fixture(scope="module")
def shelf(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    """The recommender over the cameras."""
    graph = KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras")))
    return Assistant(graph, museum.encoder).responder.recommender


def scores(made: Recommender, frame: RecommendFrame) -> list[Score]:
    return made.scores(Draft(made.kg), frame)[0]


@given(required=SOME, preferred=SOME, needs=NEEDS, added=st.sampled_from(FEATURES))
@settings(max_examples=30, deadline=None)
def test_a_required_feature_never_promotes_what_lacks_it(
    shelf: Recommender, required: list[str], preferred: list[str], needs: list[str], added: str
) -> None:
    """A thing without it is out, and nobody comes in for it."""
    if not (required or preferred or needs):
        return  # where nothing is asked, nothing is scored
    before = [s.thing for s in scores(shelf, frame_of(needs, required, preferred))]
    after = scores(shelf, frame_of(needs, [*required, added], preferred))
    assert all(any(c.target == Iri(C + added) for c, _, _ in s.met) for s in after)
    assert {s.thing for s in after} <= set(before)


@given(required=SOME, preferred=SOME, needs=NEEDS)
@settings(max_examples=30, deadline=None)
def test_removing_a_limit_never_removes_a_candidate(
    shelf: Recommender, required: list[str], preferred: list[str], needs: list[str]
) -> None:
    """Whoever meets all limits meets all but one."""
    frame = frame_of(needs, required, preferred)
    with_all = {s.thing for s in scores(shelf, frame)}
    for i in range(len(frame.required)):
        fewer = replace(frame, required=frame.required[:i] + frame.required[i + 1 :])
        if not (fewer.required or fewer.preferred or fewer.needs):
            continue  # where nothing is asked, nothing is scored
        assert with_all <= {s.thing for s in scores(shelf, fewer)}


@given(required=SOME, preferred=SOME, needs=NEEDS)
@settings(max_examples=30, deadline=None)
def test_contributions_add_up(shelf: Recommender, required: list[str], preferred: list[str], needs: list[str]) -> None:
    """The score is the sum of weight times value over all weights, and each value comes from a fact."""
    for score in scores(shelf, frame_of(needs, required, preferred)):
        assert score.total == pytest.approx(sum(c.weight * v for c, v, _ in score.met) / score.out_of, abs=1e-3)
        assert all(0 < v <= 1 for _, v, _ in score.met)


@given(data=st.data(), required=SOME, preferred=SOME, needs=NEEDS)
@settings(max_examples=30, deadline=None)
def test_the_order_of_what_is_asked_does_not_matter(
    shelf: Recommender, data: st.DataObject, required: list[str], preferred: list[str], needs: list[str]
) -> None:
    """The same wishes in another order give the same scores in the same order."""
    turned = [data.draw(st.permutations(x)) for x in (needs, required, preferred)]
    one, other = scores(shelf, frame_of(needs, required, preferred)), scores(shelf, frame_of(*turned))
    assert [(s.thing, s.total) for s in one] == [(s.thing, s.total) for s in other]


@given(required=SOME, preferred=SOME, needs=NEEDS, at=st.integers(0, 9), share=st.sampled_from([-CLOSE, CLOSE]))
@settings(max_examples=40, deadline=None)
def test_a_small_change_that_flips_the_choice_is_a_close_call(
    shelf: Recommender, required: list[str], preferred: list[str], needs: list[str], at: int, share: float
) -> None:
    """Where a change of one weight by 5 % puts another thing first, the flip that is found is marked as close."""
    ranked = scores(shelf, frame_of(needs, required, preferred))
    weights = {c.target: c for s in ranked for c, _, _ in s.met if not c.required}
    if len(ranked) < 2 or not weights:
        return
    changed = sorted(weights)[at % len(weights)]

    def total(score: Score) -> float:
        return sum(c.weight * (1 + share * (c.target == changed)) * v for c, v, _ in score.met)

    best = max(ranked, key=total)
    if total(best) > total(ranked[0]) + 1e-9:
        flip = shelf.weigher.flip(ranked)
        assert flip is not None
        assert flip.close


# ---------------------------------------------------------------- the answers of the shipped graph


def kinds(me: Assistant) -> list[Iri]:
    """The kinds of project that can be asked for."""
    needs = me.responder.recommender.needs
    return sorted({*needs.required, *needs.preferred} - {*needs.usual})


def choosable(me: Assistant) -> list[Iri]:
    """The things that may be chosen."""
    return sorted(x for x in me.lexicon.labels if me.schema.focus and me.lexicon.is_a(x, me.schema.focus))


def perturbed(ranked: list[Score]) -> set[Iri]:
    """The things that come first under some change of a single weight by the share that makes a close call."""
    firsts = set()
    for target in {c.target for s in ranked for c, _, _ in s.met}:
        for factor in (1 - CLOSE, 1 + CLOSE):
            totals = {s.thing: sum(c.weight * (factor if c.target == target else 1) * v for c, v, _ in s.met) for s in ranked}
            best = max(totals.values())
            firsts |= {t for t, total in totals.items() if total >= best - 1e-12 and total > totals[ranked[0].thing] + 1e-9}
    return firsts


def limits_of(me: Assistant) -> list[Iri]:
    """What can be demanded of a choice: features, values that limit one, and what only some kinds of thing work with (a broker)."""
    projects = me.understander.projects
    chips = [Iri(w.iri) for w in me.known_wants() if w.kind != "project"]
    return sorted({*chips, *(v for v in projects._values if not projects.is_category(v))})


def demanded(me: Assistant, iris: list[Iri]) -> tuple[Constraint, ...]:
    return tuple(Constraint((), me.lexicon.label(i), wanted=Link(i, me.lexicon.label(i), "entity", 1.0)) for i in iris)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_removing_any_limit_of_the_shipped_graph_never_removes_a_candidate(me: Assistant, data: st.DataObject) -> None:
    """Also where only things of other kinds meet the limit: whom one chooses from is no matter of the limits."""
    needs = tuple(data.draw(st.lists(st.sampled_from(kinds(me)), max_size=1)))
    limits = demanded(me, data.draw(st.lists(st.sampled_from(limits_of(me)), min_size=1, max_size=2, unique=True)))
    denied = data.draw(st.lists(st.booleans(), min_size=len(limits), max_size=len(limits)))
    frame = RecommendFrame(needs, tuple(replace(c, negated=no) for c, no in zip(limits, denied, strict=True)))
    frame = replace(frame, among=me.responder.recommender.weigher.implied(frame))
    with_all = {s.thing for s in scores(me.responder.recommender, frame)}
    for c in frame.required:
        fewer = replace(frame, required=tuple(r for r in frame.required if r is not c))
        assert with_all <= {s.thing for s in scores(me.responder.recommender, fewer)}


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_removing_a_chip_never_removes_a_candidate(me: Assistant, data: st.DataObject) -> None:
    """What was demanded and is taken back, by the question or by its kind of project: everything that was offered still is."""
    need = data.draw(st.sampled_from(kinds(me)))
    frame = RecommendFrame((need,), demanded(me, data.draw(st.lists(st.sampled_from(limits_of(me)), max_size=2, unique=True))))
    settler = me.responder.settler
    chips = [w for w in settler.read(frame, {}) if w.standing == "required" and w.kind != "project"]
    if not chips:
        return
    with_all = {s.thing for s in scores(me.responder.recommender, frame)}
    fewer = settler._weighed(frame, Iri(data.draw(st.sampled_from(chips)).iri), "no")
    assert with_all <= {s.thing for s in scores(me.responder.recommender, fewer)}


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_an_answer_that_a_small_change_flips_says_so(me: Assistant, data: st.DataObject) -> None:
    """Whatever kinds of project are asked for, no change of a weight by 5 % flips the choice unless it is called a close call."""
    made = me.responder.recommender
    frame = RecommendFrame(tuple(data.draw(st.lists(st.sampled_from(kinds(me)), min_size=1, max_size=2, unique=True))))
    draft = Draft(me.graph)
    out = made.recommend(draft, frame)
    ranked = scores(made, frame)
    if out.things[:1] == [s.thing for s in ranked[:1]] and perturbed(ranked):
        assert "close call" in draft.text()


@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_a_choice_between_offered_things_says_when_it_is_close(me: Assistant, data: st.DataObject) -> None:
    """Two to four things set beside each other for a purpose: the same holds there."""
    made = me.responder.recommender
    options = tuple(data.draw(st.lists(st.sampled_from(choosable(me)), min_size=2, max_size=4, unique=True)))
    frame = RecommendFrame((data.draw(st.sampled_from(kinds(me))),), options=options)
    draft = Draft(me.graph)
    me.responder.versus.tell(draft, frame)
    ranked = scores(made, frame)
    if len(ranked) > 1 and perturbed(ranked):
        text = draft.text()
        assert "close call" in text or "meet the same" in text or "equally well" in text or "Nothing that is stated" in text


@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_the_order_of_what_is_offered_does_not_matter(me: Assistant, data: st.DataObject) -> None:
    """The same things in another order come out in the same order."""
    options = data.draw(st.lists(st.sampled_from(choosable(me)), min_size=2, max_size=5, unique=True))
    frame = RecommendFrame((data.draw(st.sampled_from(kinds(me))),), options=tuple(options))
    turned = replace(frame, options=tuple(data.draw(st.permutations(options))))
    one, other = (me.responder.versus.tell(Draft(me.graph), f).things for f in (frame, turned))
    assert one == other


@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_every_number_told_of_the_first_is_recomputed_from_the_facts_that_it_cites(me: Assistant, data: st.DataObject) -> None:
    """The score shown is the weighted sum of what each cited fact is worth by itself; a year or a count is that of a cited fact."""
    made = me.responder.recommender
    frame = RecommendFrame(tuple(data.draw(st.lists(st.sampled_from(kinds(me)), min_size=1, max_size=2, unique=True))))
    draft = Draft(me.graph)
    out = made.recommend(draft, frame)
    told = [s for s in draft.sentences if s.text.startswith("First choice")]
    best = next((s for s in scores(made, frame) if out.things[:1] == [s.thing]), None)
    if not told or best is None:
        return
    top = max(me.schema.ranks.values())
    total = 0.0
    for criterion, value, fact in best.met:
        assert fact in told[0].facts
        assert me.graph.query(f"ASK {me.graph.wrap(f'{fact.subject.n3} {fact.predicate.n3} {fact.object.n3}')}").boolean
        if me.schema.is_level(fact.predicate):
            assert value == me.schema.ranks[fact.predicate] / top
        elif fact.predicate in me.schema.properties and criterion.target != fact.predicate:
            assert value == 1.0
        total += criterion.weight * value
    assert f"({total / best.out_of:.2f} of 1)" in told[0].text
    stated = {str(f.object.value) for f in told[0].facts if isinstance(f.object, Literal)}
    names = " ".join(me.lexicon.label(x) for f in told[0].facts for x in (f.subject, f.object) if isinstance(x, Iri))
    shown = re.sub(r"\(\d\.\d\d of 1\)", "", told[0].text)
    assert all(n in stated or n in names for n in re.findall(r"(?<![\w/.-])\d+(?![\w.-]*\w)", shown))
