"""Editions: the doors over one opened graph, exchanged for those over the next while requests are answered.

A request enters the edition that is current when it comes and is answered by that one to its end. The next edition is opened and
tried beside it; what cannot be opened is refused, with a line in the log, and the old one stays. An edition that was exchanged is
released (its workers ended, its store closed) when the last request has left it, or after ``GRACE`` seconds.
"""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
from anyio import CancelScope, Event, to_thread
from anyio.abc import TaskGroup, TaskStatus
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.types import AssistantError
from graph.types import GraphError
from graph.worker import Pool, Request
from ui.desk import Desk
from ui.doors import is_door
from ui.mcp_server import McpDoor

if TYPE_CHECKING:
    from ui.chat import Answering

GRACE = 60.0  # seconds that requests of an exchanged edition have: twice what an answer may take as delivered
ENTERED = "framegraph.edition"  # the key of a request's edition in its ASGI scope
log = logging.getLogger("framegraph")


@dataclass(eq=False)
class Edition:
    """One opened graph and the doors over it: ``app`` answers what one of ``routes`` matches."""

    assistant: Answering
    desk: Desk
    pool: Pool
    mcp: McpDoor
    routes: Sequence[BaseRoute]
    app: ASGIApp
    about: dict[str, Any]
    _inside: int = 0
    _exchanged: Event = field(default_factory=Event)
    _empty: Event = field(default_factory=Event)

    def tried(self) -> Edition:
        """The edition, its workers started and one of them asked. Raises GraphError where none can read the graph."""
        try:
            self.pool.warm()
            self.pool.ask(Request("ASK {}", "http://localhost/", "text/csv", "text/turtle"))
        except GraphError:
            self.pool.close()
            raise
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._inside += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._inside -= 1
            self._look()

    async def live(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Answer until ``exchange``, and then until nobody is inside or ``GRACE`` is over."""
        try:
            async with self.mcp.open():
                task_status.started()
                await self._exchanged.wait()
                with anyio.move_on_after(GRACE):
                    await self._empty.wait()
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(self.pool.close)

    def exchange(self) -> None:
        """Another one is current: let those who are inside finish."""
        self._exchanged.set()
        self._look()

    def _look(self) -> None:
        if self._exchanged.is_set() and not self._inside:
            self._empty.set()


class Editions(BaseRoute):
    """The current edition as a route, and the way to the next. ``reopened`` makes one (it is called in a thread; None: there is no other);
    ``shown`` is told of it when it has become current.
    """

    def __init__(self, first: Edition, reopened: Callable[[], Edition] | None, shown: Callable[[Edition], None]) -> None:
        self.current = first
        self._reopened, self._shown = reopened, shown
        self._group: TaskGroup | None = None
        self._wanted, self._at_work = False, False

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Doors for programs, and what the pages of the current edition match; the request belongs to that edition from now on."""
        found = {Match.FULL} if is_door(scope["path"]) else {route.matches(scope)[0] for route in self.current.routes}
        best = next((m for m in (Match.FULL, Match.PARTIAL) if m in found), Match.NONE)
        return best, {ENTERED: self.current}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        entered: Edition = scope[ENTERED]
        await entered(scope, receive, send)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While this is entered, requests are answered and editions exchanged; afterwards all workers have ended."""
        await to_thread.run_sync(self.current.pool.warm)
        async with anyio.create_task_group() as group:
            await group.start(self.current.live)
            self._group = group
            try:
                yield
            finally:
                self._group = None
                group.cancel_scope.cancel()

    def renew(self) -> None:
        """Open the graph anew and exchange the edition, in the background; asked for again meanwhile, it is done once more."""
        if self._group is None or self._reopened is None:
            return
        self._wanted = True
        if not self._at_work:
            self._at_work = True
            self._group.start_soon(self._work)

    async def _work(self) -> None:
        try:
            while self._wanted:
                self._wanted = False
                await self._exchange()
        finally:
            self._at_work = False

    async def _exchange(self) -> None:
        assert self._reopened is not None
        assert self._group is not None
        begun, old = time.perf_counter(), self.current
        fields: dict[str, Any] = {"event": "reload", "from": old.about["version"]}
        try:
            fresh = await to_thread.run_sync(self._reopened, abandon_on_cancel=True)
            await self._group.start(fresh.live)
        except (GraphError, AssistantError) as error:
            log.error("reload", extra={"fields": {**fields, "refused": str(error), "served": old.about["version"]}})
            return
        self.current = fresh
        self._shown(fresh)
        old.exchange()
        del old
        await to_thread.run_sync(gc.collect)  # what was compiled from the old graph refers to itself
        took = round(1000 * (time.perf_counter() - begun))
        log.warning("reload", extra={"fields": {**fields, "served": fresh.about["version"], "ms": took}})
