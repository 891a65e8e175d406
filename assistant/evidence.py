"""From the solutions of a query graph back to the facts that made them true."""

from __future__ import annotations

from assistant import sparql
from assistant.draft import Draft
from assistant.types import Edge, Maybe, Node, Or, Part, QueryGraph, Var
from graph.types import Blank, Fact, Iri, Row, Term

MAX_ROWS = 400  # things whose evidence is looked up in one answer


def facts_by_target(draft: Draft, graph: QueryGraph, targets: list[Term]) -> dict[Term, list[Fact]]:
    """For each target the facts its row rests on: every positive pattern, instantiated by the row."""
    if not targets:
        return {}
    wanted = [t for t in targets if isinstance(t, Iri)][:MAX_ROWS]
    values = f"VALUES ?{graph.target.name} {{ {' '.join(t.n3 for t in wanted)} }} "
    found: dict[Term, dict[Fact, None]] = {t: {} for t in targets}
    for where in branches(graph.where):
        rows = draft.ask(f"SELECT * {draft.kg.wrap(values + sparql.body(where))}").rows
        for row in sorted(rows, key=lambda r: sorted((name, str(term)) for name, term in r.items())):  # engines have no order of their own
            target = row.get(graph.target.name)
            if target in found:
                for fact in instantiate(where, row):
                    found[target][fact] = None
    return {t: list(facts) for t, facts in found.items()}


def branches(parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """The ways through the alternatives of a pattern: a row of one says nothing of the facts of another."""
    ways: list[tuple[Part, ...]] = [()]
    for part in parts:
        groups = part.groups if isinstance(part, Or) else ((part,),)
        ways = [(*way, *group) for way in ways for group in groups]
    return ways


def instantiate(parts: tuple[Part, ...], row: Row) -> list[Fact]:
    """The facts of all positive edges under a row; edges with an unbound end are left out, alternatives are for ``branches``."""
    facts: list[Fact] = []
    for part in parts:
        if isinstance(part, Edge):
            s, o = bound(part.subject, row), bound(part.object, row)
            by = part.properties[0] if len(part.properties) == 1 else row.get(part.by)
            if s is not None and o is not None and isinstance(by, Iri) and not isinstance(s, Blank):
                facts.append(Fact(s, by, o))
        elif isinstance(part, Maybe):
            facts += instantiate(part.parts, row)
    return facts


def bound(node: Node, row: Row) -> Term | None:
    return row.get(node.name) if isinstance(node, Var) else node
