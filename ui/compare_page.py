"""The page to set two to five things beside each other, as HTML. Pure; every character of data is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from assistant import ComparisonTable
from assistant.choices import MOST_COMPARED, Cell, Line
from graph.types import Iri
from ui import figures, timeline
from ui.catalogue import Thing
from ui.figures import Plot
from ui.pages import sources
from ui.render import inline, scrolled
from ui.shell import page, script, style
from ui.timeline import Timeline

PATH = "/compare"
OTHER = "Other features"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which rows are wanted: those whose name holds ``text``, of one ``group``, only those that differ."""

    text: str = ""
    group: str = ""
    differ: bool = False

    def takes(self, line: Line, group: str) -> bool:
        """Whether a row of this group is wanted."""
        named = self.text.casefold() in line.label.casefold()
        return named and self.group in ("", group) and (line.differs or not self.differ)


@dataclass(frozen=True)
class Picked:
    """What was picked, what could not be found with the nearest things, and what is offered to begin with or to add."""

    things: tuple[Thing, ...] = ()
    missing: tuple[tuple[str, tuple[Thing, ...]], ...] = ()
    offered: tuple[Thing, ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """The table of what was picked, the group of each feature, the names of the levels by rank, and the dates to draw."""

    table: ComparisonTable
    groups: Mapping[Iri, str] = field(default_factory=dict)
    levels: Mapping[int, str] = field(default_factory=dict)
    timeline: Timeline | None = None
    plots: tuple[Plot, ...] = ()
    ask: str = ""

    def group(self, line: Line) -> str:
        """The group of a row: that of its feature, or '' for a property."""
        return (self.groups.get(Iri(line.feature)) or OTHER) if line.feature else ""


def address(things: Sequence[Thing]) -> str:
    """Where these things are compared."""
    return f"{PATH}?{urlencode([('thing', t.slug) for t in things])}" if things else PATH


def compare_page(title: str, picked: Picked, compared: Compared | None = None, wish: Wish | None = None, trouble: str = "") -> str:
    """The page. ``title`` is that of the dataset; ``trouble`` says why there is no table."""
    said = f'<p role="alert" class="trouble">{escape(trouble)}</p>' if trouble else ""
    result = _result(picked, compared, wish or Wish()) if compared else _hint(picked)
    lead = "Two to five things in all that is stated of them, each cell with its sources."
    body = f'<main class="compare"><h1>Compare</h1><p class="quiet">{lead}</p>{_picker(picked)}{_missing(picked)}{said}{result}</main>'
    name = " and ".join(t.label for t in picked.things) if compared else "Compare"
    return page(title, name, body, PATH, style("pages.css") + style("compare.css") + script("compare.js"))


# ---------------------------------------------------------------- what to compare


def _picker(picked: Picked) -> str:
    """What is picked, each with a way to drop it, and a field for one more; it needs no script."""
    chips = "".join(
        f'<li><input type="hidden" name="thing" value="{escape(t.slug)}"><a href="{escape(t.href)}">{escape(t.label)}</a>'
        f'<a class="drop" href="{escape(address([o for o in picked.things if o != t]))}" aria-label="Remove {escape(t.label)}">×</a></li>'
        for t in picked.things
    )
    listed = f'<ul class="picked" aria-label="Compared">{chips}</ul>' if chips else ""
    count = 2 if not picked.things else 1 if len(picked.things) < MOST_COMPARED else 0
    names = ("First thing", "Second thing") if count == 2 else ("Add a thing",)
    fields = "".join(
        f'<div><label for="thing-{i}">{names[i]}</label>'
        f'<input id="thing-{i}" name="thing" list="known" autocomplete="off" spellcheck="false"></div>'
        for i in range(count)
    )
    button = f'<button type="submit" class="button">{"Compare" if count == 2 else "Add"}</button>' if count else ""
    options = "".join(f'<option value="{escape(name)}"></option>' for name in picked.known)
    known = f'<datalist id="known">{options}</datalist>'
    return f'<form id="pick" action="{PATH}">{listed}<div class="bar">{fields}{button}</div>{known}</form>'


def _missing(picked: Picked) -> str:
    """What is not known by that name, and what is called nearly so."""
    said = ""
    for name, near in picked.missing:
        links = ", ".join(f'<a href="{escape(address([*picked.things, t]))}">{escape(t.label)}</a>' for t in near)
        hint = f" The nearest: {links}." if links else ""
        said += f'<p role="alert" class="trouble">Nothing here is called <b>{escape(name)}</b>.{hint}</p>'
    return said


def _hint(picked: Picked) -> str:
    links = "".join(f'<li><a href="{escape(address([*picked.things, t]))}">{escape(t.label)}</a></li>' for t in picked.offered)
    if not links:
        return ""
    lead = f"What is most like {escape(picked.things[-1].label)}:" if picked.things else "Begin with one of these:"
    return f'<section class="offered"><h2 class="small">{lead}</h2><ul>{links}</ul></section>'


# ---------------------------------------------------------------- the table


def _result(picked: Picked, compared: Compared, wish: Wish) -> str:
    table = compared.table
    lines = [(line, compared.group(line)) for line in table.lines]
    drawn = ""
    if compared.timeline:
        drawn = f'<section><h2>{escape(compared.timeline.what.capitalize())} by date</h2>{timeline.html(compared.timeline)}</section>'
    if compared.plots:
        drawn += f"<section><h2>Figures</h2>{figures.html(compared.plots)}</section>"
    shown = sum(wish.takes(*line) for line in lines)
    count = f'<p id="count" role="status" class="quiet">{shown} of {len(lines)} rows</p>'
    ask = f'<p><a class="button" href="{escape(compared.ask)}">Ask about this in the chat</a></p>' if compared.ask else ""
    rows = _filter(picked, compared, wish) + count + _legend(compared) + _table(table, lines, wish)
    return ask + rows + drawn + sources(table.citations)


def _filter(picked: Picked, compared: Compared, wish: Wish) -> str:
    held = "".join(f'<input type="hidden" name="thing" value="{escape(t.slug)}">' for t in picked.things)
    groups = sorted({g for line in compared.table.lines if (g := compared.group(line))})
    options = "".join(f'<option{" selected" if g == wish.group else ""}>{escape(g)}</option>' for g in groups)
    options = f'<option value="">all rows</option>{options}'
    select = f'<div><label for="group">Features</label><select id="group" name="group">{options}</select></div>' if groups else ""
    tick = f'<input type="checkbox" id="differ" name="differ" value="1"{" checked" if wish.differ else ""}>'
    return (
        f'<form id="rows" action="{PATH}" aria-label="Which rows">{held}<div class="bar"><div><label for="text">Rows with</label>'
        f'<input id="text" name="rows" type="search" autocomplete="off" value="{escape(wish.text)}"></div>{select}'
        f'<div class="tick">{tick}<label for="differ">only where they differ</label></div>'
        '<button type="submit" class="button">Show</button></div></form>'
    )


def _table(table: ComparisonTable, lines: Sequence[tuple[Line, str]], wish: Wish) -> str:
    head = "".join(f'<th scope="col">{escape(n)}</th>' for n in table.names)
    parts = (
        ("Where they differ", [x for x in lines if x[0].differs]),
        ("Where they are alike", [x for x in lines if not x[0].differs and len(x[0].stated) > 1]),
        ("Stated of one alone", [x for x in lines if len(x[0].stated) < 2]),
    )
    body = "".join(_part(name, held, wish, len(table.names) + 1) for name, held in parts if held)
    return scrolled("Comparison", f'<table class="beside"><thead><tr><td></td>{head}</tr></thead>{body}</table>')


def _part(name: str, lines: Sequence[tuple[Line, str]], wish: Wish, columns: int) -> str:
    hidden = "" if any(wish.takes(*line) for line in lines) else " hidden"
    rows = "".join(_row(line, group, wish) for line, group in lines)
    return f'<tbody{hidden}><tr class="part"><th scope="rowgroup" colspan="{columns}">{name}</th></tr>{rows}</tbody>'


def _row(line: Line, group: str, wish: Wish) -> str:
    hidden = "" if wish.takes(line, group) else " hidden"
    differ = " data-differ" if line.differs else ""
    cells = f'<th scope="row">{escape(line.label)}</th>{"".join(map(_cell, line.cells))}'
    return f'<tr data-row="{escape(line.label.casefold())}" data-group="{escape(group)}"{differ}{hidden}>{cells}</tr>'


def _cell(cell: Cell | None) -> str:
    """What is stated with its marks; a level is coloured by its rank, and is a word all the same."""
    if cell is None:
        return '<td class="gap">not stated</td>'
    marks = "".join(f'<a class="cite" href="#src-{n}" aria-label="Source {n}">[{n}]</a>' for n in cell.cites)
    rank = f' class="level-{min(cell.rank, 4)}"' if cell.rank is not None else ""
    return f"<td{rank}>{inline(cell.text)}\u2060{marks}</td>"


def _legend(compared: Compared) -> str:
    """What the colours mean, strongest first."""
    if not any(line.feature for line in compared.table.lines):
        return ""
    items = "".join(f'<li class="level-{min(rank, 4)}">{escape(name)}</li>' for rank, name in sorted(compared.levels.items(), reverse=True))
    return f'<ul class="levels" aria-label="Colours">{items}</ul>' if items else ""
