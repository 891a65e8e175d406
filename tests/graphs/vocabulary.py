"""A small maker of graphs: classes, properties and things with labels, written as Turtle.

The three domains say what there is; this module says how that becomes RDF. Where a unit stands, and which property carries
the label, differs between the domains on purpose, as graphs in the wild differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

Value = str | bool | int | float | Decimal | date | datetime | URIRef | None
English = "en"


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year, written as xsd:gYear."""

    number: int


Fact = Value | Year | Sequence[URIRef]


class VocabularyError(Exception):
    """A property that was not declared, or two things of one name."""


def _literal(value: str | bool | int | float | Decimal | date | datetime | Year) -> Literal:
    if isinstance(value, Year):
        return Literal(f"{value.number:04d}", datatype=XSD.gYear)
    return Literal(value)


def slug(label: str) -> str:
    """'North & Vale Rail' -> 'north-vale-rail'."""
    return re.sub(r"[^a-z0-9]+", "-", label.casefold()).strip("-")


class Vocabulary:
    """One graph in the making.

    base    the namespace of everything in it
    prefix  its prefix in the Turtle file
    named   the property that carries the label of classes, properties and things
    unit    the property by which a property states its unit as text; None where units stand in labels or comments
    """

    def __init__(self, base: str, prefix: str, named: URIRef = RDFS.label, unit: URIRef | None = None) -> None:
        self.space = Namespace(base)
        self.graph = Graph()
        self.named, self.unit = named, unit
        self._declared: set[str] = set()
        self.graph.bind(prefix, self.space)
        for name, space in (("owl", OWL), ("rdfs", RDFS), ("skos", SKOS), ("xsd", XSD)):
            self.graph.bind(name, space)

    def kind(self, name: str, label: str, comment: str = "", below: str = "", also: Sequence[str] = ()) -> None:
        """Declare a class, ``below`` another where it is a kind of it."""
        self._describe(self.space[name], OWL.Class, label, comment, also)
        if below:
            self.graph.add((self.space[name], RDFS.subClassOf, self.space[below]))

    def link(
        self, name: str, label: str, domain: str, to: str, comment: str = "", also: Sequence[str] = (), mutual: bool = False
    ) -> None:
        """Declare a property between things; with no ``domain`` it is open at that end."""
        self._property(name, OWL.ObjectProperty, label, domain, comment, also)
        if to:
            self.graph.add((self.space[name], RDFS.range, self.space[to]))
        if mutual:
            self.graph.add((self.space[name], RDF.type, OWL.SymmetricProperty))

    def value(
        self,
        name: str,
        label: str,
        domain: str,
        datatype: URIRef,
        unit: str | URIRef = "",
        comment: str = "",
        also: Sequence[str] = (),
    ) -> None:
        """Declare a property with a literal value, in ``unit`` where it has one."""
        self._property(name, OWL.DatatypeProperty, label, domain, comment, also)
        self.graph.add((self.space[name], RDFS.range, datatype))
        if unit and self.unit is not None:
            self.graph.add((self.space[name], self.unit, unit if isinstance(unit, URIRef) else Literal(unit)))

    def thing(self, kind: str, label: str, **facts: Fact) -> URIRef:
        """A new thing with its label and facts. Raises VocabularyError where its name is taken."""
        iri = self.space[slug(label)]
        if (iri, RDF.type, None) in self.graph:
            raise VocabularyError(f"{label!r} is there already; give each thing a label of its own")
        self.graph.add((iri, RDF.type, self.space[kind]))
        self.graph.add((iri, self.named, Literal(label, lang=English)))
        self.say(iri, **facts)
        return iri

    def say(self, thing: URIRef, **facts: Fact) -> None:
        """More facts of a thing; None is left out, a sequence is several. Raises VocabularyError for an undeclared property."""
        for name, fact in facts.items():
            if name not in self._declared:
                raise VocabularyError(f"{name!r} is not declared; declare it with link() or value()")
            if isinstance(fact, URIRef):
                self.graph.add((thing, self.space[name], fact))
            elif isinstance(fact, (list, tuple)):
                for one in fact:
                    self.graph.add((thing, self.space[name], one))
            elif fact is not None:
                assert isinstance(fact, (str, bool, int, float, Decimal, date, Year))
                self.graph.add((thing, self.space[name], _literal(fact)))

    def alias(self, thing: URIRef, *labels: str) -> None:
        """Other names of a thing."""
        for label in labels:
            self.graph.add((thing, SKOS.altLabel, Literal(label, lang=English)))

    def save(self, path: Path) -> Path:
        """Write the graph as Turtle; the same graph gives the same bytes."""
        path.write_text(self.graph.serialize(format="turtle"), encoding="utf-8")
        return path

    def _property(self, name: str, kind: URIRef, label: str, domain: str, comment: str, also: Sequence[str]) -> None:
        self._declared.add(name)
        self._describe(self.space[name], kind, label, comment, also)
        if domain:
            self.graph.add((self.space[name], RDFS.domain, self.space[domain]))

    def _describe(self, iri: URIRef, kind: URIRef, label: str, comment: str, also: Sequence[str]) -> None:
        self.graph.add((iri, RDF.type, kind))
        self.graph.add((iri, self.named, Literal(label, lang=English)))
        if comment:
            self.graph.add((iri, RDFS.comment, Literal(comment, lang=English)))
        self.alias(iri, *also)


def money(pounds: int, pence: int = 0) -> Decimal:
    """An amount with two decimals."""
    return Decimal(pounds * 100 + pence).scaleb(-2)
