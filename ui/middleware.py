"""Pure ASGI middleware in front of everything: who may ask, how much, and what a browser may do with the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from anyio import CancelScope, current_time
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.doors import is_door

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY = 1_000_000  # bytes; the longest query that is read fits, percent-encoded
BODY_SECONDS = 30.0  # in which a body has to be there, whole: who begins one and never ends it holds nothing here
ANY_HOST = "*"
_HOST = re.compile(r"(\[[^]@]*\]|[^:@]*)(?::[0-9]*)?")  # RFC 9110, section 7.2: a name or an address, and perhaps a port

# What Gradio's page needs, tried with the very versions: inline scripts and styles, blobs of its own, and nothing from elsewhere.
WINDOW_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; "
    "form-action 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "content-security-policy": WINDOW_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
# Routes that Gradio opens and this window does not use: files of others in or out, requests made for others, logins.
CLOSED = (
    "/gradio_api/upload",
    "/gradio_api/file",
    "/gradio_api/proxy",
    "/gradio_api/stream",
    "/gradio_api/component_server",
    "/gradio_api/custom_component",
    "/gradio_api/deep_link",
    "/gradio_api/mcp",
    "/gradio_api/dev",
    "/gradio_api/vibe",
    "/gradio_api/process_recording",
    "/proxy",
    "/file",
    "/login",
    "/logout",
    "/monitoring",
    "/docs",
    "/openapi.json",
)


class Shield:
    """Refuses foreign hosts and origins, closed routes and large bodies; sets the security headers of every response.

    ``origins`` are pages of others that may post to the doors for programs ('*': all); ``bodies`` are smaller limits in bytes, by the
    start of a path.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str] = LOOPBACK,
        max_body: int = MAX_BODY,
        origins: Iterable[str] = (),
        bodies: Mapping[str, int] | None = None,
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._max_body = max_body
        self._origins = frozenset(origins)
        self._bodies = dict(bodies or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # no page of ours opens a websocket, and one would go round the checks below
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        send = _with_headers(send)
        if refusal := self._refusal(scope):
            await _refuse(send, *refusal)
            return
        meter = _Meter(receive, send, self._most(scope["path"]))
        try:
            await self._app(scope, meter.receive, meter.send)
        except ClientDisconnect:
            if not meter.full:
                raise

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._known(hosts[0]):
            return 421, f"this server answers as {', '.join(sorted(self._hosts))}; it was asked as {' and '.join(hosts) or 'nobody'}"
        path, origin = scope["path"], headers.get("origin", "")
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and self._foreign(origin, hosts[0], path):
            return 403, f"requests from pages of {origin} are refused"
        if any(c < " " or "\x7f" <= c <= "\x9f" for c in path):
            return 400, "the address holds a control character"
        if any(path == closed or path.startswith((closed + "/", closed + "=", closed + "_")) for closed in CLOSED):
            return 404, "there is no such page"
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return 400, f"the length {length!r} of the body is no number"
        most = self._most(path)
        return (413, f"the body is larger than {most:,} bytes") if int(length) > most else None

    def _foreign(self, origin: str, host: str, path: str) -> bool:
        """Whether a request comes from a page of others that may not ask there."""
        welcome = is_door(path) and not self._origins.isdisjoint((origin, ANY_HOST))
        return bool(origin) and urlsplit(origin).netloc.lower() != host.lower() and not welcome

    def _most(self, path: str) -> int:
        """The most bytes that a body to this path may have."""
        return next((most for start, most in self._bodies.items() if path.startswith(start)), self._max_body)

    def _known(self, host: str) -> bool:
        named = _HOST.fullmatch(host.lower())
        return ANY_HOST in self._hosts or bool(named and named[1] in self._hosts)


class _Meter:
    """Counts a body of undeclared length, and times it. Past a limit the sender is answered, and to the app it has hung up."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._most = receive, send, most
        self._size = 0
        self._deadline = 0.0  # from when the app begins to read
        self._whole = False
        self._answered = False
        self.full = False

    async def receive(self) -> Message:
        if self._whole:  # what is waited for now is that the other side hangs up
            return await self._receive()
        self._deadline = self._deadline or current_time() + BODY_SECONDS
        with CancelScope(deadline=self._deadline) as waiting:
            message = await self._receive()
        if waiting.cancelled_caught:
            return await self._ended(408, f"the body was not there within {BODY_SECONDS:g} seconds")
        self._size += len(message.get("body", b""))
        if self._size > self._most:
            return await self._ended(413, f"the body is larger than {self._most:,} bytes")
        self._whole = not message.get("more_body", False)
        return message

    async def _ended(self, status: int, told: str) -> Message:
        if not self.full and not self._answered:
            await _refuse(self._send, status, told)
        self.full = True
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self._answered = True
        if not self.full:
            await self._send(message)


def _with_headers(send: Send) -> Send:
    """``send`` that adds our headers to a response, save those that it sets itself."""

    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return adding


async def _refuse(send: Send, status: int, message: str) -> None:
    body = json.dumps({"error": {"status": status, "message": message}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
