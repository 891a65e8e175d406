"""Composed questions over a graph that the engine has never seen: conditions, orders, numbers per group, sums, values of sets."""

from __future__ import annotations

import pytest

from assistant import Assistant
from tests.assistant.harbour import found, harbour

Rows = list[tuple[str, ...]]


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return harbour(tmp_path_factory.mktemp("harbour"))


LISTS: dict[str, Rows] = {
    "Which boats are not motorised?": [("White Tern",)],
    "Which boats are longer than 15 m?": [("Black Swan",), ("White Tern",)],
    "Which boats were built before 1990?": [("Grey Gull",)],
    "Which boats were built in 1995 or later?": [("Black Swan",), ("Little Auk",), ("White Tern",)],
    "Which boats have no purchase price?": [("Black Swan",)],
    "Which harbours have no boats?": [("Old Quay",)],
    "Which voyages started in March 2025?": [("Voyage 3",)],
    "Which boats does Ann Berg steer?": [("Grey Gull",), ("Little Auk",)],
    "Which boats kept at Ostby are steered by Bo Lind?": [("White Tern",)],
    "Which boats are kept at the same harbour as Grey Gull?": [("White Tern",)],
}
ORDERS: dict[str, Rows] = {
    "Which boat is the longest?": [("Black Swan",)],
    "What is the second longest boat?": [("White Tern",)],
    "Name the second to third most expensive boats.": [("Grey Gull",), ("Little Auk",)],
    "Which voyage was the fastest?": [("Voyage 2",)],
    "Which boat has the most voyages?": [("Grey Gull",)],
    "Which harbour has the largest number of boats?": [("Ostby",)],
    "Who has steered the most boats?": [("Ann Berg",)],
    "Which harbours have two boats or more?": [("Ostby",)],
}
NUMBERS: dict[str, Rows] = {
    "How many boats are there per harbour?": [("Ostby", "2"), ("Velm", "1")],
    "What is the average length of boats per harbour?": [("Ostby", "16"), ("Velm", "8")],
    "For each harbour, what is the length of its longest boat?": [("Ostby", "20"), ("Velm", "8")],
    "How many boats does each skipper steer?": [("Ann Berg", "2"), ("Bo Lind", "1")],
    "How many boats are motorised?": [("3",)],
}
SUMS: dict[str, float] = {
    "What was the average speed of Voyage 1 in km per hour?": 20.0,
    "How much did each passenger of Voyage 2 pay?": 30.0,
    "How many days did Voyage 1 last?": 10.0,
    "How many years after Grey Gull was White Tern built?": 15.0,
    "By how many metres is White Tern longer than Grey Gull?": 8.0,
}
VALUES: dict[str, Rows] = {
    "Which licences do Ann Berg and Bo Lind have in common?": [("Red Licence",)],
    "Which licences does Ann Berg have that Bo Lind does not?": [("Blue Licence",)],
}


@pytest.mark.parametrize(("question", "rows"), [*LISTS.items(), *ORDERS.items(), *NUMBERS.items()])
def test_the_query_finds_just_what_is_asked(boats: Assistant, question: str, rows: Rows) -> None:
    """The answer's own query projects the asked columns only."""
    assert found(boats, question) == rows


@pytest.mark.parametrize(("question", "value"), SUMS.items())
def test_a_figure_is_computed(boats: Assistant, question: str, value: float) -> None:
    """Quotients, differences and spans of time come out in the units asked for, told as computed and with their sources."""
    answer = boats.answer(question)
    assert float(found(boats, question)[0][0]) == pytest.approx(value)
    assert "computed" in {s.tone for s in answer.sentences}
    assert answer.citations


@pytest.mark.parametrize(("question", "rows"), VALUES.items())
def test_values_over_several_things(boats: Assistant, question: str, rows: Rows) -> None:
    """What several things share, and what one has that another has not."""
    assert found(boats, question) == rows


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Is Grey Gull motorised?", "Yes"),
        ("Is White Tern motorised?", "No"),
        ("Is White Tern longer than Grey Gull?", "Yes"),
        ("Is Grey Gull longer than White Tern and Little Auk?", "No"),
        ("Are Grey Gull and Little Auk both motorised?", "Yes"),
    ],
)
def test_yes_and_no(boats: Assistant, question: str, opening: str) -> None:
    """A truth value, a comparison, a condition on two things."""
    assert boats.answer(question).text.startswith(opening)


def test_those_of_the_last_answer(boats: Assistant) -> None:
    """A condition on the things just listed keeps their class."""
    assert found(boats, "How many of them are motorised?", "Which boats are kept at Ostby?") == [("1",)]


def test_what_cannot_be_computed_is_not_stated(boats: Assistant) -> None:
    """A figure that the graph gives no numbers for is no answer."""
    assert boats.answer("How many days did Grey Gull last?").abstained
