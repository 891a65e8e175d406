"""A stranger's query runs in a process of its own, within limits, and cannot hurt those who come after."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store import KnowledgeGraph, snapshot
from graph.types import GraphError, OpenError, QueryError, QueryTimeout, RefusedQuery, ResultTooLarge
from graph.worker import Limits, NotAcceptable, Pool, Reply, Request, WorkersBusy

JSON = "application/sparql-results+json"
ROOT = Path(__file__).resolve().parents[2]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"  # (2 x 10^3)^4 solutions
GREEDY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"  # holds them all to sort them


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 2,000 things in graph g1 and one link in g2."""
    home = tmp_path_factory.mktemp("worker")
    things = " ".join(f'e:s{n} e:name "thing {n}" .' for n in range(2000))
    (home / "toy.trig").write_text(f"@prefix e: <http://example.org/> . e:g1 {{ {things} }} e:g2 {{ e:s1 e:near e:s2 }}")
    snapshot(KnowledgeGraph.open(home / "toy.trig"), home / "store")
    return home / "store"


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[Pool]:
    pool = Pool(folder, "union", Limits(seconds=60, rows=500, size=20_000, workers=1))
    yield pool
    pool.close()


def request(query: str, results: str = JSON, graph: str = "text/turtle", **dataset: tuple[str, ...]) -> Request:
    return Request(query, "http://localhost/sparql", results, graph, **dataset)


def value(reply: Reply) -> str:
    """The only value of the only row."""
    (row,) = json.loads(reply.body)["results"]["bindings"]
    (cell,) = row.values()
    return str(cell["value"])


def test_select_ask_and_construct_are_answered_in_the_format_asked_for(pool: Pool) -> None:
    """The reply carries the media type and the bytes, ready to send."""
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert value(pool.ask(request(count))) == "2001"
    assert pool.ask(request(count, "text/csv")) == Reply("text/csv", b"n\r\n2001\r\n")
    assert b"<literal" in pool.ask(request(count, "application/sparql-results+xml")).body
    assert pool.ask(request("ASK { ?s ?p 'thing 7' }")).body == b'{"head":{},"boolean":true}'
    near = "PREFIX e: <http://example.org/> CONSTRUCT WHERE { ?s e:near ?o }"
    line = b"<http://example.org/s1> <http://example.org/near> <http://example.org/s2> .\n"
    assert pool.ask(request(near, graph="application/n-triples")) == Reply("application/n-triples", line)
    assert json.loads(pool.ask(request(near, graph="application/ld+json")).body)[0]["@id"] == "http://example.org/s1"


def test_terms_of_every_kind_survive(pool: Pool) -> None:
    """Datatypes, languages, characters that JSON escapes, unbound variables and blank nodes are written as the standard says."""
    query = 'SELECT ?a ?b ?c ?none ?node { VALUES (?a ?b ?c) { (1.5 "chat"@fr "\\"\\n\\\\é𝄞") } BIND(BNODE() AS ?node) }'
    answer = json.loads(pool.ask(request(query)).body)
    (row,) = answer["results"]["bindings"]
    assert answer["head"]["vars"] == ["a", "b", "c", "none", "node"]
    assert row["a"] == {"type": "literal", "value": "1.5", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}
    assert row["b"] == {"type": "literal", "value": "chat", "xml:lang": "fr"}
    assert row["c"] == {"type": "literal", "value": '"\n\\é𝄞'}
    assert row["node"]["type"] == "bnode"
    assert "none" not in row


def test_the_dataset_may_be_named_with_the_query_or_in_it(pool: Pool) -> None:
    """Graphs named beside the query win over FROM; a graph that is not here is empty."""
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert value(pool.ask(request(count, defaults=("http://example.org/g2",)))) == "1"
    assert value(pool.ask(request(count.replace("{", "FROM <http://example.org/g1> {", 1), defaults=("http://example.org/g2",)))) == "1"
    assert value(pool.ask(request(count.replace("{", "FROM <http://example.org/g1> {", 1)))) == "2000"
    assert value(pool.ask(request(count, defaults=("http://example.org/g9",)))) == "0"
    named = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    assert value(pool.ask(request(named, named=("http://example.org/g2",)))) == "1"


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (request("SELECT * { ?s ?p }"), QueryError, "line 1, column 19"),
        (request("SELECT * { ?s nope:x ?o }"), QueryError, "prefix nope: is not declared"),
        (request("INSERT DATA { <a:s> <a:p> 1 }"), RefusedQuery, "only reads"),
        (request("SELECT * { SERVICE <http://127.0.0.1/> {} }"), RefusedQuery, "SERVICE"),
        (request("SELECT * FROM <file:///etc/passwd> {}"), RefusedQuery, "not in this store"),
        (request("SELECT ('' AS ?x) { ?s ?p ?o }"), ResultTooLarge, "more than 500 rows"),
        (request("SELECT * { ?s ?p ?o } LIMIT 400"), ResultTooLarge, "larger than 19 KiB"),
        (request("CONSTRUCT WHERE { ?s ?p ?o }"), ResultTooLarge, "more than 500 triples"),
        (request("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 400"), ResultTooLarge, "larger than 19 KiB"),
        (request("CONSTRUCT WHERE { ?s ?p ?o }", graph=""), NotAcceptable, "text/turtle"),
        (request("ASK {}", results=""), NotAcceptable, "text/csv"),
    ],
)
def test_what_is_wrong_is_told_and_the_worker_stays(pool: Pool, asked: Request, error: type[GraphError], message: str) -> None:
    """Each refusal names its reason; the same process answers the next query."""
    pool.ask(request("ASK {}"))
    before = pool.pids
    with pytest.raises(error, match=message):
        pool.ask(asked)
    assert value(pool.ask(request("SELECT (1 AS ?x) {}"))) == "1"
    assert pool.pids == before


def test_a_query_past_its_time_is_stopped_and_its_worker_replaced(folder: Path) -> None:
    """The engine cannot be interrupted: its process is killed, and the next query is answered by a fresh one."""
    pool = Pool(folder, "union", Limits(seconds=0.5, workers=1))
    try:
        with pytest.raises(QueryTimeout, match=r"longer than 0\.5 seconds"):
            pool.ask(request(ENDLESS))
        assert len(pool.pids) == 1
    finally:
        pool.close()
    assert pool.pids == []


def test_a_query_past_its_memory_is_stopped_and_its_worker_replaced(folder: Path) -> None:
    """An address space that cannot grow ends the process, not the machine."""
    pool = Pool(folder, "union", Limits(seconds=60, memory=64 << 20, workers=1))
    try:
        with pytest.raises(QueryTimeout, match="more than 64 MiB of memory"):
            pool.ask(request(GREEDY))
        assert value(pool.ask(request("SELECT (1 AS ?x) {}"))) == "1"
    finally:
        pool.close()


def test_a_worker_that_was_killed_is_replaced(pool: Pool) -> None:
    """Killing an idle worker costs nobody an answer."""
    pool.ask(request("ASK {}"))
    (pid,) = pool.pids
    worker = next(iter(pool._living))
    os.kill(pid, signal.SIGKILL)
    worker._process.wait()
    assert value(pool.ask(request("SELECT (1 AS ?x) {}"))) == "1"
    assert pool.pids != [pid]


def test_a_worker_that_is_killed_while_it_starts_is_no_broken_store(folder: Path) -> None:
    """Who asked may ask again."""
    pool = Pool(folder, "union", Limits(workers=1))
    try:
        pool._idle.put(pool._fit(pool._idle.get()))
        os.kill(pool.pids[0], signal.SIGKILL)
        pool._idle.queue[0]._process.wait()  # type: ignore[union-attr]  # it is a worker
        worker = pool._idle.get()
        assert worker is not None
        with pytest.raises(WorkersBusy, match="killed before it was ready"):
            worker.ask(request("ASK {}"))
        pool._idle.put(worker)
        assert pool.ask(request("ASK {}")).body
    finally:
        pool.close()


def test_a_worker_that_has_swollen_is_not_kept(folder: Path) -> None:
    """Memory that a query took and did not give back goes with its process."""
    pool = Pool(folder, "union", Limits(seconds=60, workers=1, keep=1 << 20))
    try:
        before = _pid_after(pool, "ASK {}")
        assert _pid_after(pool, "ASK {}") == before
        values = " ".join(f"({n} {n})" for n in range(4000))
        assert _pid_after(pool, f"ASK {{ VALUES (?a ?b) {{ {values} }} }}") != before
    finally:
        pool.close()


def _pid_after(pool: Pool, query: str) -> int:
    pool.ask(request(query))
    (pid,) = pool.pids
    return pid


def test_who_comes_when_all_are_busy_is_told_so(folder: Path) -> None:
    """With every worker taken, the wait is bounded and the message polite."""
    pool = Pool(folder, "union", Limits(seconds=60, workers=1, patience=0))
    taken = pool._idle.get()
    try:
        with pytest.raises(WorkersBusy, match="try again"):
            pool.ask(request("ASK {}"))
    finally:
        pool._idle.put(taken)
        pool.close()


def test_two_queries_run_beside_one_another(folder: Path) -> None:
    """A slow query holds up nobody while another worker is free."""
    pool = Pool(folder, "union", Limits(seconds=60, workers=2))
    try:
        pool.warm()
        slow = threading.Thread(target=_until_ended, args=(pool,))
        slow.start()
        assert value(pool.ask(request("SELECT (1 AS ?x) {}"))) == "1"
        pool.close()
        slow.join()
    finally:
        pool.close()


def _until_ended(pool: Pool) -> None:
    with pytest.raises(GraphError):
        pool.ask(request(ENDLESS))


def test_a_folder_that_is_no_store_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A worker that cannot start says so instead of leaving the caller to wait."""
    pool = Pool(tmp_path / "nowhere", "union", Limits(workers=1))
    try:
        with pytest.raises(OpenError, match="before it was ready"):
            pool.ask(request("ASK {}"))
        assert "nowhere" in capfd.readouterr().err
    finally:
        pool.close()


def test_workers_end_with_the_process_that_started_them(folder: Path) -> None:
    """No worker outlives a parent that was killed."""
    script = (
        "import os, signal; from pathlib import Path; from graph.worker import Pool\n"
        f"pool = Pool(Path({str(folder)!r}), 'union'); pool.warm(); print(*pool.pids, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, check=False, timeout=60)
    for pid in map(int, done.stdout.split()):
        assert _ends(pid)


def _ends(pid: int) -> bool:
    """Whether a process that is not our child ends (waited for without polling)."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    waiter = __import__("select").poll()
    waiter.register(handle)
    ended = bool(waiter.poll(30_000))
    os.close(handle)
    return ended
