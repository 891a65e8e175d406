"""What was computed of one thing or two -> a sentence with its figures and where they come from."""

from __future__ import annotations

from assistant import sparql
from assistant.compose import Outcome
from assistant.draft import Draft
from assistant.frames import Candidate, SumFrame
from assistant.lexicon import Lexicon
from assistant.say import Speaker, plain
from assistant.tabulate import shown
from assistant.words import join
from graph.schema import Schema
from graph.types import Fact, Term


class Calculator:
    """Composes computed figures for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon) -> None:
        self.schema, self.lexicon = schema, lexicon
        self.speaker = Speaker(schema, lexicon)

    def total(self, draft: Draft, candidate: Candidate, frame: SumFrame) -> Outcome:
        """The figure, then what it was computed from."""
        assert candidate.graph is not None
        out = Outcome("fact", sparql=sparql.query(candidate.graph, draft.kg.wrap))
        rows = draft.ask(out.sparql).rows
        value: Term | None = next((v for row in rows for v in row.values()), None)
        names = join([plain(self.speaker.term(s)) for s in frame.subjects])
        if value is None:
            draft.say(f"Not stated: the graph does not give what the {frame.label} of {names} is computed from.", tone="not-stated")
            out.empty = out.abstained = True
            return out
        facts = self._facts(draft, frame)
        said = " ".join(self.speaker.statement(f.subject, f.predicate, [f.object]) for f in facts)  # type: ignore[arg-type]  # things named
        draft.say(f"The {frame.label} of {names}: {shown(value)} (computed).", facts, "computed")
        draft.say(said, facts)
        out.names = [shown(value)]
        out.rows = [{frame.label: shown(value)}]
        return out

    def _facts(self, draft: Draft, frame: SumFrame) -> list[Fact]:
        found = []
        for subject in frame.subjects:
            for prop in frame.properties:
                rows = draft.kg.query(f"SELECT ?o {draft.kg.wrap(f'{subject.n3} {prop.n3} ?o')} LIMIT 1").rows
                found += [Fact(subject, prop, row["o"]) for row in rows]
        return found
