"""A choice for stated needs, computed from cited facts and told with its reasons, its gaps and what would change it.

The method is that of ``assistant.weigh``: simple additive weighting with hard limits as filters.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assistant.broad import Broad
from assistant.compose import Outcome
from assistant.describe import Describer
from assistant.draft import Draft
from assistant.encode import Foreseeing
from assistant.frames import Constraint, RecommendFrame
from assistant.gaps import Gaps
from assistant.lexicon import Lexicon
from assistant.needs import Needs, NeedSense
from assistant.relax import LIMITS_TOLD, SHOWN, Relaxer
from assistant.say import Speaker
from assistant.weigh import Criterion, Score, Weigher
from assistant.words import join, number
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import FG, SOSA
from graph.types import Fact, Iri

__all__ = ["Criterion", "Needs", "Recommender", "Score", "hard"]

Scored = tuple[list[Score], str]  # as ``Recommender.scores`` gives them
OUT_TOLD = 6  # things left out that are named
REJECTED = 3  # things named that a limit alone rules out
MOST_TIMES = 3  # growth of a weight up to which it is told what it would change
NEAR_BEST = 0.6  # share of the best score under which a runner-up is not told


class Recommender:
    """Recommends things of the focus class of one opened graph."""

    def __init__(
        self, kg: KnowledgeGraph, schema: Schema, lexicon: Lexicon, describer: Describer, encoder: Foreseeing, cache: Path | None = None
    ) -> None:
        self.kg, self.schema, self.lexicon, self.describer = kg, schema, lexicon, describer
        self.weigher = Weigher(kg, schema, lexicon, describer)
        self.needs = self.weigher.needs
        self.sense = NeedSense(self.needs, lexicon, encoder, cache)
        self.gaps, self.speaker = Gaps(schema, lexicon), Speaker(schema, lexicon)
        self.relaxer = Relaxer(self.weigher, self._ranked)
        self.broad = Broad(self.weigher, self._ranked, self._short)
        self._always = frozenset(p for n in self.needs.usual for p in self.needs.low.get(n, ()))

    def nearest_needs(self, text: str) -> tuple[Iri, ...]:
        """The kind of project whose phrasing is nearest in meaning, where one is near."""
        return self.sense.nearest(text)

    def criteria(self, frame: RecommendFrame) -> list[Criterion]:
        """What counts, each once (see ``Weigher``)."""
        return self.weigher.criteria(frame)

    def scores(self, draft: Draft, frame: RecommendFrame) -> Scored:
        """All candidates with their contributions, best first, and the query that fetched them."""
        return self.weigher.scores(draft, frame)

    # ------------------------------------------------------------ the answer

    def recommend(self, draft: Draft, frame: RecommendFrame, scored: Scored | None = None) -> Outcome:
        """The choice, two runners-up, the facts that decided, what the choice lacks, who was left out, and what would change it.

        ``scored``: what ``scores`` gave for the same draft and frame, where a caller has it already.
        """
        if self._is_broad(frame):
            return self.broad.general(draft, RecommendFrame(judged=frame.judged))
        out = Outcome("recommendation")
        self.instead(draft, frame)
        ranked = self._ranked(draft, frame, out, scored)
        if not ranked and frame.required:
            frame, ranked = self.relaxer.limits(draft, frame, out)
        elif not ranked and len(frame.needs) > 1:
            frame, ranked = self.relaxer.needs(draft, frame, out)
        if not ranked:
            if not draft.sentences:
                self.relaxer.nothing(draft, frame)
            out.empty = out.abstained = not out.things
            return out
        near = [s for s in ranked if frame.options or s.total >= NEAR_BEST * ranked[0].total]
        self._opening(draft, frame)
        for rank, score in enumerate(near[:SHOWN]):
            self._say(draft, score, near[0], rank)
        self.lacks(draft, near[0])
        self._left_out(draft, frame, ranked)
        self.would_change(draft, ranked, frame)
        self.opinions(draft, frame, near[0].thing)
        self.weigher.respects.tell(draft, frame.judged, [s.thing for s in near[:SHOWN]], [s.thing for s in ranked])
        out.names = [self.lexicon.label(s.thing) for s in near[:SHOWN]]
        out.things = [s.thing for s in near[:SHOWN]]
        out.rows = [self._row(s) for s in near[:SHOWN]]
        return out

    def _is_broad(self, frame: RecommendFrame) -> bool:
        """Whether nothing is stated but a need that does not split the field ('for the web')."""
        conditions = (frame.required, frame.preferred, frame.options, frame.among, frame.excluded, frame.known, frame.low, frame.high)
        return not any(conditions) and bool(frame.needs) and bool(self.needs.splits) and {*frame.needs} <= self.needs.broad

    def _ranked(self, draft: Draft, frame: RecommendFrame, out: Outcome, scored: Scored | None = None) -> list[Score]:
        ranked, out.sparql = scored or self.scores(draft, frame)
        wanted = any(c.wanted and not c.negated for c in (*frame.required, *frame.preferred))
        bare = (frame.among or frame.required) and not (frame.needs or wanted or frame.known)
        counted = ranked if bare else [s for s in ranked if any(self.tells(c) for c, _, _ in s.met)]
        if frame.options and counted:
            counted += [Score(o) for o in frame.options if not any(s.thing == o for s in counted)]
        return self._without_banned(frame, counted)

    def tells(self, criterion: Criterion) -> bool:
        """Whether a criterion is of this choice, not one that every choice has."""
        return criterion.need not in self.needs.usual and criterion.target not in self._always

    def _without_banned(self, frame: RecommendFrame, ranked: list[Score]) -> list[Score]:
        """Things built on what was excluded are excluded with it."""
        if not frame.excluded:
            return ranked
        values = " ".join(e.n3 for e in frame.excluded)
        known = {*self.schema.properties}
        rows = self.kg.query(f"SELECT DISTINCT ?x ?p {self.kg.wrap(f'VALUES ?e {{ {values} }} ?x ?p ?e')}")
        tied = {r["x"] for r in rows if r["p"] in known}
        return [s for s in ranked if s.thing not in tied]

    def instead(self, draft: Draft, frame: RecommendFrame) -> None:
        """What an honest adviser says first, where a thing of the usual kind is not the answer."""
        fact = self.needs.instead.get(frame.needs[0]) if frame.needs and not frame.options and not frame.among else None
        if fact is not None:
            draft.say(str(fact.object), self._grounds(draft, fact.subject), "computed")

    def _grounds(self, draft: Draft, need: Iri | object) -> list[Fact]:
        """The remarks in the passages that a need is argued from."""
        if not isinstance(need, Iri):
            return []
        passages = self.needs.grounds.get(need, ())
        remarks = self.describer.remarks.remarks
        found = draft.sources([r.fact for r in remarks if r.iri in self._told_in(passages)]) if passages else {}
        return sorted(found, key=lambda f: f.key)[:2]

    def _told_in(self, passages: tuple[Iri, ...]) -> set[Iri]:
        values = " ".join(p.n3 for p in passages)
        rows = self.kg.query(f"SELECT DISTINCT ?r {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?r {FG.says.n3} ?t }} }}")
        return {r["r"] for r in rows if isinstance(r["r"], Iri)}

    # ------------------------------------------------------------ the choice

    def _opening(self, draft: Draft, frame: RecommendFrame) -> None:
        usual = {t for n in self.needs.usual for t in self.needs.preferred.get(n, ())}
        usual -= {t for n in frame.needs for t in (*self.needs.preferred.get(n, ()), *self.needs.required.get(n, ()))}
        count = len([c for c in self.criteria(frame) if c.target not in usual]) + sum(p is not None for p in (frame.low, frame.high))
        noun = "criterion" if count == 1 else "criteria"
        purpose = self.purpose(frame)
        asked = self.weigher.degrees.counted(frame)
        also = join([f"{self.lexicon.label(q)}, since you ask for it" for q in asked])
        unasked = f"and so does the number of {also}" if asked else "popularity does not"
        beside = f" (maintenance and maturity count as well, {unasked})" if self.needs.usual else ""
        by = f"from {number(count)} {noun}{beside}" if count else "by maintenance and maturity alone, since no need is stated"
        draft.say(f"It depends on what matters most to you; computed{purpose} {by}:", tone="frame")

    def purpose(self, frame: RecommendFrame) -> str:
        named = [self.lexicon.label(n) for n in frame.needs]
        named += [f"a low {self.lexicon.label(frame.low)}"] if frame.low else []
        named += [c.wanted.label for c in (*frame.required, *frame.preferred) if c.wanted and not c.negated]
        # a word of another's name says nothing more
        named = [n for n in dict.fromkeys(named) if not any(n != m and n.casefold() in m.casefold() for m in named)]
        return f" for {join(named)}" if named else ""

    def _say(self, draft: Draft, score: Score, first: Score, rank: int) -> None:
        """The first with all that it meets; the others with what sets them apart from it."""
        place = ("First choice", "Second", "Third")[rank]
        name = f"{place}: **{self.lexicon.label(score.thing)}** ({score.total:.2f} of 1)"
        kinds, facts = self._kind(score.thing)
        if rank == 0:
            why, met = self._reasons(score.met), [f for _, _, f in score.met]
            said = "; ".join(x for x in (kinds, why) if x)
            draft.say(f"{name}: {said}.", [*met, *facts], "computed", "bullet")
            return
        ahead = [m for m in score.met if m[1] > first.gains().get(m[0].target, 0.0) and m[2].predicate in self._told_properties(m[0])]
        behind = [m for m in first.met if m[1] > score.gains().get(m[0].target, 0.0) and m[2].predicate in self._told_properties(m[0])]
        more = f"ahead in {join([self._short(m[0], m[2]) for m in ahead[:3]])}" if ahead else ""
        less = f"behind in {join([self._short(m[0], m[2]) for m in behind[:3]])}" if behind else ""
        said = "; ".join(x for x in (kinds, more, less or ("" if ahead else "meets the same")) if x)
        told = [f for _, _, f in ahead[:3]] + [f for _, _, f in behind[:3]] or [f for _, _, f in score.met]
        draft.say(f"{name}: {said}.", [*told, *facts], "computed", "bullet")

    def _told_properties(self, criterion: Criterion) -> frozenset[Iri]:
        return frozenset({*self.schema.properties, *self.schema.levels, FG.says, SOSA.hasSimpleResult})

    def _short(self, criterion: Criterion, fact: Fact) -> str:
        what = self._told(criterion, fact)[1]
        if fact.predicate == FG.says:
            return f"being said to suit {what}"
        if fact.predicate == SOSA.hasSimpleResult:
            return f"{self.lexicon.label(criterion.target)} ({what.replace(' (', ', ').rstrip(')')})"
        if self.weigher.name(criterion.target) != self.lexicon.label(criterion.target):
            return f"{self.weigher.name(criterion.target)} ({what})"
        return f"{self.lexicon.label(criterion.target)} ({what})" if criterion.target == fact.predicate else what

    def _reasons(self, met: list[tuple[Criterion, float, Fact]]) -> str:
        by_level: dict[str, list[str]] = {}
        for criterion, _, fact in met:
            how, what = self._told(criterion, fact)
            by_level.setdefault(how, []).append(what)
        return "; ".join(f"{how}: {join(list(dict.fromkeys(things)))}" for how, things in by_level.items())

    def _told(self, criterion: Criterion, fact: Fact) -> tuple[str, str]:
        """How a contribution is told: under which heading, and what."""
        if fact.predicate == FG.says:
            return "said to suit", self.lexicon.label(criterion.target)
        if fact.predicate == SOSA.hasSimpleResult:
            return self.lexicon.label(criterion.target), self.weigher.respects.shown(fact)
        what = self.lexicon.label(fact.object) if isinstance(fact.object, Iri) else str(fact.object)
        if self.schema.is_level(fact.predicate):
            return self.schema.levels[fact.predicate].named.label, what
        return self.lexicon.label(fact.predicate), what

    def _kind(self, thing: Iri) -> tuple[str, list[Fact]]:
        """What kind of thing it is: the values of the first headline property."""
        first = self.schema.first_headline()
        if first is None:
            return "", []
        values = self.describer.values(thing, first.iri)
        return join([self.lexicon.label(v) for v in values if isinstance(v, Iri)]), [Fact(thing, first.iri, v) for v in values]

    # ------------------------------------------------------------ gaps, limits, what would change it

    def lacks(self, draft: Draft, best: Score) -> None:
        name = self.lexicon.label(best.thing)
        supplied: list[str] = []
        facts: list[Fact] = []
        for c, value, fact in best.met:
            if self.schema.is_level(fact.predicate) and 0 < value < 1 and len(supplied) < SHOWN:
                found = self.gaps.suppliers(draft, best.thing, c.target)
                if found:
                    supplied.append(f"{self.lexicon.label(c.target)} from {join([self.lexicon.label(t) for t in found.things[:2]], 'or')}")
                    facts += found.facts
        if supplied:
            draft.say(f"{name} gets {join(supplied)}.", facts)
        self._otherwise(draft, best)
        first = self.schema.first_headline()
        gone = [c for c in best.missing if not (first and self.describer.connections.holds(c.target, first.iri, True))]
        gone = [c for c in gone if self.weigher.name(c.target) == self.lexicon.label(c.target)]
        if gone:
            missing = join([self.lexicon.label(c.target) for c in gone], "or")
            draft.say(f"Not stated for {name}, or not available: {missing}.", tone="not-stated")

    def _otherwise(self, draft: Draft, best: Score) -> None:
        """What the choice has instead of a value that was asked for and of which there is only one; that it is not stated, else."""
        for c in best.missing:
            label = self.weigher.name(c.target)
            prop = next((p for p, i in sorted(self.schema.properties.items()) if i.functional and i.named.label == label), None)
            if prop is None or c.target == prop:
                continue
            values = self.describer.values(best.thing, prop)
            if values:
                facts = [Fact(best.thing, prop, v) for v in values]
                draft.say(self.speaker.statement(best.thing, prop, list(values)), facts, volatile=self.schema.property(prop).volatile)
            else:
                draft.say(f"The {label} of {self.lexicon.label(best.thing)} is not stated.", tone="not-stated")

    def _left_out(self, draft: Draft, frame: RecommendFrame, ranked: list[Score]) -> None:
        """Who was left out for good reason, and who would come in without one of the limits."""
        out = {t: f for t, f in self.weigher.left_out(draft, frame).items() if self.weigher.meets(t, frame)}
        if out and not frame.options:
            why = {t: self.lexicon.label(f.object) for t, f in sorted(out.items()) if isinstance(f.object, Iri)}
            names = [f"{self.lexicon.label(t)} ({status})" for t, status in why.items()][:OUT_TOLD]
            names += [f"{len(why) - OUT_TOLD} more"] if len(why) > OUT_TOLD else []
            draft.say(f"Left out: {join(names)}.", list(out.values()), "computed")
        told = []
        chosen = {s.thing for s in ranked}
        for c in frame.required[:LIMITS_TOLD]:
            freed = replace(frame, required=tuple(r for r in frame.required if r is not c))
            came = [s for s in self._ranked(draft, freed, Outcome("recommendation")) if s.thing not in chosen][:REJECTED]
            if came and c.wanted:
                told.append(f"{'no ' if c.negated else ''}{c.wanted.label} rules out {join([self.lexicon.label(s.thing) for s in came])}")
        if told:
            draft.say(f"Of the limits, {'; '.join(told)}.", tone="frame")

    def would_change(self, draft: Draft, ranked: list[Score], frame: RecommendFrame) -> None:
        """The smallest change of one weight that puts another thing first, else the kind of project or wish without which another is."""
        if len(ranked) > 1 and ranked[0].total == ranked[1].total and ranked[0].gains() == ranked[1].gains():
            tied = self.lexicon.label(ranked[1].thing)
            draft.say(f"This is a close call: {tied} meets the same, and only the order of names decides.", tone="frame")
            return
        flip = self.weigher.flip(ranked)
        if flip is None or flip.share > MOST_TIMES:
            self._without_one(draft, ranked, frame)
            return
        what, other = self.weigher.name(flip.criterion.target), self.lexicon.label(flip.thing)
        if flip.close:
            by = f"a change of {abs(flip.share):.0%} in" if abs(flip.share) >= 0.005 else "any change of"
            draft.say(f"This is a close call: {by} the weight of {what} puts {other} first.", tone="frame")
        elif flip.share == -1 or flip.share < -0.9:
            draft.say(f"If {what} did not count, {other} would come first.", tone="frame")
        elif flip.share < 0:
            draft.say(f"If {what} mattered {-flip.share:.0%} less, {other} would come first.", tone="frame")
        else:
            draft.say(f"If {what} mattered {1 + flip.share:.1f} times as much, {other} would come first.", tone="frame")

    def _without_one(self, draft: Draft, ranked: list[Score], frame: RecommendFrame) -> None:
        """Where no weight turns the order: what is asked for without which another thing comes first; else that nothing does."""
        if len(ranked) < 2:
            return
        without = [(self.lexicon.label(n), replace(frame, needs=tuple(m for m in frame.needs if m != n))) for n in frame.needs]
        without += [(c.english, replace(frame, preferred=tuple(p for p in frame.preferred if p is not c))) for c in frame.preferred]
        for what, eased in without if len(without) > 1 else ():
            others = self._ranked(draft, eased, Outcome("recommendation"))[:1]
            if others and others[0].thing != ranked[0].thing:
                draft.say(f"Without {what}, {self.lexicon.label(others[0].thing)} would come first.", tone="frame")
                return
        times = f"{1 + MOST_TIMES:g} times"
        draft.say(f"No change of a single weight, up to {times} as much, puts another one first.", tone="frame")

    def opinions(self, draft: Draft, frame: RecommendFrame, thing: Iri) -> None:
        """What is said of whom the choice suits; those remarks first that speak of the asked kind of project."""
        aspects = self.describer.serving(draft, FG.fit)
        asked = set(frame.needs)
        told = self.describer.about(thing, aspects)
        told.sort(key=lambda r: bool(set(r.unsuited) & asked) - bool(set(r.suits) & asked))
        against = [r for r in told if set(r.unsuited) & asked]
        for remark in dict.fromkeys((*told[:1], *against[:1], *[r for r in told if r.claim][:1])):
            self.describer.tell(draft, remark)

    def _row(self, score: Score) -> dict[str, str]:
        noun = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
        return {
            noun: self.lexicon.label(score.thing),
            "score": f"{score.total:.2f}",
            "missing": ", ".join(self.lexicon.label(c.target) for c in score.missing),
        }


def hard(schema: Schema, constraints: tuple[Constraint, ...], text: str) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...]]:
    """Split conditions into limits and wishes: a value of a property that has only one is a limit, and all where the text says must."""
    must = any(w in text.lower() for w in ("must", "require", "has to", "have to", "only", "mandatory"))
    required = tuple(c for c in constraints if must or (c.property and not c.levels and schema.property(c.property).functional))
    return required, tuple(c for c in constraints if c not in required)
