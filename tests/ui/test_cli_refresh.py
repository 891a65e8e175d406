"""The commands that keep package records fresh: what they print, what they write, and their exit status."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from graph import package_index
from graph.package_register import Wanted
from tests.graph.shelf import Pip, Shelf, serving, upload, wheel
from ui import data_commands
from ui.cli import ANSWERED, MISTAKE, NOT_ANSWERED, app

DECLARED = 'id:mainspring pkg:name "wheel-works" .\n'


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "160"})


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """A package index on loopback as the configured one, and a stand-in for pip."""
    with serving() as served:
        monkeypatch.setenv("PIP_INDEX_URL", served.url)
        monkeypatch.setenv("PIP_CERT", "")
        monkeypatch.setenv("FRAMEGRAPH_INDEX_PAUSE", "0")
        monkeypatch.setattr(package_index, "configured", {"index-url": served.url, "cert": ""}.__getitem__)
        monkeypatch.setattr(package_index, "run_pip", Pip())
        yield served


@pytest.fixture
def toy(toy_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy as the shipped data, with one package declared beside the recorded one."""
    mapping = toy_data / "packages" / "mapping.ttl"
    mapping.write_text(mapping.read_text() + DECLARED)
    monkeypatch.setenv("FRAMEGRAPH_DATA", str(toy_data))
    return toy_data


def serve_gear(shelf: Shelf, *versions: str) -> None:
    files = {v: [upload(f"gear-{v}-py3-none-any.whl", "2024-05-01", digests={"sha256": "ab12"})] for v in versions}
    shelf.put("/simple/gear/", "<html>", "text/html")
    shelf.put("/pypi/gear/json", {"info": {"name": "Gear"}, "releases": files})


def test_a_new_package_is_recorded(shelf: Shelf, toy: Path) -> None:
    """One line of what was found, a file, and the sum; status 0."""
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    result = run("refresh", "Mainspring")
    assert result.exit_code == ANSWERED, result.output
    assert "Wheel.Works 1.0, new record, released 2026-01-01" in result.stdout
    assert result.stdout.endswith("1 package: 1 changed, 0 failed\n")
    assert json.loads((toy / "packages" / "mainspring.json").read_text())["newest"]["version"] == "1.0"


def test_check_reports_and_writes_nothing(shelf: Shelf, toy: Path) -> None:
    """Status 1 while something is stale."""
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    result = run("refresh", "--check", "mainspring")
    assert result.exit_code == NOT_ANSWERED
    assert "1 package: 1 stale, 0 failed" in result.stdout
    assert not (toy / "packages" / "mainspring.json").exists()


def test_check_passes_what_is_fresh(shelf: Shelf, toy: Path) -> None:
    """Status 0 where the index says what the record says."""
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    run("refresh", "mainspring")
    result = run("refresh", "--check", "mainspring")
    assert result.exit_code == ANSWERED
    assert "Wheel.Works 1.0 unchanged since 20" in result.stdout


def test_without_a_name_all_recorded_ones(shelf: Shelf, toy: Path) -> None:
    """What is only declared waits for its name, or for --all."""
    serve_gear(shelf, "1.10")
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    assert "1 package: 1 changed" in run("refresh").stdout
    assert not (toy / "packages" / "mainspring.json").exists()
    assert "2 packages: 1 changed" in run("refresh", "--all").stdout
    assert (toy / "packages" / "mainspring.json").exists()


def test_one_that_fails_does_not_stop_the_others(shelf: Shelf, toy: Path) -> None:
    """Its reason on standard error, its record as it was; status 1."""
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    before = (toy / "packages" / "gear.json").read_text()
    result = run("refresh", "--all")
    assert result.exit_code == NOT_ANSWERED
    assert "failed: Gear: the package index has no such project" in result.stderr
    assert "2 packages: 1 changed, 1 failed" in result.stdout
    assert (toy / "packages" / "gear.json").read_text() == before


def test_a_terminal_shows_how_far_it_is(shelf: Shelf, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many of how many packages, and which is asked for; the lines themselves go to standard output."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr("sys.stderr", terminal)
    wanted = [Wanted(name, name, toy / f"{name}.json") for name in ("cog", "gear")]
    with data_commands._bar("Asking", len(wanted)) as step:
        seen = [package.name for package in step(wanted)]
    assert seen == ["cog", "gear"]
    assert "Asking" in terminal.getvalue()
    assert "2/2" in terminal.getvalue()
    assert "gear" in terminal.getvalue()


def test_an_interrupt_says_how_far_it_came(shelf: Shelf, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written stays; the status is that of Ctrl-C."""
    serve_gear(shelf, "1.10")

    def stop(wanted: Iterable[Wanted], *_: object, **__: object) -> Iterator[object]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("graph.refresh.refresh", stop)
    result = run("refresh")
    assert result.exit_code == 130
    assert "interrupted: 0 of 1 packages were read" in result.stderr


@pytest.mark.parametrize(("arguments", "words"), [(("--all", "gear"), "not both"), (("--data", "."), "no package is recorded")])
def test_what_cannot_be_refreshed_is_a_mistake(toy: Path, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """Status 2, and the remedy."""
    result = run("refresh", *(str(tmp_path / "empty") if a == "." else a for a in arguments))
    assert result.exit_code == MISTAKE
    assert words in result.output


def test_old_records_are_listed(toy: Path) -> None:
    """Relative to a day given; status 1 where one is too old or missing."""
    result = run("check", "--stale", "30", "--today", "2027-01-01")
    assert result.exit_code == NOT_ANSWERED
    assert result.stdout.startswith(
        "Older than 30 days on 2027-01-01:\n  2 of 2 package records\n  3 of 3 passages, in 3 of 3 documents\n  0 of 0 facts that change\n"
        "Package records (framegraph refresh --all reads them):\n  wheel-works: never recorded\n  Gear: 2026-11-20, 42 days\n"
    )


def test_no_old_record_is_fine(toy: Path) -> None:
    """Status 0, and no other check is made."""
    mapping = toy / "packages" / "mapping.ttl"
    mapping.write_text(mapping.read_text().replace(DECLARED, ""))
    result = run("check", "--stale", "90", "--on", "2026-12-01")
    assert result.exit_code == ANSWERED
    assert result.stdout == (
        "Older than 90 days on 2026-12-01:\n  0 of 1 package records\n  0 of 3 passages, in 0 of 3 documents\n  0 of 0 facts that change\n"
    )
