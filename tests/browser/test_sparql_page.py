"""What a person does on the SPARQL page: runs an example, reads the result, mends a mistake, takes the result away."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.starts("/sparql")


@pytest.fixture
def editor(page: Page) -> Page:
    expect(page.locator(".cm-content")).to_be_visible()  # what is typed before it stands goes into the plain field that it replaces
    return page


def write(page: Page, query: str) -> None:
    """Put a query into the editor; the link to it shows that the editor has taken it."""
    page.locator(".cm-content").fill(query)
    expect(page.locator("#link")).to_have_attribute("href", "/sparql?query=" + quote(query, safe="!~*'()"))


@pytest.mark.widths
def test_the_examples_run(editor: Page) -> None:
    """Each of the worked examples has a result."""
    examples = editor.locator("#examples button")
    expect(examples).to_have_count(10)
    for number in range(10):
        examples.nth(number).click()
        expect(editor.locator("#table").locator("tbody tr, pre code").first).to_be_visible()
        expect(editor.locator("#status")).to_contain_text("in ")
        expect(editor.locator("#trouble")).to_be_hidden()
    expect(editor.get_by_role("img", name="Bar chart")).to_have_count(0)
    editor.get_by_role("button", name="for each licence").click()
    expect(editor.get_by_role("img", name="Bar chart")).to_be_visible()
    assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_mistake_is_shown_where_it_is(editor: Page, watch: Any) -> None:
    """The message names line and column, the place is marked in the editor, and the next query runs."""
    watch.expected.append("400 (Bad Request)")  # the browser itself logs every answer of that kind
    write(editor, "SELECT * {\n  ?s ?p ?o ; }\n}")
    editor.get_by_role("button", name="Run").click()
    expect(editor.get_by_role("alert")).to_contain_text("line 3")
    expect(editor.locator(".cm-lintRange-error")).to_have_count(1)
    expect(editor.locator(".cm-activeLine")).to_have_text("}")
    write(editor, "ASK { ?s ?p ?o }")
    editor.keyboard.press("Control+Enter")
    expect(editor.locator("#table")).to_have_text("Yes")
    expect(editor.get_by_role("alert")).to_have_count(0)


def test_writing_is_refused_in_words(editor: Page, watch: Any) -> None:
    """The door says that it only reads."""
    watch.expected.append("403 (Forbidden)")
    write(editor, "INSERT DATA { <a:s> <a:p> 1 }")
    editor.get_by_role("button", name="Run").click()
    expect(editor.get_by_role("alert")).to_contain_text("this door only reads")


def test_the_result_can_be_taken_away(editor: Page) -> None:
    """As a file of the format chosen."""
    editor.locator("#examples button").first.click()
    with editor.expect_download() as waiting:
        editor.get_by_role("button", name="CSV").click()
    assert waiting.value.suggested_filename == "result.csv"
    assert waiting.value.path().read_bytes().count(b"\r\n") > 5


def test_a_link_carries_the_query(editor: Page) -> None:
    """Whoever opens it sees the query and its result."""
    write(editor, 'SELECT ("é & #" AS ?x) {}')
    editor.get_by_role("link", name="Link to this query").click()
    expect(editor.get_by_label("Query")).to_have_text('SELECT ("é & #" AS ?x) {}')
    expect(editor.get_by_role("cell", name="é & #")).to_be_visible()


def test_values_of_strangers_stay_text(editor: Page) -> None:
    """Nothing that a query makes up is markup."""
    write(editor, 'SELECT ("<img src=x onerror=alert(1)>" AS ?x) (IRI("http://e/<b>") AS ?y) {}')
    editor.get_by_role("button", name="Run").click()
    expect(editor.get_by_role("cell", name="<img src=x")).to_be_visible()
    assert editor.locator("#table img").count() == 0


def test_the_editor_completes_the_graph_s_terms(editor: Page) -> None:
    """A property and a thing by their names, put in as terms; keywords have a colour of their own."""
    query = editor.get_by_label("Query")
    query.fill("")
    query.press_sequentially("SELECT ?x { id:flask licen")
    editor.get_by_role("option").filter(has_text="dct:license").first.click()
    expect(query).to_contain_text("id:flask dct:license")
    query.fill("")
    query.press_sequentially("ASK { Pyramid")
    editor.get_by_role("option").filter(has_text="id:pyramid").first.click()
    expect(query).to_contain_text("ASK { id:pyramid")
    colour = "element => getComputedStyle(element).color"
    assert query.locator("span", has_text="ASK").first.evaluate(colour) != query.evaluate(colour)
