"""The same answers over SPARQL 1.1 Protocol: a real Oxigraph server, and a handful of servers that misbehave."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from graph import EndpointError, KnowledgeGraph, OpenError, QueryError, QueryTimeout, ResultTooLarge
from graph.build import ensure_built
from graph.remote import HttpBackend, read_json_results, with_prefixes
from graph.store import write_store
from graph.terms import FACTS
from graph.types import Blank, Iri, Literal, Solutions

Serve = Callable[[Path], str]
SELECT = "SELECT ?s { ?s ?p ?o }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_built(Path(__file__).parent.parent / "fixtures" / "toy", tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def remote(store: Path, serve_sparql: Serve) -> KnowledgeGraph:
    return KnowledgeGraph.open(serve_sparql(store))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s ?m { ?s o:maker ?m } ORDER BY ?s",
        "SELECT ?s ?n { ?s o:maker ?m OPTIONAL { ?m o:colour ?n } } ORDER BY ?s",
        "SELECT (COUNT(*) AS ?n) { ?s fg:says ?t }",
        "SELECT ?g { GRAPH ?g { id:gear o:maker id:bob } }",
        'SELECT ?l { id:gear skos:prefLabel ?l FILTER(LANG(?l) = "en") }',
        "SELECT ?y { GRAPH g:facts { id:gear o:built ?y } }",
        "ASK { id:gear o:maker id:ada }",
        "ASK { id:gear o:maker id:bob }",
        "SELECT ?s { ?s a o:Machine } ORDER BY ?s LIMIT 1 OFFSET 1",
        "SELECT ?s {\n # a comment that says SELECT and GRAPH\n ?s a o:Machine } ORDER BY ?s",
    ],
)
def test_an_endpoint_answers_like_the_store(store: Path, remote: KnowledgeGraph, query: str) -> None:
    """Terms, unbound variables, order, booleans and the meaning of a bare pattern are the same."""
    assert remote.query(query) == KnowledgeGraph.open(store).query(query)


def test_triples_come_as_triples(store: Path, remote: KnowledgeGraph) -> None:
    """CONSTRUCT gives the same triples, datatypes and languages included."""
    query = "CONSTRUCT { ?s ?p ?o } { GRAPH src:manual { ?s ?p ?o } }"
    assert set(remote.query(query).triples) == set(KnowledgeGraph.open(store).query(query).triples)


def test_a_name_and_a_password_are_used_and_not_shown(store: Path, serve_sparql: Serve) -> None:
    """Neither in what a citation calls the graph, nor in an error."""
    address = serve_sparql(store)
    kg = KnowledgeGraph.open(address.replace("http://", "http://name:secret@"))
    assert kg.name == address
    assert kg.query("ASK { id:gear o:maker id:ada }").boolean
    with pytest.raises(QueryError) as error:
        kg.query("SELECT ?s { ?s ?p }")
    assert "secret" not in str(error.value)


def test_our_facts_graph_is_found(remote: KnowledgeGraph) -> None:
    """An endpoint that serves our dataset is taken at its fact graph, and a wrapped query reads it."""
    assert remote.facts_graph == FACTS.value
    assert remote.query(f"ASK {remote.wrap('id:gear o:maker id:ada')}").boolean
    assert not remote.query(f"ASK {remote.wrap('id:gear o:maker id:bob')}").boolean


def test_everything_can_be_taken_to_rdflib(store: Path, remote: KnowledgeGraph) -> None:
    """All quads come over, none twice."""
    here = {(str(s), str(p), str(o), str(g)) for s, p, o, g in KnowledgeGraph.open(store).backend.quads()}
    there = {(str(s), str(p), str(o), str(g)) for s, p, o, g in remote.backend.quads()}
    assert here == there
    assert len(remote.to_rdflib().default_graph) > 0


def test_a_query_that_does_not_parse_is_the_callers_mistake(remote: KnowledgeGraph) -> None:
    """The server's words are passed on."""
    with pytest.raises(QueryError, match="refused the query"):
        remote.query("SELECT ?s { ?s ?p }")


def test_a_text_that_is_no_query_is_not_sent(remote: KnowledgeGraph) -> None:
    """An update has no query form."""
    with pytest.raises(QueryError, match="no SELECT"):
        remote.query("DROP ALL")


def test_a_dataset_in_one_named_graph_is_found(tmp_path: Path, serve_sparql: Serve) -> None:
    """An empty default graph and a single named graph: that one holds the facts."""
    graph = Iri("https://x.example/g")
    write_store([(Iri("https://x.example/s"), Iri("https://x.example/p"), Literal("o"), graph)], tmp_path / "one")
    kg = KnowledgeGraph.open(serve_sparql(tmp_path / "one"))
    assert kg.facts_graph == graph.value
    assert len(kg.query(SELECT)) == 1


def test_several_named_graphs_need_a_choice(tmp_path: Path, serve_sparql: Serve) -> None:
    """Which of them holds the facts cannot be guessed."""
    quads = [(Iri("https://x.example/s"), Iri("https://x.example/p"), Literal("o"), Iri(f"https://x.example/{n}")) for n in "ab"]
    write_store(quads, tmp_path / "two")
    url = serve_sparql(tmp_path / "two")
    with pytest.raises(OpenError, match=r"several named graphs.*facts_graph="):
        KnowledgeGraph.open(url)
    assert len(KnowledgeGraph.open(url, facts_graph="https://x.example/a").query(SELECT)) == 1


def test_an_address_where_nothing_answers_cannot_be_opened() -> None:
    """The message names the address."""
    with pytest.raises(OpenError, match=r"http://127\.0\.0\.1:9/query"):
        KnowledgeGraph.open("http://127.0.0.1:9/query")


# ---------------------------------------------------------------- servers that misbehave


def backend(answer: Callable[[httpx.Request], httpx.Response]) -> HttpBackend:
    return HttpBackend("http://server.example/sparql", client=httpx.Client(transport=httpx.MockTransport(answer)))


def said(status: int, body: str, **headers: str) -> HttpBackend:
    return backend(lambda _: httpx.Response(status, text=body, headers=headers))


@pytest.mark.parametrize(
    ("status", "body", "error", "message"),
    [
        (200, '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri"', QueryTimeout, "broke off"),
        (200, "<html>Welcome</html>", EndpointError, "Welcome"),
        (200, "[]", EndpointError, "did not answer with SPARQL results"),
        (200, "", EndpointError, "did not answer"),
        (400, "line 1: no", QueryError, "line 1: no"),
        (408, "too slow", QueryTimeout, "too slow"),
        (504, "too slow", QueryTimeout, "too slow"),
        (401, "who are you", EndpointError, "401"),
        (500, "oops", EndpointError, "500: oops"),
    ],
)
def test_a_bad_answer_is_an_error(status: int, body: str, error: type[Exception], message: str) -> None:
    """Half a document, a page, a failure: never a short answer."""
    with pytest.raises(error, match=message):
        said(status, body).query(SELECT, None, False)


def test_triples_that_do_not_parse_are_an_error() -> None:
    """A CONSTRUCT answered with something else."""
    with pytest.raises(EndpointError, match="do not parse"):
        said(200, "<html>").query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", None, False)


def test_turtle_is_read_where_the_server_prefers_it() -> None:
    """Not every server writes N-Triples."""
    turtle = said(200, "@prefix : <https://x.example/> . :s :p 1 .", **{"content-type": "text/turtle"})
    (fact,) = turtle.query("DESCRIBE <https://x.example/s>", None, False).triples
    assert fact.object == Literal("1", "http://www.w3.org/2001/XMLSchema#integer")


def test_a_server_that_does_not_answer_in_time_is_a_timeout() -> None:
    """The message says how long was waited."""

    def slow(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("")

    with pytest.raises(QueryTimeout, match="within 30 s"):
        backend(slow).query(SELECT, None, False)


def test_a_broken_connection_is_an_endpoint_error() -> None:
    """The message says what broke."""

    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("peer closed")

    with pytest.raises(EndpointError, match="peer closed"):
        backend(broken).query(SELECT, None, False)


@pytest.mark.parametrize(("rows", "wanted"), [([{"r": "1"}], True), ([{"r": "0"}], False), ([], False)])
def test_yes_and_no_are_understood_as_a_table(rows: list[dict[str, str]], wanted: bool) -> None:
    """As a server answers ASK that knows no booleans."""
    bindings = [{name: {"type": "typed-literal", "value": value} for name, value in row.items()} for row in rows]
    table = backend(lambda _: httpx.Response(200, json={"head": {"vars": ["r"]}, "results": {"bindings": bindings}}))
    assert table.query("ASK { ?s ?p ?o }", None, False).boolean is wanted
    assert table.query(SELECT, None, False).boolean is None


def test_a_silent_cut_is_an_error() -> None:
    """A server that says it cuts at a number of rows, and gives just so many, has cut."""
    body = '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"u:1"}}]}}'
    with pytest.raises(ResultTooLarge, match="at 1 rows"):
        said(200, body, **{"X-SPARQL-MaxRows": "1"}).query(SELECT, None, False)
    assert len(said(200, body, **{"X-SPARQL-MaxRows": "2"}).query(SELECT, None, False)) == 1


def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of bytes holds while the answer is read."""
    monkeypatch.setattr("graph.remote.MAX_BYTES", 10)
    with pytest.raises(ResultTooLarge, match="10 bytes"):
        said(200, "x" * 11).query(SELECT, None, False)


def test_a_quad_dump_that_is_short_is_refused() -> None:
    """The count and the rows must agree."""

    def short(request: httpx.Request) -> httpx.Response:
        number = {"n": {"type": "literal", "value": "2"}}
        bindings = [number] if "COUNT" in request.content.decode() else []
        return httpx.Response(200, json={"head": {"vars": ["n"]}, "results": {"bindings": bindings}})

    with pytest.raises(ResultTooLarge, match="0 of 2"):
        list(backend(short).quads())


def test_a_query_goes_out_as_a_form() -> None:
    """POST, a form, JSON asked for; the default graph only where no graph is named."""
    seen: list[httpx.Request] = []

    def record(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"head": {}, "boolean": True})

    door = backend(record)
    door.query("ASK { ?s ?p ?o }", FACTS, False)
    door.query("ASK { GRAPH ?g { ?s ?p ?o } }", FACTS, False)
    assert [r.method for r in seen] == ["POST", "POST"]
    assert seen[0].headers["accept"] == "application/sparql-results+json"
    assert seen[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert "default-graph-uri" in seen[0].content.decode()
    assert "default-graph-uri" not in seen[1].content.decode()


def test_prefixes_are_added_where_they_are_used() -> None:
    """Only those in use and not declared, on the first line, so that line numbers stay."""
    query = "PREFIX id: <https://x.example/>\nSELECT * { id:x skos:prefLabel ?l }"
    sent = with_prefixes(query)
    assert sent == f"PREFIX skos: <http://www.w3.org/2004/02/skos/core#> {query}"


def test_older_words_for_terms_are_understood() -> None:
    """typed-literal is what SPARQL 1.0 said."""
    cells = {
        "a": {"type": "typed-literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
        "b": {"type": "bnode", "value": "b0"},
        "c": {"type": "literal", "value": "x", "xml:lang": "en"},
    }
    solutions = read_json_results({"head": {"vars": ["a", "b", "c"]}, "results": {"bindings": [cells]}})
    (row,) = solutions.rows
    assert row["a"] == Literal("1", "http://www.w3.org/2001/XMLSchema#integer")
    assert row["b"] == Blank("b0")
    assert isinstance(row["c"], Literal)
    assert row["c"].language == "en"
    assert read_json_results({"boolean": False}) == Solutions(boolean=False)
