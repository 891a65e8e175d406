"""Each defect that a check looks for is found in a sound dataset into which it was put, and nothing else is."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from graph.check import ERROR, Report, check
from graph.corpus import data_folder

SHAPES = "shapes.ttl"


@pytest.fixture
def data(toy_data: Path) -> Path:
    """The toy with the shipped shapes, which know nothing of its domain."""
    (toy_data / SHAPES).write_text((data_folder() / SHAPES).read_text(encoding="utf-8"), encoding="utf-8")
    return toy_data


def add(data: Path, text: str, file: str = "facts/machines.trig") -> Report:
    path = data / file
    path.write_text(path.read_text() + text + "\n")
    return check(data)


def kinds(report: Report) -> set[str]:
    return {f.kind for f in report.findings}


def test_a_sound_dataset_has_no_findings(data: Path) -> None:
    """The toy is sound, and its contested keys are counted without being errors."""
    report = check(data)
    assert report.findings == ()
    assert report.contested == 4


def test_the_shipped_data_are_sound() -> None:
    """No error in the data of this checkout; the message lists those there are."""
    report = check(data_folder())
    assert [f for f in report.findings if f.severity == ERROR] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("src:nowhere { id:gear o:uses id:cog }", "facts without a source"),
        ("id:elsewhere { id:gear o:uses id:cog }", "fact outside a passage"),
        ("src:manual { id:gear o:uses id:unheard-of }", "dangling term"),
        ("src:manual { id:gear o:uzes id:cog }", "unknown property"),
        ("src:manual { id:gear fg:sayz id:cog }", "unknown property"),
        ('src:manual { id:cog o:built "1999" }', "wrong datatype"),
        ("src:manual { id:cog o:uses [ o:uses id:gear ] }", "blank node"),
        ('src:manual { id:gear o:colour "pink" } src:gazette { id:gear o:colour "mauve" }', "undecided tie"),
        ("src:manual { id:gear fg:lacks id:winding }", "undecided tie"),
        ('g:terms { id:gear skos:prefLabel "Wheel"@en }', "several preferred labels"),
        ('g:terms { id:cog skos:altLabel "GEAR"@en }', "shared name"),
        ('g:terms { id:idle a o:Machine ; skos:prefLabel "Idle"@en }', "few headline facts"),
        ("g:sources { src:idle a fg:Passage ; prov:wasQuotedFrom <https://clockwork.example/manual> ; "
         'fg:section "x" ; schema:url <https://clockwork.example/> ; fg:retrieved "2026-11-20"^^xsd:date }', "passage without facts"),
        ("src:manual { id:rem-1 a fg:Remark ; fg:about id:gear ; fg:aspect id:aspect-use }", "shape"),
        ('src:manual { id:rem-1 a fg:Remark ; fg:about id:gear ; fg:aspect id:winding ; fg:says "Long enough to be read."@en }', "shape"),
        ("src:manual { id:gear fg:hasCore id:ada }", "shape"),
        ("src:manual { id:st-1 a rdf:Statement ; rdf:subject id:gear ; rdf:predicate o:uses }", "shape"),
    ],
)  # fmt: skip
def test_a_defect_is_found(data: Path, text: str, kind: str) -> None:
    """One defect, one kind of finding."""
    assert kinds(add(data, text)) == {kind}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('fg:section "Parts" ; ', ""),
        ("schema:url <https://clockwork.example/manual#parts> ; ", ""),
        ('<https://clockwork.example/manual#parts> ; fg:retrieved "2026-11-20"^^xsd:date', "<https://clockwork.example/manual#parts>"),
        ('dct:publisher "The Gazette" ; ', ""),
        (" ; fg:sourceKind fg:Article", " ; fg:sourceKind fg:Rumour"),
        ("prov:wasQuotedFrom <https://gazette.example/clocks>", "prov:wasQuotedFrom <https://gazette.example/other>"),
    ],
)
def test_a_passage_or_document_that_lacks_something_is_found(data: Path, old: str, new: str) -> None:
    """Section, address, date, publisher, kind and a declared document are all needed."""
    path = data / "facts" / "machines.trig"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert "shape" in kinds(check(data))


def test_a_passage_in_two_files_is_found(data: Path) -> None:
    """Passage names are unique over all files."""
    first = (data / "facts" / "machines.trig").read_text()
    prefixes = "".join(line + "\n" for line in first.splitlines() if line.startswith("@prefix"))
    (data / "facts" / "second.trig").write_text(prefixes + "src:manual { id:cog o:uses id:spring }\n")
    assert kinds(check(data)) == {"passage in two files"}


def test_a_decision_needs_a_reason(data: Path) -> None:
    """An empty fg:reason is no reason."""
    path = data / "decisions.ttl"
    path.write_text(path.read_text().replace("the second manual is of the newer model", " "))
    assert kinds(check(data)) == {"decision without reason"}


def test_a_decision_that_settles_nothing_is_found(data: Path) -> None:
    """When a source changed its mind, its decision is out of date."""
    report = add(data, 'id:decision-2 fg:subject id:cog ; fg:property o:maker ; fg:winner id:ada ; fg:reason "why" .', "decisions.ttl")
    assert kinds(report) == {"decision without a tie"}
    assert report.errors == 0


def test_a_tie_names_values_and_passages(data: Path) -> None:
    """The message holds what a person needs to decide."""
    (finding,) = add(data, 'src:manual-2 { id:cog o:colour "green" }').findings
    assert finding.where == "id:cog o:colour"
    assert "green (src:manual-2)" in finding.message
    assert "grey (src:manual-2)" in finding.message


def test_the_report_is_printed_with_coverage_and_sum() -> None:
    """Tables, findings, and a last line that counts them."""
    out = io.StringIO()
    report = check(Path(__file__).parent.parent / "fixtures" / "toy")
    report.print(Console(file=out, width=120))
    text = out.getvalue()
    assert "Coverage by thing" in text
    assert "Coverage by feature" in text
    assert "Not stated, by property" in text
    assert "23 facts about 2 things" in text
    assert text.rstrip().endswith("4 keys with several values; 0 errors, 0 warnings")
    quiet = io.StringIO()
    report.print(Console(file=quiet, width=120), coverage=False)
    assert "Coverage" not in quiet.getvalue()


MEASURED = {
    "sosa:hasFeatureOfInterest": "id:gear",
    "sosa:observedProperty": "id:play",
    "sosa:hasSimpleResult": "0.5",
    "schema:unitText": '"mm"',
    "fg:run": "id:first-run",
}
RUN = {"sosa:usedProcedure": "id:gauging", "sosa:resultTime": '"2025-06-01"^^xsd:date'}
PREFIXED = """@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dct: <http://purl.org/dc/terms/> .
g:terms {{ id:play a sosa:ObservableProperty ; skos:prefLabel "play"@en ; fg:statement "{{s}} had {{o}} mm of play"@en .
    id:gauging a sosa:Procedure ; skos:prefLabel "gauging"@en ; dct:isPartOf id:workshop .
    id:workshop a skos:Concept ; skos:prefLabel "workshop"@en . }}
src:manual {{ id:first-run a fg:Run {run} . id:first-measurement a sosa:Observation {measured} . }}"""


def measured(data: Path, left_out: str) -> list[str]:
    """What the shapes say of a measurement from which one statement is left out."""
    told = ["".join(f" ; {p} {o}" for p, o in block.items() if p != left_out) for block in (RUN, MEASURED)]
    report = add(data, PREFIXED.format(run=told[0], measured=told[1]))
    return [f.message for f in report.findings if f.kind == "shape"]


def test_a_measurement_with_all_that_belongs_to_it_is_sound(data: Path) -> None:
    """Thing, quantity, figure, unit, and a run with its test and date."""
    assert measured(data, "") == []


@pytest.mark.parametrize("left_out", [*MEASURED, *RUN])
def test_no_measurement_without_its_context(data: Path, left_out: str) -> None:
    """Whatever is left out, the shapes say so by its name."""
    assert any(left_out in message for message in measured(data, left_out))
