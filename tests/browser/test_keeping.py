"""What is kept and taken away: a conversation over a reload, a permalink, copies and files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch, finished
from ui.permalinks import pack, unpack

Ask = Callable[[str], None]
QUESTION = "Who created Flask?"
CHOICE = "We want to write a chat app for our village. Which framework should we use?"


@pytest.fixture(autouse=True)
def leaving(page: Page, watch: Watch, address: str) -> None:
    """These tests read the clipboard, and leave pages whose stream is still closing, which Gradio reports."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    watch.expected += ["AbortError", "Connection errored out"]


def reads(page: Page, questions: list[str]) -> None:
    expect(page.locator("#chat .asked")).to_have_text(questions)
    finished(page, len(questions))


def link(page: Page) -> str:
    return page.get_by_role("link", name="Link to this answer").first.get_attribute("href") or ""


def test_the_conversation_survives_a_reload(page: Page, ask: Ask) -> None:
    """With what was chosen in it, and the next question still knows it; once it is cleared it is gone."""
    ask(QUESTION)
    ask(CHOICE)
    page.get_by_role("button", name="Do not count WebSockets").click()
    expect(page.locator("#chat .chips .gone")).to_contain_text("WebSockets")
    said = page.locator("#chat .answer").last.inner_text()
    page.reload()
    reads(page, [QUESTION, CHOICE])
    assert page.locator("#chat .answer").last.inner_text() == said
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat .asked")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Ask in plain words.")).to_be_visible()
    assert page.evaluate("window.framegraphKept()") == ""


def test_a_permalink_opens_to_the_same_answer(page: Page, ask: Ask, address: str) -> None:
    """In a browser that knows nothing of it, without being kept there until the conversation goes on."""
    ask(QUESTION)
    ask("and its licence?")
    said, code = page.locator("#chat .answer").last.inner_text(), link(page)
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.goto(address + code)
    reads(page, [QUESTION, "and its licence?"])
    assert page.locator("#chat .answer").last.inner_text() == said
    assert page.evaluate("localStorage.length") == 0
    ask("Who created Django?")
    expect(page).to_have_url(address + "/")
    assert page.evaluate("localStorage.length") == 1


def test_a_permalink_says_that_the_graph_has_changed(page: Page, ask: Ask, address: str) -> None:
    """And a damaged one that it is damaged; neither takes the place of what this browser keeps."""
    ask(QUESTION)
    talk = unpack(link(page).partition("=")[2])
    page.goto(f"{address}/?talk={pack(talk.asked, 'long-ago')}")
    reads(page, [QUESTION])
    expect(page.get_by_role("note")).to_contain_text("The graph has changed since this link was made (version long-ago then")
    page.goto(f"{address}/?talk=broken")
    expect(page.locator("#chat .trouble")).to_contain_text("damaged")
    page.goto(address)
    reads(page, [QUESTION])


def test_an_answer_is_copied(page: Page, ask: Ask, address: str) -> None:
    """As Markdown, text, JSON or a link."""
    ask(QUESTION)
    keep = page.get_by_role("region", name="Keep this answer")

    def copied(name: str) -> str:
        keep.get_by_role("button", name=name).click()
        expect(keep.get_by_role("status")).to_have_text(f"{name.replace('Copy', 'Copied')}.")
        return str(page.evaluate("navigator.clipboard.readText()"))

    assert copied("Copy answer as Markdown").startswith(f"**{QUESTION}**")
    assert copied("Copy as text").startswith(QUESTION)
    assert json.loads(copied("Copy as JSON"))["names"] == ["Armin Ronacher"]
    assert copied("Copy link") == address + link(page)


def test_the_conversation_is_saved_with_its_bibliography(page: Page, ask: Ask) -> None:
    """As Markdown or HTML: all questions, and one list of sources."""
    ask(QUESTION)
    ask("and its licence?")
    for name, begins in (("Markdown", "# "), ("HTML", "<!doctype html>")):
        with page.expect_download() as saving:
            page.get_by_role("link", name=name, exact=True).click()
        text = Path(saving.value.path()).read_text(encoding="utf-8")
        assert text.startswith(begins)
        assert QUESTION in text
        assert "and its licence?" in text
        assert text.count("Sources") == 1
