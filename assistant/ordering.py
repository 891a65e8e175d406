"""Which property an order or a range speaks of: 'oldest' a date, 'longer than 40 km' a length, 'before 1990' the date at hand."""

from __future__ import annotations

from dataclasses import replace

from assistant.frames import Constraint
from assistant.grammar import Builder, names_of, var_name
from assistant.operators import DATED, Op
from assistant.scan import Scan
from assistant.types import Node, Order, Var
from assistant.units import UNITS
from assistant.words import fold
from graph.schema import PropertyInfo
from graph.types import Iri


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
            return next((p for p in [*close, *pool] if p.iri in behind and p.is_number), None)
        if op.adjective == "top":
            return next(iter([*close, *named]), None)
        rest = [*headline, *(pool if len(pool) == 1 and (dated or not pool[0].is_date) else [])] if dated or not op.hints else []
        precise = [*own, *hinted] if op.hints and (op.kind == "compare" or own) else []
        return next(iter([*close, *unit, *through, *precise, *named, *own, *hinted, *rest]), None)

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
        return Order(Var(var_name(prop.named.label, 0)), descending), prop, frozenset(range(op.first, op.last)) | named

    def _dated_or_not(self, scan: Scan, op: Op, cls: Iri | None) -> PropertyInfo | None:
        """What a range speaks of: a year asks for a date first, though '1524 mm' is none; another number asks for no date."""
        unit = any(p.unit and p.unit.casefold() in self._unit_words(scan, op) for p in self.schema.properties.values())
        if "date" in op.hints or (_is_date(op.value) and not unit and not op.hints):
            return self._ordered_property(scan, op, cls, True)
        return self._ordered_property(scan, op, cls, False if op.value and not _is_date(op.value) else None)

    def _range(self, scan: Scan, op: Op, cls: Iri | None, node: Node) -> list[Constraint]:
        prop = self._dated_or_not(scan, op, cls)
        verbs = (t for t in range(max(0, op.first - 3), op.first) if scan.tokens[t].norm in DATED)
        tokens = frozenset((*range(op.first, op.last), *verbs))
        if prop is None:
            return []
        named = frozenset().union(*(scan.inside(i) for i, n in scan.links("property") if n.iri == prop.iri))
        named |= frozenset(t for t in range(op.last, min(op.last + 3, len(scan.tokens))) if op.value and scan.tokens[t].norm in UNITS)
        if op.value:
            return [self.constrain.compare(node, prop.iri, op.sign, op.value, tokens | named, op.first)]
        others = {i: n for i, n in reversed(scan.links("entity")) if self.grammar.compared_by(scan, op, i)}
        if others:
            made = self.constrain.compare_with(node, prop.iri, op.sign, [others[i] for i in sorted(others)], tokens | named, op.first)
            return [replace(made, mentions=frozenset(others))]
        return []


def _is_date(value: str) -> bool:
    """A year, two of them, or a month."""
    return bool(value) and all(v[:4].isdecimal() and (len(v) == 4 or v[4:5] == "-") for v in value.split())
