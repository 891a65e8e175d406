"""Which sources are independent of each other, and from how many of them each headline fact of the head is known.

Passages that share a mark are of one origin: documents of one kind by one publisher, of one repository or on one host, one
file read twice, and what ``origins.ttl`` says is one. A fact that a rule computed is confirmed by whoever states the release.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from graph.corpus import ORIGINS, Corpus, read_file
from graph.coverage import Grid
from graph.packages import PKG
from graph.resolve import Triple
from graph.terms import DCT, DOAP, FACTS, FG, PROV, RDF
from graph.types import Iri, Term

if TYPE_CHECKING:
    from graph.build import Built

Mark = tuple[str, ...]
ENOUGH = 2  # independent sources that a headline fact of the head should have
IN_REPOSITORY = frozenset(("blob", "tree", "raw", "commit", "commits", "tags", "releases"))  # what follows OWNER/NAME in an address
AT_COMMIT = ("blob", "tree", "raw")  # ... and after which a commit and a path follow


@dataclass(frozen=True)
class Shared:
    """``origins.ttl``: the things of the head, and for file names, publishers and kinds the origin that they belong to."""

    head: frozenset[Iri] = frozenset()
    origins: Mapping[tuple[Iri, str], str] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Path) -> Shared:
        """From ``X fg:head thing , ...`` and ``X a fg:Origin`` with fg:file, dct:publisher or fg:sourceKind. Raises BuildError."""
        path = data / ORIGINS
        stated = [triple for _, triple in read_file(path)] if path.is_file() else []
        named = {s for s, p, o in stated if (p, o) == (RDF.type, FG.Origin)}
        head = frozenset(o for _, p, o in stated if p == FG.head and isinstance(o, Iri))
        return cls(head, {(p, str(o)): str(s) for s, p, o in stated if s in named and p != RDF.type})

    def origin(self, files: Iterable[str], publisher: str, kind: str) -> str:
        """The origin that the first of these belongs to, or "" where none is said to be one with others."""
        said = [(FG.file, posixpath.basename(f)) for f in files] + [(DCT.publisher, publisher), (FG.sourceKind, kind)]
        return next((o for key in said if (o := self.origins.get(key))), "")


def origins(corpus: Corpus, shared: Shared) -> dict[Iri, frozenset[Mark]]:
    """The marks of each passage."""
    told: dict[Term, dict[Iri, str]] = defaultdict(dict)
    for s, p, o in corpus.sources:
        told[s].setdefault(p, str(o))
    return {passage: frozenset(_marks(told[passage], told, shared)) for passage in corpus.passages}


def _marks(passage: Mapping[Iri, str], told: Mapping[Term, Mapping[Iri, str]], shared: Shared) -> Iterator[Mark]:
    address = passage.get(PROV.wasQuotedFrom, "")
    document = told.get(Iri(address), {})
    kind, publisher = document.get(FG.sourceKind, ""), document.get(DCT.publisher, "")
    places = [_place(a) for a in (address, passage.get(FG.snapshot, "")) if a]
    files = [file for _, file in places if file]
    if origin := shared.origin(files, publisher, kind):
        yield "origin", origin
        return
    yield "says", kind, publisher
    yield from (("kept", kind, where) for where, _ in places[:1])
    yield from (("file", where, file) for where, file in places if file)


def _place(address: str) -> tuple[str, str]:
    """The repository (HOST/OWNER/NAME) or the host of an address, and the path in the repository; a commit makes no difference."""
    parts = urlsplit(address)
    if not parts.netloc:
        return address, ""
    steps = parts.path.strip("/").split("/")
    if len(steps) <= 2 or steps[2] not in IN_REPOSITORY:
        return parts.netloc, ""
    path = steps[4:] if steps[2] in AT_COMMIT else []
    return "/".join((parts.netloc, *steps[:2])).lower(), "/".join(path)


def independent(marks: Iterable[frozenset[Mark]]) -> int:
    """How many groups are left when those that share a mark are joined."""
    groups: list[frozenset[Mark]] = []
    for joined in marks:
        for group in [g for g in groups if g & joined]:
            groups.remove(group)
            joined |= group
        groups.append(joined)
    return len(groups)


@dataclass(frozen=True)
class Confirmed:
    """For each headline fact of the head, by thing and property, how many independent sources state each value."""

    cells: Mapping[tuple[str, str], tuple[int, ...]]
    things: tuple[str, ...]
    properties: tuple[str, ...]

    @classmethod
    def of(cls, built: Built, shared: Shared) -> Confirmed:
        """Count in the passages, for the facts that won."""
        corpus = built.corpus
        order = sorted((int(str(o)), s) for s, p, o in corpus.terms if p == FG.headline and isinstance(s, Iri))
        marks, labels = origins(corpus, shared), corpus.labels()
        facts = [q[:3] for q in built.quads if q[3] == FACTS and q[0] in shared.head and q[1] in {p for _, p in order}]
        sources = _sources(corpus, facts)
        cells: dict[tuple[str, str], list[int]] = defaultdict(list)
        for s, p, o in facts:
            cells[labels.get(s, str(s)) if isinstance(s, Iri) else str(s), labels.get(p, p.value)].append(
                independent(marks[passage] for passage in sorted(sources[s, p, o]))
            )
        things = sorted((labels.get(t, t.value) for t in shared.head), key=str.casefold)
        return cls({k: tuple(v) for k, v in cells.items()}, tuple(things), tuple(labels.get(p, p.value) for _, p in order))

    @property
    def facts(self) -> int:
        return sum(map(len, self.cells.values()))

    @property
    def twice(self) -> int:
        return sum(count >= ENOUGH for counts in self.cells.values() for count in counts)

    def verdict(self, thing: str, property_: str) -> str:
        """Whether each value has enough sources; "one" where a single value has not."""
        counts = self.cells.get((thing, property_), ())
        return "none" if not counts else "two or more" if min(counts) >= ENOUGH else "one"

    def lines(self) -> Iterator[str]:
        """What ``framegraph check`` prints; nothing where the data name no head."""
        if not self.things:
            return
        each = Counter(self.verdict(t, p) for t in self.things for p in self.properties)
        yield (
            f"head: {self.twice:,} of {self.facts:,} headline facts of {len(self.things)} things stand in two or more independent sources; "
            f"whole properties: {each['two or more']} in two or more, {each['one']} in one, {each['none']} not stated"
        )

    def grids(self) -> Iterator[Grid]:
        """By thing and by property, and which values stand in one source only."""
        if not self.things:
            return
        columns = ("two or more", "one", "none", "values in one source only")
        by_thing = tuple((t, *self._row([(t, p) for p in self.properties], 1)) for t in self.things)
        yield Grid("Independent sources of the head's headline facts, by thing", ("thing", *columns), by_thing)
        by_property = tuple((p, *self._row([(t, p) for t in self.things], 0)) for p in self.properties)
        yield Grid("Independent sources of the head's headline facts, by property", ("property", *columns), by_property)

    def _row(self, keys: list[tuple[str, str]], named: int) -> tuple[str, ...]:
        """Three numbers of cells, then what lacks a second source: the other half of the key, with the number of such values."""
        each = Counter(self.verdict(*key) for key in keys)
        single = {key: sum(count < ENOUGH for count in self.cells.get(key, ())) for key in keys}
        several = {key: f" ({n} of {len(self.cells[key])})" if len(self.cells[key]) > 1 else "" for key, n in single.items() if n}
        alone = ", ".join(f"{key[named]}{of}" for key, of in several.items())
        return str(each["two or more"]), str(each["one"]), str(each["none"]), alone


def _sources(corpus: Corpus, facts: Iterable[Triple]) -> dict[Triple, set[Iri]]:
    """The passages of each fact; those of a computed version state the release, those of its date the day of that release."""
    version, day = (corpus.mapping.terms.get(term) for term in (PKG.currentVersion, PKG.currentVersionDate))
    current = {s: o for s, p, o in facts if p == version}
    stand_for: dict[Triple, list[Triple]] = defaultdict(list)
    for fact in facts:
        s, p, o = fact
        stand_for[fact].append(fact)
        if p == version:
            stand_for[s, DOAP.release, o].append(fact)
        elif p == day and s in current:
            stand_for[current[s], DCT.issued, o].append(fact)
    found: dict[Triple, set[Iri]] = defaultdict(set)
    for passage, triples in corpus.passages.items():
        for triple in triples:
            for fact in stand_for.get(triple, ()):
                found[fact].add(passage)
    return found
