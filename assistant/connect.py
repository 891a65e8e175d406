"""How a thing may be joined to the things of a class: the observed one- and two-hop paths between them.

Asked of the store, not declared: a candidate that cannot bind is never built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.versions import are_versions
from graph.measurements import Measurements
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import RDF
from graph.types import XSD_STRING, Fact, Iri, Literal, Term

MOST_VERSIONS = 200  # values of a property that are compared one by one


@dataclass(frozen=True, slots=True)
class Hop:
    """One property, forwards or backwards."""

    property: Iri
    inverse: bool = False


Path = tuple[Hop, ...]
_SHAPES: tuple[tuple[bool, bool], ...] = ((False, False), (False, True), (True, False), (True, True))


class Connections:
    """Paths from a class (or one thing) to a thing, cheapest first. Answers are kept."""

    def __init__(self, kg: KnowledgeGraph, schema: Schema) -> None:
        self.kg, self.schema = kg, schema
        self._known = {*schema.properties, *schema.levels}
        self.measurements = Measurements(kg)
        self.to = lru_cache(maxsize=20_000)(self._to)
        self.between = lru_cache(maxsize=20_000)(self._between)
        self.holds = lru_cache(maxsize=20_000)(self._holds)
        self.pointing = lru_cache(maxsize=5_000)(self._pointing)
        self._described = lru_cache(maxsize=5_000)(self._read)
        self.qualified = lru_cache(maxsize=5_000)(self._qualified)
        self.class_paths = lru_cache(maxsize=5_000)(self._class_paths)
        self.in_order = lru_cache(maxsize=5_000)(self._in_order)
        self.has_zero = lru_cache(maxsize=5_000)(self._has_zero)
        self.routes = lru_cache(maxsize=5_000)(self._routes)
        self.versions = lru_cache(maxsize=5_000)(self._versions)

    def _typed(self, var: str, cls: Iri | None) -> str:
        if cls is None:
            return ""
        classes = " ".join(c.n3 for c in self.schema.subclasses(cls))
        return f"VALUES ?c_{var} {{ {classes} }} ?{var} {RDF.type.n3} ?c_{var} ."

    def _filtered(self, var: str, cls: Iri | None) -> str:
        """The same where the variable is found from a known thing: an engine that sees the class first looks at all of its things."""
        if cls is None:
            return ""
        classes = ", ".join(c.n3 for c in self.schema.subclasses(cls))
        return f"?{var} {RDF.type.n3} ?c_{var} FILTER(?c_{var} IN ({classes}))"

    def _to(self, cls: Iri | None, target: Iri) -> tuple[Path, ...]:
        """Paths that lead from some thing of the class to the target: one hop, else two."""
        typed = self._filtered("x", cls)
        one = self._hops(f"{typed} ?x ?p {target.n3}", f"{typed} {target.n3} ?p ?x")
        return one or self._two(lambda a, b: f"{typed} {a} {b}", "?x", target.n3) or self._climb(typed, target)

    def _climb(self, typed: str, target: Iri) -> tuple[Path, ...]:
        """Three or four steps up a hierarchy by one property ('located in')."""
        for p, _ in self._counts(f"?m ?p {target.n3}"):
            if p in self._known:
                for steps in (3, 4):
                    chain = f"{typed} ?x {'/'.join([p.n3] * steps)} {target.n3}"
                    if self.kg.query(f"ASK {self.kg.wrap(chain)}").boolean:
                        return ((Hop(p),) * steps,)
        for p, _ in self._counts(f"{target.n3} ?p ?m"):
            for steps in (3, 4):
                chain = f"{typed} {target.n3} {'/'.join([p.n3] * steps)} ?x"
                if self.kg.query(f"ASK {self.kg.wrap(chain)}").boolean:
                    return ((Hop(p, True),) * steps,)
        return ()

    def _between(self, subject: Iri, target: Iri) -> tuple[Path, ...]:
        """Paths that lead from one thing to another."""
        one = self._hops(f"{subject.n3} ?p {target.n3}", f"{target.n3} ?p {subject.n3}")
        return one or self._two(lambda a, b: f"{a} {b}", subject.n3, target.n3)

    def _class_paths(self, cls: Iri, other: Iri) -> tuple[Path, ...]:
        """One-hop paths from the things of a class to those of another, the most used first."""
        x, y = self._typed("x", cls), self._typed("y", other)
        return self._hops(f"{x} {y} ?x ?p ?y", f"{x} {y} ?y ?p ?x", by_use=True)

    def _routes(self, cls: Iri, other: Iri) -> tuple[Path, ...]:
        """Paths from the things of a class to those of another: one hop, else two."""
        x, y = self._typed("x", cls), self._typed("y", other)
        return self.class_paths(cls, other) or self._two(lambda a, b: f"{x} {y} {a} {b}", "?x", "?y")

    def _hops(self, forward: str, backward: str, by_use: bool = False) -> tuple[Path, ...]:
        found = [(Hop(p, False), n) for p, n in self._counts(forward)] + [(Hop(p, True), n) for p, n in self._counts(backward)]
        found.sort(key=lambda f: (-f[1] if by_use else 0, f[0].inverse, -f[1], f[0].property))
        return tuple((hop,) for hop, _ in found)

    def _counts(self, body: str) -> list[tuple[Iri, int]]:
        rows = self.kg.query(f"SELECT ?p (COUNT(*) AS ?n) {self.kg.wrap(body)} GROUP BY ?p")
        return [(r["p"], int(r["n"].value)) for r in rows if isinstance(r.get("p"), Iri) and r["p"] in self._known]

    def _two(self, join: Callable[[str, str], str], start: str, end: str) -> tuple[Path, ...]:
        found: list[tuple[int, Path]] = []
        for i, (back1, back2) in enumerate(_SHAPES):
            a = f"?m ?p {start} ." if back1 else f"{start} ?p ?m ."
            b = f"{end} ?q ?m ." if back2 else f"?m ?q {end} ."
            things = f"{join(a, b)} FILTER(isIRI(?m))"  # two things that share a number are not joined by it
            for row in self.kg.query(f"SELECT ?p ?q (COUNT(*) AS ?n) {self.kg.wrap(things)} GROUP BY ?p ?q"):
                p, q = row.get("p"), row.get("q")
                if {p, q} <= self.schema.levels.keys():
                    continue  # two things that share a feature are not joined by it
                if isinstance(p, Iri) and isinstance(q, Iri) and p in self._known and q in self._known and (p != q or not (back1 or back2)):
                    found.append((i, (Hop(p, back1), Hop(q, back2))))
        return tuple(path for _, path in sorted(found, key=lambda f: (f[0], str(f[1]))))

    def _pointing(self, target: Iri) -> tuple[Iri, ...]:
        """Classes whose things point straight at the target, most used first."""
        rows = self.kg.query(f"SELECT ?c ?p (COUNT(*) AS ?n) {self.kg.wrap(f'?x ?p {target.n3} . ?x {RDF.type.n3} ?c')} GROUP BY ?c ?p")
        counts: dict[Iri, int] = {}
        for row in rows:
            c, p = row.get("c"), row.get("p")
            if isinstance(c, Iri) and c in self.schema.classes and p in self._known:
                counts[c] = counts.get(c, 0) + int(row["n"].value)
        return tuple(sorted(counts, key=lambda c: (-counts[c], c)))

    def _qualified(self, subject: Iri, target: Iri) -> bool:
        """Whether a statement node about the two carries a qualifier (since when, measured how)."""
        body = f"?st {RDF.subject.n3} {subject.n3} ; {RDF.object.n3} {target.n3}"
        return bool(self.kg.query(f"ASK {self.kg.wrap(body)}").boolean)

    def _holds(self, subject: Iri, prop: Iri, inverse: bool = False) -> bool:
        """Whether the thing has any value of the property."""
        body = f"?v {prop.n3} {subject.n3}" if inverse else f"{subject.n3} {prop.n3} ?v"
        return bool(self.kg.query(f"ASK {self.kg.wrap(body)}").boolean)

    def _has_zero(self, prop: Iri) -> bool:
        """Whether a number is stated to be nought of anything."""
        return bool(self.kg.query(f"ASK {self.kg.wrap(f'?x {prop.n3} ?v FILTER(?v = 0)')}").boolean)

    def _versions(self, prop: Iri) -> tuple[Literal, ...]:
        """All values of a property that states versions, or what versions are required; () for any other."""
        rows = self.kg.query(f"SELECT DISTINCT ?v {self.kg.wrap(f'?x {prop.n3} ?v')} LIMIT {MOST_VERSIONS + 1}").rows
        found = [r["v"] for r in rows]
        texts = [v for v in found if isinstance(v, Literal) and v.datatype == XSD_STRING]
        fits = 0 < len(texts) == len(found) <= MOST_VERSIONS and are_versions(v.value for v in texts)
        return tuple(sorted(texts, key=str)) if fits else ()

    def _in_order(self, first: Iri, second: Iri) -> bool:
        """Whether some thing has both dates and none has the first after the second."""
        body = f"?x {first.n3} ?a ; {second.n3} ?b"
        wrong = f"{body} FILTER(STR(?a) > STR(?b))"
        return bool(self.kg.query(f"ASK {self.kg.wrap(body)}").boolean) and not self.kg.query(f"ASK {self.kg.wrap(wrong)}").boolean

    def counted_none(self, subject: Iri, prop: Iri) -> Fact | None:
        """The fact that a thing has no value of a property: the property that counts them says 0. None where nothing says so."""
        counter = self.schema.counters.get(prop)
        found = self.values(subject, counter) if counter else ()
        return Fact(subject, counter, found[0]) if counter and [str(n) for n in found] == ["0"] else None

    def values(self, subject: Iri, prop: Iri, inverse: bool = False) -> tuple[Term, ...]:
        """The values of a property of a thing, sorted."""
        if not inverse:
            return self._described(subject).get(prop, ())
        rows = self.kg.query(f"SELECT DISTINCT ?v {self.kg.wrap(f'?v {prop.n3} {subject.n3}')}")
        return _sorted(r["v"] for r in rows)

    def _read(self, subject: Iri) -> dict[Iri, tuple[Term, ...]]:
        """All that is stated of a thing, in one query: a choice asks for hundreds of its values."""
        found: dict[Iri, set[Term]] = {}
        for row in self.kg.query(f"SELECT DISTINCT ?p ?v {self.kg.wrap(f'{subject.n3} ?p ?v')}"):
            if isinstance(row["p"], Iri):
                found.setdefault(row["p"], set()).add(row["v"])
        return {p: _sorted(values) for p, values in found.items()}


def _sorted(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Things before words, each by their text."""
    return tuple(sorted(terms, key=lambda t: (isinstance(t, Literal), str(t))))
