"""What stands in front of everything refuses strangers' hosts, pages and floods, and tells browsers to be careful."""

from __future__ import annotations

import anyio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui import middleware
from ui.middleware import CLOSED, HEADERS, LOOPBACK, MAX_BODY, Shield


async def echo(request: Request) -> Response:
    own = {"content-security-policy": "own"} if request.url.path == "/own" else {}
    return PlainTextResponse(str(len(await request.body())), headers=own)


APP = Shield(Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])]), hosts=(*LOOPBACK, "graph.example"))


def ask(method: str = "GET", path: str = "/", **how: object) -> httpx.Response:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://localhost:7860") as client:
            return await client.request(method, path, **how)  # type: ignore[arg-type]  # passed on as it is

    return anyio.run(send)


@pytest.mark.parametrize("host", ["localhost", "localhost:7860", "127.0.0.1:1", "[::1]:7860", "[::1]", "LOCALHOST", "graph.example:80"])
def test_known_hosts_are_answered(host: str) -> None:
    """This machine under its own names, and those that were allowed, at any port."""
    assert ask(headers={"Host": host}).status_code == 200


FOREIGN = [
    "evil.example", "localhost.evil.example", "evil.example:7860", "", "localhost@evil.example", "[::2]",
    "localhost:80@evil.example", "localhost:80:90",
]  # fmt: skip


@pytest.mark.parametrize("host", FOREIGN)
def test_foreign_hosts_are_refused(host: str) -> None:
    """A page that pretends to be us by its own name (DNS rebinding) gets nothing."""
    reply = ask(headers={"Host": host})
    assert reply.status_code == 421
    assert reply.json()["error"]["status"] == 421


def test_two_hosts_are_one_too_many() -> None:
    """A request that names two hosts is not trusted with either."""
    assert ask(headers=httpx.Headers([("Host", "localhost"), ("Host", "localhost")])).status_code == 421


def test_any_host_may_be_allowed() -> None:
    """For those who put a server of their own in front."""
    shield = Shield(Starlette(), hosts=["*"])
    assert shield._known("whatever.example:80")


ORIGINS = [("http://localhost:7860", 200), ("http://evil.example", 403), ("null", 403), ("http://localhost:1", 403)]


@pytest.mark.parametrize(("origin", "status"), ORIGINS)
def test_pages_of_others_may_not_post(origin: str, status: int) -> None:
    """A form on another page cannot ask in the reader's name; reading is nobody's secret."""
    assert ask("POST", headers={"Origin": origin}).status_code == status
    assert ask("GET", headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize(
    "path", [*CLOSED, "/gradio_api/file=/etc/passwd", "/file=/etc/passwd", "/gradio_api/upload_progress", "/proxy=http://x/"]
)
def test_doors_that_nobody_uses_are_closed(path: str) -> None:
    """Uploads, files, proxies, logins: not there."""
    assert ask(path=path).status_code == 404
    assert ask("POST", path=path).status_code == 404


@pytest.mark.parametrize("path", ["/a%0d%0aSet-Cookie:%20a=b", "/a%00", "/%1b[2J", "/%C2%85"])
def test_control_characters_in_a_path_are_refused(path: str) -> None:
    """No route, log or header ever sees one; letters of any script pass."""
    assert ask(path=path).status_code == 400
    assert ask(path="/%D0%B8%D0%BC%D1%8F/%F0%9F%99%82").status_code == 200


def test_pages_of_others_may_post_to_programs_where_they_are_named() -> None:
    """By setting, and to the doors for programs alone."""
    shield = Shield(APP, origins=["https://app.example"])
    assert not shield._foreign("https://app.example", "localhost", "/api/v1/answer")
    assert shield._foreign("https://app.example", "localhost", "/gradio_api/queue/join")
    assert shield._foreign("https://evil.example", "localhost", "/api/v1/answer")
    assert not Shield(APP, origins=["*"])._foreign("https://any.example", "localhost", "/mcp")


def test_a_door_may_take_smaller_bodies() -> None:
    """By the start of its path."""
    shield = Shield(APP, max_body=100, bodies={"/api/v1": 10})
    assert (shield._most("/api/v1/answer"), shield._most("/sparql")) == (10, 100)


def test_open_doors_stay_open() -> None:
    """Paths that merely begin alike are answered."""
    assert ask(path="/filesystem").status_code == 200
    assert ask(path="/gradio_api/queue/join").status_code == 200


def test_large_bodies_are_refused_declared_or_not() -> None:
    """The length that is declared is believed when it is too large, and counted when it is not."""
    assert ask("POST", content=b"x" * MAX_BODY).text == str(MAX_BODY)
    assert ask("POST", content=b"x" * (MAX_BODY + 1)).status_code == 413

    async def pieces():  # type: ignore[no-untyped-def]  # an async generator of bytes
        for _ in range(11):
            yield b"x" * 100_000

    assert ask("POST", content=pieces()).status_code == 413
    assert ask("POST", headers={"Content-Length": "many"}, content=b"").status_code == 400


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """408, whatever came before it stopped."""
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.05)

    async def stalling():  # type: ignore[no-untyped-def]  # an async generator of bytes
        yield b"x"
        await anyio.sleep_forever()

    reply = ask("POST", content=stalling())
    assert reply.status_code == 408
    assert "was not there within 0.05 seconds" in reply.json()["error"]["message"]


def test_every_response_carries_the_headers() -> None:
    """Answers and refusals alike; a page with a stricter policy keeps it."""
    for reply in (ask(), ask(path="/file"), ask(headers={"Host": "evil.example"})):
        for name, value in HEADERS.items():
            assert reply.headers[name] == value
    assert ask(path="/own").headers["content-security-policy"] == "own"
    assert "https:" not in HEADERS["content-security-policy"]


def test_websockets_are_closed() -> None:
    """No page of ours opens one."""
    sent: list[object] = []

    async def run() -> None:
        async def receive() -> dict[str, object]:
            return {"type": "websocket.connect"}

        async def send(message: object) -> None:
            sent.append(message)

        await APP({"type": "websocket", "path": "/", "headers": []}, receive, send)  # type: ignore[arg-type]  # plain dicts

    anyio.run(run)
    assert sent == [{"type": "websocket.close", "code": 1008}]
