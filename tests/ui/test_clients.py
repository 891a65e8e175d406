"""Other people's clients work against a real server: httpx, curl, SPARQLWrapper, rdflib's SPARQLStore."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore

M = "http://museum.example/"
WORKS = f"SELECT ?s {{ ?s a <{M}Work> }}"
QUESTION = "What is the height of Blue Kite?"
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def curl(*arguments: str) -> str:
    """What curl prints; it fails where the server does."""
    command = ["curl", "-sS", "--globoff", "--fail-with-body", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


DOORS: dict[str, tuple[str, dict[str, Any] | None, Callable[[Any], bool]]] = {
    "health": ("/health", None, lambda told: told["status"] == "ok"),
    "answer": ("/api/v1/answer?question=How%20many%20works%20are%20there%3F", None, lambda told: bool(told["rows"])),
    "answer, posted": ("/api/v1/answer", {"question": QUESTION}, lambda told: bool(told["citations"])),
    "recommend": ("/api/v1/recommend?require=oil%20painting", None, lambda told: bool(told["choices"])),
    "recommend, posted": ("/api/v1/recommend", {"require": ["oil painting"]}, lambda told: bool(told["choices"])),
    "compare": ("/api/v1/compare?names=Blue%20Kite&names=Desert%20Letter", None, lambda told: len(told["names"]) == 2),
    "compare, posted": ("/api/v1/compare", {"names": ["Blue Kite", "Desert Letter"]}, lambda told: bool(told["rows"])),
    "entity": ("/api/v1/entities/blue-kite", None, lambda told: told["title"] == "Blue Kite"),
    "search": ("/api/v1/search?q=kite", None, lambda told: told["results"][0]["id"] == "blue-kite"),
    "openapi": ("/api/v1/openapi.json", None, lambda told: "/answer" in told["paths"]),
    "sparql": (f"/sparql?query={WORKS.replace(' ', '%20')}", None, lambda told: bool(told["results"]["bindings"])),
    "id": ("/id/blue-kite", None, lambda told: "Blue Kite" in json.dumps(told)),
}
ACCEPT = "application/json"


@pytest.mark.parametrize("door", DOORS)
def test_every_door_answers_httpx(served: str, door: str) -> None:
    """Over a real connection, through all of the middleware."""
    path, body, holds = DOORS[door]
    how = {"headers": {"Accept": ACCEPT}, "timeout": 60}
    reply = httpx.get(served + path, **how) if body is None else httpx.post(served + path, json=body, **how)  # type: ignore[arg-type]  # passed on
    assert reply.status_code == 200, reply.text
    assert holds(reply.json())
    assert reply.headers["x-content-type-options"] == "nosniff"


@needs_curl
@pytest.mark.parametrize("door", DOORS)
def test_every_door_answers_curl(served: str, door: str) -> None:
    """As people try it first."""
    path, body, holds = DOORS[door]
    posted = ["-H", "Content-Type: application/json", "-d", json.dumps(body)] if body else []
    assert holds(json.loads(curl("-H", f"Accept: {ACCEPT}", *posted, served + path)))


@needs_curl
def test_curl_sends_a_query_in_each_way_and_asks_for_heads(served: str) -> None:
    """A form, the query itself, compressed; HEAD; a condition on the version."""
    for how in (["--data-urlencode", f"query={WORKS}"], ["-H", "Content-Type: application/sparql-query", "--data-binary", WORKS]):
        assert curl("--compressed", "-H", "Accept: text/csv", *how, f"{served}/sparql").splitlines()[0] == "s"
    assert "HTTP/1.1 200" in curl("-I", f"{served}/api/v1/search?q=kite")
    head = curl("-I", f"{served}/id/blue-kite")
    tag = next(line.split(": ", 1)[1].strip() for line in head.splitlines() if line.lower().startswith("etag:"))
    assert "HTTP/1.1 304" in curl("-I", "-H", f"If-None-Match: {tag}", f"{served}/id/blue-kite")
    assert curl(f"{served}/metrics").startswith("# HELP framegraph_requests_total")


@pytest.mark.parametrize(
    ("status", "path", "how"),
    [
        (413, "/api/v1/answer", {"content": b"x" * 70_000, "headers": {"Content-Type": "application/json"}}),
        (403, "/api/v1/answer", {"json": {"question": "x"}, "headers": {"Origin": "https://evil.example"}}),
        (421, "/api/v1/answer", {"json": {"question": "x"}, "headers": {"Host": "evil.example"}}),
        (413, "/mcp", {"content": b"x" * 1_000_001, "headers": {"Content-Type": "application/json"}}),
        (403, "/mcp", {"json": {}, "headers": {"Origin": "https://evil.example"}}),
        (400, "/mcp", {"content": b"{}", "headers": {"Accept": "application/json", "Content-Type": "text/plain"}}),
        (400, "/mcp", {"content": b"{", "headers": {"Accept": "application/json", "Content-Type": "application/json"}}),
    ],
)
def test_the_shield_stands_before_every_door(served: str, status: int, path: str, how: dict[str, Any]) -> None:
    """Large bodies, foreign pages and foreign names are refused before anything is read."""
    reply = httpx.post(served + path, timeout=60, **how)
    assert reply.status_code == status
    assert "Traceback" not in reply.text


@pytest.mark.parametrize("way", ["GET", "URLENCODED", "POSTDIRECTLY"])
def test_sparqlwrapper(served: str, way: str) -> None:
    """Its three ways to send, all forms of query, and its conversions."""
    wrapper = pytest.importorskip("SPARQLWrapper", reason="SPARQLWrapper is not installed; pip install -e '.[test]'")
    client = wrapper.SPARQLWrapper(f"{served}/sparql")
    client.setMethod("GET" if way == "GET" else "POST")
    client.setRequestMethod("postdirectly" if way == "POSTDIRECTLY" else "urlencoded")
    client.setReturnFormat(wrapper.JSON)
    client.setQuery(WORKS)
    assert client.queryAndConvert()["results"]["bindings"]
    client.setQuery(f"ASK {{ <{M}blue-kite> a <{M}Work> }}")
    assert client.queryAndConvert()["boolean"] is True
    for format_ in (wrapper.XML, wrapper.CSV, wrapper.TSV):
        client.setReturnFormat(format_)
        client.setQuery(WORKS)
        assert client.queryAndConvert()
    client.setReturnFormat(wrapper.TURTLE)
    client.setQuery(f"CONSTRUCT WHERE {{ <{M}blue-kite> ?p ?o }}")
    assert len(Graph().parse(data=client.queryAndConvert(), format="turtle")) > 3
    client.setReturnFormat(wrapper.JSON)
    client.setQuery("SELECT {")
    with pytest.raises(wrapper.SPARQLExceptions.QueryBadFormed):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflibs_sparqlstore(served: str, method: str) -> None:
    """A graph that lies here is read as if it were there: patterns, lengths, queries."""
    store = SPARQLStore(f"{served}/sparql", method=method, returnFormat="json")
    graph = Graph(store)
    kite = URIRef(M + "blue-kite")
    assert (kite, RDF.type, URIRef(M + "Work")) in graph
    assert graph.value(kite, RDFS.label) == Literal("Blue Kite", lang="en")
    assert len(graph) > 100
    works = {row[0] for row in graph.query(WORKS)}
    assert kite in works
    assert set(graph.subjects(RDF.type, URIRef(M + "Work"))) == works
