"""What the doors for programs have in common, as ASGI: HEAD, ETag on the graph version, gzip, CORS, a rate for each client."""

from __future__ import annotations

import hashlib
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from math import ceil

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATHS = ("/api/", "/sparql", "/id/", "/mcp")
READ = ("/api/", "/sparql", "/id/")  # what GET gets from these changes with the graph alone
GZIP_FROM = 1024  # bytes; less is not worth the work
CLIENTS = 10_000  # whose asking is remembered; the longest silent are forgotten first


def is_door(path: str) -> bool:
    """Whether a path is for programs; the window and the pages are not."""
    return path.startswith(PATHS) and not path.startswith("/sparql/static")


class Doors:
    """Wraps the app: the doors for programs get all of the above, everything else passes.

    ``version``: of the graph; '' sends no ETag (a graph elsewhere may change at any time). ``origins``: the pages of others that
    may ask ('*': all). ``rate``: requests a minute that a client may make, and at once; 0: any number. Clients on this machine are
    not counted.
    """

    def __init__(self, app: ASGIApp, version: str = "", origins: Sequence[str] = (), rate: int = 0) -> None:
        self._app = app
        inner: ASGIApp = HeadAsGet(GZipMiddleware(Versioned(app, version), GZIP_FROM))
        if origins:
            exposed = ["ETag", "Retry-After"]
            inner = CORSMiddleware(inner, origins, allow_methods=["GET", "HEAD", "POST"], allow_headers=["*"], expose_headers=exposed)
        self._doors = Paced(inner, rate) if rate else inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inner = self._doors if scope["type"] == "http" and is_door(scope["path"]) else self._app
        await inner(scope, receive, send)


class HeadAsGet:
    """HEAD is GET whose body is kept back: the same status and headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or not scope["path"].startswith(READ):
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, bodiless)


class Versioned:
    """Marks what GET gets with the version of the graph, and answers 304 to who has it already, without working it out again.

    The same graph gives the same answer byte for byte, so an address and what it accepts have one reply a version.
    """

    def __init__(self, app: ASGIApp, version: str) -> None:
        self._app, self._version = app, version

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._version or scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(READ):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = {"etag": self._tag(scope, headers), "cache-control": "no-cache", "vary": "Accept"}
        if known["etag"] in (tag.strip() for tag in headers.get("if-none-match", "").split(",")):
            await Response(status_code=304, headers=known)(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                sent = MutableHeaders(scope=message)
                for name, value in known.items():
                    sent.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, marked)

    def _tag(self, scope: Scope, headers: Headers) -> str:
        asked = (scope["path"], scope["query_string"].decode("latin-1"), *headers.getlist("accept"))
        # weak: gzip changes the bytes, not what they say
        return f'W/"{self._version}-{hashlib.sha256(repr(asked).encode()).hexdigest()[:12]}"'


class Paced:
    """A bucket of requests for each client, filled at a steady rate; an empty one is answered 429."""

    def __init__(self, app: ASGIApp, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._rate, self._clock = app, rate, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client -> requests left, when

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = (scope.get("client") or ("", 0))[0]
        wait = 0.0 if _is_here(client) else self._wait(client)
        if wait:
            message = f"more than {self._rate:,} requests a minute came from {client}; come back in {ceil(wait)} seconds"
            body = {"error": {"status": 429, "message": message}}
            await JSONResponse(body, 429, {"Retry-After": str(ceil(wait))})(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _wait(self, client: str) -> float:
        """Seconds until the client may ask; 0 takes a request from its bucket."""
        now = self._clock()
        left, then = self._buckets.pop(client, (float(self._rate), now))
        left = min(left + (now - then) * self._rate / 60, self._rate)
        self._buckets[client] = (left - 1 if left >= 1 else left, now)
        if len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) * 60 / self._rate


def _is_here(client: str) -> bool:
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:  # a socket file, or a test's name
        return True
