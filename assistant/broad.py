"""A choice for which no need is stated: there is no best, but who comes first for what, and whom each thing is said to suit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.frames import RecommendFrame
from assistant.relax import Ranked
from assistant.remarks import Remark
from assistant.weigh import Criterion, Weigher
from assistant.words import join
from graph.terms import FG
from graph.types import Fact, Iri

DESCRIBED = 5  # things of which it is told whom they suit
DECIDING = 3  # criteria named that earn a place

Short = Callable[[Criterion, Fact], str]


class Broad:
    """Answers for one opened graph; ``ranked`` orders what meets a frame, ``short`` names what earned a place."""

    def __init__(self, weigher: Weigher, ranked: Ranked, short: Short) -> None:
        self.weigher, self.ranked, self.short = weigher, ranked, short
        self.schema, self.lexicon, self.describer, self.needs = weigher.schema, weigher.lexicon, weigher.describer, weigher.needs

    def general(self, draft: Draft, frame: RecommendFrame) -> Outcome:
        """Who comes first for what; where something is to be good in a respect, before that who is ahead in its figures."""
        out = Outcome("recommendation")
        noun = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
        draft.say(f"There is no single best {noun}: it depends on what you build.", tone="frame")
        if frame.judged:
            classes = self.schema.subclasses(self.schema.focus) if self.schema.focus else ()
            things = [t for t in self.weigher.respects.measurements.by_thing if self.lexicon.is_a(t, *classes)]
            left_out = self.weigher.left_out(draft, frame)
            self.weigher.respects.leading(draft, frame.judged, sorted({*things} - {*left_out, *frame.excluded}), out)
        if self.needs.splits:
            return self._who_for_what(draft, replace(frame, judged=()), out)
        return self._suited(draft, out, noun)

    def _who_for_what(self, draft: Draft, frame: RecommendFrame, out: Outcome) -> Outcome:
        """For each need that splits the field the two that do best, with what earned the first its place."""
        draft.say("Which of these comes nearest to yours? By maintenance, maturity and the features that each asks for:", tone="frame")
        draft.row([("You build", ()), ("First", ()), ("Next", ()), ("What decides", ())])
        draft.row([("---", ())] * 4)
        for need in self.needs.splits:
            ranked = self.ranked(draft, replace(frame, needs=(need,)), out)[:2]
            if not ranked:
                continue
            best = sorted(ranked[0].met, key=lambda m: (-m[0].weight * m[1], m[0].target))[:DECIDING]
            names = [self.lexicon.label(s.thing) for s in ranked]
            why = join([self.short(c, f) for c, _, f in best])
            nxt = [f for _, _, f in ranked[1].met[:1]] if len(ranked) > 1 else []
            draft.row([(self.lexicon.label(need), ()), (names[0], [f for _, _, f in best]), (names[1] if nxt else "", nxt), (why, ())])
            out.rows.append({"for": self.lexicon.label(need), "first": names[0], "next": names[-1], "because": why})
            out.things += [s.thing for s in ranked if s.thing not in out.things]
        out.names = [self.lexicon.label(t) for t in out.things]
        out.empty = out.abstained = not out.names
        return out

    def _suited(self, draft: Draft, out: Outcome, noun: str) -> Outcome:
        """Whom each of the best-described things is said to suit."""
        aspects = self.describer.serving(draft, FG.fit)
        for thing in self._described(aspects)[:DESCRIBED]:
            told = self._recommended(thing, aspects)
            claims = [r for r in told if r.claim] or told
            self.describer.tell(draft, claims[0])
            out.things.append(thing)
            out.rows.append({noun: self.lexicon.label(thing), "said to suit": claims[0].says})
        out.names = [self.lexicon.label(t) for t in out.things]
        out.empty = out.abstained = not out.names
        values = " ".join(a.n3 for a in sorted(aspects))
        body = f"VALUES ?aspect {{ {values} }} ?r {FG.aspect.n3} ?aspect ; {FG.about.n3} ?thing ; {FG.says.n3} ?says"
        out.sparql = f"SELECT ?thing ?says {draft.kg.wrap(body)} ORDER BY ?thing ?says"
        draft.ask(out.sparql)
        return out

    def _recommended(self, thing: Iri, aspects: frozenset[Iri]) -> list[Remark]:
        """What is said of whom a thing suits; what only says whom it does not suit is no recommendation."""
        return [r for r in self.describer.about(thing, aspects) if r.suits or not r.unsuited]

    def _described(self, aspects: frozenset[Iri]) -> list[Iri]:
        """Things of the focus class with a word on whom they suit, those with most said of them first."""
        remarks, focus = self.describer.remarks, self.schema.focus
        pool = [t for t in sorted(remarks.about) if (focus is None or self.lexicon.is_a(t, focus)) and self._recommended(t, aspects)]
        return sorted(pool, key=lambda t: (-len(remarks.about[t]), t))
