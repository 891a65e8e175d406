"""The golden questions over SPARQL servers: each answer and each citation as over the store that comes with the product.

    python -m tests.soak.endpoints                    # Oxigraph's server and, where it is installed, Virtuoso
    python -m tests.soak.endpoints --server virtuoso --every 20

The servers are started on free ports of loopback over the shipped graph, and stopped. It prints how many answers differ and in what;
status 1 where one does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from assistant import Answer, Assistant
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.quads import Quads
from graph.types import GraphError

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
READY = 60.0  # seconds that a server may take to start
LOADING = 900.0  # and to load the graph
INI = """[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/vt.db
TransactionFile = {folder}/vt.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
NumberOfBuffers = 30000
MaxDirtyBuffers = 20000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryCostEstimationTime = 0
"""
LOAD = "log_enable(2); ld_dir('{folder}', 'graph.nq', 'urn:framegraph'); rdf_loader_run(); checkpoint;"
FAILED = "select ll_error from DB.DBA.LOAD_LIST where ll_error is not null;"


def questions() -> dict[str, list[dict[str, Any]]]:
    """The golden questions by file and kind, in the order of the files."""
    found: dict[str, list[dict[str, Any]]] = {}
    for file in sorted(GOLDEN.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            found.setdefault(f"{file.stem} {item['kind']}", []).append(item)
    return found


def told(answer: Answer) -> dict[str, Any]:
    """What an answer says and cites. Left out are the facts as RDF terms: a server may keep 'true' as 1."""
    whole = answer.to_dict()
    for cited in (*whole["citations"], *whole["sentences"]):
        del cited["facts"]
    return whole


def differences(here: Callable[..., Answer], there: Callable[..., Answer], items: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A line for each question that two engines answer differently: in which of its parts, or the error."""
    for item in items:
        asked = item["question"], item["history"]
        try:
            one, other = told(here(*asked)), told(there(*asked))
        except GraphError as error:
            yield f"{item['id']} {item['question']!r}: {error}"
            continue
        if apart := [part for part in one if one[part] != other[part]]:
            yield f"{item['id']} {item['question']!r}: {', '.join(apart)}"


# ---------------------------------------------------------------- servers


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def oxigraph() -> Iterator[str]:
    """Oxigraph's server over the built store."""
    port = _free()
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    command = [str(program), "serve-read-only", "--location", str(ensure_built()), "--bind", f"127.0.0.1:{port}"]
    with _running(command, f"http://127.0.0.1:{port}/query") as address:
        yield address


@contextmanager
def virtuoso() -> Iterator[str]:
    """Virtuoso over a copy of the graph. Raises FileNotFoundError where it is not installed."""
    server, client = (shutil.which(name) for name in ("virtuoso-t", "isql-vt"))
    if server is None or client is None:
        raise FileNotFoundError("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
    with tempfile.TemporaryDirectory(prefix="framegraph-") as folder:
        sql, http = _free(), _free()
        (Path(folder) / "v.ini").write_text(INI.format(folder=folder, sql=sql, http=http), encoding="utf-8")
        (Path(folder) / "graph.nq").write_text("".join(Quads.of(KnowledgeGraph.open()).nquads()), encoding="utf-8")
        command = [server, "+configfile", f"{folder}/v.ini", "+foreground"]
        with _running(command, f"http://127.0.0.1:{http}/sparql") as address:
            speak = [client, f"127.0.0.1:{sql}", "dba", "dba", f"exec={LOAD.format(folder=folder)}{FAILED}"]
            said = subprocess.run(speak, capture_output=True, text=True, check=False, timeout=LOADING).stdout
            if "0 Rows" not in said:
                raise SystemExit(f"Virtuoso did not load the graph: {said[-500:]}")
            yield address


@contextmanager
def _running(command: list[str], address: str) -> Iterator[str]:
    """A server from when it answers until it is stopped."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            deadline = time.monotonic() + READY
            while not _answers(address):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"the server did not start: {' '.join(command)}")
                time.sleep(0.1)
            yield address
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, params={"query": "ASK {}"}, timeout=5).is_success
    except httpx.HTTPError:
        return False


SERVERS = {"oxigraph": oxigraph, "virtuoso": virtuoso}


def compared(name: str, every: int) -> int:
    """Put each so many-th golden question to a server; how many answers differ."""
    items = [item for of_kind in questions().values() for item in of_kind[::every]]
    try:
        with SERVERS[name]() as address:
            here, there = Assistant.open(), Assistant.open(address)
            begun, found = time.monotonic(), []
            for line in differences(here.answer, there.answer, items):
                found.append(line)
                print(f"  {line}", flush=True)
    except FileNotFoundError as error:
        print(f"{name}: left out. {error}")
        return 0
    print(f"{name}: {len(items) - len(found)} of {len(items)} answers the same, {time.monotonic() - begun:.0f} s for both", flush=True)
    return len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", choices=sorted(SERVERS), action="append", help="one or more; default: all")
    parser.add_argument("--every", type=int, default=1, help="of each file and kind, each so many-th question")
    chosen = parser.parse_args()
    os.environ.setdefault("FRAMEGRAPH_ENDPOINT_TIMEOUT", "120")  # a busy machine is not what is tried here
    sys.exit(1 if sum(compared(name, chosen.every) for name in chosen.server or sorted(SERVERS)) else 0)


if __name__ == "__main__":
    main()
