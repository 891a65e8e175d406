"""A conversation: a question and the turns before it go in, events come out. It knows the assistant, not the window.

The engine answers in one piece; what is said is then handed on in growing pieces, so that a window shows the first sentence
while it still draws the rest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from anyio import CapacityLimiter, to_thread

from assistant.types import Answer, AssistantError, Wanted
from graph.store import KnowledgeGraph
from graph.types import GraphError
from ui.labels import Labels
from ui.logs import noted
from ui.panel import Turn

MAX_QUESTION = 2000  # characters
MAX_HISTORY = 20  # turns that the engine sees
# Questions that are answered at once; the others wait. One, for an assistant need not bear several threads: it takes a
# tenth of a second, most of it under Python's own lock, and its encoder keeps what it has seen.
THREADS = 1


class Answering(Protocol):
    """What a window needs of ``assistant.Assistant``."""

    @property
    def graph(self) -> KnowledgeGraph: ...

    def answer(
        self, question: str, history: Sequence[str | Mapping[str, Any]] = (), choices: Mapping[str, str] | None = None
    ) -> Answer: ...

    def about(self) -> dict[str, Any]: ...

    def known_wants(self) -> tuple[Wanted, ...]: ...


@dataclass(frozen=True, slots=True)
class Said:
    """The answer so far: the first ``shown`` of its sentences."""

    turn: Turn
    shown: int


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no answer, in words for the person who asked."""

    message: str


Event = Said | Done | Failed


def growing(sentences: int) -> Iterator[int]:
    """How many sentences stand at each step before the last: 1, 2, 4, ... A window sends and draws the whole conversation at
    each, so that one step a sentence would make a long list slow.
    """
    shown = 1
    while shown < sentences:
        yield shown
        shown *= 2


class Conversations:
    """Answers the questions of many conversations with one assistant. It keeps nothing of any: turns are the caller's."""

    def __init__(self, assistant: Answering) -> None:
        self._assistant = assistant
        self._labels = Labels(assistant.graph)
        self._threads: CapacityLimiter | None = None

    async def ask(self, question: str, turns: Sequence[Turn] = (), choices: Mapping[str, str] | None = None) -> AsyncIterator[Event]:
        """Answer a question that follows these turns (oldest first); ``choices`` settle what was unclear in it."""
        text = question.strip()
        if not text:
            yield Failed("Please type a question first.")
            return
        if len(text) > MAX_QUESTION:
            yield Failed(f"That is {len(text):,} characters; please ask in at most {MAX_QUESTION:,}.")
            return
        try:
            turn = await to_thread.run_sync(self._answer, text, list(turns), dict(choices or {}), limiter=self._limiter())
        except (AssistantError, GraphError) as error:
            yield Failed(f"This question could not be answered: {error}.")
            return
        for shown in growing(len(turn.answer.sentences)):
            yield Said(turn, shown)
        yield Done(turn)

    async def replay(self, asked: Sequence[tuple[str, Mapping[str, str]]]) -> AsyncIterator[Done | Failed]:
        """Ask questions with their choices one after the other, each with what was answered before it: how each of them ended."""
        turns: list[Turn] = []
        for question, choices in asked:
            async for event in self.ask(question, turns, choices):
                if isinstance(event, Done):
                    turns = [*turns, event.turn]
                if not isinstance(event, Said):
                    yield event

    def _answer(self, question: str, turns: list[Turn], choices: dict[str, str]) -> Turn:
        history = [turn.answer.turn for turn in turns[-MAX_HISTORY:]]
        with noted(question) as fields:
            answer = self._assistant.answer(question, history, choices or None)
            fields["kind"] = answer.kind
        names = self._labels.learn(fact for citation in answer.citations for fact in citation.facts)
        return Turn(turns[-1].number + 1 if turns else 1, answer, names)

    def _limiter(self) -> CapacityLimiter:
        """Made on first use: it belongs to the event loop that serves."""
        if self._threads is None:
            self._threads = CapacityLimiter(THREADS)
        return self._threads
