"""The same KnowledgeGraph over a SPARQL 1.1 endpoint: queries go out as a form, answers come back as JSON.

Servers differ where the protocol leaves room, so this asks only for what all of them do: POST of a form (one known
server hangs on a bare query body), JSON for solutions, N-Triples or Turtle for triples. A cut answer is an error, never
a short answer: some servers end a slow query with 200 and half a document, others stop at a number of rows.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from graph.guard import words
from graph.settings import setting
from graph.store import KnowledgeGraph
from graph.terms import FACTS, PREFIXES
from graph.types import (
    LANG_STRING,
    XSD_STRING,
    Blank,
    EndpointError,
    Fact,
    Iri,
    Literal,
    OpenError,
    QueryError,
    QueryTimeout,
    ResultTooLarge,
    Row,
    Solutions,
    Term,
)

JSON_RESULTS = "application/sparql-results+json"
TRIPLES = "application/n-triples, text/turtle;q=0.8"
CONNECT_SECONDS = 5.0
MAX_BYTES = 64_000_000
MAX_ROWS_HEADER = "x-sparql-maxrows"
_USERINFO = re.compile(r"^(https?://)[^/?#]*@")


def open_endpoint(url: str, facts_graph: str | None = None) -> KnowledgeGraph:
    """Open a SPARQL endpoint.

    ``facts_graph`` as in ``KnowledgeGraph.open``; without it ours is taken where the endpoint holds it, else the default
    graph, else its only named graph. Raises OpenError where it does not answer or no graph can be chosen.
    """
    backend = HttpBackend(url)
    try:
        chosen = facts_graph or _facts_graph(backend)
    except (EndpointError, QueryError, QueryTimeout) as error:
        raise OpenError(f"{url} does not answer as a SPARQL endpoint: {error}") from error
    return KnowledgeGraph(backend, chosen, name=backend.url, version=hashlib.sha256(url.encode()).hexdigest()[:12])


def _facts_graph(backend: HttpBackend) -> str:
    if backend.query(f"ASK {{ GRAPH {FACTS.n3} {{ ?s ?p ?o }} }}", None, False).boolean:
        return FACTS.value
    if backend.query("ASK { ?s ?p ?o }", None, False).boolean:
        return "default"
    named = [row["g"].value for row in backend.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 3", None, False).rows]
    if len(named) == 1:
        return named[0]
    what = "several named graphs" if named else "no triples"
    raise OpenError(f"{backend.url} has an empty default graph and {what}; name the graph of the facts with facts_graph=")


class HttpBackend:
    """A SPARQL 1.1 endpoint. ``seconds`` bounds one query (default: the setting FRAMEGRAPH_ENDPOINT_TIMEOUT), ``size`` the bytes of its
    answer. ``url`` is the address as it may be shown, ``address`` the one that is asked: it may hold a name and a password.
    """

    def __init__(self, address: str, *, seconds: float | None = None, size: int | None = None, client: httpx.Client | None = None) -> None:
        self.address, self.url = address, _USERINFO.sub(r"\1", address)
        self._size = size or MAX_BYTES
        self.seconds = seconds or float(setting("FRAMEGRAPH_ENDPOINT_TIMEOUT"))
        timeout = httpx.Timeout(self.seconds, connect=CONNECT_SECONDS)
        self._client = client or httpx.Client(timeout=timeout, follow_redirects=True, headers={"User-Agent": "framegraph"})
        weakref.finalize(self, self._client.close)  # a KnowledgeGraph is dropped, not closed

    def query(self, sparql: str, facts: Iri | None, union: bool) -> Solutions:
        """Run a query on the server.

        Where it names no graph, its bare patterns mean ``facts``; ``union`` is left to the server, which alone knows.
        Raises QueryError, QueryTimeout, ResultTooLarge or EndpointError.
        """
        found = list(words(sparql))
        form = next((w for w in found if w in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), "")
        if not form:
            raise QueryError("the query has no SELECT, ASK, CONSTRUCT or DESCRIBE")
        fields: dict[str, str | Sequence[str]] = {"query": with_prefixes(sparql)}
        if facts is not None and not {"GRAPH", "FROM"} & set(found):
            fields["default-graph-uri"] = facts.value  # would hide the named graphs from a query that looks into them
        return self.ask(fields, form)

    def ask(self, fields: Mapping[str, str | Sequence[str]], form: str) -> Solutions:
        """The answer to the protocol's own fields; ``form`` is that of their query. Raises as ``query`` does."""
        wants_triples = form in ("CONSTRUCT", "DESCRIBE")
        reply = self._post(fields, TRIPLES if wants_triples else JSON_RESULTS)
        if wants_triples:
            return self._triples(reply)
        solutions = self._solutions(reply)
        return _decided(solutions) if form == "ASK" and solutions.boolean is None else solutions

    def quads(self) -> Iterator[tuple[Term, Iri, Term, Iri | None]]:
        """Every quad of the endpoint. Raises ResultTooLarge where the server would not give them all."""
        everything = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        count = self.query(f"SELECT (COUNT(*) AS ?n) {everything}", None, False).rows[0]["n"].value
        rows = self.query(f"SELECT ?s ?p ?o ?g {everything}", None, False).rows
        if len(rows) < int(count):
            raise ResultTooLarge(f"{self.url} gave {len(rows)} of {count} quads; load its dump instead")
        for row in rows:
            graph = row.get("g")
            yield row["s"], Iri(row["p"].value), row["o"], Iri(graph.value) if graph else None

    def _post(self, fields: Mapping[str, str | Sequence[str]], accept: str) -> httpx.Response:
        late = f"{self.url} did not answer within {self.seconds:g} s; ask for less, or raise the limit"
        deadline = time.monotonic() + self.seconds
        try:
            with self._client.stream("POST", self.address, data=dict(fields), headers={"Accept": accept}) as reply:
                body = bytearray()
                for chunk in reply.iter_bytes():
                    body += chunk
                    if len(body) > self._size:
                        raise ResultTooLarge(f"{self.url} answered more than {self._size:,} bytes; ask for less, or add a LIMIT")
                    if time.monotonic() > deadline:  # the client's own limit begins anew with each piece
                        raise QueryTimeout(late)
        except httpx.TimeoutException as error:
            raise QueryTimeout(late) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EndpointError(f"{self.url} cannot be reached: {error}") from error
        whole = httpx.Response(reply.status_code, headers=_plain(reply.headers), content=bytes(body))
        self._refuse_failure(whole)
        return whole

    def _refuse_failure(self, reply: httpx.Response) -> None:
        said = " ".join(reply.text[:300].split())
        if reply.status_code == httpx.codes.BAD_REQUEST:
            raise QueryError(f"{self.url} refused the query: {said}")
        if reply.status_code in (httpx.codes.REQUEST_TIMEOUT, httpx.codes.GATEWAY_TIMEOUT):
            raise QueryTimeout(f"{self.url} gave up on the query: {said}")
        if not reply.is_success:
            raise EndpointError(f"{self.url} answered {reply.status_code}: {said}")

    def _solutions(self, reply: httpx.Response) -> Solutions:
        try:
            solutions = read_json_results(json.loads(reply.content))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if reply.content.lstrip()[:1] == b"{":
                raise QueryTimeout(f"{self.url} broke off its answer, as servers do when their own time limit passes") from error
            said = " ".join(reply.text[:120].split())
            raise EndpointError(f"{self.url} did not answer with SPARQL results but with: {said!r}") from error
        limit = reply.headers.get(MAX_ROWS_HEADER, "")
        if limit.isdigit() and len(solutions.rows) >= int(limit) > 0:
            raise ResultTooLarge(f"{self.url} cuts every answer at {limit} rows; ask for less, or page with LIMIT and OFFSET")
        return solutions

    def _triples(self, reply: httpx.Response) -> Solutions:
        suffix = ".ttl" if "turtle" in reply.headers.get("content-type", "") else ".nt"
        with tempfile.TemporaryDirectory(prefix="framegraph-") as folder:
            file = Path(folder) / f"answer{suffix}"
            file.write_bytes(reply.content)
            try:
                quads = list(KnowledgeGraph.open(file).backend.quads())
            except OpenError as error:
                raise EndpointError(f"{self.url} answered triples that do not parse: {error}") from error
        return Solutions(triples=tuple(Fact(s, p, o) for s, p, o, _ in quads))


def _decided(solutions: Solutions) -> Solutions:
    """Yes or no from a table: one known server answers ASK with a row that holds 1, or with 0 or no row."""
    said = [term.value for row in solutions.rows for term in row.values()]
    return Solutions(boolean=bool(said) and said[0] not in ("0", "false"))


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """Headers of a body that is already decoded."""
    return {k: v for k, v in headers.items() if k not in ("content-encoding", "content-length", "transfer-encoding")}


def with_prefixes(sparql: str) -> str:
    """The query with those of our prefixes declared that it uses and does not declare; its line numbers stay."""
    declared = {name.lower() for name in re.findall(r"prefix\s+([\w.-]*):", sparql, re.IGNORECASE)}
    used = [n for n in PREFIXES if n not in declared and re.search(rf"(?<![\w.-]){re.escape(n)}:", sparql)]
    return " ".join([*(f"PREFIX {n}: <{PREFIXES[n]}>" for n in used), sparql])


def read_json_results(document: Any) -> Solutions:
    """SPARQL 1.1 results in JSON as Solutions. Raises KeyError, TypeError or ValueError where they are not."""
    if "boolean" in document:
        return Solutions(boolean=bool(document["boolean"]))
    names = tuple(document["head"].get("vars", ()))
    return Solutions(names, tuple(_row(binding) for binding in document["results"]["bindings"]))


def _row(binding: dict[str, dict[str, str]]) -> Row:
    return {name: _term(cell) for name, cell in binding.items()}


def _term(cell: dict[str, str]) -> Term:
    kind, value = cell["type"], cell["value"]
    if kind == "uri":
        return Iri(value)
    if kind == "bnode":
        return Blank(value)
    if kind not in ("literal", "typed-literal"):  # the second is SPARQL 1.0's word, which some servers still say
        raise ValueError(f"{kind!r} is no kind of RDF term")
    language = cell.get("xml:lang", "")
    return Literal(value, LANG_STRING if language else cell.get("datatype", XSD_STRING), language)
