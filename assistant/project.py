"""From a described project to what it asks of a choice: needs, limits and wishes, what is in use and known, and what is weighed.

A message that states a project and asks for a choice is read as a whole, not sentence by sentence. Only function words are
looked for here; what a feature, a licence or a kind of project is called stands in the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from assistant.detect import stems_of, tokenize
from assistant.frames import Candidate, Constraint, MoveFrame, RecommendFrame
from assistant.grammar import Grammar
from assistant.moving import Moves
from assistant.needs import NEAR_NEED, SURE_NEED, NeedSense
from assistant.rank import ADVICE
from assistant.scan import Scan
from assistant.types import Link, Mention
from assistant.weigh import Weigher
from assistant.wishes import BEHIND, CHOICE, MUST, OWN, SOUGHT, SURE, WISHING, Part
from assistant.words import AUXILIARIES, QUESTION_WORDS, fold, join, plural
from graph.terms import DCT
from graph.types import Iri

FIT = 0.95  # of a reading of the whole text: nothing else explains all of its sentences
SHORT = 4  # words under which a sentence asks for no choice by itself
LONG = 14  # words from which one sentence may state a project
MOST_NEEDS = 3
GENERAL = frozenset(  # nouns for whatever may be chosen
    """thing things tool tools toolkit toolbox option options way ways approach solution software package packages library libraries stack
    technology technologies tech product choice choices one ones side kind sort type program code engine module system candidate candidates
    idea pick base basis fit match alternative alternatives combination setup architecture""".split()
)
_BEFORE_NOUN = frozenset("the a an best good is are".split())
_OR = re.compile(r"\bor\b", re.I)
_OFFERED = re.compile(r"\b(or|and|vs|versus|against|with)\b", re.I)  # side by side where a purpose is named: 'X vs Y for Z'
_BESIDE = re.compile(r"\b(with|existing|on top of|inside|alongside|next to|within)\W+((an?|the|existing)\W+)*$", re.I)
_ASKED_LAST = re.compile(r",\s*(so )?(which|what)\b[^,]*\W*$", re.I)  # 'must be X, which one?': limits first, then the question
_PURPOSE = re.compile(r"\b(vs|versus|compar\w+|better|which)\b.*\bfor\b|\bfor\b.*\b(vs|versus|compare|which|better)\b", re.I)


class Projects(Moves):
    """Reads project messages for one opened graph."""

    def __init__(self, grammar: Grammar, weigher: Weigher, sense: NeedSense) -> None:
        super().__init__(grammar, weigher)
        self.sense = sense

    @cached_property
    def _hints(self) -> frozenset[str]:
        return frozenset(w for words in self.weigher.needs.hints.values() for w in words)

    # ------------------------------------------------------------ whether it is one

    def read(self, whole: Scan, parts: tuple[Part, ...], follows: bool) -> Candidate | None:
        """The reading of a whole message, or None where it states no project and asks for no move."""
        if len(parts) == 1 and self.of_other_kind(parts[0].scan):
            return None
        if self.schema.focus is None or not parts or self.is_foreign(p.scan for p in parts):
            return None
        things = self._things(whole)
        if len(parts) == 1 and not follows and self._is_bare(whole):
            return self._candidate(whole, RecommendFrame(), "a recommendation, no need stated")
        move = self.moved(whole, parts, self._things(whole, succeeded=True))
        elsewhere = move is not None and self._elsewhere(whole, parts)
        frame = None if move and not elsewhere else self._choice(whole, parts, things, follows, elsewhere)
        if frame is not None:
            return self._candidate(whole, frame, self.english(frame))
        return self._candidate(whole, move, self.english(move)) if move is not None else None

    def _is_bare(self, whole: Scan) -> bool:
        """'What is the best framework?': what is chosen is named, and nothing that it is chosen for."""
        plain = {*whole.wording.stop, *QUESTION_WORDS, *AUXILIARIES, "best"}
        nouns = {t for i in self.nouns(whole) for t in whole.inside(i)}
        left = [k.norm for t, k in enumerate(whole.tokens) if t not in nouns and k.norm not in plain]
        return bool(nouns) and not left and any(k.norm == "best" for k in whole.tokens)

    def _candidate(self, whole: Scan, frame: RecommendFrame | MoveFrame, english: str) -> Candidate:
        told = {c.wanted.iri for c in self._constraints_of(frame) if c.wanted}
        told |= {*frame.needs} | ({frame.current} if isinstance(frame, MoveFrame) else {*frame.options, *frame.known})
        links = tuple((i, n) for i, m in enumerate(whole.mentions) for n in m.links[:3] if n.iri in told)
        return Candidate("recommendation", frame, english, None, frozenset(i for i, _ in links), frozenset(), links, fit=FIT)

    def _constraints_of(self, frame: RecommendFrame | MoveFrame) -> tuple[Constraint, ...]:
        return frame.wanted if isinstance(frame, MoveFrame) else (*frame.required, *frame.preferred)

    def describes(self, scan: Scan) -> bool:
        """Whether a sentence says more than that one of the things is wanted, and in what respect it is to be good."""
        said = {t for i in (*self.nouns(scan), *self.judging(scan)) for t in scan.inside(i)}
        plain = {*scan.wording.stop, *QUESTION_WORDS, *AUXILIARIES, *ADVICE, *WISHING}
        return any(k.norm not in plain for t, k in enumerate(scan.tokens) if t not in said)

    def asks(self, scan: Scan) -> bool:
        """Whether one sentence asks for a choice."""
        return self.schema.focus is not None and self._asks_for_choice((Part(scan, True),))

    def _asks_for_choice(self, parts: tuple[Part, ...]) -> bool:
        """Whether some sentence asks for a choice: in words of choosing, or by 'which' and the noun of what is chosen."""
        told = any(not p.asks and len(p.scan.tokens) >= SHORT for p in parts)
        for part in parts:
            words = [t.norm for t in part.scan.tokens]
            if self.of_other_kind(part.scan):
                continue
            if told and part.asks and BEHIND.search(part.text):
                return True
            noun = bool(self.nouns(part.scan))
            if CHOICE.search(part.text) or (noun and SOUGHT.search(part.text)):
                return True
            opens = len(words) < 4 or "which" in words or words[:1] in (["what"], ["any"], ["is"])
            if part.asks and noun and opens and (len(parts) > 1 or not self._plural(part.scan)):
                return True
        return False

    def of_other_kind(self, scan: Scan) -> bool:
        """'which servers can I use with X or Y' asks for servers, not for a choice between X and Y."""
        words = [t.norm for t in scan.tokens[:1]]
        nouns = [i for i, n in scan.links("class") if n.iri != self.schema.focus and not self._goes_without_saying(scan, i)]
        return words[:1] in (["which"], ["what"]) and any(0 < scan.first_token(i) <= 2 for i in nouns) and not scan.links("need")

    def is_foreign(self, scans: Iterable[Scan]) -> bool:
        """Whether an ask names a kind of thing that nothing here is ('which smartphone', 'the best laptop'), and nothing known beside."""
        told = list(scans)
        known = ("entity", "class", "need", "level", "property")
        if any(n.score >= SURE for s in told for m in s.mentions for n in m.links if n.kind in known):
            return False
        return any(self._is_strange_kind(s) for s in told)

    def _is_strange_kind(self, scan: Scan) -> bool:
        """Whether the noun behind 'which', 'what' or 'best' is a word that says something and links to nothing."""
        words = [k.norm for k in scan.tokens]
        for t in (t for t, word in enumerate(words) if word in ("which", "what", "best")):
            head = next((k for k in range(t + 1, len(words)) if words[k] not in _BEFORE_NOUN), None)
            if head is not None and scan.weight(head) >= 1.0 and words[head] not in GENERAL | scan.wording.own:
                return True
        return False

    def _goes_without_saying(self, scan: Scan, i: int) -> bool:
        """'which library would you build that on': a noun that says as little here as that of what is chosen."""
        return BEHIND.search(scan.text) is not None and {scan.tokens[t].norm for t in scan.inside(i)} <= scan.wording.own

    def _plural(self, scan: Scan) -> bool:
        """'which frameworks' asks for all of them, 'which framework' for a choice."""
        return any(scan.mentions[i].text(scan.question).lower().endswith("s") for i in self.nouns(scan))

    def _choice(
        self, whole: Scan, parts: tuple[Part, ...], things: list[tuple[int, Iri]], follows: bool, sure: bool
    ) -> RecommendFrame | None:
        text = whole.text
        words = len(whole.tokens)
        options = self._options(whole, parts, things)
        telling = [p for p in parts if not p.asks] or (len(parts) > 1 and parts)
        states = (len(parts) > 1 and bool(telling) and words >= 10) or (words >= LONG and (OWN.search(text) or MUST.search(text)))
        offered = len(options) > 1 and words >= 6
        if follows and words < LONG:
            return None
        asked = sure or self._asks_for_choice(parts) or offered
        unasked = not any(p.asks and "?" in p.text for p in parts)
        own, must = OWN.search(text) is not None, MUST.search(text) is not None
        wishes = unasked and (own or must if len(parts) > 1 else own and must)
        brief = asked and words >= SHORT and not things and not states
        wishes = wishes or (len(parts) == 1 and not things and self._lists_wishes(whole))
        if not (asked and (states or offered or brief)) and not wishes:
            return None
        asked_for = self.conditions(parts)[2] if not options else ()
        needs = self._needs(parts, options, asked_for)
        limits, likes, among = self.conditions(parts, asked_for or self.weigher.kinds(RecommendFrame(needs)))
        if not needs and not limits and not likes and not among:
            return None
        limited = limits and (_ASKED_LAST.search(text) or self._lists_wishes(whole))
        if brief and not among and not self._plain(parts, needs) and not limited:
            return None
        if wishes and not asked and not needs:
            return None
        if among and not (needs or limits or likes):
            needs = self._implied(among, whole)
        used = tuple(iri for i, iri in things if iri not in options and self._in_use(whole, i))
        if options:
            likes += tuple(self._going_with(whole, i, iri) for i, iri in things if iri not in (*options, *used) and self._beside(whole, i))
        out = self._ruled_out(parts)
        low, high = self.wished_end(p.scan for p in parts)
        made = RecommendFrame(
            needs, limits, likes, options if len(options) > 1 else (), None, out, low, high, among if not options else (),
            tuple(k for k in dict.fromkeys(used) if k not in out), noun=self.noun(p.scan for p in parts) if not options else None,
            judged=self.judged(p.scan for p in parts), waived=self.unasked(parts),
        )  # fmt: skip
        return replace(made, among=made.among or self.weigher.implied(made))

    def _lists_wishes(self, whole: Scan) -> bool:
        """'X, must be Y, small Z': a kind of project and what it must be, one after another, and no question."""
        listed = whole.text.count(",") >= 2 and "?" not in whole.text
        opens = whole.tokens and whole.tokens[0].norm not in {*QUESTION_WORDS, *AUXILIARIES}
        return bool(listed and opens and MUST.search(whole.text) and (whole.links("need") or self.nouns(whole)))

    def _plain(self, parts: tuple[Part, ...], needs: tuple[Iri, ...]) -> bool:
        """Whether a single sentence describes its kind of project plainly, in other words than its name."""
        if any(n.kind == "need" for p in parts for _, n in p.scan.links("need")):
            return False
        like = self.sense.likeness(" ".join(self._spoken(p) for p in parts))
        return any(like.get(n, 0.0) >= SURE_NEED for n in needs)

    def meets(self, options: tuple[Iri, ...], need: Iri) -> bool:
        """Whether one of the offered things has what a need requires (a queue is no choice between two web frameworks)."""
        wanted = [t for t in self.weigher.needs.required.get(need, ()) if self.is_category(t)]
        wanted = wanted or list(self.weigher.needs.among.get(need, ()))
        first = self.schema.first_headline()
        values = self.weigher.describer.values
        return not options or not wanted or first is None or any(set(values(o, first.iri)) & {*wanted} for o in options)

    def _implied(self, among: tuple[Iri, ...], whole: Scan) -> tuple[Iri, ...]:
        """The one need that asks for nothing but the named kind and is called like it ('which X framework': doing X)."""

        def words(iri: Iri) -> frozenset[str]:
            names = (self.lexicon.label(iri), *self.lexicon.aliases.get(iri, ()))
            return frozenset(t.stem for n in names for t in tokenize(n) if t.norm not in whole.wording.own)

        required = self.weigher.needs.required
        called = [n for n in sorted(required) if len(among) == 1 and required[n] == among and words(n) & words(among[0])]
        return tuple(called) if len(called) == 1 else ()

    def called(self, scans: Iterable[Scan]) -> tuple[Iri, ...]:
        """The kind by which what is chosen is called, where that says more than the name of the whole class."""
        noun = self.noun(scans)
        return (noun,) if noun else ()

    def fits(self, kinds: tuple[Iri, ...], need: Iri) -> bool:
        """Whether a need that is only described may be meant: it chooses from such kinds, or says that none of them is the answer."""
        return need in self.weigher.needs.instead or self._fits(kinds, need)

    def _fits(self, among: tuple[Iri, ...], need: Iri) -> bool:
        """Whether a need chooses from a kind of thing that is asked for by name, or leaves it open."""
        own = {t for t in self.weigher.needs.required.get(need, ()) if self.is_category(t)} or {*self.weigher.needs.among.get(need, ())}
        return not among or not own or bool(own & {*among})

    # ------------------------------------------------------------ things that are named

    def _things(self, whole: Scan, succeeded: bool = False) -> list[tuple[int, Iri]]:
        """(mention, thing) of the central things that are named, in the order of the text; with those that one has succeeded."""
        found = []
        for i, mention in enumerate(whole.mentions):
            best = next((n for n in mention.links if n.kind == "entity"), None)
            hinted = best is not None and best.how != "label" and best.score < SURE and stems_of(mention.text(whole.question)) & self._hints
            if best and not hinted and best.score >= 0.85 and (self._is_central(best.iri) or (succeeded and self._has_heir(best.iri))):
                found.append((i, best.iri))
        return found

    def _is_central(self, thing: Iri) -> bool:
        return self.lexicon.is_a(thing, *self.schema.subclasses(self.focus))

    def _has_heir(self, thing: Iri) -> bool:
        """Whether a central thing took its place: it is left for that one, though it is of another kind."""
        return any(isinstance(v, Iri) and self._is_central(v) for v in self.weigher.describer.values(thing, DCT.isReplacedBy))

    def _options(self, whole: Scan, parts: tuple[Part, ...], things: list[tuple[int, Iri]]) -> tuple[Iri, ...]:
        """Things offered to choose from: joined by 'or' in one sentence that asks."""
        for part in parts:
            inside = [(i, iri) for i, iri in things if part.scan.start <= whole.mentions[i].start < part.scan.end]
            near = {x for a, b in pairwise(inside) if self._or_between(whole, a[0], b[0]) for x in (a[1], b[1])}
            if part.asks and len(near) > 1 and not self._enumerated(whole, [i for i, _ in inside]):
                return tuple(dict.fromkeys(iri for _, iri in inside if iri in near))
        return ()

    def _enumerated(self, whole: Scan, things: list[int]) -> bool:
        """'X, Y and Z': things told one after another, of which none is to be chosen."""
        gaps = [fold(whole.question[whole.mentions[i].end : whole.mentions[j].start]) for i, j in pairwise(things)]
        return any(re.fullmatch(r",?\s*and\s*", g) for g in gaps) and not any(re.search(r"\bor\b", g) for g in gaps)

    def _or_between(self, whole: Scan, i: int, j: int) -> bool:
        between = fold(whole.question[whole.mentions[i].end : whole.mentions[j].start])
        joined = _OFFERED if _PURPOSE.search(whole.question[whole.start : whole.end]) and not whole.cues.difference else _OR
        return len(between) < 14 and (joined.search(between) is not None or between.strip() == ",")

    def _in_use(self, whole: Scan, i: int) -> bool:
        """Whether the text says of a thing that the asker has or knows it ('our X site', 'we know X', 'all X people')."""
        return OWN.search(self.before(whole, i)) is not None

    def _going_with(self, whole: Scan, i: int, iri: Iri) -> Constraint:
        label = self.lexicon.label(iri)
        return Constraint((), label, frozenset({i}), wanted=Link(iri, label, "entity", 1.0))

    def _beside(self, whole: Scan, i: int) -> bool:
        """'X or Y on top of an existing Z', 'with Z': what the choice has to go with."""
        return _BESIDE.search(self.before(whole, i)) is not None

    # ------------------------------------------------------------ needs

    def _needs(self, parts: tuple[Part, ...], options: tuple[Iri, ...], among: tuple[Iri, ...]) -> tuple[Iri, ...]:
        """Kinds of project that are named, then those that are described in other words; none that chooses from other kinds of thing."""
        named = [n.iri for p in parts for i, n in p.scan.links("need") if self.is_said(p.scan, i, n) and not self.refused(p.scan, i)]
        sentences = tuple(s for p in parts if (s := self._spoken(p)))
        held = {n: self._wider(n, sentences) for n in named if self.meets(options, n) and self._fits(among, n)}
        named = list(held.values())
        narrow = {n for n, wider in held.items() if n != wider}

        kinds = among or self.called(p.scan for p in parts)

        def fits(need: Iri) -> bool:
            return need not in narrow and self.meets(options, need) and self.fits(kinds, need)

        described = self.sense.described(sentences, bool(named), fits) if sentences else ()
        return tuple(dict.fromkeys((*named, *described)))[: max(MOST_NEEDS, len(set(named)))]

    def _wider(self, need: Iri, sentences: tuple[str, ...]) -> Iri:
        """The need whose name holds the named one's and that the text describes better ('back end for an X app' is no X app)."""
        label = self.lexicon.label(need).casefold()
        like = self.sense.best(sentences, hints=False)
        wider = [n for n in like if n != need and label in self.lexicon.label(n).casefold() and like[n] > max(like[need], NEAR_NEED)]
        return max(wider, key=lambda n: (like[n], n), default=need)

    def _spoken(self, part: Part) -> str:
        """What a sentence says of the project: names of central things taken out; '' for a bare 'which framework?'."""
        scan = part.scan
        nouns = self.nouns(scan)
        cut = {t for i, m in enumerate(scan.mentions) for t in scan.inside(i) if i in nouns or self._is_name(m)}
        kept = [t for k, t in enumerate(scan.tokens) if k not in cut]
        content = [t for t in kept if t.norm not in scan.wording.stop and t.norm not in QUESTION_WORDS and t.norm not in AUXILIARIES]
        if part.asks and len(content) < 4:
            return ""
        return " ".join(scan.question[t.start : t.end] for t in kept) if part.asks else scan.text

    def _is_name(self, mention: Mention) -> bool:
        classes = self.schema.subclasses(self.focus)
        return any(n.kind == "entity" and self.lexicon.is_a(n.iri, *classes) for n in mention.links)

    def _elsewhere(self, whole: Scan, parts: tuple[Part, ...]) -> bool:
        """Whether what is described calls for another kind of thing than a move would bring (a queue, not a framework)."""
        told = tuple(p for p in parts if not p.asks)
        texts = tuple(p.text for p in told)
        with self.sense.encoder.expecting((whole.text,)):  # by which it is chosen what is said of a move
            return any(n in self.weigher.needs.instead for n in self.sense.described(texts)[:1]) if told else False

    # ------------------------------------------------------------ words

    def english(self, frame: RecommendFrame | MoveFrame) -> str:
        """What is asked, as the line 'I understood' tells it."""
        label = self.lexicon.label
        if isinstance(frame, MoveFrame):
            towards = f" for {join([label(t) for t in frame.targets], 'or')}" if frame.targets else ""
            return f"whether to leave {label(frame.current)}{towards}"
        said = "a recommendation"
        said += f" for {join([label(n) for n in frame.needs])}" if frame.needs else ""
        said += f" among {join([label(o) for o in frame.options])}" if frame.options else ""
        said += f" among {join([plural(label(k)) for k in frame.among], 'or')}" if frame.among else ""
        must, without = ([c for c in frame.required if c.negated == denied] for denied in (False, True))
        said += f"; it must have {join([c.english for c in must])}" if must else ""
        said += f"; without {join([c.wanted.label if c.wanted else c.english for c in without], 'or')}" if without else ""
        said += f"; wished for: {join([c.english for c in frame.preferred])}" if frame.preferred else ""
        return said + (f"; known already: {join([label(k) for k in frame.known])}" if frame.known else "")
