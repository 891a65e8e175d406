"""How names of properties read in sentences, and how else they are said."""

from __future__ import annotations

import pytest

from assistant.phrase import clause, form, plural_truth, template, truth
from assistant.surfaces import surfaces
from graph.schema import Named, PropertyInfo
from graph.types import XSD, Iri


def info(label: str, *datatypes: str, statement: str = "", aliases: tuple[str, ...] = (), phrasings: tuple[str, ...] = ()) -> PropertyInfo:
    named = Named(Iri("https://example.org/p"), label, aliases, phrasings=phrasings)
    return PropertyInfo(named, datatypes=frozenset(XSD + d for d in datatypes), statement=statement)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("managed by", "participle"), ("made by", "participle"), ("located in", "participle"), ("part of", "state"), ("on line", "state"),
        ("calls at", "verb"), ("uses train", "verb"), ("length", "noun"), ("head nurse", "noun"), ("", "noun"),
    ],
)  # fmt: skip
def test_the_form_of_a_name(label: str, kind: str) -> None:
    """Only the English form of a name is looked at."""
    assert form(label) == kind


def test_statements_without_a_template() -> None:
    """A participle takes 'is', a verb stands by itself, a noun is 'of' the thing; a statement of the data comes first."""
    assert template(info("managed by"), False) == "{s} is {p} {o}."
    assert template(info("calls at"), False) == "{s} {p} {o}."
    assert template(info("gauge"), True) == "The {p} of {s} are {o}."
    assert template(info("gauge", statement="{s} runs on {o}."), False) == "{s} runs on {o}."


def test_truths() -> None:
    """What is true or false is said as such."""
    assert truth(info("electrified", "boolean"), False) == "{s} is not electrified."
    assert truth(info("step-free access", "boolean"), False) == "{s} has no step-free access."
    assert plural_truth(info("reached the summit", "boolean"), True) == "that have reached the summit"


def test_clauses() -> None:
    """Conditions read in both directions, denied or not."""
    assert clause(info("calls at"), "Holt") == "that call at Holt"
    assert clause(info("calls at"), "Holt", negated=True) == "that do not call at Holt"
    assert clause(info("calls at"), "Holt", inverse=True) == "that Holt calls at"
    assert clause(info("managed by"), "Ann", inverse=True) == "that Ann is managed by"
    assert clause(info("gauge"), "1435", negated=True) == "whose gauge is not 1435"


@pytest.mark.parametrize(
    ("label", "datatype", "said"),
    [
        ("number of beds", "integer", "beds"), ("date of first ascent", "date", "first ascent"), ("price of a pack", "decimal", "price"),
        ("opening date", "date", "opening"), ("managed by", "", "managed"), ("purchase price", "decimal", "cost"),
        ("step-free access", "boolean", "step-free"), ("prescribed medicine", "", "prescribed"), ("led by", "", "lead"),
    ],
)  # fmt: skip
def test_other_ways_to_say_a_name(label: str, datatype: str, said: str) -> None:
    """A name is also said by a part of it, by its verb, or by the verb that asks for such a measure."""
    assert said in surfaces(info(label, *([datatype] if datatype else [])))


def test_declared_phrasings_are_taken_at_their_word() -> None:
    """Nothing is guessed where a dataset says itself how a property is asked for; no bare function word is ever a name."""
    assert surfaces(info("managed by", phrasings=("who runs it",))) == {}
    assert "made" not in surfaces(info("made by"))
