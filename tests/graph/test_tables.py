"""A class as a table: names and IRIs in step, the source of each value, and file names that do not clash."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.build import assemble, write
from graph.quads import Quads
from graph.store import KnowledgeGraph
from graph.tables import PART, Table, tables

TOY = Path(__file__).parent.parent / "fixtures" / "toy"
ID = "https://framegraph.example/id/"


def made(kg: KnowledgeGraph) -> dict[str, Table]:
    return {t.name: t for t in tables(kg, Quads.of(kg))}


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    store = tmp_path_factory.mktemp("toy") / "store"
    write(assemble(TOY), store)
    return made(KnowledgeGraph.open(store))


def row(table: Table, label: str) -> dict[str, str]:
    return next(dict(zip(table.rows[0], r, strict=True)) for r in table.rows[1:] if r[1] == label)


def test_a_value_has_a_name_an_iri_and_a_source(toy: dict[str, Table]) -> None:
    """The source is the address of the passage; a text has no IRI."""
    gear = row(toy["machine"], "Gear")
    assert (gear["IRI"], gear["maker"], gear["maker (IRI)"]) == (ID + "gear", "Ada", ID + "ada")
    assert gear["maker (source)"] == "https://clockwork.example/manual#parts"
    assert gear["colour"] == "blue"
    assert "colour (IRI)" not in gear


def test_several_values_stand_in_step(toy: dict[str, Table]) -> None:
    """The third IRI and the third source belong to the third name."""
    gear = row(toy["machine"], "Gear")
    assert gear["uses"].split(PART) == ["Cog", "spring"]
    assert gear["uses (IRI)"].split(PART) == [ID + "cog", ID + "spring"]
    assert gear["uses (source)"].split(PART) == ["https://gazette.example/clocks#makers", "https://clockwork.example/manual#parts"]


def test_a_computed_value_is_cited_to_its_rule(toy: dict[str, Table]) -> None:
    """A rule has no page: its IRI."""
    assert row(toy["machine"], "Gear")["current version (source)"] == "https://framegraph.example/graph/rule/current-version"


def test_levels_and_other_names_are_columns(toy: dict[str, Table]) -> None:
    """What a thing has built in, and what else it is called."""
    assert row(toy["machine"], "Gear")["built in"] == "winding"
    assert row(toy["part"], "spring")["other names"] == "mainspring"


def test_remarks_documents_and_passages_are_tables(toy: dict[str, Table]) -> None:
    """So are releases; the language's own classes and levels are not."""
    assert {"machine", "part", "person", "remark", "claim", "statement", "document", "passage", "version", "feature"} <= set(toy)
    assert not {"class", "object-property", "level", "derivation"} & set(toy)
    assert row(toy["remark"], "rem-gear-use")["says"] == "Gear keeps the time in railway stations."


def test_classes_of_one_name_get_different_files(tmp_path: Path) -> None:
    """And two properties of one name different columns; classes with the very same things share a table."""
    path = tmp_path / "two.ttl"
    path.write_text(
        "@prefix a: <http://a.example/> . @prefix b: <http://b.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        'a:one a a:BigThing , b:Same ; a:size 1 ; b:size 2 . a:two a b:BigThing . b:Same rdfs:label "same" .'
    )
    found = made(KnowledgeGraph.open(path))
    assert {t.iri for t in found.values()} == {"http://b.example/Same", "http://b.example/BigThing"}
    path.write_text(path.read_text() + "a:three a a:BigThing .")
    found = made(KnowledgeGraph.open(path))
    assert {n: t.iri for n, t in found.items() if n.startswith("big")} == {
        "big-thing": "http://a.example/BigThing", "big-thing-2": "http://b.example/BigThing",
    }  # fmt: skip
    assert found["big-thing"].rows[0] == ("IRI", "label", "size", "size <http://b.example/size>")


def test_text_of_a_table_is_csv(tmp_path: Path) -> None:
    """Commas, quotes and line ends are quoted; lines end as RFC 4180 has it."""
    assert Table("t", "t", "", (("IRI", "label"), ("x", 'a, "b"\nc'))).text() == 'IRI,label\r\nx,"a, ""b""\nc"\r\n'
