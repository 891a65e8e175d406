"""What flows between the rooms: RDF terms, solutions, sources, and the error tree.

Errors::

    GraphError
    ├── OpenError          a file, folder or address that cannot be opened as RDF
    ├── BuildError         data/ cannot be built into a graph
    ├── QueryError         SPARQL that does not parse or cannot be evaluated
    ├── RefusedQuery       SPARQL that a stranger may not run (writes, SERVICE, FROM)
    ├── QueryTimeout       a query that ran past its limit of time or memory
    ├── ResultTooLarge     a result past its limit of rows or bytes
    ├── EndpointError      a SPARQL endpoint that failed or answered nonsense
    ├── SettingError       a setting whose value cannot be used
    └── PackageError       a package whose metadata cannot be read anew or written
        └── UnreachableIndex   the package index that pip is configured with does not answer at all
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_STRING = XSD + "string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class GraphError(Exception):
    """Anything that goes wrong with a graph; the message names the value and the remedy."""


class OpenError(GraphError):
    """A file, folder or address that cannot be opened as RDF."""


class BuildError(GraphError):
    """The data folder cannot be built into a graph."""


class QueryError(GraphError):
    """SPARQL that does not parse or cannot be evaluated."""


class RefusedQuery(GraphError):
    """SPARQL that a stranger may not run: writes, SERVICE, FROM."""


class QueryTimeout(GraphError):
    """A query that ran past its limit of time or memory."""


class ResultTooLarge(GraphError):
    """A result past its limit of rows or bytes."""


class EndpointError(GraphError):
    """A SPARQL endpoint that failed or answered nonsense."""


class SettingError(GraphError):
    """A setting whose value cannot be used."""


class PackageError(GraphError):
    """A package whose metadata cannot be read anew or written; its record stays."""


class UnreachableIndex(PackageError):
    """The package index that pip is configured with does not answer at all."""


def _escaped(text: str) -> str:
    for raw, safe in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(raw, safe)
    return "".join(c if c >= " " and not 0xD800 <= ord(c) <= 0xDFFF else f"\\u{ord(c) & 0xFFFF:04X}" for c in text)


_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


@dataclass(frozen=True, slots=True, order=True)
class Iri:
    """An IRI; ``n3`` refuses characters that would end it early."""

    value: str

    def __hash__(self) -> int:  # that of a dataclass builds a tuple each time, and nothing is looked up as often
        return hash(self.value)

    @property
    def n3(self) -> str:
        if _NOT_IN_IRI.search(self.value):
            raise QueryError(f'{self.value!r} is not an IRI: it holds a space or one of <>"{{}}|^`\\')
        return f"<{self.value}>"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal: lexical form, datatype IRI, language tag ('' for none)."""

    value: str
    datatype: str = XSD_STRING
    language: str = ""

    @property
    def n3(self) -> str:
        quoted = f'"{_escaped(self.value)}"'
        if self.language:
            return f"{quoted}@{self.language}"
        return quoted if self.datatype == XSD_STRING else f"{quoted}^^{Iri(self.datatype).n3}"

    def __str__(self) -> str:
        return self.value


def is_true(term: object) -> bool:
    """Whether a truth value says yes: XSD writes it 'true' or '1', and some stores keep only the second."""
    return str(term) in ("true", "1")


@dataclass(frozen=True, slots=True, order=True)
class Blank:
    """A blank node; it cannot be bound in a query."""

    value: str

    @property
    def n3(self) -> str:
        raise QueryError(f"the blank node _:{self.value} cannot be named in a query; give it an IRI")

    def __str__(self) -> str:
        return f"_:{self.value}"


Term = Iri | Literal | Blank
Row = dict[str, Term]


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of the fact graph."""

    subject: Term
    predicate: Iri
    object: Term

    @property
    def key(self) -> tuple[str, str, str]:
        return (str(self.subject), self.predicate.value, str(self.object))


@dataclass(frozen=True, slots=True)
class Solutions:
    """What a query answered: rows for SELECT, ``boolean`` for ASK, ``triples`` for CONSTRUCT and DESCRIBE.

    A row maps a variable's name to its term; an unbound variable is absent.
    """

    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    boolean: bool | None = None
    triples: tuple[Fact, ...] = ()

    def __iter__(self):  # type: ignore[no-untyped-def]  # rows, typed by the attribute
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact is stated: a passage of a document, or a rule that computed it.

    ``retrieved`` and ``issued`` are ISO dates or ''; ``url`` leads to the section.
    ``derived_from`` names the passages that a computed fact came from.
    """

    passage: str
    title: str
    publisher: str = ""
    kind: str = ""
    url: str = ""
    section: str = ""
    retrieved: str = ""
    issued: str = ""
    version: str = ""
    snapshot: str = ""
    computed: bool = False
    derived_from: tuple[str, ...] = field(default=())
