"""The way of a question, top to bottom.

    question -> asks -> scan (tokens, mentions, operators, cues) -> follow-up edits -> candidates -> rank -> compose -> Answer

``Assistant`` holds what is compiled once per opened graph; ``answer`` below uses the shipped one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any

from assistant import sparql
from assistant.compare import Comparer
from assistant.compiled import Compiled
from assistant.compose import Composer
from assistant.connect import Connections
from assistant.describe import Describer
from assistant.detect import MAX_CHARS
from assistant.encode import Encoder, Foreseeing, MiniLM
from assistant.lexicon import Lexicon
from assistant.link import Linker
from assistant.parse import Parser
from assistant.recommend import Recommender
from assistant.remarks import Remark, RemarkIndex, read
from assistant.respond import Responder
from assistant.semantic import PropertySense
from assistant.settle import STANDINGS
from assistant.trace import AskTrace, trace
from assistant.types import Answer, ChoiceError, Link, Reading, Wanted
from assistant.understand import Understander
from graph import KnowledgeGraph
from graph.schema import Schema
from graph.settings import cache_folder
from graph.types import Iri


class Assistant:
    """Answers questions over one opened graph."""

    def __init__(self, graph: KnowledgeGraph, encoder: Encoder | None = None, cache: Path | None = None) -> None:
        self.graph = graph
        self.lock = RLock()  # what is compiled on first use, and the caches, are shared by all that ask
        self.encoder = Foreseeing(encoder or MiniLM(cache=cache))
        kept = Compiled.of(graph, cache)
        self.schema = kept.value("schema", Schema, lambda: Schema.read(graph))
        self.lexicon = kept.value("lexicon", Lexicon, lambda: Lexicon.compile(graph, self.schema)).over(graph)
        focus = self.schema.focus
        self.linker = Linker(self.lexicon, self.schema.subclasses(focus) if focus is not None else ())
        connections = Connections(graph, self.schema)
        told = kept.value("remarks", tuple[Remark, ...], lambda: read(graph))
        remarks = RemarkIndex(told, self.lexicon, self.encoder, cache, self.linker.is_common, kept)
        sense = PropertySense(self.schema, self.lexicon, connections, remarks, self.encoder, cache)
        describer = Describer(self.schema, self.lexicon, remarks, connections)
        recommender = Recommender(graph, self.schema, self.lexicon, describer, self.encoder, cache)
        parser = Parser(self.schema, self.lexicon, connections, sense)
        self.understander = Understander(parser, self.linker, remarks, recommender, sense)
        self.responder = Responder(
            graph, self.schema, self.lexicon, self.linker, Composer(self.schema, self.lexicon, connections), describer,
            Comparer(self.schema, describer), recommender, connections, self.understander,
        )  # fmt: skip

    @classmethod
    def open(cls, path_or_url: str | Path | None = None, *, encoder: Encoder | None = None) -> Assistant:
        """Open the shipped graph (None), or any RDF file, folder of files, or SPARQL endpoint.

        Raises graph.OpenError for what cannot be opened.
        """
        return cls(KnowledgeGraph.open(path_or_url), encoder, cache_folder() / "vectors")

    def answer(self, question: str, history: Sequence[str | Mapping[str, Any]] = (), choices: Mapping[str, str] | None = None) -> Answer:
        """A short answer with citations; ``history`` is oldest first.

        ``choices`` settle mentions, {"0:6": iri}, and how something counts that a choice is asked to meet: {iri: "preferred"}
        ("required", "preferred" or "no"). No text makes it raise.
        Raises HistoryError or ChoiceError for a malformed history or choice.
        """
        text = str(question)[:MAX_CHARS]
        settled = self._choices(text, choices or {})
        with self.lock:
            return self.responder.answer(text, history, settled, dict(choices or {}), self._choices)

    def interpret(self, question: str, history: Sequence[str | Mapping[str, Any]] = ()) -> list[Reading]:
        """Ranked readings with their SPARQL; the asked query is not executed."""
        text = str(question)[:MAX_CHARS]
        found = []
        with self.lock:
            understood = self.responder.understand(text, history, {}, self._choices)
        for scan, candidates in understood:
            for c in candidates[:8]:
                query = sparql.with_prefixes(sparql.query(c.graph, self.graph.wrap)) if c.graph else ""
                found.append(Reading(c.kind, c.english, c.fit, query, c.graph, scan.mentions, tuple(sorted(c.features.items()))))
        return sorted(found, key=lambda r: -r.score)

    def known_wants(self) -> tuple[Wanted, ...]:
        """What a choice can be asked to meet: kinds of project, features, and values that limit it."""
        with self.lock:
            return self.responder.settler.known()

    def trace(self, question: str, history: Sequence[str | Mapping[str, Any]] = ()) -> tuple[AskTrace, ...]:
        """How each ask of a question was understood, stage by stage; nothing is composed."""
        with self.lock:
            return trace(self.responder.understand(str(question)[:MAX_CHARS], history, {}, self._choices), self.graph.wrap)

    def about(self) -> dict[str, Any]:
        """What the opened dataset says of itself: title, scope, examples, as-of date, version."""
        return self.responder.decliner.about()

    def _choices(self, text: str, choices: Mapping[str, str]) -> dict[tuple[int, int], Link]:
        """{"0:6": iri} as spans and links. Raises ChoiceError for a span outside the text or an unknown IRI."""
        settled = {}
        for span, iri in choices.items():
            if Iri(str(span)) in self.lexicon.labels:
                if iri not in STANDINGS:
                    raise ChoiceError(f"the choice for {span} is {iri!r}; give one of {', '.join(STANDINGS)}")
                continue
            a, _, b = str(span).partition(":")
            if not (a.isdecimal() and b.isdecimal() and int(a) < int(b) <= len(text)):
                raise ChoiceError(f"the choice {span!r} is no span of the question; give 'start:end' within 0:{len(text)}")
            thing = Iri(str(iri))
            if thing not in self.lexicon.labels:
                raise ChoiceError(f"the choice for {span} is {iri!r}, which the graph does not know")
            kind = self.lexicon.kinds.get(thing, "entity")
            settled[(int(a), int(b))] = Link(thing, self.lexicon.label(thing), kind, 1.0, "choice")
        return settled


@lru_cache(maxsize=1)
def shipped() -> Assistant:
    """The assistant over the shipped graph, opened once."""
    return Assistant.open()


def answer(question: str, history: Sequence[str | Mapping[str, Any]] = (), choices: Mapping[str, str] | None = None) -> Answer:
    """Answer a question from the shipped graph. See ``Assistant.answer``."""
    return shipped().answer(question, history, choices)
