"""What the graph is, as HTML. Pure; every character of data is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from ui.render import anchor, scrolled
from ui.shell import page, style

if TYPE_CHECKING:
    from ui.about import Count, Story

WIDE = 120  # pixels of a full bar


def about_page(s: Story) -> str:
    """The page."""
    parts = (_knows(s), _reach(s), _fresh(s), _cite(s), _licence(s))
    lead = f'<p class="lead">{escape(s.description or s.scope)}</p>'
    body = f'<main class="about"><h1>About {escape(s.title)}</h1>{lead}{"".join(parts)}</main>'
    return page(s.title, "About", body, "/about", style("pages.css"))


def _part(id_: str, title: str, body: str) -> str:
    return f'<section aria-labelledby="{id_}"><h2 id="{id_}">{title}</h2>{body}</section>' if body else ""


def _tiles(counts: Sequence[Count]) -> str:
    items = "".join(
        f"<li><b>{c.count:,}</b> {f'<a href={chr(34)}{escape(c.href)}{chr(34)}>{escape(c.name)}</a>' if c.href else escape(c.name)}</li>"
        for c in counts
    )
    return f'<ul class="tiles">{items}</ul>' if items else ""


def _knows(s: Story) -> str:
    scope = f"<p>{escape(s.scope)}</p>" if s.description else ""
    sources = f"<h3>Where it comes from: passages, and documents by kind</h3>{_tiles(s.sources)}" if s.sources else ""
    named = ", ".join(f"{escape(p.name)} ({p.count:,})" for p in s.publishers)
    publishers = f"<p>The publishers with most documents: {named}.</p>" if named else ""
    rest = (
        "<p>What no source states is left out, and is called not stated in answers. What sources dispute is told with both sides.</p>"
        "<p>No language model writes questions, queries, facts or answers.</p>"
    )
    return _part("knows", "What it knows", f"{scope}{_tiles(s.said)}<h3>Things, by kind</h3>{_tiles(s.things)}{sources}{publishers}{rest}")


def _reach(s: Story) -> str:
    """A bar a property: of how many things it is stated."""
    if not s.reach:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(c.name)}</th><td>{c.count:,} of {c.of:,}</td><td>{_bar(c.count / c.of if c.of else 0)}</td></tr>'
        for c in s.reach
    )
    head = '<tr><th scope="col">property</th><th scope="col">stated of</th><th scope="col"><span class="sr">share</span></th></tr>'
    lead = (
        f"<p>What is stated of the things of the class “{escape(s.focus)}”, by property. "
        '<a href="/compare">Compare</a> shows the gaps of any few.</p>'
    )
    return _part("reach", "How far it reaches", lead + scrolled("Coverage", f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"))


def _bar(share: float) -> str:
    svg = f'<svg class="share" width="{WIDE}" height="12" aria-hidden="true"><rect class="whole" width="{WIDE}" height="12" rx="3"/>'
    return f'{svg}<rect class="part" width="{share * WIDE:.0f}" height="12" rx="3"/></svg>{share:.0%}'


def _fresh(s: Story) -> str:
    first, last = s.read
    read = f"<p>The sources were read between {_day(first)} and {_day(last)}; each citation names its own day.</p>" if first else ""
    asof = f"<p>What changes with time is told as of {_day(s.asof)}.</p>" if s.asof else ""
    still = "<p>Nothing is asked of the network while you use it.</p>"
    return _part("fresh", "How fresh it is", f"{asof}{read}{still}<p>Version of the graph: <code>{escape(s.version)}</code></p>")


def _day(day: str) -> str:
    return f'<time datetime="{escape(day)}">{escape(day)}</time>'


def _cite(s: Story) -> str:
    when = f", as of {s.asof}" if s.asof else ""
    line = f"{s.title}{f': {s.description}' if s.description else ''} Version {s.version}{when}."
    key = re.sub(r"\W+", "", s.title.lower()) or "graph"
    year = f",\n  year = {{{s.asof[:4]}}}" if s.asof else ""
    entry = f"@misc{{{key},\n  title = {{{s.title}}},\n  note = {{Version {s.version}{when}}}{year}\n}}"
    lead = "<p>For one fact, cite the source that its number leads to: it is the source that states it. For the collection:</p>"
    shown = f'<blockquote>{escape(line)}</blockquote><pre tabindex="0"><code>{escape(entry)}</code></pre>'
    return _part("cite", "How to cite it", lead + shown)


def _licence(s: Story) -> str:
    name = s.licence or s.licence_url
    data = f"<p>Data: {anchor(s.licence_url, name) if s.licence_url else escape(name)}.</p>" if name else ""
    ours = (
        "<p>Program: MIT licence. The query editor is CodeMirror, under the MIT licence too; "
        '<a href="/sparql/static/vendor/codemirror/LICENSE">its text</a> comes with it.</p>'
    )
    take = '<p><a href="/data/">Take the data</a> as files: TriG, N-Quads, a table a class.</p>'
    return _part("licence", "Licence", data + take + ours)
