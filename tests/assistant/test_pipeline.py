"""The public surface: answer and interpret, choices and history in every form, named errors, and an answer that is JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import assistant
from assistant import Answer, Assistant, AssistantError, Reading, pipeline
from assistant import answer as public_answer
from assistant.detect import MAX_CHARS
from assistant.encode import Vectors
from assistant.sparql import with_prefixes
from assistant.types import ChoiceError, HistoryError
from graph import KnowledgeGraph, OpenError
from graph.types import Solutions

M = "http://museum.example/"
CLOCK = M + "station-clock"
QUESTIONS = ["Which works are etchings?", "Who painted Blue Kite?", "How many frescoes are there?", "Which work is the tallest?"]


class Watched(KnowledgeGraph):
    """A graph that remembers every query it is asked."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        super().__init__(kg.backend, kg.facts_graph, name=kg.name, version=kg.version)
        self.asked: list[str] = []

    def query(self, sparql: str) -> Solutions:
        self.asked.append(with_prefixes(sparql))
        return super().query(sparql)


GOLDEN = Path(__file__).resolve().parent.parent / "golden"
CALLS = 2  # batched encoder calls that an answer may make: the question and what is masked of it, then what is known only later


@pytest.mark.parametrize(("file", "every"), [("whole_graph.jsonl", 16), ("first_slice.jsonl", 10), ("choosing/scenarios.jsonl", 9)])
def test_an_answer_encodes_in_two_batches(me: Assistant, monkeypatch: pytest.MonkeyPatch, file: str, every: int) -> None:
    """Facts, lists, conversations, choices and moves: each turn is told with at most two calls of the encoder."""
    items = [json.loads(line) for line in (GOLDEN / file).read_text(encoding="utf-8").splitlines()]
    spoken = [i for i in items if i["history"]][::4]
    calls: list[list[str]] = []
    encode = me.encoder.encoder.encode

    def counted(texts: Sequence[str]) -> Vectors:
        calls.append(list(texts))
        return encode(texts)

    monkeypatch.setattr(me.encoder.encoder, "encode", counted)
    monkeypatch.setattr(me.encoder, "_seen", type(me.encoder._seen)())
    over = {}
    for item in [*items[::every], *spoken]:
        turns = [*item["history"], item["question"]]
        for n, question in enumerate(turns):
            calls.clear()
            me.answer(question, turns[:n])
            if len(calls) > CALLS:
                over[question] = list(calls)
    assert over == {}


@pytest.fixture(scope="module")
def watched(museum: Assistant) -> Assistant:
    """The museum's assistant over a graph that remembers its queries."""
    return Assistant(Watched(museum.graph), museum.encoder)


def asked(watching: Assistant) -> list[str]:
    assert isinstance(watching.graph, Watched)
    return watching.graph.asked


# ---------------------------------------------------------------- the surface


def test_the_exported_names_are_those_of_all() -> None:
    """What ``assistant`` shows is what ``__all__`` says, and each is documented and known under this package."""
    shown = {n for n, v in vars(assistant).items() if not n.startswith("_") and not isinstance(v, ModuleType) and n != "annotations"}
    assert shown == set(assistant.__all__)
    assert list(assistant.__all__) == sorted(assistant.__all__)
    assert all(getattr(assistant, n).__doc__ for n in assistant.__all__)


def test_every_error_is_one_tree() -> None:
    """A caller may catch AssistantError for all that a caller can do wrong."""
    assert issubclass(ChoiceError, AssistantError)
    assert issubclass(HistoryError, AssistantError)


def test_answer_asks_the_shipped_graph(monkeypatch: pytest.MonkeyPatch, museum: Assistant) -> None:
    """The function passes question, history and choices on to one assistant, opened once."""
    monkeypatch.setattr(pipeline, "shipped", lambda: museum)
    same = museum.answer("and when?", history=["Who painted Salt?"])
    assert public_answer("and when?", history=["Who painted Salt?"]).to_dict() == same.to_dict()
    assert public_answer("Blue Kite", choices={"0:9": CLOCK}).names == ["Station Clock"]


def test_opening_what_is_not_there(tmp_path: Path) -> None:
    """The error names what was asked for."""
    with pytest.raises(OpenError, match="nothing"):
        Assistant.open(tmp_path / "nothing.ttl")


def test_about(museum: Assistant) -> None:
    """What a dataset says of itself; a foreign file is called by its name."""
    about = museum.about()
    assert {"title", "scope", "examples", "greeting", "asof", "version"} <= set(about)
    assert about["title"] == "museum.ttl"
    assert about["version"] == museum.graph.version


# ---------------------------------------------------------------- the answer


@pytest.mark.parametrize(
    "question", [*QUESTIONS, "Is Blue Kite an etching?", "Compare Salt and Blue Kite", "Hello", "", "xyzzy?", "What is a fresco?"]
)
def test_an_answer_is_json(museum: Assistant, question: str) -> None:
    """to_dict survives JSON unchanged, and holds every public part of the answer."""
    made = museum.answer(question)
    data = made.to_dict()
    assert json.loads(json.dumps(data)) == data
    parts = "question kind text names rows citations sparql queries understood suggestions abstained turn".split()
    assert set(parts) <= set(data)
    assert data["question"] == question
    assert data["turn"] == {"question": question, "choices": {}}


def test_terms_in_json_are_as_in_sparql_results(museum: Assistant) -> None:
    """uri and literal with their type, so that a reader knows one from the other."""
    data = museum.answer("Which work is the tallest?").to_dict()
    facts = [f for c in data["citations"] for f in c["facts"]]
    assert {"type": "uri", "value": M + "iron-swan"} in [f["subject"] for f in facts]
    assert {"type": "literal", "value": "310", "datatype": "http://www.w3.org/2001/XMLSchema#integer"} in [f["object"] for f in facts]


def test_the_shown_query_is_one_that_was_run(watched: Assistant) -> None:
    """``sparql`` is among ``queries``, and all of these reached the store."""
    for question in QUESTIONS:
        made = watched.answer(question)
        assert made.sparql in made.queries
        assert set(made.queries) <= set(asked(watched))


def test_pieces_are_the_linked_words(museum: Assistant) -> None:
    """Each chip says where it stands, what it was taken as, and what else it may be."""
    made = museum.answer("Which etchings are in the East Wing?")
    found = {p.text: p for p in made.pieces}
    assert found["etchings"].iri == M + "etching"
    assert found["East Wing"].span == "26:35"


def test_a_long_text_is_cut(museum: Assistant) -> None:
    """Only the first characters are read, and the answer says what was read."""
    made = museum.answer("Who painted Salt? " + "x" * (2 * MAX_CHARS))
    assert len(made.question) == MAX_CHARS


@pytest.mark.parametrize("text", [None, 7, b"Salt", ["Salt"]])
def test_what_is_no_text_is_read_as_its_text(museum: Assistant, text: Any) -> None:
    """Nothing that is given as a question raises."""
    assert museum.answer(text).text


def test_an_unknown_property_of_a_known_thing_is_not_answered_with_others(museum: Assistant) -> None:
    """The asked slot is nothing that the graph knows: it abstains and says which word."""
    made = museum.answer("What is the wingspan of Blue Kite?")
    assert made.abstained
    assert "wingspan" in made.text


def test_an_unknown_thing_is_named(museum: Assistant) -> None:
    """Declined, with the words that are not known."""
    made = museum.answer("Who painted The Golden Elephant?")
    assert made.kind == "abstention"
    assert "Golden Elephant" in made.text


def test_several_threads_may_ask(museum: Assistant) -> None:
    """The same answers as one after the other."""
    wanted = [museum.answer(q).to_dict() for q in QUESTIONS]
    got: list[dict[str, Any]] = [{}] * len(QUESTIONS)

    def put(at: int) -> None:
        got[at] = museum.answer(QUESTIONS[at]).to_dict()

    threads = [threading.Thread(target=put, args=(n,)) for n in range(len(QUESTIONS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == wanted


# ---------------------------------------------------------------- choices


def test_a_choice_settles_what_a_mention_is(museum: Assistant) -> None:
    """The words at 13..22 are taken as the chosen thing, and the turn remembers it."""
    question = "Who painted Blue Kite?"
    made = museum.answer(question, choices={"12:21": M + "salt"})
    assert made.names == ["Karen Dahl"]
    assert made.turn == {"question": question, "choices": {"12:21": M + "salt"}}


def test_a_choice_carries_over_to_the_next_question(museum: Assistant) -> None:
    """A follow-up sees the turn with its choices."""
    made = museum.answer("Who painted Blue Kite?", choices={"12:21": M + "salt"})
    assert "2008" in museum.answer("When was it made?", history=[made.turn]).text


def test_a_choice_may_name_words_that_mean_nothing(museum: Assistant) -> None:
    """An unknown word is given a meaning."""
    assert museum.answer("Who painted xyzzy?", choices={"12:17": M + "salt"}).names == ["Karen Dahl"]


@pytest.mark.parametrize("span", ["0:99", "5:5", "7:2", "x:y", "3", "", ":", "-1:3", "0:3:4", "1.0:3", "0:²", " 0:4"])
def test_a_span_outside_the_question_is_refused(museum: Assistant, span: str) -> None:
    """The message names the span and says which are possible."""
    with pytest.raises(ChoiceError, match="is no span of the question; give 'start:end' within 0:4") as error:
        museum.answer("Salt", choices={span: M + "salt"})
    assert repr(span) in str(error.value)


@pytest.mark.parametrize("iri", ["http://nowhere.example/x", "", "Salt", "not an iri <>"])
def test_an_iri_that_the_graph_does_not_know_is_refused(museum: Assistant, iri: str) -> None:
    """The message names the span and the IRI."""
    with pytest.raises(ChoiceError, match=r"the choice for 0:4 is .* which the graph does not know") as error:
        museum.answer("Salt", choices={"0:4": iri})
    assert repr(iri) in str(error.value)


# ---------------------------------------------------------------- history


def test_history_takes_text_turns_and_both(museum: Assistant) -> None:
    """A string, an answer's turn, the same after JSON, a tuple: all mean the same."""
    first = museum.answer("Who painted Iron Swan?")
    wanted = museum.answer("Where does it stand?", history=["Who painted Iron Swan?"]).text
    text = "Who painted Iron Swan?"
    forms: list[Any] = [[first.turn], [json.loads(json.dumps(first.turn))], (text,), [{"question": text}]]
    assert "Orangery" in wanted
    assert [museum.answer("Where does it stand?", history=h).text for h in forms] == [wanted] * len(forms)
    assert museum.answer("Where does it stand?", history=["Hello", first.turn]).text == wanted


@pytest.mark.parametrize("turn", [7, None, ["Salt"], {"text": "Salt"}])
def test_another_turn_is_refused(museum: Assistant, turn: Any) -> None:
    """The message says which turn and what to give."""
    with pytest.raises(HistoryError, match="turn 0 of the history is"):
        museum.answer("and when?", history=[turn])
    with pytest.raises(HistoryError, match="turn 0 of the history is"):
        museum.interpret("and when?", history=[turn])


def test_a_wrong_choice_in_the_history_is_refused(museum: Assistant) -> None:
    """A turn's choices are checked as those of the question."""
    with pytest.raises(ChoiceError, match="which the graph does not know"):
        museum.answer("and when?", history=[{"question": "Salt", "choices": {"0:4": "http://nowhere.example/x"}}])


# ---------------------------------------------------------------- interpret


@pytest.mark.parametrize("question", QUESTIONS)
def test_interpret_executes_nothing(watched: Assistant, question: str) -> None:
    """Not one of the readings' queries reaches the store, whereas answer sends the winner's."""
    before = len(asked(watched))
    readings = watched.interpret(question)
    sent = asked(watched)[before:]
    assert readings
    assert not {r.sparql for r in readings if r.sparql} & set(sent)
    made = watched.answer(question)
    assert made.sparql in asked(watched)


def test_readings_are_ranked_and_complete(museum: Assistant) -> None:
    """Best first; each with its kind, plain English, mentions and, where it has a query graph, SPARQL that runs."""
    readings = museum.interpret("Which works are etchings?")
    assert [r.score for r in readings] == sorted((r.score for r in readings), reverse=True)
    best = readings[0]
    assert isinstance(best, Reading)
    assert (best.kind, best.english) == ("list", museum.answer("Which works are etchings?").understood)
    assert [m.text("Which works are etchings?") for m in best.mentions] == ["works", "etchings"]
    assert dict(best.features)["coverage"] > 0
    assert len(museum.graph.query(best.sparql)) == 4
    assert all(bool(r.sparql) == (r.graph is not None) for r in readings)


def test_interpret_reads_the_conversation(museum: Assistant) -> None:
    """A follow-up is understood as edited."""
    best = museum.interpret("What about Salt?", history=["Who painted Blue Kite?"])[0]
    assert "Salt" in best.english
    assert M + "salt" in best.sparql


@pytest.mark.parametrize("text", ["", "   ", "?!", "xyzzy plugh"])
def test_nothing_to_interpret(museum: Assistant, text: str) -> None:
    """Text that links to nothing has no trusted reading."""
    assert [r for r in museum.interpret(text) if r.score >= 0.5] == []


def test_answers_of_two_assistants_are_the_same(museum: Assistant, watched: Assistant) -> None:
    """What is compiled does not hang on who compiled it."""
    given: list[Answer] = [museum.answer(q) for q in QUESTIONS]
    assert [watched.answer(q).to_dict() for q in QUESTIONS] == [a.to_dict() for a in given]
