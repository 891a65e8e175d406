"""Known vulnerabilities, asked for in plain words: what the recorded answers of the package index tell, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from graph.advisories import standing
from graph.corpus import data_folder
from tests.assistant.conftest import Ask


def recorded() -> Iterator[tuple[str, str, list[str]]]:
    """(name, release that was asked about, the vulnerabilities known of it) of each record."""
    for path in sorted((data_folder() / "packages").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if security := record.get("security"):
            yield record["name"], security["version"], [row["id"] for row in standing(security)]


SOUND = next((name, version) for name, version, known in recorded() if not known and name == name.capitalize())
HOLED = [(name, known) for name, _, known in recorded() if known]


def test_none_is_known(ask: Ask) -> None:
    """No, by the count of the index, and cited to it."""
    name, version = SOUND
    answer = ask(f"Does {name} have known vulnerabilities?")
    assert answer.text.startswith("No.")
    assert answer.citations[0].version == version
    assert answer.citations[0].section == "Known vulnerabilities"
    assert not answer.abstained


@pytest.mark.parametrize(("name", "known"), HOLED)
def test_those_that_are_known_are_named(ask: Ask, name: str, known: list[str]) -> None:
    """Yes, which, and in which release each is mended, if in any."""
    assert ask(f"Does {name} have known vulnerabilities?").text.startswith("Yes.")
    told = ask(f"What are the known vulnerabilities of {name}?")
    assert all(i in told.text for i in known)
    for i in known:
        fix = ask(f"Which version of {name} fixes {i}?")
        assert i in fix.text
        assert "fixes" in fix.text or "fixed in" in fix.text


def test_which_have_any(ask: Ask) -> None:
    """All of them, and nobody else."""
    answer = ask("Which frameworks have known vulnerabilities?")
    assert all(name.lower() in answer.text.lower() for name, _ in HOLED)
    assert SOUND[0] not in answer.names
