"""The README is executed: its Python example as a doctest, its SPARQL on the graph, its commands in a shell, its tree on disk."""

from __future__ import annotations

import ast
import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import Assistant

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LONG_LIVED = ["chat", "serve", "eval"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines() if re.search(r"(^|\| )framegraph ", line)]
QUICK = [line for line in COMMANDS if not re.search(rf"framegraph ({'|'.join(LONG_LIVED)})\b", line)]
PATHS = [line for block in blocks("text") for line in re.findall(r"^ *([\w.-]+/?(?:[\w.-]+/?)*)(?= {2,})", block, re.MULTILINE)]


def test_the_readme_has_what_a_reader_looks_for() -> None:
    """One command to run, one to test, an example of each door, a tree."""
    assert "make chat" in README
    assert "make test" in README
    assert len(blocks("python")) >= 1
    assert len(blocks("sparql")) >= 1
    assert len(QUICK) >= 2
    assert len(PATHS) >= 8


def test_the_python_example_says_what_it_prints(me: Assistant) -> None:
    """Every ``>>>`` of the README gives the output under it."""
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for number, block in enumerate(blocks("python")):
        example = doctest.DocTestParser().get_doctest(block, {}, f"README.md, example {number}", "README.md", 0)
        assert example.examples
        said: list[str] = []
        runner.run(example, out=said.append)
        assert runner.summarize(verbose=False).failed == 0, "".join(said)


@pytest.mark.parametrize("query", blocks("sparql"))
def test_the_sparql_example_has_solutions(query: str, me: Assistant) -> None:
    """Each query of the README runs on the shipped graph and finds something."""
    assert len(me.graph.query(query)) > 0


@pytest.mark.parametrize("command", QUICK)
def test_the_command_runs(command: str) -> None:
    """Each command of the README that ends by itself ends well and prints something."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False, env={**os.environ, "PATH": path})
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.strip()


@pytest.mark.parametrize("path", PATHS)
def test_the_tree_is_the_tree(path: str) -> None:
    """What the annotated tree names is there."""
    assert (ROOT / path).exists()


def test_links_lead_somewhere() -> None:
    """Relative links lead to files of the repository."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert [t for t in targets if not (ROOT / t).exists()] == []


def test_every_room_is_on_the_map() -> None:
    """docs/rooms.md names each module of the assistant once, with the first sentence of its own docstring."""
    told = re.findall(r"^\| \[(\w+)\.py\]\(\S+\) \| (.*) \|$", (ROOT / "docs" / "rooms.md").read_text(encoding="utf-8"), re.MULTILINE)
    rooms = {}
    for path in (ROOT / "assistant").glob("*.py"):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        rooms[path.stem] = said.split("\n")[0].replace("|", "/")
    rooms.pop("__init__")
    assert dict(told) == rooms
    assert len(told) == len(rooms)
