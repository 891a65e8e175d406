"""A dump as tables: one CSV file for each class, a row for each of its things, for those who want a spreadsheet.

A property has up to three columns: its values by their names; where some of them are things, their IRIs; and where the
dataset has passages, the address of the source of each. Several values stand in one cell, parted by " | ", in the same
order in all three.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.provenance import describe, ordered
from graph.quads import Quads
from graph.store import KnowledgeGraph
from graph.terms import FACTS, FG, LABELS, OWL, RDF, RDFS, SKOS, SOURCES, TERMS
from graph.types import Blank, Iri, Literal, Source

PART = " | "
OF_THE_LANGUAGE = (OWL.base, RDFS.Class.value, RDF.Property.value, FG.Level.value)  # classes of terms, not of things
CALLED = {SKOS.altLabel.n3: "other names", SKOS.hiddenLabel.n3: "names that are not shown"}  # vocabularies seldom name these
_NAMES = frozenset(p.n3 for p in LABELS)


@dataclass(frozen=True)
class Table:
    """A class as a table: the name of its file without the ending, its label, its IRI, and its rows with the header first."""

    name: str
    label: str
    iri: str
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """CSV as RFC 4180 has it, in UTF-8."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerows(self.rows)
        return out.getvalue()


def tables(kg: KnowledgeGraph, quads: Quads) -> list[Table]:
    """A table for each class that has things in the facts, and for the documents and passages behind them."""
    reader = _Reader(kg, quads)
    classes = sorted(reader.classes())
    names = _file_names({c: quads.terms[c].value for c in classes})
    return [Table(names[c], reader.label(c), c[1:-1], tuple(reader.rows(c))) for c in classes]


def _file_names(classes: Mapping[str, str]) -> dict[str, str]:
    """The last part of each IRI as a file name; of two that are alike the later one is numbered."""
    taken: set[str] = set()
    found = {}
    for key, iri in classes.items():
        last = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", re.split(r"[#/]", iri.rstrip("#/"))[-1])
        stem = re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-") or "thing"
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name)
        found[key] = name
    return found


class _Reader:
    """What tables are made of, gathered in one pass over the quads."""

    def __init__(self, kg: KnowledgeGraph, quads: Quads) -> None:
        self._terms = quads.terms
        self._cited = kg.facts_graph == FACTS.value
        facts = "" if kg.facts_graph in ("default", "union") else f"<{kg.facts_graph}>"
        self._said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._graphs: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self._labels: dict[str, tuple[int, str]] = {}
        beside = {SOURCES.n3, TERMS.n3, FACTS.n3} if self._cited else set()
        for s, p, o, g in quads.rows:
            if g == facts or kg.facts_graph == "union" or (self._cited and g == SOURCES.n3):
                self._said[s][p].add(o)
                self._named(s, p, o)
            elif g not in beside and self._cited:
                self._graphs[s, p, o].add(g)
        self._sources = describe(kg, {g[1:-1] for names in self._graphs.values() for g in names}) if self._cited else {}

    def _named(self, s: str, p: str, o: str) -> None:
        """Remember the best label: the first property of LABELS, English or untagged before others, then the first in order."""
        term = self._terms[o]
        if p in _NAMES and isinstance(term, Literal):
            rank = next(i for i, label in enumerate(LABELS) if label.n3 == p) * 2 + (term.language[:2] not in ("", "en"))
            self._labels[s] = min(self._labels.get(s, (99, "")), (rank, term.value))

    def label(self, key: str) -> str:
        """A thing's label, a literal's value, else the last part of the IRI."""
        if key in CALLED:
            return CALLED[key]
        term = self._terms[key]
        if isinstance(term, Iri):
            return self._labels[key][1] if key in self._labels else re.split(r"[#/]", term.value.rstrip("#/"))[-1] or term.value
        return f"_:{term.value}" if isinstance(term, Blank) else term.value

    def classes(self) -> set[str]:
        """Classes of things, without those of the language itself; of classes with the very same things one, with a label if it has."""
        things: dict[str, set[str]] = defaultdict(set)
        for thing, about in self._said.items():
            for class_ in about.get(RDF.type.n3, ()):
                things[class_].add(thing)
        kept: dict[frozenset[str], str] = {}
        for class_ in sorted(things, key=lambda c: (c not in self._labels, c)):
            # how each computed fact came about stands in the quads, and is of no use as a table
            if isinstance(self._terms[class_], Iri) and not class_[1:].startswith(OF_THE_LANGUAGE) and class_ != FG.Derivation.n3:
                kept.setdefault(frozenset(things[class_]), class_)
        return set(kept.values())

    def rows(self, class_: str) -> Iterator[tuple[str, ...]]:
        things = sorted((t for t, about in self._said.items() if class_ in about.get(RDF.type.n3, ())), key=lambda t: (self.label(t), t))
        used = {p for t in things for p in self._said[t]} - _NAMES - {RDF.type.n3}
        columns = sorted(used, key=lambda p: (self.label(p), p))
        with_iris = {p for p in columns if any(isinstance(self._terms[o], Iri) for t in things for o in self._said[t].get(p, ()))}
        sourced = {p for p in columns if any((t, p, o) in self._graphs for t in things for o in self._said[t].get(p, ()))}
        yield ("IRI", "label", *self._header(columns, with_iris, sourced))
        for thing in things:
            iri = thing[1:-1] if thing.startswith("<") else thing
            yield (iri, self.label(thing), *(cell for p in columns for cell in self._cells(thing, p, p in with_iris, p in sourced)))

    def _header(self, columns: Iterable[str], with_iris: set[str], sourced: set[str]) -> Iterator[str]:
        taken = {"IRI", "label"}
        for p in columns:
            name = self.label(p)
            if name in taken:  # two properties of one name are told apart by their IRIs
                name = f"{name} <{self._terms[p].value}>"
            taken.add(name)
            yield name
            yield from [f"{name} (IRI)"] * (p in with_iris)
            yield from [f"{name} (source)"] * (p in sourced)

    def _cells(self, thing: str, p: str, with_iris: bool, sourced: bool) -> Iterator[str]:
        values = sorted(self._said[thing].get(p, ()), key=lambda o: (self.label(o), o))
        yield PART.join(map(self.label, values))
        if with_iris:
            yield PART.join(o[1:-1] if o.startswith("<") else "" for o in values)
        if sourced:
            yield PART.join(self._source(thing, p, o) for o in values)

    def _source(self, s: str, p: str, o: str) -> str:
        """The address of the first source of a fact, as a citation would have it; of a computed one, its rule."""
        told: list[Source] = [self._sources[g[1:-1]] for g in sorted(self._graphs.get((s, p, o), ())) if g[1:-1] in self._sources]
        return next((source.url or source.passage for source in ordered(told)), "")
