"""Measurements of a graph: figures with unit, test, circumstances, version and date, as SOSA (W3C) observations.

An observation (``sosa:Observation``) is of one quantity (``sosa:observedProperty``) of one thing (``sosa:hasFeatureOfInterest``).
What it has in common with others it may say itself, or its run (``fg:run``) and its setup (``fg:setup``) say it: the test
(``sosa:usedProcedure``), the date (``sosa:resultTime``), and any other property, its circumstances. Figures of one run compare.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graph.provenance import sources_of
from graph.store import KnowledgeGraph
from graph.terms import ALIASES, DCT, FG, LABELS, RDF, SCHEMA, SOSA
from graph.types import Fact, Iri, Literal, Term

MOST = 300_000  # statements about observations that are read; past that, some are not seen
_OWN = frozenset((RDF.type, FG.run, FG.setup, SOSA.hasFeatureOfInterest, SOSA.observedProperty, SOSA.hasSimpleResult, SOSA.usedProcedure,
                  SOSA.resultTime, SCHEMA.unitText, SCHEMA.softwareVersion))  # fmt: skip
LAST = 99  # rank of what states none


@dataclass(frozen=True, slots=True)
class MeasureTerm:
    """A quantity, a test or a circumstance, as people call it.

    ``template`` says it in a sentence ({s} the thing, {o} the figure); ``high`` and ``low`` are adjectives that ask for one end;
    of several that are meant, the one of the lowest ``rank`` is told first. ``part_of``: the benchmark or survey of a test.
    ``aspects``: in which respects a quantity tells how good a thing is.
    """

    iri: Iri
    label: str
    names: tuple[str, ...] = ()
    template: str = ""
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    rank: int = LAST
    part_of: Iri | None = None
    aspects: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure. ``date`` is an ISO date or a year; ``facts`` state the figure and all that goes with it, itself first."""

    iri: Iri
    thing: Iri
    quantity: Iri
    value: float
    unit: str = ""
    run: Iri | None = None
    test: Iri | None = None
    date: str = ""
    version: str = ""
    circumstances: tuple[tuple[Iri, Literal], ...] = ()
    facts: tuple[Fact, ...] = field(default=(), compare=False)

    @property
    def together(self) -> tuple[object, ...]:
        """What figures must have in common to be compared: the run, or where none is stated, test, date and circumstances."""
        return (self.run,) if self.run is not None else (self.test, self.date, self.circumstances)


class Measurements:
    """The measurements of one opened graph, read on first use."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg

    @cached_property
    def all(self) -> tuple[Measurement, ...]:
        """All of them, by IRI; observations without a thing, a quantity or a number are left out."""
        own = self._described(f"?x {RDF.type.n3} {SOSA.Observation.n3}")
        shared = self._described(f"?m {RDF.type.n3} {SOSA.Observation.n3} ; {FG.run.n3}|{FG.setup.n3} ?x") if own else {}
        around = {node: _facts_of(node, told) for node, told in shared.items()}
        made = (_measurement(iri, told, around) for iri, told in sorted(own.items()))
        return tuple(m for m in made if m is not None)

    @cached_property
    def by_thing(self) -> dict[Iri, tuple[Measurement, ...]]:
        found: dict[Iri, list[Measurement]] = defaultdict(list)
        for m in self.all:
            found[m.thing].append(m)
        return {thing: tuple(own) for thing, own in found.items()}

    @cached_property
    def quantities(self) -> dict[Iri, MeasureTerm]:
        """What is measured, known before any figure is read."""
        return self._terms(self._distinct(f"?m {RDF.type.n3} {SOSA.Observation.n3} ; {SOSA.observedProperty.n3} ?x"))

    @cached_property
    def tests(self) -> dict[Iri, MeasureTerm]:
        return self._terms(self._distinct(f"?m {SOSA.usedProcedure.n3} ?x"))

    @cached_property
    def circumstances(self) -> dict[Iri, MeasureTerm]:
        own = f"?m {RDF.type.n3} {SOSA.Observation.n3}"
        nodes = f"{{ {own} ; {FG.run.n3}|{FG.setup.n3} ?n }} UNION {{ {own} BIND(?m AS ?n) }}"
        return self._terms(self._distinct(f"{{ SELECT DISTINCT ?n {{ {nodes} }} }} ?n ?x ?o FILTER(isLiteral(?o))") - _OWN)

    @cached_property
    def benchmarks(self) -> dict[Iri, MeasureTerm]:
        """What the tests are part of."""
        return self._terms({t.part_of for t in self.tests.values() if t.part_of is not None})

    @cached_property
    def telling(self) -> frozenset[Iri]:
        """Circumstances that are told with a figure: those in which the runs of one test differ, and the first of all."""
        by: dict[tuple[Iri | None, Iri], set[str]] = defaultdict(set)
        for m in self.all:
            for fact in m.facts:
                if fact.subject == (m.run or m.iri) and fact.predicate in self.circumstances:
                    by[m.test, fact.predicate].add(fact.object.value)
        first = min((t.rank for t in self.circumstances.values()), default=LAST)
        return frozenset(p for (_, p), values in by.items() if len(values) > 1 or self.circumstances[p].rank <= first + 1)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What measurements are called in this dataset."""
        if not self.quantities:
            return ()
        known = self._described(f"VALUES ?x {{ {SOSA.Observation.n3} }}").get(SOSA.Observation, {})
        return _texts(known, *LABELS, *ALIASES)

    def of(self, things: Iterable[Iri] = (), quantities: Iterable[Iri] = ()) -> tuple[Measurement, ...]:
        """Those of any of these things and of any of these quantities; of all, where none are given."""
        wanted, kinds = list(dict.fromkeys(things)), set(quantities)
        pool = [m for thing in wanted for m in self.by_thing.get(thing, ())] if wanted else self.all
        return tuple(m for m in pool if not kinds or m.quantity in kinds)

    def _described(self, pattern: str) -> dict[Iri, dict[Iri, list[Term]]]:
        """thing -> property -> values, of the things that a pattern binds to ?x."""
        found: dict[Iri, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for row in self.kg.query(f"SELECT DISTINCT ?x ?p ?o {self.kg.wrap(f'{pattern} . ?x ?p ?o')} LIMIT {MOST}"):
            x, p = row["x"], row["p"]
            if isinstance(x, Iri) and isinstance(p, Iri):
                found[x][p].append(row["o"])
        return found

    def _distinct(self, pattern: str) -> set[Iri]:
        """What a pattern binds to ?x."""
        return {row["x"] for row in self.kg.query(f"SELECT DISTINCT ?x {self.kg.wrap(pattern)}").rows if isinstance(row["x"], Iri)}

    def _terms(self, iris: Iterable[Iri]) -> dict[Iri, MeasureTerm]:
        wanted = sorted(iris)
        told = self._described(f"VALUES ?x {{ {' '.join(i.n3 for i in wanted)} }}") if wanted else {}
        made = (_term(iri, told.get(iri, {})) for iri in wanted)
        return {t.iri: t for t in sorted(made, key=lambda t: (t.rank, t.iri))}


def rows(measurements: Measurements, things: Iterable[Iri], quantities: Iterable[Iri] = ()) -> list[dict[str, Any]]:
    """The measurements of things as plain rows, for tables and plots: by quantity, test, circumstances, date and thing.

    Keys: thing, thing_label, metric, test, benchmark, circumstances, run, value (a float), unit, version, date, publisher, url
    and passage (of the source that states the figure; '' where a dataset has none).
    """
    found = measurements.of(things, quantities)
    sources = sources_of(measurements.kg, [m.facts[0] for m in found])
    labels = measurements._terms({m.thing for m in found})
    made = []
    for m in found:
        source = next(iter(sources.get(m.facts[0], ())), None)
        test = measurements.tests.get(m.test) if m.test else None
        part = measurements.benchmarks.get(test.part_of) if test and test.part_of else None
        made.append({
            "thing": m.thing.value, "thing_label": labels[m.thing].label, "metric": measurements.quantities[m.quantity].label,
            "test": test.label if test else "", "benchmark": part.label if part else "",
            "circumstances": {measurements.circumstances[p].label: v.value for p, v in m.circumstances},
            "run": m.run.value if m.run else "", "value": m.value, "unit": m.unit, "version": m.version, "date": m.date,
            **{k: getattr(source, k) if source else "" for k in ("publisher", "url", "passage")},
        })  # fmt: skip
    return sorted(made, key=lambda r: (r["metric"], r["benchmark"], r["test"], str(r["circumstances"]), r["date"], r["thing"]))


def _facts_of(node: Iri, told: dict[Iri, list[Term]]) -> tuple[Fact, ...]:
    """What is stated of a node but its class, a figure first."""
    return tuple(Fact(node, p, o) for p in sorted(told, key=lambda p: (p != SOSA.hasSimpleResult, p)) for o in told[p] if p != RDF.type)


def _measurement(iri: Iri, own: dict[Iri, list[Term]], around: dict[Iri, tuple[Fact, ...]]) -> Measurement | None:
    run, setup = (next((o for o in own.get(p, ()) if isinstance(o, Iri)), None) for p in (FG.run, FG.setup))
    shared = (f for node in (run, setup) if node is not None for f in around.get(node, ()))
    facts = (*_facts_of(iri, own), *shared)
    told: dict[Iri, Term] = {}
    for fact in facts:
        told.setdefault(fact.predicate, fact.object)
    thing, quantity, test = (told.get(p) for p in (SOSA.hasFeatureOfInterest, SOSA.observedProperty, SOSA.usedProcedure))
    try:
        value = float(told[SOSA.hasSimpleResult].value)
    except (KeyError, ValueError):
        return None
    if not isinstance(thing, Iri) or not isinstance(quantity, Iri):
        return None
    others = sorted((f.predicate, f.object) for f in facts if f.predicate not in _OWN and isinstance(f.object, Literal))

    def text(p: Iri) -> str:
        return told[p].value if p in told else ""

    return Measurement(
        iri, thing, quantity, value, text(SCHEMA.unitText), run, test if isinstance(test, Iri) else None, text(SOSA.resultTime)[:10],
        text(SCHEMA.softwareVersion), tuple((p, o) for p, o in others if isinstance(o, Literal)), facts,
    )  # fmt: skip


def _term(iri: Iri, told: dict[Iri, list[Term]]) -> MeasureTerm:
    labels, rank = _texts(told, *LABELS), _texts(told, FG.rank)
    part = sorted(o for o in told.get(DCT.isPartOf, ()) if isinstance(o, Iri))
    name = labels[0] if labels else iri.value.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1].replace("-", " ")
    return MeasureTerm(
        iri, name, (name, *_texts(told, *ALIASES)), next(iter(_texts(told, FG.statement)), ""), _texts(told, FG.highWord),
        _texts(told, FG.lowWord), int(rank[0]) if rank and rank[0].isdigit() else LAST, part[0] if part else None,
        tuple(sorted(o for o in told.get(FG.aspect, ()) if isinstance(o, Iri))),
    )  # fmt: skip


def _texts(told: dict[Iri, list[Term]], *properties: Iri) -> tuple[str, ...]:
    found = [o.value for p in properties for o in told.get(p, ()) if isinstance(o, Literal) and o.language[:2] in ("", "en")]
    return tuple(sorted(dict.fromkeys(found))) if len(properties) < 2 else tuple(dict.fromkeys(found))
