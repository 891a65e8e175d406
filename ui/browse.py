"""The routes to browse by: /things, /thing/NAME, and /thing?iri=IRI, which leads to the page of an IRI."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from graph.store import KnowledgeGraph
from graph.types import GraphError, Iri
from ui import pages
from ui.catalogue import Catalogue, Thing
from ui.dossier import Dossier
from ui.reader import Reader
from ui.sparql_page import POLICY

LONGEST = 200  # characters of a name that is looked for


class Browser:
    """The pages over one graph, which is read in threads; what all pages need is read once, when the first is asked for."""

    def __init__(self, kg: KnowledgeGraph, about: dict[str, Any]) -> None:
        self.kg, self._reader, self._title, self._lock = kg, Reader(kg), str(about["title"]), Lock()

    def routes(self) -> list[Route]:
        return [Route("/things", self._things), Route("/thing", self._by_iri), Route("/thing/{name:path}", self._thing)]

    def index(self, text: str) -> str:
        """The page of all things, or of those that bear the words of ``text``."""
        catalogue = self.catalogue()
        return pages.things_page(self._title, catalogue.matching(text) if text else catalogue, text)

    def page(self, name: str) -> tuple[int, str]:
        """The page at an address, with its HTTP status."""
        catalogue = self.catalogue()
        if thing := catalogue.by_slug.get(name):
            return 200, pages.thing_page(self._title, self.dossier(thing))
        return 404, pages.missing_page(self._title, name[:LONGEST], catalogue.nearest(name[:LONGEST]))

    def address(self, iri: str) -> str:
        """The path of the page of an IRI; '' where it has none."""
        thing = self.catalogue().by_iri.get(Iri(iri))
        return thing.href if thing else ""

    def catalogue(self) -> Catalogue:
        """All things with a page."""
        with self._lock:
            return self._reader.catalogue

    def dossier(self, thing: Thing) -> Dossier:
        """Everything known of a thing."""
        return self._reader.read(thing.iri)

    async def _things(self, request: Request) -> Response:
        text = request.query_params.get("q", "").strip()[:LONGEST]
        return await self._read(lambda: _html(200, self.index(text)))

    async def _thing(self, request: Request) -> Response:
        name = request.path_params["name"]
        return await self._read(lambda: _html(*self.page(name)))

    async def _by_iri(self, request: Request) -> Response:
        iri = request.query_params.get("iri", "")
        return await self._read(lambda: RedirectResponse(path, 303) if (path := self.address(iri)) else _html(*self.page(iri)))

    async def _read(self, make: Callable[[], Response]) -> Response:
        try:
            return await to_thread.run_sync(make)
        except GraphError as error:
            return _html(502, pages.trouble_page(self._title, str(error)))


def _html(status: int, html: str) -> Response:
    return HTMLResponse(html, status, headers={"Content-Security-Policy": POLICY})
