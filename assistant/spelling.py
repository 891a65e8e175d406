"""Names near a word in spelling, found without looking at each: what two names' letters have in common bounds their distance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

Shapes = npt.NDArray[np.uint64]
SLOTS = 26  # letters are counted by their code modulo this
FEW = 256  # names of one length that are quicker compared at once than sifted


class Spellings:
    """Names by their length, each with its shape: which letters occur in it, and which of them twice.

    One edit (a letter put in, left out, put for another, or two swapped) changes the counts of two letters by one at most, so
    it changes two bits of a shape at most: names whose shapes differ in more cannot be near, and are never compared.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        for name in names:
            self._by_length.setdefault(len(name), []).append(name)
        self._shapes: dict[int, Shapes] = {}

    def near(self, word: str, edits: int) -> list[tuple[str, int]]:
        """Up to three names within so many edits (adjacent letters swapped count as one), with their distances, nearest first."""
        mine = shape(word)
        pool = [name for length in range(len(word) - edits, len(word) + edits + 1) for name in self._alike(mine, length, edits)]
        found = process.extract(word, pool, scorer=OSA.distance, score_cutoff=edits, limit=3)
        return [(name, int(distance)) for name, distance, _ in found]

    def _alike(self, mine: np.uint64, length: int, edits: int) -> Iterator[str]:
        """The names of a length that may be so near to a word of this shape, in their order."""
        names = self._by_length.get(length, [])
        if len(names) <= FEW:
            yield from names
            return
        if length not in self._shapes:
            self._shapes[length] = shapes(names, length)
        differing = np.bitwise_count(self._shapes[length] ^ mine)
        for place in np.flatnonzero(differing <= 2 * edits).tolist():
            yield names[place]

    def nearest(self, word: str, cutoff: float) -> str | None:
        """The name most alike, of 100 at least ``cutoff`` alike; None where none is.

        The likeness is twice what can be kept in order by the length of both, so a name much shorter or longer is not looked at.
        """
        least = len(word) * cutoff / (200 - cutoff)
        most = len(word) * (200 - cutoff) / cutoff
        pool = [name for length, names in self._by_length.items() if least <= length <= most for name in names]
        found = process.extractOne(word, pool, scorer=fuzz.ratio, score_cutoff=cutoff)
        return found[0] if found else None


def shape(word: str) -> np.uint64:
    """The shape of one word, as ``shapes`` makes it."""
    once = twice = 0
    for slot in (1 << ord(letter) % SLOTS for letter in word):
        once, twice = once | slot, twice | (once & slot)
    return np.uint64(once | twice << SLOTS)


def shapes(names: list[str], length: int) -> Shapes:
    """A bit for each letter slot that occurs, and one for each that occurs twice or more; all names are of this length."""
    made: Shapes = np.zeros(len(names), dtype=np.uint64)
    if not length:
        return made
    slots = np.array(names, dtype=f"U{length}").view(np.uint32).reshape(len(names), length) % SLOTS
    for slot in range(SLOTS):
        count = (slots == slot).sum(axis=1)
        made |= (count > 0).astype(np.uint64) << np.uint64(slot)
        made |= (count > 1).astype(np.uint64) << np.uint64(SLOTS + slot)
    return made
