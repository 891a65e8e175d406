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
UNWANTED = re.compile(
    r"\b(no (wish|need|desire|intention|appetite|plan|reason) (to|for)|rather not|not want(ing)? to|do not want|don't want"
    r"|without having to)\b[^.,;:]*$", re.I
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
        """Aspects named right before the noun of what is chosen: 'a fast, secure framework', 'the fastest framework'."""
        found: dict[Iri, None] = {}
        for scan in scans:
            starts = {scan.first_token(i) for i in self.nouns(scan)}
            for i, link in scan.links("aspect"):
                last = max(scan.inside(i), default=-9)
                bare = scan.mentions[i].links[0].kind == "aspect"  # a word that names a thing as well is a condition
                if bare and link.score >= SURE and any(0 < s - last <= JUDGED for s in starts):
                    found[link.iri] = None
        return tuple(found)

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
                    if by_name and not made.negated and (self._is_asked_for(part.scan, i) or (hard and made.wanted.how == "label")):
                        among.append(iri)
                    elif not made.negated and by_name:
                        likes.setdefault(iri, made)
                elif made.negated or hard or self._limits(iri):
                    if made.negated or hard or not self._of_others(iri, kinds):
                        limits[iri] = made
                else:
                    likes.setdefault(iri, made)
        return tuple(limits.values()), tuple(c for k, c in likes.items() if k not in limits), tuple(dict.fromkeys(among))

    def _of_others(self, iri: Iri, kinds: tuple[Iri, ...]) -> bool:
        """Whether only things of other kinds have a value: it then speaks of what surrounds the choice (the clients' phones)."""
        return bool(kinds) and self.weigher.is_met(iri) and not self.weigher.is_met(iri, kinds)

    def _is_asked_for(self, scan: Scan, i: int) -> bool:
        """'recommend a task queue', 'which GUI framework': the kind of thing that is chosen."""
        first = scan.first_token(i)
        before = [t.norm for t in scan.tokens[max(0, first - 3) : first]]
        opens = bool(CHOICE.search(scan.text) or SOUGHT.search(scan.text)) or "which" in before
        return opens and bool({"a", "an", "which", "what", "any", "some"} & {*before}) and not {"in", "of", "with"} & {*before}

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
                if refused and not (self._limits(link.iri) and self._single(link.iri)):
                    return None
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
        return bool(_ONLY.search(clause) or MUST.search(part.text if feature else clause))

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
