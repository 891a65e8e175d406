"""One ASGI app: the window, pages of things, and the doors for programs (SPARQL, JSON, MCP, linked data). Wiring only."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version as package_version
from typing import TYPE_CHECKING, Any

from anyio import to_thread
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


def create_app(
    assistant: Answering | None = None,
    graph: str | None = None,
    *,
    hosts: Sequence[str] = (),
    limits: Limits | None = None,
    engine: Engine | None = None,
    serving: Serving | None = None,
) -> Starlette:
    """The served app.

    ``assistant`` answers the questions; without one it is opened over ``graph`` (None: the shipped graph; else a file, a
    folder, or the URL of an endpoint). ``engine`` answers those of programs (None: the assistant's own calls). ``hosts`` are names,
    beside this machine's own, under which it may be asked. Limits and ``serving`` are those of the settings where they are None.
    Raises graph.OpenError for a graph that cannot be opened, graph.SettingError for a setting that cannot be used.
    """
    serving = serving or Serving.read()
    if assistant is None:
        from assistant import Assistant

        assistant = Assistant.open(graph)
    pool = pool_over(assistant.graph, limits or serving.limits)
    about = assistant.about()
    browser = Browser(assistant.graph, about)
    desk = Desk(engine or AssistantEngine(assistant), serving.bounds)
    mcp = McpDoor(Tools(desk, browser, pool), about)
    metrics = Metrics(_gauges(desk, pool, about))
    # answers change with the graph and with the code that words them; a graph elsewhere may change at any time
    version = f"{assistant.graph.version}-{package_version('framegraph')}" if assistant.graph.is_local else ""
    app = Starlette(
        routes=[
            _health(assistant),
            metrics.route(),
            Mount(PREFIX, _api(desk, browser)),
            Route("/mcp", mcp),
            *LinkedData(browser).routes(),
            *_sparql(pool, SparqlPage(assistant.graph, about, browser.terms)),
            *browser.routes(),
            *Downloads(assistant.graph, about).routes(),
            *Comparing(desk, browser, str(about["title"]), str(about["version"])).routes(),
            *About(assistant.graph, browser, about).routes(),
            *Keeper(assistant).routes(),
        ],
        middleware=[*_guards(serving, (*LOOPBACK, *serving.hosts, *hosts), metrics, version), Middleware(Lost, title=str(about["title"]))],
        lifespan=_lifespan(pool, mcp),
    )
    return _with_window(app, assistant)


def _guards(serving: Serving, hosts: Sequence[str], metrics: Metrics, version: str) -> list[Middleware]:
    """What each request passes, outermost first."""
    return [
        Middleware(Noting),
        Middleware(Counting, metrics=metrics),
        Middleware(Shield, hosts=hosts, origins=serving.origins, bodies={PREFIX: MAX_API_BODY}),
        Middleware(Gate, token=serving.token),
        Middleware(Doors, version=version, origins=serving.origins, rate=serving.rate),
    ]


def _api(desk: Desk, browser: Browser) -> ASGIApp:
    from ui.api import api  # it is FastAPI's, which the window loads too

    return api(desk, browser)


def _gauges(desk: Desk, pool: Pool, about: dict[str, Any]) -> dict[str, tuple[str, Callable[[], Numbers]]]:
    """What is read when somebody asks for the metrics."""
    info = ",".join((label("graph", str(about["version"])), label("asof", str(about["asof"])), label("title", str(about["title"]))))
    return {
        "framegraph_info": ("The graph that is served.", lambda: {info: 1}),
        "framegraph_answers_total": ("Answers to programs, by kind.", lambda: {label("kind", k): n for k, n in desk.kinds.items()}),
        "framegraph_questions_waiting": ("Questions of programs in hand or waiting.", lambda: {"": desk.waiting}),
        "framegraph_workers": ("Processes that run strangers' queries.", lambda: {"": len(pool.pids)}),
    }


def _health(assistant: Answering) -> Route:
    about = assistant.about()
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


def _lifespan(pool: Pool, mcp: McpDoor) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await to_thread.run_sync(pool.warm)
        async with mcp.open():
            yield
        await to_thread.run_sync(pool.close)

    return lifespan


def _with_window(app: Starlette, assistant: Answering) -> Starlette:
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported: without it, it asks its makers for news
    import gradio as gr

    from ui.window import build

    title = json.dumps(assistant.about()["title"]).replace("<", "\\u003c")  # a name of a stranger's graph ends no script
    gr.mount_gradio_app(
        app,  # it asks for FastAPI and uses what Starlette has
        build(assistant),
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
        head=f"<script>window.framegraphTitle={title};{read('theme.js')}{read('sources.js')}{read('window.js')}</script>",
    )
    return app
