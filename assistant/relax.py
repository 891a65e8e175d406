"""Where nothing meets all that is asked: said so, which limit to give up, what is said of it, and what comes nearest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.frames import Constraint, RecommendFrame
from assistant.remarks import Remark
from assistant.weigh import Score, Weigher
from assistant.words import join, plural
from graph.terms import FG
from graph.types import Iri

LIMITS_TOLD = 4
SHOWN = 3

Ranked = Callable[[Draft, RecommendFrame, Outcome], list[Score]]


class Relaxer:
    """Eases what is asked of a choice; ``ranked`` orders what meets a frame."""

    def __init__(self, weigher: Weigher, ranked: Ranked) -> None:
        self.weigher, self.ranked = weigher, ranked
        self.schema, self.lexicon, self.describer = weigher.schema, weigher.lexicon, weigher.describer

    def limits(self, draft: Draft, frame: RecommendFrame, out: Outcome) -> tuple[RecommendFrame, list[Score]]:
        """Nothing meets all limits: say so, say which one to give up, and rank by what comes nearest.

        What surrounds the project (platform, licence, Python) is kept before features are; all gives way where even that fails.
        """
        self.nothing(draft, frame)
        self._which_to_relax(draft, frame)
        fixed = tuple(c for c in frame.required if c.wanted and not c.levels and not self.lexicon.is_a(c.wanted.iri, FG.Feature))
        loose = tuple(c for c in frame.required if c not in fixed)
        if any(c.wanted and not c.negated and not self.weigher.is_met(c.wanted.iri) for c in fixed):
            out.things = self._beyond(draft, frame, fixed)
            out.names = [self.lexicon.label(t) for t in out.things]
            return frame, []  # what surrounds the project cannot be given up for a feature: no choice is better than a wrong one
        for kept, freed in ((fixed, loose), ((), frame.required)):
            if not freed:
                continue
            eased = replace(frame, required=kept, preferred=(*frame.preferred, *(c for c in freed if not c.negated)))
            ranked = self.ranked(draft, eased, out)
            if ranked:
                return eased, ranked
        return frame, []

    def needs(self, draft: Draft, frame: RecommendFrame, out: Outcome) -> tuple[RecommendFrame, list[Score]]:
        """Nothing serves all kinds of project at once: the first that something serves, and that it is said."""
        noun = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
        for need in frame.needs:
            eased = replace(frame, needs=(need,))
            ranked = self.ranked(draft, eased, out)
            if ranked:
                told = join([self.lexicon.label(n) for n in frame.needs])
                said = f"No {noun} is stated to serve {told} at once; what follows is for {self.lexicon.label(need)}."
                draft.say(said, tone="not-stated")
                return eased, ranked
        return frame, []

    def _beyond(self, draft: Draft, frame: RecommendFrame, fixed: tuple[Constraint, ...]) -> list[Iri]:
        """What is said of the limits that nothing meets, of things that could be chosen: the nearest in sense. Returns these things."""
        told: dict[Iri, None] = {}
        out = self.weigher.left_out(draft, frame)
        for label in [c.wanted.label for c in fixed if c.wanted and not self.weigher.is_met(c.wanted.iri)]:
            said: dict[Iri, tuple[Remark, list[Iri]]] = {}
            key = label.split()[-1].casefold()
            for r in self.describer.remarks.remarks:
                things = [t for t in r.about if self.schema.focus and self.lexicon.is_a(t, self.schema.focus)]
                fit = any(self.weigher.of_kind(t, frame) and t not in out for t in things)
                if fit and any(re.search(rf"(?<![\w.]){re.escape(key)}(?![\w])", x.casefold()) for x in (*r.keywords, r.says)):
                    said[r.iri] = (r, things)
            near = f"the last version that still supports {label}"
            for remark in self.describer.remarks.nearest(near, [r for r, _ in said.values()])[:SHOWN]:
                self.describer.tell(draft, remark)
                told |= dict.fromkeys(said[remark.iri][1])
        return list(told)

    def _which_to_relax(self, draft: Draft, frame: RecommendFrame) -> None:
        """The limits of which one alone stands in the way, and what each would leave."""
        told = []
        for c in frame.required[:LIMITS_TOLD] if len(frame.required) > 1 else ():
            freed = replace(frame, required=tuple(r for r in frame.required if r is not c))
            left = [self.lexicon.label(s.thing) for s in self.ranked(draft, freed, Outcome("recommendation"))[:2]]
            if left and c.wanted:
                told.append(f"without {'the ban on ' if c.negated else ''}{c.wanted.label}, {join(left)} would remain")
        if told:
            draft.say(f"What to relax: {'; '.join(told)}.", tone="frame")

    def nothing(self, draft: Draft, frame: RecommendFrame, near: bool = True) -> None:
        limits = [f"{'no ' if c.negated else ''}{c.wanted.label}" for c in frame.required if c.wanted]
        limits += [self.lexicon.label(k) for k in frame.among]
        limits += [f"a {self.lexicon.label(p)} of 0" for n in frame.needs for p in self.weigher.needs.none.get(n, ())]
        noun = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
        if limits and len(limits) == 1:
            limits = [*limits, *(self.lexicon.label(n) for n in frame.needs)]
        said = f"No {noun} is stated to meet {join(limits)} at once" if limits else f"The graph states no {plural(noun)} for that"
        draft.say(f"{said}; what comes nearest follows." if limits and near else f"{said}.", tone="not-stated")
