"""The engine for programs: questions, choices and comparisons worked in threads, bounded in number and in time.

Errors::

    DeskError
    ├── DeskFull     too many wait already; the same may be asked again in a moment
    └── TooSlow      the answer took longer than the limit
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from anyio import CapacityLimiter, fail_after, to_thread

from graph.store import KnowledgeGraph
from ui.logs import noted

if TYPE_CHECKING:
    from assistant import Answer, Comparison, ComparisonTable, Recommendation

T = TypeVar("T")
THREADS = 1  # an assistant works one question at a time, under a lock of its own


class DeskError(Exception):
    """A question that could not be worked now; the message says what to do."""


class DeskFull(DeskError):
    """Too many questions wait already."""


class TooSlow(DeskError):
    """The answer took longer than the limit."""


class Engine(Protocol):
    """What may be asked: the calls of ``assistant``, over one opened graph."""

    @property
    def graph(self) -> KnowledgeGraph: ...

    def about(self) -> dict[str, Any]: ...

    def answer(
        self, question: str, history: Sequence[str | Mapping[str, Any]] = (), choices: Mapping[str, str] | None = None
    ) -> Answer: ...

    def recommend(self, needs: Sequence[str], **conditions: Sequence[str]) -> Recommendation: ...

    def compare(self, names: Sequence[str], focus: Sequence[str]) -> Comparison: ...

    def table(self, names: Sequence[str]) -> ComparisonTable: ...


class AssistantEngine:
    """The engine over one ``assistant.Assistant``, whose module-level calls take it as an argument."""

    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant

    @property
    def graph(self) -> KnowledgeGraph:
        graph: KnowledgeGraph = self._assistant.graph
        return graph

    def about(self) -> dict[str, Any]:
        about: dict[str, Any] = self._assistant.about()
        return about

    def answer(self, question: str, history: Sequence[str | Mapping[str, Any]] = (), choices: Mapping[str, str] | None = None) -> Answer:
        answer: Answer = self._assistant.answer(question, history, choices)
        return answer

    def recommend(self, needs: Sequence[str], **conditions: Sequence[str]) -> Recommendation:
        from assistant import recommend

        return recommend(*needs, **conditions, assistant=self._assistant)

    def compare(self, names: Sequence[str], focus: Sequence[str]) -> Comparison:
        from assistant import compare

        return compare(*names, focus=focus, assistant=self._assistant)

    def table(self, names: Sequence[str]) -> ComparisonTable:
        from assistant import comparison_table

        return comparison_table(*names, assistant=self._assistant)


@dataclass(frozen=True, slots=True)
class Bounds:
    """``waiting`` questions at most are at the desk at once, the one in hand among them; each has ``seconds`` to be answered."""

    waiting: int = 64
    seconds: float = 30.0


class Desk:
    """Works the calls of one engine, in the order in which they come."""

    def __init__(self, engine: Engine, bounds: Bounds | None = None, kinds: Counter[str] | None = None) -> None:
        self.engine = engine
        self.bounds = bounds or Bounds()
        self.kinds: Counter[str] = Counter() if kinds is None else kinds  # answers by kind, for whoever watches
        self._lock = Lock()
        self._open: set[object] = set()
        self._threads: CapacityLimiter | None = None

    @property
    def waiting(self) -> int:
        """Questions at the desk, those that took too long and still run among them."""
        return len(self._open)

    async def answer(
        self, question: str, history: Sequence[str | Mapping[str, Any]] = (), choices: Mapping[str, str] | None = None
    ) -> Answer:
        """Raises AssistantError for a malformed history or choice, GraphError from an endpoint, DeskError."""
        with noted(question) as fields:
            answer = await self._work(lambda: self.engine.answer(question, history, choices))
            fields["kind"] = answer.kind
        self.kinds[answer.kind] += 1
        return answer

    async def recommend(self, needs: Sequence[str], **conditions: Sequence[str]) -> Recommendation:
        """Raises AssistantError for a name that the graph does not know, GraphError, DeskError."""
        return await self._work(lambda: self.engine.recommend(needs, **conditions))

    async def compare(self, names: Sequence[str], focus: Sequence[str] = ()) -> Comparison:
        """Raises AssistantError for a name that the graph does not know, GraphError, DeskError."""
        return await self._work(lambda: self.engine.compare(names, focus))

    async def table(self, names: Sequence[str]) -> ComparisonTable:
        """All that is stated of two to five things, cell by cell. Raises as ``compare`` does."""
        return await self._work(lambda: self.engine.table(names))

    async def _work(self, call: Callable[[], T]) -> T:
        ticket, begun = object(), False
        with self._lock:
            if len(self._open) >= self.bounds.waiting:
                raise DeskFull(f"{len(self._open)} questions wait already; ask again in a moment")
            self._open.add(ticket)

        def worked() -> T:
            nonlocal begun
            begun = True
            try:
                return call()
            finally:
                self._leave(ticket)

        if self._threads is None:
            self._threads = CapacityLimiter(THREADS)  # it belongs to the loop that serves
        try:
            with fail_after(self.bounds.seconds):
                return await to_thread.run_sync(worked, limiter=self._threads, abandon_on_cancel=True)
        except TimeoutError as error:
            raise TooSlow(f"the answer took longer than {self.bounds.seconds:g} seconds; ask for less at once") from error
        finally:
            if not begun:  # a thread that runs on keeps its place until it is done
                self._leave(ticket)

    def _leave(self, ticket: object) -> None:
        with self._lock:
            self._open.discard(ticket)
