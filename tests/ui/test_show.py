"""One thing on one page: found by any of its names, each line with the passages that state it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.types import Iri
from ui.show import card, find

ID = "https://framegraph.example/id/"


@pytest.fixture
def toy(toy_data: Path, tmp_path: Path) -> KnowledgeGraph:
    return KnowledgeGraph.open(ensure_built(toy_data, tmp_path / "cache"))


@pytest.mark.parametrize("name", ["spring", "Mainspring", " SPRING "])
def test_a_thing_is_found_by_any_of_its_names(toy: KnowledgeGraph, name: str) -> None:
    """Label or alias, whatever the case."""
    assert find(toy, name) == [Iri(ID + "spring")]


def test_a_name_with_quotes_is_only_a_name(toy: KnowledgeGraph) -> None:
    """Nothing that is typed becomes part of the query."""
    assert find(toy, 'x") } DROP ALL #') == []


def test_the_thing_in_focus_comes_before_its_namesakes(toy_data: Path, tmp_path: Path) -> None:
    """A part that is also called Gear is not what was meant."""
    path = toy_data / "terms" / "things.ttl"
    path.write_text(path.read_text() + 'id:gear-part a o:Part ; skos:prefLabel "gear"@en .\n')
    assert find(KnowledgeGraph.open(ensure_built(toy_data, tmp_path / "cache")), "gear") == [Iri(ID + "gear")]


def test_a_line_names_property_value_and_passages(toy: KnowledgeGraph) -> None:
    """In words, not IRIs; what is computed says by which rule."""
    out = io.StringIO()
    Console(file=out, width=200).print(card(toy, Iri(ID + "gear")))
    lines = out.getvalue().splitlines()
    assert any("maker" in line and "Ada" in line and "Manual: Parts" in line for line in lines)
    assert any("current version" in line and "Gear 1.10" in line and "newest final release" in line for line in lines)
    assert not any("Bob" in line for line in lines)


def test_a_foreign_file_is_its_own_source(tmp_path: Path) -> None:
    """Without passages the file is named."""
    file = tmp_path / "boats.ttl"
    file.write_text('<https://b.example/1> <http://www.w3.org/2000/01/rdf-schema#label> "Tern" ; <https://b.example/sail> "red" .')
    kg = KnowledgeGraph.open(file)
    (boat,) = find(kg, "tern")
    out = io.StringIO()
    Console(file=out, width=120).print(card(kg, boat))
    assert "boats.ttl" in out.getvalue()
