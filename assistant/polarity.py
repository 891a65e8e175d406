"""Yes or no from words: what the words of a remark answer to a yes/no question, and which such questions turn alike."""

from __future__ import annotations

import json
import re
from functools import cache
from math import exp
from pathlib import Path

from assistant.detect import tokenize
from assistant.words import AUXILIARIES, COMPARATIVES, COUNT_WORDS, LIGHT, MOST, NEGATIONS, STOP

SURE = 0.66  # how likely yes or no must be to be said
SURER = 0.85  # the same against what the data says that the remark answers
CLAUSE_SHARE = 0.5  # of the question's words that a clause of a remark must use to settle it
MODEL = Path(__file__).with_name("polarity.json")  # weights by feature, made by `make fit`
_CLAUSE = re.compile(r"[;:.]\s|,\s|\sbut\s|\salthough\s|\sthough\s")
_HAVE_TO = re.compile(r"\b(have|has|had) (i|we|you|one|they) to\b|\b(have|has|had) to\b", re.I)
_BUILT = re.compile(
    r"\b(built in|built into|includes?|comes? with|ships?|brings?|has|have|contains?|provides?|supports?|offers?|can|own"
    r"|by itself|by default)\b"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DENYING = _set("no not never cannot without neither nor none nothing lacks lack")
_ONLY = _set("only solely exclusively just")
_OPEN = _set("any other others also either alone standalone plain without several independent beyond outside every")
_BINDING = _set("tie ties tied bind binds bound force forces dictate dictates restrict limit limited prescribe")
_NEED = _set("need needs needed require requires required dependent depend depends necessary obliged must mandatory") | _BINDING
_NONE = _set("no not without none nothing optional never neither own any freedom nor")
_ENOUGH = _set("enough suffice suffices sufficient")
_ALL = _set("all every each always everything any must mandatory")
_TURNS = (_ONLY, _NEED, _ENOUGH, _set("all every always everything"))  # words on which a yes/no question turns
_CUES = {"need": _NEED, "only": _ONLY, "all": _ALL, "open": _OPEN, "without": _set("without"), "enough": _ENOUGH}
_OTHERS = _set(
    """still yet already even too also both either many several few most always never sometimes rather instead separately extra
    additional own free freely fixed alone itself myself yourself automatically default directly easily hard harder difficult
    impossible possible able unable right wrong true false optional experimental deprecated stable old new newer recent longer
    anymore once ever except beyond besides same different again little much more less than fewer least"""
)
_CLOSED = frozenset().union(
    STOP, LIGHT, AUXILIARIES, NEGATIONS, COMPARATIVES, MOST, COUNT_WORDS, _NEED, _ONLY, _ALL, _OPEN, _NONE, _DENYING, _ENOUGH, _OTHERS
)  # words of English at large, so that what was learned of one domain holds in others


def polarity(question: str, said: str, holds: bool | None, contested: bool = False) -> bool | None:
    """Whether a remark's words answer a yes/no question by yes or by no; None where that is not likely enough.

    Question and remark name their thing 'it'. ``holds`` answers the remark's own yes/no question, and decides where the words
    do not. A claim that another statement contests is not affirmed.
    """
    yes = likelihood(question, said, holds)
    told = yes > 0.5 if max(yes, 1 - yes) >= (SURE if holds is None else SURER) else holds
    return None if told and contested else told


def likelihood(question: str, said: str, holds: bool | None) -> float:
    """How likely a remark answers a question by yes, 0 to 1: logistic regression (Cox 1958) on the features below."""
    weights = _weights()
    return 1 / (1 + exp(-sum(weights.get(name, 0.0) * value for name, value in features(question, said, holds).items())))


def features(question: str, said: str, holds: bool | None) -> dict[str, float]:
    """What tells yes from no: denials and words of need, limit and measure on either side, each with each, and shared words."""
    asked, told = _words(question), _words(said)
    tokens = tokenize(question)
    stems = {t.stem for t in tokens}
    shared = len(stems & {t.stem for t in tokenize(said)}) / max(1, len(stems))
    flags = {
        "denies": bool(told & _DENYING), "none": bool(told & _NONE), "holds": holds, "clause": _by_clause(question, said),
        "open": bool(told & _OPEN), "built": bool(_BUILT.search(said)),
    }  # fmt: skip
    of_remark = [f"{name} {value}" for name, value in flags.items()]
    of_question = [f"denied {denials(question) % 2}", f"first {tokens[0].norm if tokens else ''}"]
    of_question += [name for name, cues in _CUES.items() if asked & cues]
    found = {"bias": 1.0, "shared": shared}
    for told_so in of_remark:
        found |= {told_so: 1.0, f"{told_so}, shared": shared}
    for asked_so in of_question:
        found |= {asked_so: 1.0, **{f"{asked_so}, {told_so}": 1.0 for told_so in of_remark}}
    for word in asked & _CLOSED:
        found |= {f"asked {word}": 1.0, f"asked {word}, {of_remark[0]}": 1.0, f"asked {word}, {of_remark[2]}": 1.0}
    return found | {f"told {word}": 1.0 for word in told & _CLOSED}


def turn_alike(one: str, other: str) -> bool:
    """Whether two near yes/no questions can have the same answer: alike in what they deny, and in the words they turn on.

    A wording that denies what the other asserts is not the same question, nor one that asks whether a thing is needed, the
    only one or enough where the other asks whether it is there, nor one that speaks of another number; near as their vectors are.
    """
    a, b = _words(one), _words(other)
    same = all(bool(a & turning) == bool(b & turning) for turning in _TURNS)
    return same and _figures(one) == _figures(other) and denials(one) % 2 == denials(other) % 2


@cache
def _weights() -> dict[str, float]:
    loaded: dict[str, float] = json.loads(MODEL.read_text(encoding="utf-8"))
    return loaded


def _by_clause(question: str, said: str) -> bool | None:
    """Whether the clause that shares most words with the question asserts or denies; None where none shares enough."""
    asked = {t.stem for t in tokenize(question) if t.norm not in STOP and t.norm not in NEGATIONS}
    if not asked:
        return None
    shares = [(len(asked & {t.stem for t in tokenize(c)}) / len(asked), c) for c in _CLAUSE.split(said)]
    share, clause = max(shares, key=lambda s: s[0])
    if share < CLAUSE_SHARE:
        return None
    denied = bool(_words(clause) & _DENYING)
    return not denied if not (_words(question) & _DENYING) else denied


def _figures(question: str) -> set[str]:
    return {t.norm for t in tokenize(question) if t.norm[0].isdigit()}


def denials(question: str) -> int:
    """How many of a question's words deny, but for an opening 'isn't' or 'doesn't', which only asks."""
    words = [t.norm for t in tokenize(question)]
    return sum(w in NEGATIONS for i, w in enumerate(words) if not (w == "not" and i < 2))


def _words(text: str) -> set[str]:
    found = {w.strip(".,;:?!()'\"") for w in text.lower().split()}
    return found | {"need"} if _HAVE_TO.search(text) else found
