"""From facts to the sources that state them: one query for the graphs, one for what those graphs are."""

from __future__ import annotations

from collections.abc import Iterable

from graph.store import KnowledgeGraph
from graph.terms import DCT, FACTS, FG, PROV, RDF, RULES, SCHEMA, SOURCES, TERMS
from graph.types import Blank, Fact, Iri, Row, Source

BATCH = 300  # facts a VALUES block; keeps a query under the size that servers take


def sources_of(kg: KnowledgeGraph, facts: Iterable[Fact]) -> dict[Fact, tuple[Source, ...]]:
    """For each fact the sources that state it, passages before rules, in a stable order.

    A dataset without passages (a foreign file or endpoint) is its own source: each fact is cited to it.
    """
    wanted = sorted({f for f in facts if not isinstance(f.subject, Blank) and not isinstance(f.object, Blank)}, key=lambda f: f.key)
    if kg.facts_graph != FACTS.value:
        whole = Source(passage=kg.name, title=kg.name, kind="dataset", version=kg.version)
        return {fact: (whole,) for fact in wanted}
    graphs: dict[Fact, set[str]] = {fact: set() for fact in wanted}
    for start in range(0, len(wanted), BATCH):
        _collect(kg, wanted[start : start + BATCH], graphs)
    known = describe(kg, {g for names in graphs.values() for g in names})
    return {fact: tuple(_ordered(known[g] for g in names if g in known)) for fact, names in graphs.items()}


def _collect(kg: KnowledgeGraph, batch: list[Fact], graphs: dict[Fact, set[str]]) -> None:
    values = " ".join(f"({f.subject.n3} {f.predicate.n3} {f.object.n3})" for f in batch)
    for row in kg.query(f"SELECT ?s ?p ?o ?g {{ VALUES (?s ?p ?o) {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"):
        predicate = row["p"]
        assert isinstance(predicate, Iri)
        fact = Fact(row["s"], predicate, row["o"])
        name = row["g"].value
        if fact in graphs and name not in (FACTS.value, TERMS.value, SOURCES.value):
            graphs[fact].add(name)


def describe(kg: KnowledgeGraph, names: Iterable[str]) -> dict[str, Source]:
    """The passages and rules of these graph names, as sources."""
    wanted = sorted(names)
    if not wanted:
        return {}
    values = " ".join(Iri(n).n3 for n in wanted)
    body = (
        f"VALUES ?g {{ {values} }} GRAPH {SOURCES.n3} {{ OPTIONAL {{ ?g {PROV.wasQuotedFrom.n3} ?doc . ?doc {DCT.title.n3} ?title . "
        f"OPTIONAL {{ ?doc {DCT.publisher.n3} ?publisher }} OPTIONAL {{ ?doc {FG.sourceKind.n3} ?kind }} OPTIONAL {{ ?doc {DCT.issued.n3} ?issued }} }} "
        f"OPTIONAL {{ ?g {FG.section.n3} ?section }} OPTIONAL {{ ?g {SCHEMA.url.n3} ?url }} OPTIONAL {{ ?g {FG.retrieved.n3} ?retrieved }} "
        f"OPTIONAL {{ ?g {FG.speaksOf.n3} ?version }} OPTIONAL {{ ?g {FG.snapshot.n3} ?snapshot }} OPTIONAL {{ ?g {DCT.title.n3} ?rule }} }}"
    )
    found: dict[str, Source] = {}
    for row in kg.query(f"SELECT * {{ {body} }}"):
        name = row["g"].value
        source = _source(name, row)
        if name not in found or source.passage and str(source) < str(found[name]):
            found[name] = source
    return found


def _source(name: str, row: Row) -> Source:
    def text(key: str) -> str:
        return row[key].value if key in row else ""

    computed = name.startswith(RULES)
    return Source(
        passage=name,
        title=text("rule") if computed else text("title"),
        publisher=text("publisher"),
        kind="rule" if computed else text("kind").rsplit("#", 1)[-1],
        url=text("url") or text("doc"),
        section=text("section"),
        retrieved=text("retrieved"),
        issued=text("issued"),
        version=text("version"),
        snapshot=text("snapshot"),
        computed=computed,
    )


def _ordered(sources: Iterable[Source]) -> list[Source]:
    order = {kind: rank for rank, kind in enumerate(KIND_ORDER)}
    return sorted(sources, key=lambda s: (s.computed, order.get(s.kind, len(order)), s.passage))


KIND_ORDER = (
    "OfficialDocumentation", "Repository", "Specification", "PackageMetadata", "Book", "Survey", "Benchmark", "Article", "Judgement"
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
