"""Counts and latencies for Prometheus, as text at /metrics. No question and no address of anyone is kept."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.confine import resident

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
# the start of a path -> what the requests there are counted as; the first that fits
DOORS = (
    ("/api/v1/answer", "answer"),
    ("/api/v1/recommend", "recommend"),
    ("/api/v1/compare", "compare"),
    ("/api/v1/entities", "entities"),
    ("/api/v1/search", "search"),
    ("/api/", "api"),
    ("/sparql/static", "static"),
    ("/sparql", "sparql"),
    ("/mcp", "mcp"),
    ("/id/", "id"),
    ("/thing", "pages"),
    ("/compare", "pages"),
    ("/about", "pages"),
    ("/health", "health"),
    ("/metrics", "metrics"),
)

Numbers = Mapping[str, float]


def door_of(path: str) -> str:
    """What requests to a path are counted as."""
    return next((name for start, name in DOORS if path.startswith(start)), "window")


class Metrics:
    """Counters and histograms by door and status. ``gauges`` are read when somebody asks: name -> what it is, label values -> number."""

    def __init__(self, gauges: Mapping[str, tuple[str, Callable[[], Numbers]]] | None = None) -> None:
        self._gauges = dict(gauges or {})
        self._requests: Counter[tuple[str, int]] = Counter()
        self._seconds: dict[str, list[float]] = {}  # door -> one count a bucket, the count above all, the sum
        self._lock = Lock()
        self._started = time.time()

    def count(self, path: str, status: int, seconds: float) -> None:
        """One request that was answered."""
        door = door_of(path)
        with self._lock:
            self._requests[door, status] += 1
            times = self._seconds.setdefault(door, [0.0] * (len(BUCKETS) + 2))
            times[bisect_left(BUCKETS, seconds)] += 1
            times[-1] += seconds

    def text(self) -> str:
        """All of it, in Prometheus' text format."""
        with self._lock:
            return "".join(f"{line}\n" for line in self._lines())

    def route(self) -> Route:
        """GET /metrics."""

        async def metrics(request: Request) -> Response:
            return Response(self.text(), media_type=MEDIA_TYPE)

        return Route("/metrics", metrics)

    def _lines(self) -> Iterator[str]:
        yield from _head("framegraph_requests_total", "counter", "Requests answered, by door and status.")
        for (door, status), count in sorted(self._requests.items()):
            yield f'framegraph_requests_total{{door="{door}",status="{status}"}} {count}'
        yield from _head("framegraph_request_seconds", "histogram", "Seconds until the last byte of a reply, by door.")
        for door, (*counts, total) in sorted(self._seconds.items()):
            yield from _histogram(door, counts, total)
        for name, (told, read) in self._gauges.items():
            yield from _head(name, "counter" if name.endswith("_total") else "gauge", told)
            for labels, value in sorted(read().items()):
                yield f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:g}"
        yield from _head("process_resident_memory_bytes", "gauge", "Memory that the server holds.")
        yield f"process_resident_memory_bytes {resident()}"
        yield from _head("process_start_time_seconds", "gauge", "When the server started, in seconds since 1970.")
        yield f"process_start_time_seconds {self._started:.3f}"


def _head(name: str, kind: str, told: str) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"


def _histogram(door: str, counts: list[float], total: float) -> Iterator[str]:
    name, reached = "framegraph_request_seconds", 0.0
    for bound, count in zip((*(f"{b:g}" for b in BUCKETS), "+Inf"), counts, strict=True):
        reached += count
        yield f'{name}_bucket{{door="{door}",le="{bound}"}} {reached:g}'
    yield f'{name}_sum{{door="{door}"}} {total:.6f}'
    yield f'{name}_count{{door="{door}"}} {reached:g}'


def label(name: str, value: str) -> str:
    """A label as Prometheus writes it."""
    safe = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'{name}="{safe}"'


class Counting:
    """ASGI in front of everything: each request is counted when its reply is sent."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()  # a reply that never came is a fault of ours

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            self._metrics.count(scope["path"], status, time.perf_counter() - begun)
