"""Candidates for the values of a property over several things: 'the licences of the frameworks that X uses', 'who maintains
the task queues', 'which databases do X and Y have in common', 'the servers of X that Y does not have'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from assistant.frames import Candidate, Constraint, ListFrame
from assistant.grammar import Builder, Grammar, combined, said_of, var_name
from assistant.lists import TARGET, ListBuilder
from assistant.phrase import value_noun
from assistant.scan import Scan
from assistant.types import Edge, IsA, Link, Not, Part, QueryGraph, Var
from assistant.words import join, plural
from graph.schema import PropertyInfo
from graph.types import Iri

READINGS = 3
NAMELESS = -9  # the mention of a property that only a verb names
_DENIED = re.compile(r"\b(does|do|did|has|have|can|could|is|are)\s*(n['’]?t|not|no)\b|\black|\bmiss", re.I)
_TOGETHER = frozenset("common share shares shared both alike well named".split())
_EACH = frozenset("each all every respective their its with".split())
_SELF = frozenset("what which who whose whom under by".split())


class ValueBuilder(Builder):
    """Builds candidates for one opened graph."""

    def __init__(self, grammar: Grammar, listing: ListBuilder) -> None:
        super().__init__(grammar)
        self.listing = listing

    def _asked(self, scan: Scan) -> Iterator[tuple[int, Link, PropertyInfo]]:
        """The properties that a mention may ask the values of: by name, or by the class of the values."""
        for i, link in scan.links("property"):
            info = self.schema.properties.get(link.iri)
            if info is not None and info.objects:
                yield i, link, info
        for i, link in scan.links("class"):
            if link.iri != self.schema.focus and not any(n.kind == "property" for n in scan.mentions[i].links):
                for info in self.schema.properties.values():
                    if link.iri in info.objects:
                        yield i, link, info
        yield from self._verb(scan)

    def _verb(self, scan: Scan) -> Iterator[tuple[int, Link, PropertyInfo]]:
        """'who created the ...': a property that is also called 'created by'."""
        if len(scan.tokens) < 3 or scan.tokens[0].norm != "who":
            return
        for link in self.lexicon.by_key.get((scan.tokens[1].stem, "by"), ()):
            info = self.schema.properties.get(link.iri)
            if link.kind == "property" and info is not None and info.objects:
                yield NAMELESS, link, info

    # ------------------------------------------------------------ of several things that are named

    def shared(self, scan: Scan) -> Iterator[Candidate]:
        """'which P do X and Y have in common', 'the P of X that Y lacks'."""
        peers = self.grammar.peers(scan)
        words = {t.norm for t in scan.tokens}
        denied = [k for k, (i, _) in enumerate(peers) if self._denied(scan, i)]
        together = bool(words & _TOGETHER) and not denied
        if len(peers) < 2 or scan.cues.yes_no or not (together or 0 < len(denied) < len(peers)):
            return
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in _TOGETHER or k.norm in ("lacks", "missing"))
        for at, link, info in self._asked(scan):
            things = [n.iri for _, n in peers]
            if at in {i for i, _ in peers} or not all(self.connections.holds(t, info.iri) for t in things):
                continue
            value = Var(var_name(info.named.label, 0))
            edges = [Edge(t, (info.iri,), value) for t in things]
            parts: list[Part] = [*(e for k, e in enumerate(edges) if k not in denied), *(Not((edges[k],)) for k in denied)]
            has = join([n.label for k, (_, n) in enumerate(peers) if k not in denied])
            lacks = join([peers[k][1].label for k in denied])
            noun = plural(self._noun(info))
            said = f"{noun} of {has}" if denied else f"{noun} that {has} have in common"
            said += f" that {lacks} {'does' if len(denied) == 1 else 'do'} not have" if denied else ""
            yield self._candidate(
                scan, info, link, at, value, tuple(parts), said, frozenset(i for i, _ in peers), tokens, tuple(peers), -0.04
            )  # fmt: skip

    def _denied(self, scan: Scan, i: int) -> bool:
        """Whether a thing is named as one that has not: 'not X', 'X does not'."""
        behind = scan.question[scan.mentions[i].end : scan.end]
        return self.grammar.negated(scan, i) or bool(_DENIED.match(behind.strip()))

    def chained(self, scan: Scan) -> Iterator[Candidate]:
        """'the P of the Q of X': a value of a value."""
        if scan.cues.yes_no:
            return
        named = [(i, n, self.schema.properties[n.iri]) for i, n in scan.links("property") if n.iri in self.schema.properties]
        for at, link, info in named:
            for mid, _, inner in named:
                near = [(i, x) for i, x in scan.links("entity") if x.score >= 0.7 and self.connections.holds(x.iri, inner.iri)]
                for i, thing in near[:1]:
                    if scan.first_token(at) < scan.first_token(mid) < scan.first_token(i) and inner.objects & info.subjects:
                        value, via = Var(var_name(info.named.label, 0)), Var("via")
                        parts = (Edge(thing.iri, (inner.iri,), via), Edge(via, (info.iri,), value))
                        said = f"{self._noun(info)} of the {inner.named.label} of {thing.label}"
                        used = frozenset({i, mid})
                        yield self._candidate(scan, info, link, at, value, parts, said, used, frozenset(), ((i, thing),), 0.0)

    # ------------------------------------------------------------ of a set of things

    def of_sets(self, scan: Scan) -> Iterator[Candidate]:
        """'P of the things that ...', 'who V the things that ...': the values are asked for, the things are not."""
        if scan.cues.yes_no or scan.cues.count or any(o.kind == "order" for o in scan.ops):
            return
        for at, link, info in self._asked(scan):
            if not self._leads(scan, at):
                continue
            for target, cls, of in self._things(scan, at, info):
                for chosen in islice(self.listing.choices(scan, target, cls, TARGET, skip=frozenset({at})), READINGS):
                    if chosen:
                        yield self._of_set(scan, at, link, info, target, cls, of, chosen)

    def _leads(self, scan: Scan, at: int) -> bool:
        """Whether what is asked for opens the ask: 'under which licences', 'who maintains', 'creators of'."""
        if at == NAMELESS:
            return True
        first = scan.first_token(at)
        words = [t.norm for t in scan.tokens]
        if words[:2] == ["which", "ones"]:
            return False
        ahead = [i for i, n in scan.links("entity", "class") if scan.first_token(i) < first]
        return not ahead and not (set(words[max(0, first - 2) : first]) & _EACH) and (bool(set(words[:first]) & _SELF) or first <= 2)

    def _things(self, scan: Scan, at: int, info: PropertyInfo) -> Iterator[tuple[int, Iri, str]]:
        """The class whose things have the values: named, or what a name in the plural classes, or the dataset's own subject."""
        named = [(i, n) for i, n in scan.links("class") if i != at and {*self.schema.subclasses(n.iri)} & info.subjects]
        for i, link in named[:2]:
            yield i, link.iri, link.label
        focus = self.schema.focus
        several = any(t.norm in ("things", "ones", "those") for t in scan.tokens) or any(
            scan.mentions[i].text(scan.question).lower().endswith("s") and focus in self.connections.pointing(n.iri)
            for i, n in scan.links("entity")
        )
        if not named and focus is not None and focus in info.subjects and several:
            yield -1, focus, self.lexicon.label(focus)

    def _of_set(
        self, scan: Scan, at: int, link: Link, info: PropertyInfo, target: int, cls: Iri, of: str, chosen: tuple[Constraint, ...]
    ) -> Candidate:  # fmt: skip
        value = Var(var_name(info.named.label, 0) if var_name(info.named.label, 0) != TARGET.name else "value")
        parts = (IsA(TARGET, self.schema.subclasses(cls)), *combined(scan, chosen), Edge(TARGET, (info.iri,), value))
        said = f"{plural(self._noun(info))} of the {plural(of)} {said_of(scan, chosen)}"
        used = frozenset({target} - {-1}).union(*(c.mentions for c in chosen))
        tokens = frozenset().union(*(c.tokens for c in chosen)) | self.grammar.spoken(scan, [c.property for c in chosen if c.property])
        links = tuple((i, c.wanted) for c in chosen for i in c.mentions if c.wanted)
        cost = sum(c.cost for c in chosen) - 0.03
        return self._candidate(scan, info, link, at, value, parts, said, used, tokens, links, cost, chosen)

    def _noun(self, info: PropertyInfo) -> str:
        kinds = sorted((c for c in info.objects if c in self.schema.classes), key=lambda c: (self.schema.classes[c].count, c))
        return value_noun(info, [self.lexicon.label(c) for c in kinds])

    def _candidate(
        self, scan: Scan, info: PropertyInfo, link: Link, at: int, value: Var, parts: tuple[Part, ...], said: str, used: frozenset[int],
        tokens: frozenset[int], links: tuple[tuple[int, Link], ...], cost: float, chosen: tuple[Constraint, ...] = (),
    ) -> Candidate:  # fmt: skip
        frame = ListFrame(self._noun(info), None, chosen, said=said, valued=True, values=True)
        tokens |= self.grammar.spoken(scan, [info.iri]) | (frozenset({0, 1}) if at == NAMELESS else frozenset())
        graph = QueryGraph(value, parts, (value,))
        own = used | ({at} if at >= 0 else set())
        cost += 0.1 if link.kind == "class" else 0.0  # the class of the values is named, the property is not
        return Candidate("list", frame, said, graph, own, tokens, ((at, link), *links), cost + (1 - link.score) * 0.3)
