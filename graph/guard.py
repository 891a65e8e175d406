"""What a stranger's query may do: read this store, and nothing else.

Three looks, each enough for the cases it knows. The text with its ``\\u`` escapes expanded is what is looked at and
what runs, so that no spelling hides a word. A scan of its words finds SERVICE and updates with a clear message.
rdflib's parser then gives the syntax tree, which has the last word on SERVICE and names the graphs of FROM.
(The worker that runs the text has, besides, no way to open a socket: see ``graph.worker``.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from graph.terms import PREFIXES
from graph.types import QueryError, RefusedQuery

if TYPE_CHECKING:
    from rdflib.plugins.sparql.parserutils import CompValue
    from rdflib.plugins.sparql.sparql import Prologue

MAX_QUERY = 100_000  # characters; rdflib's parser takes about a second for so many

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r'|<[^<>"{}|^`\\\x00-\x20]*>'
    r"|\#[^\n]*"
    r"|[?$@]\w+"
    r"|[\w.-]*:[\w.:%-]*"
    r"|(?P<word>\w+)",
    re.DOTALL,
)
_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"))
NO_SERVICE = "SERVICE is refused: this door reads its own store and asks no other endpoint. Remove the SERVICE block"


class Unparsed(QueryError):
    """Text that rdflib's parser does not read; the engine's parser may say better why."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A query that may run: its text (escapes expanded), its form, the graphs its FROM clauses name, and the functions it calls by IRI."""

    text: str
    form: str
    defaults: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()

    @property
    def has_dataset(self) -> bool:
        return bool(self.defaults or self.named)


def inspect(query: str, *, base: str, knows: Callable[[str], bool]) -> Checked:
    """Check a stranger's query.

    ``knows`` says whether a graph name stands in the store. Raises QueryError for text that is not a SPARQL query,
    RefusedQuery for one that would write, leave the store, or read a graph that is not here.
    """
    if len(query) > MAX_QUERY:
        raise QueryError(f"the query has {len(query):,} characters; at most {MAX_QUERY:,} are read")
    text = expand(query)
    refuse_words(text)
    checked = _parse(text, base)
    for name in (*checked.defaults, *checked.named):
        if not knows(name):
            raise RefusedQuery(
                f"FROM <{name}> names a graph that is not in this store, and nothing is fetched from elsewhere. "
                "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } lists the graphs that are here."
            )
    return checked


def check_dataset(names: Iterable[str], *, knows: Callable[[str], bool]) -> None:
    """Check the graphs named beside a query, by the protocol's parameters. Raises RefusedQuery.

    The W3C's tests name a graph on the web that no test provides and expect an answer: such a graph is empty here, for
    nothing is fetched. A name that is not one of the web (``file:``) is refused unless the store holds it.
    """
    for name in names:
        if not name.startswith(("http://", "https://", "urn:")) and not knows(name):
            raise RefusedQuery(f"the graph {name!r} is not in this store, and no file is read; name a graph that is")


def expand(query: str) -> str:
    """The query with its codepoint escapes replaced (SPARQL 1.1, section 19.2) and its line ends made one.

    rdflib ends a comment at a line feed, other parsers at a carriage return too: with one kind of line end they agree.
    """
    text = _ESCAPE.sub(_character, query).replace("\r\n", "\n").replace("\r", "\n")
    if _ESCAPE.search(text):
        raise RefusedQuery("the query holds an escape within an escape (a \\u that spells a \\u); write the character itself")
    return text


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise QueryError(f"{match[0]} is not a character; escapes reach from \\u0000 to \\U0010FFFF without the surrogates")
    return chr(code)


def words(text: str) -> Iterator[str]:
    """The bare words of a query, in capitals: no strings, IRIs, comments, variables, names with a prefix."""
    for match in _TOKEN.finditer(text):
        if match["word"]:
            yield match["word"].upper()


def refuse_words(text: str) -> None:
    """Raises RefusedQuery for SERVICE anywhere and for an update."""
    found = list(words(text))
    if "SERVICE" in found:
        raise RefusedQuery(NO_SERVICE)
    verb = next((w for w in found if w not in ("PREFIX", "BASE")), "")
    if verb in _UPDATES:
        raise RefusedQuery(f"{verb} is refused: this door only reads. Queries begin with SELECT, ASK, CONSTRUCT or DESCRIBE")


def _parse(text: str, base: str) -> Checked:
    # rdflib's parser is slow to import and of no use to those who never meet a stranger
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.algebra import translatePrologue
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        declarations, query = parseQuery(text)
    except ParseBaseException as error:
        where = f"line {error.lineno}, column {error.column}"
        raise Unparsed(f"{where}: the query does not parse; {error.msg[:1].lower()}{error.msg[1:]}") from error
    except RecursionError as error:
        raise QueryError("the query is nested too deeply; write it with fewer groups inside one another") from error
    parts = list(_parts(query))
    if any(part.name == "ServiceGraphPattern" for part in parts):
        raise RefusedQuery(NO_SERVICE)
    prologue = translatePrologue(declarations, base, PREFIXES)
    _check_prefixes(parts, prologue)
    clauses = [part for part in parts if part.name == "DatasetClause"]
    return Checked(
        text,
        query.name.removesuffix("Query").upper(),
        tuple(str(prologue.absolutize(c.default)) for c in clauses if c.default is not None),
        tuple(str(prologue.absolutize(c.named)) for c in clauses if c.named is not None),
        tuple(dict.fromkeys(str(prologue.absolutize(part.iri)) for part in parts if part.name == "Function")),
    )


def _check_prefixes(parts: Iterable[CompValue], prologue: Prologue) -> None:
    declared = prologue.namespace_manager.store.namespace
    used = {part.prefix or "" for part in parts if part.name == "pname"}
    if unknown := sorted(prefix for prefix in used if declared(prefix) is None):
        raise QueryError(f"the prefix {unknown[0]}: is not declared; begin the query with PREFIX {unknown[0]}: <...>")


def _parts(tree: object) -> Iterator[CompValue]:
    """Every part of rdflib's syntax tree, those inside filters and sub-queries included."""
    todo: list[object] = [tree]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            yield cast("CompValue", part)
            todo.extend(part.values())
        elif isinstance(part, Iterable) and not isinstance(part, (str, bytes)):
            todo.extend(part)
