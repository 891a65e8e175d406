"""What stands beside the chat: sources, evidence, rows and query of an answer, as safe HTML. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlencode

from assistant.choices import MOST_COMPARED
from assistant.types import Answer, Citation
from graph.types import Source
from ui.export import markdown, plain_text
from ui.labels import Names
from ui.render import anchor, legend, scrolled

ROWS_SHOWN = 100
FACTS_SHOWN = 6  # statements of a source that are open at once


@dataclass(frozen=True, slots=True)
class Turn:
    """An answered question of a conversation: its number in it (from 1), and the names of what its facts speak of."""

    number: int
    answer: Answer
    names: Names


def panel(turns: Sequence[Turn], picture: str = "", codes: Mapping[int, str] | None = None, linked: bool = False) -> str:
    """What stands beside the chat: the newest answer's sources, evidence, rows and query, then earlier answers' sources.

    ``codes``: those of the permalinks, by the number of the answer. The newest stands in ``data-talk``, for the page to keep it
    until the next reload; ``linked`` says that it came with the address and is not to be kept. A panel without codes keeps nothing.
    """
    known = codes or {}
    kept = "" if codes is None else f' data-talk="{known.get(turns[-1].number, "") if turns else ""}"'
    opened = f'<div class="panel"{kept}{" data-linked" if linked else ""}>'
    if not turns:
        return f"{opened}{NOTHING_YET}</div>"
    newest, earlier = turns[-1], list(reversed(turns[:-1]))
    older = "".join(_older(t, known.get(t.number, "")) for t in earlier)
    before = f'<h2 class="earlier">Earlier answers</h2>{older}' if older else ""
    folds = _folds(newest, picture)
    taken = _taking(newest.answer, known.get(newest.number, ""))
    return f"{opened}{_jump(newest, folds)}{_beside(newest.answer)}{sources(newest)}{''.join(map(_fold, folds))}{taken}{before}</div>"


@dataclass(frozen=True, slots=True)
class Fold:
    """A part of the panel that opens and closes: its id, its title, what it holds."""

    id: str
    title: str
    body: str
    open: bool = False


def _folds(turn: Turn, picture: str) -> list[Fold]:
    answer, n = turn.answer, turn.number
    found = [
        Fold(f"evidence-{n}", "Evidence", picture and scrolled("Evidence picture", picture), open=True),
        Fold(f"rows-{n}", f"Rows ({len(answer.rows)})", rows(answer.rows) if answer.rows else ""),
        Fold(f"query-{n}", "Query", query(answer.sparql) if answer.sparql else ""),
    ]
    return [fold for fold in found if fold.body]


def _fold(fold: Fold) -> str:
    open_ = " open" if fold.open else ""
    return f'<details class="fold" id="{fold.id}"{open_}><summary>{escape(fold.title)}</summary>{fold.body}</details>'


def _jump(turn: Turn, folds: Sequence[Fold]) -> str:
    """Links to the parts of a long panel."""
    count = len(turn.answer.citations)
    first = f'<a href="#sources-{turn.number}">Sources ({count})</a>' if count else ""
    links = first + "".join(f'<a href="#{fold.id}">{escape(fold.title)}</a>' for fold in folds)
    return f'<nav class="jump" aria-label="Behind this answer">{links}</nav>' if links else ""


def _beside(answer: Answer) -> str:
    """The way from a comparison to the page that sets its things beside each other in everything."""
    if answer.kind != "comparison" or not 2 <= len(answer.names) <= MOST_COMPARED:
        return ""
    query = urlencode([("thing", name) for name in answer.names])
    return f'<p><a class="button" href="/compare?{escape(query)}">See all that is stated of them, side by side</a></p>'


def _older(turn: Turn, code: str) -> str:
    link = f'<p><a href="{_address(code)}">Link to this answer</a></p>' if code else ""
    return f'<details class="older"><summary>{escape(_short(turn.answer.question))}</summary>{sources(turn)}{link}</details>'


NOTHING_YET = (
    '<h2>Sources</h2><p class="quiet">Every sentence of an answer ends with numbers. '
    "The sources they stand for appear here: the document, its section, the day it was read, and the statement it makes.</p>"
    f'<p class="quiet">Signs before a sentence:</p>{legend()}'
)


def sources(turn: Turn) -> str:
    """The numbered sources of an answer, each with what it states."""
    citations = turn.answer.citations
    if not citations:
        return '<section class="sources"><h2>Sources</h2><p class="quiet">This answer states no fact, so it cites nothing.</p></section>'
    items = "".join(_source(c, turn) for c in citations)
    heading = f'<h2>Sources <span class="count">{len(citations)}</span></h2>'
    return f'<section class="sources" id="sources-{turn.number}" aria-label="Sources">{heading}<ol>{items}</ol></section>'


def _source(c: Citation, turn: Turn) -> str:
    section = f'<span class="section">{escape(c.section)}</span>' if c.section and c.section != c.title else ""
    facts = [turn.names.fact(f) for f in c.facts]
    return (
        f'<li id="src-{turn.number}-{c.number}" tabindex="-1" value="{c.number}"><button type="button" class="number">'
        f'<span class="sr">Where is source </span>{c.number}<span class="sr"> cited?</span></button>'
        f'<div><p class="title">{anchor(c.url, c.title)}{section}</p><p class="meta">{meta(c)}</p>{statements(facts)}</div></li>'
    )


def meta(c: Citation | Source) -> str:
    """Who says it, in what kind of document, of which version, and when it was read."""
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", c.kind).lower()
    version = f"speaks of version {c.version}" if c.version else ""
    day = f'retrieved <time datetime="{escape(c.retrieved)}">{escape(c.retrieved)}</time>' if c.retrieved else ""
    return " · ".join(p for p in (escape(c.publisher), escape(kind), escape(version), day) if p)


def statements(facts: Sequence[tuple[str, str, str]]) -> str:
    """What a source states, fact by fact; many are folded after the first few."""
    said = [(escape(s), escape(p), escape(_short(o, 240))) for s, p, o in dict.fromkeys(facts)]
    items = [f'<li><b>{s}</b> <i>{p}</i> <span class="o">{o}</span></li>' for s, p, o in said]
    first, rest = items[:FACTS_SHOWN], items[FACTS_SHOWN:]
    folded = f'<details><summary>and {len(rest)} more</summary><ul class="facts">{"".join(rest)}</ul></details>' if rest else ""
    return f'<p class="states">States:</p><ul class="facts">{"".join(first)}</ul>{folded}' if items else ""


def rows(table: Sequence[dict[str, str]]) -> str:
    """The table behind an answer."""
    columns = list(dict.fromkeys(name for row in table for name in row))
    head = "".join(f'<th scope="col">{escape(c)}</th>' for c in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(row.get(c, '')))}</td>" for c in columns) + "</tr>" for row in table[:ROWS_SHOWN])
    more = f'<p class="quiet">The first {ROWS_SHOWN} of {len(table)} rows.</p>' if len(table) > ROWS_SHOWN else ""
    return scrolled("Rows", f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>") + more


def query(sparql: str) -> str:
    """The query behind an answer, and the way to run it."""
    return (
        f'<pre class="sparql" tabindex="0"><code>{escape(sparql)}</code></pre>'
        f'<p><a class="button" href="/sparql?query={quote(sparql)}">Open in the SPARQL page</a></p>'
    )


def _taking(answer: Answer, code: str) -> str:
    """The ways to take an answer, or the conversation, elsewhere."""
    link = file = ""
    if code:
        link = f'<a class="button" href="{_address(code)}">Link to this answer</a>{_copy("link", "Copy link", _address(code))}'
        forms = {"markdown": "Markdown", "html": "HTML"}
        links = (f'<a class="button" download href="{escape(_address(code, form))}">{name}</a>' for form, name in forms.items())
        file = f'<p class="copying"><span>The whole conversation:</span>{"".join(links)}</p>'
    copies = _copy("copy", "Copy answer as Markdown", markdown(answer)) + _copy("copy", "Copy as text", plain_text(answer))
    copies += _copy("fetch", "Copy as JSON", _address(code, "json")) if code else ""
    return (
        '<section class="taking" aria-label="Keep this answer">'
        f'<p class="copying">{link}{copies}<span class="copied" role="status"></span></p>{file}</section>'
    )


def _copy(how: str, shown: str, value: str) -> str:
    """A button that copies: what it holds, the address that it holds, or what stands at that address."""
    return f'<button type="button" class="button" data-{how}="{escape(value)}">{shown}</button>'


def _address(code: str, form: str = "") -> str:
    """Where an answer is opened, or given as a file."""
    return f"/conversation?talk={code}&as={form}" if form else f"/?talk={code}"


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
