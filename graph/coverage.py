"""How far the data reach: what is stated of each thing in the focus of the dataset, and of how many things each property."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.terms import FACTS, FG, RDF
from graph.types import Iri, Term

if TYPE_CHECKING:
    from rich.table import Table

    from graph.build import Built
    from graph.corpus import Corpus


def focus_things(corpus: Corpus) -> list[Iri]:
    """The instances of the class that the dataset is about, by IRI."""
    focus = {o for _, p, o in corpus.terms if p == FG.focusClass}
    return sorted({s for s, p, o in corpus.terms if p == RDF.type and o in focus and isinstance(s, Iri)})


@dataclass(frozen=True)
class Thing:
    """What the facts say of one thing: which headline properties, how many features at each level, remarks and claims."""

    iri: Iri
    label: str
    headlines: frozenset[Iri]
    levels: dict[Iri, int]
    remarks: int
    claims: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of text: the first column names the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def table(self) -> Table:
        """For a terminal."""
        from rich.table import Table
        from rich.text import Text

        table = Table(title=self.title)
        for column in self.columns:
            table.add_column(Text(column))
        for row in self.rows:
            table.add_row(*map(Text, row))
        return table


@dataclass(frozen=True)
class Coverage:
    """Coverage by thing, by headline property (how many things have it) and by feature (how many things at each level)."""

    things: tuple[Thing, ...]
    properties: dict[Iri, int]
    features: dict[Iri, dict[Iri, int]]
    levels: tuple[Iri, ...]
    labels: dict[Iri, str] = field(default_factory=dict)

    @classmethod
    def of(cls, built: Built) -> Coverage:
        """Count in the resolved facts."""
        corpus = built.corpus
        ranks = {s: int(str(o)) for s, p, o in corpus.terms if p == FG.rank and isinstance(s, Iri)}
        levels = tuple(sorted((s for s, p, o in corpus.terms if (p, o) == (RDF.type, FG.Level) and isinstance(s, Iri)),
                              key=lambda i: -ranks.get(i, 0)))  # fmt: skip
        headlines = sorted(((int(str(o)), s) for s, p, o in corpus.terms if p == FG.headline and isinstance(s, Iri)))
        facts = _by_subject(built)
        labels = corpus.labels()
        things = tuple(_thing(i, labels, facts, frozenset(p for _, p in headlines), levels) for i in focus_things(corpus))
        features: dict[Iri, dict[Iri, int]] = {s: defaultdict(int) for s, p, o in corpus.terms
                                               if (p, o) == (RDF.type, FG.Feature) and isinstance(s, Iri)}  # fmt: skip
        for thing in things:
            for p, o in facts[thing.iri]:
                if p in levels and o in features:
                    features[o][p] += 1
        return cls(things, {p: sum(p in t.headlines for t in things) for _, p in headlines}, features, levels, labels)

    def tables(self) -> list[Table]:
        """Three tables for a terminal."""
        return [grid.table() for grid in self.grids()]

    def grids(self) -> list[Grid]:
        """What is stated by thing, by headline property and by feature, in numbers."""
        return [self._things(), self._properties(), self._features()]

    def matrix(self) -> Grid:
        """Thing by headline property: stated or not."""
        rows = tuple((t.label, *("stated" if p in t.headlines else "" for p in self.properties)) for t in self.things)
        return Grid("Headline properties by thing", ("thing", *map(self._label, self.properties)), rows)

    def _things(self) -> Grid:
        levels = tuple(self._label(level) for level in self.levels)
        rows = tuple(
            (
                t.label,
                f"{len(t.headlines)}/{len(self.properties)}",
                *(str(t.levels.get(i, 0)) for i in self.levels),
                str(t.remarks),
                str(t.claims),
            )
            for t in self.things
        )
        return Grid("Coverage by thing", ("thing", "headline", *levels, "remarks", "claims"), rows)

    def _properties(self) -> Grid:
        rows = tuple((self._label(iri), f"{count}/{len(self.things)}") for iri, count in self.properties.items())
        return Grid("Coverage by property", ("property", "things that have it"), rows)

    def _features(self) -> Grid:
        levels = tuple(self._label(level) for level in self.levels)
        rows = tuple(
            (self._label(iri), *(str(counts.get(level, 0)) for level in self.levels), str(len(self.things) - sum(counts.values())))
            for iri, counts in sorted(self.features.items())
        )
        return Grid("Coverage by feature", ("feature", *levels, "unknown"), rows)

    def _label(self, iri: Iri) -> str:
        return self.labels.get(iri, iri.value)


def _by_subject(built: Built) -> dict[Term, list[tuple[Iri, Term]]]:
    facts: dict[Term, list[tuple[Iri, Term]]] = defaultdict(list)
    for s, p, o, graph in built.quads:
        if graph == FACTS:
            facts[s].append((p, o))
            if p == FG.about:
                facts[o].append((FG.about, s))
    return facts


def _thing(
    iri: Iri, labels: dict[Iri, str], facts: dict[Term, list[tuple[Iri, Term]]], headlines: frozenset[Iri], levels: tuple[Iri, ...]
) -> Thing:
    own = facts[iri]
    about = [s for p, s in own if p == FG.about]
    claims = sum((RDF.type, FG.Claim) in facts[s] for s in about)
    counts = {level: sum(p == level for p, _ in own) for level in levels}
    return Thing(iri, labels.get(iri, iri.value), frozenset(p for p, _ in own) & headlines, counts, len(about) - claims, claims)
