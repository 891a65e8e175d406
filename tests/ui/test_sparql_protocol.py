"""The SPARQL door speaks the protocol, refuses what it must in clear words, and passes the W3C's own tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from graph.store import KnowledgeGraph, snapshot
from graph.worker import Limits, Pool
from ui.sparql_protocol import MAX_BODY, RESULTS, SparqlEndpoint, accepted, choose, wants_page

W3C = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "sparql" / "sparql11" / "protocol"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TRIPLES = "CONSTRUCT WHERE { ?s ?p ?o }"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
JSON = "application/sparql-results+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


async def page(request: Request) -> Response:
    return PlainTextResponse("the page")


def client_over(kg: KnowledgeGraph, folder: Path) -> tuple[TestClient, Pool]:
    snapshot(kg, folder)
    pool = Pool(folder, kg.facts_graph, Limits(seconds=60, rows=100, workers=1))
    respond = SparqlEndpoint(pool, page).respond
    app = Starlette(routes=[Route(path, respond, methods=["GET", "HEAD", "POST"]) for path in ("/sparql", "/sparql/")])
    return TestClient(app, base_url="http://localhost", headers={"Accept": "*/*"}), pool


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A door to three graphs: the facts, one passage, and one more."""
    home = tmp_path_factory.mktemp("door")
    (home / "toy.trig").write_text(
        "@prefix e: <http://example.org/> . @prefix g: <https://framegraph.example/graph/> ."
        "g:facts { e:a e:p 1 , 2 . e:b e:p 3 } e:passage { e:a e:p 1 } e:other { e:c e:q 'x' }"
    )
    client, pool = client_over(KnowledgeGraph.open(home / "toy.trig"), home / "store")
    with client:
        yield client
    pool.close()


def counted(reply: Any) -> int:
    assert reply.status_code == 200, reply.text
    return int(reply.json()["results"]["bindings"][0]["n"]["value"])


Send = Callable[[TestClient, str], Any]
WAYS: dict[str, Send] = {
    "get": lambda door, query: door.get("/sparql", params={"query": query}),
    "form": lambda door, query: door.post("/sparql", data={"query": query}),
    "direct": lambda door, query: door.post("/sparql/", content=query, headers={"Content-Type": "application/sparql-query; charset=UTF-8"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_query_may_come_in_three_ways(door: TestClient, way: str) -> None:
    """GET, POST of a form, POST of the query itself; the default graph is the fact graph, and unusual characters survive."""
    assert counted(WAYS[way](door, COUNT)) == 3
    reply = WAYS[way](door, 'SELECT ("é 𝄞 + & % \\"" AS ?x) {}')
    assert reply.json()["results"]["bindings"][0]["x"]["value"] == 'é 𝄞 + & % "'


@pytest.mark.parametrize(
    ("accept", "media_type", "start"),
    [
        ("*/*", JSON, b'{"head":'),
        ("", JSON, b'{"head":'),
        (JSON, JSON, b'{"head":'),
        ("application/json", "application/json", b'{"head":'),
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("application/xml", "application/xml", b"<?xml"),
        ("text/csv", "text/csv; charset=utf-8", b"n\r\n3\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?n\n3\n"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "application/sparql-results+xml", b"<?xml"),
        ("text/*", "text/csv; charset=utf-8", b"n\r\n"),
        (f"{JSON};q=0, */*", "application/sparql-results+xml", b"<?xml"),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8", b"n\r\n"),
    ],
)
def test_solutions_come_in_the_format_asked_for(door: TestClient, accept: str, media_type: str, start: bytes) -> None:
    """The most liked format that fits the form of the query; what is sent says what it is and what it depended on."""
    reply = door.get("/sparql", params={"query": COUNT}, headers={"Accept": accept})
    assert reply.headers["content-type"] == media_type
    assert reply.headers["vary"] == "Accept"
    assert reply.content.startswith(start)


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml", "application/json"]
)
def test_triples_come_in_the_format_asked_for(door: TestClient, accept: str) -> None:
    """The same three triples in every format."""
    reply = door.get("/sparql", params={"query": TRIPLES}, headers={"Accept": accept})
    assert reply.headers["content-type"].split(";")[0] == accept
    read_as = {"application/rdf+xml": "xml", "application/json": "json-ld", "application/ld+json": "json-ld"}.get(accept, "turtle")
    assert len(Graph().parse(data=reply.text, format=read_as)) == 3


@pytest.mark.parametrize(
    ("accept", "body"), [(JSON, b'{"head":{},"boolean":true}'), ("text/csv", b"true"), ("text/tab-separated-values", b"true")]
)
def test_a_verdict_is_written_too(door: TestClient, accept: str, body: bytes) -> None:
    """ASK in the formats of solutions."""
    assert door.get("/sparql", params={"query": "ASK { ?s ?p 3 }"}, headers={"Accept": accept}).content == body


@pytest.mark.parametrize(
    ("query", "accept"), [(COUNT, "text/turtle"), (TRIPLES, JSON), (COUNT, "image/png"), ("ASK {}", "text/html;q=0.1")]
)
def test_a_format_that_does_not_fit_is_not_acceptable(door: TestClient, query: str, accept: str) -> None:
    """406, and the formats that would do."""
    reply = door.post("/sparql", data={"query": query}, headers={"Accept": accept})
    assert reply.status_code == 406
    assert "ask for one of these" in reply.json()["error"]["message"]


def test_the_dataset_may_be_named_by_the_protocol(door: TestClient) -> None:
    """Graphs named beside the query are the whole dataset, whether in the address or in the form."""
    passage, other = "http://example.org/passage", "http://example.org/other"
    everywhere = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    assert counted(door.get("/sparql", params={"query": COUNT, "default-graph-uri": passage})) == 1
    assert counted(door.get("/sparql", params=[("query", COUNT), ("default-graph-uri", passage), ("default-graph-uri", other)])) == 2
    assert counted(door.post("/sparql", data={"query": everywhere, "named-graph-uri": other})) == 1
    address = "/sparql?" + urlencode({"default-graph-uri": passage, "named-graph-uri": other})
    assert counted(door.post(address, data={"query": everywhere})) == 2
    assert counted(door.get("/sparql", params={"query": everywhere})) == 3 + 5


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (400, {"method": "GET", "params": {"q": "ASK {}"}}),
        (400, {"method": "POST", "data": {"q": "ASK {}"}}),
        (400, {"method": "GET", "params": {"query": "ASK {"}}),
        (400, {"method": "GET", "params": {"query": "SELECT (<urn:nobodys>(1) AS ?x) {}"}}),
        (400, {"method": "GET", "params": [("query", "ASK {}"), ("query", "ASK {}")]}),
        (400, {"method": "GET", "url": "/sparql?query=%FF"}),
        (400, {"method": "POST", "content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}}),
        (
            400,
            {
                "method": "POST",
                "url": "/sparql?query=ASK%20%7B%7D",
                "content": "ASK {}",
                "headers": {"Content-Type": "application/sparql-query"},
            },
        ),
        (400, {"method": "POST", "data": {f"p{n}": "1" for n in range(101)}}),
        (403, {"method": "GET", "params": {"query": "DROP ALL"}}),
        (403, {"method": "GET", "params": {"update": "DROP ALL"}}),
        (403, {"method": "POST", "data": {"update": "DROP ALL"}}),
        (403, {"method": "POST", "content": "DROP ALL", "headers": {"Content-Type": "application/sparql-update"}}),
        (403, {"method": "GET", "params": {"query": "ASK { SERVICE <http://127.0.0.1/> {} }"}}),
        (403, {"method": "GET", "params": {"query": "ASK FROM <file:///etc/passwd> {}"}}),
        (403, {"method": "GET", "params": {"query": "ASK {}", "default-graph-uri": "file:///etc/passwd"}}),
        (405, {"method": "PUT", "params": {"query": "ASK {}"}}),
        (405, {"method": "DELETE"}),
        (413, {"method": "POST", "data": {"query": "ASK {} #" + "x" * 100_000}}),
        (413, {"method": "POST", "content": "x" * (MAX_BODY + 1), "headers": {"Content-Type": "application/sparql-query"}}),
        (415, {"method": "POST", "content": "ASK {}"}),
        (415, {"method": "POST", "content": "ASK {}", "headers": {"Content-Type": "text/plain"}}),
        (
            415,
            {
                "method": "POST",
                "content": "ASK {}".encode("utf-16"),
                "headers": {"Content-Type": "application/sparql-query; charset=utf-16"},
            },
        ),
        (415, {"method": "POST", "files": {"query": "ASK {}"}}),
        (503, {"method": "GET", "params": {"query": "SELECT * { GRAPH ?a { ?b ?c ?d } GRAPH ?e { ?f ?g ?h } GRAPH ?i { ?j ?k ?l } }"}}),
    ],
)
def test_what_is_wrong_has_its_status_and_a_reason(door: TestClient, status: int, how: dict[str, Any]) -> None:
    """Each mistake has HTTP's number for it and a sentence that says what to do, never a trace."""
    reply = door.request(**{"url": "/sparql", **how})
    assert reply.status_code == status
    if status != 405:
        error = reply.json()["error"]
        assert error["status"] == status
        assert len(error["message"]) > 20
        assert "Traceback" not in error["message"]
    else:
        assert "POST" in reply.headers["allow"]


def test_slow_queries_and_crowds_are_told_apart(tmp_path: Path) -> None:
    """504 for a query that ran too long; 503 with a time to come back where others are being answered."""
    (tmp_path / "toy.ttl").write_text("@prefix e: <http://e/> . " + " ".join(f"e:s{n} e:p {n} ." for n in range(300)))
    kg = KnowledgeGraph.open(tmp_path / "toy.ttl")
    snapshot(kg, tmp_path / "store")
    pool = Pool(tmp_path / "store", kg.facts_graph, Limits(seconds=0.3, workers=1, patience=0))
    with TestClient(Starlette(routes=[Route("/sparql", SparqlEndpoint(pool, page).respond)])) as client:
        endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        assert client.get("/sparql", params={"query": endless}, headers={"Accept": "*/*"}).status_code == 504
        taken = pool._idle.get()
        busy = client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "*/*"})
        pool._idle.put(taken)
    pool.close()
    assert busy.status_code == 503
    assert busy.headers["retry-after"] == "2"


def test_head_is_get_without_a_body(door: TestClient) -> None:
    """The same headers."""
    head = door.head("/sparql", params={"query": COUNT})
    assert head.status_code == 200
    assert head.headers["content-type"] == JSON


@pytest.mark.parametrize("accept", ["*/*", "text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples"])
def test_who_asks_nothing_is_told_what_the_door_can_do(door: TestClient, accept: str) -> None:
    """The W3C's three tests of service descriptions: RDF, with the endpoint that was asked, after the vocabulary's schema."""
    reply = door.get("/sparql", headers={"Accept": accept})
    media_type = reply.headers["content-type"].split(";")[0]
    told = Graph().parse(data=reply.text, format={"application/rdf+xml": "xml", "application/ld+json": "json-ld"}.get(media_type, "turtle"))
    (service,) = told.subjects(RDF.type, SD.Service)
    assert [str(e) for e in told.objects(service, SD.endpoint)] == ["http://localhost/sparql"]
    assert list(told.objects(service, SD.supportedLanguage)) == [SD.SPARQL11Query]
    (dataset,) = told.objects(service, SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in told
    assert len(list(told.objects(dataset, SD.defaultGraph))) == 1
    assert [str(n) for n in told.objects(None, SD.name)] == ["https://framegraph.example/graph/facts"]
    assert len(list(told.objects(service, SD.resultFormat))) == 8
    assert door.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


def test_a_browser_gets_the_page(door: TestClient) -> None:
    """With or without a query, for a person the page is the answer; programs that accept anything get results."""
    assert door.get("/sparql", headers={"Accept": BROWSER}).text == "the page"
    assert door.get("/sparql", params={"query": COUNT}, headers={"Accept": BROWSER}).text == "the page"
    assert counted(door.post("/sparql", data={"query": COUNT}, headers={"Accept": "*/*"})) == 3


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("*/*", False),
        ("", False),
        ("text/html;q=0.2, text/csv", False),
        ("text/html;q=0", False),
        ("text/*", False),
    ],
)
def test_only_who_names_html_wants_the_page(accept: str, page: bool) -> None:
    """A wildcard is not a wish."""
    assert wants_page(accept) is page


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("a/b", [("a/b", 1.0)]),
        ("a/b;q=0.5, c/d ; charset=x ; q=0.1", [("a/b", 0.5), ("c/d", 0.1)]),
        ("a/b;q=lots, c/d;q=7", [("a/b", 0.0), ("c/d", 1.0)]),
        (" , ", [("*/*", 1.0)]),
    ],
)
def test_accept_is_read_as_the_standard_says(header: str, expected: list[tuple[str, float]]) -> None:
    """Weights from 0 to 1, nonsense counts as 0, nothing accepts everything."""
    assert accepted(header) == expected


def test_the_most_specific_range_decides() -> None:
    """text/csv;q=0 excludes CSV although text/* is liked."""
    assert choose("text/*, text/csv;q=0", RESULTS) == "text/tab-separated-values"
    assert choose("image/*", RESULTS) == ""


# ---------------------------------------------------------------- the W3C's tests (query part)

HT, MF = Namespace("http://www.w3.org/2011/http#"), Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
CNT, UT = Namespace("http://www.w3.org/2011/content#"), Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
EXPECTED = {"boolean": "boolean", "tabular": "results"}


def _manifest() -> Graph | None:
    return Graph().parse(W3C / "manifest.ttl") if W3C.is_dir() else None


MANIFEST = _manifest()


def _entries() -> list[tuple[str, Node]]:
    """The tests whose requests query, and those that must be refused; updates that must succeed are not ours."""
    if MANIFEST is None:
        return []
    (entries,) = MANIFEST.objects(None, MF.entries)
    named = [(str(entry).rsplit("#", 1)[-1], entry) for entry in Collection(MANIFEST, entries)]
    return [(name, entry) for name, entry in named if not name.startswith("update_")]


@pytest.fixture(scope="module")
def w3c(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A door to the graphs that the tests load."""
    home = tmp_path_factory.mktemp("w3c")
    loaded = "".join(
        f"<http://kasei.us/2009/09/sparql/data/{file.stem}.rdf> {{ {file.read_text()} }}\n" for file in sorted(W3C.glob("data*.nt"))
    )
    (home / "data.trig").write_text(loaded)
    client, pool = client_over(KnowledgeGraph.open(home / "data.trig"), home / "store")
    with client:
        yield client
    pool.close()


@pytest.mark.skipif(MANIFEST is None, reason="the W3C tests lie beside the checkout in ../shared/conformance, which is not there")
@pytest.mark.parametrize("entry", [entry for _, entry in _entries()], ids=[name for name, _ in _entries()])
def test_w3c(w3c: TestClient, entry: Node) -> None:
    """Each request of the manifest gets the status, the kind of answer and the truth that it says."""
    assert MANIFEST is not None
    (action,) = MANIFEST.objects(entry, MF.action)
    (requests,) = MANIFEST.objects(action, HT.requests)
    for request in Collection(MANIFEST, requests):
        reply = _sent(w3c, request)
        (response,) = MANIFEST.objects(request, HT.resp)
        statuses = {str(s)[-3:-2] for s in MANIFEST.objects(response, MF.expectedStatus)}
        assert str(reply.status_code)[0] in statuses, reply.text
        for format_ in MANIFEST.objects(response, MF.expectedFormat):
            _check_format(reply, str(format_))
        for truth in MANIFEST.objects(response, MF.expectedBoolean):
            assert reply.json()["boolean"] == truth.toPython()  # type: ignore[attr-defined]  # a literal


def _sent(client: TestClient, request: Node) -> Any:
    assert MANIFEST is not None
    (path,) = MANIFEST.objects(request, HT.absolutePath)
    (method,) = MANIFEST.objects(request, HT.methodName)
    headers = {"Accept": "*/*"}
    for listed in MANIFEST.objects(request, HT.headers):
        for header in Collection(MANIFEST, listed):
            headers[str(MANIFEST.value(header, HT.fieldName))] = str(MANIFEST.value(header, HT.fieldValue))
    content = None
    for body in MANIFEST.objects(request, HT.body):
        content = str(MANIFEST.value(body, CNT.chars)).encode(str(MANIFEST.value(body, CNT.characterEncoding)))
    return client.request(str(method), str(path), headers=headers, content=content)


def _check_format(reply: Any, expected: str) -> None:
    if expected == "RDF":
        Graph().parse(data=reply.text, format="turtle")
        assert reply.headers["content-type"].startswith("text/turtle")
    else:
        assert EXPECTED[expected] in json.loads(reply.text)


@pytest.mark.skipif(MANIFEST is None, reason="the W3C tests lie beside the checkout in ../shared/conformance, which is not there")
def test_the_whole_query_part_was_collected() -> None:
    """Thirteen queries that are answered and fourteen requests that are refused, updates among them; none was lost."""
    names = [name for name, _ in _entries()]
    assert len([n for n in names if n.startswith("query_")]) == 13
    assert len([n for n in names if n.startswith("bad_")]) == 14
