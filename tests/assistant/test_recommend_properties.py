"""What holds of every choice, whatever is asked: found by trying, on the cameras and on the shipped graph."""

from __future__ import annotations

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
from graph.types import Iri

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
