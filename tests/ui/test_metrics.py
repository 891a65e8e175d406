"""Counts and latencies in Prometheus' format; of what was asked, nothing."""

from __future__ import annotations

import re

import anyio
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ui.metrics import BUCKETS, MEDIA_TYPE, Counting, Metrics, label

LINE = re.compile(r'[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? [0-9.e+-]+')


def values(text: str) -> dict[str, float]:
    """Every sample of a text that follows the format to the letter."""
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    assert text.endswith("\n")
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    typed = re.findall(r"^# TYPE (\S+) (counter|gauge|histogram)$", text, re.MULTILINE)
    assert len({name for name, _ in typed}) == len(typed)
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_requests_are_counted_by_door_and_status() -> None:
    """With a histogram of their seconds, whose buckets add up."""
    metrics = Metrics({"framegraph_answers_total": ("Answers.", lambda: {label("kind", 'a "quoted" \\ kind'): 2})})
    for path, status, seconds in (("/api/v1/answer", 200, 0.02), ("/api/v1/answer", 422, 0.001), ("/sparql", 200, 99.0), ("/", 200, 0.005)):
        metrics.count(path, status, seconds)
    found = values(metrics.text())
    assert found['framegraph_requests_total{door="answer",status="200"}'] == 1
    assert found['framegraph_requests_total{door="answer",status="422"}'] == 1
    assert found['framegraph_requests_total{door="window",status="200"}'] == 1
    buckets = [found[f'framegraph_request_seconds_bucket{{door="answer",le="{bound:g}"}}'] for bound in BUCKETS]
    assert buckets == sorted(buckets)
    assert buckets[0] == 1
    assert found['framegraph_request_seconds_bucket{door="window",le="0.005"}'] == 1
    assert found['framegraph_request_seconds_bucket{door="sparql",le="30"}'] == 0
    assert found['framegraph_request_seconds_bucket{door="sparql",le="+Inf"}'] == 1
    assert found['framegraph_request_seconds_count{door="sparql"}'] == 1
    assert found['framegraph_request_seconds_sum{door="answer"}'] == 0.021
    assert found['framegraph_answers_total{kind="a \\"quoted\\" \\\\ kind"}'] == 2
    assert found["process_resident_memory_bytes"] > 1_000_000


def test_a_request_is_counted_when_it_is_answered_and_no_question_is_kept() -> None:
    """Failures too; the route says what format it is in."""
    metrics = Metrics()

    async def work(request: Request) -> Response:
        if "broken" in request.url.path:
            raise RuntimeError("broken")
        return PlainTextResponse("x")

    app = Counting(Starlette(routes=[metrics.route(), Route("/{path:path}", work)]), metrics)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            await client.get("/api/v1/answer?question=secret")
            await client.get("/id/broken")
            return await client.get("/metrics")

    reply = anyio.run(ask)
    assert reply.headers["content-type"] == MEDIA_TYPE
    found = values(reply.text)
    assert found['framegraph_requests_total{door="answer",status="200"}'] == 1
    assert found['framegraph_requests_total{door="id",status="500"}'] == 1
    assert "secret" not in reply.text
