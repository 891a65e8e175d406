"""Candidates for what can be computed of one thing or two: a price for each piece, a speed, a number of days, a difference.

'What did X cost per day', 'how many days did X last', 'how much more does X earn than Y', 'how many years after X was Y founded'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from assistant.frames import Candidate, SumFrame
from assistant.grammar import Builder, Grammar, names_of, var_name
from assistant.lists import ListBuilder
from assistant.scan import Scan
from assistant.types import Bind, Edge, Link, QueryGraph, Var
from assistant.units import UNITS, unit
from assistant.words import MEASURES, fold, stem
from graph.schema import PropertyInfo
from graph.types import Iri

VALUE = Var("value")
RATES = {"speed": (("distance", "length"), ("duration", "time")), "density": (("population", "mass"), ("area", "volume"))}
_RATED = re.compile(r"\b(\w+) ?(?:per|an?|each|every|/|for each) (\w+)\b", re.I)
_PIECE = frozenset("each single per one every an".split())
_MONEY = frozenset("price cost fare fares fee revenue takings salary pay budget money".split())
_WHOLE = frozenset("whole altogether entire total over course".split())
_LASTING = re.compile(r"\bhow (many|much) (seconds|minutes|hours|days|weeks|years)\b", re.I)
_APART = re.compile(r"\b(how (much|many|far)|by how (much|many)|difference|years? (after|before))\b", re.I)


class SumBuilder(Builder):
    """Builds candidates for one opened graph."""

    def __init__(self, grammar: Grammar, listing: ListBuilder) -> None:
        super().__init__(grammar)
        self.listing = listing

    def sums(self, scan: Scan) -> Iterator[Candidate]:
        """All that the ask may want computed of the things it names."""
        things = [(i, n) for i, n in self.grammar.named(scan) if n.score >= 0.7]
        if scan.cues.yes_no or scan.cues.why or not things:
            return
        for i, thing in things[:2]:
            numbers, dates = self._measures(thing.iri)
            if len(things) == 1:
                yield from self._rates(scan, i, thing, numbers)
                yield from self._pieces(scan, i, thing, numbers, dates)
                yield from self._wholes(scan, i, thing, numbers)
            yield from self._lasting(scan, i, thing, dates)
        if len(things) == 2 and _APART.search(scan.text):
            yield from self._apart(scan, things[0], things[1])

    def _measures(self, thing: Iri) -> tuple[list[PropertyInfo], list[PropertyInfo]]:
        """The numbers and the dates of a thing."""
        held = [p for p in self.schema.properties.values() if p.ordered and self._has(thing, p)]
        return [p for p in held if p.is_number], [p for p in held if p.is_date and not p.is_number]

    def _has(self, thing: Iri, info: PropertyInfo) -> bool:
        return bool(self.lexicon.classes_of.get(thing, frozenset()) & info.subjects) and self.connections.holds(thing, info.iri)

    # ------------------------------------------------------------ two numbers of one thing

    def _rates(self, scan: Scan, i: int, thing: Link, numbers: list[PropertyInfo]) -> Iterator[Candidate]:
        """'the speed of X in km per hour', 'the density of X', 'how many metres an hour'."""
        words = [t.norm for t in scan.tokens]
        wanted = self._wanted_units(scan)
        for rate, (tops, bottoms) in RATES.items():
            if rate in words:
                for top in self._called(numbers, tops):
                    for bottom in self._called(numbers, bottoms):
                        factor = self._factor(top, bottom, wanted)
                        yield self._of_one(scan, i, thing, (top, bottom), "/", rate, factor, frozenset({words.index(rate)}))
                return
        if wanted:
            tops_by_unit, bottoms_by_unit = (self._in_unit(numbers, w) for w in wanted)
            for top in tops_by_unit[:1]:
                for bottom in bottoms_by_unit[:1]:
                    label = f"{top.named.label} per {bottom.named.label}"
                    yield self._of_one(scan, i, thing, (top, bottom), "/", label, self._factor(top, bottom, wanted), frozenset())

    def _wanted_units(self, scan: Scan) -> tuple[str, str] | None:
        for match in _RATED.finditer(scan.text):
            if unit(match[1]) and unit(match[2]):
                return match[1], match[2]
        return None

    def _in_unit(self, numbers: list[PropertyInfo], wanted: str) -> list[PropertyInfo]:
        """Numbers of the kind that a unit measures, those stated in that very unit first."""
        asked = unit(wanted)
        fitting = [(unit(p.unit) != asked, p.iri, p) for p in numbers if p.unit and asked and (unit(p.unit) or ("",))[0] == asked[0]]
        return [p for _, _, p in sorted(fitting, key=lambda f: f[:2])]

    def _called(self, numbers: list[PropertyInfo], words: tuple[str, ...]) -> list[PropertyInfo]:
        return [p for p in numbers if set(words) & names_of(p)][:1]

    def _factor(self, top: PropertyInfo, bottom: PropertyInfo, wanted: tuple[str, str] | None) -> float:
        """What a quotient is multiplied by to come out in the units that are asked for."""
        factor = 1.0
        for info, asked, up in zip((top, bottom), wanted or ("", ""), (True, False), strict=True):
            stated, goal = unit(info.unit), unit(asked)
            if stated and goal and stated[0] == goal[0]:
                factor *= stated[1] / goal[1] if up else goal[1] / stated[1]
        return factor

    def _pieces(self, scan: Scan, i: int, thing: Link, numbers: list[PropertyInfo], dates: list[PropertyInfo]) -> Iterator[Candidate]:
        """'what does a single tablet of X cost', 'how much did each passenger pay', 'what did X cost per day'."""
        words = [t.norm for t in scan.tokens]
        at = next((t for t, w in enumerate(words) if w in _PIECE), None)
        money = self._money(scan, numbers)
        if at is None or not money:
            return
        used = frozenset(j for j, n in scan.links("property") if n.iri == money[0].iri and j != i)
        tokens = frozenset(t for t, w in enumerate(words) if w in _PIECE or w in MEASURES or w == "average")
        for j in range(len(scan.mentions)):
            pieces = [p for n in scan.mentions[j].links for p in numbers if n.iri == p.iri and p not in money]
            if pieces and at < scan.first_token(j) <= at + 2:
                label = f"{money[0].named.label} per {scan.mentions[j].text(scan.question)}"
                yield self._of_one(scan, i, thing, (money[0], pieces[0]), "/", label, 1.0, tokens, used | {j})
        if words[at + 1 : at + 2] in (["day"], ["week"]) and not any(unit(p.unit) == unit(words[at + 1]) for p in numbers):
            for start, end in self._periods(dates)[:1]:
                label = f"{money[0].named.label} per {words[at + 1]}"
                yield self._per_time(scan, i, thing, money[0], (start, end), label, words[at + 1], tokens | {at + 1}, used)

    def _money(self, scan: Scan, numbers: list[PropertyInfo]) -> list[PropertyInfo]:
        """The sum of money that is spoken of: a property that is named, else the only one that 'cost' or 'pay' may mean."""
        named = [p for _, n in scan.links("property") for p in numbers if p.iri == n.iri]
        coins = [p for p in numbers if _MONEY & names_of(p)]
        chosen = [p for p in named if p in coins]
        spoken = any(t.norm in ("pay", "paid", "cost", "costs", "spend", "earn", "price") for t in scan.tokens)
        return chosen or (coins if spoken and len(coins) == 1 else [])

    def _wholes(self, scan: Scan, i: int, thing: Link, numbers: list[PropertyInfo]) -> Iterator[Candidate]:
        """'how many tablets over the whole course': so many a day, times the days."""
        words = [t.norm for t in scan.tokens]
        if not _WHOLE & set(words):
            return
        for rate in numbers:
            head, per, piece = fold(rate.named.label).partition(" per ")
            used = frozenset(j for j, n in scan.links("property") if n.iri == rate.iri)
            called = [(p, f"{p.named.label} {' '.join(p.named.aliases)} {p.unit}") for p in numbers if p is not rate]
            stems = [(p, {stem(w) for w in fold(names).split()}) for p, names in called]
            times = [p for p, own in stems if per and stem(piece) in own]
            if times and (used or {stem(w) for w in head.split()} & {t.stem for t in scan.tokens}):
                tokens = frozenset(t for t, w in enumerate(words) if w in _WHOLE or w in ("come", "comes", "make"))
                yield self._of_one(scan, i, thing, (rate, times[0]), "*", f"{head} in all", 1.0, tokens, used)

    def _of_one(
        self, scan: Scan, i: int, thing: Link, pair: tuple[PropertyInfo, PropertyInfo], op: str, label: str, factor: float,
        tokens: frozenset[int], mentions: frozenset[int] = frozenset(),
    ) -> Candidate:  # fmt: skip
        names = (Var(f"{var_name(pair[0].named.label, 0)}"), Var(f"{var_name(pair[1].named.label, 0)}"))
        edges = tuple(Edge(thing.iri, (p.iri,), v) for p, v in zip(pair, names, strict=True))
        graph = QueryGraph(VALUE, (*edges, Bind(VALUE, op, names[0], names[1], factor)), (VALUE,))
        frame = SumFrame((thing.iri,), tuple(p.iri for p in pair), label)
        tokens |= frozenset(t for t, k in enumerate(scan.tokens) if k.norm in UNITS or k.norm in ("average", "per"))
        spoken = self.grammar.spoken(scan, frame.properties)
        return Candidate("fact", frame, f"the {label} of {thing.label}", graph, mentions | {i}, tokens | spoken, ((i, thing),), -0.05)

    # ------------------------------------------------------------ two dates of one thing

    def _periods(self, dates: list[PropertyInfo]) -> list[tuple[PropertyInfo, PropertyInfo]]:
        """Pairs of dates of which one is never after the other: a beginning and an end."""
        return [(a, b) for a, b in permutations(dates, 2) if self.connections.in_order(a.iri, b.iri)]

    def _lasting(self, scan: Scan, i: int, thing: Link, dates: list[PropertyInfo]) -> Iterator[Candidate]:
        """'how many days did X last'."""
        asked = _LASTING.search(scan.text)
        periods = self._periods(dates) if asked else []
        if not asked or not periods:
            return
        start, end = periods[0]
        names = (Var("start"), Var("end"))
        edges = (Edge(thing.iri, (start.iri,), names[0]), Edge(thing.iri, (end.iri,), names[1]))
        word = asked[2].lower()
        graph = QueryGraph(VALUE, (*edges, Bind(VALUE, "days", names[1], names[0], 86400 / UNITS[word][1])), (VALUE,))
        label = f"{word} from {start.named.label} to {end.named.label}"
        spoken = {word, "last", "lasted", "take", "took", "start", "end", "from", "to"}
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in spoken)
        frame = SumFrame((thing.iri,), (start.iri, end.iri), label)
        yield Candidate("fact", frame, f"the number of {label} of {thing.label}", graph, frozenset({i}), tokens, ((i, thing),), 0.0)

    def _per_time(
        self, scan: Scan, i: int, thing: Link, money: PropertyInfo, period: tuple[PropertyInfo, PropertyInfo], label: str, word: str,
        tokens: frozenset[int], used: frozenset[int],
    ) -> Candidate:  # fmt: skip
        names = (Var("start"), Var("end"), Var("amount"), Var("days"))
        edges = [Edge(thing.iri, (p.iri,), v) for p, v in zip((*period, money), names[:3], strict=True)]
        days = Bind(names[3], "days", names[1], names[0], 86400 / UNITS[word][1])
        graph = QueryGraph(VALUE, (*edges, days, Bind(VALUE, "/", names[2], names[3])), (VALUE,))
        frame = SumFrame((thing.iri,), (money.iri, *(p.iri for p in period)), label)
        return Candidate("fact", frame, f"the {label} of {thing.label}", graph, used | {i}, tokens, ((i, thing),), -0.05)

    # ------------------------------------------------------------ one number of two things

    def _apart(self, scan: Scan, first: tuple[int, Link], second: tuple[int, Link]) -> Iterator[Candidate]:
        """'how much more does X earn than Y', 'how many years after X was Y founded'."""
        (i, a), (j, b) = first, second
        after = re.search(r"\byears? (after|before)\b", scan.text, re.I)
        for info in self._shared_measures(scan, a.iri, b.iri, after is not None):
            x, y = (b, a) if after and after[1].lower() == "after" else (a, b)
            names = (Var("first"), Var("second"))
            edges = (Edge(x.iri, (info.iri,), names[0]), Edge(y.iri, (info.iri,), names[1]))
            op = "years" if info.is_date else "-"
            graph = QueryGraph(VALUE, (*edges, Bind(VALUE, op, names[0], names[1])), (VALUE,))
            used = frozenset({i, j}) | {k for k, n in scan.links("property") if n.iri == info.iri}
            words = {"how", "much", "many", "more", "less", "than", "by", "after", "before", "difference", "years", "year", *UNITS}
            words |= {o.adjective for o in scan.ops if o.kind == "compare"}
            tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in words) | self.grammar.spoken(scan, [info.iri])
            label = f"years between the {info.named.label}" if info.is_date else f"difference in {info.named.label}"
            frame = SumFrame((x.iri, y.iri), (info.iri,), label)
            yield Candidate("fact", frame, f"the {label} of {x.label} and {y.label}", graph, used, tokens, (first, second), -0.05)
            return

    def _shared_measures(self, scan: Scan, a: Iri, b: Iri, dated: bool) -> list[PropertyInfo]:
        """What both have and the words speak of: a property by name or verb, or by the adjective of a comparison."""
        both = [p for p in self.schema.properties.values() if p.ordered and self._has(a, p) and self._has(b, p)]
        named = [p for _, n in sorted(scan.links("property"), key=lambda m: -m[1].score) for p in both if p.iri == n.iri]
        hints = [h for o in scan.ops if o.kind == "compare" for h in o.hints]
        called = [p for h in hints for p in both if h in names_of(p)]
        wanted = [*named, *called]
        return [p for p in wanted if p.is_date] or ([p for p in both if p.is_date] if not wanted else []) if dated else wanted


