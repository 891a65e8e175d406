"""The page's worked queries run, whatever graph is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.guard import inspect
from graph.store import KnowledgeGraph
from ui.sparql_examples import GENERIC, SHOWN, Example, examples_for, read_examples

EXAMPLES = read_examples(Path(__file__).resolve().parents[2] / "data" / "examples")


@pytest.mark.parametrize("example", GENERIC, ids=lambda e: e.question)
def test_queries_for_any_graph_find_something_in_any_graph(example: Example, garden: KnowledgeGraph) -> None:
    """They name no term of a domain, pass the guard, and have results in a graph of plants."""
    inspect(example.query, base="http://localhost/", knows=lambda name: False)
    found = garden.query(example.query)
    assert found.rows or found.triples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.question)
def test_queries_that_come_with_the_data_pass_the_guard(example: Example) -> None:
    """They declare every prefix that they use, so that they run elsewhere too."""
    inspect(example.query, base="http://localhost/", knows=lambda name: False)
    declared = {line.split()[1] for line in example.query.splitlines() if line.startswith("PREFIX ")}
    body = [line for line in example.query.splitlines() if not line.startswith("PREFIX ")]
    for prefix in ("fg:", "o:", "id:", "dct:", "skos:", "prov:", "schema:"):
        assert (f" {prefix}" in " ".join(body).replace("/", " ").replace("(", " ")) == (prefix in declared), prefix


def test_ten_are_shown_for_either_kind_of_graph(garden: KnowledgeGraph, tmp_path: Path) -> None:
    """A graph of ours gets the queries of its data, a foreign one those for any graph."""
    assert len(EXAMPLES) >= SHOWN
    assert examples_for(garden) == EXAMPLES[:SHOWN]
    (tmp_path / "foreign.ttl").write_text("<a:s> <a:p> 1 .")
    assert examples_for(KnowledgeGraph.open(tmp_path / "foreign.ttl")) == GENERIC
    assert len(GENERIC) == SHOWN


def test_data_without_examples_gets_those_for_any_graph(garden: KnowledgeGraph, toy_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of data need not bring queries."""
    monkeypatch.setenv("FRAMEGRAPH_DATA", str(toy_data))
    assert examples_for(garden) == GENERIC
    assert read_examples(toy_data / "nowhere") == ()


def test_of_several_wordings_the_first_is_shown(tmp_path: Path) -> None:
    """One line an example, in the order of their names."""
    (tmp_path / "b.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
        '<x:b> a sh:SPARQLExecutable ; rdfs:comment "B?" , "Really B?" ; sh:ask " ASK {} " .'
        '<x:a> a sh:SPARQLExecutable ; rdfs:comment "A?" ; sh:select "SELECT * {}" .'
    )
    assert read_examples(tmp_path) == (Example("A?", "SELECT * {}"), Example("B?", "ASK {}"))
