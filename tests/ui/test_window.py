"""The window's handlers yield what is to be shown, step by step, and never raise."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from ui.view import Entry
from ui.window import Window, _place, build


def steps(window: Window, question: str, entries: list[Entry] | None = None, choices: dict[str, str] | None = None) -> list[Any]:
    async def collect() -> list[Any]:
        return [step async for step in window.ask(question, entries or [], choices)]

    return anyio.run(collect)


def test_the_question_shows_at_once_and_the_answer_grows(assistant: Any) -> None:
    """First the question with a waiting answer, then sentence by sentence, then buttons and panel."""
    shown = steps(Window(assistant), "Tell me everything")
    messages = [m for m, _, _ in shown]
    assert "Looking it up" in messages[0][1]["content"]
    lengths = [len(m[1]["content"]) for m in messages[1:]]
    assert lengths == sorted(lengths)
    assert "src-1-2" in shown[-1][1]
    assert "src-1-2" not in shown[0][1]
    (entry,) = shown[-1][2]
    assert entry.turn.number == 1
    assert shown[0][2] == []


def test_trouble_is_a_message_and_the_talk_goes_on(assistant: Any) -> None:
    """After an answer that failed, the next question still knows the turns before it."""
    window = Window(assistant)
    entries = steps(window, "What colour?")[-1][2]
    entries = steps(window, "please fail", entries)[-1][2]
    shown = steps(window, "And now?", entries)[-1]
    assert "trouble" in shown[0][3]["content"]
    assert [e.turn.number if e.turn else None for e in shown[2]] == [1, None, 2]
    assert [len(history) for _, history, _ in assistant.asked] == [0, 1, 1]


def test_an_empty_question_changes_nothing(assistant: Any) -> None:
    """Enter on an empty line asks nobody."""
    assert [step[2] for step in steps(Window(assistant), "  ")] == [[]]
    assert assistant.asked == []


def test_a_button_carries_its_question_and_its_choices(assistant: Any) -> None:
    """A clarification's button settles what was unclear; one that is gone asks nothing."""
    window = Window(assistant)
    entries = steps(window, "Who is Rose?")[-1][2]
    assert window.pressed("1", entries) == ("Who is Rose?", {"7:11": "http://garden.example/red"})
    for value in ("2", "-1", "x", None, "²"):
        assert window.pressed(value, entries) == ("", {})
    assert window.pressed("0", []) == ("", {})
    question, choices = window.pressed("1", entries)
    steps(window, question, entries, choices)
    assert assistant.asked[-1][2] == {"7:11": "http://garden.example/red"}


@pytest.mark.parametrize(("index", "place"), [(0, 0), (1, 0), (2, 1), (5, 2), ([3, 0], 1), ((4, 1), 2)])
def test_two_messages_are_one_entry(index: Any, place: int) -> None:
    """Retry and undo name a message; the conversation is kept by question."""
    assert _place(index) == place


def test_the_window_is_private_and_asks_no_one(assistant: Any) -> None:
    """Every handler is kept out of the API's description and waits for no other; nothing is reported to anybody."""

    async def config() -> dict[str, Any]:
        return dict(build(assistant).get_config_file())

    made = anyio.run(config)
    assert made["title"] == "Garden"
    assert made["analytics_enabled"] is False
    assert len(made["dependencies"]) == 14  # seven events, and for each what happens when it fails
    assert {d["api_visibility"] for d in made["dependencies"]} == {"private"}
    (chat,) = [c for c in made["components"] if c["type"] == "chatbot"]
    assert chat["props"]["sanitize_html"] is True
    assert [e["text"] for e in chat["props"]["examples"]] == [
        "What colour is the rose?",
        "Tell me everything",
        "Compare rose and oak",
        "What is an oak?",
    ]
