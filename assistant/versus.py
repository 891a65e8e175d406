"""Several things offered for a purpose: a table by what the purpose asks for, and a sentence which to take when.

The order is that of ``assistant.weigh``. What the asker demands is weighed here and not filtered by, so that each of the things
is shown; one that does not meet a demand comes after those that do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.alike import Likeness
from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.frames import RecommendFrame
from assistant.recommend import Recommender
from assistant.say import Speaker, plain
from assistant.weigh import Criterion, Score
from assistant.words import join
from graph.terms import FG
from graph.types import Fact, Iri

ROWS = 14
TOLD = 4  # criteria named in the verdict
MOST = 5  # things
FEW = 4  # values that stand in a cell in the place of the one asked for
UNKNOWN, OWN = "not stated", "by its own word"
Cell = tuple[str, list[Fact]]


@dataclass(frozen=True)
class Line:
    """A row of the table: what is asked for, what it weighs, whether every choice asks for it, and a cell for each thing."""

    criterion: Criterion
    label: str
    usual: bool
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return len({text for text, _ in self.cells}) > 1


class Versus:
    """Sets things of one opened graph beside each other for a purpose."""

    def __init__(self, recommender: Recommender, likeness: Likeness) -> None:
        self.recommender, self.weigher, self.likeness = recommender, recommender.weigher, likeness
        self.schema, self.lexicon, self.describer = recommender.schema, recommender.lexicon, recommender.describer
        self.speaker = Speaker(self.schema, self.lexicon)

    def tell(self, draft: Draft, frame: RecommendFrame) -> Outcome:
        """The verdict, a table in which the rows that differ come first, what supplies the gaps, and what would change it."""
        out = Outcome("recommendation")
        ranked = self._ranked(draft, frame, out)
        lines = self._lines(frame, ranked)
        self._verdict(draft, frame, ranked)
        self._otherwise(draft, ranked)
        self._table(draft, ranked, lines, out)
        ranked[0].missing = [c for c in ranked[0].missing if self.weigher.is_met(c.target)]
        self.recommender.lacks(draft, ranked[0])
        self._fails(draft, frame, ranked)
        if len(ranked) < 2 or self._own_gains(ranked[0]) != self._own_gains(ranked[1]):
            self.recommender.would_change(draft, ranked, frame)
        self.recommender.opinions(draft, frame, ranked[0].thing)
        self.weigher.respects.tell(draft, frame.judged, [s.thing for s in ranked])
        out.things = [s.thing for s in ranked]
        out.names = [self.lexicon.label(t) for t in out.things]
        out.empty = out.abstained = not any(s.facts for s in draft.sentences)
        return out

    # ------------------------------------------------------------ order

    def _ranked(self, draft: Draft, frame: RecommendFrame, out: Outcome) -> list[Score]:
        """All things offered, those first that meet every demand, then by score."""
        eased = replace(frame, required=(), preferred=(*frame.required, *frame.preferred), options=frame.options[:MOST])
        found, out.sparql = self.recommender.scores(draft, eased)
        scores = {s.thing: s for s in found}
        ranked = [scores.get(o, Score(o)) for o in eased.options]
        ranked.sort(key=lambda s: (len(self._unmet(frame, s)), -s.total, self.lexicon.label(s.thing).casefold()))
        return ranked

    def _unmet(self, frame: RecommendFrame, score: Score) -> list[Iri]:
        gains = score.gains()
        return [c.wanted.iri for c in frame.required if c.wanted and not c.negated and c.wanted.iri not in gains]

    # ------------------------------------------------------------ the verdict

    def _verdict(self, draft: Draft, frame: RecommendFrame, ranked: list[Score]) -> None:
        """Which to take, with the criteria in which it is ahead of the others, else with those that it meets."""
        first, rest = ranked[0], ranked[1:]
        name = plain(self.lexicon.label(first.thing))
        purpose = self.recommender.purpose(frame)
        told = self._ahead(first, rest) or [m for m in first.met if self.recommender.tells(m[0])]
        told = sorted(told, key=lambda m: (-m[0].weight * m[1], m[0].target))[:TOLD]
        if not told:
            offered = join([plain(self.lexicon.label(s.thing)) for s in ranked], "or")
            draft.say(f"Nothing that is stated speaks for {offered}{purpose}.", tone="not-stated")
            return
        facts = [f for _, _, f in told]
        tied = bool(rest) and rest[0].total == first.total
        same = [s for s in ranked if self._own_gains(s) == self._own_gains(first)]
        level = same if len(same) > 1 else [s for s in ranked if s.total == first.total]
        names = join([plain(self.lexicon.label(s.thing)) for s in level])
        if len(same) > 1:
            by = "nothing that is stated puts one first" if tied else f"**{name}** comes first only by {self._named(told)}"
            facts += [f for s in same for _, _, f in self._own(s.met)]
            draft.say(f"{names} meet the same{purpose}; {by}.", facts, "computed")
            return
        if tied:
            draft.say(f"By what is stated {names} do equally well{purpose} ({first.total:.2f} of 1).", facts, "computed")
            return
        ahead = bool(self._ahead(first, rest))
        why = f"{'ahead in' if ahead and rest else 'it has'} {self._named(told)}"
        draft.say(f"Take **{name}**{purpose} ({first.total:.2f} of 1): {why}.", facts, "computed")

    def _own_gains(self, score: Score) -> dict[Iri, float]:
        """What a thing meets of this choice, apart from what every choice asks."""
        return {c.target: v for c, v, _ in score.met if self.recommender.tells(c)}

    def _named(self, met: list[tuple[Criterion, float, Fact]]) -> str:
        """'a feature (built in), another (official extra)'."""
        return join([self._said(c, f) for c, _, f in met])

    def _said(self, criterion: Criterion, fact: Fact) -> str:
        target = plain(self.weigher.name(criterion.target))
        if fact.predicate == FG.says:
            return f"being said to suit {target}"
        if self.schema.is_level(fact.predicate):
            return f"{target} ({self.schema.levels[fact.predicate].named.label})"
        if criterion.target == fact.predicate:
            return f"{target} ({plain(self.speaker.term(fact.object))})"
        value = plain(self.lexicon.label(criterion.target))
        return target if target == value else f"{target} ({value})"

    def _ahead(self, one: Score, others: list[Score]) -> list[tuple[Criterion, float, Fact]]:
        """What one thing meets better than all the others do, of this choice before what every choice asks."""
        theirs = [o.gains() for o in others]
        ahead = [m for m in one.met if all(m[1] > g.get(m[0].target, 0.0) for g in theirs)]
        own = [m for m in ahead if self.recommender.tells(m[0])]
        return own or ahead

    def _otherwise(self, draft: Draft, ranked: list[Score]) -> None:
        """When to take each of the others: what it meets better than the first, else what it falls short in."""
        first = ranked[0]
        for score in ranked[1:]:
            name = f"**{plain(self.lexicon.label(score.thing))}** ({score.total:.2f})"
            ahead, behind = (self._own(self._ahead(a, [b])) for a, b in ((score, first), (first, score)))
            if ahead:
                draft.say(f"Take {name} where this matters more: {self._named(ahead)}.", [f for _, _, f in ahead], "computed")
            elif behind and score.total < first.total:
                self._behind(draft, name, [(c, self._cell(score, c, ranked)) for c, _, _ in behind])
            elif self._own_gains(score) != self._own_gains(first) and (met := self._own(score.met)):
                draft.say(f"{name} meets the same of what is asked.", [f for _, _, f in met], "computed")

    def _behind(self, draft: Draft, name: str, cells: list[tuple[Criterion, Cell]]) -> None:
        """What one that is ahead in nothing falls short in, as far as it is stated."""
        stated = [(plain(self.weigher.name(c.target)), text, facts) for c, (text, facts) in cells if facts]
        if stated:
            said = join([f"{label} ({text})" for label, text, _ in stated])
            draft.say(f"{name} is ahead in nothing of that, and behind in {said}.", [f for _, _, of in stated for f in of], "computed")
            return
        what = join([plain(self.weigher.name(c.target)) for c, _ in cells], "or")
        draft.say(f"For {name} nothing is stated of {what}.", tone="not-stated")

    def _own(self, met: list[tuple[Criterion, float, Fact]]) -> list[tuple[Criterion, float, Fact]]:
        """What this choice asks for, the weightiest first; what every choice asks for decides little."""
        own = [m for m in met if self.recommender.tells(m[0])]
        return sorted(own, key=lambda m: (-m[0].weight * m[1], m[0].target))[:TOLD]

    # ------------------------------------------------------------ the table

    def _lines(self, frame: RecommendFrame, ranked: list[Score]) -> list[Line]:
        """A row for each criterion of which something is stated, those that differ first, then those that weigh most."""
        criteria: dict[Iri, Criterion] = {}
        for score in ranked:
            for c in (*(c for c, _, _ in score.met), *score.missing):
                criteria.setdefault(c.target, c)
        lines = []
        for c in criteria.values():
            made = tuple(self._cell(s, c, ranked) for s in ranked)
            if any(facts for _, facts in made):
                lines.append(Line(c, self._label(c, ranked), not self.recommender.tells(c), made))
        lines = [x for x in lines if x.differs or not x.usual]
        lines.sort(key=lambda x: (not x.differs, x.usual, -x.criterion.weight, x.label))
        return lines[:ROWS]

    def _label(self, criterion: Criterion, ranked: list[Score]) -> str:
        by = {f.predicate for s in ranked for c, _, f in s.met if c.target == criterion.target}
        single = [p for p in by if p in self.schema.properties and self.schema.properties[p].functional]
        label = plain(self.lexicon.label(single[0] if single else criterion.target))  # the property that has one value, not the value
        return f"{'said to suit: ' if FG.says in by else ''}{label}"

    def _cell(self, score: Score, criterion: Criterion, ranked: list[Score]) -> Cell:
        """How a thing stands to a criterion: what earned it, else what is stated instead."""
        value, met = next(((v, f) for c, v, f in score.met if c.target == criterion.target), (0.0, None))
        level = self.likeness.levels(score.thing).get(criterion.target)
        if met is not None and (level is None or self.schema.is_level(met.predicate)):
            return (OWN if met.predicate == FG.says and value < 1 else self._told(met)), [met]
        if level is not None:
            return self.schema.levels[level[1].predicate].named.label, [level[1]]
        by = {f.predicate for s in ranked for c, _, f in s.met if c.target == criterion.target}
        for prop in sorted(by & set(self.schema.properties)):
            values = self.describer.values(score.thing, prop)
            if 0 < len(values) <= FEW:
                return self.speaker.shown(values, score.thing), [Fact(score.thing, prop, v) for v in values]
        return UNKNOWN, []

    def _told(self, fact: Fact) -> str:
        if fact.predicate == FG.says:
            return "yes"
        if self.schema.is_level(fact.predicate):
            return self.schema.levels[fact.predicate].named.label
        assert isinstance(fact.subject, Iri)
        focus = self.schema.focus
        if focus and isinstance(fact.object, Iri) and self.lexicon.is_a(fact.object, *self.schema.subclasses(focus)):
            return plain(self.schema.property(fact.predicate).named.label)  # what it has to do with another thing: 'built on'
        return plain(self.speaker.term(fact.object, fact.subject))

    def _table(self, draft: Draft, ranked: list[Score], lines: list[Line], out: Outcome) -> None:
        names = [self.lexicon.label(s.thing) for s in ranked]
        draft.row([("", ()), *((plain(n), ()) for n in names)])
        draft.row([("---", ())] * (len(names) + 1))
        for line in [*lines, *self._kinds(ranked, lines)]:
            draft.row([(line.label, ()), *line.cells])
            out.rows.append({"": line.label, **{n: text for n, (text, _) in zip(names, line.cells, strict=True)}})

    def _kinds(self, ranked: list[Score], lines: list[Line]) -> list[Line]:
        """What each is, last, where no row says it."""
        first = self.schema.first_headline()
        if first is None or any(f.predicate == first.iri for x in lines for _, facts in x.cells for f in facts):
            return []
        values = {s.thing: self.describer.values(s.thing, first.iri) for s in ranked}
        cells = tuple((self.speaker.shown(v) or UNKNOWN, [Fact(t, first.iri, x) for x in v]) for t, v in values.items())
        return [Line(Criterion(first.iri, 0.0), plain(first.named.label), True, cells)]

    def _fails(self, draft: Draft, frame: RecommendFrame, ranked: list[Score]) -> None:
        """Which things do not meet what was demanded."""
        told = []
        for score in ranked[1:]:
            unmet = [plain(self.lexicon.label(i)) for i in self._unmet(frame, score)]
            if unmet:
                told.append(f"{join(unmet)} for {plain(self.lexicon.label(score.thing))}")
        if told:
            draft.say(f"Not stated, or not available, of what must be: {'; '.join(told)}.", tone="not-stated")
