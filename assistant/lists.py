"""Candidates for lists, counts and superlatives: the things of a class that meet every condition in the ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, pairwise, product
from types import MappingProxyType

from assistant.frames import Candidate, Constraint, ListFrame
from assistant.grammar import PARTED, Builder, combined, groups_of, said_of, that, var_name
from assistant.operators import DATED, Op
from assistant.scan import Scan
from assistant.types import Edge, Exclude, IsA, Link, Maybe, Mention, Node, OneOf, Order, Part, QueryGraph, Var
from assistant.words import COUNT_WORDS, fold, join, plural
from graph.schema import PropertyInfo
from graph.types import Iri

TARGET = Var("x")
_BESIDE = frozenset("their its respective known together along including".split())
MAX_PRODUCT = 24  # combinations of links and paths tried for one target


class ListBuilder(Builder):
    """Builds list candidates for one opened graph."""

    def lists(self, scan: Scan) -> Iterator[Candidate]:
        """The things of a class that meet every condition in the ask."""
        for at, cls, noun, cost in self._targets(scan):
            beside = self._columns(scan, at, cls) if cls is not None and not any(o.kind == "order" for o in scan.ops) else {}
            for chosen in self.choices(scan, at, cls, TARGET, skip=frozenset(beside)):
                yield from self.listed(scan, at, cls, noun, chosen, cost, beside)

    def _targets(self, scan: Scan) -> Iterator[tuple[int, Iri | None, str, float]]:
        """What may be asked for: each class that is named, else the dataset's own focus."""
        names = self.grammar.names(scan, None)
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
        if first is None or (focus and self.grammar.is_a(first[1].iri, focus)):
            return ()
        if named and scan.first_token(named[0][0]) < scan.first_token(first[0]):
            return ()
        pointing = self.connections.pointing(first[1].iri)
        known = {n.iri for _, n in named}
        if focus in pointing:
            return (focus,) if named and focus not in known else ()
        return tuple(c for c in pointing if c not in known)[:1]

    def _peer_target(self, scan: Scan) -> Iterator[tuple[int, Iri | None, str, float]]:
        """'Which is younger, X or Y?' asks among the things named."""
        peers = self.grammar.peers(scan)
        if len(peers) > 1 and any(o.kind == "order" for o in scan.ops):
            cls = self.grammar.shared_class([n.iri for _, n in peers])
            if cls is not None:
                yield -2, cls, self.lexicon.label(cls), -0.1

    def choices(self, scan: Scan, target: int, cls: Iri | None, node: Node, subject: int = -1, skip: frozenset[int] = frozenset(),
        ranges: bool = True) -> Iterator[tuple[Constraint, ...]]:  # fmt: skip
        """Each way to read the other mentions (but those to ``skip``) as conditions, most likely first."""
        levels = self.grammar.levels(scan)
        peers = {i for i, _ in self.grammar.peers(scan)} if target == -2 else set()
        hints = frozenset(n.iri for i, n in scan.links("property") if i != target)
        same = self._same(scan, node)
        alike = same.mentions if same else frozenset()
        options: list[list[Constraint | None]] = []
        for i, mention in enumerate(scan.mentions):
            if i in (target, subject) or i in peers or i in skip or self.grammar.excluded(scan, i) or self.grammar.compared(scan, i):
                continue
            if (subject, i) in scan.glued or (i in {j for _, j in scan.glued} and not any(n.kind == "property" for n in mention.links)):
                continue
            if i in alike:
                continue
            found = self._conditions(scan, i, mention, cls, node, levels, hints)
            if found:
                options.append([*found[:3]])
        limits = [c for op in scan.ops if op.kind == "compare" and ranges for c in self._range(scan, op, cls, node)[:1]]
        limits += [same] if same else []
        for combo in islice(product(*options), MAX_PRODUCT):
            yield (*self._unhinted([c for c in combo if c is not None]), *limits)

    def _same(self, scan: Scan, node: Node) -> Constraint | None:
        """'the same P as X'."""
        words = [t.norm for t in scan.tokens]
        if "same" not in words or not isinstance(node, Var):
            return None
        at = words.index("same")
        props = [(i, n) for i, n in scan.links("property") if at < scan.first_token(i) <= at + 2 and n.iri in self.schema.properties]
        things = [(i, n) for i, n in scan.links("entity") if scan.first_token(i) > at and n.score > 0.7 and (not props or i != props[0][0])]
        if not props or not things or "as" not in words[at:]:
            return None
        (i, prop), (j, thing) = props[0], things[0]
        return self.constrain.same(node, prop, thing, frozenset({i, j}), frozenset({at}))

    def _unhinted(self, combo: list[Constraint]) -> list[Constraint]:
        """A mention that names the property of another condition is no condition of its own."""
        return [c for c in combo if not any(c is not other and c.mentions < other.mentions for other in combo)]

    def _conditions(
        self, scan: Scan, i: int, mention: Mention, cls: Iri | None, node: Node, levels: tuple[int, Link] | None, hints: frozenset[Iri]
    ) -> list[Constraint]:
        negated = self.grammar.negated(scan, i)
        found: list[Constraint] = []
        counted = self._counted(scan, i, mention, cls, node)
        if counted:
            return counted
        repeated = any(n.kind == "class" and n.iri in (cls, self.schema.focus) for n in mention.links)
        for link in mention.links[:5]:
            if repeated and link.kind == "entity":
                continue  # 'framework' as a concept is not a condition on frameworks
            loss = (1.0 - link.score) * 0.3
            if link.kind == "entity":
                if self.constrain.is_feature(link.iri) and self._by_level(cls, link.iri):
                    covers = self.grammar.covers(levels[1]) if levels else None
                    made = self.constrain.feature(node, link, i, covers, negated)
                    found.append(
                        replace(made, mentions=made.mentions | {k for k, _ in scan.links("level") if levels}, cost=made.cost + loss)
                    )
                    continue
                made_all = self.constrain.thing(node, cls, link, i, hints, negated) or self._through(scan, i, link, cls, hints, negated)
                if cls is not None and cls == self.schema.focus and self.grammar.is_a(link.iri, cls):  # framework to framework, unsaid how
                    made_all = [
                        replace(c, cost=c.cost + (0.0 if c.property in hints or self._other_role(link, c, cls) else 0.2)) for c in made_all
                    ]
                used = self._hinting(scan, i, made_all)
                found += [
                    replace(c, cost=c.cost + loss, mentions=c.mentions | used.get(c.property or link.iri, frozenset())) for c in made_all
                ]
            elif link.kind == "value":
                found.append(replace(self.constrain.value(node, link, i, negated), cost=0.02 + loss))
            elif link.kind == "class" and cls is not None and link.iri != cls:
                found += self.constrain.other_class(node, cls, link, i, negated)
        return sorted(found, key=lambda c: c.cost)

    def _by_level(self, cls: Iri | None, feature: Iri) -> bool:
        """Whether the things of a class have features at levels; others point to what they add by a property."""
        if cls is None or cls == self.schema.focus:
            return True
        plain = any(len(p) == 1 and p[0].property in self.schema.properties for p in self.connections.to(cls, feature))
        return self.grammar.takes_levels(cls) and not plain

    def _counted(self, scan: Scan, i: int, mention: Mention, cls: Iri | None, node: Node) -> list[Constraint]:
        """'zero dependencies': a number straight before the name of a property that counts."""
        before = scan.first_token(i) - 1
        word = scan.tokens[before].norm if before >= 0 else ""
        value = "0" if word in ("zero", "no") else str(COUNT_WORDS.get(word, word))
        if not value.isdigit():
            return []
        numeric = [n for n in mention.links if n.kind == "property" and self._counts(n.iri, cls)]
        made = [self.constrain.compare(node, n.iri, "=", value, frozenset({before}), before) for n in numeric[:1]]
        return [replace(c, mentions=frozenset({i})) for c in made]

    def _counts(self, prop: Iri, cls: Iri | None) -> bool:
        info = self.schema.properties.get(prop)
        return info is not None and info.is_number and (cls is None or cls in info.subjects)

    def _other_role(self, link: Link, c: Constraint, cls: Iri) -> bool:
        """Whether the property takes the thing as something else than one of the target's own kind."""
        other = self.lexicon.classes_of.get(link.iri, frozenset()) - {*self.schema.subclasses(cls)}
        return bool(
            not c.inverse and c.property and c.property in self.schema.properties and self.schema.properties[c.property].objects & other
        )

    def _through(self, scan: Scan, i: int, link: Link, cls: Iri | None, hints: frozenset[Iri], negated: bool) -> list[Constraint]:
        """'artists with works in the hall': a thing that is out of the target's reach belongs to the class named before it."""
        for j, other in reversed(scan.links("class")):
            if j < i and other.iri != cls:
                made = self.constrain.thing(Var(f"c{j}"), other.iri, link, i, hints, negated)
                if made:
                    label = self.lexicon.label(other.iri)
                    return [replace(c, english=f"where the {label} is one {that(c.english)}", cost=c.cost + 0.02) for c in made]
        return []

    def _hinting(self, scan: Scan, i: int, made: list[Constraint]) -> dict[Iri, frozenset[int]]:
        """Property mentions that a path's property explains ('licensed' in 'licensed under MIT')."""
        named: dict[Iri, set[int]] = {}
        for j, link in scan.links("property"):
            if j != i:
                named.setdefault(link.iri, set()).add(j)
        return {c.property: frozenset(named[c.property]) for c in made if c.property in named}

    def listed(self, scan: Scan, at: int, cls: Iri | None, noun: str, chosen: tuple[Constraint, ...], cost: float,
        beside: Mapping[int, PropertyInfo] = MappingProxyType({})) -> Iterator[Candidate]:  # fmt: skip
        parts: list[Part] = [IsA(TARGET, self.schema.subclasses(cls))] if cls else []
        out = self.grammar.exclusions(scan, cls)
        gone = {i for i, _ in out}
        kept = tuple(c for c in chosen if not (c.negated and c.mentions & gone))
        any_of = self.any_of(scan, kept)
        parts += combined(scan, kept)
        peers = self.grammar.peers(scan) if at == -2 else []
        if peers:
            parts.insert(0, OneOf(TARGET, tuple(n.iri for _, n in peers)))
            gone |= {i for i, _ in peers}
        if out:
            parts.append(Exclude(TARGET, tuple(n.iri for _, n in out)))
        order, ordered_by, tokens = self.order(scan, cls)
        if at == -2 and order is None:
            return  # things side by side without an order that is known: nothing to list
        used = frozenset({at} - {-1, -2}).union(gone, *(c.mentions for c in kept))
        tokens = tokens.union(*(c.tokens for c in kept)) if kept else tokens
        columns: tuple[Var, ...] = (TARGET,)
        if order and ordered_by:
            parts.append(Edge(TARGET, (ordered_by.iri,), order.var))
            columns = (TARGET, order.var)
        limit = next((o.limit for o in scan.ops if o.kind == "order"), None)
        for i, info in beside.items():
            parts.append(Maybe((Edge(TARGET, (info.iri,), Var(var_name(info.named.label, i + 1))),)))
        columns += tuple(Var(var_name(info.named.label, i + 1)) for i, info in beside.items())
        used |= frozenset(beside)
        offset = next((o.offset for o in scan.ops if o.kind == "order"), 0)
        frame = ListFrame(
            noun, cls, kept, ordered_by.iri if ordered_by else None, bool(order and order.descending), limit, any_of,
            tuple(n.iri for _, n in peers), said_of(scan, kept), offset, scan.cues.exists, tuple(info.iri for info in beside.values()),
        )  # fmt: skip
        graph = QueryGraph(TARGET, tuple(parts), columns, count=scan.cues.count and order is None, order=order)
        links = ((at, Link(cls, noun, "class", 1.0)),) if at >= 0 and cls else ()
        said = self.list_english(frame, tuple(n.label for _, n in out)) + (f", among {join([n.label for _, n in peers])}" if peers else "")
        total = cost + sum(c.cost for c in kept)
        if not kept and not order and (scan.cues.define or not (scan.cues.listing or scan.cues.count)):
            total += 0.3
        tokens = tokens | self.grammar.spoken(scan, [c.property for c in kept if c.property])
        yield Candidate(
            "count" if graph.count else "list", frame, said, graph, used, tokens,
            (*links, *((i, c.wanted) for c in kept for i in c.mentions if c.wanted), *out), total,
        )  # fmt: skip

    def _columns(self, scan: Scan, at: int, cls: Iri) -> dict[int, PropertyInfo]:
        """Properties asked for beside the things: 'the P and Q of all X', 'X with their P'. By mention."""
        own = {*self.schema.subclasses(cls)}
        infos: dict[int, PropertyInfo] = {}
        for i, link in scan.links("property"):
            info = self.schema.properties.get(link.iri)
            if i != at and i not in infos and info is not None and info.subjects & own:
                infos[i] = info
        order = sorted(infos)
        found = {i for i in order if self._asked_beside(scan, i, own)}
        for a, b in [*pairwise(order), *((b, a) for a, b in pairwise(order[::-1]))]:  # conjoined with one that is asked for
            if found & {a, b} and PARTED.fullmatch(scan.question[scan.mentions[a].end : scan.mentions[b].start]):
                found |= {a, b}
        return {i: infos[i] for i in order if i in found}

    def _asked_beside(self, scan: Scan, i: int, own: set[Iri]) -> bool:
        """'their licence', 'the homepage of all X': what stands before it or behind it says that it is asked for."""
        first, after = scan.first_token(i), max(scan.inside(i), default=-1) + 1
        words = [t.norm for t in scan.tokens]
        classes = [scan.first_token(j) for j, n in scan.links("class") if j != i and n.iri in own]
        classes += [scan.first_token(j) for j, n in scan.links("entity") if j != i and own & set(self.connections.pointing(n.iri))]
        of_things = words[after : after + 1] == ["of"] and any(after < c <= after + 4 for c in classes)
        return bool(set(words[max(0, first - 2) : first]) & _BESIDE) or of_things

    def list_english(self, frame: ListFrame, out: tuple[str, ...] = ()) -> str:
        """'frameworks whose licence is MIT and that have WebSockets, oldest first'."""
        said = plural(frame.noun)
        if frame.constraints:
            said += " " + (frame.said or join([that(c.english) for c in frame.constraints], "or" if frame.any_of else "and"))
        if out:
            said += f", other than {join(list(out))}"
        if frame.order_property:
            ends = ("latest", "earliest") if self.schema.property(frame.order_property).is_date else ("highest", "lowest")
            end = ends[not frame.descending]
            said += f", by {end} {self.lexicon.label(frame.order_property)}"
        if frame.columns:
            said += f", with their {join([self.lexicon.label(p) for p in frame.columns])}"
        return said

    def any_of(self, scan: Scan, kept: tuple[Constraint, ...]) -> bool:
        positive = [c for c in kept if c.mentions and not c.negated]
        groups = groups_of(scan, kept)
        return len(positive) == len(kept) > 1 and len(groups) == 1

    def _ordered_property(self, scan: Scan, op: Op, cls: Iri | None, date: bool | None) -> PropertyInfo | None:
        """The property that an operator speaks of: by the ontology's own word, a named property, a hint, or the only one."""
        pool = [p for p in self.schema.properties.values() if p.ordered and (cls is None or cls in p.subjects or not p.subjects)]
        pool = [p for p in pool if date is None or p.is_date == date or (date and not any(q.is_date for q in pool))]
        words = fold(op.adjective)
        own = [p for p in pool if words and words in {fold(w) for w in (*p.low, *p.high)}]
        named = [p for i, n in scan.links("property") for p in pool if p.iri == n.iri]
        hinted = [p for h in op.hints for p in pool if h in fold(f"{p.named.label} {' '.join(p.named.aliases)}").split()]
        headline = sorted((p for p in pool if p.headline is not None), key=lambda p: (p.headline or 0, p.iri))
        yearly = bool(op.value) and all(len(v) == 4 and v.isdecimal() for v in op.value.split())
        dated = yearly or bool({"date", "year"} & set(op.hints))  # 'faster' is not 'newer': no property, no order
        if not dated:  # 400 is no year
            headline = [p for p in headline if not p.is_date]
        if op.adjective in ("most", "fewest", "least"):  # of what is named, or of nothing
            behind = {n.iri for i, n in scan.links("property") if scan.first_token(i) >= op.last}
            return next((p for p in pool if p.iri in behind and p.is_number), None)
        rest = [*headline, *(pool if len(pool) == 1 and (dated or not pool[0].is_date) else [])] if dated or not op.hints else []
        return next(iter([*named, *own, *hinted, *rest]), None)

    def order(self, scan: Scan, cls: Iri | None) -> tuple[Order | None, PropertyInfo | None, frozenset[int]]:
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
        return Order(Var(var_name(prop.named.label, 0)), descending), prop, frozenset(range(op.first, op.last)) | named

    def _range(self, scan: Scan, op: Op, cls: Iri | None, node: Node) -> list[Constraint]:
        year = bool(op.value) and all(len(v) == 4 and v.isdigit() for v in op.value.split())
        prop = self._ordered_property(scan, op, cls, True if year or "date" in op.hints else None)
        verbs = (t for t in range(max(0, op.first - 3), op.first) if scan.tokens[t].norm in DATED)
        tokens = frozenset((*range(op.first, op.last), *verbs))
        if prop is None:
            return []
        named = frozenset().union(*(scan.inside(i) for i, n in scan.links("property") if n.iri == prop.iri))
        if op.value:
            return [self.constrain.compare(node, prop.iri, op.sign, op.value, tokens | named, op.first)]
        for i, link in scan.links("entity"):
            if scan.first_token(i) == op.last:
                made = self.constrain.compare_with(node, prop.iri, op.sign, link, tokens | named, op.first)
                return [replace(made, mentions=frozenset({i}))]
        return []
