"""Scores by simple additive weighting: hard limits filter, each criterion has a weight and a value between 0 and 1.

The weighted sum model: P. C. Fishburn, Additive utilities with incomplete product sets, Operations Research 15 (1967);
C. L. Hwang and K. Yoon, Multiple Attribute Decision Making (1981), where it is called simple additive weighting. The score
is the sum of weight times value over the sum of the weights. A level of a feature is worth its rank's share (built in 1,
nothing 0); what is not stated is worth 0 and is said. What a question names weighs twice what a kind of project merely
prefers, and each weight grows with the share of things that lack it, at most twofold, so that what tells things apart counts.
What always counts (maintenance, maturity) is a need of the graph marked as the default; popularity is none, and counts only
where it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from assistant.criteria import CLOSE, EXPLICIT, KNOWN, PREFERRED, Criterion, Flip, Score
from assistant.degrees import Degrees
from assistant.describe import Describer
from assistant.draft import Draft
from assistant.frames import Constraint, RecommendFrame
from assistant.lexicon import Lexicon
from assistant.needs import Needs
from assistant.respects import Respects
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import FG, RDF
from graph.types import Fact, Iri, Literal

__all__ = ["CLOSE", "Criterion", "Flip", "Score", "Weigher", "wanted"]

NEARLY_ALL = 0.8  # share of the things of a kind that have a value, from which the kind is not to be had without one


class Weigher:
    """Scores things of the focus class of one opened graph."""

    def __init__(self, kg: KnowledgeGraph, schema: Schema, lexicon: Lexicon, describer: Describer) -> None:
        self.kg, self.schema, self.lexicon, self.describer = kg, schema, lexicon, describer
        self.needs = Needs.read(kg)
        self.respects = Respects(describer)
        self.degrees = Degrees(describer, self.needs, self.respects)
        self._means: dict[Iri, tuple[Iri, ...]] = {}
        self._names: dict[Iri, str] = {}
        self.users = lru_cache(maxsize=1_000)(self._users)  # asked for each thing that has what is ruled out
        self._only_beside = lru_cache(maxsize=1_000)(self._kinds_having)

    # ------------------------------------------------------------ what counts

    def criteria(self, frame: RecommendFrame) -> list[Criterion]:
        """What counts, each once, the strongest reading kept."""
        found: dict[Iri, Criterion] = {}

        def add(made: Criterion) -> None:
            old = found.get(made.target)
            if made.need and made.target in frame.waived:
                return
            if old is None or (made.required, made.weight) > (old.required, old.weight):
                found[made.target] = replace(made, stands_for=self.stands_for(made.target))

        covers = tuple(v for n in frame.needs for v in self.needs.covers.get(n, ()))
        for need in (*frame.needs, *self.needs.usual):
            share = self.needs.weight.get(need, 1.0)
            for target in self.needs.preferred.get(need, ()):
                add(Criterion(target, PREFERRED * share, False, covers, need=need))
            for target in self.needs.required.get(need, ()):
                add(Criterion(target, EXPLICIT, not frame.options, covers, need=need))
        for required, constraints in ((True, frame.required), (False, frame.preferred)):
            for c in constraints:
                if c.wanted and not c.negated:
                    add(Criterion(c.wanted.iri, EXPLICIT, required, c.levels or covers))
                elif c.wanted and c.levels:
                    others = tuple(i for i in sorted(self.schema.levels) if i not in c.levels)
                    add(Criterion(c.wanted.iri, EXPLICIT, False, others, True))
        for thing in frame.known:
            add(Criterion(thing, KNOWN))
        return sorted(found.values(), key=lambda c: (not c.required, -c.weight, c.target))

    def stands_for(self, target: Iri) -> tuple[Iri, ...]:
        """Values that count as the target: it itself, or, where no thing has it, the values that have it (licences of a class)."""
        if target not in self._means:
            typed = self.typed()
            values = " ".join(p.n3 for p in sorted(self.schema.properties))
            direct = self.kg.query(f"ASK {self.kg.wrap(f'{typed} ?x ?p {target.n3}')}").boolean
            body = f"{typed} VALUES ?q {{ {values} }} ?m ?q {target.n3} . ?x ?p ?m"
            found: tuple[Iri, ...] = ()
            if not direct and values:
                rows = self.kg.query(f"SELECT DISTINCT ?m {self.kg.wrap(body)} ORDER BY ?m")
                found = tuple(r["m"] for r in rows if isinstance(r["m"], Iri))
            self._means[target] = found or (target,)
        return self._means[target]

    def is_met(self, target: Iri, kinds: tuple[Iri, ...] = ()) -> bool:
        """Whether anything of the focus class, or of one of the kinds, has the value."""
        values = " ".join(v.n3 for v in self.stands_for(target))
        first = self.schema.first_headline()
        of_kind = f"VALUES ?k {{ {' '.join(k.n3 for k in kinds)} }} ?x {first.iri.n3} ?k ." if kinds and first else ""
        return bool(self.kg.query(f"ASK {self.kg.wrap(f'{self.typed()} {of_kind} VALUES ?o {{ {values} }} ?x ?p ?o')}").boolean)

    def name(self, target: Iri) -> str:
        """How a criterion is called: a value of which a thing has only one by its property (the licence), all else by its own name."""
        if target not in self._names:
            single = [p for p, info in sorted(self.schema.properties.items()) if info.functional and info.objects]
            of = [p for p in single if self.describer.connections.holds(target, p, True)] if target not in self.schema.properties else []
            self._names[target] = self.lexicon.label(of[0] if of else target)
        return self._names[target]

    def typed(self) -> str:
        focus = self.schema.focus
        classes = " ".join(c.n3 for c in self.schema.subclasses(focus)) if focus else ""
        return f"VALUES ?c {{ {classes} }} ?x {RDF.type.n3} ?c ." if focus else ""

    # ------------------------------------------------------------ scores

    def scores(self, draft: Draft, frame: RecommendFrame) -> tuple[list[Score], str]:
        """All candidates with their contributions, best first, and the query that fetched them."""
        criteria = self.criteria(frame)
        typed = self.typed()
        targets = " ".join(dict.fromkeys(v.n3 for c in criteria for v in c.stands_for))
        ordering = " ".join(p.n3 for p in (frame.low, frame.high) if p)
        body = f"{typed} VALUES ?o {{ {targets} }} ?x ?p ?o" if criteria else f"{typed} ?x ?p ?o . VALUES ?p {{ {ordering} }}"
        query = f"SELECT DISTINCT ?x ?p ?o {draft.kg.wrap(body)} ORDER BY ?x ?p ?o"
        asked: dict[Iri, list[Criterion]] = {}
        for c in criteria:
            for value in c.stands_for:
                asked.setdefault(value, []).append(c)
        found: dict[Iri, Score] = {x: Score(x) for x in self._named_kinds(frame)}
        for row in draft.ask(query):
            x, p, o = row["x"], row["p"], row["o"]
            if isinstance(x, Iri) and isinstance(p, Iri):
                score = found.setdefault(x, Score(x))
                for c in asked.get(o, ()) if isinstance(o, Iri) else ():
                    self._credit(score, c, Fact(x, p, o))
        criteria = self._by_rarity(criteria, found)
        out_of = sum(c.weight for c in criteria) + self.degrees.said_to_suit(frame, found) + self.degrees.ordered(frame, found)
        for score in found.values():
            met = score.gains()
            score.missing = [c for c in criteria if c.target not in met]
            score.out_of = out_of or 1.0
            score.total = round(sum(c.weight * v for c, v, _ in score.met) / score.out_of, 4)
        out = {*self._unwanted(draft, frame), *self.left_out(draft, frame)}
        kept = [s for s in found.values() if self._allowed(s, frame) and s.thing not in out]
        return sorted(kept, key=lambda s: (-s.total, self.lexicon.label(s.thing).casefold(), s.thing)), query

    def _credit(self, score: Score, criterion: Criterion, fact: Fact) -> None:
        """What a fact is worth for a criterion; of several facts the best one counts."""
        value = self._value(fact.predicate, criterion)
        old = next((v for c, v, _ in score.met if c.target == criterion.target), 0.0)
        if value > old:
            score.met = [m for m in score.met if m[0].target != criterion.target]
            score.met.append((criterion, value, fact))

    def _value(self, prop: Iri, criterion: Criterion) -> float:
        if not self.schema.is_level(prop):
            had = not self.schema.levels or not self.lexicon.is_a(criterion.target, FG.Feature)  # a feature is had at a level
            return 1.0 if had and prop in self.schema.properties else 0.0
        if criterion.levels and prop not in criterion.levels:
            return 0.0
        if criterion.denied:
            return 1.0
        top = max(self.schema.ranks.values(), default=1) or 1
        return self.schema.ranks.get(prop, 0) / top

    def _by_rarity(self, criteria: list[Criterion], found: dict[Iri, Score]) -> list[Criterion]:
        """What few things have tells more than what nearly all have: a weight grows by the share that lacks it, at most twofold."""
        total = len(found) or 1
        share = {c.target: sum(c.target in s.gains() for s in found.values()) / total for c in criteria}
        weighed = {c.target: replace(c, weight=round(c.weight * (2 - share[c.target]), 4)) for c in criteria}
        for score in found.values():
            score.met = [(weighed[c.target], v, f) for c, v, f in score.met]
        return list(weighed.values())

    # ------------------------------------------------------------ limits

    def _unwanted(self, draft: Draft, frame: RecommendFrame) -> set[Iri]:
        """Things that cannot do without what the question rules out: at a level that is meant, as the one value that they have,
        or where they have nothing else of its kind. What is one of several that a thing works with can be left alone.
        """
        denied = [c for c in (*frame.required, *frame.preferred) if c.negated and c.wanted]
        if not denied:
            return set()
        covers = {v: c.levels for c in denied if c.wanted for v in self.stands_for(c.wanted.iri)}
        values = " ".join(v.n3 for v in covers)
        out: set[Iri] = set()
        for row in draft.ask(f"SELECT DISTINCT ?x ?p ?o {draft.kg.wrap(f'VALUES ?o {{ {values} }} ?x ?p ?o')}").rows:
            x, p, o = row["x"], row["p"], row["o"]
            if isinstance(x, Iri) and isinstance(p, Iri) and isinstance(o, Iri) and x not in out:
                stated = p in covers[o] if self.schema.is_level(p) else p in self.schema.properties
                out |= {x} if stated and (self.schema.is_level(p) or self._binds(x, p, o, frame, {*covers})) else set()
        return out

    def _binds(self, thing: Iri, prop: Iri, value: Iri, frame: RecommendFrame, denied: set[Iri]) -> bool:
        """Whether a thing cannot be had without a value: a thing has but one, or must have it, or all else of its kind is ruled out."""
        if self.schema.properties[prop].functional or prop in self.needs.limits or prop in self.schema.counters:
            return True
        if self.schema.focus and self.lexicon.is_a(value, *self.schema.subclasses(self.schema.focus)):
            return True  # what it is built on
        for kind in self.kinds(frame):
            users = self.users(kind, value)
            if thing in users:
                return not users[thing] - denied
        return False

    def _users(self, kind: Iri, value: Iri) -> dict[Iri, frozenset[Iri]]:
        """Things of a kind -> what each has that does the service of a value, where nearly all of them need such a thing (a queue
        its broker); none where only some have one. What does one service: values of the classes that share a property with it.
        """
        first = self.schema.first_headline()
        body = f"{self.typed()} ?x {first.iri.n3} {kind.n3} ; ?p ?o" if first else ""
        rows = self.kg.query(f"SELECT DISTINCT ?x ?p ?o {self.kg.wrap(body)}").rows if body else ()
        several = {p for p, info in self.schema.properties.items() if not info.functional and p not in self.schema.counters}
        held = [(r["x"], r["p"], r["o"]) for r in rows if isinstance(r["x"], Iri) and isinstance(r["o"], Iri) and r["p"] in several]
        classes = self.lexicon.classes_of
        by = {p for _, p, o in held if o == value}
        service = frozenset(c for _, p, o in held if p in by for c in classes.get(o, frozenset()))
        found: dict[Iri, frozenset[Iri]] = {}
        for x, _, o in held:
            if classes.get(o, frozenset()) & service:
                found[x] = found.get(x, frozenset()) | {o}
        return found if len(found) >= NEARLY_ALL * len({r["x"] for r in rows}) else {}

    def left_out(self, draft: Draft, frame: RecommendFrame) -> dict[Iri, Fact]:
        """Things that every choice leaves out (no longer kept up), with the fact that says why; none that was offered by name."""
        asked = {c.wanted.iri for c in (*frame.required, *frame.preferred) if c.wanted}
        values = sorted({v for n in (*frame.needs, *self.needs.usual) for v in self.needs.avoided.get(n, ())} - asked)
        if not values:
            return {}
        body = f"{self.typed()} VALUES ?o {{ {' '.join(v.n3 for v in values)} }} ?x ?p ?o"
        rows = draft.ask(f"SELECT DISTINCT ?x ?p ?o {draft.kg.wrap(body)} ORDER BY ?x").rows
        return {
            r["x"]: Fact(r["x"], r["p"], r["o"])
            for r in rows
            if isinstance(r["x"], Iri) and isinstance(r["p"], Iri) and r["x"] not in frame.options and r["p"] in self.schema.properties
        }

    def meets(self, thing: Iri, frame: RecommendFrame) -> bool:
        """Whether a thing is of the kinds that are chosen from, and has all that is required and something of what is asked."""
        ways = [*self.schema.properties, *(i for i, rank in self.schema.ranks.items() if rank > 0)]
        asked = [c for c in self.criteria(frame) if c.need not in self.needs.usual and not c.denied]
        met = [c for c in asked if any({*c.stands_for} & {*self.describer.values(thing, p)} for p in c.levels or ways)]
        return self.of_kind(thing, frame) and all(c in met for c in asked if c.required) and (bool(met) or not asked)

    def _allowed(self, score: Score, frame: RecommendFrame) -> bool:
        if score.thing in frame.excluded or (frame.options and score.thing not in frame.options):
            return False
        return not any(c.required for c in score.missing) and self.of_kind(score.thing, frame) and self.without(score.thing, frame)

    def kinds(self, frame: RecommendFrame) -> tuple[Iri, ...]:
        """The kinds of thing that a choice must be one of: those named, else those of the needs, else those of every choice.

        Limits have no say in it: what meets a limit may be of any kind, and without it no candidate may be lost. Where a kind was
        asked for and is waived, things of all kinds are chosen from, for the same reason.
        """
        if frame.among or frame.options:
            return frame.among
        main = [n for n in frame.needs if n not in self.needs.weight] or list(frame.needs)
        own = tuple(dict.fromkeys(k for n in main for k in self.needs.among.get(n, ())))
        first = self.schema.first_headline()
        brought = (t for n in frame.needs for t in self.needs.required.get(n, ()))
        asked = (c.wanted.iri for c in (*frame.required, *frame.preferred) if c.wanted)
        if first and any(self._is_kind(t, first.iri) for t in (*brought, *frame.waived)):
            return ()  # a kind that is required filters by itself; what other needs choose from would leave nothing
        if own or (first and any(self._is_kind(t, first.iri) for t in asked)):
            return own
        return (frame.noun,) if frame.noun else tuple(k for n in self.needs.usual for k in self.needs.among.get(n, ()))

    def implied(self, frame: RecommendFrame) -> tuple[Iri, ...]:
        """The kinds that a question means though it names none: those of the only things that have a value which it asks for (a broker
        that task queues speak to), where none of the usual kinds has it; none where it names a kind, or a need that does.
        """
        usual = frozenset(k for n in self.needs.usual for k in self.needs.among.get(n, ()))
        if frame.options or not usual or {*self.kinds(replace(frame, noun=None))} != usual:
            return ()
        wishes = [c.wanted.iri for c in (*frame.required, *frame.preferred) if c.wanted and not c.negated and not c.levels]
        found = [self._only_beside(iri) for iri in wishes]
        return next((kinds for kinds in found if kinds and not usual & {*kinds}), ())

    def _named_kinds(self, frame: RecommendFrame) -> list[Iri]:
        """The things of the kinds that are asked for by name: they are weighed even where nothing is stated of what counts."""
        first = self.schema.first_headline()
        if first is None or not frame.among or frame.options:
            return []
        body = f"{self.typed()} VALUES ?k {{ {' '.join(k.n3 for k in frame.among)} }} ?x {first.iri.n3} ?k"
        return [r["x"] for r in self.kg.query(f"SELECT DISTINCT ?x {self.kg.wrap(body)} ORDER BY ?x") if isinstance(r["x"], Iri)]

    def _kinds_having(self, target: Iri) -> tuple[Iri, ...]:
        """The kinds of the things that have a value; none for a feature, or for what each thing has one of (a licence)."""
        first = self.schema.first_headline()
        if first is None or self.lexicon.is_a(target, FG.Feature) or self.name(target) != self.lexicon.label(target):
            return ()
        body = f"{self.typed()} VALUES ?o {{ {' '.join(v.n3 for v in self.stands_for(target))} }} ?x ?p ?o . ?x {first.iri.n3} ?kind"
        rows = self.kg.query(f"SELECT DISTINCT ?kind {self.kg.wrap(body)} ORDER BY ?kind")
        return tuple(r["kind"] for r in rows if isinstance(r["kind"], Iri))

    def _is_kind(self, value: Iri, prop: Iri) -> bool:
        return self.describer.connections.holds(value, prop, True)

    def of_kind(self, thing: Iri, frame: RecommendFrame) -> bool:
        """Whether a thing is of one of the kinds."""
        kinds, first = self.kinds(frame), self.schema.first_headline()
        return not kinds or first is None or bool(set(self.describer.values(thing, first.iri)) & set(kinds))

    def without(self, thing: Iri, frame: RecommendFrame) -> bool:
        """Whether the numbers that have to be 0 are."""
        props = [p for n in frame.needs for p in self.needs.none.get(n, ())]
        return all(any(isinstance(v, Literal) and v.value == "0" for v in self.describer.values(thing, p)) for p in props)

    # ------------------------------------------------------------ what would change the answer

    def flip(self, ranked: list[Score]) -> Flip | None:
        """The smallest change of a single weight that puts another thing first; None where no single weight does."""
        if len(ranked) < 2:
            return None
        best, gained = ranked[0], ranked[0].gains()
        found: list[tuple[float, Iri, Iri, Flip]] = []
        for other in ranked[1:]:
            theirs = other.gains()
            lead = sum(c.weight * v for c, v, _ in best.met) - sum(c.weight * v for c, v, _ in other.met)
            for c in {c.target: c for c in _weighed((*best.met, *other.met))}.values():
                apart = gained.get(c.target, 0.0) - theirs.get(c.target, 0.0)
                if not apart or not c.weight:
                    continue
                share = -lead / (c.weight * apart)
                if share > -1 or (share == -1 and not c.required):  # what is demanded may weigh less, but it cannot be left away
                    found.append((round(abs(share), 6), other.thing, c.target, Flip(c, round(share, 4), other.thing)))
        return min(found, key=lambda f: f[:3])[3] if found else None


def _weighed(met: Iterable[tuple[Criterion, float, Fact]]) -> list[Criterion]:
    return [c for c, _, _ in met]


def wanted(constraints: Iterable[Constraint]) -> list[Iri]:
    """The things that constraints want."""
    return [c.wanted.iri for c in constraints if c.wanted and not c.negated]
