"""Addresses that lead nowhere: a browser gets a page that leads on, a program the answer of whoever refused it."""

from __future__ import annotations

from html import escape

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.doors import is_door
from ui.shell import POLICY, page, style

LONGEST = 200  # characters of an address that are told


class Lost:
    """ASGI around the app of a dataset ``title``."""

    def __init__(self, app: ASGIApp, title: str) -> None:
        self._app, self._title = app, title

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_door(scope["path"]) or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        lost = False

        async def sent(message: Message) -> None:
            nonlocal lost
            if message["type"] == "http.response.start":
                kind = Headers(raw=message["headers"]).get("content-type", "")
                lost = message["status"] == 404 and not kind.startswith("text/html")
            if not lost:
                await send(message)

        await self._app(scope, receive, sent)
        if lost:
            html = lost_page(self._title, scope["path"])
            await HTMLResponse(html, 404, {"Content-Security-Policy": POLICY})(scope, receive, send)


def lost_page(title: str, path: str) -> str:
    """What is said of an address, and where to go from it."""
    body = (
        f'<main class="things"><h1>There is no such page</h1><p>Nothing stands at <b>{escape(path[:LONGEST])}</b>.</p>'
        '<p><a href="/">Ask a question</a>, or look through <a href="/things">everything with a page</a>.</p></main>'
    )
    return page(title, "Not found", body, head=style("pages.css"))
