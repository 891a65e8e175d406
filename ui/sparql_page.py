"""The page to type a query: our own HTML and scripts, an editor that comes with them, nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from graph.store import KnowledgeGraph
from graph.terms import PREFIXES
from graph.types import GraphError
from ui.shell import POLICY, page, script, style
from ui.sparql_examples import examples_for
from ui.theme import read


@dataclass(frozen=True, slots=True)
class Known:
    """A term that the editor completes: a class or a property, and how people call it."""

    iri: str
    label: str
    kind: str


class SparqlPage:
    """The page for one opened graph; the same for every request, so it is written once, when it is first asked for."""

    def __init__(self, kg: KnowledgeGraph, about: dict[str, Any], terms: Callable[[], Sequence[Known]] = tuple) -> None:
        self._kg, self._title, self._terms = kg, str(about["title"]), terms

    @cached_property
    def html(self) -> str:
        """The page. A graph elsewhere that does not answer has one without completion of its terms."""
        try:
            terms = [asdict(t) for t in self._terms()]
        except GraphError:
            terms = []
        examples = [{"question": e.question, "query": e.query} for e in examples_for(self._kg)]
        data = json.dumps({"examples": examples, "prefixes": PREFIXES, "terms": terms}, ensure_ascii=False)
        held = data.replace("<", "\\u003c")  # no text of ours or the data's can end the script element
        head = (
            style("sparql.css") + script("vendor/codemirror/codemirror.min.js") + script("editor.js") + script("chart.js")
            + script("sparql.js") + f'<script type="application/json" id="data">{held}</script>'
        )  # fmt: skip
        return page(self._title, "SPARQL", read("sparql.html"), "/sparql", head)

    async def respond(self, request: Request) -> Response:
        html = await to_thread.run_sync(lambda: self.html)
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY, "Vary": "Accept"})
