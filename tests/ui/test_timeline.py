"""Dated things as lanes: which they are is read from the graph, and the table says what the picture shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant import Assistant
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.types import Iri
from ui import timeline
from ui.labels import Labels
from ui.timeline import Event, Lane, Timeline

M = "http://museum.example/"
TWO = Timeline(
    "issue",
    (
        Lane("Gazette <b>", (Event("i:1", "1999"), Event("i:2", "2001-05"), Event("i:3", "2001-05-31", "No. 3"))),
        Lane("Courier", (Event("i:4", "2002-12-31", "No. 1"),)),
    ),
)


@pytest.fixture(scope="module")
def schema(museum: Assistant) -> Schema:
    return museum.schema


def test_what_is_drawn_is_read_from_the_graph(museum: Assistant, schema: Schema) -> None:
    """The property that leads to most dated things of a thing's own."""
    assert timeline.dated(museum.graph, schema) == (Iri(M + "shows"), Iri(M + "year"))


def test_a_graph_without_dates_has_none(garden: KnowledgeGraph, tmp_path: Path) -> None:
    """Nor has one whose dated things are shared."""
    assert timeline.dated(garden, Schema.read(garden)) is None
    assert timeline.read(garden, Labels(garden), [Iri("a:b")], None) is None
    day = '"2001-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'
    shared = (f"<a:t{i}> a <a:T> ; <a:has> <a:e> , <a:e{i}> . <a:e{i}> a <a:E> ; <a:on> {day} ." for i in range(5))
    (tmp_path / "shared.ttl").write_text("".join(shared) + f"<a:e> a <a:E> ; <a:on> {day} .")
    kg = KnowledgeGraph.open(tmp_path / "shared.ttl")
    assert timeline.dated(kg, Schema.read(kg)) is None


def test_events_stand_in_their_order(museum: Assistant, schema: Schema) -> None:
    """A thing with too few, alone, has no timeline."""
    by = timeline.dated(museum.graph, schema)
    shows = museum.graph.query(f"SELECT ?t (COUNT(*) AS ?n) {{ ?t <{M}shows> ?w }} GROUP BY ?t ORDER BY DESC(?n)").rows
    most = shows[0]["t"]
    assert isinstance(most, Iri)
    made = timeline.read(museum.graph, Labels(museum.graph), [most, Iri(M + "ada-brandt")], by)
    assert made is not None
    (lane,) = made.lanes
    assert len(lane.events) == int(shows[0]["n"].value)
    assert [e.day for e in lane.events] == sorted(e.day for e in lane.events)
    assert timeline.read(museum.graph, Labels(museum.graph), [Iri(M + "ada-brandt")], by) is None


def test_the_table_says_what_the_picture_shows() -> None:
    """A row a year, newest first, with how many and the last of them; the picture is told in words."""
    html = timeline.html(TWO)
    assert re.findall(r'<th scope="row">(\d+)</th><td>(.*?)</td><td>(.*?)</td>', html) == [
        ("2002", "none", "1, last No. 1 on 2002-12-31"),
        ("2001", "2, last No. 3 on 2001-05-31", "none"),
        ("1999", "1, last on 1999", "none"),
    ]
    assert 'aria-label="Each issue by its date. Gazette &lt;b&gt;: 3, 1999 to 2001-05-31; Courier: 1, 2002-12-31 to 2002-12-31"' in html
    assert "<b>" not in html
    assert "style=" not in html  # the policy of the pages allows none


def test_ticks_stand_in_the_order_of_time_within_the_picture() -> None:
    """One pixel has one tick, however many fall on it."""
    month = [Event(f"i:{n}", f"2001-05-{n + 1:02}") for n in range(28)]
    crowd = Timeline("issue", (Lane("Daily", (*month, Event("i", "2031-01-01"))),))
    places = [int(x) for x in re.findall(r"M(\d+) \d+v", timeline.html(crowd))]
    assert places == sorted(set(places))
    assert len(places) < 10
    assert 0 <= places[0] < places[-1] <= timeline.WIDE
