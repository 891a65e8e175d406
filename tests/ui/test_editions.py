"""The graph exchanged for another version while requests are answered: nobody is dropped, nothing is of two versions, the old one goes."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from assistant.types import Answer
from graph.store import KnowledgeGraph
from graph.types import OpenError
from graph.worker import Limits
from tests.ui.conftest import TRIG, FakeAssistant
from ui.app import create_app
from ui.serving import Serving

QUERY = "SELECT ?c { <http://garden.example/rose> <http://garden.example/colour> ?c }"
ASKED = ("/health", "/id/rose", "/things", f"/sparql?query={QUERY}", "/api/v1/answer?question=What", "/api/v1/entities/rose", "/config")
THREADS = 3
CALLS = 200  # until every thread has been called anew
ONE = Serving(limits=Limits(workers=1))


class Gardener(FakeAssistant):
    """Says which version of the garden it knows; one that is told to wait answers when it is let go."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        super().__init__(graph)
        self.begun, self.go = threading.Event(), threading.Event()

    def about(self) -> dict[str, Any]:
        return {**super().about(), "version": self.graph.version, "title": f"Garden {self.graph.version}"}

    def answer(self, question: str, *given: Any, **settled: Any) -> Answer:
        if question == "wait":
            self.begun.set()
            assert self.go.wait(60)
        return replace(super().answer(question, *given, **settled), text=f"The rose of {self.graph.version} is red [1].")


@pytest.fixture
def gardens(tmp_path: Path) -> Callable[[str], Gardener]:
    """``gardens(colour)``: an assistant over the garden with roses of that colour."""

    def opened(colour: str) -> Gardener:
        file = tmp_path / "garden.trig"
        file.write_text(TRIG.replace("d:colour d:red", f"d:colour d:{colour}"))
        return Gardener(KnowledgeGraph.open(file))

    return opened


async def made(*given: Any, **how: Any) -> Any:
    return create_app(*given, **how)  # in a running loop, or Gradio makes one and leaves it open


class Server:
    """An app that runs, the editions that it is told to open next, and what becomes of them."""

    def __init__(self, first: Gardener, following: list[Callable[[], Gardener]]) -> None:
        self._following = iter(following)
        self.app = anyio.run(lambda: made(first, serving=ONE, reopened=lambda: next(self._following)()))
        self.editions = self.app.state.editions
        self.client = TestClient(self.app, base_url="http://localhost:7860")

    def get(self, path: str) -> Any:
        return self.client.get(path, headers={"Accept": "*/*"})

    def renewed(self) -> None:
        """Ask for the next edition, and wait until it is current or refused."""
        portal = self.client.portal
        assert portal is not None
        portal.call(self._renewed)

    async def _renewed(self) -> None:
        self.editions.renew()
        while self.editions._at_work:
            await asyncio.sleep(0.001)


@contextmanager
def serving(first: Gardener, *following: Callable[[], Gardener]) -> Iterator[Server]:
    server = Server(first, list(following))
    del first  # the app alone holds it
    with server.client:
        yield server


def test_no_request_is_dropped_and_none_is_answered_by_two_versions(gardens: Callable[[str], Gardener]) -> None:
    """Clients ask at every door while the graph is exchanged again and again: each reply is what one of the two versions says, and its
    ETag is that version's.
    """
    colours = ["blue", "red"]
    with serving(gardens("red"), *(lambda c=colour: gardens(c) for colour in colours)) as server:
        known: dict[str, set[tuple[str, str]]] = {path: set() for path in ASKED}
        seen: list[tuple[str, int, tuple[str, str]]] = []
        done = threading.Event()

        def look(path: str) -> tuple[int, tuple[str, str]]:
            reply = server.get(path)
            return reply.status_code, (reply.headers.get("etag", ""), reply.text)

        def hammer() -> None:
            while not done.is_set():
                seen.extend((path, *look(path)) for path in ASKED)

        for path in ASKED:
            known[path].add(look(path)[1])
        with ThreadPoolExecutor(THREADS) as pool:
            busy = [pool.submit(hammer) for _ in range(THREADS)]
            for n in range(len(colours)):
                server.renewed()
                if n == 0:
                    for path in ASKED:
                        known[path].add(look(path)[1])
            done.set()
            for thread in busy:
                thread.result()
        assert {path: len(bodies) for path, bodies in known.items()} == dict.fromkeys(ASKED, 2)
        assert {(path, status) for path, status, _ in seen} == {(path, 200) for path in ASKED}
        assert [path for path, _, body in seen if body not in known[path]] == []
        assert {body for path, _, body in seen if path == "/health"} == known["/health"]  # both were met on the way


def test_who_is_inside_finishes_on_the_old_graph_which_then_goes(gardens: Callable[[str], Gardener]) -> None:
    """A question in hand is answered by the version that took it; those that come later by the new one. Then the old store, its workers
    and all that was compiled from it are gone.
    """
    old = gardens("red")
    with serving(old, lambda: gardens("blue")) as server, ThreadPoolExecutor() as pool:
        before = server.get("/health").json()["version"]
        waiting = pool.submit(server.get, "/api/v1/answer?question=wait")
        assert old.begun.wait(60)
        pids, store = server.editions.current.pool.pids, weakref.ref(old.graph)
        server.renewed()
        after = server.get("/health").json()["version"]
        assert after != before
        assert after in server.get("/api/v1/answer?question=What").json()["text"]
        assert all(Path(f"/proc/{pid}").exists() for pid in pids)
        old.go.set()
        reply = waiting.result()
        assert before in reply.json()["text"]
        assert before in reply.headers["etag"]
        assert server.client.portal is not None
        server.client.portal.call(_ended, pids)
        del old, waiting, reply
        assert f'framegraph_info{{graph="{after}"' in server.get("/metrics").text
        assert 'framegraph_answers_total{kind="fact"} 2' in server.get("/metrics").text  # of both editions
        for _ in range(CALLS):  # a thread holds what it called last until it is called again
            if store() is None:
                break
            server.get("/api/v1/answer?question=What")
            gc.collect()
        assert store() is None


async def _ended(pids: list[int]) -> None:
    """Wait until processes have ended."""
    with anyio.fail_after(30):
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            await asyncio.sleep(0.001)


def test_a_graph_that_cannot_be_opened_is_refused(gardens: Callable[[str], Gardener], caplog: pytest.LogCaptureFixture) -> None:
    """A line in the log says why and what is served on; the next good one is taken."""

    def broken() -> Gardener:
        raise OpenError("garden.trig cannot be read: line 7")

    with serving(gardens("red"), broken, lambda: gardens("blue")) as server:
        before = server.get("/health").json()["version"]
        with caplog.at_level(logging.WARNING, logger="framegraph"):
            server.renewed()
            told = caplog.records[-1]
            assert told.levelname == "ERROR"
            assert told.fields == {"event": "reload", "from": before, "refused": "garden.trig cannot be read: line 7", "served": before}  # type: ignore[attr-defined]
            assert server.get(f"/sparql?query={QUERY}").json()["results"]["bindings"][0]["c"]["value"].endswith("/red")
            server.renewed()
        assert caplog.records[-1].fields["served"] == server.get("/health").json()["version"] != before  # type: ignore[attr-defined]


def test_a_graph_that_its_workers_cannot_read_is_refused(gardens: Callable[[str], Gardener], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried before it is current, and its workers are ended."""
    with serving(gardens("red"), lambda: gardens("blue")) as server:
        before, pids = server.get("/health").json()["version"], server.editions.current.pool.pids
        monkeypatch.setattr("ui.editions.Pool.ask", _unreadable)
        monkeypatch.setattr("graph.worker.Pool.ask", _unreadable)
        server.renewed()
        monkeypatch.undo()
        assert server.get("/health").json()["version"] == before
        assert server.editions.current.pool.pids == pids
        assert server.get(f"/sparql?query={QUERY}").status_code == 200


def _unreadable(*_: object) -> None:
    raise OpenError("a worker ended before it was ready")


def test_the_window_goes_on_over_the_new_graph(gardens: Callable[[str], Gardener]) -> None:
    """A page that is opened afterwards has the new title; the window that works an event is the one that was there when it came."""
    with serving(gardens("red"), lambda: gardens("blue")) as server:
        titles = [server.get("/config").json()["title"]]
        server.renewed()
        titles.append(server.get("/config").json()["title"])
        version = server.get("/health").json()["version"]
        assert titles[1] == f"Garden {version}" != titles[0]
        assert f'window.framegraphTitle="{titles[1]}"' in server.get("/config").json()["head"]
