"""What the server notes, as lines of JSON on standard error: what goes wrong; requests and questions where the setting asks for them."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.settings import setting
from graph.types import SettingError
from ui.metrics import door_of

QUIET, REQUESTS, QUESTIONS = "quiet", "requests", "questions"
LEVELS = (QUIET, REQUESTS, QUESTIONS)
log = logging.getLogger("framegraph")


def level() -> str:
    """What is noted: one of LEVELS. Raises SettingError for another."""
    told = setting("FRAMEGRAPH_LOG")
    if told not in LEVELS:
        raise SettingError(f"FRAMEGRAPH_LOG is {told!r}; set it to one of {', '.join(LEVELS)}, or leave it unset")
    return told


class Lines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, logger, and its fields or its message; a trace as one more field."""

    converter = time.gmtime  # type: ignore[assignment]  # as the documentation of logging says; its types forget that None will do

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{record.msecs:03.0f}Z"}
        line |= {"level": record.levelname.lower(), "logger": record.name}
        fields = getattr(record, "fields", None)
        line |= fields if fields is not None else {"message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def config() -> dict[str, Any]:
    """For ``logging.config``: everything as lines of JSON on standard error, ours from INFO where the setting asks for it."""
    ours = "WARNING" if level() == QUIET else "INFO"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"framegraph": {"level": ours}, "uvicorn": {"level": "WARNING"}},
    }


@contextmanager
def noted(question: str) -> Iterator[dict[str, Any]]:
    """Note an answer when it is there: its milliseconds, and what the caller puts into the yielded fields (its kind)."""
    fields: dict[str, Any] = {"event": "answer"}
    begun = time.perf_counter()
    yield fields
    if log.isEnabledFor(logging.INFO):
        fields["ms"] = round(1000 * (time.perf_counter() - begun))
        if level() == QUESTIONS:
            fields["question"] = question
        log.info("answer", extra={"fields": fields})


class Noting:
    """ASGI in front of everything: a line a request, when its reply is sent. Addresses may hold questions: only their door is named."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not log.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        fields: dict[str, Any] = {"event": "request", "method": scope["method"], "door": door_of(scope["path"]), "status": 500}
        begun = time.perf_counter()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                fields["status"] = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            log.info("request", extra={"fields": {**fields, "ms": round(1000 * (time.perf_counter() - begun))}})
