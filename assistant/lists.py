"""Candidates for lists, counts and superlatives: the things of a class that meet every condition in the ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from assistant.conditions import ConditionBuilder
from assistant.frames import Candidate, Constraint, ListFrame
from assistant.grammar import PARTED, combined, groups_of, said_of, that, var_name
from assistant.scan import Scan
from assistant.types import Edge, Exclude, IsA, Link, Maybe, OneOf, Part, QueryGraph, Var
from assistant.words import join, plural, valued
from graph.schema import PropertyInfo
from graph.types import Iri

TARGET = Var("x")
_DOING = frozenset("what who which whatever everything anything those".split())
_BESIDE = frozenset("their its respective known together along including".split())


class ListBuilder(ConditionBuilder):
    """Builds list candidates for one opened graph."""

    def lists(self, scan: Scan, of: Iri | None = None) -> Iterator[Candidate]:
        """The things of a class that meet every condition in the ask; ``of`` is the class where none is named."""
        targets = [*self._targets(scan)]
        if of is not None and not scan.links("class"):
            targets = [(-1, of, self.lexicon.label(of), 0.0)]
        for at, cls, noun, cost in targets:
            beside = self._columns(scan, at, cls) if cls is not None else {}
            for chosen in self.choices(scan, at, cls, TARGET, skip=frozenset(beside)):
                yield from self.listed(scan, at, cls, noun, chosen, cost, beside)

    def _targets(self, scan: Scan) -> Iterator[tuple[int, Iri | None, str, float]]:
        """What may be asked for: each class that is named, else the dataset's own focus."""
        names = self.grammar.names(scan, None)
        classes = [(i, n) for i, n in scan.links("class") if i not in names]
        unnamed = [t.norm for t in scan.tokens[:2]] == ["which", "ones"]
        for rank, (i, link) in enumerate(classes[:4]):
            yield i, link.iri, link.label, 0.04 * rank + (0.0 if link.score > 0.95 else 0.05) + (0.3 if unnamed else 0.0)
        for cls in self._doers(scan) if not classes else ():
            yield -1, cls, self.lexicon.label(cls), -0.04
        focus = self.schema.focus
        if focus is not None and not any(n.iri == focus for _, n in classes):
            yield -1, focus, self.lexicon.label(focus), 0.06
        for cls in self._implied(scan):
            first = min((scan.first_token(i) for i, _ in scan.links("entity")), default=-1)
            asked = any(o.kind == "order" and o.last == first for o in scan.ops)
            yield -1, cls, self.lexicon.label(cls), -0.2 if asked else -0.02
        yield from self._peer_target(scan)

    def _doers(self, scan: Scan) -> tuple[Iri, ...]:
        """'what extends X and adds Y': the kinds of thing that have every property by which something is done."""
        infos = [self.schema.properties[n.iri] for i, n in scan.links("property") if n.iri in self.schema.properties and n.score > 0.9]
        opening = scan.tokens[0].norm if scan.tokens else ""
        first = min((scan.first_token(i) for i, _ in scan.links("property")), default=99)
        if opening not in _DOING or first > 3 or not infos or scan.cues.yes_no:
            return ()
        shared = frozenset.intersection(*(p.subjects for p in infos)) & set(self.schema.classes)
        return tuple(sorted(shared, key=lambda c: (c == self.schema.focus, self.schema.classes[c].count, c)))[:2] if len(infos) > 1 else ()

    def _implied(self, scan: Scan) -> tuple[Iri, ...]:
        """'the newest oil painting': a name that classes things asks for those things, when it comes before any class noun."""
        named = scan.links("class")
        nouns = {i for i, _ in named}  # 'packages' is a kind of thing before it is the name of one
        first = next(((i, n) for i, n in scan.links("entity") if n.score > 0.7 and i not in nouns), None)
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
        if len(peers) > 1 and (any(o.kind == "order" for o in scan.ops) or self._which_of(scan)):
            cls = self.grammar.shared_class([n.iri for _, n in peers])
            if cls is not None:
                yield -2, cls, self.lexicon.label(cls), -0.1

    def _which_of(self, scan: Scan) -> bool:
        """'which of X and Y ...', 'X or Y: which ...'."""
        return bool(_WHICH_OF.search(scan.text))

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
        if at == -2 and order is None and not (self._which_of(scan) and kept):
            return  # things side by side without an order that is known: nothing to list
        used = frozenset({at} - {-1, -2}).union(gone, *(c.mentions for c in kept))
        tokens = tokens.union(*(c.tokens for c in kept)) if kept else tokens
        tokens |= self._small_words(scan, len(kept))
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
            valued(scan.text),
        )  # fmt: skip
        counted = scan.cues.count and order is None and not (beside and _NUMBER_BESIDE.search(scan.text))
        graph = QueryGraph(TARGET, tuple(parts), columns, count=counted, order=order)
        links = ((at, Link(cls, noun, "class", 1.0)),) if at >= 0 and cls else ()
        said = self.list_english(frame, tuple(n.label for _, n in out)) + (f", among {join([n.label for _, n in peers])}" if peers else "")
        total = cost + sum(c.cost for c in kept)
        if not kept and not order and (scan.cues.define or not (scan.cues.listing or scan.cues.count)):
            total += 0.3
        tokens = tokens | self.grammar.spoken(scan, [*(c.property for c in kept if c.property), *frame.columns])
        yield Candidate(
            "count" if graph.count else "list", frame, said, graph, used, tokens,
            (*links, *((i, c.wanted) for c in kept for i in c.mentions if c.wanted), *out), total,
        )  # fmt: skip

    def _small_words(self, scan: Scan, conditions: int) -> frozenset[int]:
        """What carries no condition of its own: denials, 'in total', 'both X and Y at once'."""
        plain = {"total", "altogether", "overall", "all"} if scan.cues.count else set()
        plain |= {"once", "simultaneously"} if conditions > 1 else set()
        said = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in plain)
        return said | frozenset(t for o in scan.ops if o.kind in ("not", "exclude") for t in range(o.first, o.last))

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
            if found & {a, b} and PARTED.fullmatch(_bare(scan.question[scan.mentions[a].end : scan.mentions[b].start])):
                found |= {a, b}
        return {i: infos[i] for i in order if i in found}

    def _asked_beside(self, scan: Scan, i: int, own: set[Iri]) -> bool:
        """'their licence', 'the homepage of all X': what stands before it or behind it says that it is asked for."""
        first, after = scan.first_token(i), max(scan.inside(i), default=-1) + 1
        words = [t.norm for t in scan.tokens]
        if any(o.kind == "compare" and after <= o.first <= after + 2 for o in scan.ops) or self.grammar.negated(scan, i):
            return False  # a condition
        alike = self._alike(words)
        if alike is not None and alike < first <= alike + 3:
            return False  # 'share their P with X'
        classes = [scan.first_token(j) for j, n in scan.links("class") if j != i and n.iri in own]
        classes += [scan.first_token(j) for j, n in scan.links("entity") if j != i and own & set(self.connections.pointing(n.iri))]
        near = any(after < c <= after + 4 for c in classes) or words[after + 1 : after + 2] == ["each"]
        of_things = words[after : after + 1] == ["of"] and near
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


_WHICH_OF = re.compile(r"\bwhich (one )?of\b|\bwhich (one|is|has|does|are)\b", re.I)
_OPTIONAL = re.compile(
    r"(,\s*)?\b(if|where|when|wherever)\s+((it|they|that)\s+(is|are)\s+)?(there\s+(is|are)\s+(one|any)|known|stated|given|available|possible)\b"
    r"(\s*,)?", re.I
)  # fmt: skip
_NUMBER_BESIDE = re.compile(r"\b(with|and|their|its)\s+(the\s+|their\s+|its\s+)?number of\b", re.I)  # a column, no count
_LEAD = re.compile(r"\b(the|a|an|their|its|respective|number of|(year|date|day|time)( (that |when )?(they|it|he|she))?|of each|of)\b", re.I)


def _bare(between: str) -> str:
    """What stands between two names, without 'where known' and articles."""
    return " ".join(_LEAD.sub(" ", _OPTIONAL.sub(" ", between)).split())
