"""The pages to browse by, as HTML: one thing, all things, and no such thing. Pure; every character of data is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from urllib.parse import urlencode

from assistant.types import Citation
from graph.types import Source
from ui import figures, timeline
from ui.catalogue import Shelf, Thing
from ui.dossier import Aspect, Dossier, Feature, Group, Pointers, Qualifier, Ref, Row, Saying, Stated
from ui.facets import Narrowed, Wanted
from ui.figures import Plot
from ui.panel import meta
from ui.render import anchor
from ui.shell import page, script, style
from ui.timeline import Timeline

VALUES_SHOWN = 12  # values of a property, or things that point by one, that are open at once
BROWSE = "/things"
OPTIONS_SHOWN = 7  # values of a facet that are open at once
SHELF_MOST = 400  # things of a class that are listed; the others are found by name
SHELF_OPEN = 60  # a class with more things than this is closed at first, unless it is the first


# ---------------------------------------------------------------- pages


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn of a thing: when its dated things came, and what was measured of it."""

    dates: Timeline | None = None
    plots: tuple[Plot, ...] = ()


def thing_page(title: str, d: Dossier, drawn: Drawn | None = None) -> str:
    """Everything known of one thing, and what is drawn of it. ``title`` is that of the dataset."""
    dates, plots = (drawn.dates, drawn.plots) if drawn else (None, ())
    write = _Marks(d.sources)
    parts = [
        ("what", "What it is", write.what(d)),
        ("properties", "Properties", write.properties(d.rows)),
        ("dates", f"{dates.what.capitalize()} by date" if dates else "", timeline.html(dates) if dates else ""),
        ("figures", "Figures over time", figures.html(plots)),
        ("features", "Features", "".join(map(write.group, d.groups))),
        ("remarks", "Remarks and claims", "".join(write.aspect(a) for a in d.aspects if not a.defines)),
        ("pointers", "What points here", "".join(map(write.pointers, d.pointers))),
    ]
    shown = [(id_, name, body) for id_, name, body in parts if body]
    links = "".join(f'<a href="#{id_}">{name}</a>' for id_, name, _ in shown)
    count = f'<a href="#sources">Sources ({len(d.sources)})</a>' if d.sources else ""
    sections = "".join(
        f'<section id="{id_}" aria-labelledby="{id_}-title"><h2 id="{id_}-title">{name}</h2>{body}</section>' for id_, name, body in shown
    )
    body = (
        f'<main class="dossier"><article><div class="name"><h1>{escape(d.title)}</h1>{_known_as(d)}{_beside(d)}</div>'
        f'<nav class="parts" aria-label="On this page">{links}{count}</nav>{sections}{_asking(d)}</article>{sources(d.sources)}</main>'
    )
    return page(title, d.title, body, BROWSE, style("pages.css"))


def things_page(title: str, found: Narrowed, wanted: Wanted) -> str:
    """All things by class, or those that are wanted, with the facets by which they can be narrowed."""
    catalogue = found.catalogue
    count = sum(len(s.things) for s in catalogue.shelves)
    take = '<p class="quiet"><a href="/data/">All of it as files</a>: TriG, N-Quads, a table a class.</p>'
    cut = '<p class="quiet">The graph holds more things than are listed here; ask for the others in SPARQL.</p>' if catalogue.cut else ""
    narrow = bool(wanted.text or wanted.kind)
    shelves = "".join(_shelf(s, narrow or place == 0, wanted) for place, s in enumerate(catalogue.shelves))
    nothing = "" if count else "<p>Nothing is left. Take away one of the conditions, or look for another name.</p>"
    kept = [("kind", wanted.kind), *(("has", h) for h in wanted.has)]
    held = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept if value)
    said = f'<p id="count" role="status" class="quiet">{_counted(count, wanted.text)}</p>'
    left = said + '<p class="skip"><a href="#narrow">Narrow it down</a></p>' + cut + take + _chosen(found, wanted) + shelves + nothing
    body = (
        '<main class="things"><h1>Everything with a page</h1>'
        f'<form id="find" role="search" action="/things"><label for="q">Find by name</label>{held}'
        f'<div class="bar"><input id="q" name="q" type="search" autocomplete="off" spellcheck="false" value="{escape(wanted.text)}">'
        '<button type="submit" class="button">Find</button></div></form>'
        f'<div id="found"><div class="list">{left}</div>{_facets(found, wanted)}</div></main>'
    )
    return page(title, "Browse", body, BROWSE, style("pages.css") + script("things.js"))


def missing_page(title: str, name: str, near: Sequence[Thing]) -> str:
    """There is no such thing; what is called nearly so."""
    found = "".join(f'<li><a href="{escape(t.href)}">{escape(t.label)}</a></li>' for t in near)
    hint = f"<p>The nearest names:</p><ul>{found}</ul>" if found else "<p>Nothing here has a name like it.</p>"
    body = (
        f'<main class="things"><h1>No page of that name</h1><p>Nothing in this graph is kept under <b>{escape(name)}</b>.</p>{hint}'
        '<p><a href="/things">Everything with a page</a></p></main>'
    )
    return page(title, "Not found", body, BROWSE, style("pages.css"))


def data_page(title: str, version: str, files: Sequence[tuple[str, str, int]], described: str) -> str:
    """The files to take away: (name, what it holds, size in bytes) each. ``described``: the dataset as JSON-LD, for search engines."""
    rows = "".join(
        f'<tr><td><a href="/data/{escape(name)}" download>{escape(name)}</a></td><td>{escape(what)}</td><td>{_size(size)}</td></tr>'
        for name, what, size in files
    )
    block = described.replace("<", "\\u003c")  # no text of the data ends it; it is read, and never run
    body = (
        f'<main class="things"><h1>Take the data</h1><p>All of {escape(title)} as files, version <code>{escape(version)}</code>. '
        'In a table, several values of one cell are parted by “ | ”, and each property has columns for what its values are called, '
        "for their addresses and for where each is stated.</p>"
        f'<table><thead><tr><th scope="col">File</th><th scope="col">What it holds</th><th scope="col">Size</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></main>"
        f'<script type="application/ld+json">{block}</script>'
    )
    return page(title, "Data", body, head=style("pages.css"))


def waiting_page(title: str) -> str:
    """The files are being written."""
    body = (
        '<main class="things"><h1>Take the data</h1><p role="status">The files are being written, which takes a minute at most. '
        "This page looks again by itself.</p></main>"
    )
    return page(title, "Data", body, head=style("pages.css"))


def _size(size: int) -> str:
    """1,234,567 -> '1.2 MB'."""
    for unit, least in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= least:
            return f"{size / least:,.1f} {unit}"
    return f"{size} B"


def trouble_page(title: str, message: str) -> str:
    """The graph could not be read: why."""
    body = f'<main class="things"><h1>The graph did not answer</h1><p role="alert">{escape(message)}</p></main>'
    return page(title, "Trouble", body, head=style("pages.css"))


# ---------------------------------------------------------------- the index


def _counted(count: int, text: str) -> str:
    things = f"{count:,} {'thing' if count == 1 else 'things'}"
    return f"{things} for “{escape(text)}”" if text else things


def _shelf(shelf: Shelf, first: bool, wanted: Wanted) -> str:
    items = "".join(f'<li><a href="{escape(t.href)}">{escape(t.label)}</a></li>' for t in shelf.things[:SHELF_MOST])
    open_ = " open" if first or len(shelf.things) <= SHELF_OPEN else ""
    rest = len(shelf.things) - SHELF_MOST
    more = f'<p class="quiet">And {rest:,} more: type a part of the name.</p>' if rest > 0 else ""
    return (
        f'<details class="shelf"{open_}><summary><h2>{escape(shelf.title)}</h2> <span class="count">{len(shelf.things):,}</span></summary>'
        f"<ul>{items}</ul>{more}</details>"
    )


def _chosen(found: Narrowed, wanted: Wanted) -> str:
    """What the list is narrowed to, each with a way to take it back."""
    titles = {address: name for address, name, _ in found.kinds}
    labels = {o.key: f"{f.label}: {o.label}" for f in found.facets for o in f.options}
    chips = [(titles[wanted.kind], wanted.href(kind="", has=()))] if wanted.kind in titles else []
    chips += [(labels.get(h, h), wanted.toggled(h)) for h in wanted.has]
    items = "".join(
        f'<li>{escape(name)}<a class="drop" href="{escape(href)}" aria-label="Remove {escape(name)}">×</a></li>' for name, href in chips
    )
    return f'<ul class="picked" aria-label="Narrowed to">{items}</ul>' if items else ""


def _facets(found: Narrowed, wanted: Wanted) -> str:
    """The classes, then what the things of one have in common."""
    kinds = [(name, count, wanted.href(kind=address, has=()), address == wanted.kind) for address, name, count in found.kinds]
    parts = [_facet("Kind", kinds)]
    of = Wanted(wanted.text, found.kind, wanted.has if wanted.kind == found.kind else ())
    parts += [_facet(f.label, [(o.label, o.count, of.toggled(o.key), o.key in of.has) for o in f.options]) for f in found.facets]
    return f'<nav id="narrow" class="facets" aria-label="Narrow it down" tabindex="-1">{"".join(parts)}</nav>'


def _facet(name: str, options: Sequence[tuple[str, int, str, bool]]) -> str:
    items = [
        f'<li><a href="{escape(href)}"{" aria-current=true" if on else ""}>{escape(label)} <span class="count">{count:,}</span></a></li>'
        for label, count, href, on in options
    ]
    first, rest = items[:OPTIONS_SHOWN], items[OPTIONS_SHOWN:]
    more = f'<details><summary>{len(rest)} more</summary><ul>{"".join(rest)}</ul></details>' if rest else ""
    return f'<section><h2>{escape(name)}</h2><ul>{"".join(first)}</ul>{more}</section>' if items else ""


# ---------------------------------------------------------------- one thing


def _known_as(d: Dossier) -> str:
    kinds = f'<p class="kinds">{", ".join(_ref(c) for c in d.classes)}</p>' if d.classes else ""
    names = f'<p class="quiet">Also called {escape(", ".join(d.names))}</p>' if d.names else ""
    return kinds + names


def _beside(d: Dossier) -> str:
    return f'<p><a href="/compare?{urlencode({"thing": d.iri})}">Compare with another</a></p>'


def _asking(d: Dossier) -> str:
    return f'<p class="quiet iri">Its address in the graph: <code>{escape(d.iri)}</code></p>'


def _ref(ref: Ref) -> str:
    lang = f' lang="{escape(ref.language)}"' if ref.language else ""
    if ref.href:
        return f'<a href="{escape(ref.href)}"{lang}>{escape(ref.text)}</a>'
    if ref.away:
        return anchor(ref.away, ref.text)
    return f"<span{lang}>{escape(ref.text)}</span>" if lang else escape(ref.text)


def _refs(refs: Sequence[Ref]) -> str:
    return ", ".join(map(_ref, refs))


def _contested(title: str, items: str) -> str:
    return f'<div class="tone contested"><span class="sr">Contested: </span>{title}<ul>{items}</ul></div>'


def _gap(text: str) -> str:
    return f'<span class="tone not-stated">{text}</span>'


class _Marks:
    """Writes the groups of a dossier; knows its sources, so that a mark says what it leads to."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def mark(self, number: int) -> str:
        s = self._sources[number - 1]
        label = escape(f"Source {number}: " + ", ".join(p for p in (s.title, s.section if s.section != s.title else "", s.publisher) if p))
        return f'<a class="cite" href="#src-{number}" title="{label}" aria-label="{label}">[{number}]</a>'

    def marks(self, numbers: Sequence[int]) -> str:
        return "".join(map(self.mark, numbers))

    # ------------------------------------------------------------ values

    def stated(self, s: Stated) -> str:
        """A value with what qualifies it, its marks, and what other sources state instead."""
        said = f'<span class="denied">no: {_ref(s.value)}</span>' if s.denied else _ref(s.value)
        body = f'<span class="tone computed"><span class="sr">Computed: </span>{said}</span>' if s.computed else said
        return f"{body}\u2060{self.marks(s.cites)}{self.qualified(s.qualifiers)}{self.rivals(s.rivals)}"

    def qualified(self, qualifiers: Sequence[Qualifier]) -> str:
        said = (f"{escape(q.label)} {_ref(q.value)}".strip() + self.marks(q.cites) for q in qualifiers)
        return "".join(f' <span class="qualifier">{text}</span>' for text in said)

    def rivals(self, rivals: Sequence[Stated]) -> str:
        said = "".join(f"<li>According to {escape(r.by)}: {_ref(r.value)}\u2060{self.marks(r.cites)}</li>" for r in rivals)
        return _contested("Others say otherwise", said) if said else ""

    def folded(self, values: Sequence[Stated]) -> str:
        """A list of values, those after the first few folded."""
        items = [f"<li>{self.stated(v)}</li>" for v in values]
        if len(items) == 1:
            return self.stated(values[0])
        first, rest = items[:VALUES_SHOWN], items[VALUES_SHOWN:]
        more = f"<details><summary>and {len(rest)} more</summary><ul>{''.join(rest)}</ul></details>" if rest else ""
        return f"<ul>{''.join(first)}</ul>{more}"

    # ------------------------------------------------------------ groups

    def what(self, d: Dossier) -> str:
        texts = "".join(f"<p>{self.stated(t)}</p>" for t in d.texts)
        return texts + "".join(self.aspect(a) for a in d.aspects if a.defines)

    def properties(self, rows: Sequence[Row]) -> str:
        items = "".join(f"<dt>{escape(r.label)}</dt><dd>{self.folded(r.values) if r.values else _gap('not stated')}</dd>" for r in rows)
        return f'<dl class="pairs">{items}</dl>' if items else ""

    def group(self, group: Group) -> str:
        items = "".join(map(self.feature, group.features))
        gaps = f'<p class="gaps">{_gap(f"Not stated: {_refs(group.gaps)}")}</p>' if group.gaps else ""
        return f'<h3>{escape(group.title)}</h3><ul class="features">{items}</ul>{gaps}'

    def feature(self, f: Feature) -> str:
        level = f'<span class="level" data-rank="{f.rank}">{escape(f.level)}</span>'
        return f"<li>{level}<div>{self.stated(f.stated)}</div></li>"

    def aspect(self, aspect: Aspect) -> str:
        items = "".join(f"<li>{self.saying(s)}</li>" for s in aspect.sayings)
        return f'<h3>{escape(aspect.title)}</h3><ul class="sayings">{items}</ul>'

    def saying(self, s: Saying) -> str:
        tags = "".join(f'<p class="tag">{escape(label)}: {_refs(refs)}</p>' for label, refs in s.tags)
        against = (f"<li>It disputes: {self.said(o)}</li>" for o in s.disputes)
        by = (f"<li>Disputed: {self.said(o)}</li>" for o in s.disputed_by)
        items = "".join(chain(by, against))
        return self.said(s) + tags + (_contested("Sources disagree", items) if items else "")

    def said(self, s: Saying) -> str:
        """A remark in plain words; a claim as that of its publisher."""
        text = f'<span lang="{escape(s.language)}">{escape(s.text)}</span>' if s.language else escape(s.text)
        marks = f"\u2060{self.marks(s.cites)}"
        if not s.by:
            return text + marks
        return f'<span class="tone claimed"><span class="sr">Claim: </span>According to {escape(s.by)}: {text}{marks}</span>'

    def pointers(self, p: Pointers) -> str:
        more = f'<p><a href="{escape(p.more)}">All of them, in SPARQL</a></p>' if p.more else ""
        count = f'<span class="count">{len(p.things)}{"+" if p.more else ""}</span>'
        return f'<h3 class="sentence">{escape(p.sentence)} {count}</h3><div class="pointing">{self.folded(p.things)}{more}</div>'


# ---------------------------------------------------------------- sources


def sources(listed: Sequence[Source | Citation]) -> str:
    """The numbered sources of a page, each with who says it and when it was read; a mark n stands for the n-th."""
    items = "".join(_source(number, s) for number, s in enumerate(listed, 1))
    if not items:
        return ""
    heading = f'<h2 id="sources-title">Sources <span class="count">{len(listed)}</span></h2>'
    return f'<aside id="sources" aria-labelledby="sources-title" tabindex="-1">{heading}<ol>{items}</ol></aside>'


def _source(number: int, s: Source | Citation) -> str:
    section = f'<span class="section">{escape(s.section)}</span>' if s.section and s.section != s.title else ""
    return (
        f'<li id="src-{number}" tabindex="-1" value="{number}"><span class="number" aria-hidden="true">{number}</span>'
        f'<div><p class="title">{anchor(s.url, s.title or s.passage)}{section}</p><p class="meta">{meta(s)}</p></div></li>'
    )
