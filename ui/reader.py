"""From the statements about a thing to its dossier: named, ordered, grouped, numbered by source, with its gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import groupby
from urllib.parse import quote

from graph.provenance import derivations, describe, sources_of
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import ALIASES, DCT, FACTS, FG, LABELS, RDF, RDFS, SKOS
from graph.types import Fact, Iri, Literal, Source, Term
from ui.catalogue import Catalogue
from ui.dossier import Aspect, Dossier, Feature, Group, Pointers, Qualifier, Ref, Row, Saying, Stated
from ui.gather import MOST, Gathered, Remark, gather
from ui.labels import Labels, Names

TEXTS = (SKOS.definition, DCT.description, RDFS.comment)
HIDDEN = frozenset((RDF.type, *LABELS, *ALIASES, *TEXTS))
DERIVED_SHOWN = 3  # passages that a computed value is traced to, beside its rule
POINTERS_SHOWN = 200  # things that point here by one property


class Reader:
    """Reads dossiers from one graph. What is the same for every thing (schema, catalogue) is read once, when first needed."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg
        self.labels = Labels(kg)
        self._counts: dict[Iri, dict[Iri, int]] = {}

    @cached_property
    def schema(self) -> Schema:
        return Schema.read(self.kg)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue.read(self.kg, self.schema, self.labels)

    @cached_property
    def kinds(self) -> dict[Iri, str]:
        """Feature -> the group it is compared in."""
        rows = self.kg.query(f"SELECT ?f ?group {self.kg.wrap(f'?f {FG.group.n3} ?group')}").rows
        return {row["f"]: row["group"].value for row in rows if isinstance(row["f"], Iri)}

    @cached_property
    def defining(self) -> frozenset[Iri]:
        """The aspects whose remarks say what a thing is."""
        body = f"VALUES ?end {{ {FG.define.n3} {FG.describe.n3} }} ?a {FG.serves.n3} ?end"
        return frozenset(row["a"] for row in self.kg.query(f"SELECT ?a {self.kg.wrap(body)}").rows if isinstance(row["a"], Iri))

    def counts(self, c: Iri) -> dict[Iri, int]:
        """Property -> how many of a class's things have it; ``rdf:type`` is had by all."""
        if c not in self._counts:
            rows = self.kg.query(f"SELECT ?p (COUNT(DISTINCT ?s) AS ?n) {self.kg.wrap(f'?s a {c.n3} ; ?p ?o')} GROUP BY ?p").rows
            self._counts[c] = {p: int(row["n"].value) for row in rows if isinstance(p := row.get("p"), Iri)}
        return self._counts[c]

    def usual(self, c: Iri) -> frozenset[Iri]:
        """The properties that at least half of a class's things have."""
        found = self.counts(c)
        return frozenset(p for p, n in found.items() if 2 * n >= found.get(RDF.type, 0))

    def reach(self) -> tuple[str, int, list[tuple[str, int]]]:
        """The class in focus (or the first), its size, and of how many of its things each property that is told is stated."""
        shelf = next((s for s in self.catalogue.shelves if s.iri), None)
        if shelf is None or shelf.iri is None:
            return "", 0, []
        found = self.counts(shelf.iri)
        told = [(info.named.label, found[p]) for p, info in self.schema.properties.items() if p in found and p not in HIDDEN]
        return shelf.title, found.get(RDF.type, 0), told

    def compared(self, c: Iri) -> frozenset[Iri]:
        """The features that things of a class are compared by: none, unless most of them have a level."""
        levels = frozenset(self.schema.levels)
        if not levels & self.usual(c):
            return frozenset()
        body = f"VALUES ?p {{ {' '.join(p.n3 for p in sorted(levels))} }} ?s a {c.n3} ; ?p ?f"
        return frozenset(r["f"] for r in self.kg.query(f"SELECT DISTINCT ?f {self.kg.wrap(body)}").rows if isinstance(r["f"], Iri))

    def read(self, thing: Iri) -> Dossier:
        """The dossier of a thing of the catalogue."""
        return _Writer(self, thing, gather(self.kg, thing)).write()


class _Sources:
    """Numbers sources as they are first cited; passages that read the same share a number."""

    def __init__(self, kg: KnowledgeGraph, facts: Iterable[Fact]) -> None:
        self._stated = sources_of(kg, facts)
        computed = [f for f, found in self._stated.items() if any(s.computed for s in found)]
        from_ = {fact: names[:DERIVED_SHOWN] for fact, names in derivations(kg, computed).items()}
        known = describe(kg, {n for names in from_.values() for n in names})
        for fact, names in from_.items():
            self._stated[fact] += tuple(known[n] for n in names if n in known and known[n] not in self._stated[fact])
        self._numbers: dict[tuple[str, ...], int] = {}
        self.listed: list[Source] = []

    def of(self, fact: Fact) -> tuple[Source, ...]:
        return self._stated.get(fact, ())

    def computed(self, fact: Fact) -> bool:
        return bool(self.of(fact)) and self.of(fact)[0].computed

    def publisher(self, fact: Fact) -> str:
        """Who says it, as one says it after 'according to'."""
        return next((s.publisher or s.title for s in self.of(fact)), "")

    def cite(self, *facts: Fact) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._number(s) for fact in facts for s in self.of(fact)))

    def _number(self, s: Source) -> int:
        key = (s.title, s.section, s.url, s.retrieved, s.version)
        if key not in self._numbers:
            self.listed.append(s)
            self._numbers[key] = len(self.listed)
        return self._numbers[key]


class _Writer:
    """Writes one dossier, group by group, in the order of the page, so that its marks count up."""

    def __init__(self, reader: Reader, thing: Iri, found: Gathered) -> None:
        self.reader, self.thing, self.found = reader, thing, found
        self.schema = reader.schema
        self.names = self._learn()
        self.sources = _Sources(reader.kg, found.facts())
        self.classes = sorted(f.object for f in found.own if f.predicate == RDF.type and isinstance(f.object, Iri))

    def _learn(self) -> Names:
        gaps = {c for f in self.found.own if f.predicate == RDF.type and isinstance(c := f.object, Iri)}
        expected = [*(p for c in gaps for p in self.reader.usual(c)), *(f for c in gaps for f in self.reader.compared(c))]
        expected += [*self.schema.properties, *self.schema.levels]
        return self.reader.labels.learn([*self.found.terms(), *(Fact(self.thing, i, i) for i in expected)])

    def write(self) -> Dossier:
        title = self.names.known.get(self.thing.value) or self.reader.catalogue.by_iri[self.thing].label
        texts = tuple(self._stated(f) for p in TEXTS for f in self.found.own if f.predicate == p)
        aspects = self._aspects()
        first = [self._aspect(a, rs) for a, rs in aspects if a in self.reader.defining]
        rows, groups = self._rows(), self._groups()
        rest = [self._aspect(a, rs) for a, rs in aspects if a not in self.reader.defining]
        return Dossier(
            iri=self.thing.value,
            title=title,
            classes=tuple(self._ref(c) for c in self.classes),
            names=self._other_names(title),
            texts=texts,
            rows=rows,
            groups=groups,
            aspects=(*first, *rest),
            pointers=self._pointers(),
            sources=tuple(self.sources.listed),
        )

    # ------------------------------------------------------------ terms

    def _ref(self, term: Term) -> Ref:
        if isinstance(term, Iri):
            page = self.reader.catalogue.by_iri.get(term)
            web = term.value if term.value.startswith(("http://", "https://")) and term.value not in self.names.known else ""
            return Ref(self.names.thing(term), page.href if page else "", "" if page else web)
        if isinstance(term, Literal):
            return Ref(term.value, language="" if term.language.startswith("en") else term.language)
        return Ref(self.names.thing(term))

    def _other_names(self, title: str) -> tuple[str, ...]:
        names = [f.object for f in self.found.own if f.predicate in (*LABELS, SKOS.altLabel)]
        said = [n.value for n in names if isinstance(n, Literal) and n.language[:2] in ("", "en")]
        return tuple(n for n in dict.fromkeys(said) if n != title)

    def _stated(self, fact: Fact, value: Ref | None = None, rivals: tuple[Stated, ...] = ()) -> Stated:
        return Stated(
            value=value or self._ref(fact.object),
            cites=self.sources.cite(fact),
            computed=self.sources.computed(fact),
            denied=fact in self.found.denied,
            qualifiers=tuple(self._qualifier(q) for q in sorted(self.found.qualifiers.get(fact, ()), key=_notes_last)),
            rivals=rivals,
        )

    def _qualifier(self, fact: Fact) -> Qualifier:
        label = "" if fact.predicate == FG.note else self.names.property(fact.predicate)
        return Qualifier(label, self._ref(fact.object), self.sources.cite(fact))

    def _rival(self, fact: Fact, value: Ref) -> Stated:
        return Stated(value, self.sources.cite(fact), by=self.sources.publisher(fact))

    # ------------------------------------------------------------ properties

    def _rows(self) -> tuple[Row, ...]:
        values: dict[Iri, list[Fact]] = defaultdict(list)
        for fact in (*self.found.own, *sorted(self.found.denied, key=lambda f: f.key)):
            if self._shown(fact.predicate):
                values[fact.predicate].append(fact)
        wanted = {*values, *(p for p in self._expected() if self._shown(p))}
        return tuple(self._row(p, values.get(p, [])) for p in sorted(wanted, key=self._place))

    def _shown(self, p: Iri) -> bool:
        return p not in HIDDEN and p not in self.schema.levels and not p.value.startswith(FG.base)

    def _expected(self) -> set[Iri]:
        """What one would look for: the headline properties of the class in focus, and what half of its own class have."""
        usual = {p for c in self.classes for p in self.reader.usual(c)}
        headlines = {p for p, info in self.schema.properties.items() if info.headline is not None}
        return usual | (headlines if self.schema.focus in self.classes else set())

    def _place(self, p: Iri) -> tuple[float, str]:
        info = self.schema.properties.get(p)
        headline = info.headline if info and info.headline is not None else float("inf")
        return headline, self.names.property(p).casefold()

    def _row(self, p: Iri, facts: Sequence[Fact]) -> Row:
        lost = tuple(f for f in self.found.rivals if f.predicate == p)
        order = self.found.order  # the newest version first; else by name
        said = sorted(facts, key=lambda f: (-order.get(f.object, 0), self.names.thing(f.object).casefold()))
        values = [self._stated(f) for f in said[:-1]]
        if said:  # what others state stands after the last value
            values.append(self._stated(said[-1], rivals=tuple(self._rival(f, self._ref(f.object)) for f in lost)))
        return Row(self.names.property(p), tuple(values))

    # ------------------------------------------------------------ features

    def _groups(self) -> tuple[Group, ...]:
        facts = [f for f in (*self.found.own, *self.found.denied) if f.predicate in self.schema.levels]
        missing = {f for c in self.classes for f in self.reader.compared(c)} - {f.object for f in facts}
        kinds = self.reader.kinds
        titles = sorted({kinds.get(t, "") for t in (*missing, *(f.object for f in facts)) if isinstance(t, Iri)}, key=lambda t: (not t, t))
        return tuple(self._group(title, facts, sorted(missing)) for title in titles)

    def _group(self, title: str, facts: Sequence[Fact], missing: Sequence[Iri]) -> Group:
        kinds, named = self.reader.kinds, self.names.thing
        ours = [f for f in facts if isinstance(f.object, Iri) and kinds.get(f.object, "") == title]
        ours.sort(key=lambda f: (-self.schema.ranks.get(f.predicate, 0), named(f.object).casefold()))
        gaps = sorted((f for f in missing if kinds.get(f, "") == title), key=lambda f: named(f).casefold())
        return Group(title or "Other features", tuple(self._feature(f) for f in ours), tuple(self._ref(f) for f in gaps))

    def _feature(self, fact: Fact) -> Feature:
        lost = [f for f in self.found.rivals if f.object == fact.object and f.predicate in self.schema.levels]
        rivals = tuple(self._rival(f, Ref(self.names.property(f.predicate))) for f in lost)
        return Feature(self.names.property(fact.predicate), self.schema.ranks.get(fact.predicate, 0), self._stated(fact, rivals=rivals))

    # ------------------------------------------------------------ remarks

    def _aspects(self) -> list[tuple[Iri | None, list[Remark]]]:
        """Each remark under the first of its aspects: those that say what a thing is, then by name."""
        held: dict[Iri | None, list[Remark]] = defaultdict(list)
        for remark in self.found.remarks:
            held[min(remark.things(FG.aspect), key=self._aspect_place, default=None)].append(remark)
        return [(a, held[a]) for a in sorted(held, key=self._aspect_place)]

    def _aspect_place(self, aspect: Iri | None) -> tuple[bool, bool, str]:
        return aspect is None, aspect not in self.reader.defining, self.names.thing(aspect).casefold() if aspect else ""

    def _aspect(self, aspect: Iri | None, remarks: Sequence[Remark]) -> Aspect:
        ordered = sorted(remarks, key=lambda r: (r.is_claim, len(r.things(FG.about)), r.iri))
        title = self.names.thing(aspect) if aspect else "other remarks"
        return Aspect(title, tuple(self._saying(r) for r in ordered), aspect in self.reader.defining)

    def _saying(self, remark: Remark) -> Saying:
        plain = self._plain(remark)
        against = [self.found.partners[b] for a, b in sorted(self.found.disputes) if a == remark.iri and b in self.found.partners]
        by = [self.found.partners[a] for a, b in sorted(self.found.disputes) if b == remark.iri and a in self.found.partners]
        tags = (
            ("suits", self._refs(remark.things(FG.suits))),
            ("does not suit", self._refs(remark.things(FG.unsuited))),
            ("also about", self._refs(t for t in remark.things(FG.about) if t != self.thing)),
        )
        said = tuple((label, refs) for label, refs in tags if refs)
        disputes, disputed = (tuple(self._plain(r) for r in found) for found in (against, by))
        return Saying(plain.text, plain.cites, plain.by, plain.language, said, disputes, disputed)

    def _plain(self, remark: Remark) -> Saying:
        by = self.sources.publisher(remark.fact) if remark.is_claim else ""
        return Saying(remark.text.value, self.sources.cite(remark.fact), by, self._ref(remark.text).language)

    def _refs(self, things: Iterable[Iri]) -> tuple[Ref, ...]:
        return tuple(self._ref(t) for t in things)

    # ------------------------------------------------------------ what points here

    def _pointers(self) -> tuple[Pointers, ...]:
        pages = self.reader.catalogue.by_iri
        facts = [f for f in self.found.pointing if f.subject in pages and f.subject != self.thing]
        facts.sort(key=lambda f: (self._place(f.predicate), f.predicate, self.names.thing(f.subject).casefold()))
        return tuple(self._pointed(p, list(found)) for p, found in groupby(facts, key=lambda f: f.predicate))

    def _pointed(self, p: Iri, facts: Sequence[Fact]) -> Pointers:
        info = self.schema.levels.get(p) or self.schema.properties.get(p)
        here = self.names.thing(self.thing)
        statement = info.statement if info and info.statement else f"{self.names.property(p)}: {{o}}"
        sentence = statement.replace("{s}", "…").replace("{o}", here).rstrip(".")
        cut = len(facts) > POINTERS_SHOWN or len(self.found.pointing) >= MOST
        graph = f"GRAPH {FACTS.n3} " if self.reader.kg.facts_graph == FACTS.value else ""
        query = f"SELECT ?thing {{ {graph}{{ ?thing {p.n3} {self.thing.n3} }} }}"
        things = tuple(self._stated(f, self._ref(f.subject)) for f in facts[:POINTERS_SHOWN])
        return Pointers(sentence, things, f"/sparql?query={quote(query)}" if cut else "")


def _notes_last(fact: Fact) -> tuple[bool, tuple[str, str, str]]:
    return fact.predicate == FG.note, fact.key
