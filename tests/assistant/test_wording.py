"""Words that go without saying are the dataset's to name; without them the nouns of its subject say little."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.wording import PLAIN, Wording
from assistant.words import LIGHT, STOP
from graph.schema import Schema
from graph.store import KnowledgeGraph

DATASET = """
@prefix fg: <https://framegraph.example/engine#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <urn:x:> .
:set a fg:Dataset ; fg:focusClass :Oil_Lamp {words} .
:Oil_Lamp rdfs:label "oil lamp" ; rdfs:subClassOf :Light . :Light rdfs:label "light source" .
:a a :Oil_Lamp ; rdfs:label "Aurora" ; :made 1900 . :b a :Light ; rdfs:label "Beacon" .
"""


def read(folder: Path, words: str) -> Wording:
    path = folder / "lamps.ttl"
    path.write_text(DATASET.replace("{words}", words), encoding="utf-8")
    kg = KnowledgeGraph.open(path)
    return Wording.read(kg, Schema.read(kg))


def test_a_dataset_names_its_own_words(tmp_path: Path) -> None:
    """Declared words join the engine's English, as they are written but for case and accents."""
    wording = read(tmp_path, '; fg:stopWord "Museum" ; fg:lightWord "lampé"')
    assert (wording.silent, wording.faint) == ({"museum"}, {"lampe"})
    assert wording.stop == STOP | {"museum"}
    assert wording.light == LIGHT | {"lampe"}
    assert wording.own == {"museum", "lampe"}


def test_without_any_the_nouns_of_the_subject_say_little(tmp_path: Path) -> None:
    """The labels of the focus class and of those above it, one and many."""
    wording = read(tmp_path, "")
    assert wording.silent == frozenset()
    assert {"oil", "lamp", "lamps", "light", "source", "sources"} <= wording.faint


def test_the_engine_alone_is_plain_english() -> None:
    """No word of a domain stands in the engine's lists."""
    assert PLAIN.own == frozenset()
    assert not (STOP | LIGHT) & {"python", "framework", "library", "software", "web", "app", "code", "developer", "project"}


@pytest.mark.parametrize("word", ["python", "project", "framework", "library", "web"])
def test_the_shipped_dataset_names_them(me: Assistant, word: str) -> None:
    """They stand in the data."""
    assert word in me.lexicon.wording.own
