"""A confined process reads what it has opened and reaches nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from graph.confine import _SOCKET_CALL, resident, space
from graph.store import KnowledgeGraph, snapshot

ROOT = Path(__file__).resolve().parents[2]
LINUX = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in _SOCKET_CALL, reason="the kernel filter is known for Linux on x86-64 and ARM only"
)


def confined(script: str, memory: int = 1 << 30) -> str:
    """What a process prints that runs a script after it was confined."""
    begin = f"from graph.confine import confine\nconfine({memory})\n"
    return subprocess.run(
        [sys.executable, "-c", begin + script], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False, timeout=60
    ).stdout.strip()


@LINUX
def test_a_query_that_passed_the_guard_still_reaches_nothing(tmp_path: Path) -> None:
    """SERVICE fails before a listener of ours hears of it, while the store goes on being read."""
    (tmp_path / "toy.ttl").write_text("<a:s> <a:p> 1 , 2 .")
    snapshot(KnowledgeGraph.open(tmp_path / "toy.ttl"), tmp_path / "store")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://localhost:{listener.getsockname()[1]}/"
        said = confined(
            "from pathlib import Path\nfrom graph.store import open_readonly\n"
            f"kg = open_readonly(Path({str(tmp_path / 'store')!r}), 'default')\n"
            "print(len(kg.query('SELECT * { ?s ?p ?o }')))\n"
            f"try: kg.query('SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}')\n"
            "except Exception as error: print(error)"
        )
        assert said.startswith("2\n")
        assert "not permitted" in said
        with pytest.raises(BlockingIOError):
            listener.accept()


@LINUX
def test_no_socket_of_any_kind_is_opened() -> None:
    """Neither to the network nor to a neighbour on the machine."""
    tries = "import socket\nfor family in ('AF_INET', 'AF_INET6', 'AF_UNIX'):\n"
    tries += "    try: socket.socket(getattr(socket, family))\n    except PermissionError: print(family)"
    assert confined(tries).split() == ["AF_INET", "AF_INET6", "AF_UNIX"]


def test_no_file_is_written(tmp_path: Path) -> None:
    """A file may be made, and not a byte of it written: the system ends the process or refuses."""
    script = f"f = open({str(tmp_path / 'x')!r}, 'w', buffering=1)\nf.write('secret\\n')\nf.close()\nprint('written')"
    assert "written" not in confined(script)
    assert (tmp_path / "x").read_text() == ""


def test_memory_does_not_grow_past_the_limit() -> None:
    """What is asked for beyond it is not given."""
    script = "try: x = bytearray(64 << 20)\nexcept MemoryError: print('no')\nelse: print('yes')"
    assert confined(script, 16 << 20) == ("no" if space() else "yes")
    assert confined(script, 512 << 20) == "yes"


def test_a_process_knows_how_large_it_is() -> None:
    """What it holds in memory is part of its address space."""
    assert resident() <= space()
