"""Tables of numbers -> sentences: one a group, each resting on the facts that were counted or measured."""

from __future__ import annotations

from dataclasses import replace

from assistant import sparql
from assistant.compose import SHOWN, Outcome
from assistant.draft import Draft
from assistant.evidence import facts_by_target
from assistant.frames import Candidate, TableFrame
from assistant.lexicon import Lexicon
from assistant.say import Speaker, plain
from assistant.tables import GROUP
from assistant.types import QueryGraph
from assistant.words import plural, sentence_case
from graph.schema import Schema
from graph.types import Fact, Iri, Literal, Term

Pairs = list[tuple[Term, Term]]
CITED = 12  # facts cited in a bullet that rests on many


class Tabulator:
    """Composes tables for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon) -> None:
        self.schema, self.lexicon = schema, lexicon
        self.speaker = Speaker(schema, lexicon)

    def table(self, draft: Draft, candidate: Candidate, frame: TableFrame) -> Outcome:
        """Numbers per group, per thing, or one number."""
        graph = candidate.graph
        assert graph is not None
        out = Outcome("count" if candidate.kind == "count" else "list")
        if frame.function == "share":
            return self._share(draft, frame, graph, out)
        if graph.group is None and frame.function != "each":
            return self._one(draft, frame, graph, out)
        return self._many(draft, frame, graph, out)

    def _number(self, frame: TableFrame, value: Term, things: bool = True) -> str:
        said = shown(value)
        if frame.function == "count":
            return f"{said} {frame.noun if said == '1' else plural(frame.noun)}" if things else said
        return said

    def _column(self, frame: TableFrame) -> str:
        if frame.function == "count":
            return f"number of {plural(frame.noun)}"
        lead = {"avg": "average ", "sum": "total ", "max": "highest ", "min": "lowest "}.get(frame.function, "")
        return lead + (frame.measure.label if frame.measure else "")

    # ------------------------------------------------------------ one number

    def _one(self, draft: Draft, frame: TableFrame, graph: QueryGraph, out: Outcome) -> Outcome:
        out.sparql = sparql.query(graph, draft.kg.wrap)
        rows = draft.ask(out.sparql).rows
        listed = draft.ask(sparql.query(QueryGraph(graph.target, graph.where), draft.kg.wrap)).rows
        things = list(dict.fromkeys(r[graph.target.name] for r in listed if graph.target.name in r))
        value = next((v for r in rows for v in r.values()), None)
        said = f"{plural(frame.noun)} {frame.said}".strip()
        if value is None or not things:
            draft.say(f"Not stated: the graph gives no {self._column(frame)} for any {said}.", tone="not-stated")
            out.empty = out.abstained = True
            return out
        facts = [f for own in facts_by_target(draft, graph, things[:SHOWN]).values() for f in own]
        draft.say(
            f"The {self._column(frame)} of {said} is {shown(value)} (computed from {len(things)} {'row' if len(things) == 1 else 'rows'}).",
            facts[:SHOWN], "computed",
        )  # fmt: skip
        out.names = [shown(value)]
        out.rows = [{self._column(frame): shown(value)}]
        return out

    def _share(self, draft: Draft, frame: TableFrame, graph: QueryGraph, out: Outcome) -> Outcome:
        assert frame.whole is not None
        part = draft.ask(sparql.query(QueryGraph(graph.target, graph.where), draft.kg.wrap)).rows
        whole = draft.ask(sparql.query(frame.whole, draft.kg.wrap)).rows
        things = list(dict.fromkeys(r[graph.target.name] for r in part))
        everything = {r[graph.target.name] for r in whole}
        out.sparql = sparql.query(replace(graph, count=True), draft.kg.wrap)
        draft.ask(out.sparql)
        if not everything or not frame.said:
            out.empty = out.abstained = True
            return out
        share = f"{100 * len(things) / len(everything):.1f} %"
        facts = [f for own in facts_by_target(draft, graph, things[: 2 * SHOWN]).values() for f in own]
        all_of = f"{plural(frame.noun)} {frame.given}".strip()
        lead = f"{len(things)} of {len(everything)} {all_of}, {share},"
        draft.say(f"{lead} are those {frame.said} (counted): {self.speaker.shown(things)}.", facts[: 2 * SHOWN], "computed")
        out.names = [share]
        out.things = [t for t in things if isinstance(t, Iri)]
        out.rows = [{"count": str(len(things)), "of": str(len(everything)), "share": share}]
        return out

    # ------------------------------------------------------------ one number a group, or a thing

    def _many(self, draft: Draft, frame: TableFrame, graph: QueryGraph, out: Outcome) -> Outcome:
        key = GROUP if graph.group is not None else graph.target
        number = "value" if frame.function == "each" else graph.aggregate.lower() or "count"
        rows = draft.ask(sparql.query(replace(graph, limit=None, offset=0), draft.kg.wrap)).rows
        pairs = [(r[key.name], r[number]) for r in rows if key.name in r and number in r]
        pairs = list({k: (k, v) for k, v in pairs}.values()) if frame.function != "each" else list(dict.fromkeys(pairs))
        kept = self._window(frame, pairs)
        if not kept:
            draft.say(f"Not stated: the graph knows no {frame.by_noun or frame.noun} for that.", tone="not-stated")
            out.empty = out.abstained = True
            return out
        cut = len(kept) if len(kept) < len(pairs) else None
        asked = replace(graph, limit=cut, offset=frame.offset if cut else 0)
        if (frame.extreme or graph.having) and not frame.valued:
            asked = replace(asked, bare=True, columns=(key,) if graph.group is None else graph.columns)
        out.sparql = sparql.query(asked, draft.kg.wrap)
        draft.ask(out.sparql)
        evidence = facts_by_target(draft, replace(graph, target=key), [k for k, _ in kept[:SHOWN]])
        self._say(draft, frame, pairs, kept, evidence)
        noun = frame.by_noun or frame.noun
        out.names = [self.speaker.term(k) for k, _ in kept]
        out.things = [k for k, _ in kept if isinstance(k, Iri)]
        out.rows = [{noun: self.speaker.term(k), self._column(frame): shown(v)} for k, v in kept]
        return out

    def _window(self, frame: TableFrame, pairs: Pairs) -> Pairs:
        """The rows asked for; those that tie with the last of the first ones belong to them."""
        if frame.limit is None:
            return pairs
        kept = pairs[frame.offset : frame.offset + frame.limit]
        if frame.offset == 0 and kept:
            kept += [p for p in pairs[frame.limit :] if p[1] == kept[-1][1]]
        return kept

    def _say(self, draft: Draft, frame: TableFrame, pairs: Pairs, kept: Pairs, evidence: dict[Term, list[Fact]]) -> None:
        noun = plural(frame.by_noun or frame.noun)
        if frame.extreme and len(kept) == 1:
            key, value = kept[0]
            end = "the highest" if frame.descending else "the lowest"
            place = f"number {frame.offset + 1} from {end.removeprefix('the ')} on" if frame.offset else end
            name = plain(self.speaker.term(key))
            said = f"Of {len(pairs)} {noun}, {name} has {place} {self._column(frame)}: {self._number(frame, value)}."
            draft.say(said, evidence.get(key, [])[:SHOWN], "computed")
            return
        lead = f"{sentence_case(self._column(frame))}"
        lead += f" of those {frame.said}" if frame.said else ""
        draft.say(f"{lead}, {'the first ' if frame.extreme else ''}{len(kept)} {noun}:", tone="frame")
        for key, value in kept[:SHOWN]:
            own = evidence.get(key, [])[:CITED]
            draft.say(f"**{plain(self.speaker.term(key))}**: {self._number(frame, value)}.", own, "computed" if own else "frame", "bullet")
        if len(kept) > SHOWN:
            draft.say(f"And {len(kept) - SHOWN} more, in the rows.", tone="frame")


def shown(value: Term) -> str:
    """A number as a reader would write it: no more than four decimals, none where they are zero."""
    if not isinstance(value, Literal):
        return str(value)
    try:
        number = float(value.value)
    except ValueError:
        return value.value
    return f"{number:.4f}".rstrip("0").rstrip(".")
