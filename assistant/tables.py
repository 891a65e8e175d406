"""Candidates for numbers over things: counts per group, averages and totals, shares, quotients of two properties.

'How many X per Y', 'the average P of X for each Y', 'which Y has the most X', 'what share of X is Z', 'the P1 per P2 of X'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, pairwise

from assistant.amounts import FAST, FOCUS, AmountReader, Asked
from assistant.connect import Hop, Path
from assistant.constrain import path_parts
from assistant.frames import Candidate, Constraint, Measure, TableFrame
from assistant.grammar import Grammar, combined, names_of, said_of, var_name
from assistant.lists import TARGET, ListBuilder
from assistant.operators import Op
from assistant.phrase import value_noun
from assistant.scan import Scan
from assistant.sums import RATES
from assistant.types import Bind, Edge, IsA, Kind, Link, Order, Part, QueryGraph, Var
from assistant.words import plural, valued
from graph.schema import PropertyInfo
from graph.types import Iri

GROUP, VALUE = Var("group"), Var("value")
READINGS = 3  # ways to read the conditions of one table
_AGGREGATE_SAID = {"avg": "average", "sum": "total", "max": "highest", "min": "lowest"}

_Measured = tuple[Measure | None, frozenset[int], frozenset[Iri]]  # what is taken, its mentions, the classes that have it


class TableBuilder(AmountReader):
    """Builds candidates for tables of numbers for one opened graph."""

    def __init__(self, grammar: Grammar, listing: ListBuilder) -> None:
        super().__init__(grammar)
        self.listing = listing

    def tables(self, scan: Scan) -> Iterator[Candidate]:
        """All tables that the ask may mean."""
        for asked in self.asked(scan):
            measures = islice(self._measures(scan, asked), READINGS)
            plain: list[_Measured] = [(None, frozenset(), frozenset())]
            for measure, used, subjects in plain if asked.function in ("count", "share") else measures:
                for at, cls in self._counted(scan, asked, used, subjects):
                    yield from self._table(scan, asked, measure, used, at, cls)

    # ------------------------------------------------------------ what is measured, and of what

    def _measures(self, scan: Scan, asked: Asked) -> Iterator[_Measured]:
        """The number to take of each thing: a property that is named, two joined by 'per' or 'and', or a rate by its own name."""
        named = self.numeric(scan)
        words = [t.norm for t in scan.tokens]
        for (i, a), (j, b) in pairwise(named):
            between = words[max(scan.inside(i), default=0) + 1 : scan.first_token(j)]
            op = "/" if "per" in between or "divided" in between else "-" if {"minus", "difference"} & set(words) else ""
            if op and a.subjects & b.subjects:
                said = "per" if op == "/" else "minus"
                yield Measure((a.iri, b.iri), op, f"{a.named.label} {said} {b.named.label}"), frozenset({i, j}), a.subjects & b.subjects
        found = False
        for rate, (tops, bottoms) in RATES.items():
            if rate in words or (rate == "speed" and set(words) & FAST):
                for top, bottom in self._pairs(tops, bottoms):
                    found = True
                    own = frozenset(i for i, n in scan.links("property") if n.iri in (top.iri, bottom.iri))
                    yield Measure((top.iri, bottom.iri), "/", rate), own, top.subjects & bottom.subjects
        fast = asked.function == "each" and set(words) & FAST and found
        if asked.function != "share" and not fast:
            for i, p in named:
                if i != asked.counted:
                    yield Measure((p.iri,), "", p.named.label), frozenset({i}), p.subjects
            if not named and asked.function in ("avg", "sum", "max", "min"):
                yield from self._by_adjective(scan)

    def _by_adjective(self, scan: Scan) -> Iterator[_Measured]:
        """'where are the X highest on average': the property that the adjective orders."""
        for _, link in scan.links("class"):
            _, prop, _ = self.listing.order(scan, link.iri)
            if prop is not None and prop.is_number:
                yield Measure((prop.iri,), "", prop.named.label), frozenset(), prop.subjects

    def _pairs(self, tops: Iterable[str], bottoms: Iterable[str]) -> list[tuple[PropertyInfo, PropertyInfo]]:
        numbers = sorted((p for p in self.schema.properties.values() if p.is_number), key=lambda p: (-p.count, p.iri))

        above = [p for p in numbers if names_of(p) & set(tops)]
        below = [p for p in numbers if names_of(p) & set(bottoms)]
        return [(a, b) for a in above for b in below if a.subjects & b.subjects]

    def _counted(self, scan: Scan, asked: Asked, used: frozenset[int], subjects: Iterable[Iri]) -> Iterator[tuple[int, Iri]]:
        """The class whose things are counted or measured."""
        if asked.counted is not None:
            links = scan.mentions[asked.counted].links
            infos = [self.schema.properties[n.iri] for n in links if n.kind == "property" and n.iri in self.schema.properties]
            named = [n.iri for n in links if n.kind == "class"]
            known = [c for info in infos for c in sorted(info.objects) if c in self.schema.classes]
            yield from ((asked.counted, c) for c in dict.fromkeys(named or known[:1]))
            return
        own = set(subjects)
        classes = [(i, n.iri) for i, n in scan.links("class") if i != asked.group and i not in used]
        fitting = [(i, c) for i, c in classes if not own or own & {c, *self.schema.subclasses(c)}]
        yield from fitting[:2]
        focus = self.schema.focus
        if not fitting:
            rest = [c for c in own if c in self.schema.classes] or ([focus] if focus else [])
            broad = sorted(rest, key=lambda c: (c != focus, -self.schema.classes[c].count if c in self.schema.classes else 0, c))
            yield from ((-1, c) for c in broad[:1])

    def _paths(self, scan: Scan, group: int, cls: Iri) -> Iterator[tuple[Path, Link]]:
        """How the things of a class reach what groups them: by a property of that name, or by the class of its values."""
        focus = self.schema.focus
        if group == FOCUS and focus is not None:
            named = {n.iri for _, n in scan.links("property")}
            straight = [r for r in self.connections.routes(cls, focus) if len(r) == 1]
            best = sorted(straight, key=lambda r: r[0].property not in named)
            yield from ((path, Link(focus, self.lexicon.label(focus), "class", 0.9)) for path in best[:1])
            return
        for link in scan.mentions[group].links:
            if link.kind == "property" and link.iri in self.schema.properties:
                info = self.schema.properties[link.iri]
                own = set(self.schema.subclasses(cls)) | (self.schema.classes[cls].parents if cls in self.schema.classes else frozenset())
                if info.subjects & own:
                    yield (Hop(link.iri),), link
                elif info.objects & own:
                    yield (Hop(link.iri, True),), link
            elif link.kind == "class" and link.iri != cls:
                routes = self.connections.routes(cls, link.iri)
                yield from ((path, link) for path in sorted(routes, key=lambda p: not self._middle(scan, p))[:2])

    def _middle(self, scan: Scan, path: Path) -> frozenset[int]:
        """The mentions of what a path leads through: the class in its middle, the names of its properties."""
        named = frozenset(i for i, n in scan.links("property") if n.iri in {h.property for h in path})
        if len(path) < 2 or path[0].property not in self.schema.properties:
            return named
        info = self.schema.properties[path[0].property]
        between = info.subjects if path[0].inverse else info.objects
        return named | {i for i, n in scan.links("class") if n.iri in between}

    # ------------------------------------------------------------ candidates

    def _table(
        self, scan: Scan, asked: Asked, measure: Measure | None, used: frozenset[int], at: int, cls: Iri
    ) -> Iterator[Candidate]:
        skip = used | ({asked.group} if asked.group is not None and asked.group >= 0 else set()) | ({at} if at >= 0 else set())
        paths: list[tuple[Path, Link] | None] = [None]
        if asked.group is not None:
            itself = asked.group >= 0 and any(n.iri == cls for n in scan.mentions[asked.group].links)
            paths = [*islice(self._paths(scan, asked.group, cls), 2)] if not itself else [None] if measure else []
        for n, path in enumerate(paths):
            own = frozenset(skip) | (self._middle(scan, path[0]) if path else frozenset())
            for chosen in islice(self.listing.choices(scan, at, cls, TARGET, skip=own, ranges=asked.having is None), READINGS):
                yield self._candidate(scan, asked, measure, own, at, cls, path, chosen, 0.03 * n + asked.cost)

    def _candidate(
        self, scan: Scan, asked: Asked, measure: Measure | None, used: frozenset[int], at: int, cls: Iri, path: tuple[Path, Link] | None,
        chosen: tuple[Constraint, ...], cost: float,
    ) -> Candidate:  # fmt: skip
        base: tuple[Part, ...] = (IsA(TARGET, self.schema.subclasses(cls)),)
        where = (*base, *combined(scan, chosen))
        spoken: frozenset[int] = frozenset()
        if path is not None:
            where += path_parts(TARGET, path[0], GROUP, 99)
            spoken = self.grammar.spoken(scan, [h.property for h in path[0]])
        if measure is not None:
            where += _measured(measure)
        each = asked.function == "each" or (measure is not None and path is None and asked.extreme)
        op = next((o for o in scan.ops if o.kind == "order"), None)
        function = "each" if each else asked.function
        limit, offset = self._window(op, asked.extreme)
        limit = asked.limit if asked.limit and limit == 1 else limit
        given = self._given(scan, cls, chosen) if function == "share" else ()
        frame = TableFrame(
            self.lexicon.label(cls), cls, function, measure, self._by_noun(path) if path else "",
            said_of(scan, tuple(c for c in chosen if c not in given)), asked.extreme,
            asked.descending, limit, offset,
            QueryGraph(TARGET, (*base, *combined(scan, given))) if function == "share" else None, valued(scan.text), said_of(scan, given),
        )  # fmt: skip
        graph = self._graph(frame, where, path is not None, asked.having)
        mentions = used.union(*(c.mentions for c in chosen)) if chosen else used
        tokens = spoken.union(asked.tokens, *(c.tokens for c in chosen))
        if op is not None:
            tokens |= frozenset(range(op.first, op.last))
        rates = FAST | set(RATES) if measure and measure.op else set()
        tokens |= frozenset(t for t, k in enumerate(scan.tokens) if k.norm in rates)
        total = cost + sum(c.cost for c in chosen)
        links = tuple((i, scan.mentions[i].best) for i in sorted(used))
        kind: Kind = "count" if function in ("count", "share") and path is None else "list"
        return Candidate(kind, frame, self.english(frame), graph, mentions, tokens, links, total)

    def _by_noun(self, path: tuple[Path, Link]) -> str:
        """What the groups are called: by the name that was used, or, where that is no noun ('calls at'), by their class."""
        hops, link = path
        info = self.schema.properties.get(link.iri)
        if info is None:
            return link.label
        kinds = (info.subjects if hops[-1].inverse else info.objects) & set(self.schema.classes)
        return value_noun(info, [self.lexicon.label(c) for c in sorted(kinds, key=lambda c: (self.schema.classes[c].count, c))])

    def _given(self, scan: Scan, cls: Iri, chosen: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
        """The conditions on the whole of which a share is asked: those at or before the noun."""
        named = [i for i, n in scan.links("class") if n.iri == cls and i not in self.grammar.names(scan, None)]
        named += [i for i, n in scan.links("entity") if n.score > 0.7 and cls in self.connections.pointing(n.iri)[:1]]
        last = min(named, default=-1)
        return tuple(c for c in chosen if c.mentions and all(i <= last for i in c.mentions))

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

    def ended(self, previous: Candidate, descending: bool, limit: int | None, offset: int = 0) -> Candidate | None:
        """The groups of a table at one end only."""
        frame, graph = previous.frame, previous.graph
        if not isinstance(frame, TableFrame) or graph is None or graph.group is None:
            return None
        made = replace(frame, extreme=True, descending=descending, limit=limit or 1, offset=offset)
        table = self._graph(made, graph.where, True, graph.having)
        edit = f"the {'highest' if descending else 'lowest'} only" if not offset else f"from place {offset + 1} on"
        return replace(previous, frame=made, graph=table, english=self.english(made), edit=edit, links=(), mentions=frozenset())

    def taken(self, previous: Candidate, function: str) -> Candidate | None:
        """A table whose numbers are taken together in another way: the average in the place of the total."""
        frame, graph = previous.frame, previous.graph
        if not isinstance(frame, TableFrame) or graph is None or frame.measure is None or function == "share":
            return None
        made = replace(frame, function=function)
        edit = f"the {_AGGREGATE_SAID[function]} in the place of the {_AGGREGATE_SAID.get(frame.function, 'single values')}"
        table = self._graph(made, graph.where, graph.group is not None, graph.having)
        return replace(previous, frame=made, graph=table, english=self.english(made), edit=edit, links=(), mentions=frozenset())

    def english(self, frame: TableFrame) -> str:
        """'the number of frameworks for each licence', 'the average height of towers that ..., for each city, highest first'."""
        things = plural(frame.noun) + (f" {frame.said}" if frame.said else "")
        label = frame.measure.label if frame.measure else ""
        if frame.function == "share":
            whole = f"{plural(frame.noun)} {frame.given}".strip()
            said = f"the share of {whole} {frame.said}"
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
