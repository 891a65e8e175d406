"""The routes to browse by: /things, /thing/NAME, and /thing?iri=IRI, which leads to the page of an IRI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from graph.measurements import Measurements
from graph.store import KnowledgeGraph
from graph.terms import RDF
from graph.types import Fact, GraphError, Iri, Term
from ui import figures, pages, timeline
from ui.catalogue import Catalogue, Thing
from ui.dossier import Dossier
from ui.facets import Facets, Wanted
from ui.figures import Plot
from ui.reader import Reader
from ui.shell import POLICY
from ui.sparql_page import Known
from ui.timeline import Timeline

LONGEST = 200  # characters of a name that is looked for
MOST_FACETS = 12  # values by which the list is narrowed at once
FOREMOST = 12
MOST_TERMS = 2_000  # classes and properties that are completed


class Browser:
    """The pages over one graph, which is read in threads; what all pages need is read once, when the first is asked for."""

    def __init__(self, kg: KnowledgeGraph, about: dict[str, Any]) -> None:
        self.kg, self._reader, self._title, self._lock = kg, Reader(kg), str(about["title"]), Lock()

    def routes(self) -> list[Route]:
        return [Route("/things", self._things), Route("/thing", self._by_iri), Route("/thing/{name:path}", self._thing)]

    def index(self, wanted: Wanted | None = None) -> str:
        """The page of all things, or of those that are wanted."""
        asked = wanted or Wanted()
        self.catalogue()
        return pages.things_page(self._title, self._facets.narrow(asked), asked)

    def page(self, name: str) -> tuple[int, str]:
        """The page at an address, with its HTTP status."""
        catalogue = self.catalogue()
        if thing := catalogue.by_slug.get(name):
            drawn = pages.Drawn(self.timeline([thing.iri]), self.figures([thing.iri]))
            return 200, pages.thing_page(self._title, self.dossier(thing), drawn)
        return 404, pages.missing_page(self._title, name[:LONGEST], catalogue.nearest(name[:LONGEST]))

    @cached_property
    def _facets(self) -> Facets:
        return Facets(self.kg, self._reader.schema, self._reader.catalogue)

    @cached_property
    def _dated(self) -> tuple[Iri, Iri] | None:
        return timeline.dated(self.kg, self._reader.schema)

    def timeline(self, things: Sequence[Iri]) -> Timeline | None:
        """When the dated things of these things came; None where few are dated."""
        return timeline.read(self.kg, self._reader.labels, things, self._dated)

    def figures(self, things: Sequence[Iri]) -> tuple[Plot, ...]:
        """What was measured of these things, quantity by quantity."""
        return figures.read(self._measurements, self._reader.labels, things)

    @cached_property
    def _measurements(self) -> Measurements:
        return Measurements(self.kg)

    def groups(self) -> dict[Iri, str]:
        """Feature -> the group it is compared in."""
        return self._reader.kinds

    def levels(self) -> dict[int, str]:
        """Rank -> the name of that level of a feature."""
        return {self._reader.schema.ranks.get(p, 0): info.named.label for p, info in self._reader.schema.levels.items()}

    def classes(self) -> list[tuple[str, int, str]]:
        """Each class with its number of things and the address of their list, the class in focus first."""
        self.catalogue()
        narrowed = self._facets.narrow(Wanted())
        return [(title, count, Wanted(kind=address).href()) for address, title, count in narrowed.kinds]

    def terms(self) -> list[Known]:
        """The classes and properties of the graph, those in most use first."""
        self.catalogue()
        schema = self._reader.schema
        classes = [(c.count, Known(c.iri.value, c.named.label, "class")) for c in schema.classes.values()]
        named = [*schema.properties.values(), *schema.levels.values()]
        used = [(p.count, Known(p.named.iri.value, p.named.label, "property")) for p in named]
        return [known for _, known in sorted([*classes, *used], key=lambda k: (-k[0], k[1].iri))][:MOST_TERMS]

    def name(self, term: Term) -> str:
        """How a term is called."""
        return self._reader.labels.learn([Fact(term, RDF.type, term)]).thing(term)

    def reach(self) -> tuple[str, int, list[tuple[str, int]]]:
        """The class in focus, how many things it has, and of how many each property is stated."""
        self.catalogue()
        return self._reader.reach()

    def foremost(self, beside: Thing | None = None) -> list[Thing]:
        """The things of which most kinds of statement are made, of the first class or of that of another thing."""
        catalogue = self.catalogue()
        shelf = next((s for s in catalogue.shelves if s.iri and (beside is None or beside in s.things)), None)
        if shelf is None or shelf.iri is None:
            return []
        body = self.kg.wrap(f"?s a {shelf.iri.n3} ; ?p ?o")
        rows = self.kg.query(f"SELECT ?s (COUNT(DISTINCT ?p) AS ?n) {body} GROUP BY ?s ORDER BY DESC(?n) ?s LIMIT {FOREMOST}").rows
        return [catalogue.by_iri[s] for row in rows if isinstance(s := row["s"], Iri) and s in catalogue.by_iri]

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
        asked = request.query_params
        text, kind = (asked.get(name, "").strip()[:LONGEST] for name in ("q", "kind"))
        wanted = Wanted(text, kind, tuple(h[:LONGEST] for h in asked.getlist("has")[:MOST_FACETS]))
        return await self._read(lambda: _html(200, self.index(wanted)))

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
