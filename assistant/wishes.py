"""What sentences ask of a choice: limits, wishes and kinds of thing, each from a name that the graph knows.

Only function words are looked for here: what makes a limit of a wish, what denies one, and which levels are meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from assistant.frames import Constraint
from assistant.grammar import Grammar
from assistant.quantities import Quantities
from assistant.scan import Scan
from assistant.types import Link, Mention
from assistant.weigh import Weigher
from assistant.words import NEGATIONS, fold
from graph.provenance import BATCH
from graph.terms import FG
from graph.types import Iri

SURE = 0.93  # score of a link that may stand for a condition
JUDGED = 3  # words between a judging word and the noun that it is said of, at most
CHOICE = re.compile(
    r"\brecommend\b|\bsuggest\b|\bsuggestions?\b|\bcandidates?\b|\bany (ideas?|advice)\b(?! (from|by)\b)|\bwhat would you\b|\bwhich one\b"
    r"|\bwould you (take|use|choose|pick|recommend)\b|\bwhat (should|do|can|could|would|shall) (i|we|they|you|one)\b"
    r"|\bwhat should .* (written|built|made|done) (in|with|on|by)\b|\bwhat (fits|suits|remains|is left)\b"
    r"|\bwhat (is|comes|would be) (the )?(closest|nearest|best|right)\b|\bwhich (fits|suits|is (best|better|right))\b"
    r"|\bwith what\b|\byour (pick|choice|take|advice)\b|\bwhich would you\b"
    r"|\bneed (your )?advice\b|\bshould (i|we) (use|take|choose|pick|go)\b", re.I
)  # fmt: skip
# ways of asking what to take that ask for a choice only behind a project that was told: 'Which engine?', 'What can do that?'
BEHIND = re.compile(
    r"^\W*(so |and |but |then )*(with what|which( [\w-]+){1,3}|what (for|with)|what then)\W*$|\bwhat (is|else is) there\b"
    r"|\bwhat (can|could|would|will|might) [a-z]+ (that|this|it|such|there|here|for|best|all|both)\b"
    r"|\bwhat do (people|others|you) (use|take)\b"
    r"|\bwhat (runs|works|exists|helps|matches|does|handles|brings|makes|serves|covers)\b|\bwhat (can|could) (make|do|build|help|run)\b"
    r"|\bwhich ([\w-]+ ){1,4}(would|should|do|can|could|shall|must) (you|i|we|one|they|people)\b"
    r"|\bwhich ([\w-]+ ){1,4}(is|are|would be) (made|meant|best|better|right|left|enough|there|light|small|good|suited|able)\b"
    r"|\bwhich ([\w-]+ ){1,4}(matches|fits|suits|remains|helps|handles|brings|does|has|can|could)\b|\bis there (a|an|any|some)\b", re.I
)  # fmt: skip
SOUGHT = re.compile(r"\b(need|want|wanted|looking for|searching for|after) (a|an|some|the)\b", re.I)
OWN = re.compile(r"\b(i|we|our|my|us|i'm|i've|i'd|we're|we've|we'd|here)\b", re.I)
MUST = re.compile(
    r"\b(must|mandatory|required?|requires|insists?|needs?|needed|wanted|cannot|can't)\b|\b(has|have) to "
    r"(be|run|have|bring|support|speak|offer|come|work|fit)\b|\ball of (that|it|this)\b|\bnothing but\b", re.I
)  # fmt: skip
UNWANTED = re.compile(  # up to what is not wanted, where no new clause begins before it
    r"\b(no (wish|need|desire|intention|appetite|plan|reason) (to|for)|(would |'d )?rather not|without having to|refus(e|es|ed|ing)"
    r"|hat(e|es|ed)|dislikes?|avoid(s|ing)?|sick of|tired of|fed up with|allerg(y|ic) to|bann(ed|ing)|bans?|forbid(s|den|ding)?|prohibit\w*"
    r"|(do(es)?|ca|wo|must|may|could|should|would|are|is|am)(n't|nt| not|not) (want|like|run|use|have|install|take|accept|touch|deploy"
    r"|operate|maintain|allowed|permitted|able|going)(ing)?|(cannot|can not|will not|won't|never) (run|use|have|install|take|accept|touch"
    r"|deploy|operate|maintain))\b((?!\b(but|though|yet|however|so|because|and (i|we|it|need|want|must|have|also))\b)[^.,;:])*$", re.I
)  # fmt: skip
_EVEN_SO = re.compile(r"\b(can|could|do|will|would|live|go)(n't|not| not)?( \w+){0,2} without\b[^.,;:]*$", re.I)  # 'cannot do without X'
WISHING = frozenset(  # before what something is to be good in: 'must be fast', 'because of speed', 'high performance'
    """be is being very really extremely as for of about on high higher highest low lower lowest good great better best more most maximum
    minimal need needs want""".split()
)
_COUNTING = frozenset("matter matters counts important critical reasons first".split())  # behind it: 'speed matters'
_DEMANDED = re.compile(
    r"\b(?:required|mandatory|needed|wanted|must|insists?|needs?)(?= *$| *[,;.?!])|\b(?:is|are) (?:a must|required|mandatory)\b", re.I
)  # fmt: skip
_ONLY = re.compile(r"\b(only|nothing but|exclusively|strictly)\b", re.I)
_ON = frozenset("on under for or and support supports supporting to from".split())  # before the name of a platform
_SOFT = re.compile(r"\b(ideally|preferably|prefer|nice|fine|maybe|perhaps|bonus|optional|should|would like|if possible)\b", re.I)


@dataclass(frozen=True)
class Part:
    """One sentence with its scan."""

    scan: Scan
    asks: bool

    @property
    def text(self) -> str:
        return self.scan.text


class Wishes:
    """Reads conditions for one opened graph."""

    def __init__(self, grammar: Grammar, weigher: Weigher) -> None:
        self.grammar, self.weigher = grammar, weigher
        self.schema, self.lexicon = weigher.schema, weigher.lexicon

    @property
    def focus(self) -> Iri:
        assert self.schema.focus is not None
        return self.schema.focus

    def _ruled_out(self, parts: tuple[Part, ...]) -> tuple[Iri, ...]:
        """Central things that stand under a negation, or behind 'other than'."""
        classes = self.schema.subclasses(self.focus)
        found = set()
        for scan in (p.scan for p in parts):
            for i, link in scan.links("entity"):
                denied = self.refused(scan, i) or self.grammar.excluded(scan, i)
                if denied and link.score >= SURE and self.lexicon.is_a(link.iri, *classes):
                    found.add(link.iri)
        return tuple(sorted(found))

    def before(self, whole: Scan, i: int) -> str:
        """The words of the same sentence before a mention."""
        start = whole.mentions[i].start
        return re.split(r"[.?!;]\s", whole.question[:start])[-1]

    # ------------------------------------------------------------ conditions

    @cached_property
    def _values(self) -> dict[Iri, frozenset[Iri]]:
        """value -> the properties by which things of the focus class have it, also through one step (a licence's class)."""
        found: dict[Iri, set[Iri]] = {}
        kg, typed = self.weigher.kg, self.weigher.typed()
        limits = self.weigher.needs.limits  # what a release happens to depend on is no wish, unless it limits a choice
        lasting = [p for p, info in sorted(self.schema.properties.items()) if p in limits or info.functional or not info.volatile]
        known = " ".join(p.n3 for p in lasting)
        for row in kg.query(f"SELECT DISTINCT ?p ?o {kg.wrap(f'{typed} VALUES ?p {{ {known} }} ?x ?p ?o FILTER(isIRI(?o))')}"):
            if isinstance(row["o"], Iri) and isinstance(row["p"], Iri):
                found.setdefault(row["o"], set()).add(row["p"])
        near = {m: frozenset(p) for m, p in found.items()}
        order = sorted(near)
        for start in range(0, len(order), BATCH):  # asked for two steps at once, some engines take minutes to find an order
            some = " ".join(m.n3 for m in order[start : start + BATCH])
            body = f"VALUES ?m {{ {some} }} VALUES ?q {{ {known} }} ?m ?q ?o FILTER(isIRI(?o))"
            for row in kg.query(f"SELECT DISTINCT ?m ?o {kg.wrap(body)}"):
                if isinstance(row["o"], Iri) and isinstance(row["m"], Iri):
                    found.setdefault(row["o"], set()).update(near[row["m"]])
        return {o: frozenset(p) for o, p in found.items()}

    def plain_kind(self, scan: Scan, i: int) -> Iri | None:
        """The kind of thing that a mention names in words that go without saying here: a noun for whatever is chosen."""
        words = {scan.tokens[t].norm for t in scan.inside(i)}
        if not words or not words <= scan.wording.own:
            return None
        return next((n.iri for n in scan.mentions[i].links if n.kind == "entity" and self.is_category(n.iri)), None)

    def nouns(self, scan: Scan) -> list[int]:
        """The mentions that only say that one of the things is chosen: their class, or a kind whose name goes without saying."""
        called = {i for i, n in scan.links("class") if n.iri == self.schema.focus}
        return sorted(called | {i for i in range(len(scan.mentions)) if self.plain_kind(scan, i)})

    def judged(self, scans: Iterable[Scan]) -> tuple[Iri, ...]:
        """The respects in which what is chosen is to be good."""
        return tuple(dict.fromkeys(respect for scan in scans for respect in self.judging(scan).values()))

    def judging(self, scan: Scan) -> dict[int, Iri]:
        """mention -> the aspect in which what is chosen is to be good: named right before its noun ('a fast, secure framework'), and
        one that is measured also behind a word of wishing ('must be fast', 'for performance'). A quantity that is named stands for it.
        """
        found: dict[int, Iri] = {}
        kinds = (i for i, n in scan.links("entity") if n.iri == scan.mentions[i].links[0].iri and self.is_category(n.iri))
        starts = {scan.first_token(i) for i in (*self.nouns(scan), *kinds)}
        for i, mention in enumerate(scan.mentions):
            link = mention.links[0]  # a word that names a thing as well is a condition
            last = max(scan.inside(i), default=-9)
            if link.kind != "aspect" or link.score < SURE:
                continue
            measured = self.weigher.respects.quantities(link.iri)
            if any(0 < s - last <= JUDGED for s in starts) or (measured and self._is_wished(scan, i)):
                named = [q for q in self._of_aspect(link.iri) if self._quantities.is_named(scan, q)]
                found[i] = named[0] if named and named[0] not in measured else link.iri
        return found

    def wished_end(self, scans: Iterable[Scan]) -> tuple[Iri | None, Iri | None]:
        """The ordered property of which less, or more, is wanted, by the plain form of a word that compares by it ('lighter': 'light')."""
        words = [[t.norm for t in s.tokens] for s in scans]
        for prop, info in sorted(self.schema.properties.items()):
            for ends, low in ((info.low, True), (info.high, False)):
                plain = {w[:-2] for w in ends if w.endswith("er") and " " not in w and not info.is_date}
                if any(w in plain and self._says_how(own, t) for own in words for t, w in enumerate(own)):
                    return (prop, None) if low else (None, prop)
        return None, None

    def _says_how(self, words: list[str], t: int) -> bool:
        """Whether a word says how the choice is to be: 'light enough', 'something light', 'it must be light'."""
        before = {*words[max(0, t - 2) : t]}
        return words[t + 1 : t + 2] == ["enough"] or bool(before & {"be", "is", "something", "anything", "very", "really"})

    @cached_property
    def _quantities(self) -> Quantities:
        return Quantities(self.weigher.respects.measurements)

    def _of_aspect(self, aspect: Iri) -> list[Iri]:
        return [q.iri for q in self._quantities.measurements.quantities.values() if aspect in q.aspects]

    def _is_wished(self, scan: Scan, i: int) -> bool:
        """Whether an aspect is asked of what is chosen: before a kind of project, behind 'must be', 'for', 'because of', 'high'."""
        first, last = scan.first_token(i), max(scan.inside(i), default=-9)
        before = {t.norm for t in scan.tokens[max(0, first - 3) : first]}
        after = [t.norm for t in scan.tokens[last + 1 : last + 3]]
        project = any(0 < scan.first_token(j) - last < JUDGED for j, _ in scan.links("need"))
        return after[:1] != ["to"] and (project or bool(before & WISHING) or bool({*after} & _COUNTING))

    def noun(self, scans: Iterable[Scan]) -> Iri | None:
        """The kind that such a noun names, if any."""
        found = (self.plain_kind(s, i) for s in scans for i in range(len(s.mentions)))
        return next((k for k in found if k is not None), None)

    def conditions(
        self, parts: tuple[Part, ...], kinds: tuple[Iri, ...] = ()
    ) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...], tuple[Iri, ...]]:
        """Limits, wishes and kinds of thing that the sentences state; ``kinds`` are those that the choice is made from."""
        limits: dict[Iri, Constraint] = {}
        likes: dict[Iri, Constraint] = {}
        among: list[Iri] = []
        level = self._level_of_all(parts)
        for part in parts:
            for i in range(len(part.scan.mentions)):
                made = self._condition(part, i, level)
                if made is None or made.wanted is None:
                    continue
                iri, hard = made.wanted.iri, self._is_hard(part, i)
                if self.is_category(iri):
                    if i in self.nouns(part.scan):
                        continue  # 'which web framework' is only the noun of what is chosen
                    by_name = made.wanted.how == "label" or " " in part.scan.mentions[i].text(part.scan.question)
                    if by_name and not made.negated and (self.is_asked_for(part.scan, i) or (hard and made.wanted.how == "label")):
                        among.append(iri)
                    elif not made.negated and by_name:
                        likes.setdefault(iri, made)
                elif made.negated or hard or self._limits(iri):
                    if made.negated or hard or not self._of_others(iri, kinds):
                        limits[iri] = made
                else:
                    likes.setdefault(iri, made)
        return tuple(limits.values()), tuple(c for k, c in likes.items() if k not in limits), tuple(dict.fromkeys(among))

    def unasked(self, parts: tuple[Part, ...]) -> tuple[Iri, ...]:
        """Features that are not wanted ('no need for an ORM'): nothing may bring them in, and what has them is no worse for it."""
        refused = (
            n.iri for p in parts for i, m in enumerate(p.scan.mentions) for n in m.links[:1]
            if self.lexicon.is_a(n.iri, FG.Feature) and self.is_said(p.scan, i, n) and self.refused(p.scan, i)
        )  # fmt: skip
        return tuple(dict.fromkeys(refused))

    def _of_others(self, iri: Iri, kinds: tuple[Iri, ...]) -> bool:
        """Whether only things of other kinds have a value: it then speaks of what surrounds the choice (the clients' phones)."""
        return bool(kinds) and self.weigher.is_met(iri) and not self.weigher.is_met(iri, kinds)

    def is_asked_for(self, scan: Scan, i: int) -> bool:
        """'recommend a task queue', 'which GUI framework': the kind of thing that is chosen."""
        first = scan.first_token(i)
        before = [t.norm for t in scan.tokens[max(0, first - 3) : first]]
        behind = [t.norm for t in scan.tokens[max(scan.inside(i), default=0) + 1 :][:1]]
        if {*behind} & {"wanted", "needed", "sought"}:
            return True  # 'task queue wanted that ...'
        opens = bool(CHOICE.search(scan.text) or SOUGHT.search(scan.text)) or "which" in before
        chosen = {"a", "an", "which", "what", "any", "some", "best"} & {*before}
        return (opens or "best" in before) and bool(chosen) and not {"in", "of", "with"} & {*before}

    def _condition(self, part: Part, i: int, level: tuple[Iri, ...]) -> Constraint | None:
        scan = part.scan
        refused = self.refused(scan, i)
        classes = self.schema.subclasses(self.focus)
        if any(n.kind == "need" and self.is_said(scan, i, n) for n in scan.mentions[i].links[:1]):
            return None  # a kind of project, not what a word of its name means besides
        for link in scan.mentions[i].links:
            if link.kind != "entity" or not self.is_said(scan, i, link) or self.lexicon.is_a(link.iri, *classes):
                continue
            if self.lexicon.is_a(link.iri, FG.Feature):
                return None if refused else self._wish(scan, i, link, self._level(part, i) or level)
            if link.iri in self._values or self._bounds(link.iri):
                if refused and self._limits(link.iri) and not self._single(link.iri):
                    return None  # 'not on X': what runs there as well is no worse for it
                return self._wish(scan, i, link, (), refused)
        return None

    def _wish(self, scan: Scan, i: int, link: Link, levels: tuple[Iri, ...], negated: bool = False) -> Constraint:
        said = f"{'not ' if negated else ''}{link.label}"
        return Constraint((), said, frozenset({i}), frozenset(), negated, wanted=link, levels=levels)

    def limiting(self) -> list[Iri]:
        """The values that limit a choice wherever they are named (licences, platforms)."""
        return sorted(v for v, properties in self._values.items() if properties & self.weigher.needs.limits)

    def _limits(self, iri: Iri) -> bool:
        return bool(self._values.get(iri, frozenset()) & self.weigher.needs.limits) or self._bounds(iri)

    def _bounds(self, iri: Iri) -> bool:
        """Whether a thing is of the kind of values that limit a choice, though nothing that is known has it (an old Python)."""
        kinds = frozenset(c for p in self.weigher.needs.limits if p in self.schema.properties for c in self.schema.properties[p].objects)
        return bool(self.lexicon.classes_of.get(iri, frozenset()) & kinds)

    def _single(self, iri: Iri) -> bool:
        return any(self.schema.property(p).functional for p in self._values.get(iri, ()))

    def is_category(self, iri: Iri) -> bool:
        first = self.schema.first_headline()
        return first is not None and first.iri in self._values.get(iri, frozenset())

    def _clause(self, scan: Scan, i: int) -> str:
        """The words between the commas around a mention."""
        at = scan.mentions[i].start
        start = max(scan.start, scan.question.rfind(",", scan.start, at) + 1)
        end = scan.question.find(",", scan.mentions[i].end, scan.end)
        return scan.question[start : end if end >= 0 else scan.end]

    def _is_hard(self, part: Part, i: int) -> bool:
        clause = self._clause(part.scan, i)
        if _SOFT.search(clause):
            return False
        feature = any(self.lexicon.is_a(n.iri, FG.Feature) for n in part.scan.mentions[i].links)
        at = part.scan.mentions[i].start - part.scan.question.find(clause, part.scan.start)
        own = f"{clause[:at]} {' '.join(_DEMANDED.findall(clause[at:]))}"  # 'we use X and need Y' demands Y alone
        return bool(_ONLY.search(clause) or MUST.search(part.text if feature else own))

    def _level(self, part: Part, i: int) -> tuple[Iri, ...]:
        """The levels that are asked of a feature in its clause."""
        clause = self._clause(part.scan, i)
        return self._levels(part, lambda m: part.scan.question[m.start : m.end] in clause)

    def _levels(self, part: Part, near: Callable[[Mention], bool]) -> tuple[Iri, ...]:
        for mention in part.scan.mentions:
            words = [w for n in mention.links if n.kind == "level" for w in self.schema.level_words if w.named.iri == n.iri]
            if words and not words[0].default and near(mention):
                return words[0].covers
        return ()

    def _level_of_all(self, parts: tuple[Part, ...]) -> tuple[Iri, ...]:
        """Levels asked of everything: 'all of that built in'."""
        for part in parts:
            if re.search(r"\ball\b", part.text, re.I):
                covers = self._levels(part, lambda m: True)
                if covers:
                    return covers
        return ()

    def refused(self, scan: Scan, i: int) -> bool:
        """Whether a negation stands shortly before a mention in the same clause, or the asker will not have it ('no wish to run X')."""
        first = scan.first_token(i)
        before = scan.tokens[max(0, first - 3) : first]
        clause = self._clause(scan, i)
        told = _EVEN_SO.search(scan.question[scan.start : scan.mentions[i].start])
        if told and re.search(r"(n't|not)\b", told[0], re.I):
            return False
        if any(t.norm in NEGATIONS and scan.question[t.start : t.end] in clause for t in before):
            return True
        at, end = scan.mentions[i].start, scan.mentions[i].end
        if re.match(r"[- ]?free\b", scan.question[end : end + 6]):
            return True
        return UNWANTED.search(scan.question[max(scan.start, at - len(clause)) : at]) is not None

    def is_said(self, scan: Scan, i: int, link: Link) -> bool:
        """Whether a mention says a name of the link, not only a word of the same stem ('customer' is no 'customization')."""
        if link.score < SURE:
            return False
        written = scan.mentions[i].text(scan.question)
        first = scan.first_token(i)
        if link.label.isupper() and written.islower() and first and scan.tokens[first - 1].norm in ("the", "a"):
            return False  # 'the rest' is no acronym
        if link.label[:1].isupper() and re.fullmatch(r"[a-z]+s", written) and not (first and scan.tokens[first - 1].norm in _ON):
            return False  # 'windows and buttons' are no platform
        names = (link.label, *self.lexicon.aliases.get(link.iri, ()))
        told = link.kind == "need" and first and re.search(r" [A-Z][a-z]", written) and written not in names
        if told and written.lower() in map(str.lower, names):
            return False  # 'behind API Gateway' is the name of something else
        said = fold(written)
        surfaces = [fold(s) for s in names]
        return any(_alike(said, s) for s in surfaces)


def _alike(said: str, surface: str) -> bool:
    """The same words but for their endings; a verb's -ing is not the plural of a noun ('pages' is no 'paging')."""
    a, b = said.replace("-", " ").split(), surface.replace("-", " ").split()
    if len(a) != len(b):
        return "".join(a) == "".join(b)
    return all(_word_alike(x, y) for x, y in zip(a, b, strict=True))


def _word_alike(x: str, y: str) -> bool:
    if x == y:
        return True
    if x.endswith("ing") != y.endswith("ing"):
        return False
    x, y = (re.sub(r"(es|s|ed|ing)$", "", w) if len(w) > 4 else w for w in (x, y))
    return x == y or (min(len(x), len(y)) > 3 and (x.startswith(y) or y.startswith(x)))
