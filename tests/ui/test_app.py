"""One app: the window, SPARQL and health behind one shield."""

from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

from graph.remote import HttpBackend
from graph.store import KnowledgeGraph
from graph.types import EndpointError
from graph.worker import Request
from ui import app as wiring
from ui.app import create_app
from ui.editions import Edition, Editions
from ui.relay import Relay
from ui.serving import Serving
from ui.workers import pool_over

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


class Gardener:
    """An assistant as the app sees it before anyone asks."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph

    def answer(self, *args: Any, **how: Any) -> Any:
        raise AssertionError("nobody asks here")

    def about(self) -> dict[str, Any]:
        return {"title": "Garden", "scope": "Plants.", "examples": ["What is a rose?"], "asof": "2026-11-21", "version": "abc"}

    def known_wants(self) -> tuple[()]:
        return ()


async def _made(assistant: Any, **how: Any) -> Any:
    return create_app(assistant, **how)  # in a running loop, or Gradio makes one and leaves it open


@pytest.fixture(scope="module")
def client(garden: KnowledgeGraph) -> Iterator[TestClient]:
    app = anyio.run(_made, Gardener(garden))
    with TestClient(app, base_url="http://localhost:7860") as client:
        yield client


def test_health_answers_when_it_is_ready(client: TestClient) -> None:
    """What is served, and of which day."""
    reply = client.get("/health")
    assert reply.status_code == 200
    assert reply.json() == {"status": "ok", "title": "Garden", "asof": "2026-11-21", "version": "abc"}


def test_a_conversation_is_given_as_a_file(client: TestClient) -> None:
    """Beside the window; what is no permalink is refused."""
    assert client.get("/conversation", params={"talk": "nonsense"}).status_code == 400


def test_the_files_of_the_graph_are_behind_the_same_shield(client: TestClient) -> None:
    """The description is found where programs look for it; a name that the server does not know is refused."""
    reply = client.get("/.well-known/void", follow_redirects=False)
    assert reply.headers["location"] == "/data/void.ttl"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert client.get("/data/void.ttl", headers={"Host": "elsewhere.example"}).status_code == 421


def test_sparql_reads_the_graph_of_the_assistant(client: TestClient) -> None:
    """With and without a slash; the page for a person."""
    query = {"query": 'SELECT ?x { ?x skos:prefLabel "Rose"@en }'}
    for path in ("/sparql", "/sparql/"):
        reply = client.get(path, params=query, headers={"Accept": "*/*"})
        assert reply.json()["results"]["bindings"] == [{"x": {"type": "uri", "value": "http://garden.example/rose"}}]
    assert "Ask in SPARQL" in client.get("/sparql", headers=BROWSER).text
    assert client.get("/sparql/static/sparql.js").status_code == 200


def test_the_window_stands_at_the_root_and_names_nothing_elsewhere(client: TestClient) -> None:
    """Gradio's page with our title, styles and scripts; neither it nor its configuration points to another host."""
    assert client.get("/", headers=BROWSER).headers["content-type"].startswith("text/html")
    config = client.get("/config").json()
    assert config["title"] == "Garden"
    assert config["analytics_enabled"] is False
    assert config["show_error"] is False
    assert config["footer_links"] == []
    assert "GoogleFont" not in client.get("/theme.css").text
    assert "fonts.googleapis" not in client.get("/theme.css").text
    assert "--paper" in str(config["css"])
    assert 'window.framegraphTitle="Garden";' in str(config["head"])


def test_the_doors_for_programs_are_open(client: TestClient) -> None:
    """Each answers under its own path, before the window; what watches the server sees them."""
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Garden over HTTP"
    assert client.get("/id/rose", headers={"Accept": "text/turtle"}).headers["etag"].startswith('W/"')
    assert client.get("/mcp", headers={"Accept": "text/plain"}).status_code in (405, 406)
    assert 'framegraph_requests_total{door="id",status="200"} 1' in client.get("/metrics").text
    assert 'framegraph_info{graph="abc",asof="2026-11-21",title="Garden"} 1' in client.get("/metrics").text


def test_everything_stands_behind_the_shield(client: TestClient) -> None:
    """Foreign hosts, closed doors, and the headers of every response."""
    assert client.get("/health", headers={"Host": "evil.example"}).status_code == 421
    assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404
    for path in ("/", "/health", "/sparql", "/config"):
        assert "frame-ancestors 'self'" in client.get(path, headers=BROWSER).headers["content-security-policy"]
    assert "script-src 'self';" in client.get("/sparql", headers=BROWSER).headers["content-security-policy"]


def test_a_token_stands_before_every_door(garden: KnowledgeGraph) -> None:
    """The window, its parts, the pages and the doors for programs: with a token set only /health answers who does not know it."""
    token = "a-token-of-some-length"
    app = anyio.run(partial(_made, Gardener(garden), serving=Serving(token=token)))
    with TestClient(app, base_url="http://localhost:7860", follow_redirects=False) as client:
        paths = ["/", "/config", "/theme.css", "/gradio_api/queue/data?session_hash=x", "/things", "/thing/rose", "/sparql", "/mcp",
                 "/metrics", "/id/rose", "/api/v1/openapi.json", "/sparql/static/sparql.js", "/conversation?talk=x"]  # fmt: skip
        assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 401)
        assert client.get("/health").status_code == 200
        known = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/openapi.json", headers=known).status_code == 200
        assert client.get("/?token=" + token, headers=BROWSER).headers["location"] == "/"
        assert client.get("/config").json()["title"] == "Garden"
        assert client.post("/sparql", data={"query": "ASK {}"}, headers={"Origin": "http://evil.example"}).status_code == 403


def test_workers_live_as_long_as_the_app(garden: KnowledgeGraph) -> None:
    """Started before the first query, ended with the app, their copy of the graph removed."""
    others = set(threading.enumerate())
    edition = wiring._edition(Gardener(garden), Serving(), Counter())
    pool, folder = edition.pool, edition.pool._folder
    assert len(anyio.run(_while_serving, edition)) == pool.limits.workers
    assert pool.pids == []
    assert folder.exists()
    del pool, edition
    for thread in set(threading.enumerate()) - others:
        thread.join(60)  # until one that worked for the loop has ended, it holds what it called
    gc.collect()  # an event loop that just ended may still hold a cycle through it
    assert not folder.exists()


async def _while_serving(edition: Edition) -> list[int]:
    async with Editions(edition, None, lambda _: None).open():
        return list(edition.pool.pids)


def test_a_built_graph_is_read_where_it_lies(toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was built from data is not copied again."""
    from graph.build import ensure_built

    monkeypatch.setenv("FRAMEGRAPH_CACHE", str(tmp_path))
    built = ensure_built(toy_data, tmp_path)
    pool = pool_over(KnowledgeGraph.open(built), None)
    assert pool is not None
    assert pool._folder == built


def test_an_endpoint_is_asked_through_a_relay() -> None:
    """The workers only look at queries, over a store that holds nothing."""
    kg = KnowledgeGraph(HttpBackend("http://127.0.0.1:1/sparql"), "default", name="http://127.0.0.1:1/sparql", version="x")
    relay = pool_over(kg, None)
    assert isinstance(relay, Relay)
    with pytest.raises(EndpointError, match="the endpoint cannot be reached"):
        relay.ask(Request("ASK {}", "http://localhost/", "text/csv", "text/turtle"))
    relay.close()
