"""How two things are related: what joins them at once, what is said of both, and the most informative paths between them."""

from __future__ import annotations

from assistant.compose import Outcome
from assistant.describe import Describer
from assistant.draft import Draft
from assistant.frames import TiesFrame
from assistant.remarks import Remark
from assistant.say import Speaker, plain
from graph.network import Network, Way
from graph.terms import FG
from graph.types import Fact, Iri

SHOWN = 3  # paths
BESIDE = 2  # the same where the two are joined at once
REMARKS = 2
DIRECT = 6


class Ties:
    """Tells what joins things of one opened graph."""

    def __init__(self, network: Network, describer: Describer) -> None:
        self.network, self.describer = network, describer
        self.schema, self.lexicon = describer.schema, describer.lexicon
        self.speaker = Speaker(self.schema, self.lexicon)

    def tell(self, draft: Draft, frame: TiesFrame) -> Outcome:
        """Direct statements, then what sources say of both, then paths, each step as a sentence of its own."""
        one, other = frame.subjects
        names = [plain(self.lexicon.label(t)) for t in frame.subjects]
        out = Outcome("remark", things=[one, other], names=[self.lexicon.label(t) for t in frame.subjects])
        direct, ways = self._found(one, other)
        for fact in direct:
            self._statement(draft, fact)
        remarks = self._of_both(draft, one, other)
        for remark in remarks[:REMARKS]:
            self.describer.tell(draft, remark)
        if not direct and not remarks and ways:
            draft.say(f"Nothing that is stated joins {names[0]} and {names[1]} at once.", tone="not-stated")
        self._paths(draft, ways, bool(direct or remarks))
        facts = [*direct, *(f for w in ways for step in w.steps for f in step), *(r.fact for r in remarks[:REMARKS])]
        if not facts:
            draft.say(f"The graph states nothing that joins {names[0]} and {names[1]}, at once or in four steps.", tone="not-stated")
            out.empty = out.abstained = True
            return out
        out.sparql = self._query(draft, facts)
        draft.ask(out.sparql)
        out.rows = [self._row("stated", direct)] if direct else []
        out.rows += [{"path": self._route(w), "says": " ".join(self._said(step[0]) for step in w.steps)} for w in ways]
        out.rows += [{"path": "said of both", "says": r.says} for r in remarks[:REMARKS]]
        return out

    def _found(self, one: Iri, other: Iri) -> tuple[tuple[Fact, ...], tuple[Way, ...]]:
        """What joins two things at once, and the paths that are worth telling besides."""
        direct = self.network.direct(one, other)[:DIRECT]
        ways = self.network.ways(one, other, SHOWN)
        if direct:  # what joins them at once needs no detour, but what both point at tells more
            ways = tuple(w for w in ways if self._is_common(w))[:BESIDE]
        return direct, ways

    def routes(self, one: Iri, other: Iri) -> tuple[tuple[str, ...], ...]:
        """The paths that are told, as names; the two names alone where a statement joins them at once."""
        direct, ways = self._found(one, other)
        at_once = [tuple(self.lexicon.label(t) for t in (one, other))] if direct else []
        return (*at_once, *(tuple(self.speaker.term(t) for t in w.nodes) for w in ways))

    def _is_common(self, way: Way) -> bool:
        """Whether both things point at what is between them."""
        ends = {way.nodes[0], way.nodes[-1]}
        return len(way.steps) == 2 and all(any(f.subject in ends for f in step) for step in way.steps)

    def _row(self, name: str, facts: tuple[Fact, ...]) -> dict[str, str]:
        return {"path": name, "says": " ".join(self._said(f) for f in facts)}

    def _query(self, draft: Draft, facts: list[Fact]) -> str:
        """The query whose solutions are the statements told."""
        triples = " ".join(f"({f.subject.n3} {f.predicate.n3} {f.object.n3})" for f in dict.fromkeys(facts))
        body = f"VALUES (?subject ?property ?value) {{ {triples} }} ?subject ?property ?value"
        return f"SELECT ?subject ?property ?value {draft.kg.wrap(body)}"

    def _statement(self, draft: Draft, fact: Fact, bullet: bool = False) -> None:
        draft.say(self._said(fact), [fact], block="bullet" if bullet else "prose")

    def _said(self, fact: Fact) -> str:
        assert isinstance(fact.subject, Iri)
        return self.speaker.statement(fact.subject, fact.predicate, [fact.object])

    def _paths(self, draft: Draft, ways: tuple[Way, ...], also: bool) -> None:
        for n, way in enumerate(ways):
            between = " and ".join(f"**{plain(self.speaker.term(t))}**" for t in way.nodes[1:-1])
            draft.say(f"{'Also by' if also or n else 'By'} way of {between}:", tone="frame")
            for step in way.steps:
                self._statement(draft, self._telling(step), True)

    def _telling(self, step: tuple[Fact, ...]) -> Fact:
        """Of several statements of one step, the one whose property says most: what does not change, then the rarer."""
        info = {f: self.schema.property(f.predicate) for f in step}
        return min(step, key=lambda f: (info[f].volatile, info[f].count, f.key))

    def _route(self, way: Way) -> str:
        return " - ".join(self.speaker.term(t) for t in way.nodes)

    def _of_both(self, draft: Draft, one: Iri, other: Iri) -> list[Remark]:
        """Remarks about both: those that tell them apart or speak of a move first, facts before claims, few things before many."""
        remarks = self.describer.remarks
        wanted = self.describer.serving(draft, FG.tellApart) | self.describer.serving(draft, FG.move)
        both = [remarks.remarks[i] for i in remarks.about.get(one, ()) if other in remarks.remarks[i].about]
        return sorted(both, key=lambda r: (len(r.about), r.claim, not set(r.aspects) & wanted, r.iri))
