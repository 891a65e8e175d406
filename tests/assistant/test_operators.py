"""Operators of an ask: negation, and, or, exclusion, comparison, superlative, with the tokens that they stand on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.detect import tokenize
from assistant.operators import Op, scan

VOCABULARY = """the lamps not or and but without except besides other than apart from before after since between 1990 2000 3 two
top first oldest more than at least most expensive older than taller""".split()


def ops(text: str) -> tuple[Op, ...]:
    return scan(tokenize(text))


def only(text: str) -> Op:
    (op,) = ops(text)
    return op


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("lamps without a wick", "not"),
        ("lamps that do not smoke", "not"),
        ("lamps that don't smoke", "not"),
        ("lamps that cannot be hung", "not"),
        ("lamps that lack a wick", "not"),
        ("lamps with no wick", "not"),
        ("lamps or torches", "or"),
        ("lamps and torches", "and"),
        ("lamps plus torches", "and"),
        ("lamps but cheap", "but"),
        ("lamps other than this", "exclude"),
        ("lamps apart from this", "exclude"),
        ("lamps except this", "exclude"),
        ("lamps besides this", "exclude"),
        ("lamps instead of torches", "exclude"),
    ],
)
def test_words_that_are_operators(text: str, kind: str) -> None:
    """Negation, conjunction, alternative and exclusion are each found once."""
    assert [op.kind for op in ops(text)] == [kind]


def test_an_operator_keeps_the_tokens_it_stands_on() -> None:
    """first..last are token indexes, so that these words count as explained."""
    op = only("lamps other than this")
    assert (op.first, op.last) == (1, 3)


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("before 1990", "<", "1990"),
        ("after 1990", ">", "1990"),
        ("since 1990", ">=", "1990"),
        ("until 1990", "<=", "1990"),
        ("lamps made in 1990", "=", "1990"),
        ("between 1980 and 1990", "between", "1980 1990"),
        ("more than 40", ">", "40"),
        ("at least 3", ">=", "3"),
        ("at most 2.5", "<=", "2.5"),
        ("fewer than 7", "<", "7"),
        ("under 100", "<", "100"),
        ("older than 1990", "<", "1990"),
    ],
)
def test_comparisons_with_a_value(text: str, sign: str, value: str) -> None:
    """A year or number with its sign; 'older' is the low end of a date."""
    op = only(text)
    assert (op.kind, op.sign, op.value) == ("compare", sign, value)


def test_a_comparison_with_a_thing_has_no_value() -> None:
    """'taller than X' ends before X, which is linked, and says of which property it may speak."""
    op = next(o for o in ops("Which lamps are taller than Beacon") if o.kind == "compare")
    assert (op.sign, op.value, op.last) == (">", "", 5)
    assert "height" in op.hints
    assert op.adjective == "taller"


def test_before_a_thing_needs_a_word_of_dates() -> None:
    """'made before X' compares dates; 'stands before X' compares nothing."""
    assert [o.kind for o in ops("lamps made before Beacon")] == ["compare"]
    assert ops("lamps standing before Beacon") == ()


@pytest.mark.parametrize(
    ("text", "sign", "limit"),
    [
        ("the oldest lamp", "<", None),
        ("the newest lamp", ">", None),
        ("the tallest lamp", ">", None),
        ("the cheapest lamp", "<", None),
        ("the most expensive lamp", ">", None),
        ("the least expensive lamp", "<", None),
        ("the three oldest lamps", "<", 3),
        ("the 5 tallest lamps", ">", 5),
        ("the top 3 tallest lamps", ">", 3),
        ("the oldest three lamps", "<", 3),
        ("a cheaper lamp", "<", None),
    ],
)
def test_superlatives(text: str, sign: str, limit: int | None) -> None:
    """'<' asks for the low end, '>' for the high one; a number beside it says how many."""
    op = only(text)
    assert (op.kind, op.sign, op.limit) == ("order", sign, limit)


def test_longer_patterns_win() -> None:
    """'more than 3' is one comparison and no 'more'; 'other than' is no 'than'."""
    assert [(o.kind, o.first, o.last) for o in ops("other lamps with more than 3 wicks")] == [("compare", 3, 6)]


@pytest.mark.parametrize("text", ["", "lamps", "which lamps burn oil", "in the cellar", "from the shop", "one lamp"])
def test_plain_words_are_no_operators(text: str) -> None:
    """Prepositions and counts without a value or an order mean nothing here."""
    assert ops(text) == ()


@given(st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join))
def test_operators_are_in_order_and_apart(text: str) -> None:
    """Whatever stands beside what, each token belongs to one operator at most."""
    tokens = tokenize(text)
    found = scan(tokens)
    assert all(0 <= o.first < o.last <= len(tokens) for o in found)
    assert all(a.last <= b.first for a, b in pairwise(found))
