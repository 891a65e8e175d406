"""Conversations in which each turn edits the question before: over the museum, a generated railway and the shipped graph."""

from __future__ import annotations

import pytest

from assistant import Answer, Assistant
from tests.assistant.conftest import Ask
from tests.graphs.generate import write

Texts = tuple[str, ...]
ETCHINGS = ["Blue Kite", "Pilot Boat", "Salt", "Station Clock"]


@pytest.fixture(scope="module")
def railway(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(write(tmp_path_factory.mktemp("graphs"))["railway"])


def last(assistant: Assistant, texts: Texts) -> Answer:
    """The answer to the last text, the others being its history."""
    return assistant.answer(texts[-1], history=list(texts[:-1]))


# (turns, the names answered, what the line 'understood' says was done)
MUSEUM: list[tuple[Texts, list[str], str]] = [
    # another thing in the place of the last
    (("Which works are etchings?", "make that watercolours"), ["Desert Letter", "Three Lemons", "Winter Orchard"], "place of etching"),
    (("Which works are etchings?", "what about bronze sculptures?"), ["Iron Swan", "Sleeping Dog"], "place of etching"),
    (("Which works are oil paintings by Ada Brandt?", "the same for Tomasz Wrona"), ["Red Diagonal"], "place of Ada Brandt"),
    (("Who painted Salt?", "no, I meant Blue Kite"), ["Zofia Malik"], "place of Salt"),
    (("Who painted Salt?", "sorry, Blue Kite not Salt"), ["Zofia Malik"], "place of Salt"),
    (("Which artists are Danish?", "what about Polish ones"), ["Tomasz Wrona", "Zofia Malik"], "place of Danish"),
    (("Which works are on canvas?", "what about paper?"), ["Desert Letter", "Salt", "Three Lemons", "Winter Orchard"], "place of canvas"),
    (("Where does Salt hang?", "and for Iron Swan and Low Tide?"), ["Map Room", "Orangery"], "place of Salt"),
    # one condition more, or less
    (("Which works are etchings?", "only those by Zofia Malik"), ["Blue Kite", "Station Clock"], "only those"),
    (("Which works hang in the Orangery?", "without the frescoes"), ["Iron Swan"], "not fresco"),
    (("Which works hang in the Orangery?", "only those made after 1905"), ["Iron Swan", "Rope Makers"], "after 1905"),
    (("Which works were made after 1960?", "on paper", "and before 1990"), ["Desert Letter"], "before 1990"),
    (("Which works are taller than 250?", "and below 30?"), ["Pilot Boat"], "less than 30"),
    (
        ("Which works are oil paintings by Ada Brandt?", "forget about the technique"),
        ["Nets Drying", "The Harbour at Dusk", "Woman with a Lamp"], "no longer only",
    ),
    (("Which works are etchings?", "by Zofia Malik", "any artist"), ETCHINGS, "no longer only"),
    # orders and ends
    (("Which works are etchings?", "sort them by year"), ["Pilot Boat", "Blue Kite", "Station Clock", "Salt"], "earliest first"),
    (("Which works are etchings?", "newest first", "the first two"), ["Salt", "Station Clock"], "the first two"),
    (("Which works are etchings?", "and the tallest?"), ["Salt"], "highest height"),
    (("What is the tallest work?", "and the smallest?"), ["Pilot Boat"], "lowest height"),
    (("What is the tallest work?", "and the next?"), ["Rope Makers"], "the next"),
    (("What is the tallest work?", "the other way round"), ["Pilot Boat"], "other end"),
    # lists: which, all, the rest
    (("How many works are oil paintings?", "and etchings?", "which are they?"), ETCHINGS, "by name"),
    (("Which works are etchings?", "the first three", "all of them"), ETCHINGS, "all of them"),
    (("Which works did Karen Dahl paint?", "the second one: where does it hang?"), ["Gallery of Prints"], ""),
    (("Compare Blue Kite and Salt", "the former: who painted it?"), ["Zofia Malik"], ""),
    (("Which artists are Danish?", "the reverse"),
     ["Elena Rojas", "Ines Carvalho", "Rui Salgado", "Tomasz Wrona", "Zofia Malik"], "other way round"),
    (("Which artists are Danish?", "their years of birth"), ["1852", "1861", "1968"], "each of them"),
    # back
    (("Which works are etchings?", "only those by Zofia Malik", "undo that"), ETCHINGS, "undone"),
    (("Who painted Salt?", "and Blue Kite?", "and Iron Swan?", "go back"), ["Zofia Malik"], "undone"),
    (("Who painted Salt?", "how do you know?"), ["Karen Dahl"], "who says so"),
]  # fmt: skip
RAILWAY: list[tuple[Texts, list[str], str]] = [
    (("Which lines are electrified?", "and those that are not?", "only those longer than 330 km"), ["Amber Line"], "330"),
    (
        ("Which trains are kept at Calder Depot?", "fastest first", "just the first two"),
        ["Silver Sandpiper", "Silver Swallow"], "first two",
    ),
    (("Which trains are kept at Calder Depot?", "only those built after 2010"), ["Blue Petrel", "Silver Sandpiper"], "after 2010"),
    (("Which trains are kept at Calder Depot?", "who made them?"),
     ["Brandt Works", "Hallen & Sons", "Stella Rolling Stock"], "each of them"),
    (("What is the second longest line?", "and the shortest?"), ["Eastern Main Line"], "lowest length"),
    (("How long is the Coast Line?", "sorry, the Hill Line"), ["197.8"], "place of Coast Line"),
    (("Which stations were opened before 1855?", "with more than 5 platforms", "undo that"),
     ["Bram North", "Jarrow Central", "Redmere Harbour"], "undone"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "names", "done"), MUSEUM)
def test_museum_conversations(museum: Assistant, texts: Texts, names: list[str], done: str) -> None:
    """The query graph of the last question is edited, and the line 'understood' says how."""
    answer = last(museum, texts)
    if any("first" in t or "sort" in t for t in texts[1:]) and "all" not in texts[-1]:
        assert answer.names == names, (answer.understood, answer.text)
    assert sorted(answer.names) == sorted(names), (answer.understood, answer.text)
    assert done in answer.understood


@pytest.mark.parametrize(("texts", "names", "done"), RAILWAY)
def test_railway_conversations(railway: Assistant, texts: Texts, names: list[str], done: str) -> None:
    """The same over a graph with other words, other units and no museum in it."""
    answer = last(railway, texts)
    assert sorted(n.split(" ")[0] if n[:1].isdigit() else n for n in answer.names) == sorted(names), (answer.understood, answer.text)
    assert done in answer.understood


def test_how_many_is_that(museum: Assistant, railway: Assistant) -> None:
    """What was listed is counted, under the same conditions; a count stays one when its thing is exchanged."""
    assert last(museum, ("Which works are etchings?", "how many is that?")).text.startswith("4 works")
    assert last(museum, ("How many works are etchings?", "and frescoes?")).text.startswith("2 works")
    texts = ("Which trains are kept at Calder Depot?", "only those built after 2010", "how many is that?")
    assert last(railway, texts).text.startswith("2 trains")


def test_two_things_exchange_their_parts(museum: Assistant, railway: Assistant) -> None:
    """'the other way round' after a comparison."""
    assert last(museum, ("Is Salt newer than Blue Kite?", "the other way round")).text.startswith("No")
    assert last(museum, ("Is Salt newer than Blue Kite?", "and Low Tide?")).text.startswith("Yes")
    assert last(railway, ("Is the Hill Line shorter than the Coast Line?", "vice versa")).text.startswith("Yes")


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (("Which artists are Danish?", "which of them painted the most works?"), ["Ada Brandt", "Jonas Vinter"]),
        (("Which rooms are in the East Wing?", "which of those holds the most works?"), ["Gallery of Prints"]),
        (("Which artists are Danish?", "how many works did each of them paint?"), ["Ada Brandt", "Jonas Vinter", "Karen Dahl"]),
        (("Compare Salt and Low Tide", "which of the two is taller?"), ["Low Tide"]),
        (("Which works did Karen Dahl paint?", "which of the two is older?"), ["Salt"]),
    ],
)
def test_numbers_over_those_just_named(museum: Assistant, texts: Texts, names: list[str]) -> None:
    """'which of them has the most' counts for the things of the last answer alone."""
    answer = last(museum, texts)
    assert sorted(answer.names) == names, (answer.understood, answer.text)
    assert "among" in answer.understood


def test_a_list_becomes_a_verdict_and_back(museum: Assistant) -> None:
    """'and X?' after a list asks whether X is one; 'which ones are?' after a verdict lists all."""
    assert last(museum, ("Which works are on canvas?", "and Salt?")).text.startswith("No")
    assert last(museum, ("Is Salt an etching?", "which ones are?")).names == ETCHINGS
    assert last(museum, ("Which works are on canvas?", "is Low Tide one of them?")).text.startswith("Yes")


def test_more_is_not_instead(museum: Assistant) -> None:
    """'and X too' adds a condition, 'and X?' exchanges one; 'except X and Y' leaves two out; 'how many are not?' counts the others."""
    by_danes = ("Which works are etchings?", "and by Danish artists too")
    assert last(museum, by_danes).names == ["Pilot Boat", "Salt"]
    assert last(museum, ("Which works are etchings?", "except Salt and Blue Kite")).names == ["Pilot Boat", "Station Clock"]
    assert last(museum, ("How many works are etchings?", "how many are not?")).text.startswith("16 works")
    assert "technique" in last(museum, ("Which works hang in the Orangery?", "group them by technique")).understood


def test_columns_are_put_beside_a_list(museum: Assistant) -> None:
    """'with their P and Q', and an order that keeps them."""
    answer = last(museum, ("Which works are etchings?", "with their artist and room", "tallest first"))
    assert answer.names == ["Salt", "Station Clock", "Blue Kite", "Pilot Boat"]
    assert all(t in answer.text for t in ("Karen Dahl", "Gallery of Prints", "70"))


def test_there_are_no_others(museum: Assistant) -> None:
    """After a whole list nothing is left, and that is said, not guessed."""
    answer = last(museum, ("Which works hang in the Orangery?", "any others?"))
    assert answer.names == []
    assert "other than Fish Market, Iron Swan and Rope Makers" in answer.text


def test_a_table_is_taken_in_another_way(railway: Assistant) -> None:
    """'and the average?' after a total."""
    answer = last(railway, ("What is the total length of the lines per owner?", "and the average?"))
    assert "average" in answer.understood
    assert "AVG" in answer.sparql


@pytest.mark.parametrize(
    "question",
    [
        "Who painted Iron Swan?",
        "Which works are frescoes?",
        "What is a fresco?",
        "How many works hang in the Orangery?",
        "Compare Salt and Blue Kite",
        "show me all rooms",
    ],
)
def test_a_whole_question_is_no_edit(museum: Assistant, question: str) -> None:
    """A change of topic is answered as without a history."""
    assert last(museum, ("Which works are etchings by Zofia Malik?", question)).text == museum.answer(question).text


def test_nothing_to_undo(museum: Assistant) -> None:
    """Without a step before, nothing is made up."""
    assert "undone" not in museum.answer("undo that").understood
    assert "undone" not in last(museum, ("Which works are etchings?", "undo that")).understood


def test_a_long_conversation_keeps_its_conditions(museum: Assistant) -> None:
    """Each turn leans on all before it."""
    texts: Texts = ("Which works are oil paintings?", "by Polish artists", "taller than 160", "who painted them?")
    texts += ("undo that", "how many is that?")
    assert last(museum, texts).text.startswith("1 work")
    assert "Red Diagonal" in last(museum, texts).text


FRAMEWORKS: list[tuple[Texts, list[str]]] = [
    (("Which frameworks speak RSGI?", "make that WSGI", "and only those created by Armin Ronacher"), ["Flask"]),
    (("Which ORMs does Flask work with?", "who says so?"), []),
    (("What is Quart built on?", "the reverse"), []),
]


@pytest.mark.parametrize(("texts", "names"), FRAMEWORKS)
def test_shipped_conversations(ask: Ask, texts: Texts, names: list[str]) -> None:
    """The shipped graph, chains of edits."""
    answer = ask(texts[-1], *texts[:-1])
    assert "(" in answer.understood
    if names:
        assert set(names) <= set(answer.names), (answer.understood, answer.text)
