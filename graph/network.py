"""The facts as a graph of networkx: which things are alike, and on which paths two things meet.

**Likeness** is the weighted Jaccard similarity, the sum of the lesser over the sum of the greater weights (S. Ioffe, Improved
Consistent Sampling, Weighted Minhash and L1 Sketching, ICDM 2010), of what is stated of two things. A trait (a property with
its value, in either direction) weighs the logarithm of the number of things of the kind over the number of those that have it
(K. Spärck Jones, A statistical interpretation of term specificity, Journal of Documentation 28, 1972), so that what nearly all
have counts for little; a level of a feature counts by its rank's share. A trait of one thing alone is left out: what is better
described would else be like nothing. Things are taken with themselves among their neighbours (X. Xu and others, SCAN: a
Structural Clustering Algorithm for Networks, KDD 2007), so that a thing that points at another is like it.

**Paths** are ranked as in the degree-weighted path count (D. S. Himmelstein and S. E. Baranzini, Heterogeneous Network Edge
Prediction, PLoS Computational Biology 11, 2015): each step weighs its two degrees, counted by its property, to the power of
-0.4; the best path has the greatest product. So a path by way of what half of all things point at comes last. Paths of two
and three steps are all looked at; past that, networkx finds the one of least cost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import log
from threading import Lock
from typing import TYPE_CHECKING

from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import FG, RDF
from graph.types import Fact, Iri, Literal, Term

if TYPE_CHECKING:
    import networkx as nx  # a tenth of a second, which only questions about relations need

MOST_FACTS = 400_000  # statements between things that are loaded; past that, some are not seen
DAMPING = 0.4  # the exponent of the degrees, as in the paper
STEP = 1.0  # what a step costs by itself, so that a shorter path comes before a longer one
LONGEST = 4  # steps of a path
HUB = 0.25  # a value that more than this share of all things with the property have joins nothing
FEW = 4  # as many things may always share a value
TEXT = 60  # letters of a text that is a value, not a description

Trait = tuple[Iri, Term, bool]  # property, value, whether the thing is the value
Path = tuple[float, tuple[str, ...], tuple[Term, ...]]  # cost, names for a steady order, things
Held = dict[Trait, tuple[float, Fact]]  # with the weight before rarity, and the fact that states it


@dataclass(frozen=True, slots=True)
class Shared:
    """A trait of two things: its weight for both (the lesser), and the fact of each that states it."""

    weight: float
    ours: Fact
    theirs: Fact


@dataclass(frozen=True, slots=True)
class Kin:
    """A thing that is like another: ``score`` 0 to 1, what they share, weightiest first.

    ``telling``: whether they share anything that few things of the kind have.
    """

    thing: Iri
    score: float
    shared: tuple[Shared, ...]
    telling: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A path between two things: its facts, step by step (several where a step is stated in several ways), and its cost."""

    nodes: tuple[Term, ...]
    steps: tuple[tuple[Fact, ...], ...]
    cost: float


class Network:
    """The statements between the things of one opened graph, read on first use."""

    def __init__(self, kg: KnowledgeGraph, schema: Schema) -> None:
        self.kg, self.schema = kg, schema
        self._lock = Lock()
        self._facts: tuple[Fact, ...] | None = None
        self._graph: nx.Graph[Term] | None = None
        self._hubs: frozenset[Term] = frozenset()
        self._traits: dict[Iri, Held] = {}
        self.of_kind = lru_cache(maxsize=1_000)(self._of_kind)
        self.alike = lru_cache(maxsize=1_000)(self._alike)
        self.classing = lru_cache(maxsize=1_000)(self._classing)

    # ------------------------------------------------------------ reading

    def _load(self) -> tuple[Fact, ...]:
        with self._lock:
            if self._facts is None:
                self._facts = self._read()
                self._traits = self._by_thing(self._facts)
            return self._facts

    def _read(self) -> tuple[Fact, ...]:
        # dates and figures that happen to be the same, and what changes with time, tell nothing of likeness
        plain = [i for i, p in self.schema.properties.items() if not p.ordered and not (p.volatile and p.functional)]
        values = " ".join(p.n3 for p in sorted([*plain, *self.schema.levels]))
        if not values:
            return ()
        short = f"FILTER(isIRI(?s) && (isIRI(?o) || (isLiteral(?o) && STRLEN(STR(?o)) <= {TEXT})))"
        query = f"SELECT DISTINCT ?s ?p ?o {self.kg.wrap(f'VALUES ?p {{ {values} }} ?s ?p ?o . {short}')} LIMIT {MOST_FACTS}"
        found = {Fact(r["s"], r["p"], r["o"]) for r in self.kg.query(query) if isinstance(r["s"], Iri) and isinstance(r["p"], Iri)}
        return tuple(sorted(found, key=lambda f: f.key))

    def _by_thing(self, facts: tuple[Fact, ...]) -> dict[Iri, Held]:
        top = max(self.schema.ranks.values(), default=1) or 1
        found: dict[Iri, Held] = defaultdict(dict)
        for fact in facts:
            assert isinstance(fact.subject, Iri)
            if self.schema.is_level(fact.predicate):
                rank, trait = self.schema.ranks.get(fact.predicate, 0) / top, (FG.Feature, fact.object, False)
                if rank > found[fact.subject].get(trait, (0.0, fact))[0]:
                    found[fact.subject][trait] = (rank, fact)
                continue
            found[fact.subject][fact.predicate, fact.object, False] = (1.0, fact)
            if isinstance(fact.object, Iri):
                found[fact.object][fact.predicate, fact.subject, True] = (1.0, fact)
        return dict(found)

    def _of_kind(self, cls: Iri) -> frozenset[Iri]:
        """The things of a class."""
        classes = " ".join(c.n3 for c in self.schema.subclasses(cls))
        rows = self.kg.query(f"SELECT DISTINCT ?x {self.kg.wrap(f'VALUES ?c {{ {classes} }} ?x {RDF.type.n3} ?c')}")
        return frozenset(r["x"] for r in rows if isinstance(r["x"], Iri))

    def values(self, thing: Iri, prop: Iri) -> frozenset[Term]:
        """What a property has for a thing, among what is loaded here."""
        self._load()
        return frozenset(v for p, v, inverse in self._traits.get(thing, ()) if p == prop and not inverse)

    def _classing(self, prop: Iri) -> bool:
        """Whether the values of a property class things (licences), rather than being each thing's own (creators)."""
        facts = [f for f in self._load() if f.predicate == prop]
        return 2 * len({f.object for f in facts}) <= len({f.subject for f in facts})

    # ------------------------------------------------------------ likeness

    def _alike(self, thing: Iri, cls: Iri) -> tuple[Kin, ...]:
        """The things of a class by their likeness to one of it, best first; those that share nothing are left out."""
        self._load()
        kind = self.of_kind(cls) | {thing}
        traits = {x: self._with_ties(x, kind) for x in sorted(kind)}
        held = Counter(t for own in traits.values() for t in own)
        weigh = {t: log(len(kind) / n) for t, n in held.items() if n > 1}
        few = max(FEW, HUB * len(kind))
        found = []
        for other, theirs in traits.items():
            kin = _kin(other, traits[thing], theirs, weigh)
            if other != thing and kin.shared:
                told = [t for t in traits[thing] if t in theirs and held[t] <= few and t[0] != RDF.Statement]
                # what one other thing points at both, is no likeness yet
                telling = any(not inverse for _, _, inverse in told) or len({value for _, value, _ in told}) > 1
                found.append(replace(kin, telling=telling))
        return tuple(sorted(found, key=lambda k: (-k.score, k.thing)))

    def _with_ties(self, thing: Iri, kind: frozenset[Iri]) -> Held:
        """The traits of a thing, and the things of its kind that it points at, itself among them."""
        own = self._traits.get(thing, {})
        ties: Held = {(RDF.Statement, v, False): held for (_, v, inverse), held in own.items() if not inverse and v in kind}
        return {**own, **ties, (RDF.Statement, thing, False): (1.0, Fact(thing, RDF.Statement, thing))}

    # ------------------------------------------------------------ paths

    def direct(self, one: Iri, other: Iri) -> tuple[Fact, ...]:
        """The statements that join two things at once, in either direction, levels of features among them."""
        return tuple(f for f in self._load() if {f.subject, f.object} == {one, other})

    def ways(self, one: Iri, other: Iri, most: int) -> tuple[Way, ...]:
        """The shortest paths of two to four steps between two things, most informative first, no thing passed twice."""
        graph = self._paths()
        if one not in graph or other not in graph or one == other:
            return ()
        found: list[Way] = []
        passed: set[Term] = set()
        for cost, _, nodes in self._short(graph, one, other) or self._long(graph, one, other):
            if not passed & {*nodes[1:-1]}:
                steps = tuple(tuple(graph.edges[a, b]["facts"]) for a, b in pairwise(nodes))
                found.append(Way(nodes, steps, round(cost, 4)))
                passed |= {*nodes[1:-1]}
            if len(found) == most:
                break
        return tuple(found)

    def _short(self, graph: nx.Graph[Term], one: Term, other: Term) -> list[Path]:
        """All paths of two steps, or where there is none, of three, by cost."""
        near, far = ({n for n in graph[x] if n not in self._hubs and n not in (one, other)} for x in (one, other))
        two = [self._path(graph, (one, m, other)) for m in near & far]
        three = [self._path(graph, (one, a, b, other)) for a in near for b in graph[a] if b in far] if not two else []
        return sorted(two or three)

    def _long(self, graph: nx.Graph[Term], one: Term, other: Term) -> list[Path]:
        """The one path of least cost, where it is no longer than is worth telling."""
        import networkx as nx

        inner = nx.restricted_view(graph, [h for h in self._hubs if h not in (one, other)], [(one, other)])
        try:
            _, nodes = nx.bidirectional_dijkstra(inner, one, other, weight="cost")
        except nx.NetworkXNoPath:
            return []
        return [self._path(graph, tuple(nodes))] if 2 < len(nodes) <= LONGEST + 1 else []

    def _path(self, graph: nx.Graph[Term], nodes: tuple[Term, ...]) -> Path:
        return sum(graph.edges[a, b]["cost"] for a, b in pairwise(nodes)), tuple(str(n) for n in nodes), nodes

    def _paths(self) -> nx.Graph[Term]:
        """Things joined by what is stated of them but for levels of features, each step with its cost."""
        # a licence or a status that two things share joins them to nothing
        facts = [f for f in self._load() if not self.schema.is_level(f.predicate) and not self.schema.property(f.predicate).functional]
        import networkx as nx

        with self._lock:
            if self._graph is None:
                out = Counter((f.subject, f.predicate) for f in facts)
                into = Counter((f.object, f.predicate) for f in facts)
                having = Counter(p for _, p in out)
                graph: nx.Graph[Term] = nx.Graph()
                hubs = {o for (o, p), n in into.items() if n > max(FEW, HUB * having[p])}
                for f in facts:
                    cost = STEP + DAMPING * (log(out[f.subject, f.predicate]) + log(into[f.object, f.predicate]))
                    known = graph.get_edge_data(f.subject, f.object, {"cost": cost, "facts": ()})
                    graph.add_edge(f.subject, f.object, cost=min(cost, known["cost"]), facts=(*known["facts"], f))
                self._hubs = frozenset(h for h in hubs if not self._is_focal(h))
                self._graph = graph
            return self._graph

    def _is_focal(self, term: Term) -> bool:
        """Whether a term is a thing of the dataset's own subject: much pointed at, and never a mere value."""
        return self.schema.focus is not None and term in self.of_kind(self.schema.focus)


def _kin(other: Iri, own: Held, theirs: Held, weigh: dict[Trait, float]) -> Kin:
    """The likeness of two things by their traits."""
    both = {t: min(own[t][0], theirs[t][0]) * weigh.get(t, 0.0) for t in own if t in theirs}
    either = sum(max(own.get(t, _NONE)[0], theirs.get(t, _NONE)[0]) * weigh.get(t, 0.0) for t in {**own, **theirs})
    shared = [Shared(round(w, 4), own[t][1], theirs[t][1]) for t, w in both.items() if w > 0 and t[0] != RDF.Statement]
    shared.sort(key=lambda s: (-s.weight, s.ours.key))
    return Kin(other, round(sum(both.values()) / either, 4) if either else 0.0, tuple(shared), False)


_NONE = (0.0, Fact(RDF.type, RDF.type, Literal("")))
