"""Yes, no and not stated: 'no' needs a statement that says no, and a remark answers by its own yes or no or by its words."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.polarity import polarity
from graph import KnowledgeGraph
from graph.build import ensure_built

CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"


@pytest.fixture(scope="module")
def shelf(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant over the cameras."""
    return Assistant(KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras"))), museum.encoder)


def opening(answer: Answer) -> str:
    return next((w for w in ("Yes", "No.", "Not stated") if answer.text.startswith(w)), answer.text)


# ---------------------------------------------------------------- three values


@pytest.mark.parametrize(
    ("question", "said"),
    [
        # a level of a feature settles it either way; another level than the asked one is no
        ("Does Ardex One have video?", "Yes"),
        ("Does Delta Mini have video?", "No."),
        ("Does Fjord have video?", "Not stated"),
        ("Does Bolo have built-in video?", "No."),
        ("Does Ardex One have built-in flash?", "Yes"),
        ("Does the Ember lack flash?", "Yes"),
        ("Does Ardex One lack flash?", "No."),
        # a property with one value: another value is no, no value is not stated
        ("Is the Ember made by House of Corvo?", "Yes"),
        ("Is the Ember made by Ardex Optical?", "No."),
        ("Does Fjord take the Quill mount?", "Not stated"),
        # a range: outside is no, without a value not stated
        ("Was Ember first sold before 2000?", "Yes"),
        ("Was Bolo first sold before 2000?", "No."),
        # a property that may have more values: another value says nothing
        ("Is Ember mirrorless?", "Not stated"),
        ("Is Ardex One mirrorless?", "Yes"),
    ],
)
def test_three_values(shelf: Assistant, question: str, said: str) -> None:
    """Each condition is settled by a statement either way."""
    answer = shelf.answer(question)
    assert opening(answer) == said, answer.text
    assert answer.kind == "yes-no"
    assert answer.abstained == (said == "Not stated")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Does Ardex One have flash and video?", "Yes"),
        ("Does Bolo have flash and autofocus?", "No."),
        ("Does Fjord have flash and video?", "Not stated"),
        ("Does Delta Mini have video or autofocus?", "autofocus"),
        ("Does Ember have flash or autofocus?", "No."),
    ],
)
def test_conditions_together(shelf: Assistant, question: str, said: str) -> None:
    """'and': one no decides; 'or': the one that holds is named, no only where all are no; else what is not stated stays open."""
    answer = shelf.answer(question)
    if said == "autofocus":
        assert answer.names == ["autofocus"], answer.text
    else:
        assert opening(answer) == said, answer.text


def test_an_open_condition_does_not_hide_a_no(shelf: Assistant) -> None:
    """Delta Mini has no video; whether it has flash is not stated: together the answer is no."""
    assert opening(shelf.answer("Does Delta Mini have flash and video?")) == "No."


def test_a_no_is_cited_and_an_unknown_states_nothing(shelf: Assistant) -> None:
    """The statement that says no stands in the answer with its source; 'not stated' rests on no fact."""
    no = shelf.answer("Does Delta Mini have video?")
    assert no.citations
    assert "Delta Mini has no video" in no.text
    unknown = shelf.answer("Does Fjord have video?")
    assert not [s for s in unknown.sentences if s.tone == "stated"]
    assert unknown.rows == [{"thing": "Fjord", "asked": unknown.rows[0]["asked"], "answer": "not stated"}]


def test_what_supplies_a_feature_is_named(shelf: Assistant) -> None:
    """Where a feature comes from outside, the thing that adds it is told and cited."""
    answer = shelf.answer("Does Bolo have video?")
    assert "Cine Back" in answer.text
    assert any("adds" in f.predicate.value for c in answer.citations for f in c.facts)


def test_foreign_graphs_know_no_no(museum: Assistant) -> None:
    """Without declared single values a different value is no contradiction."""
    assert opening(museum.answer("Was The Night Ferry given by the Holm Family?")) == "Not stated"
    assert opening(museum.answer("Is Blue Kite by Zofia Malik?")) == "Yes"


def test_larger_and_smaller_things(shelf: Assistant) -> None:
    """A comparison of two things in a number is settled by size, not letter by letter (95 grams is less than 450)."""
    assert opening(shelf.answer("Is Delta Mini lighter than Ardex One?")) == "Yes"
    assert opening(shelf.answer("Is Ardex One lighter than Delta Mini?")) == "No."


# ---------------------------------------------------------------- the polarity of a remark


@pytest.mark.parametrize("holds", [True, False])
def test_a_remark_answers_its_own_question(holds: bool) -> None:
    """What the data says it answers, it answers."""
    assert polarity("Can the lamp be used in the rain?", "The lamp is sealed.", holds) is holds


@pytest.mark.parametrize(
    ("question", "said", "told"),
    [
        ("Does the lamp burn oil?", "The lamp burns oil; it smokes.", True),
        ("Does the lamp burn gas?", "It burns oil, but the lamp does not burn gas.", False),
        ("Does the lamp burn oil?", "The lamp burns oil, but it cannot burn gas.", True),
    ],
)
def test_the_clause_that_shares_most_words_decides(question: str, said: str, told: bool | None) -> None:
    """Denied there is no, whatever else is denied."""
    assert polarity(question, said, None) is told


def test_a_contested_claim_is_not_affirmed() -> None:
    """Where another statement disputes it, its words say no yes."""
    assert polarity("Does the lamp burn oil?", "The lamp burns oil.", None, contested=False) is True
    assert polarity("Does the lamp burn oil?", "The lamp burns oil.", None, contested=True) is not True
    assert polarity("Does the lamp burn oil?", "The lamp burns oil.", True, contested=True) is not True


@pytest.mark.parametrize(
    ("question", "said", "holds", "told"),
    [
        ("Must every lamp be lit by hand?", "Not every lamp is lit by hand.", True, False),
        ("Is oil the only fuel?", "The lamp also burns gas.", True, False),
        ("Does the lamp need a wick?", "The lamp works without a wick.", True, False),
        ("Is a wick required?", "It needs a wick and oil.", True, True),
        ("Do I have to trim it?", "Trimming is optional.", True, False),
    ],
)
def test_all_only_and_need_turn_on_other_words(question: str, said: str, holds: bool, told: bool) -> None:
    """Whether something is needed, or the only way, is read from the words, whatever the remark's own answer is."""
    assert polarity(question, said, holds) is told


def test_case_and_punctuation_do_not_matter() -> None:
    """'ONLY?' is 'only'."""
    assert polarity("IS OIL THE ONLY FUEL?", "The lamp ALSO burns gas.", True) is False


@pytest.mark.parametrize(
    ("question", "said"), [("Can I use Ardex One in the rain?", "Yes"), ("Can I use Bolo in the rain?", "No.")]
)
def test_remarks_answer_yes_and_no(shelf: Assistant, question: str, said: str) -> None:
    """A question that no property covers is answered by a remark; the statement comes before the claim it disputes."""
    answer = shelf.answer(question)
    assert opening(answer) == said, answer.text
    assert answer.kind == "yes-no"
    assert answer.citations


# ---------------------------------------------------------------- a count of none

RECALLS = """
c:Notice a owl:Class ; skos:prefLabel "recall notice"@en .
c:recall a owl:ObjectProperty ; skos:prefLabel "recall"@en ; skos:altLabel "recall notice"@en , "recall notices"@en ;
    fg:statement "{s} is recalled by {o}."@en .
c:recallCount a owl:DatatypeProperty ; skos:prefLabel "number of recalls"@en ; fg:functional true ; fg:counts c:recall ;
    fg:statement "Recall notices for {s}: {o}."@en .
c:notice-7 a c:Notice ; skos:prefLabel "Notice 7"@en .
"""
STATED = "c:bolo c:recall c:notice-7 ; c:recallCount 1 . c:ember c:recallCount 0 ."


@pytest.fixture(scope="module")
def recalled(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The cameras with recalls: Bolo has one, Ember none, of Fjord nobody says."""
    data = Path(shutil.copytree(CAMERAS, tmp_path_factory.mktemp("recalls") / "data"))
    terms, facts = data / "terms.ttl", data / "facts" / "cameras.trig"
    terms.write_text(terms.read_text() + RECALLS)
    text = facts.read_text()
    passage = re.search(r"^(src:\S+) \{", text, re.MULTILINE)
    assert passage
    facts.write_text(f"{text}\n{passage[1]} {{ {STATED} }}\n")
    return Assistant(KnowledgeGraph.open(ensure_built(data, data.parent / "cache")), museum.encoder)


@pytest.mark.parametrize(("camera", "said"), [("Bolo", "Yes"), ("the Ember", "No."), ("Fjord", "Not stated")])
def test_a_count_of_none_says_no(recalled: Assistant, camera: str, said: str) -> None:
    """The property that counts the values of another says that there is none; where nothing counts them it is not stated."""
    answer = recalled.answer(f"Does {camera} have recall notices?")
    assert opening(answer) == said, answer.text
    assert answer.abstained == (said == "Not stated")


def test_a_count_of_none_answers_which(recalled: Assistant) -> None:
    """Cited, and not declined."""
    answer = recalled.answer("What are the recalls of the Ember?")
    assert "Recall notices for Ember: 0" in answer.text
    assert answer.citations
    assert not answer.abstained
