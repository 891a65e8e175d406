"""A conversation is questions in and events out, whatever window shows it."""

from __future__ import annotations

import threading
from typing import Any

import anyio

from ui.chat import MAX_HISTORY, MAX_QUESTION, Conversations, Done, Event, Failed, Said
from ui.panel import Turn


def events(assistant: Any, question: str, turns: list[Turn] | None = None, choices: dict[str, str] | None = None) -> list[Event]:
    async def collect() -> list[Event]:
        return [event async for event in Conversations(assistant).ask(question, turns or [], choices)]

    return anyio.run(collect)


def test_an_answer_is_said_in_growing_pieces(assistant: Any) -> None:
    """First one sentence, then twice as many at a time, then the whole."""
    said = events(assistant, "Tell me everything")
    assert [e.shown for e in said if isinstance(e, Said)] == [1, 2, 4, 8]
    assert isinstance(said[-1], Done)
    assert said[-1].turn.number == 1
    assert said[-1].turn.names.property(said[-1].turn.answer.citations[0].facts[0].predicate) == "colour"


def test_the_turns_before_are_the_history(assistant: Any, turn: Turn, rich: Turn) -> None:
    """The assistant sees earlier turns, oldest first, and the choices; turns are numbered on."""
    done = events(assistant, " And its height? ", [turn, rich], {"0:3": "http://garden.example/rose"})[-1]
    assert isinstance(done, Done)
    assert done.turn.number == 3
    assert assistant.asked == [("And its height?", [turn.answer.turn, rich.answer.turn], {"0:3": "http://garden.example/rose"})]


def test_a_long_conversation_is_cut_at_its_beginning(assistant: Any, turn: Turn) -> None:
    """The assistant sees the latest turns only."""
    events(assistant, "And?", [turn] * (MAX_HISTORY + 5))
    assert len(assistant.asked[0][1]) == MAX_HISTORY


def test_what_cannot_be_asked_is_told(assistant: Any) -> None:
    """An empty or endless question reaches nobody; the message says what to do."""
    assert events(assistant, " \n ") == [Failed("Please type a question first.")]
    assert events(assistant, "x" * (MAX_QUESTION + 1)) == [Failed("That is 2,001 characters; please ask in at most 2,000.")]
    assert assistant.asked == []


def test_a_named_error_becomes_words(assistant: Any) -> None:
    """What the assistant or the graph refuses is said, with the remedy."""
    (failed,) = events(assistant, "please fail")
    assert failed == Failed("This question could not be answered: the word 'fail' is not allowed; ask about roses.")


def test_questions_of_several_people_are_answered_side_by_side(assistant: Any) -> None:
    """One assistant serves many conversations, in one thread at a time, and none sees another's turns."""
    busy = threading.Lock()
    answer = assistant.answer

    def alone(*args: Any, **how: Any) -> Any:
        assert busy.acquire(blocking=False)
        try:
            return answer(*args, **how)
        finally:
            busy.release()

    assistant.answer = alone

    async def together() -> list[list[Event]]:
        conversations, found = Conversations(assistant), []

        async def one(question: str) -> None:
            found.append([event async for event in conversations.ask(question)])

        async with anyio.create_task_group() as group:
            for n in range(20):
                group.start_soon(one, f"What colour is rose {n}?")
        return found

    said = anyio.run(together)
    assert len({e[-1].turn.answer.question for e in said if isinstance(e[-1], Done)}) == 20
    assert all(history == [] for _, history, _ in assistant.asked)
