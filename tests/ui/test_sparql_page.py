"""The page to type a query is ours alone: its files, its policy, its data."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from graph.store import KnowledgeGraph
from graph.terms import PREFIXES
from graph.types import EndpointError
from ui.shell import POLICY
from ui.sparql_examples import SHOWN
from ui.sparql_page import Known, SparqlPage
from ui.theme import STATIC


def html_of(garden: KnowledgeGraph, about: dict[str, Any]) -> tuple[str, Any]:
    page = SparqlPage(garden, about, lambda: [Known("http://garden.example/colour", "colour", "property")])
    reply = TestClient(Starlette(routes=[Route("/sparql", page.respond)])).get("/sparql")
    return reply.text, reply.headers


def test_the_page_carries_its_examples_and_prefixes(garden: KnowledgeGraph, assistant: Any) -> None:
    """As data that a script reads, which no text in it can end."""
    html, headers = html_of(garden, {**assistant.about(), "title": "A & <b>"})
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert len(json.loads(data)["examples"]) == SHOWN
    assert json.loads(data)["terms"] == [{"iri": "http://garden.example/colour", "label": "colour", "kind": "property"}]
    assert json.loads(data)["prefixes"] == PREFIXES
    assert "<" not in data
    assert "A &amp; &lt;b&gt;" in html
    assert "{{" not in html
    assert headers["content-security-policy"] == POLICY


def test_the_policy_allows_no_script_in_the_page(garden: KnowledgeGraph, assistant: Any) -> None:
    """Scripts and styles are files of ours; the page holds no handler and no style of its own."""
    html, _ = html_of(garden, assistant.about())
    assert "unsafe" not in POLICY
    assert not re.search(r"\son\w+=|\sstyle=", html)
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", html) == []


SERVED = sorted(f for f in STATIC.rglob("*") if f.suffix in (".js", ".css", ".html"))


@pytest.mark.parametrize("file", SERVED, ids=lambda f: f.name)
def test_nothing_is_fetched_from_elsewhere(file: Any) -> None:
    """No file of the pages names an address of the web, save the name that SVG goes by."""
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|//cdn|@import|url\((?!'?data:)", text)


def test_what_others_wrote_comes_with_its_licence() -> None:
    """Each vendored folder holds its licence and a note of what it is, and is small enough to be loaded by a page."""
    folders = [f for f in (STATIC / "vendor").iterdir() if f.is_dir()]
    assert folders
    for folder in folders:
        assert "Permission is hereby granted" in (folder / "LICENSE").read_text(encoding="utf-8")
        assert (folder / "README.md").is_file()
        assert sum(f.stat().st_size for f in folder.iterdir()) < 600_000


def test_a_graph_that_does_not_answer_still_has_a_page(garden: KnowledgeGraph, assistant: Any) -> None:
    """Only its terms are missing."""

    def gone() -> list[Known]:
        raise EndpointError("http://127.0.0.1:1")

    assert '"terms": []' in SparqlPage(garden, assistant.about(), gone).html
