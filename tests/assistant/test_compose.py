"""From solutions to sentences: facts, lists, counts, superlatives and since when, each with the rows behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from graph import KnowledgeGraph
from graph.build import ensure_built

CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"


@pytest.fixture(scope="module")
def shelf(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant over the cameras."""
    return Assistant(KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras"))), museum.encoder)


def test_a_fact(shelf: Assistant) -> None:
    """The property's own sentence, the value as the name, the row behind it."""
    answer = shelf.answer("Who made the Ember?")
    assert (answer.kind, answer.text, answer.names) == ("fact", "Ember is made by House of Corvo [1].", ["House of Corvo"])
    assert answer.rows == [{"thing": "Ember", "maker": "House of Corvo"}]


def test_a_fact_that_is_not_stated(shelf: Assistant) -> None:
    """Said so, with no value and no citation."""
    answer = shelf.answer("What is the weight of Fjord?")
    assert answer.abstained
    assert answer.text.startswith("Not stated")
    assert (answer.names, answer.citations) == ([], [])


def test_several_properties_at_once(shelf: Assistant) -> None:
    """Each is told, and one that is not stated does not hide the others."""
    answer = shelf.answer("What are the maker and the weight of Fjord?")
    assert "Fjord is made by Bolo Works [1]." in answer.text
    assert "does not give the weight of Fjord" in answer.text
    assert answer.names == ["Bolo Works"]


def test_a_list(shelf: Assistant) -> None:
    """Things in the order of their names, each with what it rests on."""
    answer = shelf.answer("Which cameras have video?")
    assert answer.names == ["Ardex One", "Bolo", "Corvo Three"]
    assert answer.text.startswith("Three cameras that have video:\n\n- **Ardex One**: video: built in [1].")
    assert answer.rows[1] == {"camera": "Bolo", "video": "third-party package"}


def test_two_conditions_and_a_negation(shelf: Assistant) -> None:
    """All must hold; 'no' asks for what is stated to be absent, not for what is unknown."""
    assert shelf.answer("Which cameras have video but no stabiliser?").names == ["Corvo Three"]
    assert shelf.answer("Which cameras have no flash?").names == ["Ember"]
    assert shelf.answer("Which cameras cannot film?").names == ["Delta Mini"]


def test_a_condition_after_an_exclusion_stays_a_condition(shelf: Assistant) -> None:
    """'other than X with Y' leaves X out and asks for Y."""
    assert shelf.answer("Which cameras other than Bolo have video?").names == ["Ardex One", "Corvo Three"]
    assert shelf.answer("cameras other than Bolo with video").names == ["Ardex One", "Corvo Three"]


def test_an_alternative(shelf: Assistant) -> None:
    """Any of the groups, each thing told with what is true of it."""
    answer = shelf.answer("Which cameras are made by Ardex Optical or House of Corvo?")
    assert {r["camera"]: r["maker"] for r in answer.rows} == {
        "Ardex One": "Ardex Optical",
        "Corvo Three": "House of Corvo",
        "Delta Mini": "Ardex Optical",
        "Ember": "House of Corvo",
    }


def test_a_count(shelf: Assistant) -> None:
    """The number, what was counted, and a row that holds it."""
    answer = shelf.answer("How many cameras does House of Corvo make?")
    assert (answer.kind, answer.rows, answer.names) == ("count", [{"count": "2"}], [])
    assert "Corvo Three and Ember" in answer.text
    assert "counted from 2 rows" in answer.text


def test_a_count_of_nothing(shelf: Assistant) -> None:
    """None is an answer, told as what the graph knows."""
    answer = shelf.answer("How many cameras were released before 1950?")
    assert (answer.kind, answer.rows, answer.abstained) == ("count", [{"count": "0"}], False)


def test_an_empty_list_is_not_stated(shelf: Assistant) -> None:
    """No thing is known to meet it: said so, nothing listed."""
    answer = shelf.answer("Which cameras were released before 1950?")
    assert answer.abstained
    assert answer.names == []
    assert "knows no camera" in answer.text


def test_a_superlative(shelf: Assistant) -> None:
    """By number, not letter by letter (95 before 210); out of how many it was chosen is said."""
    answer = shelf.answer("Which camera is the lightest?")
    assert answer.names == ["Delta Mini"]
    assert "Of 5 cameras with a stated weight" in answer.text
    assert answer.rows == [{"camera": "Delta Mini", "weight": "95"}]
    assert shelf.answer("What are the two heaviest cameras?").names == ["Corvo Three", "Ember"]


def test_first_before_a_verb_is_no_superlative(shelf: Assistant) -> None:
    """'first released before X' asks for all of them; 'the first camera' for one."""
    assert shelf.answer("Which cameras were first released before 2013?").names == ["Bolo", "Delta Mini", "Ember"]
    assert shelf.answer("How many cameras were first released before 2013?").rows == [{"count": "3"}]
    assert shelf.answer("What was the first camera?").names == ["Ember"]


def test_a_number_that_is_no_year_is_not_compared_with_a_date(shelf: Assistant) -> None:
    """'more than 400' without a word for which property is no question about years."""
    answer = shelf.answer("Which cameras have more than 400?")
    assert "year" not in answer.understood


def test_numbers_are_larger_dates_are_later(shelf: Assistant) -> None:
    """A weight is more than a number, a year after another."""
    heavy, late = shelf.answer("Which cameras have a weight over 500?"), shelf.answer("Which cameras were released after 2016?")
    assert heavy.names == ["Corvo Three", "Ember"]
    assert late.names == ["Corvo Three", "Fjord"]
    assert "after" in late.understood
    assert "after" not in heavy.understood


def test_things_are_compared_with_a_thing_by_number(shelf: Assistant) -> None:
    """Lighter than X: those that weigh less, with both weights as evidence."""
    answer = shelf.answer("Which cameras are lighter than Ember?")
    assert answer.names == ["Ardex One", "Bolo", "Delta Mini"]


def test_since_when(shelf: Assistant) -> None:
    """The qualifier of the statement, in words, with its note."""
    answer = shelf.answer("Since when does Corvo Three have video?")
    assert answer.names == ["2.0"]
    assert answer.text == "Corvo Three has video built in, since version 2.0 [1]. Note: sound needs a microphone [1]."


def test_since_when_without_a_date(shelf: Assistant) -> None:
    """That it has it is told, since when is not stated."""
    answer = shelf.answer("Since when does Ardex One have video?")
    assert answer.abstained
    assert "Ardex One has video built in [1]." in answer.text
    assert "Not stated" in answer.text
