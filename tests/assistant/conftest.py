"""One assistant a session for the shipped graph and one for the museum; answers to known questions are computed once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import Answer, Assistant

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def me() -> Assistant:
    """The assistant over the shipped graph."""
    return Assistant.open()


@pytest.fixture(scope="session")
def museum() -> Assistant:
    """The assistant over a graph of another domain."""
    return Assistant.open(FIXTURES / "museum.ttl")


@pytest.fixture(scope="session")
def ask(me: Assistant) -> Ask:
    """``ask(question, *history)``: the answer of the shipped graph, computed once a session."""

    @functools.cache
    def cached(question: str, *history: str) -> Answer:
        return me.answer(question, history=list(history))

    return cached
