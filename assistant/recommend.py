"""A choice for stated needs, computed from cited facts.

Method: simple additive weighting (the weighted sum model, Fishburn 1967): hard requirements filter, each preference
weighs, a criterion's value is between 0 and 1 and known from a statement, the score is the weighted mean. A level of a
feature is worth its rank's share (built in 1, nothing 0); what is not stated is worth 0 and is said. What a question
names weighs twice what a kind of project merely prefers, and each weight grows with the share of things that lack it, at
most twofold, so that what tells things apart counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.compose import Outcome
from assistant.describe import Describer
from assistant.draft import Draft
from assistant.encode import Encoder
from assistant.frames import Constraint, RecommendFrame
from assistant.lexicon import Lexicon
from assistant.remarks import Remark
from assistant.words import join, number, plural
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import FG, RDF
from graph.types import Fact, Iri

SHOWN = 3
EXPLICIT, PREFERRED, OPINION = 2.0, 1.0, 1.0  # weight of what the question itself names, and of what a kind of project prefers
NEAR_BEST = 0.6  # share of the best score under which a runner-up is not told
NEAR_NEED = 0.4  # cosine above which a phrasing of a need speaks of the asked project


@dataclass(frozen=True, slots=True)
class Criterion:
    """A feature or value that is wanted, or ``denied``: its weight, and whether a thing without it is out."""

    target: Iri
    weight: float
    required: bool = False
    levels: tuple[Iri, ...] = ()
    denied: bool = False


@dataclass
class Score:
    """A thing with what each criterion contributed."""

    thing: Iri
    total: float = 0.0
    met: list[tuple[Criterion, float, Fact]] = field(default_factory=list)
    missing: list[Criterion] = field(default_factory=list)


@dataclass(frozen=True)
class Needs:
    """What each kind of project requires and prefers, read from the graph."""

    required: dict[Iri, tuple[Iri, ...]]
    preferred: dict[Iri, tuple[Iri, ...]]
    why: dict[Iri, str]

    @classmethod
    def read(cls, kg: KnowledgeGraph) -> Needs:
        values = " ".join(p.n3 for p in (FG.requiresFeature, FG.requiresValue, FG.prefersFeature, FG.prefersValue, FG.why))
        required: dict[Iri, list[Iri]] = {}
        preferred: dict[Iri, list[Iri]] = {}
        why: dict[Iri, str] = {}
        for row in kg.query(f"SELECT DISTINCT ?n ?p ?o {kg.wrap(f'VALUES ?p {{ {values} }} ?n ?p ?o')} ORDER BY ?n ?p ?o"):
            need, prop, value = row["n"], row["p"], row["o"]
            if not isinstance(need, Iri):
                continue
            if prop == FG.why:
                why[need] = value.value
            elif isinstance(value, Iri):
                kept = required if prop in (FG.requiresFeature, FG.requiresValue) else preferred
                kept.setdefault(need, []).append(value)
        return cls({n: tuple(v) for n, v in required.items()}, {n: tuple(v) for n, v in preferred.items()}, why)


class Recommender:
    """Recommends things of the focus class of one opened graph."""

    def __init__(self, kg: KnowledgeGraph, schema: Schema, lexicon: Lexicon, describer: Describer, encoder: Encoder) -> None:
        self.kg, self.schema, self.lexicon, self.describer, self.encoder = kg, schema, lexicon, describer, encoder
        self.needs = Needs.read(kg)
        self._phrases = [
            (need, text) for need in sorted({*self.needs.required, *self.needs.preferred}) for text in lexicon.phrasings.get(need, ())
        ]

    def nearest_needs(self, text: str) -> tuple[Iri, ...]:
        """The kind of project whose phrasing is nearest in meaning, where one is near."""
        if not self._phrases:
            return ()
        vectors = self.encoder.encode([t for _, t in self._phrases])
        asked = self.encoder.encode([text])[0]
        best, at = max((round(float(c), 3), -i) for i, c in enumerate((vectors @ asked).tolist()))
        return (self._phrases[-at][0],) if best >= NEAR_NEED else ()

    # ------------------------------------------------------------ scoring

    def criteria(self, frame: RecommendFrame) -> list[Criterion]:
        """What counts, each once, the strongest reading kept."""
        found: dict[Iri, Criterion] = {}

        def add(target: Iri, weight: float, required: bool, levels: tuple[Iri, ...] = (), denied: bool = False) -> None:
            old = found.get(target)
            if old is None or (required, weight) > (old.required, old.weight):
                found[target] = Criterion(target, weight, required, levels, denied)

        for need in frame.needs:
            for target in self.needs.preferred.get(need, ()):
                add(target, PREFERRED, False)
            for target in self.needs.required.get(need, ()):
                add(target, EXPLICIT, True)
        for required, constraints in ((True, frame.required), (False, frame.preferred)):
            for c in constraints:
                if c.wanted and not c.negated:
                    add(c.wanted.iri, EXPLICIT, required, c.levels)
                elif c.wanted and c.levels:
                    add(c.wanted.iri, EXPLICIT, False, tuple(i for i in sorted(self.schema.levels) if i not in c.levels), True)
        return sorted(found.values(), key=lambda c: (not c.required, -c.weight, c.target))

    def scores(self, draft: Draft, frame: RecommendFrame) -> tuple[list[Score], str]:
        """All candidates with their contributions, best first, and the query that fetched them."""
        criteria = self.criteria(frame)
        focus = self.schema.focus
        classes = " ".join(c.n3 for c in self.schema.subclasses(focus)) if focus else ""
        targets = " ".join(c.target.n3 for c in criteria)
        typed = f"VALUES ?c {{ {classes} }} ?x {RDF.type.n3} ?c ." if focus else ""
        body = f"{typed} VALUES ?o {{ {targets} }} ?x ?p ?o" if criteria else f"{typed} ?x ?p ?o . VALUES ?p {{ {self._ordering(frame)} }}"
        query = f"SELECT DISTINCT ?x ?p ?o {draft.kg.wrap(body)} ORDER BY ?x ?p ?o"
        by_target = {c.target: c for c in criteria}
        found: dict[Iri, Score] = {}
        for row in draft.ask(query):
            x, p, o = row["x"], row["p"], row["o"]
            if not (isinstance(x, Iri) and isinstance(p, Iri)):
                continue
            score = found.setdefault(x, Score(x))
            if not isinstance(o, Iri) or o not in by_target:
                continue
            value = self._value(p, by_target[o])
            if value > 0 and not any(c.target == o for c, _, _ in score.met):
                score.met.append((by_target[o], value, Fact(x, p, o)))
        criteria = self._by_rarity(criteria, found)
        out_of = sum(c.weight for c in criteria)
        out_of += self._said_to_suit(draft, frame, found) + self._ordered(draft, frame, found)
        for score in found.values():
            met = {c.target for c, _, _ in score.met}
            score.missing = [c for c in criteria if c.target not in met]
            score.total = round(sum(c.weight * v for c, v, _ in score.met) / (out_of or 1.0), 4)
        unwanted = self._unwanted(draft, frame)
        kept = [s for s in found.values() if self._allowed(s, frame) and s.thing not in unwanted]
        return sorted(kept, key=lambda s: (-s.total, self.lexicon.label(s.thing).casefold(), s.thing)), query

    def _by_rarity(self, criteria: list[Criterion], found: dict[Iri, Score]) -> list[Criterion]:
        """What few things have tells more than what nearly all have: a weight grows by the share that lacks it, at most twofold."""
        total = len(found) or 1
        share = {c.target: sum(any(m.target == c.target for m, _, _ in s.met) for s in found.values()) / total for c in criteria}
        weighed = {c.target: replace(c, weight=round(c.weight * (2 - share[c.target]), 4)) for c in criteria}
        for score in found.values():
            score.met = [(weighed[c.target], v, f) for c, v, f in score.met]
        return list(weighed.values())

    def _ordering(self, frame: RecommendFrame) -> str:
        return " ".join(p.n3 for p in (frame.low, frame.high) if p)

    def _unwanted(self, draft: Draft, frame: RecommendFrame) -> set[Iri]:
        """Things that are stated to have what the question rules out."""
        denied = [c for c in (*frame.required, *frame.preferred) if c.negated and c.wanted]
        if not denied:
            return set()
        values = " ".join(c.wanted.iri.n3 for c in denied if c.wanted)
        rows = draft.ask(f"SELECT DISTINCT ?x ?p ?o {draft.kg.wrap(f'VALUES ?o {{ {values} }} ?x ?p ?o')}").rows
        covers = {c.wanted.iri: c.levels for c in denied if c.wanted}
        out = set()
        for row in rows:
            x, p, o = row["x"], row["p"], row["o"]
            if isinstance(x, Iri) and isinstance(p, Iri) and isinstance(o, Iri):
                has = p in covers[o] if self.schema.is_level(p) else p in self.schema.properties
                out |= {x} if has else set()
        return out

    def _said_to_suit(self, draft: Draft, frame: RecommendFrame, found: dict[Iri, Score]) -> float:
        """Claims that a thing suits an asked kind of project: each need weighs once, whoever says so. Returns the weight added."""
        remarks = self.describer.remarks.remarks
        added = 0.0
        for need in frame.needs:
            claims = [r for r in remarks if need in r.suits]
            added += OPINION if claims else 0.0
            for claim in claims:
                for thing in claim.about:
                    if thing in found and not any(c.target == need for c, _, _ in found[thing].met):
                        found[thing].met.append((Criterion(need, OPINION), 1.0, claim.fact))
        return added

    def _ordered(self, draft: Draft, frame: RecommendFrame, found: dict[Iri, Score]) -> float:
        """Less or more of an ordered property, scaled between the ends that occur. Returns the weight added."""
        added = 0.0
        for prop, low in ((frame.low, True), (frame.high, False)):
            if prop is None:
                continue
            values = {x: v for x in found for v in self.describer.values(x, prop)[:1]}
            sizes = {x: float(v.value) for x, v in values.items() if v.value.replace(".", "", 1).isdigit()}
            span = (max(sizes.values()) - min(sizes.values())) or 1.0 if sizes else 1.0
            for x, size in sizes.items():
                share = (max(sizes.values()) - size) / span if low else (size - min(sizes.values())) / span
                found[x].met.append((Criterion(prop, EXPLICIT), share, Fact(x, prop, values[x])))
            added += EXPLICIT
        return added

    def _value(self, prop: Iri, criterion: Criterion) -> float:
        if not self.schema.is_level(prop):
            return 1.0 if prop in self.schema.properties else 0.0
        if criterion.levels and prop not in criterion.levels:
            return 0.0
        if criterion.denied:
            return 1.0
        top = max(self.schema.ranks.values(), default=1) or 1
        return self.schema.ranks.get(prop, 0) / top

    def _allowed(self, score: Score, frame: RecommendFrame) -> bool:
        if score.thing in frame.excluded or (frame.options and score.thing not in frame.options):
            return False
        return not any(c.required for c in score.missing)

    # ------------------------------------------------------------ the answer

    def recommend(self, draft: Draft, frame: RecommendFrame) -> Outcome:
        """The choice, two runners-up, the facts that decided, what the choice lacks, and what sources say of each."""
        out = Outcome("recommendation")
        ranked, out.sparql = self.scores(draft, frame)
        ranked = self._without_banned(frame, [s for s in ranked if s.met])
        if not ranked and frame.required:
            self._nothing(draft, frame)
            frame = replace(frame, required=(), preferred=(*frame.required, *frame.preferred))
            ranked, out.sparql = self.scores(draft, frame)
            ranked = self._without_banned(frame, [s for s in ranked if s.met])
        if not ranked:
            self._nothing(draft, frame)
            out.empty = out.abstained = True
            return out
        ranked = [s for s in ranked if s.total >= NEAR_BEST * ranked[0].total]
        purpose = self._purpose(frame)
        count = len(self.criteria(frame)) + sum(p is not None for p in (frame.low, frame.high))
        noun = "criterion" if count == 1 else "criteria"
        draft.say(
            f"It depends on what matters most to you; computed{purpose} from {number(count)} {noun} and the stated facts:", tone="frame"
        )
        for rank, score in enumerate(ranked[:SHOWN]):
            self._say(draft, score, rank)
        self._lacks(draft, ranked[0])
        self._opinions(draft, [s.thing for s in ranked[:SHOWN]])
        if not (frame.options or frame.required or frame.preferred or frame.low or frame.high):
            self._others(draft, [s.thing for s in ranked[:SHOWN]])
        out.names = [self.lexicon.label(s.thing) for s in ranked[:SHOWN]]
        out.things = [s.thing for s in ranked[:SHOWN]]
        out.rows = [self._row(s) for s in ranked[:SHOWN]]
        return out

    def _without_banned(self, frame: RecommendFrame, ranked: list[Score]) -> list[Score]:
        """Things built on what was excluded are excluded with it."""
        if not frame.excluded:
            return ranked
        values = " ".join(e.n3 for e in frame.excluded)
        known = {*self.schema.properties}
        rows = self.kg.query(f"SELECT DISTINCT ?x ?p {self.kg.wrap(f'VALUES ?e {{ {values} }} ?x ?p ?e')}")
        tied = {r["x"] for r in rows if r["p"] in known}
        return [s for s in ranked if s.thing not in tied]

    def _purpose(self, frame: RecommendFrame) -> str:
        named = [self.lexicon.label(n) for n in frame.needs]
        named += [f"a low {self.lexicon.label(frame.low)}"] if frame.low else []
        named += [c.wanted.label for c in (*frame.required, *frame.preferred) if c.wanted and not c.negated]
        return f" for {join(list(dict.fromkeys(named)))}" if named else ""

    def _say(self, draft: Draft, score: Score, rank: int) -> None:
        facts = [f for _, _, f in score.met]
        by_level: dict[str, list[str]] = {}
        for criterion, _, fact in score.met:
            how, what = self._told(criterion, fact)
            by_level.setdefault(how, []).append(what)
        why = "; ".join(f"{how}: {join(things)}" for how, things in by_level.items())
        kinds, kind_facts = self._kind(score.thing)
        why = f"{kinds}; {why}" if kinds else why
        facts += kind_facts
        place = ("First choice", "Second", "Third")[rank]
        draft.say(f"{place}: **{self.lexicon.label(score.thing)}** ({score.total:.2f} of 1): {why}.", facts, "computed", "bullet")

    def _told(self, criterion: Criterion, fact: Fact) -> tuple[str, str]:
        """How a contribution is told: under which heading, and what."""
        if fact.predicate == FG.says:
            return "said to suit", self.lexicon.label(criterion.target)
        what = self.lexicon.label(fact.object) if isinstance(fact.object, Iri) else str(fact.object)
        if self.schema.is_level(fact.predicate):
            return self.schema.levels[fact.predicate].named.label, what
        return self.lexicon.label(fact.predicate), what

    def _kind(self, thing: Iri) -> tuple[str, list[Fact]]:
        """What kind of thing it is: the values of the first headline property."""
        first = self.schema.first_headline()
        values = self.describer.values(thing, first.iri) if first else ()
        return join([self.lexicon.label(v) for v in values if isinstance(v, Iri)]), [
            Fact(thing, first.iri, v) for v in values
        ] if first else []

    def _lacks(self, draft: Draft, best: Score) -> None:
        if best.missing:
            missing = join([self.lexicon.label(c.target) for c in best.missing], "or")
            draft.say(f"Not stated for {self.lexicon.label(best.thing)}, or not available: {missing}.", tone="not-stated")

    def _opinions(self, draft: Draft, things: list[Iri]) -> None:
        aspects = self.describer.serving(draft, FG.fit)
        for rank, thing in enumerate(things):
            told = self.describer.about(thing, aspects)
            claims = [r for r in told if r.claim and r not in told[:1]][:1] if rank == 0 else []
            for remark in (*told[:1], *claims):
                self.describer.tell(draft, remark)

    def _others(self, draft: Draft, chosen: list[Iri]) -> None:
        """A broad question: what the best-described of the others are said to suit."""
        aspects = self.describer.serving(draft, FG.fit)
        for thing in [t for t in self._described(draft) if t not in chosen][:3]:
            told = self._recommended(thing, aspects)
            self.describer.tell(draft, next((r for r in told if r.claim), told[0]))

    def _described(self, draft: Draft) -> list[Iri]:
        """Things of the focus class with a word on whom they suit, those with most said of them first."""
        aspects, remarks, focus = self.describer.serving(draft, FG.fit), self.describer.remarks, self.schema.focus
        pool = [t for t in sorted(remarks.about) if (focus is None or self.lexicon.is_a(t, focus)) and self._recommended(t, aspects)]
        return sorted(pool, key=lambda t: (-len(remarks.about[t]), t))

    def _recommended(self, thing: Iri, aspects: frozenset[Iri]) -> list[Remark]:
        """What is said of whom a thing suits; what only says whom it does not suit is no recommendation."""
        return [r for r in self.describer.about(thing, aspects) if r.suits or not r.unsuited]

    def _row(self, score: Score) -> dict[str, str]:
        noun = self.lexicon.label(self.schema.focus) if self.schema.focus else "thing"
        return {
            noun: self.lexicon.label(score.thing),
            "score": f"{score.total:.2f}",
            "missing": ", ".join(self.lexicon.label(c.target) for c in score.missing),
        }

    def _nothing(self, draft: Draft, frame: RecommendFrame) -> None:
        limits = [c.wanted.label for c in frame.required if c.wanted]
        noun = plural(self.lexicon.label(self.schema.focus)) if self.schema.focus else "things"
        said = (
            f"No {self.lexicon.label(self.schema.focus) if self.schema.focus else 'thing'} is stated to meet {join(limits)} at once"
            if limits
            else f"The graph states no {noun} for that"
        )
        draft.say(f"{said}; what comes nearest follows." if limits else f"{said}.", tone="not-stated")

    def general(self, draft: Draft, options: tuple[Iri, ...] = ()) -> Outcome:
        """Without a stated need there is no best: whom each of the best-described things is said to suit."""
        out = Outcome("recommendation")
        aspects = self.describer.serving(draft, FG.fit)
        focus = self.schema.focus
        pool = [t for t in self._described(draft) if not options or t in options]
        noun = self.lexicon.label(focus) if focus else "thing"
        draft.say(f"There is no single best {noun}: it depends on what you build.", tone="frame")
        for thing in pool[:5]:
            told = self._recommended(thing, aspects)
            claims = [r for r in told if r.claim] or told
            self.describer.tell(draft, claims[0])
            out.names.append(self.lexicon.label(thing))
            out.things.append(thing)
            out.rows.append({noun: self.lexicon.label(thing), "said to suit": claims[0].says})
        out.empty = out.abstained = not out.names
        values = " ".join(a.n3 for a in sorted(aspects))
        body = f"VALUES ?aspect {{ {values} }} ?r {FG.aspect.n3} ?aspect ; {FG.about.n3} ?thing ; {FG.says.n3} ?says"
        out.sparql = f"SELECT ?thing ?says {draft.kg.wrap(body)} ORDER BY ?thing ?says"
        draft.ask(out.sparql)
        return out


def hard(schema: Schema, constraints: tuple[Constraint, ...], text: str) -> tuple[tuple[Constraint, ...], tuple[Constraint, ...]]:
    """Split conditions into limits and wishes: a value of a property that has only one is a limit, and all where the text says must."""
    must = any(w in text.lower() for w in ("must", "require", "has to", "have to", "only", "mandatory"))
    required = tuple(c for c in constraints if must or (c.property and not c.levels and schema.property(c.property).functional))
    return required, tuple(c for c in constraints if c not in required)
