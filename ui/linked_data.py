"""Linked data: /id/NAME is the address of a thing, as the page for a person and as Turtle, JSON-LD and the like for a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graph.store import KnowledgeGraph
from graph.terms import BASE, FACTS, FG, LABELS, PREFIXES, RDF, SOURCES
from graph.types import GraphError, Iri
from ui.api_models import MAX_NAME
from ui.browse import Browser
from ui.catalogue import address
from ui.sparql_protocol import HTML, choose, failure

if TYPE_CHECKING:
    from rdflib import Graph

MOST = 5_000  # statements about one thing
# what may be asked for -> how it is written; the first of equals is preferred
FORMATS = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/json": "json-ld",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
WITH_PASSAGES = frozenset(("trig", "nquads"))  # formats of named graphs: there each statement stands in the passage that states it


class LinkedData:
    """The things of one graph under addresses of their own."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def routes(self) -> list[Route]:
        return [Route("/id/{name:path}", self.respond, methods=["GET"])]

    async def respond(self, request: Request) -> Response:
        """303 to the page where HTML is liked best, else the statements in the format that is."""
        accept = ",".join(request.headers.getlist("accept"))
        media_type = choose(accept, [*FORMATS, HTML])
        if not media_type:
            return failure(406, f"a thing is written as {', '.join((*FORMATS, HTML))}; ask for one of these in Accept")
        try:
            return await to_thread.run_sync(self._written, request.path_params["name"], media_type)
        except GraphError as error:
            return failure(502, str(error))

    def _written(self, name: str, media_type: str) -> Response:
        thing = self._browser.catalogue().by_slug.get(name)
        iri = thing.iri if thing else _own(self._browser.kg, name)
        if iri is None:
            return failure(404, f"nothing is kept under {name[:MAX_NAME]!a}; /api/v1/search?q=... finds things by name")
        if media_type == HTML and thing:
            return RedirectResponse(thing.href, 303, headers={"Vary": "Accept"})
        if media_type == HTML:
            media_type = next(iter(FORMATS))  # it has no page
        format_ = FORMATS[media_type]
        links = f'<{address(thing.slug)}>; rel="describedby"; type="{HTML}"' if thing else ""
        body = _quads(self._browser.kg, iri, format_) if format_ in WITH_PASSAGES else _triples(self._browser.kg, iri, format_)
        sent = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        return Response(body, headers={"Content-Type": sent, "Vary": "Accept", **({"Link": links} if links else {})})


def _own(kg: KnowledgeGraph, name: str) -> Iri | None:
    """The thing of our own namespace, for those without a page (remarks, statements)."""
    iri = Iri(f"{BASE}id/{name}")
    try:
        return iri if kg.query(f"ASK {kg.wrap(f'{iri.n3} ?p ?o')}").boolean else None
    except GraphError:  # a name that makes no IRI
        return None


def _triples(kg: KnowledgeGraph, iri: Iri, format_: str) -> str:
    """What is stated of the thing, what qualifies it and remarks on it, and the names of what it points to."""
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    for s, p, o, _ in _about(kg, iri):
        graph.add((s, p, o))
    return _serialised(graph, format_)


def _quads(kg: KnowledgeGraph, iri: Iri, format_: str) -> str:
    """The same, each statement in the passages that state it, with what those passages are; no passages, no named graphs."""
    from rdflib import Dataset

    dataset = Dataset()
    for s, p, o, g in _about(kg, iri, "?g" if kg.facts_graph == FACTS.value else ""):
        (dataset.graph(g) if g is not None else dataset.default_graph).add((s, p, o))
    return _serialised(dataset, format_)


def _serialised(graph: Graph, format_: str) -> str:
    for prefix, base in PREFIXES.items():
        graph.bind(prefix, base)
    more: dict[str, Any] = {"context": PREFIXES} if format_ == "json-ld" else {}
    return str(graph.serialize(format=format_, **more))


def _about(kg: KnowledgeGraph, iri: Iri, graph: str = "") -> Iterator[tuple[Any, Any, Any, Any]]:
    """Statements as rdflib's terms with their graph; with a variable for ``graph``, from the passages and what describes them."""
    from graph.rdflib_view import node

    thing = iri.n3
    around = (
        f"{{ BIND({thing} AS ?s) {thing} ?p ?o }}",
        f"{{ ?s {RDF.subject.n3} {thing} ; ?p ?o }}",
        f"{{ ?s {FG.about.n3} {thing} ; ?p ?o }}",
    )
    if not graph:
        names = f"{{ VALUES ?p {{ {' '.join(p.n3 for p in LABELS)} }} {thing} ?any ?s . ?s ?p ?o }}"
        queries = [f"SELECT DISTINCT ?s ?p ?o {kg.wrap(' UNION '.join((*around, names)))} LIMIT {MOST}"]
    else:
        derived = f"FILTER(?g NOT IN ({FACTS.n3}, {SOURCES.n3}))"
        stated = f"GRAPH ?g {{ {' UNION '.join(around)} }} {derived}"
        passages = f"{{ SELECT DISTINCT ?s {{ GRAPH ?s {{ {thing} ?any ?thing }} }} }}"
        told = f"{passages} GRAPH {SOURCES.n3} {{ ?s ?p ?o }} BIND({SOURCES.n3} AS ?g)"
        queries = [f"SELECT DISTINCT ?s ?p ?o ?g {{ {part} }} LIMIT {MOST}" for part in (stated, told)]
    for query in queries:
        for row in kg.query(query).rows:
            yield node(row["s"]), node(row["p"]), node(row["o"]), node(row["g"]) if "g" in row else None
