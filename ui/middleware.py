"""Pure ASGI middleware in front of everything: who may ask, how much, and what a browser may do with the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY = 1_000_000  # bytes; the longest query that is read fits, percent-encoded
ANY_HOST = "*"

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
    """Refuses foreign hosts and origins, closed routes and large bodies; sets the security headers of every response."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = LOOPBACK, max_body: int = MAX_BODY) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._max_body = max_body

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
        meter = _Meter(receive, send, self._max_body)
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
        origin = headers.get("origin", "")
        if origin and scope["method"] not in ("GET", "HEAD", "OPTIONS") and urlsplit(origin).netloc.lower() != hosts[0].lower():
            return 403, f"requests from pages of {origin} are refused"
        path = scope["path"]
        if any(path == closed or path.startswith((closed + "/", closed + "=", closed + "_")) for closed in CLOSED):
            return 404, "there is no such page"
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            return 400, f"the length {length!r} of the body is no number"
        return (413, f"the body is larger than {self._max_body:,} bytes") if int(length) > self._max_body else None

    def _known(self, host: str) -> bool:
        name = host.lower().rsplit(":", 1)[0] if not host.endswith("]") else host.lower()
        return ANY_HOST in self._hosts or name in self._hosts


class _Meter:
    """Counts a body of undeclared length. Past the limit the sender is answered, and to the app it has hung up."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._most = receive, send, most
        self._size = 0
        self._answered = False
        self.full = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size <= self._most:
            return message
        if not self.full and not self._answered:
            await _refuse(self._send, 413, f"the body is larger than {self._most:,} bytes")
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
