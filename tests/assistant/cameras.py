"""The cameras, a graph of another domain with remarks and passages, and an encoder that needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.encode import Vectors
from assistant.words import fold
from graph import KnowledgeGraph
from graph.build import ensure_built
from graph.types import Iri

C = "http://camera.example/"
CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"
ARDEX, BOLO, CORVO = Iri(C + "ardex-one"), Iri(C + "bolo"), Iri(C + "corvo-three")


def cameras(cache: Path) -> KnowledgeGraph:
    """The graph of the cameras, built in a folder."""
    return KnowledgeGraph.open(ensure_built(CAMERAS, cache))


class Letters:
    """An encoder by pairs of letters: alike words have alike vectors, and no model is needed."""

    name = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.stack([self._vector(fold(t)) for t in texts]) if texts else np.zeros((0, 729), dtype=np.float32)

    def _vector(self, text: str) -> Vectors:
        counts = np.full(729, 1e-6, dtype=np.float32)
        places = [ord(c) - 96 if c.isascii() and c.isalpha() else 0 for c in text]
        for a, b in pairwise(places):
            counts[a * 27 + b] += 1
        unit: Vectors = counts / np.linalg.norm(counts)
        return unit
