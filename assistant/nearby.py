"""Candidates for what lies near a thing: alternatives to it, how it is related to another, whether one can take the other's place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.frames import AlikeFrame, Candidate, Constraint, StandInFrame, TiesFrame
from assistant.grammar import Builder, Grammar, combined, said_of
from assistant.lists import TARGET, ListBuilder
from assistant.scan import Scan
from assistant.types import IsA, Link, QueryGraph
from assistant.words import join
from graph.types import Iri

_NOUN = r"(alternatives?|replacements?|substitutes?|competitors?|competition|rivals?|equivalents?|counterparts?|look-?alikes?)"
_LIKE = r"(similar|closest|nearest|close|near|akin|comparable|resembl\w+)"
_ARTICLE = r"(the |a |an |our |my )?"
# what stands before the name of the thing, and what behind it
_BEFORE = (
    re.compile(rf"\b{_NOUN}\W+(to|for|of)\W+{_ARTICLE}$", re.I),
    re.compile(rf"\b(something|anything|things?|stuff|ones?|packages?|tools?|most|more|much|what is|what's)\W+like\W+{_ARTICLE}$", re.I),
    re.compile(rf"^\W*(what|which)\b[^,?]*\b(is|are)\W+(much |most |more )?like\W+{_ARTICLE}$", re.I),
    re.compile(rf"\b{_LIKE}\W+((\w+\W+){{0,2}}(to|with|of)\W+)?{_ARTICLE}$", re.I),
    re.compile(rf"\bwhat (else|other)\b[^,?]*\b(besides?|apart from|other than|instead of|than|aside from)\W+{_ARTICLE}$", re.I),
    re.compile(
        rf"\bwhat\b[^,?]*\b(use|take|choose|pick|try|do|go with|run)\b[^,?]*\b(instead of|in place of|other than)\W+{_ARTICLE}$", re.I
    ),
    re.compile(rf"\b(what|which)\b[^,?]*\b(replaces?|supersedes?|rivals?|competes with|resembles?)\W+{_ARTICLE}$", re.I),
)
_INSTEAD_OF_IT = re.compile(rf"\W+(instead of|in place of|rather than|other than)\W+{_ARTICLE}$", re.I)
_PART = re.compile(r"^('s|’s)? \w", re.I)
_OWNED = re.compile(r"^('s|’s)\W+(for|in|with)\b", re.I)  # 'an admin like X's for Y'
_TO_WHAT = re.compile(rf"\b{_NOUN}\W+(to|for|of)\W+{_ARTICLE}\w", re.I)
_BEHIND = re.compile(rf"^('s|s'|’s)?\W+{_NOUN}\b", re.I)
_INSTEAD_OF = re.compile(rf"^\W*(instead of|in place of)\W+{_ARTICLE}$", re.I)
_WHAT = re.compile(r"^\W+what (else|instead|can|could|should|do|would)\b", re.I)
_ALIKE = re.compile(rf"\b((most|more|much) like|{_LIKE})\b", re.I)
_IS_LIKE = re.compile(rf"^\W*(is|are)\b.*\b(like|alike|{_LIKE})\b|^\W*how (similar|close|alike|near)\b", re.I)
_PLACE = re.compile(rf"\b({_NOUN}|instead|else|replaces?|supersedes?|in place of)\b", re.I)
_WORDS = frozenset(
    """same how alike near is are
    alternative alternatives replacement replacements substitute substitutes competitor competitors rival rivals equivalent equivalents
    counterpart counterparts similar closest nearest akin comparable like something anything things stuff else besides beside apart instead
    package packages tool tools
    other than most more much good best better any there use using take choose pick try replace replaces replaced relative relatives
    possible available exist exists known close next possibilities competes resembles options option competition go""".split()
)

_TIES = re.compile(
    r"\bhow\b.*\b(related|connected|linked|tied|relates?|(belong|hang|fit|go|work) together|stands? (in relation )?to)\b"
    r"|\bwhat\b.*\b(connects?|links?|ties|joins|relates|binds)\b|\b(relation|relations|relationship|connection|link|tie)\b.*\b(between|of|with)\b"
    r"|\bto do with\b|^\W*(is|are)\b.*\b(related|connected|linked)\b", re.I
)  # fmt: skip
_DOING = re.compile(r"\bhow (to|(do|can|could|should|would|does) (i|we|you|one|people))\b", re.I)  # how to connect, not how they are
_TIE_WORDS = frozenset(
    """related relate relates relation relations relationship connected connects connect connection linked links link tied ties tie joins
    together belong hang fit go between common each other do does with other binds stand stands""".split()
)

_REPLACE = re.compile(
    r"\b(replac(e|es|ed|ing)|substitut(e|es|ed)|supersedes?|stand(s)? in|tak(e|es) (over )?the place|(be )?used instead|swap(ped)?"
    r"|exchanged?)\b"
    rf"|\b(drop-?in )?{_NOUN}\b|\b(do|offer|have|support|provide|cover)s? (everything|all (that|what))\b", re.I
)  # fmt: skip
_PASSIVE = re.compile(r"\b(replaced|substituted|swapped|exchanged) (by|with|for)\b", re.I)
_LOSE = re.compile(r"\bwhat\b.*\b(lose|miss|give up|gain|win)\b.*\b(instead of|in place of|rather than)\b", re.I)
_SETTING = re.compile(rf"\b(in|for|with|under|behind|on|of)\W+{_ARTICLE}$", re.I)
_INTO = re.compile(rf"^\W*(with|by|for)\W+{_ARTICLE}$", re.I)
_SHOULD = re.compile(r"\b(should|worth|must|have to|sensible|make sense)\b", re.I)
_STAND_IN_WORDS = frozenset(
    """replace replaces replaced replacing substitute supersede supersedes stand place instead swap swapped exchange drop in dropin full
    complete completely fully replacement alternative good direct real easily simply use used serve serves act same everything
    all that does do lose miss gain win give up what offers has offer have can without changes""".split()
)


class NearBuilder(Builder):
    """Builds candidates for one opened graph."""

    def __init__(self, grammar: Grammar, listing: ListBuilder) -> None:
        super().__init__(grammar)
        self.listing = listing

    def near(self, scan: Scan) -> Iterator[Candidate]:
        """Whichever of the three is asked: to take the place of, to be tied to, to be like."""
        yield from self._stand_in(scan) or self._ties(scan) or self._pair(scan) or self._alternatives(scan)

    def asks(self, scan: Scan) -> bool:
        """Whether alternatives are asked for, to whatever it may be."""
        return _TO_WHAT.search(scan.text) is not None

    # ------------------------------------------------------------ alternatives

    def _alternatives(self, scan: Scan) -> list[Candidate]:
        """'alternatives to X', 'something like X', 'what else is there besides X', 'X replacement'."""
        cues = scan.cues
        several = re.search(r"\balternatives\b", scan.text, re.I) is not None
        if cues.count or cues.how or (cues.who and not _PLACE.search(scan.text)) or (cues.yes_no and not cues.exists and not several):
            return []
        named = [(i, n) for i, n in self.grammar.named(scan) if not self._is_noun(scan, i)]
        at = next(((i, n) for asked in (self._is_behind, self._is_ahead) for i, n in named if asked(scan, i)), None)
        if at is None and len(named) == 1 and several:
            at = named[0]
        if at is None:
            return []
        i, link = at
        if self._is_taken(scan, i, named) or self._is_part(scan, i, named) or self._is_example(scan, i, named):
            return []
        cls = self.lexicon.kind(link.iri, self.schema)
        if cls is None:
            return []
        beside = tuple(n.iri for j, n in named if j != i and self.grammar.shared_class([n.iri, link.iri]) == cls)
        beside = tuple(b for b in beside if not self.constrain.is_feature(b))
        return [self._alike(scan, i, link, cls, beside)]

    def _is_example(self, scan: Scan, i: int, named: list[tuple[int, Link]]) -> bool:
        """'things like X, Y, or Z': the first of a list of examples, none of which is to be left."""
        behind = [j for j, _ in named if scan.first_token(j) > scan.first_token(i)]
        return len(behind) > 1 and bool(re.search(r"\blike\W*$", scan.question[: scan.mentions[i].start], re.I))

    def _alike(self, scan: Scan, i: int, link: Link, cls: Iri, beside: tuple[Iri, ...]) -> Candidate:
        kept_up = not _ALIKE.search(scan.text) or bool(_PLACE.search(scan.text))
        chosen = self._conditions(scan, i, cls, beside)
        order, prop, spoken = self.listing.order(scan, cls)
        ordered = prop.iri if order is not None and prop is not None and (prop.low or prop.high) else None  # 'lighter', not 'most like'
        low, high = (None, ordered) if order is not None and order.descending else (ordered, None)
        given = said_of(scan, chosen) if chosen else ""
        frame = AlikeFrame(link.iri, kept_up, beside, low, high, given, called=scan.mentions[i].text(scan.question))
        said = f"alternatives to {link.label}" if kept_up else f"what is most like {link.label}"
        said += f" {given}" if given else ""
        said += f", by {'lowest' if low else 'highest'} {self.lexicon.label(ordered)}" if ordered else ""
        said += f", other than {join([self.lexicon.label(b) for b in beside])}" if beside else ""
        parts = (IsA(TARGET, self.schema.subclasses(cls)), *combined(scan, chosen))
        graph = QueryGraph(TARGET, parts, (TARGET,)) if chosen else None
        used = frozenset({i, *(j for j, n in scan.links("entity") if n.iri in beside)}).union(*(c.mentions for c in chosen))
        used |= frozenset(j for j, n in scan.links("class") if n.iri in (cls, *self.lexicon.classes_of.get(link.iri, ())))
        tokens = self._words(scan, _WORDS) | (spoken if ordered else frozenset())
        links = ((i, link), *((j, c.wanted) for c in chosen for j in c.mentions if c.wanted))
        return Candidate("list", frame, said, graph, used, tokens.union(*(c.tokens for c in chosen)), links, -0.3)

    def _pair(self, scan: Scan) -> list[Candidate]:
        """'is X like Y?', 'how similar are X and Y?': the likeness of the two."""
        named = [(i, n) for i, n in self.grammar.named(scan) if not self._is_noun(scan, i)]
        if len(named) != 2 or not _IS_LIKE.search(scan.text) or self.grammar.shared_class([n.iri for _, n in named]) is None:
            return []
        (i, one), (j, other) = named
        one_first = re.match(r"^\W*how\b", scan.text, re.I) is not None
        frame = AlikeFrame(one.iri, False, only=(other.iri,)) if one_first else AlikeFrame(other.iri, False, only=(one.iri,))
        said = f"how alike {one.label} and {other.label} are"
        return [Candidate("list", frame, said, None, frozenset({i, j}), self._words(scan, _WORDS), ((i, one), (j, other)), -0.3)]

    def _conditions(self, scan: Scan, i: int, cls: Iri, beside: tuple[Iri, ...]) -> tuple[Constraint, ...]:
        """What else the ask wants of an alternative: features and values, not other things of its kind."""
        out = frozenset({i, *(j for j, n in scan.links("entity") if n.iri in beside)})
        chosen = next(iter(self.listing.choices(scan, -1, cls, TARGET, skip=out)), ())
        kept = (c for c in chosen if c.wanted and len(c.via) < 2 and not self.grammar.is_a(c.wanted.iri, cls))
        return tuple(c for c in kept if not self._is_same(scan, c) and not self._is_noise(scan, c))

    def _is_noise(self, scan: Scan, c: Constraint) -> bool:
        """Whether a condition was read out of a word that only asks ('packages like X')."""
        return all({scan.tokens[t].norm for t in scan.inside(i)} <= _WORDS for i in c.mentions)

    def _is_same(self, scan: Scan, c: Constraint) -> bool:
        """'with the same API': what the thing itself has, no condition of its own."""
        before = {scan.tokens[max(0, scan.first_token(i) - 1)].norm for i in c.mentions}
        return bool(before & {"same", "its", "similar", "equal"})

    def _is_behind(self, scan: Scan, i: int) -> bool:
        """Whether the words before a name ask for what is like it ('something like X', 'frameworks like X')."""
        before = scan.question[scan.start : scan.mentions[i].start]
        after = scan.question[scan.mentions[i].end : scan.end]
        if any(p.search(before) for p in _BEFORE) or (_INSTEAD_OF.search(before) and _WHAT.search(after)):
            return True
        kin = re.search(rf"\blike\W+{_ARTICLE}$", before, re.I)
        nouns = [scan.mentions[j].end for j, _ in scan.links("class") if j < i]
        return kin is not None and any(0 <= scan.start + kin.start() - e <= 1 for e in nouns)

    def _is_taken(self, scan: Scan, i: int, named: list[tuple[int, Link]]) -> bool:
        """'use X instead of Y': what is taken in its place is named already."""
        before = scan.question[: scan.mentions[i].start]
        found = _INSTEAD_OF_IT.search(before)
        return found is not None and any(0 <= found.start() - scan.mentions[j].end <= 1 for j, _ in named if j != i)

    def _is_part(self, scan: Scan, i: int, named: list[tuple[int, Link]]) -> bool:
        """'something like X's admin for Y': a feature is asked for, not another X."""
        behind = scan.question[scan.mentions[i].end :]
        feature = any(self.constrain.is_feature(n.iri) and n.score > 0.9 for j, n in scan.links("entity") if j == i + 1)
        others = any(self.grammar.central(n.iri) for j, n in named if j > i)
        return (feature and others and _PART.match(behind) is not None) or _OWNED.match(behind) is not None

    def _is_ahead(self, scan: Scan, i: int) -> bool:
        """'X alternatives', 'a replacement' behind the name."""
        return bool(_BEHIND.search(scan.question[scan.mentions[i].end : scan.end]))

    def _is_noun(self, scan: Scan, i: int) -> bool:
        return any(n.kind == "class" for n in scan.mentions[i].links)

    # ------------------------------------------------------------ ties

    def _ties(self, scan: Scan) -> list[Candidate]:
        """'how are X and Y related?', 'what connects X and Y', 'what does X have to do with Y'."""
        named = self.grammar.named(scan)
        if len(named) < 2 or not _TIES.search(scan.text) or _DOING.search(scan.text):
            return []
        (i, one), (j, other) = named[:2]
        said = f"how {one.label} and {other.label} are related"
        frame = TiesFrame((one.iri, other.iri))
        return [Candidate("remark", frame, said, None, frozenset({i, j}), self._words(scan, _TIE_WORDS), ((i, one), (j, other)), -0.2)]

    # ------------------------------------------------------------ standing in

    def _stand_in(self, scan: Scan) -> list[Candidate]:
        """'can X replace Y?', 'is X a drop-in replacement for Y?', 'can I swap Y for X?'."""
        found = _REPLACE.search(scan.text) or _LOSE.search(scan.text)
        named = [(i, n) for i, n in self.grammar.named(scan) if not self._is_noun(scan, i)]
        asked = scan.cues.yes_no or _LOSE.search(scan.text)
        if not asked or scan.cues.exists or scan.cues.every or scan.cues.either or found is None or _SHOULD.search(scan.text):
            return []
        if len(named) < 2 or len(named) > 3 or (len(named) == 3 and not self._is_setting(scan, named[2][0])):
            return []
        (i, one), (j, other) = named[:2]
        new, old = (other, one) if self._old_first(scan, scan.start + found.start(), i, j) else (one, other)
        said = f"whether {new.label} can take the place of {old.label}"
        frame = StandInFrame(new.iri, old.iri, scan.text)
        tokens = self._words(scan, _STAND_IN_WORDS)
        return [Candidate("yes-no", frame, said, None, frozenset(k for k, _ in named), tokens, tuple(named), -0.3)]

    def _is_setting(self, scan: Scan, i: int) -> bool:
        """'in X', 'for X' behind the two: where the one is to take the other's place."""
        return _SETTING.search(scan.question[scan.start : scan.mentions[i].start]) is not None

    def _old_first(self, scan: Scan, verb: int, i: int, j: int) -> bool:
        """Whether the first of two names is the one to be replaced ('replace Y with X', 'can Y be replaced by X')."""
        between = scan.question[scan.mentions[i].end : scan.mentions[j].start]
        if verb < scan.mentions[i].start and not _LOSE.search(scan.text):
            return _INTO.match(between) is not None
        return _PASSIVE.search(between) is not None

    def _words(self, scan: Scan, words: frozenset[str]) -> frozenset[int]:
        return frozenset(t for t, k in enumerate(scan.tokens) if k.norm in words)
