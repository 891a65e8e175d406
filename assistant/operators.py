"""One pass over the words of an ask for its operators: negation, or, comparison, superlative, top n.

Operators keep the tokens they stand on, so that those words count as explained and scopes can be read from positions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal as Choice

from assistant.types import Token
from assistant.words import COMPARATIVES, COUNT_WORDS, DIMENSIONS, MOST, NEGATIONS, ORDINALS

OpKind = Choice["not", "or", "and", "but", "compare", "order", "exclude"]
_YEAR = re.compile(r"^(1[0-9]|20)\d\d$")
_ORDINALS = {w: n for n, w in enumerate(ORDINALS, 1)}
_NUMBER = re.compile(r"^\d+(\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Op:
    """An operator on tokens first..last-1.

    compare: ``sign`` and ``value`` (a year or number; '' means the entity mentioned next); ``hints`` are words of the
    properties it may speak of, ``adjective`` the word itself. order: ``sign`` is '<' for the low end, '>' for the high one;
    ``limit`` how many.
    """

    kind: OpKind
    first: int
    last: int
    sign: str = ""
    value: str = ""
    hints: tuple[str, ...] = ()
    adjective: str = ""
    limit: int | None = None
    offset: int = 0


def scan(tokens: tuple[Token, ...]) -> tuple[Op, ...]:
    """The operators of an ask, in order. Longer patterns win."""
    words = [t.norm for t in tokens]
    found: list[Op] = []
    i = 0
    while i < len(words):
        op = _phrase(words, i) or _comparison(words, i) or _superlative(words, i) or _plain(words, i)
        if op:
            found.append(op)
            i = op.last
        else:
            i += 1
    return tuple(found)


def _phrase(words: list[str], i: int) -> Op | None:
    two = words[i : i + 2]
    if two in (["other", "than"], ["apart", "from"], ["aside", "from"], ["besides"], ["except", "for"]):
        return Op("exclude", i, i + len(two))
    if two in (["rather", "than"], ["instead", "of"]):
        return Op("exclude", i, i + 2)
    return Op("exclude", i, i + 1) if words[i] in ("besides", "except", "excluding") else None


_BEFORE = {"before": "<", "until": "<=", "till": "<=", "after": ">", "since": ">=", "from": ">=", "in": "=", "by": "<="}
DATED = frozenset(
    "released made created born started founded published appear appeared came come out older younger newer built written".split()
)
_MORE = {
    ("more", "than"): ">", ("greater", "than"): ">", ("higher", "than"): ">", ("over",): ">", ("above",): ">", ("at", "least"): ">=",
    ("less", "than"): "<", ("fewer", "than"): "<", ("lower", "than"): "<", ("under",): "<", ("below",): "<", ("at", "most"): "<=",
}  # fmt: skip


def _comparison(words: list[str], i: int) -> Op | None:
    nxt = words[i + 1] if i + 1 < len(words) else ""
    if words[i] == "between" and len(words) > i + 3 and words[i + 2] == "and" and _is_value(words[i + 1]) and _is_value(words[i + 3]):
        return Op("compare", i, i + 4, "between", f"{words[i + 1]} {words[i + 3]}")
    dated = set(words[max(0, i - 4) : i]) & DATED or words[0] in ("which", "list", "what", "how")
    if words[i] in _BEFORE and _YEAR.match(nxt) and (words[i] != "in" or dated):
        return Op("compare", i, i + 2, _BEFORE[words[i]], nxt)
    if words[i] in ("before", "after") and nxt and i and words[i - 1] in DATED:
        return Op("compare", i, i + 1, _BEFORE[words[i]], "", ("date", "year", "released", "made", "born", "start"))
    for pattern, sign in _MORE.items():
        end = i + len(pattern)
        if tuple(words[i:end]) == pattern and end < len(words) and (_NUMBER.match(words[end]) or words[end] in COUNT_WORDS):
            return Op("compare", i, end + 1, sign, str(COUNT_WORDS.get(words[end], words[end])))
    if words[i] in COMPARATIVES and nxt == "than":
        hints, high = DIMENSIONS[COMPARATIVES[words[i]]]
        value = words[i + 2] if i + 2 < len(words) and _is_value(words[i + 2]) else ""
        return Op("compare", i, i + (3 if value else 2), ">" if high else "<", value, hints, words[i])
    return None


def _is_value(word: str) -> bool:
    return bool(_NUMBER.match(word))


def _superlative(words: list[str], i: int) -> Op | None:
    limit: int | None = None
    start, offset = i, 0
    if words[i] in ("top", "first", "last") and i + 1 < len(words) and _count(words[i + 1]):
        limit, i = _count(words[i + 1]), i + 2
    elif words[i] in _ORDINALS and i + 1 < len(words) and words[i + 1] in (*DIMENSIONS, "most", "least"):
        offset, limit, i = _ORDINALS[words[i]] - 1, 1, i + 1
    elif _to(words, i):
        (offset, limit), i = _to(words, i) or (0, 0), i + 3
    elif _count(words[i]) and i + 1 < len(words) and (words[i + 1] in DIMENSIONS or words[i + 1] in ("most", "least")):
        limit, i = _count(words[i]), i + 1
    if i >= len(words):
        return None
    word, nxt = words[i], words[i + 1] if i + 1 < len(words) else ""
    if word == "first" and (nxt in DATED or nxt.endswith("ed") or nxt == "sold"):
        return None  # 'first released' is a property's own word
    if word in DIMENSIONS:
        hints, high = DIMENSIONS[word]
        after = _count(nxt) if limit is None and nxt else None  # 'the oldest three'
        return Op("order", start, i + (2 if after else 1), ">" if high else "<", "", hints, word, limit or after, offset)
    if word in ("most", "least") and nxt in MOST:
        return Op("order", start, i + 2, ">" if word == "most" else "<", "", MOST[nxt], f"{word} {nxt}", limit, offset)
    if word in ("most", "fewest", "least") and nxt:
        return Op("order", start, i + 1, ">" if word == "most" else "<", "", ("number",), word, limit, offset)
    if word in COMPARATIVES and nxt != "than":
        hints, high = DIMENSIONS[COMPARATIVES[word]]
        return Op("order", start, i + 1, ">" if high else "<", "", hints, word, limit, offset)
    return None


def _to(words: list[str], i: int) -> tuple[int, int] | None:
    """'third to fifth longest': (2, 3), how many are left out and how many are wanted."""
    if len(words) > i + 3 and words[i + 1] in ("to", "and", "through") and words[i + 3] in DIMENSIONS:
        first, last = _ORDINALS.get(words[i]), _ORDINALS.get(words[i + 2])
        if first and last and last > first:
            return first - 1, last - first + 1
    return None


def _count(word: str) -> int | None:
    if word in COUNT_WORDS:
        return COUNT_WORDS[word]
    return int(word) if word.isdigit() and 0 < int(word) <= 50 else None


def _plain(words: list[str], i: int) -> Op | None:
    word = words[i]
    if word in NEGATIONS:
        return Op("not", i, i + 1)
    if word in ("or", "nor"):
        return Op("or", i, i + 1)
    if word in ("and", "plus"):
        return Op("and", i, i + 1)
    if word in ("but", "however", "though"):
        return Op("but", i, i + 1)
    return None
