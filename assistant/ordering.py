"""Which property an order or a range speaks of: 'oldest' a date, 'longer than 40 km' a length, 'before 1990' the date at hand."""

from __future__ import annotations

from dataclasses import replace

from assistant.detect import stems_of
from assistant.frames import Constraint
from assistant.grammar import Builder, names_of, var_name
from assistant.operators import DATED, Op
from assistant.scan import Scan
from assistant.types import Link, Node, Order, Var
from assistant.units import UNITS
from assistant.versions import lower, number
from assistant.words import fold
from graph.schema import PropertyInfo
from graph.types import Iri, Literal


class OrderBuilder(Builder):
    """Finds the properties of orders and ranges for one opened graph."""

    def _ordered_property(self, scan: Scan, op: Op, cls: Iri | None, date: bool | None) -> PropertyInfo | None:
        """The property that an operator speaks of: by the ontology's own word, a named property, a hint, or the only one."""
        pool = [p for p in self.schema.properties.values() if p.ordered and (cls is None or cls in p.subjects or not p.subjects)]
        pool = [p for p in pool if date is None or p.is_date == date or (date and not any(q.is_date for q in pool))]
        words = fold(op.adjective)
        own = [p for p in pool if words and words in {fold(w) for w in (*p.low, *p.high)}]
        close, named = self._named_near(scan, op, pool)
        through = self._dated_by(scan, op, pool)
        unit = [p for p in pool if p.unit and p.unit.casefold() in self._unit_words(scan, op)]
        hinted = [p for h in op.hints for p in pool if h in names_of(p)]
        headline = sorted((p for p in pool if p.headline is not None), key=lambda p: (p.headline or 0, p.iri))
        yearly = _is_date(op.value)
        dated = yearly or bool({"date", "year"} & set(op.hints))  # 'faster' is not 'newer': no property, no order
        if not dated:  # 400 is no year
            headline = [p for p in headline if not p.is_date]
        if op.adjective in ("most", "fewest", "least"):  # of what is named, or of nothing
            behind = {n.iri for i, n in scan.links("property") if scan.first_token(i) >= op.last}
            known = next((p for p in [*close, *pool] if p.iri in behind and p.is_number), None)
            return known or self._number_of(pool, behind)
        if op.adjective == "top":
            return next(iter([*close, *named, *through, *(headline if dated else [])]), None)
        rest = [*headline, *(pool if len(pool) == 1 and (dated or not pool[0].is_date) else [])] if dated or not op.hints else []
        precise = [*own, *hinted] if op.hints and (op.kind == "compare" or own) else []
        return next(iter([*close, *unit, *through, *precise, *named, *own, *hinted, *rest]), None)

    def _number_of(self, pool: list[PropertyInfo], named: set[Iri]) -> PropertyInfo | None:
        """'the fewest Xs' of a property X, where a 'number of Xs' is stated."""
        for info in (self.schema.properties[p] for p in sorted(named) if p in self.schema.properties):
            words = stems_of(info.named.label)
            for p in pool:
                label = fold(p.named.label)
                if p.is_number and label.startswith("number of") and words <= stems_of(label):
                    return p
        return None

    def _named_near(self, scan: Scan, op: Op, pool: list[PropertyInfo]) -> tuple[list[PropertyInfo], list[PropertyInfo]]:
        """Properties that are named: those straight behind the operator ('highest number of beds'), and all, the nearest first."""
        known = {p.iri: p for p in pool}
        found = sorted((abs(scan.first_token(i) - op.first), i, n.iri) for i, n in scan.links("property") if n.iri in known)
        close = [iri for _, i, iri in found if op.last <= scan.first_token(i) <= op.last + 2 and not self._taken(scan, op, i)]
        return [known[iri] for iri in close], [known[iri] for _, _, iri in found]

    def _dated_by(self, scan: Scan, op: Op, pool: list[PropertyInfo]) -> list[PropertyInfo]:
        """'the newest current version' speaks of the date of the current version, where there is such a property."""
        if not {"date", "year"} & set(op.hints):
            return []
        own = {p.iri for p in pool}
        said = [fold(n.label) for _, n in scan.links("property") if n.iri not in own and n.score > 0.9]
        return [p for s in said for p in pool if p.is_date and s in fold(p.named.label)]

    def _taken(self, scan: Scan, op: Op, i: int) -> bool:
        """Whether another operator stands between an operator and a name."""
        return any(o is not op and o.kind in ("and", "or", "but", "compare") and op.last <= o.first < scan.first_token(i) for o in scan.ops)

    def _unit_words(self, scan: Scan, op: Op) -> set[str]:
        """What stands straight behind the value of a comparison, as it may be written for a unit."""
        if not op.value or op.last > len(scan.tokens) or not op.last:
            return set()
        rest = scan.question[scan.tokens[op.last - 1].end : scan.end].split()
        return {w.strip(".,?!").casefold() for w in rest[:1]}

    def order(self, scan: Scan, cls: Iri | None) -> tuple[Order | None, PropertyInfo | None, frozenset[int]]:
        op = next((o for o in scan.ops if o.kind == "order"), None)
        prop = self._ordered_property(scan, op, cls, None) if op else None
        if op is None or prop is None:
            return None, None, frozenset()
        descending = op.sign == ">"
        if fold(op.adjective) in {fold(w) for w in prop.low}:
            descending = False
        elif fold(op.adjective) in {fold(w) for w in prop.high}:
            descending = True
        named = frozenset().union(*(scan.inside(i) for i, n in scan.links("property") if n.iri == prop.iri))
        named |= self.grammar.spoken(scan, [prop.iri])
        told = [o for o in scan.ops if o.kind == "order" and (o is op or op.adjective == "top")]  # 'by P, the newest first'
        named |= frozenset(t for o in told for t in range(o.first, o.last))
        return Order(Var(var_name(prop.named.label, 0)), descending), prop, named

    def _dated_or_not(self, scan: Scan, op: Op, cls: Iri | None) -> PropertyInfo | None:
        """What a range speaks of: a year asks for a date first, though '1524 mm' is none; another number asks for no date."""
        unit = any(p.unit and p.unit.casefold() in self._unit_words(scan, op) for p in self.schema.properties.values())
        if "date" in op.hints or (_is_date(op.value) and not unit and not op.hints):
            return self._ordered_property(scan, op, cls, True)
        return self._ordered_property(scan, op, cls, False if op.value and not _is_date(op.value) else None)

    def _versions(self, scan: Scan, op: Op, cls: Iri | None, node: Node) -> list[Constraint]:
        """'at least X 3.11', 'a P of 4.2 or later': a property of versions that is named, or has a name of the word before the number."""
        others = [n for i, n in reversed(scan.links("entity")) if not op.value and self.grammar.compared_by(scan, op, i)]
        if number(op.value) is None and not others:
            return []
        span = range(op.first, op.last)
        said = {scan.tokens[t].norm for t in (*span, *([op.first - 1] if op.first else []))}
        named = {n.iri for _, n in scan.links("property")}
        for info in sorted(self.schema.properties.values(), key=lambda p: (p.iri not in named, p.iri)):
            fits = (cls is None or cls in info.subjects) and not info.objects and not info.ordered
            called = bool(said & names_of(info) - scan.wording.stop or said & _words(info) or info.iri in named)
            if fits and called and others and self.connections.versions(info.iri):
                return self._against_other(scan, op, info, others[0], node)
            if fits and called and self.connections.versions(info.iri):
                inside = frozenset(i for i in range(len(scan.mentions)) if scan.inside(i) & {*span, op.first - 1})
                made = self.constrain.versions(node, info.iri, op.sign, op.value, frozenset(span), op.first)
                return [replace(made, mentions=inside | {i for i, n in scan.links("property") if n.iri == info.iri})]
        return []

    def _against_other(self, scan: Scan, op: Op, info: PropertyInfo, other: Link, node: Node) -> list[Constraint]:
        """'a newer P than X': versions before or after that of another thing."""
        values = [v.value for v in self.connections.values(other.iri, info.iri) if isinstance(v, Literal)]
        if not values or op.sign not in ("<", ">"):
            return []
        begins = ".".join(str(n) for n in lower(values[0]) or ())
        named = {i for i, n in scan.links("property") if n.iri == info.iri} | {i for i, n in scan.links("entity") if n.iri == other.iri}
        made = self.constrain.versions(node, info.iri, op.sign, begins, frozenset(range(op.first, op.last)), op.first)
        said = f"{made.english}, that of {other.label}"
        return [replace(made, english=said, mentions=frozenset(named))]

    def _range(self, scan: Scan, op: Op, cls: Iri | None, node: Node) -> list[Constraint]:
        versions = self._versions(scan, op, cls, node)
        if versions:
            return versions
        prop = self._dated_or_not(scan, op, cls)
        verbs = (t for t in range(max(0, op.first - 3), op.first) if scan.tokens[t].norm in DATED)
        tokens = frozenset((*range(op.first, op.last), *verbs))
        if prop is None:
            return []
        named = frozenset().union(*(scan.inside(i) for i, n in scan.links("property") if n.iri == prop.iri))
        named |= frozenset(t for t in range(op.last, min(op.last + 3, len(scan.tokens))) if op.value and scan.tokens[t].norm in UNITS)
        if op.value and prop.is_date and not _is_date(op.value):
            return []  # 'newer than Foo 3.2'
        if op.value:
            return [self.constrain.compare(node, prop.iri, op.sign, op.value, tokens | named, op.first)]
        others = {i: n for i, n in reversed(scan.links("entity")) if self.grammar.compared_by(scan, op, i)}
        if others:
            made = self.constrain.compare_with(node, prop.iri, op.sign, [others[i] for i in sorted(others)], tokens | named, op.first)
            return [replace(made, mentions=frozenset(others))]
        return []


def _words(info: PropertyInfo) -> frozenset[str]:
    """The words of a property's own label that are names by their capital."""
    return frozenset(fold(w) for w in info.named.label.split() if w[:1].isupper())


def _is_date(value: str) -> bool:
    """A year, two of them, or a month."""
    return bool(value) and all(v[:4].isdecimal() and (len(v) == 4 or v[4:5] == "-") for v in value.split())
