"""The product over a SPARQL server: golden questions of each file and kind, answered and cited as over the store; all in ``make soak``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant
from graph.build import ensure_built
from tests.soak.endpoints import differences, questions

FIRST = [of_kind[0] for of_kind in questions().values()]


def test_a_server_gives_the_same_answers_and_citations(ask: Callable[..., Answer], serve_sparql: Callable[[Path], str]) -> None:
    """One question of each kind in each golden file, through Oxigraph's server."""
    there = Assistant.open(serve_sparql(ensure_built()))
    assert not there.graph.is_local
    assert len(FIRST) > 30
    assert list(differences(lambda question, history: ask(question, *history), there.answer, FIRST)) == []


def test_a_difference_is_noticed(museum: Assistant) -> None:
    """In the words of an answer as in what it cites; an error is one."""
    item = {"id": "x", "question": "Who painted it?", "history": []}

    def answered(text: str) -> Callable[..., Any]:
        return lambda *_: Answer(question="?", kind="fact", text=text)

    def failing(*_: object) -> Answer:
        museum.graph.query("SELECT ?s { ?s ?p }")
        raise AssertionError("the query above cannot be parsed")

    assert list(differences(answered("a"), answered("a"), [item])) == []
    assert list(differences(answered("a"), answered("b"), [item])) == ["x 'Who painted it?': text"]
    (line,) = differences(answered("a"), failing, [item])
    assert "does not parse" in line
