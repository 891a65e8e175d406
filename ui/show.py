"""One thing on one page: what the graph states of it, each line with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph import KnowledgeGraph
from graph.provenance import sources_of
from graph.terms import ALIASES, FG, LABELS, RDF, RDFS, SKOS
from graph.types import Fact, Iri, Literal, Source
from ui.results import brief

if TYPE_CHECKING:
    from rich.table import Table

NOT_SHOWN = (RDF.type, RDFS.label, SKOS.prefLabel)


def find(kg: KnowledgeGraph, name: str) -> list[Iri]:
    """The things that bear this name, whatever its case; those of the focus of the dataset first."""
    properties = " ".join(p.n3 for p in (*LABELS, *ALIASES))
    wanted = Literal(name.casefold().strip()).n3
    named = f"VALUES ?p {{ {properties} }} ?s ?p ?name FILTER(LCASE(STR(?name)) = {wanted})"
    rows = kg.query(f"SELECT DISTINCT ?s ?c {kg.wrap(f'{named} OPTIONAL {{ ?s a ?c . ?d {FG.focusClass.n3} ?c }}')}").rows
    found = {row["s"]: "c" in row for row in rows if isinstance(row["s"], Iri)}
    central = {s for s, is_central in found.items() if is_central}
    return sorted(s for s in central or found if isinstance(s, Iri))


def card(kg: KnowledgeGraph, thing: Iri) -> Table:
    """A table of property, value and where it is stated."""
    from rich.table import Table
    from rich.text import Text

    rows = kg.query(f"SELECT ?p ?o {kg.wrap(f'{thing.n3} ?p ?o')}").rows
    facts = [Fact(thing, row["p"], row["o"]) for row in rows if isinstance(row["p"], Iri) and row["p"] not in NOT_SHOWN]
    names = _labels(kg, thing)
    sources = sources_of(kg, facts)
    table = Table("property", "value", "stated by", title=names.get(thing, brief(thing)))
    for fact in sorted(facts, key=lambda f: (names.get(f.predicate, brief(f.predicate)), str(f.object))):
        value = names.get(fact.object) if isinstance(fact.object, Iri) else None
        stated = "; ".join(_said(source) for source in sources.get(fact, ()))
        table.add_row(Text(names.get(fact.predicate, brief(fact.predicate))), Text(value or brief(fact.object)), Text(stated))
    return table


def _labels(kg: KnowledgeGraph, thing: Iri) -> dict[Iri, str]:
    """Labels of the thing, its properties and its values."""
    parts = f"{{ BIND({thing.n3} AS ?x) }} UNION {{ {thing.n3} ?x ?any }} UNION {{ {thing.n3} ?any ?x FILTER(isIRI(?x)) }}"
    rows = kg.query(f"SELECT DISTINCT ?x ?name {kg.wrap(f'{parts} ?x {SKOS.prefLabel.n3} ?name')}").rows
    return {row["x"]: row["name"].value for row in rows if isinstance(row["x"], Iri)}


def _said(source: Source) -> str:
    return f"{source.title}: {source.section}" if source.section else source.title
