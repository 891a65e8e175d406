"""Candidates for what things share, and for what one has and another lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from assistant.frames import Candidate, CommonFrame, Constraint, EveryFrame, VerdictFrame
from assistant.grammar import Builder, Grammar, combined, said_of
from assistant.lists import TARGET, ListBuilder
from assistant.scan import Scan
from assistant.types import Edge, IsA, Link, OneOf, QueryGraph, Var
from assistant.words import join, plural

_COMMON = re.compile(r"\b(in common|share[sd]?|similarit(y|ies)|(both|all) (have|offer|support|use))\b", re.I)
_LACKS = re.compile(
    r"\b(lacks?|missing|miss(es)?|(does|do)(n['’]?t| not) (have|offer|support)|has(n['’]?t| not)|without|(can|could) ?n['’]?t|cannot)\b",
    re.I,
)
_ALL = re.compile(r"\b(both|all|neither)\b", re.I)
_WORDS = frozenset("common share shares shared similarities similarity both all features feature lack lacks missing has have had".split())


class SetBuilder(Builder):
    """Builds candidates for one opened graph."""

    def __init__(self, grammar: Grammar, listing: ListBuilder) -> None:
        super().__init__(grammar)
        self.listing = listing

    def every(self, scan: Scan) -> Iterator[Candidate]:
        """'do all X that are Y have Z?': what stands before the noun or beside it is given, the rest is asked."""
        if not scan.cues.every:
            return
        named = [(i, n.iri, i) for i, n in scan.links("class") if i not in self.grammar.names(scan, None)]
        named += [(i, c, -1) for i, n in scan.links("entity") for c in self.connections.pointing(n.iri)[:1] if n.score > 0.7]
        if not named:
            return
        last, cls, at = min(named, key=lambda n: n[0])
        label = self.lexicon.label(cls)
        for chosen in islice(self.listing.choices(scan, at, cls, TARGET), 4):
            given = tuple(c for c in chosen if c.mentions and all(i <= last for i in c.mentions))
            asked = tuple(c for c in chosen if c not in given)
            if not asked:
                continue
            graph = QueryGraph(TARGET, (IsA(TARGET, self.schema.subclasses(cls)), *combined(scan, given)), (TARGET,))
            that = f" {said_of(scan, given)}" if given else ""
            said = f"whether all {plural(label)}{that} {join([c.english for c in asked])}"
            used = frozenset({last}).union(*(c.mentions for c in chosen))
            tokens = frozenset({0, 1}).union(*(c.tokens for c in chosen))
            yield Candidate("yes-no", EveryFrame(label, cls, given, asked), said, graph, used, tokens, (), sum(c.cost for c in chosen))

    def together(self, scan: Scan) -> Iterator[Candidate]:
        """'do X and Y both lack Z?': a condition on each of the things named."""
        peers = self.grammar.peers(scan)
        both = [t for t, k in enumerate(scan.tokens) if k.norm in ("both", "all", "each")]
        cls = self.grammar.shared_class([n.iri for _, n in peers]) if len(peers) > 1 else None
        if not scan.cues.yes_no or not both or cls is None:
            return
        things = frozenset(i for i, _ in peers)
        names = join([n.label for _, n in peers])
        for chosen in islice(self.listing.choices(scan, -1, cls, TARGET, skip=things), 3):
            if chosen:
                graph = QueryGraph(TARGET, (OneOf(TARGET, tuple(n.iri for _, n in peers)),), (TARGET,))
                said = f"whether {names} all {join([c.english for c in chosen])}"
                used = things.union(*(c.mentions for c in chosen))
                tokens = frozenset({0, *both}).union(*(c.tokens for c in chosen))
                tokens |= frozenset(t for o in scan.ops if o.kind == "not" for t in range(o.first, o.last))
                frame = EveryFrame(self.lexicon.label(cls), cls, (), chosen)
                yield Candidate("yes-no", frame, said, graph, used, tokens, tuple(peers), sum(c.cost for c in chosen))

    def alike(self, scan: Scan) -> Iterator[Candidate]:
        """'do X and Y have the same P?', 'did the same person make X and Y?': whether a value of one is a value of the other."""
        peers = self.grammar.peers(scan)
        words = [t.norm for t in scan.tokens]
        if not scan.cues.yes_no or len(peers) != 2 or "same" not in words:
            return
        (i, one), (j, other) = peers
        named = [(k, n) for k, n in scan.links("property") if k not in (i, j)]
        named += [(-1, n) for t in scan.tokens for n in self.lexicon.by_key.get((t.stem, "by"), ()) if n.kind == "property"]
        for k, link in named[:3]:
            if link.iri in self.schema.properties and all(self.connections.holds(n.iri, link.iri) for n in (one, other)):
                value = Var("shared")
                parts = (Edge(one.iri, (link.iri,), value), Edge(other.iri, (link.iri,), value))
                said = f"whether {one.label} and {other.label} have the same {link.label}"
                frame = VerdictFrame(one.iri, (Constraint(parts, f"with the {link.label} of {other.label}", property=link.iri),))
                tokens = frozenset(t for t, w in enumerate(words) if w in ("same", "share", "man", "person", "people", "company"))
                tokens |= self.grammar.spoken(scan, [link.iri])
                graph = QueryGraph(TARGET, parts, ask=True)
                yield Candidate("yes-no", frame, said, graph, frozenset({i, j, k} - {-1}), tokens, tuple(peers), 0.0)

    def sets(self, scan: Scan) -> Iterator[Candidate]:
        """'what do X and Y have in common', 'what does X have that Y lacks'."""
        if scan.cues.yes_no or scan.cues.recommend:
            return
        peers = self.grammar.peers(scan)
        if len(peers) < 2:
            return
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in _WORDS)
        features = any(k.norm.startswith("featur") for k in scan.tokens)
        if _COMMON.search(scan.text) and not _LACKS.search(scan.text):
            said = f"what {join([n.label for _, n in peers])} have in common"
            yield self._candidate(CommonFrame(tuple(n.iri for _, n in peers), features=features), said, peers, tokens)
        elif _LACKS.search(scan.text) and _ALL.search(scan.text):
            said = f"what {join([n.label for _, n in peers])} all lack"
            tokens |= frozenset(t for o in scan.ops if o.kind == "not" for t in range(o.first, o.last))
            frame = CommonFrame(tuple(n.iri for _, n in peers), features=True, absent=True)
            named = [(i, n) for i, n in scan.links("class") if features]
            yield self._candidate(frame, said, [*peers, *named], tokens)
        elif len(peers) == 2 and _LACKS.search(scan.text):
            has, lacks = self._sides(scan, peers[0], peers[1])
            peers = [*peers, *((k, n) for k, n in scan.links("level", "class") if n.kind == "level" or features)]
            said = f"what {has.label} has and {lacks.label} has not"
            unstated = bool(scan.links("level")) or "missing" in {t.norm for t in scan.tokens}  # more than 'said not to be there'
            yield self._candidate(CommonFrame((has.iri,), lacks.iri, features, unstated=unstated), said, peers, tokens)

    def _sides(self, scan: Scan, first: tuple[int, Link], second: tuple[int, Link]) -> tuple[Link, Link]:
        """Who has and who lacks: the one next before the denial lacks it, or where there is none before it, the one after."""
        found = _LACKS.search(scan.question, scan.start)
        at = found.start() if found else scan.end
        before = [n for i, n in (first, second) if scan.mentions[i].start < at]
        lacks = before[-1] if before else first[1]
        if found and scan.question[found.end() :].strip().startswith(("from", "in ")):  # 'what X has is missing from Y'
            after = [n for i, n in (first, second) if scan.mentions[i].start > at]
            lacks = after[0] if after else lacks
        return (second[1], first[1]) if lacks == first[1] else (first[1], second[1])

    def _candidate(self, frame: CommonFrame, said: str, peers: list[tuple[int, Link]], tokens: frozenset[int]) -> Candidate:
        return Candidate("comparison", frame, said, None, frozenset(i for i, _ in peers), tokens, tuple(peers), -0.05)
