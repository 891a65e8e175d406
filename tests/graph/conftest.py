"""What tests of refreshing share: the index of ``shelf.py``, served on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import package_index
from graph.package_index import Index, Throttle
from graph.package_register import Wanted
from tests.graph.shelf import Pip, Shelf, serving


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving() as served:
        yield served


@pytest.fixture
def index(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """That index, asked without a pause and without pip's own configuration."""
    monkeypatch.setattr(package_index, "configured", lambda key: "")
    with Index(shelf.url, throttle=Throttle(0), seconds=5) as opened:
        yield opened


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    fake = Pip()
    monkeypatch.setattr(package_index, "run_pip", fake)
    return fake


@pytest.fixture
def works(tmp_path: Path) -> Wanted:
    """A package without a record yet."""
    (tmp_path / "packages").mkdir()
    return Wanted("works", "wheel-works", tmp_path / "packages" / "works.json")
