"""Recorded package metadata: what becomes of a record, and what is said of a broken one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.build import Built, assemble
from graph.packages import PKG, Mapping, Names, Package, Release, admitted, read_package, statements
from graph.terms import DCT, DOAP, FACTS, RDF, SKOS, SOURCES
from graph.types import BuildError, Iri, Literal

ID = "https://framegraph.example/id/"
MINORS = {m: Iri(f"{ID}python-{m.replace('.', '-')}") for m in ("3.9", "3.10", "3.11")}


def objects(built: Built, subject: str, property_: str, graph: Iri = FACTS) -> set[str]:
    """The values of a property, by the last part of its IRI."""
    found = (o for s, p, o, g in built.quads if g == graph and s == Iri(ID + subject) and p.value.endswith(property_))
    return {str(o).removeprefix(ID) for o in found}


@pytest.fixture
def built(toy_data: Path) -> Built:
    return assemble(toy_data)


def change(data: Path, **fields: Any) -> Path:
    path = data / "packages" / "gear.json"
    record = json.loads(path.read_text())
    record["newest"].update({k: v for k, v in fields.items() if k in record["newest"]})
    record.update({k: v for k, v in fields.items() if k not in record["newest"]})
    path.write_text(json.dumps(record, indent=1))
    return path


def test_only_final_releases_that_stand_are_releases(built: Built) -> None:
    """Release candidates and withdrawn versions are no releases."""
    assert objects(built, "gear", "#release") == {"gear-1-2", "gear-1-9", "gear-1-10"}


def test_a_release_has_a_name_a_number_and_a_date(built: Built) -> None:
    """The number is a string: 1.10 is not 1.1."""
    assert objects(built, "gear-1-10", "prefLabel") == {"Gear 1.10"}
    assert objects(built, "gear-1-10", "#revision") == {"1.10"}
    assert objects(built, "gear-1-10", "issued") == {"2024-05-01"}
    assert objects(built, "gear-1-10", "#type") == {DOAP.Version.value}


def test_the_requirement_is_told_in_words_and_in_versions(built: Built) -> None:
    """The string is kept without its spaces; each minor version admitted is an edge."""
    assert objects(built, "gear", "#needs") == {">=3.10"}
    assert objects(built, "gear", "#runsOn") == {"python-3-10", "python-3-11"}
    assert objects(built, "python-3-10", "prefLabel") == {"Python 3.10"}


def test_required_dependencies_are_counted_once_and_extras_not(built: Built) -> None:
    """Two lines for one package are one dependency; what only an extra needs is none."""
    assert objects(built, "gear", "requires") == {"spring", "brass-wheel"}
    assert objects(built, "gear", "#partCount") == {"2"}


def test_a_dependency_is_the_thing_that_bears_its_name(built: Built) -> None:
    """A known alias leads to the known thing; an unknown package becomes a named node."""
    assert objects(built, "spring", "prefLabel") == {"spring"}
    assert objects(built, "brass-wheel", "prefLabel") == {"brass-wheel"}
    assert objects(built, "brass-wheel", "#type") == {"https://framegraph.example/ontology#Part"}


def test_a_package_is_never_taken_for_a_feature(toy_data: Path) -> None:
    """A dependency named like a feature gets a node of its own kind, not the feature."""
    change(toy_data, requires_dist=["chime>=1"])
    names = Names.read(_terms(toy_data), [read_package(toy_data / "packages" / "gear.json")])
    assert "chime" not in names.by_package


def _terms(data: Path) -> list[tuple[Any, Iri, Any]]:
    return list(assemble(data).corpus.terms)


def test_the_licence_is_the_node_of_its_spdx_name(built: Built) -> None:
    """skos:exactMatch of a licence leads from the expression to the node."""
    assert objects(built, "gear", "license") == {"mit"}


def test_the_passages_are_described_by_purl_and_hash(built: Built) -> None:
    """The document is a package URL; no host of an index is named."""
    said = {(str(s).rsplit("/", 1)[-1], p.value.rsplit("#", 1)[-1]): str(o) for s, p, o, g in built.quads if g == SOURCES}
    assert said["gear-package", "wasQuotedFrom"] == "pkg:pypi/gear@1.10"
    assert "sha256 ab12" in said["gear-package", "section"]
    assert said["gear-package-releases", "wasQuotedFrom"] == "pkg:pypi/gear"
    assert said["gear-package", "retrieved"] == "2026-11-20"


@pytest.mark.parametrize(
    ("specifier", "wanted"),
    [
        (">=3.10", {"3.10", "3.11"}),
        (">=3.9,<3.11", {"3.9", "3.10"}),
        ("!=3.9.*,>=3.8", {"3.10", "3.11"}),
        (">=3.9.1", {"3.9", "3.10", "3.11"}),
        (">=3.8,!=3.9.0", {"3.9", "3.10", "3.11"}),
        ("", {"3.9", "3.10", "3.11"}),
        (">=4", set()),
    ],
)
def test_minor_versions_admitted(specifier: str, wanted: set[str]) -> None:
    """A minor version counts where its first or a later patch release is admitted."""
    assert set(admitted(specifier, MINORS)) == {MINORS[m] for m in wanted}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"requires_python": "three"}, "three"),
        ({"requires_dist": ["???"]}, "gear.json"),
        ({"releases": [{"version": "x", "date": "2020-01-01", "yanked": False}]}, "x"),
        ({"releases": [{"version": "1"}]}, "missing"),
        ({"releases": 7}, "gear.json"),
    ],
)
def test_a_broken_record_names_its_file(toy_data: Path, fields: dict[str, Any], message: str) -> None:
    """Whatever is wrong with a field, the message names the file and the value or the field."""
    path = change(toy_data, **fields)
    with pytest.raises(BuildError, match=message) as caught:
        read_package(path)
    assert str(path) in str(caught.value)


def test_a_record_that_is_no_json_names_the_line(toy_data: Path) -> None:
    """The line of the first wrong character."""
    path = toy_data / "packages" / "gear.json"
    path.write_text('{\n "entity": gear\n}')
    with pytest.raises(BuildError, match=r"gear\.json, line 2"):
        read_package(path)


def test_a_field_without_a_term_says_which_line_to_add() -> None:
    """A mapping that lacks a term names it."""
    with pytest.raises(BuildError, match=r"pkg:holds <https://framegraph\.example/package#since>"):
        Mapping()[PKG.since]


def test_a_mapping_is_read_from_triples() -> None:
    """property pkg:holds field, node pkg:minor version; other triples are no part of it."""
    term = Iri("https://x.example/term")
    read = Mapping.read([(term, PKG.holds, PKG.since), (term, PKG.minor, Literal("3.9")), (term, RDF.type, SKOS.Concept)])
    assert read[PKG.since] == term
    assert read.minors == {"3.9": term}


def test_releases_whose_numbers_look_alike_are_told_apart() -> None:
    """1!2.0 is not 1.2.0, and 1.0-1, which means 1.0.post1, is not 1.0.1; ordinary names stay as they are."""
    package = Package("works", "works", "2026-01-01", {}, ())
    iris = [package.release_iri(Release(v, "")).value.rpartition("/")[2] for v in ("1!2.0", "1.2.0", "1.0-1", "1.0.1", "2.0.post1")]
    assert iris == ["works-1-epoch-2-0", "works-1-2-0", "works-1-0-post1", "works-1-0-1", "works-2-0-post1"]


def test_a_release_without_a_date_has_none_in_the_graph(toy_data: Path) -> None:
    """An empty field states nothing."""
    from graph.corpus import read_corpus

    path = toy_data / "packages" / "gear.json"
    path.write_text(path.read_text().replace("2024-05-01", ""))
    stated = list(statements(read_package(path), Names({}, {}, {}), read_corpus(toy_data).mapping))
    assert {str(o) for _, (s, p, o) in stated if p == DCT.issued} == {"2020-01-01", "2023-02-01"}


def test_every_shipped_record_can_be_read() -> None:
    """All records of the checkout parse, and name no host of a package index."""
    from graph.corpus import data_folder

    records = sorted((data_folder() / "packages").glob("*.json"))
    assert records
    for path in records:
        package = read_package(path)
        assert package.releases[-1].revision == package.newest["version"]
        assert "pythonhosted" not in path.read_text(encoding="utf-8")


def test_no_version_later_than_the_classifiers_name() -> None:
    """A requirement of '>=3.9' written long ago is no proof that it runs on what came later."""
    named = ["Programming Language :: Python :: 3", "Programming Language :: Python :: 3.10", "License :: Free"]
    assert set(admitted(">=3.9", MINORS, named)) == {MINORS[m] for m in MINORS if (3, 9) <= tuple(map(int, m.split("."))) <= (3, 10)}
    assert admitted(">=3.9", MINORS, named[:1]) == admitted(">=3.9", MINORS)
