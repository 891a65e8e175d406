"""An answer in the making: sentences with the facts they rest on, sources looked up, citations numbered as they appear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal as Choice

from assistant.types import Citation, Sentence, Tone
from graph.provenance import sources_of
from graph.store import KnowledgeGraph
from graph.terms import DCT, FG, RDF
from graph.types import Fact, Solutions, Source, Term

PER_FACT = 1  # sources cited for a fact in a sentence of several; a sentence of one fact cites up to two
Block = Choice["prose", "bullet", "table"]


@dataclass
class Draft:
    """Collects sentences. ``queries`` are all that were run; the first that was ``asked`` is the answer's own."""

    kg: KnowledgeGraph
    sentences: list[Sentence] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)
    _facts: dict[str, dict[Fact, None]] = field(default_factory=dict)
    _known: dict[Fact, tuple[Source, ...]] = field(default_factory=dict)

    def ask(self, sparql: str) -> Solutions:
        """Run a query and remember it."""
        if sparql not in self.queries:
            self.queries.append(sparql)
        return self.kg.query(sparql)

    def sources(self, facts: Iterable[Fact]) -> dict[Fact, tuple[Source, ...]]:
        wanted = list(dict.fromkeys(facts))
        fresh = [f for f in wanted if f not in self._known]
        if fresh:
            self._known.update(sources_of(self.kg, fresh))
        return {f: self._known.get(f, ()) for f in wanted}

    def cite(self, facts: Sequence[Fact]) -> tuple[int, ...]:
        """Numbers for the sources of these facts, new ones counted on; in ascending order."""
        numbers: set[int] = set()
        found = self.sources(facts)
        for fact in dict.fromkeys(facts):
            keep = 2 if len(found) == 1 else PER_FACT
            for source in found[fact][:keep]:
                number = self._numbers.setdefault(source.passage, len(self._numbers) + 1)
                self._sources[source.passage] = source
                self._facts.setdefault(source.passage, {})[fact] = None
                numbers.add(number)
        return tuple(sorted(numbers))

    def as_of(self, facts: Sequence[Fact]) -> str:
        """The latest day on which a source of these facts was read; for what a rule computed, the day of the dataset; or ''."""
        first = [s for found in self.sources(facts).values() for s in found[:1]]
        read = max((s.retrieved for s in first if s.retrieved), default="")
        return read or (self._issued() if any(s.computed for s in first) else "")

    def _issued(self) -> str:
        """The day of the dataset, '' where it names none."""
        query = f"SELECT ?day {self.kg.wrap(f'?d {RDF.type.n3} {FG.Dataset.n3} ; {DCT.issued.n3} ?day')} ORDER BY ?day LIMIT 1"
        return next((row["day"].value for row in self.kg.query(query).rows), "")

    def say(self, text: str, facts: Sequence[Fact] = (), tone: Tone = "stated", block: Block = "prose", volatile: bool = False) -> None:
        """Add a sentence. Volatile facts are told with the day they were read."""
        if volatile and (day := self.as_of(facts)):
            text = f"{text.rstrip('.')} (as of {day})."
        self.sentences.append(Sentence(text, tuple(dict.fromkeys(facts)), self.cite(facts), tone, block))

    def remind(self, fact: Fact) -> None:
        """Add what a statement notes of its fact, where it notes something: how far it goes, or what speaks against it."""
        about = f"{RDF.subject.n3} {fact.subject.n3} ; {RDF.predicate.n3} {fact.predicate.n3} ; {RDF.object.n3} {fact.object.n3}"
        for row in self.kg.query(f"SELECT DISTINCT ?st ?note {self.kg.wrap(f'?st {about} ; {FG.note.n3} ?note')} ORDER BY ?note").rows:
            self.note(row["st"], row["note"])

    def note(self, statement: Term, note: Term) -> None:
        """Add one note of a statement."""
        self.say(f"Note: {note}.".replace("..", "."), [Fact(statement, FG.note, note)])

    def row(self, cells: Sequence[tuple[str, Sequence[Fact]]]) -> None:
        """Add a table row; each cell carries its own citations."""
        out: list[str] = []
        facts: list[Fact] = []
        cites: set[int] = set()
        for text, of in cells:
            numbers = self.cite(of)
            out.append(text + (" " if numbers and text else "") + marks(numbers))
            facts += of
            cites |= set(numbers)
        self.sentences.append(
            Sentence(f"| {' | '.join(out)} |", tuple(facts), tuple(sorted(cites)), "stated" if facts else "frame", "table")
        )

    def name_sources(self) -> None:
        """Answer 'who says so?' first: the publishers of what is told, each with its own citation."""
        facts = {f: s[0] for f, s in self.sources([f for s in self.sentences for f in s.facts]).items() if s}
        by: dict[str, list[Fact]] = {}
        for fact, source in facts.items():
            by.setdefault(source.publisher or source.title or source.passage, []).append(fact)
        told = self.sentences[:]
        self.sentences.clear()
        for publisher, own in by.items():
            self.say(f"{publisher[:1].upper()}{publisher[1:]} says so.", own)
        self.sentences.extend(told)

    def text(self) -> str:
        """The Markdown of all sentences with their marks."""
        blocks: list[str] = []
        last = ""
        for sentence in self.sentences:
            said = sentence.text if sentence.block == "table" else with_marks(sentence.text, sentence.cites)
            if sentence.block == "bullet":
                said = f"- {said}"
            join = "" if not blocks else " " if sentence.block == last == "prose" else "\n" if sentence.block == last else "\n\n"
            blocks.append(join + said)
            last = sentence.block
        return "".join(blocks)

    def citations(self) -> list[Citation]:
        """The sources by number, each with the facts it supports here."""
        made = []
        for passage, number in sorted(self._numbers.items(), key=lambda item: item[1]):
            s = self._sources[passage]
            made.append(
                Citation(
                    number,
                    s.title or passage,
                    s.url,
                    s.section,
                    s.retrieved,
                    s.publisher,
                    s.kind,
                    s.version,
                    passage,
                    tuple(self._facts[passage]),
                )
            )
        return made


def marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


def with_marks(text: str, numbers: Sequence[int]) -> str:
    """The marks before the final full stop: 'It is so [1][2].'"""
    if not numbers:
        return text
    end = text[-1:] if text.endswith((".", "!", "?", ":")) else ""
    return f"{text[: len(text) - len(end)]} {marks(numbers)}{end}"
