"""What a graph says of itself: counts, coverage, freshness, citation and licence, whatever graph it is."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from starlette.requests import Request

from assistant import Assistant
from graph.build import ensure_built
from graph.store import KnowledgeGraph
from graph.types import EndpointError
from ui.about import About, Count
from ui.about_page import about_page
from ui.browse import Browser
from ui.shell import PAGES, page, ways


def about_of(kg: KnowledgeGraph, **changes: str) -> About:
    told = {"title": "A & <b>", "scope": "Clocks.", "version": "v1", "asof": "2026-11-20", **changes}
    return About(kg, Browser(kg, told), told)


TOY = Path(__file__).resolve().parent.parent / "fixtures" / "toy"


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> About:
    return about_of(KnowledgeGraph.open(ensure_built(TOY, tmp_path_factory.mktemp("built"))))


def test_counts_are_those_of_the_graph(toy: About) -> None:
    """Things by class, statements, remarks, claims, passages and documents by kind, publishers."""
    story = toy.story
    assert story.things[0] == Count("machine", 2, href="/things?kind=Machine")
    assert {c.name: c.count for c in story.said if c.name != "statements"} == {"remarks": 1, "claims, each told as its publisher's": 1}
    assert story.sources[0] == Count("passages", 5)
    assert {"official documentation": 2, "article": 1}.items() <= {c.name: c.count for c in story.sources[1:]}.items()
    assert {("Clockwork", 2), ("The Gazette", 1)} <= {(p.name, p.count) for p in story.publishers}
    assert story.read[0] <= "2026-11-20" <= story.read[1]


def test_coverage_is_of_the_class_in_focus(toy: About) -> None:
    """Of how many of its things each property is stated."""
    assert toy.story.focus == "machine"
    assert Count("maker", 2, 2) in toy.story.reach
    assert all(c.count <= c.of for c in toy.story.reach)


def test_a_graph_of_others_has_a_page_without_sources(museum: Assistant) -> None:
    """What it does not say of itself is left out."""
    story = about_of(museum.graph, asof="").story
    assert (story.sources, story.publishers, story.read) == ((), (), ("", ""))
    html = about_page(story)
    assert "How far it reaches" in html
    assert "as of" not in html
    assert "retrieved" not in html


def test_the_page_says_how_to_cite_and_stays_text(toy: About) -> None:
    """With the version and the day; the licence of the program and of its parts."""
    html = about_page(toy.story)
    assert "Version v1, as of 2026-11-20." in html
    assert "@misc{ab," in html
    assert "<h1>About A &amp; &lt;b&gt;</h1>" in html
    assert html.count("<b>") == html.count("</b>") == len((*toy.story.said, *toy.story.things, *toy.story.sources))
    assert "vendor/codemirror/LICENSE" in html


def test_a_graph_that_does_not_answer_is_told_in_words(museum: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not as an error of the program."""
    about = about_of(museum.graph)

    def gone() -> None:
        raise EndpointError("http://127.0.0.1:1 <gone>")

    monkeypatch.setattr(about._browser, "classes", gone)
    reply = anyio.run(about._respond, Request({"type": "http", "method": "GET", "path": "/about", "headers": []}))
    assert reply.status_code == 502
    assert b"&lt;gone&gt;" in reply.body


def test_every_page_leads_to_every_other() -> None:
    """The one that is open is marked; data that look like a place of the skeleton stay as they are."""
    for path, name in PAGES:
        assert f'<a href="{path}" aria-current="page">{name}</a>' in ways(path)
        assert ways(path).count("aria-current") == 1
    html = page("{{body}}", "<n>", "<main>{{title}}</main>")
    assert "{{title}}" in html
    assert "&lt;n&gt; · {{body}}" in html
