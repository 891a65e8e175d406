"""Solutions as the W3C's result formats, and as a table for a terminal. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from graph.terms import PREFIXES
from graph.types import XSD_STRING, Blank, Fact, Iri, Literal, Solutions, Term

if TYPE_CHECKING:
    from rich.table import Table

SPARQL_XML = "http://www.w3.org/2005/sparql-results#"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TRIPLE_COLUMNS = ("subject", "predicate", "object")


def to_json(solutions: Solutions) -> str:
    """SPARQL 1.1 Query Results JSON; triples as rows of subject, predicate and object."""
    if solutions.boolean is not None:
        return json.dumps({"head": {}, "boolean": solutions.boolean}, indent=1)
    names, rows = _table(solutions)
    bindings = [{name: _json_term(term) for name, term in row.items()} for row in rows]
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": bindings}}, ensure_ascii=False, indent=1)


def _json_term(term: Term) -> dict[str, Any]:
    if isinstance(term, Iri):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Blank):
        return {"type": "bnode", "value": term.value}
    extra = {"xml:lang": term.language} if term.language else {} if term.datatype == XSD_STRING else {"datatype": term.datatype}
    return {"type": "literal", "value": term.value, **extra}


def to_xml(solutions: Solutions) -> str:
    """SPARQL Query Results XML."""
    root = ElementTree.Element("sparql", {"xmlns": SPARQL_XML})
    head = ElementTree.SubElement(root, "head")
    if solutions.boolean is not None:
        ElementTree.SubElement(root, "boolean").text = str(solutions.boolean).lower()
    else:
        names, rows = _table(solutions)
        for name in names:
            ElementTree.SubElement(head, "variable", {"name": name})
        results = ElementTree.SubElement(root, "results")
        for row in rows:
            result = ElementTree.SubElement(results, "result")
            for name, term in row.items():
                _xml_term(ElementTree.SubElement(result, "binding", {"name": name}), term)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _xml_term(parent: ElementTree.Element, term: Term) -> None:
    tag = "uri" if isinstance(term, Iri) else "bnode" if isinstance(term, Blank) else "literal"
    element = ElementTree.SubElement(parent, tag)
    element.text = term.value
    if isinstance(term, Literal) and term.language:
        element.set(XML_LANG, term.language)
    elif isinstance(term, Literal) and term.datatype != XSD_STRING:
        element.set("datatype", term.datatype)


def to_csv(solutions: Solutions) -> str:
    """SPARQL 1.1 Query Results CSV: plain values, RFC 4180."""
    if solutions.boolean is not None:
        return f"{str(solutions.boolean).lower()}\r\n"
    names, rows = _table(solutions)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([str(row.get(name, "")) for name in names] for row in rows)
    return out.getvalue()


def to_tsv(solutions: Solutions) -> str:
    """SPARQL 1.1 Query Results TSV: terms as in Turtle."""
    if solutions.boolean is not None:
        return f"{str(solutions.boolean).lower()}\n"
    names, rows = _table(solutions)
    lines = ["\t".join(f"?{name}" for name in names)]
    lines += ["\t".join(turtle(row[name]) if name in row else "" for name in names) for row in rows]
    return "\n".join(lines) + "\n"


def to_turtle(solutions: Solutions) -> str:
    """Triples, one a line (N-Triples, which is Turtle). Raises ValueError for solutions that are no triples."""
    if solutions.boolean is not None or solutions.variables:
        raise ValueError("turtle is for CONSTRUCT and DESCRIBE; for SELECT and ASK take table, json, xml, csv or tsv")
    return "".join(f"{turtle(t.subject)} {turtle(t.predicate)} {turtle(t.object)} .\n" for t in solutions.triples)


def turtle(term: Term) -> str:
    """A term as Turtle writes it."""
    return f"_:{term.value}" if isinstance(term, Blank) else term.n3


def _table(solutions: Solutions) -> tuple[tuple[str, ...], list[dict[str, Term]]]:
    if solutions.variables or not solutions.triples:
        return solutions.variables, list(solutions.rows)
    return TRIPLE_COLUMNS, [_as_row(triple) for triple in solutions.triples]


def _as_row(fact: Fact) -> dict[str, Term]:
    return dict(zip(TRIPLE_COLUMNS, (fact.subject, fact.predicate, fact.object), strict=True))


WRITERS: dict[str, Callable[[Solutions], str]] = {
    "json": to_json, "xml": to_xml, "csv": to_csv, "tsv": to_tsv, "turtle": to_turtle,
}  # fmt: skip


def as_table(solutions: Solutions) -> Table:
    """A table for a terminal, IRIs with our prefixes."""
    from rich.table import Table
    from rich.text import Text

    names, rows = _table(solutions)
    table = Table(*names, caption=f"{len(rows)} row{'' if len(rows) == 1 else 's'}", caption_justify="left")
    for row in rows:
        table.add_row(*(Text(brief(row[name])) if name in row else "" for name in names))
    return table


def brief(term: Term) -> str:
    """A term for people: its words, or its IRI with a prefix of ours."""
    if isinstance(term, Iri):
        for name, base in PREFIXES.items():
            if term.value.startswith(base) and len(term.value) > len(base):
                return f"{name}:{term.value[len(base) :]}"
    return str(term)
