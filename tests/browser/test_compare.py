"""What a person does to compare: comes from an answer or picks by name, narrows the rows, checks a cell, goes on asking."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Ask = Callable[[str], None]


@pytest.mark.widths
def test_an_answer_leads_to_its_table_and_back(page: Page, ask: Ask) -> None:
    """The things of the answer stand beside each other; a cell's mark leads to its source; the chat goes on from there."""
    ask("Compare Django, Flask and FastAPI")
    page.get_by_role("link", name="side by side").click()
    expect(page.locator(".beside thead th")).to_have_text(["Django", "Flask", "FastAPI"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    mark = page.locator(".beside a.cite").nth(5)
    place = mark.get_attribute("href") or ""
    mark.press("Enter")
    expect(page.locator(place)).to_be_in_viewport()
    expect(page.locator(place).locator("time")).to_have_text("2026-11-21")
    page.get_by_role("link", name="Ask about this in the chat").click()
    expect(page.locator("#chat .asked")).to_have_text("Compare Django, Flask and FastAPI")
    expect(page.locator("#chat .answer table")).to_be_visible()


@pytest.mark.starts("/compare?thing=django&thing=flask")
def test_rows_are_narrowed(page: Page) -> None:
    """By a word as it is typed, by a group of features, by whether they differ; the count follows."""
    rows, count = page.locator(".beside tr[data-row]:visible"), page.locator("#count")
    whole = rows.count()
    page.get_by_label("only where they differ").check()
    assert 0 < rows.count() < whole
    page.get_by_label("only where they differ").uncheck()
    page.get_by_label("Features").select_option(index=1)
    assert 0 < rows.count() < whole
    page.get_by_label("Features").select_option(label="all rows")
    page.get_by_label("Rows with").fill("licence")
    expect(rows).to_have_count(1)
    expect(count).to_have_text(f"1 of {whole} rows")


def test_things_are_picked_by_name(page: Page) -> None:
    """Names are completed from the whole graph; a misspelt one leads to the nearest; what is picked can be dropped."""
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_label("First thing").fill("Flask")
    page.get_by_label("Second thing").press_sequentially("post")
    expect(page.locator('#known option[value="PostgreSQL"]')).to_be_attached()
    page.get_by_label("Second thing").fill("Djanggo")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing here is called Djanggo")
    page.get_by_role("alert").get_by_role("link", name="Django", exact=True).click()
    expect(page.locator(".beside thead th")).to_have_text(["Flask", "Django"])
    page.get_by_role("link", name="Remove Flask").click()
    expect(page.locator(".beside")).to_have_count(0)
    expect(page.get_by_label("Add a thing")).to_be_visible()
