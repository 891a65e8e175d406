"""Likeness and paths over statements: what few share counts most, and a path by way of what everything points at comes last."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import KnowledgeGraph
from graph.network import DAMPING, STEP, Network
from graph.schema import Schema
from graph.types import Fact, Iri

G = "http://garden.example/"
GARDEN = """
@prefix : <http://garden.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:rose a :Plant ; rdfs:label "rose" ; :colour :red ; :soil :loam ; :bed :north ; :height 90 ; :note "thorny" .
:poppy a :Plant ; rdfs:label "poppy" ; :colour :red ; :soil :loam ; :bed :south ; :height 60 ; :likes :rose .
:iris a :Plant ; rdfs:label "iris" ; :colour :blue ; :soil :loam ; :bed :south ; :height 90 .
:lily a :Plant ; rdfs:label "lily" ; :colour :white ; :soil :loam ; :bed :pond ; :height 90 ; :note "thorny" .
:fern a :Plant ; rdfs:label "fern" ; :soil :loam ; :bed :wall .
:moss a :Plant ; rdfs:label "moss" ; :soil :loam ; :bed :wall .
:ivy a :Plant ; rdfs:label "ivy" ; :soil :loam .
:ann a :Gardener ; rdfs:label "Ann" ; :tends :rose .
:ben a :Gardener ; rdfs:label "Ben" ; :tends :moss .
:cat a :Gardener ; rdfs:label "Cat" .
:north a :Bed . :south a :Bed . :pond a :Bed . :wall a :Bed . :red a :Colour . :blue a :Colour . :white a :Colour . :loam a :Soil .
"""
PLANTS = ["fern", "iris", "ivy", "lily", "moss", "poppy", "rose"]


def iri(name: str) -> Iri:
    return Iri(G + name)


def name(term: object) -> str:
    return str(term).removeprefix(G)


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Network:
    """A garden of seven plants, all in the same soil."""
    file = tmp_path_factory.mktemp("garden") / "garden.ttl"
    file.write_text(GARDEN, encoding="utf-8")
    kg = KnowledgeGraph.open(file)
    return Network(kg, Schema.read(kg))


def kin(garden: Network, thing: str) -> dict[str, float]:
    return {name(k.thing): k.score for k in garden.alike(iri(thing), iri("Plant"))}


def test_the_nearest_shares_what_few_have(garden: Network) -> None:
    """The poppy is red as the rose is and points at it; the lily shares a rare note; what all share makes nothing alike."""
    found = kin(garden, "rose")
    assert list(found) == ["poppy", "lily"]
    assert list(kin(garden, "fern")) == ["moss"]
    assert kin(garden, "ivy") == {}


def test_the_score_is_the_weighted_jaccard_similarity(garden: Network) -> None:
    """Fern and moss share all that counts of the two (a bed that only they have); the soil of all weighs nothing."""
    assert kin(garden, "fern") == {"moss": 1.0}


def test_what_is_shared_comes_with_the_facts_of_both(garden: Network) -> None:
    """The statements of each; figures that happen to be the same are none."""
    nearest = garden.alike(iri("rose"), iri("Plant"))[0]
    colour = next(s for s in nearest.shared if s.ours.predicate == iri("colour"))
    assert (colour.ours, colour.theirs) == (Fact(iri("rose"), iri("colour"), iri("red")), Fact(iri("poppy"), iri("colour"), iri("red")))
    assert not [s for k in garden.alike(iri("rose"), iri("Plant")) for s in k.shared if s.ours.predicate == iri("height")]


@given(one=st.sampled_from(PLANTS), other=st.sampled_from(PLANTS))
def test_likeness_is_mutual_and_between_nothing_and_one(garden: Network, one: str, other: str) -> None:
    """The same in both directions, 0 to 1, never of a thing with itself."""
    there, back = kin(garden, one), kin(garden, other)
    assert one not in there
    assert there.get(other) == back.get(one)
    assert all(0 < score <= 1 for score in there.values())


def test_a_statement_joins_two_things_in_either_direction(garden: Network) -> None:
    """The order in which two things are named does not matter."""
    fact = Fact(iri("poppy"), iri("likes"), iri("rose"))
    assert garden.direct(iri("rose"), iri("poppy")) == garden.direct(iri("poppy"), iri("rose")) == (fact,)
    assert garden.direct(iri("rose"), iri("fern")) == ()


def test_a_path_avoids_what_everything_points_at(garden: Network) -> None:
    """Rose and lily meet in their note, not in the soil of all plants; its cost is that of its degrees."""
    ways = garden.ways(iri("rose"), iri("lily"), 3)
    assert [[name(n) for n in w.nodes] for w in ways] == [["rose", "thorny", "lily"]]
    assert ways[0].cost == pytest.approx(2 * STEP + 2 * DAMPING * 0.6931, abs=1e-3)


def test_steps_follow_each_other(garden: Network) -> None:
    """Each step's facts hold its two ends; no thing is passed twice."""
    ways = garden.ways(iri("ann"), iri("iris"), 5)
    assert ways
    for way in ways:
        assert (way.nodes[0], way.nodes[-1]) == (iri("ann"), iri("iris"))
        assert len(set(way.nodes)) == len(way.nodes)
        for (a, b), step in zip(pairwise(way.nodes), way.steps, strict=True):
            assert all({f.subject, f.object} == {a, b} for f in step)


def test_what_nothing_joins_has_no_path(garden: Network) -> None:
    """Nor has a thing with itself, or one that the graph does not hold."""
    assert garden.ways(iri("ann"), iri("cat"), 3) == ()
    assert garden.ways(iri("ann"), iri("ann"), 3) == ()
    assert garden.ways(iri("ann"), iri("nobody"), 3) == ()


def test_values_that_class_things_are_told_from_their_own(garden: Network) -> None:
    """Seven plants share one soil; what each gardener tends is their own."""
    assert garden.classing(iri("soil"))
    assert not garden.classing(iri("tends"))


def test_an_empty_graph_holds_nothing_alike(tmp_path: Path) -> None:
    """No property, no likeness, no path."""
    file = tmp_path / "empty.ttl"
    file.write_text("<http://x.example/a> a <http://x.example/C> . <http://x.example/b> a <http://x.example/C> .", encoding="utf-8")
    kg = KnowledgeGraph.open(file)
    network = Network(kg, Schema.read(kg))
    a, b, cls = (Iri(f"http://x.example/{n}") for n in "abC")
    assert network.alike(a, cls) == ()
    assert network.ways(a, b, 3) == network.direct(a, b) == ()
