"""Choices from Python: the same numbers as in the answers, as data; and advice on moves."""

from __future__ import annotations

import json

import pytest

from assistant import compare, recommend
from assistant.choices import ChoiceNameError
from tests.assistant.conftest import Ask


def test_a_recommendation_is_data() -> None:
    """Needs, scores and contributions that add up, each contribution cited; JSON-able."""
    made = recommend("REST API", require=["WebSockets"])
    assert made.needs == ("REST API",)
    assert made.choices
    for choice in made.choices:
        assert choice.score == pytest.approx(sum(c.weight * c.value for c in choice.contributions) / choice.out_of, abs=1e-3)
        assert all(c.cites for c in choice.contributions)
    told = json.loads(json.dumps(made.to_dict()))
    assert told["choices"][0]["name"] == made.choices[0].name
    assert {n for c in made.choices for k in c.contributions for n in k.cites} <= {c["number"] for c in told["citations"]}


def test_a_comparison_is_data() -> None:
    """Names, rows with a cell each, and the sources."""
    made = compare("Flask", "FastAPI")
    assert made.names == ("Flask", "FastAPI")
    assert all({"", "Flask", "FastAPI"} <= set(row) for row in made.rows)
    assert json.loads(json.dumps(made.to_dict()))["citations"]


def test_unknown_names_are_refused() -> None:
    """With the name; and a comparison takes two to five things."""
    with pytest.raises(ChoiceNameError, match="zorblax"):
        recommend("zorblax")
    with pytest.raises(ValueError, match="two to five"):
        compare("Flask")


def test_staying_is_advised_where_nothing_is_missing(ask: Ask) -> None:
    """What is in use comes first, and the sources' case for staying is told."""
    answer = ask("We run a shop on Django and all is well. Should we migrate to Sanic?")
    assert answer.names[0] == "Django"
    assert "stay" in answer.text.lower()


def test_what_is_given_up_is_to_be_left(ask: Ask) -> None:
    """The status decides, and what it is said to be moved to comes first."""
    answer = ask("Is web2py dead? Our intranet runs on it.")
    assert answer.names[0] == "py4web"
    assert "limited maintenance" in answer.text


def test_without_a_need_the_questions_that_split_the_field(ask: Ask) -> None:
    """A table of who is best at what, and a button for each of the first needs."""
    answer = ask("What is the best Python framework?")
    assert "no single best" in answer.text
    assert [b.label for b in answer.buttons][:1] == ["REST API"]
