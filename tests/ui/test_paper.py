"""A conversation is taken away whole, its marks numbered through, each source listed once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ui.paper import Paper, html, markdown, numbered


def paper(*answers: Any) -> Paper:
    return Paper(answers, "Garden", "2026-11-21", "abc")


def test_a_source_has_one_number_in_the_whole_conversation(samples: Any) -> None:
    """The second answer's own source comes after those of the first; its marks follow, in text and in tables."""
    later = replace(
        samples.red("And now?"),
        text="Red \\[1] [1][2].",
        citations=[samples.citation(1, samples.says, title="Almanac"), samples.citation(2)],
    )
    later = replace(later, sentences=(replace(later.sentences[0], text="| a [1] | b [2] |", cites=(1, 2), block="table"),))
    made, sources = numbered([samples.mixed(), later])
    assert [(c.number, c.title) for c in sources] == [(1, "Catalogue 1"), (2, "Catalogue 2"), (3, "Almanac")]
    assert made[0].sentences == samples.mixed().sentences
    assert made[1].text == "Red \\[1] [2][3]."
    assert made[1].sentences[0].text == "| a [3] | b [2] |"
    assert made[1].sentences[0].cites == (2, 3)


def test_markdown_has_every_question_and_one_bibliography(samples: Any) -> None:
    """Who answered, of which day and version, stands in front."""
    said = markdown(paper(samples.red("What\ncolour?"), samples.mixed()))
    assert said.startswith("# Garden: a conversation\n\nAnswered by Garden as of 2026-11-21 (version abc).\n\n## What colour?\n\n")
    assert "*I understood: the colour of Rose*\n\nThe rose is red [1]." in said
    assert said.count("## Sources") == 1
    assert said.count("[1] Catalogue 1, Roses, The Garden") == 1


def test_html_needs_nothing_else_and_holds_data_as_text(samples: Any) -> None:
    """No script, no request; marks lead to the sources of the page; what is hostile is text."""
    bad = "<script>alert(1)</script>"
    page = html(paper(samples.red(bad), samples.mixed()))
    assert bad not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"<(script|link|img|iframe)", page)
    marks = set(re.findall(r'href="#(source-\d+)"', page))
    assert marks == set(re.findall(r'<li id="(source-\d+)"', page))
    assert page.count("<h2") == 3
    assert '<th scope="row">colour</th>' in page


def test_a_conversation_that_cites_nothing_has_no_bibliography(samples: Any) -> None:
    """No empty heading."""
    bare = replace(samples.red(), citations=[], sentences=(), text="I do not know.")
    assert "Sources" not in markdown(paper(bare))
    assert "Sources" not in html(paper(bare))
