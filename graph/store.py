"""KnowledgeGraph: RDF files, a folder on disk or a SPARQL endpoint behind one ``query``.

This is the only module that imports pyoxigraph. Queries reach it as strings; the facts of a dataset stand
in one graph (``facts_graph``), and ``wrap`` says so in every query that the engine writes, so that a query
means the same on every engine.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from graph.seal import STORE_MARK, version_of
from graph.terms import FACTS, PREFIXES
from graph.types import XSD_STRING, Blank, BuildError, Fact, Iri, Literal, OpenError, QueryError, ResultTooLarge, Solutions, Term

if TYPE_CHECKING:
    from rdflib import Dataset

RDF_SUFFIXES = {".ttl", ".trig", ".nt", ".nq", ".rdf", ".owl", ".xml", ".jsonld", ".n3"}


class Backend(Protocol):
    """What holds the quads: an Oxigraph store here, or a server over HTTP (``graph.remote``)."""

    def query(self, sparql: str, facts: Iri | None, union: bool) -> Solutions: ...

    def quads(self) -> Iterator[tuple[Term, Iri, Term, Iri | None]]: ...


def _term(raw: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Term:
    if isinstance(raw, ox.NamedNode):
        return Iri(raw.value)
    if isinstance(raw, ox.BlankNode):
        return Blank(raw.value)
    if isinstance(raw, ox.Triple):
        return Literal(str(raw))  # a quoted triple has no term of ours: shown as it is written
    return Literal(raw.value, raw.datatype.value, raw.language or "")


def parse_results(body: bytes, media_type: str) -> Solutions:
    """SPARQL results in JSON or XML as Solutions. Raises QueryError where they do not parse."""
    format_ = ox.QueryResultsFormat.from_media_type(media_type.split(";")[0]) or ox.QueryResultsFormat.JSON
    try:
        return _solutions(ox.parse_query_results(io.BytesIO(body), format=format_))
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the answer is not SPARQL results in {media_type}: {error}") from error


def rewritten(body: bytes, media_type: str) -> bytes:
    """SPARQL results in JSON, or N-Triples, written in another format of their kind."""
    if table := ox.QueryResultsFormat.from_media_type(media_type):
        return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON).serialize(format=table) or b""
    return ox.serialize(ox.parse(body, format=ox.RdfFormat.N_TRIPLES), format=ox.RdfFormat.from_media_type(media_type)) or b""


def _solutions(raw: object) -> Solutions:
    if isinstance(raw, ox.QueryBoolean):
        return Solutions(boolean=bool(raw))
    if isinstance(raw, ox.QueryTriples):
        return Solutions(triples=tuple(Fact(_term(t.subject), Iri(t.predicate.value), _term(t.object)) for t in raw))
    assert isinstance(raw, ox.QuerySolutions)
    names = tuple(v.value for v in raw.variables)
    rows = []
    for solution in raw:
        cells = ((name, solution[name]) for name in names)
        rows.append({name: _term(cell) for name, cell in cells if cell is not None})
    return Solutions(names, tuple(rows))


class OxigraphBackend:
    """Quads in memory or in a folder opened read-only."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def query(self, sparql: str, facts: Iri | None, union: bool) -> Solutions:
        try:
            raw = self.store.query(
                sparql,
                prefixes=PREFIXES,
                default_graph=[ox.NamedNode(facts.value)] if facts else None,
                use_default_graph_as_union=union,
            )
            return _solutions(raw)
        except SyntaxError as error:
            raise QueryError(f"the query does not parse: {error}") from error
        except (OSError, ValueError, RuntimeError) as error:  # the last for a function that the engine does not have
            raise QueryError(f"the query could not be evaluated: {error}") from error

    def quads(self) -> Iterator[tuple[Term, Iri, Term, Iri | None]]:
        for quad in self.store.quads_for_pattern(None, None, None, None):
            graph = Iri(quad.graph_name.value) if isinstance(quad.graph_name, ox.NamedNode) else None
            yield _term(quad.subject), Iri(quad.predicate.value), _term(quad.object), graph


class KnowledgeGraph:
    """An opened dataset.

    ``facts_graph`` says where its facts stand: an IRI, ``"default"`` (the default graph) or ``"union"``
    (all graphs). ``version`` is a hash of what it holds; ``name`` how a citation calls it when it has no passages;
    ``place`` the path that it was opened from ('' where it was not), against which relative IRIs are read.
    """

    def __init__(self, backend: Backend, facts_graph: str, *, name: str, version: str, place: str = "") -> None:
        self.backend = backend
        self.facts_graph = facts_graph
        self.name = name
        self.version = version
        self.place = place

    @classmethod
    def open(cls, path_or_url: str | Path | None = None, *, facts_graph: str | None = None) -> KnowledgeGraph:
        """Open the shipped graph (None; built if missing), an RDF file, a folder, or a SPARQL endpoint.

        Raises OpenError, which names what was asked for and what would work.
        """
        if path_or_url is None:
            from graph.build import ensure_built

            try:
                return cls.open(ensure_built())
            except OpenError:  # it was built, and has been damaged since
                return cls.open(ensure_built(anew=True))
        text = str(path_or_url)
        if text.startswith(("http://", "https://")):
            from graph.remote import open_endpoint

            return open_endpoint(text, facts_graph)
        path = Path(text).expanduser()
        if not path.exists():
            raise OpenError(f"{path} does not exist; give an RDF file, a folder of RDF files or the URL of a SPARQL endpoint")
        if path.is_dir() and (path / STORE_MARK).exists():
            return cls._from_store(_read_only(path), facts_graph, path, version_of(path))
        return cls._from_files(path, facts_graph)

    @classmethod
    def _from_files(cls, path: Path, facts_graph: str | None) -> KnowledgeGraph:
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix.lower() in RDF_SUFFIXES)
        if not files:
            raise OpenError(f"{path} holds no RDF file; known endings: {', '.join(sorted(RDF_SUFFIXES))}")
        store, digest = ox.Store(), hashlib.sha256()
        for file in files:
            _load(store, file)
            digest.update(file.read_bytes())
        return cls._from_store(store, facts_graph, path, digest.hexdigest()[:12])

    @classmethod
    def _from_store(cls, store: ox.Store, facts_graph: str | None, path: Path, version: str) -> KnowledgeGraph:
        if facts_graph is None:
            if store.contains_named_graph(ox.NamedNode(FACTS.value)):
                facts_graph = FACTS.value
            else:
                named = next(iter(store.named_graphs()), None)
                facts_graph = "default" if named is None else "union"
        return cls(OxigraphBackend(store), facts_graph, name=path.name, version=version, place=str(path.resolve()))

    @property
    def is_local(self) -> bool:
        """Whether the quads are held on this machine; those of an endpoint may change at any time."""
        return isinstance(self.backend, OxigraphBackend)

    @property
    def _facts(self) -> Iri | None:
        return None if self.facts_graph in ("default", "union") else Iri(self.facts_graph)

    def query(self, sparql: str) -> Solutions:
        """Run SPARQL 1.1 (our prefixes are known; the default graph is the fact graph).

        Raises QueryError for a query that does not parse or cannot be evaluated.
        """
        return self.backend.query(sparql, self._facts, self.facts_graph == "union")

    def wrap(self, body: str) -> str:
        """A group graph pattern over the facts, meaning the same on every engine."""
        facts = self._facts
        return f"{{ GRAPH {facts.n3} {{ {body} }} }}" if facts else f"{{ {body} }}"

    def to_rdflib(self) -> Dataset:
        """All quads as an rdflib ``Dataset`` whose default graph is the fact graph."""
        from graph.rdflib_view import dataset_of

        return dataset_of(self.backend.quads(), self._facts)


def _read_only(folder: Path) -> ox.Store:
    try:
        return ox.Store.read_only(str(folder))
    except (OSError, RuntimeError) as error:
        raise OpenError(f"{folder} is a store that cannot be read: {error}; remove it, and build or load it anew") from error


def _load(store: ox.Store, file: Path) -> None:
    format_ = ox.RdfFormat.from_extension(file.suffix.lower().lstrip(".")) or ox.RdfFormat.TURTLE
    try:
        store.bulk_load(path=str(file), format=format_, base_iri=file.resolve().as_uri())
    except (SyntaxError, ValueError, OSError) as error:
        raise OpenError(f"{file} cannot be read as {format_.name}: {error}") from error


def write_store(quads: Iterable[tuple[Term, Iri, Term, Iri]], folder: Path) -> int:
    """Write quads to a new on-disk store; returns their number."""
    store = ox.Store(str(folder))
    made = [ox.Quad(_node(s), ox.NamedNode(p.value), _ox(o), ox.NamedNode(g.value)) for s, p, o, g in quads]
    store.bulk_extend(made)
    store.flush()
    store.optimize()
    return len(made)


def _node(term: Term) -> ox.NamedNode | ox.BlankNode:
    if isinstance(term, Literal):
        raise BuildError(f"the literal {term.value!r} stands as a subject; only things can be described")
    return ox.NamedNode(term.value) if isinstance(term, Iri) else ox.BlankNode(term.value)


def _ox(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term.value)
    if isinstance(term, Blank):
        return ox.BlankNode(term.value)
    if term.language:
        return ox.Literal(term.value, language=term.language)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


# ---------------------------------------------------------------- for the worker of strangers' queries (graph.worker)


def open_readonly(folder: Path, facts_graph: str) -> KnowledgeGraph:
    """A folder that ``write_store`` or ``snapshot`` made, opened read-only: any number of processes may do so at once."""
    return KnowledgeGraph(OxigraphBackend(_read_only(folder)), facts_graph, name=folder.name, version="")


def snapshot(kg: KnowledgeGraph, folder: Path) -> None:
    """Copy an opened dataset to a new on-disk store in ``folder``. Raises OpenError for an endpoint, which stays where it is."""
    if not isinstance(kg.backend, OxigraphBackend):
        raise OpenError(f"{kg.name} is not held on this machine; ask it directly")
    copy = ox.Store(str(folder))
    copy.bulk_extend(kg.backend.store)
    copy.flush()


def holds_graph(kg: KnowledgeGraph, name: str) -> bool:
    """Whether a named graph of this name stands in the dataset (opened on this machine)."""
    backend = kg.backend
    try:
        return isinstance(backend, OxigraphBackend) and backend.store.contains_named_graph(ox.NamedNode(name))
    except ValueError:  # not an IRI
        return False


def syntax_error(sparql: str) -> str:
    """What the engine's parser says of a text, with its line and column; '' where it parses. It runs over no data."""
    try:
        ox.Store().query(sparql, prefixes=PREFIXES, base_iri="http://localhost/sparql")
    except SyntaxError as error:
        return _explained(error)
    return ""


def _explained(error: SyntaxError) -> str:
    found = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", str(error), re.DOTALL)
    if not found:
        return f"the query does not parse: {error}"
    # of what it would have taken there: the words and signs, but no classes of characters and nothing that is refused
    wanted = [w for w in found[3].split(", ") if not set(w) & set("[]|") and w not in ("SERVICE", "LATERAL")]
    told = f"expected {', '.join(wanted[:8])}" if wanted else "this cannot stand here, or something is missing before it"
    return f"the query does not parse: line {found[1]}, column {found[2]}: {told}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a stranger's query is to be answered: ``results`` and ``graph`` are media types for solutions and for triples, ``defaults`` and
    ``named`` the dataset, both None where the query itself (FROM) or the dataset as opened says it, ``rows`` and ``size`` the limits.
    """

    base: str
    results: str
    graph: str
    rows: int
    size: int
    own_dataset: bool = False
    defaults: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


def answer_bytes(kg: KnowledgeGraph, sparql: str, wanted: Wanted) -> tuple[str, bytes]:
    """Run a query and write its answer: media type and body.

    Raises QueryError for a query that does not parse or cannot be evaluated, ResultTooLarge past a limit.
    """
    try:
        raw = _run(kg, sparql, wanted)
        if isinstance(raw, ox.QueryTriples):
            return wanted.graph, _triples_bytes(raw, wanted)
        return wanted.results, _results_bytes(raw, wanted)
    except SyntaxError as error:
        raise QueryError(_explained(error)) from error
    except (OSError, ValueError, RuntimeError) as error:  # the last for a function that the engine does not have
        raise QueryError(f"the query could not be evaluated: {error}") from error


def _run(kg: KnowledgeGraph, sparql: str, wanted: Wanted) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    backend = kg.backend
    assert isinstance(backend, OxigraphBackend)
    if wanted.defaults is not None or wanted.named is not None:
        return backend.store.query(
            sparql,
            prefixes=PREFIXES,
            base_iri=wanted.base,
            default_graph=[ox.NamedNode(g) for g in wanted.defaults or ()],
            named_graphs=[ox.NamedNode(g) for g in wanted.named or ()],
        )
    facts = None if wanted.own_dataset or kg.facts_graph in ("default", "union") else ox.NamedNode(kg.facts_graph)
    union = kg.facts_graph == "union" and not wanted.own_dataset
    return backend.store.query(sparql, prefixes=PREFIXES, base_iri=wanted.base, default_graph=facts, use_default_graph_as_union=union)


def _results_bytes(raw: ox.QuerySolutions | ox.QueryBoolean, wanted: Wanted) -> bytes:
    """Solutions are counted and measured while they are written as JSON; the other formats are made from that."""
    format_ = ox.QueryResultsFormat.from_media_type(wanted.results)
    assert format_ is not None
    if isinstance(raw, ox.QuerySolutions):
        body = _json(raw, wanted)
        if format_ == ox.QueryResultsFormat.JSON:
            return body
        raw = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    return _within(raw.serialize(format=format_) or b"", wanted)


def _json(raw: ox.QuerySolutions, wanted: Wanted) -> bytes:
    names = [v.value for v in raw.variables]
    head = _compact({"vars": names})
    parts, size = [f'{{"head":{head},"results":{{"bindings":['.encode()], 0
    for count, solution in enumerate(raw):
        if count == wanted.rows:
            raise ResultTooLarge(f"the answer has more than {wanted.rows:,} rows; add LIMIT {wanted.rows} or ask for less")
        cells = ((name, solution[name]) for name in names)
        row = {name: _json_term(term) for name, term in cells if term is not None}
        parts.append((("," if count else "") + _compact(row)).encode())
        size += len(parts[-1])
        _check_size(size, wanted)
    parts.append(b"]}}")
    return b"".join(parts)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _json_term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> dict[str, object]:
    if isinstance(term, ox.Literal):
        return _json_literal(term)
    if isinstance(term, ox.Triple):
        ends = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        return {"type": "triple", "value": {name: _json_term(end) for name, end in ends}}
    return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}


def _json_literal(term: ox.Literal) -> dict[str, object]:
    cell: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        cell["xml:lang"] = term.language
        if term.direction:
            cell["its:dir"] = term.direction.value
    elif term.datatype.value != XSD_STRING:
        cell["datatype"] = term.datatype.value
    return cell


def _triples_bytes(raw: ox.QueryTriples, wanted: Wanted) -> bytes:
    format_ = ox.RdfFormat.from_media_type(wanted.graph)
    assert format_ is not None

    triples = list(islice(raw, wanted.rows + 1))
    if len(triples) > wanted.rows:
        raise ResultTooLarge(f"the answer has more than {wanted.rows:,} triples; add LIMIT {wanted.rows} or ask for less")
    plain = _within(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", wanted)
    used = {prefix: base for prefix, base in PREFIXES.items() if f"<{base}".encode() in plain}
    return _within(ox.serialize(triples, format=format_, prefixes=used) or b"", wanted)


def _within(body: bytes, wanted: Wanted) -> bytes:
    _check_size(len(body), wanted)
    return body


def _check_size(size: int, wanted: Wanted) -> None:
    if size > wanted.size:
        raise ResultTooLarge(f"the answer is larger than {wanted.size // 1024:,} KiB; add LIMIT or ask for fewer columns")
