"""The comparison of tables: strict in rows and columns, lenient in how a value is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.graphs.score import exact, opened, same_rows, same_value, solutions

TWO = [{"line": "Lake Line", "n": "11"}, {"line": "Salt Line", "n": "8"}]


@dataclass
class Said:
    """The part of an answer that is scored."""

    text: str = ""
    sparql: str = ""


def nothing(query: str) -> list[dict[str, str | None]]:
    """A graph in which no query finds anything."""
    return []


def test_names_and_order_of_columns_do_not_matter() -> None:
    """The same rows under other headings and in another order of the columns are the same."""
    assert same_rows(TWO, [{"count": "11", "thing": "Lake Line"}, {"count": "8", "thing": "Salt Line"}])


def test_order_of_rows_matters_only_where_asked() -> None:
    """Rows are a bag unless the question asks for an order."""
    assert same_rows(TWO, TWO[::-1])
    assert not same_rows(TWO, TWO[::-1], ordered=True)
    assert same_rows(TWO, list(TWO), ordered=True)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="nothing"),
        pytest.param(TWO[:1], id="a row too few"),
        pytest.param([*TWO, TWO[0]], id="a row twice"),
        pytest.param([{"line": "Lake Line"}, {"line": "Salt Line"}], id="a column too few"),
        pytest.param([{**row, "owner": "Amber Trains"} for row in TWO], id="a column too many"),
        pytest.param([{"line": "Lake Line", "n": "8"}, {"line": "Salt Line", "n": "11"}], id="values of the other row"),
        pytest.param([{"line": "Lake Line", "n": "11"}, {"n": "Salt Line", "line": "8"}], id="columns swapped in one row"),
    ],
)
def test_other_rows_are_not_the_same(rows: list[dict[str, str]]) -> None:
    """A row or a column more or less, or a value elsewhere, is another table."""
    assert not same_rows(TWO, rows)


def test_an_empty_cell_equals_a_missing_key() -> None:
    """What is not known may be left out, dashed or empty, but not guessed."""
    gold: list[dict[str, str | None]] = [{"hut": "Zarn Hut", "price": None}, {"hut": "Jora Hut", "price": "50.0"}]
    assert same_rows(gold, [{"thing": "Zarn Hut"}, {"thing": "Jora Hut", "value": "50"}])
    assert same_rows(gold, [{"thing": "Zarn Hut", "value": "—"}, {"thing": "Jora Hut", "value": "50"}])
    assert not same_rows(gold, [{"thing": "Zarn Hut", "value": "0"}, {"thing": "Jora Hut", "value": "50"}])


@pytest.mark.parametrize(
    ("gold", "other"),
    [
        ("1234567.50", "1,234,567.5"), ("52.117647058823529411", "52.1176471"), ("126.90", "126.9 km"), ("2015", "2015"),
        ("0.5", "5.0e-1"), ("75", "75%"), ("44.5", "€44.50"), ("-3", "−3"), ("2026-11-03", "3 November 2026"), ("true", "yes"),
        ("Lake Line", "lake  line"), ("A+", "A+"), (None, ""), ("12.5", "12.5 km/h"), ("2025.875394321766", "2025.8754 per km²"),
    ],
)  # fmt: skip
def test_same_values(gold: str | None, other: str) -> None:
    """Numbers by size, dates by day, truth values by word, labels without case."""
    assert same_value(gold, other)


@pytest.mark.parametrize(
    ("gold", "other"),
    [
        ("52.117647", "52.12"), ("11", "12"), ("2026-11-03", "4 November 2026"), ("Lake Line", "Lake"), ("11", None),
        ("11", "11 to 12"), ("true", "no"), ("A+", "A-"), (None, "0"), ("1234", "1,23,4"),
    ],
)  # fmt: skip
def test_different_values(gold: str | None, other: str | None) -> None:
    """Beyond a millionth two numbers differ; near misses of names are other names."""
    assert not same_value(gold, other)


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [("Yes. It is.", True, False), ("No: it is not.", False, True), ("Not stated.", False, False), ("", False, False)],
)
def test_yes_and_no(text: str, yes: bool, no: bool) -> None:
    """A yes/no answer counts by its opening word; 'Not stated' is neither."""
    assert exact(True, Said(text), nothing) is yes
    assert exact(False, Said(text), nothing) is no


def test_the_query_of_an_answer_is_scored() -> None:
    """What counts is what the answer's own query finds: just the asked columns; an answer without a query finds nothing."""
    told = Said("Two lines.", "SELECT ?line ?n {}")
    assert exact(TWO, told, lambda query: [{"line": "Salt Line", "n": "8"}, {"line": "Lake Line", "n": "11"}])
    assert not exact(TWO, told, lambda query: [{"line": row["line"], "n": row["n"], "owner": "Amber Trains"} for row in TWO])
    assert not exact(TWO, told, lambda query: True)
    assert not exact(TWO, Said("Two lines."), lambda query: [{**row} for row in TWO])


def test_things_are_told_by_label(tmp_path: Path) -> None:
    """A thing stands in a row by its label, or by its IRI where there is none."""
    file = tmp_path / "two.ttl"
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    file.write_text(f'<http://x.example/a> <{label}> "Ay"@en ; <http://x.example/p> <http://x.example/b> .', encoding="utf-8")
    found = solutions(opened(file), "SELECT ?s ?o { ?s <http://x.example/p> ?o }")
    assert found == [{"s": "Ay", "o": "http://x.example/b"}]
