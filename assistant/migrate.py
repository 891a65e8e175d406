"""Whether to leave what one has: the case for staying, what is gained and lost, what maps to what, and whether it is kept up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.frames import MoveFrame
from assistant.recommend import Recommender
from assistant.remarks import Remark
from assistant.say import Speaker, plain
from assistant.words import join
from graph.network import Network
from graph.schema import PropertyInfo
from graph.terms import DCT, FG
from graph.types import Fact, Iri, Literal, Term

TOLD = 6  # remarks on what maps to what
LISTED = 5  # features gained or lost
OFFERED = 3  # replacements
ROWS, JOINTS, PARTS = 8, 4, 4  # of the table of what maps to what: features, properties, values in a cell
SHOWN = 12  # facts cited for a count
Cell = tuple[str, list[Fact]]
_SHOULD = re.compile(  # whether to go is asked, not what to mind on the way
    r"\b(should|worth|have to|must|sensible|make sense|would|need to|reason|point|benefit|pays? off)\b"
    r"(?!( (i|we|you|one))? (know|consider|expect|watch|mind|look|be aware))", re.I
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How a thing has a wanted feature or value: its rank (0 nothing, 4 built in) and the fact, None where nothing is stated."""

    target: Iri
    rank: int
    fact: Fact | None


class Mover:
    """Advises on moves between things of one opened graph."""

    def __init__(self, recommender: Recommender, network: Network) -> None:
        self.network, self.recommender, self.weigher, self.gaps = network, recommender, recommender.weigher, recommender.gaps
        self.schema, self.lexicon, self.describer = recommender.schema, recommender.lexicon, recommender.describer
        self.speaker = Speaker(self.schema, self.lexicon)
        self.top = max(self.schema.ranks.values(), default=1)

    def move(self, draft: Draft, frame: MoveFrame) -> Outcome:
        """The advice first, then gains and losses, what maps to what, and the evidence of upkeep."""
        out = Outcome("recommendation")
        current = frame.current
        ailing = self._ailing(current)
        wanted = [self._standing(current, c.wanted.iri) for c in frame.wanted if c.wanted and not c.negated]
        short = [s for s in wanted if s.rank == 0]
        old = self._old_name(frame)
        others = list(frame.targets) or (self.replacements(draft, current) if ailing else [])
        others = [o for o in others if o != current][:OFFERED]
        if frame.dead:
            self._alive(draft, current)
        if old:
            self._renamed(draft, current, old)
        stays = self._advise(draft, frame, wanted, short, others, bool(ailing or old))
        for _, label, told in self.weigher.respects.measured(draft, frame.judged, [current, *others]):
            if not told:
                names = join([self.lexicon.label(t) for t in (current, *others)], "or")
                draft.say(f"Not stated: the graph gives no figures of the {label} of {names}.", tone="not-stated")
        if stays or not others:
            self._staying(draft, frame, current, others)
        for other in others[:1] if frame.targets or ailing else []:
            self._apart(draft, current, other)
            self._effort(draft, current, other)
            self._table(draft, current, other)
            self._maps(draft, frame, current, other, TOLD - 2 * stays)
        if not frame.dead:
            self._upkeep(draft, current)
        chosen = [current, *others] if stays or not others else [*others, current]
        if ailing:
            chosen = others or [current]
        out.things = list(dict.fromkeys(chosen))
        out.names = [self.lexicon.label(t) for t in out.things]
        out.rows = [{"thing": n} for n in out.names]
        out.sparql = self.describer.remarks_query(draft)
        draft.ask(out.sparql)
        out.empty = out.abstained = not any(s.facts for s in draft.sentences)
        return out

    # ------------------------------------------------------------ the advice

    def _advise(
        self, draft: Draft, frame: MoveFrame, wanted: list[Standing], short: list[Standing], others: list[Iri], forced: bool
    ) -> bool:
        """Stay, or go: by what is named as missing and by whether the thing is kept up. Returns whether the advice is to stay."""
        name = self.lexicon.label(frame.current)
        to = join([self.lexicon.label(o) for o in others], "or")
        if forced:
            if others:
                come = "come" if len(others) > 1 else "comes"
                draft.say(f"Plan a move: {to} {come} nearest to {name}.", self._kin(others), "computed")
            return False
        gains = [s for s in short if others and self._standing(others[0], s.target).rank > 0]
        if gains:
            told = [self._standing(others[0], s.target) for s in gains]
            what = join([self.lexicon.label(s.target) for s in gains])
            facts = [s.fact for s in told if s.fact]
            draft.say(f"A move to {to} brings {what}, which {name} is not stated to have.", facts, "computed")
            return False
        if not _SHOULD.search(frame.text) and others:
            return False
        met = [s for s in wanted if s.rank > 0 and s.fact]
        if met:
            what = join([self._how(s) for s in met])
            supplied = [self.gaps.suppliers(draft, frame.current, s.target) for s in met if s.rank < self.top]
            names = join(list(dict.fromkeys(self.lexicon.label(t) for g in supplied for t in g.things[:2])), "or")
            facts = [s.fact for s in met if s.fact] + [f for g in supplied for f in g.facts[:4]]
            by = f" (with {names})" if names else ""
            theirs = [(s, self._standing(o, s.target)) for o in others[:1] for s in met]
            better = [b for s, b in theirs if b.rank > s.rank and b.fact]
            there = f"; {to} has {join([self.lexicon.label(b.target) for b in better])} built in" if better else ""
            facts += [b.fact for b in better if b.fact]
            draft.say(f"You need not move: {name} has what you name: {what}{by}{there}. Staying costs least.", facts, "computed")
        elif not short or not others:
            lead = "nothing that is stated calls for a move" if short or not wanted else "nothing that you name is missing there"
            draft.say(f"Stay with {name}: {lead}, and a move has its price.", tone="frame")
        return not short or bool(met)

    def _how(self, s: Standing) -> str:
        level = self.schema.levels[s.fact.predicate].named.label if s.fact and self.schema.is_level(s.fact.predicate) else ""
        return f"{self.lexicon.label(s.target)} ({level})" if level else self.lexicon.label(s.target)

    def _standing(self, thing: Iri, target: Iri) -> Standing:
        for level, rank in sorted(self.schema.ranks.items(), key=lambda r: -r[1]):
            if target in self.describer.values(thing, level):
                return Standing(target, rank, Fact(thing, level, target))
        for prop in sorted(self.schema.properties):
            if self.schema.properties[prop].objects and set(self.weigher.stands_for(target)) & set(self.describer.values(thing, prop)):
                value = next(v for v in self.describer.values(thing, prop) if v in self.weigher.stands_for(target))
                return Standing(target, self.top, Fact(thing, prop, value))
        return Standing(target, 0, None)

    # ------------------------------------------------------------ upkeep

    def _avoided(self) -> frozenset[Iri]:
        return frozenset(v for n in self.weigher.needs.usual for v in self.weigher.needs.avoided.get(n, ()))

    def _ailing(self, thing: Iri) -> Fact | None:
        """The fact by which every choice would leave the thing out, or None."""
        for prop in sorted(self.schema.properties):
            for value in self.describer.values(thing, prop):
                if value in self._avoided():
                    return Fact(thing, prop, value)
        return None

    def _alive(self, draft: Draft, thing: Iri) -> None:
        """Yes or no to 'is it dead', by its status, with the dated evidence."""
        kept = self._status(thing)
        if kept is None:
            return
        fact, worst = kept
        said = self.speaker.statement(thing, fact.predicate, [fact.object])
        draft.say(f"{'Yes' if worst else 'No'}. {said}", [fact], volatile=True)
        self._upkeep(draft, thing, {fact.predicate})

    def _status(self, thing: Iri) -> tuple[Fact, bool] | None:
        """The fact of its upkeep, and whether it is the last of the values to avoid (given up, not only slow)."""
        avoided = sorted(self._avoided())
        for prop, info in sorted(self.schema.properties.items()):
            if info.functional and any(v in self._reach(prop) for v in avoided):
                for value in self.describer.values(thing, prop):
                    if isinstance(value, Iri):
                        asked = {n.lower() for n in (self.lexicon.label(value), *self.lexicon.aliases.get(value, ()))}
                        return Fact(thing, prop, value), bool(asked & {"dead", "inactive", "abandoned"})
        return None

    def _reach(self, prop: Iri) -> frozenset[Iri]:
        return frozenset(v for v in self._avoided() if self.describer.connections.holds(v, prop, True))

    def _upkeep(self, draft: Draft, thing: Iri, told: set[Iri] | None = None) -> None:
        """Dated evidence: the facts of the thing that change with time, status and date of the last release first."""
        kept = self._status(thing)
        shown = []
        if kept and kept[0].predicate not in (told or set()):
            shown.append(kept[0].predicate)
        dates = [p for p, i in sorted(self.schema.properties.items()) if i.volatile and i.is_date and self.describer.values(thing, p)]
        lasting = [(p, i) for p, i in sorted(self.schema.properties.items()) if i.volatile and i.functional and i.objects]
        named = [p for p, i in lasting if self._dated_by(i, dates)]
        for prop in [*shown, *named[:1], *dates[:1]]:
            values: list[Term] = list(self.describer.values(thing, prop))
            draft.say(self.speaker.statement(thing, prop, values), [Fact(thing, prop, v) for v in values], volatile=True)

    def _dated_by(self, prop: PropertyInfo, dates: list[Iri]) -> bool:
        """Whether one of the dates is said to be that of the property ('date of the current version')."""
        label = prop.named.label.casefold()
        return any(label in self.schema.properties[d].named.label.casefold() for d in dates[:1])

    # ------------------------------------------------------------ remarks

    def _of(self, draft: Draft, thing: Iri, role: Iri) -> list[Remark]:
        aspects = self.describer.serving(draft, role)
        remarks = self.describer.remarks
        return [remarks.remarks[i] for i in remarks.about.get(thing, ()) if set(remarks.remarks[i].aspects) & aspects]

    def _tell(self, draft: Draft, remark: Remark, bullet: bool = False) -> None:
        if any(remark.fact in s.facts for s in draft.sentences):
            return
        if bullet and not remark.claim:
            draft.say(plain(remark.says), [remark.fact], block="bullet")
        else:
            self.describer.tell(draft, remark)

    def _nearest(self, draft: Draft, text: str, remarks: list[Remark]) -> list[Remark]:
        """Remarks by how near they are to a text."""
        return self.describer.remarks.nearest(text, remarks, self.describer.serving(draft, FG.move))

    def _maps(self, draft: Draft, frame: MoveFrame, current: Iri, other: Iri, count: int) -> None:
        """What official guides say of the way from one to the other."""
        both = [r for r in self._of(draft, current, FG.move) if other in r.about and not self._of_a_third(r, {current, other})]
        fresh = [r for r in self._nearest(draft, frame.text, both) if not any(r.fact in s.facts for s in draft.sentences)]
        if fresh:
            draft.say("What the guides say of the way:", tone="frame")
        for remark in fresh[:count]:
            self._tell(draft, remark, True)

    def _staying(self, draft: Draft, frame: MoveFrame, current: Iri, others: list[Iri]) -> None:
        """What is said of a move away from it, not to a third thing, and of what the question speaks of besides."""
        mine = [r for r in self._of(draft, current, FG.move) if not others or not self._of_a_third(r, {current, *others})]
        named = {c.wanted.iri for c in frame.wanted if c.wanted} | {*frame.topics}
        remarks = self.describer.remarks
        beside = [remarks.remarks[i] for t in sorted(named) for i in remarks.about.get(t, ()) if current in remarks.remarks[i].about]
        spoken = {c.wanted.label.lower() for c in frame.wanted if c.wanted} | {self.lexicon.label(t).lower() for t in frame.topics}
        beside += [r for r in self._all(current) if any(s in r.says.lower() for s in spoken) and r not in beside]
        claims = [r for r in mine if r.claim]
        for remarks_of in (claims, beside, mine):
            for remark in self._nearest(draft, frame.text, remarks_of)[:1]:
                self._tell(draft, remark)

    def _of_a_third(self, remark: Remark, things: set[Iri]) -> bool:
        """Whether a remark speaks of a thing that is neither left nor moved to before it speaks of one of these."""
        said = remark.says.casefold()
        at = {t: said.find(self.lexicon.label(t).casefold()) for t in remark.about if self._central(t)}
        first = min((at[t] for t in things & {*at} if at[t] >= 0), default=len(said))
        return any(0 <= at[t] < first for t in at if t not in things)

    def _central(self, thing: Iri) -> bool:
        return self.schema.focus is not None and self.lexicon.is_a(thing, self.schema.focus)

    def _all(self, thing: Iri) -> list[Remark]:
        remarks = self.describer.remarks
        return [remarks.remarks[i] for i in remarks.about.get(thing, ())]

    # ------------------------------------------------------------ old names and replacements

    def _old_name(self, frame: MoveFrame) -> str:
        """A former name by which the question calls the thing: one that its remarks or its former names use; '' where it has none."""
        label = self.lexicon.label(frame.current).lower()
        text = frame.text.lower()
        names = [a for a in self.lexicon.aliases.get(frame.current, ()) if a.lower() in text and label not in text]
        spoken = [a for a in names if any(a.lower() in r.says.lower() for r in self._all(frame.current))]
        return max(spoken, key=len, default="")

    def _renamed(self, draft: Draft, current: Iri, old: str) -> None:
        said = [r for r in self._all(current) if old.lower() in r.says.lower()]
        for prop in sorted(self.schema.properties):
            for value in self.describer.values(current, prop):
                if isinstance(value, Literal) and value.value.lower() == old.lower():
                    draft.say(self.speaker.statement(current, prop, [value]), [Fact(current, prop, value)])
        for remark in self._nearest(draft, f"{old} is now called {self.lexicon.label(current)}; moving from {old}", said)[:3]:
            self._tell(draft, remark)

    def replacements(self, draft: Draft, current: Iri) -> list[Iri]:
        """What may take the place of a thing: its successor, what it is said to be moved to, then the most alike that are kept up."""
        heirs = [v for v in self.describer.values(current, DCT.isReplacedBy) if isinstance(v, Iri) and self._serves(v)]
        tied: dict[Iri, int] = {}
        for remark in self._of(draft, current, FG.move):
            for other in remark.about:
                if other != current and self._serves(other):
                    tied[other] = tied.get(other, 0) + 1
        alike = [t for t, _, _ in self.alike(draft, current) if self._serves(t)]
        ordered = sorted(tied, key=lambda t: (-tied[t], t))
        return list(dict.fromkeys([*heirs, *ordered, *alike]))[:OFFERED]

    def _serves(self, thing: Iri) -> bool:
        return self._central(thing) and self._ailing(thing) is None

    def alike(self, draft: Draft, thing: Iri) -> list[tuple[Iri, float, list[Fact]]]:
        """Things of the focus class that share most values and features with it, with what they share; a shared kind weighs most."""
        first = self.schema.first_headline()
        props = " ".join(p.n3 for p in sorted({*self.schema.properties, *(i for i, r in self.schema.ranks.items() if r > 1)}))
        body = f"{self.weigher.typed()} VALUES ?p {{ {props} }} {thing.n3} ?p ?o . ?x ?p ?o . FILTER(?x != {thing.n3}) FILTER(isIRI(?o))"
        found: dict[Iri, list[Fact]] = {}
        for row in draft.ask(f"SELECT DISTINCT ?x ?p ?o {draft.kg.wrap(body)} ORDER BY ?x ?p ?o").rows:
            x, p = row["x"], row["p"]
            if isinstance(x, Iri) and isinstance(p, Iri):
                found.setdefault(x, []).append(Fact(x, p, row["o"]))
        weights = {x: sum(3.0 if first and f.predicate == first.iri else 1.0 for f in facts) for x, facts in found.items()}
        return sorted(((x, weights[x], facts) for x, facts in found.items()), key=lambda a: (-a[1], a[0]))

    def _kin(self, others: list[Iri]) -> list[Fact]:
        first = self.schema.first_headline()
        return [Fact(o, first.iri, v) for o in others for v in self.describer.values(o, first.iri)[:1]] if first else []

    # ------------------------------------------------------------ gains and losses

    def _apart(self, draft: Draft, current: Iri, other: Iri) -> None:
        """Features that one has built in and the other lacks or only documents."""
        for lead, here, there in (("You gain", other, current), ("You lose", current, other)):
            facts = []
            for level, rank in self.schema.ranks.items():
                if rank == self.top:
                    facts += [Fact(here, level, f) for f in self.describer.values(here, level) if isinstance(f, Iri)]
            rest = [(f, self._standing(there, f.object)) for f in facts if isinstance(f.object, Iri)]
            better = [(f, s) for f, s in rest if s.rank <= 2 and s.fact is not None]
            better.sort(key=lambda b: (b[1].rank, self.lexicon.label(b[0].object) if isinstance(b[0].object, Iri) else ""))
            told = better[:LISTED]
            if told:
                what = join([self.lexicon.label(f.object) for f, _ in told if isinstance(f.object, Iri)])
                cites = [f for f, _ in told] + [s.fact for _, s in told if s.fact]
                where = f"built into {self.lexicon.label(here)}, at most by packages in {self.lexicon.label(there)}"
                draft.say(f"{lead} {what} ({where}).", cites, "computed")

    # ------------------------------------------------------------ effort

    def _effort(self, draft: Draft, current: Iri, other: Iri) -> None:
        """How much of what is in use is there as well: a count of features by level, as far as something is stated of both."""
        had = [(f, rank) for f, rank in self._features(current).items() if rank >= 2]
        known = [(f, rank, self._features(other)[f]) for f, rank in had if f in self._features(other)]
        if not known:
            return
        new, old = self.lexicon.label(other), self.lexicon.label(current)
        same = sum(theirs >= mine for _, mine, theirs in known)
        less = sum(2 <= theirs < mine for _, mine, theirs in known)
        gone = len(known) - same - less
        told = [f"{same} in the same measure or better"]
        told += [f"{less} at a lower level, mostly from packages"] if less else []
        told += [f"{gone} only by hand or not at all"] if gone else []
        facts = [s.fact for f, _, _ in known for s in (self._standing(current, f), self._standing(other, f)) if s.fact]
        said = f"A sign of the effort: of {len(known)} features of {old} of which something is stated for {new}, it has {join(told)}"
        draft.say(f"{said}.", facts[:SHOWN], "computed")

    def _table(self, draft: Draft, current: Iri, other: Iri) -> None:
        """What maps to what: what most things have, as the two have it, each with the packages that supply it."""
        rows = [(plain(p.named.label), self._parts(current, p), self._parts(other, p)) for p in self._joints(current, other)]
        both = {*self._features(current)} & {*self._features(other)}
        common = sorted(both, key=lambda f: (-self._spread.get(f, 0), self.lexicon.label(f)))
        rows += [(plain(self.lexicon.label(f)), self._supplied(draft, current, f), self._supplied(draft, other, f)) for f in common[:ROWS]]
        if not rows:
            return
        draft.say("What maps to what:", tone="frame")
        draft.row([("", ()), (plain(self.lexicon.label(current)), ()), (plain(self.lexicon.label(other)), ())])
        draft.row([("---", ())] * 3)
        for label, mine, theirs in rows:
            draft.row([(label, ()), mine, theirs])

    def _joints(self, current: Iri, other: Iri) -> list[PropertyInfo]:
        """Headline properties of which both have values that are things and do not change with each release: what they plug into."""
        first = self.schema.first_headline()
        fixed = [p for p in self.schema.properties.values() if p.headline and p.objects and not p.volatile and not p.functional]
        shared = [p for p in fixed if p != first and p.iri not in self.weigher.needs.limits and self.network.classing(p.iri)]
        told = [p for p in shared if self._plugs(current, p) and self._plugs(other, p)]
        return sorted(told, key=lambda p: (p.headline or 0, p.iri))[:JOINTS]

    def _plugs(self, thing: Iri, prop: PropertyInfo) -> list[Iri]:
        return [v for v in self.describer.values(thing, prop.iri) if isinstance(v, Iri) and v in self.lexicon.labels]

    def _parts(self, thing: Iri, prop: PropertyInfo) -> Cell:
        values = self._plugs(thing, prop)[:PARTS]
        return self.speaker.shown(values, thing), [Fact(thing, prop.iri, v) for v in values]

    def _supplied(self, draft: Draft, thing: Iri, feature: Iri) -> Cell:
        standing = self._standing(thing, feature)
        if standing.fact is None:
            rank0 = next(level for level, rank in self.schema.ranks.items() if rank == 0)
            return self.schema.levels[rank0].named.label, [Fact(thing, rank0, feature)]
        by = self.gaps.suppliers(draft, thing, feature, 2) if standing.rank < self.top else None
        named = f": {join([plain(self.lexicon.label(t)) for t in by.things], 'or')}" if by else ""
        return self.schema.levels[standing.fact.predicate].named.label + named, [standing.fact, *(by.facts if by else [])]

    def _features(self, thing: Iri) -> dict[Iri, int]:
        """feature -> rank of the level at which a thing has it, 0 where it is stated to lack it."""
        return {
            f: rank for level, rank in sorted(self.schema.ranks.items(), key=lambda r: r[1])
            for f in self.describer.values(thing, level) if isinstance(f, Iri)
        }  # fmt: skip

    @cached_property
    def _spread(self) -> dict[Iri, int]:
        """feature -> how many things have it at some level: what most have is what an application is made of."""
        levels = " ".join(i.n3 for i, rank in sorted(self.schema.ranks.items()) if rank)
        body = f"{self.weigher.typed()} VALUES ?p {{ {levels} }} ?x ?p ?f"
        rows = self.weigher.kg.query(f"SELECT ?f (COUNT(DISTINCT ?x) AS ?n) {self.weigher.kg.wrap(body)} GROUP BY ?f") if levels else ()
        return {r["f"]: int(r["n"].value) for r in rows if isinstance(r["f"], Iri) and isinstance(r["n"], Literal)}
