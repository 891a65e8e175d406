"""Remarks as columns: what is known of each before a question comes, so that all are scored in a few passes over arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from graph.types import Iri

if TYPE_CHECKING:
    from assistant.remarks import Remark

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]
ASPECT_WORD = 0.85  # what a word counts that the name of a remark's aspect uses, and not its own text
EITHER_WAY = 0.5  # coverage of a question that has no content words


def postings(words: Iterable[Iterable[str]]) -> dict[str, Rows]:
    """word -> the rows that use it, ascending."""
    found: dict[str, list[int]] = {}
    for row, row_words in enumerate(words):
        for word in row_words:
            found.setdefault(word, []).append(row)
    return {word: np.array(rows, dtype=np.int64) for word, rows in found.items()}


_NONE: Rows = np.zeros(0, dtype=np.int64)


class Columns:
    """The remarks of one index, by row. ``own`` are the stems of each, ``wider`` those with its questions, ``aspects`` of its aspects."""

    def __init__(
        self, remarks: Sequence[Remark], first: Sequence[Iri | None], own: Iterable[Iterable[str]], wider: Iterable[Iterable[str]],
        aspects: Iterable[Iterable[str]],
    ) -> None:  # fmt: skip
        self.size = len(remarks)
        self._own, self._wider, self._aspects = postings(own), postings(wider), postings(aspects)
        self.claims: Truths = np.array([r.claim for r in remarks], dtype=bool)
        self.holds: Truths = np.array([r.holds is not None for r in remarks], dtype=bool)
        self._first = first
        order = sorted(range(self.size), key=lambda i: (remarks[i].claim, remarks[i].iri))
        self._rank: Rows = np.empty(self.size, dtype=np.int64)
        self._rank[order] = np.arange(self.size)
        known = sorted({a for r in remarks for a in r.aspects})
        self._place = {a: n for n, a in enumerate(known)}
        width = max((len(r.aspects) for r in remarks), default=0) or 1
        self._under: Rows = np.full((self.size, width), -1, dtype=np.int64)
        for row, remark in enumerate(remarks):
            self._under[row, : len(remark.aspects)] = [self._place[a] for a in remark.aspects]

    def coverages(self, weights: Sequence[tuple[str, float]]) -> tuple[Numbers, Numbers]:
        """The shares of the weighed stems that each remark uses: its own words, and with those of its questions.

        Shape (remarks,) each; a word that only the name of its aspect uses counts for less.
        """
        found = np.zeros((2, self.size))
        total = 0.0
        for stem, weight in weights:
            total += weight
            for table, kept in zip((self._own, self._wider), found, strict=True):
                worth = np.zeros(self.size)
                worth[self._aspects.get(stem, _NONE)] = ASPECT_WORD * weight
                worth[table.get(stem, _NONE)] = weight
                kept += worth
        plain, wider = found / total if total else np.full((2, self.size), EITHER_WAY)
        return plain, wider

    @staticmethod
    def coverage(weights: Sequence[tuple[str, float]], own: Iterable[str], aspects: Iterable[str]) -> float:
        """The share of the weighed stems that one remark of these words uses, as in ``coverages``."""
        words, named = frozenset(own), frozenset(aspects)
        total = sum(weight for _, weight in weights)
        found = sum(w if stem in words else ASPECT_WORD * w if stem in named else 0.0 for stem, w in weights)
        return found / total if total else EITHER_WAY

    def by_aspect(self, values: Mapping[Iri, float]) -> Numbers:
        """For each remark the highest value of its aspects, shape (remarks,); 0 for one that has none."""
        table = np.zeros(len(self._place) + 1)
        for aspect, place in self._place.items():
            table[place] = values.get(aspect, 0.0)
        table[-1] = -np.inf
        best: Numbers = table[self._under].max(axis=1)
        return np.where(self._under[:, 0] < 0, 0.0, best)

    def under(self, aspects: Iterable[Iri]) -> Truths:
        """Which remarks are under any of the aspects."""
        places = [self._place[a] for a in aspects if a in self._place]
        return np.asarray(np.isin(self._under, places).any(axis=1), dtype=bool)

    def of_others(self, things: Sequence[Iri], rows: Rows) -> Truths:
        """Which of the rows name another thing first than these."""
        mine = (None, *things)
        return np.array([self._first[row] not in mine for row in rows.tolist()], dtype=bool)

    def ordered(self, rows: Rows, scores: Numbers) -> list[tuple[int, float]]:
        """Rows with their scores, best first; of equal ones facts before opinions."""
        order = np.lexsort((self._rank[rows], -scores))
        return list(zip(rows[order].tolist(), scores[order].tolist(), strict=True))
