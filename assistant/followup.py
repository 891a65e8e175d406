"""Follow-ups: the previous reading edited, or its things asked about again."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import State, is_plural, swap, swaps, wants_more
from assistant.frames import Candidate, CompareFrame, Constraint, FactFrame, ListFrame, RecommendFrame, RemarkFrame
from assistant.lists import TARGET
from assistant.parse import Parser
from assistant.rank import ADVICE, ranked
from assistant.recall import Recall
from assistant.scan import Scan
from assistant.types import Exclude, Kind, Link, OneOf, QueryGraph
from assistant.words import COUNT_WORDS, join
from graph.types import Iri


class FollowUps:
    """Edits the last reading of a conversation over one opened graph."""

    def __init__(self, parser: Parser, recall: Recall) -> None:
        self.parser, self.recall = parser, recall
        self.schema, self.lexicon = parser.schema, parser.lexicon

    def edits(self, scan: Scan, state: State) -> list[Candidate]:
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
        return [replace(c, fit=0.9) for c in ranked(self.recall.candidates(anchored), anchored)[:1]]

    def _why(self, state: State) -> list[Candidate]:
        """'why?': what is said of the same thing on the matter just asked."""
        if state.scan is None:
            return []
        asked = replace(state.scan, cues=replace(state.scan.cues, why=True, yes_no=False))
        return [replace(c, fit=0.9) for c in ranked(self.recall.candidates(asked), asked)[:1]]

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
        for c in self.parser.listing.lists(scan, self.parser.grammar.shared_class(list(state.group))):
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
            for c in self.recall.about(scan, (anchor,)):
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

    def with_context(self, scan: Scan, state: State) -> list[Candidate]:
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
                tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in ADVICE)
                return [Candidate("comparison", CompareFrame((topic, link.iri)), said, None, frozenset({i}), tokens, ((i, link),), -0.15)]
        return []


def _own_question(scan: Scan) -> bool:
    """Whether the ask brings a question word or a property of its own."""
    cues = scan.cues
    return cues.who or cues.when or cues.why or cues.yes_no or cues.define or cues.compare or bool(scan.links("property") and cues.how)


def _small_number(scan: Scan) -> int | None:
    return next((COUNT_WORDS[t.norm] for t in scan.tokens if t.norm in COUNT_WORDS and t.norm != "one"), None)
