"""From a described project to what it asks of a choice: needs, limits and wishes, what is in use and known, and what is weighed.

A message that states a project and asks for a choice is read as a whole, not sentence by sentence. Only function words are
looked for here; what a feature, a licence or a kind of project is called stands in the graph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.detect import Ask
from assistant.frames import Candidate, Constraint, MoveFrame, RecommendFrame
from assistant.grammar import Grammar
from assistant.needs import SURE_NEED, NeedSense
from assistant.scan import Scan
from assistant.types import Link, Mention
from assistant.weigh import Weigher
from assistant.words import AUXILIARIES, NEGATIONS, QUESTION_WORDS, fold, join
from graph.terms import FG
from graph.types import Iri

FIT = 0.95  # of a reading of the whole text: nothing else explains all of its sentences
SHORT = 4  # words under which a sentence asks for no choice by itself
LONG = 14  # words from which one sentence may state a project
SURE = 0.93  # score of a link that may stand for a condition
MOST_NEEDS = 3
_CHOICE = re.compile(
    r"\brecommend\b|\bsuggest\b|\bsuggestions?\b|\bcandidates?\b|\bany (ideas?|advice)\b|\bwhat would you\b|\bwhich one\b"
    r"|\bwould you (take|use|choose|pick|recommend)\b|\bwhat (should|do|can|could|would|shall) (i|we|they|you|one)\b"
    r"|\bwhat should .* (written|built|made|done) (in|with|on|by)\b|\bwhat (fits|suits|remains|is left)\b"
    r"|\bwhat (is|comes|would be) (the )?(closest|nearest|best|right)\b|\bwhich (fits|suits|is (best|better|right))\b"
    r"|\bwith what\b|\byour (pick|choice|take|advice)\b|\bwhich would you\b|\bneed (your )?advice\b|\bshould (i|we) (use|take|choose|pick|go)\b", re.I
)  # fmt: skip
_SOUGHT = re.compile(r"\b(need|want|wanted|looking for|searching for|after) (a|an|some|the)\b", re.I)
_OWN = re.compile(r"\b(i|we|our|my|us|i'm|i've|i'd|we're|we've|we'd|here)\b", re.I)
_MUST = re.compile(
    r"\b(must|mandatory|required?|requires|insists?|needs?|needed|wanted|cannot|can't)\b|\b(has|have) to "
    r"(be|run|have|bring|support|speak|offer|come|work|fit)\b|\ball of (that|it|this)\b|\bnothing but\b", re.I
)  # fmt: skip
_ONLY = re.compile(r"\b(only|nothing but|exclusively|strictly)\b", re.I)
_SOFT = re.compile(r"\b(ideally|preferably|prefer|nice|fine|maybe|perhaps|bonus|optional|should|would like|if possible)\b", re.I)
_MOVE = re.compile(
    r"\b(migrat\w+|mov(e|ing)|switch(ing)?|leav(e|ing)|rewrit\w+|replac(e|ing)|port(ing)?|step|go if|get to|became of|what now)\b", re.I
)
_ADVISED = re.compile(
    r"\bshould (we|i)\b|\bworth\b|\bsensible\b|\bhave to (leave|move|switch|replace|rewrite)\b|\bmust (we|i)\b|\bmake sense\b|\bcost\b"
    r"|\bhow much work\b|\bwhat changes\b|\bwhere (should|do|can) (we|i)\b|\bwhat do (we|i) (replace|gain|lose)\b|\bbecame of\b"
    r"|\bwhat (would|do|will) (we|i) (gain|lose|win)\b|\bwould (switching|moving|a move|a switch|migrating)\b", re.I
)  # fmt: skip
_DEAD = re.compile(r"^\W*(is|are|has)\b.*\b(dead|abandoned|dying|unmaintained|been abandoned|dead end)\b", re.I)
_TO = re.compile(r"\b(to|for|with|by|into|is|towards)\W+(an? |the )?$", re.I)
_STAYED = re.compile(r"\b(remain|stay|keep) (on|with|in|at)\W*$", re.I)
_FROM = re.compile(r"\b(from|leave|leaving|replace|replacing|off|beyond|away from)\W+(our |the |my )?$", re.I)
_LISTED = re.compile(r"^\W*(?:\w+\W+){0,3}?$")


@dataclass(frozen=True)
class Part:
    """One sentence with its scan."""

    scan: Scan
    asks: bool

    @property
    def text(self) -> str:
        return self.scan.text


class Projects:
    """Reads project messages for one opened graph."""

    def __init__(self, grammar: Grammar, weigher: Weigher, sense: NeedSense) -> None:
        self.grammar, self.weigher, self.sense = grammar, weigher, sense
        self.schema, self.lexicon = weigher.schema, weigher.lexicon

    # ------------------------------------------------------------ whether it is one

    def read(self, whole: Scan, parts: tuple[Part, ...], follows: bool) -> Candidate | None:
        """The reading of a whole message, or None where it states no project and asks for no move."""
        if self.schema.focus is None or not parts:
            return None
        things = self._things(whole)
        move = self._move(whole, parts, things)
        elsewhere = move is not None and self._elsewhere(parts)
        frame = None if move and not elsewhere else self._choice(whole, parts, things, follows, elsewhere)
        if frame is not None:
            return self._candidate(whole, frame, self._english(frame))
        if move is not None:
            label = self.lexicon.label
            towards = f" for {join([label(t) for t in move.targets], 'or')}" if move.targets else ""
            return self._candidate(whole, move, f"whether to leave {label(move.current)}{towards}")
        return None

    def _candidate(self, whole: Scan, frame: RecommendFrame | MoveFrame, english: str) -> Candidate:
        told = {c.wanted.iri for c in self._constraints_of(frame) if c.wanted}
        told |= {*frame.needs} | ({frame.current} if isinstance(frame, MoveFrame) else {*frame.options, *frame.known})
        links = tuple((i, n) for i, m in enumerate(whole.mentions) for n in m.links[:3] if n.iri in told)
        return Candidate("recommendation", frame, english, None, frozenset(i for i, _ in links), frozenset(), links, fit=FIT)

    def _constraints_of(self, frame: RecommendFrame | MoveFrame) -> tuple[Constraint, ...]:
        return frame.wanted if isinstance(frame, MoveFrame) else (*frame.required, *frame.preferred)

    def _asks_for_choice(self, parts: tuple[Part, ...]) -> bool:
        """Whether some sentence asks for a choice: in words of choosing, or by 'which' and the noun of what is chosen."""
        for part in parts:
            words = [t.norm for t in part.scan.tokens]
            noun = any(n.iri == self.schema.focus for _, n in part.scan.links("class"))
            if _CHOICE.search(part.text) or (noun and _SOUGHT.search(part.text)):
                return True
            if part.asks and noun and (len(parts) > 1 or not self._plural(part.scan)) and (len(words) < 4 or "which" in words or words[:1] in (["what"], ["any"], ["is"])):
                return True
        return False

    def _plural(self, scan: Scan) -> bool:
        """'which frameworks' asks for all of them, 'which framework' for a choice."""
        nouns = [scan.mentions[i].text(scan.question).lower() for i, n in scan.links("class") if n.iri == self.schema.focus]
        return any(n.endswith("s") for n in nouns)

    def _choice(
        self, whole: Scan, parts: tuple[Part, ...], things: list[tuple[int, Iri]], follows: bool, sure: bool
    ) -> RecommendFrame | None:
        text = whole.text
        words = len(whole.tokens)
        options = self._options(whole, parts, things)
        telling = [p for p in parts if not p.asks] or (len(parts) > 1 and parts)
        states = (len(parts) > 1 and bool(telling) and words >= 10) or (words >= LONG and (_OWN.search(text) or _MUST.search(text)))
        offered = len(options) > 1 and words >= 6
        if follows and words < LONG:
            return None
        asked = sure or self._asks_for_choice(parts) or offered
        wishes = not any(p.asks and "?" in p.text for p in parts) and _OWN.search(text) and (len(parts) > 1 or _MUST.search(text))
        brief = asked and words >= SHORT and not things and not states
        if not (asked and (states or offered or brief)) and not wishes:
            return None
        needs = self._needs(parts, options)
        limits, likes, among = self._conditions(parts)
        if not needs and not limits and not likes and not among:
            return None
        if brief and not among and not self._plain(parts, needs):
            return None
        if wishes and not asked and not needs:
            return None
        used = tuple(iri for i, iri in things if iri not in options and self._in_use(whole, i))
        out = self._ruled_out(parts)
        return RecommendFrame(
            needs, limits, likes, options if len(options) > 1 else (), None, out, None, None, among if not options else (),
            tuple(k for k in dict.fromkeys(used) if k not in out),
        )  # fmt: skip

    def _plain(self, parts: tuple[Part, ...], needs: tuple[Iri, ...]) -> bool:
        """Whether a single sentence describes its kind of project plainly, in other words than its name."""
        if any(n.kind == "need" for p in parts for _, n in p.scan.links("need")):
            return False
        like = self.sense.likeness(" ".join(self._spoken(p) for p in parts))
        return any(like.get(n, 0.0) >= SURE_NEED for n in needs)

    def _meets(self, options: tuple[Iri, ...], need: Iri) -> bool:
        """Whether one of the offered things has what a need requires (a queue is no choice between two web frameworks)."""
        wanted = [t for t in self.weigher.needs.required.get(need, ()) if self._is_category(t)]
        wanted = wanted or list(self.weigher.needs.among.get(need, ()))
        first = self.schema.first_headline()
        return not options or not wanted or first is None or any(set(self.weigher.describer.values(o, first.iri)) & {*wanted} for o in options)

    # ------------------------------------------------------------ things that are named

    def _things(self, whole: Scan) -> list[tuple[int, Iri]]:
        """(mention, thing) of the central things that are named, in the order of the text."""
        found = []
        for i, mention in enumerate(whole.mentions):
            best = next((n for n in mention.links if n.kind == "entity"), None)
            if best and best.score >= 0.85 and self.lexicon.is_a(best.iri, *self.schema.subclasses(self._focus)):
                found.append((i, best.iri))
        return found

    @property
    def _focus(self) -> Iri:
        assert self.schema.focus is not None
        return self.schema.focus

    def _ruled_out(self, parts: tuple[Part, ...]) -> tuple[Iri, ...]:
        """Central things that stand under a negation, or behind 'other than'."""
        classes = self.schema.subclasses(self._focus)
        found = set()
        for scan in (p.scan for p in parts):
            for i, link in scan.links("entity"):
                denied = self._refused(scan, i) or self.grammar.excluded(scan, i)
                if denied and link.score >= SURE and self.lexicon.is_a(link.iri, *classes):
                    found.add(link.iri)
        return tuple(sorted(found))

    def _options(self, whole: Scan, parts: tuple[Part, ...], things: list[tuple[int, Iri]]) -> tuple[Iri, ...]:
        """Things offered to choose from: joined by 'or' in one sentence that asks."""
        for part in parts:
            inside = [(i, iri) for i, iri in things if part.scan.start <= whole.mentions[i].start < part.scan.end]
            joined = [(i, iri) for i, iri in inside]
            pairs = zip(joined, joined[1:], strict=False)
            near = {x for a, b in pairs if self._or_between(whole, a[0], b[0]) for x in (a[1], b[1])}
            if part.asks and len(near) > 1:
                return tuple(dict.fromkeys(iri for _, iri in inside if iri in near))
        return ()

    def _or_between(self, whole: Scan, i: int, j: int) -> bool:
        between = fold(whole.question[whole.mentions[i].end : whole.mentions[j].start])
        return len(between) < 14 and (re.search(r"\bor\b", between) is not None or between.strip() == ",")

    def _before(self, whole: Scan, i: int) -> str:
        """The words of the same sentence before a mention."""
        start = whole.mentions[i].start
        return re.split(r"[.?!;]\s", whole.question[:start])[-1]

    def _in_use(self, whole: Scan, i: int) -> bool:
        """Whether the text says of a thing that the asker has or knows it ('our X site', 'we know X', 'all X people')."""
        return _OWN.search(self._before(whole, i)) is not None

    # ------------------------------------------------------------ needs

    def _needs(self, parts: tuple[Part, ...], options: tuple[Iri, ...]) -> tuple[Iri, ...]:
        """Kinds of project that are named, then those that are described in other words."""
        named = [n.iri for p in parts for i, n in p.scan.links("need") if self.is_said(p.scan, i, n) and not self._refused(p.scan, i)]
        sentences = tuple(s for p in parts if (s := self._spoken(p)))
        named = [n for n in named if self._meets(options, n)]
        described = self.sense.described(sentences, bool(named), lambda n: self._meets(options, n)) if sentences else ()
        return tuple(dict.fromkeys((*named, *described)))[: max(MOST_NEEDS, len(set(named)))]

    def _spoken(self, part: Part) -> str:
        """What a sentence says of the project: names of central things taken out; '' for a bare 'which framework?'."""
        scan = part.scan
        cut = {t for i, m in enumerate(scan.mentions) for t in scan.inside(i) if self._is_name(m)}
        kept = [t for k, t in enumerate(scan.tokens) if k not in cut]
        content = [t for t in kept if t.norm not in scan.wording.stop and t.norm not in QUESTION_WORDS and t.norm not in AUXILIARIES]
        if part.asks and len(content) < 4:
            return ""
        return " ".join(scan.question[t.start : t.end] for t in kept) if part.asks else scan.text

    def _is_name(self, mention: Mention) -> bool:
        classes = self.schema.subclasses(self._focus)
        return any(n.iri == self.schema.focus or (n.kind == "entity" and self.lexicon.is_a(n.iri, *classes)) for n in mention.links)

    # ------------------------------------------------------------ conditions

    @cached_property
    def _values(self) -> dict[Iri, frozenset[Iri]]:
        """value -> the properties by which things of the focus class have it, also through one step (a licence's class)."""
        found: dict[Iri, set[Iri]] = {}
        kg, typed = self.weigher.kg, self.weigher.typed()
        known = " ".join(p.n3 for p in sorted(self.schema.properties))
        for body in (
            f"{typed} VALUES ?p {{ {known} }} ?x ?p ?o",
            f"{typed} VALUES ?p {{ {known} }} ?x ?p ?m . VALUES ?q {{ {known} }} ?m ?q ?o",
        ):
            for row in kg.query(f"SELECT DISTINCT ?p ?o {kg.wrap(body)}"):
                if isinstance(row["o"], Iri) and isinstance(row["p"], Iri):
                    found.setdefault(row["o"], set()).add(row["p"])
        return {o: frozenset(p) for o, p in found.items()}

    def _conditions(
        self, parts: tuple[Part, ...]
    ) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...], tuple[Iri, ...]]:
        """Limits, wishes and kinds of thing that the sentences state."""
        limits: dict[Iri, Constraint] = {}
        likes: dict[Iri, Constraint] = {}
        among: list[Iri] = []
        level = self._level_of_all(parts)
        usual = {k for n in self.weigher.needs.usual for k in self.weigher.needs.among.get(n, ())[:1]}
        for part in parts:
            for i in range(len(part.scan.mentions)):
                made = self._condition(part, i, level)
                if made is None or made.wanted is None:
                    continue
                iri, hard = made.wanted.iri, self._is_hard(part, i)
                if self._is_category(iri):
                    if iri in usual:  # 'which web framework' names what every choice is among
                        continue
                    if made.wanted.how == "label" and (hard or self._is_asked_for(part.scan, i)):
                        among.append(iri)
                    elif not made.negated:
                        likes.setdefault(iri, made)
                elif made.negated or hard or self._limits(iri):
                    limits[iri] = made
                else:
                    likes.setdefault(iri, made)
        return tuple(limits.values()), tuple(c for k, c in likes.items() if k not in limits), tuple(dict.fromkeys(among))

    def _is_asked_for(self, scan: Scan, i: int) -> bool:
        """'recommend a task queue', 'which GUI framework': the kind of thing that is chosen."""
        first = scan.first_token(i)
        before = [t.norm for t in scan.tokens[max(0, first - 3) : first]]
        opens = bool(_CHOICE.search(scan.text) or _SOUGHT.search(scan.text)) or "which" in before
        return opens and bool({"a", "an", "which", "what", "any", "some"} & {*before}) and not {"in", "of", "with"} & {*before}

    def _condition(self, part: Part, i: int, level: tuple[Iri, ...]) -> Constraint | None:
        scan = part.scan
        refused = self._refused(scan, i)
        for link in scan.mentions[i].links:
            if link.kind != "entity" or not self.is_said(scan, i, link) or self.lexicon.is_a(link.iri, *self.schema.subclasses(self._focus)):
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

    def _limits(self, iri: Iri) -> bool:
        return bool(self._values.get(iri, frozenset()) & self.weigher.needs.limits) or self._bounds(iri)

    def _bounds(self, iri: Iri) -> bool:
        """Whether a thing is of the kind of values that limit a choice, though nothing that is known has it (an old Python)."""
        kinds = frozenset(c for p in self.weigher.needs.limits if p in self.schema.properties for c in self.schema.properties[p].objects)
        return bool(self.lexicon.classes_of.get(iri, frozenset()) & kinds)

    def _single(self, iri: Iri) -> bool:
        return any(self.schema.property(p).functional for p in self._values.get(iri, ()))

    def _is_category(self, iri: Iri) -> bool:
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
        return bool(_ONLY.search(clause) or _MUST.search(part.text if feature else clause))

    def _level(self, part: Part, i: int) -> tuple[Iri, ...]:
        """The levels that are asked of a feature in its clause."""
        clause = self._clause(part.scan, i)
        return self._levels(part, lambda m: part.scan.question[m.start : m.end] in clause)

    def _levels(self, part: Part, near) -> tuple[Iri, ...]:  # type: ignore[no-untyped-def]
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

    def _refused(self, scan: Scan, i: int) -> bool:
        """Whether a negation stands shortly before a mention, in the same clause."""
        first = scan.first_token(i)
        before = [t for t in scan.tokens[max(0, first - 3) : first]]
        clause = self._clause(scan, i)
        return any(t.norm in NEGATIONS and scan.question[t.start : t.end] in clause for t in before)

    def is_said(self, scan: Scan, i: int, link: Link) -> bool:
        """Whether a mention says a name of the link, not only a word of the same stem ('customer' is no 'customization')."""
        if link.score < SURE:
            return False
        said = fold(scan.mentions[i].text(scan.question))
        surfaces = [fold(s) for s in (link.label, *self.lexicon.aliases.get(link.iri, ()))]
        return any(_alike(said, s) for s in surfaces)

    # ------------------------------------------------------------ moving

    def _move(self, whole: Scan, parts: tuple[Part, ...], things: list[tuple[int, Iri]]) -> MoveFrame | None:
        """'we are on X, should we go to Y?', 'is X dead? we use it': what is left, for what, and what is wanted there."""
        text = whole.text
        dead = any(p.asks and _DEAD.search(p.text) for p in parts)
        advised = _MOVE.search(text) and _ADVISED.search(text)
        if not things or not (advised or (dead and len(parts) > 1)):
            return None
        roles = self._roles(whole, things)
        current = next((iri for iri, role in roles.items() if role == "from"), None)
        current = current or next((iri for iri, role in roles.items() if role == "used"), None)
        left = [iri for iri in roles if iri != current]
        if current is None and dead:
            current, left = left[0], left[1:]
        if current is None and len(left) == 1 and (_OWN.search(text) or "became" in text):
            current, left = left[0], []
        if current is None:
            return None
        limits, likes, _ = self._conditions(parts)
        targets = tuple(iri for iri in left if roles[iri] in ("to", "offered"))
        named = dict.fromkeys(n.iri for _, n in whole.links("entity") if n.score >= SURE and n.iri not in roles)
        needs = tuple(n.iri for p in parts for i, n in p.scan.links("need") if self.is_said(p.scan, i, n))
        return MoveFrame(current, targets, (*limits, *likes), needs, tuple(named), text, dead)

    def _roles(self, whole: Scan, things: list[tuple[int, Iri]]) -> dict[Iri, str]:
        roles: dict[Iri, str] = {}
        for i, iri in things:
            before = self._before(whole, i)
            near = before[-24:]
            role = "from" if _FROM.search(near) else "used" if _STAYED.search(near) else ""
            if not role:
                owned = _OWN.search(before) is not None or (before.strip() == "" and "?" not in whole.question[: whole.mentions[i].end + 40])
                to = _TO.search(near) is not None and (_MOVE.search(before) is not None or _DEAD.search(before) is None)
                role = "used" if owned and not (_MOVE.search(before) and to) else "to" if to else "offered"
            roles.setdefault(iri, role)
        return roles

    def _elsewhere(self, parts: tuple[Part, ...]) -> bool:
        """Whether what is described calls for another kind of thing than a move would bring (a queue, not a framework)."""
        told = tuple(p for p in parts if not p.asks)
        return any(n in self.weigher.needs.instead for n in self.sense.described(tuple(p.text for p in told))[:1]) if told else False

    # ------------------------------------------------------------ words

    def _english(self, frame: RecommendFrame) -> str:
        label = self.lexicon.label
        said = "a recommendation"
        said += f" for {join([label(n) for n in frame.needs])}" if frame.needs else ""
        said += f" among {join([label(o) for o in frame.options])}" if frame.options else ""
        said += f"; it must have {join([c.english for c in frame.required])}" if frame.required else ""
        said += f"; wished for: {join([c.english for c in frame.preferred])}" if frame.preferred else ""
        return said + (f"; known already: {join([label(k) for k in frame.known])}" if frame.known else "")


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
