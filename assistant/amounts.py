"""What the words of an ask want of numbers: counted, added up or averaged, over which things, by what grouped, at which end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.detect import stems_of
from assistant.grammar import Builder
from assistant.operators import Op
from assistant.scan import Scan
from assistant.sums import RATES
from assistant.words import COUNT_WORDS, MOST, fold
from graph.schema import PropertyInfo

FOCUS = -1  # the group is the dataset's own subject, which no word names
_FUNCTIONS = {
    "avg": frozenset("average mean avg averaged".split()),
    "sum": frozenset("total sum altogether combined totals".split()),
    "share": frozenset("share percentage proportion fraction percent part".split()),
    "max": frozenset("maximum max".split()),
    "min": frozenset("minimum min".split()),
}
_EACH = frozenset("per each every respective".split())
_DOWN = frozenset("break breakdown group grouped split sorted divide".split())
_MOST = {"most": True, "fewest": False, "least": False}
_COMMON = frozenset("common frequent frequently widespread popular used widely".split())
_HIGH = frozenset("largest highest greatest biggest smallest lowest richest widest broadest longest poorest".split())
_MANY = frozenset("number choice selection range variety collection set array supply list crop amount stock".split())
_FIRST = frozenset("first tops top leads lead most".split())
FAST = frozenset("fast faster fastest slow slower slowest speed".split())
_LEAD = frozenset("year kind number".split())
_SIGNS = {"more": ">=", "fewer": "<=", "less": "<="}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words ask of the numbers: how, over what, at which end. ``tokens`` are those words; mentions are indexes."""

    function: str
    tokens: frozenset[int]
    group: int | None = None
    counted: int | None = None
    extreme: bool = False
    descending: bool = True
    having: tuple[str, str] | None = None
    limit: int | None = None
    cost: float = 0.0


class AmountReader(Builder):
    """Reads what is asked of numbers for one opened graph."""

    def asked(self, scan: Scan) -> Iterator[Asked]:
        """All that the words may want."""
        words = [t.norm for t in scan.tokens]
        function, tokens = self.function(words)
        down = bool(_DOWN & set(words))
        group, by = self._grouping(scan, words, bool(function) or scan.cues.count or down)
        yield from self._most(scan, words)
        if group is None and not function:
            yield from self._having(scan, words)
            order = next((o for o in scan.ops if o.kind == "order"), None)
            if set(words) & (FAST | set(RATES)) or "per" in words:
                descending = order is None or order.sign == ">"
                used = frozenset(range(order.first, order.last)) if order else frozenset()
                yield Asked("each", used, extreme=order is not None, descending=descending)
            return
        ends = self._end(scan, words)
        if group is None and function != "share" and ends is not None:
            before = [i for i, m in enumerate(scan.mentions) if scan.first_token(i) < min(ends[1]) and self.groups(scan, i)]
            group = before[0] if before else None
        extreme, descending, used = (True, ends[0], ends[1]) if ends and group is not None else (False, True, frozenset())
        if by and ends and not function and self.numeric(scan):  # 'for each X the height of its highest Y'
            function, extreme = "max" if ends[0] else "min", False
        if by and self._sorted(scan, words):  # 'X per Y, biggest first'
            extreme = False
        function = function or ("count" if scan.cues.count or down or not self.numeric(scan) else "each")
        tokens |= frozenset(t for t, w in enumerate(words) if w in _DOWN or w in ("down", "count"))
        yield Asked(function, tokens | by | used, group, None, extreme, descending)

    def _sorted(self, scan: Scan, words: list[str]) -> bool:
        """'biggest first': an order, all of which is asked for."""
        return any(o.kind == "order" and words[o.last : o.last + 1] == ["first"] for o in scan.ops)

    def function(self, words: list[str]) -> tuple[str, frozenset[int]]:
        """How numbers are to be taken together, and the words that say so; '' where none does."""
        for name, own in _FUNCTIONS.items():
            at = frozenset(t for t, w in enumerate(words) if w in own)
            if name == "share":  # 'what do X and Y share' asks for no share, and a part only where its size is asked
                at = frozenset(t for t in at if self._is_share(words, t))
                at |= {t for t, w in enumerate(words) if at and w in ("big", "how", "large")}
            if at:
                return name, at
        return "", frozenset()

    def _is_share(self, words: list[str], t: int) -> bool:
        if words[t] not in ("share", "part"):
            return True
        return words[t + 1 : t + 2] == ["of"] and (words[t] == "share" or "big" in words)

    def _grouping(self, scan: Scan, words: list[str], counting: bool) -> tuple[int | None, frozenset[int]]:
        """The mention behind 'per', 'for each' or, where something is counted, 'by'; before an 'each' that stands alone."""
        for t, word in enumerate(words):
            if (t == 0 and word == "every" and not scan.cues.count) or self._number_of(words, t):
                continue  # 'every X with Y' is a list, 'by number of X' an order
            if word in _EACH or (word == "by" and counting) or word == "grouped":
                for i in range(len(scan.mentions)):
                    first = scan.first_token(i)
                    near = t < first <= t + 4 and all(w in scan.wording.stop or w in _LEAD for w in words[t + 1 : first])
                    if near and self.groups(scan, i):
                        lead = {t - 1} if t and words[t - 1] in ("for", "in", "of") else set()
                        return i, frozenset({*range(t, first), *lead})
            if word == "each" and scan.cues.count:
                before = [i for i in range(len(scan.mentions)) if scan.first_token(i) < t and self.groups(scan, i)]
                if len(before) > 1:
                    return before[0], frozenset({t})
        return None, frozenset()

    def groups(self, scan: Scan, i: int) -> bool:
        """Whether a mention may group things: a class, or a property whose values are no numbers."""
        return any(n.kind in ("class", "property") for n in scan.mentions[i].links) and not self.number(scan, i)

    def _end(self, scan: Scan, words: list[str]) -> tuple[bool, frozenset[int]] | None:
        """'the highest average', 'the lowest total': whether the high end is asked for."""
        for op in scan.ops:
            if op.kind == "order":
                return op.sign == ">", frozenset(range(op.first, op.last))
        for t, word in enumerate(words):
            if word in _MOST or word in ("highest", "largest", "lowest", "smallest"):
                return word in ("most", "highest", "largest"), frozenset({t})
        return None

    # ------------------------------------------------------------ the most, and more than so many

    def _most(self, scan: Scan, words: list[str]) -> Iterator[Asked]:
        """'which Y has the most X', 'the most common Y', 'the largest number of X', 'who is first by number of X'."""
        for t, word in enumerate(words):
            common = word == "commonest" or (word in _MOST and t + 1 < len(words) and words[t + 1] in _COMMON)
            if common:
                near = sorted((abs(scan.first_token(i) - t), i) for i in range(len(scan.mentions)) if self.groups(scan, i))
                for n, (_, i) in enumerate(near[:2]):
                    tokens = frozenset({t, t + 1} if word != "commonest" else {t})
                    yield Asked("count", tokens, i, None, True, _MOST.get(word, True), cost=0.06 * n)
                continue
            of = self._number_of(words, t)
            high = _MOST.get(word, word not in ("smallest", "lowest", "poorest"))
            plain = word in _MOST and t + 1 < len(words) and words[t + 1] not in MOST
            if plain or (of and (word in _HIGH or (word == "by" and _FIRST & set(words)))):
                start = of or t + 1
                reach = [i for i in range(len(scan.mentions)) if t < scan.first_token(i) <= self._past(scan, start) + 1]
                counted = [i for i in reach if max(scan.inside(i), default=0) >= start]
                counted = [i for i in counted if self._is_class(scan, i)] or counted
                if counted and self.counts(scan, counted[0]) and not self._stated(scan, counted[0]):
                    yield from self._extreme(scan, words, t, start, counted[0], high)

    def _stated(self, scan: Scan, i: int) -> bool:
        """Whether the number of what a property gives is stated itself: 'number of Xs' beside 'X'."""
        infos = [self.schema.properties[n.iri] for n in scan.mentions[i].links if n.kind == "property" and n.iri in self.schema.properties]
        told = [p for p in self.schema.properties.values() if p.is_number and fold(p.named.label).startswith("number of")]
        return any(p.subjects & x.subjects and stems_of(x.named.label) <= stems_of(p.named.label) for x in infos for p in told)

    def _past(self, scan: Scan, start: int) -> int:
        """The token behind the names that stand before a noun: 'the most X licensed Ys'."""
        named = {t for i, m in enumerate(scan.mentions) if not self._is_class(scan, i) for t in scan.inside(i)}
        known = any(self._is_class(scan, i) and scan.first_token(i) > start for i in range(len(scan.mentions)))
        at = start
        while known and at in named:
            at += 1
        return at if at < len(scan.tokens) else start

    def _extreme(self, scan: Scan, words: list[str], t: int, start: int, counted: int, high: bool) -> Iterator[Asked]:
        grouping = [i for i in range(len(scan.mentions)) if i != counted and self.groups(scan, i)]
        others = [i for i in grouping if self._is_class(scan, i)]
        before = [i for i in grouping if scan.first_token(i) < t]
        group = (before or others or [FOCUS])[0]
        ahead = words[scan.first_token(group) - 1] if group >= 0 and scan.first_token(group) else ""
        said = {*range(t, start), *(k for k, w in enumerate(words) if w in ("tops", "list", "comes", "first"))}
        said |= {scan.first_token(group) - 1} if ahead in COUNT_WORDS else set()
        yield Asked("count", frozenset(said), group, counted, True, high, limit=COUNT_WORDS.get(ahead))

    def _number_of(self, words: list[str], t: int) -> int:
        """The token behind 'number of', 'choice of', where that follows; 0 where it does not."""
        rest = [w for w in words[t + 1 : t + 4] if w != "the"]
        many = rest[1:2] == ["of"] and (rest[0] == "number" or (rest[0] in _MANY and words[t] in _HIGH))
        return words.index("of", t) + 1 if many else 0

    def counts(self, scan: Scan, i: int) -> bool:
        """Whether things of a mention can be counted: those of a class, or the values of a property that are things."""
        infos = [self.schema.properties.get(n.iri) for n in scan.mentions[i].links if n.kind == "property"]
        return self._is_class(scan, i) or any(info is not None and bool(info.objects) for info in infos)

    def _is_class(self, scan: Scan, i: int) -> bool:
        return any(n.kind == "class" for n in scan.mentions[i].links)

    def _having(self, scan: Scan, words: list[str]) -> Iterator[Asked]:
        """'which Y have more than three X', 'Y with five or more X', 'Y with three X or more'."""
        for sign, value, tokens, counted in self._bounds(scan, words):
            if not self._is_class(scan, counted):
                continue
            others = [i for i in range(len(scan.mentions)) if i != counted and self.groups(scan, i) and self._is_class(scan, i)]
            yield Asked("count", tokens, (others or [FOCUS])[0], counted, having=(sign, value))

    def _bounds(self, scan: Scan, words: list[str]) -> Iterator[tuple[str, str, frozenset[int], int]]:
        """(sign, number, tokens, the mention that is counted)."""
        for op in scan.ops:
            if op.kind == "compare" and op.value.isdigit() and op.sign in (">", ">=", "<", "<=", "="):
                behind = [i for i in range(len(scan.mentions)) if op.last <= scan.first_token(i) <= op.last + 1]
                yield from ((op.sign, op.value, _range(op), i) for i in behind)
        for i in range(len(scan.mentions)):
            first, after = scan.first_token(i), max(scan.inside(i), default=-9) + 1
            number = str(COUNT_WORDS.get(words[first - 1], words[first - 1])) if first else ""
            beyond = words[after : after + 2]
            if number.isdigit() and beyond[:1] == ["or"] and beyond[1:] and beyond[1] in _SIGNS:
                yield _SIGNS[beyond[1]], number, frozenset({first - 1, after, after + 1}), i

    # ------------------------------------------------------------ numbers that are named

    def number(self, scan: Scan, i: int) -> PropertyInfo | None:
        """The number that a mention names, where it names one."""
        infos = (self.schema.properties.get(n.iri) for n in scan.mentions[i].links if n.kind == "property")
        return next((p for p in infos if p is not None and p.is_number), None)

    def numeric(self, scan: Scan) -> list[tuple[int, PropertyInfo]]:
        """The numbers that are named, by mention."""
        found = ((i, self.number(scan, i)) for i in range(len(scan.mentions)))
        return [(i, p) for i, p in found if p is not None]


def _range(op: Op) -> frozenset[int]:
    return frozenset(range(op.first, op.last))


