"""From an ask to ranked candidates, with remarks and recommendations beside the query graphs, and follow-ups edited in."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import lru_cache

from assistant.detect import Ask, stems_of
from assistant.dialogue import State, is_follow_up, is_plural, pick, resolve
from assistant.edits import adds, recognise
from assistant.followup import FollowUps
from assistant.frames import AdviceFrame, Candidate, Constraint, FactFrame, RecommendFrame, VerdictFrame
from assistant.link import Linker
from assistant.lists import TARGET
from assistant.numbered import WIDER, Numbered
from assistant.parse import Parser
from assistant.project import LONG, Projects
from assistant.rank import ADVICE, by_score, is_fragment, ranked
from assistant.recall import Recall
from assistant.recommend import Recommender, hard
from assistant.remarks import RemarkIndex
from assistant.revise import SURE
from assistant.scan import Scan, scan_ask
from assistant.semantic import PropertySense
from assistant.types import Link
from assistant.units import UNITS
from assistant.wishes import SURE as CERTAIN
from assistant.wishes import WISHING, Part
from assistant.words import join, plural
from graph.types import Iri

RECENT = 16  # scans that are kept
CONTINUED = 0.06  # what a property gains whose name goes on from that of the property asked before


class Understander:
    """Reads asks for one opened graph."""

    def __init__(self, parser: Parser, linker: Linker, remarks: RemarkIndex, recommender: Recommender, sense: PropertySense) -> None:
        self.parser, self.linker, self.recommender = parser, linker, recommender
        self.schema, self.lexicon = parser.schema, parser.lexicon
        self.recall = Recall(parser.grammar, remarks, sense)
        self.projects = Projects(parser.grammar, recommender.weigher, recommender.sense)
        self.follow_ups = FollowUps(parser, self.recall)
        self._recent = lru_cache(maxsize=RECENT)(lambda question, start, end, context: self._scan(question, start, end, {}, context))

    def scan(self, question: str, start: int, end: int, choices: dict[tuple[int, int], Link], context: tuple[Iri, ...] = ()) -> Scan:
        """An ask, scanned; where nothing settles a mention, what was scanned just before (as a whole, as a sentence) is not again."""
        return self._scan(question, start, end, choices, context) if choices else self._recent(question, start, end, context)

    def _scan(self, question: str, start: int, end: int, choices: dict[tuple[int, int], Link], context: tuple[Iri, ...]) -> Scan:
        return self.parser.grammar.glue(scan_ask(question, start, end, self.linker, choices, context))

    def whole(
        self, text: str, parts: tuple[Ask, ...], choices: dict[tuple[int, int], Link], follows: bool
    ) -> tuple[Scan, Candidate] | None:
        """The reading of a message that states a project as a whole and asks for a choice or a move; None for any other."""
        scan = self.scan(text, 0, len(text), choices)
        wholes = Numbered.read(scan, self.lexicon).wholes  # 'we run X 4.2': a project stands on X
        if wholes:
            choices = {**wholes, **choices}
            scan = self.scan(text, 0, len(text), choices)
        if len(scan.tokens) < LONG and any(self.parser.nearby.near(scan)):
            return None  # alternatives to a thing are no project
        if len(scan.tokens) < LONG and any(c.cost <= 0 and scan.coverage(c.mentions, c.tokens) >= 0.9 for c in self.parser.figures(scan)):
            return None  # nor are figures
        told = tuple(Part(self.scan(text, a.start, a.end, choices), a.asks) for a in parts)
        found = self.projects.read(scan, told, follows)
        return (scan, found) if found is not None else None

    def expecting(self, *scans: Scan, situation: tuple[Scan, ...] = ()) -> AbstractContextManager[None]:
        """While these asks are read, what is compared by sense is encoded at once."""
        needs = [_together(*situation, scan) for scan in scans if self._describes(scan, bool(situation))]
        questions = [q for scan in scans for q in (*self.parser.facts.questions(scan), *self.recall.questions(scan))]
        return self.recall.sense.encoder.expecting([*questions, *needs])

    def read(self, scan: Scan, state: State, situation: tuple[Scan, ...] = ()) -> tuple[Scan, list[Candidate]]:
        """The scan as resolved against the conversation, and its candidates, best first."""
        edited: list[Candidate] = []
        scan = self._unled(scan) if state.candidate is not None else scan
        if (state.candidate is not None or state.asked) and self._follows(scan):
            picked = pick(scan, state, self.lexicon.label)
            if picked is not None:
                scan, state = picked
            elif state.candidate is not None:
                with self.recall.sense.encoder.expecting([scan.text, self.recall.sense.masked(scan, ())]):
                    edited = self._other_need(scan, state.candidate) or self.follow_ups.edits(scan, state, self._leans(scan))
            if (not is_plural(scan) or picked is not None or len(state.group) < 2) and self._leans(scan):
                scan = self._resolved(scan, state)
        scored = self._scored(scan, state, situation)
        numbered = Numbered.read(scan, self.lexicon)
        if numbered.wholes:
            of_line = numbered.speaking(scored, self.parser.connections)
            if not numbered.settled(of_line):
                other = self.scan(scan.question, scan.start, scan.end, numbered.wholes, scan.context)
                again = self._scored(other, state, situation)
                wider = 0.0 if numbered.beside or not of_line else WIDER
                if again and (not of_line or again[0].fit - wider >= of_line[0].fit):
                    scan, scored, of_line = other, again, []
            scored = of_line or scored
        boosted = [*edited, *scored]
        return scan, sorted(boosted, key=by_score)

    def _scored(self, scan: Scan, state: State, situation: tuple[Scan, ...]) -> list[Candidate]:
        with self.expecting(scan, situation=situation):
            found = [
                *self.parser.candidates(scan),
                *self.recall.candidates(scan),
                *self.recommendations(scan, situation),
                *self.advice(scan),
                *self.recall.contested(scan),
            ]
            if state.candidate is not None:
                found += self.follow_ups.with_context(scan, state)
        return [self._continued(c, state) for c in ranked(found, scan)]

    def _continued(self, c: Candidate, state: State) -> Candidate:
        """'and its date?' after the version: of what the sense of an ask suggests, what goes on about the property asked before."""
        before = state.candidate.frame if state.candidate is not None else None
        if not (isinstance(c.frame, FactFrame) and isinstance(before, FactFrame)) or c.features.get("sense", 1.0) >= 1.0:
            return c
        said = [stems_of(self.lexicon.label(p)) for p in before.properties]
        goes_on = any(old < stems_of(self.lexicon.label(p)) for p in c.frame.properties for old in said)
        return replace(c, fit=round(c.fit + CONTINUED, 4)) if goes_on else c

    def _follows(self, scan: Scan) -> bool:
        """Whether an ask leans on the one before, or is an edit of it by its very words."""
        return recognise(scan) is not None or self._leans(scan)

    def _leans(self, scan: Scan) -> bool:
        """Whether an ask leans on the one before: by a pronoun, or by what it leaves out."""
        leans = is_follow_up(scan, self.parser.grammar.central) or (adds(scan) and not scan.links("class"))
        return leans and not self._strange(scan)

    def _other_need(self, scan: Scan, previous: Candidate) -> list[Candidate]:
        """'and for a chat app?' after a recommendation: the same choice for another kind of project."""
        frame = previous.frame
        central = any(self.parser.grammar.central(n.iri) for _, n in scan.links("entity"))
        if not isinstance(frame, RecommendFrame) or not _FOR.match(scan.text) or central:
            return []
        needs = tuple(dict.fromkeys(n.iri for _, n in scan.links("need"))) or self.recommender.nearest_needs(scan.text)
        if not needs:
            return []
        made = RecommendFrame(needs, excluded=frame.excluded)
        return [Candidate("recommendation", made, self._recommend_english(made, ()), fit=SURE, edit="for another need", scan=scan)]

    def _unled(self, scan: Scan) -> Scan:
        """'the other way round: which lack it?': what stands behind such a lead says it all."""
        led = _LED.match(scan.text)
        at = scan.question.find(scan.text, scan.start) + led.end() if led else scan.start
        return self.scan(scan.question, at, scan.end, {}) if led and scan.question[at : scan.end].strip(" ?.!") else scan

    def _resolved(self, scan: Scan, state: State) -> Scan:
        """The ask with what its pronouns mean; 'one' of 'how do I add one?' is what the last question asked for."""
        one = state.wanted[0] if len(state.wanted) == 1 and state.candidate and isinstance(state.candidate.frame, VerdictFrame) else None
        if one is not None and any(t.norm == "one" for t in scan.tokens):
            scan = resolve(scan, replace(state, asked=(one,)), self.lexicon.label(one))
        return resolve(scan, state, self.lexicon.label(state.topic)) if state.topic is not None else scan

    # ------------------------------------------------------------ what is not known, what is judged

    def _strange(self, scan: Scan) -> bool:
        """Whether the ask names something unknown: a word that is no common English and links to nothing."""
        linked = {t for i in range(len(scan.mentions)) for t in scan.inside(i)} | {t for o in scan.ops for t in range(o.first, o.last)}
        free = [k for t, k in enumerate(scan.tokens) if t not in linked and scan.weight(t) >= 1.0]
        left = [k for k in free if k.norm.isalpha() and k.norm not in UNITS]
        return bool(self.linker.vocabulary) and any(
            k.norm not in self.linker.vocabulary and not self.linker.is_common(k.stem) for k in left
        )

    def advice(self, scan: Scan) -> list[Candidate]:
        """'is it any good?', 'worth learning X?': one thing under judgement, and no other need stated."""
        cues = scan.cues
        named = [(i, n) for i, n in reversed(scan.links("entity")) if self.parser.grammar.central(n.iri) and n.score >= 0.7]
        things = list({n.iri: (i, n) for i, n in named}.values())
        if not cues.judge or (cues.replace and not cues.yes_no) or len(things) != 1 or scan.links("need") or cues.listing:
            return []
        i, link = things[0]
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in ADVICE or k.norm in _JUDGING or k.norm in scan.wording.own)
        return [
            Candidate(
                "remark", AdviceFrame(link.iri), f"whether {link.label} is a good choice", None, frozenset({i}), tokens, ((i, link),), 0.04
            )
        ]

    # ------------------------------------------------------------ recommendations

    def recommendations(self, scan: Scan, situation: tuple[Scan, ...]) -> list[Candidate]:
        """A choice, where the ask or the situation before it states needs or asks for advice."""
        focus = self.schema.focus
        scans = (*situation, scan)
        if focus is None or (self.parser.nearby.asks(scan) and self._strange(scan)) or self.projects.of_other_kind(scan):
            return []  # alternatives to what is not known, or things of another kind: nothing to recommend
        if self._sets_features_apart(scan) or self.recall.supplied(scan) or self.projects.is_foreign(scans):
            return []
        needs, mentions = self._needs(scan, scans)
        conditions = self._conditions(scans, focus)
        options, negated = self._options(scan, scans)
        if scan.cues.who and len(options) == 1 and not needs:
            return []  # 'who is X a good choice for?' asks what X suits
        asks = self.projects.asks(scan)
        wanted = scan.cues.recommend or asks or (needs and not scan.cues.define and (scan.cues.listing or is_fragment(scan)))
        named = any(self.projects.nouns(s) for s in scans)
        if not (needs or options or negated or conditions) and self._strange(scan):
            return []  # what is to be chosen for is not known
        if not wanted or not (named or options or negated or needs or any(c.levels for c in conditions)):
            return []
        said = frozenset(i for c in conditions for i in c.mentions if i < len(scan.mentions))
        among, conditions = self._kinds_asked_for(scan, conditions)
        if not scan.links("need"):
            needs = tuple(n for n in needs if self.projects.fits(among or self.projects.called(scans), n))
        if len(options) > 1:
            needs = tuple(n for n in needs if self.projects.meets(options, n))
        required, preferred = hard(self.schema, conditions, " ".join(s.text for s in scans))
        current = options[0] if len(options) == 1 and not negated and any(s.cues.replace for s in scans) else None
        low, high = self._wanted_end(scan, focus)
        low, high = (low, high) if low or high else self.projects.wished_end(scans)
        out = (*negated, *([current] if current else ()))
        known = options if len(options) == 1 and not current else ()
        frame = RecommendFrame(needs, required, preferred, options if len(options) > 1 else (), current, out, low, high, among, known)
        frame = replace(frame, noun=self.projects.noun(scans) if not frame.options else None, judged=self.projects.judged(scans))
        frame = replace(frame, among=frame.among or self.recommender.weigher.implied(frame))
        things = {*options, *negated, focus}
        used = frozenset(mentions | {i for i, n in scan.links("entity", "class") if n.iri in things} | {*self.projects.nouns(scan)})
        used |= said | {*self.projects.judging(scan)}
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in ADVICE or (frame.judged and k.norm in WISHING))
        links = tuple((i, n) for i, n in scan.links("need") if i in mentions)
        features = {"situation": float(bool((situation or asks) and needs))}
        cost = 0.0 if needs or conditions or low or high else 0.05
        english = self._recommend_english(frame, conditions)
        return [Candidate("recommendation", frame, english, None, used, tokens, links, cost, features=features)]

    def _sets_features_apart(self, scan: Scan) -> bool:
        """'X or Y for Z?' of two features, and of nothing that has them: they are compared, and nothing is chosen that has both."""
        named = [i for i, n in scan.links("entity") if n.score >= CERTAIN and not self.parser.grammar.central(n.iri)]
        between = (scan.question[scan.mentions[a].end : scan.mentions[b].start] for a in named for b in named)
        joined = any(text.strip().casefold() in ("or", "vs", "vs.") for text in between)
        return joined and not self.projects.nouns(scan) and not self._options(scan, (scan,))[0]

    def _options(self, scan: Scan, scans: tuple[Scan, ...]) -> tuple[tuple[Iri, ...], tuple[Iri, ...]]:
        """The things offered to choose from, and those ruled out."""
        offering = [s for s in scans if s is scan or any(o.kind == "or" for o in s.ops)]
        named = [(s, i, n.iri) for s in offering for i, n in s.links("entity") if self.parser.grammar.central(n.iri) and n.score >= 0.7]
        grammar = self.parser.grammar
        negated = {iri for s, i, iri in named if s is scan and (grammar.negated(scan, i) or grammar.excluded(scan, i))}
        options = tuple(dict.fromkeys(iri for _, _, iri in named if iri not in negated))
        return options, tuple(sorted(negated))

    def _kinds_asked_for(self, scan: Scan, conditions: tuple[Constraint, ...]) -> tuple[tuple[Iri, ...], tuple[Constraint, ...]]:
        """'recommend a task queue': the kinds that are asked for by name, which are no wishes then, and what else is asked."""
        def is_kind(c: Constraint) -> bool:
            named = c.wanted is not None and not c.negated and self.projects.is_category(c.wanted.iri)
            return named and any(i < len(scan.mentions) and self.projects.is_asked_for(scan, i) for i in c.mentions)

        kinds = tuple(c.wanted.iri for c in conditions if c.wanted and is_kind(c))
        return kinds, tuple(c for c in conditions if not is_kind(c))

    def _recommend_english(self, frame: RecommendFrame, conditions: tuple[Constraint, ...]) -> str:
        said = "a recommendation"
        said += f" for {join([self.lexicon.label(n) for n in frame.needs])}" if frame.needs else ""
        said += f" among {join([self.lexicon.label(o) for o in frame.options])}" if frame.options else ""
        said += f" among {join([plural(self.lexicon.label(k)) for k in frame.among], 'or')}" if frame.among else ""
        return said + "".join(f", {c.english}" for c in conditions)

    def _wanted_end(self, scan: Scan, focus: Iri) -> tuple[Iri | None, Iri | None]:
        """'a lighter one': the ordered property of which less, or more, is wanted; dates are not wanted so."""
        order, prop, _ = self.parser.listing.order(scan, focus)
        if order is None or prop is None or prop.is_date:
            return None, None
        return (None, prop.iri) if order.descending else (prop.iri, None)

    def _needs(self, scan: Scan, scans: tuple[Scan, ...]) -> tuple[tuple[Iri, ...], set[int]]:
        named = [(i, n.iri, s) for s in scans for i, n in s.links("need")]
        if named:
            return tuple(dict.fromkeys(iri for _, iri, _ in named)), {i for i, _, s in named if s is scan}
        described = self._describes(scan, len(scans) > 1) and any(self.projects.describes(s) for s in scans)
        return self.recommender.nearest_needs(_together(*scans)) if described else (), set()

    def _describes(self, scan: Scan, situated: bool) -> bool:
        """Whether an ask may describe a kind of project in other words than its name."""
        return situated or scan.cues.recommend or self.projects.asks(scan)

    def _conditions(self, scans: tuple[Scan, ...], focus: Iri) -> tuple[Constraint, ...]:
        """Features and values named anywhere in the text; the asked things themselves are no conditions."""
        found: dict[Iri, Constraint] = {}
        for s in scans:
            nouns = {*self.projects.nouns(s)}
            for c in next(iter(self.parser.listing.choices(s, -1, focus, TARGET)), ()):
                if c.wanted and not c.mentions & nouns and not self.lexicon.is_a(c.wanted.iri, *self.schema.subclasses(focus)):
                    found.setdefault(c.wanted.iri, c)
        return tuple(found.values())


def _together(*scans: Scan) -> str:
    return " ".join(s.text for s in scans)


_FOR = re.compile(
    r"\W*((and|or|but|so|ok|okay|then|now|what about|how about|the same|one)\b,?\s*)*(for|if it is|if it were)\s+"
    r"(a|an|the|my|our|some|building|making|writing)\b", re.I
)  # fmt: skip
_LED = re.compile(
    r"\W*((no|and|so|ok|okay|now|well)\b,?\s+)*(what about\s+)?"
    r"((the )?(other way (a)?round|reverse|opposite|converse)|vice versa|conversely)\s*[:,;.–-]\s*(?=\w)", re.I
)  # fmt: skip
_JUDGING = frozenset("good idea worth learning still any new reliable decent enough sense trust avoid".split())
