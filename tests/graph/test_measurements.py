"""Measurements: what of an observation, its run and its setup is read, which figures compare, and the plain rows of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import KnowledgeGraph
from graph.audit import audit
from graph.measurements import Measurements, rows
from graph.terms import DCT
from graph.types import Iri
from tests.assistant.orchard import TURTLE

BASE = "https://example.org/orchard/"
ALONE = """
@prefix : <https://example.org/orchard/> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix schema: <https://schema.org/> .
:a a sosa:Observation ; sosa:hasFeatureOfInterest :pond ; sosa:observedProperty :depth ; sosa:hasSimpleResult 2.5 ; schema:unitText "m" ;
    sosa:usedProcedure :sounding ; sosa:resultTime "2025-05-01" ; schema:softwareVersion "7" ; :weather "dry" .
:b a sosa:Observation ; sosa:hasFeatureOfInterest :pond ; sosa:observedProperty :depth ; sosa:hasSimpleResult "deep" .
:c a sosa:Observation ; sosa:observedProperty :depth ; sosa:hasSimpleResult 3 .
"""


def opened(folder: Path, text: str) -> Measurements:
    path = folder / "data.ttl"
    path.write_text(text, encoding="utf-8")
    return Measurements(KnowledgeGraph.open(path))


@pytest.fixture
def orchard(tmp_path: Path) -> Measurements:
    return opened(tmp_path, TURTLE)


def test_what_the_run_says_belongs_to_each_of_its_figures(orchard: Measurements) -> None:
    """Test, date and circumstances stand with the run and are read with the figure, each as a fact of its own."""
    found = orchard.of([Iri(BASE + "russet")], [Iri(BASE + "weight")])
    assert [(m.value, m.unit, m.date, m.test) for m in found] == [(180.0, "g", "2025-09-01", Iri(BASE + "juice"))]
    assert {(p.value.removeprefix(BASE), v.value) for p, v in found[0].circumstances} == {("warmth", "4"), ("scales", "brass scales")}
    assert str(found[0].facts[0].object) == "180"


def test_figures_of_one_run_go_together(orchard: Measurements) -> None:
    """Two figures compare where one run measured both, whatever their quantity; another year is another run."""
    together: dict[object, set[str]] = {}
    for m in orchard.of(quantities=[Iri(BASE + "sugar")]):
        together.setdefault(m.together, set()).add(f"{m.thing.value.removeprefix(BASE)} {m.date[:4]}")
    assert {"russet 2025", "pippin 2025", "codlin 2025"} in together.values()
    assert {"russet 2024", "pippin 2024"} in together.values()


def test_an_observation_may_say_all_itself(tmp_path: Path) -> None:
    """Without runs: test, date, version and any other literal are the observation's own; what has no number or no thing is left out."""
    alone = opened(tmp_path, ALONE)
    assert [(m.value, m.date, m.version, m.run) for m in alone.all] == [(2.5, "2025-05-01", "7", None)]
    assert alone.all[0].together == (Iri(BASE + "sounding"), "2025-05-01", alone.all[0].circumstances)
    assert [t.label for t in alone.quantities.values()] == ["depth"]


def test_a_circumstance_is_told_where_runs_of_a_test_differ_in_it(orchard: Measurements) -> None:
    """The temperature tells two runs of the juice test apart, the scales do not."""
    assert {p.value.removeprefix(BASE) for p in orchard.telling} == {"warmth"}


def test_words_and_ends_come_from_the_data(orchard: Measurements) -> None:
    """Names, adjectives for each end and the rank of a quantity are what the graph says."""
    sugar = next(iter(orchard.quantities.values()))
    assert (sugar.label, "sweetness" in sugar.names, "sweeter" in sugar.high, "sourest" in sugar.low) == ("sugar content", True, True, True)
    assert [b.label for b in orchard.benchmarks.values()] == ["Hill Laboratory", "Valley Laboratory"]


def test_rows_are_plain_and_in_a_steady_order(orchard: Measurements) -> None:
    """What a table or a plot needs, as texts and numbers; the same whatever the order in which things are asked for."""
    things = [Iri(BASE + "pippin"), Iri(BASE + "codlin")]
    found = rows(orchard, things)
    assert found == rows(orchard, things[::-1])
    first = found[0]
    assert [first[k] for k in ("thing_label", "metric", "benchmark", "value")] == ["Codlin", "sugar content", "Hill Laboratory", 10.0]
    assert first["passage"].endswith("data.ttl")


def test_a_graph_without_measurements_has_none(tmp_path: Path) -> None:
    """Nothing is read and nothing is missing."""
    none = opened(tmp_path, "<https://example.org/a> <https://example.org/b> 1 .")
    assert (none.all, none.words, none.of(), rows(none, [])) == ((), (), (), [])


def test_every_shipped_figure_has_its_context() -> None:
    """No figure without unit, test, date, run, benchmark, publisher and the passage that states it."""
    shipped = Measurements(KnowledgeGraph.open())
    assert len(shipped.all) > 1500
    assert [m.iri for m in shipped.all if not (m.unit and m.test and m.date and m.run and m.value >= 0)] == []
    found = rows(shipped, shipped.by_thing)
    assert [r for r in found if not (r["publisher"] and r["url"] and r["passage"] and r["benchmark"] and r["thing_label"])] == []


def test_figures_are_not_drawn_for_the_audit_of_facts(orchard: Measurements) -> None:
    """What a program read is checked as a whole; of the orchard, colours, months in store and whose a test is remain."""
    drawn = audit(orchard.kg, 1000, 1).entries
    assert {e.fact.predicate.value.removeprefix(BASE) for e in drawn} == {"colour", "keeps", DCT.isPartOf.value}
