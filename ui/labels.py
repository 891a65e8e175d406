"""Names for the terms of facts, as a reader knows them: looked up in the graph, in a few queries for many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph.store import KnowledgeGraph
from graph.terms import FG, LABELS, RDF, SOSA
from graph.types import Fact, Iri, Literal, Term

BATCH = 200  # terms a VALUES block
KNOWN = 20_000  # names kept; past this they are looked up anew
# What has no label of its own is called by what it points at, in the order of reading: a remark or a statement with qualifiers, a
# measurement, a run of a test.
CALLED = {
    RDF.subject: "About {}", RDF.object: "About {}", FG.about: "About {}",
    SOSA.observedProperty: "{}", SOSA.hasFeatureOfInterest: "{}",
    SOSA.usedProcedure: "Run of {}",
}  # fmt: skip
JOINED = {"About {}": ", ", "{}": " of ", "Run of {}": ", "}


@dataclass(frozen=True, slots=True)
class Names:
    """How to call terms: IRI -> label, IRI -> what it is about (for what has no label), and what to do without either."""

    known: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)

    def thing(self, term: Term) -> str:
        """A subject or an object: its label, the end of its IRI after #, its address, or the literal as it stands."""
        if isinstance(term, Literal):
            return term.value
        if not isinstance(term, Iri):
            return "something unnamed"
        label = self.known.get(term.value) or self.about.get(term.value)
        return label or (words_of(term.value) if "#" in term.value else re.sub(r"^https?://", "", term.value).rstrip("/"))

    def property(self, term: Iri) -> str:
        """A property: its label, or the end of its IRI in words."""
        return self.known.get(term.value) or words_of(term.value)

    def fact(self, fact: Fact) -> tuple[str, str, str]:
        """A fact in three pieces of text."""
        return self.thing(fact.subject), self.property(fact.predicate), self.thing(fact.object)


def words_of(iri: str) -> str:
    """'http://example.org/x#firstReleased' -> 'first released'."""
    end = re.split(r"[#/]", iri.rstrip("#/"))[-1]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", end).lower() or iri


class Labels:
    """Names of the terms of one graph, remembered as they are met. Threads may share it: at worst a name is looked up twice."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._kg = kg
        self._names = Names()
        self._met: frozenset[str] = frozenset()

    def learn(self, facts: Iterable[Fact]) -> Names:
        """The names of what these facts speak of."""
        terms = {t.value for fact in facts for t in (fact.subject, fact.predicate, fact.object) if isinstance(t, Iri)}
        if len(self._met) > KNOWN:
            self._names, self._met = Names(), frozenset()
        known, about = dict(self._names.known), dict(self._names.about)
        wanted = sorted(terms - self._met)
        for start in range(0, len(wanted), BATCH):
            batch = [Iri(t) for t in wanted[start : start + BATCH]]
            known.update(self._labels(batch))
            about.update(self._descriptions([i for i in batch if i.value not in known]))
        self._names, self._met = Names(known, about), self._met | terms
        return self._names

    def _labels(self, batch: list[Iri]) -> dict[str, str]:
        rank = {p.value: order for order, p in enumerate(LABELS)}
        # a filter, for two lists of values are a product to the engine, which then looks each pair up: thirty times slower
        body = f"VALUES ?x {{ {' '.join(i.n3 for i in batch)} }} ?x ?p ?label FILTER(?p IN ({', '.join(p.n3 for p in LABELS)}))"
        found = [
            (row["x"].value, _foreign(row["label"]), rank[row["p"].value], row["label"].value)
            for row in self._kg.query(f"SELECT ?x ?p ?label {self._kg.wrap(body)}").rows
        ]
        best: dict[str, str] = {}
        for thing, _, _, label in sorted(found):
            best.setdefault(thing, label)
        return best

    def _descriptions(self, batch: list[Iri]) -> dict[str, str]:
        """What has no label of its own, by ``CALLED``."""
        if not batch:
            return {}
        values, order = " ".join(i.n3 for i in batch), list(CALLED)
        body = f"VALUES ?x {{ {values} }} ?x ?p ?thing FILTER(?p IN ({', '.join(p.n3 for p in order)}))"
        rows = [(r["x"].value, r["p"], r["thing"]) for r in self._kg.query(f"SELECT ?x ?p ?thing {self._kg.wrap(body)}").rows]
        pointing = sorted((x, order.index(p), thing) for x, p, thing in rows if isinstance(p, Iri) and isinstance(thing, Iri))
        labels = self._labels(sorted({thing for _, _, thing in pointing})) if pointing else {}
        found: dict[str, tuple[str, dict[str, None]]] = {}
        for x, place, thing in pointing:
            called, names = found.setdefault(x, (CALLED[order[place]], {}))
            if thing.value in labels and CALLED[order[place]] == called:
                names[labels[thing.value]] = None
        return {x: called.format(JOINED[called].join(names)) for x, (called, names) in found.items() if names}


def _foreign(label: Term) -> bool:
    return isinstance(label, Literal) and label.language.split("-")[0] not in ("", "en")
