"""Names in the graph, compiled once: labels, aliases, short values, by stems and by squashed spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.lexicon import Lexicon, key, squash
from assistant.types import Link
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.schema import Schema
from graph.types import Iri, Literal

C = "http://camera.example/"
CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"
NAMES = """
@prefix n: <http://n.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
n:one a n:Boat ; skos:prefLabel "Grey Heron"@en , "Reiher"@de ; rdfs:label "The Heron"@en ; skos:altLabel "GH-1"@en , "Fischreiher"@de .
n:two a n:Boat ; foaf:name "Swift" ; skos:hiddenLabel "Swfit" ; n:hull "green oak" ;
    n:note "a text that is far too long to be the name of anything at all" .
n:three a n:Boat ; n:hull "1,234" , "eiche"@de .
n:four a n:Boat ; rdfs:label "Grey Goose"@en ; n:builtIn "1920" .
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    """The names of the cameras."""
    kg = KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras")))
    return Lexicon.compile(kg, Schema.read(kg))


@pytest.fixture(scope="module")
def boats(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    """Names in several vocabularies and languages, and one thing without any."""
    path = tmp_path_factory.mktemp("boats") / "boats.ttl"
    path.write_text(NAMES, encoding="utf-8")
    kg = KnowledgeGraph.open(path)
    return Lexicon.compile(kg, Schema.read(kg))


def named(lexicon: Lexicon, text: str) -> list[Link]:
    return list(lexicon.by_key.get(key(text), ()))


def test_a_key_is_the_stems_of_a_name() -> None:
    """Plurals and case do not matter to a key, nor gaps and hyphens to a squashed name."""
    assert key("Oil Lamps") == key("oil lamp")
    assert squash("Time-lapse") == squash("timelapse") == "timelapse"


@pytest.mark.parametrize(
    ("text", "iri", "kind", "score"),
    [
        ("Ardex One", "ardex-one", "entity", 1.0),
        ("A1", "ardex-one", "entity", 0.97),
        ("filming", "video", "entity", 0.97),
        ("steadyshot", "stabiliser", "entity", 0.93),
        ("cameras", "Camera", "class", 1.0),
        ("weight", "weight", "property", 1.0),
        ("released", "sold", "property", 0.97),
        ("built in", "builtIn", "level", 1.0),
        ("purpose", "aspect-purpose", "aspect", 1.0),
        ("travel", "need-travel", "need", 1.0),
    ],
)
def test_every_kind_of_name(shelf: Lexicon, text: str, iri: str, kind: str, score: float) -> None:
    """Things, classes, properties, level words, aspects and needs are found by their names; a label counts most, a misspelling least."""
    link = next(n for n in named(shelf, text) if n.iri.value == C + iri)
    assert (link.kind, link.score) == (kind, score)
    assert shelf.kinds[Iri(C + iri)] == kind


def test_the_word_for_the_usual_levels_is_no_mention(shelf: Lexicon) -> None:
    """A level word that is the default asks for nothing of its own."""
    assert not named(shelf, "supported")


def test_a_short_value_is_a_name_of_its_property(shelf: Lexicon) -> None:
    """'matt black' links to the property that holds it, with the literal."""
    (link,) = named(shelf, "matt black")
    assert (link.iri, link.kind) == (Iri(C + "finish"), "value")
    assert link.value is not None
    assert link.value.value == "matt black"


def test_links_of_a_name_are_best_first(shelf: Lexicon) -> None:
    """Every entry is ordered by score, then by IRI, so that the order never hangs on the order of reading."""
    for links in (*shelf.by_key.values(), *shelf.by_squash.values()):
        assert list(links) == sorted(links, key=lambda n: (-n.score, n.iri))


def test_words_of_longer_names(shelf: Lexicon) -> None:
    """A word leads to the few things whose longer names hold it."""
    assert [n.iri.value for n in shelf.by_word["corvo"]] == [C + "corvo", C + "corvo-three"]
    assert all(n.how == "part of the name" and n.score < 0.8 for n in shelf.by_word["corvo"])


def test_the_preferred_label_is_the_name(boats: Lexicon) -> None:
    """skos:prefLabel before rdfs:label, English before other languages; the other labels are found too."""
    assert boats.labels[Iri("http://n.example/one")] == "Grey Heron"
    assert [n.iri.value for n in named(boats, "the heron")] == ["http://n.example/one"]
    assert not named(boats, "Reiher")
    assert not named(boats, "Fischreiher")


def test_names_of_other_vocabularies(boats: Lexicon) -> None:
    """foaf:name is a label, skos:hiddenLabel a misspelling."""
    assert named(boats, "swift")[0].score == 1.0
    assert named(boats, "Swfit")[0].score == pytest.approx(0.93)


def test_what_has_no_label_is_called_by_its_iri(boats: Lexicon) -> None:
    """A label is made of the last part of the IRI, and is no surface to link to."""
    thing = Iri("http://n.example/three")
    assert thing not in boats.labels
    assert boats.label(thing) == "three"
    assert boats.label(Iri("http://n.example/terms#is-near")) == "is near"


def test_long_texts_and_figures_are_no_names(boats: Lexicon) -> None:
    """Values of more than forty characters or without a letter are not names."""
    values = [n.value for links in boats.by_key.values() for n in links if n.kind == "value"]
    assert Literal("green oak") in values
    assert all(v is not None and len(v.value) <= 40 and any(c.isalpha() for c in v.value) for v in values)


def test_a_property_without_a_label_is_named_by_its_words(boats: Lexicon) -> None:
    """'builtIn' is asked for as 'built in'."""
    assert [n.kind for n in named(boats, "built in")] == ["property"]


def test_classes_of_a_thing_include_those_above(me: Assistant) -> None:
    """is_a sees superclasses; a thing is of no class that it does not have."""
    lexicon, schema = me.lexicon, me.schema
    below = {c.iri: c.parents for c in schema.classes.values() if c.parents & set(schema.classes)}
    things = [(t, c, up) for t, classes in lexicon.classes_of.items() for c in classes & set(below) for up in below[c]]
    assert all(lexicon.is_a(t, c, up) and lexicon.is_a(t, up) for t, c, up in things)
    assert not lexicon.is_a(Iri("http://nowhere.example/x"), *schema.classes)


def test_every_thing_of_the_shipped_focus_is_found_by_its_label(me: Assistant) -> None:
    """No label of a thing that the dataset is about is lost in compiling."""
    focus = me.schema.focus
    assert focus is not None
    things = [t for t in me.lexicon.classes_of if me.lexicon.is_a(t, focus)]
    assert things
    assert [t for t in things if t not in {n.iri for n in named(me.lexicon, me.lexicon.label(t))}] == []
