"""Measurements of several things beside each other: only what one run measured compares, and where the order turns, that is said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.figures import LINES, Figures, number
from assistant.frames import MeasureFrame
from assistant.measured import TOP
from assistant.say import plain
from assistant.words import join, sentence_case
from graph.measurements import Measurement
from graph.types import Iri

ALSO = 4  # names told of many


@dataclass(frozen=True)
class Match:
    """Figures of one quantity that one run measured: by thing."""

    quantity: Iri
    figures: dict[Iri, Measurement]

    @property
    def one(self) -> Measurement:
        return next(iter(self.figures.values()))


class Rivals(Figures):
    """Composes comparisons of figures for one opened graph."""

    def _matches(self, pool: list[Measurement], things: Sequence[Iri]) -> list[Match]:
        """What one run measured of at least two of these things, the newest of each test and quantity."""
        by: dict[tuple[object, ...], dict[Iri, Measurement]] = defaultdict(dict)
        for m in pool:
            if m.thing in things:
                by[m.quantity, *m.together][m.thing] = m
        found: dict[tuple[object, ...], Match] = {}
        for own in by.values():
            match = Match(next(iter(own.values())).quantity, own)
            one = match.one
            ident = (match.quantity, one.test, tuple(c for c in one.circumstances if c[0] in self.measurements.telling))
            if len(own) > 1 and (ident not in found or one.date > found[ident].one.date):
                found[ident] = match
        return sorted(found.values(), key=lambda f: self._order(f.one))

    def _compared(self, draft: Draft, frame: MeasureFrame, pool: list[Measurement], out: Outcome) -> Outcome:
        out.kind = "yes-no" if frame.asks == "yes-no" else "comparison"
        matches = self._matches(pool, frame.subjects)
        missing = [s for s in frame.subjects if not any(m.thing == s for m in pool)]
        if not matches:
            return self._apart(draft, frame, pool, missing, out)
        one, other = frame.subjects[:2]
        both = [m for m in matches if one in m.figures and other in m.figures]
        if both and len(frame.subjects) - len(missing) == 2:
            self._verdict(draft, frame, one, other, both, out)
        else:
            self._leaders(draft, frame, matches, out)
        self._side_by_side(draft, [s for s in frame.subjects if s not in missing], matches)
        for s in missing:
            draft.say(f"Not stated: the graph gives no such figure of {plain(self.speaker.term(s))}.", tone="not-stated")
        if len({m.one.test for m in matches}) > 1:
            draft.say("Figures compare within a line; those of different tests do not.", tone="frame")
        out.rows = [self._row(m) for match in matches for m in match.figures.values()]
        return out

    def _apart(self, draft: Draft, frame: MeasureFrame, pool: list[Measurement], missing: list[Iri], out: Outcome) -> Outcome:
        """No run measured two of them: each by itself, with the warning first."""
        names = join([plain(self.speaker.term(s)) for s in frame.subjects])
        draft.say(f"Not stated: no run measured both of {names}, and figures of different tests do not compare.", tone="not-stated")
        for m in self._heads(self._newest(pool)):
            self._figure(draft, m)
        for s in missing:
            draft.say(f"Not stated: the graph gives no such figure of {plain(self.speaker.term(s))}.", tone="not-stated")
        out.rows = [self._row(m) for m in self._newest(pool)]
        return out

    def _verdict(self, draft: Draft, frame: MeasureFrame, one: Iri, other: Iri, both: list[Match], out: Outcome) -> None:
        """Which of two is ahead: in all runs, or in how many of them."""
        ahead = [m for m in both if m.figures[one].value > m.figures[other].value]
        behind = [m for m in both if m.figures[one].value < m.figures[other].value]
        mine, theirs = plain(self.speaker.term(one)), plain(self.speaker.term(other))
        what = self._what(both)
        if ahead and behind:
            said = f"The measurements disagree on which has the higher figure: {self._counts(ahead, behind, mine, theirs)}."
            told = (self._head(ahead), self._head(behind, self._benchmark(self._head(ahead).one)))
            draft.say(said, [f for m in told for x in m.figures.values() for f in self._facts(x)[:2]], "contested")
            self._pair(draft, told[0], one, other)
            self._pair(draft, told[1], other, one)
            out.names = [self.speaker.term(one), self.speaker.term(other)]
            return
        first, last = (one, other) if ahead else (other, one)
        lead = ""
        if frame.asks == "yes-no":
            wanted = ahead if frame.descending is not False else behind
            lead = "Yes: " if wanted else "No: "
        head = self._head(both)
        if len(both) > 1:
            said = f"{lead}in all {len(both)} measurements that were made of both, {self._name(first)} has the higher {what}."
            draft.say(sentence_case(said), [f for m in both[:TOP] for x in m.figures.values() for f in self._facts(x)[:2]], "computed")
            lead = ""
        self._pair(draft, head, first, last, lead)
        asked_low = frame.descending is False
        out.names = [self.speaker.term(last if asked_low else first)]

    def _counts(self, ahead: list[Match], behind: list[Match], mine: str, theirs: str) -> str:
        """'in A X (2 of 3) and Y (1 of 3), in B Y (4 of 4)'."""
        several = len({m.quantity for m in (*ahead, *behind)}) > 1
        won: dict[str, list[list[Match]]] = defaultdict(lambda: [[], []])
        for side, matches in enumerate((ahead, behind)):
            for match in matches:
                part = self.measurements.benchmarks.get(self._benchmark(match.one) or match.quantity)
                where = f"by {self.measurements.quantities[match.quantity].label}" if several else f"in {part.label}" if part else "in all"
                won[where][side].append(match)
        said = []
        for where, (ours, others) in won.items():
            total = len(ours) + len(others)
            told = [(name, len(own)) for name, own in ((mine, ours), (theirs, others)) if own]
            counts = [name if n == total else f"{name} {'once' if n == 1 else f'{n} times'}" for name, n in told]
            said.append(f"{plain(where)} {join(counts)}{f' (of {total})' if total > 1 else ''}")
        return join(said)

    def _fair(self, matches: list[Match], lines: int) -> list[Match]:
        """As many as a table holds, of each benchmark some."""
        by: dict[Iri | None, list[Match]] = defaultdict(list)
        for match in matches:
            by[self._benchmark(match.one)].append(match)
        each = max(2, lines // len(by)) if by else 0
        kept = [m for own in by.values() for m in own[:each]]
        rest = [m for own in by.values() for m in own[each:]]
        chosen = [*kept, *rest][:lines]
        return [m for m in matches if m in chosen]

    def _what(self, matches: list[Match]) -> str:
        return join([self.measurements.quantities[q].label for q in dict.fromkeys(m.quantity for m in matches)], "or")

    def _head(self, matches: list[Match], besides: Iri | None = None) -> Match:
        """The first of these: the quantity and test that are meant most, of another benchmark than ``besides`` where there is one."""
        quantities = self.measurements.quantities
        return min(matches, key=lambda m: (
            besides is not None and self._benchmark(m.one) == besides, quantities[m.quantity].rank, self._rank(m.one), self._order(m.one)
        ))  # fmt: skip

    def _pair(self, draft: Draft, match: Match, first: Iri, last: Iri, lead: str = "") -> None:
        a, b = match.figures[first], match.figures[last]
        ratio = f", {a.value / b.value:.2g} times as much" if b.value and a.value / b.value >= 1.1 and a.value / b.value < 1000 else ""
        against = f"{self._name(last)}{f' {plain(b.version)}' if b.version else ''} had {number(b.value)}"
        draft.say(f"{lead}{self._said(a)} ({self._day(a)}), where {against}{ratio}.", [*self._facts(a), *self._facts(b)], "computed")

    def _leaders(self, draft: Draft, frame: MeasureFrame, matches: list[Match], out: Outcome) -> None:
        """Of several things who is ahead how often."""
        high = frame.descending is not False
        wins: dict[Iri, list[Match]] = defaultdict(list)
        for match in matches:
            wins[(max if high else min)(match.figures.values(), key=lambda m: (m.value, m.thing)).thing].append(match)
        end = "highest" if high else "lowest"
        order = sorted(wins, key=lambda t: (-len(wins[t]), t))
        counts = join([f"{self._name(t)} in {len(wins[t]) if len(order) > 1 else 'all'}" for t in order])
        said = f"The {end} {self._what(matches)}, of {len(matches)} measurements made of at least two of them: {counts}."
        if len(order) > 1:
            said = f"The measurements disagree. {said}"
        facts = [f for own in wins.values() for x in own[0].figures.values() for f in self._facts(x)[:2]]
        draft.say(said, facts, "contested" if len(order) > 1 else "computed")
        out.names = [self.speaker.term(t) for t in order]

    def _side_by_side(self, draft: Draft, things: Sequence[Iri], matches: list[Match], lines: int = LINES) -> None:
        several = len({m.quantity for m in matches}) > 1
        head = ["Test", *(["Quantity"] if several else []), *(self._name(t) for t in things), "Date"]
        draft.row([(h, ()) for h in head])
        draft.row([("---", ()) for _ in head])
        for match in self._fair(matches, lines):
            around = self._around(match.one)
            what = [(plain(self.measurements.quantities[match.quantity].label), ())] if several else []
            cells = [
                (self._figured(match.figures[t]), self._facts(match.figures[t]))
                if t in match.figures else ("not measured", ())
                for t in things
            ]  # fmt: skip
            draft.row([(f"{self._test(match.one)}{f', {around}' if around else ''}", ()), *what, *cells, (match.one.date, ())])
        if len(matches) > lines == LINES:
            draft.say(f"And {len(matches) - lines} more, in the rows.", tone="frame")

    def _figured(self, m: Measurement) -> str:
        """'2,628 requests/s (1.2)': a figure with its unit and the version that was measured."""
        return f"{number(m.value)} {plain(m.unit)}".strip() + (f" ({plain(m.version)})" if m.version else "")

    def _contested(self, draft: Draft, frame: MeasureFrame, pool: list[Measurement], out: Outcome) -> Outcome:
        """Whether measurements disagree about one thing: against which others its order turns."""
        subject = frame.subjects[0]
        turned = []
        everything = [m for m in self.measurements.of((), frame.quantities) if self._fits(m, frame)]
        for other in sorted({m.thing for m in everything} - {subject}):
            both = [m for m in self._matches(everything, (subject, other)) if {subject, other} <= set(m.figures)]
            ahead = [m for m in both if m.figures[subject].value > m.figures[other].value]
            parts = {t.part_of for m in both if (t := self.measurements.tests.get(m.one.test or m.quantity))}
            if ahead and len(ahead) < len(both):
                turned.append((-len(parts), -len(both), other, both, ahead))
        if not turned:
            said = f"No: no two measurements turn the order of {self._name(subject)} and another."
            heads = self._heads(self._newest(pool))
            draft.say(said, [f for m in heads for f in self._facts(m)], "computed")
            for m in heads:
                self._figure(draft, m)
            return out
        _, _, other, both, ahead = min(turned, key=lambda t: t[:3])
        behind = [m for m in both if m not in ahead]
        told = join([self._name(t[2]) for t in sorted(turned, key=lambda t: t[:3])[:ALSO]])
        told_of = (self._head(ahead), self._head(behind, self._benchmark(self._head(ahead).one)))
        facts = [f for m in told_of for x in m.figures.values() for f in self._facts(x)[:2]]
        draft.say(f"Yes, the measurements disagree about {self._name(subject)}: its order turns against {len(turned)} others, "
                  f"such as {told}.", facts, "contested")  # fmt: skip
        self._pair(draft, told_of[0], subject, other)
        self._pair(draft, told_of[1], other, subject)
        self._side_by_side(draft, (subject, other), both)
        self._warn(draft)
        out.names = [self.speaker.term(t[2]) for t in sorted(turned, key=lambda t: t[:3])]
        out.rows = [self._row(m) for match in both for m in match.figures.values()]
        return out
