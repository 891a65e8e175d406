"""With a token set, who does not know it gets nothing but /health: programs send it, browsers give it once for a cookie."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from graph.types import SettingError
from ui import gate
from ui.gate import COOKIE, MAX_FORM, SHORTEST, Gate, sound
from ui.serving import Serving

TOKEN = "a-token-of-some-length"
PAGE = {"Accept": "text/html,*/*;q=0.8"}
DOORS = ("/", "/config", "/gradio_api/queue/join", "/api/v1/answer", "/sparql", "/mcp", "/id/rose", "/data/facts.nq", "/things", "/metrics",
         "/health/x", "//health", "/token")  # fmt: skip


async def told(request: Request) -> Response:
    return PlainTextResponse(f"here {request.url.path}?{request.url.query}")


PLAIN = Starlette(routes=[Route("/{path:path}", told, methods=["GET", "POST", "HEAD", "OPTIONS"])])


def client(token: str = TOKEN, base: str = "http://localhost") -> TestClient:
    return TestClient(Gate(PLAIN, token), base_url=base, follow_redirects=False)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", DOORS)
def test_who_does_not_know_it_is_refused(method: str, path: str) -> None:
    """At every address but /health, by every method."""
    reply = client().request(method, path)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.headers["cache-control"] == "no-store"
    assert "here" not in reply.text


def test_health_stays_open_and_no_token_asks_nobody() -> None:
    """A load balancer needs no token; without one set everything is as it was."""
    assert client().get("/health").status_code == 200
    assert client("").get("/api/v1/answer").status_code == 200


WRONG = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer x",
    f"Bearer {TOKEN}x",
    f"Bearer {TOKEN[:-1]}",
    f"Basic {TOKEN}",
    TOKEN,
    f"Bearer {TOKEN.upper()}",
    "Bearer \xe9",
]


@pytest.mark.parametrize("header", WRONG)
def test_only_the_very_token_is_taken(header: str) -> None:
    """Whole, in its own case, as a Bearer token."""
    assert client().get("/sparql", headers={"Authorization": header.encode("latin-1")}).status_code == 401  # type: ignore[dict-item]  # bytes


def test_a_program_sends_it() -> None:
    """As Authorization: Bearer; the scheme's name in any case."""
    for scheme in ("Bearer", "bearer"):
        assert client().get("/sparql", headers={"Authorization": f"{scheme} {TOKEN}"}).text == "here /sparql?"


def test_a_browser_gives_it_once_in_an_address() -> None:
    """It is sent on to the same address without the token, and holds a cookie that no script reads and no other site sends with a form."""
    browser = client()
    reply = browser.get("/things?q=a%20b&token=" + TOKEN, headers=PAGE)
    assert (reply.status_code, reply.headers["location"]) == (303, "/things?q=a+b")
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert TOKEN not in reply.headers["set-cookie"]
    assert browser.get("/things", headers=PAGE).status_code == 200
    assert client("another-token-of-some-length").get("/", headers={"Cookie": cookie.split(";")[0]}).status_code == 401
    assert "secure" in client(base="https://localhost").get(f"/?token={TOKEN}").headers["set-cookie"].lower()


@pytest.mark.parametrize(
    ("path", "to"), [("//evil.example/x", "/evil.example/x"), ("/%5C%5Cevil.example", "/evil.example"), ("/a%3Fb%0Ac", "/a%3Fb%0Ac")]
)
def test_it_is_never_sent_to_another_server(path: str, to: str) -> None:
    """Whatever stands in the address."""
    assert client().get(f"http://localhost{path}?token={TOKEN}").headers["location"] == to


def test_a_browser_may_type_it() -> None:
    """The page holds a form and nothing else; a wrong token is told and sets nothing; no body is read without end."""
    browser = client()
    page = browser.get("/", headers=PAGE)
    assert (page.status_code, page.headers["content-security-policy"]) == (401, gate.PAGE_POLICY)
    assert 'action="/token"' in page.text
    wrong = browser.post("/token", data={"token": "nonsense"}, headers=PAGE)
    assert "That is not the token." in wrong.text
    assert "set-cookie" not in wrong.headers
    assert browser.post("/token", content=b"token=" + b"x" * MAX_FORM).status_code == 401
    assert browser.post("/token", data={"token": TOKEN}, headers=PAGE).headers["location"] == "/"
    assert browser.get("/", headers=PAGE).status_code == 200


def test_a_made_up_cookie_is_none() -> None:
    """Nor is the token itself."""
    for value in ("", "x", TOKEN, "0" * 64):
        assert client().get("/", headers={"Cookie": f"{COOKIE}={value}"}).status_code == 401


def test_a_browser_may_ask_whether_a_page_of_others_may_ask() -> None:
    """It sends no token then, and gets no data."""
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    assert client().options("/sparql", headers=headers).status_code == 200
    assert client().get("/sparql", headers=headers).status_code == 401


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """By digests of one length, both of them, whatever was sent."""
    seen: list[tuple[int, int]] = []
    real = gate.hmac.compare_digest

    def watched(a: Any, b: Any) -> bool:
        seen.append((len(a), len(b)))
        return bool(real(a, b))

    monkeypatch.setattr(gate.hmac, "compare_digest", watched)
    for header in ("", "Bearer x", f"Bearer {TOKEN}"):
        client().get("/sparql", headers={"Authorization": header})
    assert seen == [(32, 32)] * 6


@pytest.mark.parametrize(
    "token", ["short", "x" * (SHORTEST - 1), "with a space in between", "naïve-token-of-length", "line\nbreak-in-the-token"]
)
def test_a_token_that_will_not_do_is_told(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """Before anything is served, with the way to make one; and never the token."""
    monkeypatch.setenv("FRAMEGRAPH_TOKEN", token)
    with pytest.raises(SettingError, match="token_urlsafe") as error:
        Serving.read()
    assert token not in str(error.value)


def test_the_setting_is_read_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever prints the settings prints no token."""
    assert sound("") == ""
    monkeypatch.setenv("FRAMEGRAPH_TOKEN", TOKEN)
    assert Serving.read().token == TOKEN
    assert TOKEN not in repr(Serving.read())
