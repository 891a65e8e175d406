"""Questions that remarks are known to answer: how near a new one comes, what those near it are about, and yes or no."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.encode import Vectors
from graph.types import Iri

VOTERS = 40  # known questions, of whatever remarks, that vote on what a question is about
SHARPNESS = 15.0  # how fast a voter's weight falls with its distance


class Asked:
    """Questions with the remarks that answer them: owner, text, answer and vector of each."""

    def __init__(
        self, remarks: int, owners: tuple[int, ...], texts: tuple[str, ...], answers: tuple[bool | None, ...], vectors: Vectors
    ) -> None:
        self.owners, self.texts, self.answers, self.vectors = np.array(owners, dtype=np.int64), texts, answers, vectors
        self._remarks = remarks
        self._rows: dict[int, list[int]] = {}
        for row, owner in enumerate(owners):
            self._rows.setdefault(owner, []).append(row)

    def nearest(self, cosines: Vectors) -> Vectors:
        """For each remark the highest cosine of its questions, shape (remarks,); 0 where it has none.

        ``cosines``, here and below, are those of a new question with all known ones, in their order.
        """
        best: Vectors = np.zeros(self._remarks, dtype=np.float32)
        np.maximum.at(best, self.owners, cosines)
        return best

    def vote(self, cosines: Vectors, under: Sequence[tuple[Iri, ...]]) -> dict[Iri, float]:
        """What the known questions nearest to this one are about, whatever things they name: aspect -> share of the votes.

        ``under`` gives the aspects of each remark. A question's vote weighs exp(SHARPNESS * cosine): nearest neighbours with a
        kernel (Nadaraya 1964, Watson 1964).
        """
        voters = _highest(cosines, VOTERS)
        weights = np.exp(SHARPNESS * (cosines[voters] - 1.0))
        votes: dict[Iri, float] = {}
        for row, weight in zip(voters.tolist(), (weights / weights.sum()).tolist() if len(voters) else (), strict=True):
            for aspect in under[int(self.owners[row])]:
                votes[aspect] = votes.get(aspect, 0.0) + weight
        return votes

    def answer(self, remark: int, cosines: Vectors, near: float) -> tuple[str, bool] | None:
        """The nearest question that a remark answers by yes or no, and that answer; None where none comes near."""
        rows = [row for row in self._rows.get(remark, ()) if self.answers[row] is not None]
        if not rows:
            return None
        cosine, row = max(zip(cosines[rows].round(3).tolist(), rows, strict=True), key=lambda c: (c[0], -c[1]))
        return (self.texts[row], bool(self.answers[row])) if cosine >= near else None


def _highest(values: Vectors, most: int) -> npt.NDArray[np.int64]:
    """The rows of the highest values, highest first; of equal ones the first."""
    if len(values) > most:
        least = np.partition(values, -most)[-most]
        rows = np.flatnonzero(values >= least)
    else:
        rows = np.arange(len(values))
    return rows[np.argsort(-values[rows], kind="stable")][:most]
