"""Follow-ups: the previous reading edited, or its things asked about again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.dialogue import State, is_plural, resolve, swaps, wants_more
from assistant.edits import Edit, adds, recognise
from assistant.exchange import Exchanger
from assistant.frames import (
    Candidate,
    CompareFrame,
    Constraint,
    FactFrame,
    ListFrame,
    MoveFrame,
    RecommendFrame,
    TableFrame,
)
from assistant.lists import TARGET
from assistant.operators import EVERY
from assistant.parse import Parser
from assistant.rank import ADVICE, by_score, ranked
from assistant.recall import Recall
from assistant.revise import SURE, Reviser
from assistant.scan import Scan
from assistant.types import Compare, Exclude, Kind, Link, Mention, OneOf
from assistant.words import COUNT_WORDS, join
from graph.schema import PropertyInfo
from graph.types import Iri

UNDONE = "the last step undone"
SOURCED = "and who says so"
MANY = 40  # things of which one fact each is told


class FollowUps:
    """Edits the last reading of a conversation over one opened graph."""

    def __init__(self, parser: Parser, recall: Recall) -> None:
        self.parser, self.recall = parser, recall
        self.schema, self.lexicon = parser.schema, parser.lexicon
        self.revise = Reviser(parser)
        self.exchange = Exchanger(self.revise, recall)

    def edits(self, scan: Scan, state: State, leans: bool = True) -> list[Candidate]:
        """The last reading as the ask changes it; of an ask that could stand alone (not ``leans``) only what is an edit by its words."""
        previous = state.candidate
        assert previous is not None
        edit = recognise(scan)
        made = self._done(edit, scan, state, previous) if edit else None
        if made is not None:
            return [replace(made, fit=SURE, scan=made.scan or state.scan)]
        if not leans:
            return []
        own = tuple(dict.fromkeys(i for i, _ in scan.links("entity")))
        if swaps(scan) and not adds(scan) and not scan.unexplained(frozenset(own), frozenset()):
            found = self.exchange.swapped_in(Edit("swap", own), scan, state, previous)
            if found:
                return [found]
        if wants_more(scan):
            return [replace(c, fit=SURE) for c in self._more(scan, state, previous)]
        if scan.cues.why and not any(scan.weight(t) for t in range(len(scan.tokens))):
            return self._why(state, previous)
        superlative = self._superlative(scan, previous) or self._summed(scan, previous) or self._beside(scan, previous)
        if superlative:
            return [replace(superlative, fit=SURE)]
        if is_plural(scan) and len(state.group) > 1 and not (adds(scan) and isinstance(previous.frame, (ListFrame, RecommendFrame))):
            return [*self._among(scan, state), *self._facts_among(scan, state), *self._remarks_among(scan, state)]
        if isinstance(previous.frame, (ListFrame, RecommendFrame)) and (not _own_question(scan) or is_plural(scan)):
            return self._narrow(scan, state, previous)
        return []

    # ------------------------------------------------------------ the edits by name

    def _done(self, edit: Edit, scan: Scan, state: State, previous: Candidate) -> Candidate | None:
        """The last reading after an edit; None where it does not apply."""
        nouns = {n.iri for m in scan.mentions if m.best.kind == "class" for n in m.links if n.kind == "class"}
        if edit.kind in ("all", "list", "count", "rest") and nouns and self.revise.class_of(previous) not in nouns:
            return None  # 'all stations' is not all of the lines before
        does: dict[str, Callable[[], Candidate | None]] = {
            "swap": lambda: self.exchange.swapped_in(edit, scan, state, previous),
            "relink": lambda: self.exchange.relinked(scan, state),
            "undo": lambda: self._undone(state),
            "drop": lambda: self.revise.dropped(previous, tuple(n.iri for i in edit.old for n in scan.mentions[i].links)),
            "reverse": lambda: self.revise.reversed(previous),
            "count": lambda: self.revise.counted(previous),
            "list": lambda: self.revise.listed(previous),
            "all": lambda: self.revise.listed(previous, "all of them"),
            "sort": lambda: self._sorted(edit, scan, previous),
            "limit": lambda: self.revise.cut(previous, state.answered, edit.number or 1, edit.last),
            "next": lambda: self.revise.further(previous, edit.number) or self._rest(scan, state, previous),
            "rest": lambda: self.revise.further(previous, edit.number) or self._rest(scan, state, previous),
            "member": lambda: self.exchange.one_of_them([n for i in edit.new for n in scan.mentions[i].links], scan, previous),
            "others": lambda: self.revise.those_that_do(previous),
            "year": lambda: self.revise.in_year(previous, str(edit.number)),
            "sources": lambda: replace(previous, edit=SOURCED, fit=SURE, links=(), mentions=frozenset()),
        }
        return does[edit.kind]()

    def _undone(self, state: State) -> Candidate | None:
        before = state.before
        if before is None or before.candidate is None:
            return None
        return replace(before.candidate, edit=UNDONE, fit=SURE, links=(), scan=before.scan)

    def _sorted(self, edit: Edit, scan: Scan, previous: Candidate) -> Candidate | None:
        """'sort them by year', 'newest first', 'in descending order', 'by name'."""
        found = self.revise.property_of(scan, edit.new, self.revise.class_of(previous))
        frame = previous.frame
        if found is not None:
            return self.revise.ordered(previous, found[0], found[1] if edit.high is None else edit.high, EVERY)
        if isinstance(frame, ListFrame) and frame.order_property and edit.high not in (None, frame.descending):
            return self.revise.reversed(previous)
        plain = [self.schema.properties[n.iri] for _, n in scan.links("property") if n.iri in self.schema.properties]
        if plain:  # what has no order stands beside the things
            return self.revise.beside(previous, plain[:1])
        named = {"name", "alphabetically", "alphabetical", "alphabet", "names"} & {t.norm for t in scan.tokens}
        return self.revise.listed(previous) if named else None

    def _superlative(self, scan: Scan, previous: Candidate) -> Candidate | None:
        """'and the newest?': another end, or another property, for the same things."""
        op = next((o for o in scan.ops if o.kind == "order"), None)
        if op is not None and isinstance(previous.frame, TableFrame) and len(scan.tokens) < 7 and not scan.links("entity", "class"):
            return self.parser.tables.ended(previous, op.sign == ">", op.limit, op.offset)
        if op is None or not isinstance(previous.frame, ListFrame) or scan.links("entity", "value"):
            return None
        cls = self.revise.class_of(previous)
        order, info, tokens = self.parser.listing.order(scan, cls)
        nouns = {t for i, n in scan.links("class") if n.iri == cls for t in scan.inside(i)}
        left = [t for t in range(len(scan.tokens)) if t not in tokens and t not in nouns and scan.weight(t) > 0]
        if info is None and op.adjective in ("most", "least", "fewest"):  # 'who earns the most?'
            if not scan.links("property") or scan.links("class"):
                return None
            found = self.revise.property_of(scan, (), cls)
            info = found[0] if found else None
            return self.revise.ordered(previous, info, op.sign == ">", op.limit, op.offset) if info else None
        if order is None or info is None or left or (is_plural(scan) and not previous.frame.order_property):
            return None
        return self.revise.ordered(previous, info, order.descending, op.limit, op.offset)

    def _beside(self, scan: Scan, previous: Candidate) -> Candidate | None:
        """'with their P', 'and their P and Q': columns beside the last list."""
        words = [t.norm for t in scan.tokens]
        if "their" not in words or scan.links("entity", "value") or any(o.kind in ("order", "compare") for o in scan.ops):
            return None
        cls = self.revise.class_of(previous)
        infos: dict[int, PropertyInfo] = {}
        for i, n in scan.links("property"):
            info = self.schema.properties.get(n.iri)
            if info is not None and cls in info.subjects:
                infos.setdefault(i, info)
        several = list({p.iri: p for p in infos.values()}.values())
        left = scan.unexplained(frozenset(infos), frozenset())
        return self.revise.beside(previous, several) if several and not left and (len(several) > 1 or "with" in words) else None

    def _summed(self, scan: Scan, previous: Candidate) -> Candidate | None:
        """'and the average?': the same numbers taken together in another way."""
        if not isinstance(previous.frame, TableFrame) or previous.graph is None or scan.mentions:
            return None
        function, tokens = self.parser.tables.function([t.norm for t in scan.tokens])
        left = [t for t in range(len(scan.tokens)) if t not in tokens and scan.weight(t) > 0]
        return self.parser.tables.taken(previous, function) if function and not left else None

    def _why(self, state: State, previous: Candidate) -> list[Candidate]:
        """'why?': what is said of the same thing on the matter just asked; where nothing is said, who states it."""
        if isinstance(previous.frame, (RecommendFrame, MoveFrame)):
            return [replace(previous, edit="with its reasons", fit=SURE, links=(), mentions=frozenset(), scan=state.scan)]
        if state.scan is None:
            return []
        asked = replace(state.scan, cues=replace(state.scan.cues, why=True, yes_no=False))
        found = [replace(c, fit=0.9, edit="why that is so") for c in ranked(self.recall.candidates(asked), asked)[:1]]
        return found or [replace(previous, edit=SOURCED, fit=SURE, links=(), mentions=frozenset(), scan=state.scan)]

    def _more(self, scan: Scan, state: State, previous: Candidate) -> list[Candidate]:
        """'name two more': things that share the value just answered, or the rest of the last list."""
        return [c for c in [self._rest(scan, state, previous)] if c is not None]

    def _rest(self, scan: Scan, state: State, previous: Candidate) -> Candidate | None:
        focus = self.schema.focus
        limit = next((o.limit for o in scan.ops if o.limit), None) or _small_number(scan)
        frame = previous.frame
        if isinstance(frame, FactFrame) and focus and not frame.inverse:
            values = [v for v in self.parser.connections.values(frame.anchors[0], frame.properties[0]) if isinstance(v, Iri)]
            shared = [v for v in values if all(v in self.parser.connections.values(a, frame.properties[0]) for a in frame.anchors)]
            if not shared:
                return None
            link = Link(shared[0], self.lexicon.label(shared[0]), "entity", 1.0)
            made = self.parser.constrain.thing(TARGET, focus, link, 0, frozenset({frame.properties[0]}), False)[:1]
            return self._listed(scan, focus, tuple(made), tuple(frame.anchors), limit)
        if isinstance(frame, RecommendFrame) and not frame.options and state.answered:
            out = (*frame.excluded, *(a for a in state.answered if a not in frame.excluded))
            said = f"other than {join([self.lexicon.label(a) for a in state.answered])}"
            rest = replace(frame, excluded=out)
            return replace(previous, frame=rest, english=f"{previous.english}, {said}", edit="the next best", fit=SURE)
        if isinstance(frame, ListFrame) and frame.cls:
            return self._listed(scan, frame.cls, frame.constraints, state.answered, limit)
        return None

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
        """'which of those is oldest?': the list reading, or a table by group, over the things of the last turn."""
        few = len(state.group) <= 5
        among = join([self.lexicon.label(g) for g in state.group]) if few else f"the {len(state.group)} just named"
        cls = self.parser.grammar.shared_class(list(state.group))
        named = self._noun_of(scan, cls)
        found: dict[str, list[Candidate]] = {"list": [], "table": []}
        for c in [*self.parser.listing.lists(scan, cls), *self.parser.tables.tables(named)]:
            frame, graph = c.frame, c.graph
            if graph is None or (isinstance(frame, ListFrame) and not (frame.constraints or frame.order_property)):
                continue
            of = graph.group if isinstance(frame, TableFrame) and frame.cls != cls else TARGET
            if of is None:
                continue
            if isinstance(frame, ListFrame):
                frame = replace(frame, among=state.group)
            said = c.tokens | frozenset(t for t, k in enumerate(scan.tokens) if k.norm in COUNT_WORDS)  # 'of the two'
            graph = replace(graph, where=(OneOf(of, state.group), *graph.where))
            kind: Kind = "list" if c.kind != "count" else c.kind
            english = f"{c.english}, among {among}"
            made = replace(c, kind=kind, graph=graph, english=english, frame=frame, tokens=said, cost=max(0.0, c.cost - 0.1))
            found["list" if isinstance(frame, ListFrame) else "table"].append(made)
        tables = [replace(c, mentions=frozenset(), links=()) for c in ranked(found["table"], named)]
        best = sorted([*ranked(found["list"], scan), *tables], key=by_score)[:2]
        return [replace(c, fit=c.fit + 0.25) for c in best]

    def _noun_of(self, scan: Scan, cls: Iri | None) -> Scan:
        """The ask with 'those' read as the noun of the things that are meant."""
        at = next((t for t in scan.tokens if t.norm in ("those", "these", "them", "they", "two")), None)
        if at is None or cls is None or any(n.iri == cls for _, n in scan.links("class")):
            return scan
        noun = Mention(at.start, at.end, (Link(cls, self.lexicon.label(cls), "class", 1.0, "from the conversation"),))
        return replace(scan, mentions=tuple(sorted((*scan.mentions, noun), key=lambda m: m.start)), glued=())

    def _remarks_among(self, scan: Scan, state: State) -> list[Candidate]:
        """What is said of each of the things of the last turn, best first."""
        anchors = tuple((-1, Link(g, self.lexicon.label(g), "entity", 0.95, "from the conversation")) for g in state.group[:5])
        found = []
        for anchor in anchors:
            for c in self.recall.about(scan, (anchor,)):
                found.append(replace(c, mentions=frozenset(), links=(), cost=0.0))
        best = ranked(found, scan)[:1]
        return [replace(c, fit=c.fit + 0.1, kind="remark") for c in best]

    def _facts_among(self, scan: Scan, state: State) -> list[Candidate]:
        """'who is behind them?': a fact of each of the things of the last turn."""
        if any(o.kind == "order" for o in scan.ops):
            return []  # one of them is asked for
        group = state.group[:MANY]
        facts = self.parser.facts
        named = [(j, p.iri, p.score) for j, p in scan.links("property") if p.iri in self.schema.properties]
        meant = next((near for g in group for near in [facts.sense.nearest(scan, (g,))] if near), [])
        found = []
        for j, prop, score in [*named, *((-1, p, s) for p, s in meant)]:
            holding = [g for g in group if self.parser.connections.holds(g, prop)]
            if len(holding) * 2 < len(group):
                continue
            frame = FactFrame(group, (prop,))
            tokens = facts.sense_tokens(scan, score if j < 0 else 0.0) | self.parser.grammar.spoken(scan, [prop])
            mentions = frozenset({j} - {-1})
            found.append(Candidate("fact", frame, facts.english(frame), facts.graph(frame), mentions, tokens, features={"sense": score}))
        done = "of each of them" if len(group) == len(state.group) else f"of the first {len(group)} of {len(state.group)}"
        return [replace(c, fit=c.fit + 0.1, edit=done) for c in ranked(found, scan)[:1]]

    def _narrow(self, scan: Scan, state: State, previous: Candidate) -> list[Candidate]:
        """'only maintained ones', 'without X': one more condition on the last list or recommendation."""
        frame = previous.frame
        if state.topic in state.wanted and state.topic is not None and not is_plural(scan):
            scan = resolve(scan, state, self.lexicon.label(state.topic)) if "it" in {t.norm for t in scan.tokens} else scan
        focus = self.revise.class_of(previous) if isinstance(frame, ListFrame) else self.schema.focus
        added = tuple(next(iter(self.parser.listing.choices(scan, -1, focus, TARGET)), ()))
        if isinstance(frame, ListFrame):
            added = (*added, *self._bounds(scan, frame, added))
        out = tuple(n.iri for _, n in self.parser.grammar.exclusions(scan, focus))
        added = tuple(c for c in added if not (c.wanted and c.wanted.iri in out))
        if not added and not out:
            return []
        if isinstance(frame, RecommendFrame):
            said = "".join(f", {c.english}" for c in added) + (f", without {join([self.lexicon.label(o) for o in out])}" if out else "")
            made = replace(frame, required=(*frame.required, *added), excluded=(*frame.excluded, *out))
            done = said.removeprefix(", ")
            return [replace(previous, frame=made, english=previous.english + said, fit=SURE if adds(scan) else 0.92, edit=done)]
        assert isinstance(frame, ListFrame)
        counted = True if scan.cues.count else False if scan.cues.listing else None
        narrowed = self.revise.narrowed(previous, added, out, counted)
        kind: Kind = "list" if narrowed.graph and not narrowed.graph.count else "count"
        used = frozenset().union(*(c.mentions for c in added))
        links = tuple((i, c.wanted) for c in added for i in c.mentions if c.wanted)
        fit = SURE if adds(scan) or not any(c.mentions for c in added) else 0.92
        return [replace(narrowed, kind=kind, fit=fit, mentions=used, scan=state.scan, links=links)]

    def _bounds(self, scan: Scan, frame: ListFrame, added: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
        """'and below 30?': a bare number bounds what the last question bounded."""
        told = frozenset().union(*(c.tokens for c in added))
        known = [c.property for c in frame.constraints if c.property and any(isinstance(p, Compare) for p in c.parts)]
        free = [o for o in scan.ops if o.kind == "compare" and o.value and not o.hints and not told & {o.first}] if known else []
        return tuple(
            self.parser.constrain.compare(TARGET, known[-1], o.sign, o.value, frozenset(range(o.first, o.last)), o.first) for o in free
        )

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
