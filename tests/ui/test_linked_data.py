"""A thing's address gives the page to a person, and to a program the statements in the format that it likes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS
from starlette.applications import Starlette
from starlette.testclient import TestClient

from graph.build import assemble, write
from graph.store import KnowledgeGraph
from ui.browse import Browser
from ui.linked_data import FORMATS, LinkedData

ROSE = "http://garden.example/rose"
PARSERS = {
    "text/turtle": "turtle", "application/ld+json": "json-ld", "application/json": "json-ld", "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}  # fmt: skip


def client_over(kg: KnowledgeGraph) -> TestClient:
    browser = Browser(kg, {"title": "Garden"})
    return TestClient(Starlette(routes=[*LinkedData(browser).routes(), *browser.routes()]), follow_redirects=False)


@pytest.fixture(scope="module")
def client(garden: KnowledgeGraph) -> Iterator[TestClient]:
    with client_over(garden) as client:
        yield client


def asked(client: TestClient, path: str, accept: str) -> Any:
    return client.get(path, headers={"Accept": accept})


@pytest.mark.parametrize("accept", PARSERS)
def test_the_statements_come_in_the_format_asked_for(client: TestClient, accept: str) -> None:
    """The same in each: what is stated of the thing, what qualifies it, what is said about it, and the names of its values."""
    reply = asked(client, "/id/rose", accept)
    assert reply.status_code == 200
    assert reply.headers["content-type"].split(";")[0] == accept
    assert reply.headers["vary"] == "Accept"
    assert reply.headers["link"] == '</thing/rose>; rel="describedby"; type="text/html"'
    graph = Graph().parse(data=reply.text, format=PARSERS[accept])
    assert (URIRef(ROSE), SKOS.prefLabel, Literal("Rosier", lang="fr")) in graph
    assert (URIRef("http://garden.example/red"), SKOS.prefLabel, Literal("red", lang="en")) in graph
    subjects = {str(s).rsplit("/", 1)[-1] for s in graph.subjects()}
    assert subjects == {"rose", "red", "remark1", "st1", "Plant"} & subjects
    assert {"rose", "red", "remark1", "st1"} <= subjects


@pytest.mark.parametrize("accept", ["*/*", "", "text/html;q=0.5, text/turtle", "text/*"])
def test_turtle_is_what_programs_get_that_do_not_choose(client: TestClient, accept: str) -> None:
    """And those that like it better than a page."""
    assert asked(client, "/id/rose", accept).headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"])
def test_a_person_is_led_to_the_page(client: TestClient, accept: str) -> None:
    """303: the page is about the thing, it is not the thing."""
    reply = asked(client, "/id/rose", accept)
    assert reply.status_code == 303
    assert reply.headers["location"] == "/thing/rose"
    assert reply.headers["vary"] == "Accept"
    assert asked(client, "/thing/rose", accept).status_code == 200


@pytest.mark.parametrize(
    ("path", "accept", "status", "told"),
    [
        ("/id/zorblax", "text/turtle", 404, "zorblax"),
        ("/id/", "text/turtle", 404, "search"),
        ("/id/..%2F..%2Fetc%2Fpasswd", "*/*", 404, "nothing"),
        ("/id/%22%3E%7D%20INSERT", "*/*", 404, "nothing"),
        ("/id/%3Cscript%3E", "text/html", 404, "nothing"),
        ("/id/rose", "image/png", 406, "text/turtle"),
    ],
)
def test_what_is_not_there_is_told_as_json(client: TestClient, path: str, accept: str, status: int, told: str) -> None:
    """A name of nothing, a name that makes no IRI, a format that nothing is written in."""
    reply = asked(client, path, accept)
    assert reply.status_code == status
    assert told in reply.json()["error"]["message"]


def test_a_graph_with_passages_gives_each_statement_in_the_passage_that_states_it(toy_data: Path, tmp_path: Path) -> None:
    """TriG and N-Quads: named graphs, and what the passages are; a thing of ours without a page has statements too."""
    write(assemble(toy_data), tmp_path / "store")
    kg = KnowledgeGraph.open(tmp_path / "store")
    with client_over(kg) as client:
        thing = next(iter(Browser(kg, {"title": "x"}).catalogue().by_slug.values()))
        for accept in ("application/trig", "application/n-quads"):
            reply = asked(client, f"/id/{thing.slug}", accept)
            read = Dataset().parse(data=reply.text, format=FORMATS[accept])
            stated = {str(g.identifier) for g in read.graphs() if (URIRef(thing.iri.value), None, None) in g}
            assert stated
            assert "https://framegraph.example/graph/facts" not in stated
        row = kg.query("SELECT ?r ?said { ?r fg:says ?said }").rows[0]
        name = str(row["r"]).rsplit("/", 1)[-1]
        remark = Graph().parse(data=asked(client, f"/id/{name}", "text/html").text, format="turtle")
        assert Literal(str(row["said"])) in {Literal(str(o)) for o in remark.objects(URIRef(str(row["r"])))}
        assert DCTERMS  # the toy's documents have titles, but no fact of the thing rests on them


def test_a_graph_without_passages_has_no_named_graphs(museum: Any) -> None:
    """All of it stands in the default graph."""
    with client_over(museum.graph) as client:
        read = Dataset().parse(data=asked(client, "/id/blue-kite", "application/trig").text, format="trig")
        assert len(read.default_graph) > 3
        assert [str(g.identifier) for g in read.graphs()] == [str(read.default_graph.identifier)]
