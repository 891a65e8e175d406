"""From facts to the sources that state them: one query for the graphs, one for what those graphs are."""

from __future__ import annotations

from collections.abc import Iterable

from graph.store import KnowledgeGraph
from graph.terms import DCT, FACTS, FG, PROV, RDF, RULES, SCHEMA, SOURCES, TERMS
from graph.types import Blank, Fact, Iri, Source

BATCH = 300  # facts a VALUES block; keeps a query under the size that servers take


def sources_of(kg: KnowledgeGraph, facts: Iterable[Fact]) -> dict[Fact, tuple[Source, ...]]:
    """For each fact the sources that state it, passages before rules, in a stable order.

    A dataset without passages (a foreign file or endpoint) is its own source: each fact is cited to it.
    """
    wanted = sorted({f for f in facts if not isinstance(f.subject, Blank) and not isinstance(f.object, Blank)}, key=lambda f: f.key)
    if kg.facts_graph != FACTS.value:
        whole = Source(passage=kg.name, title=kg.name, kind="dataset", version=kg.version)
        return dict.fromkeys(wanted, (whole,))
    graphs: dict[Fact, set[str]] = {fact: set() for fact in wanted}
    for start in range(0, len(wanted), BATCH):
        _collect(kg, wanted[start : start + BATCH], graphs)
    known = describe(kg, {g for names in graphs.values() for g in names})
    return {fact: tuple(ordered(known[g] for g in names if g in known)) for fact, names in graphs.items()}


def sayings(kg: KnowledgeGraph) -> dict[Iri, tuple[tuple[str, str], ...]]:
    """For each remark its (publisher, kind of document) pairs; empty for a dataset without passages."""
    if kg.facts_graph != FACTS.value:
        return {}
    document = f"GRAPH {SOURCES.n3} {{ ?g {PROV.wasQuotedFrom.n3} ?d . ?d {DCT.publisher.n3} ?who ; {FG.sourceKind.n3} ?kind }}"
    found: dict[Iri, set[tuple[str, str]]] = {}
    for row in kg.query(f"SELECT DISTINCT ?r ?who ?kind {{ GRAPH ?g {{ ?r {FG.says.n3} ?any }} {document} }}"):
        if isinstance(row["r"], Iri):
            found.setdefault(row["r"], set()).add((row["who"].value, row["kind"].value.rsplit("#", 1)[-1]))
    return {r: tuple(sorted(pairs)) for r, pairs in found.items()}


def _collect(kg: KnowledgeGraph, batch: list[Fact], graphs: dict[Fact, set[str]]) -> None:
    things = " ".join(f"({f.subject.n3} {f.predicate.n3} {f.object.n3})" for f in batch if isinstance(f.object, Iri))
    texts = " ".join(sorted({f"({f.subject.n3} {f.predicate.n3})" for f in batch if not isinstance(f.object, Iri)}))
    # literals are compared here: not every server finds one that VALUES names
    for names, values in (("?s ?p ?o", things), ("?s ?p", texts)):
        rows = kg.query(f"SELECT ?s ?p ?o ?g {{ VALUES ({names}) {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}").rows if values else ()
        for row in rows:
            predicate = row["p"]
            assert isinstance(predicate, Iri)
            fact = Fact(row["s"], predicate, row["o"])
            name = row["g"].value
            if fact in graphs and name not in (FACTS.value, TERMS.value, SOURCES.value):
                graphs[fact].add(name)


def describe(kg: KnowledgeGraph, names: Iterable[str]) -> dict[str, Source]:
    """The passages and rules of these graph names, as sources."""
    passages = _properties(kg, names)
    documents = _properties(kg, {t[PROV.wasQuotedFrom] for t in passages.values() if PROV.wasQuotedFrom in t})
    return {name: _source(name, texts, documents.get(texts.get(PROV.wasQuotedFrom, ""), {})) for name, texts in passages.items()}


def _properties(kg: KnowledgeGraph, names: Iterable[str]) -> dict[str, dict[Iri, str]]:
    """IRI -> property -> its lexically first value, in the sources graph."""
    found: dict[str, dict[Iri, str]] = {}
    wanted = sorted(names)
    for start in range(0, len(wanted), BATCH):
        values = " ".join(Iri(n).n3 for n in wanted[start : start + BATCH])
        for row in kg.query(f"SELECT ?x ?p ?o {{ VALUES ?x {{ {values} }} GRAPH {SOURCES.n3} {{ ?x ?p ?o }} }}"):
            texts, p, o = found.setdefault(row["x"].value, {}), row["p"], row["o"].value
            if isinstance(p, Iri) and (p not in texts or o < texts[p]):
                texts[p] = o
    return found


def _source(name: str, passage: dict[Iri, str], document: dict[Iri, str]) -> Source:
    computed = name.startswith(RULES)
    return Source(
        passage=name,
        title=passage.get(DCT.title, "") if computed else document.get(DCT.title, ""),
        publisher=document.get(DCT.publisher, ""),
        kind="rule" if computed else document.get(FG.sourceKind, "").rsplit("#", 1)[-1],
        url=passage.get(SCHEMA.url, "") or passage.get(PROV.wasQuotedFrom, ""),
        section=passage.get(FG.section, ""),
        retrieved=passage.get(FG.retrieved, ""),
        issued=document.get(DCT.issued, ""),
        version=passage.get(FG.speaksOf, ""),
        snapshot=passage.get(FG.snapshot, ""),
        computed=computed,
    )


def ordered(sources: Iterable[Source]) -> list[Source]:
    """Passages before rules, then the kinds of source that stand nearest to the thing itself."""
    order = {kind: rank for rank, kind in enumerate(KIND_ORDER)}
    return sorted(sources, key=lambda s: (s.computed, order.get(s.kind, len(order)), s.passage))


KIND_ORDER = (
    "OfficialDocumentation",
    "Repository",
    "Specification",
    "PackageMetadata",
    "Book",
    "Survey",
    "Benchmark",
    "Article",
    "Judgement",
)  # how near to the thing itself a source stands; the first citation of a fact is the nearest


def derivations(kg: KnowledgeGraph, facts: Iterable[Fact]) -> dict[Fact, tuple[str, ...]]:
    """For facts that a rule computed, the passages that they were computed from."""
    wanted = sorted({f for f in facts if not isinstance(f.subject, Blank) and not isinstance(f.object, Blank)}, key=lambda f: f.key)
    if not wanted or kg.facts_graph != FACTS.value:
        return {}
    values = " ".join(f"({f.subject.n3} {f.predicate.n3} {f.object.n3})" for f in wanted)
    found: dict[Fact, set[str]] = {}
    body = (
        f"VALUES (?s ?p ?o) {{ {values} }} GRAPH {SOURCES.n3} {{ ?d {RDF.subject.n3} ?s ; {RDF.predicate.n3} ?p ; "
        f"{RDF.object.n3} ?o ; {PROV.wasDerivedFrom.n3} ?from }}"
    )
    for row in kg.query(f"SELECT ?s ?p ?o ?from {{ {body} }}"):
        predicate = row["p"]
        assert isinstance(predicate, Iri)
        found.setdefault(Fact(row["s"], predicate, row["o"]), set()).add(row["from"].value)
    return {fact: tuple(sorted(names)) for fact, names in found.items()}
