"""The window's handlers yield what is to be shown, step by step, and never raise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from ui import view
from ui.feedback import Feedback
from ui.permalinks import pack
from ui.view import Entry
from ui.window import Page, Window, _place


def steps(window: Window, question: str, entries: list[Entry] | None = None, choices: dict[str, str] | None = None) -> list[Any]:
    async def collect() -> list[Any]:
        return [step async for step in window.ask(question, entries or [], choices)]

    return anyio.run(collect)


def test_the_question_shows_at_once_and_the_answer_grows(assistant: Any) -> None:
    """First the question with a waiting answer, then more and more sentences, then buttons and panel."""
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
        return dict(Page(assistant).blocks.get_config_file())

    made = anyio.run(config)
    assert made["title"] == "Garden"
    assert made["analytics_enabled"] is False
    assert len(made["dependencies"]) == 17  # eight events, for each what happens when it fails, and what one of them stops
    assert {d["api_visibility"] for d in made["dependencies"]} == {"private"}
    (chat,) = [c for c in made["components"] if c["type"] == "chatbot"]
    assert chat["props"]["sanitize_html"] is True
    assert [e["text"] for e in chat["props"]["examples"]] == [
        "What colour is the rose?",
        "Tell me everything",
        "Compare rose and oak",
        "What is an oak?",
    ]


def test_a_question_is_asked_in_other_words(assistant: Any) -> None:
    """At its place, without what came after it; its choices hold for its own words alone; no place and no words change nothing."""
    window, rose = Window(assistant), {"5:11": "http://garden.example/rose"}
    entries = steps(window, "What colour?", [], rose)[-1][2]
    entries = steps(window, "Tell me everything", entries)[-1][2]

    async def again(place: str, text: str) -> list[Any]:
        return [step async for step in window.touch("again", place, text, entries)]

    for text, choices in ((" What  colour? ", rose), ("How tall?", {})):
        (left,) = anyio.run(again, "0", text)[-1][2]
        assert (left.question, left.choices, left.turn.number) == (text.strip(), choices, 1)
        assert assistant.asked[-1] == (text.strip(), [], choices)
    for place, text in (("0", " "), ("2", "How tall?"), ("-1", "How tall?"), ("", "How tall?")):
        assert [shown[2] for shown in anyio.run(again, place, text)] == [entries]


def test_a_chip_asks_the_last_question_again(assistant: Any) -> None:
    """With the choice, in its own place and after the same turns; the old answer stands until the new one is whole."""
    window = Window(assistant)
    entries = steps(window, "What colour?")[-1][2]
    entries = steps(window, "Tell me everything", entries)[-1][2]

    async def pressed(value: str, before: list[Entry]) -> list[Any]:
        return [step async for step in window.amend("set", value, before)]

    shown = anyio.run(pressed, "preferred http://garden.example/scent", entries)
    assert len(shown) == 1
    assert [e.question for e in shown[0][2]] == ["What colour?", "Tell me everything"]
    assert shown[0][2][1].choices == {"http://garden.example/scent": "preferred"}
    question, history, choices = assistant.asked[-1]
    assert (question, len(history), choices) == ("Tell me everything", 1, {"http://garden.example/scent": "preferred"})
    assert anyio.run(pressed, "no http://garden.example/scent", [])[0][2] == []


def opened(window: Window, kept: str) -> Any:
    """The last of what the page shows as it opens; None where it shows nothing."""

    async def collect() -> list[Any]:
        return [step async for step in window.touch("open", kept, "", [])]

    return ([None, *anyio.run(collect)])[-1]


def test_a_link_opens_to_the_same_conversation(assistant: Any) -> None:
    """Every question is asked again with its choices; what a link brought is not kept in the browser."""
    window = Window(assistant)
    before = steps(window, "What colour?")[-1][2]
    shown = steps(window, "Tell me everything", before, {"0:4": "http://garden.example/red"})[-1]
    code = view.code(shown[2], "abc")
    assert f'data-talk="{code}"' in shown[1]
    messages, side, entries = opened(window, f"link {code}")
    assert [(e.question, e.choices) for e in entries] == [(e.question, e.choices) for e in shown[2]]
    assert messages == shown[0]
    assert side == shown[1].replace(f'"{code}">', f'"{code}" data-linked>', 1)
    assert "data-linked" not in opened(window, f"kept {code}")[1]


def test_a_conversation_comes_back_answer_by_answer(assistant: Any) -> None:
    """Each question waits at its place; until the last answer stands there is nothing to keep and nothing to go on from."""
    window = Window(assistant)
    code = pack([("What colour?", {}), ("please fail", {}), ("Tell me everything", {})], "abc")

    async def collect() -> list[Any]:
        return [step async for step in window.open(f"kept {code}")]

    shown = anyio.run(collect)
    assert [len(messages) for messages, _, _ in shown] == [2, 4, 6, 6]
    assert ["Looking it up" in messages[-1]["content"] for messages, _, _ in shown] == [True, True, True, False]
    assert ["data-talk" in side for _, side, _ in shown] == [False, False, False, True]
    assert [len(entries) for _, _, entries in shown] == [0, 0, 0, 3]


def test_a_link_says_so_where_the_graph_has_changed(assistant: Any) -> None:
    """Both versions are named, before the answer; the conversation of a reload says it too."""
    window = Window(assistant)
    for how in ("link", "kept"):
        messages, _, _ = opened(window, f"{how} {pack([('What colour?', {})], 'old')}")
        assert "The graph has changed" in messages[1]["content"]
        assert "version old then, abc now" in messages[1]["content"]
    assert "changed" not in opened(window, f"link {pack([('What colour?', {})], 'abc')}")[0][1]["content"]


def test_a_damaged_link_is_a_message_and_a_damaged_memory_is_forgotten(assistant: Any) -> None:
    """Nothing is asked for either; an address without a link begins anew."""
    window = Window(assistant)
    messages, side, _ = opened(window, "link zzz")
    assert "damaged" in messages[1]["content"]
    assert "data-linked" in side
    assert [opened(window, text) for text in ("kept zzz", "", "link ", "nonsense zzz")] == [None] * 4
    assert assistant.asked == []


def rated(window: Window, value: str, reason: str, entries: list[Entry]) -> list[Entry]:
    shown: list[Entry] = anyio.run(window.rate, value, reason, entries)[2]
    return shown


def test_a_verdict_is_kept_with_its_answer(assistant: Any, tmp_path: Path) -> None:
    """Once, however often it is changed, with the link that opens the answer; the conversation goes on as it was."""
    kept = Feedback(tmp_path / "feedback.sqlite")
    window = Window(assistant, kept)
    entries = steps(window, "Tell me everything", steps(window, "What colour?")[-1][2])[-1][2]
    entries = rated(window, "up 0", "", entries)
    entries = rated(window, "down 0", "", entries)
    entries = rated(window, "0", " it is pink ", entries)
    (said,) = kept.read()
    assert (said.verdict, said.reason, said.question, said.answer) == ("down", "it is pink", "What colour?", "The rose is red [1].")
    assert said.link == f"/?talk={pack([('What colour?', {})], 'abc')}"
    assert entries[0].rating
    assert entries[0].rating.reasoned
    assert entries[1].rating is None


@pytest.mark.parametrize("value", ["up 7", "up x", "0", "sideways 0", "", "up ²"])
def test_a_verdict_on_nothing_is_not_kept(assistant: Any, tmp_path: Path, value: str) -> None:
    """Neither for an answer that is not there, nor a reason without a verdict."""
    kept = Feedback(tmp_path / "feedback.sqlite")
    window = Window(assistant, kept)
    entries = steps(window, "What colour?")[-1][2]
    assert rated(window, value, "why", entries) == entries
    assert kept.read() == []


def test_a_verdict_that_cannot_be_kept_says_so(assistant: Any, tmp_path: Path) -> None:
    """Under the answer, and the conversation goes on."""
    (tmp_path / "file").touch()
    window = Window(assistant, Feedback(tmp_path / "file" / "feedback.sqlite"))
    messages, _, entries = anyio.run(window.rate, "up 0", "", steps(window, "What colour?")[-1][2])
    assert "cannot be kept" in messages[1]["content"]
    assert entries[0].turn


@pytest.mark.parametrize(
    ("act", "value", "asked"),
    [("node", "Rose", "What is Rose?"), ("set", "no http://garden.example/scent", "What colour?"), ("rate", "up 0", "What colour?")],
)
def test_a_press_does_what_it_names(assistant: Any, tmp_path: Path, act: str, value: str, asked: str) -> None:
    """A thing of the picture is asked about, a chip asks again, a thumb asks nothing."""
    window = Window(assistant, Feedback(tmp_path / "feedback.sqlite"))
    before = steps(window, "What colour?")[-1][2]

    async def touched() -> list[Any]:
        return [step async for step in window.touch(act, value, "", before)]

    entries = anyio.run(touched)[-1][2]
    assert entries[-1].question == asked
    assert len(entries) == 1 + (act == "node")
    assert len(assistant.asked) == 1 + (act != "rate")
