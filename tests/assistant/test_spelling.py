"""Names near in spelling: those that comparing each would find, in the same order."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from assistant.spelling import FEW, Spellings, shape, shapes

LETTERS = st.text(alphabet="abcdeé7ж", min_size=1, max_size=12)


def made(count: int, seed: int = 1) -> list[str]:
    """So many invented names of five to fourteen letters."""
    rng = Random(seed)
    return list(dict.fromkeys("".join(rng.choices("aeinorstlkmd", k=rng.randint(5, 14))) for _ in range(count)))


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Enough of each length to be sifted."""
    return made(12 * FEW)


@pytest.mark.parametrize("edits", [1, 2])
def test_the_names_that_comparing_each_finds(edits: int, names: list[str]) -> None:
    """For misspelt names of every length: the same three, in the same order."""
    spellings, rng = Spellings(names), Random(2)
    by_length = sorted(names, key=len)  # those of one length stay in their order, as they do in the buckets
    found = 0
    for name in rng.sample(names, 150):
        at = rng.randrange(len(name) - 1)
        word = rng.choice([name[:at] + name[at + 1] + name[at] + name[at + 2 :], name[:at] + name[at + 1 :], name[:at] + "u" + name[at:]])
        near = spellings.near(word, edits)
        pool = [n for n in by_length if abs(len(n) - len(word)) <= edits]
        assert near == [(n, d) for n, d, _ in process.extract(word, pool, scorer=OSA.distance, score_cutoff=edits, limit=3)]
        found += bool(near)
    assert found == 150


@given(LETTERS, LETTERS)
def test_an_edit_changes_two_bits_at_most(one: str, other: str) -> None:
    """So that shapes never hide a name that is near."""
    differing = int(shape(one) ^ shape(other)).bit_count()
    assert shapes([one], len(one)).tolist() == [shape(one)]
    assert differing <= 2 * OSA.distance(one, other)


def test_shapes_tell_names_apart() -> None:
    """By which letters occur, and which of them twice."""
    assert shapes(["abc", "cab"], 3).tolist() == shapes(["bca", "abc"], 3).tolist()
    assert shapes(["aab"], 3)[0] != shapes(["abb"], 3)[0]
    assert shapes([], 3).tolist() == []
    assert shapes([""], 0).tolist() == [0]


@pytest.mark.parametrize("cutoff", [50, 66, 90])
def test_the_most_alike(cutoff: int, names: list[str]) -> None:
    """As alike as the most alike of all; none where nothing is alike enough."""
    spellings = Spellings(names)
    for word in made(80, seed=3):
        best = process.extractOne(word, names, scorer=fuzz.ratio, score_cutoff=cutoff)
        found = spellings.nearest(word, cutoff)
        assert (found is None) == (best is None)
        if best is not None and found is not None:
            assert fuzz.ratio(word, found) == best[1]
    assert Spellings([]).nearest("word", cutoff) is None
