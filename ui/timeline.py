"""When the dated things of a thing came, as lanes of ticks over years: releases, works, whatever a graph dates.

The picture is SVG written here, as in ``ui.picture``: a plotting library writes fixed colours and inline styles, which neither
follow light and dark nor pass the pages' policy, and takes longer to import than a page to make. The table under it says the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import RDF
from graph.types import XSD, Fact, Iri, Literal
from ui.labels import Labels
from ui.render import drawn, scrolled

DATES = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth"))
LEAST = 3  # events that make a timeline
MOST = 10_000  # events that are read
# Pixels: the picture, the names at its left, a lane, a tick, room at the right for the last year, the years below.
WIDE, NAMED, LANE, TICK, EDGE, FOOT = 760, 130, 34, 16, 22, 24
YEARS = 9  # labels under the axis at most


def moment(day: str) -> float:
    """YYYY, YYYY-MM or YYYY-MM-DD as a year and a fraction, near enough for a tick."""
    return int(day[:4]) + (int(day[5:7] or 1) - 1) / 12 + (int(day[8:10] or 1) - 1) / 365


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a day as the graph writes it (YYYY, YYYY-MM or YYYY-MM-DD). ``name`` is '' where it is not told."""

    iri: str
    day: str
    name: str = ""

    @property
    def year(self) -> int:
        return int(self.day[:4])

    @property
    def at(self) -> float:
        """The day as a year and a fraction."""
        return moment(self.day)


@dataclass(frozen=True, slots=True)
class Lane:
    """A thing and its events, oldest first."""

    name: str
    events: tuple[Event, ...]

    def by_year(self) -> dict[int, tuple[int, Event]]:
        """Year -> how many, and the last of them."""
        counts = Counter(e.year for e in self.events)
        return {e.year: (counts[e.year], e) for e in self.events}


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the events are ('release'), and a lane for each thing that has some."""

    what: str
    lanes: tuple[Lane, ...]


# ---------------------------------------------------------------- reading


def dated(kg: KnowledgeGraph, schema: Schema) -> tuple[Iri, Iri] | None:
    """The property by which things have most dated things that are no other thing's, and the property that dates those."""
    best: tuple[int, Iri, Iri] | None = None
    for day in sorted(p for p, info in schema.properties.items() if info.datatypes & DATES):
        holders = schema.properties[day].subjects
        for p in sorted(p for p, info in schema.properties.items() if info.objects & holders):
            body = kg.wrap(f"?t {p.n3} ?e . ?e {day.n3} ?d")
            for row in kg.query(f"SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?e) AS ?own) {body}").rows:
                n = int(row["n"].value)
                if n >= LEAST and n == int(row["own"].value) and (best is None or n > best[0]):
                    best = (n, p, day)
    return (best[1], best[2]) if best else None


def read(kg: KnowledgeGraph, labels: Labels, things: Sequence[Iri], by: tuple[Iri, Iri] | None) -> Timeline | None:
    """The events of these things by the two properties of ``dated``; None where no thing has enough to be drawn."""
    if by is None:
        return None
    has, day = by
    found: dict[Iri, list[Event]] = {t: [] for t in things}
    body = kg.wrap(f"VALUES ?t {{ {' '.join(t.n3 for t in things)} }} ?t {has.n3} ?e . ?e {day.n3} ?d")
    for row in kg.query(f"SELECT DISTINCT ?t ?e ?d {body} ORDER BY ?d ?e LIMIT {MOST}").rows:
        thing, when = row["t"], row["d"]
        if isinstance(thing, Iri) and isinstance(when, Literal) and re.match(r"\d{4}(-\d\d){0,2}", when.value):
            found[thing].append(Event(row["e"].value, when.value[:10]))
    if max(map(len, found.values()), default=0) < LEAST:
        return None
    last = [Iri(e.iri) for events in found.values() for _, e in Lane("", tuple(events)).by_year().values()]
    names = labels.learn([*(Fact(t, has, t) for t in things), *(Fact(e, RDF.type, e) for e in last)])

    def named(e: Event) -> Event:
        return Event(e.iri, e.day, names.known.get(e.iri, ""))

    lanes = tuple(Lane(names.thing(t), tuple(map(named, events))) for t, events in found.items() if events)
    return Timeline(names.property(has), lanes)


# ---------------------------------------------------------------- HTML


def html(timeline: Timeline) -> str:
    """The picture, and its table folded below."""
    return f'<figure class="timeline">{_svg(timeline)}<details><summary>As a table</summary>{_table(timeline)}</details></figure>'


def _svg(timeline: Timeline) -> str:
    moments = [e.at for lane in timeline.lanes for e in lane.events]
    first, last = int(min(moments)), int(max(moments)) + 1
    left = NAMED if len(timeline.lanes) > 1 else 2

    def x(at: float) -> float:
        return left + (at - first) / (last - first) * (WIDE - left - EDGE)

    height = LANE * len(timeline.lanes) + FOOT
    step = -(-(last - first) // YEARS)
    axis = "".join(
        f'<path class="grid" d="M{x(y):.0f} 0V{height - FOOT}"/><text x="{x(y):.0f}" y="{height - 7}" text-anchor="middle">{y}</text>'
        for y in range(first + (left < NAMED), last + 1, step)
    )
    lanes = "".join(_lane(lane, LANE * i, x, left >= NAMED) for i, lane in enumerate(timeline.lanes))
    told = "; ".join(f"{lane.name}: {len(lane.events)}, {lane.events[0].day} to {lane.events[-1].day}" for lane in timeline.lanes)
    return drawn("Timeline", f"Each {timeline.what} by its date. {told}", WIDE, height, axis + lanes)


def _lane(lane: Lane, top: int, x: Callable[[float], float], named: bool) -> str:
    """A tick an event; those that would fall on one pixel are one tick."""
    middle = top + LANE // 2
    ticks = "".join(f"M{at} {middle - TICK // 2}v{TICK}" for at in sorted({round(x(e.at)) for e in lane.events}))
    name = f'<text class="name" x="0" y="{middle + 4}">{escape(shorten(lane.name))}</text>' if named else ""
    line = f"M{x(lane.events[0].at):.0f} {middle}H{x(lane.events[-1].at):.0f}"
    return f'{name}<path class="lane" d="{line}"/><path class="ticks" d="{ticks}"/>'


def shorten(text: str, most: int = 17) -> str:
    """Text that fits beside a picture."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _table(timeline: Timeline) -> str:
    """A row a year: how many of each thing, and the last of them."""
    years = [lane.by_year() for lane in timeline.lanes]
    head = "".join(f'<th scope="col">{escape(lane.name)}</th>' for lane in timeline.lanes)
    rows = "".join(
        f'<tr><th scope="row">{year}</th>{"".join(_year(found.get(year)) for found in years)}</tr>'
        for year in sorted({y for found in years for y in found}, reverse=True)
    )
    title = f"{timeline.what} by year"
    return scrolled(escape(title), f'<table><thead><tr><th scope="col">year</th>{head}</tr></thead><tbody>{rows}</tbody></table>')


def _year(found: tuple[int, Event] | None) -> str:
    if not found:
        return "<td>none</td>"
    count, last = found
    return f"<td>{count}, last {escape(last.name)} on {last.day}</td>" if last.name else f"<td>{count}, last on {last.day}</td>"
