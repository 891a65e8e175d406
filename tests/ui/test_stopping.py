"""What is killed, told to stop or told to open its graph anew: a worker in the middle of a query, the server with work in hand, a writer
of feedback.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from ui.feedback import Feedback

ROOT = Path(__file__).resolve().parents[2]
MUSEUM = ROOT / "tests" / "fixtures" / "museum.ttl"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
NEW = "ASK { <http://museum.example/new> ?p ?o }"
SECONDS = 1.5  # that a query may run: less than the server waits for what it has in hand when it is told to stop


@contextmanager
def served(graph: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """``framegraph serve`` as a process of its own, over a file."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", str(port), "--graph", str(graph)]
    settings = {**os.environ, "PYTHONUNBUFFERED": "1", "FRAMEGRAPH_QUERY_TIMEOUT": str(SECONDS), "FRAMEGRAPH_WORKERS": "1"}
    lines = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=settings, **lines) as server:  # type: ignore[call-overload]  # as it takes them
        assert server.stdout is not None
        try:
            assert "ready" in server.stdout.readline()
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                yield server, client
        finally:
            server.kill()


def workers_of(server: subprocess.Popen[str]) -> list[int]:
    """The processes that run strangers' queries, as the system lists the server's children."""
    children = Path(f"/proc/{server.pid}/task").glob("*/children")
    return sorted({int(pid) for file in children for pid in file.read_text().split()})


def query(client: httpx.Client, text: str) -> httpx.Response:
    return client.post("/sparql", data={"query": text})


def reloaded(server: subprocess.Popen[str]) -> dict[str, str]:
    """What the server notes of SIGHUP: the graph that it serves afterwards, and why another was refused."""
    assert server.stderr is not None
    server.send_signal(signal.SIGHUP)
    while (line := server.stderr.readline()) and '"reload"' not in line:
        pass
    told: dict[str, str] = json.loads(line)
    return told


def test_a_killed_worker_and_a_stopped_server_leave_nobody_without_an_answer(tmp_path: Path) -> None:
    """SIGHUP: the file as it is now is served, one that cannot be read is not. kill -9 of a worker: who waits is told, the next is
    answered. SIGTERM: what runs is finished, what would never end is not waited for, and the server is gone within its five seconds
    (twice that on a busy machine), its workers with it.
    """
    graph = Path(shutil.copy(MUSEUM, tmp_path))
    with served(graph) as (server, client), ThreadPoolExecutor() as pool:
        assert query(client, NEW).json()["boolean"] is False
        first = client.get("/health").json()["version"]
        with graph.open("a", encoding="utf-8") as file:
            file.write('<http://museum.example/new> <http://www.w3.org/2000/01/rdf-schema#label> "new" .')
        second = reloaded(server)["served"]
        assert client.get("/health").json()["version"] == second != first
        assert query(client, NEW).json()["boolean"] is True
        graph.write_text("no turtle {", encoding="utf-8")
        told = reloaded(server)
        assert told["served"] == second
        assert str(graph) in told["refused"]
        assert query(client, NEW).json()["boolean"] is True
        while len(workers_of(server)) > 1:  # those of the old graph are on their way out
            assert client.get("/health").status_code == 200
        (worker,) = workers_of(server)
        hit = pool.submit(query, client, ENDLESS)
        assert client.get("/health").status_code == 200
        os.kill(worker, signal.SIGKILL)
        assert hit.result().status_code == 504
        assert query(client, "ASK {}").json()["boolean"] is True
        (worker,) = workers_of(server)
        with client.stream("GET", "/gradio_api/heartbeat/nobody") as endless:
            assert endless.status_code == 200
            running = pool.submit(query, client, ENDLESS)
            assert client.get("/health").status_code == 200  # it came later, so that one is in hand
            server.send_signal(signal.SIGTERM)
            reply = running.result()
            assert reply.status_code == 504
            assert f"ran longer than {SECONDS:g} seconds" in reply.json()["error"]["message"]
            assert server.wait(timeout=10) in (0, -signal.SIGTERM)
        assert not Path(f"/proc/{worker}").exists()


def test_what_a_reader_said_is_kept_when_the_server_is_killed(tmp_path: Path) -> None:
    """It is the only state there is; what was said stands as soon as the call is back."""
    file = tmp_path / "feedback.sqlite"
    code = (
        "import os, signal, sys; from pathlib import Path; from ui.feedback import Feedback, Verdict\n"
        "Feedback(Path(sys.argv[1])).add(Verdict('down', 'q', 'u', 'a', 'fact', 'v', '/?talk=x', 'why'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [said.reason for said in Feedback(file).read()] == ["why"]
