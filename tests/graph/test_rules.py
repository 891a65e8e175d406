"""Computed facts: the order of versions, the current one, the release that a qualifier means."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.build import Built, assemble
from graph.rules import ALL
from graph.terms import FACTS, FG, RDF, RULES, SOURCES
from graph.types import Iri

ID = "https://framegraph.example/id/"


@pytest.fixture
def built(toy_data: Path) -> Built:
    return assemble(toy_data)


def computed(built: Built, rule: str) -> dict[tuple[str, str], str]:
    """What a rule graph holds: (subject, property) -> value, by their last parts."""

    def last(term: object) -> str:
        return str(term).rsplit("/", 1)[-1].rsplit("#", 1)[-1]

    return {(last(s), last(p)): last(o) for s, p, o, g in built.quads if g == Iri(RULES + rule)}


def test_versions_are_ordered_as_versions(built: Built) -> None:
    """1.10 comes after 1.9, which a string or a decimal number would get wrong."""
    places = {s: int(o) for (s, p), o in computed(built, "version-order").items() if p == "versionOrder"}
    assert places == {"gear-1-2": 1, "gear-1-9": 2, "gear-1-10": 3}


def test_the_current_version_is_the_newest_final_release(built: Built) -> None:
    """Neither the release candidate nor the withdrawn 2.0, though both came later."""
    assert computed(built, "current-version") == {("gear", "current"): "gear-1-10", ("gear", "currentDate"): "2024-05-01"}


def test_a_qualifier_leads_to_its_release(built: Built) -> None:
    """The string "1.10" is linked to the release; "the first model" names none and stays words."""
    assert computed(built, "since-release") == {("st-gear-winding", "sinceRelease"): "gear-1-10"}
    kept = {str(o) for s, p, o, g in built.quads if g == FACTS and p.value.endswith("#since")}
    assert kept == {"1.10", "the first model"}


def test_equal_versions_written_differently_are_one(toy_data: Path) -> None:
    """1.10.0 means the release 1.10."""
    path = toy_data / "facts" / "machines.trig"
    path.write_text(path.read_text().replace('o:since "1.10"', 'o:since "1.10.0"'))
    assert computed(assemble(toy_data), "since-release") == {("st-gear-winding", "sinceRelease"): "gear-1-10"}


def test_computed_facts_stand_in_the_facts(built: Built) -> None:
    """What a rule computes is believed where nothing stronger is stated."""
    facts = {q[:3] for q in built.quads if q[3] == FACTS}
    assert {q[:3] for q in built.quads if q[3].value.startswith(RULES)} <= facts


def test_each_computed_fact_has_one_derivation(built: Built) -> None:
    """Rule, fact and passages are written down once for each."""
    facts = [q for q in built.quads if q[3].value.startswith(RULES)]
    nodes = {s for s, p, o, g in built.quads if g == SOURCES and (p, o) == (RDF.type, FG.Derivation)}
    assert len(nodes) == len(facts)


def test_each_rule_says_what_it_does(built: Built) -> None:
    """Every rule that ran has a title in the sources."""
    titled = {s.value for s, p, o, g in built.quads if g == SOURCES and (p, o) == (RDF.type, FG.Rule) and isinstance(s, Iri)}
    assert titled == {RULES + name for name, _, _ in ALL}


def test_a_stronger_source_overrules_a_rule(toy_data: Path) -> None:
    """By the toy's order a manual's current version beats the computed one, which stays in its rule graph."""
    path = toy_data / "facts" / "machines.trig"
    path.write_text(path.read_text() + "src:manual-2 { id:gear o:current id:gear-1-9 . }\n")
    built = assemble(toy_data)
    facts = {o for s, p, o, g in built.quads if g == FACTS and s == Iri(ID + "gear") and p.value.endswith("#current")}
    assert facts == {Iri(ID + "gear-1-9")}
    assert ("gear", "current") in computed(built, "current-version")


def test_releases_that_people_typed_are_no_complete_list(toy_data: Path) -> None:
    """A lone release in a curated passage does not become the current version of its thing."""
    path = toy_data / "facts" / "machines.trig"
    path.write_text(path.read_text() + 'src:manual-2 { id:cog doap:release id:cog-1 . id:cog-1 a doap:Version ; doap:revision "1" . }\n')
    assert not [s for s, p in computed(assemble(toy_data), "current-version") if s == "cog"]


def test_data_without_packages_have_no_rules(toy_data: Path) -> None:
    """Where nothing can be computed, no rule is described either."""
    (toy_data / "packages" / "gear.json").unlink()
    assert not [q for q in assemble(toy_data).quads if q[3].value.startswith(RULES) or q[2] == FG.Rule]


