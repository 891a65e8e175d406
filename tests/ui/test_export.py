"""An answer can be taken away with its bibliography."""

from __future__ import annotations

from ui.export import bibliography, headline, markdown, plain_text
from ui.panel import Turn


def test_markdown_keeps_the_text_and_lists_the_sources(turn: Turn) -> None:
    """The question, the answer as composed, one line a source."""
    assert markdown(turn.answer) == (
        "**What colour is the rose?**\n\nThe rose is red [1].\n\n"
        "[1] Catalogue 1, Roses, The Garden, retrieved 2026-11-21. <https://garden.example/catalogue#1>"
    )


def test_plain_text_holds_no_markup(rich: Turn) -> None:
    """Bold and escapes are gone, marks stay."""
    said = plain_text(rich.answer)
    assert said.startswith("Tell me everything\n\nOf 2 plants, the rose is the tallest [1].")
    assert "**" not in said
    assert len(bibliography(rich.answer.citations)) == 2


def test_a_title_that_is_its_section_is_said_once(turn: Turn) -> None:
    """No repetition in the line of a source."""
    (source,) = turn.answer.citations
    assert headline(source) == "Catalogue 1, Roses, The Garden, retrieved 2026-11-21"
