"""An answer becomes HTML in which nothing of the data is markup and every mark leads to its source."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer, Sentence
from ui import render
from ui.panel import Turn

VOID = {"br", "img", "input", "meta", "link", "hr"}
SAFE = {"div", "p", "span", "ul", "ol", "li", "strong", "a", "table", "thead", "tbody", "tr", "th", "td", "br"}


class Balance(HTMLParser):
    """Reads HTML; fails on a tag that is not closed, notes tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(html: str) -> Balance:
    parser = Balance()
    parser.feed(html)
    parser.close()
    assert not parser.open
    return parser


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("\u2060", "").split())


def test_a_sentence_is_followed_by_its_marks(turn: Turn) -> None:
    """A mark is an in-page link to the source of that turn, with the source in words as its name."""
    html = render.message(turn.answer, 7)
    assert "The <strong>rose</strong> is red." in html
    assert '<a class="cite" href="#src-7-1"' in html
    assert 'aria-label="Source 1: Catalogue 1, Roses, The Garden, retrieved 2026-11-21">[1]</a>' in html
    assert words(html) == "I understood: the colour of RoseThe rose is red.[1]"


def test_sentences_are_shown_one_by_one(rich: Turn) -> None:
    """The first n sentences are whole HTML on their own, whatever block they break off in; at 0 only the reading stands."""
    seen = [words(render.message(rich.answer, 1, n)) for n in range(len(rich.answer.sentences) + 1)]
    assert seen[0] == ""
    assert seen[-1] == words(render.message(rich.answer, 1))
    for n, (before, after) in enumerate(itertools.pairwise(seen)):
        read(render.message(rich.answer, 1, n))
        assert after.startswith(before)


def test_tones_differ_to_the_eye_and_to_the_ear(rich: Turn) -> None:
    """Each tone has its class and, unless the sentence says it itself, its word for a screen reader; stated has neither."""
    html = render.message(rich.answer, 1)
    assert '<span class="said tone computed"><span class="sr">Computed: </span>Of 2 plants' in html
    assert '<span class="said tone claimed"><span class="sr">Claim: </span>According to' in html
    assert '<span class="said tone contested"><span class="sr">Contested: </span>' in html
    assert '<span class="said tone not-stated">Not stated: its smell.</span>' in html
    assert "tone stated" not in html
    assert '<li><span class="said"><strong>Rose</strong>: red.' in html  # what is cited can be pointed at, whatever its tone
    assert "tone frame" not in html


def test_bullets_and_tables_are_lists_and_tables(rich: Turn) -> None:
    """Blocks keep together; marks inside cells are links and are not repeated after the table."""
    html = render.message(rich.answer, 1)
    assert html.count("<ul>") == 1
    assert html.count("<li>") == 2
    assert '<th scope="col">Oak</th>' in html
    assert '<th scope="row">colour</th><td>red <a class="cite" href="#src-1-1"' in html
    assert "<td>a | b <a" in html
    assert "---" not in html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a **b** c", "a <strong>b</strong> c"),
        ("**open", "<strong>open</strong>"),
        (r"\*\*not bold\*\* \[1\] \<b\>", "**not bold** [1] &lt;b&gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("![x](https://evil.example/a.png)", "![x](" + render.anchor("https://evil.example/a.png", "evil.example/a.png") + ")"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("say \"hi\" & 'go'", "say &quot;hi&quot; &amp; &#x27;go&#x27;"),
        ("see [2]", "see (2)"),
        ("two\n\nlines", "two lines"),
    ],
)
def test_inline_markdown_is_small_and_known(markdown: str, html: str) -> None:
    """Bold, escapes, marks and web addresses are read; everything else is text."""
    assert render.inline(markdown, lambda n: f"({n})") == html


def test_web_addresses_become_links_that_leave_openly() -> None:
    """Only http and https are links; they open elsewhere and tell nobody where they come from."""
    assert render.inline("at https://a.example/x.") == (
        'at <a class="away" href="https://a.example/x" target="_blank" rel="noopener noreferrer">a.example/x</a>.'
    )
    assert render.anchor("javascript:alert(1)", "x") == "x"
    assert render.anchor("pkg:pypi/x@1", "<x>") == "&lt;x&gt;"
    assert '"' not in render.anchor('https://a.example/" onload="x', "x").split('href="')[1].split('" target')[0]


def test_an_answer_without_sentences_shows_its_text() -> None:
    """A greeting is text in paragraphs."""
    assert render.message(Answer("hi", "greeting", "Hello.\n\nAsk."), 1) == '<div class="answer" id="ans-1"><p>Hello.</p><p>Ask.</p></div>'


def test_questions_and_failures_are_text() -> None:
    """What a stranger types comes back as what was typed."""
    assert render.question("<img src=x onerror=alert(1)>\n${1+1}") == (
        '<div class="asked">&lt;img src=x onerror=alert(1)&gt;<br>${1+1}</div>'
    )
    assert render.failure("no <b>") == '<div class="answer trouble" role="alert"><p>no &lt;b&gt;</p></div>'


def test_the_legend_explains_every_sign() -> None:
    """No tone is left without a meaning."""
    for tone, (_, means) in render.TONES.items():
        assert f'<li class="{tone}">{means}</li>' in render.legend()


@given(st.text(max_size=80), st.sampled_from(["prose", "bullet", "table"]), st.sampled_from(["stated", "claimed", "not-stated"]))
def test_no_text_becomes_markup(text: str, block: str, tone: str) -> None:
    """Whatever a sentence or a reading holds, the tags are ours, balanced, without event handlers or blank lines."""
    answer = Answer("q", "fact", text, (Sentence(text, (), (1,), tone, block),), understood=text)  # type: ignore[arg-type]  # literals
    html = render.message(answer, 1)
    parsed = read(html)
    assert parsed.tags <= SAFE
    assert {name for name, _ in parsed.attributes} <= {
        "class", "id", "href", "title", "aria-label", "role", "tabindex", "scope", "target", "rel"
    }  # fmt: skip
    assert all(str(value).startswith(("#src-", "http://", "https://")) for name, value in parsed.attributes if name == "href")
    assert "\n" not in html
