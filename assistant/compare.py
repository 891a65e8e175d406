"""Two to five things beside each other: rows that differ first, what they share after, and what sources say of each."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import sparql
from assistant.compose import Outcome
from assistant.describe import Describer
from assistant.draft import Draft
from assistant.frames import CompareFrame
from assistant.remarks import Remark
from assistant.say import plain
from assistant.types import Edge, OneOf, QueryGraph, Var
from assistant.words import join, sentence_case
from graph.schema import Schema
from graph.terms import FG
from graph.types import Fact, Iri, Term, is_true

ROWS = 16
VALUES = 9  # rows of values at most, so that features find room
ALONE = 4  # features told that one thing alone has built in
SCARCE = 5  # rows under which properties that are no headlines are told, too
FEW_ROWS = 8  # rows where remarks answer what was asked
POINTING = 5  # things named that point at one that is compared
MANY = 8  # values that a cell holds
LISTED = 40  # values past which a property that is no headline is no row: a few of so many tell nothing apart
ASPECTS = 4  # aspects under which things without a table are set side by side

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
        if frame.unknown:
            draft.say(f"Nothing here is called {join([plain(u) for u in frame.unknown], 'or')}.", tone="not-stated")
        self._asked_of(draft, frame, rows)
        self._in_view(draft, frame)
        self._apart(draft, frame, bool(rows))
        if rows:
            self._table(draft, frame, rows, out)
        else:
            self._by_aspect(draft, frame, out)
            if not out.rows and len([s for s in draft.sentences if s.facts]) < len(frame.subjects):
                self._pointed_at(draft, frame, out)
        self._alone(draft, frame)
        self._fit(draft, frame)
        if not rows and draft.sentences:
            out.sparql = self.describer.remarks_query(draft)
            draft.ask(out.sparql)
        out.empty = out.abstained = not draft.sentences
        return out

    def table(self, draft: Draft, frame: CompareFrame) -> list[tuple[str, Cells]]:
        """All rows that are stated of one thing at least: those that differ first, then what is alike, then what one alone has."""
        found = self._found(draft, frame, sparql.query(self._graph(frame), draft.kg.wrap), whole=True)
        draft.sources(f for cells in found.values() for _, facts in cells.values() for f in facts)  # of all cells at once

        def order(item: tuple[tuple[int, str], Cells]) -> tuple[bool, bool, tuple[int, str]]:
            key, cells = item
            return len(cells) < 2, len({text for text, _ in cells.values()}) < 2, key

        return [(key[1], cells) for key, cells in sorted(found.items(), key=order)]

    def _graph(self, frame: CompareFrame) -> QueryGraph:
        columns = (Var("thing"), Var("property"), Var("value"))
        # the property is a variable of the query, bound to what the schema knows
        properties = tuple(sorted([*self.schema.properties, *self.schema.levels]))
        return QueryGraph(columns[0], (OneOf(columns[0], frame.subjects), Edge(columns[0], properties, columns[2], by="property")), columns)

    def _rows(self, draft: Draft, frame: CompareFrame, query: str) -> list[tuple[str, Cells]]:
        return self._chosen(frame, self._found(draft, frame, query))

    def _found(self, draft: Draft, frame: CompareFrame, query: str, whole: bool = False) -> dict[tuple[int, str], Cells]:
        """(rank, label) -> what is stated of each thing; the ``whole`` of it, or what tells things apart."""
        found: dict[tuple[int, str], Cells] = {}
        features: dict[Iri, dict[Iri, Iri]] = {}
        values: dict[Iri, dict[Iri, list[Term]]] = {}
        spare: dict[tuple[int, str], Cells] = {}
        for row in draft.ask(query):
            thing, prop, value = row["thing"], row["property"], row["value"]
            if not isinstance(thing, Iri) or not isinstance(prop, Iri):
                continue
            if self.schema.is_level(prop):
                if isinstance(value, Iri):
                    features.setdefault(value, {})[thing] = prop
            else:
                values.setdefault(prop, {}).setdefault(thing, []).append(value)
        ranked = any(p.headline is not None for p in self.schema.properties.values())
        for prop, by in values.items():
            info = self.schema.properties[prop]
            cells = {t: self._cell(t, prop, sorted(v, key=str)) for t, v in by.items()}
            if info.headline is not None or not ranked:
                found[(info.headline or 50, info.named.label)] = cells
            elif info.objects and not info.volatile and max(map(len, by.values())) <= LISTED:
                spare[(50, info.named.label)] = cells
        for feature, levels in features.items():
            cells = {t: (self.schema.levels[p].named.label, [Fact(t, p, feature)]) for t, p in levels.items()}
            found[(100 if feature not in frame.focus else 0, self.lexicon.label(feature))] = cells
        found = {k: c for k, c in found.items() if not self._is_address(c)}
        if whole or sum(len(c) > 1 for c in found.values()) < SCARCE:  # small things are told by all that links them to others
            found.update(spare)
        found.update(self._standing(draft, frame))
        return found

    def _cell(self, thing: Iri, prop: Iri, values: list[Term]) -> tuple[str, list[Fact]]:
        """The values of a property, some of them where they are many."""
        shown = values if len(values) <= MANY else values[: MANY - 2]
        said = [plain(self.speaker.term(v, thing)) for v in shown]
        said += [f"{len(values) - len(shown)} more"] if len(shown) < len(values) else []
        return join(said), [Fact(thing, prop, v) for v in shown]

    def _standing(self, draft: Draft, frame: CompareFrame) -> dict[tuple[int, str], Cells]:
        """How each stands to a thing of another kind in view of which they are compared."""
        found: dict[tuple[int, str], Cells] = {}
        for focus in frame.focus:
            if focus in (*self.schema.properties, *self.schema.levels):
                continue
            things = " ".join(s.n3 for s in frame.subjects)
            ways = f"{{ ?x ?p {focus.n3} BIND(true AS ?ahead) }} UNION {{ {focus.n3} ?p ?x BIND(false AS ?ahead) }}"
            body = f"VALUES ?x {{ {things} }} {ways}"
            for row in draft.ask(f"SELECT ?x ?p ?ahead {draft.kg.wrap(body)} ORDER BY ?x ?p").rows:
                thing, prop = row["x"], row["p"]
                if isinstance(thing, Iri) and isinstance(prop, Iri) and prop in self.schema.properties:
                    ahead = is_true(row["ahead"])
                    fact = Fact(thing, prop, focus) if ahead else Fact(focus, prop, thing)
                    label = self.schema.properties[prop].named.label
                    cells = found.setdefault((0, self.lexicon.label(focus)), {})
                    cells.setdefault(thing, (label if ahead else f"its {label}", [fact]))
        return found

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

        several = sorted(((k, c) for k, c in found.items() if len(c) > 1 or (c and k[1] in focus)), key=order)
        values = [k for k, c in several if not self._spread(c) and k[0] < 100 and k[1] not in focus][VALUES:]
        most = FEW_ROWS if self._is_of_aspects(frame) else ROWS
        return [(k[1], c) for k, c in several if k not in values][:most]

    def _table(self, draft: Draft, frame: CompareFrame, rows: Sequence[tuple[str, Cells]], out: Outcome) -> None:
        draft.row([("", ()), *((self.lexicon.label(s), ()) for s in frame.subjects)])
        draft.row([("---", ())] * (len(frame.subjects) + 1))
        draft.sources(f for _, cells in rows for _, facts in cells.values() for f in facts)  # of all cells at once
        for label, cells in rows:
            row = [(label, ()), *(cells.get(s, ("not stated", [])) for s in frame.subjects)]
            draft.row(row)
            out.rows.append({"": label, **{self.lexicon.label(s): cells.get(s, ("not stated", []))[0] for s in frame.subjects}})

    def _asked_of(self, draft: Draft, frame: CompareFrame, rows: list[tuple[str, Cells]]) -> None:
        """What was asked about, said of each of the things; or that nothing is stated of one."""
        cells = dict(rows)
        for focus in frame.focus:
            label = self.lexicon.label(focus)
            if focus in self.schema.properties or label not in cells:
                continue
            for subject in frame.subjects:
                fact = next(iter(cells[label].get(subject, ("", []))[1]), None)
                if fact is not None and isinstance(fact.subject, Iri):
                    draft.say(self.speaker.statement(fact.subject, fact.predicate, [fact.object]), [fact])
                else:
                    name = plain(self.lexicon.label(subject))
                    draft.say(f"Of {name} and {plain(label)} nothing of the sort is stated.", tone="not-stated")

    def _pointed_at(self, draft: Draft, frame: CompareFrame, out: Outcome) -> None:
        """Things that only others speak of: how many point at each, and by which property."""
        for subject in frame.subjects:
            rows = draft.ask(f"SELECT ?p ?x {draft.kg.wrap(f'?x ?p {subject.n3}')} ORDER BY ?p ?x").rows
            by: dict[Iri, list[Iri]] = {}
            for row in rows:
                x, p = row["x"], row["p"]
                if isinstance(x, Iri) and isinstance(p, Iri) and p in self.schema.properties:
                    by.setdefault(p, []).append(x)
            if by:
                prop = max(sorted(by), key=lambda p: len(by[p]))
                first, told = by[prop][0], by[prop][:POINTING]
                rest = [plain(self.lexicon.label(x)) for x in told[1:]]
                rest += [f"{len(by[prop]) - POINTING} more"] if len(by[prop]) > POINTING else []
                same = f"; the same is stated of {join(rest)}." if rest else "."
                said = self.speaker.statement(first, prop, [subject]).rstrip(".") + same
                draft.say(said, [Fact(x, prop, subject) for x in told], "computed", "bullet")
                label = self.schema.properties[prop].named.label
                out.rows.append({"thing": self.lexicon.label(subject), label: ", ".join(self.lexicon.label(x) for x in by[prop])})

    def _in_view(self, draft: Draft, frame: CompareFrame) -> None:
        """What is said of the things in the respect that was asked about: of several of them first, then one of each."""
        wanted, focus = {*frame.subjects}, {*frame.focus}
        near = [r for s in frame.subjects for r in self._all(s) if focus & {*r.aspects, *r.about} or self._names(r, frame)]
        near.sort(key=lambda r: (len(wanted & {*r.about}) < 2, r.claim, bool({*r.about} - wanted - focus), len(r.about), r.iri))
        for remark in [r for r in dict.fromkeys(near) if len(wanted & {*r.about}) > 1 and self._opens_with(r, wanted)][:1]:
            self._once(draft, remark)
        for subject in frame.subjects if focus else ():
            for remark in [r for r in near if subject in r.about and len(wanted & {*r.about}) == 1][:1]:
                self._once(draft, remark)

    def _names(self, remark: Remark, frame: CompareFrame) -> bool:
        """Whether a remark speaks by name of a thing of another kind in view of which things are compared."""
        others = [f for f in frame.focus if f not in self.schema.properties and not self.lexicon.is_a(f, FG.Feature, FG.Aspect)]
        return any(self.lexicon.label(f) in remark.says for f in others)

    def _is_of_aspects(self, frame: CompareFrame) -> bool:
        """Whether what was asked about is what remarks speak of."""
        return bool({*frame.focus} & {a for s in frame.subjects for r in self._all(s) for a in r.aspects})

    def _all(self, thing: Iri) -> list[Remark]:
        return [self.remarks.remarks[i] for i in self.remarks.about.get(thing, ())]

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
            else:
                self.describer.comment(draft, subject)

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
        told = {f for s in draft.sentences for f in s.facts}
        for aspect in aspects:
            chosen = {s: self._own(shared[aspect][s], s) for s in frame.subjects}
            fresh = {s: r for s, r in chosen.items() if r is not None and r.fact not in told}
            if len(fresh) < len(frame.subjects) or len(out.rows) >= ASPECTS * len(frame.subjects):
                continue  # what is said of one alone sets nothing side by side
            draft.say(f"{sentence_case(plain(self.lexicon.label(aspect)))}:", tone="frame")
            for subject, remark in fresh.items():
                draft.say(plain(remark.says), [remark.fact], "claimed" if remark.claim else "stated", "bullet")
                told.add(remark.fact)
                out.rows.append({"aspect": self.lexicon.label(aspect), "thing": self.lexicon.label(subject), "says": remark.says})

    def _own(self, indexes: list[int], subject: Iri) -> Remark | None:
        """Of remarks under one aspect, the one that speaks of the thing alone; None where each speaks of others, too."""
        found = [self.remarks.remarks[i] for i in indexes]
        return min((r for r in found if r.about == (subject,) and not r.claim), key=lambda r: (len(r.aspects), r.iri), default=None)

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
