"""Whether one thing can take the place of another: what would stay, what would be lost and who supplies it, what guides say.

The share is computed from what is stated of both: a feature counts as kept where the newcomer has it in the same measure or
better, or at least from a package. What is not stated of the newcomer is told as such, never as missing.
"""

from __future__ import annotations

from assistant.alike import Likeness
from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.frames import StandInFrame
from assistant.remarks import Remark
from assistant.say import Speaker, plain
from assistant.shared import stated_of
from assistant.words import join
from graph.terms import DCT, FG
from graph.types import Fact, Iri, Term

TOLD = 4  # features named of each group
MOSTLY, HARDLY = 0.85, 0.4  # shares of what is known above which it covers nearly all, below which hardly anything
WEAKER = 0.5  # what a feature counts that the newcomer has at a lower level
GUIDES = 3
Standing = tuple[Iri, Fact, Fact | None]  # feature, how the old thing has it, how the new one does
Parts = tuple[list[Standing], list[Standing], list[Standing]]  # kept, lost, not stated


class StandIn:
    """Judges whether things of one opened graph can take each other's place."""

    def __init__(self, likeness: Likeness) -> None:
        self.likeness, self.network, self.gaps = likeness, likeness.network, likeness.recommender.gaps
        self.schema, self.lexicon, self.describer = likeness.schema, likeness.lexicon, likeness.describer
        self.speaker = Speaker(self.schema, self.lexicon)

    def judge(self, draft: Draft, frame: StandInFrame) -> Outcome:
        """The verdict, what is stated of the two, what would stay and be lost, and what guides say of the way."""
        new, old = frame.new, frame.old
        out = Outcome("yes-no", things=[new, old], names=[self.lexicon.label(new)])
        out.sparql = stated_of(draft, self.schema, [new, old])
        draft.ask(out.sparql)
        ties = self._ties(new, old)
        kept, lost, unknown = self._standings(new, old)
        same = bool(self.lexicon.classes_of.get(new, frozenset()) & self.lexicon.classes_of.get(old, frozenset()))
        if not same:
            self._of_two_kinds(draft, new, old)
        elif kept or lost:
            self._by_features(draft, frame, ties, (kept, lost, unknown))
        elif not self._by_traits(draft, frame, ties, out):
            names = [plain(self.lexicon.label(t)) for t in (new, old)]
            draft.say(f"The graph does not state whether {names[0]} can take the place of {names[1]}.", tone="not-stated")
        for fact in ties:
            draft.say(self._said(fact), [fact])
        if same and (kept or lost):
            self._lost(draft, new, lost, unknown)
            self._values(draft, new, old)
        self._guides(draft, new, old)
        self._kept_up(draft, new)
        out.rows += [self._row(s, new, old) for s in (*kept, *lost)]
        out.empty = out.abstained = not any(s.facts for s in draft.sentences)
        return out

    def _row(self, standing: Standing, new: Iri, old: Iri) -> dict[str, str]:
        feature, theirs, ours = standing
        level = self.schema.levels[ours.predicate].named.label if ours else "not stated"
        return {
            "feature": self.lexicon.label(feature), self.lexicon.label(old): self.schema.levels[theirs.predicate].named.label,
            self.lexicon.label(new): level,
        }  # fmt: skip

    # ------------------------------------------------------------ what is stated

    def _ties(self, new: Iri, old: Iri) -> list[Fact]:
        """Statements between the two: the successor first, then what does not change, each property once."""
        facts = sorted(self.network.direct(new, old), key=lambda f: (f.predicate != DCT.isReplacedBy, f.key))
        lasting = [f for f in facts if not self.schema.property(f.predicate).volatile]
        return (lasting or facts)[:3]

    def _standings(self, new: Iri, old: Iri) -> Parts:
        """The old thing's features: those the new one has from a package at least, those it has not, those nothing is stated of."""
        ours, theirs = self.likeness.levels(new), self.likeness.levels(old)
        had = sorted((f for f, (rank, _) in theirs.items() if rank > 1), key=lambda f: (-theirs[f][0], self.lexicon.label(f)))
        kept: list[Standing] = [(f, theirs[f][1], ours[f][1]) for f in had if f in ours and ours[f][0] > 1]
        lost: list[Standing] = [(f, theirs[f][1], ours[f][1]) for f in had if f in ours and ours[f][0] <= 1]
        unknown: list[Standing] = [(f, theirs[f][1], None) for f in had if f not in ours]
        return kept, lost, unknown

    def _kinds_apart(self, new: Iri, old: Iri) -> list[Fact]:
        """What says of what kind the two are, where they share none."""
        first = self.schema.first_headline()
        if first is None:
            return []
        mine, theirs = (self.describer.values(t, first.iri) for t in (new, old))
        if not mine or not theirs or set(mine) & set(theirs):
            return []
        return [*(Fact(new, first.iri, v) for v in mine), *(Fact(old, first.iri, v) for v in theirs)]

    # ------------------------------------------------------------ the verdict

    def _by_features(self, draft: Draft, frame: StandInFrame, ties: list[Fact], parts: Parts) -> None:
        kept, lost, unknown = parts
        new, old = (plain(self.lexicon.label(t)) for t in (frame.new, frame.old))
        apart = self._kinds_apart(frame.new, frame.old)
        same = [k for k in kept if k[2] and self._rank(k[2]) >= self._rank(k[1])]
        known = len(kept) + len(lost)
        share = (len(same) + WEAKER * (len(kept) - len(same))) / known
        named = [plain(self.lexicon.label(f)) for f, _, _ in (same or kept)[:TOLD]]
        facts = [x for _, a, b in (same or kept)[:TOLD] for x in (a, b) if x] + [b for _, _, b in lost[:TOLD] if b]
        measure = f"of the {known} features that {old} has and that something is stated of for {new}, it has {len(kept)}"
        measure += f", {len(same)} of them in the same measure or better" if len(same) < len(kept) else ""
        measure += f", among them {join(named)}" if named else ""
        if self._successor(ties, frame):
            lead = f"Yes: {new} is stated to be the successor of {old};"
        elif apart:
            kinds = f"{self._kind(frame.new)}; {self._kind(frame.old)}"
            lead = f"Not as a whole: the two are of different kinds ({kinds}), and features alone make no stand-in;"
            facts = [*apart, *facts]
        elif known < len(unknown):
            lead = f"Not as far as is stated: of {len(unknown)} features of {old} nothing is stated for {new};"
        elif share >= MOSTLY:
            lead = "Largely, but not without changes:"
        else:
            lead = "Partly:" if share >= HARDLY else "Hardly:"
        draft.say(f"{lead} {measure}.", facts, "computed")

    def _rank(self, fact: Fact) -> int:
        return self.schema.ranks.get(fact.predicate, 0)

    def _successor(self, ties: list[Fact], frame: StandInFrame) -> bool:
        return any(f.predicate == DCT.isReplacedBy and f.object == frame.new for f in ties)

    def _kind(self, thing: Iri) -> str:
        first = self.schema.first_headline()
        return f"{plain(self.lexicon.label(thing))}: {self.speaker.shown(self.describer.values(thing, first.iri))}" if first else ""

    def _by_traits(self, draft: Draft, frame: StandInFrame, ties: list[Fact], out: Outcome) -> bool:
        """Things without features: which values of the old one the new one has, too; False where none is known."""
        new, old = (plain(self.lexicon.label(t)) for t in (frame.new, frame.old))
        shared: list[str] = []
        apart: list[str] = []
        beyond: list[str] = []
        facts: list[Fact] = []
        for info in sorted(self.schema.properties.values(), key=lambda p: (p.headline is None, p.headline or 0, p.iri)):
            theirs = [v for v in self.describer.values(frame.old, info.iri) if isinstance(v, Iri)]
            mine = [v for v in self.describer.values(frame.new, info.iri) if isinstance(v, Iri)]
            if info.volatile or not theirs or not mine or not (self.network.classing(info.iri) or set(theirs) & set(mine)):
                continue
            both = [v for v in theirs if v in mine]
            only = [v for v in theirs if v not in mine]
            more = [v for v in mine if v not in theirs]
            label = plain(info.named.label)
            shared += [self._labelled(label, both)] if both else []
            apart += [self._labelled(label, only) + ("" if both else f" (it has {self.speaker.shown(mine)})")] if only else []
            beyond += [self._labelled(label, more)] if more and both else []
            facts += [*(Fact(frame.old, info.iri, v) for v in theirs), *(Fact(frame.new, info.iri, v) for v in mine)]
            out.rows.append({"property": label, old: self.speaker.terms([*theirs]), new: self.speaker.terms([*mine])})
        if not facts:
            return False
        verdict = "Yes, by what is stated" if self._successor(ties, frame) or not apart else "Partly" if shared else "Not by what is stated"
        said = [f"{new} shares with {old}: {join(shared)}"] if shared else []
        said += [f"not stated of {'it' if shared else new}: {join(apart)}"] if apart else []
        said += [f"beyond that: {join(beyond)}"] if beyond else []
        draft.say(f"{verdict}: {'; '.join(said)}.", facts, "computed")
        return True

    def _labelled(self, label: str, values: list[Iri]) -> str:
        """A property's name and its values; the name alone goes where the values end in it."""
        told = self.speaker.shown(values)
        return told if told.lower().endswith(label.lower()) else f"{label} {told}"

    def _of_two_kinds(self, draft: Draft, new: Iri, old: Iri) -> None:
        """A thing of one class takes no place of a thing of another."""
        said = []
        for thing in (new, old):
            cls = self.lexicon.kind(thing, self.schema)
            said.append(f"{plain(self.lexicon.label(thing))} is {_a(self.lexicon.label(cls)) if cls else 'something else'}")
        draft.say(f"Not as far as is stated: {said[0]}, {said[1]}.", tone="not-stated")
        for prop in sorted(self.schema.properties):
            values = self.describer.connections.values
            both = [x for x in values(new, prop, True) if x in values(old, prop, True)]
            for x in [x for x in both if isinstance(x, Iri)][:1]:
                draft.say(self.speaker.statement(x, prop, [new, old]), [Fact(x, prop, new), Fact(x, prop, old)])

    # ------------------------------------------------------------ losses, differences, the way

    def _lost(self, draft: Draft, new: Iri, lost: list[Standing], unknown: list[Standing]) -> None:
        name = plain(self.lexicon.label(new))
        by: dict[Iri, list[Standing]] = {}
        for standing in lost:
            if standing[2]:
                by.setdefault(standing[2].predicate, []).append(standing)
        for level in sorted(by, key=lambda p: (self.schema.ranks[p], p)):
            told = by[level][: 2 * TOLD]
            what = join([plain(self.lexicon.label(f)) for f, _, _ in told])
            how = self.schema.levels[level].named.label
            facts = [x for _, a, b in told for x in (a, b) if x]
            lead = "You would have less of" if self.schema.ranks[level] else "You would lose"
            draft.say(f"{lead} {what}: {how} in {name}.", facts, "computed")
        self._supplied(draft, new, lost)
        if unknown:
            more = [f"{len(unknown) - TOLD} more"] if len(unknown) > TOLD else []
            what = join([*(plain(self.lexicon.label(f)) for f, _, _ in unknown[:TOLD]), *more])
            draft.say(f"Not stated for {name}: {what}.", tone="not-stated")

    def _supplied(self, draft: Draft, new: Iri, lost: list[Standing]) -> None:
        """Packages that extend the newcomer and add what it lacks."""
        told: list[str] = []
        facts: list[Fact] = []
        for feature, _, _ in lost:
            found = self.gaps.suppliers(draft, new, feature, 2)
            if found and len(told) < TOLD:
                told.append(f"{plain(self.lexicon.label(feature))} from {self.speaker.shown(found.things)}")
                facts += found.facts
        if told:
            draft.say(f"Packages supply {join(told)}.", facts, "computed")

    def _values(self, draft: Draft, new: Iri, old: Iri) -> None:
        """Headline properties of which the two share no value."""
        told: list[str] = []
        facts: list[Fact] = []
        for info in sorted(self.schema.properties.values(), key=lambda p: (p.headline or 0, p.iri)):
            mine, theirs = (self._values_of(t, info.iri) for t in (new, old))
            told_already = info.headline in (None, 1) or info.volatile or not self.network.classing(info.iri)
            if told_already or not mine or not theirs or {*mine} & {*theirs}:
                continue
            told.append(f"{plain(info.named.label)}: {self.speaker.shown(mine)} instead of {self.speaker.shown(theirs)}")
            facts += [*(Fact(new, info.iri, v) for v in mine), *(Fact(old, info.iri, v) for v in theirs)]
        if told:
            draft.say(f"What differs besides: {'; '.join(told[:3])}.", facts, "computed")

    def _values_of(self, thing: Iri, prop: Iri) -> list[Iri]:
        values: tuple[Term, ...] = self.describer.values(thing, prop)
        return [v for v in values if isinstance(v, Iri)]

    def _guides(self, draft: Draft, new: Iri, old: Iri) -> None:
        """What is said of the way from the one to the other; else what else is said of both."""
        moves = self.describer.serving(draft, FG.move)
        remarks = self.describer.remarks
        both = [remarks.remarks[i] for i in remarks.about.get(new, ()) if old in remarks.remarks[i].about]
        both.sort(key=lambda r: (not set(r.aspects) & moves, len(r.about), r.claim, r.iri))
        fresh: list[Remark] = [r for r in both if not any(r.fact in s.facts for s in draft.sentences)]
        way = [r for r in fresh if set(r.aspects) & moves] or fresh[:1]
        if way and set(way[0].aspects) & moves:
            draft.say("What is said of the way:", tone="frame")
        for remark in way[:GUIDES]:
            self.describer.tell(draft, remark)

    def _kept_up(self, draft: Draft, new: Iri) -> None:
        """A warning where the newcomer is given up."""
        fact = self.likeness.given_up(new)
        if fact is not None:
            draft.say(self._said(fact), [fact], volatile=True)

    def _said(self, fact: Fact) -> str:
        assert isinstance(fact.subject, Iri)
        return self.speaker.statement(fact.subject, fact.predicate, [fact.object])


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
