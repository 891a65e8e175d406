"""Strangers' queries put to a SPARQL endpoint elsewhere: gated here as everywhere, bounded, answered in the format asked for.

A worker process looks at the query (``graph.guard``), for its parser may take long. What the endpoint is then asked is the checked
text, as a form; its answer is read, counted and written anew, so that no server's quirks and no other content reach the stranger.
Besides what is refused everywhere, no function is passed on that is not SPARQL's own: some servers have ones that fetch or write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from graph.remote import HttpBackend, with_prefixes
from graph.store import rewritten
from graph.types import EndpointError, QueryError, QueryTimeout, RefusedQuery, ResultTooLarge, Solutions
from graph.worker import Limits, NotAcceptable, Pool, Reply, Request, WorkersBusy
from ui.results import to_json, to_turtle

XSD = "http://www.w3.org/2001/XMLSchema#"  # casts, the functions that SPARQL 1.1 (section 17.5) names by IRI
MOST_GRAPHS = 20  # that a query may name: each is looked for first
CROWD = 2  # queries that the endpoint has in hand at once, for each worker here
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*", re.IGNORECASE)
_PROGRAM = re.compile(r"<\s*(java|bif|sql|javascript):", re.IGNORECASE)  # namespaces by which servers call programs of their own


class Relay(Pool):
    """Answers as a pool of workers does, over an endpoint. ``folder`` is an empty store, all that the workers open."""

    def __init__(self, folder: Path, facts_graph: str, backend: HttpBackend, limits: Limits | None = None) -> None:
        super().__init__(folder, facts_graph, limits)
        self._backend = HttpBackend(backend.address, seconds=self.limits.seconds, size=self.limits.size)
        self._crowd = BoundedSemaphore(self.limits.workers * CROWD)

    def ask(self, request: Request) -> Reply:
        """Raises as ``Pool.ask`` does, and EndpointError. No message names the endpoint, which may be nobody's business."""
        seen = json.loads(super().ask(replace(request, check=True)).body)
        _refuse_programs(seen["text"], seen["functions"])
        if not self._crowd.acquire(timeout=self.limits.patience):
            raise WorkersBusy("too many other queries are running; try again in a moment")
        try:
            solutions = self._asked(seen, request)
        except (QueryError, QueryTimeout, ResultTooLarge, EndpointError) as error:
            raise type(error)(str(error).replace(self._backend.url, "the endpoint")) from error
        finally:
            self._crowd.release()
        return _written(solutions, seen["form"] in ("CONSTRUCT", "DESCRIBE"), request, self.limits)

    def _asked(self, seen: dict[str, Any], request: Request) -> Solutions:
        defaults, named = tuple(request.defaults or ()), tuple(request.named or ())
        self._refuse_absent((*seen["defaults"], *seen["named"], *defaults, *named))
        base = request.base if _IRI.fullmatch(request.base) else "http://localhost/sparql"
        text = f"BASE <{base}> {with_prefixes(seen['text'])}"  # FROM was read against it here, and has to be there
        if defaults or named:
            fields: dict[str, str | Sequence[str]] = {"query": text, "default-graph-uri": defaults, "named-graph-uri": named}
            return self._backend.ask({k: v for k, v in fields.items() if v}, seen["form"])
        facts = None if self.facts_graph in ("default", "union") else self.facts_graph
        own = seen["defaults"] or seen["named"] or "GRAPH" in seen["text"].upper()
        return self._backend.ask({"query": text, **({"default-graph-uri": facts} if facts and not own else {})}, seen["form"])

    def _refuse_absent(self, names: tuple[str, ...]) -> None:
        """Raises RefusedQuery for a graph that the endpoint does not hold: some servers would fetch it."""
        wanted = list(dict.fromkeys(names))
        if len(wanted) > MOST_GRAPHS:
            raise RefusedQuery(f"the query names {len(wanted)} graphs; name at most {MOST_GRAPHS}")
        for name in wanted:
            held = _IRI.fullmatch(name) and self._backend.ask({"query": f"ASK {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"}, "ASK").boolean
            if not held:
                raise RefusedQuery(f"the graph {name[:200]!r} is not held by the endpoint, and nothing is fetched from elsewhere")


def _refuse_programs(text: str, functions: Iterable[str]) -> None:
    if foreign := next((f for f in functions if not f.startswith(XSD)), ""):
        raise RefusedQuery(f"the function <{foreign[:200]}> is not one of SPARQL's own; only those are passed on")
    if _PROGRAM.search(text):
        raise RefusedQuery("the query names a program of a server (java:, bif:, sql:); none is passed on")


def _written(solutions: Solutions, triples: bool, request: Request, limits: Limits) -> Reply:
    """The answer as it was asked for. Raises NotAcceptable where it cannot be, ResultTooLarge past a limit."""
    found = len(solutions.triples or solutions.rows)
    if found > limits.rows:
        raise ResultTooLarge(f"the answer has more than {limits.rows:,} rows or triples; add LIMIT {limits.rows} or ask for less")
    media_type = request.graph if triples else request.results
    if not media_type:
        raise NotAcceptable("the answer cannot be written in a format that is accepted; name one that fits the query's form in Accept")
    body = rewritten((to_turtle if triples else to_json)(solutions).encode(), media_type)
    if len(body) > limits.size:
        raise ResultTooLarge(f"the answer is larger than {limits.size // 1024:,} KiB; add LIMIT or ask for fewer columns")
    return Reply(media_type, body)
