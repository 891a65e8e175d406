"""Follow-ups: the conversation is read from its history, and the last query graph is edited; no text is rewritten."""

from __future__ import annotations

import re
from typing import Any

import pytest

from assistant import Answer, Assistant
from assistant.dialogue import DEPTH, State, Turn, is_follow_up, is_plural, resolve, swap, swaps, turns, wants_more
from assistant.frames import Candidate, Constraint, FactFrame
from assistant.scan import Scan
from assistant.types import Edge, HistoryError, Link, QueryGraph, Var
from graph.types import Iri

M = "http://museum.example/"


def iri(name: str) -> Iri:
    return Iri(M + name)


KITE, CLOCK, ADA = iri("blue-kite"), iri("station-clock"), iri("ada-brandt")


def scan(museum: Assistant, text: str) -> Scan:
    return museum.understander.scan(text, 0, len(text), {})


def central(museum: Assistant, thing: Iri) -> bool:
    return museum.lexicon.is_a(thing, iri("Work"))


# ---------------------------------------------------------------- the history as given


def test_turns_are_strings_or_turns_of_ours() -> None:
    """A question as text, or an answer's ``turn`` with its choices."""
    given = ["Who painted Salt?", {"question": "Blue Kite", "choices": {"0:9": KITE.value}}, {"question": "and when?"}]
    assert turns(given) == [Turn("Who painted Salt?"), Turn("Blue Kite", {"0:9": KITE.value}), Turn("and when?")]


def test_only_the_last_turns_are_read() -> None:
    """The oldest go first."""
    given = [f"question {n}" for n in range(DEPTH + 3)]
    assert [t.question for t in turns(given)] == given[-DEPTH:]


@pytest.mark.parametrize("turn", [7, None, ["Salt"], {"text": "Salt"}, {"question": 7}, object()])
def test_any_other_turn_is_refused_by_its_place_and_value(turn: Any) -> None:
    """The message names the turn and says what to give."""
    with pytest.raises(HistoryError, match=r"turn 1 of the history is .*give the question as text, or an answer's \.turn"):
        turns(["Salt", turn])


def test_choices_of_a_turn_must_be_a_mapping() -> None:
    """The message names the turn and the type."""
    with pytest.raises(HistoryError, match="turn 0 has choices of type list"):
        turns([{"question": "Salt", "choices": ["0:4"]}])


def test_a_long_turn_is_cut_in_the_message() -> None:
    """An error does not repeat a book."""
    with pytest.raises(HistoryError) as error:
        turns([["x" * 5000]])
    assert len(str(error.value)) < 300


# ---------------------------------------------------------------- what was spoken of


def test_it_is_the_single_thing_asked_about() -> None:
    """Else the single thing answered, else the first asked, else nothing."""
    assert State(asked=(KITE,), answered=(ADA,)).topic == KITE
    assert State(answered=(ADA,)).topic == ADA
    assert State(asked=(KITE, CLOCK), answered=(ADA,)).topic == ADA
    assert State(asked=(KITE, CLOCK)).topic == KITE
    assert State().topic is None


def test_those_are_the_several_things_last_spoken_of() -> None:
    """The things asked about, else those answered, else the last two of the conversation."""
    assert State(asked=(KITE, CLOCK), answered=(ADA,)).group == (KITE, CLOCK)
    assert State(asked=(ADA,), answered=(KITE, CLOCK)).group == (KITE, CLOCK)
    assert State(asked=(KITE,), recent=(CLOCK, KITE)).group == (CLOCK, KITE)
    assert State(asked=(KITE,)).group == (KITE,)


@pytest.mark.parametrize(
    "text",
    [
        "and when was it made?",
        "What about Station Clock?",
        "how tall is it?",
        "Who made those?",
        "only etchings",
        "without frescoes",
        "more?",
    ],
)
def test_asks_that_lean_on_what_was_said(museum: Assistant, text: str) -> None:
    """A pronoun, a swap, an added condition, or no thing of its own."""
    assert is_follow_up(scan(museum, text), lambda t: central(museum, t))


@pytest.mark.parametrize(
    "text", ["Who painted Blue Kite?", "Which works are etchings?", "How many works are there?", "What is a fresco?", "", "?"]
)
def test_asks_that_stand_alone(museum: Assistant, text: str) -> None:
    """A thing of the dataset's own subject, a whole class, or a concept to define."""
    assert not is_follow_up(scan(museum, text), lambda t: central(museum, t))


def test_kinds_of_follow_up(museum: Assistant) -> None:
    """'What about X' swaps, 'others' wants more, 'they' and 'which of those' speak of several."""
    assert swaps(scan(museum, "what about Salt?"))
    assert not swaps(scan(museum, "what do people say about Salt?"))
    assert wants_more(scan(museum, "any others?"))
    assert not wants_more(scan(museum, "which other works did Ada Brandt paint?"))
    assert is_plural(scan(museum, "which of those is oldest?"))
    assert not is_plural(scan(museum, "who painted it?"))


# ---------------------------------------------------------------- resolving and editing


def test_a_pronoun_becomes_the_thing(museum: Assistant) -> None:
    """The mention stands on the pronoun and says where it comes from."""
    text = "who painted it?"
    made = resolve(scan(museum, text), State(asked=(KITE,)), "Blue Kite")
    mention = next(m for m in made.mentions if m.best.iri == KITE)
    assert mention.text(text) == "it"
    assert mention.best.how == "from the conversation"
    assert made.question == text


def test_an_omitted_subject_stands_at_the_end(museum: Assistant) -> None:
    """Nothing is said of it in the text: an empty span behind the ask."""
    made = resolve(scan(museum, "and the height?"), State(asked=(KITE,)), "Blue Kite")
    mention = next(m for m in made.mentions if m.best.iri == KITE)
    assert mention.start == mention.end == len("and the height?")


def test_what_is_named_already_is_not_added(museum: Assistant) -> None:
    """No second mention of the same thing, and nothing where nothing was spoken of."""
    named = scan(museum, "the height of Blue Kite?")
    assert resolve(named, State(asked=(KITE,)), "Blue Kite") == named
    assert resolve(named, State(), "") == named


def test_swap_changes_a_thing_everywhere() -> None:
    """Frames, graphs, links: one IRI in the place of another, the rest as it was; the original stays."""
    link = Link(KITE, "Blue Kite", "entity", 1.0)
    edge = Edge(KITE, (iri("artist"),), Var("artist"))
    candidate = Candidate("fact", FactFrame((KITE,), (iri("artist"),)), "x", QueryGraph(Var("artist"), (edge,)), links=((0, link),))
    made = swap(candidate, KITE, CLOCK)
    assert made.frame == FactFrame((CLOCK,), (iri("artist"),))
    assert made.graph.where == (Edge(CLOCK, (iri("artist"),), Var("artist")),)
    assert made.links[0][1].iri == CLOCK
    assert candidate.frame == FactFrame((KITE,), (iri("artist"),))
    assert swap(Constraint((edge,), "x"), ADA, CLOCK) == Constraint((edge,), "x")


# ---------------------------------------------------------------- whole conversations


def last(museum: Assistant, *texts: str) -> Answer:
    """The answer to the last text, the others being its history."""
    return museum.answer(texts[-1], history=list(texts[:-1]))


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (("Who painted Blue Kite?", "What about Salt?"), ["Karen Dahl"]),
        (("Who painted Blue Kite?", "and Salt?"), ["Karen Dahl"]),
        (("Who painted Blue Kite?", "how about Salt?", "and Iron Swan?"), ["Tomasz Wrona"]),
        (("Who painted Blue Kite?", "Where does it hang?"), ["Gallery of Prints"]),
        (("Which works are etchings?", "which of those is the oldest?"), ["Pilot Boat"]),
        (("Which works are etchings?", "only by Zofia Malik"), ["Blue Kite", "Station Clock"]),
        (("Which works are etchings?", "Which of them are by Danish artists?"), ["Pilot Boat", "Salt"]),
    ],
)
def test_conversations(museum: Assistant, texts: tuple[str, ...], names: list[str]) -> None:
    """A swap, a pronoun, a superlative over the last answer, one more condition."""
    answer = last(museum, *texts)
    assert sorted(answer.names) == sorted(names), answer.text


def test_a_turn_of_ours_is_history_as_good_as_its_text(museum: Assistant) -> None:
    """``turn`` carries what the next question needs."""
    first = museum.answer("Who painted Blue Kite?")
    assert museum.answer("When was it made?", history=[first.turn]).text == last(museum, "Who painted Blue Kite?", "When was it made?").text


def test_a_new_subject_is_not_dragged_back(museum: Assistant) -> None:
    """A question that stands alone is answered as without a history."""
    alone = museum.answer("Who painted Iron Swan?")
    assert last(museum, "Which works are etchings?", "Who painted Iron Swan?").text == alone.text


def test_a_greeting_in_between_changes_nothing(museum: Assistant) -> None:
    """Courtesy and empty turns are no topic."""
    answer = last(museum, "Who painted Blue Kite?", "Thanks!", " ", "Where does it hang?")
    assert answer.names == ["Gallery of Prints"]


def test_a_pronoun_without_a_history_is_asked_back(museum: Assistant) -> None:
    """Nothing was named: a clarification, not a guess."""
    answer = museum.answer("How tall is it?")
    assert answer.kind == "clarification"
    assert re.search(r"\bname\b", answer.text)
    assert answer.names == []
