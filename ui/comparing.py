"""The route /compare: what was picked is found by name, its table is worked at the desk, and the page is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from graph.types import GraphError
from ui.browse import LONGEST, Browser
from ui.compare_page import PATH, Compared, Picked, Wish, compare_page
from ui.desk import Desk, DeskError
from ui.find import thing_of
from ui.permalinks import pack
from ui.shell import POLICY

if TYPE_CHECKING:
    from assistant import ComparisonTable
    from ui.catalogue import Thing

OFFERED = 8
KNOWN = 400  # names that the fields complete without a script


class Comparing:
    """The page over one graph. ``version`` is that of the graph, for links into the chat."""

    def __init__(self, desk: Desk, browser: Browser, title: str, version: str) -> None:
        self._desk, self._browser, self._title, self._version = desk, browser, title, version

    def routes(self) -> list[Route]:
        return [Route(PATH, self._compare)]

    async def _compare(self, request: Request) -> Response:
        """``thing`` (two to five): addresses or names of things; ``rows``, ``group`` and ``differ``: which rows."""
        asked, compared, status, trouble = request.query_params, None, 200, ""
        picked = Picked()
        try:
            picked = await to_thread.run_sync(self._picked, asked)
            if len(picked.things) > 1 and not picked.missing:
                table = await self._desk.table([t.iri.value for t in picked.things])
                compared = await to_thread.run_sync(self._compared, picked, table)
        except (ValueError, DeskError, GraphError) as error:
            status, trouble = (400 if isinstance(error, ValueError) else 503), f"This could not be compared: {error}."
        wish = Wish(asked.get("rows", "").strip()[:LONGEST], asked.get("group", ""), "differ" in asked)
        html = compare_page(self._title, picked, compared, wish, trouble)
        return HTMLResponse(html, status, headers={"Content-Security-Policy": POLICY})

    def _picked(self, asked: QueryParams) -> Picked:
        names = list(dict.fromkeys(n.strip()[:LONGEST] for n in asked.getlist("thing") if n.strip()))
        found = {name: thing_of(self._browser, name) for name in names[:20]}
        things = tuple(dict.fromkeys(t for t in found.values() if t))
        catalogue = self._browser.catalogue()
        missing = tuple((name, tuple(catalogue.nearest(name))) for name, thing in found.items() if thing is None)
        known = tuple(t.label for s in catalogue.shelves[:1] for t in s.things[:KNOWN])
        return Picked(things, missing, self._offered(things), known)

    def _offered(self, things: tuple[Thing, ...]) -> tuple[Thing, ...]:
        """To begin with, those of the class in focus of which most is stated; beside one, what else of its kind."""
        if len(things) > 1:
            return ()
        return tuple(t for t in self._browser.foremost(*things) if t not in things)[:OFFERED]

    def _compared(self, picked: Picked, table: ComparisonTable) -> Compared:
        names = table.names
        question = f"Compare {', '.join(names[:-1])} and {names[-1]}"
        link = f"/?talk={pack([(question, {})], self._version)}"
        things = [t.iri for t in picked.things]
        browser = self._browser
        return Compared(table, browser.groups(), browser.levels(), browser.timeline(things), browser.figures(things), link)
