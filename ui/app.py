"""One ASGI app: the window, pages of things, and the doors for programs (SPARQL, JSON, MCP, linked data). Wiring only."""

from __future__ import annotations

import os
import weakref
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from importlib.metadata import version as package_version
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from graph.worker import Limits, Pool
from ui.about import About
from ui.browse import Browser
from ui.comparing import Comparing
from ui.desk import AssistantEngine, Desk, Engine
from ui.doors import Doors
from ui.downloads import Downloads
from ui.editions import Edition, Editions
from ui.gate import Gate
from ui.keeping import Keeper
from ui.linked_data import LinkedData
from ui.logs import Noting
from ui.lost import Lost
from ui.mcp_server import McpDoor
from ui.mcp_tools import Tools
from ui.metrics import Counting, Metrics, Numbers, label
from ui.middleware import LOOPBACK, Shield
from ui.serving import MAX_API_BODY, PREFIX, Serving
from ui.sparql_page import SparqlPage
from ui.sparql_protocol import SparqlEndpoint
from ui.theme import STATIC, read, theme
from ui.workers import pool_over

if TYPE_CHECKING:
    from ui.chat import Answering
    from ui.window import Page


def create_app(
    assistant: Answering | None = None,
    graph: str | None = None,
    *,
    hosts: Sequence[str] = (),
    limits: Limits | None = None,
    engine: Engine | None = None,
    serving: Serving | None = None,
    reopened: Callable[[], Answering] | None = None,
) -> Starlette:
    """The served app.

    ``assistant`` answers the questions; without one it is opened over ``graph`` (None: the shipped graph; else a file, a
    folder, or the URL of an endpoint). ``engine`` answers those of programs (None: the assistant's own calls). ``hosts`` are names,
    beside this machine's own, under which it may be asked. Limits and ``serving`` are those of the settings where they are None.
    ``reopened`` opens the graph anew when ``app.state.editions.renew()`` asks for it (None: nothing is exchanged).
    Raises graph.OpenError for a graph that cannot be opened, graph.SettingError for a setting that cannot be used.
    """
    serving = serving or Serving.read()
    if assistant is None:
        from assistant import Assistant

        assistant = Assistant.open(graph)
    kinds: Counter[str] = Counter()
    bounded = replace(serving, limits=limits or serving.limits)
    page = _page(assistant)
    editions = Editions(
        _edition(assistant, bounded, kinds, engine),
        (lambda: _edition(reopened(), bounded, kinds).tried()) if reopened else None,
        lambda fresh: page.show(fresh.assistant),
    )
    metrics = Metrics(_gauges(editions, kinds))
    guards = _guards(serving, (*LOOPBACK, *serving.hosts, *hosts), metrics)
    app = Starlette(
        routes=[metrics.route(), editions],
        middleware=[*guards, Middleware(Lost, title=str(assistant.about()["title"]))],
        lifespan=_lifespan(editions),
    )
    app.state.editions = editions
    return _with_window(app, page)


def _edition(assistant: Answering, serving: Serving, kinds: Counter[str], engine: Engine | None = None) -> Edition:
    """The doors over one opened graph; ``kinds`` counts the answers of all editions."""
    about = assistant.about()
    pool = pool_over(assistant.graph, serving.limits)
    browser = Browser(assistant.graph, about)
    desk = Desk(engine or AssistantEngine(assistant), serving.bounds, kinds)
    mcp = McpDoor(Tools(desk, browser, pool), about)
    routes = [
        _health(about),
        Mount(PREFIX, _api(desk, browser)),
        Route("/mcp", mcp),
        *LinkedData(browser).routes(),
        *_sparql(pool, SparqlPage(assistant.graph, about, browser.terms)),
        *browser.routes(),
        *Downloads(assistant.graph, about).routes(),
        *Comparing(desk, browser, str(about["title"]), str(about["version"])).routes(),
        *About(assistant.graph, browser, about).routes(),
        *Keeper(assistant).routes(),
    ]
    # answers change with the graph and with the code that words them; a graph elsewhere may change at any time
    version = f"{assistant.graph.version}-{package_version('framegraph')}" if assistant.graph.is_local else ""
    doors = Middleware(Doors, version=version, origins=serving.origins, rate=serving.rate)
    return Edition(assistant, desk, pool, mcp, routes, Starlette(routes=routes, middleware=[doors]), about)


def _guards(serving: Serving, hosts: Sequence[str], metrics: Metrics) -> list[Middleware]:
    """What each request passes before it comes to an edition or to the window, outermost first."""
    return [
        Middleware(Noting),
        Middleware(Counting, metrics=metrics),
        Middleware(Shield, hosts=hosts, origins=serving.origins, bodies={PREFIX: MAX_API_BODY}),
        Middleware(Gate, token=serving.token),
    ]


def _api(desk: Desk, browser: Browser) -> ASGIApp:
    from ui.api import api  # it is FastAPI's, which the window loads too

    # FastAPI keeps the handlers that it has looked at for good; an edition that is exchanged must be let go
    return api(weakref.proxy(desk), weakref.proxy(browser))


def _gauges(editions: Editions, kinds: Counter[str]) -> dict[str, tuple[str, Callable[[], Numbers]]]:
    """What is read when somebody asks for the metrics."""

    def info() -> Numbers:
        told = editions.current.about
        return {",".join(label(name, str(told[key])) for name, key in (("graph", "version"), ("asof", "asof"), ("title", "title"))): 1}

    return {
        "framegraph_info": ("The graph that is served.", info),
        "framegraph_answers_total": ("Answers to programs, by kind.", lambda: {label("kind", k): n for k, n in kinds.items()}),
        "framegraph_questions_waiting": ("Questions of programs in hand or waiting.", lambda: {"": editions.current.desk.waiting}),
        "framegraph_workers": ("Processes that run strangers' queries.", lambda: {"": len(editions.current.pool.pids)}),
    }


def _health(about: dict[str, Any]) -> Route:
    state = {"status": "ok", "title": about["title"], "asof": about["asof"], "version": about["version"]}

    async def health(request: Request) -> Response:
        return JSONResponse(state)

    return Route("/health", health)


def _sparql(pool: Pool, page: SparqlPage) -> list[BaseRoute]:
    respond = SparqlEndpoint(pool, page.respond).respond
    methods = ["GET", "HEAD", "POST"]
    return [
        Mount("/sparql/static", StaticFiles(directory=STATIC)),
        Route("/sparql", respond, methods=methods),
        Route("/sparql/", respond, methods=methods),
    ]


def _lifespan(editions: Editions) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with editions.open():
            yield

    return lifespan


def _page(assistant: Answering) -> Page:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported: without it, it asks its makers for news
    from ui.window import Page

    return Page(assistant)


def _with_window(app: Starlette, page: Page) -> Starlette:
    import gradio as gr

    gr.mount_gradio_app(
        app,  # it asks for FastAPI and uses what Starlette has
        page.blocks,
        path="/",
        footer_links=[],
        run_history=False,  # it would write every question to the browser's storage
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=theme(),
        css=read("tokens.css") + read("window.css"),
        head=page.head(),
    )
    return app
