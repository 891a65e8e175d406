"""Result formats hold the same solutions; rdflib, which shares no code with ours, reads them back."""

from __future__ import annotations

import csv
import io
import json

import pytest
import rdflib
from rdflib.query import Result

from graph.types import LANG_STRING, XSD, Blank, Fact, Iri, Literal, Solutions
from ui.results import WRITERS, as_table, brief, to_csv, to_turtle

NASTY = 'a "quoted" <tag> & a\ttab,\na line and a comma, ünïcode'
ROWS = (
    {"x": Iri("https://x.example/a"), "y": Literal(NASTY)},
    {"x": Literal("Hallo", LANG_STRING, "de")},
    {"x": Literal("1", XSD + "integer"), "y": Blank("b1")},
)
SELECT = Solutions(("x", "y"), ROWS)
TRIPLES = Solutions(triples=(Fact(Iri("https://x.example/a"), Iri("https://x.example/p"), Literal(NASTY)),))


@pytest.mark.parametrize("format_", ["json", "xml", "tsv"])
def test_solutions_survive_the_way_there_and_back(format_: str) -> None:
    """rdflib's own reader gives the same values, languages, datatypes and gaps."""
    text = WRITERS[format_](SELECT)
    parsed = Result.parse(io.BytesIO(text.encode()), format=format_)
    rows = [row.asdict() for row in parsed]
    assert rows[0]["x"] == rdflib.URIRef("https://x.example/a")
    assert str(rows[0]["y"]) == NASTY
    assert rows[1] == {"x": rdflib.Literal("Hallo", lang="de")}
    assert rows[2]["x"] == rdflib.Literal(1)
    assert isinstance(rows[2]["y"], rdflib.BNode)


def test_csv_holds_plain_values() -> None:
    """Quoted where needed, empty where unbound."""
    assert list(csv.reader(io.StringIO(to_csv(SELECT), newline=""))) == [
        ["x", "y"], ["https://x.example/a", NASTY], ["Hallo", ""], ["1", "_:b1"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("format_", "wanted"), [("csv", "true"), ("tsv", "true"), ("xml", "<boolean>true</boolean>"), ("json", '"boolean": true')]
)
def test_a_boolean_is_written(format_: str, wanted: str) -> None:
    """ASK has one value in every format."""
    assert wanted in WRITERS[format_](Solutions(boolean=True))


def test_triples_are_turtle_and_rows() -> None:
    """Turtle for RDF tools; as rows of three columns elsewhere."""
    graph = rdflib.Graph().parse(data=to_turtle(TRIPLES), format="turtle")
    assert [str(o) for o in graph.objects()] == [NASTY]
    assert json.loads(WRITERS["json"](TRIPLES))["head"]["vars"] == ["subject", "predicate", "object"]


def test_solutions_are_no_turtle() -> None:
    """The message names the formats that would do."""
    with pytest.raises(ValueError, match="CONSTRUCT"):
        to_turtle(SELECT)


def test_no_solutions_are_an_empty_document() -> None:
    """A query without rows still has its columns."""
    empty = Solutions(("x",))
    assert json.loads(WRITERS["json"](empty)) == {"head": {"vars": ["x"]}, "results": {"bindings": []}}
    assert WRITERS["tsv"](empty) == "?x\n"
    assert WRITERS["csv"](empty) == "x\r\n"
    assert to_turtle(Solutions()) == ""


def test_a_table_has_a_row_for_each_solution() -> None:
    """And counts them."""
    table = as_table(SELECT)
    assert table.row_count == 3
    assert table.caption == "3 rows"


def test_terms_are_brief_for_people() -> None:
    """Our prefixes, bare values."""
    assert brief(Iri("http://www.w3.org/2004/02/skos/core#prefLabel")) == "skos:prefLabel"
    assert brief(Iri("https://elsewhere.example/x")) == "https://elsewhere.example/x"
    assert brief(Literal("v", LANG_STRING, "en")) == "v"
