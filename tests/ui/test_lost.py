"""An address that leads nowhere is told so in the way of whoever asks."""

from __future__ import annotations

import anyio
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ui.lost import Lost


async def inner(request: Request) -> Response:
    if "page" in request.url.path:
        return HTMLResponse("a page of its own", 404)
    return JSONResponse({"detail": "Not Found"}, 200 if "there" in request.url.path else 404)


def ask(path: str, accept: str = "text/html,*/*") -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(Lost(Starlette(routes=[Route("/{path:path}", inner)]), "Garden"))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.get(path, headers={"accept": accept})

    return anyio.run(send)


def test_a_browser_gets_a_page_that_leads_on() -> None:
    """With the address as text, whatever it holds."""
    reply = ask("/now<b>here")
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "Nothing stands at <b>/now&lt;b&gt;here</b>" in reply.text
    assert 'href="/things"' in reply.text


def test_whoever_else_is_left_alone() -> None:
    """Programs, the doors for programs, pages that say it better, and what is there."""
    refused = {"detail": "Not Found"}
    assert ask("/nowhere", "application/json").json() == refused
    assert ask("/api/v1/nowhere").json() == refused
    assert ask("/page").text == "a page of its own"
    assert ask("/there").json() == refused
