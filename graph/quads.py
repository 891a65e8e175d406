"""All quads of a dataset as text, in one order: what a dump is written from, so that the same graph gives the same bytes.

A term is written as N-Quads write it and held once. Blank nodes have no names of their own: they get numbers by what is
said of them and of their neighbours, which is the same whatever a parser called them.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from graph.store import KnowledgeGraph
from graph.terms import PREFIXES, RDF
from graph.types import Blank, Iri, Term

Quad = tuple[str, str, str, str]  # subject, predicate, object, graph ("" for the default graph), each as N-Quads write it
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TYPED = re.compile(r'(".*")\^\^(<[^>]*>)', re.DOTALL)


@dataclass(frozen=True)
class Quads:
    """Quads as rows in the order graph, subject, predicate, object; ``terms`` leads from how a term is written to the term."""

    rows: tuple[Quad, ...]
    terms: dict[str, Term]

    @classmethod
    def of(cls, kg: KnowledgeGraph) -> Quads:
        """Read everything that an opened dataset holds."""
        return cls.from_quads(kg.backend.quads())

    @classmethod
    def from_quads(cls, quads: Iterable[tuple[Term, Iri, Term, Iri | None]]) -> Quads:
        """The same of quads as they come; one that comes twice is one."""
        terms: dict[str, Term] = {}
        spelled: dict[Term, str] = {}

        def text(term: Term) -> str:
            if term not in spelled:
                spelled[term] = f"_:{term.value}" if isinstance(term, Blank) else term.n3
                terms[spelled[term]] = term
            return spelled[term]

        found = {(text(s), text(p), text(o), text(g) if g is not None else "") for s, p, o, g in quads}
        blanks = sorted(t for t in terms if t.startswith("_:"))
        if blanks:
            names = {old: f"_:b{number}" for number, old in enumerate(_ordered(blanks, found))}
            found = {tuple(names.get(t, t) for t in quad) for quad in found}  # type: ignore[misc]  # four stay four
            terms = {names.get(t, t): Blank(names[t][2:]) if t in names else term for t, term in terms.items()}
        return cls(tuple(sorted(found, key=lambda q: (q[3], q[0], q[1], q[2]))), terms)

    def nquads(self) -> Iterator[str]:
        """Lines of N-Quads (https://www.w3.org/TR/n-quads/)."""
        for s, p, o, g in self.rows:
            yield f"{s} {p} {o} {g} .\n" if g else f"{s} {p} {o} .\n"

    def trig(self) -> Iterator[str]:
        """TriG (https://www.w3.org/TR/trig/): a block a graph, our prefixes where they shorten."""
        short = _Short(self.terms)
        yield from short.head()
        for graph, quads in groupby(self.rows, key=lambda q: q[3]):
            yield f"\n{short(graph)} {{\n" if graph else "\n{\n"
            yield from _told(quads, short)
            yield "}\n"

    def turtle(self, prefixes: Mapping[str, str]) -> Iterator[str]:
        """Turtle (https://www.w3.org/TR/turtle/), for quads of the default graph; ``prefixes`` beside ours."""
        short = _Short(self.terms, {**PREFIXES, **prefixes})
        yield from short.head()
        yield "\n"
        yield from _told(self.rows, short)


def _told(quads: Iterable[Quad], short: _Short) -> Iterator[str]:
    """A statement for each subject."""
    for subject, about in groupby(quads, key=lambda q: q[0]):
        parts = (short.verb(p) + " " + " , ".join(short(q[2]) for q in same) for p, same in groupby(about, key=lambda q: q[1]))
        yield short(subject) + " " + " ;\n    ".join(parts) + " .\n"


class _Short:
    """Terms as Turtle writes them, by prefixes."""

    def __init__(self, terms: Iterable[str], prefixes: Mapping[str, str] = PREFIXES) -> None:
        self._prefixes = prefixes
        self._known: dict[str, str] = {}
        self._used: set[str] = set()
        for term in terms:
            self(term)

    def __call__(self, term: str) -> str:
        if term not in self._known:
            self._known[term] = self._iri(term) if term.startswith("<") else self._literal(term)
        return self._known[term]

    def verb(self, term: str) -> str:
        return "a" if term == RDF.type.n3 else self(term)

    def head(self) -> Iterator[str]:
        for prefix in sorted(self._used):
            yield f"@prefix {prefix}: <{self._prefixes[prefix]}> .\n"

    def _iri(self, term: str) -> str:
        for prefix, base in self._prefixes.items():
            if term.startswith(base, 1) and _LOCAL.fullmatch(local := term[1 + len(base) : -1]):
                self._used.add(prefix)
                return f"{prefix}:{local}"
        return term

    def _literal(self, term: str) -> str:
        typed = _TYPED.fullmatch(term)
        return f"{typed[1]}^^{self._iri(typed[2])}" if typed else term


# ---------------------------------------------------------------- blank nodes


def _ordered(blanks: list[str], quads: set[Quad]) -> list[str]:
    """Blank nodes in an order that does not depend on their labels.

    Colour refinement: a node's colour is a hash of what is said of it and of its neighbours' colours, until no more nodes
    are told apart; of nodes that look alike one is then picked out, and the others follow. Nodes that no number of steps
    tells apart and that are no mirror images of each other (which needs a regular graph) may change places.
    """
    beside: dict[str, list[tuple[int, Quad]]] = defaultdict(list)
    for quad in quads:
        for place, term in enumerate(quad):
            if term.startswith("_:"):
                beside[term].append((place, quad))
    colours = _refined(dict.fromkeys(blanks, ""), beside)
    picked = 0
    while len(set(colours.values())) < len(blanks):
        alike = defaultdict(list)
        for blank in blanks:
            alike[colours[blank]].append(blank)
        several = min(colour for colour, nodes in alike.items() if len(nodes) > 1)
        picked += 1
        colours = _refined({**colours, alike[several][0]: f"{several}-{picked}"}, beside)
    return sorted(blanks, key=lambda b: colours[b])


def _refined(colours: dict[str, str], beside: dict[str, list[tuple[int, Quad]]]) -> dict[str, str]:
    count = len(set(colours.values()))
    while True:
        fresh = {blank: _colour(blank, colours, beside[blank]) for blank in colours}
        now = len(set(fresh.values()))
        if now == count:
            return fresh
        colours, count = fresh, now


def _colour(blank: str, colours: dict[str, str], beside: list[tuple[int, Quad]]) -> str:
    said = sorted(f"{place} {' '.join('*' if t == blank else colours.get(t, t) for t in quad)}" for place, quad in beside)
    return hashlib.sha256("\n".join([colours[blank], *said]).encode()).hexdigest()
