"""Solutions and evidence -> sentences with citations: facts, lists, counts, verdicts, since when."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant import sparql
from assistant.connect import Connections
from assistant.draft import Draft
from assistant.evidence import facts_by_target
from assistant.frames import Candidate, FactFrame, ListFrame, SinceFrame
from assistant.lexicon import Lexicon
from assistant.say import Speaker, plain
from assistant.types import Edge, Kind, Maybe, OneOf, QueryGraph, Tone, Var
from assistant.words import ORDINALS, number, plural, sentence_case
from graph.schema import Schema, words_of
from graph.terms import FG, RDF
from graph.types import Blank, Fact, Iri, Literal, Solutions, Term

SHOWN = 40  # bullets of a list; the rest is in the rows
COUNTED = 100  # names told of what was counted


@dataclass
class Outcome:
    """What a room composed: the draft's sentences, and the values that are the answer."""

    kind: Kind
    names: list[str] = field(default_factory=list)
    things: list[Iri] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    sparql: str = ""
    abstained: bool = False
    empty: bool = False


class Composer:
    """Composes answers for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, connections: Connections) -> None:
        self.schema, self.lexicon, self.connections = schema, lexicon, connections
        self.speaker = Speaker(schema, lexicon)

    # ------------------------------------------------------------ facts

    def fact(self, draft: Draft, candidate: Candidate, frame: FactFrame) -> Outcome:
        graph = candidate.graph
        assert graph is not None
        query = sparql.query(_all_optional(graph, frame), draft.kg.wrap)
        rows = draft.ask(query).rows
        out = Outcome("fact", sparql=query)
        values: list[Term] = []
        for anchor in frame.anchors:
            mine = [r for r in rows if len(frame.anchors) == 1 or r.get("thing") == anchor]
            for prop, column in zip(frame.properties, graph.columns[-len(frame.properties) :], strict=True):
                found = list(dict.fromkeys(r[column.name] for r in mine if column.name in r))
                none = None if found or frame.inverse else self.connections.counted_none(anchor, prop)
                if none:
                    prop, found = none.predicate, [none.object]
                self._say_values(draft, anchor, prop, found, frame.inverse)
                values += found
                if len(found) == len(frame.anchors) == len(frame.properties) == 1 and not frame.inverse:
                    draft.remind(Fact(anchor, prop, found[0]))
            out.rows += self._fact_rows(mine, anchor, frame, graph.columns[-len(frame.properties) :])
        out.names = list(dict.fromkeys(self.speaker.term(v, None if frame.inverse else frame.anchors[0]) for v in values))
        out.things = [v for v in dict.fromkeys(values) if isinstance(v, Iri)] if frame.inverse else []
        out.empty = out.abstained = not values
        if out.empty:
            out.kind = "abstention"
        return out

    def _fact_rows(self, rows: list[dict[str, Term]], anchor: Iri, frame: FactFrame, columns: tuple[Var, ...]) -> list[dict[str, str]]:
        made = []
        for row in rows:
            cells = {"thing": self.speaker.term(anchor)}
            for prop, column in zip(frame.properties, columns, strict=True):
                if column.name in row:
                    cells[self.lexicon.label(prop)] = self.speaker.term(row[column.name], anchor)
            made.append(cells)
        return made

    def _say_values(self, draft: Draft, anchor: Iri, prop: Iri, found: list[Term], inverse: bool) -> None:
        label, thing = self.lexicon.label(prop), plain(self.speaker.term(anchor))
        if not found:
            draft.say(f"Not stated: the graph does not give the {label} of {thing}.", tone="not-stated")
        elif inverse:
            facts = [Fact(v, prop, anchor) for v in found if not isinstance(v, Blank)]
            lead = f"{sentence_case(number(len(found)))} {'thing has' if len(found) == 1 else 'things have'} {thing} as {label}"
            draft.say(f"{lead}: {self.speaker.shown(found)}.", facts)
        else:
            facts = [Fact(anchor, prop, v) for v in found]
            draft.say(
                self.speaker.statement(anchor, prop, found), facts, self._tone(draft, facts), volatile=self.schema.property(prop).volatile
            )

    def _tone(self, draft: Draft, facts: list[Fact]) -> Tone:
        first = [s[0] for s in draft.sources(facts).values() if s]
        return "computed" if first and all(s.computed for s in first) else "stated"

    # ------------------------------------------------------------ lists, counts, superlatives

    def listing(self, draft: Draft, candidate: Candidate, frame: ListFrame) -> Outcome:
        graph = candidate.graph
        assert graph is not None
        plain_graph = QueryGraph(graph.target, graph.where, graph.columns, order=graph.order)
        solutions = draft.ask(sparql.query(plain_graph, draft.kg.wrap))
        targets = list(dict.fromkeys(r[graph.target.name] for r in solutions if graph.target.name in r))
        if frame.order_property:
            return self._superlative(draft, candidate, frame, plain_graph, solutions)
        shown = sparql.query(graph, draft.kg.wrap)
        if graph.count:
            draft.ask(shown)
        targets.sort(key=lambda t: self.speaker.term(t).casefold())
        out = Outcome("count" if graph.count else "list", sparql=shown)
        return self._say_list(draft, candidate, frame, plain_graph, targets, out)

    def _say_list(
        self, draft: Draft, candidate: Candidate, frame: ListFrame, graph: QueryGraph, targets: list[Term], out: Outcome
    ) -> Outcome:
        evidence = self._evidence(draft, frame, graph, targets)
        said = candidate.english.removeprefix(plural(frame.noun)).strip()
        if not targets:
            if frame.exists:
                out.kind = "yes-no"
                draft.say(f"No {frame.noun} that the graph knows is among those {said}.", tone="not-stated")
                return out
            out.empty = out.abstained = out.kind != "count"
            draft.say(f"The graph knows no {plural(frame.noun)} {said}".strip() + ".", tone="not-stated")
            if out.kind == "count":
                out.rows = [{"count": "0"}]
            return out
        facts = [f for t in targets for f in evidence[t]]
        noun = frame.noun if len(targets) == 1 else plural(frame.noun)
        if frame.exists:
            draft.say("Yes.", facts[:1], "computed")
            out.kind = "yes-no"
        lead = f"{sentence_case(number(len(targets)))} {noun} {said}".strip().replace(" ,", ",")
        if out.kind == "count":
            out.rows = [{"count": str(len(targets))}]
            draft.say(
                f"{len(targets)} {noun} {said}".strip()
                + f" (counted from {len(targets)} {'row' if len(targets) == 1 else 'rows'}): {self._counted(targets)}.",
                facts[: SHOWN * 2],
                "computed",
            )
        elif len(targets) == 1 and _grouped(facts):
            self._say_single(draft, targets[0], evidence[targets[0]])
        else:
            draft.say(f"{lead}:", tone="frame")
            draft.sources(f for t in targets[:SHOWN] for f in evidence[t])  # of all bullets at once
            for target in targets[:SHOWN]:
                own = evidence[target]
                draft.say(self._bullet(target, own), own, "stated" if own else "frame", "bullet")
            if len(targets) > SHOWN:
                draft.say(f"And {len(targets) - SHOWN} more, in the rows.", tone="frame")
        out.names = [] if out.kind == "count" else [self.speaker.term(t) for t in targets]
        out.things = [t for t in targets if isinstance(t, Iri)]
        if out.kind != "count":
            out.rows = [self._row(frame, t, evidence[t]) for t in targets]
        return out

    def _counted(self, targets: list[Term]) -> str:
        """The names of what was counted; of very many the first."""
        shown = self.speaker.shown(targets[:COUNTED])
        return shown if len(targets) <= COUNTED else f"{shown}, and {len(targets) - COUNTED:,} more"

    def _say_single(self, draft: Draft, target: Term, facts: list[Fact]) -> None:
        for subject, prop, values in _grouped(facts):
            draft.say(self.speaker.statement(subject, prop, values), [Fact(subject, prop, v) for v in values])

    def _bullet(self, target: Term, facts: list[Fact]) -> str:
        briefs = [self._brief(target, s, p, values) for s, p, values in _grouped(facts)]
        return f"**{plain(self.speaker.term(target))}**" + (f": {'; '.join(briefs)}." if briefs else ".")

    def _brief(self, target: Term, subject: Iri, prop: Iri, values: list[Term]) -> str:
        if subject == target:
            return self.speaker.brief(prop, values, subject)
        if values == [target]:
            return f"{self.lexicon.label(prop)} of {self.speaker.term(subject)}"
        return self.speaker.statement(subject, prop, values).rstrip(".")

    def _row(self, frame: ListFrame, target: Term, facts: list[Fact]) -> dict[str, str]:
        row = {frame.noun: self.speaker.term(target)}
        if frame.values:
            return row
        for subject, prop, values in _grouped(facts):
            if self.schema.is_level(prop):
                row.update({self.speaker.term(v): self.schema.levels[prop].named.label for v in values})
            elif subject == target:
                row[self.lexicon.label(prop)] = self.speaker.terms(values, subject)
        return row

    def _evidence(self, draft: Draft, frame: ListFrame, graph: QueryGraph, targets: list[Term]) -> dict[Term, list[Fact]]:
        found = facts_by_target(draft, graph, targets)
        extra = [c.property for c in frame.constraints if c.negated and c.property and not c.inverse and not c.levels]
        bare = [t for t in targets if not found.get(t)]
        first = self.schema.first_headline()
        if bare and first is not None:
            extra.append(first.iri)
        if extra and targets:
            values = " ".join(p.n3 for p in dict.fromkeys(extra))
            subjects = " ".join(t.n3 for t in targets[: SHOWN * 2] if isinstance(t, Iri))
            told = f"VALUES ?p {{ {values} }} VALUES ?x {{ {subjects} }} ?x ?p ?o"
            for row in draft.ask(f"SELECT ?x ?p ?o {draft.kg.wrap(told)} ORDER BY ?x ?p ?o"):
                x, p = row["x"], row["p"]
                if x in found and isinstance(p, Iri):
                    found[x].append(Fact(x, p, row["o"]))
        if not draft.kg.facts_graph.startswith("http"):  # a dataset without passages cites its own type statements
            for target in [t for t in targets if not found.get(t)]:
                found[target] = [Fact(target, RDF.type, frame.cls)] if frame.cls else []
        return found

    def _superlative(self, draft: Draft, candidate: Candidate, frame: ListFrame, graph: QueryGraph, solutions: Solutions) -> Outcome:
        assert graph.order is not None
        assert frame.order_property is not None
        column, out = graph.order.var.name, Outcome("list")
        ranked = _ranked(solutions, graph.target.name, column, graph.order.descending)
        if len(ranked) <= frame.offset:
            out.empty = out.abstained = True
            draft.say(
                f"Not stated: the graph gives no {self.lexicon.label(frame.order_property)} for any {frame.noun} asked about.",
                tone="not-stated",
            )
            return out
        top = _top(ranked, frame)
        targets = [t for t, _ in top]
        limited = replace(graph, limit=len(top), offset=frame.offset)
        if not frame.valued:
            limited = replace(limited, columns=tuple(c for c in graph.columns if c != graph.order.var))
        out.sparql = sparql.query(limited, draft.kg.wrap)
        draft.queries[:] = [q for q in draft.queries if q != sparql.query(graph, draft.kg.wrap)]
        draft.ask(out.sparql)
        evidence = facts_by_target(draft, graph, list(targets))
        end = self._end(frame.order_property, frame.descending)
        if len(ranked) > len(top):
            said = f"{self._these(targets)} {'has' if len(top) == 1 else 'have'} {self._place(frame, len(top))}{end}"
            draft.say(
                f"Of {len(ranked)} {plural(frame.noun)} with a stated {self.lexicon.label(frame.order_property)}, {said}.",
                [f for t in targets for f in evidence[t]][:SHOWN],
                "computed",
            )
        self._say_ordered(draft, frame, targets, evidence)
        out.names = [self.speaker.term(t) for t in targets]
        out.things = [t for t in targets if isinstance(t, Iri)]
        out.rows = [
            {
                frame.noun: self.speaker.term(t),
                self.lexicon.label(frame.order_property): self.speaker.term(v, t if isinstance(t, Iri) else None),
                **(self._row(frame, t, evidence[t]) if frame.columns else {}),
            }
            for t, v in top
        ]
        return out

    def _say_ordered(self, draft: Draft, frame: ListFrame, targets: list[Term], evidence: dict[Term, list[Fact]]) -> None:
        """One sentence a thing, in order: the value by which it is placed, or all that was asked for beside it."""
        for target in targets:
            if frame.columns:
                draft.say(self._bullet(target, evidence[target]), evidence[target], "stated" if evidence[target] else "frame", "bullet")
                continue
            own = [f for f in evidence[target] if f.predicate == frame.order_property] or evidence[target]
            draft.say(
                self.speaker.statement(own[0].subject, own[0].predicate, [own[0].object])
                if own and isinstance(own[0].subject, Iri)
                else f"{self.speaker.term(target)}.",
                own[:1],
                self._tone(draft, own[:1]),
            )

    def _end(self, prop: Iri, descending: bool) -> str:
        ends = ("latest", "earliest") if self.schema.property(prop).is_date else ("highest", "lowest")
        return f"{ends[not descending]} {self.lexicon.label(prop)}"

    def _place(self, frame: ListFrame, found: int) -> str:
        """'the ', 'the second ', 'the third to fifth '."""
        first, last = frame.offset, frame.offset + found - 1
        if not frame.offset or last >= len(ORDINALS):
            return "the "
        return f"the {ORDINALS[first]} to {ORDINALS[last]} " if found > 1 else f"the {ORDINALS[first]} "

    def _these(self, targets: list[Term]) -> str:
        return self.speaker.shown(targets)

    # ------------------------------------------------------------ since when

    def since(self, draft: Draft, frame: SinceFrame) -> Outcome:
        joins = " ".join(i.n3 for i in sorted([*self.schema.levels, *self.schema.properties]))
        statement = f"?st {RDF.subject.n3} {frame.subject.n3} ; {RDF.predicate.n3} ?level ; {RDF.object.n3} {frame.feature.n3} ; ?q ?value"
        qualified = f"OPTIONAL {{ {statement} . FILTER(!STRSTARTS(STR(?q), {Literal(RDF.base).n3})) }}"
        body = f"VALUES ?level {{ {joins} }} {frame.subject.n3} ?level {frame.feature.n3} {qualified}"
        query = f"SELECT ?level ?st ?q ?value {draft.kg.wrap(body)} ORDER BY ?q ?value"
        rows = draft.ask(query).rows
        out = Outcome("fact", sparql=query)
        subject, feature = self.speaker.term(frame.subject), self.speaker.term(frame.feature)
        if not rows:
            draft.say(f"Not stated: the graph does not say whether {subject} has {feature}.", tone="not-stated")
            out.empty = out.abstained = True
            return out
        level = rows[0]["level"]
        assert isinstance(level, Iri)
        edge = Fact(frame.subject, level, frame.feature)
        found = [(r["q"], r["value"], r["st"]) for r in rows if "q" in r]
        texts = [f for f in found if f[0] != FG.note]
        since = [f for f in texts if not isinstance(f[1], Iri)] or texts  # a version's number says more than its node
        told = self.speaker.statement(frame.subject, level, [frame.feature])
        if not since:
            draft.say(told, [edge])
            draft.say("Not stated: since which version.", tone="not-stated")
            out.abstained = True
        for q, value, st in since[:3]:
            assert isinstance(q, Iri)
            said = self.speaker.term(value, frame.subject)
            word = self.lexicon.labels.get(q) or words_of(q)
            draft.say(f"{told.rstrip('.')}, {word} {said}.", [Fact(st, q, value), edge])
            out.names.append(said)
            out.rows.append({"thing": subject, "feature": feature, word: said})
        for q, value, st in found:
            if q == FG.note:
                draft.note(st, value)
        return out


def _top(ranked: list[tuple[Term, Term]], frame: ListFrame) -> list[tuple[Term, Term]]:
    """The rows asked for; with the first ones, those that tie with the last of them."""
    keep = frame.limit or 1
    if frame.offset:
        return ranked[frame.offset : frame.offset + keep]
    last = str(ranked[min(keep, len(ranked)) - 1][1])
    return [r for i, r in enumerate(ranked) if i < keep or str(r[1]) == last]


def _grouped(facts: list[Fact]) -> list[tuple[Iri, Iri, list[Term]]]:
    """Facts by subject and property, in the order met."""
    groups: dict[tuple[Iri, Iri], list[Term]] = {}
    for f in facts:
        if isinstance(f.subject, Iri) and f.predicate != RDF.type:
            values = groups.setdefault((f.subject, f.predicate), [])
            if f.object not in values:
                values.append(f.object)
    return [(s, p, values) for (s, p), values in groups.items()]


def _ranked(solutions: Solutions, target: str, column: str, descending: bool) -> list[tuple[Term, Term]]:
    """(thing, value) in order, one row a thing; numbers by size, dates and years by their text, ties by IRI."""
    best: dict[Term, Term] = {}
    for row in solutions:
        if target in row and column in row:
            best.setdefault(row[target], row[column])

    def size(value: Term) -> tuple[float, str]:
        try:
            return (float(value.value), "")
        except ValueError:
            return (0.0, value.value)

    return sorted(sorted(best.items(), key=lambda i: str(i[0])), key=lambda i: size(i[1]), reverse=descending)


def _all_optional(graph: QueryGraph, frame: FactFrame) -> QueryGraph:
    """With several properties asked at once, each may be missing."""
    if len(frame.properties) == 1:
        return graph
    head = tuple(p for p in graph.where if isinstance(p, OneOf))
    edges = tuple(Maybe((p,)) for p in graph.where if isinstance(p, Edge))
    return QueryGraph(graph.target, (*head, *edges), graph.columns)
