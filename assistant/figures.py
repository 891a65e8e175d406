"""Measurements in words: a figure with its unit, test, version and date, as a sentence, a line of a table, a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.draft import Draft
from assistant.frames import MeasureFrame
from assistant.lexicon import Lexicon
from assistant.say import Speaker, plain, say_date
from assistant.words import sentence_case
from graph.measurements import Measurement, Measurements
from graph.schema import Schema
from graph.terms import SCHEMA, SOSA
from graph.types import Fact, Iri

LINES = 10  # lines of a table; the rest is in the rows
_CITED = frozenset((SOSA.hasSimpleResult, SOSA.hasFeatureOfInterest, SOSA.resultTime, SOSA.usedProcedure, SCHEMA.softwareVersion))


class Figures:
    """Says measurements of one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, measurements: Measurements) -> None:
        self.schema, self.lexicon, self.measurements = schema, lexicon, measurements
        self.speaker = Speaker(schema, lexicon)

    def _fits(self, m: Measurement, frame: MeasureFrame) -> bool:
        around = {p: v.value for p, v in m.circumstances}
        given = all(around.get(p) == v for p, v in frame.given)
        return given and (not frame.tests or m.test in frame.tests) and m.date.startswith(frame.when)

    def _figure(self, draft: Draft, m: Measurement, place: str = "") -> None:
        draft.say(f"{self._said(m)}{place} ({self._day(m)}).", self._facts(m))

    def _said(self, m: Measurement) -> str:
        """'Foo 1.2 served 2,628 requests per second in the JSON test of HttpArena, over 64 connections'."""
        quantity = self.measurements.quantities[m.quantity]
        name = plain(self.speaker.term(m.thing)) + (f" {plain(m.version)}" if m.version else "")
        if quantity.template:
            told = quantity.template.replace("{s}", name).replace("{o}", number(m.value))
        else:
            told = f"{sentence_case(quantity.label)} of {name}: {number(m.value)} {m.unit}".rstrip()
        return f"{sentence_case(told)}{self._where(m)}"

    def _where(self, m: Measurement) -> str:
        around, test = self._around(m), self.measurements.tests.get(m.test) if m.test else None
        where = f" {plain(test.template)}" if test and test.template else f" in the {self._test(m)}" if test else ""
        return f"{where}{f', {around}' if around else ''}"

    def _test(self, m: Measurement) -> str:
        test = self.measurements.tests.get(m.test) if m.test else None
        part = self.measurements.benchmarks.get(test.part_of) if test and test.part_of else None
        if test is None:
            return ""
        named = part is not None and test.label.startswith(part.label)
        return plain(test.label) + (f" of {plain(part.label)}" if part and not named else "")

    def _around(self, m: Measurement, every: bool = False) -> str:
        """The circumstances that tell the runs of one test apart, or all of them."""
        found = []
        for p, value in sorted(m.circumstances, key=lambda c: self.measurements.circumstances[c[0]].rank):
            if every or p in self.measurements.telling:
                term = self.measurements.circumstances[p]
                said = term.template.replace("{o}", value.value) if term.template else f"{term.label} {value.value}"
                found.append(plain(said))
        return ", ".join(found)

    def _day(self, m: Measurement) -> str:
        return say_date(m.date) if m.date else "no date given"

    def _facts(self, m: Measurement) -> list[Fact]:
        return [f for f in m.facts if f.predicate in _CITED]

    def _newest(self, pool: Iterable[Measurement]) -> list[Measurement]:
        """Of each quantity and test the newest figures, the first test of each benchmark first."""
        latest: dict[tuple[object, ...], Measurement] = {}
        for m in pool:
            ident = (m.thing, m.quantity, m.test, tuple(c for c in m.circumstances if c[0] in self.measurements.telling))
            if ident not in latest or m.date > latest[ident].date:
                latest[ident] = m
        return sorted(latest.values(), key=self._order)

    def _order(self, m: Measurement) -> tuple[object, ...]:
        quantity, test = self.measurements.quantities[m.quantity], self.measurements.tests.get(m.test) if m.test else None
        around = tuple(_sortable(v.value) for p, v in m.circumstances if p in self.measurements.telling)
        return (quantity.rank, quantity.iri, _backwards(m.date), test.rank if test else 0, str(m.test), around, str(m.thing))

    def _heads(self, pool: Sequence[Measurement]) -> list[Measurement]:
        """The first figure of each quantity and benchmark."""
        heads: dict[tuple[object, ...], Measurement] = {}
        for m in sorted(pool, key=lambda m: (self.measurements.quantities[m.quantity].rank, self._rank(m), self._order(m))):
            test = self.measurements.tests.get(m.test) if m.test else None
            heads.setdefault((m.quantity, test.part_of if test else None), m)
        return sorted(heads.values(), key=self._order)

    def _rank(self, m: Measurement) -> int:
        test = self.measurements.tests.get(m.test) if m.test else None
        return test.rank if test else 0

    def _benchmark(self, m: Measurement) -> Iri | None:
        test = self.measurements.tests.get(m.test) if m.test else None
        return test.part_of if test else None

    def _name(self, thing: Iri) -> str:
        return plain(self.speaker.term(thing))

    def _table(self, draft: Draft, figures: Sequence[Measurement]) -> None:
        several = len({m.quantity for m in figures}) > 1
        head = ["Test", *(["Quantity"] if several else []), "Figure", "Version", "Date"]
        draft.row([(h, ()) for h in head])
        draft.row([("---", ()) for _ in head])
        for m in figures[:LINES]:
            what = [(plain(self.measurements.quantities[m.quantity].label), ())] if several else []
            around = self._around(m)
            test = f"{self._test(m)}{f', {around}' if around else ''}"
            figure = f"{number(m.value)} {plain(m.unit)}".strip()
            draft.row([(test, ()), *what, (figure, self._facts(m)), (plain(m.version), ()), (m.date, ())])
        if len(figures) > LINES:
            draft.say(f"And {len(figures) - LINES} more, in the rows.", tone="frame")

    def _warn(self, draft: Draft) -> None:
        draft.say("Figures of different tests do not compare: what was done, on what and with which versions differs.", tone="frame")

    def _row(self, m: Measurement) -> dict[str, str]:
        return {
            "thing": self.speaker.term(m.thing), "quantity": self.measurements.quantities[m.quantity].label,
            "figure": str(m.facts[0].object), "unit": m.unit, "test": self._test(m), "circumstances": self._around(m, every=True),
            "version": m.version, "date": m.date,
        }  # fmt: skip


def number(value: float) -> str:
    """A figure as people write it: '2,628', '35.4', '0.88'."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")


def _sortable(text: str) -> tuple[float, str]:
    try:
        return (float(text), "")
    except ValueError:
        return (0.0, text)


def _backwards(date: str) -> tuple[int, ...]:
    """Sorts later dates first."""
    return tuple(-int(p) for p in date.split("-") if p.isdigit())
