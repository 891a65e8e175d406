"""The page to type a query is ours alone: its files, its policy, its data."""

from __future__ import annotations

import json
import re
from typing import Any

import anyio
import pytest
from starlette.requests import Request

from graph.store import KnowledgeGraph
from graph.terms import PREFIXES
from ui.sparql_page import POLICY, SparqlPage
from ui.theme import STATIC


def html_of(garden: KnowledgeGraph, about: dict[str, Any]) -> tuple[str, Any]:
    page = SparqlPage(garden, about)
    reply = anyio.run(page.respond, Request({"type": "http", "method": "GET", "path": "/sparql", "headers": []}))
    return bytes(reply.body).decode(), reply.headers


def test_the_page_carries_its_examples_and_prefixes(garden: KnowledgeGraph, assistant: Any) -> None:
    """As data that a script reads, which no text in it can end."""
    html, headers = html_of(garden, {**assistant.about(), "title": "A & <b>"})
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert len(json.loads(data)["examples"]) == 6
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


@pytest.mark.parametrize("file", sorted(STATIC.iterdir()), ids=lambda f: f.name)
def test_nothing_is_fetched_from_elsewhere(file: Any) -> None:
    """No file of the pages names an address of the web."""
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"https?://|//cdn|@import|url\((?!data:)", text)
