"""How the pieces of an ask stand to each other: scope of negation, names and their nouns, things side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from assistant.connect import Connections
from assistant.constrain import Constrainer
from assistant.detect import stems_of
from assistant.frames import Constraint
from assistant.lexicon import Lexicon
from assistant.operators import Op
from assistant.scan import Scan
from assistant.types import Link, Mention, Or, Part
from assistant.words import fold, join
from graph.schema import PropertyInfo, Schema
from graph.terms import SKOS
from graph.types import Iri

_FREE = re.compile(r"-free\b", re.I)
_BESIDE = re.compile(r"\s*(,|and|,\s*and|&|plus|as well as)\s*(the|its|their|a)?\s*", re.I)
_VERBS = frozenset("are is was were have has had do does did can could".split())
_LACKING = frozenset("lack lacks lacking without".split())
_ARTICLES = frozenset("a an the any".split())
PARTED = re.compile(r"\s*(,|and|or|nor|,\s*and|,\s*or)\s*", re.I)


_TAG = re.compile(r",\s*(or )?(is|does|do|has|have|can|did|was|were|are|will|would) (it|they|he|she|one|that)\W*$", re.I)


class Grammar:
    """What every builder of candidates asks about an ask, for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, connections: Connections) -> None:
        self.schema, self.lexicon, self.connections = schema, lexicon, connections
        self.constrain = Constrainer(schema, lexicon, connections)

    def glue(self, scan: Scan) -> Scan:
        """Pair class nouns with the name that they stand behind: 'X framework' names X, 'async frameworks' a kind of framework."""
        scan = self._dated(scan)
        pairs = []
        for i in range(len(scan.mentions) - 1):
            j = i + 1
            nouns = [n.iri for n in scan.mentions[j].links if n.kind == "class"]
            if (
                nouns
                and self._adjacent(scan, i, j)
                and any(self._stands_behind(n, nouns) for n in scan.mentions[i].links[:2] if n.kind == "entity")
            ):
                pairs.append((i, j))
        return replace(scan, glued=tuple(pairs))

    def _dated(self, scan: Scan) -> Scan:
        """'the P and year of X', 'its P and its date': a bare word for a date, beside a property that is named, names a property, too."""
        taken = {t for i in range(len(scan.mentions)) for t in scan.inside(i)}
        made = []
        for t, token in enumerate(scan.tokens):
            if token.norm not in ("year", "date", "years", "dates") or t in taken:
                continue
            for i, link in scan.links("property"):
                info = self.schema.properties.get(link.iri)
                found = self._date_beside(info) if info is not None and self._coordinated(scan, i, t) else None
                if found is not None:
                    made.append(Mention(token.start, token.end, (Link(found.iri, found.named.label, "property", 0.95, "date"),)))
                    break
        return replace(scan, mentions=tuple(sorted((*scan.mentions, *made), key=lambda m: m.start))) if made else scan

    def _coordinated(self, scan: Scan, i: int, t: int) -> bool:
        """Whether only 'and', a comma and small words part a mention from a word."""
        m, token = scan.mentions[i], scan.tokens[t]
        between = scan.question[m.end : token.start] if m.end <= token.start else scan.question[token.end : m.start]
        return _BESIDE.fullmatch(between) is not None

    def _date_beside(self, info: PropertyInfo) -> PropertyInfo | None:
        """The date of what a property gives, where there is such a property, else the date first told of the same things."""
        dates = [p for p in self.schema.properties.values() if p.is_date and p.subjects & info.subjects and p.iri != info.iri]
        own = [p for p in dates if fold(info.named.label) in fold(p.named.label)]
        first = sorted((p for p in dates if p.headline is not None or len(dates) == 1), key=lambda p: (p.headline or 0, p.iri))
        return next(iter([*own, *first]), None)

    def _adjacent(self, scan: Scan, i: int, j: int) -> bool:
        a, b = max(scan.inside(i), default=-9), min(scan.inside(j), default=99)
        return b - a == 1 or (b - a == 2 and scan.tokens[a + 1].norm in scan.wording.silent)

    def _stands_behind(self, link: Link, nouns: list[Iri]) -> bool:
        return any(self.is_a(link.iri, cls) or self._classifies(link.iri, cls) for cls in nouns)

    def _classifies(self, thing: Iri, cls: Iri) -> bool:
        """Whether the thing is a value that things of the class point to."""
        return any(len(p) == 1 and not p[0].inverse for p in self.connections.to(cls, thing))

    def names(self, scan: Scan, cls: Iri | None) -> frozenset[int]:
        """Class nouns that only repeat what a name is ('Flask framework'): no target."""
        found = set()
        for i, j in scan.glued:
            nouns = [n.iri for n in scan.mentions[j].links if n.kind == "class"]
            if any(self.is_a(name.iri, noun) for name in scan.mentions[i].links[:2] for noun in nouns):
                found.add(j)
        return frozenset(found)

    def shared_class(self, things: list[Iri]) -> Iri | None:
        shared = frozenset.intersection(*(self.lexicon.classes_of.get(t, frozenset()) for t in things)) & set(self.schema.classes)
        return max(sorted(shared), key=lambda c: (c == self.schema.focus, -self.schema.classes[c].count), default=None)

    def central(self, thing: Iri) -> bool:
        """Whether a thing is of the dataset's own subject."""
        return self.schema.focus is not None and self.is_a(thing, self.schema.focus)

    def takes_levels(self, cls: Iri) -> bool:
        return any(cls in p.subjects or not p.subjects for p in self.schema.levels.values())

    def levels(self, scan: Scan) -> tuple[int, Link] | None:
        return next(iter(scan.links("level")), None)

    def covers(self, link: Link) -> tuple[Iri, ...]:
        """The levels that a level word, or the name of a level itself, asks for."""
        return next((w.covers for w in self.schema.level_words if w.named.iri == link.iri), (link.iri,))

    def negated(self, scan: Scan, i: int) -> bool:
        """A negation reaches to the end of its clause: to 'and', 'but', or a comma that no later 'or' carries on."""
        first, negative = scan.first_token(i), False
        if self._denied_behind(scan, max(scan.inside(i), default=-9) + 1) or _FREE.match(scan.question, scan.mentions[i].end):
            return True
        for op in scan.ops:
            if op.first >= first:
                break
            if self._denied_behind(scan, op.first):
                continue
            if op.kind == "not":
                negative = not negative if negative and op.first == 0 else True
            elif op.kind in ("and", "but") and negative and self._between(scan, op, first):
                negative = op.kind == "and" and self._carried(scan, op, i)
        if negative and (self._comma_ends(scan, first) or self._verb_ends(scan, first)):
            return False
        return negative and not (scan.cues.yes_no and self._opening_not(scan, first))

    def _denied_behind(self, scan: Scan, t: int) -> bool:
        """'X yes, Y no': a 'no' that stands behind a name and ends a clause."""
        if not 0 < t < len(scan.tokens) or scan.tokens[t].norm != "no":
            return False
        return scan.question[scan.tokens[t].end : scan.end].strip()[:1] in ("", ",", ":", ";", "?", ".")

    def _comma_ends(self, scan: Scan, first: int) -> bool:
        """'not X, Y' denies X alone; 'without X, Y or Z' denies all three."""
        last = self._last_not(scan, first)
        carried = any(o.kind == "or" and o.first > last.first for o in scan.ops)
        if carried and self._new_kind(scan, last, first):
            return True
        return not carried and "," in scan.question[scan.tokens[last.last - 1].end : scan.tokens[first].start]

    def _last_not(self, scan: Scan, first: int) -> Op:
        return [o for o in scan.ops if o.kind == "not" and o.first < first and not self._denied_behind(scan, o.first)][-1]

    def _verb_ends(self, scan: Scan, first: int) -> bool:
        """'X not made by Y are Z': a verb behind what is denied begins what is not."""
        last = self._last_not(scan, first)
        for t in range(last.last, first):
            had = any(last.last <= scan.first_token(j) < t for j, m in enumerate(scan.mentions) if m.best.kind in ("entity", "value"))
            if had and scan.tokens[t].norm in _VERBS and t not in {k for j in range(len(scan.mentions)) for k in scan.inside(j)}:
                return True
        return False

    def _carried(self, scan: Scan, op: Op, i: int) -> bool:
        """'lack X and Y' denies both, where Y stands straight behind and is of the kind of X."""
        last = self._last_not(scan, op.first)
        before = [j for j in range(len(scan.mentions)) if last.last <= scan.first_token(j) < op.first]
        straight = all(scan.tokens[t].norm in _ARTICLES for t in range(op.last, scan.first_token(i)))
        if not before or not straight or scan.tokens[last.first].norm not in _LACKING:
            return False
        return bool(self._kinds(scan.mentions[before[-1]].best) & self._kinds(scan.mentions[i].best))

    def _new_kind(self, scan: Scan, op: Op, first: int) -> bool:
        """'no X, A or B licensed' denies X alone: behind the comma stand values of another kind."""
        near = [i for i in range(len(scan.mentions)) if op.last <= scan.first_token(i) <= first]
        reach = [i for n, i in enumerate(near) if not n or scan.mentions[i].best.kind in ("entity", "value")]
        for a, b in pairwise(reach):
            alike = self._kinds(scan.mentions[a].best) & self._kinds(scan.mentions[b].best)
            if not alike and "," in scan.question[scan.mentions[a].end : scan.mentions[b].start]:
                return True
        return False

    def _kinds(self, link: Link) -> frozenset[Iri]:
        """What a name is one of: its classes; of a property and its values the property itself, and the classes of what it may be."""
        if link.kind in ("value", "property"):
            info = self.schema.properties.get(link.iri)
            return frozenset({link.iri}) | (info.objects if info is not None else frozenset())
        return self.lexicon.classes_of.get(link.iri, frozenset()) - {SKOS.Concept}

    def _between(self, scan: Scan, op: Op, first: int) -> bool:
        """Whether a mention stands between the negation and this conjunction (so the negation has had its object)."""
        starts = [o.last for o in scan.ops if o.kind == "not" and o.last <= op.first]
        return any(starts and starts[-1] <= scan.first_token(j) < op.first for j in range(len(scan.mentions)))

    def _opening_not(self, scan: Scan, first: int) -> bool:
        """'Doesn't it have X?' and 'it doesn't have X, does it?' ask whether it has X."""
        nots = [o.first for o in scan.ops if o.kind == "not" and o.first < first]
        return bool(nots) and (nots[0] <= 1 or _TAG.search(scan.text) is not None)

    def excluded(self, scan: Scan, i: int) -> bool:
        """'other than X', 'except X and Y': the name behind the words, and those that only 'and', 'or' or a comma parts from it;
        'X aside'."""
        after = max(scan.inside(i), default=-9) + 1
        if 0 < after < len(scan.tokens) and scan.tokens[after].norm in ("aside", "excluded", "excepted"):
            return True
        for op in scan.ops:
            behind = [j for j in range(len(scan.mentions)) if scan.first_token(j) >= op.last] if op.kind == "exclude" else []
            for n, j in enumerate(behind):
                if n and not PARTED.fullmatch(scan.question[scan.mentions[behind[n - 1]].end : scan.mentions[j].start]):
                    break
                if j == i:
                    return True
        return False

    def compared(self, scan: Scan, i: int) -> bool:
        return any(o.kind == "compare" and not o.value and self.compared_by(scan, o, i) for o in scan.ops)

    def compared_by(self, scan: Scan, op: Op, i: int) -> bool:
        """Whether a mention is what a comparison compares with: the name at its place, and those that only 'and' parts from it."""
        behind = [j for j in range(len(scan.mentions)) if scan.first_token(j) >= op.other >= 0]
        for n, j in enumerate(behind):
            if not n and scan.first_token(j) != op.other:
                return False
            if n and not PARTED.fullmatch(scan.question[scan.mentions[behind[n - 1]].end : scan.mentions[j].start]):
                return False
            if j == i:
                return True
        return False

    def level_of(self, scan: Scan, i: int) -> tuple[int, Link] | None:
        """The level word that a feature goes by: the next one before another feature is named, else the last before, else the only one."""
        found = [(k, n) for k, n in scan.links("level") if not self.excluded(scan, k)]
        if len({k for k, _ in found}) < 2:
            return next(iter(found), None)
        features = {j for j, n in scan.links("entity") if self.constrain.is_feature(n.iri)}
        behind = [(k, n) for k, n in found if k > i and not any(i < j < k for j in features)]
        ahead = [(k, n) for k, n in found if k < i and not any(k < j < i for j in features)]
        return next(iter([*behind, *reversed(ahead), *found]), None)

    def exclusions(self, scan: Scan, cls: Iri | None) -> tuple[tuple[int, Link], ...]:
        """The things that are ruled out; a value that is ruled out ('a licence other than X') is a condition, no exclusion."""
        found: list[tuple[int, Link]] = []
        for i, link in scan.links("entity"):
            if cls is not None and not self.is_a(link.iri, cls):
                continue
            negative = self.excluded(scan, i) or (self.negated(scan, i) and cls is not None and self.is_a(link.iri, cls))
            if negative and not any(i == j for j, _ in found):
                found.append((i, link))
        return tuple(found)

    def is_a(self, thing: Iri, cls: Iri) -> bool:
        return self.lexicon.is_a(thing, *self.schema.subclasses(cls))

    def peers(self, scan: Scan) -> list[tuple[int, Link]]:
        """Things of one class named side by side, one link a mention."""
        groups: dict[Iri, dict[int, Link]] = {}
        cues = scan.cues
        nouns = [i for i, _ in scan.links("entity") if self._is_noun(scan, i)]
        side_by_side = (cues.compare or cues.difference or cues.either) and len(set(nouns)) > 1
        behind = {j for _, j in scan.glued}
        for i, link in scan.links("entity"):
            if i in behind or link.score < 0.7 or (self._is_noun(scan, i) and not side_by_side):
                continue
            if self.constrain.is_feature(link.iri) and not (cues.compare or cues.difference or cues.define):
                continue  # features side by side are wishes, not things to compare
            for cls in self.lexicon.classes_of.get(link.iri, frozenset()):
                groups.setdefault(cls, {}).setdefault(i, link)
        if not groups:
            return []
        focus = self.schema.focus
        best = max(sorted(groups), key=lambda c: (len(groups[c]) > 1 and c == focus, len({n.iri for n in groups[c].values()})))
        chosen: dict[Iri, tuple[int, Link]] = {}
        for i, link in groups[best].items():
            chosen.setdefault(link.iri, (i, link))
        return sorted(chosen.values(), key=lambda p: p[0])

    def spoken(self, scan: Scan, properties: Iterable[Iri]) -> frozenset[int]:
        """Words that the properties themselves are told with ('runs under', 'renders')."""
        infos = [self.schema.property(p) for p in properties]
        stems = {s for i in infos for t in (i.named.label, *i.named.aliases, i.statement, i.named.comment) for s in stems_of(t)}
        names = (i for i, m in enumerate(scan.mentions) if m.best.kind in ("entity", "need") and len(scan.inside(i)) > 1)
        taken = frozenset().union(*map(scan.inside, names))  # 'REST' of a longer name does not speak of resting
        return frozenset(t for t, token in enumerate(scan.tokens) if token.stem in stems and t not in taken)

    def _is_noun(self, scan: Scan, i: int) -> bool:
        """Whether a name is also the noun of a class ('framework'): a thing of its own only beside another such."""
        return any(n.kind == "class" for n in scan.mentions[i].links)

    def named(self, scan: Scan) -> list[tuple[int, Link]]:
        """All things named, of whatever class, one a mention; a class noun may stand for the concept of its name."""
        behind = {j for _, j in scan.glued}
        found: dict[int, Link] = {}
        for i, link in scan.links("entity"):
            if i not in behind and link.score >= 0.7:
                found.setdefault(i, link)
        distinct = {n.iri: (i, n) for i, n in found.items()}
        return sorted(distinct.values(), key=lambda p: p[0])

    def has_headlines(self, thing: Iri) -> bool:
        classes = self.lexicon.classes_of.get(thing, frozenset())
        return any(p.headline is not None and p.subjects & classes for p in self.schema.properties.values())


class Builder:
    """What the builders of candidates share: one grammar, and what it was made of."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.schema, self.lexicon = grammar.schema, grammar.lexicon
        self.connections, self.constrain = grammar.connections, grammar.constrain


def combined(scan: Scan, chosen: tuple[Constraint, ...]) -> list[Part]:
    """The parts of all conditions; those that an 'or' joins become one alternative."""
    parts: list[Part] = []
    for group in groups_of(scan, chosen):
        negative = any(c.negated for c in group)
        if len(group) > 1 and not negative:
            parts.append(Or(tuple(c.parts for c in group)))
        else:
            parts += [p for c in group for p in c.parts]
    return parts


def groups_of(scan: Scan, chosen: tuple[Constraint, ...]) -> list[list[Constraint]]:
    """Conditions in the order of the text, those on both sides of an 'or' together."""

    def place(c: Constraint) -> int:
        own = [i for i in c.mentions if scan.inside(i) and c.wanted and any(n.iri == c.wanted.iri for n in scan.mentions[i].links)]
        return min(
            [scan.first_token(i) for i in own] or [scan.first_token(i) for i in c.mentions if scan.inside(i)] + list(c.tokens), default=99
        )

    ordered = sorted(chosen, key=place)
    groups: list[list[Constraint]] = []
    for c in ordered:
        between = [o for o in scan.ops if o.kind == "or" and groups and place(groups[-1][-1]) < o.first < place(c)]
        broken = any(o.kind in ("and", "but") and groups and place(groups[-1][-1]) < o.first < place(c) for o in scan.ops)
        if (between and not broken) or (groups and broken and _kinds_joined(scan, groups[-1][-1], c)):
            groups[-1].append(c)
        else:
            groups.append([c])
    return groups


def _kinds_joined(scan: Scan, one: Constraint, other: Constraint) -> bool:
    """'Xs and Ys' names two kinds of thing side by side, not things that are both."""
    at = [next((i for i in c.mentions if c.wanted and scan.inside(i) and any(n.iri == c.wanted.iri for n in scan.mentions[i].links)), None)
          for c in (one, other)]  # fmt: skip
    if at[0] is None or at[1] is None or one.property != other.property or one.levels or other.levels or one.negated or other.negated:
        return False
    if {t.norm for t in scan.tokens[: scan.first_token(at[0])]} & (_VERBS | {"both"}):
        return False  # 'which are Xs and Ys' asks for both
    texts = [scan.mentions[i].text(scan.question).lower() for i in at if i is not None]
    labels = [c.wanted.label.lower() for c in (one, other) if c.wanted]
    plurals = all(t.endswith("s") and not n.endswith("s") for t, n in zip(texts, labels, strict=True))
    between = scan.question[scan.mentions[at[0]].end : scan.mentions[at[1]].start]
    return plurals and PARTED.fullmatch(between) is not None


def said_of(scan: Scan, kept: tuple[Constraint, ...]) -> str:
    """The conditions in words, grouped as the query groups them."""
    return join([join([that(c.english) for c in g], "and" if any(c.negated for c in g) else "or") for g in groups_of(scan, kept)])


def names_of(info: PropertyInfo) -> frozenset[str]:
    """The words of a property's label and aliases, folded."""
    return frozenset(fold(f"{info.named.label} {' '.join(info.named.aliases)}").split())


def that(english: str) -> str:
    return english if english.startswith(("whose", "that", "with", "where")) else f"that {english}"


def var_name(label: str, n: int) -> str:
    words = "".join(w.title() if i else w.lower() for i, w in enumerate(label.split()))
    name = "".join(c for c in words if c.isascii() and c.isalnum())
    return (name if name and not name[0].isdigit() and name != "x" else "value") + (str(n) if n else "")
