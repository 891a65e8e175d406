"""Follow-ups: the previous question's query graph is edited, and its answer seen; no text is rewritten.

A pronoun or an omitted subject becomes the thing spoken of, a plural the things of the last answer, 'the second one' one of them.
What else a follow-up may do to the last question stands in ``edits``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from itertools import pairwise
from typing import Any

from assistant.edits import ordinal
from assistant.frames import Candidate
from assistant.scan import Scan
from assistant.types import HistoryError, Link, Mention, Var
from assistant.words import AUXILIARIES
from graph.types import Iri, Literal

DEPTH = 8  # turns of history that are read
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
    """What the conversation leaves: the things last asked about and answered, the last reading, the last two things spoken of.

    ``before`` is how it stood before the last reading, for 'undo that'.
    """

    asked: tuple[Iri, ...] = ()
    answered: tuple[Iri, ...] = ()
    candidate: Candidate | None = None
    scan: Scan | None = None
    recent: tuple[Iri, ...] = ()
    before: State | None = None

    @property
    def topic(self) -> Iri | None:
        """What 'it' means: the single thing asked about, else the single thing answered, else the one named in the question."""
        if len(self.asked) == 1:
            return self.asked[0]
        if len(self.answered) == 1:
            return self.answered[0]
        if self.asked:
            return self.asked[0]
        wanted = self.wanted
        return wanted[0] if len(wanted) == 1 else None

    @property
    def wanted(self) -> tuple[Iri, ...]:
        """The things that the conditions of the last question name."""
        constraints = getattr(self.candidate.frame, "constraints", ()) if self.candidate else ()
        return tuple(dict.fromkeys(c.wanted.iri for c in constraints if c.wanted and c.wanted.kind == "entity"))

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
    own = [(i, link) for i, link in scan.links("entity") if link.score >= 0.7 and central(link.iri)]
    if any(w in (_SINGULAR | _PLURAL) for w in words) and not own:
        return True
    if opens_with_it(words) and scan.first_token(own[0][0]) > 1:
        return True
    if swaps(scan) or words[0] in ("no", "but", "without", "only", "and") or wants_more(scan):
        return True
    whole = bool(scan.links("class")) and (scan.cues.listing or scan.cues.count or scan.cues.recommend)
    about_other = scan.cues.define and any(link.score >= 0.7 for _, link in scan.links("entity"))
    return not own and not whole and not about_other


def opens_with_it(words: list[str]) -> bool:
    """'is it older than X?': the pronoun stands before any name, so that it means what was said before."""
    return len(words) > 3 and words[0] in AUXILIARIES and words[1] in _SINGULAR | {"they", "these", "those"}


def swaps(scan: Scan) -> bool:
    """Whether an ask opens as one that puts another thing in the place of the last."""
    words = tuple(t.norm for t in scan.tokens)
    return any(words[: len(lead)] == lead for lead in _SWAP) and len(words) <= 6


def wants_more(scan: Scan) -> bool:
    """Whether an ask wants others than those told."""
    words = [t.norm for t in scan.tokens]
    wanted = any(w in _MORE and nxt not in ("than", "way", "direction") for w, nxt in zip(words, [*words[1:], ""], strict=True))
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


def pick(scan: Scan, state: State, label: Callable[[Iri], str]) -> tuple[Scan, State] | None:
    """'the second one', 'the latter': the ask and the state with that thing of the last turn as what is spoken of; None for none."""
    group = state.asked if len(state.asked) > 1 else state.answered
    found = ordinal([t.norm for t in scan.tokens], len(group)) if len(group) > 1 else None
    if found is None:
        return None
    place, first, last = found
    thing, start, end = group[place], scan.tokens[first].start, scan.tokens[last].end
    mention = Mention(start, end, (Link(thing, label(thing), "entity", 0.95, "from the conversation"),))
    kept = [m for m in scan.mentions if m.end <= start or end <= m.start]
    ops = tuple(o for o in scan.ops if o.last <= first or last < o.first)
    spoken = tuple(sorted((*kept, mention), key=lambda m: m.start))
    return replace(scan, mentions=spoken, ops=ops, context=(thing,)), replace(state, asked=(thing,))


def is_plural(scan: Scan) -> bool:
    words = [t.norm for t in scan.tokens]
    pairs = list(pairwise(words))
    return bool(_PLURAL & set(words)) or ("which", "one") in pairs or ("which", "is") in pairs or ("the", "two") in pairs


def swap(value: Any, old: Iri | Var, new: Iri | Var, was: str = "", now: str = "") -> Any:
    """A frame, graph or candidate with one IRI put in the place of another, or of a variable; in its words, ``was`` becomes ``now``."""
    if value == old:
        return new
    if was and isinstance(value, str):
        return re.sub(rf"(?<!\w){re.escape(was)}(?!\w)", now.replace("\\", ""), value)
    if isinstance(value, tuple):
        return tuple(swap(v, old, new, was, now) for v in value)
    if is_dataclass(value) and not isinstance(value, (type, Iri, Var, Literal, Scan)):
        changed = {f.name: swap(getattr(value, f.name), old, new, was, now) for f in fields(value) if f.init}
        return replace(value, **changed)
    return value


def rename(value: Any, end: str, kept: Var) -> Any:
    """The same with every variable but one under a name of its own, so that conditions of two questions do not meet by chance."""
    if isinstance(value, Var):
        return value if value == kept else Var(value.name + end)
    if isinstance(value, tuple):
        return tuple(rename(v, end, kept) for v in value)
    if is_dataclass(value) and not isinstance(value, (type, Iri, Literal)):
        changed = {f.name: rename(getattr(value, f.name), end, kept) for f in fields(value) if f.init}
        if changed.get("by"):
            changed["by"] += end
        return replace(value, **changed)
    return value
