"""Why a question was answered so: the stages hold what the answer was made from."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.rank import WEIGHTS

ASKED = "Which oil paintings by Danish artists are older than 1890, zorbly?"


def test_the_stages_of_an_ask(museum: Assistant) -> None:
    """Its mentions with what each may mean, its operators and cues, the words that nothing is known of."""
    (ask,) = museum.trace(ASKED)
    assert ask.text == ASKED.rstrip("?") or ask.text == ASKED
    assert len(ask.mentions) == len(ask.named) > 1
    assert all(name in ASKED and mention.links for name, mention in zip(ask.named, ask.mentions, strict=True))
    assert any("1890" in operator for operator in ask.operators)
    assert "listing" in ask.cues
    assert ask.unlinked == ("zorbly",)


def test_the_readings_stand_by_their_score(museum: Assistant) -> None:
    """The best first; its parts are those of the ranking; what it leaves over are words of the question."""
    (ask,) = museum.trace(ASKED)
    scores = [c.score for c in ask.candidates]
    assert scores
    assert scores == sorted(scores, reverse=True)
    best = ask.candidates[0]
    assert {*WEIGHTS, "cost"} <= {name for name, _ in best.parts}
    assert set(best.explains).isdisjoint(best.left)
    assert "SELECT" in best.sparql


@pytest.mark.parametrize(
    "question", ["Who painted The Harbour at Dusk?", "How many works are in the East Wing?", "Compare Iron Swan and Salt"]
)
def test_what_was_understood_leads(question: str, museum: Assistant) -> None:
    """The reading that was told is the first of the trace."""
    (ask,) = museum.trace(question)
    assert ask.candidates[0].english == museum.answer(question).understood


def test_a_conversation_is_traced_with_its_turns(museum: Assistant) -> None:
    """The follow-up is understood as it was answered."""
    history = ["Who painted The Harbour at Dusk?"]
    (ask,) = museum.trace("and Salt?", history)
    assert museum.answer("and Salt?", history).understood.startswith(ask.candidates[0].english)


def test_two_questions_are_two_asks(museum: Assistant) -> None:
    """Each with its own stages; nothing asked has none."""
    asks = museum.trace("Who painted Low Tide? Where does Iron Swan stand?")
    assert [a.text.split()[0] for a in asks] == ["Who", "Where"]
    assert museum.trace("  ") == ()
