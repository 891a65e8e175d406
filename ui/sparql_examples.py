"""Worked queries for the SPARQL page: those that come with the data, or ten that suit any graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graph.corpus import data_folder
from graph.store import KnowledgeGraph
from graph.terms import FACTS
from graph.types import BuildError

SHOWN = 10
_READ = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX schema: <https://schema.org/>
SELECT ?example ?question ?query ?first {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?question ; sh:select|sh:ask|sh:construct ?query
  BIND(EXISTS { ?example schema:keywords "shown" } AS ?first)
}
ORDER BY DESC(?first) ?example ?question"""


@dataclass(frozen=True, slots=True)
class Example:
    """A question in words and the query that answers it."""

    question: str
    query: str


GENERIC = (
    Example(
        "What kinds of things are there, and how many of each?",
        """SELECT ?class (COUNT(?thing) AS ?things) {
  ?thing a ?class
}
GROUP BY ?class
ORDER BY DESC(?things)
LIMIT 50""",
    ),
    Example(
        "Which properties are used, and how often?",
        """SELECT ?property (COUNT(*) AS ?uses) {
  ?thing ?property ?value
}
GROUP BY ?property
ORDER BY DESC(?uses)
LIMIT 50""",
    ),
    Example(
        "What are things called?",
        """SELECT ?thing ?name {
  VALUES ?label { rdfs:label skos:prefLabel schema:name dct:title }
  ?thing ?label ?name
}
ORDER BY ?name
LIMIT 50""",
    ),
    Example(
        "About which things is most said?",
        """SELECT ?thing (COUNT(*) AS ?statements) {
  ?thing ?property ?value
}
GROUP BY ?thing
ORDER BY DESC(?statements)
LIMIT 20""",
    ),
    Example(
        "To which things do most others point?",
        """SELECT ?thing (COUNT(*) AS ?pointers) {
  ?other ?property ?thing
  FILTER(isIRI(?thing))
}
GROUP BY ?thing
ORDER BY DESC(?pointers)
LIMIT 20""",
    ),
    Example(
        "Which properties do the things of each class have?",
        """SELECT ?class ?property (COUNT(DISTINCT ?thing) AS ?things) {
  ?thing a ?class ;
    ?property ?value
}
GROUP BY ?class ?property
ORDER BY ?class DESC(?things)
LIMIT 100""",
    ),
    Example(
        "In which languages are there words?",
        """SELECT ?language (COUNT(*) AS ?texts) {
  ?thing ?property ?text
  FILTER(isLiteral(?text))
  BIND(LANG(?text) AS ?language)
}
GROUP BY ?language
ORDER BY DESC(?texts)""",
    ),
    Example(
        "How long are the texts of each property?",
        """SELECT ?property (COUNT(?text) AS ?texts) (AVG(STRLEN(STR(?text))) AS ?letters) {
  ?thing ?property ?text
  FILTER(isLiteral(?text))
}
GROUP BY ?property
ORDER BY DESC(?letters)
LIMIT 30""",
    ),
    Example(
        "Which named graphs are there?",
        """SELECT ?graph (COUNT(*) AS ?statements) {
  GRAPH ?graph { ?thing ?property ?value }
}
GROUP BY ?graph
ORDER BY ?graph
LIMIT 50""",
    ),
    Example(
        "Twenty statements, as a graph",
        """CONSTRUCT {
  ?thing ?property ?value
} WHERE {
  ?thing ?property ?value
}
LIMIT 20""",
    ),
)


def examples_for(kg: KnowledgeGraph) -> tuple[Example, ...]:
    """Ten worked queries for an opened graph: those of the data folder where the graph was built from it."""
    if kg.facts_graph != FACTS.value:
        return GENERIC
    try:
        folder = data_folder() / "examples"
    except BuildError:
        return GENERIC
    return read_examples(folder)[:SHOWN] or GENERIC


def read_examples(folder: Path) -> tuple[Example, ...]:
    """The ``sh:SPARQLExecutable`` of a folder, one a file, those marked as shown first, then by IRI; of several wordings the first."""
    if not any(folder.glob("*.ttl")):
        return ()
    found: dict[str, Example] = {}
    for row in KnowledgeGraph.open(folder, facts_graph="default").query(_READ).rows:
        found.setdefault(row["example"].value, Example(row["question"].value, row["query"].value.strip()))
    return tuple(found.values())
