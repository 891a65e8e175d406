"""The page to type a query: our own HTML, one stylesheet, one script, nothing from elsewhere."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from graph.store import KnowledgeGraph
from graph.terms import PREFIXES
from ui.sparql_examples import examples_for
from ui.theme import read

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


class SparqlPage:
    """The page for one opened graph; the same for every request, so it is written once."""

    def __init__(self, kg: KnowledgeGraph, about: dict[str, Any]) -> None:
        examples = [{"question": e.question, "query": e.query} for e in examples_for(kg)]
        data = json.dumps({"examples": examples, "prefixes": PREFIXES}, ensure_ascii=False)
        title = escape(about["title"])
        self._html = (
            read("sparql.html")
            .replace("{{title}}", title)
            .replace("{{data}}", data.replace("<", "\\u003c"))  # no text of ours or the data's can end the script element
        )

    async def respond(self, request: Request) -> Response:
        return HTMLResponse(self._html, headers={"Content-Security-Policy": POLICY, "Vary": "Accept"})
