"""Which edit a follow-up asks for: its words with names masked, against the ways in which people change what they asked.

Only plain English is known here. A thing or value that is named reads as X and its number, a class noun as N, a property as P,
a level as L: 'no, I meant for Starlette' is 'i meant for X0' behind a word of lead. A follow-up is an edit only where the whole
of it is read so; a question with anything else in it is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal as Choice

from assistant.scan import Scan
from assistant.words import COUNT_WORDS, ORDINALS

EditKind = Choice[
    "swap", "reverse", "undo", "drop", "count", "list", "sort", "limit", "all", "rest", "next", "others", "member", "year", "sources",
    "relink",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be done to the last question. ``new`` and ``old`` are mentions of the follow-up, ``number`` a count, ``high`` which end
    comes first (None where it is not said), ``surely_instead``: whether the words say that something takes the place of another."""

    kind: EditKind
    new: tuple[int, ...] = ()
    old: tuple[int, ...] = ()
    number: int | None = None
    high: bool | None = None
    surely_instead: bool = False
    last: bool = False


_LEAD = (
    r"(?:(?:no|nope|ok|okay|so|and|but|or|then|now|well|sorry|actually|wait|oops|please|thanks|great|right|alright|fine|good|sure|yes"
    r"|yeah|also|rather|instead|hm+|oh|ah) )*"
)
_TAIL = r"(?: (?:please|then|though|instead|too|as well|now|thanks|rather|maybe|perhaps|again|if you can))*"
_ART = r"(?:the |a |an |any |some |only |just )?"
_XS = rf"{_ART}X\d+(?:(?: and| or)? {_ART}X\d+)*(?: (?:ones?|N\d+|things?))?"
_FOR = r"(?:about |for |with |in |of |by |on |from |to |under |the one (?:for|of|by|in) |those (?:of|by|under|in|from|with) )?"
_IT = r"(?:it|that|this)"
_OF_THEM = r"of (?:them|those|these)"
_THESE = rf"(?:them|those|these|they|{_IT}|the list|the results?|the N\d+|all {_OF_THEM})"
_SHOW = r"(?:(?:can you |could you |please |let me )?(?:show|list|give|name|tell|see|print|get)(?: me)? )?"
_SAID = r"(?:meant|mean|wanted|want|said|had|was asking|am asking|was thinking)"
_SAME = r"(?:very )?same(?: (?:thing|question|again|list|info(?:rmation)?))?"
_CONDITION = r"(?:condition|filter|restriction|requirement|constraint|limit|part|bit)"
_PROOF = r"(?:sources?|evidence|proof|references?|citations?)"
_ALL = r"(?: in (?:all|total)| altogether| together)?"

_PATTERNS: dict[EditKind, tuple[str, ...]] = {
    "swap": (
        rf"(?:i|we) {_SAID}(?: to (?:say|ask|know))? {_FOR}(?P<new>{_XS})(?:(?: and)? not {_FOR}(?P<old>{_XS}))?",
        rf"(?:make|let) (?:{_IT}|them|those)(?: be)? {_FOR}(?P<new>{_XS})",
        rf"(?:change|turn|switch|set) (?:{_IT}|(?P<old>{_XS})) (?:in)?to (?P<new>{_XS})",
        rf"(?:replace|swap|exchange|substitute) (?:{_IT}|(?P<old>{_XS})) (?:with|by|for|against) (?P<new>{_XS})",
        rf"(?:use|take|try|ask|do|check|look at) (?:{_IT} )?{_FOR}(?P<new>{_XS})(?: (?:instead of|rather than|not) (?P<old>{_XS}))?",
        rf"{_SHOW}(?:do |say )?(?:exactly )?(?:the )?{_SAME} (?:but )?(?:for|with|about|of|in|on|by|from|to|under) (?P<new>{_XS})",
        rf"(?:likewise|ditto|similarly) (?:for|with|about|of) (?P<new>{_XS})",
        rf"(?:what|how) (?:about|of|with|for|if)(?: it (?:is|was|were)| i (?:take|use))? {_FOR}(?P<new>{_XS})",
        rf"(?:not|no) {_FOR}(?P<old>{_XS}) (?:but )?{_FOR}(?P<new>{_XS})",
        rf"{_FOR}(?P<new>{_XS}) (?:and not|not|instead of|rather than) {_FOR}(?P<old>{_XS})",
        rf"{_FOR}(?P<new>{_XS})",
    ),
    "relink": (r"(?:i|we) (?:meant|mean|wanted|was asking (?:about|for)) the N\d+",),
    "reverse": (
        r"(?:(?:what|how) about |do |make it )?(?:the )?(?:other|opposite) (?:way|direction)(?: (?:a)?round| about)?",
        r"vice versa", r"conversely", r"backwards?",
        r"(?:(?:what|how) about )?(?:the )?(?:reverse|opposite|converse)",
        rf"(?:reverse|invert|flip|turn) (?:{_THESE}|the order)(?: (?:a)?round)?",
        r"in (?:the )?(?:reverse|opposite)(?: order)?", r"swap (?:them|those|these|the two|both|sides)",
        rf"how many(?: {_OF_THEM})? (?:are|is|do|does|have|has|were|did|can|could) not",
        r"(?:what about )?(?:the ones?|those|ones|which(?: ones)?|who) ?(?:that |which |who )?"
        r"(?:are|is|do|does|have|has|were|did|can|could) not",
    ),
    "undo": (
        rf"undo(?: (?:{_IT}|the last (?:step|change|filter|one)))?",
        rf"(?:go )?back|never ?mind(?: that)?|forget {_IT}|scratch that|cancel that|take {_IT} back|as before",
        rf"revert(?: {_IT})?",
        rf"(?:remove|drop|lift) (?:that|the last)(?: (?:{_CONDITION}|one))?",
        rf"without (?:that|the last) {_CONDITION}",
        r"back to (?:the )?(?:previous|last|one before|list before|before)(?: (?:N\d+|list|question|one|answer))?",
    ),
    "drop": (
        rf"(?:drop|remove|forget|ignore|lift|skip|without|not) (?:about )?(?:the )?(?P<old>[XPN]\d+) {_CONDITION}",
        r"(?:with |under |of |in |by )?(?:any|whatever|whichever) (?P<old>[PN]\d+)(?: (?:will do|is fine|is ok|is okay|at all))?",
        r"(?:regardless of|irrespective of|no matter|never mind|ignore|drop) (?:the |what |which )?(?P<old>[PN]\d+)",
        r"forget(?: about)? (?:the )?(?P<old>[PN]\d+)",
        r"(?:the )?(?P<old>[PN]\d+) (?:does|do) not matter",
    ),
    "count": (
        rf"how many (?:is|are|was|were|would that be|makes?)(?: of)? {_THESE}{_ALL}",
        rf"how many(?: {_OF_THEM})?(?: (?:are|is) (?:there|that))?{_ALL}",
        rf"count {_THESE}", rf"(?:what is )?(?:the )?(?:total|number|count)(?: of {_THESE})?",
        r"how many (?:in total|altogether|do you know|N\d+)",
    ),
    "list": (
        r"which(?: ones)?", r"which(?: N\d+)? are(?: (?:they|those|these))?", r"which N\d+", r"(?:who|what) are they", r"list",
        rf"(?:list|show|name|print|display|see)(?: me)? {_THESE}", r"(?:give|tell) me (?:the )?(?:names?|list)",
    ),
    "all": (
        rf"{_SHOW}(?:them )?all(?: (?:of )?(?:them|those|these|N\d+))?", rf"{_SHOW}everything",
        rf"{_SHOW}(?:the )?(?:full|complete|whole|entire) (?:list|answer)", rf"{_SHOW}every one(?: {_OF_THEM})?",
    ),
    "rest": (
        rf"{_SHOW}(?:(?:are|is) there )?(?:(?:any(?:thing|one)?|what|who|which|some) ?)?(?:the )?"
        rf"(?:others?|more|else|rest|remaining|other (?:ones|N\d+))"
        rf"(?: (?:are|is) there| do you (?:know|have)| {_OF_THEM}| ones| like (?:that|those|these))?",
    ),
    "next": (
        rf"{_SHOW}(?:the )?next(?: (?P<number>[a-z]+|\d+))?(?: ones?)?",
        r"(?:what|who|which) (?:comes|is) next", r"go on", r"continue", r"keep going",
    ),
    "member": (
        r"(?:why )?(?:is|are|was|were|does|do) (?P<new>X\d+) (?:not )?(?:also )?(?:one of|among|amongst|part of|in|on|belong to)"
        r" (?:them|those|these|the (?:list|answer|N\d+)|it)",
        r"(?:why )?(?:is|are) (?P<new>X\d+) (?:not )?(?:included|listed|there|missing)", r"why not (?P<new>X\d+)",
    ),
    "others": (
        r"(?:which|who|what)(?: ones?| N\d+)?(?: else| others?)? (?:do|does|is|are|has|have|can|did|were|was)(?: have it| so| it)?",
    ),
    "year": (r"(?:(?:what|how) about )?(?:those (?:of|from) |in |during |of |for |from )?(?:the year )?(?P<number>(?:1[5-9]|20)\d\d)",),
    "sources": (
        r"(?:who|which source|what source|where)(?: does| do)? (?:says?|said|states?|stated|claims?)(?: (?:it|that|so|this))*",
        r"says who", rf"(?:what|which|where)(?: is| are|s)?(?: the| your| its)? {_PROOF}(?: (?:for|of) {_IT})?",
        rf"(?:any |your |the |show (?:me )?(?:the |your )?)?{_PROOF}(?: for {_IT})?",
        r"how do you know(?: (?:that|this|so))?", r"(?:on |by )?(?:whose|what) authority", r"according to (?:whom|who|what)",
        rf"where (?:is|was) {_IT} (?:stated|written|documented|said)", rf"is {_IT} (?:documented|sourced|sure|certain)",
        rf"where (?:do|did) you (?:have|get|know|read|find) {_IT}(?: from)?", r"(?:can you )?prove (?:it|that)",
        rf"are you sure(?: (?:about|of) {_IT})?", r"where does (?:it|that) (?:say|come)(?: so| that| from)?",
        r"who (?:told|tells) you(?: (?:that|so|this))?",
    ),
}  # fmt: skip
_LIMITED = re.compile(
    rf"{_LEAD}{_SHOW}(?:only |just |me )*(?:the )?(?P<end>first|top|last|best)?\s?(?P<number>[a-z]+|\d+)"
    rf"(?: of (?:them|those|these)| ones| N\d+| only)*(?: (?:is|are|will be) (?:enough|fine))?{_TAIL}"
)
_WAY = r"descending|ascending|in (?:descending|ascending|reverse)(?: order)?|(?:the )?[a-z]+ (?:ones? )?first"
_BY = r"by (?:the |their |its |date of )?(?P<by>(?:[XPN]\d+|[a-z]+)(?: (?:P\d+|[a-z]+)){0,2}?)"
_SORTED = re.compile(
    rf"{_LEAD}{_SHOW}(?:(?:sort|order|rank|arrange|put|list|show)(?: {_THESE})?|{_THESE})? ?(?:sorted |ordered |ranked |arranged )?"
    rf"(?:{_BY}|(?P<name>alphabetically|in alphabetical order))(?: (?P<way>{_WAY}))?{_TAIL}"
)
_FIRSTED = re.compile(rf"{_LEAD}(?:{_SHOW}|(?:with |put )?)(?:the )?(?P<end>[a-z]+)(?: ones?| N\d+)? first{_TAIL}")
_ORDERED = re.compile(rf"{_LEAD}in (?P<way>descending|ascending)(?: order)?{_TAIL}")
_ADDING = re.compile(r"\b(also|too|as well|additionally|in addition|plus|only|just|but|further|narrow|filter|limit|restrict|keep)\b")
_COMPILED = tuple((kind, re.compile(f"{_LEAD}(?:{p}){_TAIL}")) for kind, patterns in _PATTERNS.items() for p in patterns)
_SURE = re.compile(r"\b(meant|mean|instead|same|no|not|sorry|actually|make|change|replace|rather|ditto|likewise|oops|wait|swap)\b")


def masked(scan: Scan) -> str:
    """The words of an ask, with X, N, P or L and a number in the place of what is named."""
    opens = {min(scan.inside(i)): i for i in range(len(scan.mentions)) if scan.inside(i)}
    covered = {t for i in opens.values() for t in scan.inside(i)}
    words = []
    for t, token in enumerate(scan.tokens):
        sign = _sign(scan, opens[t]) if t in opens else ""
        if sign:
            words.append(f"{sign}{opens[t]}")
        elif t not in covered or not _sign(scan, next(i for i in opens.values() if t in scan.inside(i))):
            words.append(token.norm)
    return " ".join(words)


def _sign(scan: Scan, i: int) -> str:
    best = scan.mentions[i].best
    if scan.mentions[i].text(scan.question).lower() in _FUNCTION:
        return ""
    return {"entity": "X", "value": "X", "class": "N", "property": "P", "level": "L"}.get(best.kind, "") if best.score >= 0.7 else ""


# words of the patterns that some graph may also have as a name
_FUNCTION = frozenset("source sources reference references order number count name names first last rest list total proof evidence".split())


def recognise(scan: Scan) -> Edit | None:
    """The edit that an ask is, read as a whole; None where it is anything else."""
    words = masked(scan)
    if not words or len(scan.tokens) > 14:
        return None
    for kind, pattern in _COMPILED:
        found = pattern.fullmatch(words)
        if found:
            groups = found.groupdict()
            made = Edit(kind, _numbers(groups.get("new")), _numbers(groups.get("old")), _count(groups.get("number")))
            return _swap_or_add(made, words) if kind == "swap" else made
    return _arranged(words)


def _swap_or_add(edit: Edit, words: str) -> Edit | None:
    """'only X ones', 'with X' add a condition; 'X' and 'what about X' put X in the place of another."""
    if _ADDING.search(words) and not _SURE.search(words):
        return None
    if re.search(r"\bwith\b", words) and not re.search(r"\b(what|how) about\b", words) and not _SURE.search(words):
        return None  # 'with X' adds X
    return Edit("swap", edit.new, edit.old, surely_instead=bool(_SURE.search(words)))


def _arranged(words: str) -> Edit | None:
    """'sort them by year', 'newest first', 'the first three'."""
    found = _SORTED.fullmatch(words)
    if found:
        way = found["way"] or ""
        high = True if "desc" in way or "reverse" in way else False if "asc" in way else None
        return Edit("sort", _numbers(found["by"]), high=high)
    if _ORDERED.fullmatch(words):
        return Edit("sort", high="desc" in words)
    first = _FIRSTED.fullmatch(words)
    if first and first["end"] not in ("the", "at"):
        return Edit("sort")
    limited = _LIMITED.fullmatch(words)
    number = _count(limited["number"]) if limited else None
    if limited and number and (limited["end"] or (number > 1 and re.search(r"\b(only|just|of)\b", words))):
        return Edit("limit", number=number, last=limited["end"] == "last")
    return None


def _numbers(found: str | None) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"[XPN](\d+)", found or ""))


def _count(word: str | None) -> int | None:
    return int(word) if word and word.isdigit() and int(word) else COUNT_WORDS.get(word or "")


def adds(scan: Scan) -> bool:
    """'only those ...', 'without X', 'and X too': words that take away from a list, and ask nothing of it."""
    words = masked(scan)
    return (_ADDS.match(words) is not None or _TOO.search(words) is not None) and not _OF_THEM_ASKED.search(words)


_ADDS = re.compile(rf"{_LEAD}(?:{_SHOW})?(?:only|just|without|not|with|but not|but only|except|excluding|keep|those|that|ones|narrow)\b")
_TOO = re.compile(r"\b(?:too|as well|also|in addition)$|^(?:and )?also\b")
_OF_THEM_ASKED = re.compile(rf"\b{_OF_THEM}\b|\b(?:who|which|what|when|where|why|how)\b")


def ordinal(words: list[str], size: int) -> tuple[int, int, int] | None:
    """'the second one', 'the latter', 'the last of them': the place that is meant among ``size`` things, its first and last token."""
    places = {**{w: n for n, w in enumerate(ORDINALS)}, "last": size - 1, "former": 0, "latter": 1}
    for t, word in enumerate(words):
        behind = words[t + 1 : t + 2]
        named = word in ("former", "latter") or behind in (["one"], ["of"]) or len(words) == t + 1
        if places.get(word, size) < size and named and words[max(0, t - 1) : t] == ["the"]:
            return places[word], t - 1, t + (behind == ["one"])
    return None
