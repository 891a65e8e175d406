"""The token by setting: with one, whoever asks must know it. Programs send it as a Bearer token, a browser gives it once for a cookie.

Nothing is kept here: the cookie is derived from the token, so that any copy of the server takes it, and a new token ends all of them.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graph.types import SettingError

OPEN = ("/health",)  # what a load balancer asks
ENTRY = "/token"  # where the page below posts to
SHORTEST = 16  # characters: past guessing at any rate of requests
COOKIE = "framegraph"
KEPT_SECONDS = 30 * 24 * 3600
MAX_FORM = 4_096  # bytes
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Token needed</title><meta name="viewport" content="width=device-width"></head>
<body><main><h1>This server asks for a token</h1><p role="alert">{told}</p>
<form method="post" action="/token"><label>Token <input name="token" type="password" autocomplete="current-password" required></label>
<button>Enter</button></form></main></body></html>"""
PAGE_POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def sound(token: str) -> str:
    """The token of the settings; '' for none. Raises SettingError for one that is easily guessed or that no header can carry."""
    if token and (len(token) < SHORTEST or not token.isascii() or not token.isprintable() or " " in token):
        raise SettingError(
            f"FRAMEGRAPH_TOKEN has to be {SHORTEST} or more letters, digits and signs of ASCII without spaces; "
            "python3 -c 'import secrets; print(secrets.token_urlsafe())' makes one"
        )
    return token


class Gate:
    """ASGI in front of the app: 401 for who neither knows the token nor holds the cookie; '' lets everybody pass."""

    def __init__(self, app: ASGIApp, token: str = "") -> None:
        self._app, self._token = app, token
        self._pass = hmac.new(token.encode(), b"cookie of a browser", sha256).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._token or scope["type"] != "http" or scope["path"] in OPEN or _asks_leave(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        reply = await self._entered(request)
        if reply is None and self._knows(request.headers):
            await self._app(scope, receive, send)
            return
        await (reply or _refusal(request))(scope, receive, send)

    def _knows(self, headers: Headers) -> bool:
        """Whether the request carries the token or the cookie; each is compared in constant time."""
        kind, _, told = headers.get("authorization", "").partition(" ")
        held = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        by_token, by_cookie = _same(told.strip(), self._token), _same(held, self._pass)
        return (kind.lower() == "bearer" and by_token) or by_cookie

    async def _entered(self, request: Request) -> Response | None:
        """The answer to a browser that gives the token: by ?token= in any address it opens, or by the page's form; else None."""
        if request.method == "GET":
            fields = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
            told = [value for name, value in fields if name == "token"]
            rest = urlencode([(name, value) for name, value in fields if name != "token"])
            back = quote(_local(request.scope["path"])) + (f"?{rest}" if rest else "")
        elif request.method == "POST" and request.url.path == ENTRY:
            told, back = [await _posted(request)], "/"
        else:
            return None
        if not told:
            return None
        return self._admitted(request, back) if _same(told[0], self._token) else _refusal(request, "That is not the token.")

    def _admitted(self, request: Request, back: str) -> Response:
        """Back to the address without the token, which would stay in the browser's history, and the cookie.

        Lax, not strict: a link in a letter leads to the answer that it names; and nothing here is changed by reading.
        """
        reply = RedirectResponse(back, 303, headers={"Cache-Control": "no-store"})
        secure = request.url.scheme == "https"
        reply.set_cookie(COOKIE, self._pass, max_age=KEPT_SECONDS, httponly=True, samesite="lax", secure=secure)
        return reply


def _same(told: str, meant: str) -> bool:
    """Compared by digest, which takes the same time whatever was told, of whatever length and letters."""
    return hmac.compare_digest(sha256(told.encode("utf-8", "surrogatepass")).digest(), sha256(meant.encode()).digest())


def _asks_leave(scope: Scope) -> bool:
    """Whether a browser asks, before it asks, if a page of others may (CORS): it sends no token then, and gets no data."""
    return scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope)


def _local(path: str) -> str:
    """A path of this very server, whatever slashes it begins with."""
    return "/" + path.lstrip("/\\")


async def _posted(request: Request) -> str:
    """The token of the form; '' for a body that is none, or too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            return ""
    return dict(parse_qsl(body.decode("utf-8", "replace"))).get("token", "")


def _refusal(request: Request, told: str = "Open the address that you were given, or type the token here.") -> Response:
    headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(PAGE.format(told=told), 401, {**headers, "Content-Security-Policy": PAGE_POLICY})
    message = "this server asks for a token; send it as the header 'Authorization: Bearer TOKEN'"
    return JSONResponse({"error": {"status": 401, "message": message}}, 401, headers)
