"""What readers say of answers: a verdict and a reason, kept in one SQLite file of this machine. Nothing of it is sent anywhere.

A connection is opened for each step, so that any thread may take it and the file may be read, moved or deleted at any time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.settings import setting

UP, DOWN = VERDICTS = ("up", "down")
LONGEST = 1000  # characters of a reason
_TABLE = (
    "CREATE TABLE IF NOT EXISTS feedback (id INTEGER PRIMARY KEY, day TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, "
    "question TEXT NOT NULL, understood TEXT NOT NULL, answer TEXT NOT NULL, kind TEXT NOT NULL, version TEXT NOT NULL, "
    "link TEXT NOT NULL)"
)


class FeedbackError(Exception):
    """The file cannot be read or written; the message names it and why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said of one answer: up or down, why, on which day; the answer, the graph's version, and the link that opens it."""

    verdict: str
    question: str
    understood: str
    answer: str
    kind: str
    version: str
    link: str
    reason: str = ""
    day: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-able data."""
        return asdict(self)


def default_file() -> Path:
    """Where feedback is kept: beside the user's other data, not in a cache that is emptied (not created here)."""
    chosen = setting("FRAMEGRAPH_FEEDBACK")
    if chosen:
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA") or "~/.local/share"
    return Path(base).expanduser() / "framegraph" / "feedback.sqlite"


class Feedback:
    """The verdicts in one file, which is made with the first of them."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or default_file()

    def add(self, said: Verdict) -> int:
        """Keep a verdict; returns its number. Raises FeedbackError."""
        kept = {**said.to_dict(), "reason": said.reason[:LONGEST], "day": said.day or datetime.now(UTC).date().isoformat()}
        names = ", ".join(kept)
        marks = ", ".join(f":{name}" for name in kept)
        with self._opened() as db:
            return int(db.execute(f"INSERT INTO feedback ({names}) VALUES ({marks})", kept).lastrowid or 0)

    def change(self, number: int, verdict: str, reason: str) -> None:
        """Put another verdict and reason in the place of those that were given. Raises FeedbackError."""
        with self._opened() as db:
            db.execute("UPDATE feedback SET verdict = ?, reason = ? WHERE id = ?", (verdict, reason[:LONGEST], number))

    def read(self) -> list[Verdict]:
        """All verdicts, oldest first; none where there is no file yet. Raises FeedbackError."""
        if not self.file.exists():
            return []
        names = ", ".join(Verdict.__dataclass_fields__)
        with self._opened() as db:
            return [Verdict(*row) for row in db.execute(f"SELECT {names} FROM feedback ORDER BY id")]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.file, timeout=5)) as db, db:
                db.execute(_TABLE)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise FeedbackError(f"feedback cannot be kept in {self.file}: {error}") from error
