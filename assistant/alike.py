"""What is most like a thing, and what may take its place: by shared traits, each with the deciding differences.

The measure is that of ``graph.network`` (weighted Jaccard similarity of what is stated). An alternative is of the same kind: it
shares a value of the property that is told first of a thing, else values of as many as possible of the properties that most
things of its class have; and it is still kept up, where a dataset says what is to be avoided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant import sparql
from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.frames import AlikeFrame
from assistant.recommend import Recommender
from assistant.remarks import Remark
from assistant.say import Speaker, plain
from assistant.shared import stated_of
from assistant.types import QueryGraph
from assistant.words import join, plural
from graph.network import Kin, Network
from graph.terms import DCT, FG
from graph.types import Fact, Iri, Literal

SHOWN = 5
NEAR_BEST = 0.2  # share of the best likeness under which a thing is not told
TRAITS = 4  # traits told of each
APART = 3  # features told in which one is ahead
TIED = 3  # statements told that tie an alternative to the thing
LEFT_OUT = 3
SMALL = 20  # things of a class that are all named
MOST = 0.5  # share of a class that has a property which says what its things are

Cell = tuple[str, list[Fact]]


@dataclass(frozen=True)
class Found:
    """The things that are like another, best first; those that are given up, each with the fact that says so."""

    kin: tuple[Kin, ...] = ()
    left_out: tuple[tuple[Kin, Fact], ...] = ()
    successors: tuple[Fact, ...] = ()


class Likeness:
    """Tells what is like a thing of one opened graph."""

    def __init__(self, network: Network, recommender: Recommender) -> None:
        self.network, self.recommender, self.weigher = network, recommender, recommender.weigher
        self.schema, self.lexicon, self.describer = recommender.schema, recommender.lexicon, recommender.describer
        self.speaker = Speaker(self.schema, self.lexicon)
        self.top = max(self.schema.ranks.values(), default=0)

    # ------------------------------------------------------------ which

    def find(self, draft: Draft, frame: AlikeFrame, conditions: QueryGraph | None = None) -> Found:
        """The things like the subject that meet the conditions, at most SHOWN."""
        cls = self.lexicon.kind(frame.subject, self.schema)
        if cls is None:
            return Found()
        if frame.only:
            return Found(tuple(k for k in self.network.alike(frame.subject, cls) if k.thing in frame.only))
        kin = [k for k in self.network.alike(frame.subject, cls) if k.telling and k.thing not in frame.beside]
        if conditions is not None:
            rows = draft.ask(sparql.query(conditions, draft.kg.wrap))
            meet = {r[conditions.target.name] for r in rows}
            kin = [k for k in kin if k.thing in meet]
        kin = self._by_measure(frame, kin)
        kin = self._of_one_kind(frame.subject, cls, kin)
        if not frame.kept_up:
            return Found(tuple(self._near(kin)))
        successors = tuple(Fact(frame.subject, DCT.isReplacedBy, o) for o in self._next(frame.subject))
        given_up = {k.thing: f for k in kin if (f := self.given_up(k.thing)) is not None}
        alive = [k for k in kin if k.thing not in given_up]
        alive.sort(key=lambda k: all(f.object != k.thing for f in successors))
        shown = self._near(alive)
        worst = min((k.score for k in shown), default=0.0)
        out = [(k, given_up[k.thing]) for k in kin if k.thing in given_up and k.score >= worst]
        return Found(tuple(shown), tuple(out[:LEFT_OUT]), successors)

    def _near(self, kin: list[Kin]) -> list[Kin]:
        best = max((k.score for k in kin), default=0.0)
        return [k for k in kin if k.score >= NEAR_BEST * best][:SHOWN]

    def _next(self, thing: Iri) -> list[Iri]:
        return [v for v in self.describer.values(thing, DCT.isReplacedBy) if isinstance(v, Iri)]

    def given_up(self, thing: Iri) -> Fact | None:
        """The fact for which every choice would leave a thing out, or None."""
        avoided = {v for n in self.weigher.needs.usual for v in self.weigher.needs.avoided.get(n, ())}
        for prop in sorted(self.schema.properties) if avoided else ():
            for value in self.describer.values(thing, prop):
                if value in avoided:
                    return Fact(thing, prop, value)
        return None

    def _by_measure(self, frame: AlikeFrame, kin: list[Kin]) -> list[Kin]:
        """Only things with less, or more, of an ordered property than the subject, where that is wanted."""
        prop = frame.low or frame.high
        if prop is None:
            return kin
        own = self._number(frame.subject, prop)
        sizes = {k.thing: self._number(k.thing, prop) for k in kin}
        return [k for k in kin if (n := sizes[k.thing]) is not None and (own is None or (n < own if frame.low else n > own))]

    def _number(self, thing: Iri, prop: Iri) -> float | None:
        values = [v.value for v in self.describer.values(thing, prop) if isinstance(v, Literal)]
        return next((float(v) for v in values if v.lstrip("-").replace(".", "", 1).isdigit()), None)

    def _of_one_kind(self, subject: Iri, cls: Iri, kin: list[Kin]) -> list[Kin]:
        """Those that share what says what kind of thing they are."""
        first = self.schema.first_headline()
        own = set(self.describer.values(subject, first.iri)) if first else set()
        if first and own:
            return [k for k in kin if own & set(self.describer.values(k.thing, first.iri))]
        props = self._saying(cls)
        values = self.network.values
        agree = {k.thing: sum(bool(values(subject, p) & values(k.thing, p)) for p in props) for k in kin}
        best = max(agree.values(), default=0)
        return [k for k in kin if agree[k.thing] == best] if 2 * best > len(props) or not props else []

    def _saying(self, cls: Iri) -> list[Iri]:
        """The properties that say what the things of a class are: most of them have them, and may have several values."""
        things, told = self.network.of_kind(cls), []
        for prop, info in sorted(self.schema.properties.items()):
            if info.objects and not info.functional and not info.volatile and info.subjects & {cls, *self.schema.subclasses(cls)}:
                share = sum(bool(self.network.values(t, prop)) for t in things) / max(1, len(things))
                told += [prop] if share >= MOST else []
        return told

    # ------------------------------------------------------------ the answer

    def tell(self, draft: Draft, frame: AlikeFrame, conditions: QueryGraph | None = None) -> Outcome:
        """A table of what is like the thing, best first, with what is shared and what differs; then what ties them together."""
        out = Outcome("list")
        found = self.find(draft, frame, conditions)
        if not found.kin and (conditions is not None or frame.low or frame.high):
            found = self._relaxed(draft, frame)
        if not found.kin and frame.only:
            return self._unlike(draft, frame, out)
        if not found.kin:
            return self._by_remarks(draft, frame, out)
        things = [k.thing for k in found.kin]
        out.things, out.names = things, [self.lexicon.label(t) for t in things]
        out.sparql = stated_of(draft, self.schema, [frame.subject, *things], tuple(p for p in (frame.low, frame.high) if p))
        draft.ask(out.sparql)
        self._renamed(draft, frame)
        for fact in found.successors:
            draft.say(self.speaker.statement(frame.subject, fact.predicate, [fact.object]), [fact])
        self._lead(draft, frame, found)
        self._table(draft, frame, found, out)
        if found.left_out:
            gone = [f"{plain(self.lexicon.label(k.thing))} ({plain(self.speaker.term(f.object))})" for k, f in found.left_out]
            draft.say(
                f"Left out, since it is no longer fully kept up: {join(gone)}.", [f for _, f in found.left_out], "computed", volatile=True
            )
        self._tied(draft, frame, things)
        self._told(draft, frame, things)
        return out

    def _lead(self, draft: Draft, frame: AlikeFrame, found: Found) -> None:
        name = plain(self.lexicon.label(frame.subject))
        if frame.only:
            names = join([name, *(plain(self.lexicon.label(k.thing)) for k in found.kin)])
            draft.say(f"By what is stated of them, the likeness of {names} is {found.kin[0].score:.2f} of 1:", tone="frame")
            return
        lead = f"{'Alternatives to' if frame.kept_up else 'Most like'} {name}"
        draft.say(f"{lead}, nearest first (in brackets the likeness of what is stated of the two, 0 to 1):", tone="frame")

    def _relaxed(self, draft: Draft, frame: AlikeFrame) -> Found:
        """What is like the thing where nothing like it meets the conditions; said so."""
        found = self.find(draft, replace(frame, low=None, high=None))
        if found.kin:
            limit, cls = frame.low or frame.high, self.lexicon.kind(frame.subject, self.schema)
            given = [f"among the {plural(self.lexicon.label(cls)) if cls else 'things'} {frame.given}"] if frame.given else []
            given += [f"stated to have a {'lower' if frame.low else 'higher'} {self.lexicon.label(limit)}"] if limit else []
            what = f"Nothing like {plain(self.lexicon.label(frame.subject))} is {join(given)}"
            draft.say(f"{what}; without that condition:", tone="not-stated")
        return found

    def _table(self, draft: Draft, frame: AlikeFrame, found: Found, out: Outcome) -> None:
        name = plain(self.lexicon.label(frame.subject))
        heads = ["", f"shares with {name}", "differs in", f"ahead of {name} in", f"behind {name} in"]
        lines: list[list[Cell]] = []
        for kin in found.kin:
            ahead, behind = self._levels_apart(frame.subject, kin.thing)
            first: Cell = (f"**{plain(self.lexicon.label(kin.thing))}** ({kin.score:.2f})", [])
            lines.append([first, self._shared(kin), self._values_apart(frame, kin), ahead, behind])
        kept = [c for c in range(len(heads)) if c == 0 or any(line[c][0] for line in lines)]
        draft.row([(heads[c], ()) for c in kept])
        draft.row([("---", ())] * len(kept))
        for kin, line in zip(found.kin, lines, strict=True):
            draft.row([line[c] for c in kept])
            cells = {heads[c]: line[c][0] for c in kept if c}
            out.rows.append({"thing": self.lexicon.label(kin.thing), "likeness": f"{kin.score:.2f}", **cells})

    # ------------------------------------------------------------ what is shared

    def _shared(self, kin: Kin) -> Cell:
        """The kind first, then the rarest of what both have; what points at both only where they point at little together."""
        first = self.schema.first_headline()
        pairs = [(s.ours, s.theirs) for s in kin.shared]
        own = [p for p in pairs if p[1].subject == kin.thing]
        told = [p for p in own if first and p[0].predicate == first.iri]
        told += [p for p in own if p not in told][:TRAITS]
        if len(own) < 2:
            told += [p for p in pairs if p not in own][:TRAITS]
        groups: dict[str, list[str]] = {}
        for ours, theirs in told:
            inverse = theirs.object == kin.thing
            groups.setdefault(self._heading(ours, inverse), []).append(plain(self.speaker.term(ours.subject if inverse else ours.object)))
        said = "; ".join(f"{head}: {join(list(dict.fromkeys(values)))}" for head, values in groups.items())
        return said, [f for pair in told for f in pair]

    def _heading(self, fact: Fact, inverse: bool) -> str:
        if self.schema.is_level(fact.predicate):
            info = self.schema.classes.get(FG.Feature)
            return plural(info.named.label) if info else "features"
        label = plain(self.schema.property(fact.predicate).named.label)
        return f"{label} of" if inverse else label

    # ------------------------------------------------------------ what is not

    def _values_apart(self, frame: AlikeFrame, kin: Kin) -> Cell:
        """Values of the same property of which none is shared, where the property classes things."""
        said, facts = self._measured(frame, kin)
        order = sorted(self.schema.properties.values(), key=lambda p: (p.headline is None, p.headline or 0, p.iri))
        for info in order:
            prop = info.iri
            mine, theirs = (self.describer.values(t, prop) for t in (frame.subject, kin.thing))
            if info.volatile or info.ordered or not mine or not theirs or set(mine) & set(theirs) or not self.network.classing(prop):
                continue
            there, here = (self.speaker.shown(v) for v in (theirs, mine))
            said.append(f"{plain(info.named.label)}: {there}, not {here}")
            facts += [*(Fact(kin.thing, prop, v) for v in theirs), *(Fact(frame.subject, prop, v) for v in mine)]
            if len(said) == 2:
                break
        return "; ".join(said), facts

    def _measured(self, frame: AlikeFrame, kin: Kin) -> tuple[list[str], list[Fact]]:
        """The ordered property of which less, or more, was wanted."""
        prop = frame.low or frame.high
        mine, theirs = (self.describer.values(t, prop)[:1] if prop else () for t in (frame.subject, kin.thing))
        if prop is None or not mine or not theirs:
            return [], []
        said = f"{plain(self.lexicon.label(prop))}: {self.speaker.shown(theirs)}, not {self.speaker.shown(mine)}"
        return [said], [Fact(kin.thing, prop, theirs[0]), Fact(frame.subject, prop, mine[0])]

    def _levels_apart(self, subject: Iri, other: Iri) -> tuple[Cell, Cell]:
        """Features of which one has at least two levels more than the other, those furthest apart first."""
        ours, theirs = self.levels(subject), self.levels(other)
        both = [(f, ours[f], theirs[f]) for f in ours if f in theirs]
        return self._ahead([(f, t, o) for f, o, t in both]), self._ahead(both)

    def _ahead(self, both: list[tuple[Iri, tuple[int, Fact], tuple[int, Fact]]]) -> Cell:
        """The features that the first of two has built in and the second not nearly."""
        apart = [(f, a, b) for f, a, b in both if a[0] - b[0] > 1 and a[0] == self.top]
        apart.sort(key=lambda x: (x[2][0] - x[1][0], self.lexicon.label(x[0])))
        told = apart[:APART]
        return join([plain(self.lexicon.label(f)) for f, _, _ in told]), [x for _, a, b in told for x in (a[1], b[1])]

    def levels(self, thing: Iri) -> dict[Iri, tuple[int, Fact]]:
        """feature -> (rank, fact) of a thing, the highest rank of each."""
        found: dict[Iri, tuple[int, Fact]] = {}
        for level, rank in sorted(self.schema.ranks.items(), key=lambda r: (r[1], r[0])):
            for feature in self.describer.values(thing, level):
                if isinstance(feature, Iri):
                    found[feature] = (rank, Fact(thing, level, feature))
        return found

    # ------------------------------------------------------------ what ties them together

    def _tied(self, draft: Draft, frame: AlikeFrame, things: list[Iri]) -> None:
        """Statements between the thing and what is told, one a pair: the one that says most."""
        left = TIED
        for thing in things:
            facts = [f for f in self.network.direct(frame.subject, thing) if f.predicate != DCT.isReplacedBy]
            plain_ones = [f for f in facts if not self.schema.property(f.predicate).volatile] or facts
            for fact in plain_ones[:1] if left else []:
                assert isinstance(fact.subject, Iri)
                draft.say(self.speaker.statement(fact.subject, fact.predicate, [fact.object]), [fact])
                left -= 1

    def _told(self, draft: Draft, frame: AlikeFrame, things: list[Iri]) -> None:
        """What a source says of the way from the thing to the nearest, or of what tells the two apart."""
        for role in (FG.move, FG.tellApart):
            aspects = self.describer.serving(draft, role)
            for thing in things[:2]:
                both = [
                    r for r in self.describer.about(thing, aspects) if frame.subject in r.about and self._opens(r, {frame.subject, thing})
                ]
                if both:
                    self.describer.tell(draft, both[0])
                    return

    def _opens(self, remark: Remark, pair: set[Iri]) -> bool:
        """Whether a remark speaks of one of the two before it speaks of another thing."""
        at = {t: remark.says.casefold().find(self.lexicon.label(t).casefold()) for t in remark.about}
        first = min((n for t, n in at.items() if t in pair and n >= 0), default=len(remark.says))
        return not any(0 <= n < first for t, n in at.items() if t not in pair)

    # ------------------------------------------------------------ things of which only remarks speak

    def _by_remarks(self, draft: Draft, frame: AlikeFrame, out: Outcome) -> Outcome:
        """What sources tell apart from the thing, or name beside it: where no property is shared."""
        beside = self._spoken_of(draft, frame)
        for thing, remark in list(beside.items())[:SHOWN]:
            if not any(remark.fact in s.facts for s in draft.sentences):
                self.describer.tell(draft, remark)
            out.things.append(thing)
        out.names = [self.lexicon.label(t) for t in out.things]
        out.rows = [{"thing": n} for n in out.names]
        if not beside:
            return self._alone(draft, frame, out)
        told = draft.sentences[:]
        draft.sentences.clear()
        draft.say(f"Sources set {join([plain(n) for n in out.names])} beside {plain(self.lexicon.label(frame.subject))}:", tone="frame")
        draft.sentences.extend(told)
        out.sparql = self.describer.remarks_query(draft)
        draft.ask(out.sparql)
        return out

    def _renamed(self, draft: Draft, frame: AlikeFrame) -> None:
        """'alternatives to OLD', where OLD is another name of the thing: what is said of that name."""
        called = frame.called.casefold()
        names = {a.casefold() for a in self.lexicon.aliases.get(frame.subject, ())} - {self.lexicon.label(frame.subject).casefold()}
        if called not in names:
            return
        remarks, moves = self.describer.remarks, self.describer.serving(draft, FG.move)
        said = [remarks.remarks[i] for i in remarks.about.get(frame.subject, ())]
        said = [r for r in said if called in r.says.casefold()]
        for remark in sorted(said, key=lambda r: (not set(r.aspects) & moves, len(r.about), r.iri))[:1]:
            self.describer.tell(draft, remark)

    def _unlike(self, draft: Draft, frame: AlikeFrame, out: Outcome) -> Outcome:
        """Two things that share nothing that not all of their kind have."""
        names = join([plain(self.lexicon.label(t)) for t in (*frame.only, frame.subject)])
        draft.say(f"Nothing that is stated of {names} is shared by the two and not by all of their kind.", tone="not-stated")
        out.things = [*frame.only]
        out.sparql = stated_of(draft, self.schema, [frame.subject, *frame.only])
        draft.ask(out.sparql)
        out.abstained = True
        return out

    def _alone(self, draft: Draft, frame: AlikeFrame, out: Outcome) -> Outcome:
        """Nothing is like it: of what kind it is, and that no other is known."""
        first = self.schema.first_headline()
        values = self.describer.values(frame.subject, first.iri) if first else ()
        if first and values:
            facts = [Fact(frame.subject, first.iri, v) for v in values]
            draft.say(self.speaker.statement(frame.subject, first.iri, values), facts)
        name = plain(self.lexicon.label(frame.subject))
        draft.say(f"The graph holds nothing else that is stated to be of the kind of {name}.", tone="not-stated")
        self._of_class(draft, frame)
        out.sparql = stated_of(draft, self.schema, [frame.subject])
        draft.ask(out.sparql)
        out.abstained, out.empty = True, not values
        return out

    def _of_class(self, draft: Draft, frame: AlikeFrame) -> None:
        """The other things of a small class, which may serve though nothing ties them to the one asked about."""
        cls = self.lexicon.kind(frame.subject, self.schema)
        things = sorted(self.network.of_kind(cls) - {frame.subject, *frame.beside}, key=self.lexicon.label) if cls else []
        if cls and cls not in (self.schema.focus, FG.Feature) and 0 < len(things) <= SMALL:
            noun = plural(plain(self.lexicon.label(cls)))
            draft.say(f"Other {noun} that it knows: {join([plain(self.lexicon.label(t)) for t in things])}.", tone="not-stated")

    def _spoken_of(self, draft: Draft, frame: AlikeFrame) -> dict[Iri, Remark]:
        """thing -> a remark that tells it and the subject apart."""
        apart = self.describer.serving(draft, FG.tellApart)
        classes = self.lexicon.classes_of.get(frame.subject, frozenset())
        remarks = [self.describer.remarks.remarks[i] for i in self.describer.remarks.about.get(frame.subject, ())]
        remarks = sorted((r for r in remarks if set(r.aspects) & apart and not r.claim), key=lambda r: (len(r.about), r.iri))
        found: dict[Iri, Remark] = {}
        for remark in remarks:
            for other in remark.about:
                if other not in (frame.subject, *frame.beside) and self.lexicon.classes_of.get(other, frozenset()) & classes:
                    found.setdefault(other, remark)
        return found
