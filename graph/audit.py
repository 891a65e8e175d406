"""A random sample of the facts, in words and with their sources, for somebody to check by hand.

What counts is what some passage or rule states about a thing: no names, no provenance, no lists of releases. A remark
counts once, as its text. Facts are drawn by a hash of the seed and the fact, so that the same seed and graph give the
same sample on every machine, and after a correction all other facts of the sample stay in it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property

from graph.provenance import BATCH, derivations, describe, sources_of
from graph.store import KnowledgeGraph
from graph.terms import DOAP, FACTS, FG, LABELS, OWL, RDF, RDFS, SKOS, SOSA, TERMS
from graph.types import Fact, GraphError, Iri, Source, Term

_NAMES = (RDF.base, RDFS.base, OWL.base, SKOS.base)  # vocabularies that name and sort, and state nothing about a thing
_OF_THE_ENGINE = frozenset((FG.says, FG.note, FG.hasCore, FG.hasOfficialExtra, FG.hasThirdParty, FG.documentsPattern, FG.lacks))
_BESIDE = (FG.aspect, FG.holds, FG.suits, FG.unsuited, FG.disputes, FG.note)  # told with a remark or statement


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact to check: in words, and as it is written.

    ``beside`` holds what belongs to a remark or statement ("aspect: deployment"); ``derived_from`` the sources of a
    computed fact.
    """

    fact: Fact
    subject: str
    property: str
    value: str
    beside: tuple[str, ...]
    sources: tuple[Source, ...]
    derived_from: tuple[Source, ...]

    def text(self) -> str:
        """A block of lines: the fact, what stands beside it, then each source with its addresses."""
        lines = [f"{self.subject} | {self.property} | {self.value}", *(f"    ({more})" for more in self.beside)]
        lines += [line for source in self.sources for line in _said(source, "stated by")]
        return "\n".join(lines + [line for source in self.derived_from for line in _said(source, "computed from")])


@dataclass(frozen=True)
class Audit:
    """A sample: the graph's version, the seed, how many facts it was drawn from, and the facts drawn."""

    version: str
    seed: int
    population: int
    entries: tuple[Entry, ...]

    def text(self) -> str:
        """All entries, numbered, under one line that says what they were drawn from."""
        head = f"{len(self.entries)} of {self.population:,} facts, seed {self.seed}, graph {self.version}"
        return "\n\n".join([head, *(f"{number}. {entry.text()}" for number, entry in enumerate(self.entries, start=1))])

    def to_dict(self) -> dict[str, object]:
        """The sample for ``json.dumps``; a fact as its three terms in N-Triples."""
        entries = [{**asdict(e), "fact": [e.fact.subject.n3, e.fact.predicate.n3, e.fact.object.n3]} for e in self.entries]
        return {"version": self.version, "seed": self.seed, "population": self.population, "entries": entries}


def audit(kg: KnowledgeGraph, sample: int, seed: int) -> Audit:
    """Draw ``sample`` facts (all of them where there are fewer).

    Raises GraphError for a sample of less than one fact.
    """
    if sample < 1:
        raise GraphError(f"a sample of {sample} facts checks nothing; draw one or more")
    reader = _Reader(kg)
    facts = reader.facts()
    drawn = sorted(facts, key=lambda fact: _lot(seed, fact))[:sample]
    return Audit(kg.version, seed, len(facts), tuple(reader.entries(drawn)))


def _lot(seed: int, fact: Fact) -> str:
    return hashlib.sha256("\0".join((str(seed), *fact.key)).encode()).hexdigest()


def _said(source: Source, how: str) -> list[str]:
    """How a source is called, then where it is, each on a line of its own."""
    named = ", ".join(part for part in (source.title, source.publisher, source.kind) if part)
    dated = "; ".join(f"{what} {when}" for what, when in (("retrieved", source.retrieved), ("speaks of", source.version)) if when)
    found = (("section", source.section), ("address", source.url), ("snapshot", source.snapshot), ("dates", dated))
    return [f"    {how} {named}", *(f"        {what}: {text}" for what, text in found if text)]


class _Reader:
    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg

    @cached_property
    def statements(self) -> dict[Term, tuple[Term, Term, Term]]:
        """Statement nodes, and what they qualify."""
        pattern = f"?n {RDF.subject.n3} ?s ; {RDF.predicate.n3} ?p ; {RDF.object.n3} ?o"
        return {row["n"]: (row["s"], row["p"], row["o"]) for row in self.kg.query(f"SELECT ?n ?s ?p ?o {self.kg.wrap(pattern)}").rows}

    @cached_property
    def releases(self) -> frozenset[Term]:
        rows = self.kg.query(f"SELECT ?v {self.kg.wrap(f'?v a {DOAP.Version.n3}')}").rows
        return frozenset(row["v"] for row in rows)

    @cached_property
    def measured(self) -> frozenset[Term]:
        """Measurements with their runs and setups: read by a program, and checked as a whole."""
        kinds = " ".join(c.n3 for c in (SOSA.Observation, FG.Run, FG.Setup))
        rows = self.kg.query(f"SELECT ?m {self.kg.wrap(f'VALUES ?c {{ {kinds} }} ?m a ?c')}").rows
        return frozenset(row["m"] for row in rows)

    def facts(self) -> list[Fact]:
        """All facts that can be checked."""
        found = []
        declared = self._declared()
        for row in self.kg.query(f"SELECT ?s ?p ?o {self.kg.wrap('?s ?p ?o')}").rows:
            s, p, o = row["s"], row["p"], row["o"]
            if isinstance(p, Iri) and isinstance(s, Iri) and self._counts(s, p) and (s, p, o) not in declared:
                found.append(Fact(s, p, o))
        return found

    def _declared(self) -> set[tuple[Term, Term, Term]]:
        """What the ontology and the lists of names say; no passage states it."""
        if self.kg.facts_graph != FACTS.value:
            return set()
        rows = self.kg.query(f"SELECT ?s ?p ?o {{ GRAPH {TERMS.n3} {{ ?s ?p ?o }} }}").rows
        return {(row["s"], row["p"], row["o"]) for row in rows}

    def _counts(self, subject: Iri, predicate: Iri) -> bool:
        if predicate.value.startswith(FG.base):
            return predicate in _OF_THE_ENGINE or (predicate == FG.holds and subject in self.statements)
        listed = subject in self.releases or subject in self.measured
        return not (listed or predicate in (*LABELS, DOAP.release) or predicate.value.startswith(_NAMES))

    def entries(self, facts: list[Fact]) -> Iterable[Entry]:
        """The facts in words, in the order given."""
        sources = sources_of(self.kg, facts)
        origins = derivations(self.kg, facts)
        known = describe(self.kg, {name for names in origins.values() for name in names})
        beside = self._of({f.subject for f in facts if f.predicate in (FG.says, FG.note, FG.holds) or f.subject in self.statements})
        names = self._names({*self._terms(facts), *(o for told in beside.values() for values in told.values() for o in values)})
        for fact in facts:
            told = beside.get(fact.subject, {})
            derived = tuple(known[name] for name in origins.get(fact, ()) if name in known)
            more = tuple(f"{_word(p, names)}: {_all(told[p], names)}" for p in _BESIDE if p in told and p != fact.predicate)
            subject = _all(told[FG.about], names) if FG.about in told else self._subject(fact.subject, names)
            remark = "claim" if FG.Claim in told.get(RDF.type, ()) else "remark"
            property_ = remark if fact.predicate == FG.says else _word(fact.predicate, names)
            yield Entry(fact, subject, property_, _word(fact.object, names), more, sources.get(fact, ()), derived)

    def _terms(self, facts: list[Fact]) -> Iterable[Term]:
        for fact in facts:
            yield from (fact.subject, fact.predicate, fact.object, *self.statements.get(fact.subject, ()))

    def _subject(self, subject: Term, names: dict[Term, str]) -> str:
        if subject not in self.statements:
            return _word(subject, names)
        return "statement that " + " | ".join(_word(term, names) for term in self.statements[subject])

    def _of(self, subjects: set[Term]) -> dict[Term, dict[Iri, list[Term]]]:
        """What is said of remarks and statements: subject -> property -> values in a fixed order."""
        wanted = " ".join(p.n3 for p in (RDF.type, FG.about, *_BESIDE))
        found: dict[Term, dict[Iri, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for batch in _batches(subjects):
            pattern = f"VALUES ?p {{ {wanted} }} VALUES ?s {{ {batch} }} ?s ?p ?o"
            for row in sorted(self.kg.query(f"SELECT DISTINCT ?s ?p ?o {self.kg.wrap(pattern)}").rows, key=lambda r: str(r["o"])):
                if isinstance(row["p"], Iri):
                    found[row["s"]][row["p"]].append(row["o"])
        return found

    def _names(self, terms: set[Term]) -> dict[Term, str]:
        """The first label, in the order of LABELS, of each term that has one; the text of a remark."""
        found: dict[Term, list[str]] = defaultdict(list)
        for batch in _batches({t for t in terms if isinstance(t, Iri)}):
            for label in (*LABELS, FG.says):
                pattern = f"VALUES ?x {{ {batch} }} ?x {label.n3} ?name"
                for row in sorted(self.kg.query(f"SELECT ?x ?name {self.kg.wrap(pattern)}").rows, key=lambda r: str(r["name"])):
                    found[row["x"]].append(row["name"].value)
        return {term: names[0] for term, names in found.items()}


def _batches(terms: Iterable[Term]) -> Iterable[str]:
    ordered = sorted(terms, key=str)
    for start in range(0, len(ordered), BATCH):
        yield " ".join(term.n3 for term in ordered[start : start + BATCH])


def _word(term: Term, names: dict[Term, str]) -> str:
    """The name of a thing; without one, what stands last in its IRI where the IRI names a term; else as it is."""
    if term in names or not isinstance(term, Iri):
        return names.get(term, str(term))
    return term.value.rsplit("#", 1)[-1]


def _all(terms: list[Term], names: dict[Term, str]) -> str:
    return ", ".join(_word(term, names) for term in terms)
