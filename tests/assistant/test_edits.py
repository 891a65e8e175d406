"""Which edit a follow-up asks for: read from its words with names masked; a question of its own is none."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.edits import masked, ordinal, recognise
from assistant.scan import Scan


def scan(museum: Assistant, text: str) -> Scan:
    return museum.understander.scan(text, 0, len(text), {})


SWAPS = (
    "make that watercolours",
    "no, I meant Blue Kite",
    "sorry, Blue Kite not Salt",
    "the same for Tomasz Wrona please",
    "and for Ines Carvalho?",
    "what about bronze sculptures",
    "how about Polish ones?",
    "change it to frescoes",
    "Salt instead of Blue Kite",
    "replace Salt with Low Tide",
    "I was asking about the Orangery",
    "ditto for Salt",
)
KINDS = {
    "undo that": "undo", "go back": "undo", "never mind": "undo", "back to the previous list": "undo",
    "the other way round": "reverse", "and vice versa?": "reverse", "what about the opposite?": "reverse",
    "and those that are not?": "reverse",
    "how many is that?": "count", "and how many are there in total?": "count", "count them": "count",
    "which ones?": "list", "list them please": "list", "which are they?": "list",
    "sort them by year": "sort", "oldest first": "sort", "alphabetically": "sort", "order them by insured value, descending": "sort",
    "the first three": "limit", "just the last two of them": "limit", "only five of those": "limit",
    "all of them": "all", "show me everything": "all", "any others?": "rest", "and the rest?": "rest", "what else?": "rest",
    "and the next?": "next", "go on": "next", "who says so?": "sources", "says who?": "sources", "how do you know that?": "sources",
    "what is your source?": "sources", "any technique": "drop", "forget about the technique": "drop", "no matter which room": "drop",
    "I meant the room": "relink",
}  # fmt: skip
OTHERS = (
    "Who painted Salt?",
    "Which works are etchings?",
    "How many works hang in the Orangery?",
    "and who gave it?",
    "which of those is the oldest?",
    "only those by Zofia Malik",
    "with a donor",
    "Is Salt older than Blue Kite?",
    "What is the tallest work?",
    "",
)


@pytest.mark.parametrize("text", SWAPS)
def test_another_thing_in_the_place_of_the_last(museum: Assistant, text: str) -> None:
    """Corrections, 'the same for X', 'what about X', 'X instead of Y'."""
    edit = recognise(scan(museum, text))
    assert edit is not None, masked(scan(museum, text))
    assert edit.kind == "swap"
    assert edit.new


@pytest.mark.parametrize(("text", "kind"), KINDS.items())
def test_edits_that_name_nothing_new(museum: Assistant, text: str, kind: str) -> None:
    """Undone, reversed, counted, listed, sorted, cut, continued, sourced, a condition dropped."""
    edit = recognise(scan(museum, text))
    assert edit is not None, masked(scan(museum, text))
    assert edit.kind == kind


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_edit(museum: Assistant, text: str) -> None:
    """A question of its own, one about the things just told, one more condition."""
    assert recognise(scan(museum, text)) is None


def test_what_is_put_aside_is_known(museum: Assistant) -> None:
    """'X, not Y' names both."""
    asked = scan(museum, "Blue Kite, not Salt")
    edit = recognise(asked)
    assert edit is not None
    assert [asked.mentions[i].best.label for i in (*edit.new, *edit.old)] == ["Blue Kite", "Salt"]


def test_numbers_of_an_edit(museum: Assistant) -> None:
    """How many, and from which end."""
    last = recognise(scan(museum, "the last 2"))
    assert last is not None
    assert (last.number, last.last) == (2, True)
    following = recognise(scan(museum, "the next three"))
    assert following is not None
    assert following.number == 3


@pytest.mark.parametrize(
    ("text", "size", "place"),
    [
        ("the second one", 3, 1),
        ("the latter", 2, 1),
        ("what is the licence of the first", 4, 0),
        ("the last of them", 5, 4),
        ("the fourth one", 3, None),
        ("the first works", 3, None),
        ("one of them", 3, None),
    ],
)
def test_places(text: str, size: int, place: int | None) -> None:
    """A place among the things told; none beyond their number, and none where a noun follows."""
    found = ordinal(text.split(), size)
    assert (found[0] if found else None) == place
