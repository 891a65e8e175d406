"""English: folding, stems in both spellings, lists, plurals and numbers in words; nothing of any domain."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.words import COMPARATIVES, DIMENSIONS, MOST, fold, join, number, plural, sentence_case, stem, unhurried


@pytest.mark.parametrize(
    ("text", "folded"), [("Lamp", "lamp"), ("ÉTÉ", "ete"), ("Straße", "strasse"), ("ﬁne", "fine"), ("ｆｕｌｌ", "full"), ("", "")]
)
def test_fold(text: str, folded: str) -> None:
    """Case, accents and typographic forms do not matter."""
    assert fold(text) == folded


@given(st.text(max_size=40))
@example("ℙ")
def test_folding_twice_is_folding_once(text: str) -> None:
    """What is folded stays as it is."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lamp", "lamps"),
        ("painted", "paints"),
        ("licence", "license"),
        ("licences", "licensed"),
        ("organisation", "organization"),
        ("organised", "organizes"),
        ("colour", "color"),
        ("favourite", "favorite"),
        ("centre", "center"),
        ("catalogue", "catalogs"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str) -> None:
    """Endings, and British and American spelling, do not matter."""
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("rise", "rize"), ("wise", "wizen"), ("3.12", "3.1"), ("v2s", "v2")])
def test_other_words_keep_their_own_stem(one: str, other: str) -> None:
    """Short words in -ise are no -ize, and a word with digits is not stemmed."""
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"), (["a", "a"], "a and a")]
)
def test_join(parts: list[str], said: str) -> None:
    """A list as it is read aloud."""
    assert join(parts) == said


def test_join_with_another_word() -> None:
    """'or' in the place of 'and'."""
    assert join(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("lamp", "lamps"),
        ("box", "boxes"),
        ("glass", "glasses"),
        ("match", "matches"),
        ("battery", "batteries"),
        ("toy", "toys"),
        ("person", "people"),
        ("oil lamp", "oil lamps"),
        ("kind of lamp", "kind of lamps"),
    ],
)
def test_plural(noun: str, many: str) -> None:
    """The last word of a noun phrase takes the ending."""
    assert plural(noun) == many


@pytest.mark.parametrize(("n", "said"), [(0, "no"), (1, "one"), (12, "twelve"), (13, "13"), (1234, "1,234"), (-1, "-1")])
def test_number(n: int, said: str) -> None:
    """Small counts in words, others in figures."""
    assert number(n) == said


def test_what_is_typed_in_haste_is_written_out() -> None:
    """Function words only, in any case; a capital alone is a name."""
    assert unhurried("wich libs r there, Plz") == "which libraries are there, please"
    assert unhurried("is R a language?") == "is R a language?"


def test_sentence_case() -> None:
    """Only the first letter changes; nothing stays nothing."""
    assert sentence_case("three Lamps") == "Three Lamps"
    assert sentence_case("") == ""


def test_every_comparative_leads_to_a_dimension() -> None:
    """A comparative names a superlative that says which properties it orders; all hints are single folded words."""
    assert set(COMPARATIVES.values()) <= set(DIMENSIONS)
    hints = {h for words, _ in DIMENSIONS.values() for h in words} | {h for words in MOST.values() for h in words}
    assert hints == {fold(h) for h in hints if " " not in h}
