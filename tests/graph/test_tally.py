"""How much is known: what counts as a fact and what does not, and what is not stated of whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.build import assemble
from graph.tally import FEATURE, PROPERTY, QUALIFIER, REMARK, Tally


def tally(data: Path) -> Tally:
    return Tally.of(assemble(data))


def add(data: Path, text: str, file: str = "facts/machines.trig") -> Tally:
    path = data / file
    path.write_text(path.read_text() + text + "\n")
    return tally(data)


def test_facts_are_counted_by_kind(toy_data: Path) -> None:
    """Cog and Gear: makers, colours, parts, the year, and what the record says; three levels; a remark and a claim; what since."""
    found = tally(toy_data)
    assert found.kinds == {PROPERTY: 16, FEATURE: 2, REMARK: 2, QUALIFIER: 3}
    assert found.facts == 23
    assert found.things == 2
    assert found.neighbours == {"part": 2, "feature": 2, "platform": 2, "licence": 1, "person": 1}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('src:manual { id:cog o:built "1998"^^xsd:gYear }', PROPERTY),
        ("src:manual { id:gear fg:hasCore id:chime }", FEATURE),
        ('src:manual { id:rem-2 a fg:Remark ; fg:about id:cog ; fg:aspect id:aspect-use ; fg:says "It is round."@en }', REMARK),
        ('src:manual { id:st-gear-winding fg:note "by hand"@en }', QUALIFIER),
        ('src:manual { id:ada o:built "1970"^^xsd:gYear }', PROPERTY),
    ],
)  # fmt: skip
def test_what_counts(toy_data: Path, text: str, kind: str) -> None:
    """One fact more of its kind: of a thing, of a neighbour; a remark is one fact, with all that it is about."""
    before = tally(toy_data)
    assert add(toy_data, text).kinds == {**before.kinds, kind: before.kinds[kind] + 1}


@pytest.mark.parametrize(
    "text",
    [
        'g:terms { id:gear skos:altLabel "Wheel"@en ; fg:question "what is a wheel?"@en }',
        'src:manual { id:rem-gear-use fg:question "where does it stand?"@en ; fg:aspect id:aspect-use }',
        'src:manual { id:gear-1-10 o:built "2024"^^xsd:gYear }',
        'src:manual { id:elsewhere o:built "1970"^^xsd:gYear }',
        'src:manual { id:obs a <http://www.w3.org/ns/sosa/Observation> ; o:uses id:gear ; o:built "1" }',
        "src:manual-2 { id:gear o:maker id:ada }",
    ],
)
def test_what_does_not_count(toy_data: Path, text: str) -> None:
    """Names, ways of asking, releases, strangers, measurements, and a second source of a fact."""
    before = tally(toy_data)
    assert add(toy_data, text).kinds == before.kinds


def test_gaps_are_named_by_property(toy_data: Path) -> None:
    """Headline properties, and those whose domain is the focus class; a count of none is an answer."""
    ontology = toy_data / "ontology.ttl"
    text = ontology.read_text()
    ontology.write_text(
        text.replace("o:uses a owl:ObjectProperty ;", "o:uses a owl:ObjectProperty ; rdfs:domain o:Machine ;")
        + "o:usedCount a owl:DatatypeProperty ; fg:counts o:uses .\n"
    )
    assert tally(toy_data).gaps == {"colour": (), "maker": (), "uses": ("Cog",)}
    assert add(toy_data, "src:manual { id:cog o:usedCount 0 }").gaps["uses"] == ()


def test_things_with_few_remarks_are_named(toy_data: Path) -> None:
    """Remarks and claims together."""
    assert tally(toy_data).terse == ("Cog", "Gear")
    remarks = "".join(f'id:r{i} a fg:Remark ; fg:about id:gear ; fg:aspect id:aspect-use ; fg:says "No. {i}"@en . ' for i in range(3))
    assert add(toy_data, f"src:manual {{ {remarks} }}").terse == ("Cog",)


def test_the_lines_say_what_was_counted(toy_data: Path) -> None:
    """Facts, what is joined to the things, passages and documents."""
    lines = list(tally(toy_data).lines())
    assert lines[0].startswith("23 facts about 2 things and what is joined to them: 16 properties of things, 2 features with their level")
    assert lines[2] == "5 passages of 5 documents state something"


def test_the_shipped_data_are_large_enough() -> None:
    """The size that the project set itself: facts, passages, documents, a few remarks of everything, second sources for the head."""
    from graph.corpus import data_folder
    from graph.origins import Confirmed, Shared

    built = assemble(data_folder())
    found = Tally.of(built)
    assert found.facts >= 12_000
    assert found.passages >= 1_200
    assert found.documents >= 300
    assert found.neighbours["extension"] >= 150
    assert found.terse == ()
    head = Confirmed.of(built, Shared.read(data_folder()))
    assert head.twice >= 0.7 * head.facts
