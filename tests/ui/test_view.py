"""The window shows a conversation as messages, a panel and buttons; all of it is escaped."""

from __future__ import annotations

from typing import Any

from ui import view
from ui.panel import Turn
from ui.view import Entry


def test_each_entry_is_a_question_and_what_came_of_it(turn: Turn, rich: Turn) -> None:
    """Answers, trouble and waiting look different; only the newest whole answer has buttons."""
    entries = [Entry("a", turn=turn), Entry("b", trouble="no"), Entry("c", turn=rich), Entry("What colour?", turn=turn)]
    made = view.messages(entries)
    assert [m["role"] for m in made] == ["user", "assistant"] * 4
    assert made[0]["content"].startswith('<div class="asked">a</div><details class="edit"')
    assert "trouble" in made[3]["content"]
    assert [("options" in m) for m in made] == [False] * 7 + [True]
    assert made[7]["options"] == [{"label": "How tall is the rose?", "value": "0"}, {"label": "Rose, the person", "value": "1"}]
    assert view.messages([Entry("a")])[1]["content"] == view.WAITING


def test_a_growing_answer_has_no_buttons_yet(turn: Turn, rich: Turn) -> None:
    """Of the last answer only what was said so far is shown; earlier ones are whole."""
    made = view.messages([Entry("a", turn=turn), Entry("b", turn=rich)], 1)
    assert "red" in made[1]["content"]
    assert "Computed" in made[3]["content"]
    assert "Claim" not in made[3]["content"]
    assert not any("options" in m for m in made)
    assert ["edit" in m["content"] for m in made] == [True, False, False, False]


def test_an_unforeseen_error_leaves_what_was_there(turn: Turn) -> None:
    """The talk stands as before, with an apology and no trace of the error."""
    made = view.broken([Entry("a", turn=turn)])
    assert made[:2] == view.messages([Entry("a", turn=turn)])
    assert "Something went wrong" in made[2]["content"]
    assert len(made) == 3


def test_the_panel_draws_the_statements_of_the_newest_answer(turn: Turn, rich: Turn) -> None:
    """Exactly what its sentences rest on and its citations state."""
    html = view.side([Entry("a", turn=rich), Entry("b", turn=turn)])
    assert '<title id="pic-1-title">1 statement behind the answer</title>' in html
    assert "<title" not in view.side([Entry("b", trouble="no")])


def test_examples_show_different_kinds_of_question() -> None:
    """One of each first word comes before a second of any; there are at most eight."""
    assert view.examples(["Who a", "Who b", "", "What c", "who d"]) == [{"text": t} for t in ("Who a", "", "What c", "Who b", "who d")]
    assert len(view.examples([f"Q{n}" for n in range(20)])) == view.EXAMPLES


def test_what_the_dataset_says_of_itself_is_text(assistant: Any) -> None:
    """Title, day and scope are escaped; a dataset without a day shows none."""
    about = {**assistant.about(), "title": "<b>", "scope": "<i>", "asof": ""}
    assert "&lt;b&gt;" in view.header(about)
    assert "as of" not in view.header(about)
    assert "&lt;i&gt;" in view.welcome(about)
    assert '<time datetime="2026-11-21">' in view.header(assistant.about())
