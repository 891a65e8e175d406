"""Recorded package metadata (``data/packages/NAME.json``) as facts of two passages: the newest file and the list of releases.

A record is what an ordinary client of the package index was told, with only the fields used. Which properties of the
dataset hold them is said in ``data/packages/mapping.ttl``, so that this module knows no domain.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from graph.advisories import standing
from graph.resolve import Triple
from graph.terms import DCT, DOAP, FG, PREFIXES, PROV, RDF, RDFS, SCHEMA, SKOS, Namespace
from graph.types import LANG_STRING, XSD, BuildError, Iri, Literal, Term

PKG = Namespace(
    "https://framegraph.example/package#",
    "holds minor name unlisted requiresPython supportsPython dependencyCount dependency licence library pythonVersion "
    "currentVersion currentVersionDate since sinceRelease advisory vulnerabilityCount vulnerability affects fixedIn fixKnown advisoryPage",
)
PUBLISHER = "the package index"
LAST_PATCH = 99  # a minor version is admitted where its first or a late patch release is


@dataclass(frozen=True)
class Mapping:
    """The dataset's terms for the fields of package metadata, and the minor versions that requirements are tested against.

    ``names`` and ``unlisted`` are for refreshing: what the index calls a thing, and why one is not to be looked up there.
    """

    terms: dict[Iri, Iri] = field(default_factory=dict)
    minors: dict[str, Iri] = field(default_factory=dict)
    names: dict[Iri, str] = field(default_factory=dict)
    unlisted: dict[Iri, str] = field(default_factory=dict)

    @classmethod
    def read(cls, triples: Iterable[Triple]) -> Mapping:
        """From ``property pkg:holds field``, ``node pkg:minor "3.12"``, ``thing pkg:name "package"`` and ``thing pkg:unlisted "why"``."""
        terms, minors = {}, {}
        told: dict[Iri, dict[Iri, str]] = {PKG.name: {}, PKG.unlisted: {}}
        for s, p, o in triples:
            if p == PKG.holds and isinstance(s, Iri) and isinstance(o, Iri):
                terms[o] = s
            elif p == PKG.minor and isinstance(s, Iri):
                minors[str(o)] = s
            elif p in told and isinstance(s, Iri):
                told[p][s] = str(o)
        return cls(terms, minors, told[PKG.name], told[PKG.unlisted])

    def __getitem__(self, field_: Iri) -> Iri:
        if field_ not in self.terms:
            raise BuildError(f"packages/mapping.ttl names no term for {field_}; add a line: TERM pkg:holds <{field_}> .")
        return self.terms[field_]


@dataclass(frozen=True)
class Release:
    """A final release: its version as published and the day its first file came, "" where the index told none."""

    revision: str
    date: str

    @cached_property
    def version(self) -> Version:
        return Version(self.revision)


@dataclass(frozen=True)
class Package:
    """One record. ``releases`` are the final ones that were not withdrawn, oldest version first (PEP 440)."""

    entity: str
    name: str
    retrieved: str
    newest: dict[str, Any]
    releases: tuple[Release, ...]
    security: dict[str, Any] | None = None

    @property
    def iri(self) -> Iri:
        return _id(self.entity)

    @property
    def purl(self) -> Iri:
        return Iri(f"pkg:pypi/{canonicalize_name(self.name)}")

    @property
    def file_passage(self) -> Iri:
        return Iri(f"{PREFIXES['src']}{self.entity}-package")

    @property
    def security_passage(self) -> Iri:
        return Iri(f"{PREFIXES['src']}{self.entity}-package-security")

    @property
    def releases_passage(self) -> Iri:
        return Iri(f"{PREFIXES['src']}{self.entity}-package-releases")

    def release_iri(self, release: Release) -> Iri:
        """Epochs and post-releases are spelled out, since 1!2.0 is not 1.2.0 and 1.0-1 is not 1.0.1."""
        spelled = str(release.version) if release.version.is_postrelease else release.revision
        return _id(f"{self.entity}-{_slug(spelled.replace('!', '-epoch-'))}")

    def requirements(self) -> list[Requirement]:
        """What the newest file needs always, one a package (extras left out)."""
        found: dict[str, Requirement] = {}
        for line in self.newest.get("requires_dist", []):
            requirement = Requirement(line)
            if requirement.marker is None or "extra" not in str(requirement.marker):
                found.setdefault(canonicalize_name(requirement.name), requirement)
        return [found[name] for name in sorted(found)]


def _id(slug: str) -> Iri:
    return Iri(PREFIXES["id"] + slug)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def read_package(path: Path) -> Package:
    """A record. Raises BuildError with the file, and the line or field, that is wrong."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        listed = (Release(r["version"], r["date"]) for r in raw["releases"] if not r["yanked"])
        final = sorted((r for r in listed if not r.version.is_prerelease), key=lambda r: r.version)
        package = Package(raw["entity"], raw["name"], raw["retrieved"], raw["newest"], tuple(final), raw.get("security"))
        package.requirements()
        _require_versions(package.security)
        SpecifierSet(package.newest["requires_python"])
    except json.JSONDecodeError as error:
        raise BuildError(f"{path}, line {error.lineno}: not JSON: {error.msg}; mend the line and build again") from error
    except KeyError as error:
        raise BuildError(f"{path}: the field {error} is missing; see another record in the same folder") from error
    except (InvalidVersion, InvalidSpecifier, InvalidRequirement, TypeError, UnicodeDecodeError) as error:
        raise BuildError(f"{path}: {error}; mend the field and build again") from error
    return package


def _require_versions(security: dict[str, Any] | None) -> None:
    """Raises KeyError for a field that is missing, InvalidVersion for a number that cannot be ordered."""
    for row in [{"affects": [security["version"]], "fixed_in": []}, *security["advisories"]] if security else ():
        for version in (*row["affects"], *row["fixed_in"]):
            Version(version)


def read_packages(data: Path) -> list[Package]:
    """All records of a data folder, by file name."""
    return [read_package(path) for path in sorted((data / "packages").glob("*.json"))]


@dataclass(frozen=True)
class Names:
    """What is already named: labels by IRI, and the thing that a package's name means."""

    labels: dict[Iri, str]
    by_package: dict[str, Iri]
    licences: dict[str, Iri]

    @classmethod
    def read(cls, terms: Iterable[Triple], packages: Iterable[Package]) -> Names:
        """A package's name means the entity of its record, else the thing whose name it is; concepts and features are no packages."""
        triples = list(terms)
        abstract = _abstract(triples)
        labels = {s: o.value for s, p, o in triples if p == SKOS.prefLabel and isinstance(s, Iri) and isinstance(o, Literal)}
        by_package: dict[str, Iri] = {}
        for s, p, o in sorted(triples, key=str):
            english = p in (SKOS.prefLabel, SKOS.altLabel) and isinstance(o, Literal) and o.language[:2] in ("", "en")
            if english and isinstance(s, Iri) and s not in abstract and s.value.startswith(PREFIXES["id"]):
                by_package.setdefault(canonicalize_name(str(o)), s)
        by_package.update({canonicalize_name(i.value.removeprefix(PREFIXES["id"])): i for i in labels if i not in abstract})
        by_package.update({canonicalize_name(p.name): p.iri for p in packages})
        licences = {o.value.rsplit("/", 1)[1]: s for s, p, o in triples if p == SKOS.exactMatch and isinstance(s, Iri) and "/" in str(o)}
        return cls(labels, by_package, licences)


def _abstract(triples: list[Triple]) -> set[Term]:
    """Things that are words rather than software: concepts, and instances of the engine's own classes."""
    classes = {s for s, p, o in triples if p == RDFS.subClassOf and o == SKOS.Concept} | {SKOS.Concept}
    return {s for s, p, o in triples if p == RDF.type and (o in classes or str(o).startswith(FG.base))}


Stated = tuple[Iri | None, Triple]  # a graph (None: names) and what stands in it


def statements(package: Package, names: Names, mapping: Mapping) -> Iterator[Stated]:
    """Names and facts of one record; which graph is a passage is said by its IRI."""
    yield from _file_facts(package, names, mapping)
    if package.security:
        yield from _security_facts(package, package.security, mapping)
    label = names.labels.get(package.iri, package.name)
    for release in package.releases:
        node = package.release_iri(release)
        yield None, (node, RDF.type, DOAP.Version)
        yield None, (node, SKOS.prefLabel, Literal(f"{label} {release.revision}", LANG_STRING, "en"))
        yield package.releases_passage, (package.iri, DOAP.release, node)
        yield package.releases_passage, (node, DOAP.revision, Literal(release.revision))
        if release.date:
            yield package.releases_passage, (node, DCT.issued, Literal(release.date, XSD + "date"))


def _file_facts(package: Package, names: Names, mapping: Mapping) -> Iterator[Stated]:
    subject, passage = package.iri, package.file_passage
    python = package.newest["requires_python"]
    if python:
        yield passage, (subject, mapping[PKG.requiresPython], Literal(python.replace(" ", "")))
        for node in admitted(python, mapping.minors, package.newest.get("classifiers", ())):
            yield passage, (subject, mapping[PKG.supportsPython], node)
    for minor, node in mapping.minors.items():
        if node not in names.labels:
            yield None, (node, RDF.type, mapping[PKG.pythonVersion])
            yield None, (node, SKOS.prefLabel, Literal(f"Python {minor}", LANG_STRING, "en"))
    required = package.requirements()
    if required or package.newest["file"].endswith(".whl"):  # a source archive may name its requirements in code alone
        yield passage, (subject, mapping[PKG.dependencyCount], Literal(str(len(required)), XSD + "integer"))
    for requirement in required:
        name = canonicalize_name(requirement.name)
        node = names.by_package.get(name) or _id(name)
        yield passage, (subject, mapping[PKG.dependency], node)
        if node not in names.labels:
            yield None, (node, RDF.type, mapping[PKG.library])
            yield None, (node, SKOS.prefLabel, Literal(requirement.name, LANG_STRING, "en"))
    licence = names.licences.get(package.newest.get("license_expression") or package.newest.get("license") or "")
    if licence:
        yield passage, (subject, mapping[PKG.licence], licence)


def _security_facts(package: Package, security: dict[str, Any], mapping: Mapping) -> Iterator[Stated]:
    """How many vulnerabilities are known of the release that the index was asked about, which, and what else is known of them."""
    subject, passage = package.iri, package.security_passage
    # of the newest release nothing is known where the index was last asked about an older one
    current = Version(security["version"]) == Version(package.newest["version"])
    now = standing(security) if current else []
    if current:
        yield passage, (subject, mapping[PKG.vulnerabilityCount], Literal(str(len(now)), XSD + "integer"))
    by_version = {release.version: package.release_iri(release) for release in package.releases}
    for row in security["advisories"]:
        node = _id(_slug(row["id"]))
        if row["withdrawn"]:
            continue
        yield None, (node, RDF.type, mapping[PKG.advisory])
        yield None, (node, SKOS.prefLabel, Literal(row["id"], LANG_STRING, "en"))
        for alias in row["aliases"]:
            yield None, (node, SKOS.altLabel, Literal(alias, LANG_STRING, "en"))
        if row in now:
            yield passage, (subject, mapping[PKG.vulnerability], node)
        for field_, versions in ((PKG.affects, row["affects"]), (PKG.fixedIn, row["fixed_in"])):
            for version in map(Version, versions):
                if version in by_version:  # a fix may have been withdrawn since, or stand in a pre-release
                    yield passage, (node, mapping[field_], by_version[version])
        if not row["fixed_in"]:  # said, so that a question for the fix finds that there is none
            yield passage, (node, mapping[PKG.fixKnown], Literal("false", XSD + "boolean"))
        if row["link"]:
            yield passage, (node, mapping[PKG.advisoryPage], Iri(row["link"]))


def admitted(specifier: str, minors: dict[str, Iri], classifiers: Iterable[str] = ()) -> list[Iri]:
    """The nodes of the minor versions that a requirement admits, such as ">=3.9" or ">=3.8,!=3.8.1".

    Where classifiers name minor versions, none later than theirs is taken: nobody tried it, though nothing forbids it.
    """
    wanted = SpecifierSet(specifier)
    named = [Version(m.group(1)) for c in classifiers if (m := _MINOR.match(c))]
    return [
        node for minor, node in minors.items()
        if (wanted.contains(minor) or wanted.contains(f"{minor}.{LAST_PATCH}")) and (not named or Version(minor) <= max(named))
    ]  # fmt: skip


_MINOR = re.compile(r"Programming Language :: Python :: (\d+\.\d+)$")


def descriptions(package: Package) -> Iterator[Triple]:
    """What the sources graph says of the two passages and their documents."""
    newest = package.newest["version"]
    asked = package.security["version"] if package.security else ""
    file_document = Iri(f"{package.purl.value}@{newest}")
    issued = next((r.date for r in package.releases if r.revision == newest), "")
    sections = [
        (package.file_passage, file_document, f"{package.name} {newest}, package metadata", f"METADATA of {package.newest['file']}, "
         f"sha256 {package.newest['sha256']}", issued),
        (package.releases_passage, package.purl, f"{package.name}, list of releases", "Files of all releases", ""),
    ]  # fmt: skip
    if asked:
        title = f"{package.name} {asked}, package metadata"
        sections.append((package.security_passage, Iri(f"{package.purl.value}@{asked}"), title, "Known vulnerabilities", ""))
    for passage, document, title, section, date in sections:
        yield document, RDF.type, FG.Document
        yield document, DCT.title, Literal(title, LANG_STRING, "en")
        yield document, DCT.publisher, Literal(PUBLISHER)
        yield document, FG.sourceKind, FG.PackageMetadata
        if date:
            yield document, DCT.issued, Literal(date, XSD + "date")
        yield passage, RDF.type, FG.Passage
        yield passage, PROV.wasQuotedFrom, document
        yield passage, FG.section, Literal(section)
        yield passage, SCHEMA.url, document
        of_security = package.security is not None and passage == package.security_passage
        day = package.security["asked"] if package.security and of_security else package.retrieved
        yield passage, FG.retrieved, Literal(day, XSD + "date")
        yield passage, FG.speaksOf, Literal(asked if of_security else newest)
