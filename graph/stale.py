"""What is older than so many days on a given day: package records, passages by the day they were read, facts that change.

The day is always given: nothing here reads a clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph.corpus import Corpus, add_packages, read_corpus
from graph.package_register import Register
from graph.terms import DCT, FG, PROV
from graph.types import Iri, Term

NAMED = 8  # things named in a line, the others counted


@dataclass(frozen=True, slots=True)
class Aged:
    """Something old: what it is called, its oldest day ("" where there is none), its age in days, how many it stands for."""

    name: str
    day: str
    age: int | None
    count: int = 1
    things: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stale:
    """What is older than ``days`` on the day ``today``, oldest first, beside how many there are of each in all.

    ``packages``: records of package metadata, those that were never made first. ``documents``: other documents with passages
    that were read too long ago. ``facts``: by property that changes (fg:volatile), those whose newest passage is too old.
    """

    today: date
    days: int
    packages: tuple[Aged, ...]
    documents: tuple[Aged, ...]
    facts: tuple[Aged, ...]
    package_count: int
    document_count: int
    passage_count: int
    fact_count: int

    @classmethod
    def of(cls, data: Path, days: int, today: date) -> Stale:
        """Read a data folder. Raises BuildError where a file does not parse, PackageError for a file that is no record."""
        register = Register.read(data)
        packages = tuple(Aged(w.name, day, age) for w, day, age in register.older(days, today))
        corpus = read_corpus(data)
        add_packages(corpus, data)
        read = _Read.of(corpus)
        limit = _Limit(today, days)
        facts = read.volatile()
        return cls(
            today, days, packages, tuple(_documents(read, limit)), tuple(_facts(corpus, facts, limit)),
            len(register.declared()), len(set(read.document.values())), len(read.document), len(facts),
        )  # fmt: skip

    @property
    def any(self) -> bool:
        return bool(self.packages or self.documents or self.facts)

    def lines(self) -> Iterator[str]:
        """Counts first, then what is meant, a line each."""
        passages = sum(d.count for d in self.documents)
        facts = sum(f.count for f in self.facts)
        yield f"Older than {self.days} days on {self.today}:"
        yield f"  {len(self.packages):,} of {self.package_count:,} package records"
        yield f"  {passages:,} of {self.passage_count:,} passages, in {len(self.documents):,} of {self.document_count:,} documents"
        yield f"  {facts:,} of {self.fact_count:,} facts that change"
        if self.packages:
            yield "Package records (framegraph refresh --all reads them):"
            yield from (f"  {p.name}: {f'{p.day}, {p.age} days' if p.day else 'never recorded'}" for p in self.packages)
        if self.documents:
            yield "Documents, with the day on which the oldest passage was read:"
            yield from (f"  {d.day}, {d.age} days: {d.name} ({d.count} passage{'s' * (d.count != 1)})" for d in self.documents)
        if self.facts:
            yield "Facts that change, by property, with the oldest day:"
            yield from (f"  {f.day}, {f.age} days: {f.name}, {f.count} of them: {_some(f.things)}" for f in self.facts)


@dataclass(frozen=True, slots=True)
class _Limit:
    today: date
    days: int

    def age(self, day: str) -> int:
        return (self.today - date.fromisoformat(day)).days

    def passed(self, day: str) -> bool:
        return self.age(day) > self.days


@dataclass(frozen=True)
class _Read:
    """Passages that people read (those of package records have a date of their own), each with its day and its document."""

    corpus: Corpus
    day: Mapping[Iri, str]
    document: Mapping[Iri, Term]

    @classmethod
    def of(cls, corpus: Corpus) -> _Read:
        kinds = corpus.kinds()
        day = {s: str(o) for s, p, o in corpus.sources if p == FG.retrieved and isinstance(s, Iri)}
        recorded = {p for p, files in corpus.files.items() if any(f.startswith("packages/") for f in files)}
        document = {
            s: o for s, p, o in corpus.sources
            if p == PROV.wasQuotedFrom and isinstance(s, Iri) and s in day and s in kinds and s not in recorded
        }  # fmt: skip
        return cls(corpus, {s: d for s, d in day.items() if s in document}, document)

    def volatile(self) -> dict[tuple[Term, Iri, Term], str]:
        """Facts with a property that changes, each with the newest day of a passage that states it."""
        changing = {s for s, p, o in self.corpus.terms if p == FG.volatile and str(o) == "true"}
        found: dict[tuple[Term, Iri, Term], str] = {}
        for passage, day in self.day.items():
            for s, p, o in self.corpus.passages.get(passage, ()):
                if p in changing:
                    found[s, p, o] = max(day, found.get((s, p, o), ""))
        return found


def _documents(read: _Read, limit: _Limit) -> list[Aged]:
    told: dict[Term, dict[Iri, str]] = defaultdict(dict)
    for s, p, o in read.corpus.sources:
        if p in (DCT.title, DCT.publisher):
            told[s].setdefault(p, str(o))
    days: dict[Term, list[str]] = defaultdict(list)
    for passage, day in read.day.items():
        if limit.passed(day):
            days[read.document[passage]].append(day)
    found = []
    for document, old in days.items():
        name = ", ".join(filter(None, (told[document].get(DCT.title, str(document)), told[document].get(DCT.publisher))))
        found.append(Aged(name, min(old), limit.age(min(old)), len(old)))
    return sorted(found, key=lambda a: (a.day, a.name))


def _facts(corpus: Corpus, facts: Mapping[tuple[Term, Iri, Term], str], limit: _Limit) -> list[Aged]:
    labels = corpus.labels()
    by_property: dict[Iri, list[tuple[str, str]]] = defaultdict(list)
    for (s, p, _), day in facts.items():
        if limit.passed(day):
            by_property[p].append((day, labels.get(s, str(s)) if isinstance(s, Iri) else str(s)))
    found = []
    for property_, old in by_property.items():
        day = min(old)[0]
        names = tuple(dict.fromkeys(name for _, name in sorted(old)))
        found.append(Aged(labels.get(property_, property_.value), day, limit.age(day), len(old), names))
    return sorted(found, key=lambda a: (a.day, a.name))


def _some(names: tuple[str, ...]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
