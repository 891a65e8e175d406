"""SPARQL 1.1 Protocol, the query part, as one Starlette endpoint: read-only, bounded, strict about what it is sent.

https://www.w3.org/TR/sparql11-protocol/ section 2.1: GET, POST of a form, POST of ``application/sparql-query``.
A browser that opens the address gets the page to type a query; anything else gets results or a JSON error.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from graph.guard import MAX_QUERY
from graph.types import EndpointError, GraphError, OpenError, QueryError, QueryTimeout, RefusedQuery, ResultTooLarge
from graph.worker import NotAcceptable, Pool, Reply, Request, WorkersBusy
from ui.service_description import service_description, written

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
HTML = "text/html"
MAX_BODY = 9 * MAX_QUERY + 10_000  # a form writes one character as up to nine of %XX, and the graph names stand beside it
MAX_FIELDS = 100

JSON_RESULTS = "application/sparql-results+json"
XML_RESULTS = "application/sparql-results+xml"
# what may be asked for -> what the store writes; the first of equals is preferred
RESULTS = {
    JSON_RESULTS: JSON_RESULTS,
    XML_RESULTS: XML_RESULTS,
    "text/csv": "text/csv",
    "text/tab-separated-values": "text/tab-separated-values",
    "application/json": JSON_RESULTS,
    "application/xml": XML_RESULTS,
    "text/xml": XML_RESULTS,
}
TRIPLES = {
    "text/turtle": "text/turtle",
    "application/n-triples": "application/n-triples",
    "application/ld+json": "application/ld+json",
    "application/rdf+xml": "application/rdf+xml",
    "text/plain": "application/n-triples",
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
}
STATUS: dict[type[GraphError], int] = {
    QueryError: 400,
    RefusedQuery: 403,
    NotAcceptable: 406,
    ResultTooLarge: 503,
    QueryTimeout: 504,
    WorkersBusy: 503,
    OpenError: 500,
    EndpointError: 502,
}


class ProtocolError(Exception):
    """A request that is not the protocol's; ``status`` is HTTP's word for what is wrong."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: the query, and the dataset where the request names one."""

    query: str
    defaults: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


# ---------------------------------------------------------------- negotiation (RFC 9110, section 12.5.1)


def accepted(header: str) -> list[tuple[str, float]]:
    """An Accept header as media ranges with their weights; an empty one accepts everything."""
    ranges = []
    for part in header.split(","):
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        if name:
            ranges.append((name, _weight(weight)))
    return ranges or [("*/*", 1.0)]


def _weight(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def choose(header: str, offers: Iterable[str]) -> str:
    """The offer that an Accept header likes best, the earlier of equals; '' where it takes none."""
    ranges = accepted(header)
    best, weight = "", 0.0
    for offer in offers:
        liked = _liked(offer, ranges)
        if liked > weight:
            best, weight = offer, liked
    return best


def _liked(offer: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that covers the offer."""
    for pattern in (offer, offer.split("/")[0] + "/*", "*/*"):
        for name, weight in ranges:
            if name == pattern:
                return weight
    return 0.0


def wants_page(header: str) -> bool:
    """Whether HTML is asked for by name and liked best: what browsers send when a person opens an address."""
    named = {name for name, weight in accepted(header) if weight > 0}
    return HTML in named and choose(header, [HTML, *RESULTS, *TRIPLES]) == HTML


# ---------------------------------------------------------------- what is asked


async def asked(request: HttpRequest) -> Asked:
    """Read a request. Raises ProtocolError for one that the protocol does not know."""
    in_url = _fields(request.scope["query_string"], "the address")
    if request.method in ("GET", "HEAD"):
        return _asked(in_url)
    media_type, charset = _content_type(request.headers.get("content-type", ""))
    if media_type == FORM:
        body = await _body(request)
        return _asked(_fields(body, "the form"), in_url)
    if media_type == QUERY:
        if charset not in ("", "utf-8"):
            raise ProtocolError(415, f"the query is sent as {charset}; send it as UTF-8")
        if _values(in_url, "query"):
            raise ProtocolError(400, "the query stands in the body and in the address; send it once")
        return _asked([*in_url, ("query", _utf8(await _body(request), "the query"))])
    if media_type == UPDATE:
        raise ProtocolError(403, "updates are refused: this door only reads")
    named = media_type or "nothing named"
    raise ProtocolError(415, f"a query is posted as {FORM} or as {QUERY}, not as {named}", Accept_Post=f"{FORM}, {QUERY}")


def _asked(fields: list[tuple[str, str]], in_url: Iterable[tuple[str, str]] = ()) -> Asked:
    dataset = [*fields, *in_url]
    if _values(dataset, "update"):
        raise ProtocolError(403, "updates are refused: this door only reads")
    queries = _values(fields, "query")
    if len(queries) != 1:
        told = "the request holds no query; send it as the parameter 'query'" if not queries else "send one query at a time"
        raise ProtocolError(400, told)
    if len(queries[0]) > MAX_QUERY:
        raise ProtocolError(413, f"the query has {len(queries[0]):,} characters; at most {MAX_QUERY:,} are read")
    return Asked(queries[0], tuple(_values(dataset, "default-graph-uri")), tuple(_values(dataset, "named-graph-uri")))


def _values(fields: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in fields if key == name]


def _fields(raw: bytes, where: str) -> list[tuple[str, str]]:
    try:
        text = raw.decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError as error:
        raise ProtocolError(400, f"{where} is not percent-encoded UTF-8") from error
    except ValueError as error:
        raise ProtocolError(400, f"{where} has more than {MAX_FIELDS} parameters") from error


def _content_type(header: str) -> tuple[str, str]:
    media_type, *parameters = (p.strip().lower() for p in header.split(";"))
    charset = next((p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")), "")
    return media_type, charset


def _utf8(body: bytes, what: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(400, f"{what} is not UTF-8 (at byte {error.start})") from error


async def _body(request: HttpRequest) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY:
            raise ProtocolError(413, f"the body is larger than {MAX_BODY:,} bytes")
        parts.append(part)
    return b"".join(parts)


# ---------------------------------------------------------------- the endpoint


class SparqlEndpoint:
    """Answers ``/sparql`` from a pool of workers; ``page`` answers a browser."""

    def __init__(self, pool: Pool, page: Callable[[HttpRequest], Awaitable[Response]]) -> None:
        self._pool = pool
        self._page = page
        # those who wait for a worker must not take the threads of everybody else
        self._threads = CapacityLimiter(pool.limits.workers * 4)

    async def respond(self, request: HttpRequest) -> Response:
        accept = ",".join(request.headers.getlist("accept"))
        if request.method in ("GET", "HEAD") and wants_page(accept):
            return await self._page(request)
        if request.method in ("GET", "HEAD") and not request.scope["query_string"]:
            return self._description(str(request.url), accept)
        try:
            return await self._answer(await asked(request), accept, str(request.url.replace(query="")))
        except ProtocolError as error:
            return failure(error.status, str(error), error.headers)
        except GraphError as error:
            status = STATUS.get(type(error), 400)
            return failure(status, str(error), {"Retry-After": "2"} if isinstance(error, WorkersBusy) else {})

    def _description(self, address: str, accept: str) -> Response:
        """What this door can do, for who asks nothing (Service Description, section 2)."""
        media_type = choose(accept, TRIPLES)
        if not media_type:
            return failure(406, f"the description of this door is written as {', '.join(TRIPLES)}; send a query, or ask for one of these")
        body = written(service_description(address, self._pool.facts_graph), TRIPLES[media_type])
        return Response(body, media_type=_named(media_type), headers={"Vary": "Accept"})

    async def _answer(self, asked: Asked, accept: str, base: str) -> Response:
        results, triples = choose(accept, RESULTS), choose(accept, TRIPLES)
        dataset = bool(asked.defaults or asked.named)  # naming any graph names the whole dataset
        request = Request(
            asked.query,
            base,
            RESULTS.get(results, ""),
            TRIPLES.get(triples, ""),
            asked.defaults if dataset else None,
            asked.named if dataset else None,
        )
        reply = await to_thread.run_sync(self._pool.ask, request, limiter=self._threads)
        return Response(reply.body, media_type=_sent(reply, results, triples), headers={"Vary": "Accept"})


def _sent(reply: Reply, results: str, triples: str) -> str:
    """The media type under the name by which it was asked for."""
    return _named(results if RESULTS.get(results) == reply.media_type else triples)


def _named(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def failure(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """An error as the page and every client read it: ``{"error": {"status": 400, "message": "..."}}``."""
    return JSONResponse({"error": {"status": status, "message": message}}, status, {"Vary": "Accept", **(headers or {})})
