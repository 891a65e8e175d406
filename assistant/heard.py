"""How near one masked question comes to remarks, to the questions that they answer and to aspects; each computed once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from assistant.encode import Vectors, cosines
from graph.types import Iri

if TYPE_CHECKING:
    from assistant.remarks import RemarkIndex


class Heard:
    """The cosines of one question, as its ``vector``, with what an index knows.

    ``without`` is the row of a known question that counts as unknown: `make fit` asks each of them so.
    """

    def __init__(self, index: RemarkIndex, vector: Vectors, without: int | None = None) -> None:
        self._index, self._vector, self._without = index, vector, without

    @cached_property
    def statements(self) -> Vectors:
        """With what each remark says, shape (remarks,)."""
        return cosines(self._index.ready()[0], self._vector)

    @cached_property
    def known(self) -> Vectors:
        """With each known question, shape (known questions,)."""
        made = cosines(self._index.asked().vectors, self._vector)
        if self._without is not None:
            made[self._without] = -1.0
        return made

    @cached_property
    def nearest(self) -> Vectors:
        """With the nearest question that each remark is known to answer, shape (remarks,)."""
        return self._index.asked().nearest(self.known)

    @cached_property
    def aspects(self) -> dict[Iri, float]:
        """With the nearest phrasing of each aspect."""
        return self._index.by_aspect(self._vector)

    @cached_property
    def votes(self) -> dict[Iri, float]:
        """What the known questions nearest to it are about: shares that add up to about 1."""
        return self._index.asked().vote(self.known, self._index.under)
