"""JSON over HTTP, as one FastAPI app for /api/v1: answers, choices, comparisons, things, search, and what describes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

from anyio import to_thread
from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Route

from assistant.types import AssistantError
from graph.types import GraphError, QueryTimeout
from ui import api_models as m
from ui.browse import Browser
from ui.desk import Desk, DeskFull, TooSlow
from ui.dossier import Dossier
from ui.find import thing_of, things_like
from ui.serving import PREFIX

JSON = "application/json"
FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"model": m.Failure, "description": "The body is no JSON, or the address no UTF-8."},
    413: {"model": m.Failure, "description": "The body is too large."},
    415: {"model": m.Failure, "description": "The body is not sent as application/json."},
    422: {"model": m.Failure, "description": "A field is missing, of the wrong type or length, or names what the graph does not know."},
    429: {"model": m.Failure, "description": "This client asks too often; Retry-After says when to come back."},
    502: {"model": m.Failure, "description": "The SPARQL endpoint behind this server failed."},
    503: {"model": m.Failure, "description": "Too many questions wait; Retry-After says when to come back."},
    504: {"model": m.Failure, "description": "The answer took too long."},
}
READ: dict[int | str, dict[str, Any]] = {status: FAULTS[status] for status in (400, 422, 429, 502)}


def api(desk: Desk, browser: Browser) -> FastAPI:
    """The app, to be mounted at ``PREFIX``. Its replies are those of ``assistant`` as they write themselves."""
    about = desk.engine.about()
    app = FastAPI(
        title=f"{about['title']} over HTTP",
        version="1",
        description=f"{about['scope']}\n\nEvery sentence of an answer that states a fact names its sources. "
        "Replies carry an ETag that changes with the graph. Errors are JSON: status, message, fields.",
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        servers=[{"url": PREFIX}],
        dependencies=[Depends(_readable)],
    )
    for kind, handler in ((RequestValidationError, _invalid), (HTTPException, _refused), (Exception, _broken)):
        app.add_exception_handler(kind, handler)
    for known in (AssistantError, GraphError, DeskFull, TooSlow):
        app.add_exception_handler(known, _known)
    _engine_routes(app, desk, about["examples"])
    _thing_routes(app, browser)
    return app


def _engine_routes(app: FastAPI, desk: Desk, examples: Iterable[str]) -> None:
    """A question, choice or comparison: in the address (GET) or as JSON (POST)."""
    sample = next(iter(examples), "")

    async def answer_get(asked: Annotated[m.AnswerQuery, Query()]) -> Response:
        return JSONResponse((await desk.answer(asked.question, asked.history)).to_dict())

    async def answer_post(asked: m.AnswerRequest) -> Response:
        history = [t if isinstance(t, str) else t.model_dump() for t in asked.history]
        return JSONResponse((await desk.answer(asked.question, history, asked.choices)).to_dict())

    async def recommend_post(wanted: m.RecommendRequest) -> Response:
        conditions = wanted.model_dump(exclude={"needs"})
        return JSONResponse((await desk.recommend(wanted.needs, **conditions)).to_dict())

    async def recommend_get(wanted: Annotated[m.RecommendRequest, Query()]) -> Response:
        return await recommend_post(wanted)

    async def compare_post(wanted: m.CompareRequest) -> Response:
        return JSONResponse((await desk.compare(wanted.names, wanted.focus)).to_dict())

    async def compare_get(wanted: Annotated[m.CompareRequest, Query()]) -> Response:
        return await compare_post(wanted)

    told = (
        ("answer", answer_get, answer_post, m.Answer, f"Answer a question, such as “{sample}”"),
        ("recommend", recommend_get, recommend_post, m.Recommendation, "Choose for stated needs, with the score of each candidate"),
        ("compare", compare_get, compare_post, m.Comparison, "Put two to five things beside each other"),
    )
    for name, get, post, model, summary in told:
        for method, handler in (("GET", get), ("POST", post)):
            described: dict[int | str, dict[str, Any]] = {200: {"model": model}, **FAULTS}
            app.add_api_route(
                f"/{name}", handler, methods=[method], operation_id=f"{name}_{method.lower()}", summary=summary, responses=described
            )


def _thing_routes(app: FastAPI, browser: Browser) -> None:
    """What the graph holds: one thing, and things by name."""

    async def entity(id: Annotated[str, Path(max_length=2000, description="A thing's id, name or IRI.")]) -> Response:
        return await to_thread.run_sync(_entity, browser, id)

    async def search(wanted: Annotated[m.SearchQuery, Query()]) -> Response:
        return await to_thread.run_sync(_search, browser, wanted.q, wanted.limit)

    missing: dict[int | str, dict[str, Any]] = {404: {"model": m.Failure, "description": "Nothing is called so; the nearest names."}}
    app.add_api_route(
        "/entities/{id:path}", entity, operation_id="entity", summary="Everything stated of one thing, with its sources",
        responses={200: {"model": Dossier}, **missing, **READ},
    )  # fmt: skip
    app.add_api_route(
        "/search", search, operation_id="search", summary="Things by name", responses={200: {"model": m.Finds}, **READ}
    )


def _entity(browser: Browser, name: str) -> Response:
    if thing := thing_of(browser, name):
        return JSONResponse(asdict(browser.dossier(thing)))
    near = [t.label for t in browser.catalogue().nearest(name[: m.MAX_NAME])[:3]]
    hint = f"; the nearest names are {', '.join(near)}" if near else f"; {PREFIX}/search?q=... finds things by name"
    return fault(404, f"the graph knows nothing called {_brief(name)}{hint}")


def _search(browser: Browser, text: str, limit: int) -> Response:
    found = things_like(browser, text)
    results = [{"id": t.slug, "iri": t.iri.value, "label": t.label} for t in found[:limit]]
    return JSONResponse({"q": text, "total": len(found), "results": results})


# ---------------------------------------------------------------- what is wrong, and how it is said


async def _readable(request: Request) -> None:
    """Raises HTTPException for an address that is no UTF-8 and for a body that is not sent as JSON."""
    try:
        unquote_to_bytes(request.scope["query_string"]).decode()
    except UnicodeDecodeError:
        raise HTTPException(400, "the address is not percent-encoded UTF-8") from None
    sent_as = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if request.method == "POST" and sent_as != JSON:
        named = _brief(sent_as) if sent_as else "nothing named"
        raise HTTPException(415, f"the body is sent as {named}; send it as {JSON}", {"Accept-Post": JSON})


def fault(status: int, message: str, fields: Iterable[str] = (), headers: dict[str, str] | None = None) -> JSONResponse:
    """An error as JSON: ``{"error": {"status": 422, "message": "...", "fields": ["names"]}}``."""
    return JSONResponse({"error": {"status": status, "message": message, "fields": list(fields)}}, status, headers)


def _brief(value: object) -> str:
    """A stranger's value as it may be repeated: one line, short, plain."""
    said = ascii(value)
    return said if len(said) <= 80 else said[:77] + "..."


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = error.errors()
    if any(w["type"] == "json_invalid" for w in wrong):
        return fault(400, 'the body is no JSON; send an object such as {"question": "..."}')
    fields = [".".join(str(part) for part in w["loc"][1:]) or "body" for w in wrong]
    said = (f"{_brief(field)[1:-1]}: {_told(w)}" for field, w in zip(fields[:5], wrong, strict=False))
    return fault(422, "; ".join(said), dict.fromkeys(_brief(f)[1:-1] for f in fields[:5]))


def _told(wrong: dict[str, Any]) -> str:
    """One mistake: what was sent, and what would do."""
    said = str(wrong["msg"])
    remedy = said[:1].lower() + said[1:]
    return remedy if wrong["type"] in ("missing", "extra_forbidden") else f"{remedy}, not {_brief(wrong.get('input'))}"


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 404:
        return fault(404, f"there is nothing at {_brief(request.url.path)}; {PREFIX}/openapi.json lists what there is")
    if error.status_code == 405:
        allowed = ", ".join(_methods(request))
        return fault(405, f"{_brief(request.method)[1:-1]} is not answered here; ask with {allowed}", headers={"Allow": allowed})
    return fault(error.status_code, str(error.detail), headers=headers)


def _methods(request: Request) -> list[str]:
    """What the address of a request can be asked with; one route has one method."""
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    routes = (r for r in request.app.routes if isinstance(r, Route) and r.path_regex.match(path))
    methods = {method for r in routes for method in r.methods or ()}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


async def _known(request: Request, error: Exception) -> Response:
    if isinstance(error, DeskFull):
        return fault(503, str(error), headers={"Retry-After": "2"})
    if isinstance(error, TooSlow | QueryTimeout):
        return fault(504, str(error))
    return fault(502 if isinstance(error, GraphError) else 422, str(error))


async def _broken(request: Request, error: Exception) -> Response:
    """What nobody foresaw: the trace goes to the log, not to the client."""
    return fault(500, "something broke here; the server's log says what")


