"""Two to five things beside each other: picked by name, worked by the engine, each cell with its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from assistant import Assistant, comparison_table
from assistant.choices import Cell, ComparisonTable, Line
from graph.types import Iri
from ui.browse import Browser
from ui.catalogue import Thing
from ui.compare_page import Compared, Picked, Wish, compare_page
from ui.comparing import Comparing
from ui.desk import AssistantEngine, Bounds, Desk
from ui.permalinks import unpack
from ui.shell import POLICY

THINGS = tuple(Thing(Iri(f"g:{name}"), name, name.capitalize()) for name in ("rose", "oak"))
TABLE = ComparisonTable(
    ("Rose", "Oak <b>"),
    ("g:rose", "g:oak"),
    (
        Line("colour", (Cell("red", (1,)), Cell("green", (1, 2)))),
        Line("thorns", (Cell("built in", (2,), 4), Cell("not available", (1,), 0)), "g:thorns"),
        Line("kingdom", (Cell("plants", (1,)), Cell("plants", (1,)))),
        Line("scent", (Cell("sweet \\| mild", (2,)), None)),
    ),
    (),
)


@pytest.fixture(scope="module")
def client(museum: Assistant) -> Iterator[TestClient]:
    browser = Browser(museum.graph, museum.about())
    routes = Comparing(Desk(AssistantEngine(museum)), browser, "Museum", "v1").routes()
    with TestClient(Starlette(routes=routes)) as client:
        yield client


def written(wish: Wish | None = None) -> str:
    compared = Compared(TABLE, {Iri("g:thorns"): "Defence"}, {4: "built in", 0: "not available"})
    return compare_page("Garden", Picked(THINGS), compared, wish)


def shown(html: str) -> list[str]:
    return re.findall(r'<tr data-row="([^"]*)" data-group="[^"]*"(?: data-differ)?>', html)


# ---------------------------------------------------------------- the table


def test_the_table_is_that_of_the_engine(museum: Assistant, client: TestClient) -> None:
    """Every row and every mark of it; each mark leads to a source of the page."""
    table = comparison_table("Blue Kite", "Desert Letter", assistant=museum)
    html = client.get("/compare", params=[("thing", "blue-kite"), ("thing", "Desert Letter")]).text
    assert shown(html) == [line.label for line in table.lines]
    marks = {int(n) for n in re.findall(r'href="#src-(\d+)"', html)}
    assert marks == {c.number for c in table.citations} == {int(n) for n in re.findall(r'<li id="src-(\d+)"', html)}


def test_rows_that_differ_come_first_then_those_alike_then_what_one_alone_has() -> None:
    """Each under its name; a gap is told in words; data stay text."""
    html = written()
    parts = re.split(r'<tr class="part">', html)
    assert [re.findall(r'data-row="(\w+)"', p) for p in parts[1:]] == [["colour", "thorns"], ["kingdom"], ["scent"]]
    assert '<td class="gap">not stated</td>' in parts[3]
    assert "sweet | mild" in parts[3]
    assert "Oak &lt;b&gt;" in html


def test_levels_are_coloured_and_are_words() -> None:
    """With a legend from the strongest to the weakest."""
    html = written()
    assert re.search(r'<td class="level-4">built in.*?<td class="level-0">not available', html)
    assert re.findall(r'<li class="level-\d">(.*?)</li>', html) == ["built in", "not available"]


@pytest.mark.parametrize(
    ("wish", "rows"),
    [
        (Wish(), ["colour", "thorns", "kingdom", "scent"]),
        (Wish("OR"), ["thorns"]),
        (Wish(group="Defence"), ["thorns"]),
        (Wish(differ=True), ["colour", "thorns"]),
        (Wish("zzz"), []),
    ],
)
def test_rows_are_narrowed_without_a_script(wish: Wish, rows: list[str]) -> None:
    """By name, group and difference; the count says how many are left, and the form keeps what was asked."""
    html = written(wish)
    assert shown(html) == rows
    assert f"{len(rows)} of 4 rows" in html
    assert html.count('name="thing" value="rose"') == 2


# ---------------------------------------------------------------- the route


def test_the_page_leads_to_the_chat_and_the_picker_drops_and_adds(client: TestClient) -> None:
    """The question in the link names the things; each thing can be taken away."""
    reply = client.get("/compare", params=[("thing", "blue-kite"), ("thing", "desert-letter")])
    (code,) = re.findall(r'href="/\?talk=([^"]+)"', reply.text)
    assert unpack(code).asked == (("Compare Blue Kite and Desert Letter", {}),)
    assert '<a class="drop" href="/compare?thing=desert-letter" aria-label="Remove Blue Kite">' in reply.text
    assert reply.headers["content-security-policy"] == POLICY
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|<style", reply.text)


def test_one_thing_or_none_is_a_beginning(client: TestClient) -> None:
    """What to add is offered, and nothing is wrong."""
    none, one = client.get("/compare"), client.get("/compare", params={"thing": "blue-kite"})
    assert (none.status_code, one.status_code) == (200, 200)
    assert "Begin with one of these" in none.text
    assert 'href="/compare?thing=blue-kite&amp;thing=' in one.text
    assert "alert" not in none.text + one.text


def test_a_name_that_is_not_known_leads_to_near_ones(client: TestClient) -> None:
    """As links that keep what was picked; it stays text."""
    html = client.get("/compare", params=[("thing", "Blue Kite"), ("thing", "Desert Leter"), ("thing", "<i>")]).text
    assert "Nothing here is called <b>Desert Leter</b>" in html
    assert '<a href="/compare?thing=blue-kite&amp;thing=desert-letter">' in html
    assert "<b>&lt;i&gt;</b>" in html


def test_too_many_are_refused_in_words(client: TestClient, museum: Assistant) -> None:
    """And the desk's limits hold here, too."""
    names = [t.slug for t in Browser(museum.graph, museum.about()).catalogue().by_slug.values()][:6]
    reply = client.get("/compare", params=[("thing", n) for n in names])
    assert reply.status_code == 400
    assert "6 things were given to compare" in reply.text
    desk = Desk(AssistantEngine(museum), Bounds(waiting=0))
    routes = Comparing(desk, Browser(museum.graph, museum.about()), "Museum", "v1").routes()
    full = TestClient(Starlette(routes=routes)).get("/compare", params=[("thing", n) for n in names[:2]])
    assert full.status_code == 503
    assert "could not be compared" in full.text
