"""Two to five things beside each other: rows that differ first, what they share after, and what sources say of each."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import sparql
from assistant.compose import Outcome
from assistant.describe import Describer
from assistant.draft import Draft
from assistant.frames import CompareFrame
from assistant.remarks import Remark
from assistant.types import Edge, OneOf, QueryGraph, Var
from assistant.words import join
from graph.schema import Schema
from graph.terms import FG
from graph.types import Fact, Iri, Term

ROWS = 16
VALUES = 9  # rows of values at most, so that features find room
ALONE = 4  # features told that one thing alone has built in

Cells = dict[Iri, tuple[str, list[Fact]]]


class Comparer:
    """Compares things of one opened graph."""

    def __init__(self, schema: Schema, describer: Describer) -> None:
        self.schema, self.describer = schema, describer
        self.lexicon, self.speaker, self.remarks = describer.lexicon, describer.speaker, describer.remarks

    def compare(self, draft: Draft, frame: CompareFrame) -> Outcome:
        """Remarks that tell the things apart, then a table, then whom each is said to suit."""
        names = [self.lexicon.label(s) for s in frame.subjects]
        out = Outcome("comparison", names=names, things=list(frame.subjects))
        query = sparql.query(self._graph(frame), draft.kg.wrap)
        rows = self._rows(draft, frame, query)
        out.sparql = query
        self._apart(draft, frame, bool(rows))
        if rows:
            self._table(draft, frame, rows, out)
        else:
            self._by_aspect(draft, frame, out)
        self._alone(draft, frame)
        self._fit(draft, frame)
        if not rows and draft.sentences:
            out.sparql = self.describer.remarks_query(draft)
            draft.ask(out.sparql)
        out.empty = out.abstained = not draft.sentences
        return out

    def _graph(self, frame: CompareFrame) -> QueryGraph:
        columns = (Var("thing"), Var("property"), Var("value"))
        # the property is a variable of the query, bound to what the schema knows
        properties = tuple(sorted([*self.schema.properties, *self.schema.levels]))
        return QueryGraph(columns[0], (OneOf(columns[0], frame.subjects), Edge(columns[0], properties, columns[2], by="property")), columns)

    def _rows(self, draft: Draft, frame: CompareFrame, query: str) -> list[tuple[str, Cells]]:
        found: dict[tuple[int, str], Cells] = {}
        features: dict[Iri, dict[Iri, Iri]] = {}
        values: dict[Iri, dict[Iri, list[Term]]] = {}
        for row in draft.ask(query):
            thing, prop, value = row["thing"], row["property"], row["value"]
            if not isinstance(thing, Iri) or not isinstance(prop, Iri):
                continue
            if self.schema.is_level(prop):
                if isinstance(value, Iri):
                    features.setdefault(value, {})[thing] = prop
            else:
                values.setdefault(prop, {}).setdefault(thing, []).append(value)
        for prop, by in values.items():
            info = self.schema.properties[prop]
            if info.headline is not None or not any(p.headline is not None for p in self.schema.properties.values()):
                cells = {t: (self.speaker.shown(sorted(v, key=str), t), [Fact(t, prop, x) for x in v]) for t, v in by.items()}
                found[(info.headline or 50, info.named.label)] = cells
        for feature, levels in features.items():
            cells = {t: (self.schema.levels[p].named.label, [Fact(t, p, feature)]) for t, p in levels.items()}
            found[(100 if feature not in frame.focus else 0, self.lexicon.label(feature))] = cells
        return self._chosen(frame, {k: c for k, c in found.items() if not self._is_address(c)})

    def _is_address(self, cells: Cells) -> bool:
        """Whether a row only holds addresses: each thing has its own, which tells nothing apart."""
        return all(text.startswith("http") for text, _ in cells.values())

    def _spread(self, cells: Cells) -> int:
        """How far the levels of a row lie apart; 0 for a row of values."""
        ranks = [self.schema.ranks[f.predicate] for _, facts in cells.values() for f in facts if f.predicate in self.schema.ranks]
        return max(ranks, default=0) - min(ranks, default=0)

    def _chosen(self, frame: CompareFrame, found: dict[tuple[int, str], Cells]) -> list[tuple[str, Cells]]:
        """Rows known for at least two things, the asked ones first, then those that differ, then the shared."""
        focus = {self.lexicon.label(f) for f in frame.focus}

        def order(item: tuple[tuple[int, str], Cells]) -> tuple[bool, bool, int, int, int, str]:
            (rank, label), cells = item
            differ = len({text for text, _ in cells.values()}) > 1
            return (label not in focus, not differ, -len(cells) if rank >= 100 else -9, -self._spread(cells), rank, label)

        several = sorted(((k, c) for k, c in found.items() if len(c) > 1), key=order)
        values = [k for k, c in several if not self._spread(c) and k[0] < 100 and k[1] not in focus][VALUES:]
        return [(k[1], c) for k, c in several if k not in values][:ROWS]

    def _table(self, draft: Draft, frame: CompareFrame, rows: Sequence[tuple[str, Cells]], out: Outcome) -> None:
        draft.row([("", ()), *((self.lexicon.label(s), ()) for s in frame.subjects)])
        draft.row([("---", ())] * (len(frame.subjects) + 1))
        draft.sources(f for _, cells in rows for _, facts in cells.values() for f in facts)  # of all cells at once
        for label, cells in rows:
            row = [(label, ()), *(cells.get(s, ("not stated", [])) for s in frame.subjects)]
            draft.row(row)
            out.rows.append({"": label, **{self.lexicon.label(s): cells.get(s, ("not stated", []))[0] for s in frame.subjects}})

    def _apart(self, draft: Draft, frame: CompareFrame, table: bool) -> None:
        """Remarks about several of the things, and what each says it is."""
        wanted = set(frame.subjects)
        both = [r for r in self.remarks.remarks if len(wanted & set(r.about)) > 1 and self._opens_with(r, wanted)]
        tell = self.describer.serving(draft, FG.tellApart)
        both.sort(key=lambda r: (bool(set(r.about) - wanted), not set(r.aspects) & tell, r.claim, len(set(r.about) - wanted), r.iri))
        weighty = [r for r in both if set(r.aspects) & (tell | self.describer.serving(draft, FG.fit))] or both[:1]
        for remark in weighty[:2]:
            self.describer.tell(draft, remark)
        roles = (FG.describe, FG.define) if table else (FG.define, FG.describe)
        for subject in frame.subjects:
            for role in roles:
                found = self.describer.about(subject, self.describer.serving(draft, role))
                if found:
                    self._once(draft, found[0])
                    break

    def _opens_with(self, remark: Remark, wanted: set[Iri]) -> bool:
        """Whether no other thing is spoken of before those that are compared."""
        said = remark.says.lower()
        at = {t: said.find(self.lexicon.label(t).lower()) for t in remark.about}
        first = min((at[t] for t in wanted & {*at} if at[t] >= 0), default=len(said))
        kinds = frozenset(c for w in wanted for c in self.lexicon.classes_of.get(w, ()))
        others = [t for t in at if t not in wanted and self.lexicon.classes_of.get(t, frozenset()) & kinds]
        return not any(0 <= at[t] < first for t in others)

    def _once(self, draft: Draft, remark: Remark) -> None:
        if not any(remark.fact in s.facts for s in draft.sentences):
            self.describer.tell(draft, remark)

    def _by_aspect(self, draft: Draft, frame: CompareFrame, out: Outcome) -> None:
        """Things without shared properties: their remarks under the same aspect, side by side."""
        shared: dict[Iri, dict[Iri, list[int]]] = {}
        for subject in frame.subjects:
            for i in self.remarks.about.get(subject, ()):
                for aspect in self.remarks.remarks[i].aspects:
                    shared.setdefault(aspect, {}).setdefault(subject, []).append(i)
        aspects = [a for a in sorted(shared) if len(shared[a]) == len(frame.subjects)]
        aspects.sort(key=lambda a: (a not in frame.focus, self.lexicon.label(a)))
        for aspect in aspects[:8]:
            for subject in frame.subjects:
                remark = self.remarks.remarks[shared[aspect][subject][0]]
                self._once(draft, remark)
                out.rows.append({"aspect": self.lexicon.label(aspect), "thing": self.lexicon.label(subject), "says": remark.says})

    def _alone(self, draft: Draft, frame: CompareFrame) -> None:
        """What each alone has built in, where the others are stated to have less: when to take which."""
        top = max(self.schema.ranks.values(), default=0)
        stated: dict[Iri, dict[Iri, tuple[int, Fact]]] = {s: {} for s in frame.subjects}
        for subject in frame.subjects:
            for level, rank in self.schema.ranks.items():
                for feature in self.describer.values(subject, level):
                    if isinstance(feature, Iri):
                        stated[subject][feature] = (rank, Fact(subject, level, feature))
        for subject in frame.subjects:
            others = [o for o in frame.subjects if o != subject]
            own = [f for f, (rank, _) in stated[subject].items() if rank == top]
            only = [f for f in own if all(f in stated[o] and stated[o][f][0] < top for o in others)]
            only.sort(key=lambda f: (max(stated[o][f][0] for o in others), self.lexicon.label(f)))
            if only:
                told = only[:ALONE]
                facts = [stated[subject][f][1] for f in told] + [stated[o][f][1] for f in told for o in others]
                what = join([self.lexicon.label(f) for f in told])
                draft.say(f"Take {self.lexicon.label(subject)} for {what}: of these it alone has that built in.", facts, "computed")

    def _fit(self, draft: Draft, frame: CompareFrame) -> None:
        """What sources say each is best for."""
        for subject in frame.subjects:
            for remark in self.describer.about(subject, self.describer.serving(draft, FG.fit))[:1]:
                self._once(draft, remark)
