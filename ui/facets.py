"""Narrowing the things of a class by what they have in common: the facets are read from the graph, none is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.types import Iri
from ui.catalogue import Catalogue, Shelf, Thing

MOST = 50_000  # edges that are read of one class
FEWEST, MANY = 2, 120  # values that a facet has
SHARED = 2  # things that have a value of a facet, on average at least
BROAD = 3  # a facet is had by one in so many things at least


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of things is narrowed to: words of a name, a class by its address, values as 'property:value' by theirs."""

    text: str = ""
    kind: str = ""
    has: tuple[str, ...] = ()

    def href(self, **changes: str | tuple[str, ...]) -> str:
        """The address of the list with something changed."""
        text, kind, has = (changes.get(name, getattr(self, name)) for name in ("text", "kind", "has"))
        pairs = [("q", str(text)), ("kind", str(kind)), *(("has", h) for h in has)]
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"/things?{query}" if query else "/things"

    def toggled(self, one: str) -> str:
        """The address with one value more, or without it."""
        return self.href(has=tuple(h for h in self.has if h != one) if one in self.has else (*self.has, one))


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet: its key 'property:value', how it is called, and how many of the things that are left have it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A property, and its values by how many have them."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Narrowed:
    """The things that are left, the class whose facets are offered, and these."""

    catalogue: Catalogue
    kinds: tuple[tuple[str, str, int], ...]  # address, title and size of each class
    kind: str = ""
    facets: tuple[Facet, ...] = ()


class Facets:
    """The facets of one graph; what the things of a class have is read once."""

    def __init__(self, kg: KnowledgeGraph, schema: Schema, catalogue: Catalogue) -> None:
        self._kg, self._schema, self._catalogue = kg, schema, catalogue
        self._edges: dict[Iri, dict[Iri, dict[Iri, set[Iri]]]] = {}
        self._kinds: dict[str, Shelf] = {}
        for shelf in catalogue.shelves:
            if shelf.iri:  # the second class with the same last part goes by its whole IRI
                self._kinds[shelf.iri.value if _last(shelf.iri) in self._kinds else _last(shelf.iri)] = shelf

    def narrow(self, wanted: Wanted) -> Narrowed:
        """What is left, with the facets of the class that is wanted, or of that in focus."""
        catalogue = self._catalogue
        kinds = tuple((address, shelf.title, len(shelf.things)) for address, shelf in self._kinds.items())
        shelf = self._kinds.get(wanted.kind)
        if shelf:
            left = Shelf(shelf.iri, shelf.title, tuple(self._having(shelf, wanted.has)))
            catalogue = Catalogue((left,) if left.things else (), catalogue.by_slug, catalogue.by_iri, catalogue.cut)
        offered = shelf or next((s for s in self._catalogue.shelves if s.iri and s.iri == self._schema.focus), None)
        if wanted.text:
            catalogue = catalogue.matching(wanted.text)
        found = {t.iri for s in catalogue.shelves for t in s.things}
        of = next((address for address, s in self._kinds.items() if s is offered), "")
        return Narrowed(catalogue, kinds, of, self._offered(offered, found) if offered else ())

    def _having(self, shelf: Shelf, has: Sequence[str]) -> list[Thing]:
        assert shelf.iri
        edges = self._read(shelf.iri)
        kept = list(shelf.things)
        for key in has:
            name, _, value = key.partition(":")
            thing = self._catalogue.by_slug.get(value)
            holders = [by for p, by in edges.items() if _last(p) == name]
            kept = [t for t in kept if thing and any(thing.iri in by.get(t.iri, ()) for by in holders)]
        return kept

    def _offered(self, shelf: Shelf, found: set[Iri]) -> tuple[Facet, ...]:
        assert shelf.iri
        edges = self._read(shelf.iri)
        ranked = sorted(edges, key=lambda p: (self._schema.property(p).headline or 99, self._schema.property(p).named.label))
        facets = (self._facet(p, edges[p], found) for p in ranked)
        return tuple(f for f in facets if f.options)

    def _facet(self, p: Iri, by: Mapping[Iri, set[Iri]], found: set[Iri]) -> Facet:
        pages = self._catalogue.by_iri
        counts = Counter(v for thing, values in by.items() if thing in found for v in values if v in pages)
        options = (Option(f"{_last(p)}:{pages[v].slug}", pages[v].label, n) for v, n in counts.items())
        return Facet(self._schema.property(p).named.label, tuple(sorted(options, key=lambda o: (-o.count, o.label.casefold()))))

    def _read(self, c: Iri) -> dict[Iri, dict[Iri, set[Iri]]]:
        """Property -> thing -> its values, for the properties that make facets."""
        if c not in self._edges:
            self._edges[c] = self._facetted(c)
        return self._edges[c]

    def _facetted(self, c: Iri) -> dict[Iri, dict[Iri, set[Iri]]]:
        schema = self._schema
        possible = sorted(p for p, info in (*schema.properties.items(), *schema.levels.items()) if c in info.subjects and info.objects)
        size = next((len(s.things) for s in self._catalogue.shelves if s.iri == c), 0)
        if not possible or size > MOST / 10:
            return {}
        body = f"VALUES ?p {{ {' '.join(p.n3 for p in possible)} }} ?s a {c.n3} ; ?p ?v FILTER(isIRI(?v))"
        edges: dict[Iri, dict[Iri, set[Iri]]] = {}
        for row in self._kg.query(f"SELECT DISTINCT ?s ?p ?v {self._kg.wrap(body)} LIMIT {MOST}").rows:
            s, p, v = row["s"], row["p"], row["v"]
            if isinstance(s, Iri) and isinstance(p, Iri) and isinstance(v, Iri) and v in self._catalogue.by_iri:
                edges.setdefault(p, {}).setdefault(s, set()).add(v)
        values = {p: {v for found in by.values() for v in found} for p, by in edges.items()}
        shared = {p for p, by in edges.items() if sum(map(len, by.values())) >= SHARED * len(values[p])}
        return {p: edges[p] for p in shared if len(edges[p]) * BROAD >= size and FEWEST <= len(values[p]) <= MANY}


def _last(iri: Iri) -> str:
    return iri.value.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
