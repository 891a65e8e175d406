"""What is old on a given day: records, passages by document, and facts that change by property."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph.stale import Stale

DAY = date(2027, 1, 1)  # the toy's passages were read on 2026-11-20, 42 days before


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.fixture
def toy(toy_data: Path) -> Path:
    """The toy, in which colours change; the article was read later."""
    edit(toy_data / "ontology.ttl", "o:colour a owl:DatatypeProperty ;", "o:colour a owl:DatatypeProperty ; fg:volatile true ;")
    facts = toy_data / "facts" / "machines.trig"
    edit(facts, 'clocks#makers> ; fg:retrieved "2026-11-20"', 'clocks#makers> ; fg:retrieved "2026-12-20"')
    return toy_data


def test_everything_is_counted_and_the_old_named(toy: Path) -> None:
    """A fact is as old as the newest passage that states it."""
    found = Stale.of(toy, 30, DAY)
    assert [(p.name, p.day, p.age) for p in found.packages] == [("Gear", "2026-11-20", 42)]
    assert [(d.name, d.count) for d in found.documents] == [("Manual, Clockwork", 1), ("Second manual, Clockwork", 1)]
    assert [(f.name, f.count, f.things) for f in found.facts] == [("colour", 2, ("Cog", "Gear"))]
    assert (found.package_count, found.passage_count, found.document_count, found.fact_count) == (1, 3, 3, 3)


def test_a_second_source_keeps_a_fact_fresh(toy: Path) -> None:
    """The article of December says red as well."""
    edit(toy / "facts" / "machines.trig", 'o:colour "blue"', 'o:colour "red"')
    assert [(f.count, f.things) for f in Stale.of(toy, 30, DAY).facts] == [(1, ("Cog",))]


def test_the_limit_itself_is_not_too_old(toy: Path) -> None:
    """Older than 42 days is nothing."""
    found = Stale.of(toy, 42, DAY)
    assert not found.any
    assert list(found.lines()) == [
        "Older than 42 days on 2027-01-01:",
        "  0 of 1 package records",
        "  0 of 3 passages, in 0 of 3 documents",
        "  0 of 3 facts that change",
    ]


def test_the_lines_begin_with_the_counts(toy: Path) -> None:
    """Then each group under its heading, oldest first."""
    lines = list(Stale.of(toy, 5, DAY).lines())
    assert lines[:4] == [
        "Older than 5 days on 2027-01-01:",
        "  1 of 1 package records",
        "  3 of 3 passages, in 3 of 3 documents",
        "  3 of 3 facts that change",
    ]
    assert lines[5] == "  Gear: 2026-11-20, 42 days"
    assert lines[-3] == "  2026-12-20, 12 days: On clocks, The Gazette (1 passage)"
    assert lines[-1] == "  2026-11-20, 42 days: colour, 3 of them: Cog, Gear"


def test_a_record_has_a_day_of_its_own(toy: Path) -> None:
    """Its passages are not counted among those that people read."""
    edit(toy / "packages" / "gear.json", '"2026-11-20"', '"2026-12-31"')
    found = Stale.of(toy, 30, DAY)
    assert found.packages == ()
    assert len(found.documents) == 2
