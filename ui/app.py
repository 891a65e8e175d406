"""One ASGI app: the window at /, pages of things at /things, SPARQL at /sparql, /health. Wiring only."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from graph.settings import cache_folder
from graph.store import STORE_MARK, KnowledgeGraph, snapshot
from graph.terms import FACTS
from graph.worker import Limits, Pool
from ui.browse import Browser
from ui.keeping import Keeper
from ui.middleware import LOOPBACK, Shield
from ui.sparql_page import SparqlPage
from ui.sparql_protocol import SparqlEndpoint, elsewhere
from ui.theme import STATIC, read, theme

if TYPE_CHECKING:
    from ui.chat import Answering


def create_app(
    assistant: Answering | None = None, graph: str | None = None, *, hosts: Sequence[str] = (), limits: Limits | None = None
) -> Starlette:
    """The served app.

    ``assistant`` answers the questions; without one it is opened over ``graph`` (None: the shipped graph; else a file, a
    folder, or the URL of an endpoint). ``hosts`` are names, beside this machine's own, under which it may be asked.
    Raises graph.OpenError for a graph that cannot be opened.
    """
    if assistant is None:
        from assistant import Assistant

        assistant = Assistant.open(graph)
    pool = _pool(assistant.graph, limits)
    about = assistant.about()
    page = SparqlPage(assistant.graph, about)
    app = Starlette(
        routes=[_health(assistant), *_sparql(pool, page), *Browser(assistant.graph, about).routes(), *Keeper(assistant).routes()],
        middleware=[Middleware(Shield, hosts=(*LOOPBACK, *hosts))],
        lifespan=_lifespan(pool),
    )
    return _with_window(app, assistant)


def _health(assistant: Answering) -> Route:
    about = assistant.about()
    state = {"status": "ok", "title": about["title"], "asof": about["asof"], "version": about["version"]}

    async def health(request: Request) -> Response:
        return JSONResponse(state)

    return Route("/health", health)


def _sparql(pool: Pool | None, page: SparqlPage) -> list[BaseRoute]:
    respond = SparqlEndpoint(pool, page.respond).respond if pool else elsewhere
    methods = ["GET", "HEAD", "POST"]
    return [
        Mount("/sparql/static", StaticFiles(directory=STATIC)),
        Route("/sparql", respond, methods=methods),
        Route("/sparql/", respond, methods=methods),
    ]


def _pool(kg: KnowledgeGraph, limits: Limits | None) -> Pool | None:
    """Workers over the graph's folder, or over a copy of it in a folder of their own; None for an endpoint.

    A graph that was read from files is copied rather than queried in this process: the engine has no timeout, so only
    a process of its own bounds a stranger's query. The copy costs a second for a million statements, once.
    """
    if kg.name.startswith(("http://", "https://")):
        return None
    built = cache_folder() / kg.version / "store"
    if kg.facts_graph == FACTS.value and (built / STORE_MARK).exists():
        return Pool(built, kg.facts_graph, limits)
    home = Path(tempfile.mkdtemp(prefix="framegraph-"))
    pool = Pool(home / "store", kg.facts_graph, limits)
    weakref.finalize(pool, shutil.rmtree, home, ignore_errors=True)
    snapshot(kg, home / "store")
    return pool


def _lifespan(pool: Pool | None) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if pool:
            await to_thread.run_sync(pool.warm)
        yield
        if pool:
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
