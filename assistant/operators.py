"""One pass over the words of an ask for its operators: negation, or, comparison, superlative, top n.

Operators keep the tokens they stand on, so that those words count as explained and scopes can be read from positions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal as Choice

from assistant.types import Token
from assistant.words import COMPARATIVES, COUNT_WORDS, DIMENSIONS, MONTHS, MOST, NEGATIONS, ORDINALS, REFUSALS

OpKind = Choice["not", "or", "and", "but", "compare", "order", "exclude"]
_YEAR = re.compile(r"^(1[0-9]|20)\d\d$")
_ORDINALS = {w: n for n, w in enumerate(ORDINALS, 1)}
_NUMBER = re.compile(r"^\d+(\.\d+)?$")
_VERSION = re.compile(r"^\d+(\.\d+)+$")
_SPLIT = 7  # words that may stand between 'more' and its 'than'


@dataclass(frozen=True, slots=True)
class Op:
    """An operator on tokens first..last-1.

    compare: ``sign`` and ``value`` (a year, a month as '2025-03', a number; '' means the entity that starts at token
    ``other``); ``hints`` are words of the properties it may speak of, ``adjective`` the word itself. order: ``sign`` is '<'
    for the low end, '>' for the high one; ``limit`` how many.
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
    other: int = -1


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
    if words[i] in REFUSALS and i and words[i - 1] in _WE:
        return Op("not", i, i + 1)
    if two in (["other", "than"], ["apart", "from"], ["aside", "from"], ["except", "for"]):
        return Op("exclude", i, i + len(two))
    if two in (["rather", "than"], ["instead", "of"]):
        return Op("exclude", i, i + 2)
    return Op("exclude", i, i + 1) if words[i] in ("besides", "except", "excluding") else None


_WE = frozenset("i we they you he she also both".split())  # who refuses for himself: what others hate denies nothing
_BEFORE = {"before": "<", "until": "<=", "till": "<=", "after": ">", "since": ">=", "from": ">=", "in": "=", "by": "<=", "during": "="}
DATED = frozenset(
    """released made created born started founded published appear appeared came come out older younger newer built written opened
    erupted hired began established launched release had""".split()
)
_MORE = {
    ("more", "than"): ">", ("greater", "than"): ">", ("higher", "than"): ">", ("over",): ">", ("above",): ">", ("at", "least"): ">=",
    ("less", "than"): "<", ("fewer", "than"): "<", ("lower", "than"): "<", ("under",): "<", ("below",): "<", ("at", "most"): "<=",
    ("exceeding",): ">",
}  # fmt: skip
_BEYOND = {("or", "more"): ">=", ("or", "later"): ">=", ("or", "newer"): ">=", ("or", "less"): "<=", ("or", "fewer"): "<=",
           ("or", "earlier"): "<=", ("or", "older"): "<=", ("and", "later"): ">=", ("and", "up"): ">="}  # fmt: skip
_MEASURED = {"tall": "tallest", "high": "highest", "long": "longest", "wide": "widest", "deep": "deepest", "heavy": "heaviest"}
_ARTICLES = frozenset("the a an that those in of on".split())


def _comparison(words: list[str], i: int) -> Op | None:
    nxt = words[i + 1] if i + 1 < len(words) else ""
    return _span(words, i) or _date(words, i, nxt) or _amount(words, i) or _than(words, i, nxt)


def _span(words: list[str], i: int) -> Op | None:
    """'between 2019 and 2021', 'in the years 1940 to 1949', 'from 1990 to 1999'."""
    j = i + 1
    while j < len(words) and words[j] in ("the", "years", "year"):
        j += 1
    joined = {"between": ("and",), "in": ("to", "through"), "from": ("to", "through", "until")}.get(words[i], ())
    if len(words) > j + 2 and words[j + 1] in joined and _is_value(words[j]) and _is_value(words[j + 2]):
        return Op("compare", i, j + 3, "between", f"{words[j]} {words[j + 2]}")
    return None


def _date(words: list[str], i: int, nxt: str) -> Op | None:
    """'before 1990', 'in March 2025', '2014 or later', 'before X', 'in the last century'."""
    dated = set(words[max(0, i - 4) : i]) & DATED or words[0] in ("which", "list", "what", "how", "show", "name")
    if words[i] in _BEFORE and nxt in MONTHS and i + 2 < len(words) and _YEAR.match(words[i + 2]):
        return Op("compare", i, i + 3, _BEFORE[words[i]], f"{words[i + 2]}-{MONTHS[nxt]:02d}")
    if words[i] in _BEFORE and _YEAR.match(nxt) and tuple(words[i + 2 : i + 4]) in _BEYOND:
        return Op("compare", i, i + 4, _BEYOND[words[i + 2], words[i + 3]], nxt)
    if words[i] in _BEFORE and _YEAR.match(nxt) and (words[i] != "in" or dated):
        return Op("compare", i, i + 2, _BEFORE[words[i]], nxt)
    if words[i] in ("before", "after") and nxt and i and words[i - 1] in DATED:
        hints = ("date", "year", "released", "made", "born", "start")
        return Op("compare", i, i + 1, _BEFORE[words[i]], "", hints, other=_article(words, i + 1))
    if words[i] in ("last", "previous", "20th", "twentieth") and nxt == "century":
        return Op("compare", i, i + 2, "<", "2000")
    return None


def _amount(words: list[str], i: int) -> Op | None:
    """'more than 33', 'at most three', 'five or more'."""
    for pattern, sign in _MORE.items():
        end = i + len(pattern)
        if tuple(words[i:end]) == pattern and end < len(words) and (_NUMBER.match(words[end]) or words[end] in COUNT_WORDS):
            behind = next((t for t in (end + 1, end + 2) if words[t : t + 1] and words[t] in _MEASURED), 0)
            if behind:  # 'at least 30 m tall'
                hints, number = DIMENSIONS[_MEASURED[words[behind]]][0], str(COUNT_WORDS.get(words[end], words[end]))
                return Op("compare", i, behind + 1, sign, number, hints, words[behind])
            return Op("compare", i, end + 1, sign, str(COUNT_WORDS.get(words[end], words[end])))
        if tuple(words[i:end]) == pattern and end + 1 < len(words) and _VERSION.match(words[end + 1]):  # 'at least X 3.11'
            return Op("compare", i, end + 2, sign, words[end + 1])
    number = str(COUNT_WORDS.get(words[i], words[i]))
    if (_is_value(number) or _VERSION.match(number)) and tuple(words[i + 1 : i + 3]) in _BEYOND:
        return Op("compare", i, i + 3, _BEYOND[words[i + 1], words[i + 2]], number)
    return None


def _than(words: list[str], i: int, nxt: str) -> Op | None:
    """'longer than X', 'older than 1990', 'more beds in X than in Y'."""
    if words[i] in COMPARATIVES and nxt == "than":
        hints, high = DIMENSIONS[COMPARATIVES[words[i]]]
        value = words[i + 2] if i + 2 < len(words) and _is_value(words[i + 2]) else ""
        last = i + (3 if value else 2)
        if not value and i + 3 < len(words) and _VERSION.match(words[i + 3]):  # 'newer than X 3.9'
            value, last = words[i + 3], i + 4
        return Op("compare", i, last, ">" if high else "<", value, hints, words[i], other=_article(words, last))
    if words[i] in ("more", "fewer", "less") and "than" in words[i + 1 : i + _SPLIT]:
        at = words.index("than", i + 1) + 1
        sign = ">" if words[i] == "more" else "<"
        return Op("compare", i, i + 1, sign, "", ("number",), "most", other=_article(words, at))
    return None


def _article(words: list[str], i: int) -> int:
    """The token at which a name begins, past articles and small words."""
    while i < len(words) and words[i] in _ARTICLES:
        i += 1
    return i


def _is_value(word: str) -> bool:
    return bool(_NUMBER.match(word))


def _superlative(words: list[str], i: int) -> Op | None:
    placed = _placed(words, i)
    if placed:
        return placed
    limit: int | None = None
    start, offset = i, 0
    if words[i] in _SORTED and words[i + 1 : i + 2] == ["by"]:
        high = bool({"descending", "decreasing", "desc", "reverse"} & set(words[i:])) or any(
            w in _HIGH_ENDS and nxt == "first" for w, nxt in pairwise(words[i:])
        )
        return Op("order", i, i + 2, ">" if high else "<", "", ("date", "year") if _AGES & set(words[i : i + 4]) else (), "top", EVERY)
    if words[i] in ("top", "first", "last") and i + 1 < len(words) and _count(words[i + 1]):
        limit, i = _count(words[i + 1]), i + 2
        if words[start] == "top" and (i >= len(words) or words[i] == "by" or words[i] not in (*DIMENSIONS, "most", "least")):
            return Op("order", start, i, ">", "", ("date", "year") if _AGES & set(words[i : i + 3]) else (), "top", limit)
    elif words[i] in _ORDINALS and i + 1 < len(words) and words[i + 1] in (*DIMENSIONS, "most", "least"):
        offset, limit, i = _ORDINALS[words[i]] - 1, 1, i + 1
    elif _to(words, i):
        (offset, limit), i = _to(words, i) or (0, 0), i + 3
    elif _count(words[i]) and i + 1 < len(words) and (words[i + 1] in DIMENSIONS or words[i + 1] in ("most", "least")):
        limit, i = _count(words[i]), i + 1
    return _end(words, start, i, limit, offset) if i < len(words) else None


_ARRIVED = ("arrived", "came", "appeared", "started", "launched", "emerged")
_TIMES = {
    **{(w, "last"): ("newest", 2) for w in _ARRIVED}, **{(w, "first"): ("earliest", 2) for w in _ARRIVED},
    ("around", "longest"): ("oldest", 2), ("around", "shortest"): ("newest", 2),
}  # fmt: skip


def _end(words: list[str], start: int, i: int, limit: int | None, offset: int) -> Op | None:
    """'oldest', 'most expensive', 'most', at token i."""
    word, nxt = words[i], words[i + 1] if i + 1 < len(words) else ""
    if word in ("fewer", "more") and nxt in ("year", "years") and "than" not in words:  # 'which has more years behind it'
        hints, high = DIMENSIONS["newest" if word == "fewer" else "oldest"]
        return Op("order", start, len(words), ">" if high else "<", "", hints, "newest" if word == "fewer" else "oldest", limit, offset)
    phrase = _TIMES.get((word, nxt)) or (("newest", 3) if (word, nxt) == ("most", "recently") and len(words) > i + 2 else None)
    if phrase:
        hints, high = DIMENSIONS[phrase[0]]
        return Op("order", start, i + phrase[1], ">" if high else "<", "", hints, phrase[0], limit, offset)
    if word == "first" and (nxt in DATED or nxt.endswith("ed") or nxt == "sold"):
        return None  # 'first released' is a property's own word
    if word in DIMENSIONS:
        hints, high = DIMENSIONS[word]
        after = _count(nxt) if limit is None and nxt else None  # 'the oldest three'
        after = None if after and words[i + 2 : i + 3] == ["first"] else after
        if limit is None and after is None and nxt == "first" and i + 2 == len(words):  # '..., newest first'
            limit = EVERY
        return Op("order", start, i + (2 if after else 1), ">" if high else "<", "", hints, word, limit or after, offset)
    if word in ("most", "least") and nxt in MOST:
        return Op("order", start, i + 2, ">" if word == "most" else "<", "", MOST[nxt], f"{word} {nxt}", limit, offset)
    if word in ("most", "fewest", "least") and nxt:
        return Op("order", start, i + 1, ">" if word == "most" else "<", "", ("number",), word, limit, offset)
    if word in ("more", "fewer", "less", "greater", "higher", "lower") and words[:1] == ["which"] and nxt and "than" not in words[i:]:
        return Op("order", start, i + 1, ">" if word in ("more", "greater", "higher") else "<", "", ("number",), "most", limit, offset)
    if word in COMPARATIVES and nxt != "than":
        hints, high = DIMENSIONS[COMPARATIVES[word]]
        return Op("order", start, i + 1, ">" if high else "<", "", hints, word, limit, offset)
    if len(word) > 5 and word.endswith("est") and word not in _NOT_MOST:  # a word that the dataset may know: 'the stalest'
        return Op("order", start, i + 1, ">", "", (UNKNOWN,), word, limit, offset)
    return None


_SORTED = frozenset("sorted ordered ranked arranged".split())
_HIGH_ENDS = frozenset("highest biggest largest greatest newest latest longest tallest youngest dearest".split())
EVERY = 9999  # as a limit: all, in order
UNKNOWN = "?"  # the hint of a superlative that the engine does not know: only a dataset's own word says what it orders
_AGES = frozenset("age freshness recency date year youth".split())
_NOT_MOST = frozenset("request interest forest harvest protest contest manifest digest modest honest invest suggest earnest".split())


def _placed(words: list[str], i: int) -> Op | None:
    """'third to fifth by price, the dearest first': places in an order whose end stands behind it, if anywhere."""
    last = i + 2 if words[i + 1 : i + 2] in (["to"], ["through"]) else i
    first, final = _ORDINALS.get(words[i]), _ORDINALS.get(words[last]) if last < len(words) else None
    if not first or not final or words[last + 1 : last + 2] not in (["by"], ["in"]):
        return None
    leads = [w for w, nxt in zip(words[last:], words[last + 1 :], strict=False) if nxt == "first" and (w in DIMENSIONS or w in _ENDS)]
    high = (DIMENSIONS[leads[0]][1] if leads[0] in DIMENSIONS else _ENDS[leads[0]]) if leads else True
    return Op("order", i, last + 1, ">" if high else "<", "", (), "top", final - first + 1, first - 1)


_ENDS = {"highest": True, "lowest": False, "biggest": True, "smallest": False}


def _to(words: list[str], i: int) -> tuple[int, int] | None:
    """'third to fifth longest': (2, 3), how many are left out and how many are wanted."""
    if len(words) > i + 3 and words[i + 1] in ("to", "and", "through") and words[i + 3] in (*DIMENSIONS, "most", "least"):
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
