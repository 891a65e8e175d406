"""From a linked mention to conditions on a variable: which property joins it, at which levels, how negated, how said."""

from __future__ import annotations

from assistant.connect import Connections, Hop, Path
from assistant.frames import Constraint
from assistant.lexicon import Lexicon
from assistant.phrase import clause, form, plural_truth
from assistant.types import Compare, Edge, Exclude, Link, Node, Not, OneOf, Part, Var
from assistant.versions import lower, meets, number
from assistant.words import MONTHS, join, sentence_case
from graph.schema import PropertyInfo, Schema
from graph.terms import FG, SKOS
from graph.types import XSD, Iri, Literal


class Constrainer:
    """Builds constraints. Variables are named after the mention they come from, so that the same ask gives the same query."""

    def __init__(self, schema: Schema, lexicon: Lexicon, connections: Connections) -> None:
        self.schema, self.lexicon, self.connections = schema, lexicon, connections

    # ------------------------------------------------------------ features

    def is_feature(self, iri: Iri) -> bool:
        return bool(self.schema.levels) and self.lexicon.is_a(iri, FG.Feature)

    def feature(self, node: Node, link: Link, at: int, levels: tuple[Iri, ...] | None, negated: bool) -> Constraint:
        """A level of a feature. 'Without' asks for the stated levels that the word does not cover: a gap is not a no."""
        covered = levels or self.schema.default_levels()
        wanted = tuple(i for i in sorted(self.schema.levels) if i not in covered) if negated else tuple(sorted(covered))
        edge = Edge(node, wanted, link.iri, by=f"level{at}")
        return Constraint(
            parts=(edge,), english=self._feature_english(link, covered, negated, levels is not None), mentions=frozenset({at}),
            negated=negated, wanted=link, levels=tuple(sorted(covered)),
        )  # fmt: skip

    def _feature_english(self, link: Link, covered: tuple[Iri, ...], negated: bool, named: bool) -> str:
        how = ""
        if named:
            how = " " + join([self.schema.levels[i].named.label for i in sorted(covered, key=lambda i: -self.schema.ranks.get(i, 0))], "or")
            how = how.replace(" official extra", " as an official extra").replace(" third-party package", " from a third-party package")
        return f"{'do not have' if negated else 'have'} {link.label}{how}"

    # ------------------------------------------------------------ things and values

    def thing(
        self, node: Node, cls: Iri | None, link: Link, at: int, hints: frozenset[Iri], negated: bool, ahead: frozenset[Iri] | None = None
    ) -> list[Constraint]:
        """The ways a thing may stand to the things of a class; paths whose property is named come first.

        ``ahead``: the properties named before the thing in its own clause, which alone may lead to it by way of others.
        """
        found = self._typed(node, cls, link, at, hints, negated)
        direct = self._direct(cls, link, hints)
        if len(direct) > 1:
            found.append(self._any_property(node, link, at, direct, negated))
        paths = sorted(self.connections.to(cls, link.iri), key=lambda p: not any(h.property in hints for h in p))
        for path in paths[:6]:
            named = any(h.property in hints for h in path)
            cost = 0.06 * (len(path) - 1) + (0.0 if named or not hints else 0.04) + (0.02 if path[0].inverse else 0.0)
            cost += 0.05 if len(direct) > 1 and not named else 0.0
            parts = path_parts(node, path, link.iri, at)
            negative: tuple[Part, ...] = (Not(parts),) if negated else parts
            found.append(
                Constraint(
                    parts=negative,
                    english=self.path_english(path, link.label, negated),
                    mentions=frozenset({at}),
                    negated=negated,
                    cost=cost,
                    property=path[0].property,
                    wanted=link,
                    inverse=path[0].inverse,
                    via=tuple(h.property for h in path),
                )
            )
        return sorted([*found, *self._nested(node, cls, link, at, hints if ahead is None else ahead, negated)], key=lambda c: c.cost)

    def twice(self, node: Node, prop: Iri, link: Link, at: int, negated: bool) -> Constraint:
        """Two steps by one property to a thing."""
        path = (Hop(prop), Hop(prop))
        parts = path_parts(node, path, link.iri, at)
        return Constraint(
            (Not(parts),) if negated else parts, self.path_english(path, link.label, negated), frozenset({at}), negated=negated,
            cost=-0.1, property=prop, wanted=link, via=(prop, prop),
        )  # fmt: skip

    def _nested(self, node: Node, cls: Iri | None, link: Link, at: int, hints: frozenset[Iri], negated: bool) -> list[Constraint]:
        """'inspired by a microframework': a property that is named leads to things of a class, and those to the thing."""
        infos = [self.schema.properties[p] for p in sorted(hints) if p in self.schema.properties]
        own = {*self.schema.subclasses(cls)} if cls is not None else set()
        straight = {p[0].property for p in self.connections.to(cls, link.iri) if len(p) == 1}
        made = []
        for info in infos:
            if info.iri in straight or not info.subjects & own:
                continue
            for mid in sorted(info.objects & set(self.schema.classes), key=lambda c: -self.schema.classes[c].count)[:4]:
                inner = next((p for p in self.connections.to(mid, link.iri) if len(p) == 1 and not p[0].inverse), None)
                if inner is not None and not self.lexicon.is_a(link.iri, mid):
                    path = (Hop(info.iri), *inner)
                    parts = path_parts(node, path, link.iri, at)
                    made.append(
                        Constraint(
                            (Not(parts),) if negated else parts, self.path_english(path, link.label, negated), frozenset({at}),
                            negated=negated, cost=0.05, property=info.iri, wanted=link, via=tuple(h.property for h in path),
                        )
                    )  # fmt: skip
        return made[:1]

    def _direct(self, cls: Iri | None, link: Link, hints: frozenset[Iri]) -> tuple[Iri, ...]:
        """All properties that lead straight to the thing, where none is named: any of them will do."""
        own = self.schema.subclasses(cls) if cls is not None else ()
        roles = self.lexicon.classes_of.get(link.iri, frozenset()) - set(own)
        if own and self.lexicon.is_a(link.iri, *own) and not roles:
            return ()
        paths = [
            p[0] for p in self.connections.to(cls, link.iri) if len(p) == 1 and not p[0].inverse and p[0].property in self.schema.properties
        ]
        taken = [
            h.property
            for h in paths
            if not (own and self.lexicon.is_a(link.iri, *own)) or self.schema.properties[h.property].objects & roles
        ]
        return () if any(h.property in hints for h in paths) else tuple(sorted(taken))

    def _any_property(self, node: Node, link: Link, at: int, direct: tuple[Iri, ...], negated: bool) -> Constraint:
        edge = Edge(node, direct, link.iri, by=f"by{at}")
        labels = join([self.schema.property(p).named.label for p in direct], "or")
        return Constraint(
            parts=(Not((edge,)),) if negated else (edge,), english=f"whose {labels} is {'not ' if negated else ''}{link.label}",
            mentions=frozenset({at}), negated=negated, cost=0.03, property=direct[0], wanted=link,
        )  # fmt: skip

    def _typed(self, node: Node, cls: Iri | None, link: Link, at: int, hints: frozenset[Iri], negated: bool) -> list[Constraint]:
        """Where nothing of the class points to the thing: the properties that could, by what their other values are."""
        if cls is None or any(len(p) == 1 for p in self.connections.to(cls, link.iri)):
            return []
        classes = self.lexicon.classes_of.get(link.iri, frozenset())
        able = [p for p in self.schema.properties.values() if cls in p.subjects and p.objects & (classes - {SKOS.Concept})]
        able.sort(key=lambda p: (p.iri not in hints, p.headline is None, p.headline or 0, p.iri))
        made = []
        for info in able[:2]:
            edge = Edge(node, (info.iri,), link.iri)
            made.append(
                Constraint(
                    parts=(Not((edge,)),) if negated else (edge,),
                    english=f"whose {info.named.label} is {'not ' if negated else ''}{link.label}",
                    mentions=frozenset({at}),
                    negated=negated,
                    cost=0.07,
                    property=info.iri,
                    wanted=link,
                )
            )
        return made

    def value(self, node: Node, link: Link, at: int, negated: bool) -> Constraint:
        assert link.value is not None
        edge = Edge(node, (link.iri,), link.value)
        label = self.schema.property(link.iri).named.label
        return Constraint(
            parts=(Not((edge,)),) if negated else (edge,), english=f"whose {label} is {'not ' if negated else ''}{link.label}",
            mentions=frozenset({at}), negated=negated, property=link.iri, wanted=link, cost=0.02,
        )  # fmt: skip

    def has(self, node: Node, info: PropertyInfo, at: int, negated: bool, inverse: bool, said: str) -> Constraint:
        """That there is any value of a property, or any thing (``inverse``) of which the node is a value."""
        other = Var(f"v{at}")
        edge = Edge(other, (info.iri,), node) if inverse else Edge(node, (info.iri,), other)
        if inverse:
            owner = next((self.lexicon.label(c) for c in sorted(info.subjects)), "thing")
            english = clause(info, f"{'no' if negated else 'some'} {owner}", inverse=True)
        else:
            english = f"{'without a stated' if negated else 'with a stated'} {said}"
        return Constraint(
            parts=(Not((edge,)),) if negated else (edge,), english=english, mentions=frozenset({at}), property=info.iri, cost=0.02,
            inverse=inverse,
        )  # fmt: skip

    def truth(self, node: Node, info: PropertyInfo, at: int, negated: bool) -> Constraint:
        """That a property which is true or false is so."""
        edge = Edge(node, (info.iri,), Literal("false" if negated else "true", XSD + "boolean"))
        return Constraint(parts=(edge,), english=plural_truth(info, not negated), mentions=frozenset({at}), property=info.iri)

    def other_class(self, node: Node, cls: Iri, other: Link, at: int, negated: bool) -> list[Constraint]:
        """That it is joined to some thing of another class."""
        found = []
        for path in self.connections.class_paths(cls, other.iri)[:2]:
            parts = path_parts(node, path, Var(f"c{at}"), at)
            label = self.lexicon.label(other.iri)
            found.append(
                Constraint(
                    parts=(Not(parts),) if negated else parts,
                    english=self.path_english(path, f"a {label}", negated),
                    mentions=frozenset({at}),
                    negated=negated,
                    property=path[0].property,
                    cost=0.1,
                    inverse=path[0].inverse,
                )
            )
        return found

    def compare(self, node: Node, prop: Iri, sign: str, value: str, tokens: frozenset[int], at: int) -> Constraint:
        """A range over an ordered property; a year compares with dates and years alike."""
        info = self.schema.property(prop)
        var = Var(f"{_name(info.named.label)}{at}")
        lows = value.split() if sign == "between" else [value]
        signs = [">=", "<="] if sign == "between" else [sign]
        filters = tuple(Compare(var, s, _literal(v, info.is_date)) for s, v in zip(signs, lows, strict=True))
        signs_said = _SIGNS if info.is_date else _SIZES
        lows_said = [_month(v) if info.is_date else v for v in lows]
        said = f"between {' and '.join(lows_said)}" if sign == "between" else f"{signs_said[sign]} {lows_said[0]}".strip()
        return Constraint(
            parts=(Edge(node, (prop,), var), *filters), english=f"whose {info.named.label} is {said}", tokens=tokens, property=prop,
        )  # fmt: skip

    def versions(self, node: Node, prop: Iri, sign: str, value: str, tokens: frozenset[int], at: int) -> Constraint:
        """A range over a property whose values are versions, or requirements of which the beginning counts."""
        info = self.schema.property(prop)
        wanted = number(value) or ()
        fitting = tuple(v for v in self.connections.versions(prop) if meets(lower(v.value) or (), sign, wanted))
        var = Var(f"{_name(info.named.label)}{at}")
        said = f"{_FROM.get(sign, '')}{value}{_TO.get(sign, '')}"
        english = f"whose {info.named.label} is {said}"
        return Constraint((Edge(node, (prop,), var), OneOf(var, fitting)), english, tokens=tokens, property=prop)

    def compare_with(self, node: Node, prop: Iri, sign: str, others: list[Link], tokens: frozenset[int], at: int) -> Constraint:
        """Before or after other things in an ordered property."""
        info = self.schema.property(prop)
        mine = Var(f"{_name(info.named.label)}{at}")
        parts: tuple[Part, ...] = (Edge(node, (prop,), mine),)
        for n, other in enumerate(others):
            theirs = Var(f"{_name(info.named.label)}{at}_other{n or ''}")
            parts += (Edge(other.iri, (prop,), theirs), Compare(mine, sign, theirs))
        said = (_SIGNS if info.is_date else _SIZES)[sign]
        english = f"whose {info.named.label} is {said} that of {join([o.label for o in others])}"
        return Constraint(parts=parts, english=english, mentions=frozenset({at}), tokens=tokens, property=prop)

    def same(self, node: Var, prop: Link, other: Link, mentions: frozenset[int], tokens: frozenset[int]) -> Constraint:
        """That a property has a value which it has for another thing, too; the other thing itself is left out."""
        value = Var(f"same{_name(prop.label)}")
        parts = (Edge(node, (prop.iri,), value), Edge(other.iri, (prop.iri,), value), Exclude(node, (other.iri,)))
        info = self.schema.property(prop.iri)
        noun = form(info.named.label) == "noun"
        english = f"whose {prop.label} is that of {other.label}" if noun else clause(info, f"the same as {other.label}")
        return Constraint(parts, english, mentions, tokens, cost=-0.2, property=prop.iri)

    def _predicate(self, prop: Iri, target: str, negated: bool) -> str:
        """'are built on X' from the statement '{s} is built on {o}.'; without such a statement 'whose licence is X'."""
        info = self.schema.property(prop)
        words = info.statement.removesuffix(".").split()
        if negated or words[:1] != ["{s}"] or words[-1:] != ["{o}"] or len(words) < 3:
            return clause(info, target, negated)
        return " ".join([_PLURALS.get(words[1], words[1].removesuffix("s")), *words[2:-1], target])

    def path_english(self, path: Path, target: str, negated: bool = False) -> str:
        infos = [self.schema.property(h.property) for h in path]
        if len(path) == 1 and path[0].inverse:
            return clause(infos[0], target, negated, inverse=True)
        if len(path) == 1:
            return self._predicate(path[0].property, target, negated)
        if all(h == path[0] for h in path):  # a property that runs up a hierarchy
            up = " something ".join([_singular(infos[0], False).strip()] * (len(path) - 1))
            return f"{clause(infos[0], 'something', negated)} {up} {target}"
        first, last = clause(infos[0], "something", negated, path[0].inverse), infos[-1]
        end = f"that {target} {_singular(last, True)}" if path[-1].inverse else _singular(last, False, target)
        middle = [self._between(info, hop.inverse) for info, hop in zip(infos[1:-1], path[1:-1], strict=True)]
        return " ".join([first, *middle, end])

    def _between(self, info: PropertyInfo, inverse: bool) -> str:
        return f"that something {_singular(info, True)}" if inverse else _singular(info, False, "something")


def _singular(info: PropertyInfo, inverse: bool, target: str = "") -> str:
    """A clause about one thing: 'that is located in X', 'whose licence is X'; inverse, what stands behind 'that X'."""
    label = info.named.label
    kind = form(label)
    if inverse:
        return label if kind == "verb" else f"is {label}" if kind != "noun" else f"has as {label}"
    return f"that {label} {target}" if kind == "verb" else f"that is {label} {target}" if kind != "noun" else f"whose {label} is {target}"


_PLURALS = {"is": "are", "was": "were", "has": "have", "does": "do", "can": "can"}
_SIZES = {"<": "less than", ">": "more than", "<=": "at most", ">=": "at least", "=": "", "!=": "not"}
_FROM = {"<": "before ", ">": "after ", "<=": "at most "}
_TO = {">=": " or later"}
_SIGNS = {"<": "before", ">": "after", "<=": "at most", ">=": "at least", "=": "", "!=": "not"}


def path_parts(node: Node, path: Path, end: Node, at: int) -> tuple[Part, ...]:
    here, parts = node, []
    for i, hop in enumerate(path):
        there: Node = end if i == len(path) - 1 else Var(f"via{at}" + (f"_{i}" if i else ""))
        a, b = (there, here) if hop.inverse else (here, there)
        parts.append(Edge(a, (hop.property,), b))
        here = there
    return tuple(parts)


def _literal(text: str, date: bool) -> Literal:
    if date:
        return Literal(text, XSD + ("gYearMonth" if "-" in text else "gYear"))
    return Literal(text, XSD + ("decimal" if "." in text else "integer"))


def _month(value: str) -> str:
    """'2025-03' -> 'March 2025'."""
    year, _, month = value.partition("-")
    return f"{sentence_case(next(m for m, n in MONTHS.items() if n == int(month)))} {year}" if month.isdigit() else value


def _name(label: str) -> str:
    return "".join(c for c in label.title() if c.isascii() and c.isalnum()) or "value"
