"""Query graph -> SPARQL. Pure: terms are bound by their own serialisation, never formatted from text.

The body goes through ``wrap``, which says where the facts stand; the generator writes no FROM, no blank node,
no bare default graph.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.types import Bind, Compare, Edge, Exclude, IsA, Maybe, Node, Not, OneOf, Or, Part, QueryGraph, Var
from graph.terms import PREFIXES, RDF
from graph.types import XSD, Iri, Literal

Wrap = Callable[[str], str]
_YEARS = {XSD + "gYear"}


def node(n: Node) -> str:
    return f"?{n.name}" if isinstance(n, Var) else n.n3


def body(parts: tuple[Part, ...]) -> str:
    """The group graph pattern of these parts, without braces."""
    return " ".join(_part(p) for p in _sorted(parts))


def _sorted(parts: tuple[Part, ...]) -> list[Part]:
    """Filters, negations and options after what binds their variables."""
    late = (Compare, Exclude, Not, Maybe)
    binds = [p for p in parts if isinstance(p, Bind)]
    first = [p for p in parts if not isinstance(p, (*late, Bind))]
    return first + binds + [p for p in parts if isinstance(p, late)]


def _part(part: Part) -> str:
    match part:
        case Edge():
            return _edge(part)
        case IsA(n, classes) if len(classes) == 1:
            return f"{node(n)} {RDF.type.n3} {classes[0].n3} ."
        case IsA(n, classes):
            kind = f"?kind_{n.name}" if isinstance(n, Var) else "?kind"
            return f"VALUES {kind} {{ {' '.join(c.n3 for c in classes)} }} {node(n)} {RDF.type.n3} {kind} ."
        case OneOf(var, values):
            return f"VALUES ?{var.name} {{ {' '.join(v.n3 for v in values)} }}"
        case Exclude(var, values):
            return f"FILTER(?{var.name} NOT IN ({', '.join(v.n3 for v in values)}))"
        case Compare():
            return _compare(part)
        case Not(parts):
            return f"FILTER NOT EXISTS {{ {body(parts)} }}"
        case Maybe(parts):
            return f"OPTIONAL {{ {body(parts)} }}"
        case Bind():
            return _bind(part)
        case Or(groups):
            return " UNION ".join("{ " + body(g) + " }" for g in groups)


def _bind(part: Bind) -> str:
    left, right = part.left, part.right
    said = f"?{left.name} {part.op} ?{right.name}"
    if part.op == "years":
        said = f"{_year(left)} - {_year(right)}"
    elif part.op == "days":  # the difference of two dates is a duration such as P11D
        integer = f"<{XSD}integer>"
        said = f'{integer}(STRBEFORE(STRAFTER(STR(?{left.name} - ?{right.name}), "P"), "D"))'
    if part.factor != 1.0:
        said = f"({said}) * {part.factor:.6g}" if part.factor >= 1 else f"({said}) / {1 / part.factor:.6g}"
    return f"BIND({said} AS ?{part.var.name})"


def _edge(edge: Edge) -> str:
    here, there = node(edge.subject), node(edge.object)
    if len(edge.properties) == 1:
        return f"{here} {edge.properties[0].n3} {there} ."
    return f"VALUES ?{edge.by} {{ {' '.join(p.n3 for p in edge.properties)} }} {here} ?{edge.by} {there} ."


def _year(var: Var) -> str:
    return f"<http://www.w3.org/2001/XMLSchema#integer>(SUBSTR(STR(?{var.name}), 1, 4))"


def _compare(c: Compare) -> str:
    value = c.value
    if isinstance(value, Var):
        mine, theirs = f"?{c.var.name}", f"?{value.name}"  # numbers by size, dates and years by their text
        by_text = f"STR({mine}) {c.op} STR({theirs})"
        return f"FILTER(IF(isNumeric({mine}) && isNumeric({theirs}), {mine} {c.op} {theirs}, {by_text}))"
    if value.datatype == XSD + "gYearMonth":
        return f"FILTER(SUBSTR(STR(?{c.var.name}), 1, 7) {c.op} {Literal(value.value).n3})"
    if value.datatype in _YEARS:  # a year compares with dates and years alike
        return f"FILTER({_year(c.var)} {c.op} {int(value.value)})"
    if value.datatype == XSD + "date":
        return f"FILTER(STR(?{c.var.name}) {c.op} {Literal(value.value).n3})"
    return f"FILTER(?{c.var.name} {c.op} {value.n3})"


def query(graph: QueryGraph, wrap: Wrap) -> str:
    """The SPARQL text of a query graph, without prefixes."""
    text = wrap(body(graph.where))
    target = f"?{graph.target.name}"
    if graph.ask:
        return f"ASK {text}"
    if graph.count and graph.group is None:
        return f"SELECT (COUNT(DISTINCT {target}) AS ?count) {text}"
    if graph.group is not None or graph.aggregate:
        return _aggregated(graph, text, target)
    columns = graph.columns or (graph.target,)
    ordered = {graph.target, graph.order.var} if graph.order else {graph.target}
    last = " ".join(f"?{c.name}" for c in (graph.target, *(c for c in columns if c not in ordered)))  # engines have no order of their own
    return f"SELECT DISTINCT {' '.join(f'?{c.name}' for c in columns)} {text} {_tail(graph, last)}".strip()


def _aggregated(graph: QueryGraph, text: str, target: str) -> str:
    """Numbers, one a group where there is one. A value is taken once a target, whatever else the pattern joins to it."""
    name = graph.aggregate.lower() or "count"
    number = f"COUNT(DISTINCT {target})"
    if graph.aggregate:
        column = f"?{graph.columns[-1].name}"
        number = f"{graph.aggregate}({column})"
        grouped = f"?{graph.group.name} " if graph.group else ""
        text = f"{{ SELECT DISTINCT {grouped}{target} {column} {text} }}"
    if graph.group is None:
        return f"SELECT ({number} AS ?{name}) {text}"
    group = f"?{graph.group.name}"
    having = f" HAVING({number} {graph.having[0]} {graph.having[1]})" if graph.having else ""
    if graph.bare:
        tail = _tail(graph, f"?{name}").replace(f"(?{name})", f"({number})")
        return f"SELECT {group} {text} GROUP BY {group}{having} {tail}".strip()
    return f"SELECT {group} ({number} AS ?{name}) {text} GROUP BY {group}{having} {_tail(graph, f'?{name}')}".strip()


def _tail(graph: QueryGraph, last: str) -> str:
    if graph.order:
        key = f"?{graph.order.var.name}"
        order = f"ORDER BY {'DESC' if graph.order.descending else 'ASC'}({key}) {last if last != key else ''}".strip()
    elif last.split()[0] == f"?{graph.target.name}":
        order = f"ORDER BY {last}"
    else:
        order = f"ORDER BY DESC({last}) ?{graph.group.name if graph.group else ''}"
    limit = f" LIMIT {graph.limit}" if graph.limit is not None else ""
    return order + limit + (f" OFFSET {graph.offset}" if graph.offset else "")


def with_prefixes(sparql: str) -> str:
    """The query shortened by our prefixes, with those it uses declared: what a reader sees and can run anywhere."""
    used = []
    pieces = _STRING.split(sparql)  # every second piece is a string, which is left as it is
    for prefix, base in sorted(PREFIXES.items(), key=lambda item: -len(item[1])):
        shortened = [p if i % 2 else _shorten(p, prefix, base) for i, p in enumerate(pieces)]
        if shortened != pieces or any(f"{prefix}:" in p for p in pieces[::2]):
            used.append(prefix)
        pieces = shortened
    sparql = "".join(pieces)
    head = "".join(f"PREFIX {p}: {Iri(PREFIXES[p]).n3}\n" for p in sorted(used))
    return head + sparql


_STRING = re.compile(r'("(?:[^"\\]|\\.)*")')


def _shorten(sparql: str, prefix: str, base: str) -> str:
    out, rest = [], sparql
    while True:
        before, found, after = rest.partition("<" + base)
        out.append(before)
        if not found:
            return "".join(out)
        local, _, rest = after.partition(">")
        plain = local.replace("-", "a").replace("_", "a").isalnum() and local.isascii() and local[0] not in "-"
        out.append(f"{prefix}:{local}" if plain else f"<{base}{local}>")
