"""The desk works one call at a time, refuses a crowd, gives up on what is slow, and hands on what went wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from assistant import Assistant
from assistant.types import AssistantError
from ui.desk import AssistantEngine, Bounds, Desk, DeskFull, TooSlow


class Waiting:
    """An engine whose answers wait until they are let go."""

    def __init__(self, made: Any = None) -> None:
        self.go, self.begun, self.made = threading.Event(), threading.Event(), made

    def answer(self, *asked: Any) -> Any:
        self.begun.set()
        assert self.go.wait(30)
        return self.made

    recommend = compare = answer


def desk_of(engine: Any, **bounds: Any) -> Desk:
    return Desk(engine, Bounds(**bounds))


def run(work: Callable[[], Any]) -> Any:
    return anyio.run(work)


def test_the_calls_are_those_of_the_assistant(museum: Assistant) -> None:
    """Answers are counted by kind."""
    desk = Desk(AssistantEngine(museum))

    async def work() -> None:
        assert (await desk.answer("How many works are there?")).rows
        assert (await desk.recommend((), require=["oil painting"])).required == ("oil painting",)
        assert (await desk.compare(("Blue Kite", "Desert Letter"))).names == ("Blue Kite", "Desert Letter")
        assert (await desk.table(("Blue Kite", "Desert Letter"))).lines
        with pytest.raises(AssistantError, match="Zorblax"):
            await desk.compare(("Blue Kite", "Zorblax"))

    run(work)
    assert sum(desk.kinds.values()) == 1
    assert desk.waiting == 0
    assert desk.engine.graph is museum.graph


def test_a_crowd_is_refused(samples: Any) -> None:
    """Those at the desk are answered; one more is told so at once, and the next one after them is welcome."""
    engine = Waiting(samples.red())
    desk = desk_of(engine, waiting=2)

    async def work() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(desk.answer, "one")
            group.start_soon(desk.answer, "two")
            await anyio.to_thread.run_sync(engine.begun.wait, 30)
            assert desk.waiting == 2
            with pytest.raises(DeskFull, match="2 questions wait"):
                await desk.answer("three")
            engine.go.set()
        await desk.answer("four")

    run(work)
    assert desk.kinds == {"fact": 3}
    assert desk.waiting == 0


def test_what_is_slow_is_given_up_and_keeps_its_place(samples: Any) -> None:
    """The caller is told; the thread that still runs counts until it is done; what never began does not."""
    engine = Waiting(samples.red())
    desk = desk_of(engine, waiting=1, seconds=0.05)

    async def work() -> None:
        with pytest.raises(TooSlow, match=r"0\.05 seconds"):
            await desk.answer("one")
        assert desk.waiting == 1
        with pytest.raises(DeskFull):
            await desk.answer("two")
        engine.go.set()
        with anyio.fail_after(30):
            while desk.waiting:
                await anyio.lowlevel.checkpoint()

    run(work)
