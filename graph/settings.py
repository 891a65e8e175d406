"""Settings: one table of environment variables, each with its default and what it does."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

from graph.types import SettingError


@dataclass(frozen=True, slots=True)
class Setting:
    """An environment variable: its name, the value used where it is unset or empty, and what it does."""

    name: str
    default: str
    help: str

    @property
    def value(self) -> str:
        return os.environ.get(self.name, "") or self.default


SETTINGS = (
    Setting("FRAMEGRAPH_ANSWER_TIMEOUT", "30", "seconds that the doors for programs wait for one answer"),
    Setting("FRAMEGRAPH_CACHE", "", "folder for built graphs and vectors; default: build/ in a checkout, else the user's cache"),
    Setting("FRAMEGRAPH_CORS", "", "origins whose pages may ask the doors for programs, such as https://app.example, or *; default: none"),
    Setting("FRAMEGRAPH_DATA", "", "folder of data to build instead of the shipped one"),
    Setting("FRAMEGRAPH_ENCODER", "", "folder or name of a sentence-transformers model; default: the installed all-MiniLM-L6-v2"),
    Setting("FRAMEGRAPH_ENDPOINT_TIMEOUT", "30", "seconds that a SPARQL endpoint may take for one query"),
    Setting("FRAMEGRAPH_FEEDBACK", "", "file of what readers say of answers; default: feedback.sqlite in the user's data folder"),
    Setting("FRAMEGRAPH_HOSTS", "", "host names beside this machine's own under which the server may be asked, or *; default: none"),
    Setting("FRAMEGRAPH_INDEX_PAUSE", "2", "seconds between two requests to the package index, when records are refreshed"),
    Setting("FRAMEGRAPH_INDEX_TIMEOUT", "30", "seconds that the package index may take for one answer"),
    Setting("FRAMEGRAPH_LOG", "quiet", "what is noted as lines of JSON: quiet (only what goes wrong), requests, or questions as well"),
    Setting("FRAMEGRAPH_QUERY_ROWS", "10000", "rows or triples that the answer to a stranger's SPARQL query may have"),
    Setting("FRAMEGRAPH_QUERY_TIMEOUT", "10", "seconds that a stranger's SPARQL query may run"),
    Setting("FRAMEGRAPH_RATE", "600", "requests a minute that one client of another machine may make of the doors for programs; 0: any"),
    Setting("FRAMEGRAPH_TOKEN", "", "what everybody must know who asks, but for /health; 16 characters or more; default: nobody is asked"),
    Setting("FRAMEGRAPH_WAITING", "64", "questions of programs that may wait at once; more are told to come back"),
    Setting("FRAMEGRAPH_WORKERS", "2", "processes that run strangers' SPARQL queries"),
)


def setting(name: str) -> str:
    """The value in force. Raises KeyError for a name that is not in the table."""
    found = {s.name: s for s in SETTINGS}
    if name not in found:
        raise KeyError(f"there is no setting {name}; known: {', '.join(found)}")
    return found[name].value


def number(name: str, *, least: float = 0) -> float:
    """The value in force as a number. Raises SettingError for one that is none or too small, KeyError for an unknown name."""
    told = setting(name)
    try:
        value = float(told)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= least):
        raise SettingError(f"{name} is {told!r}; set it to a number of {least:g} or more, or leave it unset")
    return value


def checkout() -> Path | None:
    """The root of the checkout that this package runs from, or None where it is installed."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() and (root / "data").is_dir() else None


def cache_folder() -> Path:
    """Where built graphs are kept (not created here)."""
    chosen = setting("FRAMEGRAPH_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    root = checkout()
    if root is not None:
        return root / "build"
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.cache"
    return Path(base).expanduser() / "framegraph"


def vector_cache() -> Path:
    """Where sentence vectors are kept (not created here)."""
    return cache_folder() / "vectors"
