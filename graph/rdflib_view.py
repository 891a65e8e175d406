"""The dataset for those who want rdflib."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from rdflib.term import Node

from graph.types import XSD_STRING, Blank, Iri, Term


def node(term: Term) -> Node:
    """A term as rdflib's."""
    if isinstance(term, Iri):
        return rdflib.URIRef(term.value)
    if isinstance(term, Blank):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype == XSD_STRING else rdflib.URIRef(term.datatype)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def dataset_of(quads: Iterable[tuple[Term, Iri, Term, Iri | None]], facts: Iri | None) -> rdflib.Dataset:
    """An rdflib Dataset; the graph ``facts`` stands in its default graph as well as under its own name."""
    dataset = rdflib.Dataset()
    default = dataset.default_graph
    for s, p, o, g in quads:
        triple = (node(s), rdflib.URIRef(p.value), node(o))
        if g is None or g == facts:
            default.add(triple)
        if g is not None:
            dataset.graph(rdflib.URIRef(g.value)).add(triple)
    return dataset
