"""What a dataset is, for machines that look for datasets: VoID (https://www.w3.org/TR/void/) and schema.org's Dataset.

Both are made from the quads themselves and from what the dataset says of itself (title, description, licence, dates).
Addresses of files are relative to the description, so that they hold wherever a dump is put.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graph.quads import Quads
from graph.store import KnowledgeGraph
from graph.terms import DCT, FG, OWL, RDF, RDFS, SKOS, Namespace
from graph.types import XSD, Iri, Literal, Term

VOID = Namespace(
    "http://rdfs.org/ns/void#",
    "Dataset DatasetDescription Linkset triples entities distinctSubjects distinctObjects properties classes documents classPartition "
    "propertyPartition class property vocabulary dataDump exampleResource sparqlEndpoint subset feature uriSpace linkPredicate "
    "subjectsTarget objectsTarget inDataset",
)
PREFIXES = {"void": VOID.base, "foaf": "http://xmlns.com/foaf/0.1/", "formats": "http://www.w3.org/ns/formats/"}
_CLASS = getattr(VOID, "class")  # a keyword of Python
_TOPIC = Iri(PREFIXES["foaf"] + "primaryTopic")
RIGHTS = Iri("http://purl.org/dc/terms/rights")
DATASETS = (FG.Dataset, VOID.Dataset, Iri("http://www.w3.org/ns/dcat#Dataset"), Iri("https://schema.org/Dataset"))
SAME = (OWL.sameAs, SKOS.exactMatch, RDFS.seeAlso)  # properties by which a dataset points into others
EXAMPLES = 3
MEDIA = {
    ".trig": "application/trig", ".nq": "application/n-quads", ".ttl": "text/turtle", ".jsonld": "application/ld+json", ".csv": "text/csv",
    ".txt": "text/plain",
}  # fmt: skip
Triple = tuple[Term, Iri, Term]


def media_type(name: str) -> str:
    """Of a file of a dump, whether it is compressed or not."""
    return next((kind for ending, kind in MEDIA.items() if name.removesuffix(".gz").endswith(ending)), "application/octet-stream")


@dataclass
class Counts:
    """Numbers of a set of quads, each triple counted once. ``entities`` are the IRIs of which something is said."""

    triples: int = 0
    subjects: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, triples: Iterable[tuple[str, str, str]]) -> Counts:
        counts = cls()
        for s, p, o in set(triples):
            counts.triples += 1
            counts.subjects.add(s)
            counts.objects.add(o)
            counts.properties[p] += 1
            if p == RDF.type.n3:
                counts.classes[o] += 1
        return counts

    @property
    def entities(self) -> int:
        return sum(s.startswith("<") for s in self.subjects)


@dataclass(frozen=True)
class Description:
    """What is said of a dataset. ``facts`` counts the graph in which the facts stand, ``whole`` all graphs together."""

    iri: Iri
    title: str
    about: Mapping[Iri, Literal | Iri]
    modified: str
    whole: Counts
    facts: Counts
    facts_graph: Iri | None
    examples: tuple[Iri, ...]
    links: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, kg: KnowledgeGraph, quads: Quads) -> Description:
        facts_graph = None if kg.facts_graph in ("default", "union") else Iri(kg.facts_graph)
        wanted = facts_graph.n3 if facts_graph else ""
        stated = [q[:3] for q in quads.rows if kg.facts_graph == "union" or q[3] == wanted]
        about = _about(quads, stated)
        iri, told = next(iter(about.items()), (Iri("#dataset"), {}))
        title = str(told.get(DCT.title, kg.name))
        days = [str(quads.terms[o]) for _, p, o, _ in quads.rows if p in (FG.retrieved.n3, DCT.modified.n3)]
        return cls(iri, title, told, max(days, default=""), Counts.of(q[:3] for q in quads.rows), Counts.of(stated), facts_graph,
                   _examples(stated, told.get(FG.focusClass)), _links(quads, stated))  # fmt: skip

    @property
    def text(self) -> str:
        return str(self.about.get(DCT.description, f"{self.title}: an RDF dataset of {self.whole.triples:,} statements."))

    # ------------------------------------------------------------ VoID

    def void(self, files: Iterable[str], endpoint: str = "") -> list[Triple]:
        """The description as triples. ``files`` are those of the dump, ``endpoint`` where SPARQL is answered ('' for nowhere)."""
        return [*self._head(files, endpoint), *self._numbers(), *self._linksets()]

    def _head(self, files: Iterable[str], endpoint: str) -> Iterator[Triple]:
        page = Iri("")
        yield page, RDF.type, VOID.DatasetDescription
        yield page, _TOPIC, self.iri
        yield self.iri, RDF.type, VOID.Dataset
        yield self.iri, DCT.title, self.about.get(DCT.title, Literal(self.title))
        yield self.iri, DCT.description, self.about.get(DCT.description, Literal(self.text))
        for p in (DCT.license, DCT.issued, DCT.creator, DCT.publisher):
            if p in self.about:
                yield self.iri, p, self.about[p]
        if FG.licenceOfData in self.about:
            yield self.iri, RIGHTS, self.about[FG.licenceOfData]
        if self.modified:
            yield self.iri, DCT.modified, Literal(self.modified, XSD + "date")
        for name in files:
            if name.removesuffix(".gz").endswith((".trig", ".nq")):
                yield self.iri, VOID.dataDump, Iri(name)
        yield self.iri, VOID.feature, Iri(PREFIXES["formats"] + "TriG")
        yield self.iri, VOID.feature, Iri(PREFIXES["formats"] + "N-Quads")
        if endpoint:
            yield self.iri, VOID.sparqlEndpoint, Iri(endpoint)
        for example in self.examples:
            yield self.iri, VOID.exampleResource, example
        for space in sorted({_space(t) for t in (*self.whole.properties, *self.whole.classes)}):
            yield self.iri, VOID.vocabulary, Iri(space)

    def _numbers(self) -> Iterator[Triple]:
        yield from _counted(self.iri, self.whole)
        node = self.iri
        if self.facts_graph:
            node = Iri("#facts")
            yield self.iri, VOID.subset, node
            yield node, RDF.type, VOID.Dataset
            yield node, DCT.title, Literal(f"{self.title}: the graph of facts {self.facts_graph}")
            yield from _counted(node, self.facts)
        for place, (class_, count) in enumerate(sorted(self.facts.classes.items()), 1):
            part = Iri(f"#class-{place:03}")
            yield node, VOID.classPartition, part
            yield part, _CLASS, Iri(class_[1:-1])
            yield part, VOID.entities, _integer(count)
        for place, (property_, count) in enumerate(sorted(self.facts.properties.items()), 1):
            part = Iri(f"#property-{place:03}")
            yield node, VOID.propertyPartition, part
            yield part, VOID.property, Iri(property_[1:-1])
            yield part, VOID.triples, _integer(count)

    def _linksets(self) -> Iterator[Triple]:
        for place, ((predicate, space), count) in enumerate(sorted(self.links.items()), 1):
            links, target = Iri(f"#links-{place}"), Iri(f"#linked-{place}")
            yield self.iri, VOID.subset, links
            yield links, RDF.type, VOID.Linkset
            yield links, VOID.linkPredicate, Iri(predicate)
            yield links, VOID.subjectsTarget, self.iri
            yield links, VOID.objectsTarget, target
            yield links, VOID.triples, _integer(count)
            yield target, RDF.type, VOID.Dataset
            yield target, VOID.uriSpace, Literal(space)

    # ------------------------------------------------------------ schema.org

    def jsonld(self, files: Mapping[str, int], version: str, endpoint: str = "") -> str:
        """schema.org's Dataset with a download for each file; ``files``: name -> size in bytes."""
        licence, issued = self.about.get(DCT.license), self.about.get(DCT.issued)
        makers = [str(self.about[p]) for p in (DCT.creator, DCT.publisher) if p in self.about]
        downloads: list[dict[str, object]] = [
            {"@type": "DataDownload", "name": name, "contentUrl": name, "encodingFormat": _encoding(name), "contentSize": f"{size} B"}
            for name, size in files.items()
        ]
        if endpoint:
            downloads.append({"@type": "DataDownload", "name": "SPARQL endpoint", "contentUrl": endpoint,
                              "encodingFormat": "application/sparql-results+json"})  # fmt: skip
        told = {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": self.iri.value,
            "name": self.title,
            "description": self.text,
            "version": version,
            "isAccessibleForFree": True,
            **({"license": str(licence)} if licence else {}),
            **({"creator": {"@type": "Organization", "name": makers[0]}} if makers else {}),
            **({"datePublished": str(issued)} if issued else {}),
            **({"dateModified": self.modified} if self.modified else {}),
            "size": f"{self.whole.triples} statements about {self.facts.entities} things",
            "distribution": downloads,
        }
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _encoding(name: str) -> str:
    return "application/gzip" if name.endswith(".gz") else media_type(name)


def _about(quads: Quads, stated: Iterable[tuple[str, str, str]]) -> dict[Iri, dict[Iri, Literal | Iri]]:
    """What is said of things that are typed as datasets: IRI -> property -> the first value."""
    kinds = {c.n3 for c in DATASETS}
    triples = list(stated)
    found: dict[Iri, dict[Iri, Literal | Iri]] = {}
    for s in sorted({s for s, p, o in triples if p == RDF.type.n3 and o in kinds and s.startswith("<")}):
        told: dict[Iri, Literal | Iri] = {}
        for _, p, o in sorted(t for t in triples if t[0] == s):
            property_, value = quads.terms[p], quads.terms[o]
            if isinstance(property_, Iri) and isinstance(value, Iri | Literal):
                told.setdefault(property_, value)
        found[Iri(s[1:-1])] = told
    return found


def _examples(stated: Iterable[tuple[str, str, str]], focus: Literal | Iri | None) -> tuple[Iri, ...]:
    """The things of the focus class of which most is said; without such a class, of the class with most things."""
    triples = [t for t in stated if t[0].startswith("<")]
    classes: dict[str, set[str]] = defaultdict(set)
    for s, p, o in triples:
        if p == RDF.type.n3 and o.startswith("<"):
            classes[o].add(s)
    if not classes:
        return ()
    chosen = focus.n3 if focus is not None and focus.n3 in classes else min(classes, key=lambda c: (-len(classes[c]), c))
    said = Counter(s for s, _, _ in triples if s in classes[chosen])
    return tuple(Iri(s[1:-1]) for s, _ in sorted(said.items(), key=lambda e: (-e[1], e[0]))[:EXAMPLES])


def _links(quads: Quads, stated: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], int]:
    """(property, URI space) -> how many links lead there: by the properties that say that things are the same or related."""
    same = {p.n3 for p in SAME}
    found: Counter[tuple[str, str]] = Counter()
    for s, p, o in stated:
        if p in same and s.startswith("<") and o.startswith("<") and (space := _host(o)) != _host(s):
            found[p[1:-1], space] += 1
    return dict(found)


def _host(term: str) -> str:
    found = re.match(r"<([a-zA-Z][\w+.-]*://[^/>]*/?|[a-zA-Z][\w+.-]*:)", term)
    return found[1] if found else term[1:-1]


def _space(term: str) -> str:
    """The namespace of a term: what stands before its last part."""
    found = re.match(r"<(.*[#/:])", term)
    return found[1] if found else term[1:-1]


def _counted(node: Iri, counts: Counts) -> Iterator[Triple]:
    numbers = (
        (VOID.triples, counts.triples), (VOID.entities, counts.entities), (VOID.distinctSubjects, len(counts.subjects)),
        (VOID.distinctObjects, len(counts.objects)), (VOID.properties, len(counts.properties)), (VOID.classes, len(counts.classes)),
    )  # fmt: skip
    yield from ((node, property_, _integer(count)) for property_, count in numbers)


def _integer(number: int) -> Literal:
    return Literal(str(number), XSD + "integer")
