"""The SPARQL door before an endpoint: gated as before a store, bounded, in every format; a real Oxigraph server and some that misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.remote import HttpBackend
from graph.store import parse_results, write_store
from graph.terms import FACTS
from graph.types import EndpointError, GraphError, QueryTimeout, RefusedQuery, ResultTooLarge
from graph.worker import Limits, NotAcceptable, Pool, Request
from ui.relay import MOST_GRAPHS, Relay
from ui.sparql_protocol import RESULTS, TRIPLES, SparqlEndpoint
from ui.workers import pool_over

TOY = Path(__file__).resolve().parents[1] / "fixtures" / "toy"
JSON = "application/sparql-results+json"
LIMITS = Limits(seconds=10, rows=500, workers=1)


def asked(query: str, results: str = JSON, graph: str = "text/turtle", **more: tuple[str, ...]) -> Request:
    return Request(query, "http://localhost/sparql", results, graph, **more)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_built(TOY, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def relay(store: Path, serve_sparql: Callable[[Path], str]) -> Iterator[Relay]:
    """Before a real server over the toy."""
    made = pool_over(KnowledgeGraph.open(serve_sparql(store)), LIMITS)
    assert isinstance(made, Relay)
    yield made
    made.close()


@pytest.fixture(scope="module")
def pool(store: Path) -> Iterator[Pool]:
    """Before the very store."""
    made = Pool(store, FACTS.value, LIMITS)
    yield made
    made.close()


QUERIES = [
    "SELECT ?s ?m { ?s o:maker ?m } ORDER BY ?s ?m", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "ASK { id:gear o:maker id:ada }",
    "SELECT ?g { GRAPH ?g { id:gear o:maker id:bob } }", "SELECT (xsd:integer('3') AS ?n) {}",
    "SELECT ?x { VALUES ?x { \"a\\tb\\n<&>\"@en } }",
    f"SELECT (COUNT(*) AS ?n) FROM <{FACTS.value}> {{ ?s ?p ?o }}", "SELECT ?none { id:nobody o:maker ?none }",
]  # fmt: skip


@pytest.mark.parametrize("media_type", sorted(set(RESULTS.values())))
@pytest.mark.parametrize("query", QUERIES)
def test_it_answers_as_the_store_does(pool: Pool, relay: Relay, query: str, media_type: str) -> None:
    """Every query, in every format of solutions."""
    here, there = (door.ask(asked(query, media_type)) for door in (pool, relay))
    assert there.media_type == here.media_type == media_type
    if media_type.startswith("text/"):
        assert there.body.splitlines() == here.body.splitlines()
    else:
        assert parse_results(there.body, media_type) == parse_results(here.body, media_type)


@pytest.mark.parametrize("media_type", sorted(set(TRIPLES.values())))
def test_triples_come_in_every_format(pool: Pool, relay: Relay, media_type: str) -> None:
    """The same graph; an empty one too."""
    for query in ("CONSTRUCT { ?s o:maker ?m } WHERE { ?s o:maker ?m }", "CONSTRUCT WHERE { id:nobody ?p ?o }"):
        here, there = (door.ask(asked(query, graph=media_type)) for door in (pool, relay))
        format_ = {"application/ld+json": "json-ld"}.get(media_type, media_type)
        assert isomorphic(*(Graph().parse(data=reply.body, format=format_) for reply in (here, there)))


def test_the_dataset_may_be_named_beside_the_query(pool: Pool, relay: Relay) -> None:
    """By the protocol's parameters, as before a store."""
    request = replace(asked("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), defaults=(FACTS.value,), named=())
    assert parse_results(relay.ask(request).body, JSON) == parse_results(pool.ask(request).body, JSON)


def test_the_door_speaks_for_it(relay: Relay) -> None:
    """Over HTTP: what is asked for, and what is refused, has its status."""
    endpoint = SparqlEndpoint(relay, lambda request: None)  # type: ignore[arg-type,return-value]  # no browser comes
    door = TestClient(Starlette(routes=[Route("/sparql", endpoint.respond, methods=["GET", "POST"])]))
    assert door.get("/sparql", params={"query": QUERIES[0]}).json()["results"]["bindings"]
    for status, query in ((400, "SELECT {"), (403, "DROP ALL"), (503, "SELECT * { ?s ?p ?o . ?a ?b ?c }")):
        assert door.get("/sparql", params={"query": query}).status_code == status
    assert door.get("/sparql", params={"query": QUERIES[0]}, headers={"Accept": "image/png"}).status_code == 406
    assert b"sparql-service-description" in door.get("/sparql", headers={"Accept": "text/turtle"}).content


# ---------------------------------------------------------------- what is not passed on, and what comes back amiss


class Endpoint(HTTPServer):
    """An endpoint that holds one graph, remembers what it was asked, and answers other queries with ``says``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[dict[str, list[str]]] = []
        self.says: Callable[[BaseHTTPRequestHandler], None] = lambda handler: _send(handler, json.dumps({"head": {}, "boolean": True}))


class Answering(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        fields = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        self.server.asked.append(fields)
        if fields["query"][0].startswith("ASK { GRAPH"):
            _send(self, json.dumps({"head": {}, "boolean": "<urn:here>" in fields["query"][0]}))
        else:
            self.server.says(self)

    def log_message(self, *args: object) -> None:
        """Nothing."""


def _send(handler: BaseHTTPRequestHandler, body: str, status: int = 200, media_type: str = JSON) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(len(body.encode())))
    handler.end_headers()
    handler.wfile.write(body.encode())


@contextmanager
def before(folder: Path, **limits: float) -> Iterator[tuple[Endpoint, Relay]]:
    """An endpoint and a relay to it, with narrower limits."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    write_store((), folder)
    address = f"http://user:password@127.0.0.1:{server.server_port}/sparql"
    made = Relay(folder, "default", HttpBackend(address), replace(LIMITS, **limits))  # type: ignore[arg-type]  # numbers of either kind
    yield server, made
    made.close()
    server.shutdown()
    thread.join()
    server.server_close()


FORBIDDEN = [
    "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SELECT * { \\u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "DROP ALL",
    "LOAD <http://127.0.0.1/>", "INSERT DATA { <urn:a> <urn:b> <urn:c> }", "SELECT * FROM <http://127.0.0.1/x> { ?s ?p ?o }",
    "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }", "SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) {}",
    "PREFIX b: <bif:> SELECT (b:http_get('http://127.0.0.1/') AS ?x) {}", "PREFIX j: <java:java.lang.> SELECT * { ?s j:Runtime ?o }",
    "SELECT (<http://jena.apache.org/ARQ/function#x>(1) AS ?x) {}", "BASE <sql:> SELECT * { ?s <exec> ?o }",
    "SELECT * { BIND(<urn:f>(1) AS ?x) }", "SELECT * { ?s ?p ?o FILTER(<urn:f>(?o)) }",
    "SELECT * { FILTER EXISTS { BIND(<urn:f>(1) AS ?x) } }",
]  # fmt: skip


def test_what_is_refused_never_reaches_the_endpoint(tmp_path: Path) -> None:
    """Writing, leaving, fetching, and functions that are not SPARQL's: it is asked at most whether it holds a graph."""
    with before(tmp_path / "empty") as (server, made):
        for query in FORBIDDEN:
            with pytest.raises(RefusedQuery):
                made.ask(asked(query))
        for name in ("http://127.0.0.1/x", "file:///etc/passwd", "x> { ?s ?p ?o } } #", ""):
            with pytest.raises(RefusedQuery, match="is not held by the endpoint"):
                made.ask(replace(asked("ASK {}"), defaults=(name,), named=()))
        with pytest.raises(RefusedQuery, match=f"at most {MOST_GRAPHS}"):
            made.ask(replace(asked("ASK {}"), defaults=tuple(f"urn:{n}" for n in range(MOST_GRAPHS + 1)), named=()))
        assert all(fields["query"][0].startswith("ASK { GRAPH <") for fields in server.asked)


def test_what_is_passed_on_is_what_was_checked(tmp_path: Path) -> None:
    """Escapes expanded, prefixes declared, the base said, the dataset beside it."""
    with before(tmp_path / "empty") as (server, made):
        made.ask(replace(asked("ASK { ?s skos:prefLabel '\\u0041' }"), defaults=("urn:here",), named=()))
    fields = server.asked[-1]
    assert fields["query"][0].startswith("BASE <http://localhost/sparql> PREFIX skos: <")
    assert fields["query"][0].endswith("ASK { ?s skos:prefLabel 'A' }")
    assert fields["default-graph-uri"] == ["urn:here"]


def rows(count: int) -> Callable[[BaseHTTPRequestHandler], None]:
    bindings = [{"x": {"type": "literal", "value": "y" * 100}}] * count
    return lambda handler: _send(handler, json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": bindings}}))


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, so that no single wait is long."""
    handler.send_response(200)
    handler.end_headers()
    stop = threading.Event()
    try:
        while not stop.wait(0.1):
            handler.wfile.write(b" ")
    except OSError:  # the other side hung up
        return


AMISS: list[tuple[Callable[[BaseHTTPRequestHandler], None], type[GraphError]]] = [
    (rows(501), ResultTooLarge),
    (drip, QueryTimeout),
    (lambda h: _send(h, "secret of http://127.0.0.1", 500, "text/html"), EndpointError),
    (lambda h: _send(h, "<html>log in</html>", 200, "text/html"), EndpointError),
    (lambda h: _send(h, '{"head": {"vars": ["x"]}, "results": {"bindings": ['), QueryTimeout),
]


def test_what_comes_back_amiss_is_an_error_that_names_no_address(tmp_path: Path) -> None:
    """Too much, too slow, broken off, something else: never a short answer; nor the endpoint's name and password."""
    with before(tmp_path / "empty", seconds=1.0) as (server, made):
        for says, error in AMISS:
            server.says = says
            with pytest.raises(error) as raised:
                made.ask(asked("SELECT ?x { ?x ?p ?o }"))
            assert str(server.server_port) not in str(raised.value)
            assert "password" not in str(raised.value)
        server.says = rows(3)
        assert len(parse_results(made.ask(asked("SELECT ?x { ?x ?p ?o }")).body, JSON).rows) == 3
        with pytest.raises(NotAcceptable):
            made.ask(asked("SELECT ?x { ?x ?p ?o }", results=""))


def test_an_answer_has_a_size(tmp_path: Path) -> None:
    """In bytes, as it comes."""
    with before(tmp_path / "empty", size=1000) as (server, made):
        server.says = rows(20)
        with pytest.raises(ResultTooLarge, match="more than 1,000 bytes"):
            made.ask(asked("SELECT ?x { ?x ?p ?o }"))
