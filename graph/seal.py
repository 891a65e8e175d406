"""Stores on disk by their files: whether a built one is whole, and which version a folder holds."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

STORE_MARK = "CURRENT"  # the file that marks a folder as an on-disk store
SEAL = "SEAL"  # the file of a built store that says how long its others are


def seal(store: Path) -> None:
    """Say in a built store what belongs to it."""
    (store / SEAL).write_text(json.dumps(_sizes(store)), encoding="utf-8")


def is_whole(store: Path) -> bool:
    """Whether a built store is there, with all of its files in their lengths: the engine opens some that were cut short as empty."""
    try:
        told = json.loads((store / SEAL).read_text(encoding="utf-8"))
        return bool(told == _sizes(store)) and (store / STORE_MARK).exists()
    except (OSError, ValueError):
        return False


def version_of(store: Path) -> str:
    """The version of what a store holds: a built one stands in a folder of that name; of another, a hash of its files' names and lengths,
    which change with each write.
    """
    if (store / SEAL).exists():
        return store.parent.name
    return hashlib.sha256(json.dumps(_sizes(store)).encode()).hexdigest()[:12]


def _sizes(store: Path) -> dict[str, int]:
    """The lengths of the files that hold its quads, and of those that name them."""
    held = (p for p in store.iterdir() if p.suffix == ".sst" or p.name.startswith(("MANIFEST", STORE_MARK)))
    return {p.name: p.stat().st_size for p in sorted(held)}
