"""What a graph holds of one thing, as raw statements: its own, those that qualify, remark on, dispute or point to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.store import KnowledgeGraph
from graph.terms import FACTS, FG, RDF, SOURCES, TERMS
from graph.types import Fact, Iri, Literal, Row, Term

MOST = 2_000  # statements of one kind that are read; a hub of a large graph has more than a page can hold
Properties = dict[Iri, list[Term]]


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark or claim as the graph holds it."""

    iri: Iri
    said: Properties

    @property
    def text(self) -> Literal:
        return min(o for o in self.said[FG.says] if isinstance(o, Literal))

    @property
    def fact(self) -> Fact:
        return Fact(self.iri, FG.says, self.text)

    @property
    def is_claim(self) -> bool:
        return FG.Claim in self.said.get(RDF.type, ())

    def things(self, *properties: Iri) -> list[Iri]:
        return sorted(o for p in properties for o in self.said.get(p, ()) if isinstance(o, Iri))


@dataclass(frozen=True)
class Gathered:
    """All of it.

    ``denied``: said not to hold. ``partners``: the remarks, with those of others that dispute them or are disputed by them.
    ``rivals``: stated in a passage, lost to another value.
    ``order``: the place of a version among those of its thing.
    """

    own: tuple[Fact, ...]
    qualifiers: dict[Fact, list[Fact]]
    denied: frozenset[Fact]
    remarks: tuple[Remark, ...]
    partners: dict[Iri, Remark]
    disputes: frozenset[tuple[Iri, Iri]]
    pointing: tuple[Fact, ...]
    rivals: tuple[Fact, ...]
    order: dict[Term, int]

    def facts(self) -> Iterator[Fact]:
        """All statements whose sources are shown."""
        yield from self.own
        yield from self.denied
        yield from self.rivals
        yield from self.pointing
        for found in self.qualifiers.values():
            yield from found
        for remark in (*self.remarks, *self.partners.values()):
            yield remark.fact

    def terms(self) -> Iterator[Fact]:
        """All statements whose terms are named."""
        yield from self.facts()
        for r in self.remarks:
            yield from (Fact(r.iri, p, o) for p in (FG.about, FG.aspect, FG.suits, FG.unsuited) for o in r.said.get(p, ()))


def gather(kg: KnowledgeGraph, thing: Iri) -> Gathered:
    """Read all that is stated of a thing, in a few queries."""
    own = _facts(kg, thing)
    qualifiers, denied = _statements(kg, thing)
    about = f"?r {FG.about.n3} {thing.n3} ; {FG.says.n3} ?text"
    remarks = _remarks(kg, about)
    ours = " ".join(r.iri.n3 for r in remarks)
    disputes = _disputes(kg, ours)
    others = {end for pair in disputes for end in pair} - {r.iri for r in remarks}
    partners = _remarks(kg, f"VALUES ?r {{ {' '.join(o.n3 for o in sorted(others))} }} ?r {FG.says.n3} ?text") if others else ()
    return Gathered(
        own=own,
        qualifiers=qualifiers,
        denied=denied - frozenset(own),
        remarks=remarks,
        partners={r.iri: r for r in (*remarks, *partners)},
        disputes=disputes,
        pointing=_pointing(kg, thing),
        rivals=_rivals(kg, thing),
        order=_order(kg, thing),
    )


def _facts(kg: KnowledgeGraph, thing: Iri) -> tuple[Fact, ...]:
    rows = kg.query(f"SELECT DISTINCT ?p ?o {kg.wrap(f'{thing.n3} ?p ?o')} LIMIT {MOST}").rows
    return _ordered(_stated(thing, row) for row in rows if isinstance(row["p"], Iri))


def _ordered(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=lambda f: f.key))


def _stated(thing: Term, row: Row) -> Fact:
    predicate = row["p"]
    assert isinstance(predicate, Iri)
    return Fact(thing, predicate, row["o"])


def _statements(kg: KnowledgeGraph, thing: Iri) -> tuple[dict[Fact, list[Fact]], frozenset[Fact]]:
    """Qualified statement -> its qualifiers; and the statements that are said not to hold."""
    body = f"?st {RDF.subject.n3} {thing.n3} ; {RDF.predicate.n3} ?p ; {RDF.object.n3} ?o ; ?q ?v"
    qualifiers: dict[Fact, list[Fact]] = defaultdict(list)
    denied: set[Fact] = set()
    for row in kg.query(f"SELECT DISTINCT ?st ?p ?o ?q ?v {kg.wrap(body)} LIMIT {MOST}").rows:
        q = row["q"]
        if not isinstance(q, Iri) or not isinstance(row["p"], Iri) or q.value.startswith(RDF.base):
            continue
        if q == FG.holds:
            denied |= {_stated(thing, row)} if row["v"].value in ("false", "0") else set()
        else:
            qualifiers[_stated(thing, row)].append(Fact(row["st"], q, row["v"]))
    return dict(qualifiers), frozenset(denied)


def _remarks(kg: KnowledgeGraph, which: str) -> tuple[Remark, ...]:
    found: dict[Iri, Properties] = {}
    for row in kg.query(f"SELECT DISTINCT ?r ?p ?o {kg.wrap(f'{which} . ?r ?p ?o')} LIMIT {10 * MOST}").rows:
        r, p = row["r"], row["p"]
        if isinstance(r, Iri) and isinstance(p, Iri):
            found.setdefault(r, {}).setdefault(p, []).append(row["o"])
    return tuple(Remark(r, said) for r, said in sorted(found.items()) if any(isinstance(o, Literal) for o in said.get(FG.says, ())))


def _disputes(kg: KnowledgeGraph, ours: str) -> frozenset[tuple[Iri, Iri]]:
    """Pairs of remarks, of which at least one is ours: the first disputes the second."""
    if not ours:
        return frozenset()
    end = FG.disputes.n3
    body = f"{{ VALUES ?a {{ {ours} }} ?a {end} ?b }} UNION {{ VALUES ?b {{ {ours} }} ?a {end} ?b }}"
    rows = kg.query(f"SELECT DISTINCT ?a ?b {kg.wrap(body)}").rows
    return frozenset((r["a"], r["b"]) for r in rows if isinstance(r["a"], Iri) and isinstance(r["b"], Iri))


def _pointing(kg: KnowledgeGraph, thing: Iri) -> tuple[Fact, ...]:
    rows = kg.query(f"SELECT DISTINCT ?s ?p {kg.wrap(f'?s ?p {thing.n3} FILTER(isIRI(?s))')} LIMIT {MOST}").rows
    return _ordered(Fact(row["s"], p, thing) for row in rows if isinstance(p := row["p"], Iri) and not p.value.startswith(RDF.base))


def _rivals(kg: KnowledgeGraph, thing: Iri) -> tuple[Fact, ...]:
    """What passages state of the thing and the resolution did not take."""
    if kg.facts_graph != FACTS.value:
        return ()
    inner = f"GRAPH ?g {{ {thing.n3} ?p ?o }} FILTER NOT EXISTS {{ GRAPH {FACTS.n3} {{ {thing.n3} ?p ?o }} }}"
    rows = kg.query(f"SELECT DISTINCT ?p ?o {{ {inner} FILTER(?g NOT IN ({SOURCES.n3}, {TERMS.n3})) }}").rows
    return _ordered(_stated(thing, row) for row in rows if isinstance(row["p"], Iri))


def _order(kg: KnowledgeGraph, thing: Iri) -> dict[Term, int]:
    rows = kg.query(f"SELECT DISTINCT ?v ?n {kg.wrap(f'{thing.n3} ?p ?v . ?v {FG.versionOrder.n3} ?n')} LIMIT {MOST}").rows
    return {row["v"]: int(row["n"].value) for row in rows}
