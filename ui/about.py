"""The route /about: what the graph knows, how far it reaches, how fresh it is, how to cite it, under which licence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from graph.store import KnowledgeGraph
from graph.terms import DCT, FACTS, FG, PROV, SOURCES
from graph.types import GraphError, Iri
from ui.browse import Browser
from ui.shell import POLICY

PUBLISHERS = 12  # that are named
REACH = 40  # properties whose coverage is told


@dataclass(frozen=True, slots=True)
class Count:
    """So many of something; ``of``: out of how many, 0 where that says nothing. ``href``: where they are."""

    name: str
    count: int
    of: int = 0
    href: str = ""


@dataclass(frozen=True)
class Story:
    """What there is to tell of a graph."""

    title: str
    scope: str
    version: str
    asof: str
    licence: str
    licence_url: str
    description: str
    things: tuple[Count, ...]
    said: tuple[Count, ...]
    sources: tuple[Count, ...]
    publishers: tuple[Count, ...]
    reach: tuple[Count, ...]
    focus: str
    read: tuple[str, str]  # the first and the last day on which a source was read


class About:
    """The page over one graph, which is read when it is first asked for."""

    def __init__(self, kg: KnowledgeGraph, browser: Browser, about: dict[str, Any]) -> None:
        self._kg, self._browser, self._about = kg, browser, about

    def routes(self) -> list[Route]:
        return [Route("/about", self._respond)]

    async def _respond(self, request: Request) -> Response:
        from ui.about_page import about_page
        from ui.pages import trouble_page

        try:
            status, html = 200, about_page(await to_thread.run_sync(lambda: self.story))
        except GraphError as error:
            status, html = 502, trouble_page(str(self._about["title"]), str(error))
        return HTMLResponse(html, status, headers={"Content-Security-Policy": POLICY})

    @cached_property
    def story(self) -> Story:
        """Raises GraphError for a graph elsewhere that does not answer."""
        found = self._browser.classes()
        own = self._dataset()
        focus, reach = self._reach()
        return Story(
            title=str(self._about["title"]),
            scope=str(self._about["scope"]),
            version=str(self._about["version"]),
            asof=str(self._about["asof"]),
            licence=own.get(FG.licenceOfData, ""),
            licence_url=own.get(DCT.license, ""),
            description=own.get(DCT.description, ""),
            things=tuple(Count(title, n, href=href) for title, n, href in found),
            said=self._said(),
            sources=self._sources(),
            publishers=self._publishers(),
            reach=reach,
            focus=focus,
            read=self._read(),
        )

    def _dataset(self) -> dict[Iri, str]:
        rows = self._kg.query(f"SELECT ?p ?o {self._kg.wrap(f'?d a {FG.Dataset.n3} ; ?p ?o')} ORDER BY DESC(?o)").rows
        return {p: row["o"].value for row in rows if isinstance(p := row["p"], Iri)}

    def _one(self, select: str, body: str) -> int:
        return next((int(row["n"].value) for row in self._kg.query(f"SELECT ({select} AS ?n) {body}").rows), 0)

    def _said(self) -> tuple[Count, ...]:
        wrap = self._kg.wrap
        counts = (
            Count("statements", self._one("COUNT(*)", wrap("?s ?p ?o"))),
            Count("remarks", self._one("COUNT(DISTINCT ?r)", wrap(f"?r a {FG.Remark.n3}"))),
            Count("claims, each told as its publisher's", self._one("COUNT(DISTINCT ?r)", wrap(f"?r a {FG.Claim.n3}"))),
            Count("contradictions between sources", self._one("COUNT(*)", wrap(f"?a {FG.disputes.n3} ?b"))),
        )
        return tuple(c for c in counts if c.count)

    @property
    def _cited(self) -> bool:
        return self._kg.facts_graph == FACTS.value

    def _sources(self) -> tuple[Count, ...]:
        """How many passages, then documents by kind."""
        if not self._cited:
            return ()
        passages = self._one("COUNT(DISTINCT ?g)", f"{{ GRAPH {SOURCES.n3} {{ ?g {PROV.wasQuotedFrom.n3} ?d }} }}")
        return (Count("passages", passages), *self._counted(f"?d a {FG.Document.n3} ; {FG.sourceKind.n3} ?x"))

    def _publishers(self) -> tuple[Count, ...]:
        return self._counted(f"?d a {FG.Document.n3} ; {DCT.publisher.n3} ?x")[:PUBLISHERS] if self._cited else ()

    def _counted(self, body: str) -> tuple[Count, ...]:
        query = f"SELECT ?x (COUNT(DISTINCT ?d) AS ?n) {{ GRAPH {SOURCES.n3} {{ {body} }} }} GROUP BY ?x ORDER BY DESC(?n) ?x"
        return tuple(Count(self._browser.name(row["x"]), int(row["n"].value)) for row in self._kg.query(query).rows if "x" in row)

    def _reach(self) -> tuple[str, tuple[Count, ...]]:
        """The class in focus, and of how many of its things each property is stated."""
        focus, size, held = self._browser.reach()
        return focus, tuple(Count(name, n, size) for name, n in _shown(held))

    def _read(self) -> tuple[str, str]:
        if not self._cited:
            return "", ""
        query = f"SELECT (MIN(?d) AS ?first) (MAX(?d) AS ?last) {{ GRAPH {SOURCES.n3} {{ ?g {FG.retrieved.n3} ?d }} }}"
        row = next(iter(self._kg.query(query).rows), {})
        return (row["first"].value, row["last"].value) if "first" in row and "last" in row else ("", "")


def _shown(held: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(held, key=lambda h: (-h[1], h[0]))[:REACH]
