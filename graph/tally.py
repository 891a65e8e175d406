"""How much a dataset knows of what it is about: facts counted by kind, the sources behind them, and what is not stated.

A *fact* is a statement of the fact graph about a thing of the focus class or about a neighbour of one: a thing that a fact
joins to it directly. A remark, a claim and a statement node belong to what they are about. Not counted are names and whatever
else the files of terms declare, ways of asking, provenance, lists of releases, and measurements. A remark or claim counts
once, for its text: what it is about and under which aspect belongs to it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.coverage import Grid, focus_things
from graph.terms import DOAP, FACTS, FG, LABELS, PROV, RDF, RDFS
from graph.types import Iri, Term

if TYPE_CHECKING:
    from graph.build import Built

CITED_REMARKS = 5  # that a thing of the focus class should have
REMARK, QUALIFIER, FEATURE, PROPERTY = "remarks and claims", "qualifiers", "features with their level", "properties of things"
UNCOUNTED = frozenset((FG.question, FG.yesTo, FG.noTo, FG.keyword, RDF.subject, RDF.predicate, RDF.object, *LABELS, RDF.type,
                       DOAP.release, FG.versionOrder))  # fmt: skip
MEASUREMENT = Iri("http://www.w3.org/ns/sosa/Observation")
OF_A_REMARK = frozenset((FG.about, FG.aspect, FG.holds, FG.suits, FG.unsuited, FG.disputes))


@dataclass(frozen=True)
class Tally:
    """Facts by kind; things of the focus class, and their neighbours by class; passages and documents that state something.

    ``gaps``: property -> the labels of focus things that have no value of it; ``terse``: those with few remarks and claims.
    """

    kinds: dict[str, int]
    things: int
    neighbours: dict[str, int]
    passages: int
    documents: int
    gaps: dict[str, tuple[str, ...]]
    terse: tuple[str, ...]

    @property
    def facts(self) -> int:
        return sum(self.kinds.values())

    @classmethod
    def of(cls, built: Built) -> Tally:
        """Count in the resolved facts."""
        return _Counter(built).tally()

    def lines(self) -> Iterator[str]:
        """What ``framegraph check`` prints."""
        parts = ", ".join(f"{count:,} {kind}" for kind, count in self.kinds.items())
        yield f"{self.facts:,} facts about {self.things:,} things and what is joined to them: {parts}"
        yield f"joined to them, by class: {', '.join(f'{count:,} {name}' for name, count in self.neighbours.items()) or 'nothing'}"
        yield f"{self.passages:,} passages of {self.documents:,} documents state something"

    def grid(self) -> Grid:
        """What is not stated, by property."""
        rows = [(name, str(len(missing)), ", ".join(missing)) for name, missing in self.gaps.items()]
        rows.append((f"remarks and claims, fewer than {CITED_REMARKS}", str(len(self.terse)), ", ".join(self.terse)))
        return Grid("Not stated, by property", ("property", "things", "which"), tuple(rows))


class _Counter:
    def __init__(self, built: Built) -> None:
        self.corpus = built.corpus
        self.labels = built.corpus.labels()
        declared = built.corpus.terms
        self.focus = set(focus_things(built.corpus))
        self.levels = {s for s, p, o in declared if p == RDF.type and o == FG.Level}
        self.counters = {s: o for s, p, o in declared if p == FG.counts and isinstance(s, Iri) and isinstance(o, Iri)}
        self.types: dict[Term, set[Term]] = defaultdict(set)
        self.about: dict[Term, set[Term]] = defaultdict(set)
        stated = []
        for s, p, o, g in built.quads:
            if g != FACTS:
                continue
            if p == RDF.type:
                self.types[s].add(o)
            elif p in (FG.about, RDF.subject):
                self.about[s].add(o)
            stated.append((s, p, o))
        self.releases = {s for s, types in self.types.items() if DOAP.Version in types}
        self.has: dict[Iri, set[Term]] = defaultdict(set)
        for s, p, _ in stated:
            if s in self.focus:
                self.has[p].add(s)
        counted = ((s, p, o, self._kind(s, p)) for s, p, o in stated if p not in UNCOUNTED and s not in self.releases)
        self.facts = [fact for fact in counted if fact[3] and fact[:3] not in declared]

    def tally(self) -> Tally:
        around = self.focus | self._neighbours()
        kinds = dict.fromkeys((PROPERTY, FEATURE, REMARK, QUALIFIER), 0)
        for s, _, o, kind in self.facts:
            if around & self.about[s] if s in self.about else s in around or o in self.focus:
                kinds[kind] += 1
        stating = {p for p, triples in self.corpus.passages.items() if triples}
        documents = {o for s, p, o in self.corpus.sources if p == PROV.wasQuotedFrom and s in stating}
        classes = Counter(self._label(c) for t in around - self.focus for c in self.types[t])
        joined = dict(sorted(classes.items(), key=lambda e: (-e[1], e[0])))
        counted = {kind: count for kind, count in kinds.items() if count}
        return Tally(counted, len(self.focus), joined, len(stating), len(documents), self._gaps(), self._terse())

    def _kind(self, s: Term, p: Iri) -> str:
        """What kind of fact it is; "" for what belongs to another."""
        if p in self.levels:
            return FEATURE
        types = self.types.get(s, set())
        if FG.Remark in types or FG.Claim in types:
            return REMARK if p == FG.says else ""
        if RDF.Statement in types:
            return QUALIFIER
        apart = MEASUREMENT in types or any(str(t).startswith(FG.base) for t in types - {FG.Feature})
        return "" if apart or p in OF_A_REMARK else PROPERTY

    def _neighbours(self) -> set[Term]:
        """Things that a fact joins to one of the focus class; releases, addresses and texts are none."""
        found: set[Term] = set()
        for s, _, o, kind in self.facts:
            if kind in (PROPERTY, FEATURE) and isinstance(s, Iri) and isinstance(o, Iri):
                found |= {o} if s in self.focus else {s} if o in self.focus else set()
        return {t for t in found - self.focus - self.releases if t in self.labels}

    def _gaps(self) -> dict[str, tuple[str, ...]]:
        """Every property that is a headline or has the focus class as its domain, most complete first. A count of none is no gap."""
        focus = {o for _, p, o in self.corpus.terms if p == FG.focusClass}
        asked = {s for s, p, o in self.corpus.terms if isinstance(s, Iri) and (p == FG.headline or (p == RDFS.domain and o in focus))}
        for counter, property_ in self.counters.items():
            self.has[property_] |= self.has[counter]
        missing = {self.labels.get(p, p.value): self._named(self.focus - self.has[p]) for p in asked}
        return dict(sorted(missing.items(), key=lambda e: (len(e[1]), e[0])))

    def _terse(self) -> tuple[str, ...]:
        said: Counter[Term] = Counter()
        for remark, things in self.about.items():
            if RDF.Statement not in self.types[remark]:
                said.update(things)
        return self._named({t for t in self.focus if said[t] < CITED_REMARKS})

    def _label(self, class_: Term) -> str:
        return self.labels.get(class_, re.split("[#/]", str(class_))[-1].lower()) if isinstance(class_, Iri) else str(class_)

    def _named(self, things: set[Term] | set[Iri]) -> tuple[str, ...]:
        return tuple(sorted((self.labels.get(t, str(t)) for t in things if isinstance(t, Iri)), key=str.casefold))
