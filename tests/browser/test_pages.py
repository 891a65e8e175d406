"""What a person does on the pages of things: finds one, follows a mark to its source, goes on to the next."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.starts("/things")


@pytest.fixture
def index(page: Page) -> Page:
    """The index of things."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything with a page")
    return page


def test_the_index_narrows_as_one_types(index: Page) -> None:
    """The list and its count follow, Enter goes to the first hit, and all comes back."""
    box, shown, count = index.get_by_label("Find by name"), index.locator(".shelf li"), index.locator("#count")
    whole = count.text_content() or ""
    name = shown.locator("a").nth(3).text_content() or ""
    box.press_sequentially(name.upper())
    expect(count).to_contain_text(f"for “{name.upper()}”")
    assert all(name.lower() in (text or "").lower() for text in shown.all_text_contents())
    box.press("Enter")
    expect(shown.first.get_by_role("link")).to_be_focused()
    box.fill("")
    expect(count).to_have_text(whole)


def test_the_index_narrows_by_what_things_have_in_common(index: Page) -> None:
    """A value of a facet leaves as many as it says; what was chosen can be taken back."""
    facets, count = index.get_by_role("navigation", name="Narrow it down"), index.locator("#count")
    whole = count.text_content() or ""
    value = facets.locator("section").nth(2).get_by_role("link").first
    left = (value.locator(".count").text_content() or "").strip()
    value.click()
    expect(count).to_have_text(f"{left} things")
    chosen = index.get_by_label("Narrowed to").get_by_role("link")
    expect(chosen).to_have_count(2)
    chosen.first.click()
    expect(count).to_have_text(whole)


@pytest.mark.widths
def test_a_page_is_reached_and_read_by_keyboard(index: Page) -> None:
    """A mark leads to its source, in view and lit; the page is as wide as the window."""
    index.locator(".shelf li a").first.press("Enter")
    index.wait_for_url(re.compile("/thing/"))
    expect(index.get_by_role("heading", level=1)).to_be_visible()
    mark = index.locator("#properties a.cite").last
    number = (mark.text_content() or "").strip("[]")
    mark.press("Enter")
    source = index.locator(f"#src-{number}")
    expect(source).to_be_in_viewport()
    assert source.evaluate("element => element.matches(':target')")
    assert index.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_kind_of_thing_fits_the_window(index: Page, address: str) -> None:
    """The first of each class, in light and dark, at the width of 1280 pixels at 400 %; nothing sticks out."""
    index.set_viewport_size({"width": 320, "height": 640})
    paths = [shelf.locator("li a").first.get_attribute("href") for shelf in index.locator(".shelf").all()]
    assert len(paths) > 5
    for place, path in enumerate(paths):
        index.goto(address + (path or ""))
        if place % 2:
            index.get_by_role("button", name="Switch between light and dark").click()
        assert index.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_missing_page_leads_on(index: Page, address: str, watch: Any) -> None:
    """The nearest names are links that work."""
    watch.expected.append("404 (Not Found)")  # the browser itself logs every answer of that kind
    href = index.locator(".shelf li a").first.get_attribute("href") or ""
    index.goto(address + href + "x")
    expect(index.get_by_role("heading", level=1)).to_have_text("No page of that name")
    index.locator("main li a").first.click()
    expect(index.locator(".dossier")).to_be_visible()


def test_the_doors_lead_to_each_other(index: Page) -> None:
    """Whichever one stands on."""
    index.get_by_role("link", name="SPARQL").click()
    expect(index.get_by_label("Query")).to_be_visible()
    index.get_by_role("link", name="Compare", exact=True).click()
    expect(index.get_by_label("First thing")).to_be_visible()
    index.get_by_role("link", name="About").click()
    expect(index.get_by_role("heading", name="How to cite it")).to_be_visible()
    index.get_by_role("link", name="Browse").click()
    index.get_by_role("link", name="Chat", exact=True).click()
    expect(index.get_by_label("Question", exact=True)).to_be_visible()
    index.get_by_role("link", name="Browse").click()
    expect(index.get_by_role("heading", level=1)).to_have_text("Everything with a page")
