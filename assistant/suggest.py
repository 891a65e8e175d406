"""Follow-up questions that the graph can answer: made from what it holds about the things of an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assistant.compose import Outcome
from assistant.connect import Connections
from assistant.frames import AlikeFrame, Candidate, FactFrame, ListFrame, ProfileFrame, RecommendFrame, VerdictFrame
from assistant.lexicon import Lexicon
from assistant.types import Answer, Citation, Sentence, Suggestion
from assistant.words import join, plural
from graph.schema import Schema
from graph.types import Iri

OFFERED = 3


class Suggester:
    """Suggests questions for one opened graph."""

    def __init__(self, schema: Schema, lexicon: Lexicon, connections: Connections) -> None:
        self.schema, self.lexicon, self.connections = schema, lexicon, connections

    def after(self, candidate: Candidate, outcome: Outcome) -> list[Suggestion]:
        """Up to three questions that follow from an answer."""
        frame = candidate.frame
        if isinstance(frame, RecommendFrame) and outcome.rows and "for" in outcome.rows[0] and self.schema.focus:
            noun = self.lexicon.label(self.schema.focus)
            return [Suggestion(r["for"], f"Recommend a {noun} for {r['for']}") for r in outcome.rows[:OFFERED]]
        done: set[Iri] = set(frame.properties) if isinstance(frame, FactFrame) else set()
        if isinstance(frame, FactFrame):
            things = list(frame.anchors)
        elif isinstance(frame, (VerdictFrame, ProfileFrame)):
            things = [frame.subject]
        else:
            things = outcome.things[:2]
        asked = self._properties(things[:1], done)
        peers = [t for t in outcome.things if isinstance(frame, ListFrame)][:2]
        if len(peers) == 2:
            asked.insert(0, f"Compare {join([self.lexicon.label(p) for p in peers])}")
        if isinstance(frame, AlikeFrame) and things:
            asked = [f"Compare {join([self.lexicon.label(t) for t in (frame.subject, other)])}" for other in things]
        return [Suggestion(q, q) for q in asked[:OFFERED]]

    def about(self, things: list[Iri]) -> list[Suggestion]:
        """Questions that can be answered about things that were recognised."""
        return [Suggestion(q, q) for q in self._properties(things[:1], set())[:OFFERED]]

    def _properties(self, things: list[Iri], done: set[Iri]) -> list[str]:
        asked = []
        for thing in things:
            known = [p for p in self._headlines() if p not in done and self.connections.holds(thing, p)]
            asked += [f"What is the {self.lexicon.label(p)} of {self.lexicon.label(thing)}?" for p in known[1 : OFFERED + 1]]
        return asked

    def _headlines(self) -> list[Iri]:
        infos = sorted(self.schema.properties.values(), key=lambda p: (p.headline is None, p.headline or 0, p.iri))
        return [p.iri for p in infos]

    def examples(self) -> list[str]:
        """Example questions for a dataset that brings none: a list, a count and a property of its central class."""
        focus = self.schema.focus
        if focus is None:
            return []
        noun = self.lexicon.label(focus)
        things = sorted(
            (i for i, c in self.lexicon.classes_of.items() if focus in c and i in self.lexicon.labels), key=lambda i: self.lexicon.labels[i]
        )[:2]
        asked = [f"How many {plural(noun)} are there?"]
        asked += self._properties(list(things[:1]), set())[:2]
        if len(things) == 2:
            asked.append(f"Compare {join([self.lexicon.label(t) for t in things])}")
        return asked

    def joined(self, answers: list[Answer], turn: dict[str, Any]) -> Answer:
        """Two answers as one: the second's citations are numbered on from the first's, shared sources once."""
        first, second = answers
        numbers = {c.passage: c.number for c in first.citations}
        renumber: dict[int, int] = {}
        merged = {c.passage: c for c in first.citations}
        for c in second.citations:
            number = numbers.setdefault(c.passage, len(numbers) + 1)
            renumber[c.number] = number
            old = merged.get(c.passage)
            facts = tuple(dict.fromkeys((*(old.facts if old else ()), *c.facts)))
            merged[c.passage] = replace(c, number=number, facts=facts)
        sentences = tuple(_renumbered(s, renumber) for s in second.sentences)
        text = first.text + "\n\n" + _renumbered_text(second.text, renumber)
        ordered: list[Citation] = sorted(merged.values(), key=lambda c: c.number)
        return replace(
            first, question=turn["question"], text=text, sentences=(*first.sentences, *sentences), citations=ordered,
            names=list(dict.fromkeys([*first.names, *second.names])), rows=[*first.rows, *second.rows],
            queries=list(dict.fromkeys([*first.queries, *second.queries])), understood=f"{first.understood}; and {second.understood}",
            pieces=(*first.pieces, *second.pieces), wanted=first.wanted or second.wanted,
            choosing=first.choosing or second.choosing, turn=turn,
            confidence=min(first.confidence, second.confidence),
        )  # fmt: skip


def _renumbered(sentence: Sentence, numbers: dict[int, int]) -> Sentence:
    text = _renumbered_text(sentence.text, numbers) if sentence.block == "table" else sentence.text
    return replace(sentence, text=text, cites=tuple(sorted(numbers[n] for n in sentence.cites)))


def _renumbered_text(text: str, numbers: dict[int, int]) -> str:
    out, rest = [], text
    while True:
        before, found, after = rest.partition("[")
        out.append(before)
        if not found:
            return "".join(out)
        inner, closed, tail = after.partition("]")
        if closed and inner.isdigit() and int(inner) in numbers:
            out.append(f"[{numbers[int(inner)]}]")
            rest = tail
        else:
            out.append("[")
            rest = after
