"""From candidates to the Answer: choose, compose, or say what is not known and what would help."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant import sparql
from assistant.compare import Comparer
from assistant.compose import Composer, Outcome
from assistant.connect import Connections
from assistant.describe import Describer
from assistant.detect import split, tokenize, without_courtesy
from assistant.dialogue import State, turns
from assistant.draft import Draft
from assistant.frames import (
    AdviceFrame,
    Candidate,
    CommonFrame,
    CompareFrame,
    ContestedFrame,
    FactFrame,
    ListFrame,
    ProfileFrame,
    RecommendFrame,
    RemarkFrame,
    SinceFrame,
    TableFrame,
    VerdictFrame,
)
from assistant.lexicon import Lexicon
from assistant.link import Linker
from assistant.recommend import Recommender
from assistant.scan import Scan
from assistant.shared import Sharer
from assistant.suggest import Suggester
from assistant.tabulate import Tabulator
from assistant.types import Answer, Link, Piece, Suggestion
from assistant.understand import Understander
from assistant.verdict import Judge
from assistant.words import fold, join, stem
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import DCT, FG, RDF
from graph.types import Iri

ANSWER = 0.5  # score under which a reading is not trusted
TOLD_OF = 0.42  # the same for a remark about a thing that the question names
BESIDE = 0.3  # score of a remark that is told beside "I don't know"
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
        self.judge = Judge(schema, lexicon, connections)
        self.understander = understander
        self.suggester = Suggester(schema, lexicon, connections)

    # ------------------------------------------------------------ one question

    def answer(
        self, text: str, history: Sequence[object], choices: dict[tuple[int, int], Link], given: dict[str, str], settle: Settle
    ) -> Answer:
        turn = {"question": text, "choices": given}
        if not text.strip():
            return self._plain(
                text, "clarification", "Please ask a question: a fact, a list, a comparison, or which one fits a need.", turn
            )
        if _GREETING.match(text):
            return self._plain(text, "greeting", self.about()["greeting"], turn)
        if _HELP.search(without_courtesy(text)) and not any(
            n.score > 0.9 for m in self.linker.mentions(tokenize(text)) for n in m.links if n.kind == "entity"
        ):
            return self._plain(text, "greeting", self._help(), turn)
        state = self._state(history, settle)
        asks = self._asks(text, choices, state)
        answers = [self._answer(scan, candidates, turn, state) for scan, candidates in asks]
        return self._merged(answers, text, turn)

    def understand(
        self, text: str, history: Sequence[object], choices: dict[tuple[int, int], Link], settle: Settle
    ) -> list[tuple[Scan, list[Candidate]]]:
        """The readings of each ask of a text, nothing composed."""
        return self._asks(text, choices, self._state(history, settle)) if text.strip() else []

    def _asks(self, text: str, choices: dict[tuple[int, int], Link], state: State) -> list[tuple[Scan, list[Candidate]]]:
        """Scan each sentence; what is told is situation, and what it names is context for the asks."""
        parts = split(text)
        told = tuple(self.understander.scan(text, a.start, a.end, choices) for a in parts if not a.asks)
        if told and state.candidate is None:
            state = State(
                asked=tuple(
                    dict.fromkeys(n.iri for s in told for _, n in s.links("entity") if n.score > 0.7 and self.understander.central(n.iri))
                )
            )
        found: list[tuple[Scan, list[Candidate]]] = []
        for a in [a for a in parts if a.asks][:3]:
            scan = self.understander.scan(text, a.start, a.end, choices)
            near = self._carry(found, state)
            found.append(self.understander.read(scan, near, told))
        return found

    def _carry(self, found: list[tuple[Scan, list[Candidate]]], state: State) -> State:
        """A second ask leans on the first."""
        if not found or not found[-1][1]:
            return state
        scan, candidates = found[-1]
        return State(asked=self._asked(scan, candidates[0]), candidate=candidates[0], scan=scan)

    def _asked(self, scan: Scan, candidate: Candidate) -> tuple[Iri, ...]:
        frame = candidate.frame
        if isinstance(frame, FactFrame):
            return frame.anchors
        if isinstance(frame, (VerdictFrame, SinceFrame, ProfileFrame, AdviceFrame, ContestedFrame)):
            return (frame.subject,)
        if isinstance(frame, (CompareFrame, CommonFrame)):
            return frame.subjects
        if isinstance(frame, RemarkFrame):
            return frame.anchors
        if isinstance(frame, RecommendFrame):
            return frame.options or ((frame.current,) if frame.current else ())
        return ()

    # ------------------------------------------------------------ the conversation so far

    def _state(self, history: Sequence[object], settle: Settle) -> State:
        """Replay the last turns: what they asked about and answered."""
        state = State()
        for turn in turns(history):
            if not turn.question.strip() or _GREETING.match(turn.question):
                continue
            asks = self._asks(turn.question, settle(turn.question, turn.choices), state)
            if not asks or not asks[-1][1]:
                continue
            scan, candidates = asks[-1]
            named = tuple(dict.fromkeys(n.iri for _, n in scan.links("entity") if n.score > 0.7 and self.understander.central(n.iri)))
            if candidates[0].fit < ANSWER:
                state = State(
                    asked=named or state.asked, answered=state.answered, candidate=candidates[0] if named else state.candidate, scan=scan
                )
                continue
            draft = Draft(self.graph)
            outcome = self._compose(draft, scan, candidates[0])
            asked = self._asked(scan, candidates[0]) or named
            recent = tuple(dict.fromkeys((*state.recent, *(a for a in asked if self.understander.central(a)))))[-2:]
            state = State(asked, tuple(outcome.things), candidates[0], scan, recent)
        return state

    # ------------------------------------------------------------ composing

    def _answer(self, scan: Scan, candidates: list[Candidate], turn: dict[str, Any], state: State) -> Answer:
        blocked = self._blocked(scan, state)
        if blocked:
            return self._plain(scan.text, "abstention" if not blocked[1] else "clarification", blocked[0], turn, buttons=blocked[1])
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
            return self._unknown(scan, candidates, turn)
        return self._finished(scan, *best, turn)

    def _margin(self, best: Candidate, other: Candidate) -> float:
        """How far below an unanswered reading another may score and still be told instead."""
        guessed = isinstance(best.frame, VerdictFrame) and any(
            c.wanted and self.understander.central(c.wanted.iri) for c in best.frame.constraints
        )
        return 0.5 if guessed and isinstance(other.frame, RemarkFrame) else 0.22

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
            if c.fit >= (TOLD_OF if isinstance(c.frame, RemarkFrame) and c.features.get("anchored") else ANSWER) and ident not in seen:
                seen.add(ident)
                kept.append(c)
        return kept[:TRIED]

    def _compose(self, draft: Draft, scan: Scan, candidate: Candidate) -> Outcome:
        match candidate.frame:
            case FactFrame() as frame:
                return self.composer.fact(draft, candidate, frame)
            case ListFrame() as frame:
                return self.composer.listing(draft, candidate, frame)
            case TableFrame() as frame:
                return self.tabulator.table(draft, candidate, frame)
            case CommonFrame() as frame:
                return self.sharer.common(draft, frame)
            case VerdictFrame() as frame:
                return self.judge.verdict(draft, candidate, frame, scan.cues.either)
            case SinceFrame() as frame:
                return self.composer.since(draft, frame)
            case ProfileFrame() as frame:
                return self.describer.profile(draft, frame)
            case CompareFrame() as frame:
                return self.comparer.compare(draft, frame)
            case RemarkFrame() as frame:
                return self.describer.remark(draft, frame, scan.text)
            case ContestedFrame() as frame:
                return self.describer.contested(draft, frame.subject)
            case AdviceFrame() as frame:
                return self.describer.advise(draft, frame.subject, frozenset(n.iri for _, n in scan.links("aspect")))
            case RecommendFrame() as frame:
                stated = frame.needs or frame.required or frame.preferred or frame.low or frame.high
                if frame.options and not stated:
                    return self.comparer.compare(draft, CompareFrame(frame.options[:5]))
                if stated:
                    return self.recommender.recommend(draft, frame)
                return self.recommender.general(draft)

    def _finished(self, scan: Scan, candidate: Candidate, draft: Draft, outcome: Outcome, turn: dict[str, Any]) -> Answer:
        if scan.cues.said_by and scan.cues.who:
            draft.name_sources()
        buttons = self.suggester.after(candidate, outcome)
        return Answer(
            question=turn["question"], kind=outcome.kind, text=draft.text(), sentences=tuple(draft.sentences), names=outcome.names,
            rows=outcome.rows, citations=draft.citations(), sparql=sparql.with_prefixes(outcome.sparql) if outcome.sparql else "",
            queries=[sparql.with_prefixes(q) for q in draft.queries], understood=candidate.english,
            suggestions=[b.question for b in buttons], buttons=tuple(buttons), pieces=self._pieces(scan, candidate),
            abstained=outcome.abstained, turn=turn, confidence=max(0.0, min(1.0, candidate.fit)),
        )  # fmt: skip

    def _pieces(self, scan: Scan, candidate: Candidate) -> tuple[Piece, ...]:
        """The linked pieces as chips, each with its other candidates."""
        made = {}
        for i, link in candidate.links:
            if not 0 <= i < len(scan.mentions):
                continue
            mention = scan.mentions[i]
            if mention.start < mention.end:
                others = tuple((n.iri.value, f"{n.label} ({n.kind})") for n in mention.links if n.iri != link.iri)[:4]
                made[i] = Piece(f"{mention.start}:{mention.end}", mention.text(scan.question), link.iri.value, link.label, others)
        return tuple(made[i] for i in sorted(made))

    def _merged(self, answers: list[Answer], text: str, turn: dict[str, Any]) -> Answer:
        """Several asks: the answered ones one after another; where none is answered, the first."""
        if len(answers) == 1:
            return answers[0]
        if not answers:
            return self._plain(text, "clarification", "I could not find a question in that. " + self._offer(), turn)
        good = [a for a in answers if not a.abstained and a.kind not in ("abstention", "clarification")]
        distinct = list({a.text: a for a in good}.values())
        if len(distinct) < 2:
            return (distinct or answers)[0]
        return self.suggester.joined(distinct[:2], turn)

    # ------------------------------------------------------------ not known

    def _blocked(self, scan: Scan, state: State) -> tuple[str, tuple[Suggestion, ...]] | None:
        """Reasons to decline before anything is looked up."""
        if scan.cues.future:
            return ("I don't know: the graph states what is and was, with dates; it says nothing of the future.", ())
        strange = len(scan.unexplained(frozenset(range(len(scan.mentions))), frozenset()))
        if _dangling(scan) and state.candidate is None and strange < 2 and not state.asked:
            noun = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
            buttons = tuple(Suggestion(q, q) for q in self.about()["examples"][:3])
            return (f"Which {noun} do you mean? Please name the {noun}, since nothing was named before.", buttons)
        return None

    def _unknown(self, scan: Scan, candidates: list[Candidate], turn: dict[str, Any]) -> Answer:
        """Which words are not known, the nearest known thing, and the nearest statement about what was named."""
        known = frozenset(i for i, m in enumerate(scan.mentions) if m.best.score >= 0.7 and m.best.kind == "entity")
        words = scan.unexplained(known, frozenset())
        if not known and not any(m.best.kind in ("entity", "class", "property", "need") for m in scan.mentions):
            names = _names(scan)
            unknown = f" Nothing here is called “{_safe_name(names)}”." if names else ""
            return self._plain(scan.text, "abstention", f"I don't know: that is outside my scope.{unknown} {self._offer()}", turn)
        named = f" “{join([_safe(w) for w in words[:4]])}”" if words else " that"
        strange = [w for w in words[:4] if not self.linker.is_common(stem(fold(w)))]
        near = [n for n in dict.fromkeys(self.linker.nearest(w) for w in strange) if n]
        hint = f" The nearest thing that I know is {join(near[:2], 'or')}." if near else ""
        about = join(list(dict.fromkeys(scan.mentions[i].best.label for i in sorted(known)))[:3])
        where = f" about {about}" if about else ""
        buttons = tuple(self.suggester.about([scan.mentions[i].best.iri for i in sorted(known)]))
        said = f"I don't know: the graph has no information on{named}{where}.{hint}"
        return self._beside(scan, candidates, said, turn, buttons) or self._plain(scan.text, "abstention", said, turn, buttons=buttons)

    def _beside(
        self, scan: Scan, candidates: list[Candidate], said: str, turn: dict[str, Any], buttons: tuple[Suggestion, ...]
    ) -> Answer | None:
        """The declining sentence, and under it the statement about the named thing that comes nearest; None where none does."""
        for c in candidates:
            if isinstance(c.frame, RemarkFrame) and c.features.get("anchored") and c.features["found"] >= BESIDE:
                draft = Draft(self.graph)
                draft.say(said, tone="not-stated")
                draft.say("The nearest that it states:", tone="frame")
                self.describer.tell(draft, self.describer.remarks.remarks[c.frame.hits[0][0]])
                plain = self._plain(scan.text, "abstention", draft.text(), turn, buttons)
                return replace(plain, sentences=tuple(draft.sentences), citations=draft.citations(), queries=draft.queries)
        return None

    def _plain(self, question: str, kind: Any, text: str, turn: dict[str, Any], buttons: tuple[Suggestion, ...] = ()) -> Answer:
        if not buttons:
            buttons = tuple(Suggestion(q, q) for q in self.about()["examples"][:4])
        return Answer(
            question=turn.get("question", question),
            kind=kind,
            text=text,
            understood="",
            suggestions=[b.question for b in buttons],
            buttons=buttons,
            abstained=kind == "abstention",
            turn=turn,
        )

    # ------------------------------------------------------------ what the dataset says of itself

    def about(self) -> dict[str, Any]:
        body = f"?d {RDF.type.n3} {FG.Dataset.n3} ; ?p ?o"
        got: dict[Iri, list[str]] = {}
        for row in self.graph.query(f"SELECT ?p ?o {self.graph.wrap(body)} ORDER BY ?p ?o"):
            if isinstance(row["p"], Iri):
                got.setdefault(row["p"], []).append(row["o"].value)

        def first(p: Iri, default: str) -> str:
            return got.get(p, [default])[0]

        focus = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
        scope = first(FG.scope, f"{self.graph.name}: {focus}s and what is stated about them.")
        return {
            "title": first(DCT.title, self.graph.name),
            "scope": scope,
            "examples": got.get(FG.exampleQuestion) or self.suggester.examples(),
            "greeting": first(FG.greeting, f"Hello. Ask me about {self.graph.name}."),
            "asof": first(DCT.issued, ""),
            "version": self.graph.version,
        }

    def _offer(self) -> str:
        return f"I only answer questions on what this graph covers. {self.about()['scope']}"

    def _help(self) -> str:
        kinds = "facts, lists, counts, yes/no questions, definitions, comparisons and recommendations"
        return f"{self.about()['scope']} I answer {kinds}, and each sentence that states a fact names its source."


def _safe(word: str) -> str:
    return "".join(c for c in word if c.isalnum() or c in "-.+")[:40]


def _names(scan: Scan) -> str:
    """The first run of capitalised words after the opening one."""
    found = re.findall(r"(?<=\s)[A-Z][\w'-]*(?:\s+(?:of|the|at|in|on|[A-Z][\w'-]*))*", scan.text)
    return max((f.strip() for f in found if f not in ("I",)), key=len, default="")


def _safe_name(name: str) -> str:
    return " ".join(_safe(w) for w in name.split()[:6])


def _dangling(scan: Scan) -> bool:
    """'this project', 'it' with nothing named and nothing said before."""
    words = [t.norm for t in scan.tokens]
    pronoun = any(a in ("this", "that") and b in ("project", "framework", "one", "library", "thing") for a, b in pairwise(words))
    alone = any(w in ("it", "its") for w in words)
    return (pronoun or alone) and not scan.links("entity", "class") and not scan.cues.recommend
