"""Follow-up questions: made from what the graph holds, so that each of them can be answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.suggest import OFFERED
from graph import KnowledgeGraph
from graph.build import ensure_built

CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"
MUSEUM = [
    "Who painted Blue Kite?",
    "Which works are etchings?",
    "Is Blue Kite an etching?",
    "Which work is the tallest?",
    "What is a fresco?",
]
SHELF = [
    "Who made the Ember?",
    "Which cameras have video?",
    "Does Fjord have flash?",
    "What is Ardex One?",
    "Recommend a camera for travel",
]


@pytest.fixture(scope="module")
def shelf(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant over the cameras."""
    return Assistant(KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras"))), museum.encoder)


def unanswered(assistant: Assistant, questions: list[str]) -> list[str]:
    """Those of the suggestions after these questions that are not answered."""
    offered = {s for q in questions for s in assistant.answer(q).suggestions}
    assert offered
    return sorted(s for s in offered if assistant.answer(s).abstained or not assistant.answer(s).citations)


def test_every_suggestion_can_be_answered(museum: Assistant, shelf: Assistant) -> None:
    """Whatever is offered is answered, with a source."""
    assert unanswered(museum, MUSEUM) == []
    assert unanswered(shelf, SHELF) == []


def test_suggestions_of_the_shipped_graph_can_be_answered(me: Assistant) -> None:
    """The dataset's own examples, and what is offered after them."""
    examples = me.about()["examples"]
    assert examples
    answered = [me.answer(q) for q in examples]
    assert [a.question for a in answered if a.abstained] == []
    follow = dict.fromkeys(s for a in answered for s in a.suggestions)
    assert [q for q in follow if me.answer(q).abstained] == []


def test_few_are_offered_and_none_twice(museum: Assistant) -> None:
    """Up to three, each once, and never what was just asked."""
    for question in MUSEUM:
        offered = museum.answer(question).suggestions
        assert len(offered) <= OFFERED
        assert len(set(offered)) == len(offered)
        assert question not in offered


def test_what_was_answered_is_not_offered_again(shelf: Assistant) -> None:
    """After the maker, other properties of the same thing."""
    offered = shelf.answer("Who made the Ember?").suggestions
    assert offered
    assert all("Ember" in q and "maker" not in q for q in offered)


def test_a_list_offers_to_compare_its_first_two(museum: Assistant) -> None:
    """Two things of the answer side by side."""
    answer = museum.answer("Which works are etchings?")
    assert f"Compare {answer.names[0]} and {answer.names[1]}" in answer.suggestions


def test_buttons_and_suggestions_are_the_same_questions(museum: Assistant) -> None:
    """A button asks what it says."""
    for question in MUSEUM:
        answer = museum.answer(question)
        assert [b.question for b in answer.buttons] == answer.suggestions
        assert all(b.label for b in answer.buttons)


def test_after_an_abstention_about_a_known_thing(shelf: Assistant) -> None:
    """What is not known of a thing is followed by what is."""
    answer = shelf.answer("Does Ember have a stabiliser?")
    assert answer.abstained
    assert answer.suggestions
    assert all("Ember" in q for q in answer.suggestions)


def test_a_dataset_without_examples_gets_some(museum: Assistant) -> None:
    """A count, properties and a comparison of its central class, all of which can be answered."""
    examples = museum.about()["examples"]
    assert any(q.startswith("How many works") for q in examples)
    assert any(q.startswith("Compare ") for q in examples)
    assert [q for q in examples if museum.answer(q).abstained] == []


def test_two_answers_are_joined_with_one_set_of_numbers(shelf: Assistant) -> None:
    """The second answer's sources are counted on from the first's; a shared source keeps its number."""
    answer = shelf.answer("Who made the Ember? What is a rangefinder?")
    first, second = shelf.answer("Who made the Ember?"), shelf.answer("What is a rangefinder?")
    assert answer.text == f"{first.text}\n\n{second.text.replace('[1]', '[2]')}"
    assert [c.number for c in answer.citations] == [1, 2]
    assert [c.passage for c in answer.citations] == [first.citations[0].passage, second.citations[0].passage]
    assert answer.names == [*first.names, *second.names]
    again = shelf.answer("Who made the Ember? How heavy is the weight of Bolo?")
    assert {int(n) for n in re.findall(r"\[(\d+)\]", again.text)} == {c.number for c in again.citations}


def test_joined_answers_keep_facts_by_source(shelf: Assistant) -> None:
    """A source that both answers cite supports the facts of both, and every sentence's numbers lead to its facts."""
    answer = shelf.answer("Who made the Ember? What is the weight of Bolo?")
    assert [c.number for c in answer.citations] == [1]
    facts = {c.number: set(c.facts) for c in answer.citations}
    assert len(facts[1]) == 2
    assert all(facts[n] & set(s.facts) for s in answer.sentences for n in s.cites)
