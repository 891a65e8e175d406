"""Two to five things beside each other: what differs first, cell by cell with its source, and what is said of each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant import Answer, Assistant, compare, comparison_table
from assistant.choices import ChoiceNameError
from graph import KnowledgeGraph
from graph.build import ensure_built

CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"


@pytest.fixture(scope="module")
def shelf(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant over the cameras."""
    return Assistant(KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras"))), museum.encoder)


@pytest.fixture(scope="module")
def pair(shelf: Assistant) -> Answer:
    """Two cameras that share some values and differ in others."""
    return shelf.answer("Compare Ardex One and Corvo Three")


def row(answer: Answer, label: str) -> dict[str, str]:
    return next(r for r in answer.rows if r[""] == label)


def test_the_things_are_the_answer(pair: Answer) -> None:
    """Kind, names in the order asked."""
    assert (pair.kind, pair.names, pair.abstained) == ("comparison", ["Ardex One", "Corvo Three"], False)


def test_each_cell_is_what_the_graph_states(pair: Answer) -> None:
    """Property values and levels of features, side by side."""
    assert row(pair, "maker") == {"": "maker", "Ardex One": "Ardex Optical", "Corvo Three": "House of Corvo"}
    assert row(pair, "weight") == {"": "weight", "Ardex One": "450", "Corvo Three": "620"}
    assert row(pair, "flash") == {"": "flash", "Ardex One": "built in", "Corvo Three": "official extra"}
    assert row(pair, "stabiliser") == {"": "stabiliser", "Ardex One": "built in", "Corvo Three": "not available"}


def test_rows_that_differ_come_first(pair: Answer) -> None:
    """What tells them apart stands before what they share."""
    differ = [len({v for k, v in r.items() if k}) > 1 for r in pair.rows]
    assert differ == sorted(differ, reverse=True)
    assert set(differ) == {True, False}


def test_a_row_needs_at_least_two_things(shelf: Assistant, pair: Answer) -> None:
    """What is known of one thing only is no comparison; of three, the third is 'not stated'."""
    assert "time-lapse" not in [r[""] for r in pair.rows]
    three = shelf.answer("Compare Ardex One, Ember and Bolo")
    assert row(three, "lens mount") == {"": "lens mount", "Ardex One": "Quill mount", "Ember": "Thistle mount", "Bolo": "not stated"}


def test_every_stated_cell_is_cited(pair: Answer) -> None:
    """A cell carries its own marks; 'not stated' carries none."""
    lines = [line for line in pair.text.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(lines) == len(pair.rows)
    for line in lines:
        for cell in line.strip("| ").split(" | ")[1:]:
            assert bool(re.search(r"\[\d+\]$", cell)) != (cell == "not stated"), line


def test_remarks_tell_them_apart_and_are_attributed(pair: Answer) -> None:
    """A remark about both comes first; opinions on fit are told as someone's."""
    assert pair.text.startswith("Ardex One steadies the picture, while Corvo Three leaves that to the lens [1].")
    assert "According to The Gazette, Corvo Three is the one to take to a bird hide" in pair.text


def test_nothing_is_told_twice(pair: Answer) -> None:
    """Each sentence stands once."""
    said = [s.text for s in pair.sentences]
    assert len(said) == len(set(said))


def test_what_is_asked_about_comes_first(shelf: Assistant) -> None:
    """A property named in the question is the first row."""
    answer = shelf.answer("Compare Ardex One and Ember by weight")
    assert answer.rows[0] == {"": "weight", "Ardex One": "450", "Ember": "540"}


def test_the_query_gives_the_rows(shelf: Assistant, pair: Answer) -> None:
    """The shown query's solutions hold every thing compared."""
    found = {r["thing"].value.rsplit("/", 1)[-1] for r in shelf.graph.query(pair.sparql)}
    assert found == {"ardex-one", "corvo-three"}


def test_concepts_are_compared_by_what_is_said_of_them(shelf: Assistant) -> None:
    """Things without shared properties: their definitions, one after the other, with the query that finds them."""
    answer = shelf.answer("What is the difference between mirrorless and rangefinder?")
    assert answer.kind == "comparison"
    assert "no mirror" in answer.text
    assert "two images" in answer.text
    assert len(answer.citations) == 1
    assert len(shelf.graph.query(answer.sparql)) >= 2


def test_five_at_most(shelf: Assistant) -> None:
    """The first five of the things named."""
    answer = shelf.answer("Compare Ardex One, Bolo, Corvo Three, Delta Mini, Ember and Fjord")
    assert answer.names == ["Ardex One", "Bolo", "Corvo Three", "Delta Mini", "Ember"]


def test_a_foreign_graph_needs_no_remarks(museum: Assistant) -> None:
    """Labels and data are enough for a table."""
    answer = museum.answer("Compare Blue Kite and Salt")
    assert row(answer, "artist") == {"": "artist", "Blue Kite": "Zofia Malik", "Salt": "Karen Dahl"}
    assert row(answer, "technique") == {"": "technique", "Blue Kite": "etching", "Salt": "etching"}


# ---------------------------------------------------------------- the whole table, for the page


def test_the_whole_table_holds_what_the_answer_tells(shelf: Assistant) -> None:
    """Each row of the answer is a line of it, cell by cell; lines that differ come first, what one alone has last."""
    table = comparison_table("Ardex One", "Corvo Three", assistant=shelf)
    told = compare("Ardex One", "Corvo Three", assistant=shelf).rows
    cells = {line.label: tuple(c.text if c else "not stated" for c in line.cells) for line in table.lines}
    assert told
    assert all(cells[r[""]] == (r["Ardex One"], r["Corvo Three"]) for r in told)
    order = [(len(line.stated) < 2, not line.differs) for line in table.lines]
    assert order == sorted(order)


def test_every_cell_is_cited_and_every_citation_is_used(shelf: Assistant) -> None:
    """A feature carries the rank of its level and its own IRI; a property neither."""
    table = comparison_table("Ardex One", "Corvo Three", assistant=shelf)
    stated = [c for line in table.lines for c in line.stated]
    assert all(c.cites for c in stated)
    assert {n for c in stated for n in c.cites} == {c.number for c in table.citations}
    for line in table.lines:
        assert all((c.rank is None) == (not line.feature) for c in line.stated)


def test_things_are_named_or_given_by_iri(shelf: Assistant) -> None:
    """What is neither is refused, and so is one thing alone."""
    by_name = comparison_table("Ardex One", "Corvo Three", assistant=shelf)
    assert comparison_table(*by_name.iris, assistant=shelf) == by_name
    for unknown in ("Zorblax", "urn:nobody", "urn:no> <iri"):
        with pytest.raises(ChoiceNameError, match="knows no entity"):
            comparison_table("Ardex One", unknown, assistant=shelf)
    with pytest.raises(ValueError, match="1 things were given"):
        comparison_table("Ardex One", assistant=shelf)
