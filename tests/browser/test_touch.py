"""Every claim can be touched: needs and readings are corrected in place, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ui.feedback import Feedback

Ask = Callable[[str], None]
TEAM = "Two of us build a REST API for a bakery. It must speak WebSockets and must run on Lambda. Which framework would you take?"


def understood(page: Page) -> Locator:
    return page.locator("#chat .understood").last


def chip(page: Page, label: str) -> Locator:
    return page.locator("#chat .chips > li", has=page.get_by_text(label, exact=True))


def test_a_need_is_switched_and_removed(page: Page, ask: Ask) -> None:
    """The answer follows in place, says what was set, and the focus stays where the hand is."""
    ask(TEAM)
    counts = page.get_by_role("group", name="What counts")
    switch = counts.get_by_role("button", name="WebSockets: must have")
    switch.click()
    expect(understood(page)).to_contain_text("you set: WebSockets preferred")
    expect(counts.get_by_role("button", name="WebSockets: nice to have")).to_be_focused()
    counts.get_by_role("button", name="Do not count serverless").click()
    expect(understood(page)).to_contain_text("serverless does not count")
    expect(page.locator("#chat .answer")).to_have_count(1)
    counts.get_by_role("button", name="serverless does not count: undo").click()
    expect(understood(page)).not_to_contain_text("serverless does not count")
    expect(chip(page, "serverless")).to_contain_text("must have")


@pytest.mark.widths
def test_a_need_is_added_by_keyboard(page: Page, ask: Ask) -> None:
    """The list opens, a name is typed, the button is pressed; what was open stays open."""
    ask(TEAM)
    page.get_by_text("Add a need").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Need", exact=True).select_option(label="GraphQL")
    page.get_by_label("Need", exact=True).focus()
    page.keyboard.press("Tab")
    expect(page.locator("#needs-add").get_by_role("button", name="must have")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chip(page, "GraphQL")).to_contain_text("must have")
    expect(page.get_by_label("Need", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_two_things_are_weighed_by_an_added_need(page: Page, ask: Ask) -> None:
    """'X or Y' compares; with a need it chooses between the two."""
    ask("Bottle or Django?")
    page.get_by_text("Add a need").click()
    page.get_by_label("Need", exact=True).select_option(label="admin interface")
    page.locator("#needs-add").get_by_role("button", name="nice to have").click()
    expect(page.locator("#chat .answer")).to_contain_text("Take Django for")


def test_a_wrong_reading_is_corrected(page: Page, ask: Ask) -> None:
    """The piece shows what else it may mean; one click asks again, and the way back is there."""
    ask("What is the licence of channels?")
    page.locator("#chat .pieces summary").click()
    page.get_by_role("button", name="“channels” means channels_redis").click()
    expect(understood(page)).to_contain_text("channels_redis")
    expect(page.locator("#chat .pieces")).to_contain_text("as you chose")
    page.get_by_role("button", name="“channels” is not channels_redis: undo").click()
    expect(understood(page)).to_contain_text("Django Channels")


def test_only_the_last_answer_has_chips(page: Page, ask: Ask) -> None:
    """What later questions lean on is not pulled away from under them."""
    ask(TEAM)
    expect(page.get_by_role("group", name="What counts")).to_be_visible()
    ask("What is the licence of Django?")
    expect(page.get_by_role("group", name="What counts")).to_have_count(0)


def test_an_answer_is_called_wrong_with_a_reason(page: Page, ask: Ask, said: Path) -> None:
    """By keyboard alone; what was said stands in a file of this machine, and nothing went anywhere else."""
    before = len(Feedback(said).read())
    ask("Who created Flask?")
    page.get_by_role("button", name="This answer is wrong").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why?")).to_be_focused()
    page.keyboard.type("he had help")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .rate")).to_contain_text("Thank you")
    *_, last = Feedback(said).read()
    assert len(Feedback(said).read()) == before + 1
    assert (last.verdict, last.reason, last.question) == ("down", "he had help", "Who created Flask?")


MANY = "Which frameworks are licensed under MIT and have WebSockets built in?"


@pytest.mark.widths
def test_a_mark_previews_its_source(page: Page, ask: Ask) -> None:
    """On hover and on focus; it can be reached, is told to a screen reader, and goes away by itself or with Escape."""
    ask(MANY)
    mark, card = page.locator("#chat a.cite").nth(1), page.get_by_role("tooltip")
    mark.hover()
    expect(card).to_be_visible()
    expect(card).to_contain_text("retrieved 20")
    expect(card).to_contain_text("WebSockets")
    expect(mark).to_have_accessible_description(re.compile("retrieved 20"))
    card.hover()
    expect(card).to_be_visible()
    page.get_by_label("Question", exact=True).hover()
    expect(card).to_have_count(0)
    page.locator("#chat a.cite").first.focus()
    page.keyboard.press("Tab")
    expect(mark).to_be_focused()
    expect(card).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_a_chosen_mark_lights_its_sentence_its_source_and_its_edge(page: Page, ask: Ask) -> None:
    """And nothing else; the statement in the picture is that of the source. A source's number leads back to where it is cited."""
    ask(MANY)
    mark = page.locator("#chat a.cite").nth(2)
    number = mark.inner_text().strip("[]")
    mark.click()
    expect(page.locator("#chat .lit")).to_have_count(1)
    expect(page.locator("#chat .lit")).to_contain_text(f"[{number}]")
    expect(page.locator("#shelf li.lit .number")).to_contain_text(number)
    assert page.locator("svg.evidence .edge.lit").count() == page.locator(f'svg.evidence .edge[data-cites~="{number}"]').count() == 2
    page.get_by_role("button", name="Where is source 2 cited?").click()
    cited = page.locator("#chat a.cite", has_text="[2]").first
    expect(cited).to_be_focused()
    expect(cited).to_be_in_viewport()
    expect(page.locator("#chat .lit")).to_have_count(1)
    expect(page.locator("#chat .lit")).to_contain_text("[2]")


def test_everything_is_named_and_reached_in_order(page: Page, ask: Ask) -> None:
    """Every button and field of the page has a name, and the chips come before the marks, the marks before the thumbs."""
    ask(TEAM)
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("#chat button, #chat select, #chat input, #shelf button, #shelf a")]
            .filter((e) => ![e.textContent, e.ariaLabel ?? "", e.labels?.length ? "labelled" : ""].join("").trim())
            .map((e) => e.outerHTML)"""
    )
    assert unnamed == []
    order = page.evaluate(
        """() => [...document.querySelectorAll("#chat .answer :is(summary, button, a)")].map((e) => e.closest(".pieces") ? 0
            : e.closest(".needs") ? 1 : e.matches(".cite") ? 2 : e.matches(".thumb") ? 3 : -1)"""
    )
    assert order == sorted(order)
    assert set(order) >= {1, 2, 3}
