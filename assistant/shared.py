"""What several things share, told by property; what one has that another lacks, told by level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.frames import CommonFrame
from assistant.lexicon import Lexicon
from assistant.say import Speaker, plain
from assistant.words import join, sentence_case
from graph.schema import Schema
from graph.types import Fact, Iri, Term

Held = dict[tuple[Iri, Iri], list[Term]]  # (thing, property) -> values


class Sharer:
    """Composes set questions for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon) -> None:
        self.schema, self.lexicon = schema, lexicon
        self.speaker = Speaker(schema, lexicon)

    def common(self, draft: Draft, frame: CommonFrame) -> Outcome:
        """Properties and values, features and levels, that all the things have; or the difference of two."""
        out = Outcome("comparison", things=list(frame.subjects))
        things = (*frame.subjects, *([frame.lacks] if frame.lacks else []))
        out.sparql = f"SELECT ?thing ?p ?o {draft.kg.wrap(self._body(things))} ORDER BY ?p ?o ?thing"
        held: Held = {}
        for row in draft.ask(out.sparql):
            thing, p = row["thing"], row["p"]
            if isinstance(thing, Iri) and isinstance(p, Iri) and (p in self.schema.levels or p in self.schema.properties):
                held.setdefault((thing, p), []).append(row["o"])
        if frame.lacks is not None:
            self._difference(draft, frame, held, out)
        else:
            self._shared(draft, frame, held, out)
        if not out.rows:
            out.empty = out.abstained = True
        return out

    def _body(self, things: tuple[Iri, ...]) -> str:
        return f"VALUES ?thing {{ {' '.join(t.n3 for t in things)} }} ?thing ?p ?o"

    # ------------------------------------------------------------ in common

    def _shared(self, draft: Draft, frame: CommonFrame, held: Held, out: Outcome) -> None:
        first, rest = frame.subjects[0], frame.subjects[1:]
        names = join([plain(self.speaker.term(t)) for t in frame.subjects])
        lead = "Both" if len(frame.subjects) == 2 else "All"
        levels = sorted(self.schema.levels, key=lambda p: (-self.schema.ranks.get(p, 0), p))
        plains = sorted(self.schema.properties, key=self._place)
        for prop in [*(plains if not frame.features else []), *levels]:
            if (self.schema.ranks.get(prop, 1) == 0) is not frame.absent:
                continue  # what both lack is no common ground, unless that is asked for
            values = [v for v in held.get((first, prop), ()) if all(v in held.get((t, prop), ()) for t in rest)]
            if values:
                label = self.schema.property(prop).named.label
                facts = [Fact(t, prop, v) for v in values for t in frame.subjects]
                draft.say(f"{sentence_case(label)}: {self.speaker.shown(values)}.", facts, "computed", "bullet")
                out.rows.append({"property": label, "shared": self.speaker.terms(values)})
                out.names += [self.speaker.term(v) for v in values]
        if out.rows:
            told = draft.sentences[:]
            draft.sentences.clear()
            draft.say(f"{lead} {names} lack:" if frame.absent else f"{lead} {names} have in common:", tone="frame")
            draft.sentences.extend(told)
        else:
            draft.say(f"The graph states nothing that {names} have in common.", tone="not-stated")

    def _place(self, prop: Iri) -> tuple[bool, int, Iri]:
        info = self.schema.properties[prop]
        return info.headline is None, info.headline or 0, prop

    # ------------------------------------------------------------ has and lacks

    def _difference(self, draft: Draft, frame: CommonFrame, held: Held, out: Outcome) -> None:
        has, lacks = frame.subjects[0], frame.lacks
        assert lacks is not None
        mine, theirs = self._levels(held, has), self._levels(held, lacks)
        top = max(self.schema.ranks.values(), default=0)
        found = [
            (feature, level, theirs.get(feature))
            for feature, level in mine.items()
            if self.schema.ranks[level] == top
            and (self.schema.ranks[theirs[feature]] < top if feature in theirs else frame.unstated)
        ]
        one, other = plain(self.speaker.term(has)), plain(self.speaker.term(lacks))
        if not found:
            self._values_only(draft, held, has, lacks, out)
            return
        draft.say(f"{one} has {len(found)} of what {other} does not have in the same measure:", tone="frame")
        by_level: dict[Iri | None, list[Iri]] = {}
        for feature, _, level in found:
            by_level.setdefault(level, []).append(feature)
        for level in sorted(by_level, key=lambda p: (p is None, self.schema.ranks[p] if p else 0, str(p))):
            features = sorted(by_level[level], key=self.lexicon.label)
            facts = [f for x in features for f in (Fact(has, mine[x], x), *([Fact(lacks, level, x)] if level else []))]
            built = self.schema.levels[mine[features[0]]].named.label
            there = self.schema.levels[level].named.label if level else "not stated"
            said = f"{sentence_case(self.speaker.shown([*features]))}: {built} in {one}, {there} in {other}."
            draft.say(said, facts, "computed", "bullet")
            out.rows += [{"feature": self.lexicon.label(x), one: built, other: there} for x in features]
            out.names += [self.lexicon.label(x) for x in features]

    def _levels(self, held: Held, thing: Iri) -> dict[Iri, Iri]:
        """feature -> its best level of a thing."""
        found: dict[Iri, Iri] = {}
        for level in sorted(self.schema.levels, key=lambda p: (self.schema.ranks.get(p, 0), p)):
            found.update({v: level for v in held.get((thing, level), ()) if isinstance(v, Iri)})
        return dict(sorted(found.items()))

    def _values_only(self, draft: Draft, held: Held, has: Iri, lacks: Iri, out: Outcome) -> None:
        """Where there are no levels: the values that one has and the other has not."""
        for prop in sorted(self.schema.properties, key=self._place):
            values = [v for v in held.get((has, prop), ()) if isinstance(v, Iri) and v not in held.get((lacks, prop), ())]
            if values:
                draft.say(self.speaker.statement(has, prop, values), [Fact(has, prop, v) for v in values])
                out.rows += [{"property": self.lexicon.label(prop), "value": self.speaker.term(v)} for v in values]
                out.names += [self.speaker.term(v) for v in values]
        if not out.rows:
            said = f"The graph states nothing that {self.lexicon.label(has)} has and {self.lexicon.label(lacks)} has not."
            draft.say(said, tone="not-stated")


def stated_of(draft: Draft, schema: Schema, things: Sequence[Iri], also: Iterable[Iri] = ()) -> str:
    """The query whose solutions are what is stated of the things and does not change by itself, and ``also`` these properties."""
    told = {*(i for i, p in schema.properties.items() if not p.ordered), *schema.levels, *also}
    props = " ".join(p.n3 for p in sorted(told))
    body = f"VALUES ?thing {{ {' '.join(t.n3 for t in things)} }} VALUES ?property {{ {props} }} ?thing ?property ?value"
    return f"SELECT ?thing ?property ?value {draft.kg.wrap(body)} ORDER BY ?property ?value ?thing"
