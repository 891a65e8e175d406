"""'Fast', 'popular', 'low memory' in a choice: the measured figures with test, version and date, and a warning where runs disagree."""

from __future__ import annotations

import re

import pytest

from assistant import Answer, Assistant
from assistant.evaluate import sound
from assistant.frames import RecommendFrame
from graph.types import Iri
from tests.assistant.conftest import Ask

# a line of the table: test, figure, version, source, date
TESTED = re.compile(r"\| [^|]*test[^|]* \|[^|]*requests/s \(\d[^|]*\) \[\d+\].*\| \d{4}-\d\d-\d\d \|")


def figures(answer: Answer) -> list[str]:
    """The lines of the table of figures."""
    return [line for line in answer.text.splitlines() if TESTED.search(line)]


@pytest.mark.parametrize(
    "question",
    [
        "We need a high-performance API framework, which one?",
        "Flask or Falcon for a fast JSON API?",
        "Should we move from Flask to Falcon for performance?",
        "Compare Flask and Falcon in performance",
    ],
)
def test_an_adjective_becomes_figures(ask: Ask, question: str) -> None:
    """In a recommendation, a choice between two, a move and a comparison: what was measured, where, of which version and when."""
    answer = ask(question)
    assert figures(answer)
    assert sound(answer)
    assert "those of different tests do not" in answer.text


def test_where_runs_disagree_that_is_said(ask: Ask) -> None:
    """Who is ahead how often, contested; where all runs agree there is no such warning."""
    answer = ask("Flask or FastAPI for a fast JSON API?")
    (told,) = [s for s in answer.sentences if s.text.startswith("The measurements disagree.")]
    assert told.tone == "contested"
    assert told.cites
    assert "disagree" not in ask("Should we move from Django to FastAPI for performance?").text


def test_popularity_counts_where_it_is_asked_for(me: Assistant, ask: Ask) -> None:
    """One census gives its figure; what depends on the test makes no score."""
    weigher = me.responder.recommender.weigher
    known = {me.lexicon.label(q): q for q in weigher.respects.measurements.quantities}
    popular, fast = (Iri(f"https://framegraph.example/id/aspect-{a}") for a in ("community", "performance"))
    assert weigher.degrees.counted(RecommendFrame(judged=(popular,))) == (known["GitHub stars"],)
    assert weigher.degrees.counted(RecommendFrame(judged=(fast,))) == ()
    asked, unasked = ask("Recommend a popular web framework for a small site."), ask("Recommend a web framework for a small site.")
    assert "GitHub stars: " in asked.text
    assert "popularity does not" in unasked.text


def test_a_named_quantity_is_told_with_its_good_end(ask: Ask) -> None:
    """'low latency' is the latency, and the lowest is ahead."""
    text = ask("We need an API with low latency, what would you take?").text
    assert "The lowest median latency" in text


def test_what_was_not_measured_is_said(ask: Ask) -> None:
    """No figure is made up for by something else."""
    assert "no figures of the" in ask("Is it worth leaving Celery for Dramatiq because of memory?").text


def test_a_fast_one_for_nothing_named_is_told_who_is_ahead_where(ask: Ask) -> None:
    """Without a need there is no best: each benchmark's first, then who comes first for what."""
    answer = ask("Recommend a fast web framework.")
    assert "no single best" in answer.text
    assert len({c for s in answer.sentences if " served " in s.text for c in s.cites}) > 1
