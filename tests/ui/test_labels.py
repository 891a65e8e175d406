"""Terms are called by their labels, and by something a reader can use where they have none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graph.store import KnowledgeGraph
from graph.types import Blank, Fact, Iri, Literal
from ui.labels import Labels, Names, words_of

G = "http://garden.example/"


def test_labels_are_read_from_the_graph_in_english_first(garden: KnowledgeGraph, samples: Any) -> None:
    """A fact is three pieces of text."""
    names = Labels(garden).learn([samples.colour])
    assert names.fact(samples.colour) == ("Rose", "colour", "red")


def test_what_has_no_label_is_named_by_what_it_is_about(garden: KnowledgeGraph, samples: Any) -> None:
    """Remarks and statements with qualifiers say what they speak of."""
    qualified = Fact(Iri(G + "st1"), Iri(G + "since"), Literal("1850"))
    names = Labels(garden).learn([samples.says, qualified])
    assert names.fact(samples.says) == ("About Rose", "says", "Roses like clay.")
    assert names.fact(qualified) == ("About Rose, red", "since", "1850")
    assert G + "remark1" not in names.known


def test_a_measurement_is_called_by_what_was_measured(tmp_path: Path) -> None:
    """The quantity and the thing; a run by its test."""
    file = tmp_path / "measured.ttl"
    file.write_text(
        """@prefix d: <http://garden.example/> . @prefix sosa: <http://www.w3.org/ns/sosa/> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        d:m sosa:hasFeatureOfInterest d:rose ; sosa:observedProperty d:height ; sosa:hasSimpleResult 120 .
        d:run sosa:usedProcedure d:yardstick .
        d:rose skos:prefLabel "Rose"@en . d:height skos:prefLabel "height"@en . d:yardstick skos:prefLabel "yardstick"@en .""",
        encoding="utf-8",
    )
    sosa = "http://www.w3.org/ns/sosa/"
    stated = ((G + "m", sosa + "hasSimpleResult"), (G + "run", sosa + "usedProcedure"))
    facts = [Fact(Iri(s), Iri(p), Literal("120")) for s, p in stated]
    names = Labels(KnowledgeGraph.open(file)).learn(facts)
    assert [names.thing(f.subject) for f in facts] == ["height of Rose", "Run of yardstick"]


def test_a_term_without_anything_is_its_address_or_the_end_of_it() -> None:
    """Properties are words; things keep their address, which tells more than its end."""
    names = Names()
    assert names.property(Iri("http://e/x#firstReleased")) == "first released"
    assert names.property(Iri("http://e/has2Parts")) == "has2 parts"
    assert names.thing(Iri("http://e/x#anOak")) == "an oak"
    assert names.thing(Iri("https://e/things/oak/")) == "e/things/oak"
    assert names.thing(Literal("as it is")) == "as it is"
    assert names.thing(Blank("b0")) == "something unnamed"
    assert words_of("http:///") == "http:"


def test_names_are_remembered(garden: KnowledgeGraph, samples: Any, monkeypatch: Any) -> None:
    """What was met before is not looked up again."""
    labels = Labels(garden)
    labels.learn([samples.colour, samples.says])
    monkeypatch.setattr(garden, "query", None)
    assert labels.learn([samples.colour, samples.says]).thing(Iri(G + "rose")) == "Rose"
