"""Coverage as one HTML file: it needs no server, no network and no other file."""

from __future__ import annotations

from html import escape
from pathlib import Path

from graph.check import Report
from graph.coverage import Grid
from graph.types import OpenError
from ui.render import scrolled
from ui.theme import read


def write(report: Report, file: Path) -> None:
    """Write the page. Raises OpenError for a file that cannot be written."""
    try:
        file.write_text(page(report), encoding="utf-8")
    except OSError as error:
        raise OpenError(
            f"{file} cannot be written: {error.strerror}; give a file in a folder that exists, as in --html coverage.html"
        ) from error


def page(report: Report) -> str:
    """The tables of a report, with how many errors and warnings stand beside them."""
    coverage = report.coverage
    tables = "".join(map(_table, (*report.grids(), coverage.matrix())))
    warnings = len(report.findings) - report.errors
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Coverage</title><style>{read('tokens.css')}{read('base.css')}{read('coverage.css')}</style><script>{read('theme.js')}</script>"
        f'</head><body><main><h1>Coverage</h1><p class="quiet">{report.quads:,} quads, {len(coverage.things)} things, '
        f"{report.errors} errors, {warnings} warnings</p>{tables}</main></body></html>\n"
    )


def _table(grid: Grid) -> str:
    head = "".join(f'<th scope="col">{escape(c)}</th>' for c in grid.columns)
    rows = "".join(f'<tr><th scope="row">{escape(row[0])}</th>{"".join(map(_cell, row[1:]))}</tr>' for row in grid.rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<section><h2>{escape(grid.title)}</h2>{scrolled(escape(grid.title), table)}</section>"


def _cell(text: str) -> str:
    """A gap is told in words to those who do not see it."""
    return f"<td>{escape(text)}</td>" if text else '<td class="gap"><span class="sr">not stated</span></td>'
