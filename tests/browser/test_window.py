"""What a person does in the window: asks, checks a source, follows up, looks at the evidence, changes their mind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

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


def test_a_follow_up_button_asks_its_question(page: Page, ask: Ask) -> None:
    """The button's words become the next question, and its answer stands below."""
    ask(QUESTION)
    button = page.locator("#chat .option").first
    words = button.inner_text()
    button.click()
    wait_for_answers(page, 2)
    expect(page.locator("#chat .asked").last).to_have_text(words)


def test_a_follow_up_knows_what_was_asked_before(page: Page, ask: Ask) -> None:
    """'its' is the thing of the answer before."""
    ask(QUESTION)
    ask("and its licence?")
    expect(page.locator("#chat .answer").last).to_contain_text("BSD")


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


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)> <script>alert(2)</script>", "${alert(1)} {{7*7}} **b** [1](javascript:alert(1))"]
)
def test_hostile_text_stays_text(page: Page, ask: Ask, text: str) -> None:
    """What a stranger types is shown as typed, and nothing of it runs."""
    ask(text)
    expect(page.locator("#chat .asked")).to_have_text(text)
    assert page.locator("#chat img, #chat script, #chat a[href^=javascript]").count() == 0


@pytest.mark.widths
def test_nothing_breaks_on_a_narrow_page(page: Page, ask: Ask) -> None:
    """A wide table scrolls in its own box; the page itself never scrolls sideways."""
    ask("Compare Django, Flask and FastAPI")
    expect(page.locator("#chat table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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
    """The reader sees the beginning of an answer, not its end."""
    ask(QUESTION)
    ask("Compare Django, Flask and FastAPI")
    expect(page.locator("#chat .asked").last).to_be_in_viewport()


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
