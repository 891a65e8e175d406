"""Measurements told: how fast, how many stars, which has the most, on what machine; never an adjective without its figure."""

from __future__ import annotations

from collections import defaultdict

from assistant import sparql
from assistant.compose import SHOWN, Outcome
from assistant.draft import Draft
from assistant.figures import number
from assistant.frames import Candidate, MeasureFrame
from assistant.lexicon import Lexicon
from assistant.measured import TOP, MeasureBuilder
from assistant.rivals import ALSO, Rivals
from assistant.say import plain
from assistant.types import QueryGraph
from assistant.words import join, plural, sentence_case
from graph.measurements import Measurement
from graph.schema import Schema
from graph.types import Iri


class Gauge(Rivals):
    """Composes measurements for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, builder: MeasureBuilder) -> None:
        super().__init__(schema, lexicon, builder.measurements)
        self.builder = builder

    def tell(self, draft: Draft, candidate: Candidate, frame: MeasureFrame) -> Outcome:
        """What the figures say to the question."""
        graph = candidate.graph or self.builder.graph(frame)
        out = Outcome("fact", sparql=sparql.query(graph, draft.kg.wrap))
        draft.ask(out.sparql)
        if frame.without:
            return self._without(draft, frame, out)
        pool = [m for m in self.measurements.of(frame.subjects, frame.quantities) if self._fits(m, frame)]
        if not pool or (frame.undated and not frame.descending):
            return self._none(draft, frame, pool, out)
        if frame.subjects:
            out.things = list(frame.subjects)
        if frame.asks == "first":
            return self._first(draft, frame, pool, out)
        if frame.asks not in ("", "yes-no", "agree", "grew"):
            return self._circumstance(draft, Iri(frame.asks), pool, out)
        if frame.asks == "grew":
            return self._grown(draft, frame, pool, out)
        if not frame.subjects:
            return self._ranked(draft, frame, pool, graph, out)
        if len(frame.subjects) == 1:
            return self._contested(draft, frame, pool, out) if frame.asks == "agree" else self._one(draft, frame, pool, out)
        return self._compared(draft, frame, pool, out)

    def _without(self, draft: Draft, frame: MeasureFrame, out: Outcome) -> Outcome:
        names = join([plain(self.lexicon.label(b)) for b in frame.without], "or")
        known = {t.part_of for m in self.measurements.of((), frame.quantities) if (t := self.measurements.tests.get(m.test or m.quantity))}
        held = join([plain(self.measurements.benchmarks[b].label) for b in sorted(b for b in known if b)])
        draft.say(f"Not stated: the graph holds no figures of {names}.", tone="not-stated")
        if held:
            draft.say(f"It holds those of {held}.", tone="frame")
        out.empty = out.abstained = True
        return out

    def _none(self, draft: Draft, frame: MeasureFrame, pool: list[Measurement], out: Outcome) -> Outcome:
        """No figure of that kind, or none for that time; the newest that is known is told beside."""
        what = join([self.measurements.quantities[q].label for q in frame.quantities], "or")
        things = join([plain(self.speaker.term(s)) for s in frame.subjects], "or") or "anything"
        when = frame.undated or (f"in {frame.when}" if frame.when else "")
        given = "".join(f", {self.measurements.circumstances[p].label} {v}" for p, v in frame.given)
        draft.say(f"Not stated: the graph gives no {what} of {things}{f' {when}' if when else ''}{given}.", tone="not-stated")
        known = pool or list(self.measurements.of(frame.subjects, frame.quantities))
        if known and frame.subjects:
            draft.say("What it gives:", tone="frame")
            for m in self._newest(known)[:TOP]:
                self._figure(draft, m)
        out.empty = out.abstained = True
        return out

    def _one(self, draft: Draft, frame: MeasureFrame, pool: list[Measurement], out: Outcome) -> Outcome:
        """Its figures: one sentence a benchmark, the others in a table."""
        newest = self._newest(pool)
        heads = self._heads(newest)
        for m in heads:
            self._figure(draft, m, self._place(m))
        rest = [m for m in newest if m not in heads]
        if rest:
            self._table(draft, rest)
        if len({(m.test, m.quantity) for m in heads}) > len({m.quantity for m in heads}):
            self._warn(draft)
        out.names = [f"{number(m.value)} {m.unit}".strip() for m in heads]
        out.rows = [self._row(m) for m in newest]
        return out

    def _place(self, m: Measurement) -> str:
        """', the 9th most of 33': a figure among those of its run."""
        peers = [p for p in self.measurements.all if p.quantity == m.quantity and p.together == m.together]
        if len(peers) < 3:
            return ""
        above = sum(p.value > m.value for p in peers)
        return f", place {above + 1} of {len(peers)} there, counted from the highest figure"

    def _circumstance(self, draft: Draft, prop: Iri, pool: list[Measurement], out: Outcome) -> Outcome:
        """'on what machine was that measured?'"""
        told: dict[tuple[str, str], Measurement] = {}
        for m in self._newest(pool):
            for p, value in m.circumstances:
                if p == prop:
                    test = self.measurements.tests.get(m.test) if m.test else None
                    part = self.measurements.benchmarks.get(test.part_of) if test and test.part_of else None
                    told.setdefault((part.label if part else self._test(m), value.value), m)
        term = self.measurements.circumstances[prop]
        for (where, text), m in told.items():
            facts = [f for f in m.facts if f.predicate == prop and f.object.value == text]
            draft.say(f"{sentence_case(term.label)} in {plain(where)}: {plain(text)}.", facts)
        if not told:
            draft.say(f"Not stated: the graph does not give the {term.label} of these figures.", tone="not-stated")
            out.empty = out.abstained = True
        out.names = list(dict.fromkeys(text for _, text in told))
        return out

    def _grown(self, draft: Draft, frame: MeasureFrame, pool: list[Measurement], out: Outcome) -> Outcome:
        """The first and the last figure of each series, and all in a table."""
        every = self.measurements.of(frame.subjects, frame.quantities)
        series: dict[tuple[object, ...], list[Measurement]] = defaultdict(list)
        for m in every:
            if not frame.tests or m.test in frame.tests:
                series[m.thing, m.quantity, m.test, tuple(c for c in m.circumstances if c[0] in self.measurements.telling)].append(m)
        told = [sorted(s, key=lambda m: m.date) for s in series.values() if len({m.date for m in s}) > 1]
        for own in told:
            own[:] = [m for m in own if m.date >= frame.when] if len([m for m in own if m.date >= frame.when]) > 1 else own
            first, last = own[0], own[-1]
            change = f"{abs(last.value / first.value - 1):.0%} {'more' if last.value >= first.value else 'less'}" if first.value else ""
            said = f"{self._said(last)} ({self._day(last)}), {change} than the {number(first.value)} of {self._day(first)}."
            draft.say(said, [*self._facts(last), *self._facts(first)], "computed")
        if not told:
            return self._one(draft, frame, list(every), out)
        if any(len(own) > 2 for own in told):
            self._table(draft, [m for own in told for m in own])
        out.names = [number(own[-1].value) for own in told]
        out.rows = [self._row(m) for own in told for m in own]
        return out

    # ------------------------------------------------------------ the ends

    def _ranked(self, draft: Draft, frame: MeasureFrame, pool: list[Measurement], graph: QueryGraph, out: Outcome) -> Outcome:
        """Who stands at one end, in the first test of each benchmark; where other tests or runs say otherwise, that is said."""
        out.kind = "list"
        allowed = self._allowed(draft, frame, graph)
        pool = self._latest(pool)
        own = [m for m in pool if m.thing in allowed]
        if not own:
            return self._none(draft, frame, [], out)
        heads = self._heads(own)
        names: list[Iri] = []
        for head in heads:
            top = self._top(draft, frame, head, own, pool)
            names += top[: frame.limit]
        if len(heads) > 1:
            firsts = dict.fromkeys(names)
            if len(firsts) > 1 and frame.limit == 1:
                draft.say("So the answer depends on what is measured and how; figures of different tests do not compare.", tone="frame")
        out.names = [self.speaker.term(t) for t in dict.fromkeys(names)]
        out.things = list(dict.fromkeys(names))
        return out

    def _first(self, draft: Draft, frame: MeasureFrame, pool: list[Measurement], out: Outcome) -> Outcome:
        """'is X the fastest?': its place among the things of its class, in the first test of each benchmark."""
        out.kind, high = "yes-no", frame.descending is not False
        kinds = self.lexicon.classes_of.get(frame.subjects[0], frozenset()) & {self.schema.focus} or set(self.schema.classes)
        everything = self._latest([m for m in self.measurements.of((), frame.quantities) if self._fits(m, frame)])
        told: list[tuple[Measurement, list[Measurement], int]] = []
        for m in self._heads([m for m in everything if m in pool]):
            peers = [p for p in everything if p.quantity == m.quantity and p.together == m.together]
            peers = [p for p in peers if self.lexicon.classes_of.get(p.thing, frozenset()) & kinds]
            before = sorted((p for p in peers if (p.value > m.value if high else p.value < m.value)), key=lambda p: p.value, reverse=high)
            told.append((m, before, len(peers)))
        firsts = [not before for _, before, _ in told]
        noun = plural(self.lexicon.label(self.schema.focus)) if kinds == {self.schema.focus} and self.schema.focus else "entries"
        lead = "Yes: " if firsts and all(firsts) else "No: " if not any(firsts) else "That depends on the test: "
        for n, (m, before, count) in enumerate(told):
            behind = f", behind {self._name(before[0].thing)} with {number(before[0].value)}" if before else ""
            said = f"{lead if not n else ''}{self._said(m)}, number {len(before) + 1} of {count} {noun}{behind} ({self._day(m)})."
            draft.say(said, [*self._facts(m), *(f for p in before[:1] for f in self._facts(p))], "computed")
        out.names = [self.speaker.term(frame.subjects[0])]
        out.rows = [self._row(m) for m, _, _ in told]
        return out

    def _latest(self, pool: list[Measurement]) -> list[Measurement]:
        """The figures of the newest run of each quantity, test and circumstances."""
        def ident(m: Measurement) -> tuple[object, ...]:
            return (m.quantity, m.test, tuple(c for c in m.circumstances if c[0] in self.measurements.telling))

        newest: dict[tuple[object, ...], str] = {}
        for m in pool:
            newest[ident(m)] = max(m.date, newest.get(ident(m), ""))
        return [m for m in pool if m.date == newest[ident(m)]]

    def _allowed(self, draft: Draft, frame: MeasureFrame, graph: QueryGraph) -> set[Iri]:
        """The measured things of the class that meet the conditions."""
        rows = draft.kg.query(sparql.query(QueryGraph(graph.target, graph.where), draft.kg.wrap)).rows
        return {r[graph.target.name] for r in rows if isinstance(r.get(graph.target.name), Iri)}  # type: ignore[misc]  # narrowed by the filter

    def _top(self, draft: Draft, frame: MeasureFrame, head: Measurement, own: list[Measurement], pool: list[Measurement]) -> list[Iri]:
        """The first of a run in its order, told; returns them."""
        high = frame.descending is not False
        same = [m for m in own if m.quantity == head.quantity and m.together == head.together]
        order = sorted((m for m in same if _within(m, frame.bound)), key=lambda m: (-m.value if high else m.value, m.thing))
        if not order:
            draft.say(f"None of the {len(same)} that were measured in the {self._test(head)} is so.", [head.facts[0]], "computed")
            return []
        count = min(max(frame.limit, TOP), SHOWN)
        quantity, label = self.measurements.quantities[head.quantity], self.lexicon.label(frame.cls) if frame.cls else "entry"
        noun = plural(label)
        first, around = order[0], self._around(head)
        said = f"Of {len(order)} {noun if len(order) > 1 else label} in the {self._test(head)}{f', {around}' if around else ''}, "
        said += f"{self._name(first.thing)} has the "
        said += f"{'highest' if high else 'lowest'} figure of {quantity.label} ({self._day(head)})."
        draft.say(said, [f for m in order[:count] for f in self._facts(m)[:2]], "computed")
        for m in order[:count]:
            version = f" {plain(m.version)}" if m.version else ""
            draft.say(f"**{self._name(m.thing)}**{version}: {number(m.value)} {plain(m.unit)}.", self._facts(m), block="bullet")
        before = [m for m in pool if m.quantity == head.quantity and m.together == head.together and m.thing not in {x.thing for x in same}]
        before = sorted((m for m in before if (m.value > first.value) == high), key=lambda m: -m.value if high else m.value)
        if before:
            told = join([f"{self._name(m.thing)} ({number(m.value)})" for m in before[:ALSO]])
            other = "that do not meet this" if frame.constraints else f"that this graph does not list as {noun}"
            draft.say(f"Ahead of it in that run stand entries {other}: {told}.", [f for m in before[:ALSO] for f in self._facts(m)])
        self._otherwise(draft, head, first.thing, own, high)
        return [m.thing for m in order]

    def _otherwise(self, draft: Draft, head: Measurement, first: Iri, own: list[Measurement], high: bool) -> None:
        """Other runs of the same benchmark with another one at the end."""
        test = self.measurements.tests.get(head.test) if head.test else None
        by: dict[tuple[object, ...], list[Measurement]] = defaultdict(list)
        for m in own:
            other = self.measurements.tests.get(m.test) if m.test else None
            if m.quantity == head.quantity and test and other and other.part_of == test.part_of:
                by[m.together].append(m)
        leads = [(max if high else min)(run, key=lambda m: m.value) for run in by.values()]
        turned = [m for m in leads if m.thing != first]
        if turned:
            told = join([f"{self._name(m.thing)}{self._where(m)} ({number(m.value)})" for m in turned[:2]])
            said = f"In {len(turned)} of {len(leads)} runs there another one has it: {told}."
            draft.say(said, [f for m in turned[:2] for f in self._facts(m)])


def _within(m: Measurement, bound: tuple[str, float] | None) -> bool:
    """Whether a figure is as a bound says."""
    if bound is None:
        return True
    sign, value = bound
    more = m.value > value if sign in (">", ">=") else m.value < value
    return more or ("=" in sign and m.value == value)
