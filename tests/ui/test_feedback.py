"""What readers say is kept in one file of this machine, and read back as it was said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ui.feedback import LONGEST, Feedback, FeedbackError, Verdict, default_file

SAID = Verdict(
    "down", 'Who is "Rose"; DROP TABLE feedback?', "the rose", "A plant [1].", "fact", "abc", "/?talk=x", "a person", "2026-11-21"
)


def test_verdicts_are_read_as_they_were_given(tmp_path: Path) -> None:
    """Oldest first, from a file that is made with the first of them, folder and all; text is text."""
    kept = Feedback(tmp_path / "new" / "feedback.sqlite")
    assert kept.read() == []
    assert not kept.file.exists()
    assert [kept.add(SAID), kept.add(replace(SAID, verdict="up", reason=""))] == [1, 2]
    assert Feedback(kept.file).read() == [SAID, replace(SAID, verdict="up", reason="")]


def test_a_verdict_is_changed_in_its_place(tmp_path: Path) -> None:
    """A second thought is no second verdict; a reason has an end."""
    kept = Feedback(tmp_path / "feedback.sqlite")
    kept.add(SAID)
    number = kept.add(SAID)
    kept.change(number, "up", "x" * (LONGEST + 1))
    assert [(v.verdict, len(v.reason)) for v in kept.read()] == [("down", 8), ("up", LONGEST)]


def test_the_day_is_noted(tmp_path: Path) -> None:
    """Where none is given, as a date."""
    kept = Feedback(tmp_path / "feedback.sqlite")
    kept.add(replace(SAID, day=""))
    (said,) = kept.read()
    assert [len(part) for part in said.day.split("-")] == [4, 2, 2]


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Whether it is no database, or no folder can be made for it."""
    broken = tmp_path / "text"
    broken.write_text("this is no database, but long enough to be looked at as one", encoding="utf-8")
    for file in (broken, broken / "feedback.sqlite"):
        with pytest.raises(FeedbackError, match=str(file)):
            Feedback(file).add(SAID)


def test_where_it_is_kept_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By a setting, else in the user's data folder."""
    monkeypatch.setenv("FRAMEGRAPH_FEEDBACK", str(tmp_path / "said.sqlite"))
    assert default_file() == tmp_path / "said.sqlite"
    monkeypatch.delenv("FRAMEGRAPH_FEEDBACK")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_file() == tmp_path / "framegraph" / "feedback.sqlite"
