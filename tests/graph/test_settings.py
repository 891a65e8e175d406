"""Settings are one table: everything that the code reads from the environment stands in it, with its help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.settings import SETTINGS, cache_folder, checkout, setting, vector_cache

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_setting_that_the_code_names_is_in_the_table() -> None:
    """No FRAMEGRAPH_ variable is read that the table does not explain, and none is explained that is not used."""
    named = set()
    for room in ("graph", "assistant", "ui"):
        for path in (ROOT / room).rglob("*.py"):
            named |= set(re.findall(r"FRAMEGRAPH_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named == {s.name for s in SETTINGS}


def test_every_setting_has_help() -> None:
    """The table is what people read."""
    assert all(len(s.help) > 20 for s in SETTINGS)


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset and empty are the same."""
    monkeypatch.setenv("FRAMEGRAPH_ENDPOINT_TIMEOUT", "")
    assert setting("FRAMEGRAPH_ENDPOINT_TIMEOUT") == "30"
    monkeypatch.setenv("FRAMEGRAPH_ENDPOINT_TIMEOUT", "5")
    assert setting("FRAMEGRAPH_ENDPOINT_TIMEOUT") == "5"


def test_a_name_that_is_no_setting_is_refused() -> None:
    """A mistyped name fails where it is written."""
    with pytest.raises(KeyError, match="FRAMEGRAPH_CACHE"):
        setting("FRAMEGRAPH_CASH")


def test_the_cache_is_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The setting, else build/ in a checkout."""
    monkeypatch.setenv("FRAMEGRAPH_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    assert vector_cache() == tmp_path / "vectors"
    monkeypatch.delenv("FRAMEGRAPH_CACHE")
    assert cache_folder() == checkout() / "build"  # type: ignore[operator]  # the tests run in a checkout


def test_an_installed_package_uses_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """XDG_CACHE_HOME where it is set."""
    monkeypatch.delenv("FRAMEGRAPH_CACHE", raising=False)
    monkeypatch.setattr("graph.settings.checkout", lambda: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "framegraph"
