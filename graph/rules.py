"""Rules: facts that are computed from stated ones. Each rule has its own graph, which is what a computed fact is cited to.

A rule yields each fact with the passages it was computed from; ``derivation`` writes that down.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from graph.corpus import Corpus
from graph.packages import PKG, Mapping
from graph.resolve import Triple
from graph.terms import BASE, DCT, DOAP, FG, PROV, RDF, RULES
from graph.types import LANG_STRING, XSD, Iri, Literal, Term

Computed = tuple[Triple, frozenset[Iri]]  # a fact and the passages that it was computed from


@dataclass(frozen=True)
class Releases:
    """The releases that package metadata list: (version, release, its date, the passage that says so) by project."""

    by_project: dict[Term, list[tuple[Version, Iri, Term | None, Iri]]]

    @classmethod
    def read(cls, corpus: Corpus) -> Releases:
        """Only the recorded lists count, since they are complete: the newest release in them is the newest there is."""
        found: dict[Term, list[tuple[Version, Iri, Term | None, Iri]]] = defaultdict(list)
        for passage in sorted(corpus.listings):
            triples = corpus.passages[passage]
            revision = {s: Version(str(o)) for s, p, o in triples if p == DOAP.revision}
            issued = {s: o for s, p, o in triples if p == DCT.issued}
            for s, p, o in triples:
                if p == DOAP.release and isinstance(o, Iri):
                    found[s].append((revision[o], o, issued.get(o), passage))
        return cls({project: sorted(rows, key=lambda r: r[:2]) for project, rows in found.items()})


def version_order(corpus: Corpus, releases: Releases, mapping: Mapping) -> Iterator[Computed]:
    """The place of each release among those of its project, 1 for the lowest version (PEP 440), since "3.10" comes after "3.9"."""
    for rows in releases.by_project.values():
        for place, (_, release, _, passage) in enumerate(rows, 1):
            yield (release, FG.versionOrder, Literal(str(place), XSD + "integer")), frozenset({passage})


def current_version(corpus: Corpus, releases: Releases, mapping: Mapping) -> Iterator[Computed]:
    """The newest final release that was not withdrawn, and its date."""
    for project, rows in releases.by_project.items():
        _, release, date, passage = rows[-1]
        yield (project, mapping[PKG.currentVersion], release), frozenset({passage})
        if date is not None:
            yield (project, mapping[PKG.currentVersionDate], date), frozenset({passage})


def since_release(corpus: Corpus, releases: Releases, mapping: Mapping) -> Iterator[Computed]:
    """The release that the version number of a qualifier means."""
    since = mapping[PKG.since]
    for passage, triples in corpus.passages.items():
        about = {s: o for s, p, o in triples if p == RDF.subject}
        for s, p, o in triples:
            rows = releases.by_project.get(about[s], []) if s in about else []
            for version, release, _, listed in rows if p == since else []:
                if version == _version(str(o)):
                    yield (s, mapping[PKG.sinceRelease], release), frozenset({passage, listed})


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None  # "the first release", say: the words stay, no release is meant


Rule = Callable[[Corpus, Releases, Mapping], Iterator[Computed]]
ALL: tuple[tuple[str, str, Rule], ...] = (
    ("version-order", "Releases in the order of their version numbers", version_order),
    ("current-version", "The newest final release listed by the package index", current_version),
    ("since-release", "The release that a version number names", since_release),
)


@dataclass(frozen=True)
class Derived:
    """What one rule computed: its graph, its title, and each fact with the passages it came from."""

    graph: Iri
    title: str
    facts: tuple[Computed, ...]


def run_rules(corpus: Corpus, mapping: Mapping) -> tuple[Derived, ...]:
    """All rules over a corpus that holds the package metadata."""
    releases = Releases.read(corpus)
    if not releases.by_project:
        return ()  # data of another kind: there is nothing to compute from
    return tuple(Derived(Iri(RULES + name), title, tuple(rule(corpus, releases, mapping))) for name, title, rule in ALL)


def derivations(derived: Derived) -> Iterator[Triple]:
    """What the sources graph says of a rule and of each fact it computed."""
    yield derived.graph, RDF.type, FG.Rule
    yield derived.graph, DCT.title, Literal(derived.title, LANG_STRING, "en")
    for (s, p, o), passages in derived.facts:
        digest = hashlib.sha256(f"{derived.graph} {s} {p} {o}".encode()).hexdigest()[:16]
        node = Iri(f"{BASE}derivation/{digest}")
        yield node, RDF.type, FG.Derivation
        yield node, RDF.subject, s
        yield node, RDF.predicate, p
        yield node, RDF.object, o
        yield node, FG.rule, derived.graph
        for passage in sorted(passages):
            yield node, PROV.wasDerivedFrom, passage
