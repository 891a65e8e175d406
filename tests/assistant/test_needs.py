"""The kinds of project: each can be named, described and computed with, in terms that the graph knows."""

from __future__ import annotations

from collections import defaultdict

import pytest

from assistant import Assistant
from graph.terms import FG, PROV, SKOS
from graph.types import Iri, Term

WANTS = (FG.requiresFeature, FG.prefersFeature, FG.requiresValue, FG.prefersValue)


@pytest.fixture(scope="module")
def needs(me: Assistant) -> dict[Term, dict[Term, list[Term]]]:
    """Need -> property -> values, as the built graph has them."""
    found: dict[Term, dict[Term, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in me.graph.query(f"SELECT ?n ?p ?o {{ ?n a {FG.Need.n3} ; ?p ?o }}"):
        found[row["n"]][row["p"]].append(row["o"])
    return found


def test_the_common_kinds_of_project_are_there(needs: dict[Term, dict[Term, list[Term]]]) -> None:
    """For the web and beyond it: games, command lines, programs with windows, data, models, tests."""
    assert len(needs) >= 60


def test_what_a_need_is_argued_from_is_a_passage(needs: dict[Term, dict[Term, list[Term]]], me: Assistant) -> None:
    """Where a source is named, it is one of the graph's passages."""
    passages = {row["p"] for row in me.graph.query(f"SELECT ?p {{ GRAPH ?g {{ ?p a {FG.Passage.n3} }} }}")}
    assert all({*told[PROV.wasDerivedFrom]} <= passages for told in needs.values())


def test_each_need_can_be_told_and_recognised(needs: dict[Term, dict[Term, list[Term]]]) -> None:
    """One label, other names, ways of describing it, and one sentence of reason."""
    for need, told in needs.items():
        assert len(told[SKOS.prefLabel]) == len(told[FG.why]) == 1, need
        assert len(told[SKOS.altLabel]) >= 2, need
        assert len(told[FG.phrasing]) >= 2, need
        assert str(told[FG.why][0]).endswith("."), need


def test_each_need_asks_for_something_that_has_a_name(needs: dict[Term, dict[Term, list[Term]]], me: Assistant) -> None:
    """What a need requires or prefers is a node with a label; features are features."""
    labelled = {row["x"] for row in me.graph.query(f"SELECT ?x {{ ?x {SKOS.prefLabel.n3} ?l }}")}
    features = {row["x"] for row in me.graph.query(f"SELECT ?x {{ ?x a {FG.Feature.n3} }}")}
    for need, told in needs.items():
        wanted = {o for p in WANTS for o in told[p]}
        assert wanted, need
        assert wanted <= labelled, need
        assert {o for p in (FG.requiresFeature, FG.prefersFeature) for o in told[p]} <= features, need


def test_claims_of_fit_name_needs(needs: dict[Term, dict[Term, list[Term]]], me: Assistant) -> None:
    """Whatever a claim says a thing suits, or does not suit, is one of the needs."""
    rows = me.graph.query(f"SELECT DISTINCT ?n {{ {{ ?c {FG.suits.n3} ?n }} UNION {{ ?c {FG.unsuited.n3} ?n }} }}")
    assert {row["n"] for row in rows if isinstance(row["n"], Iri)} <= set(needs)


def test_no_two_needs_share_a_name(needs: dict[Term, dict[Term, list[Term]]]) -> None:
    """A name of one kind of project is no other's."""
    names = [str(o).casefold() for told in needs.values() for p in (SKOS.prefLabel, SKOS.altLabel) for o in told[p]]
    assert sorted(names) == sorted(set(names))
