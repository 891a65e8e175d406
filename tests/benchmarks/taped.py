"""An encoder and a graph that remember what they were asked, and the figures that are drawn from times."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.encode import MiniLM, Vectors
from graph import KnowledgeGraph
from graph.types import Solutions


class Taped:
    """An encoder that remembers what it was asked."""

    def __init__(self, encoder: MiniLM) -> None:
        self.name, self.encoder = encoder.name, encoder
        self.calls: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        return self.encoder.encode(texts)


class Watched(KnowledgeGraph):
    """A graph that remembers what it was asked."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        super().__init__(kg.backend, kg.facts_graph, name=kg.name, version=kg.version)
        self.asked: list[str] = []

    def query(self, sparql: str) -> Solutions:
        self.asked.append(sparql)
        return super().query(sparql)


def percentile(times: Sequence[float], percent: int) -> float:
    """The time that ``percent`` of 100 do not pass."""
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]
