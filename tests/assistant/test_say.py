"""Terms and facts in plain English, safe in Markdown and HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.lexicon import Lexicon
from assistant.say import Speaker, plain, say_date
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.schema import Schema
from graph.terms import FG
from graph.types import XSD, Blank, Iri, Literal

C = "http://camera.example/"
CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"


def iri(name: str) -> Iri:
    return Iri(C + name)


@pytest.fixture(scope="module")
def speaker(tmp_path_factory: pytest.TempPathFactory) -> Speaker:
    """Says the cameras."""
    kg = KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras")))
    schema = Schema.read(kg)
    return Speaker(schema, Lexicon.compile(kg, schema))


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("2026-11-03", "3 November 2026"),
        ("1852-01-31", "31 January 1852"),
        ("2026-11-03T10:00:00Z", "3 November 2026"),
        ("2026", "2026"),
        ("2026-11", "2026-11"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_dates(iso: str, said: str) -> None:
    """A date as people write it; what is not a date stays as it is."""
    assert say_date(iso) == said


@pytest.mark.parametrize(
    ("literal", "said"),
    [
        (Literal("2026-11-03", XSD + "date"), "3 November 2026"),
        (Literal("1998", XSD + "gYear"), "1998"),
        (Literal("true", XSD + "boolean"), "yes"),
        (Literal("0", XSD + "boolean"), "no"),
        (Literal("450", XSD + "integer"), "450"),
        (Literal("matt black"), "matt black"),
    ],
)
def test_literals(speaker: Speaker, literal: Literal, said: str) -> None:
    """By their datatype."""
    assert speaker.term(literal) == said


def test_things(speaker: Speaker) -> None:
    """By their label, else by their IRI; a blank node as such."""
    assert speaker.term(iri("ember")) == "Ember"
    assert speaker.term(iri("unknown")) == C + "unknown"
    assert speaker.term(Blank("b0")) == "_:b0"


def test_a_version_loses_the_name_of_its_subject(speaker: Speaker) -> None:
    """'Ardex One 1.4' of Ardex One is '1.4'; of another thing it keeps its name; 'Ardex Optical' never loses a word."""
    version = iri("ardex-one-1-4")
    assert speaker.term(version, iri("ardex-one")) == "1.4"
    assert speaker.term(version, iri("bolo")) == "Ardex One 1.4"
    assert speaker.term(iri("corvo-three"), iri("corvo")) == "Corvo Three"


def test_several_terms(speaker: Speaker) -> None:
    """A list as it is read."""
    assert speaker.terms([iri("ember"), iri("bolo"), Literal("3")]) == "Ember, Bolo and 3"


def test_a_statement_by_its_template(speaker: Speaker) -> None:
    """The property's own sentence; of a level its sentence."""
    assert speaker.statement(iri("ember"), iri("weight"), [Literal("540", XSD + "integer")]) == "Ember weighs 540 grams."
    assert speaker.statement(iri("ember"), FG.lacks, [iri("flash")]) == "Ember has no flash."


def test_a_statement_without_a_template(speaker: Speaker) -> None:
    """'The P of S is O.', in the plural for several."""
    assert speaker.statement(iri("ember"), iri("finish"), [Literal("green")]) == "The finish of Ember is green."
    assert speaker.statement(iri("ember"), iri("finish"), [Literal("green"), Literal("red")]) == "The finish of Ember are green and red."


def test_a_value_is_never_read_as_a_template(speaker: Speaker) -> None:
    """Braces in a value stay braces."""
    assert speaker.statement(iri("ember"), iri("finish"), [Literal("{p} {s} {o}")]) == "The finish of Ember is {p} {s} {o}."


def test_brief(speaker: Speaker) -> None:
    """For a bullet, without the subject: 'property: value', of a level 'feature: level'."""
    assert speaker.brief(iri("maker"), [iri("corvo")]) == "maker: House of Corvo"
    assert speaker.brief(FG.hasCore, [iri("flash"), iri("video")]) == "flash and video: built in"


# ---------------------------------------------------------------- what is said means nothing in Markdown or HTML


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "**bold** _it_ `code`",
        "[a](javascript:alert(1))",
        "a | b",
        "see https://camera.example/ <img src=x onerror=alert(1)>",
        "https://camera.example/ [1](javascript:alert(1))",
    ],
)
def test_markup_of_data_is_escaped(text: str) -> None:
    """No character that opens markup is left bare, even beside an address."""
    assert not re.search(r"(?<!\\)[<*`\[|]", plain(text))


@given(st.text(alphabet="ab <>*_`[]|\\.", max_size=30))
def test_escaping_loses_nothing(text: str) -> None:
    """Taking the backslashes off gives the text again, in one line with single spaces."""
    assert re.sub(r"\\([\\`*_\[\]<|])", r"\1", plain(text)) == " ".join(text.split())


def test_an_address_stays_an_address() -> None:
    """An underscore in an address is no emphasis and gets no backslash."""
    assert plain("https://camera.example/a_b") == "https://camera.example/a_b"


def test_one_line() -> None:
    """Line ends and runs of space become one space, so that a value opens no block of its own."""
    assert plain("a\n\n# b\t c") == "a # b c"
