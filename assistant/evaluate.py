"""Measuring answers against gold: accuracy by kind, abstention, calibration, citation soundness, determinism, latency.

Reads JSON lines in either of two forms: the shared real questions (``expect_all``, ``expect_any``, ``forbid``) and our own
golden ones (``names_all``, ``text_all``, ``polarity``). A string of gold is a lower bound: read failures by hand.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.types import Answer, AssistantError

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

_NEGATIVE = re.compile(r"\b(no|not|cannot|can't|doesn't|don't|isn't|aren't|won't|never|without|unsupported)\b")
_DECLINED = re.compile(
    r"could not find|couldn't find|do not know|don't know|cannot answer|can't answer|no information"
    r"|outside (my|the) scope|not covered"
)
CONFIDENT = 0.9  # confidence from which on an answer promises to be right
TWICE = 10  # one question in so many is asked twice
_NAME_KINDS = {"list", "recommend", "multi-constraint", "followup", "temporal", "howmany-superlative"}


class EvaluationError(AssistantError):
    """A file of questions that cannot be read; the message names the file and line."""


@dataclass(frozen=True, slots=True)
class Result:
    """One question with its answer and whether it passed."""

    item: dict[str, Any]
    answer: Answer
    passed: bool
    seconds: float = 0.0
    again: bool | None = None  # whether a second answer was the same, byte for byte; None where it was asked once

    @property
    def unanswerable(self) -> bool:
        """Whether the gold is an abstention."""
        return bool(self.item.get("abstain") or self.item.get("abstained"))

    @property
    def sure(self) -> bool:
        """Answered, and with confidence."""
        return not self.answer.abstained and self.answer.confidence >= CONFIDENT


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence is at least ``low`` and under ``high``: how many, how many of them right, what they promised."""

    low: float
    high: float
    asked: int
    passed: int
    promised: float


@dataclass
class Report:
    """Results by file and kind."""

    results: list[Result] = field(default_factory=list)

    @property
    def passed(self) -> int:
        return sum(r.passed for r in self.results)

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """kind -> (passed, asked)."""
        asked: Counter[str] = Counter(str(r.item.get("kind")) for r in self.results)
        good: Counter[str] = Counter(str(r.item.get("kind")) for r in self.results if r.passed)
        return {k: (good[k], asked[k]) for k in sorted(asked)}

    def rows(self) -> list[tuple[str, int, int, float]]:
        """(kind, passed, asked, share) with a total last."""
        made = [(k, p, n, p / n) for k, (p, n) in self.by_kind().items()]
        total = len(self.results)
        return [*made, ("all", self.passed, total, self.passed / total if total else 0.0)]

    def unsound(self) -> list[Result]:
        """Answers with a citation mark that has no source, or a sentence of facts that has no citation."""
        return [r for r in self.results if not sound(r.answer)]


    # ------------------------------------------------------------ how far it can be trusted

    def wrong_and_confident(self) -> list[Result]:
        return [r for r in self.results if r.sure and not r.passed]

    def abstention(self) -> tuple[int, int, int]:
        """(declined and unanswerable, declined, unanswerable): precision is the first by the second, recall by the third."""
        declined = [r for r in self.results if r.answer.abstained]
        return sum(r.unanswerable for r in declined), len(declined), sum(r.unanswerable for r in self.results)

    def calibration(self) -> list[Bin]:
        """What confidence meant: the answers given, by tenths of it; empty tenths are left out."""
        given = [r for r in self.results if not r.answer.abstained]
        found = []
        for n in range(10):
            held = [r for r in given if min(9, int(10 * r.answer.confidence)) == n]
            if held:
                promised = sum(r.answer.confidence for r in held) / len(held)
                found.append(Bin(n / 10, (n + 1) / 10, len(held), sum(r.passed for r in held), promised))
        return found

    def unstable(self) -> tuple[list[Result], int]:
        """Those that were answered otherwise when asked again, and how many were asked again."""
        twice = [r for r in self.results if r.again is not None]
        return [r for r in twice if not r.again], len(twice)

    def latency(self, percent: float) -> float:
        """Seconds within which so many percent of the questions were answered; 0 where none was asked."""
        took = sorted(r.seconds for r in self.results)
        return took[min(len(took) - 1, int(len(took) * percent / 100))] if took else 0.0


def run(files: Iterable[Path], assistant: Assistant) -> Report:
    """Ask every question of the files, every tenth of them twice. Raises EvaluationError for a line that is not a question."""
    report = Report()
    for path in files:
        for n, item in enumerate(read(path)):
            history = history_of(item)
            start = time.perf_counter()
            answer = assistant.answer(item["question"], history=history)
            took = time.perf_counter() - start
            again = assistant.answer(item["question"], history=history).to_dict() == answer.to_dict() if n % TWICE == 0 else None
            report.results.append(Result(item, answer, passes(item, answer), took, again))
    return report


def history_of(item: dict[str, Any]) -> list[Any]:
    """The turns before the question of an item, oldest first."""
    return list(item.get("context") or item.get("history") or [])


def read(path: Path) -> list[dict[str, Any]]:
    """The items of a file of JSON lines."""
    items = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}; give a file of JSON lines in UTF-8") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                item = json.loads(line)
            except json.JSONDecodeError as error:
                raise EvaluationError(f"{path}, line {number} is not JSON: {error}") from error
            if not isinstance(item, dict) or "question" not in item:
                raise EvaluationError(f"{path}, line {number} has no 'question'")
            items.append(item)
    return items


def passes(item: dict[str, Any], answer: Answer) -> bool:
    """Whether an answer meets the gold of an item of either form."""
    if "expect_all" in item:
        return _passes_shared(item, answer)
    return _passes_own(item, answer)


def sound(answer: Answer) -> bool:
    """Every mark has a source, and every sentence that rests on facts is cited by a source that states one of them."""
    numbers = {c.number: set(c.facts) for c in answer.citations}
    marks = {int(n) for n in re.findall(r"(?<!\\)\[(\d+)\]", answer.text)}
    if not marks <= set(numbers):
        return False
    return all(s.cites and all(numbers[n] & set(s.facts) for n in s.cites) for s in answer.sentences if s.facts)


# ---------------------------------------------------------------- the shared form (its own scorer's rules)


def norm(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").casefold()


def hit(alternative: str, text: str) -> bool:
    """From a word start; alternatives of three letters or fewer end at a word end too."""
    alternative, text = norm(alternative), norm(text)
    pattern = re.escape(alternative)
    if alternative[:1].isalnum():
        pattern = r"(?<![^\W_])" + pattern
    if len(alternative) <= 3 and alternative[-1:].isalnum():
        pattern += r"s?(?![^\W_])"
    return re.search(pattern, text) is not None


def _alternatives(x: Any) -> list[str]:
    return list(x) if isinstance(x, list) else [str(x)]


def polarity(text: str) -> str:
    """'yes' or 'no' by the first sentence."""
    folded = norm(text).strip()
    first = re.split(r"(?<=[.!?])\s", folded)[0]
    if re.match(r"(yes|yep|correct)\b", folded):
        return "yes"
    return "no" if re.match(r"no\b", folded) or _NEGATIVE.search(first) else "yes"


def _passes_shared(item: dict[str, Any], answer: Answer) -> bool:
    names = answer.names or [v for row in answer.rows for v in row.values()]
    rows = [str(n) for n in names]
    text, abstained = answer.text, answer.abstained
    full = text + " \n" + " \n".join(rows)
    if item["abstain"]:
        good = any(hit(a, text) for a in item["expect_any"])
        return abstained or (good and not any(hit(f, full) for f in item["forbid"]))
    if abstained or (len(text) < 400 and _DECLINED.search(norm(text))):
        return "abstain" in item["note"]
    wanted = re.search(r"polarity=(yes|no)\b", item["note"])
    if wanted and item["kind"] == "yesno" and polarity(text) != wanted.group(1):
        return False
    if _forbidden(item, full, rows):
        return False
    every = all(any(hit(a, full) for a in _alternatives(g)) for g in item["expect_all"])
    return every and (not item["expect_any"] or any(hit(a, full) for a in item["expect_any"]))


def _forbidden(item: dict[str, Any], full: str, rows: list[str]) -> bool:
    if "[exclusive]" in item["note"]:
        good = min(_position(a, full) for g in item["expect_all"] for a in _alternatives(g))
        return any(_position(f, full) < good for f in item["forbid"])
    if rows and item["kind"] in _NAME_KINDS:
        return any(hit(f, "\n".join(rows)) for f in item["forbid"])
    if item["kind"] in ("recommend", "followup"):
        return False
    return any(hit(f, full) for f in item["forbid"])


def _position(alternative: str, full: str) -> int:
    found = re.search(r"(?<![^\W_])" + re.escape(norm(alternative)), norm(full))
    return found.start() if found else len(full)


# ---------------------------------------------------------------- our own form


def _passes_own(item: dict[str, Any], answer: Answer) -> bool:
    names = set(answer.names)
    declined = answer.abstained or answer.kind == "clarification"  # who asks back claims nothing
    checks = [
        set(item.get("names_all") or ()) <= names,
        not set(item.get("names_none") or ()) & names,
        all(any(hit(a, answer.text) for a in _alternatives(g)) for g in item.get("text_all") or ()),
        not any(hit(a, answer.text) for a in item.get("text_none") or ()),
        item.get("abstained") is None or item["abstained"] == declined,
    ]
    if item.get("polarity"):
        opening = norm(answer.text).replace("*", "")
        checks.append(opening.startswith(str(item["polarity"])))
    return all(checks)
