"""Three graphs of other domains are answered with no configuration: the exact answers of each stand here as a floor."""

from __future__ import annotations

import pytest

from assistant import Assistant
from tests.graphs.generate import write
from tests.graphs.score import Result, score

FLOORS = {"railway": 38, "hospital": 37, "mountains": 38}  # of 40 each


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Result]]:
    """The answers to every question of every graph."""
    found = {}
    for domain, path in write(tmp_path_factory.mktemp("graphs")).items():
        assistant = Assistant.open(path)
        found[domain] = score(domain, path, lambda question, history, a=assistant: a.answer(question, history=history))  # type: ignore[misc]
    return found


@pytest.mark.parametrize("domain", sorted(FLOORS))
def test_most_answers_are_exact(domain: str, results: dict[str, list[Result]]) -> None:
    """The answers' own queries find what the gold queries find, at least as often as before."""
    missed = [r.item["id"] for r in results[domain] if not r.exact]
    assert len(results[domain]) - len(missed) >= FLOORS[domain], missed


def test_every_answer_is_understood_in_words(results: dict[str, list[Result]]) -> None:
    """Whoever is answered is told how the question was understood."""
    answers = [r.answer for found in results.values() for r in found]
    assert all(getattr(a, "understood", "") for a in answers if getattr(a, "kind", "") not in ("abstention", "clarification"))
