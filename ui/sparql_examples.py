"""Worked queries for the SPARQL page: those that come with the data, or six that suit any graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graph.corpus import data_folder
from graph.store import KnowledgeGraph
from graph.terms import FACTS
from graph.types import BuildError

SHOWN = 6
_READ = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?example ?question ?query { ?example a sh:SPARQLExecutable ; rdfs:comment ?question ; sh:select|sh:ask|sh:construct ?query }
ORDER BY ?example ?question"""


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
    """Six worked queries for an opened graph: those of the data folder where the graph was built from it."""
    if kg.facts_graph != FACTS.value:
        return GENERIC
    try:
        folder = data_folder() / "examples"
    except BuildError:
        return GENERIC
    return read_examples(folder)[:SHOWN] or GENERIC


def read_examples(folder: Path) -> tuple[Example, ...]:
    """The ``sh:SPARQLExecutable`` of a folder, one a file, in the order of their IRIs; of several wordings the first."""
    if not any(folder.glob("*.ttl")):
        return ()
    found: dict[str, Example] = {}
    for row in KnowledgeGraph.open(folder, facts_graph="default").query(_READ).rows:
        found.setdefault(row["example"].value, Example(row["question"].value, row["query"].value.strip()))
    return tuple(found.values())
