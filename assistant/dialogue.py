"""Follow-ups: the previous question's query graph is edited, and its answer seen; no text is rewritten.

Four edits: a pronoun or an omitted subject becomes the thing spoken of; a plural becomes the things of the last answer;
'what about X' swaps X in; a new condition is added to the last list or recommendation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from itertools import pairwise
from typing import Any

from assistant.frames import Candidate
from assistant.scan import Scan
from assistant.types import HistoryError, Link, Mention, Var
from graph.types import Iri

DEPTH = 4  # turns of history that are read
_SINGULAR = {"it", "its", "he", "him", "his", "she", "her", "itself", "this", "that"}
_PLURAL = {"they", "them", "their", "those", "these", "ones", "either", "both"}
_SWAP = (("what", "about"), ("how", "about"), ("and",), ("or",))
_MORE = {"more", "other", "others", "another", "else"}


@dataclass(frozen=True)
class Turn:
    """One turn of the history, as given: a question and the choices made in it."""

    question: str
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """What the conversation leaves: the things last asked about and answered, the last reading, the last two things spoken of."""

    asked: tuple[Iri, ...] = ()
    answered: tuple[Iri, ...] = ()
    candidate: Candidate | None = None
    scan: Scan | None = None
    recent: tuple[Iri, ...] = ()

    @property
    def topic(self) -> Iri | None:
        """What 'it' means: the single thing asked about, else the single thing answered."""
        if len(self.asked) == 1:
            return self.asked[0]
        if len(self.answered) == 1:
            return self.answered[0]
        return self.asked[0] if self.asked else None

    @property
    def group(self) -> tuple[Iri, ...]:
        """What 'those' means: the several things asked about or answered."""
        if len(self.asked) > 1:
            return self.asked
        if len(self.answered) > 1:
            return self.answered
        return self.recent if len(self.recent) > 1 else self.asked


def turns(history: Sequence[object]) -> list[Turn]:
    """The last turns of a history of strings or of ``Answer.turn`` dicts, oldest first. Raises HistoryError for anything else."""
    found = []
    for i, item in enumerate(history):
        if isinstance(item, str):
            found.append(Turn(item))
        elif isinstance(item, Mapping) and isinstance(item.get("question"), str):
            choices = item.get("choices") or {}
            if not isinstance(choices, Mapping):
                raise HistoryError(f"turn {i} has choices of type {type(choices).__name__}; give a mapping of spans to IRIs")
            found.append(Turn(item["question"], {str(k): str(v) for k, v in choices.items()}))
        else:
            raise HistoryError(f"turn {i} of the history is {item!r:.80}; give the question as text, or an answer's .turn")
    return found[-DEPTH:]


def is_follow_up(scan: Scan, central: Callable[[Iri], bool]) -> bool:
    """Whether an ask leans on what was said before: no thing of its own, or a pronoun, or a swap.

    ``central`` says which things are of the dataset's own subject: only these can be what a whole ask is about.
    """
    words = [t.norm for t in scan.tokens]
    if not words:
        return False
    own = [link for i, link in scan.links("entity") if link.score >= 0.7 and central(link.iri)]
    if any(w in (_SINGULAR | _PLURAL) for w in words) and not own:
        return True
    if swaps(scan) or words[0] in ("no", "but", "without", "only", "and") or wants_more(scan):
        return True
    whole = bool(scan.links("class")) and (scan.cues.listing or scan.cues.count or scan.cues.recommend)
    about_other = scan.cues.define and any(link.score >= 0.7 for _, link in scan.links("entity"))
    return not own and not whole and not about_other


def swaps(scan: Scan) -> bool:
    words = tuple(t.norm for t in scan.tokens)
    return any(words[: len(lead)] == lead for lead in _SWAP) and len(words) <= 6


def wants_more(scan: Scan) -> bool:
    words = [t.norm for t in scan.tokens]
    wanted = any(w in _MORE and nxt != "than" for w, nxt in zip(words, [*words[1:], ""], strict=True))
    return wanted and not [1 for _ in scan.links("entity")]


def resolve(scan: Scan, state: State, label: str) -> Scan:
    """The ask with the thing spoken of as a mention: on the pronoun, else at its end."""
    topic = state.topic
    if topic is None:
        return scan
    if topic in {n.iri for _, n in scan.links("entity")}:
        return scan
    at = next((t for t in scan.tokens if t.norm in _SINGULAR | {"one"}), None)
    span = (at.start, at.end) if at else (scan.end, scan.end)
    if any(m.start < span[1] and span[0] < m.end for m in scan.mentions):
        span = (scan.end, scan.end)
    mention = Mention(*span, (Link(topic, label, "entity", 0.95, "from the conversation"),))
    return replace(scan, mentions=tuple(sorted((*scan.mentions, mention), key=lambda m: m.start)), context=(topic,))


def _pronoun(scan: Scan) -> bool:
    return any(t.norm in _SINGULAR for t in scan.tokens)


def is_plural(scan: Scan) -> bool:
    words = [t.norm for t in scan.tokens]
    pairs = list(pairwise(words))
    return bool(_PLURAL & set(words)) or ("which", "one") in pairs or ("which", "is") in pairs or ("the", "two") in pairs


def swap(value: Any, old: Iri | Var, new: Iri) -> Any:
    """A frame, graph or candidate with one IRI put in the place of another, or of a variable."""
    if value == old:
        return new
    if isinstance(value, tuple):
        return tuple(swap(v, old, new) for v in value)
    if is_dataclass(value) and not isinstance(value, (type, Iri, Var)):
        changed = {f.name: swap(getattr(value, f.name), old, new) for f in fields(value) if f.init}
        return replace(value, **changed)
    return value
