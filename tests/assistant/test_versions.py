"""Version strings compared as versions, in requirements too, and questions over a graph that states them as plain text."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.versions import allows, are_versions, lower, meets, number

HOUSES = """
@prefix h: <http://houses.example/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
h:Machine a owl:Class ; rdfs:label "machine"@en .
h:firmware a owl:DatatypeProperty ; rdfs:label "required Firmware"@en .
h:gateway a owl:DatatypeProperty ; rdfs:label "gateway"@en .
h:loom a h:Machine ; rdfs:label "Loom"@en ; h:firmware ">=3.9" ; h:gateway "10.0.0.1" .
h:press a h:Machine ; rdfs:label "Press"@en ; h:firmware ">=3.10,<5" ; h:gateway "10.0.0.2" .
h:lathe a h:Machine ; rdfs:label "Lathe"@en ; h:firmware ">=3.12" ; h:gateway "10.0.0.3" .
h:crane a h:Machine ; rdfs:label "Crane"@en ; h:firmware ">=2.7" ; h:gateway "10.0.0.4" .
"""
RELEASES = """
@prefix fg: <https://framegraph.example/engine#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
h:runsOn a owl:ObjectProperty ; rdfs:label "supported firmware"@en ; skos:altLabel "runs on Firmware"@en .
h:Release a owl:Class ; rdfs:label "release"@en .
h:r38 a h:Release ; rdfs:label "Firmware 3.8"@en .
h:r39 a h:Release ; rdfs:label "Firmware 3.9"@en .
h:loom h:runsOn h:r39 .
h:firmware fg:bounds h:runsOn .
"""


@pytest.mark.parametrize(
    ("text", "begins"),
    [("3.11", (3, 11)), (">=3.10,<4", (3, 10)), ("<4.0,>=3.8", (3, 8)), ("~=3.7", (3, 7)), ("<5", None), ("soon", None), ("", None)],
)
def test_where_a_requirement_begins(text: str, begins: tuple[int, ...] | None) -> None:
    """The lower bound, wherever it stands; none where there is none."""
    assert lower(text) == begins


def test_versions_are_no_numbers() -> None:
    """3.9 comes before 3.11, and 3.10 is not 3.1."""
    assert meets((3, 9), "<", (3, 11))
    assert not meets((3, 10), "=", (3, 1))
    assert meets((3, 12), ">=", (3, 12, 0))
    assert number("v2.0.1") == (2, 0, 1)
    assert number("2010-01-02") is None


def test_what_looks_like_versions() -> None:
    """Numbers with points; no addresses, no plain numbers, no words."""
    assert are_versions(["3.9", ">=3.10,<4"])
    assert not are_versions(["10.0.0.1", "10.0.0.2"])
    assert not are_versions(["12", "13"])
    assert not are_versions(["3.9", "any"])
    assert not are_versions([])


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    path: Path = tmp_path_factory.mktemp("machines") / "machines.ttl"
    path.write_text(HOUSES, encoding="utf-8")
    return Assistant.open(path)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The same machines, with the releases of their firmware as things."""
    path: Path = tmp_path_factory.mktemp("released") / "machines.ttl"
    path.write_text(HOUSES + RELEASES, encoding="utf-8")
    return Assistant.open(path)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which machines need at least Firmware 3.10?", ["Lathe", "Press"]),
        ("Which machines require Firmware 3.12 or newer?", ["Lathe"]),
        ("Which machines run on a Firmware older than 3.10?", ["Crane", "Loom"]),
        ("machines with a required Firmware below 3.9", ["Crane"]),
        ("Which machines need more than Firmware 3.9?", ["Lathe", "Press"]),
    ],
)
def test_ranges_over_versions(machines: Assistant, question: str, names: list[str]) -> None:
    """Where versions are plain text, a range still compares them as versions."""
    answer = machines.answer(question)
    assert sorted(answer.names) == names, (answer.understood, answer.text)


def test_a_requirement_against_another(machines: Assistant) -> None:
    """Whether one thing asks for more than another."""
    assert machines.answer("Is the Firmware requirement of Lathe stricter than that of Loom?").text.startswith(("Yes", "No"))
    assert machines.answer("Does Press need at least Firmware 3.9?").text.startswith("Yes")
    assert not machines.answer("Does Loom need at least Firmware 3.11?").text.startswith("Yes")


@pytest.mark.parametrize(
    ("requirement", "version", "room"),
    [
        (">=3.12", (3, 9), False), (">=3.9.2", (3, 9), True), (">=3.8,<3.13", (3, 13), False), (">=3.8,<4", (3, 13), True),
        ("!=3.9.*,>=3.8", (3, 9), False), ("!=3.9.1,>=3.8", (3, 9), True), ("~=3.8", (3, 12), True), ("~=3.8", (4, 0), False),
        ("^3.8", (3, 12), True), (">3.9", (3, 9), False), (">3.9.1", (3, 9), True), ("<=3.9", (3, 9), True), ("<3.9.5", (3, 9), True),
        ("==3.9.*", (3, 9), True), ("3.9", (3, 10), False), (">=3.7", (3,), True), (">=3.10", (2, 7), False), ("soon", (3,), None),
    ],
)  # fmt: skip
def test_whether_a_requirement_leaves_a_line_room(requirement: str, version: tuple[int, ...], room: bool | None) -> None:
    """A line stands for all of its versions."""
    assert allows(requirement, version) is room


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Does the Loom run on Firmware 3.9?", "Yes."),  # a name that begins with the end of the property's
        ("Does the Loom run on Firmware 3.8?", "No. "),  # it requires a later one
        ("Does the Press run on Firmware 3.9?", "No. "),
        ("Does the Crane run on Firmware 3.9?", "Not stated"),  # its requirement allows it, no more
    ],
)
def test_a_requirement_rules_versions_out(released: Assistant, question: str, opening: str) -> None:
    """What bounds a property denies its values; what it allows is not affirmed by it."""
    assert released.answer(question).text.startswith(opening)
