"""From a linked mention to conditions on a variable: which property joins it, at which levels, how negated, how said."""

from __future__ import annotations

from assistant.connect import Connections, Path
from assistant.frames import Constraint
from assistant.lexicon import Lexicon
from assistant.types import Compare, Edge, Exclude, Link, Node, Not, Part, Var
from assistant.words import join
from graph.schema import Schema
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

    def thing(self, node: Node, cls: Iri | None, link: Link, at: int, hints: frozenset[Iri], negated: bool) -> list[Constraint]:
        """The ways a thing may stand to the things of a class; paths whose property is named come first."""
        found = self._typed(node, cls, link, at, hints, negated)
        direct = self._direct(cls, link, hints)
        if len(direct) > 1:
            found.append(self._any_property(node, link, at, direct, negated))
        for path in self.connections.to(cls, link.iri)[:6]:
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
                )
            )
        return sorted(found, key=lambda c: c.cost)

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

    def has(self, node: Node, prop: Iri, at: int, negated: bool) -> Constraint:
        """That there is any value of a property."""
        edge = Edge(node, (prop,), Var(f"v{at}"))
        label = self.schema.property(prop).named.label
        return Constraint(
            parts=(Not((edge,)),) if negated else (edge,), english=f"{'without a stated' if negated else 'with a stated'} {label}",
            mentions=frozenset({at}), negated=negated, property=prop, cost=0.08,
        )  # fmt: skip

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
        said = f"between {' and '.join(lows)}" if sign == "between" else f"{signs_said[sign]} {value}".strip()
        return Constraint(
            parts=(Edge(node, (prop,), var), *filters), english=f"whose {info.named.label} is {said}", tokens=tokens, property=prop,
        )  # fmt: skip

    def compare_with(self, node: Node, prop: Iri, sign: str, other: Link, tokens: frozenset[int], at: int) -> Constraint:
        """Before or after another thing in an ordered property."""
        info = self.schema.property(prop)
        mine, theirs = Var(f"{_name(info.named.label)}{at}"), Var(f"{_name(info.named.label)}{at}_other")
        parts = (Edge(node, (prop,), mine), Edge(other.iri, (prop,), theirs), Compare(mine, sign, theirs))
        said = (_SIGNS if info.is_date else _SIZES)[sign]
        english = f"whose {info.named.label} is {said} that of {other.label}"
        return Constraint(parts=parts, english=english, mentions=frozenset({at}), tokens=tokens, property=prop)

    def same(self, node: Var, prop: Link, other: Link, mentions: frozenset[int], tokens: frozenset[int]) -> Constraint:
        """That a property has a value which it has for another thing, too; the other thing itself is left out."""
        value = Var(f"same{_name(prop.label)}")
        parts = (Edge(node, (prop.iri,), value), Edge(other.iri, (prop.iri,), value), Exclude(node, (other.iri,)))
        return Constraint(parts, f"whose {prop.label} is that of {other.label}", mentions, tokens, property=prop.iri)

    def _predicate(self, prop: Iri, target: str, negated: bool) -> str:
        """'are built on X' from the statement '{s} is built on {o}.'; without such a statement 'whose licence is X'."""
        info = self.schema.property(prop)
        words = info.statement.removesuffix(".").split()
        if negated or words[:1] != ["{s}"] or words[-1:] != ["{o}"] or len(words) < 3:
            return f"whose {info.named.label} is {'not ' if negated else ''}{target}"
        return " ".join([_PLURALS.get(words[1], words[1].removesuffix("s")), *words[2:-1], target])

    def path_english(self, path: Path, target: str, negated: bool = False) -> str:
        labels = [self.schema.property(h.property).named.label for h in path]
        no = "not " if negated else ""
        if len(path) == 1 and path[0].inverse:
            return f"that are {no}the {labels[0]} of {target}"
        if len(path) == 1:
            return self._predicate(path[0].property, target, negated)
        first, second = path
        middle = f"the {labels[0]} of something" if first.inverse else f"joined by {labels[0]} to something"
        end = f"that is the {labels[1]} of {target}" if second.inverse else f"whose {labels[1]} is {target}"
        return f"that are {no}{middle} {end}"


_PLURALS = {"is": "are", "was": "were", "has": "have", "does": "do", "can": "can"}
_SIZES = {"<": "less than", ">": "more than", "<=": "at most", ">=": "at least", "=": "", "!=": "not"}
_SIGNS = {"<": "before", ">": "after", "<=": "at most", ">=": "at least", "=": "", "!=": "not"}


def path_parts(node: Node, path: Path, end: Node, at: int) -> tuple[Part, ...]:
    here, parts = node, []
    for i, hop in enumerate(path):
        there: Node = end if i == len(path) - 1 else Var(f"via{at}")
        a, b = (there, here) if hop.inverse else (here, there)
        parts.append(Edge(a, (hop.property,), b))
        here = there
    return tuple(parts)


def _literal(text: str, date: bool) -> Literal:
    if date:
        return Literal(text, XSD + "gYear")
    return Literal(text, XSD + ("decimal" if "." in text else "integer"))


def _name(label: str) -> str:
    return "".join(c for c in label.title() if c.isascii() and c.isalnum()) or "value"
