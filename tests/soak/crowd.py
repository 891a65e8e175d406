"""Fifty people at the window and twenty programs at the SPARQL door, for some minutes: errors, first words, memory.

    python -m tests.soak.crowd --seconds 300 --users 50 --clients 20

It starts ``framegraph serve`` on two cores, asks through Gradio's own HTTP interface as the page does, and prints the figures as JSON;
status 1 where there was an error, the first words came late, or the memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
QUERIES = (
    "SELECT ?x ?n { ?x skos:prefLabel ?n } LIMIT 20",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) LIMIT 10",
    "ASK { ?x fg:says ?text }",
    "SELECT ?g { GRAPH ?g { ?s dct:license ?o } } LIMIT 10",
    "CONSTRUCT WHERE { ?x skos:prefLabel ?n } LIMIT 50",
)
LATE = 2.0  # seconds within which 95 of 100 must see first words
GROWTH = 1.15  # of memory, from a fifth of the time to its end: more is a leak
QUESTIONS = 5  # of one conversation
EVERY = 10.0  # seconds between two looks at the memory
FULL = "Queue is full"  # how the window's queue says that it takes no more


@dataclass
class Figures:
    """What was seen."""

    answers: int = 0
    queries: int = 0
    turned_away: int = 0
    errors: list[str] = field(default_factory=list)
    first_words: list[float] = field(default_factory=list)  # seconds
    whole: list[float] = field(default_factory=list)
    query_seconds: list[float] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)  # seconds since the start, MiB of the server and its workers

    def told(self) -> dict[str, Any]:
        return {
            "answers": self.answers,
            "queries": self.queries,
            "turned away politely": self.turned_away,
            "errors": len(self.errors),
            "first errors": self.errors[:5],
            "first words s": _spread(self.first_words),
            "whole answer s": _spread(self.whole),
            "query s": _spread(self.query_seconds),
            "memory MiB": [[round(at), held] for at, held in self.memory],
        }

    def sound(self) -> bool:
        """Whether it held: no error, first words in time, memory flat."""
        settled = [held for at, held in self.memory if at >= self.memory[-1][0] / 5]
        flat = max(settled) <= GROWTH * settled[0]
        return not self.errors and flat and _spread(self.first_words)["p95"] <= LATE


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {"p50": 0.0, "p95": 0.0, "most": 0.0}
    cuts = statistics.quantiles(seconds, n=20)
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3), "most": round(max(seconds), 3)}


# ---------------------------------------------------------------- the server


@contextmanager
def served(cores: int = 2, **settings: str) -> Iterator[tuple[str, int]]:
    """``framegraph serve`` over the shipped graph on so many cores: its address and its process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    some = sorted(os.sched_getaffinity(0))[:cores]
    with subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **settings},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, some),
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        if "ready" not in said:
            raise SystemExit(f"the server did not start: {said}")
        try:
            yield f"http://127.0.0.1:{port}", server.pid
        finally:
            server.terminate()


def resident(pid: int) -> int:
    """MiB of a process and its children."""
    children = [int(c) for file in Path(f"/proc/{pid}/task").glob("*/children") for c in file.read_text().split()]
    return sum(_pages(p) for p in (pid, *children)) * os.sysconf("SC_PAGE_SIZE") >> 20


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):  # it has just ended
        return 0


# ---------------------------------------------------------------- who asks


class Person:
    """One conversation at the window, over the HTTP interface that the page uses."""

    def __init__(self, client: httpx.AsyncClient, event: int, name: str) -> None:
        self._client, self._event, self._session = client, event, name
        self.turns = 0  # that were answered; the next answer's mark in the page is one more

    async def stay(self) -> None:
        """Hold the line that tells the server that the page is open; when it is let go, the server forgets the conversation."""
        with suppress(httpx.HTTPError):
            async with self._client.stream("GET", f"/gradio_api/heartbeat/{self._session}", timeout=None) as line:
                async for _ in line.aiter_bytes():
                    pass

    async def ask(self, question: str) -> AsyncIterator[dict[str, Any]]:
        """The messages of the event stream that answers a question."""
        asked = {"data": [question, None], "event_data": None, "fn_index": self._event, "trigger_id": None, "session_hash": self._session}
        reply = await self._client.post("/gradio_api/queue/join", json=asked)
        if reply.status_code != httpx.codes.OK:
            yield {"msg": "refused", "status": reply.status_code, "text": reply.text}
            return
        address = f"/gradio_api/queue/data?session_hash={self._session}"
        async with self._client.stream("GET", address) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])


async def submit_event(client: httpx.AsyncClient) -> int:
    """The number of the event that the question's box sends."""
    config = (await client.get("/config")).json()
    box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
    return next(int(d["id"]) for d in config["dependencies"] if [box, "submit"] in [list(t) for t in d["targets"]])


async def one_answer(person: Person, question: str, figures: Figures) -> None:
    """Ask, and note when the first words and the end came, or what went wrong."""
    try:
        await _timed(person, question, figures)
    except (httpx.HTTPError, ValueError) as error:
        figures.errors.append(repr(error))


async def _timed(person: Person, question: str, figures: Figures) -> None:
    begun, first = time.perf_counter(), 0.0
    mark = f'id="ans-{person.turns + 1}"'
    async for message in person.ask(question):
        kind, text = message["msg"], json.dumps(message)
        if not first and mark in text.replace("\\", ""):
            first = time.perf_counter() - begun
        if FULL in text and kind in ("refused", "queue_full", "unexpected_error"):
            figures.turned_away += 1
            return
        if kind == "process_completed":
            if not message["success"]:
                figures.errors.append(text[:300])
                return
            break
        if kind in ("refused", "unexpected_error"):
            figures.errors.append(text[:300])
            return
    person.turns += 1
    figures.answers += 1
    figures.first_words.append(first or time.perf_counter() - begun)
    figures.whole.append(time.perf_counter() - begun)


async def reader(client: httpx.AsyncClient, event: int, number: int, think: float, until: float, figures: Figures) -> None:
    """Asks, reads for a while, asks again; after some questions leaves, and another comes."""
    dice, questions = random.Random(number), golden()
    await asyncio.sleep(dice.uniform(0, think))
    for visit in count():
        person = Person(client, event, f"soak{number}-{visit}")
        line = asyncio.create_task(person.stay())
        for _ in range(QUESTIONS):
            await one_answer(person, dice.choice(questions), figures)
            await asyncio.sleep(dice.uniform(0.5, 1.5) * think)
            if time.monotonic() >= until:
                break
        line.cancel()
        await asyncio.gather(line, return_exceptions=True)
        if time.monotonic() >= until:
            return


async def program(client: httpx.AsyncClient, number: int, think: float, until: float, figures: Figures) -> None:
    """Queries the SPARQL door; one that is told to come back does."""
    dice = random.Random(number)
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            reply = await client.post("/sparql", data={"query": dice.choice(QUERIES)}, headers={"Accept": "*/*"})
            if reply.status_code == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in reply.headers:
                figures.turned_away += 1
            elif reply.status_code != httpx.codes.OK:
                figures.errors.append(f"sparql {reply.status_code}: {reply.text[:200]}")
            else:
                figures.queries += 1
                figures.query_seconds.append(time.perf_counter() - begun)
        except httpx.HTTPError as error:
            figures.errors.append(repr(error))
        await asyncio.sleep(dice.uniform(0.5, 1.5) * think)


async def watch(pid: int, until: float, figures: Figures) -> None:
    """Look at the memory now and then."""
    begun = time.monotonic()
    while time.monotonic() < until:
        figures.memory.append((time.monotonic() - begun, resident(pid)))
        await asyncio.sleep(min(EVERY, max(0.0, until - time.monotonic())))
    figures.memory.append((time.monotonic() - begun, resident(pid)))


def golden() -> list[str]:
    """Questions to ask."""
    lines = [json.loads(line) for file in sorted(GOLDEN.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    return [line["question"] for line in lines if "question" in line]


async def crowd(address: str, pid: int, told: argparse.Namespace) -> Figures:
    """All of them at once; then more than the queue holds, who must be told so politely."""
    figures, until = Figures(), time.monotonic() + told.seconds
    # shorter than the server keeps a silent connection, so that none is used just as it is closed
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        event = await submit_event(client)
        people = [reader(client, event, n, told.think, until, figures) for n in range(told.users)]
        programs = [program(client, n, told.pause, until, figures) for n in range(told.clients)]
        await asyncio.gather(watch(pid, until, figures), *people, *programs)
        burst = Figures()
        rush = (one_answer(Person(client, event, f"rush{n}"), golden()[n % 50], burst) for n in range(told.rush))
        await asyncio.gather(*rush)
    figures.errors += [f"in the rush: {error}" for error in burst.errors]
    figures.turned_away += burst.turned_away
    print(f"rush of {told.rush}: {burst.answers} answered, {burst.turned_away} turned away", file=sys.stderr)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--think", type=float, default=20, help="seconds that a person reads between two questions, on average")
    parser.add_argument("--pause", type=float, default=2, help="seconds between two queries of a program, on average")
    parser.add_argument("--rush", type=int, default=120, help="people who ask at the same moment at the end")
    told = parser.parse_args()
    with served() as (address, pid):
        figures = asyncio.run(crowd(address, pid, told))
    print(json.dumps(figures.told(), indent=1))
    sys.exit(0 if figures.sound() else 1)


if __name__ == "__main__":
    main()
