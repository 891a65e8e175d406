"""Strangers' queries run in worker processes: read-only, bounded, killed and replaced when they overrun.

The engine heeds no signal and has no timeout, so a limit of time means the end of a process; one of memory, an
address space that cannot grow. A worker opens the store read-only, then gives up what it does not need: it may write
no file and open no socket, so that a query which slipped past ``graph.guard`` still reaches nothing.

``Pool`` is the parent's side (blocking; call it from a thread), ``main`` the child's. They speak over a pair of
sockets: a JSON request, a JSON reply, and the body of the answer as bytes. Nothing is unpickled.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import weakref
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING

from graph.types import GraphError, OpenError, QueryError, QueryTimeout, RefusedQuery, ResultTooLarge

if TYPE_CHECKING:
    from graph.store import KnowledgeGraph, Wanted

STARTING = 60.0  # seconds that a worker may take to start on a busy machine
SPARE = 64 * 1024  # bytes of a reply beside its body
REMEDY = "ask for less, or add a LIMIT"


class WorkersBusy(GraphError):
    """All workers are answering others; the same query may be asked again in a moment."""


class NotAcceptable(GraphError):
    """The answer cannot be written in any of the formats that the caller accepts."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take.

    ``seconds`` of running, ``memory`` bytes beyond what an idle worker holds, ``rows`` (or triples) and ``size`` (bytes)
    of its answer; ``workers`` queries run at once, and others wait ``patience`` seconds for their turn. A worker that
    holds ``keep`` bytes more than when it started is replaced: what it once took, it may never give back.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    rows: int = 10_000
    size: int = 16 << 20
    workers: int = 2
    patience: float = 5.0
    keep: int = 256 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """A query and the dataset and formats it is asked with; '' for a format: none is accepted.

    With ``check`` it is only looked at: the reply is what ``guard.inspect`` found, as JSON, and nothing is asked of the store.
    """

    query: str
    base: str
    results: str
    graph: str
    defaults: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    check: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """The media type and the body of an answer."""

    media_type: str
    body: bytes


_ERRORS: dict[str, type[GraphError]] = {e.__name__: e for e in (QueryError, RefusedQuery, ResultTooLarge, NotAcceptable, OpenError)}


# ---------------------------------------------------------------- the parent's side


class Worker:
    """One process and the line to it."""

    def __init__(self, folder: Path, facts_graph: str, limits: Limits) -> None:
        self._limits = limits
        self._line, theirs = Pipe()
        settings = {"fd": theirs.fileno(), "folder": str(folder), "facts": facts_graph, "limits": asdict(limits)}
        root = str(Path(__file__).resolve().parent.parent)  # where this very package lies, installed or not
        path = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "graph.worker", json.dumps(settings)],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt typed at the terminal is for the parent alone
            env={**{k: v for k, v in os.environ.items() if k != "FRAMEGRAPH_TOKEN"}, "PYTHONPATH": path},
        )
        theirs.close()
        self._ready = False

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: Request) -> Reply:
        """Raises what the worker raised, QueryTimeout where it overran time or memory; then it is dead."""
        self._wait_until_ready()
        try:
            self._line.send_bytes(json.dumps(asdict(request)).encode())
            if not self._line.poll(self._limits.seconds):
                self.end()
                raise QueryTimeout(f"the query ran longer than {self._limits.seconds:g} seconds and was stopped; {REMEDY}")
            head = json.loads(self._line.recv_bytes(SPARE))
            body = b"" if "error" in head else self._line.recv_bytes(self._limits.size + SPARE)
        except (EOFError, OSError) as error:
            self.end()
            most = f"most likely by taking more than {self._limits.memory >> 20:,} MiB of memory"
            raise QueryTimeout(f"the query broke the process that ran it, {most}; {REMEDY}") from error
        if head["swollen"]:
            self.end()
        if "error" in head:
            raise _ERRORS[head["error"]](head["message"])
        return Reply(head["media_type"], body)

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        try:
            if not self._line.poll(STARTING):
                self.end()
                raise WorkersBusy(f"no worker was ready within {STARTING:g} seconds; try again")
            self._line.recv_bytes(SPARE)
        except (EOFError, OSError) as error:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)  # it is ending by itself: its own status says why
            self.end()
            status = self._process.returncode
            if status < 0:  # a signal: not the store's fault
                raise WorkersBusy("a worker was killed before it was ready; try again in a moment") from error
            raise OpenError(f"a worker ended before it was ready (exit status {status}); its message stands in the log") from error
        self._ready = True

    def end(self) -> None:
        self._line.close()
        self._process.kill()
        self._process.wait()


class Pool:
    """Workers over one folder store. ``ask`` blocks; it may be called from several threads."""

    def __init__(self, folder: Path, facts_graph: str, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._folder, self.facts_graph = folder, facts_graph
        self._idle: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        self._living: set[Worker] = set()
        self._closed = False
        for _ in range(self.limits.workers):
            self._idle.put(None)  # started when first needed
        self._finalizer = weakref.finalize(self, _end_all, self._living)

    def ask(self, request: Request) -> Reply:
        """Answer a query within the limits.

        Raises WorkersBusy, NotAcceptable, QueryError, RefusedQuery, ResultTooLarge, QueryTimeout, OpenError.
        """
        try:
            worker = self._idle.get(timeout=self.limits.patience)
        except queue.Empty as error:
            raise WorkersBusy(f"{self.limits.workers} other queries are running; try again in a moment") from error
        try:
            worker = self._fit(worker)
            return worker.ask(request)
        except QueryTimeout as error:
            if self._closed:
                raise WorkersBusy("the server is stopping; try again in a moment") from error
            raise
        finally:
            self._idle.put(self._kept(worker))

    def warm(self) -> None:
        """Start the workers, so that the first query need not wait for one."""
        waiting = [self._idle.get() for _ in range(self.limits.workers)]
        for worker in waiting:
            self._idle.put(self._fit(worker))

    def _fit(self, worker: Worker | None) -> Worker:
        if worker is not None and worker.alive:
            return worker
        if worker is not None:
            self._forget(worker)
        fresh = Worker(self._folder, self.facts_graph, self.limits)
        self._living.add(fresh)
        return fresh

    def _kept(self, worker: Worker | None) -> Worker | None:
        """The worker, or a fresh one that starts up while nobody waits for it."""
        return worker if worker is None or worker.alive or self._closed else self._fit(worker)

    def _forget(self, worker: Worker) -> None:
        worker.end()
        self._living.discard(worker)

    @property
    def pids(self) -> list[int]:
        """The processes that are running now."""
        return sorted(w.pid for w in self._living if w.alive)

    def close(self) -> None:
        """End all workers; who waits for an answer is told that the server stops."""
        self._closed = True
        self._finalizer()


def _end_all(living: set[Worker]) -> None:
    while living:
        living.pop().end()


# ---------------------------------------------------------------- the child's side


def main(settings: str) -> None:
    """Serve queries until the parent hangs up."""
    from graph.confine import confine, resident
    from graph.store import open_readonly

    given = json.loads(settings)
    line: Connection = Connection(given["fd"])
    limits = Limits(**given["limits"])
    kg = open_readonly(Path(given["folder"]), given["facts"])
    sys.setrecursionlimit(10_000)  # rdflib's parser takes some twenty frames a nested group
    _answer(kg, Request("ASK {}", "http://localhost/", "text/csv", "text/turtle"), limits)  # imports what a query needs
    confine(limits.memory)
    swollen = resident() + limits.keep
    line.send_bytes(b"ready")
    while (request := _next(line)) is not None:
        # a parent that was killed cannot kill us: then the alarm does, for it ends the process by default
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + 1)
        head, body = _answer(kg, request, limits)
        signal.setitimer(signal.ITIMER_REAL, 0)
        line.send_bytes(json.dumps({**head, "swollen": resident() > swollen}).encode())
        if "error" not in head:
            line.send_bytes(body)


def _next(line: Connection) -> Request | None:
    """The next request, or None when the parent has hung up."""
    try:
        return Request(**json.loads(line.recv_bytes()))
    except EOFError:
        return None


def _answer(kg: KnowledgeGraph, request: Request, limits: Limits) -> tuple[dict[str, str], bytes]:
    from graph import guard, store

    try:
        if request.check:
            seen = guard.inspect(request.query, base=request.base, knows=lambda name: True)
            return {"media_type": "application/json"}, json.dumps(asdict(seen)).encode()
        checked = guard.inspect(request.query, base=request.base, knows=lambda name: store.holds_graph(kg, name))
        guard.check_dataset((*(request.defaults or ()), *(request.named or ())), knows=lambda name: store.holds_graph(kg, name))
        wanted = store.Wanted(
            base=request.base,
            results=request.results,
            graph=request.graph,
            rows=limits.rows,
            size=limits.size,
            own_dataset=checked.has_dataset,
            defaults=None if request.defaults is None else tuple(request.defaults),
            named=None if request.named is None else tuple(request.named),
        )
        _check_acceptable(checked.form, wanted)
        media_type, body = store.answer_bytes(kg, checked.text, wanted)
    except guard.Unparsed as error:
        return {"error": "QueryError", "message": _explained(request.query) or str(error)}, b""
    except (QueryError, RefusedQuery, ResultTooLarge, NotAcceptable) as error:
        return {"error": type(error).__name__, "message": str(error)}, b""
    return {"media_type": media_type}, body


def _check_acceptable(form: str, wanted: Wanted) -> None:
    triples = form in ("CONSTRUCT", "DESCRIBE")
    if not (wanted.graph if triples else wanted.results):
        kinds = "text/turtle, application/n-triples, application/ld+json or application/rdf+xml"
        tables = "application/sparql-results+json, application/sparql-results+xml, text/csv or text/tab-separated-values"
        raise NotAcceptable(f"a {form} query is answered as {kinds if triples else tables}; ask for one of these in Accept")


def _explained(query: str) -> str:
    """The engine's account of a syntax error, or ''. It is only asked about texts that cannot hold the word SERVICE,
    for it would run what it can parse."""
    from graph.store import syntax_error

    return "" if "SERVICE" in query.upper() or "\\u" in query.lower() else syntax_error(query)


if __name__ == "__main__":
    main(sys.argv[1])
