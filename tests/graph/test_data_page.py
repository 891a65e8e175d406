"""docs/data.md keeps its word: the tests that it names exist, its commands are commands, its files are those of a dump."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from graph import dump
from graph.store import KnowledgeGraph
from ui.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
TESTS = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "tests").rglob("test_*.py")))
SHELL = "".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
COMMANDS = [line.split("#")[0].split() for line in SHELL.splitlines()]


@pytest.mark.parametrize("row", re.findall(r"^\| (?!trap|-)(.*test_.*) \|$", PAGE, re.MULTILINE))
def test_every_trap_is_shown_by_a_test(row: str) -> None:
    """Each that the table names is there."""
    names = re.findall(r"`(test_\w+)`", row)
    assert names
    assert [n for n in names if f"def {n}(" not in TESTS] == []


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_its_commands_are_commands(words: list[str]) -> None:
    """With the flags that they have."""
    assert words[0] == "framegraph"
    command = typer.main.get_command(app).commands[words[1]]  # type: ignore[attr-defined]  # it is a group
    known = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    assert {w for w in words[2:] if w.startswith("--")} <= known


def test_its_files_are_those_of_a_dump(tmp_path: Path) -> None:
    """Under the same names, tables aside."""
    written = dump.dump(KnowledgeGraph.open(ROOT / "tests" / "fixtures" / "museum.ttl"), tmp_path, licence="x")
    part = PAGE.partition("## Taking it")[2].partition("## Citing it")[0]
    named = set(re.findall(r"`([\w.]+\.(?:gz|ttl|jsonld|txt))`", part))
    assert named == {n for n in written if not n.startswith(dump.TABLES)}


def test_links_lead_somewhere() -> None:
    """To files of the checkout."""
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
