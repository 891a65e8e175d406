"""Lists revised: a condition more or less, another order, the first few, how many, the rest, the other way round.

Each takes the last reading and gives the same reading with its query graph edited, and says in ``edit`` what was done to it.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue import rename, swap
from assistant.frames import Candidate, CommonFrame, CompareFrame, Constraint, FactFrame, ListFrame, MoveFrame, VerdictFrame
from assistant.grammar import that
from assistant.lists import TARGET
from assistant.operators import EVERY
from assistant.parse import Parser
from assistant.scan import Scan
from assistant.types import Compare, Edge, Exclude, IsA, Maybe, Not, OneOf, Or, Order, Part, QueryGraph, Var
from assistant.words import DIMENSIONS, join, number, plural
from graph.schema import PropertyInfo
from graph.types import Iri, Literal, is_true

SURE = 1.2  # fit of an edit whose words leave no doubt: no other reading stands before it
_CUT = ("the first ", "the last ")
_DATES = frozenset("date year age time day when released release creation founding birth".split())


class Reviser:
    """Revises readings over one opened graph."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.schema, self.lexicon = parser.schema, parser.lexicon

    # ------------------------------------------------------------ conditions

    def class_of(self, c: Candidate) -> Iri | None:
        """The class of the things that a list is about."""
        if not isinstance(c.frame, ListFrame) or c.graph is None:
            return None
        kinds = [p for p in c.graph.where if isinstance(p, IsA) and p.node == TARGET]
        return c.frame.cls or (kinds[0].classes[0] if kinds else None)

    def narrowed(self, previous: Candidate, added: tuple[Constraint, ...], out: tuple[Iri, ...], counted: bool | None) -> Candidate:
        """The last list under more conditions; a bound on what is bounded already takes its place."""
        frame, graph = previous.frame, previous.graph
        assert isinstance(frame, ListFrame)
        assert graph is not None
        base = previous
        for c in added:
            known = [k for k in frame.constraints if (_bound(k) and _bound(k) == _bound(c)) or _denies(k, c) or _apart(k, c)]
            for k in known:
                base = self.without(base, k) or base
        frame, graph = base.frame, base.graph
        assert isinstance(frame, ListFrame)
        assert graph is not None
        fresh = tuple(rename(c, f"n{len(frame.constraints)}", TARGET) for c in added)
        parts = tuple(p for c in fresh for p in c.parts) + ((Exclude(TARGET, out),) if out else ())
        graph = replace(graph, where=(*graph.where, *parts), count=graph.count if counted is None else counted)
        said = frame.said or join([that(c.english) for c in frame.constraints], "or" if frame.any_of else "and")
        more = [that(c.english) for c in added]
        told = join([t for t in (said, *more) if t])
        told += f", without {join([self.lexicon.label(o) for o in out])}" if out else ""
        frame = replace(frame, constraints=(*frame.constraints, *fresh), said=told)
        done = join([*more, *([f"without {join([self.lexicon.label(o) for o in out])}"] if out else [])])
        return self._listed(base, frame, graph, f"only those {done}" if more else done)

    def without(self, previous: Candidate, constraint: Constraint) -> Candidate | None:
        """The last list with one condition taken away; None where it stands in an alternative."""
        frame, graph = previous.frame, previous.graph
        if not isinstance(frame, ListFrame) or graph is None or not set(constraint.parts) <= set(graph.where):
            return None
        kept = tuple(c for c in frame.constraints if c is not constraint)
        where = tuple(p for p in graph.where if p not in constraint.parts)
        frame = replace(frame, constraints=kept, said=join([that(c.english) for c in kept]), any_of=False)
        return self._listed(previous, frame, replace(graph, where=where), f"no longer only those {that(constraint.english)}")

    def dropped(self, previous: Candidate, of: tuple[Iri, ...]) -> Candidate | None:
        """Without the conditions on a property, on a thing, or on things of a class."""
        frame = previous.frame
        if not isinstance(frame, ListFrame):
            return None
        meant = [c for c in frame.constraints if self._speaks_of(c, of)]
        made: Candidate | None = previous if meant else None
        for c in meant:
            made = self.without(made, c) if made is not None else None
        return made

    def _speaks_of(self, c: Constraint, of: tuple[Iri, ...]) -> bool:
        kinds = self.lexicon.classes_of.get(c.wanted.iri, frozenset()) if c.wanted else frozenset()
        return bool({*of} & {*kinds, c.property, *c.via, c.wanted.iri if c.wanted else None})

    def in_year(self, previous: Candidate, year: str) -> Candidate | None:
        """'and in 2019?': the year of the last question exchanged."""
        frame = previous.frame
        if not isinstance(frame, ListFrame):
            return None
        for c in reversed(frame.constraints):
            info = self.schema.properties.get(c.property) if c.property else None
            if info is not None and info.is_date and any(isinstance(p, Compare) for p in c.parts):
                new = self.parser.constrain.compare(TARGET, info.iri, "=", year, frozenset(), len(frame.constraints))
                return self.instead(previous, c, new, "in the place of")
        return None

    def those_that_do(self, previous: Candidate) -> Candidate | None:
        """'which ones do?' after 'does X ...?': all things of the kind of X that do."""
        frame = previous.frame
        if not isinstance(frame, VerdictFrame) or not frame.constraints:
            return None
        kinds = self.lexicon.classes_of.get(frame.subject, frozenset()) & set(self.schema.classes)
        cls = max(sorted(kinds), key=lambda c: (c == self.schema.focus, -self.schema.classes[c].count), default=None)
        if cls is None:
            return None
        kept = tuple(swap(c, frame.subject, TARGET) for c in frame.constraints)
        listed = ListFrame(self.lexicon.label(cls), cls, kept, any_of=frame.any_of)
        parts = tuple(p for c in kept for p in c.parts) if not frame.any_of else (Or(tuple(c.parts for c in kept)),)
        graph = QueryGraph(TARGET, (IsA(TARGET, self.schema.subclasses(cls)), *parts), (TARGET,))
        made = self._listed(previous, listed, graph, f"all that do, not {self.lexicon.label(frame.subject)} alone")
        return replace(made, kind="list", links=())

    # ------------------------------------------------------------ how many, which, in what order

    def counted(self, previous: Candidate) -> Candidate | None:
        """'how many is that?': the things of the last list, or the values of the last fact, counted."""
        frame, graph = previous.frame, previous.graph
        if isinstance(frame, FactFrame) and graph is not None and len(frame.anchors) == len(frame.properties) == 1:
            noun = self.lexicon.label(frame.properties[0])
            said = f"of {self.lexicon.label(frame.anchors[0])}"
            made = ListFrame("thing" if frame.inverse else noun, None, (), said=said, values=True)
            english = previous.english if frame.inverse else f"{plural(noun)} {said}"
            counting = replace(graph, columns=(graph.target,), count=True)
            return replace(previous, kind="count", frame=made, graph=counting, english=english, edit="counted")
        if not isinstance(frame, ListFrame) or graph is None:
            return None
        if frame.order_property and frame.limit != EVERY:
            return None
        bare, rest = self._unordered(frame, graph)
        made_all = self._listed(replace(previous, kind="count"), bare, replace(rest, count=True), "counted")
        return replace(made_all, kind="count")

    def listed(self, previous: Candidate, edit: str = "by name") -> Candidate | None:
        """'which ones?', 'list them', 'all of them': the things that were counted, or of which a few were shown."""
        frame, graph = previous.frame, previous.graph
        if not isinstance(frame, ListFrame) or graph is None:
            return None
        where = graph.where
        if previous.edit.startswith(_CUT):  # 'all of them' after 'the first three'
            where, frame = tuple(p for p in where if not isinstance(p, OneOf)), replace(frame, among=())
        frame = replace(frame, limit=EVERY if frame.order_property else None, offset=0, exists=False)
        return replace(self._listed(previous, frame, replace(graph, where=where, count=False), edit), kind="list")

    def ordered(self, previous: Candidate, info: PropertyInfo, descending: bool, limit: int | None, offset: int = 0) -> Candidate | None:
        """The things of the last list by a property: one end of them, or all."""
        frame, graph = previous.frame, previous.graph
        if not isinstance(frame, ListFrame) or graph is None:
            return None
        frame, graph = self._unordered(frame, graph)
        var = Var("order")
        where: tuple[Part, ...] = (*graph.where, Edge(graph.target, (info.iri,), var))
        rest = tuple(c for c in graph.columns if c not in (graph.target, var))
        graph = replace(graph, where=where, columns=(graph.target, var, *rest), order=Order(var, descending), count=False, limit=None)
        frame = replace(
            frame, order_property=info.iri, descending=descending, limit=limit, offset=offset, valued=limit == EVERY,
        )  # fmt: skip
        ends = ("latest", "earliest") if info.is_date else ("highest", "lowest")
        end = ends[not descending]
        edit = f"by {info.named.label}, {end} first" if limit == EVERY else f"with the {end} {info.named.label}"
        return replace(self._listed(previous, frame, graph, edit), kind="list")

    def beside(self, previous: Candidate, infos: list[PropertyInfo]) -> Candidate | None:
        """'with their P and Q': columns beside the things of the last list."""
        frame, graph = previous.frame, previous.graph
        if not isinstance(frame, ListFrame) or graph is None or frame.values or graph.count:
            return None
        fresh = [p for p in infos if p.iri not in frame.columns]
        named = [Var(f"beside{len(frame.columns) + n}") for n in range(len(fresh))]
        parts = tuple(Maybe((Edge(graph.target, (p.iri,), v),)) for p, v in zip(fresh, named, strict=True))
        made = replace(frame, columns=(*frame.columns, *(p.iri for p in fresh)))
        graph = replace(graph, where=(*graph.where, *parts), columns=(*(graph.columns or (graph.target,)), *named))
        return replace(self._listed(previous, made, graph, f"with their {join([p.named.label for p in fresh])}"), links=())

    def _unordered(self, frame: ListFrame, graph: QueryGraph) -> tuple[ListFrame, QueryGraph]:
        if graph.order is None:
            return frame, graph
        var = graph.order.var
        where = tuple(p for p in graph.where if not (isinstance(p, Edge) and p.object == var))
        frame = replace(frame, order_property=None, limit=None, offset=0, valued=False)
        return frame, replace(graph, where=where, columns=tuple(c for c in graph.columns if c != var), order=None, limit=None)

    def property_of(self, scan: Scan, new: tuple[int, ...], cls: Iri | None) -> tuple[PropertyInfo, bool] | None:
        """The property that things are to be sorted by, and whether its high end comes first."""
        pool = [p for p in self.schema.properties.values() if p.ordered and (cls is None or cls in p.subjects)]
        words = [t.norm for t in scan.tokens]
        op = next((w for w in words if w in DIMENSIONS and w != "first"), None)
        named = {n.iri for i in new for n in scan.mentions[i].links if n.kind == "property"}
        named |= {n.iri for _, n in scan.links("property")}
        found = [p for p in pool if p.iri in named]
        if op is not None:
            order, prop, _ = self.parser.listing.order(scan, cls)
            if order is not None and prop is not None:
                return prop, order.descending
        if not found:
            heads = sorted((p for p in pool if p.headline is not None or len(pool) == 1), key=lambda p: (p.headline or 0, p.iri))
            dated = bool(_DATES & set(words))
            found = [p for p in (heads or pool) if p.is_date == dated and (dated or set(words) & set(p.named.label.split()))]
        return (found[0], False) if found else None

    # ------------------------------------------------------------ fewer, more, the rest

    def cut(self, previous: Candidate, answered: tuple[Iri, ...], count: int, last: bool) -> Candidate | None:
        """'the first three': so many of the last list, in the order in which it was told."""
        frame, graph = previous.frame, previous.graph
        if not isinstance(frame, ListFrame) or graph is None:
            return None
        end = "last" if last else "first"
        if frame.order_property and not last:
            made = replace(frame, limit=count)
            return replace(self._listed(previous, made, graph, f"the {end} {number(count)}"), kind="list")
        few = answered[-count:] if last else answered[:count]
        if not few:
            return None
        made = replace(frame, among=few)
        where = (OneOf(graph.target, few), *(p for p in graph.where if not isinstance(p, OneOf)))
        return replace(self._listed(previous, made, replace(graph, where=where, count=False), f"the {end} {number(count)}"), kind="list")

    def further(self, previous: Candidate, count: int | None) -> Candidate | None:
        """'and the next?', 'any others?' after one end of an order: the places behind it."""
        frame, graph = previous.frame, previous.graph
        if not isinstance(frame, ListFrame) or graph is None or not frame.order_property or frame.limit == EVERY:
            return None
        taken = frame.limit or 1
        made = replace(frame, offset=frame.offset + taken, limit=count or (1 if taken == 1 else taken))
        return self._listed(previous, made, graph, "the next")

    # ------------------------------------------------------------ the other way round

    def reversed(self, previous: Candidate) -> Candidate | None:
        """An order from its other end, two things with their parts exchanged, a condition denied."""
        frame, graph = previous.frame, previous.graph
        if isinstance(frame, ListFrame) and graph is not None and graph.order is not None:
            made = replace(frame, descending=not frame.descending)
            turned = replace(graph, order=Order(graph.order.var, not graph.order.descending))
            return self._listed(previous, made, turned, "from the other end")
        if isinstance(frame, CommonFrame) and frame.lacks is not None:
            return self._exchanged(previous, frame.subjects[0], frame.lacks)
        if isinstance(frame, CompareFrame):
            names = join([self.lexicon.label(s) for s in frame.subjects[::-1]])
            turned_frame = replace(frame, subjects=frame.subjects[::-1])
            return replace(previous, frame=turned_frame, english=f"how {names} differ", edit="the other way round")
        if isinstance(frame, MoveFrame) and len(frame.targets) == 1:
            return self._exchanged(previous, frame.current, frame.targets[0])
        if isinstance(frame, VerdictFrame):
            others = [p for c in frame.constraints for p in _things(c.parts) if p != frame.subject]
            same = [o for o in others if self.parser.grammar.shared_class([frame.subject, o]) is not None]
            return self._exchanged(previous, frame.subject, same[0]) if same else None
        if isinstance(frame, FactFrame) and len(frame.anchors) == len(frame.properties) == 1:
            return self._backwards(previous, frame)
        if isinstance(frame, ListFrame) and len(frame.constraints) == 1:
            return self._denied(previous, frame.constraints[0])
        return None

    def _exchanged(self, previous: Candidate, a: Iri, b: Iri) -> Candidate:
        """Two things with their parts exchanged."""
        between = Iri("urn:between")
        labels = self.lexicon.label(a), self.lexicon.label(b)
        made: Candidate = swap(swap(swap(previous, a, between, labels[0], "\0"), b, a, labels[1], labels[0]), between, b, "\0", labels[1])
        return replace(made, edit="the other way round")

    def _backwards(self, previous: Candidate, frame: FactFrame) -> Candidate | None:
        """'what is X built on?' the other way round: what is built on X."""
        thing, prop = frame.anchors[0], frame.properties[0]
        value = Var("value")
        edge = Edge(thing, (prop,), value) if frame.inverse else Edge(value, (prop,), thing)
        made = replace(frame, inverse=not frame.inverse)
        english = self.parser.facts.english(made)
        return replace(previous, frame=made, graph=QueryGraph(value, (edge,), (value,)), english=english, edit="the other way round")

    def _denied(self, previous: Candidate, c: Constraint) -> Candidate | None:
        """Those that do not, in the place of those that do; a property that runs between like things is turned round."""
        frame, graph = previous.frame, previous.graph
        cls = self.class_of(previous)
        assert isinstance(frame, ListFrame)
        if graph is None or cls is None or not set(c.parts) <= set(graph.where):
            return None
        if c.wanted is None:
            return self._untrue(previous, c)
        if c.property is not None and not c.levels and len(c.parts) == 1 and isinstance(c.parts[0], Edge):
            edge = c.parts[0]
            turned = replace(edge, subject=edge.object, object=edge.subject)
            if isinstance(edge.object, Iri) and isinstance(edge.subject, Iri | Var) and self.parser.grammar.is_a(c.wanted.iri, cls):
                made = self.parser.constrain.thing(TARGET, cls, c.wanted, 0, frozenset({c.property}), False)
                other = next((k for k in made if k.parts == (turned,)), None)
                if other is not None:
                    return self.instead(previous, c, other)
        covered = c.levels or None
        if c.levels:
            return self.instead(previous, c, self.parser.constrain.feature(TARGET, c.wanted, 0, covered, not c.negated))
        hints = frozenset({c.property} if c.property else ())
        found = self.parser.constrain.thing(TARGET, cls, c.wanted, 0, hints, not c.negated)
        same = [k for k in found if k.property == c.property and k.inverse == c.inverse]
        return self.instead(previous, c, same[0]) if same else None

    def _untrue(self, previous: Candidate, c: Constraint) -> Candidate | None:
        """A property that is true or false said of the others, a value that is stated of those where none is."""
        info = self.schema.properties.get(c.property) if c.property else None
        edge = c.parts[0].parts[0] if isinstance(c.parts[0], Not) else c.parts[0]
        if info is None or not isinstance(edge, Edge):
            return None
        if info.is_boolean and isinstance(edge.object, Literal):
            return self.instead(previous, c, self.parser.constrain.truth(TARGET, info, 0, is_true(edge.object)))
        if len(c.parts) > 1 or not isinstance(edge.subject if c.inverse else edge.object, Var):
            return None
        denied = isinstance(c.parts[0], Not)
        return self.instead(previous, c, self.parser.constrain.has(TARGET, info, 0, not denied, c.inverse, info.named.label))

    def instead(self, previous: Candidate, old: Constraint, new: Constraint, edit: str = "the other way round") -> Candidate | None:
        """One condition in the place of another."""
        base = self.without(previous, old)
        if base is None:
            return None
        if edit != "the other way round":
            told = f"now {that(new.english)}, not {that(old.english)}"
            edit = f"with {new.wanted.label} {edit} {old.wanted.label}" if new.wanted and old.wanted else told
        return replace(self.narrowed(base, (new,), (), None), edit=edit)

    # ------------------------------------------------------------ said anew

    def _listed(self, previous: Candidate, frame: ListFrame, graph: QueryGraph, edit: str) -> Candidate:
        english = self._english(previous, frame)
        return replace(previous, frame=frame, graph=graph, english=english, edit=edit, fit=SURE, mentions=frozenset())

    def _english(self, previous: Candidate, frame: ListFrame) -> str:
        out = [p for p in (previous.graph.where if previous.graph else ()) if isinstance(p, Exclude) and p.node == TARGET]
        gone = tuple(self.lexicon.label(v) for p in out for v in p.values) if "other than" in previous.english else ()
        said = self.parser.listing.list_english(frame, gone)
        if frame.among:
            few = len(frame.among) <= 5
            said += f", among {join([self.lexicon.label(g) for g in frame.among])}" if few else f", among the {len(frame.among)} just named"
        return said


def _bound(c: Constraint) -> tuple[Iri, str] | None:
    """The property that a range bounds, and from which side."""
    signs = [p.op for p in c.parts if isinstance(p, Compare)]
    return (c.property, signs[0][:1]) if c.property and len(signs) == 1 and not c.wanted else None


def _apart(old: Constraint, new: Constraint) -> bool:
    """Whether two bounds of one property leave nothing between them: 'above 30' and then 'below 20'."""
    if _spans(old) and _spans(new) and old.property == new.property and (_fixed(old) or _fixed(new)):
        return True  # a year, or a span of years, exchanged
    one, other = _bound(old), _bound(new)
    if not one or not other or one[0] != other[0] or {one[1], other[1]} != {"<", ">"}:
        return False
    low, high = ((old, new) if one[1] == ">" else (new, old))
    values = [next(p.value for p in c.parts if isinstance(p, Compare)) for c in (low, high)]
    if not all(isinstance(v, Literal) for v in values):
        return False
    a, b = (v.value for v in values if isinstance(v, Literal))
    return (float(a) >= float(b)) if a.replace(".", "").isdigit() and b.replace(".", "").isdigit() else a >= b


def _spans(c: Constraint) -> list[str]:
    """The signs by which a range bounds its property."""
    return [p.op for p in c.parts if isinstance(p, Compare)] if c.property and not c.wanted else []


def _fixed(c: Constraint) -> bool:
    return len(_spans(c)) == 2 or "=" in _spans(c)


def _denies(old: Constraint, new: Constraint) -> bool:
    """Whether two conditions speak of the same thing in ways that cannot both be meant."""
    same = old.wanted is not None and new.wanted is not None and old.wanted.iri == new.wanted.iri
    return same and (old.negated != new.negated or (bool(old.levels) and old.levels != new.levels))


def _things(parts: tuple[Part, ...]) -> list[Iri]:
    return [n for p in parts if isinstance(p, Edge) for n in (p.subject, p.object) if isinstance(n, Iri)]


