"""What has a page: the things of a graph by class, each with the last part of its IRI as its address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import FG, OWL, RDF, RDFS, SOSA
from graph.types import Fact, Iri
from ui.labels import Labels

MOST = 60_000  # things that are listed; a larger graph is cut, and says so
NEAREST = 6
# What describes the graph rather than its world: none of it has a page.
MACHINERY = frozenset((
    OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.FunctionalProperty, OWL.Ontology, RDFS.Class,
    RDF.Property, RDF.Statement, FG.Level, FG.LevelWord, FG.Aspect, FG.Remark, FG.Claim, FG.Need, FG.Dataset, FG.Document, FG.Passage,
    FG.Rule, FG.Derivation, FG.Run, FG.Setup, SOSA.Observation, SOSA.ObservableProperty, SOSA.Procedure,
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a page: ``slug`` is its address."""

    iri: Iri
    slug: str
    label: str

    @property
    def href(self) -> str:
        return address(self.slug)


def address(slug: str) -> str:
    """The path of a thing's page."""
    return f"/thing/{quote(slug, safe='')}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The things of a class, by label; ``iri`` is None for those that have none."""

    iri: Iri | None
    title: str
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Catalogue:
    """All things with a page. ``cut``: the graph holds more than are listed."""

    shelves: tuple[Shelf, ...]
    by_slug: dict[str, Thing]
    by_iri: dict[Iri, Thing]
    cut: bool = False

    @classmethod
    def read(cls, kg: KnowledgeGraph, schema: Schema, labels: Labels) -> Catalogue:
        """List the things of a graph in a few queries."""
        typed, cut = _typed(kg)
        names = labels.learn(Fact(thing, RDF.type, thing) for thing in typed)
        things = {iri: Thing(iri, slug, names.known.get(iri.value, slug)) for iri, slug in _slugs(typed)}
        return cls(_shelves(schema, typed, things), {t.slug: t for t in things.values()}, things, cut)

    def nearest(self, name: str) -> list[Thing]:
        """The things whose address or label is most like a name."""
        from rapidfuzz import fuzz, process

        wanted = name.casefold()
        called = {(t.slug, form): form for t in self.by_slug.values() for form in (t.slug.casefold(), t.label.casefold())}
        near = process.extract(wanted, called, scorer=fuzz.WRatio, limit=4 * NEAREST, score_cutoff=60)
        best = sorted(near, key=lambda m: (-m[1], m[2]))
        return [self.by_slug[slug] for slug in dict.fromkeys(key[0] for _, _, key in best)][:NEAREST]

    def matching(self, text: str) -> Catalogue:
        """The things whose label holds all words of a text."""
        words = text.casefold().split()
        kept = [Shelf(s.iri, s.title, tuple(t for t in s.things if all(w in t.label.casefold() for w in words))) for s in self.shelves]
        return Catalogue(tuple(s for s in kept if s.things), self.by_slug, self.by_iri, self.cut)


def _typed(kg: KnowledgeGraph) -> tuple[dict[Iri, set[Iri]], bool]:
    """Thing -> its classes, for what is described and is no machinery; and whether there are more."""
    classes: dict[Iri, set[Iri]] = {}
    # what has no page is left out by the query: a graph has more remarks and statement nodes than things
    machinery = f"FILTER NOT EXISTS {{ ?s a ?m FILTER(?m IN ({', '.join(c.n3 for c in sorted(MACHINERY))})) }}"
    rows = kg.query(f"SELECT DISTINCT ?s ?c {kg.wrap(f'?s a ?c FILTER(isIRI(?s)) {machinery}')} LIMIT {MOST}").rows
    for row in rows:
        if isinstance(row["s"], Iri) and isinstance(row["c"], Iri):
            classes.setdefault(row["s"], set()).add(row["c"])
    bare = kg.query(f"SELECT DISTINCT ?s {kg.wrap('?s ?p ?o MINUS { ?s a ?c } FILTER(isIRI(?s))')} LIMIT {MOST}").rows
    classes.update({row["s"]: set() for row in bare if isinstance(row["s"], Iri)})
    kept = {thing: found for thing, found in classes.items() if not _machine(thing)}
    return kept, MOST in (len(rows), len(bare))


def _machine(thing: Iri) -> bool:
    return thing.value.startswith((FG.base, RDF.base, RDFS.base, OWL.base))


def _slugs(things: Iterable[Iri]) -> list[tuple[Iri, str]]:
    """An address for each: the last part of its IRI; the second with the same one is numbered."""
    taken: dict[str, Iri] = {}
    for thing in sorted(things):
        last = re.split(r"[/#]", thing.value.rstrip("/#"))[-1]
        slug, number = last, 1
        while slug in taken:
            number += 1
            slug = f"{last}-{number}"
        taken[slug] = thing
    return [(thing, slug) for slug, thing in taken.items()]


def _shelves(schema: Schema, typed: dict[Iri, set[Iri]], things: dict[Iri, Thing]) -> tuple[Shelf, ...]:
    """The class in focus first, the others by label, what has no class last."""
    held: dict[Iri | None, list[Thing]] = {}
    for iri, classes in typed.items():
        kinds: list[Iri | None] = [*sorted(classes - {OWL.NamedIndividual})]
        for c in kinds or [None]:
            held.setdefault(c, []).append(things[iri])
    shelves = [Shelf(c, _title(schema, c), tuple(sorted(found, key=lambda t: (t.label.casefold(), t.slug)))) for c, found in held.items()]
    return tuple(sorted(shelves, key=lambda s: (s.iri is None, s.iri != schema.focus, s.title.casefold())))


def _title(schema: Schema, c: Iri | None) -> str:
    if c is None:
        return "other things"
    return schema.classes[c].named.label if c in schema.classes else c.value
