"""Candidates for numbers over things: counts per group, averages and totals, shares, quotients of two properties.

'How many X per Y', 'the average P of X for each Y', 'which Y has the most X', 'what share of X is Z', 'the P1 per P2 of X'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from assistant.connect import Hop, Path
from assistant.constrain import path_parts
from assistant.frames import Candidate, Constraint, Measure, TableFrame
from assistant.grammar import Builder, Grammar, combined, said_of, var_name
from assistant.lists import TARGET, ListBuilder
from assistant.operators import Op
from assistant.scan import Scan
from assistant.types import Bind, Edge, IsA, Kind, Link, Order, Part, QueryGraph, Var
from assistant.words import plural
from graph.schema import PropertyInfo
from graph.types import Iri

GROUP, VALUE = Var("group"), Var("value")
READINGS = 3  # ways to read the conditions of one table
_FUNCTIONS = {
    "avg": frozenset("average mean avg averaged".split()),
    "sum": frozenset("total sum altogether combined totals".split()),
    "share": frozenset("share percentage proportion fraction percent".split()),
    "max": frozenset("maximum max".split()),
    "min": frozenset("minimum min".split()),
}
_EACH = frozenset("per each every respective".split())
_MOST = {"most": True, "fewest": False, "least": False}
_COMMON = frozenset("common frequent frequently widespread popular used widely".split())
_RATES = {"speed": (("distance", "length"), ("duration", "time")), "density": (("population", "mass"), ("area", "volume"))}
_FAST = frozenset("fast faster fastest slow slower slowest speed".split())
_AGGREGATE_SAID = {"avg": "average", "sum": "total", "max": "highest", "min": "lowest"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the words ask of the numbers: how, over what, at which end. ``tokens`` are those words; mentions are indexes."""

    function: str
    tokens: frozenset[int]
    group: int | None = None
    counted: int | None = None
    extreme: bool = False
    descending: bool = True
    having: tuple[str, str] | None = None


_Measured = tuple[Measure | None, frozenset[int], frozenset[Iri]]  # what is taken, its mentions, the classes that have it


class TableBuilder(Builder):
    """Builds candidates for tables of numbers for one opened graph."""

    def __init__(self, grammar: Grammar, listing: ListBuilder) -> None:
        super().__init__(grammar)
        self.listing = listing

    def tables(self, scan: Scan) -> Iterator[Candidate]:
        """All tables that the ask may mean."""
        for asked in self._asked(scan):
            measures = islice(self._measures(scan, asked), READINGS)
            plain: list[_Measured] = [(None, frozenset(), frozenset())] if asked.function in ("count", "share") else []
            for measure, used, subjects in [*measures] or plain:
                for at, cls in self._counted(scan, asked, used, subjects):
                    yield from self._table(scan, asked, measure, used, at, cls)

    # ------------------------------------------------------------ what the words ask

    def _asked(self, scan: Scan) -> Iterator[_Asked]:
        words = [t.norm for t in scan.tokens]
        function, tokens = self._function(words)
        group, by = self._grouping(scan, words, bool(function) or scan.cues.count)
        if group is None and not function:
            yield from self._most(scan, words)
            yield from self._having(scan)
            order = next((o for o in scan.ops if o.kind == "order"), None)
            if set(words) & (_FAST | set(_RATES)) or "per" in words:
                descending = order is None or order.sign == ">"
                used = frozenset(range(order.first, order.last)) if order else frozenset()
                yield _Asked("each", used, extreme=order is not None, descending=descending)
            return
        ends = self._end(scan, words)
        if group is None and function != "share" and ends is not None:
            before = [i for i, m in enumerate(scan.mentions) if scan.first_token(i) < min(ends[1]) and self._groups(scan, i)]
            group = before[0] if before else None
        extreme, descending, used = (True, ends[0], ends[1]) if ends and group is not None else (False, True, frozenset())
        function = function or ("count" if scan.cues.count or not self._numeric(scan) else "each")
        yield _Asked(function, tokens | by | used, group, None, extreme, descending)

    def _function(self, words: list[str]) -> tuple[str, frozenset[int]]:
        for name, own in _FUNCTIONS.items():
            at = frozenset(t for t, w in enumerate(words) if w in own)
            if at:
                return name, at
        return "", frozenset()

    def _grouping(self, scan: Scan, words: list[str], counting: bool) -> tuple[int | None, frozenset[int]]:
        """The mention behind 'per', 'for each' or, where something is counted, 'by'."""
        for t, word in enumerate(words):
            if word in _EACH or (word == "by" and counting) or (word == "grouped"):
                for i in range(len(scan.mentions)):
                    if t < scan.first_token(i) <= t + 2 and self._groups(scan, i):
                        lead = {t - 1} if t and words[t - 1] in ("for", "in", "of") else set()
                        return i, frozenset({t, *lead})
        return None, frozenset()

    def _groups(self, scan: Scan, i: int) -> bool:
        return any(n.kind in ("class", "property") for n in scan.mentions[i].links) and not self._number(scan, i)

    def _end(self, scan: Scan, words: list[str]) -> tuple[bool, frozenset[int]] | None:
        """'the highest average', 'the lowest total': whether the high end is asked for."""
        for op in scan.ops:
            if op.kind == "order":
                return op.sign == ">", frozenset(range(op.first, op.last))
        for t, word in enumerate(words):
            if word in _MOST or word in ("highest", "largest", "lowest", "smallest"):
                return word in ("most", "highest", "largest"), frozenset({t})
        return None

    def _most(self, scan: Scan, words: list[str]) -> Iterator[_Asked]:
        """'which Y has the most X', 'the most common Y'."""
        for t, word in enumerate(words):
            common = word == "commonest" or (word in _MOST and t + 1 < len(words) and words[t + 1] in _COMMON)
            if common:
                near = sorted((abs(scan.first_token(i) - t), i) for i in range(len(scan.mentions)) if self._groups(scan, i))
                for _, i in near[:2]:
                    yield _Asked("count", frozenset({t, t + 1} if word != "commonest" else {t}), i, None, True, _MOST.get(word, True))
            elif word in _MOST:
                counted = [i for i in range(len(scan.mentions)) if t < scan.first_token(i) <= t + 2]
                before = [i for i in range(len(scan.mentions)) if scan.first_token(i) < t and self._groups(scan, i)]
                if counted and before and any(n.kind == "class" for n in scan.mentions[counted[0]].links):
                    yield _Asked("count", frozenset({t}), before[0], counted[0], True, _MOST[word])

    def _having(self, scan: Scan) -> Iterator[_Asked]:
        """'which Y have more than three X'."""
        for op in scan.ops:
            if op.kind == "compare" and op.value.isdigit() and op.sign in (">", ">=", "<", "<=", "="):
                counted = [i for i in range(len(scan.mentions)) if op.last <= scan.first_token(i) <= op.last + 1]
                before = [i for i in range(len(scan.mentions)) if scan.first_token(i) < op.first and self._groups(scan, i)]
                if counted and before and any(n.kind == "class" for n in scan.mentions[counted[0]].links):
                    tokens = frozenset(range(op.first, op.last))
                    yield _Asked("count", tokens, before[0], counted[0], having=(op.sign, op.value))

    # ------------------------------------------------------------ what is measured, and of what

    def _number(self, scan: Scan, i: int) -> PropertyInfo | None:
        """The number that a mention names, where it names one."""
        infos = (self.schema.properties.get(n.iri) for n in scan.mentions[i].links if n.kind == "property")
        return next((p for p in infos if p is not None and p.is_number), None)

    def _numeric(self, scan: Scan) -> list[tuple[int, PropertyInfo]]:
        found = ((i, self._number(scan, i)) for i in range(len(scan.mentions)))
        return [(i, p) for i, p in found if p is not None]

    def _measures(self, scan: Scan, asked: _Asked) -> Iterator[_Measured]:
        """The number to take of each thing: a property that is named, two joined by 'per' or 'and', or a rate by its own name."""
        named = self._numeric(scan)
        words = [t.norm for t in scan.tokens]
        for (i, a), (j, b) in pairwise(named):
            between = words[max(scan.inside(i), default=0) + 1 : scan.first_token(j)]
            op = "/" if "per" in between or "divided" in between else "-" if {"minus", "difference"} & set(words) else ""
            if op and a.subjects & b.subjects:
                said = "per" if op == "/" else "minus"
                yield Measure((a.iri, b.iri), op, f"{a.named.label} {said} {b.named.label}"), frozenset({i, j}), a.subjects & b.subjects
        for rate, (tops, bottoms) in _RATES.items():
            if rate in words or (rate == "speed" and set(words) & _FAST):
                for top, bottom in self._pairs(tops, bottoms):
                    yield Measure((top.iri, bottom.iri), "/", rate), frozenset(), top.subjects & bottom.subjects
        if asked.function != "share":
            for i, p in named:
                if i != asked.counted:
                    yield Measure((p.iri,), "", p.named.label), frozenset({i}), p.subjects

    def _pairs(self, tops: Iterable[str], bottoms: Iterable[str]) -> list[tuple[PropertyInfo, PropertyInfo]]:
        numbers = sorted((p for p in self.schema.properties.values() if p.is_number), key=lambda p: (-p.count, p.iri))

        def called(info: PropertyInfo, words: Iterable[str]) -> bool:
            return bool(set(words) & set(f"{info.named.label} {' '.join(info.named.aliases)}".lower().replace("(", " ").split()))

        return [(a, b) for a in numbers if called(a, tops) for b in numbers if called(b, bottoms) and a.subjects & b.subjects]

    def _counted(self, scan: Scan, asked: _Asked, used: frozenset[int], subjects: Iterable[Iri]) -> Iterator[tuple[int, Iri]]:
        """The class whose things are counted or measured."""
        if asked.counted is not None:
            yield from ((asked.counted, n.iri) for n in scan.mentions[asked.counted].links if n.kind == "class")
            return
        own = set(subjects)
        classes = [(i, n.iri) for i, n in scan.links("class") if i != asked.group and i not in used]
        fitting = [(i, c) for i, c in classes if not own or own & {c, *self.schema.subclasses(c)}]
        yield from fitting[:2]
        focus = self.schema.focus
        if not fitting:
            rest = [c for c in own if c in self.schema.classes] or ([focus] if focus else [])
            broad = sorted(rest, key=lambda c: (-self.schema.classes[c].count if c in self.schema.classes else 0, c))
            yield from ((-1, c) for c in broad[:1])

    def _paths(self, scan: Scan, group: int, cls: Iri) -> Iterator[tuple[Path, Link]]:
        """How the things of a class reach what groups them: by a property of that name, or by the class of its values."""
        for link in scan.mentions[group].links:
            if link.kind == "property" and link.iri in self.schema.properties:
                info = self.schema.properties[link.iri]
                own = set(self.schema.subclasses(cls)) | (self.schema.classes[cls].parents if cls in self.schema.classes else frozenset())
                if info.subjects & own:
                    yield (Hop(link.iri),), link
                elif info.objects & own:
                    yield (Hop(link.iri, True),), link
            elif link.kind == "class" and link.iri != cls:
                yield from ((path, link) for path in self.connections.routes(cls, link.iri)[:2])

    # ------------------------------------------------------------ candidates

    def _table(
        self, scan: Scan, asked: _Asked, measure: Measure | None, used: frozenset[int], at: int, cls: Iri
    ) -> Iterator[Candidate]:
        skip = used | ({asked.group} if asked.group is not None else set()) | ({at} if at >= 0 else set())
        paths: list[tuple[Path, Link] | None] = [None]
        if asked.group is not None:
            itself = any(n.iri == cls for n in scan.mentions[asked.group].links)
            paths = [*islice(self._paths(scan, asked.group, cls), 2)] if not itself else [None] if measure else []
        for n, path in enumerate(paths):
            for chosen in islice(self.listing.choices(scan, at, cls, TARGET, skip=frozenset(skip), ranges=asked.having is None), READINGS):
                yield self._candidate(scan, asked, measure, frozenset(skip), at, cls, path, chosen, 0.03 * n)

    def _candidate(
        self, scan: Scan, asked: _Asked, measure: Measure | None, used: frozenset[int], at: int, cls: Iri, path: tuple[Path, Link] | None,
        chosen: tuple[Constraint, ...], cost: float,
    ) -> Candidate:  # fmt: skip
        base: tuple[Part, ...] = (IsA(TARGET, self.schema.subclasses(cls)),)
        where = (*base, *combined(scan, chosen))
        if path is not None:
            where += path_parts(TARGET, path[0], GROUP, 99)
        if measure is not None:
            where += _measured(measure)
        each = asked.function == "each" or (measure is not None and path is None and asked.extreme)
        op = next((o for o in scan.ops if o.kind == "order"), None)
        limit, offset = self._window(op, asked.extreme)
        function = "each" if each else asked.function
        frame = TableFrame(
            self.lexicon.label(cls), cls, function, measure, path[1].label if path else "", said_of(scan, chosen), asked.extreme,
            asked.descending, limit, offset, QueryGraph(TARGET, base) if function == "share" else None,
        )  # fmt: skip
        graph = self._graph(frame, where, path is not None, asked.having)
        mentions = used.union(*(c.mentions for c in chosen)) if chosen else used
        tokens = asked.tokens.union(*(c.tokens for c in chosen)) if chosen else asked.tokens
        if op is not None:
            tokens |= frozenset(range(op.first, op.last))
        rates = _FAST | set(_RATES) if measure and measure.op else set()
        tokens |= frozenset(t for t, k in enumerate(scan.tokens) if k.norm in rates)
        total = cost + sum(c.cost for c in chosen)
        links = tuple((i, scan.mentions[i].best) for i in sorted(used))
        kind: Kind = "count" if function in ("count", "share") and path is None else "list"
        return Candidate(kind, frame, self.english(frame), graph, mentions, tokens, links, total)

    def _window(self, op: Op | None, extreme: bool) -> tuple[int | None, int]:
        if op is None or not extreme:
            return (1, 0) if extreme else (None, 0)
        return op.limit or 1, op.offset

    def _graph(self, frame: TableFrame, where: tuple[Part, ...], grouped: bool, having: tuple[str, str] | None) -> QueryGraph:
        if frame.function == "each":
            order = Order(VALUE, frame.descending) if frame.extreme else None
            return QueryGraph(TARGET, where, (TARGET, VALUE), order=order, limit=frame.limit, offset=frame.offset)
        aggregate = "" if frame.function in ("count", "share") else frame.function.upper()
        order = Order(Var(aggregate.lower() or "count"), frame.descending) if grouped else None
        columns = (TARGET, VALUE) if aggregate else ()
        return QueryGraph(
            TARGET, where, columns, count=not aggregate, group=GROUP if grouped else None, aggregate=aggregate, having=having, order=order,
            limit=frame.limit if grouped else None, offset=frame.offset if grouped else 0,
        )  # fmt: skip

    def english(self, frame: TableFrame) -> str:
        """'the number of frameworks for each licence', 'the average height of towers that ..., for each city, highest first'."""
        things = plural(frame.noun) + (f" {frame.said}" if frame.said else "")
        label = frame.measure.label if frame.measure else ""
        if frame.function == "share":
            said = f"the share of {plural(frame.noun)} {frame.said}"
        elif frame.function == "count":
            said = f"the number of {things}"
        elif frame.function == "each":
            said = f"the {label} of {things}"
        else:
            said = f"the {_AGGREGATE_SAID[frame.function]} {label} of {things}"
        said += f" for each {frame.by_noun}" if frame.by_noun else ""
        return said + (f", {'highest' if frame.descending else 'lowest'} first" if frame.extreme else "")


def _measured(measure: Measure) -> tuple[Part, ...]:
    if not measure.op:
        return (Edge(TARGET, measure.properties, VALUE),)
    names = [Var(f"{var_name('number', 0)}{n}") for n in range(len(measure.properties))]
    edges = tuple(Edge(TARGET, (p,), v) for p, v in zip(measure.properties, names, strict=True))
    return (*edges, Bind(VALUE, measure.op, names[0], names[1]))
