"""From candidates to the Answer: choose, compose, or say what is not known and what would help."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant import sparql
from assistant.alike import Likeness
from assistant.calculate import Calculator
from assistant.compare import Comparer
from assistant.compose import Composer, Outcome
from assistant.connect import Connections
from assistant.decline import Decliner
from assistant.describe import Describer
from assistant.detect import split, tokenize, without_courtesy
from assistant.dialogue import State, Turn, turns
from assistant.draft import Draft
from assistant.followup import SOURCED, UNDONE
from assistant.frames import (
    AdviceFrame,
    AlikeFrame,
    Candidate,
    CommonFrame,
    CompareFrame,
    ContestedFrame,
    EveryFrame,
    FactFrame,
    ListFrame,
    MeasureFrame,
    MoveFrame,
    ProfileFrame,
    RecommendFrame,
    RemarkFrame,
    SinceFrame,
    StandInFrame,
    SumFrame,
    TableFrame,
    TiesFrame,
    VerdictFrame,
)
from assistant.gauge import Gauge
from assistant.lexicon import Lexicon
from assistant.link import Linker
from assistant.migrate import Mover
from assistant.project import FIT
from assistant.rank import SAME, SURELY_SAME
from assistant.recommend import Recommender
from assistant.scan import Scan
from assistant.settle import Settler, standings
from assistant.shared import Sharer
from assistant.stand_in import StandIn
from assistant.suggest import Suggester
from assistant.tabulate import Tabulator
from assistant.ties import Ties
from assistant.translate import Translator
from assistant.types import Answer, Link
from assistant.understand import Understander
from assistant.verdict import Judge
from assistant.versus import Versus
from graph.network import Network
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.types import Iri

ANSWER = 0.5  # score under which a reading is not trusted
MISFIT = 0.7  # the same where the answer is not of the kind that the ask's words want: a value where yes or no is asked
TOLD_OF = 0.34  # the same for a remark about a thing that the question names
SUPPLIED = 0.55  # score under which a remark adds nothing to who supplies a feature
KEPT = 256  # states of conversations that are kept
TRIED = 4  # readings composed before one is accepted

Settle = Callable[[str, Mapping[str, str]], dict[tuple[int, int], Link]]
_GREETING = re.compile(
    r"^\W*(hi|hello|hey|hiya|good (morning|evening|afternoon|day)|greetings|howdy|thanks?( you)?|thank you|bye|goodbye|cheers)\b"
    r"[\s!.,]*(there|all|everyone|bot|assistant|a lot|so much|very much|again|a bunch)?\W*$",
    re.I,
)
_HELP = re.compile(
    r"\b(what can (you|i) (do|ask|answer)|who are you|what are you|how do(es)? (you|this) work|help me|what do you know\??$|what is this)\b"
    r"|^\W*help\W*$",
    re.I,
)


class Responder:
    """Answers for one opened graph; the rooms do the work."""

    def __init__(
        self, graph: KnowledgeGraph, schema: Schema, lexicon: Lexicon, linker: Linker, composer: Composer, describer: Describer,
        comparer: Comparer, recommender: Recommender, connections: Connections, understander: Understander,
    ) -> None:  # fmt: skip
        self.graph, self.schema, self.lexicon, self.linker = graph, schema, lexicon, linker
        self.composer, self.describer, self.comparer, self.recommender = composer, describer, comparer, recommender
        self.tabulator, self.sharer = Tabulator(schema, lexicon), Sharer(schema, lexicon)
        self.calculator = Calculator(schema, lexicon)
        network = Network(graph, schema)
        self.mover = Mover(recommender, network)
        self.likeness, self.ties = Likeness(network, recommender), Ties(network, describer)
        self.stand_in, self.versus = StandIn(self.likeness), Versus(recommender, self.likeness)
        self.judge = Judge(schema, lexicon, connections)
        self.understander, self.central = understander, understander.parser.grammar.central
        self.gauge = Gauge(schema, lexicon, understander.parser.measured)
        self.settler = Settler(understander.projects, linker)
        self.suggester = Suggester(schema, lexicon, connections)
        self.translator = Translator(lexicon, linker)
        self._states: dict[str, State] = {}
        self.decliner = Decliner(graph, schema, lexicon, linker, describer, self.suggester)

    # ------------------------------------------------------------ one question

    def answer(
        self, text: str, history: Sequence[object], choices: dict[tuple[int, int], Link], given: dict[str, str], settle: Settle
    ) -> Answer:
        turn = {"question": text, "choices": given}
        if not text.strip():
            return self.decliner.plain(
                text, "clarification", "Please ask a question: a fact, a list, a comparison, or which one fits a need.", turn
            )
        foreign = self.translator.read(text)
        if foreign and foreign.declined:
            return self.decliner.plain(text, "abstention", foreign.declined, turn)
        if foreign:
            kept = {iri.value: how for iri, how in standings(given).items()}  # spans are those of the other text
            return foreign.told(self._english(foreign.english, history, {}, {"question": foreign.english, "choices": kept}, settle))
        return self._english(text, history, choices, turn, settle)

    def _english(
        self, text: str, history: Sequence[object], choices: dict[tuple[int, int], Link], turn: dict[str, Any], settle: Settle
    ) -> Answer:
        if _GREETING.match(text):
            return self.decliner.plain(text, "greeting", self.decliner.about()["greeting"], turn)
        if _HELP.search(without_courtesy(text)) and not any(
            n.score > 0.9 for m in self.linker.mentions(tokenize(text)) for n in m.links if n.kind == "entity"
        ):
            return self.decliner.plain(text, "greeting", self.decliner.help(), turn)
        state = self._state(history, settle)
        asks = self.settler.settle(self._asks(text, choices, state), turn["choices"])
        answers = [self._answer(scan, candidates, turn, state) for scan, candidates in asks]
        return self._merged(answers, text, turn)

    def understand(
        self, text: str, history: Sequence[object], choices: dict[tuple[int, int], Link], settle: Settle
    ) -> list[tuple[Scan, list[Candidate]]]:
        """The readings of each ask of a text, nothing composed."""
        foreign = self.translator.read(text)
        if foreign:
            text, choices = foreign.english, {}
        return self._asks(text, choices, self._state(history, settle)) if text.strip() else []

    def _asks(self, text: str, choices: dict[tuple[int, int], Link], state: State) -> list[tuple[Scan, list[Candidate]]]:
        """Scan each sentence; what is told is situation, and what it names is context for the asks."""
        parts = split(text)
        whole = self.understander.whole(text, parts, choices, state.candidate is not None)
        if whole is not None:
            return [(whole[0], [whole[1]])]
        told = tuple(self.understander.scan(text, a.start, a.end, choices) for a in parts if not a.asks)
        if told and state.candidate is None:
            state = State(
                asked=tuple(
                    dict.fromkeys(n.iri for s in told for _, n in s.links("entity") if n.score > 0.7 and self.central(n.iri))
                )
            )
        found: list[tuple[Scan, list[Candidate]]] = []
        asked = [self.understander.scan(text, a.start, a.end, choices) for a in parts if a.asks][:3]
        with self.understander.expecting(*asked[1:], situation=told):
            for scan in asked:
                near = self._carry(found, state)
                found.append(self.understander.read(scan, near, told))
        return found

    def _carry(self, found: list[tuple[Scan, list[Candidate]]], state: State) -> State:
        """A second ask leans on the first."""
        if not found or not found[-1][1]:
            return state
        scan, candidates = found[-1]
        first = candidates[0]
        ends = isinstance(first.frame, ListFrame) and first.frame.order_property  # 'which is the oldest X, and who made it?'
        answered = tuple(self._compose(Draft(self.graph), scan, first).things) if ends else ()
        return State(asked=self._asked(scan, first), answered=answered, candidate=first, scan=scan)

    def _asked(self, scan: Scan, candidate: Candidate) -> tuple[Iri, ...]:
        frame = candidate.frame
        if isinstance(frame, FactFrame):
            return frame.anchors
        if isinstance(frame, (VerdictFrame, SinceFrame, ProfileFrame, AdviceFrame, ContestedFrame, AlikeFrame)):
            return (frame.subject,)
        if isinstance(frame, (CompareFrame, CommonFrame, TiesFrame, MeasureFrame)):
            return frame.subjects
        if isinstance(frame, StandInFrame):
            return (frame.new, frame.old)
        if isinstance(frame, RemarkFrame):
            return frame.anchors
        if isinstance(frame, RecommendFrame):
            return frame.options or ((frame.current,) if frame.current else ())
        if isinstance(frame, MoveFrame):
            return (frame.current,)
        return ()

    # ------------------------------------------------------------ the conversation so far

    def _state(self, history: Sequence[object], settle: Settle) -> State:
        """Replay the last turns: what they asked about and answered. How each ends is kept for the next question."""
        state, told = State(), ""
        for turn in turns(history):
            told += repr((turn.question, sorted(turn.choices.items())))
            if told not in self._states:
                if len(self._states) >= KEPT:
                    self._states.clear()
                self._states[told] = self._after(state, turn, settle)
            state = self._states[told]
        return state

    def _after(self, state: State, turn: Turn, settle: Settle) -> State:
        """How the conversation stands after one more turn."""
        if not turn.question.strip() or _GREETING.match(turn.question):
            return state
        question = self.translator.english(turn.question)
        asks = self.settler.settle(self._asks(question, settle(question, turn.choices), state), turn.choices)
        if not asks or not asks[-1][1]:
            return state
        scan, candidates = asks[-1]
        first = candidates[0]
        named = tuple(dict.fromkeys(n.iri for _, n in scan.links("entity") if n.score > 0.7 and self.central(n.iri)))
        if first.fit < ANSWER:
            return replace(state, asked=named or state.asked, candidate=first if named else state.candidate, scan=scan)
        if first.edit == UNDONE and state.before is not None:
            return state.before
        outcome = self._compose(Draft(self.graph), scan, first)
        several = isinstance(first.frame, (ListFrame, TableFrame)) and len(named) > 1  # named in conditions: not what is spoken of
        asked = self._asked(scan, first) or (() if several else named)
        recent = tuple(dict.fromkeys((*state.recent, *(a for a in asked if self.central(a)))))[-2:]
        return State(asked, tuple(outcome.things), first, first.scan or scan, recent, state)

    # ------------------------------------------------------------ composing

    def _answer(self, scan: Scan, candidates: list[Candidate], turn: dict[str, Any], state: State) -> Answer:
        read_whole = bool(candidates) and candidates[0].fit == FIT
        blocked = None if read_whole else self.decliner.blocked(scan, state)
        if blocked:
            return self.decliner.plain(scan.text, "abstention" if not blocked[1] else "clarification", blocked[0], turn, buttons=blocked[1])
        best: tuple[Candidate, Draft, Outcome] | None = None
        for candidate in self._tried(scan, candidates):
            draft = Draft(self.graph)
            outcome = self._compose(draft, scan, candidate)
            if not draft.sentences:
                continue
            if best is None:
                best = (candidate, draft, outcome)
            if not outcome.empty and not outcome.abstained:
                if outcome is not best[2] and candidate.fit < best[0].fit - self._margin(best[0], candidate):
                    break
                best = (candidate, draft, outcome)
                break
        if best is None:
            return self.decliner.unknown(scan, candidates, turn)
        return self._finished(scan, *best, turn)

    def _margin(self, best: Candidate, other: Candidate) -> float:
        """How far below an unanswered reading another may score and still be told instead."""
        if isinstance(best.frame, MeasureFrame):
            return 0.0  # a figure that is not known is not made up for by something else
        asked = best.frame.constraints if isinstance(best.frame, VerdictFrame) else ()
        if isinstance(best.frame, VerdictFrame) and all(len(c.mentions) > 1 for c in asked) and best.features.get("coverage", 0.0) >= 0.99:
            own = isinstance(other.frame, RemarkFrame) and best.frame.subject in other.frame.anchors
            return 0.5 if own and other.features.get("alike", 0.0) >= SURELY_SAME else 0.0
        guessed = any(c.wanted and self.central(c.wanted.iri) and (len(c.mentions) < 2 or c.levels) for c in asked)
        asked_before = other.features.get("alike", 0.0) >= SAME  # a known question that the other one answers
        return 0.5 if (guessed or asked_before) and isinstance(other.frame, RemarkFrame) else 0.22

    def _tried(self, scan: Scan, candidates: list[Candidate]) -> list[Candidate]:
        """The readings worth composing: trusted, distinct, and of the shape that a yes/no question asks for, unless they lead."""
        seen: set[str] = set()
        kept: list[Candidate] = []
        for c in candidates:
            if scan.cues.yes_no and kept and isinstance(c.frame, (ListFrame, CompareFrame, FactFrame)):
                continue
            if scan.cues.when and kept and isinstance(c.frame, VerdictFrame):
                continue
            ident = f"{c.kind} {c.english}" if not isinstance(c.frame, VerdictFrame) else f"verdict {sorted(c.mentions)}"
            if c.fit >= _least(c) and ident not in seen:
                seen.add(ident)
                kept.append(c)
        return kept[:TRIED]

    def _compose(self, draft: Draft, scan: Scan, candidate: Candidate) -> Outcome:
        scan = candidate.scan or scan
        match candidate.frame:
            case FactFrame() as frame:
                return self.composer.fact(draft, candidate, frame)
            case ListFrame() as frame:
                return self.composer.listing(draft, candidate, frame)
            case TableFrame() as frame:
                return self.tabulator.table(draft, candidate, frame)
            case SumFrame() as frame:
                return self.calculator.total(draft, candidate, frame)
            case CommonFrame() as frame:
                return self.sharer.common(draft, frame)
            case VerdictFrame() as frame:
                return self.judge.verdict(draft, candidate, frame, scan.cues.either)
            case SinceFrame() as frame:
                return self.composer.since(draft, frame)
            case ProfileFrame() as frame:
                return self.describer.profile(draft, frame)
            case CompareFrame() as frame:
                return self._compared(draft, frame)
            case EveryFrame() as frame:
                assert candidate.graph is not None
                return self.judge.every(draft, frame, candidate.graph)
            case RemarkFrame() as frame:
                if frame.supply and self.judge.supply(draft, *frame.supply) and frame.hits[0][1] < SUPPLIED:
                    return Outcome("remark", things=[frame.supply[0]], sparql=draft.queries[-1])
                return self.describer.remark(draft, frame, scan.text)
            case ContestedFrame() as frame:
                return self.describer.contested(draft, frame.subject)
            case AdviceFrame() as frame:
                return self.describer.advise(draft, frame.subject, frozenset(n.iri for _, n in scan.links("aspect")))
            case AlikeFrame() as frame:
                return self.likeness.tell(draft, frame, candidate.graph)
            case TiesFrame() as frame:
                return self.ties.tell(draft, frame)
            case StandInFrame() as frame:
                return self.stand_in.judge(draft, frame)
            case MeasureFrame() as frame:
                return self.gauge.tell(draft, candidate, frame)
            case MoveFrame() as frame:
                return self.mover.move(draft, frame)
            case RecommendFrame() as frame:
                return self._recommended(draft, frame)

    def _compared(self, draft: Draft, frame: CompareFrame) -> Outcome:
        """Things beside each other, with what was measured of them in the respects that are asked for."""
        out, respects = self.comparer.compare(draft, frame), self.recommender.weigher.respects
        list(respects.measured(draft, [f for f in frame.focus if respects.quantities(f)], frame.subjects))
        return out

    def _recommended(self, draft: Draft, frame: RecommendFrame) -> Outcome:
        stated = frame.needs or frame.required or frame.preferred or frame.low or frame.high or frame.among
        if frame.options and not stated:
            return self.comparer.compare(draft, CompareFrame(frame.options[:5]))
        if stated and len(frame.options) > 1:
            return self.versus.tell(draft, frame)
        if stated:
            return self.recommender.recommend(draft, frame)
        return self.recommender.broad.general(draft, frame)

    def _finished(self, scan: Scan, candidate: Candidate, draft: Draft, outcome: Outcome, turn: dict[str, Any]) -> Answer:
        if candidate.edit == SOURCED or (scan.cues.said_by and scan.cues.who):
            draft.name_sources()
        buttons = self.suggester.after(candidate, outcome)
        understood = f"{candidate.english} ({candidate.edit})" if candidate.edit else candidate.english
        return Answer(
            question=turn["question"], kind=outcome.kind, text=draft.text(), sentences=tuple(draft.sentences), names=outcome.names,
            rows=outcome.rows, citations=draft.citations(), sparql=sparql.with_prefixes(outcome.sparql) if outcome.sparql else "",
            queries=[sparql.with_prefixes(q) for q in draft.queries], understood=understood,
            suggestions=[b.question for b in buttons], buttons=tuple(buttons), pieces=self.settler.pieces(scan, candidate),
            wanted=self.settler.read(candidate.frame, turn["choices"]),
            choosing=self.settler.chooses(candidate.frame), abstained=outcome.abstained, turn=turn,
            confidence=max(0.0, min(1.0, candidate.fit)),
        )  # fmt: skip

    def _merged(self, answers: list[Answer], text: str, turn: dict[str, Any]) -> Answer:
        """Several asks: the answered ones one after another; where none is answered, the first."""
        if len(answers) == 1:
            return answers[0]
        if not answers:
            return self.decliner.plain(text, "clarification", "I could not find a question in that. " + self.decliner.offer(), turn)
        good = [a for a in answers if not a.abstained and a.kind not in ("abstention", "clarification")]
        distinct = list({a.text: a for a in good}.values())
        if len(distinct) < 2:
            return (distinct or answers)[0]
        return self.suggester.joined(distinct[:2], turn)


def _least(c: Candidate) -> float:
    """The score from which a reading is trusted."""
    if isinstance(c.frame, RemarkFrame) and c.features.get("anchored"):
        return TOLD_OF
    misfit = isinstance(c.frame, (FactFrame, RecommendFrame)) and c.features.get("fit", 1.0) < 0.5
    return MISFIT if misfit else ANSWER
