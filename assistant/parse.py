"""From a scanned ask to candidate readings: every shape of question that its mentions and operators admit.

Candidates are built generously and cheaply; ``rank`` chooses. A constraint that cannot bind is never built, because
``connect`` asks the store which properties join the things that were named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, product

from assistant.connect import Connections
from assistant.constrain import Constrainer
from assistant.frames import (
    Candidate,
    CompareFrame,
    Constraint,
    FactFrame,
    ListFrame,
    ProfileFrame,
    SinceFrame,
    VerdictFrame,
)
from assistant.lexicon import Lexicon
from assistant.operators import Op
from assistant.remarks import stems_of
from assistant.scan import Scan
from assistant.semantic import PropertySense
from assistant.types import Edge, Exclude, IsA, Link, Mention, Node, OneOf, Or, Order, Part, QueryGraph, Var
from assistant.words import fold, join, plural
from graph.schema import PropertyInfo, Schema
from graph.terms import SKOS
from graph.types import Iri

TARGET = Var("x")
MAX_PRODUCT = 24  # combinations of links and paths tried for one target


class Parser:
    """Builds candidates for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, connections: Connections, sense: PropertySense) -> None:
        self.schema, self.lexicon, self.connections, self.sense = schema, lexicon, connections, sense
        self.constrain = Constrainer(schema, lexicon, connections)

    def candidates(self, scan: Scan) -> list[Candidate]:
        """All candidate readings of an ask but remarks and recommendations, which have their own rooms."""
        builders = (self.facts, self.lists, self.verdicts, self.since, self.profiles, self.comparisons)
        return [c for build in builders for c in build(scan)]

    def glue(self, scan: Scan) -> Scan:
        """Pair class nouns with the name that they stand behind: 'X framework' names X, 'async frameworks' a kind of framework."""
        pairs = []
        for i in range(len(scan.mentions) - 1):
            j = i + 1
            nouns = [n.iri for n in scan.mentions[j].links if n.kind == "class"]
            if nouns and self._adjacent(scan, i, j) and any(self._stands_behind(n, nouns) for n in scan.mentions[i].links[:2] if n.kind == "entity"):
                pairs.append((i, j))
        return replace(scan, glued=tuple(pairs))

    def _adjacent(self, scan: Scan, i: int, j: int) -> bool:
        a, b = max(scan.inside(i), default=-9), min(scan.inside(j), default=99)
        return b - a == 1 or (b - a == 2 and scan.tokens[a + 1].norm == "python")

    def _stands_behind(self, link: Link, nouns: list[Iri]) -> bool:
        return any(self._is_a(link.iri, cls) or self._classifies(link.iri, cls) for cls in nouns)

    def _classifies(self, thing: Iri, cls: Iri) -> bool:
        """Whether the thing is a value that things of the class point to."""
        return any(len(p) == 1 and not p[0].inverse for p in self.connections.to(cls, thing))

    def _names(self, scan: Scan, cls: Iri | None) -> frozenset[int]:
        """Class nouns that only repeat what a name is ('Flask framework'): no target."""
        return frozenset(
            j for i, j in scan.glued if any(n.kind == "class" and self._is_a(m.iri, n.iri) for n in scan.mentions[j].links for m in scan.mentions[i].links[:2])
        )  # fmt: skip

    # ------------------------------------------------------------ facts

    def facts(self, scan: Scan) -> Iterator[Candidate]:
        """property of thing: named by a word, or by the sense of the whole ask."""
        behind = {j for _, j in scan.glued}
        anchors = [(i, a) for i, a in scan.links("entity") if i not in behind]
        named = [*scan.links("property"), *self._by_range(scan)]
        for i, anchor in anchors[:8]:
            mine = [(j, p) for j, p in named if j != i]
            for j, p in mine:
                yield from self._fact(scan, ((i, anchor),), ((j, p),), 0.0)
            together = [(j, p) for j, p in mine if self.connections.holds(anchor.iri, p.iri)]
            firsts = {j: (j, p) for j, p in reversed(together)}
            if len(firsts) > 1:
                yield from self._fact(scan, ((i, anchor),), tuple(firsts[j] for j in sorted(firsts)), 0.0)
            for prop, score in self.sense.nearest(scan, (anchor.iri,)):
                link = Link(prop, self.lexicon.label(prop), "property", score, "meaning")
                yield from self._fact(scan, ((i, anchor),), ((-1, link),), 0.0)
        yield from self._who_and_when(scan, anchors)
        peers = self._peers(scan)
        if len(peers) > 1:
            for j, p in named:
                if j not in {i for i, _ in peers}:
                    yield from self._fact(scan, tuple(peers), ((j, p),), 0.0)

    def _by_range(self, scan: Scan) -> list[tuple[int, Link]]:
        """A class noun asks for the property whose values are of that class ('which category is X': category)."""
        found = []
        for i, link in scan.links("class"):
            for info in self.schema.properties.values():
                if link.iri != self.schema.focus and link.iri in info.objects and not any(n.iri == info.iri for n in scan.mentions[i].links) and info.headline is not None:
                    found.append((i, Link(info.iri, info.named.label, "property", link.score * 0.97, "range")))
        return found

    def _who_and_when(self, scan: Scan, anchors: list[tuple[int, Link]]) -> Iterator[Candidate]:
        """'who made it and when?': the nearest property of persons or things, and the nearest date."""
        if not (scan.cues.when and (scan.cues.who or scan.cues.where) and any(o.kind == "and" for o in scan.ops) or scan.cues.when and scan.cues.who):
            return
        for i, anchor in anchors[:3]:
            near = self.sense.nearest(scan, (anchor.iri,), 8)
            dates = [(p, s) for p, s in near if self.schema.properties[p].is_date]
            others = [(p, s) for p, s in near if not self.schema.properties[p].is_date]
            named = [(n.iri, n.score) for j, n in scan.links("property") if j != i and self.connections.holds(anchor.iri, n.iri)]
            others = [n for n in named if not self.schema.properties[n[0]].is_date] or others
            if dates and others:
                pair = tuple((-1, Link(p, self.lexicon.label(p), "property", max(s, 0.6), "meaning")) for p, s in (others[0], dates[0]))
                for made in self._fact(scan, ((i, anchor),), pair, -0.08):
                    yield replace(made, mentions=made.mentions | {j for j, n in scan.links("property") if n.iri == others[0][0]})

    def _fact(
        self, scan: Scan, anchors: tuple[tuple[int, Link], ...], props: tuple[tuple[int, Link], ...], cost: float
    ) -> Iterator[Candidate]:
        for inverse in (False, True):
            infos = [self.schema.properties.get(p.iri) for _, p in props]
            if any(info is None for info in infos) or (inverse and len(props) > 1):
                continue
            fits = all(self._may_have(a.iri, info, inverse) for _, a in anchors for info in infos if info)
            known = any(self.connections.holds(a.iri, p.iri, inverse) for _, a in anchors for _, p in props)
            meant = any(j < 0 for j, _ in props)
            if not (known or fits and not inverse and not meant):
                continue
            frame = FactFrame(tuple(a.iri for _, a in anchors), tuple(p.iri for _, p in props), inverse)
            used = frozenset(i for i, _ in (*anchors, *props) if i >= 0)
            sense = min((p.score for j, p in props if j < 0), default=1.0)
            yield Candidate(
                "fact", frame, self._fact_english(frame), self._fact_graph(frame), used, self._sense_tokens(scan, sense if meant else 0.0),
                tuple((i, n) for i, n in (*anchors, *props) if i >= 0), cost + (0.0 if known else 0.12) + (0.03 if inverse else 0.0),
                features={"sense": sense, "number": float(all(i.is_number for i in infos if i))},
            )  # fmt: skip

    def _may_have(self, thing: Iri, info: PropertyInfo, inverse: bool) -> bool:
        classes = info.objects if inverse else info.subjects
        return bool(self.lexicon.classes_of.get(thing, frozenset()) & classes)

    def _sense_tokens(self, scan: Scan, sense: float) -> frozenset[int]:
        """Words explained by the sense of the whole ask: all but names where the sense is near, none where it is far."""
        if sense < 0.5:
            return frozenset()
        names = [i for i, m in enumerate(scan.mentions) if m.best.kind in ("entity", "class", "value")]
        taken = set().union(*(scan.inside(i) for i in names)) if names else set()
        rest = [t for t in range(len(scan.tokens)) if t not in taken]
        return frozenset(rest)

    def _fact_english(self, frame: FactFrame) -> str:
        props = join([self.lexicon.label(p) for p in frame.properties])
        things = join([self.lexicon.label(a) for a in frame.anchors])
        return f"the things whose {props} is {things}" if frame.inverse else f"the {props} of {things}"

    def _fact_graph(self, frame: FactFrame) -> QueryGraph:
        names = [Var(_var_name(self.lexicon.label(p), n)) for n, p in enumerate(frame.properties)]
        start: Node = frame.anchors[0] if len(frame.anchors) == 1 else Var("thing")
        parts: list[Part] = [] if len(frame.anchors) == 1 else [OneOf(Var("thing"), frame.anchors)]
        for name, prop in zip(names, frame.properties, strict=True):
            parts.append(Edge(name, (prop,), start) if frame.inverse else Edge(start, (prop,), name))
        columns = (*(() if len(frame.anchors) == 1 else (Var("thing"),)), *names)
        return QueryGraph(names[0], tuple(parts), columns)

    # ------------------------------------------------------------ lists, counts, superlatives

    def lists(self, scan: Scan) -> Iterator[Candidate]:
        """The things of a class that meet every condition in the ask."""
        for at, cls, noun, cost in self._targets(scan):
            for chosen in self._choices(scan, at, cls, TARGET):
                yield from self._list(scan, at, cls, noun, chosen, cost)

    def _targets(self, scan: Scan) -> Iterator[tuple[int, Iri | None, str, float]]:
        """What may be asked for: each class that is named, else the dataset's own focus."""
        names = self._names(scan, None)
        classes = [(i, n) for i, n in scan.links("class") if i not in names]
        for rank, (i, link) in enumerate(classes[:4]):
            yield i, link.iri, link.label, 0.04 * rank + (0.0 if link.score > 0.95 else 0.05)
        focus = self.schema.focus
        if focus is not None and not any(n.iri == focus for _, n in classes):
            yield -1, focus, self.lexicon.label(focus), 0.06
        for cls in self._implied(scan):
            first = min((scan.first_token(i) for i, _ in scan.links("entity")), default=-1)
            asked = any(o.kind == "order" and o.last == first for o in scan.ops)
            yield -1, cls, self.lexicon.label(cls), -0.2 if asked else -0.02
        yield from self._peer_target(scan)

    def _implied(self, scan: Scan) -> tuple[Iri, ...]:
        """'the newest oil painting': a name that classes things asks for those things, when it comes before any class noun."""
        first = next(((i, n) for i, n in scan.links("entity") if n.score > 0.7), None)
        named = scan.links("class")
        focus = self.schema.focus
        if first is None or (focus and self._is_a(first[1].iri, focus)):
            return ()
        if (named and scan.first_token(named[0][0]) < scan.first_token(first[0])):
            return ()
        pointing = self.connections.pointing(first[1].iri)
        known = {n.iri for _, n in named}
        if focus in pointing:
            return (focus,) if named and focus not in known else ()
        return tuple(c for c in pointing if c not in known)[:1]

    def _peer_target(self, scan: Scan) -> Iterator[tuple[int, Iri | None, str, float]]:
        """'Which is younger, X or Y?' asks among the things named."""
        peers = self._peers(scan)
        if len(peers) > 1 and any(o.kind == "order" for o in scan.ops):
            cls = self._shared_class([n.iri for _, n in peers])
            if cls is not None:
                yield -2, cls, self.lexicon.label(cls), -0.1

    def _shared_class(self, things: list[Iri]) -> Iri | None:
        shared = frozenset.intersection(*(self.lexicon.classes_of.get(t, frozenset()) for t in things)) & set(self.schema.classes)
        return max(sorted(shared), key=lambda c: (c == self.schema.focus, -self.schema.classes[c].count), default=None)

    def _choices(self, scan: Scan, target: int, cls: Iri | None, node: Node, subject: int = -1) -> Iterator[tuple[Constraint, ...]]:
        """Each way to read the other mentions as conditions, most likely first."""
        levels = self._levels(scan)
        peers = {i for i, _ in self._peers(scan)} if target == -2 else set()
        hints = frozenset(n.iri for i, n in scan.links("property") if i != target)
        options: list[list[Constraint | None]] = []
        for i, mention in enumerate(scan.mentions):
            if i in (target, subject) or i in peers or self._excluded(scan, i) or self._compared(scan, i):
                continue
            if (subject, i) in scan.glued or (i in {j for _, j in scan.glued} and not any(n.kind == "property" for n in mention.links)):
                continue
            found = self._conditions(scan, i, mention, cls, node, levels, hints)
            if found:
                options.append([*found[:3]])
        ranges = [c for op in scan.ops if op.kind == "compare" for c in self._range(scan, op, cls, node)[:1]]
        for combo in islice(product(*options), MAX_PRODUCT):
            yield tuple([*self._unhinted([c for c in combo if c is not None]), *ranges])

    def _unhinted(self, combo: list[Constraint]) -> list[Constraint]:
        """A mention that names the property of another condition is no condition of its own."""
        return [c for c in combo if not any(c is not other and c.mentions < other.mentions for other in combo)]

    def _conditions(
        self, scan: Scan, i: int, mention: Mention, cls: Iri | None, node: Node, levels: tuple[int, Link] | None, hints: frozenset[Iri]
    ) -> list[Constraint]:
        negated = self._negated(scan, i)
        found: list[Constraint] = []
        repeated = any(n.kind == "class" and n.iri in (cls, self.schema.focus) for n in mention.links)
        for link in mention.links[:5]:
            if repeated and link.kind == "entity":
                continue  # 'framework' as a concept is not a condition on frameworks
            loss = (1.0 - link.score) * 0.3
            if link.kind == "entity":
                if self.constrain.is_feature(link.iri) and (cls is None or self._takes_levels(cls)):
                    covers = self._covers(levels[1]) if levels else None
                    made = self.constrain.feature(node, link, i, covers, negated)
                    found.append(replace(made, mentions=made.mentions | {k for k, _ in scan.links("level") if levels}, cost=made.cost + loss))
                    continue
                made_all = self.constrain.thing(node, cls, link, i, hints, negated) or self._through(scan, i, link, cls, hints, negated)
                if cls is not None and cls == self.schema.focus and self._is_a(link.iri, cls):  # framework to framework, unsaid how
                    made_all = [replace(c, cost=c.cost + (0.0 if c.property in hints or self._other_role(link, c, cls) else 0.2)) for c in made_all]
                used = self._hinting(scan, i, made_all)
                found += [replace(c, cost=c.cost + loss, mentions=c.mentions | used.get(c.property or link.iri, frozenset())) for c in made_all]
            elif link.kind == "value":
                found.append(replace(self.constrain.value(node, link, i, negated), cost=0.02 + loss))
            elif link.kind == "class" and cls is not None and link.iri != cls:
                found += self.constrain.other_class(node, cls, link, i, negated)
        return sorted(found, key=lambda c: c.cost)

    def _other_role(self, link: Link, c: Constraint, cls: Iri) -> bool:
        """Whether the property takes the thing as something else than one of the target's own kind."""
        other = self.lexicon.classes_of.get(link.iri, frozenset()) - {*self.schema.subclasses(cls)}
        return bool(c.property and c.property in self.schema.properties and self.schema.properties[c.property].objects & other)

    def _through(self, scan: Scan, i: int, link: Link, cls: Iri | None, hints: frozenset[Iri], negated: bool) -> list[Constraint]:
        """'artists with works in the hall': a thing that is out of the target's reach belongs to the class named before it."""
        for j, other in reversed(scan.links("class")):
            if j < i and other.iri != cls:
                made = self.constrain.thing(Var(f"c{j}"), other.iri, link, i, hints, negated)
                if made:
                    label = self.lexicon.label(other.iri)
                    return [replace(c, english=f"where the {label} is one {_that(c.english)}", cost=c.cost + 0.02) for c in made]
        return []

    def _hinting(self, scan: Scan, i: int, made: list[Constraint]) -> dict[Iri, frozenset[int]]:
        """Property mentions that a path's property explains ('licensed' in 'licensed under MIT')."""
        named: dict[Iri, set[int]] = {}
        for j, link in scan.links("property"):
            if j != i:
                named.setdefault(link.iri, set()).add(j)
        return {c.property: frozenset(named[c.property]) for c in made if c.property in named}

    def _takes_levels(self, cls: Iri) -> bool:
        return any(cls in p.subjects or not p.subjects for p in self.schema.levels.values())

    def _levels(self, scan: Scan) -> tuple[int, Link] | None:
        return next(iter(scan.links("level")), None)

    def _covers(self, link: Link) -> tuple[Iri, ...]:
        return next(w.covers for w in self.schema.level_words if w.named.iri == link.iri)

    def _negated(self, scan: Scan, i: int) -> bool:
        """A negation reaches to the end of its clause: to 'and', 'but' or the next mention's own operator."""
        first, negative = scan.first_token(i), False
        for op in scan.ops:
            if op.first >= first:
                break
            if op.kind == "not":
                negative = not negative if negative and op.first == 0 else True
            elif op.kind in ("and", "but") and negative and self._between(scan, op, first):
                negative = False
        return negative and not (scan.cues.yes_no and self._opening_not(scan, first))

    def _between(self, scan: Scan, op: Op, first: int) -> bool:
        """Whether a mention stands between the negation and this conjunction (so the negation has had its object)."""
        starts = [o.last for o in scan.ops if o.kind == "not" and o.last <= op.first]
        return any(starts and starts[-1] <= scan.first_token(j) < op.first for j in range(len(scan.mentions)))

    def _opening_not(self, scan: Scan, first: int) -> bool:
        """'Doesn't it have X?' asks whether it has X."""
        nots = [o.first for o in scan.ops if o.kind == "not" and o.first < first]
        return bool(nots) and nots[0] <= 1

    def _excluded(self, scan: Scan, i: int) -> bool:
        """'other than X', 'except X', and a thing of the target's own kind behind 'not' or 'without'."""
        first = scan.first_token(i)
        return any(o.kind == "exclude" and o.last <= first <= o.last + 5 for o in scan.ops)

    def _compared(self, scan: Scan, i: int) -> bool:
        first = scan.first_token(i)
        return any(o.kind == "compare" and not o.value and o.last == first for o in scan.ops)

    def _exclusions(self, scan: Scan, cls: Iri | None) -> tuple[tuple[int, Link], ...]:
        found = []
        for i, link in scan.links("entity"):
            negative = self._excluded(scan, i) or (self._negated(scan, i) and cls is not None and self._is_a(link.iri, cls))
            if negative and not any(i == j for j, _ in found):
                found.append((i, link))
        return tuple(found)

    def _is_a(self, thing: Iri, cls: Iri) -> bool:
        return self.lexicon.is_a(thing, *self.schema.subclasses(cls))

    def _list(self, scan: Scan, at: int, cls: Iri | None, noun: str, chosen: tuple[Constraint, ...], cost: float) -> Iterator[Candidate]:
        parts: list[Part] = [IsA(TARGET, self.schema.subclasses(cls))] if cls else []
        out = self._exclusions(scan, cls)
        gone = {i for i, _ in out}
        kept = tuple(c for c in chosen if not (c.negated and c.mentions & gone))
        any_of = self._any_of(scan, kept)
        parts += _combined(scan, kept)
        peers = self._peers(scan) if at == -2 else []
        if peers:
            parts.insert(0, OneOf(TARGET, tuple(n.iri for _, n in peers)))
            gone |= {i for i, _ in peers}
        if out:
            parts.append(Exclude(TARGET, tuple(n.iri for _, n in out)))
        order, ordered_by, tokens = self._order(scan, cls)
        used = frozenset({at} - {-1, -2}).union(gone, *(c.mentions for c in kept))
        tokens = tokens.union(*(c.tokens for c in kept)) if kept else tokens
        columns: tuple[Var, ...] = (TARGET,)
        if order and ordered_by:
            parts.append(Edge(TARGET, (ordered_by.iri,), order.var))
            columns = (TARGET, order.var)
        limit = next((o.limit for o in scan.ops if o.kind == "order"), None)
        frame = ListFrame(
            noun, cls, kept, ordered_by.iri if ordered_by else None, bool(order and order.descending), limit, any_of,
            tuple(n.iri for _, n in peers), _said(scan, kept),
        )  # fmt: skip
        graph = QueryGraph(TARGET, tuple(parts), columns, count=scan.cues.count and order is None, order=order)
        links = ((at, Link(cls, noun, "class", 1.0)),) if at >= 0 and cls else ()
        said = self.list_english(frame, tuple(n.label for _, n in out)) + (f", among {join([n.label for _, n in peers])}" if peers else "")
        total = cost + sum(c.cost for c in kept)
        if not kept and not order and (scan.cues.define or not (scan.cues.listing or scan.cues.count)):
            total += 0.3
        tokens = tokens | self._spoken(scan, [c.property for c in kept if c.property])
        yield Candidate(
            "count" if graph.count else "list", frame, said, graph, used, tokens,
            (*links, *((i, c.wanted) for c in kept for i in c.mentions if c.wanted), *out), total,
        )  # fmt: skip

    def _spoken(self, scan: Scan, properties: Iterable[Iri]) -> frozenset[int]:
        """Words that the properties themselves are told with ('runs under', 'renders')."""
        infos = [self.schema.property(p) for p in properties]
        stems = {s for i in infos for t in (i.named.label, *i.named.aliases, i.statement, i.named.comment) for s in stems_of(t)}
        return frozenset(t for t, token in enumerate(scan.tokens) if token.stem in stems)

    def list_english(self, frame: ListFrame, out: tuple[str, ...] = ()) -> str:
        """'frameworks whose licence is MIT and that have WebSockets, oldest first'."""
        said = plural(frame.noun)
        if frame.constraints:
            said += " " + (frame.said or join([_that(c.english) for c in frame.constraints], "or" if frame.any_of else "and"))
        if out:
            said += f", other than {join(list(out))}"
        if frame.order_property:
            end = "highest" if frame.descending else "lowest"
            said += f", by {end} {self.lexicon.label(frame.order_property)}"
        return said

    def _any_of(self, scan: Scan, kept: tuple[Constraint, ...]) -> bool:
        positive = [c for c in kept if c.mentions and not c.negated]
        groups = _groups(scan, kept)
        return len(positive) == len(kept) > 1 and len(groups) == 1

    # ------------------------------------------------------------ ordered properties

    def _ordered_property(self, scan: Scan, op: Op, cls: Iri | None, date: bool | None) -> PropertyInfo | None:
        """The property that an operator speaks of: by the ontology's own word, a named property, a hint, or the only one."""
        pool = [p for p in self.schema.properties.values() if p.ordered and (cls is None or cls in p.subjects or not p.subjects)]
        pool = [p for p in pool if date is None or p.is_date == date or (date and not any(q.is_date for q in pool))]
        words = fold(op.adjective)
        own = [p for p in pool if words and words in {fold(w) for w in (*p.low, *p.high)}]
        named = [p for i, n in scan.links("property") for p in pool if p.iri == n.iri]
        hinted = [p for h in op.hints for p in pool if h in fold(f"{p.named.label} {' '.join(p.named.aliases)}").split()]
        headline = sorted((p for p in pool if p.headline is not None), key=lambda p: (p.headline or 0, p.iri))
        dated = bool(op.value) or bool({"date", "year"} & set(op.hints))  # 'faster' is not 'newer': no property, no order
        rest = [*headline, *(pool if len(pool) == 1 else [])] if dated or not op.hints else []
        return next(iter([*named, *own, *hinted, *rest]), None)

    def _order(self, scan: Scan, cls: Iri | None) -> tuple[Order | None, PropertyInfo | None, frozenset[int]]:
        op = next((o for o in scan.ops if o.kind == "order"), None)
        prop = self._ordered_property(scan, op, cls, None) if op else None
        if op is None or prop is None:
            return None, None, frozenset()
        descending = op.sign == ">"
        if fold(op.adjective) in {fold(w) for w in prop.low}:
            descending = False
        elif fold(op.adjective) in {fold(w) for w in prop.high}:
            descending = True
        named = frozenset().union(*(scan.inside(i) for i, n in scan.links("property") if n.iri == prop.iri))
        return Order(Var(_var_name(prop.named.label, 0)), descending), prop, frozenset(range(op.first, op.last)) | named

    def _range(self, scan: Scan, op: Op, cls: Iri | None, node: Node) -> list[Constraint]:
        year = bool(op.value) and all(len(v) == 4 and v.isdigit() for v in op.value.split())
        prop = self._ordered_property(scan, op, cls, True if year or not op.value else None)
        tokens = frozenset(range(op.first, op.last))
        if prop is None:
            return []
        named = frozenset().union(*(scan.inside(i) for i, n in scan.links("property") if n.iri == prop.iri))
        if op.value:
            sign = {">": "<", "<": ">"}.get(op.sign, op.sign) if op.adjective in ("older", "earlier") and False else op.sign
            return [self.constrain.compare(node, prop.iri, sign, op.value, tokens | named, op.first)]
        for i, link in scan.links("entity"):
            if scan.first_token(i) == op.last:
                made = self.constrain.compare_with(node, prop.iri, op.sign, link, tokens | named, op.first)
                return [replace(made, mentions=frozenset({i}))]
        return []

    # ------------------------------------------------------------ yes or no

    def verdicts(self, scan: Scan) -> Iterator[Candidate]:
        """Whether a thing meets the conditions."""
        focus = self.schema.focus
        central = any(focus and self._is_a(n.iri, focus) and n.score > 0.7 for _, n in scan.links("entity"))
        behind = {j for _, j in scan.glued}
        for i, subject in scan.links("entity")[:8]:
            if self.constrain.is_feature(subject.iri) or i in behind:
                continue
            if central and focus and not self._is_a(subject.iri, focus):
                continue
            for cls in sorted(self.lexicon.classes_of.get(subject.iri, frozenset()) & set(self.schema.classes))[:3]:
                if cls == SKOS.Concept:
                    continue
                for chosen in islice(self._choices(scan, -1, cls, subject.iri, subject=i), 6):
                    if chosen:
                        yield self._verdict(scan, i, subject, chosen)

    def _verdict(self, scan: Scan, i: int, subject: Link, chosen: tuple[Constraint, ...]) -> Candidate:
        any_of = self._any_of(scan, chosen)
        graph = QueryGraph(TARGET, tuple(_combined(scan, chosen)), ask=True)
        said = f"whether {subject.label} is one {join([_that(c.english) for c in chosen], 'or' if any_of else 'and')}"
        return Candidate(
            "yes-no", VerdictFrame(subject.iri, chosen, any_of), said, graph,
            frozenset({i}).union(*(c.mentions for c in chosen)),
            frozenset().union(*(c.tokens for c in chosen)) | self._spoken(scan, [c.property for c in chosen if c.property]),
            ((i, subject), *((j, c.wanted) for c in chosen for j in c.mentions if c.wanted)), sum(c.cost for c in chosen) + (1 - subject.score) * 0.3,
        )  # fmt: skip

    # ------------------------------------------------------------ since when, what is, beside each other

    def since(self, scan: Scan) -> Iterator[Candidate]:
        """Since which version or date a thing has a feature."""
        if not scan.cues.when:
            return
        focus = self.schema.focus
        for i, subject in scan.links("entity"):
            for j, feature in scan.links("entity"):
                if i != j and focus and self._is_a(subject.iri, focus) and not self._is_a(feature.iri, focus):
                    words = {"when", "since", "version", "first", "got", "added", "introduced", "native", "get", "gain", "date", "year"}
                    tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in words)
                    level = frozenset(k for k, _ in scan.links("level"))
                    said = f"since when {subject.label} has {feature.label}"
                    cost = (2 - subject.score - feature.score) * 0.3 + (0.0 if self.constrain.is_feature(feature.iri) else 0.03)
                    cost += 0.0 if self.connections.qualified(subject.iri, feature.iri) else 0.15
                    yield Candidate("fact", SinceFrame(subject.iri, feature.iri), said, None, frozenset({i, j}) | level, tokens, ((i, subject), (j, feature)), cost)

    def profiles(self, scan: Scan) -> Iterator[Candidate]:
        """What one thing is."""
        behind = {j for _, j in scan.glued}
        for i, link in scan.links("entity", "class", "property", "level"):
            if i in behind:
                continue
            kind = "definition" if not self._has_headlines(link.iri) else "fact"
            said = f"what {link.label} is"
            yield Candidate(
                "definition" if scan.cues.define and kind == "definition" else "definition" if kind == "definition" else "fact",
                ProfileFrame(link.iri, kind == "definition"), said, None, frozenset({i}), frozenset(), ((i, link),),
                0.05 + (1 - link.score) * 0.3 + (0.0 if link.kind == "entity" else 0.04),
            )  # fmt: skip

    def _has_headlines(self, thing: Iri) -> bool:
        classes = self.lexicon.classes_of.get(thing, frozenset())
        return any(p.headline is not None and p.subjects & classes for p in self.schema.properties.values())

    def _peers(self, scan: Scan) -> list[tuple[int, Link]]:
        """Things of one class named side by side, one link a mention."""
        groups: dict[Iri, dict[int, Link]] = {}
        cues = scan.cues
        nouns = [i for i, _ in scan.links("entity") if self._is_noun(scan, i)]
        side_by_side = (cues.compare or cues.difference or cues.either) and len(set(nouns)) > 1
        behind = {j for _, j in scan.glued}
        for i, link in scan.links("entity"):
            if i in behind or link.score < 0.7 or (self._is_noun(scan, i) and not side_by_side):
                continue
            for cls in self.lexicon.classes_of.get(link.iri, frozenset()):
                groups.setdefault(cls, {}).setdefault(i, link)
        if not groups:
            return []
        focus = self.schema.focus
        best = max(sorted(groups), key=lambda c: (len(groups[c]) > 1 and c == focus, len({n.iri for n in groups[c].values()})))
        chosen: dict[Iri, tuple[int, Link]] = {}
        for i, link in groups[best].items():
            chosen.setdefault(link.iri, (i, link))
        return sorted(chosen.values(), key=lambda p: p[0])

    def _is_noun(self, scan: Scan, i: int) -> bool:
        """Whether a name is also the noun of a class ('framework'): a thing of its own only beside another such."""
        return any(n.kind == "class" for n in scan.mentions[i].links)

    def _named(self, scan: Scan) -> list[tuple[int, Link]]:
        """All things named, of whatever class, one a mention; a class noun may stand for the concept of its name."""
        behind = {j for _, j in scan.glued}
        found: dict[int, Link] = {}
        for i, link in scan.links("entity"):
            if i not in behind and link.score >= 0.7:
                found.setdefault(i, link)
        distinct = {n.iri: (i, n) for i, n in found.items()}
        return sorted(distinct.values(), key=lambda p: p[0])

    def comparisons(self, scan: Scan) -> Iterator[Candidate]:
        """Two to five things of one kind beside each other, perhaps in one respect."""
        peers = self._peers(scan)
        if len(peers) < 2 and (scan.cues.compare or scan.cues.difference):
            peers = self._named(scan)
        if len(peers) < 2:
            return
        subjects = tuple(n.iri for _, n in peers[:5])
        used = frozenset(i for i, _ in peers[:5])
        focus = tuple((i, n) for i, n in self._foci(scan, used))
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in _COMPARING)
        said = f"how {join([n.label for _, n in peers[:5]])} differ" + (f" in {join([n.label for _, n in focus])}" if focus else "")
        frame = CompareFrame(subjects, tuple(n.iri for _, n in focus), "better" in scan.text.lower())
        yield Candidate("comparison", frame, said, None, used | {i for i, _ in focus}, tokens, (*peers[:5], *focus), 0.0)

    def _foci(self, scan: Scan, used: frozenset[int]) -> Iterable[tuple[int, Link]]:
        seen: set[int] = set()
        for i, link in scan.links("property", "entity", "aspect"):
            feature = link.kind != "entity" or self.constrain.is_feature(link.iri)
            if i not in used and i not in seen and feature:
                seen.add(i)
                yield i, link


_COMPARING = frozenset(
    """vs versus compare comparing comparison compared difference differences differ different between better or than over against
    distinction apart similar same alternatives alternative pros cons""".split()
)


def _combined(scan: Scan, chosen: tuple[Constraint, ...]) -> list[Part]:
    """The parts of all conditions; those that an 'or' joins become one alternative."""
    parts: list[Part] = []
    for group in _groups(scan, chosen):
        negative = any(c.negated for c in group)
        if len(group) > 1 and not negative:
            parts.append(Or(tuple(c.parts for c in group)))
        else:
            parts += [p for c in group for p in c.parts]
    return parts


def _groups(scan: Scan, chosen: tuple[Constraint, ...]) -> list[list[Constraint]]:
    """Conditions in the order of the text, those on both sides of an 'or' together."""

    def place(c: Constraint) -> int:
        own = [i for i in c.mentions if scan.inside(i) and c.wanted and any(n.iri == c.wanted.iri for n in scan.mentions[i].links)]
        return min([scan.first_token(i) for i in own] or [scan.first_token(i) for i in c.mentions if scan.inside(i)] + list(c.tokens), default=99)

    ordered = sorted(chosen, key=place)
    groups: list[list[Constraint]] = []
    for c in ordered:
        between = [o for o in scan.ops if o.kind == "or" and groups and place(groups[-1][-1]) < o.first < place(c)]
        broken = any(o.kind in ("and", "but") and groups and place(groups[-1][-1]) < o.first < place(c) for o in scan.ops)
        if between and not broken:
            groups[-1].append(c)
        else:
            groups.append([c])
    return groups


def _said(scan: Scan, kept: tuple[Constraint, ...]) -> str:
    """The conditions in words, grouped as the query groups them."""
    return join([join([_that(c.english) for c in g], "and" if any(c.negated for c in g) else "or") for g in _groups(scan, kept)])


def _that(english: str) -> str:
    return english if english.startswith(("whose", "that", "with")) else f"that {english}"


def _var_name(label: str, n: int) -> str:
    words = "".join(w.title() if i else w.lower() for i, w in enumerate(label.split()))
    name = "".join(c for c in words if c.isascii() and c.isalnum())
    return (name if name and not name[0].isdigit() and name != "x" else "value") + (str(n) if n else "")
