"""Paths between things, asked of the store: one hop, else two, in every direction, and only by properties of the schema."""

from __future__ import annotations

import pytest

from assistant.connect import Connections, Hop
from graph import KnowledgeGraph
from graph.schema import Schema
from graph.types import Iri, Literal

B = "http://boat.example/"
BOATS = f"""
@prefix b: <{B}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
b:Ferry rdfs:subClassOf b:Boat .
b:heron a b:Boat ; b:built b:north ; b:builtBy b:ann ; b:length 12 , 9 ; b:name "Heron" .
b:swift a b:Boat ; b:built b:south ; b:ownedBy b:ann , b:ben .
b:tern a b:Ferry ; b:built b:north ; b:repaired b:south .
b:north a b:Yard ; b:town b:bridport .
b:south a b:Yard ; b:town b:looe .
b:ann a b:Person ; b:bornIn b:bridport .
b:ben a b:Person .
b:guild a b:Guild ; b:lists b:heron ; b:lists b:ben .
b:bridport a b:Town . b:looe a b:Town .
b:st a rdf:Statement ; rdf:subject b:heron ; rdf:predicate b:built ; rdf:object b:north ; b:length 3 .
"""


def iri(name: str) -> Iri:
    return Iri(B + name)


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory) -> Connections:
    """Boats, yards, people and towns."""
    path = tmp_path_factory.mktemp("boats") / "boats.ttl"
    path.write_text(BOATS, encoding="utf-8")
    kg = KnowledgeGraph.open(path)
    return Connections(kg, Schema.read(kg))


def said(paths: tuple[tuple[Hop, ...], ...]) -> list[str]:
    """'built>town': each hop by its local name, '^' before one that is gone backwards."""
    return [">".join(("^" if h.inverse else "") + h.property.value.removeprefix(B) for h in path) for path in paths]


def test_one_hop_from_a_class_to_a_thing(boats: Connections) -> None:
    """The properties by which some thing of the class, or of one below it, points at the target; most used first."""
    assert said(boats.to(iri("Boat"), iri("north"))) == ["built"]
    assert said(boats.to(iri("Boat"), iri("south"))) == ["built", "repaired"]


def test_one_hop_backwards(boats: Connections) -> None:
    """A thing that points at the things of the class is reached backwards."""
    assert said(boats.to(iri("Boat"), iri("guild"))) == ["^lists"]


def test_two_hops_only_where_one_does_not_lead_there(boats: Connections) -> None:
    """A town is reached through the yard or the builder; a yard directly, so no longer way is looked for."""
    assert set(said(boats.to(iri("Boat"), iri("bridport")))) >= {"built>town", "builtBy>bornIn"}
    assert all(len(path) == 1 for path in boats.to(iri("Boat"), iri("north")))


@pytest.mark.parametrize(
    ("start", "end", "path"),
    [
        ("heron", "bridport", "built>town"),
        ("swift", "tern", "built>^repaired"),
        ("north", "ann", "^built>builtBy"),
        ("north", "guild", "^built>^lists"),
    ],
)
def test_all_four_shapes_of_two_hops(boats: Connections, start: str, end: str, path: str) -> None:
    """Each hop may be gone either way."""
    assert path in said(boats.between(iri(start), iri(end)))


def test_nothing_leads_to_what_is_not_joined(boats: Connections) -> None:
    """No path is invented."""
    assert boats.to(iri("Town"), iri("guild")) == ()
    assert boats.between(iri("looe"), iri("guild")) == ()
    assert boats.to(iri("Boat"), iri("nowhere")) == ()


def test_between_two_things(boats: Connections) -> None:
    """The properties that join exactly these two, either way round."""
    assert said(boats.between(iri("heron"), iri("ann"))) == ["builtBy"]
    assert said(boats.between(iri("ann"), iri("heron"))) == ["^builtBy"]


def test_between_two_classes(boats: Connections) -> None:
    """How things of one class are joined to those of another."""
    assert said(boats.class_paths(iri("Boat"), iri("Person"))) == ["ownedBy", "builtBy"]
    assert said(boats.class_paths(iri("Person"), iri("Boat"))) == ["^ownedBy", "^builtBy"]
    assert boats.class_paths(iri("Town"), iri("Person")) == ((Hop(iri("bornIn"), True),),)


def test_paths_use_properties_of_the_schema_only(boats: Connections) -> None:
    """rdf:type, labels and the parts of a statement node are no paths."""
    known = set(boats.schema.properties)
    things = [iri(n) for n in ("heron", "north", "ann", "st")]
    paths = [p for a in things for b in things if a != b for p in boats.between(a, b)]
    assert {h.property for p in paths for h in p} <= known


def test_what_points_at_a_thing(boats: Connections) -> None:
    """Classes by how many of their things point straight at it."""
    assert boats.pointing(iri("south")) == (iri("Boat"), iri("Ferry"))
    assert boats.pointing(iri("ann")) == (iri("Boat"),)
    assert boats.pointing(iri("guild")) == ()


def test_holds(boats: Connections) -> None:
    """Whether there is any value, forwards or backwards."""
    assert boats.holds(iri("heron"), iri("built"))
    assert not boats.holds(iri("swift"), iri("builtBy"))
    assert boats.holds(iri("north"), iri("built"), True)
    assert not boats.holds(iri("heron"), iri("built"), True)


def test_values_are_sorted(boats: Connections) -> None:
    """All values once, things before literals, in a fixed order."""
    assert [v.value for v in boats.values(iri("heron"), iri("length"))] == ["12", "9"]
    assert boats.values(iri("north"), iri("built"), True) == (iri("heron"), iri("tern"))
    assert boats.values(iri("heron"), iri("name")) == (Literal("Heron"),)
    assert boats.values(iri("swift"), iri("length")) == ()


def test_qualified(boats: Connections) -> None:
    """Whether a statement node speaks of the two."""
    assert boats.qualified(iri("heron"), iri("north"))
    assert not boats.qualified(iri("swift"), iri("south"))


def test_the_store_is_asked_once(boats: Connections, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers are kept: the same question again runs no query."""
    first = boats.to(iri("Boat"), iri("looe"))
    monkeypatch.setattr(boats.kg, "query", lambda sparql: pytest.fail(f"asked again: {sparql}"))
    assert boats.to(iri("Boat"), iri("looe")) == first
