"""The knowledge graph: opening, querying, building and checking it.

>>> from graph import KnowledgeGraph
>>> kg = KnowledgeGraph.open()                                              # doctest: +SKIP
>>> kg.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0]["n"].value     # doctest: +SKIP
"""

from __future__ import annotations

from graph.store import KnowledgeGraph
from graph.types import (
    Blank,
    BuildError,
    EndpointError,
    Fact,
    GraphError,
    Iri,
    Literal,
    OpenError,
    QueryError,
    QueryTimeout,
    RefusedQuery,
    ResultTooLarge,
    Solutions,
    Source,
    Term,
)

__all__ = [
    "Blank",
    "BuildError",
    "EndpointError",
    "Fact",
    "GraphError",
    "Iri",
    "KnowledgeGraph",
    "Literal",
    "OpenError",
    "QueryError",
    "QueryTimeout",
    "RefusedQuery",
    "ResultTooLarge",
    "Solutions",
    "Source",
    "Term",
]
