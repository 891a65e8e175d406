"""From how many independent sources the headline facts of the head are known: which passages are one source, and what is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.build import assemble
from graph.origins import Confirmed, Shared

SHARED = """@prefix fg: <https://framegraph.example/engine#> . @prefix id: <https://framegraph.example/id/> .
@prefix dct: <http://purl.org/dc/terms/> .
id:record a fg:Origin ; dct:publisher "the package index" ; fg:file "setup.py" .
id:papers a fg:Origin ; fg:sourceKind fg:Article .
id:head fg:head id:gear .
"""
REPOSITORY = "https://forge.example/clockwork/gear"


@pytest.fixture
def data(toy_data: Path) -> Path:
    """Gear is the head; its colour is "red" by the manual and "blue" by the gazette, which wins; what it uses is a headline, too."""
    (toy_data / "origins.ttl").write_text(SHARED)
    headline(toy_data, "o:uses a owl:ObjectProperty", 3)
    return toy_data


def headline(data: Path, declared: str, place: int) -> None:
    ontology = data / "ontology.ttl"
    text = ontology.read_text()
    assert declared in text
    ontology.write_text(text.replace(declared, f"{declared} ; fg:headline {place}"))


def confirmed(data: Path) -> Confirmed:
    return Confirmed.of(assemble(data), Shared.read(data))


def state(data: Path, document: str, kind: str, publisher: str, fact: str = 'id:gear o:colour "blue"', snapshot: str = "") -> None:
    """One passage more, in the toy's file of machines."""
    path = data / "facts" / "machines.trig"
    text = path.read_text()
    name = f"src:more-{text.count('src:more-')}"
    read = f" ; fg:snapshot <{snapshot}>" if snapshot else ""
    path.write_text(
        f"""{text}
g:sources {{ <{document}> a fg:Document ; dct:title "More"@en ; dct:publisher "{publisher}" ; fg:sourceKind fg:{kind} .
    {name} a fg:Passage ; prov:wasQuotedFrom <{document}> ; fg:section "More" ; schema:url <{document}> ;
        fg:retrieved "2026-11-20"^^xsd:date{read} . }}
{name} {{ {fact} }}
"""
    )


def colour(data: Path) -> tuple[int, ...]:
    return confirmed(data).cells["Gear", "colour"]


def test_only_what_the_head_is_known_for_counts(data: Path) -> None:
    """Headline facts that won, of things of the head: of Gear alone, each value of its own."""
    found = confirmed(data)
    assert found.cells == {("Gear", "maker"): (1,), ("Gear", "colour"): (1,), ("Gear", "uses"): (1, 1)}
    assert (found.facts, found.twice) == (4, 0)


def test_another_publisher_is_another_source(data: Path) -> None:
    """The gazette says blue, and so does the maker's manual."""
    state(data, "https://clockwork.example/colours", "OfficialDocumentation", "Clockwork")
    assert colour(data) == (2,)


@pytest.mark.parametrize(
    ("document", "kind", "publisher", "snapshot"),
    [
        ("https://clockwork.example/more", "OfficialDocumentation", "Clockwork", ""),
        ("https://clockwork.example/more", "OfficialDocumentation", "The Clockwork team", ""),
        ("https://docs.example/more", "OfficialDocumentation", "Clockwork", ""),
        ("https://elsewhere.example/colours", "Specification", "Others", f"{REPOSITORY}/blob/2222/docs/colours.rst#L7"),
    ],
)
def test_what_is_one_source(data: Path, document: str, kind: str, publisher: str, snapshot: str) -> None:
    """The same kind by one publisher or on one host; and one file, at whatever commit, under whatever address."""
    first = f"{REPOSITORY}/blob/1111/docs/colours.rst#L1-L3"
    state(data, "https://clockwork.example/colours", "OfficialDocumentation", "Clockwork", snapshot=first)
    state(data, document, kind, publisher, snapshot=snapshot)
    assert colour(data) == (2,)


def test_a_repository_is_one_source_and_its_packages_metadata_another(data: Path) -> None:
    """A licence file and a change log of one repository are one; what the metadata are made from is one with the metadata."""
    state(data, f"{REPOSITORY}/blob/1111/LICENCE", "Repository", "Clockwork")
    state(data, f"{REPOSITORY}/blob/2222/CHANGES.txt", "Repository", "The gear team")
    assert colour(data) == (2,)
    state(data, f"{REPOSITORY}/blob/1111/setup.py", "Repository", "Clockwork")
    assert colour(data) == (3,)
    state(data, "pkg:pypi/gear@1.10", "PackageMetadata", "the package index")
    assert colour(data) == (3,)
    state(data, "https://distribution.example/recipe", "PackageMetadata", "A distribution")
    assert colour(data) == (4,)


def test_articles_are_one_source(data: Path) -> None:
    """Who copied from whom is not said."""
    state(data, "https://herald.example/clocks", "Article", "The Herald")
    assert colour(data) == (1,)


def test_a_computed_version_is_confirmed_by_whoever_states_the_release(data: Path) -> None:
    """The newest release and its day come from a rule over the list of releases; a change log may state both."""
    headline(data, "o:current a owl:ObjectProperty", 4)
    headline(data, "o:currentDate a owl:DatatypeProperty", 5)
    version, day = ("Gear", "current version"), ("Gear", "date of the current version")
    before = confirmed(data).cells
    assert (before[version], before[day]) == ((1,), (1,))
    state(data, f"{REPOSITORY}/tags", "Repository", "Clockwork", "id:gear doap:release id:gear-1-10")
    known = confirmed(data).cells
    assert (known[version], known[day]) == ((2,), (1,))
    state(data, f"{REPOSITORY}/blob/1111/CHANGES.txt", "Repository", "Clockwork", 'id:gear-1-10 dct:issued "2024-05-01"^^xsd:date')
    assert confirmed(data).cells[day] == (2,)


def test_a_property_is_as_well_known_as_the_value_that_is_known_least(data: Path) -> None:
    """The table names it with the number of such values; the line sums up."""
    state(data, "https://clockwork.example/more", "Specification", "Others", "id:gear o:uses id:spring")
    state(data, "https://clockwork.example/colours", "OfficialDocumentation", "Clockwork")
    found = confirmed(data)
    by_thing, by_property = (grid.rows for grid in found.grids())
    assert by_thing == (("Gear", "1", "2", "0", "maker, uses (1 of 2)"),)
    assert by_property == (("maker", "0", "1", "0", "Gear"), ("colour", "1", "0", "0", ""), ("uses", "0", "1", "0", "Gear (1 of 2)"))
    assert list(found.lines()) == [
        "head: 2 of 4 headline facts of 1 things stand in two or more independent sources; "
        "whole properties: 1 in two or more, 2 in one, 0 not stated"
    ]


def test_data_without_a_head_are_told_nothing(toy_data: Path) -> None:
    """No line and no table."""
    found = confirmed(toy_data)
    assert (list(found.lines()), list(found.grids()), found.facts) == ([], [], 0)
