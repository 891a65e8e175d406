"""What the doors for programs have in common: HEAD, ETag, gzip, CORS by setting, a rate for each client; the window is left alone."""

from __future__ import annotations

from typing import Any

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui.doors import CLIENTS, Doors, Paced, is_door

asked: list[str] = []


async def echo(request: Request) -> Response:
    asked.append(request.method)
    status = 404 if "missing" in request.url.path else 200
    return PlainTextResponse("long " * 1000 if "long" in request.url.path else "short", status)


PLAIN = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST", "PUT"])])
DOORS = Doors(PLAIN, version="v1")


def ask(method: str, path: str, app: Any = DOORS, client: str = "127.0.0.1", **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return anyio.run(send)


@pytest.mark.parametrize(
    ("path", "door"),
    [("/api/v1/answer", True), ("/sparql", True), ("/sparql/", True), ("/mcp", True), ("/id/x", True), ("/sparql/static/a.js", False)]
    + [(path, False) for path in ("/", "/thing/x", "/things", "/health", "/metrics", "/gradio_api/queue/join", "/identity")],
)
def test_the_doors_are_known_by_their_paths(path: str, door: bool) -> None:
    """The window, the pages and what watches the server are none."""
    assert is_door(path) is door


def test_head_is_get_without_the_body() -> None:
    """The same headers, length and all; elsewhere HEAD stays HEAD."""
    get, head = ask("GET", "/api/x"), ask("HEAD", "/api/x")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers
    assert ask("HEAD", "/other").status_code == 200
    assert asked[-1] == "HEAD"


def test_who_has_the_answer_already_is_told_so() -> None:
    """304 for the tag that was given, without asking again; another graph, address or format has another tag."""
    first = ask("GET", "/api/x?q=1")
    tag = first.headers["etag"]
    assert tag.startswith('W/"v1-')
    assert first.headers["cache-control"] == "no-cache"
    count = len(asked)
    for known in (tag, f'"other", {tag}'):
        again = ask("GET", "/api/x?q=1", if_none_match=known)
        assert again.status_code == 304
        assert again.headers["etag"] == tag
        assert again.content == b""
    assert len(asked) == count
    others = [ask("GET", "/api/x?q=2"), ask("GET", "/api/x?q=1", accept="text/csv"), ask("GET", "/api/x?q=1", Doors(PLAIN, version="v2"))]
    assert len({tag, *(o.headers["etag"] for o in others)}) == 4


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/x"), ("GET", "/api/missing"), ("GET", "/health"), ("GET", "/mcp")])
def test_only_what_stays_is_marked(method: str, path: str) -> None:
    """No tag on a failure, on what is posted, on the state of the server; none at all where the graph is elsewhere."""
    assert "etag" not in ask(method, path).headers
    assert "etag" not in ask("GET", "/api/x", Doors(PLAIN)).headers


def test_long_replies_are_compressed_for_who_wants_it() -> None:
    """Only the doors', and only where it is worth it."""
    assert ask("GET", "/api/long", accept_encoding="gzip").headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in ask("GET", "/api/long", accept_encoding="gzip").headers["vary"]
    for path, wanted in (("/api/short", "gzip"), ("/api/long", "identity"), ("/long", "gzip")):
        assert "content-encoding" not in ask("GET", path, accept_encoding=wanted).headers


def test_pages_of_others_may_read_where_the_setting_says_so() -> None:
    """The origins that are named, and a preflight; nobody by default, and never the window."""
    doors = Doors(PLAIN, origins=["https://app.example"])
    allowed = ask("GET", "/api/x", doors, origin="https://app.example")
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    preflight = {"origin": "https://app.example", "access_control_request_method": "POST", "access_control_request_headers": "content-type"}
    assert ask("OPTIONS", "/api/x", doors, **preflight).status_code == 200
    for app, path, origin in ((doors, "/api/x", "https://evil.example"), (doors, "/", "https://app.example"), (DOORS, "/api/x", "https://a.b")):
        assert "access-control-allow-origin" not in ask("GET", path, app, origin=origin).headers
    assert ask("GET", "/api/x", Doors(PLAIN, origins=["*"]), origin="https://any.example").headers["access-control-allow-origin"] == "*"


def test_a_client_has_a_rate() -> None:
    """As many requests at once as a minute allows, then one whenever the bucket holds one; others are not held up."""
    now = [0.0]
    paced = Paced(PLAIN, 60, lambda: now[0])
    assert [ask("GET", "/api/x", paced, "203.0.113.7").status_code for _ in range(61)] == [200] * 60 + [429]
    refused = ask("GET", "/api/x", paced, "203.0.113.7")
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["error"]["status"] == 429
    assert "203.0.113.7" in refused.json()["error"]["message"]
    assert ask("GET", "/api/x", paced, "203.0.113.8").status_code == 200
    now[0] = 1.0
    assert [ask("GET", "/api/x", paced, "203.0.113.7").status_code for _ in range(2)] == [200, 429]


def test_this_machine_is_not_counted_and_no_crowd_fills_the_memory() -> None:
    """Loopback is whoever started the server; the longest silent are forgotten."""
    paced = Paced(PLAIN, 1, lambda: 0.0)
    assert {ask("GET", "/api/x", paced, here).status_code for here in ("127.0.0.1", "::1", "testclient") for _ in range(3)} == {200}
    for number in range(CLIENTS + 10):
        paced._wait(f"client {number}")
    assert len(paced._buckets) == CLIENTS


def test_a_rate_of_none_is_none() -> None:
    """0 in the setting."""
    assert {ask("GET", "/api/x", Doors(PLAIN, rate=0), "203.0.113.7").status_code for _ in range(5)} == {200}
