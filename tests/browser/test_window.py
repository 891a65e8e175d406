"""What a person does in the window: asks, checks a source, follows up, looks at the evidence, changes their mind."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant import Assistant
from tests.browser.conftest import PATIENCE, ROOT, SIZES, finished, opened
from tests.ui.conftest import serving

Ask = Callable[[str], None]
QUESTION = "Who created Flask?"


def wait_for_answers(page: Page, count: int) -> None:
    expect(page.locator("#chat .answer:not(.waiting)")).to_have_count(count)


@pytest.mark.widths
def test_the_first_screen_shows_what_it_can_do(page: Page) -> None:
    """A heading, what it covers, examples, and the place to type, without scrolling sideways."""
    expect(page.get_by_role("heading", name="Ask in plain words.")).to_be_in_viewport()
    expect(page.locator("#chat .example").first).to_be_in_viewport()
    assert page.locator("#chat .example:visible").count() >= 5
    expect(page.get_by_label("Question", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("button", name="Switch between light and dark")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.widths
def test_a_citation_leads_to_its_source(page: Page, ask: Ask) -> None:
    """The answer says how it was understood; its mark lights the sentence and brings the source into view and focus."""
    ask(QUESTION)
    expect(page.locator("#chat .understood")).to_contain_text("I understood:")
    mark = page.locator("#chat a.cite").first
    place = mark.get_attribute("href") or ""
    mark.click()
    source = page.locator(place)
    expect(source).to_be_in_viewport()
    expect(source).to_be_focused()
    expect(source).to_contain_text("retrieved 20")
    expect(source.locator(".facts li").first).to_contain_text("Flask")
    expect(page.locator("#chat .lit")).to_have_count(1)


def test_marks_of_earlier_answers_still_lead_to_their_sources(page: Page, ask: Ask) -> None:
    """The sources of an earlier answer are folded away and open when its mark is chosen, by keyboard too."""
    ask(QUESTION)
    ask("What is the licence of Django?")
    mark = page.locator("#ans-1 a.cite").first
    mark.focus()
    mark.press("Enter")
    expect(page.locator(mark.get_attribute("href") or "")).to_be_in_viewport()
    expect(page.locator(mark.get_attribute("href") or "")).to_be_focused()


def test_an_example_is_one_click(page: Page) -> None:
    """Examples answer at once, and the first screen makes room."""
    page.locator("#chat .example").first.click()
    wait_for_answers(page, 1)
    expect(page.get_by_role("heading", name="Ask in plain words.")).to_have_count(0)
    expect(page.locator("#shelf ol > li").first).to_be_attached()


def test_a_follow_up_knows_what_was_asked_before(page: Page, ask: Ask) -> None:
    """'its' is the thing of the answer before; a button's words become the next question, and its answer stands below."""
    ask(QUESTION)
    ask("and its licence?")
    expect(page.locator("#chat .answer").last).to_contain_text("BSD")
    button = page.locator("#chat .option").first
    words = button.inner_text()
    button.click()
    wait_for_answers(page, 3)
    expect(page.locator("#chat .asked").last).to_have_text(words)


def test_what_stands_behind_an_answer_can_be_seen(page: Page, ask: Ask) -> None:
    """Evidence, rows and query, each one click away; a thing in the picture can be asked about."""
    ask(QUESTION)
    behind = page.get_by_label("Behind this answer")
    behind.get_by_role("link", name="Rows").click()
    expect(page.get_by_role("cell", name="Armin Ronacher").first).to_be_visible()
    behind.get_by_role("link", name="Query").click()
    expect(page.locator("pre.sparql")).to_contain_text("SELECT")
    behind.get_by_role("link", name="Evidence").click()
    expect(page.get_by_role("img", name="behind the answer")).to_be_visible()
    node = page.get_by_role("button", name="Ask about Armin Ronacher")
    node.focus()
    node.press("Enter")
    wait_for_answers(page, 2)
    expect(page.locator("#chat .asked").last).to_have_text("What is Armin Ronacher?")


def test_the_query_opens_in_the_other_door(page: Page, ask: Ask) -> None:
    """The query behind an answer runs on the SPARQL page and finds the same."""
    ask(QUESTION)
    page.get_by_label("Behind this answer").get_by_role("link", name="Query").click()
    page.get_by_role("link", name="Open in the SPARQL page").click()
    expect(page.locator("#status")).to_contain_text("1 row")
    expect(page.get_by_label("Query")).to_contain_text("SELECT")


def test_undo_gives_the_question_back_and_retry_asks_again(page: Page, ask: Ask) -> None:
    """Neither leaves anything of the answer that it took away."""
    ask(QUESTION)
    ask("What is the licence of Django?")
    page.get_by_role("button", name="Undo").last.click()
    wait_for_answers(page, 1)
    expect(page.get_by_label("Question", exact=True)).to_have_value("What is the licence of Django?")
    page.get_by_role("button", name="Retry").last.click()
    wait_for_answers(page, 1)
    expect(page.locator("#chat .answer")).to_contain_text("Armin Ronacher")
    page.get_by_role("button", name="Clear").click()
    wait_for_answers(page, 0)
    expect(page.get_by_role("heading", name="Ask in plain words.")).to_be_visible()


@pytest.mark.widths
def test_a_question_is_edited(page: Page, ask: Ask) -> None:
    """In place and by keyboard; Escape leaves it as it was, and what was asked after it goes."""
    ask(QUESTION)
    ask("and its licence?")
    edit = page.get_by_text("Edit this question").first
    edit.focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("In other words").first
    expect(field).to_be_focused()
    expect(field).to_have_value(QUESTION)
    page.keyboard.press("Escape")
    expect(edit).to_be_focused()
    expect(field).to_be_hidden()
    page.keyboard.press("Enter")
    field.fill("Who created Django?")
    page.keyboard.press("Enter")
    finished(page, 1)
    expect(page.locator("#chat .asked")).to_have_text("Who created Django?")
    expect(page.locator("#chat .answer")).to_contain_text("Adrian Holovaty")
    expect(page.locator("#question textarea")).to_be_focused()


class Held:
    """An assistant that does not answer before it is let."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant, self.let = assistant, Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def answer(self, *asked: Any) -> Any:
        assert self.let.wait(PATIENCE / 1000)
        return self._assistant.answer(*asked)


def test_an_answer_that_takes_long_is_stopped(chromium: Browser) -> None:
    """The question goes back into the box, the conversation stands as it was, and one can ask again."""
    held = Held(Assistant.open(ROOT / "tests" / "fixtures" / "museum.ttl"))
    with serving(held) as address:  # type: ignore[arg-type]  # it does all that an assistant does
        for page in opened(chromium, address, SIZES["desktop"]):
            stop, box = page.get_by_role("button", name="Stop"), page.get_by_label("Question", exact=True)
            expect(stop).to_be_hidden()
            box.fill("Who painted Guernica?")
            box.press("Enter")
            stop.click()
            expect(box).to_have_value("Who painted Guernica?")
            expect(stop).to_be_hidden()
            expect(page.locator("#chat .asked")).to_have_count(0)
            held.let.set()
            box.press("Enter")
            finished(page, 1)


def test_hostile_text_stays_text(page: Page, ask: Ask) -> None:
    """What a stranger types is shown as typed, and nothing of it runs."""
    for text in ("<img src=x onerror=alert(1)> <script>alert(2)</script>", "${alert(1)} {{7*7}} **b** [1](javascript:alert(1))"):
        ask(text)
        expect(page.locator("#chat .asked").last).to_have_text(text)
    assert page.locator("#chat img, #chat script, #chat a[href^=javascript]").count() == 0


def test_a_question_typed_while_the_answer_comes_is_asked(page: Page) -> None:
    """It is neither wiped from the box nor dropped for being early."""
    box = page.get_by_label("Question", exact=True)
    box.fill("Compare Django, Flask and FastAPI")  # an answer of many steps
    box.press("Enter")
    expect(box).to_have_value("")
    box.fill("Which licence has Flask?")
    box.press("Enter")
    wait_for_answers(page, 2)
    expect(page.locator("#chat .asked").last).to_have_text("Which licence has Flask?")


@pytest.mark.widths
def test_the_new_question_stays_in_view(page: Page, ask: Ask) -> None:
    """The reader sees the beginning of an answer, not its end; a wide table scrolls in its own box, the page never sideways."""
    ask(QUESTION)
    ask("Compare Django, Flask and FastAPI")
    expect(page.locator("#chat .asked").last).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Switch between light and dark")).to_be_in_viewport(ratio=1)
    expect(page.locator("#chat table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_reader_chooses_light_or_dark(page: Page) -> None:
    """The choice holds on both pages and after a reload."""
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    page.get_by_label("Question", exact=True).wait_for()
    assert page.evaluate(ground) == dark
    page.get_by_role("link", name="SPARQL").click()
    expect(page.get_by_label("Query")).to_be_visible()
    assert page.evaluate(ground) == dark


def test_the_system_s_preference_is_followed(chromium: Browser, address: str) -> None:
    """Without a choice, dark where the system is dark."""
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address + "/")
    page.get_by_label("Question", exact=True).wait_for()
    assert page.evaluate("document.documentElement.classList.contains('dark') && document.body.classList.contains('dark')")
    context.close()
