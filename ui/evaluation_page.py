"""How well questions are answered, as one HTML file: figures, calibration, and every failure with its stages.

It needs no server, no network and no other file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.types import OpenError
from ui.render import inline, scrolled
from ui.theme import read

if TYPE_CHECKING:
    from assistant import Assistant
    from assistant.evaluate import Report, Result
    from assistant.trace import AskTrace, Ranked
    from assistant.types import Mention

# fields of an item that are no gold: what is asked, and where it comes from
_NOT_GOLD = {"id", "question", "kind", "context", "history", "origin", "note", "gold_source", "gold_query"}


def write(text: str, file: Path) -> None:
    """Write the page. Raises OpenError for a file that cannot be written."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OpenError(
            f"{file} cannot be written: {error.strerror}; give a file in a folder that exists, as in --html report.html"
        ) from error


def told(report: Report) -> list[str]:
    """The figures beside the score by kind, a line each."""
    return [f"{name}: {figure} ({means})" for name, figure, means in figures(report)]


def figures(report: Report) -> list[tuple[str, str, str]]:
    """(name, figure, what it is of) of each measure."""
    total = len(report.results)
    right, declined, unanswerable = report.abstention()
    unstable, twice = report.unstable()
    wrong, unsound = len(report.wrong_and_confident()), len(report.unsound())
    return [
        ("right", _share(report.passed, total), f"{report.passed} of {total} questions"),
        ("wrong and confident", _share(wrong, total), f"{wrong} of {total} questions"),
        ("abstention precision", _share(right, declined), f"{right} of {declined} declined had to be"),
        ("abstention recall", _share(right, unanswerable), f"{right} of {unanswerable} unanswerable ones were declined"),
        ("soundly cited", _share(total - unsound, total), f"{total - unsound} of {total} answers"),
        ("the same when asked again", _share(twice - len(unstable), twice), f"{twice - len(unstable)} of {twice} asked twice"),
        ("median time", f"{1000 * report.latency(50):.0f} ms", f"95 % within {1000 * report.latency(95):.0f} ms"),
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "none"


# ---------------------------------------------------------------- the page


def page(report: Report, assistant: Assistant, files: Sequence[str]) -> str:
    """The whole page. The failures are traced now, by the assistant that answered."""
    failed = [r for r in report.results if not r.passed]
    failures = "".join(_failure(r, assistant) for r in failed) or "<p>None.</p>"
    about = assistant.about()
    subject = f"{about.get('title', '')}, version {about.get('version', '')}: {', '.join(files)}"
    styles = "".join(map(read, ("tokens.css", "base.css", "evaluation.css")))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>Questions and answers, measured</title><link rel="icon" href="data:,"><style>{styles}</style>'
        f"<script>{read('theme.js')}</script></head><body><main><h1>Questions and answers, measured</h1>"
        f'<p class="quiet">{escape(subject)}</p>{_tiles(report)}'
        f"<section><h2>By kind of question</h2>{_kinds(report)}</section>"
        '<section><h2>What confidence meant</h2><p class="quiet">Answers given, by their confidence. The bar is the share that was '
        f"right; the line is what their confidence promised on average.</p>{_calibration(report)}</section>"
        f'<section><h2>What failed ({len(failed)})</h2><p class="quiet">Each with what was expected, what came, and how it was '
        f"understood, stage by stage.</p>{failures}</section></main></body></html>\n"
    )


def _tiles(report: Report) -> str:
    made = (f"<li><b>{escape(figure)}</b>{escape(name)}<br><span>{escape(means)}</span></li>" for name, figure, means in figures(report))
    return f'<ul class="tiles">{"".join(made)}</ul>'


def _kinds(report: Report) -> str:
    rows = [(escape(kind), str(right), str(asked), _gauge(share)) for kind, right, asked, share in report.rows()]
    return _table("Score by kind", ("kind", "right", "asked", "share"), rows)


def _calibration(report: Report) -> str:
    rows = [
        (f"{b.low:.1f} to {b.high:.1f}", str(b.asked), str(b.passed), _gauge(b.passed / b.asked, b.promised))
        for b in reversed(report.calibration())
    ]
    return _table("Calibration", ("confidence", "answers", "right", "share right"), rows)


def _gauge(share: float, promised: float | None = None) -> str:
    line = "" if promised is None else f'<u style="left:{100 * promised:.1f}%"></u>'
    beside = "" if promised is None else f", promised {promised:.0%}"
    return f'{share:.1%}{beside}<span class="gauge" aria-hidden="true"><i style="width:{100 * share:.1f}%"></i>{line}</span>'


def _table(label: str, head: Sequence[str], rows: Iterable[Sequence[str]], won: int = -1) -> str:
    """A table whose first column heads the rows; cells are HTML. Figures stand to the right."""
    made = []
    for n, row in enumerate(rows):
        cells = "".join(f"<td{_sort(cell)}>{cell}</td>" for cell in row[1:])
        made.append(f'<tr{" class=won" if n == won else ""}><th scope="row">{row[0]}</th>{cells}</tr>')
    top = "".join(f'<th scope="col">{escape(h)}</th>' for h in head)
    return scrolled(escape(label), f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(made)}</tbody></table>")


def _sort(cell: str) -> str:
    if cell.removeprefix("-").replace(".", "", 1).isdigit():
        return ' class="n"'
    return ' class="share"' if "gauge" in cell else ""


# ---------------------------------------------------------------- one failure


def _failure(result: Result, assistant: Assistant) -> str:
    from assistant.evaluate import history_of

    item, answer = result.item, result.answer
    turns = [t if isinstance(t, str) else str(t.get("question", t)) for t in history_of(item)]
    gold = {k: v for k, v in item.items() if k not in _NOT_GOLD and v not in ([], None, "", False)}
    pairs = [
        *((f"turn {n}", escape(t)) for n, t in enumerate(turns, 1)),
        ("expected", escape("; ".join(f"{k.replace('_', ' ')}: {_plain(v)}" for k, v in gold.items()) or "an answer")),
        ("gold query", f"<code>{escape(str(item['gold_query']))}</code>" if item.get("gold_query") else ""),
        ("understood", escape(answer.understood) or "nothing"),
        ("came", inline(answer.text)),
        ("names", escape(", ".join(answer.names))),
        ("confidence", f"{answer.confidence:.2f}, {answer.kind}"),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in pairs if value)
    stages = "".join(map(_ask, assistant.trace(item["question"], history_of(item)))) or "<p>Nothing was asked that could be read.</p>"
    verdict = "declined" if answer.abstained else "wrong and confident" if result.sure else "wrong"
    return (
        f'<details><summary>{escape(item["question"])} <small>{escape(str(item.get("id", "")))} {escape(str(item.get("kind", "")))}, '
        f'<span class="bad">{verdict}</span></small></summary>'
        f'<div><dl>{listed}</dl>{stages}{_query("The query", answer.sparql)}</div></details>'
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _ask(ask: AskTrace) -> str:
    pairs = [("operators", ", ".join(ask.operators)), ("cues", ", ".join(ask.cues)), ("unlinked", ", ".join(ask.unlinked))]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value) or 'none'}</dd>" for name, value in pairs)
    links = _links(ask) if ask.mentions else "<p>No name was found in it.</p>"
    return f'<h3 class="asked">Ask: {escape(ask.text)}</h3><dl>{listed}</dl>{links}{_candidates(ask.candidates)}'


def _links(ask: AskTrace) -> str:
    """A row for each thing that a mention may mean."""
    rows = [row for mention, text in zip(ask.mentions, ask.named, strict=True) for row in _meant(mention, text)]
    return "<h3>Mentions and what they may mean</h3>" + _table("Mentions", ("words", "may mean", "kind", "score", "found by"), rows)


def _meant(mention: Mention, text: str) -> list[tuple[str, ...]]:
    return [
        (escape(text) if n == 0 else "", escape(link.label), link.kind, f"{link.score:.2f}", escape(link.how))
        for n, link in enumerate(mention.links[:6])
    ]


def _candidates(candidates: Sequence[Ranked]) -> str:
    if not candidates:
        return "<h3>Readings</h3><p>None: no reading fits the links.</p>"
    rows = [
        (
            escape(c.english), c.kind, f"{c.score:.3f}", escape(", ".join(f"{name} {value:g}" for name, value in c.parts)),
            escape(" ".join(c.explains)), escape(" ".join(c.left)),
        )
        for c in candidates
    ]  # fmt: skip
    head = ("reading", "kind", "score", "made of", "explains", "leaves over")
    queries = "".join(_query(f"Query of: {c.english}", c.sparql) for c in candidates[:3])
    return "<h3>Readings, best first</h3>" + _table("Readings", head, rows, won=0) + queries


def _query(title: str, query: str) -> str:
    return f"<details><summary>{escape(title)}</summary><div><pre>{escape(query)}</pre></div></details>" if query else ""
