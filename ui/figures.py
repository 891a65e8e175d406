"""Measured figures as plots: those that grew over time as lines, those of one test as bars by source, so that sources can be seen
to disagree. Under each stands the table of what is drawn, every figure with its circumstances and its source.

The picture is SVG written here, for the reasons given in ``ui.timeline``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from graph.measurements import Measurement, Measurements
from graph.provenance import sources_of
from graph.types import Iri, Source
from ui.labels import Labels
from ui.render import anchor, drawn, scrolled
from ui.timeline import moment, shorten

GROWN = 3  # dates that make a line
TESTS = 6  # tests that are drawn of one quantity; the table holds all
# Pixels: the picture; room for names and figures at its sides; a bar; the head of a test; the lines' height and the years below.
WIDE, NAMED, FIGURED, BAR, HEAD, HIGH, FOOT = 760, 150, 90, 20, 24, 190, 24


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: of what, how much, when, of which version, measured how, stated by whom."""

    thing: str
    value: float
    day: str
    version: str
    how: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Plot:
    """Figures of one quantity; ``grown``: one source counted them on several days."""

    quantity: str
    unit: str
    figures: tuple[Figure, ...]
    grown: bool

    def by(self, key: Callable[[Figure], str]) -> dict[str, list[Figure]]:
        """The figures in groups, in the order in which these are met."""
        found: dict[str, list[Figure]] = defaultdict(list)
        for figure in self.figures:
            found[key(figure)].append(figure)
        return dict(found)


# ---------------------------------------------------------------- reading


def read(measurements: Measurements, labels: Labels, things: Sequence[Iri]) -> tuple[Plot, ...]:
    """The plots of these things; of several things only what was measured of two at least."""
    own = measurements.of(things)
    if not own:
        return ()
    names = labels.learn(f for m in own for f in m.facts)
    sources = sources_of(measurements.kg, [m.facts[0] for m in own])
    by: dict[tuple[int, Iri], list[Measurement]] = defaultdict(list)
    for m in own:
        term = measurements.quantities.get(m.quantity)
        by[term.rank if term else 99, m.quantity].append(m)

    def figure(m: Measurement) -> Figure:
        stated = next(iter(sources.get(m.facts[0], ())), None)
        return Figure(names.thing(m.thing), m.value, m.date, m.version, _how(measurements, m), stated)

    plots = []
    for (_, quantity), found in sorted(by.items()):
        grown = _grown(found)
        pool = found if grown else _compared(found, len(things))
        if pool and (grown or len(things) > 1):
            pool.sort(key=lambda m: (m.test or m.quantity, m.date, things.index(m.thing)))
            plots.append(Plot(names.thing(quantity), pool[0].unit, tuple(map(figure, pool)), grown))
    return tuple(plots)


def _grown(found: Sequence[Measurement]) -> bool:
    """Whether one test counted one of the things on several days."""
    days: dict[tuple[Iri, Iri | None], set[str]] = defaultdict(set)
    for m in found:
        days[m.thing, m.test].add(m.date)
    return max(map(len, days.values())) >= GROWN


def _compared(found: Iterable[Measurement], things: int) -> list[Measurement]:
    """Those of runs that measured two of the things, of each test the latest run, in the circumstances that come first."""
    runs: dict[tuple[object, ...], list[Measurement]] = defaultdict(list)
    for m in found:
        runs[m.together].append(m)
    best: dict[Iri | None, list[Measurement]] = {}
    for run in runs.values():
        if len({m.thing for m in run}) < min(things, 2):
            continue
        held = best.get(run[0].test)
        if held is None or (len({m.thing for m in run}), run[0].date) > (len({m.thing for m in held}), held[0].date):
            best[run[0].test] = run
    return [m for run in best.values() for m in run]


def _how(measurements: Measurements, m: Measurement) -> str:
    """The test, whose it is, and what tells its runs apart."""
    test = measurements.tests.get(m.test) if m.test else None
    whose = measurements.benchmarks.get(test.part_of) if test and test.part_of else None
    told = [f"{measurements.circumstances[p].label} {v.value}" for p, v in m.circumstances if p in measurements.telling]
    return ", ".join(part for part in (whose.label if whose else "", test.label if test else "", *told) if part)


# ---------------------------------------------------------------- HTML


def html(plots: Sequence[Plot]) -> str:
    """A figure for each quantity."""
    return "".join(f'<figure class="plot"><h3>{_title(p)}</h3>{_lines(p) if p.grown else _bars(p)}{_table(p)}</figure>' for p in plots)


def _title(plot: Plot) -> str:
    unit = f" ({plot.unit})" if plot.unit and plot.unit not in plot.quantity else ""
    return escape(plot.quantity[:1].upper() + plot.quantity[1:] + unit)


def number(value: float) -> str:
    """A figure as people write it: 12,345 or 0.875."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:,.3g}"


def _bars(plot: Plot) -> str:
    """A bar a thing under each test; each test has a scale of its own, for figures of two tests do not compare."""
    body, y = [], 0.0
    for how, figures in _spread(plot)[:TESTS]:
        most = max(f.value for f in figures) or 1
        body.append(f'<text class="head" x="0" y="{y + 16:.0f}">{escape(shorten(how, 105))}</text>')
        y += HEAD
        for f in figures:
            long = max(f.value / most * (WIDE - NAMED - FIGURED), 1)
            body.append(
                f'<text x="{NAMED - 8}" y="{y + 14:.0f}" text-anchor="end">{escape(shorten(f.thing))}</text>'
                f'<rect x="{NAMED}" y="{y + 3:.0f}" width="{long:.1f}" height="{BAR - 6}" rx="3"/>'
                f'<text class="figure" x="{NAMED + long + 6:.0f}" y="{y + 14:.0f}">{number(f.value)}</text>'
            )
            y += BAR
        y += 8
    return drawn("Plot", f"Bars of {plot.quantity} under each test; the table below holds the same.", WIDE, y, "".join(body))


def _spread(plot: Plot) -> list[tuple[str, list[Figure]]]:
    """The tests, one of each publisher before a second of any, so that it is seen where these disagree."""
    met: Counter[str] = Counter()
    ranked = []
    for how, figures in plot.by(lambda f: f"{f.how}, {f.day}").items():
        publisher = figures[0].source.publisher if figures[0].source else ""
        ranked.append((met[publisher], how, figures))
        met[publisher] += 1
    return [(how, figures) for _, how, figures in sorted(ranked, key=lambda r: r[0])]


def _lines(plot: Plot) -> str:
    """A line a thing, its name and last figure at the end."""
    lines = {name: sorted(found, key=lambda f: f.day) for name, found in plot.by(lambda f: f.thing).items()}
    moments = [moment(f.day) for f in plot.figures]
    first, last = min(moments), max(max(moments), min(moments) + 1)
    most = max(f.value for f in plot.figures) or 1
    right = WIDE - NAMED - 10

    def at(f: Figure) -> str:
        return f"{(moment(f.day) - first) / (last - first) * (right - 8) + 4:.1f} {HIGH - f.value / most * (HIGH - 14):.1f}"

    years = "".join(
        f'<path class="grid" d="M{(year - first) / (last - first) * (right - 8) + 4:.0f} 0V{HIGH}"/>'
        f'<text x="{(year - first) / (last - first) * (right - 8) + 4:.0f}" y="{HIGH + 17}" text-anchor="middle">{year}</text>'
        for year in range(int(first) + 1, int(last) + 1)
    )
    ends = _apart({name: HIGH - found[-1].value / most * (HIGH - 14) for name, found in lines.items()})
    paths = "".join(
        f'<path class="line line-{n % 5}" d="M{"L".join(map(at, found))}"/>'
        f'<text class="name line-{n % 5}" x="{right + 2}" y="{ends[name] + 4:.0f}">'
        f"{escape(shorten(name, 12))} {number(found[-1].value)}</text>"
        for n, (name, found) in enumerate(lines.items())
    )
    return drawn("Plot", f"Lines of {plot.quantity} over the years; the table below holds the same.", WIDE, HIGH + FOOT, years + paths)


def _apart(places: dict[str, float]) -> dict[str, float]:
    """Places of labels, moved so that none stands on another."""
    free, made = 10.0, {}
    for name in sorted(places, key=lambda n: places[n]):
        made[name] = max(places[name], free)
        free = made[name] + 15
    over = max(0.0, max(made.values()) - HIGH)
    return {name: place - over for name, place in made.items()}


def _table(plot: Plot) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(f.thing)}</th><td>{number(f.value)}</td><td>{escape(f.day)}</td>'
        f"<td>{escape(f.version) or 'not stated'}</td><td>{escape(f.how)}</td><td>{_source(f.source)}</td></tr>"
        for f in plot.figures
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("of", "figure", "on", "version", "measured how", "stated by"))
    table = scrolled("Figures", f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return f"<details><summary>As a table, with the sources ({len(plot.figures)} figures)</summary>{table}</details>"


def _source(source: Source | None) -> str:
    if source is None:
        return "not stated"
    read = f", retrieved {escape(source.retrieved)}" if source.retrieved else ""
    return anchor(source.url, source.title or source.passage) + read
