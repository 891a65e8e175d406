"""Coverage counts what stands in the facts, by thing, by headline property and by feature."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.build import assemble
from graph.coverage import Coverage, focus_things
from graph.terms import FG
from graph.types import Iri

ID, ONTOLOGY = "https://framegraph.example/id/", "https://framegraph.example/ontology#"


@pytest.fixture
def coverage(toy_data: Path) -> Coverage:
    return Coverage.of(assemble(toy_data))


def test_things_are_those_of_the_focus_class(toy_data: Path) -> None:
    """The dataset says which class it is about."""
    assert focus_things(assemble(toy_data).corpus) == [Iri(ID + "cog"), Iri(ID + "gear")]


def test_remarks_and_claims_are_counted_apart(coverage: Coverage) -> None:
    """A claim is somebody's opinion and no remark of ours."""
    assert {t.label: (t.remarks, t.claims) for t in coverage.things} == {"Cog": (0, 0), "Gear": (1, 1)}


def test_headline_properties_are_counted_by_thing_and_over_all(coverage: Coverage) -> None:
    """Both machines have a maker and a colour."""
    assert all(t.headlines == {Iri(ONTOLOGY + "maker"), Iri(ONTOLOGY + "colour")} for t in coverage.things)
    assert coverage.properties == {Iri(ONTOLOGY + "maker"): 2, Iri(ONTOLOGY + "colour"): 2}


def test_only_winning_levels_count(coverage: Coverage) -> None:
    """What lost the resolution is not covered twice."""
    assert coverage.features[Iri(ID + "winding")] == {FG.hasCore: 1}
    assert coverage.features[Iri(ID + "chime")] == {FG.hasCore: 1}


def test_levels_are_ordered_by_rank(coverage: Coverage) -> None:
    """The most complete level first."""
    assert coverage.levels == (FG.hasCore, FG.lacks)


def test_there_is_a_row_for_every_thing_property_and_feature(coverage: Coverage) -> None:
    """Three tables, none of them cut."""
    assert [table.row_count for table in coverage.tables()] == [2, 2, 2]
