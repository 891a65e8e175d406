"""Yes, no or not stated: each condition of a yes/no question is settled by a statement either way.

"No" needs a statement that says no: another level of the same feature, another value of a property that has only one,
a count of none, a value outside the asked range. What the graph does not state is "not stated", never "no".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant import sparql
from assistant.compose import Outcome
from assistant.connect import Connections
from assistant.dialogue import swap
from assistant.draft import Draft
from assistant.evidence import instantiate
from assistant.frames import Candidate, Constraint, EveryFrame, VerdictFrame
from assistant.gaps import Gaps
from assistant.grammar import that
from assistant.lexicon import Lexicon
from assistant.lists import TARGET
from assistant.say import Speaker
from assistant.types import Compare, Edge, Link, Not, Part, QueryGraph
from assistant.versions import allows, number
from assistant.words import join, plural, sentence_case
from graph.schema import Schema
from graph.terms import SKOS
from graph.types import Fact, Iri, Term

SUPPLIERS = 3  # packages named as suppliers of a feature
MOST = 60  # things of a kind that are settled one by one


@dataclass(frozen=True, slots=True)
class Finding:
    """What settles one condition: True, False or None (not stated), the sentence and its facts."""

    holds: bool | None
    sentence: str
    facts: tuple[Fact, ...] = ()
    value: str = ""


class Judge:
    """Settles yes/no questions over one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, connections: Connections) -> None:
        self.schema, self.lexicon, self.connections = schema, lexicon, connections
        self.speaker = Speaker(schema, lexicon)
        self.gaps = Gaps(schema, lexicon)

    def verdict(self, draft: Draft, candidate: Candidate, frame: VerdictFrame, choice: bool) -> Outcome:
        """Compose the answer; ``choice``: 'A or B?' is answered by the one that holds, not by yes."""
        assert candidate.graph is not None
        query = sparql.query(candidate.graph, draft.kg.wrap)
        draft.ask(query)
        found = [self._settle(draft, frame.subject, c) for c in frame.constraints]
        found = [self._alone(frame.subject, f) for f in found] if frame.sole else found
        holds = self._together([f.holds for f in found], frame.any_of)
        out = Outcome("yes-no", sparql=query, abstained=holds is None, things=[frame.subject])
        if choice and frame.any_of and holds:
            out.kind = "fact"
            out.names = [f.value for f in found if f.holds]
            found = [f for f in found if f.holds]
        word = {True: "Yes", False: "No", None: "Not stated"}[holds]
        ordered = sorted(found, key=lambda f: f.holds is not holds)
        for i, finding in enumerate(ordered):
            said = finding.sentence if finding.holds is not None else sentence_case(finding.sentence)
            if i == 0 and out.kind == "yes-no":
                said = f"{word}. {said}" if holds is not None else f"{word}: {finding.sentence}"
            volatile = any(self.schema.property(f.predicate).volatile for f in finding.facts)
            draft.say(said, finding.facts, "stated" if finding.holds is not None else "not-stated", volatile=volatile)
            if len(ordered) == 1 and len(finding.facts) == 1:
                draft.remind(finding.facts[0])
                self._until(draft, finding.facts[0])
        out.rows = [
            {
                "thing": self.speaker.term(frame.subject),
                "asked": c.english,
                "answer": {True: "yes", False: "no", None: "not stated"}[f.holds],
            }
            for c, f in zip(frame.constraints, found, strict=False)
        ]
        return out

    def _alone(self, subject: Iri, found: Finding) -> Finding:
        """'is it a pure X?': no, where another value of the same property is stated too."""
        prop = found.facts[0].predicate if found.holds and found.facts and found.facts[0].subject == subject else None
        values = self.connections.values(subject, prop) if prop in self.schema.properties else ()
        if prop is None or len(values) < 2:
            return found
        stated = tuple(Fact(subject, prop, v) for v in values)
        return Finding(False, self.speaker.statement(subject, prop, list(values)), stated, found.value)

    def _until(self, draft: Draft, fact: Fact) -> None:
        """Of what is true or false, tell the dates that bound it."""
        for info in self.schema.properties.values() if self.schema.property(fact.predicate).is_boolean else ():
            if info.is_date and fact.predicate in info.bounds and isinstance(fact.subject, Iri):
                for value in self.connections.values(fact.subject, info.iri):
                    bound = Fact(fact.subject, info.iri, value)
                    draft.say(self.speaker.statement(fact.subject, info.iri, [value]), [bound])
                    draft.remind(bound)

    def _together(self, found: list[bool | None], any_of: bool) -> bool | None:
        decisive = any_of
        if any(f is decisive for f in found):
            return decisive
        return None if None in found else not decisive

    def supply(self, draft: Draft, subject: Iri, feature: Iri) -> bool:
        """Tell at which level a thing has a feature, and who supplies it; False where the graph does not say."""
        wanted = Link(feature, self.lexicon.label(feature), "entity", 1.0)
        finding = self._feature(draft, subject, Constraint((), "", wanted=wanted, levels=tuple(sorted(self.schema.levels))))
        if finding.holds is not None:
            draft.say(finding.sentence, finding.facts)
        return finding.holds is not None

    # ------------------------------------------------------------ all things of a kind

    def every(self, draft: Draft, frame: EveryFrame, graph: QueryGraph) -> Outcome:
        """Yes where all meet the condition, no where one is stated not to, else not stated of some."""
        query = sparql.query(graph, draft.kg.wrap)
        everything = list(dict.fromkeys(r[graph.target.name] for r in draft.ask(query)))
        out = Outcome("yes-no", sparql=query)
        findings = [(t, [self._settle(draft, t, bound_to(c, t)) for c in frame.asked]) for t in everything[:MOST] if isinstance(t, Iri)]
        settled = [(t, found, self._together([f.holds for f in found], False)) for t, found in findings]
        no, yes = [s for s in settled if s[2] is False], [s for s in settled if s[2]]
        unknown = [s for s in settled if s[2] is None]
        said = join([c.english for c in frame.asked])
        if not settled:
            out.empty = out.abstained = True
            draft.say(f"The graph knows no {plural(frame.noun)} of that kind.", tone="not-stated")
            return out
        told = no or yes
        facts = [f for _, found, _ in told[:MOST] for one in found for f in one.facts]
        names = self.speaker.shown([t for t, _, _ in told])
        if no:
            draft.say(f"No. {len(no)} of {len(settled)} are stated otherwise: {names}.", facts, "computed")
            draft.say(no[0][1][0].sentence, no[0][1][0].facts)
        elif not unknown:
            draft.say(f"Yes. All {len(settled)} that the graph knows {said}: {names}.", facts, "computed")
        else:
            rest = self.speaker.shown([t for t, _, _ in unknown])
            draft.say(f"Not stated for all: {len(yes)} of {len(settled)} {said}; of {rest} the graph does not say.", facts, "not-stated")
        out.things = [t for t, _, _ in told]
        out.names = [self.speaker.term(t) for t in out.things]
        return out

    # ------------------------------------------------------------ one condition

    def _settle(self, draft: Draft, subject: Iri, c: Constraint) -> Finding:
        if c.levels and c.wanted:
            return self._feature(draft, subject, c)
        if any(isinstance(p, Compare) for p in c.parts):
            return self._range(draft, subject, c)
        positive = c.parts[0].parts if len(c.parts) == 1 and isinstance(c.parts[0], Not) else c.parts
        facts = self._facts(draft, positive)
        value = c.wanted.label if c.wanted else ""
        others = [] if facts else self._other_way(draft, subject, c)
        if facts or (others and not _is_named(c)):  # where the property is named, another is told and settles nothing
            return Finding(not c.negated, self._said(facts or others), tuple(facts or others), value)
        absent = self._absent(draft, subject, c, value)
        if not others:
            return absent
        return replace(absent, sentence=f"{absent.sentence} {self._said(others)}", facts=(*absent.facts, *others))

    def _facts(self, draft: Draft, parts: tuple[Part, ...]) -> list[Fact]:
        rows = draft.ask(f"SELECT * {draft.kg.wrap(sparql.body(parts))} LIMIT 5").rows
        return list(dict.fromkeys(f for row in rows for f in instantiate(parts, row)))

    def _other_way(self, draft: Draft, subject: Iri, c: Constraint) -> list[Fact]:
        """The same two things joined by another property than the one tried first; of two of a kind, in the same direction."""
        if c.wanted is None or c.wanted.kind != "entity":
            return []
        kinds = [self.lexicon.classes_of.get(t, frozenset()) - {SKOS.Concept} for t in (subject, c.wanted.iri)]
        alike = bool(kinds[0] & kinds[1]) or _is_named(c)
        for path in self.connections.between(subject, c.wanted.iri):
            if len(path) == 1 and (not alike or path[0].inverse == c.inverse):
                a, b = (c.wanted.iri, subject) if path[0].inverse else (subject, c.wanted.iri)
                return [Fact(a, path[0].property, b)]
        return []

    def _said(self, facts: list[Fact]) -> str:
        said = [self.speaker.statement(f.subject, f.predicate, [f.object]) for f in facts if isinstance(f.subject, Iri)]
        return " ".join(said[:1]) if len(said) == 1 else join([s.rstrip(".") for s in said[:3]]) + "."

    def _absent(self, draft: Draft, subject: Iri, c: Constraint, value: str) -> Finding:
        """No such statement: 'no' where the property has one value only and it is another, else not stated."""
        bound = self._ruled_out(subject, c, value)
        if bound:
            return bound
        name = self.speaker.term(subject)
        known: tuple[Term, ...] = ()
        if c.property and not c.inverse:
            known = self.connections.values(subject, c.property)
        single = len(c.parts) == 1 and bool(c.property) and self._has_one(c.property)
        if known and single and c.property:
            facts = tuple(Fact(subject, c.property, v) for v in known)
            return Finding(c.negated, self.speaker.statement(subject, c.property, list(known)), facts, value)
        label = self.lexicon.label(c.property) if c.property else "that"
        if c.property and not c.inverse and (none := self.connections.counted_none(subject, c.property)):
            return Finding(c.negated, self.speaker.statement(subject, none.predicate, [none.object]), (none,), value)
        if known and c.property:
            facts = tuple(Fact(subject, c.property, v) for v in known)
            told = self.speaker.statement(subject, c.property, list(known))
            return Finding(None, f"the graph does not say that {name} is among those {that(c.english)}. {told}", facts, value)
        return Finding(None, f"the graph gives no {label} for {name}.", (), value)

    def _ruled_out(self, subject: Iri, c: Constraint, value: str) -> Finding | None:
        """'no' where the thing states a requirement that the version asked about does not meet."""
        version = next((v for word in value.split() if (v := number(word))), None)
        for info in self.schema.properties.values() if version and c.property and not c.inverse else ():
            stated = self.connections.values(subject, info.iri) if c.property in info.bounds else ()
            if stated and version and all(allows(str(v), version) is False for v in stated):
                facts = tuple(Fact(subject, info.iri, v) for v in stated)
                return Finding(c.negated, self.speaker.statement(subject, info.iri, list(stated)), facts, value)
        return None

    def _has_one(self, prop: Iri | None) -> bool:
        """Whether a thing has one value of a property at most."""
        info = self.schema.property(prop) if prop else None
        return info is not None and (info.functional or info.is_boolean)

    def _range(self, draft: Draft, subject: Iri, c: Constraint) -> Finding:
        assert c.property is not None
        values = self.connections.values(subject, c.property)
        facts = tuple(Fact(subject, c.property, v) for v in values)
        compared = [p.subject for p in c.parts if isinstance(p, Edge) and isinstance(p.subject, Iri) and p.subject != subject]
        others = tuple(Fact(x, c.property, v) for x in compared for v in self.connections.values(x, c.property))
        if not values:
            return Finding(None, f"the graph gives no {self.lexicon.label(c.property)} for {self.speaker.term(subject)}.")
        said = self.speaker.statement(subject, c.property, list(values))
        for fact in others:
            assert isinstance(fact.subject, Iri)
            said = f"{said} {self.speaker.statement(fact.subject, c.property, [fact.object])}"
        bound = tuple(p for p in c.parts if isinstance(p, (Edge, Compare)))
        holds = bool(draft.ask(f"ASK {draft.kg.wrap(sparql.body(bound))}").boolean)
        return Finding(holds, said, (*facts, *others))

    def _feature(self, draft: Draft, subject: Iri, c: Constraint) -> Finding:
        assert c.wanted is not None
        edge = Edge(subject, tuple(sorted(self.schema.levels)), c.wanted.iri, by="level")
        rows = draft.ask(f"SELECT ?level {draft.kg.wrap(sparql.body((edge,)))}").rows
        levels = [r["level"] for r in rows if isinstance(r["level"], Iri)]
        name = self.speaker.term(subject)
        if not levels:
            return Finding(None, f"the graph does not say whether {name} has {c.wanted.label}.", (), c.wanted.label)
        level = levels[0]
        assert isinstance(level, Iri)
        facts = [Fact(subject, level, c.wanted.iri)]
        said = self.speaker.statement(subject, level, [c.wanted.iri])
        rank = self.schema.ranks.get(level, 0)
        if 0 < rank < max(self.schema.ranks.values()) and (supply := self.gaps.suppliers(draft, subject, c.wanted.iri, SUPPLIERS)):
            said = f"{said.rstrip('.')}, such as {join([self.speaker.term(t) for t in supply.things])}."
            facts += supply.facts
        return Finding((level in c.levels) is not c.negated, said, tuple(facts), c.wanted.label)


def _is_named(c: Constraint) -> bool:
    """Whether the property that joins the two is asked for by its name."""
    return len(c.mentions) > 1 and len(c.parts) == 1


def bound_to(c: Constraint, thing: Iri) -> Constraint:
    """A condition on the target variable as one on a thing."""
    return replace(c, parts=swap(c.parts, TARGET, thing))
