"""Scenarios of people who choose, written without running the engine: how many are answered as their documentation argues."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluate import hit, read
from assistant.types import Answer
from tests.assistant.conftest import Ask

SCENARIOS = Path(__file__).resolve().parent.parent / "golden" / "choosing" / "scenarios.jsonl"
FLOOR = 0.95  # share of the scenarios; none may ever name an unacceptable thing first


def passes(item: dict[str, object], answer: Answer) -> bool:
    """The first name is an acceptable one (any, where none is listed), and each group of words is told."""
    first = answer.names[0] if answer.names else None
    acceptable, groups = item["acceptable"], item["text_all"]
    assert isinstance(acceptable, list)
    assert isinstance(groups, list)
    named = first in acceptable if acceptable else True
    return named and all(any(hit(a, answer.text) for a in group) for group in groups)


@pytest.fixture(scope="module")
def answered(ask: Ask) -> list[tuple[dict[str, object], Answer]]:
    """Each scenario with its answer."""
    return [(item, ask(item["question"], *item["history"])) for item in read(SCENARIOS)]


def test_most_scenarios_are_answered_as_argued(answered: list[tuple[dict[str, object], Answer]]) -> None:
    """At least the floor."""
    wrong = [item["id"] for item, answer in answered if not passes(item, answer)]
    assert 1 - len(wrong) / len(answered) >= FLOOR, wrong


def test_no_scenario_is_answered_by_an_unacceptable_choice(answered: list[tuple[dict[str, object], Answer]]) -> None:
    """What the documentation argues against never comes first."""
    bad = []
    for item, answer in answered:
        unacceptable = item["unacceptable"]
        assert isinstance(unacceptable, list)
        if answer.names and answer.names[0] in unacceptable:
            bad.append((item["id"], answer.names[0]))
    assert bad == []


def test_every_choice_is_cited(answered: list[tuple[dict[str, object], Answer]]) -> None:
    """What a sentence rests on is cited, and each mark has its source."""
    for _, answer in answered:
        numbers = {c.number for c in answer.citations}
        assert all(s.cites and set(s.cites) <= numbers for s in answer.sentences if s.facts)
