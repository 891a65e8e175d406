"""How a hostile input is put to each door: what goes in, and the replies that came out."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import anyio
import httpx

from tests.security.conftest import Target
from ui.window import Window

API = "/api/v1"
KNOWN = "Blue Kite"
MCP = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
PAGE = {"Accept": "text/html"}


@dataclass(frozen=True)
class Reply:
    """What a door said: its HTTP status (0: it hung up without a word), its head and body as text, and which door it was."""

    door: str
    status: int
    head: str
    body: str
    fragment: bool = False  # HTML that goes into the window rather than a page of its own

    @classmethod
    def of(cls, door: str, reply: httpx.Response) -> Reply:
        head = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.multi_items())
        return cls(door, reply.status_code, head, reply.content.decode("utf-8", "replace"))


class Attack:
    """Puts inputs to the doors of one target."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._client = httpx.Client(base_url=target.address, timeout=120)
        self._window = Window(target.assistant)
        many = {"needs": "recommend", "require": "recommend", "prefer": "recommend", "among": "recommend", "exclude": "recommend"}
        self._doors: dict[str, Callable[[str, dict[str, Any]], Iterator[Reply]]] = {
            "question": self._question,
            "every": self._every,
            "history": lambda text, _: self._post("answer", question="How many works are there?", history=[text]),
            "choice": lambda text, _: self._post("answer", question="What is it?", choices={"0:4": text, text: "urn:x"}),
            **{field: self._listed(path, field) for field, path in many.items()},
            "names": lambda text, _: self._post("compare", names=[KNOWN, text]),
            "focus": lambda text, _: self._post("compare", names=[KNOWN, "Desert Letter"], focus=[text]),
            "search": lambda text, _: self._get("search", f"{API}/search", q=text),
            "entity": lambda text, _: self._get("entity", f"{API}/entities/{quote(text, safe='')}"),
            "thing": lambda text, _: self._get("thing", f"/thing/{quote(text, safe='')}", PAGE),
            "things": lambda text, _: self._get("things", "/things", PAGE, q=text),
            "iri": lambda text, _: self._get("iri", "/thing", PAGE, iri=text),
            "id": lambda text, _: self._get("id", f"/id/{quote(text, safe='')}"),
            "talk": lambda text, _: self._get("talk", "/conversation", talk=text),
            "sparql": lambda text, _: self._sparql({"query": text}),
            "default-graph-uri": lambda text, _: self._sparql({"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": text}),
            "named-graph-uri": lambda text, _: self._sparql({"query": "SELECT * { GRAPH ?g { ?s ?p ?o } }", "named-graph-uri": text}),
            "fields": lambda text, _: self._form(f"query=ASK%7B%7D&{text}"),
            "json": lambda text, _: self._body(f"{API}/answer", text),
            "body": lambda text, _: self._body("/sparql", text),
            "mcp.raw": lambda text, _: self._body("/mcp", text),
            "mcp.call": lambda text, case: self._tool(text, case["arguments"]),
            "mcp.describe": lambda text, _: self._tool("describe", {"name": text}),
            "mcp.sparql": lambda text, _: self._tool("sparql", {"query": text}),
            "raw": self._raw,
        }  # fmt: skip

    def close(self) -> None:
        self._client.close()

    def put(self, case: dict[str, Any]) -> Iterator[Reply]:
        """The replies to one case. Raises KeyError for a door that there is not."""
        yield from self._doors[case["door"]](self._target.filled(case["input"]) * case.get("times", 1), case)

    def healthy(self) -> bool:
        """Whether the server still answers, and its graph holds as many statements as ever."""
        return self._client.get("/health").status_code == 200

    def statements(self) -> str:
        """How many statements the graph holds, as its SPARQL door counts them."""
        return self._client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}, headers={"Accept": "text/csv"}).text

    # ---------------------------------------------------------------- doors

    def _every(self, text: str, case: dict[str, Any]) -> Iterator[Reply]:
        for door in ("question", "history", "needs", "names", "search", "entity", "things", "mcp.describe"):
            yield from self._doors[door](text, case)

    def _question(self, text: str, case: dict[str, Any]) -> Iterator[Reply]:
        yield from self._post("answer", question=text)

        async def said() -> list[Any]:
            return [step async for step in self._window.ask(text, [])]

        messages, side, _ = anyio.run(said)[-1]
        yield Reply("window", 200, "", "\n".join(str(m["content"]) for m in messages), fragment=True)
        yield Reply("panel", 200, "", side, fragment=True)

    def _listed(self, path: str, field: str) -> Callable[[str, dict[str, Any]], Iterator[Reply]]:
        return lambda text, _: self._post(path, **{field: [text]})

    def _post(self, path: str, **fields: Any) -> Iterator[Reply]:
        body = json.dumps(fields)  # escaped: lone surrogates and all
        yield from self._body(f"{API}/{path}", body)

    def _body(self, path: str, body: str) -> Iterator[Reply]:
        yield Reply.of(path, self._client.post(path, content=body.encode("utf-8", "surrogatepass"), headers=MCP))

    def _get(self, door: str, path: str, headers: dict[str, str] | None = None, **params: str) -> Iterator[Reply]:
        yield Reply.of(door, self._client.get(path, params=params or None, headers=headers))

    def _sparql(self, fields: dict[str, str]) -> Iterator[Reply]:
        yield Reply.of("sparql", self._client.post("/sparql", data=fields, headers={"Accept": "application/json"}))

    def _form(self, body: str) -> Iterator[Reply]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        yield Reply.of("sparql", self._client.post("/sparql", content=body.encode(), headers=kind))

    def _tool(self, name: str, arguments: dict[str, Any]) -> Iterator[Reply]:
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        yield from self._body("/mcp", json.dumps(call))

    def _raw(self, text: str, case: dict[str, Any]) -> Iterator[Reply]:
        """Bytes as they are (one a character) on a connection of their own."""
        host, port = self._target.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=60) as line:
            parts = []
            try:
                line.sendall(text.encode("latin-1"))
                if case.get("hangs"):  # the server waits for more, which never comes
                    line.shutdown(socket.SHUT_WR)
                while part := line.recv(65536):
                    parts.append(part)
            except (ConnectionResetError, BrokenPipeError):  # it closed while we still had something to say
                pass
        head, _, body = b"".join(parts).partition(b"\r\n\r\n")
        words = head.split(b" ", 2)
        status = int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0
        yield Reply("raw", status, head.decode("latin-1"), body.decode("utf-8", "replace"))
