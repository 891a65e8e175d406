"""From a scanned ask to candidate readings: every shape of question that its mentions and operators admit.

Candidates are built generously and cheaply; ``rank`` chooses. A constraint that cannot bind is never built, because
``connect`` asks the store which properties join the things that were named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from assistant.connect import Connections, Hop
from assistant.facts import FactBuilder
from assistant.frames import Candidate, CompareFrame, Constraint, ProfileFrame, SinceFrame, VerdictFrame
from assistant.grammar import Grammar, combined, that
from assistant.lexicon import Lexicon
from assistant.lists import TARGET, ListBuilder
from assistant.measured import MeasureBuilder
from assistant.nearby import NearBuilder
from assistant.phrase import ENDS
from assistant.scan import Scan
from assistant.semantic import PropertySense
from assistant.sets import SetBuilder
from assistant.sums import SumBuilder
from assistant.tables import TableBuilder
from assistant.types import Edge, Link, QueryGraph
from assistant.values import ValueBuilder
from assistant.words import join
from graph.schema import Schema
from graph.terms import SKOS

AROUND = 0.25  # cost of a yes/no by way of something else that points to the thing
SOLE = frozenset("pure purely solely exclusively only".split())  # before a value: it and no other


class Parser:
    """Builds candidates for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, connections: Connections, sense: PropertySense) -> None:
        self.schema, self.lexicon, self.connections, self.sense = schema, lexicon, connections, sense
        self.grammar = Grammar(schema, lexicon, connections)
        self.constrain = self.grammar.constrain
        self.facts = FactBuilder(self.grammar, sense)
        self.listing = ListBuilder(self.grammar)
        self.sets = SetBuilder(self.grammar, self.listing)
        self.tables = TableBuilder(self.grammar, self.listing)
        self.values = ValueBuilder(self.grammar, self.listing)
        self.sums = SumBuilder(self.grammar, self.listing)
        self.nearby = NearBuilder(self.grammar, self.listing)
        self.measured = MeasureBuilder(self.grammar, self.listing)
        self.figures = self.measured.measured

    def candidates(self, scan: Scan) -> list[Candidate]:
        """All candidate readings of an ask but remarks and recommendations, which have their own rooms."""
        builders = [self.facts.facts, self.listing.lists, self.tables.tables, self.sums.sums, self.sets.sets]
        builders += [self.sets.every, self.sets.together, self.sets.alike, self.values.shared, self.values.of_sets, self.values.chained]
        builders += [self.verdicts, self.directed, self.since, self.profiles, self.comparisons, self.nearby.near, self.figures]
        return [c for build in builders for c in build(scan)]

    def verdicts(self, scan: Scan) -> Iterator[Candidate]:
        """Whether a thing meets the conditions."""
        focus = self.schema.focus
        central = any(focus and self.grammar.is_a(n.iri, focus) and n.score > 0.7 for _, n in scan.links("entity"))
        behind = {j for _, j in scan.glued}
        for i, subject in scan.links("entity")[:8]:
            if self.constrain.is_feature(subject.iri) or i in behind:
                continue
            if central and focus and not self.grammar.is_a(subject.iri, focus):
                continue
            for cls in sorted(self.lexicon.classes_of.get(subject.iri, frozenset()) & set(self.schema.classes))[:3]:
                if cls == SKOS.Concept:
                    continue
                for chosen in islice(self.listing.choices(scan, -1, cls, subject.iri, subject=i), 6):
                    if chosen:
                        yield self._verdict(scan, i, subject, chosen)

    def directed(self, scan: Scan) -> Iterator[Candidate]:
        """'is X built on Y?' where it is Y that is built on X, or neither: asked is what is said, not what would bind."""
        things = [(i, n) for i, n in scan.links("entity") if n.score >= 0.7] if scan.cues.yes_no else []
        for i, subject in things:
            for k, target in things:
                if scan.first_token(i) < scan.first_token(k) and not self.grammar.negated(scan, k):
                    yield from self._one_way(scan, i, subject, k, target)

    def _one_way(self, scan: Scan, i: int, subject: Link, k: int, target: Link) -> Iterator[Candidate]:
        kinds, others = (self.lexicon.classes_of.get(n.iri, frozenset()) for n in (subject, target))
        for j, prop in scan.links("property"):
            info = self.schema.properties.get(prop.iri)
            joined = self.connections.between(subject.iri, target.iri)
            fits = info is not None and info.subjects & kinds and info.objects & others and kinds & others
            met = {(Hop(prop.iri),), (Hop(prop.iri, True),)} & {*joined}
            if not self._leads(scan, i, j, k) or not (fits or met):
                continue
            parts = (Edge(subject.iri, (prop.iri,), target.iri),)
            said = self.constrain.path_english((Hop(prop.iri),), target.label)
            made = Constraint(parts, said, frozenset({j, k}), property=prop.iri, wanted=target)
            yield self._verdict(scan, i, subject, (replace(made, cost=self.listing.against(scan, k, made) - 0.01),))

    def _leads(self, scan: Scan, i: int, j: int, k: int) -> bool:
        """'X is built on Y', 'X depends on Y': the words of a property with their preposition lead from one thing to the other."""
        last = max(scan.inside(j), default=-1)
        behind = {scan.tokens[t].norm for t in (last, last + 1) if 0 <= t < len(scan.tokens)}
        return scan.first_token(i) < scan.first_token(j) < scan.first_token(k) and bool(behind & ENDS)

    def _verdict(self, scan: Scan, i: int, subject: Link, chosen: tuple[Constraint, ...]) -> Candidate:
        any_of = self.listing.any_of(scan, chosen)
        graph = QueryGraph(TARGET, tuple(combined(scan, chosen)), ask=True)
        said = f"whether {subject.label} is among those {join([that(c.english) for c in chosen], 'or' if any_of else 'and')}"
        mentions = frozenset({i}).union(*(c.mentions for c in chosen))
        spoken = self.grammar.spoken(scan, [c.property for c in chosen if c.property])
        tokens = frozenset().union(*(c.tokens for c in chosen)) | spoken
        links = ((i, subject), *((j, c.wanted) for c in chosen for j in c.mentions if c.wanted))
        cost = sum(c.cost for c in chosen) + (1 - subject.score) * 0.3
        cost += AROUND * sum(len(c.via) > 1 and c.inverse for c in chosen)
        sole = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in SOLE and t + 1 in {scan.first_token(j) for j in mentions - {i}})
        said += " and of nothing else" if sole else ""
        frame = VerdictFrame(subject.iri, chosen, any_of, bool(sole))
        return Candidate("yes-no", frame, said, graph, mentions, tokens | sole, links, cost)

    def since(self, scan: Scan) -> Iterator[Candidate]:
        """Since which version or date a thing has a feature."""
        if not scan.cues.when:
            return
        focus = self.schema.focus
        for i, subject in scan.links("entity"):
            for j, feature in scan.links("entity"):
                if i != j and focus and self.grammar.is_a(subject.iri, focus) and not self.grammar.is_a(feature.iri, focus):
                    tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in _SINCE)
                    level = frozenset(k for k, _ in scan.links("level"))
                    said = f"since when {subject.label} has {feature.label}"
                    cost = (2 - subject.score - feature.score) * 0.3 + (0.0 if self.constrain.is_feature(feature.iri) else 0.03)
                    cost += 0.0 if self.connections.qualified(subject.iri, feature.iri) else 0.15
                    yield Candidate(
                        "fact",
                        SinceFrame(subject.iri, feature.iri),
                        said,
                        None,
                        frozenset({i, j}) | level,
                        tokens,
                        ((i, subject), (j, feature)),
                        cost,
                    )

    def profiles(self, scan: Scan) -> Iterator[Candidate]:
        """What one thing is."""
        behind = {j for _, j in scan.glued}
        for i, link in scan.links("entity", "class", "property", "level"):
            if i in behind:
                continue
            kind = "definition" if not self.grammar.has_headlines(link.iri) else "fact"
            said = f"what {link.label} is"
            yield Candidate(
                "definition" if scan.cues.define and kind == "definition" else "definition" if kind == "definition" else "fact",
                ProfileFrame(link.iri, kind == "definition"), said, None, frozenset({i}), frozenset(), ((i, link),),
                0.05 + (1 - link.score) * 0.3 + (0.0 if link.kind == "entity" else 0.04),
            )  # fmt: skip

    def comparisons(self, scan: Scan) -> Iterator[Candidate]:
        """Two to five things of one kind beside each other, perhaps in one respect."""
        peers = self._side_by_side(scan) or self.grammar.peers(scan)
        if len(peers) < 2 and (scan.cues.compare or scan.cues.difference):
            peers = self.grammar.named(scan)
        if len(peers) < 2:
            return
        subjects = tuple(n.iri for _, n in peers[:5])
        used = frozenset(i for i, _ in peers[:5])
        focus = tuple((i, n) for i, n in self._foci(scan, used))
        tokens = frozenset(t for t, k in enumerate(scan.tokens) if k.norm in _COMPARING)
        said = f"how {join([n.label for _, n in peers[:5]])} differ" + (f" in {join([n.label for _, n in focus])}" if focus else "")
        frame = CompareFrame(subjects, tuple(n.iri for _, n in focus), self._unknown(scan, used, tokens))
        yield Candidate("comparison", frame, said, None, used | {i for i, _ in focus}, tokens, (*peers[:5], *focus), 0.0)

    def _side_by_side(self, scan: Scan) -> list[tuple[int, Link]]:
        """'X vs Y for Z': the things that 'vs' or 'or' joins, of one class, where another thing of their kind only says what for."""
        named = self.grammar.named(scan)
        joined = [k for k in range(len(named) - 1) if _JOINED.fullmatch(self._between(scan, named[k][0], named[k + 1][0]))]
        while joined and joined[0] > 0 and self._between(scan, named[joined[0] - 1][0], named[joined[0]][0]).strip() == ",":
            joined.insert(0, joined[0] - 1)  # 'X, Y or Z'
        found = [named[k] for k in sorted({*joined, *(k + 1 for k in joined)})]
        alone = len(found) == len(named) or not all(self._is_purpose(scan, i) for i, n in named if (i, n) not in found)
        return [] if len(found) < 2 or alone or self.grammar.shared_class([n.iri for _, n in found]) is None else found

    def _unknown(self, scan: Scan, used: frozenset[int], tokens: frozenset[int]) -> tuple[str, ...]:
        """Names in the row of what is compared ('X, Q or Y') that link to nothing."""
        left = scan.unexplained(used, tokens)
        return tuple(w for w in left if w[:1].isupper() and re.search(rf"(,|\bor|\bvs\.?|\bversus)\s+{re.escape(w)}\b", scan.text))

    def _between(self, scan: Scan, i: int, j: int) -> str:
        return scan.question[scan.mentions[i].end : scan.mentions[j].start]

    def _foci(self, scan: Scan, used: frozenset[int]) -> Iterable[tuple[int, Link]]:
        seen: set[int] = set()
        for i, link in scan.links("property", "entity", "aspect"):
            feature = link.kind != "entity" or self.constrain.is_feature(link.iri) or (link.score > 0.9 and self._is_purpose(scan, i))
            if {scan.tokens[t].norm for t in scan.inside(i)} <= _COMPARING:
                continue  # 'the difference between X and Y' asks for no difference in the difference
            if i not in used and i not in seen and feature:
                seen.add(i)
                yield i, link

    def _is_purpose(self, scan: Scan, i: int) -> bool:
        """'X or Y for Z': a thing of another kind, in view of which the two are compared."""
        first = scan.first_token(i)
        return bool({k.norm for k in scan.tokens[max(0, first - 3) : first]} & _IN_VIEW)

_SINCE = frozenset("when since version first got added introduced native get gain date year release".split())
_JOINED = re.compile(r"\W*(vs\.?|versus|or|against)\W*", re.I)
_IN_VIEW = frozenset("for with under behind alongside inside".split())
_COMPARING = frozenset(
    """vs versus compare comparing comparison compared difference differences differ different between better or than over against
    distinction apart similar same alternatives alternative pros cons""".split()
)
