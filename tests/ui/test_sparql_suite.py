"""The W3C's SPARQL 1.1 query tests through the SPARQL door: it answers each that the store itself answers, and refuses bad syntax.

All data files lie in one store, each as a named graph; a test names its dataset by the protocol's parameters.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result
from rdflib.term import Node
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from graph.store import KnowledgeGraph, OxigraphBackend, Wanted, answer_bytes
from graph.types import GraphError
from graph.worker import Limits, Pool
from ui.sparql_protocol import SparqlEndpoint

SUITE = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "sparql" / "sparql11"
BASE = "http://w3c.example/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
FOLDERS = (
    "aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions", "grouping", "json-res", "negation",
    "project-expression", "property-path", "subquery", "syntax-query",
)  # fmt: skip
JSON, TURTLE = "application/sparql-results+json", "text/turtle"
FORMATS = {".srx": "xml", ".srj": "json", ".tsv": "tsv", ".csv": "csv"}
MISSING = "the W3C tests lie beside the checkout in ../shared/conformance, which is not there"
pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason=MISSING)


@dataclass(frozen=True)
class Case:
    """A test of the suite: its query, its dataset and the file with the solutions."""

    name: str
    kind: str
    query: Path
    defaults: tuple[Path, ...] = ()
    named: tuple[Path, ...] = ()
    solutions: Path | None = None

    @property
    def text(self) -> str:
        return f"BASE <{iri(self.query)}>\n{self.query.read_text(encoding='utf-8')}"


def iri(file: Path) -> str:
    return BASE + file.relative_to(SUITE).as_posix()


def file_of(node: Node) -> Path:
    return SUITE / str(node).removeprefix(BASE)


def cases() -> list[Case]:
    return [case for folder in FOLDERS for case in _of_manifest(SUITE / folder / "manifest.ttl")] if SUITE.is_dir() else []


def _of_manifest(manifest: Path) -> Iterator[Case]:
    told = Graph().parse(manifest, publicID=iri(manifest))
    for entries in told.objects(None, MF.entries):
        for entry in Collection(told, entries):
            name = f"{manifest.parent.name}/{str(entry).rsplit('#', 1)[-1].rsplit('/', 1)[-1]}"
            kind = str(told.value(entry, RDF.type)).rsplit("#", 1)[-1]
            action, result = told.value(entry, MF.action), told.value(entry, MF.result)
            if isinstance(action, URIRef):
                yield Case(name, kind, file_of(action))
            elif action is not None and (query := told.value(action, QT.query)) is not None:
                defaults, named = (tuple(map(file_of, told.objects(action, p))) for p in (QT.data, QT.graphData))
                yield Case(name, kind, file_of(query), defaults, named, file_of(result) if isinstance(result, URIRef) else None)


CASES = cases()
EVALUATED = [c for c in CASES if c.solutions and c.kind in ("QueryEvaluationTest", "CSVResultFormatTest")]
GOOD = [c for c in CASES if c.kind == "PositiveSyntaxTest11"]
BAD = [c for c in CASES if c.kind == "NegativeSyntaxTest11"]


# ---------------------------------------------------------------- the door


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """All data of the suite, each file a graph of its own name."""
    folder = tmp_path_factory.mktemp("suite") / "store"
    store = ox.Store(str(folder))
    for file in sorted({f for c in EVALUATED for f in (*c.defaults, *c.named)}):
        format_ = ox.RdfFormat.from_extension(file.suffix.lstrip("."))
        store.load(path=str(file), format=format_, base_iri=iri(file), to_graph=ox.NamedNode(iri(file)))
    store.flush()
    return KnowledgeGraph(OxigraphBackend(store), "default", name=str(folder), version="suite")


async def page(request: Request) -> Response:
    return PlainTextResponse("the page")


@pytest.fixture(scope="module")
def door(kg: KnowledgeGraph) -> Iterator[TestClient]:
    pool = Pool(Path(kg.name), "default", Limits(seconds=60, workers=1))
    with TestClient(Starlette(routes=[Route("/sparql", SparqlEndpoint(pool, page).respond, methods=["GET", "POST"])])) as client:
        yield client
    pool.close()


def dataset(case: Case) -> dict[str, list[str]]:
    """What the protocol names beside the query; nothing where the query names its dataset itself."""
    if "FROM" in case.text:
        return {}
    # a graph that is not there stands for no graph: any name makes the dataset that of the parameters
    defaults = [iri(f) for f in case.defaults] or [BASE + "empty"]
    return {"default-graph-uri": defaults, "named-graph-uri": [iri(f) for f in case.named]}


def through_the_door(door: TestClient, case: Case) -> tuple[str, bytes]:
    """Media type and body; the media type is empty where the door refuses."""
    reply = door.post("/sparql", data={"query": case.text, **dataset(case)}, headers={"Accept": f"{JSON}, {TURTLE}"})
    return (reply.headers["content-type"].split(";")[0], reply.content) if reply.status_code == 200 else ("", reply.content)


def by_the_store(kg: KnowledgeGraph, case: Case) -> tuple[str, bytes]:
    """The same from the store itself, without the door's checks."""
    names = dataset(case)
    given = {"defaults": tuple(names["default-graph-uri"]), "named": tuple(names["named-graph-uri"])} if names else {"own_dataset": True}
    wanted = Wanted("http://localhost/sparql", JSON, TURTLE, 10_000, 1 << 24, **given)  # type: ignore[arg-type]  # each as it is declared
    try:
        return answer_bytes(kg, case.text, wanted)
    except GraphError as error:
        return "", str(error).encode()


# ---------------------------------------------------------------- are these the solutions?


def is_right(case: Case, answer: tuple[str, bytes]) -> bool:
    media_type, body = answer
    assert case.solutions is not None
    if case.solutions.suffix in FORMATS:
        expected = Result.parse(io.BytesIO(case.solutions.read_bytes()), format=FORMATS[case.solutions.suffix])
        return media_type == JSON and _same(expected, Result.parse(io.BytesIO(body), format="json"), plain=case.solutions.suffix == ".csv")
    triples = Graph().parse(case.solutions, publicID=iri(case.solutions))
    return media_type == TURTLE and isomorphic(triples, Graph().parse(data=body, format="turtle"))


def _same(expected: Result, found: Result, plain: bool) -> bool:
    if expected.type == "ASK":
        return found.type == "ASK" and expected.askAnswer == found.askAnswer
    return found.type == "SELECT" and _rows(expected, plain) == _rows(found, plain)


def _rows(result: Result, plain: bool) -> Counter[frozenset[tuple[str, Any]]]:
    """Solutions as a multiset; blank nodes are all alike."""
    return Counter(frozenset((str(v), _key(t, plain)) for v, t in row.items() if str(t) or not plain) for row in result.bindings)


def _key(term: Node, plain: bool) -> Any:
    if isinstance(term, BNode):
        return "_:"
    if not isinstance(term, Literal) or plain:
        return _number(str(term)) if plain else (type(term).__name__, str(term))
    number = _number(str(term)) if term.datatype is not None and term.datatype.rsplit("#")[-1] in NUMBERS else str(term)
    return (number, str(term.datatype or ""), (term.language or "").lower())


NUMBERS = {"integer", "decimal", "double", "float"}


def _number(text: str) -> Decimal | str:
    try:
        return round(Decimal(text), 9)
    except InvalidOperation:
        return text


# ---------------------------------------------------------------- the tests


@pytest.mark.parametrize("case", EVALUATED, ids=[c.name for c in EVALUATED])
def test_the_door_answers_what_the_store_answers(door: TestClient, kg: KnowledgeGraph, case: Case) -> None:
    """The solutions that the suite names; where the store has others, the door may have them too."""
    answer = through_the_door(door, case)
    assert is_right(case, answer) or not is_right(case, by_the_store(kg, case)), answer


@pytest.mark.parametrize("case", GOOD, ids=[c.name for c in GOOD])
def test_good_syntax_is_read(door: TestClient, case: Case) -> None:
    """Answered, or refused for what it would reach (another endpoint, a graph that is not here) or call (a function of nobody's)."""
    reply = door.post("/sparql", data={"query": case.text}, headers={"Accept": "*/*"})
    if ":function(" in case.text:
        assert "custom function" in reply.json()["error"]["message"]
        return
    assert reply.status_code in ((200, 403) if "SERVICE" in case.text or "FROM" in case.text else (200,)), reply.text


@pytest.mark.parametrize("case", BAD, ids=[c.name for c in BAD])
def test_bad_syntax_is_refused(door: TestClient, case: Case) -> None:
    """A mistake of the caller, never of the server."""
    assert door.post("/sparql", data={"query": case.text}, headers={"Accept": "*/*"}).status_code in (400, 403)


# what the store itself answers otherwise: GRAPH with a variable around groups, aggregates and VALUES; paths of no length from terms
# that no statement holds; GROUP_CONCAT of strings with a language; a number of a derived type, which it writes as an integer
STORES_OWN = {
    "aggregates/agg-empty-group-count-graph", "aggregates/agg-groupconcat-04", "aggregates/agg-groupconcat-06", "bindings/graph",
    "csv-tsv-res/tsv03", "negation/graph-minus", "property-path/zero_or_more_set_end", "property-path/zero_or_more_set_start",
    "property-path/zero_or_one_set_end", "property-path/zero_or_one_set_start",
}  # fmt: skip


def test_the_whole_suite_was_collected(kg: KnowledgeGraph) -> None:
    """Nothing was lost on the way here, and what the store answers otherwise is known by name."""
    assert (len(EVALUATED), len(GOOD), len(BAD)) == (235, 63, 40)
    assert {c.name for c in EVALUATED if not is_right(c, by_the_store(kg, c))} == STORES_OWN
