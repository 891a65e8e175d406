"""Resolution: which of several values for one key stands in the fact graph.

A key is (subject, property) for a functional property and (subject, feature) for a level. The winner is the value that
the strongest kind of source states (``data/authority.ttl``); values of equally strong sources are a tie, which a line of
``data/decisions.ttl`` settles. Losing values stay in their passages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.terms import FG, OWL, RDF
from graph.types import Iri, Term, is_true

FIRST, REST = Iri(RDF.base + "first"), Iri(RDF.base + "rest")
Triple = tuple[Term, Iri, Term]
Key = tuple[str, str]

DEFAULT_ORDER: tuple[Iri, ...] = (
    FG.OfficialDocumentation, FG.Repository, FG.Specification, FG.PackageMetadata, FG.Book, FG.Survey, FG.Benchmark, FG.Article,
    FG.Judgement,
)  # fmt: skip


@dataclass(frozen=True)
class Authority:
    """The order of kinds of source, strongest first; ``orders`` overrules ``default`` for single properties."""

    default: tuple[Iri, ...] = DEFAULT_ORDER
    orders: Mapping[Iri, tuple[Iri, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, triples: Iterable[Triple]) -> Authority:
        """From ``X fg:order ( kinds ) ; fg:decides property , ...``; the one that decides nothing is the default."""
        by: dict[Term, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for s, p, o in triples:
            by[s][p].append(o)
        default, orders = DEFAULT_ORDER, {}
        for entry in list(by.values()):
            if FG.order not in entry:
                continue
            kinds = tuple(_items(by, entry[FG.order][0]))
            if FG.decides not in entry:
                default = kinds
            orders.update({o: kinds for o in entry.get(FG.decides, []) if isinstance(o, Iri)})
        return cls(default, orders)

    def rank(self, property_: Iri, kind: Iri | None) -> int:
        """0 for the strongest; kinds that the property's order leaves out follow in the default order."""
        order = dict.fromkeys((*self.orders.get(property_, ()), *self.default))
        return list(order).index(kind) if kind in order else len(order)


def _items(by: Mapping[Term, Mapping[Iri, list[Term]]], head: Term) -> Iterable[Iri]:
    while head in by and FIRST in by[head]:
        item = by[head][FIRST][0]
        if isinstance(item, Iri):
            yield item
        head = by[head][REST][0]


@dataclass(frozen=True, slots=True)
class Decision:
    """A line that settles a tie: for this key this value, for this reason."""

    key: Key
    winner: Term
    reason: str


def read_decisions(triples: Iterable[Triple]) -> dict[Key, Decision]:
    """Decisions by key; ``fg:property`` names the property, for a level the feature (``fg:winner`` is then the level)."""
    by: dict[Term, dict[Iri, Term]] = defaultdict(dict)
    for s, p, o in triples:
        by[s][p] = o
    found = {}
    for entry in by.values():
        if FG.subject in entry and FG.property in entry and FG.winner in entry:
            key = (str(entry[FG.subject]), str(entry[FG.property]))
            found[key] = Decision(key, entry[FG.winner], str(entry.get(FG.reason, "")))
    return found


@dataclass(frozen=True, slots=True)
class Tie:
    """Different values for one key, stated by equally strong sources; ``settled`` where a decision names the winner."""

    key: Key
    values: tuple[tuple[str, tuple[str, ...]], ...]
    winner: str
    settled: bool


@dataclass(frozen=True)
class Rules:
    """What resolution needs to know of the ontology and the sources."""

    functional: frozenset[Iri]
    levels: frozenset[Iri]
    authority: Authority
    decisions: Mapping[Key, Decision]
    kinds: Mapping[Iri, Iri]

    @classmethod
    def read(cls, terms: Iterable[Triple], kinds: Mapping[Iri, Iri], authority: Authority, decisions: Mapping[Key, Decision]) -> Rules:
        functional, levels = set(), set()
        for s, p, o in terms:
            if not isinstance(s, Iri):
                continue
            if (p == FG.functional and is_true(o)) or (p, o) == (RDF.type, OWL.FunctionalProperty):
                functional.add(s)
            if (p, o) == (RDF.type, FG.Level):
                levels.add(s)
        return cls(frozenset(functional), frozenset(levels), authority, decisions, kinds)

    def key(self, s: Term, p: Iri, o: Term) -> Key | None:
        """The key that this triple competes for, or None where values add up."""
        if p in self.levels:
            return (str(s), str(o))
        return (str(s), str(p)) if p in self.functional else None


def resolve(passages: Mapping[Iri, Iterable[Triple]], rules: Rules) -> tuple[set[Triple], tuple[Tie, ...], frozenset[Key]]:
    """The triples of all passages that win, the ties in the order of their keys, and all keys with several values."""
    won: set[Triple] = set()
    contested: dict[Key, dict[Triple, set[Iri]]] = defaultdict(lambda: defaultdict(set))
    for graph, triples in passages.items():
        for triple in triples:
            key = rules.key(*triple)
            if key is None:
                won.add(triple)
            else:
                contested[key][triple].add(graph)
    ties = []
    for key in sorted(contested):
        winner, tie = _winner(key, contested[key], rules)
        won.add(winner)
        ties += [tie] if tie else []
    return won, tuple(ties), frozenset(key for key, stated in contested.items() if len(stated) > 1)


def _winner(key: Key, stated: Mapping[Triple, set[Iri]], rules: Rules) -> tuple[Triple, Tie | None]:
    if len(stated) == 1:
        return next(iter(stated)), None

    def strength(triple: Triple) -> int:
        return min(rules.authority.rank(triple[1], rules.kinds.get(g)) for g in stated[triple])

    def value(triple: Triple) -> Term:
        return triple[1] if triple[1] in rules.levels else triple[2]

    best = min(map(strength, stated))
    tied = sorted((t for t in stated if strength(t) == best), key=lambda t: (str(value(t)), t[1].value))
    decision = rules.decisions.get(key)
    chosen = next((t for t in sorted(stated, key=str) if decision and value(t) == decision.winner), None)
    if len(tied) == 1:
        return chosen or tied[0], None
    winner = chosen or tied[0]
    values = tuple((str(value(t)), tuple(sorted(g.value for g in stated[t]))) for t in tied)
    return winner, Tie(key, values, str(value(winner)), chosen is not None)
