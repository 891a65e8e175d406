"""Yes or no from words: what the words of a remark answer to a yes/no question, and which such questions turn alike."""

from __future__ import annotations

import re

from assistant.detect import tokenize
from assistant.wording import PLAIN, Wording
from assistant.words import NEGATIONS

CLAUSE_SHARE = 0.5  # of the question's words that a clause of a remark must use to settle it
_CLAUSE = re.compile(r"[;:.]\s|,\s|\sbut\s|\salthough\s|\sthough\s")
_SOME = re.compile(r"\b(not (every|all|always|each|any)|need not|no longer|nobody has to|does not have to|some|several but not)\b", re.I)
_DENIES = re.compile(r"^(\S+ ){1,4}?(has|have|is|are|does|do|can|ships?|brings?|comes?) (no|not|neither)\b|^(\S+ ){1,4}?(cannot|lacks?)\b")
_HAVE_TO = re.compile(r"\b(have|has|had) (i|we|you|one|they) to\b|\b(have|has|had) to\b", re.I)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DENYING = _set("no not never cannot without neither nor none nothing lacks lack")
_ALL = _set("all every each always everything any")
_MUST = _set("must mandatory")
_ONLY = _set("only solely exclusively just")
_OPEN = _set("any other others also either alone standalone plain without several independent beyond outside every")
_BINDING = _set("tie ties tied bind binds bound force forces dictate dictates restrict limit limited prescribe")
_NEED = _set("need needs needed require requires required dependent depend depends necessary obliged") | _MUST | _BINDING
_NONE = _set("no not without none nothing optional never neither own any freedom nor")
_ENOUGH = _set("enough suffice suffices sufficient")
_TURNS = (_ONLY, _NEED, _ENOUGH, _set("all every always everything"))  # words on which a yes/no question turns


def polarity(question: str, said: str, holds: bool | None, contested: bool = False, wording: Wording = PLAIN) -> bool | None:
    """Whether a remark's words answer a yes/no question by yes or by no; None where that cannot be told.

    ``holds`` answers the remark's own yes/no question. A question that asks whether something is needed, or is the only
    way, turns on other words of the remark. Without ``holds`` the clause of the remark that shares most words with the
    question decides, if it shares half of them: denied there is no. A claim that another statement contests is not
    affirmed.
    """
    words = _words(question)
    text = _words(said)
    if words & (_ALL | _MUST) and _SOME.search(said):
        return False
    if words & _ONLY:
        return False if text & _OPEN or " ".join(said.lower().split()).find("not only") >= 0 else holds
    if "without" in words and text & _NONE:
        return True
    if words & _NEED:
        return not bool(text & _NONE)
    if holds is None or (holds and _DENIES.search(said)):
        told = _by_clause(question, said, wording)
        return None if told is None else told and not contested
    return holds and not contested


def turn_alike(one: str, other: str) -> bool:
    """Whether two near yes/no questions can have the same answer: alike in what they deny, and in the words they turn on.

    A wording that denies what the other asserts is not the same question, nor one that asks whether a thing is needed, the
    only one or enough where the other asks whether it is there, nor one that speaks of another number; near as their vectors are.
    """
    a, b = _words(one), _words(other)
    same = all(bool(a & turning) == bool(b & turning) for turning in _TURNS)
    return same and _figures(one) == _figures(other) and _denials(one) % 2 == _denials(other) % 2


def _by_clause(question: str, said: str, wording: Wording) -> bool | None:
    asked = {t.stem for t in tokenize(question) if t.norm not in wording.stop and t.norm not in NEGATIONS}
    if not asked:
        return None
    shared = [(len(asked & {t.stem for t in tokenize(c)}) / len(asked), c) for c in _CLAUSE.split(said)]
    share, clause = max(shared, key=lambda s: s[0])
    if share < CLAUSE_SHARE:
        return None
    negated = bool(_words(clause) & _DENYING)
    return not negated if not (_words(question) & _DENYING) else negated


def _figures(question: str) -> set[str]:
    return {t.norm for t in tokenize(question) if t.norm[0].isdigit()}


def _denials(question: str) -> int:
    """How many of a question's words deny, but for an opening 'isn't' or 'doesn't', which only asks."""
    words = [t.norm for t in tokenize(question)]
    return sum(w in NEGATIONS for i, w in enumerate(words) if not (w == "not" and i < 2))


def _words(text: str) -> set[str]:
    found = {w.strip(".,;:?!()'\"") for w in text.lower().split()}
    return found | {"need"} if _HAVE_TO.search(text) else found
