"""A graph of another domain answers questions of every kind with no change of code: labels and data are enough."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ITEMS = [json.loads(line) for line in (FIXTURES / "museum.jsonl").read_text(encoding="utf-8").splitlines()]
KINDS = {"yes-no", "count", "comparison", "definition"}


def test_the_museum_is_foreign(museum: Assistant) -> None:
    """The fixture holds 200 quads or more and no term of the engine or of the shipped domain."""
    rows = museum.graph.query("SELECT ?s ?p ?o { ?s ?p ?o }").rows
    assert len(rows) >= 200
    assert not [row for row in rows for term in row.values() if "framegraph" in term.value]


def test_the_questions_are_of_many_kinds() -> None:
    """At least 12 questions of at least six kinds, with ids of their own."""
    assert len(ITEMS) >= 12
    assert len({item["kind"] for item in ITEMS}) >= 6
    assert len({item["id"] for item in ITEMS}) == len(ITEMS)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["id"])
def test_museum_question(item: dict[str, Any], museum: Assistant) -> None:
    """The visitor's question gets the gold answer."""
    answer = museum.answer(item["question"], history=item["history"])
    said = f"{item['question']!r} -> {answer.kind} {answer.names} {answer.text!r}"
    assert answer.abstained == item["abstained"], said
    if item["names"]:
        assert sorted(answer.names) == sorted(item["names"]), said
    if item["text_any"]:
        assert any(wanted in answer.text for wanted in item["text_any"]), said
    if item["kind"] in KINDS:
        assert answer.kind == item["kind"], said


def test_museum_answers_cite_the_file(museum: Assistant) -> None:
    """Without passages a citation names the file and the facts it states."""
    answer = museum.answer("Who painted The Harbour at Dusk?")
    assert [c.title for c in answer.citations] == ["museum.ttl"]
    assert answer.citations[0].facts
    assert "[1]" in answer.text


def test_museum_yes_no_opens_plainly(museum: Assistant) -> None:
    """A yes/no answer opens with Yes, No or Not stated."""
    assert museum.answer("Is Blue Kite an etching?").text.startswith("Yes")
    assert museum.answer("Was The Night Ferry given by the Holm Family?").text.startswith("Not stated")
