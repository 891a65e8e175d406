"""The report of an evaluation: one file, every figure, and every failure with its stages; a stranger's text stays text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.evaluate import Report, run
from graph.types import OpenError
from ui import evaluation_page

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
VOID = {"meta", "link", "br"}
ITEMS = [
    {"id": "m1", "kind": "fact", "question": "Who painted The Harbour at Dusk?", "names_all": ["Ada Brandt"]},
    {"id": "m2", "kind": "fact", "question": "Who painted <b>Salt</b>?", "names_all": ["Nobody & Sons"]},
    {"id": "m3", "kind": "follow-up", "question": "and Salt?", "history": ["Who painted Low Tide?"], "names_all": ["Nobody at all"]},
    {"id": "m4", "kind": "abstention", "question": "What does the zorblax of Salt cost?", "abstained": True},
]


class Balanced(HTMLParser):
    """Fails on an element that is closed out of turn; remembers text by element."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts.setdefault(self.open[-1], []).append(data)


@pytest.fixture(scope="module")
def museum() -> Assistant:
    return Assistant.open(FIXTURES / "museum.ttl")


@pytest.fixture(scope="module")
def report(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Two right, two wrong."""
    path = tmp_path_factory.mktemp("eval") / "q.jsonl"
    path.write_text("\n".join(json.dumps(i) for i in ITEMS), encoding="utf-8")
    return run([path], museum)


@pytest.fixture(scope="module")
def html(report: Report, museum: Assistant) -> str:
    return evaluation_page.page(report, museum, ["q.jsonl"])


def parsed(html: str) -> Balanced:
    parser = Balanced()
    parser.feed(html)
    return parser


def test_the_page_is_one_file(html: str) -> None:
    """No address to load anything from, and every element closed in its turn."""
    assert parsed(html).open == []
    assert not re.search(r"<(script|img|iframe)[^>]+src=|<link[^>]+stylesheet|@import|url\(", html)


def test_every_figure_is_told(report: Report, html: str) -> None:
    """On the page and on the command line: what was right, what was declined, how quick, how steady."""
    lines = "\n".join(evaluation_page.told(report))
    assert "right: 50.0% (2 of 4 questions)" in lines
    assert "abstention recall: 100.0% (1 of 1 unanswerable ones were declined)" in lines
    assert "the same when asked again: 100.0% (1 of 1 asked twice)" in lines
    for name, figure, _ in evaluation_page.figures(report):
        assert f"<b>{figure}</b>{name}<br>" in html


def test_only_failures_are_shown_and_all_of_them(html: str) -> None:
    """Each with its kind, what was expected and what came."""
    assert html.count('<span class="bad">') == 2
    assert "What failed (2)" in html
    assert "names all: [&quot;Nobody at all&quot;]" in html
    assert "turn 1" in html


def test_a_failure_shows_its_stages(html: str) -> None:
    """The ask, the mentions with what they may mean, the readings with the parts of their scores, the query."""
    texts = parsed(html).texts
    assert {"mentions and what they may mean", "readings, best first"} <= {t.lower() for t in texts["h3"]}
    assert any("coverage 1" in t and "cost" in t for t in texts["td"])
    assert any("SELECT" in t for t in texts["pre"])
    assert "Low Tide" in " ".join(texts["dd"])


def test_a_strangers_text_stays_text(html: str) -> None:
    """Questions and gold are escaped."""
    assert "Who painted &lt;b&gt;Salt&lt;/b&gt;?" in html
    assert "<b>Salt" not in html


def test_calibration_is_a_row_a_tenth(report: Report, html: str) -> None:
    """With the share right, and what was promised."""
    for b in report.calibration():
        assert f'<th scope="row">{b.low:.1f} to {b.high:.1f}</th>' in html
    assert "promised" in html


def test_nothing_failed(museum: Assistant) -> None:
    """An empty report is a page, too."""
    assert "<p>None.</p>" in evaluation_page.page(Report(), museum, [])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With the remedy."""
    with pytest.raises(OpenError, match=r"cannot be written: No such file.*a folder that exists"):
        evaluation_page.write("", tmp_path / "no" / "x.html")
