"""What the server notes: lines of JSON, and no question unless the setting asks for it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from graph.types import SettingError
from ui.chat import Conversations
from ui.desk import AssistantEngine, Desk
from ui.logs import Lines, Noting, config, log

QUESTION = "What colour is the secret rose?"


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Callable[[], list[dict[str, Any]]]]]:
    """``notes(level)()``: what was noted since, at a level of the setting."""
    handler, before = logging.StreamHandler(StringIO()), log.level
    handler.setFormatter(Lines())

    def begin(level: str) -> Callable[[], list[dict[str, Any]]]:
        monkeypatch.setenv("FRAMEGRAPH_LOG", level)
        log.setLevel(config()["loggers"]["framegraph"]["level"])
        log.addHandler(handler)
        return lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]

    yield begin
    log.removeHandler(handler)
    log.setLevel(before)


async def told(request: Request) -> Response:
    if "broken" in request.url.path:
        raise RuntimeError("broken")
    return PlainTextResponse("here")


def ask(assistant: Any) -> None:
    """One question by each way in, and a request with one in its address."""

    async def both() -> None:
        _ = [event async for event in Conversations(assistant).ask(QUESTION)]
        await Desk(AssistantEngine(assistant)).answer(QUESTION)

    anyio.run(both)
    web = TestClient(Noting(Starlette(routes=[Route("/{path:path}", told)])), raise_server_exceptions=False)
    web.get("/api/v1/answer", params={"question": QUESTION})
    web.get("/thing/broken")


def test_usually_nothing_is_noted(assistant: Any, notes: Any) -> None:
    """But what goes wrong, which is the server's own log."""
    noted = notes("quiet")
    ask(assistant)
    assert noted() == []


def test_requests_are_noted_without_what_they_ask(assistant: Any, notes: Any) -> None:
    """Door, status and time of each request; kind and time of each answer; no question, address or client."""
    noted = notes("requests")
    ask(assistant)
    lines = noted()
    assert [line["event"] for line in lines] == ["answer", "answer", "request", "request"]
    assert [(line["door"], line["status"], line["method"]) for line in lines[2:]] == [("answer", 200, "GET"), ("pages", 500, "GET")]
    assert {line["kind"] for line in lines[:2]} == {"fact"}
    assert all(line["ms"] >= 0 and line["time"].endswith("Z") and line["level"] == "info" for line in lines)
    assert not {"secret", "rose", "broken", "127.0.0.1", "testclient"} & set(json.dumps(lines).replace('"', " ").split())


def test_questions_are_noted_where_they_are_asked_for(assistant: Any, notes: Any) -> None:
    """By either way in."""
    noted = notes("questions")
    ask(assistant)
    assert [line.get("question") for line in noted()] == [QUESTION, QUESTION, None, None]


def test_a_line_is_one_line_whatever_it_holds() -> None:
    """So that no text of a stranger makes a line of its own; a trace is a field."""
    try:
        raise ValueError("a\nb")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "it broke\n%s", ('{"forged": 1}',), (type(error), error, error.__traceback__))
    line = Lines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == 'it broke\n{"forged": 1}'
    assert "ValueError: a\nb" in json.loads(line)["trace"]


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With those that would do."""
    monkeypatch.setenv("FRAMEGRAPH_LOG", "loud")
    with pytest.raises(SettingError, match="FRAMEGRAPH_LOG is 'loud'; set it to one of quiet, requests, questions"):
        config()
