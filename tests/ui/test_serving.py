"""How the app is served: what the settings say, all of it in one table; the examples of docs/serving.md run as they stand."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from pydantic import TypeAdapter

from assistant import Assistant
from graph.settings import SETTINGS, number
from graph.types import SettingError
from tests.ui.conftest import serving
from ui import api_models as m
from ui.cli import app
from ui.dossier import Dossier
from ui.serving import Serving

DOC = (Path(__file__).resolve().parents[2] / "docs" / "serving.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860"
CURLS = [line for block in re.findall(r"^```sh\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL) for line in block.splitlines()]


def test_every_setting_stands_in_the_table() -> None:
    """With its default and what it does, word by word; and none that is no setting."""
    rows = re.findall(r"^\| `(FRAMEGRAPH_\w+)` \| (?:`([^`]*)` )?\| (.*) \|$", DOC, re.MULTILINE)
    assert rows == [(s.name, s.default, s.help) for s in SETTINGS]


def test_every_flag_of_the_servers_stands_in_the_table() -> None:
    """With the commands that take it and what it does."""
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    flags: dict[str, tuple[list[str], str]] = {}
    for name in ("chat", "serve", "mcp"):
        for option in commands[name].params:
            flags.setdefault(option.opts[0], ([], option.help))[0].append(name)
    rows = re.findall(r"^\| `(--\w+)` \| ([\w, ]+) \| (?:.*?) ?\| (.*) \|$", DOC, re.MULTILINE)
    assert {flag: (of.split(", "), told) for flag, of, told in rows} == flags


def test_the_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists by spaces, numbers as numbers."""
    given = {"HOSTS": "a.example b.example", "CORS": "*", "RATE": "5", "WAITING": "3", "ANSWER_TIMEOUT": "1.5", "QUERY_TIMEOUT": "2",
             "QUERY_ROWS": "7", "WORKERS": "1"}  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"FRAMEGRAPH_{name}", value)
    read = Serving.read()
    assert (read.hosts, read.origins, read.rate) == (("a.example", "b.example"), ("*",), 5)
    assert (read.bounds.waiting, read.bounds.seconds) == (3, 1.5)
    assert (read.limits.seconds, read.limits.rows, read.limits.workers) == (2, 7, 1)


@pytest.mark.parametrize("value", ["many", "-1", "nan", "inf", "0"])
def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """With its value and what would do."""
    monkeypatch.setenv("FRAMEGRAPH_WORKERS", value)
    with pytest.raises(SettingError, match=f"FRAMEGRAPH_WORKERS is '{value}'; set it to a number of 1 or more"):
        Serving.read()
    with pytest.raises(KeyError):
        number("FRAMEGRAPH_NOBODY")


# ---------------------------------------------------------------- the examples


@pytest.fixture(scope="module")
def me() -> Assistant:
    """The assistant over the shipped graph."""
    return Assistant.open()


@pytest.fixture(scope="module")
def shipped(me: Assistant) -> Iterator[str]:
    """A server over it."""
    with serving(me) as address:
        yield address


def test_there_are_examples() -> None:
    """Of every door."""
    assert all(any(door in line for line in CURLS) for door in ("answer", "recommend", "compare", "search", "entities", "sparql", "/id/"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("command", CURLS)
def test_the_curl_examples_work(shipped: str, command: str) -> None:
    """Each answers, and not with an error."""
    done = subprocess.run(f"{command.replace(ADDRESS, shipped)} --fail-with-body", shell=True, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


def test_the_python_example_says_what_it_prints(shipped: str) -> None:
    """Every ``>>>`` gives the output under it."""
    for number_, block in enumerate(re.findall(r"^```python\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)):
        example = doctest.DocTestParser().get_doctest(block.replace(ADDRESS, shipped), {}, f"docs/serving.md, {number_}", "serving.md", 0)
        assert example.examples
        runner, said = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE), list[str]()
        named: dict[str, Any] = example.globs
        runner.run(example, out=said.append, clear_globs=False)
        named["door"].close()
        assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_what_the_shipped_graph_answers_is_described(me: Assistant, shipped: str) -> None:
    """Its example questions, a choice, a comparison and a thing fit the models that the OpenAPI description is made of."""
    with httpx.Client(base_url=shipped, timeout=120) as client:
        for question in (*me.about()["examples"], "best framework?", "Is it any good?", "Wie alt ist Django?"):
            m.Answer.model_validate(client.get("/api/v1/answer", params={"question": question}).json())
        m.Recommendation.model_validate(client.get("/api/v1/recommend", params={"needs": "REST API"}).json())
        m.Comparison.model_validate(client.get("/api/v1/compare", params={"names": ["Flask", "Django"]}).json())
        TypeAdapter(Dossier).validate_python(client.get("/api/v1/entities/django").json())
