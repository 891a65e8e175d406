"""What a choice is asked to meet can be read and settled: removed, required, preferred, added; a piece can mean something else."""

from __future__ import annotations

import json

import pytest

from assistant import Answer, Assistant, recommend
from assistant.settle import standings
from assistant.types import ChoiceError, Wanted
from graph.types import Iri

TEAM = "Two of us build a REST API for a bakery. It must speak WebSockets and must run on Lambda. Which framework would you take?"
CHAT = "We want to write a chat app for our village. Which framework should we use?"


def chip(answer: Answer, label: str) -> Wanted:
    return next(w for w in answer.wanted if w.label == label)


def stated(answer: Answer) -> dict[str, str]:
    return {w.label: w.standing for w in answer.wanted if not w.brought_by}


def test_what_is_asked_of_a_choice_is_told(me: Assistant) -> None:
    """The question's own first, then what its kinds of project ask for, each once and each with its standing."""
    answer = me.answer(TEAM)
    said = stated(answer)
    assert said["WebSockets"] == said["serverless"] == "required"
    assert said["REST API"] == "required"
    brought = [w for w in answer.wanted if w.brought_by == "REST API"]
    assert {"OpenAPI", "validation"} <= {w.label for w in brought}
    assert len({w.iri for w in answer.wanted}) == len(answer.wanted)
    assert [bool(w.brought_by) for w in answer.wanted] == sorted(bool(w.brought_by) for w in answer.wanted)
    assert json.loads(json.dumps(answer.to_dict()))["wanted"][0]["label"] == answer.wanted[0].label


def test_a_limit_becomes_a_wish(me: Assistant) -> None:
    """Required things rule out; the same thing preferred only counts, and the line says what was set."""
    strict, soft = me.answer(CHAT), me.answer(CHAT, choices={chip(me.answer(CHAT), "WebSockets").iri: "preferred"})
    assert chip(strict, "WebSockets").brought_by
    assert chip(strict, "WebSockets").standing == "required"
    assert (chip(soft, "WebSockets").standing, chip(soft, "WebSockets").settled) == ("preferred", True)
    assert soft.understood.endswith("you set: WebSockets preferred")
    hard = recommend("chat app", assistant=me)
    eased = recommend("chat app", prefer=["WebSockets"], waive=["WebSockets"], assistant=me)
    assert {c.name for c in hard.choices} < {c.name for c in eased.choices}


def test_what_is_removed_counts_no_more_and_can_come_back(me: Assistant) -> None:
    """It stays as a chip that says so; without the choice the first answer returns, byte for byte."""
    first = me.answer(TEAM)
    gone = {w.iri: "no" for w in first.wanted if w.label in ("serverless", "OpenAPI")}
    without = me.answer(TEAM, choices=gone)
    assert {w.label for w in without.wanted if w.standing == "no"} == {"serverless", "OpenAPI"}
    assert "serverless does not count" in without.understood
    assert "serverless" not in without.text
    assert "OpenAPI" not in without.text
    assert without.turn["choices"] == gone
    assert me.answer(TEAM) == first


def test_a_kind_of_project_is_added_and_removed(me: Assistant) -> None:
    """With it goes what it brought."""
    known = {w.label: w.iri for w in me.known_wants() if w.kind == "project"}
    added = me.answer(TEAM, choices={known["GraphQL API"]: "required"})
    assert chip(added, "GraphQL").brought_by == "GraphQL API"
    assert added.understood.endswith("GraphQL API counts")
    removed = me.answer(TEAM, choices={known["REST API"]: "no"})
    assert not [w for w in removed.wanted if w.brought_by == "REST API"]


def test_a_need_turns_two_things_into_a_choice(me: Assistant) -> None:
    """'X or Y' without a need compares; with one it weighs the two."""
    plain = me.answer("Bottle or Django?")
    assert (plain.kind, plain.wanted, plain.choosing) == ("comparison", (), True)
    weighed = me.answer("Bottle or Django?", choices={_iri(me, "admin interface"): "preferred"})
    assert weighed.kind == "recommendation"
    assert weighed.names[0] == "Django"
    assert stated(weighed) == {"admin interface": "preferred"}
    assert me.answer("Bottle or Django?", choices={_iri(me, "admin interface"): "no"}).kind == "comparison"


def test_a_move_is_weighed_by_what_is_added(me: Assistant) -> None:
    """What the thing in use lacks speaks for the move."""
    question = "Our archive runs on Bottle. Should we migrate to Django?"
    moved = me.answer(question, choices={_iri(me, "admin interface"): "required"})
    assert stated(moved) == {"admin interface": "wanted"}
    assert "admin interface" in moved.text
    assert "admin interface" not in me.answer(question).text.split(".")[0]


def test_follow_ups_know_what_was_settled(me: Assistant) -> None:
    """The turn carries it, and the question after it is read on top of it."""
    first = me.answer(CHAT, choices={_iri(me, "WebSockets"): "no"})
    after = me.answer("without Django", history=[first.turn])
    assert "you set: WebSockets does not count" in after.understood


def test_another_language_keeps_what_was_settled(me: Assistant) -> None:
    """Spans are those of the other text, standings are not."""
    question = "Welches Framework für eine REST API mit WebSockets?"
    answer = me.answer(question, choices={_iri(me, "WebSockets"): "no"})
    assert chip(answer, "WebSockets").standing == "no"
    assert answer.turn["choices"] == {_iri(me, "WebSockets"): "no"}


def test_a_piece_means_something_else_and_back(me: Assistant) -> None:
    """Each piece offers what else its words name; the one that was chosen says so and still offers the first meaning."""
    question = "What is the licence of channels?"
    first = next(p for p in me.answer(question).pieces if p.text == "channels")
    other, label = next(o for o in first.others if o[1] == "channels_redis")
    second = me.answer(question, choices={first.span: other})
    piece = next(p for p in second.pieces if p.text == "channels")
    assert (piece.label, piece.chosen) == (label, True)
    assert first.iri in dict(piece.others)
    assert label in second.understood


def test_a_question_without_a_choice_is_left_as_it_is(me: Assistant) -> None:
    """A standing means nothing to a fact."""
    iri = _iri(me, "WebSockets")
    for question in ("Who created Bottle?", "WSGI or ASGI?"):
        plain = me.answer(question)
        assert me.answer(question, choices={iri: "required"}).text == plain.text
        assert not plain.choosing


def test_wrong_choices_are_refused(me: Assistant) -> None:
    """With the value and the remedy."""
    with pytest.raises(ChoiceError, match="required, preferred, no"):
        me.answer(CHAT, choices={_iri(me, "WebSockets"): "maybe"})
    with pytest.raises(ChoiceError, match="no span of the question"):
        me.answer(CHAT, choices={"http://example.org/nothing": "required"})


def test_what_can_be_asked_is_known(me: Assistant, museum: Assistant) -> None:
    """Kinds of project, features and limits, each kind in the order of names; a graph without any has none."""
    kinds = [w.kind for w in me.known_wants()]
    assert list(dict.fromkeys(kinds)) == ["project", "feature", "value"]
    for kind in set(kinds):
        labels = [w.label.casefold() for w in me.known_wants() if w.kind == kind]
        assert labels == sorted(labels)
    assert not [w for w in museum.known_wants() if w.kind == "feature"]


def test_spans_and_standings_are_told_apart() -> None:
    """Only digits on both sides of a colon are a span."""
    assert standings({"0:6": "http://e/x", "http://e/y": "no"}) == {Iri("http://e/y"): "no"}


def _iri(me: Assistant, label: str) -> str:
    return next(w.iri for w in me.known_wants() if w.label == label)
