"""In what respect a choice is to be good, in measured figures: test, version and date, who is ahead, and where runs disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.compose import Outcome
from assistant.describe import Describer
from assistant.draft import Draft
from assistant.figures import number
from assistant.frames import MeasureFrame
from assistant.rivals import Rivals
from assistant.say import plain
from assistant.words import join
from graph.measurements import Measurement
from graph.types import Fact, Iri

FEW_LINES = 5  # lines of the table: a choice has more to tell than its figures
ALONE = 2  # figures told of one thing by itself
REMARKS = 2  # remarks told in a respect of which nothing was measured; one beside figures


class Respects(Rivals):
    """Tells figures and remarks in a respect, for one opened graph. A respect is an aspect or a quantity that was named."""

    def __init__(self, describer: Describer) -> None:
        super().__init__(describer.schema, describer.lexicon, describer.connections.measurements)
        self.describer = describer

    def quantities(self, respect: Iri) -> tuple[Iri, ...]:
        """What is measured in a respect: the quantity meant most, and those that the same word asks for; none where nothing is."""
        if respect in self.measurements.quantities:
            return (respect,)
        own = [q for q in self.measurements.quantities.values() if respect in q.aspects]
        words = {*own[0].high, *own[0].low} if own else set()
        return tuple(q.iri for q in own if q is own[0] or words & {*q.high, *q.low})

    def census(self, respect: Iri) -> Iri | None:
        """The quantity of a respect that is one figure for each thing, whatever is done with it: only one test ever measured it."""
        for quantity in self.quantities(respect)[:1]:
            if len({m.test for m in self.measurements.of((), (quantity,))}) == 1:
                return quantity
        return None

    def wants_more(self, quantity: Iri) -> bool:
        """Whether the high end of a quantity is the good one."""
        term = self.measurements.quantities[quantity]
        return bool(term.high) or not term.low

    def latest(self, quantity: Iri) -> dict[Iri, Measurement]:
        """thing -> its newest figure of a quantity."""
        found: dict[Iri, Measurement] = {}
        for m in self.measurements.of((), (quantity,)):
            if m.thing not in found or m.date > found[m.thing].date:
                found[m.thing] = m
        return found

    def shown(self, fact: Fact) -> str:
        """'71,733 (25 June 2026)': a figure by the fact that states it."""
        m = next(m for m in self.measurements.all if m.iri == fact.subject)
        return f"{number(m.value)} ({self._day(m)})"

    # ------------------------------------------------------------ what is told

    def tell(self, draft: Draft, respects: Sequence[Iri], things: Sequence[Iri], among: Sequence[Iri] = ()) -> None:
        """For each respect the figures of these things, who is ahead of all that they were chosen ``among``, and remarks on the first."""
        for respect, label, told in self.measured(draft, respects, things):
            if told:
                self._ahead_of_all(draft, respect, things, among)
            self._remarks(draft, respect, label, things[0], told)

    def measured(self, draft: Draft, respects: Sequence[Iri], things: Sequence[Iri]) -> Iterator[tuple[Iri, str, bool]]:
        """Tells the figures in each respect; gives the respect, its name, and whether there are any."""
        for respect in respects:
            term = self.measurements.quantities.get(respect)
            label = plain(term.label if term else self.lexicon.label(respect))
            yield respect, label, self._figures(draft, respect, label, things)

    def _figures(self, draft: Draft, respect: Iri, label: str, things: Sequence[Iri]) -> bool:
        """The figures of one thing, or of several beside each other; whether there are any."""
        quantities = self.quantities(respect)
        pool = list(self.measurements.of(things, quantities)) if quantities else []
        if not pool:
            return False
        if self.census(respect) is None:
            draft.say(f"No score is made of {label}, since it depends on what is done; what was measured:", tone="frame")
        measured = [t for t in things if any(m.thing == t for m in pool)]
        matches = self._matches(pool, measured)
        if matches:
            asked = MeasureFrame(tuple(measured), quantities, descending=self.wants_more(quantities[0]))
            self._leaders(draft, asked, matches, Outcome("fact"))
            self._side_by_side(draft, measured, matches, FEW_LINES)
        else:
            for t in measured:
                for m in self._heads(self._newest([m for m in pool if m.thing == t]))[:ALONE]:
                    self._figure(draft, m)
        if len({m.test for m in pool}) > 1:
            draft.say("Figures compare within one test; those of different tests do not.", tone="frame")
        for t in [t for t in things if t not in measured]:
            draft.say(f"Not stated: the graph gives no such figure of {self._name(t)}.", tone="not-stated")
        return True

    def _ahead_of_all(self, draft: Draft, respect: Iri, things: Sequence[Iri], among: Sequence[Iri]) -> None:
        """Who has the best figure of all that could have been chosen, in the run that measured most of them; nothing where it is told."""
        quantity = self.quantities(respect)[0]
        runs: dict[tuple[object, ...], list[Measurement]] = defaultdict(list)
        for m in self.measurements.of([*things, *among], (quantity,)):
            runs[m.together].append(m)
        run = min(runs.values(), key=lambda r: (-len(r), self._rank(r[0]), self._order(r[0])), default=[])
        if len(run) <= len(things):
            return
        high = self.wants_more(quantity)
        best = min(run, key=lambda m: (-m.value if high else m.value, m.thing))
        if best.thing not in things:
            said = f"Of the {len(run)} that could be chosen and were measured by one run, {self._name(best.thing)} is ahead"
            facts = [f for m in run for f in self._facts(m)[:2]]
            draft.say(f"{said}: {self._said(best)} ({self._day(best)}).", facts, "computed")

    def _remarks(self, draft: Draft, respect: Iri, label: str, best: Iri, measured: bool) -> None:
        """What is said of the first in that respect; nothing of that was counted, and so it is said."""
        term = self.measurements.quantities.get(respect)
        told = self.describer.about(best, frozenset(term.aspects if term else (respect,)))[: 1 if measured else REMARKS]
        if not told and not measured:
            draft.say(f"Of {self._name(best)} and {label} nothing is stated here, so it did not count.", tone="not-stated")
        elif not measured:
            known = f"what is stated of {self._name(best)} in that respect:"
            draft.say(f"No score is made of {label}, since it depends on the use; {known}", tone="frame")
        for remark in told:
            self.describer.tell(draft, remark)

    def leading(self, draft: Draft, respects: Sequence[Iri], things: Sequence[Iri], out: Outcome) -> None:
        """Where nothing but respects is asked: who is ahead in each test that is told first, of these things."""
        for respect in respects:
            quantities = self.quantities(respect)
            high = self.wants_more(quantities[0]) if quantities else True
            for head in self._heads(self._newest(self.measurements.of(things, quantities))) if quantities else ():
                run = [m for m in self.measurements.of(things, (head.quantity,)) if m.together == head.together]
                best = sorted(run, key=lambda m: (-m.value if high else m.value, m.thing))[:3]
                others = join([f"{self._name(m.thing)} ({self._figured(m)})" for m in best[1:]])
                said = f"{self._said(best[0])} ({self._day(best[0])}), ahead of {others}" if others else self._said(best[0])
                draft.say(f"{said}.", [f for m in best for f in self._facts(m)[:2]], "computed", "bullet")
                out.things += [m.thing for m in best if m.thing not in out.things]
