"""What the SPARQL door can do, as RDF: SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from graph.terms import FACTS, RDF
from graph.types import Blank, Fact, Iri

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
WRITTEN = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip


def service_description(endpoint: str, facts_graph: str) -> list[Fact]:
    """The statements about the door at this address; ``facts_graph`` as a KnowledgeGraph names it."""
    service, dataset, default = Blank("service"), Blank("dataset"), Blank("default")
    told = [
        Fact(service, RDF.type, Iri(SD + "Service")),
        Fact(service, Iri(SD + "endpoint"), Iri(endpoint)),
        Fact(service, Iri(SD + "supportedLanguage"), Iri(SD + "SPARQL11Query")),
        *(Fact(service, Iri(SD + "resultFormat"), Iri(FORMATS + name)) for name in WRITTEN),
        Fact(service, Iri(SD + "defaultDataset"), dataset),
        Fact(dataset, RDF.type, Iri(SD + "Dataset")),
        Fact(dataset, Iri(SD + "defaultGraph"), default),
        Fact(default, RDF.type, Iri(SD + "Graph")),
    ]
    if facts_graph == "union":
        told.append(Fact(service, Iri(SD + "feature"), Iri(SD + "UnionDefaultGraph")))
    if facts_graph == FACTS.value:
        named = Blank("facts")
        told += [
            Fact(dataset, Iri(SD + "namedGraph"), named),
            Fact(named, RDF.type, Iri(SD + "NamedGraph")),
            Fact(named, Iri(SD + "name"), FACTS),
            Fact(named, Iri(SD + "graph"), default),
        ]
    return told


def written(facts: list[Fact], format_: str) -> str:
    """Statements in a format of rdflib's."""
    from rdflib import Graph, URIRef

    from graph.rdflib_view import node

    graph = Graph(bind_namespaces="none")
    graph.bind("sd", SD)
    graph.bind("formats", FORMATS)
    for f in facts:
        graph.add((node(f.subject), URIRef(f.predicate.value), node(f.object)))
    return str(graph.serialize(format=format_))
