"""What all tests share: nothing goes out, a toy data folder to break, a real SPARQL server on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# the same examples in every run; `make soak` looks for new ones
hypothesis.settings.register_profile("usual", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("soak", max_examples=2000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

FIXTURES = Path(__file__).resolve().parent / "fixtures"
LOOPBACK = {"127.0.0.1", "::1", "localhost", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves its event loop running in the thread, and no other can run in it then."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine fails the test that tries it."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        assert host in LOOPBACK, f"a test tried to reach {address}"
        connect(self, address)  # type: ignore[arg-type]  # whatever the caller passed goes on as it is

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture
def toy_data(tmp_path: Path) -> Path:
    """A copy of the toy data folder (clockwork), to be changed at will."""
    return Path(shutil.copytree(FIXTURES / "toy", tmp_path / "toy"))


@pytest.fixture(scope="session")
def serve_sparql() -> Iterator[Callable[[Path], str]]:
    """``serve_sparql(store)``: the address of a real Oxigraph server over an on-disk store, on a free port of loopback."""
    running: list[subprocess.Popen[str]] = []

    def start(store: Path) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        program = Path(sysconfig.get_path("scripts")) / "oxigraph"
        command = [str(program), "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        running.append(server)
        assert server.stderr is not None
        said = ""
        while "Listening" not in said:  # blocks until the next line, and ends with '' if the server dies
            said = server.stderr.readline()
            assert said, f"the server did not start: {command}"
        return f"http://127.0.0.1:{port}/query"

    yield start
    for server in running:
        server.terminate()
        server.wait()
        if server.stderr is not None:
            server.stderr.close()
