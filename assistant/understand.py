"""From an ask to ranked candidates, with remarks and recommendations beside the query graphs, and follow-ups edited in."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import State, is_follow_up, is_plural, resolve, swap, swaps, wants_more
from assistant.frames import (
    AdviceFrame,
    Candidate,
    CompareFrame,
    Constraint,
    ContestedFrame,
    FactFrame,
    ListFrame,
    RecommendFrame,
    RemarkFrame,
)
from assistant.link import Linker
from assistant.lists import TARGET
from assistant.parse import Parser
from assistant.rank import is_fragment, ranked
from assistant.recommend import Recommender, hard
from assistant.remarks import Remark, RemarkIndex
from assistant.scan import Scan, scan_ask
from assistant.semantic import PropertySense
from assistant.types import Exclude, Kind, Link, OneOf, QueryGraph
from assistant.words import COUNT_WORDS, LIGHT, STOP, join
from graph.types import Iri

HITS = 8  # remarks kept of a search


class Understander:
    """Reads asks for one opened graph."""

    def __init__(self, parser: Parser, linker: Linker, remarks: RemarkIndex, recommender: Recommender, sense: PropertySense) -> None:
        self.parser, self.linker, self.remarks, self.recommender, self.sense = parser, linker, remarks, recommender, sense
        self.schema, self.lexicon = parser.schema, parser.lexicon

    def scan(self, question: str, start: int, end: int, choices: dict[tuple[int, int], Link], context: tuple[Iri, ...] = ()) -> Scan:
        return self.parser.grammar.glue(scan_ask(question, start, end, self.linker, choices, context))

    def read(self, scan: Scan, state: State, situation: tuple[Scan, ...] = ()) -> tuple[Scan, list[Candidate]]:
        """The scan as resolved against the conversation, and its candidates, best first."""
        edited: list[Candidate] = []
        if (state.candidate is not None or state.asked) and is_follow_up(scan, self.central) and not self._strange(scan):
            edited = self._edits(scan, state) if state.candidate is not None else []
            if not is_plural(scan):
                topic = state.topic
                if topic is not None:
                    scan = resolve(scan, state, self.lexicon.label(topic))
        found = [
            *self.parser.candidates(scan),
            *self.remark_candidates(scan),
            *self.recommendations(scan, situation),
            *self.advice(scan),
            *self.contested(scan),
        ]
        if state.candidate is not None:
            found += self._with_context(scan, state)
        scored = ranked(found, scan)
        boosted = [*edited, *scored]
        return scan, sorted(boosted, key=lambda c: (-c.fit, c.english, c.kind))

    # ------------------------------------------------------------ remarks

    def remark_candidates(self, scan: Scan) -> list[Candidate]:
        """Remarks about the things named; about anything where a list is asked for and no thing is named."""
        things: list[tuple[int, Link]] = []
        behind = {j for _, j in scan.glued}
        for i, link in scan.links("entity", "class"):
            if i not in behind and link.iri in self.remarks.about and link.score >= 0.7 and i not in {j for j, _ in things}:
                things.append((i, link))
        found = []
        for chosen in self._anchor_sets(things):
            found += self._remark(scan, chosen)
        central = any(self.central(n.iri) for _, n in things)
        weighty = any(scan.weight(t) >= 1.0 for t in range(len(scan.tokens)) if not any(t in scan.inside(i) for i, _ in things))
        if (not things or (scan.cues.listing and not central)) and weighty:
            found += self._remark(scan, ())
        return found

    def _strange(self, scan: Scan) -> bool:
        """Whether the ask names something unknown: a word that is no common English and links to nothing."""
        linked = {t for i in range(len(scan.mentions)) for t in scan.inside(i)}
        left = [k for t, k in enumerate(scan.tokens) if t not in linked and scan.weight(t) >= 1.0 and k.norm.isalpha()]
        return bool(self.linker.vocabulary) and any(
            k.norm not in self.linker.vocabulary and not self.linker.is_common(k.stem) for k in left
        )

    def central(self, thing: Iri) -> bool:
        focus = self.schema.focus
        return focus is not None and self.lexicon.is_a(thing, *self.schema.subclasses(focus))

    def advice(self, scan: Scan) -> list[Candidate]:
        """'is it any good?', 'worth learning X?': one thing under judgement, and no other need stated."""
        cues = scan.cues
        things = list({n.iri: (i, n) for i, n in reversed(scan.links("entity")) if self.central(n.iri) and n.score >= 0.7}.values())
        if not cues.judge or (cues.replace and not cues.yes_no) or len(things) != 1 or scan.links("need") or cues.listing:
            return []
        i, link = things[0]
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in _ADVICE or k.norm in _JUDGING)
        return [
            Candidate(
                "remark", AdviceFrame(link.iri), f"whether {link.label} is a good choice", None, frozenset({i}), tokens, ((i, link),), 0.04
            )
        ]

    def contested(self, scan: Scan) -> list[Candidate]:
        """'what is disputed about X?'"""
        if not scan.cues.contested:
            return []
        things = [(i, n) for i, n in scan.links("entity") if n.iri in self.remarks.about and n.score >= 0.7]
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.stem in _CONTESTED)
        said = "what is disputed about"
        return [Candidate("remark", ContestedFrame(n.iri), f"{said} {n.label}", None, frozenset({i}), tokens) for i, n in things[:2]]

    def _anchor_sets(self, things: list[tuple[int, Link]]) -> list[tuple[tuple[int, Link], ...]]:
        singles = [(t,) for t in things[:4]]
        return [*([tuple(things[:4])] if len(things) > 1 else []), *singles]

    def _remark(self, scan: Scan, anchors: tuple[tuple[int, Link], ...]) -> list[Candidate]:
        used = frozenset(i for i, _ in anchors if i >= 0)
        things = tuple(n.iri for _, n in anchors)
        inside = set().union(*(scan.inside(i) for i in used)) if used else set()
        stems = {t.stem: (0.4 if t.norm in LIGHT else 1.0) for k, t in enumerate(scan.tokens) if t.norm not in STOP and k not in inside}
        aspects = {n.iri for _, n in scan.links("aspect")}
        if not stems and not aspects and not (scan.cues.why or scan.cues.how):
            return []
        pool = None if things else self._general_pool(scan)
        hits = self.remarks.search(self.sense.masked(scan, things), things, stems, pool, aspects, scan.cues.yes_no)[:HITS]
        if not hits:
            return []
        top = self.remarks.remarks[hits[0][0]]
        part = len([t for t in things if t in top.about]) / len(things) if things else 1.0
        frame = RemarkFrame(tuple(hits), things, scan.cues.yes_no, listing=not things and scan.cues.listing)
        about = join([self.lexicon.label(t) for t in things]) or "any of them"
        said = f"what is said of {about} about: {self._topic(top)}"
        dated = float(any(ch.isdigit() for ch in top.says))
        features = {"found": hits[0][1], "anchored": 1.0 if things else 0.0, "dated": dated}
        cost = 0.0 if len(things) < 2 else 0.25 * (1 - part)
        return [Candidate("remark", frame, said, None, used, frozenset(), anchors, cost, features=features)]

    def _topic(self, remark: Remark) -> str:
        return join([self.lexicon.label(a) for a in remark.aspects]) or "what it does"

    def _general_pool(self, scan: Scan) -> list[int]:
        """All remarks where a list is asked for; else those about nothing in particular are not to be guessed."""
        return list(range(len(self.remarks.remarks))) if scan.cues.listing or scan.mentions else []

    # ------------------------------------------------------------ recommendations

    def recommendations(self, scan: Scan, situation: tuple[Scan, ...]) -> list[Candidate]:
        """A choice, where the ask or the situation before it states needs or asks for advice."""
        focus = self.schema.focus
        scans = (*situation, scan)
        if focus is None:
            return []
        needs, mentions = self._needs(scan, scans)
        conditions = self._conditions(scans, focus)
        options, negated = self._options(scan, scans)
        wanted = scan.cues.recommend or (needs and (scan.cues.listing or is_fragment(scan)))
        named = focus in {n.iri for s in scans for _, n in s.links("class")}
        if not wanted or not (named or options or negated or needs or any(c.levels for c in conditions)):
            return []
        required, preferred = hard(self.schema, conditions, " ".join(s.text for s in scans))
        current = options[0] if len(options) == 1 and not negated and any(s.cues.replace for s in scans) else None
        low, high = self._wanted_end(scan, focus)
        out = (*negated, *([current] if current else ()))
        frame = RecommendFrame(needs, required, preferred, options if len(options) > 1 else (), current, out, low, high)
        things = {*options, *negated, focus}
        used = frozenset(mentions | {i for i, n in scan.links("entity", "class") if n.iri in things})
        used |= frozenset(i for c in conditions for i in c.mentions if i < len(scan.mentions))
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in _ADVICE)
        links = tuple((i, n) for i, n in scan.links("need") if i in mentions)
        features = {"situation": float(bool(situation and needs))}
        cost = 0.0 if needs or conditions or low or high else 0.05
        english = self._recommend_english(frame, conditions)
        return [Candidate("recommendation", frame, english, None, used, tokens, links, cost, features=features)]

    def _options(self, scan: Scan, scans: tuple[Scan, ...]) -> tuple[tuple[Iri, ...], tuple[Iri, ...]]:
        """The things offered to choose from, and those ruled out."""
        offering = [s for s in scans if s is scan or any(o.kind == "or" for o in s.ops)]
        named = [(s, i, n.iri) for s in offering for i, n in s.links("entity") if self.central(n.iri) and n.score >= 0.7]
        grammar = self.parser.grammar
        negated = {iri for s, i, iri in named if s is scan and (grammar.negated(scan, i) or grammar.excluded(scan, i))}
        options = tuple(dict.fromkeys(iri for _, _, iri in named if iri not in negated))
        return options, tuple(sorted(negated))

    def _recommend_english(self, frame: RecommendFrame, conditions: tuple[Constraint, ...]) -> str:
        said = "a recommendation"
        said += f" for {join([self.lexicon.label(n) for n in frame.needs])}" if frame.needs else ""
        said += f" among {join([self.lexicon.label(o) for o in frame.options])}" if frame.options else ""
        return said + "".join(f", {c.english}" for c in conditions)

    def _wanted_end(self, scan: Scan, focus: Iri) -> tuple[Iri | None, Iri | None]:
        """'a lighter one': the ordered property of which less, or more, is wanted; dates are not wanted so."""
        order, prop, _ = self.parser.listing.order(scan, focus)
        if order is None or prop is None or prop.is_date:
            return None, None
        return (None, prop.iri) if order.descending else (prop.iri, None)

    def _needs(self, scan: Scan, scans: tuple[Scan, ...]) -> tuple[tuple[Iri, ...], set[int]]:
        named = [(i, n.iri, s) for s in scans for i, n in s.links("need")]
        if named:
            return tuple(dict.fromkeys(iri for _, iri, _ in named)), {i for i, _, s in named if s is scan}
        if not scan.cues.recommend and len(scans) == 1:
            return (), set()
        nearest = self.recommender.nearest_needs(" ".join(s.text for s in scans))
        return nearest, set()

    def _conditions(self, scans: tuple[Scan, ...], focus: Iri) -> tuple[Constraint, ...]:
        """Features and values named anywhere in the text; the asked things themselves are no conditions."""
        found: dict[Iri, Constraint] = {}
        for s in scans:
            for c in next(iter(self.parser.listing.choices(s, -1, focus, TARGET)), ()):
                if c.wanted and not self.lexicon.is_a(c.wanted.iri, *self.schema.subclasses(focus)):
                    found.setdefault(c.wanted.iri, c)
        return tuple(found.values())

    # ------------------------------------------------------------ follow-ups

    def _edits(self, scan: Scan, state: State) -> list[Candidate]:
        previous = state.candidate
        assert previous is not None
        if swaps(scan):
            found = self._swap(scan, state, previous)
            if found:
                return found
        if wants_more(scan):
            return self._more(scan, state, previous)
        if scan.cues.why and not any(scan.weight(t) for t in range(len(scan.tokens))):
            return self._why(state)
        if is_plural(scan) and len(state.group) > 1:
            return [*self._among(scan, state), *self._remarks_among(scan, state)]
        if isinstance(previous.frame, (ListFrame, RecommendFrame)) and (not _own_question(scan) or is_plural(scan)):
            return self._narrow(scan, previous)
        return []

    def _swap(self, scan: Scan, state: State, previous: Candidate) -> list[Candidate]:
        """'what about X?': X in the place of the thing of its kind that was asked about."""
        for i, link in scan.links("entity"):
            classes = self.lexicon.classes_of.get(link.iri, frozenset())
            for old in (*state.asked, *(n.iri for _, n in previous.links)):
                if old != link.iri and self.lexicon.classes_of.get(old, frozenset()) & classes:
                    made = swap(previous, old, link.iri)
                    english = previous.english.replace(self.lexicon.label(old), link.label)
                    made = replace(made, english=english, mentions=frozenset({i}), links=((i, link),), fit=0.97)
                    if isinstance(made.frame, RemarkFrame):
                        return self._again(state, link)
                    return [made]
        return []

    def _again(self, state: State, link: Link) -> list[Candidate]:
        """The previous ask searched again among the remarks about another thing."""
        assert state.scan is not None
        anchored = replace(state.scan, mentions=tuple(
            replace(m, links=(link,)) if m.best.iri in state.asked else m for m in state.scan.mentions
        ))  # fmt: skip
        return [replace(c, fit=0.9) for c in ranked(self.remark_candidates(anchored), anchored)[:1]]

    def _why(self, state: State) -> list[Candidate]:
        """'why?': what is said of the same thing on the matter just asked."""
        if state.scan is None:
            return []
        asked = replace(state.scan, cues=replace(state.scan.cues, why=True, yes_no=False))
        return [replace(c, fit=0.9) for c in ranked(self.remark_candidates(asked), asked)[:1]]

    def _more(self, scan: Scan, state: State, previous: Candidate) -> list[Candidate]:
        """'name two more': things that share the value just answered, or the rest of the last list."""
        focus = self.schema.focus
        limit = next((o.limit for o in scan.ops if o.limit), None) or _small_number(scan)
        frame = previous.frame
        if isinstance(frame, FactFrame) and focus and not frame.inverse:
            values = [v for v in self.parser.connections.values(frame.anchors[0], frame.properties[0]) if isinstance(v, Iri)]
            shared = [v for v in values if all(v in self.parser.connections.values(a, frame.properties[0]) for a in frame.anchors)]
            if not shared:
                return []
            link = Link(shared[0], self.lexicon.label(shared[0]), "entity", 1.0)
            made = self.parser.constrain.thing(TARGET, focus, link, 0, frozenset({frame.properties[0]}), False)[:1]
            built = self._listed(scan, focus, tuple(made), tuple(frame.anchors), limit)
            return [built]
        if isinstance(frame, ListFrame) and frame.cls:
            return [self._listed(scan, frame.cls, frame.constraints, state.answered, limit)]
        return []

    def _listed(self, scan: Scan, cls: Iri, constraints: tuple[Constraint, ...], out: tuple[Iri, ...], limit: int | None) -> Candidate:
        bare = replace(scan, ops=(), mentions=())
        base = next(iter(self.parser.listing.listed(bare, -1, cls, self.lexicon.label(cls), constraints, 0.0)))
        assert base.graph is not None
        graph = (
            replace(base.graph, where=(*base.graph.where, Exclude(TARGET, out)), limit=limit) if out else replace(base.graph, limit=limit)
        )
        english = base.english + (f", other than {join([self.lexicon.label(o) for o in out])}" if out else "")
        return replace(base, kind="list", graph=replace(graph, count=False), english=english, fit=0.92, mentions=frozenset())

    def _among(self, scan: Scan, state: State) -> list[Candidate]:
        """'which of those is oldest?': the list reading, over the things of the last turn."""
        found = []
        for c in self.parser.listing.lists(scan):
            if c.graph is None or not isinstance(c.frame, ListFrame):
                continue
            if not c.frame.constraints and not c.frame.order_property:
                continue
            where = (OneOf(TARGET, state.group), *c.graph.where)
            few = len(state.group) <= 5
            among = join([self.lexicon.label(g) for g in state.group]) if few else f"the {len(state.group)} just named"
            english = f"{c.english}, among {among}"
            frame = replace(c.frame, among=state.group)
            found.append(
                replace(
                    c,
                    kind="list" if c.kind != "count" else c.kind,
                    graph=replace(c.graph, where=where),
                    english=english,
                    frame=frame,
                    cost=max(0.0, c.cost - 0.1),
                )
            )
        best = ranked(found, scan)[:2]
        return [replace(c, fit=c.fit + 0.25) for c in best]

    def _remarks_among(self, scan: Scan, state: State) -> list[Candidate]:
        """What is said of each of the things of the last turn, best first."""
        anchors = tuple((-1, Link(g, self.lexicon.label(g), "entity", 0.95, "from the conversation")) for g in state.group[:5])
        found = []
        for anchor in anchors:
            for c in self._remark(scan, (anchor,)):
                found.append(replace(c, mentions=frozenset(), links=(), cost=0.0))
        best = ranked(found, scan)[:1]
        return [replace(c, fit=c.fit + 0.1, kind="remark") for c in best]

    def _narrow(self, scan: Scan, previous: Candidate) -> list[Candidate]:
        """'only maintained ones', 'without X': one more condition on the last list or recommendation."""
        frame = previous.frame
        focus = frame.cls if isinstance(frame, ListFrame) else self.schema.focus
        added = tuple(next(iter(self.parser.listing.choices(scan, -1, focus, TARGET)), ()))
        out = tuple(n.iri for _, n in self.parser.grammar.exclusions(scan, focus))
        added = tuple(c for c in added if not (c.wanted and c.wanted.iri in out))
        if not added and not out:
            return []
        said = "".join(f", {c.english}" for c in added) + (f", without {join([self.lexicon.label(o) for o in out])}" if out else "")
        if isinstance(frame, RecommendFrame):
            made = replace(frame, required=(*frame.required, *added), excluded=(*frame.excluded, *out))
            return [replace(previous, frame=made, english=previous.english + said, fit=0.92)]
        assert isinstance(frame, ListFrame)
        assert previous.graph is not None
        parts = tuple(p for c in added for p in c.parts) + ((Exclude(TARGET, out),) if out else ())
        graph: QueryGraph = replace(previous.graph, where=(*previous.graph.where, *parts))
        kind: Kind = "count" if scan.cues.count else "list"
        graph = replace(graph, count=scan.cues.count)
        return [
            replace(
                previous,
                kind=kind,
                frame=replace(frame, constraints=(*frame.constraints, *added)),
                graph=graph,
                english=previous.english + said,
                fit=0.92,
            )
        ]

    def _with_context(self, scan: Scan, state: State) -> list[Candidate]:
        """A second thing named after a first: beside each other ('we use X' ... 'why not Y?')."""
        topic = state.topic
        if topic is None or not (scan.cues.recommend or scan.cues.why or scan.cues.compare):
            return []
        classes = self.lexicon.classes_of.get(topic, frozenset())
        for i, link in scan.links("entity"):
            if (
                link.iri != topic
                and self.lexicon.classes_of.get(link.iri, frozenset()) & classes
                and len(self.parser.grammar.peers(scan)) == 1
            ):
                said = f"how {self.lexicon.label(topic)} and {link.label} differ"
                tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in _ADVICE)
                return [Candidate("comparison", CompareFrame((topic, link.iri)), said, None, frozenset({i}), tokens, ((i, link),), -0.15)]
        return []


def _own_question(scan: Scan) -> bool:
    """Whether the ask brings a question word or a property of its own."""
    cues = scan.cues
    return cues.who or cues.when or cues.why or cues.yes_no or cues.define or cues.compare or bool(scan.links("property") and cues.how)


def _small_number(scan: Scan) -> int | None:
    return next((COUNT_WORDS[t.norm] for t in scan.tokens if t.norm in COUNT_WORDS and t.norm != "one"), None)


_CONTESTED = frozenset({"disput", "contest", "controversi", "disagre", "contradict", "wrong", "debat"})
_JUDGING = frozenset("good idea worth learning still any new project reliable decent enough sense trust avoid framework".split())
_ADVICE = frozenset(
    """should recommend recommended recommendation suggest suggestion best better choose choice pick use using good suitable suited ideal
    worth learn start advice alternative alternatives looking need want prefer go stick migrate switch move""".split()
)
