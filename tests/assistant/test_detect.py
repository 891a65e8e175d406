"""Text to tokens, asks and cues: offsets that round-trip, sentences that ask or tell, and what function words say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.detect import MAX_CHARS, Cues, cues, split, tokenize, without_courtesy
from assistant.words import fold

TYPED = st.text(alphabet="abcXYZ 0159.,?!'’-\nénütd", max_size=60)


def norms(text: str) -> list[str]:
    return [t.norm for t in tokenize(text)]


def asked(text: str) -> list[str]:
    return [text[a.start : a.end].strip() for a in split(text) if a.asks]


# ---------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Which lamp burns?", ["which", "lamp", "burns"]),
        ("Version 3.12 or 2.0.1", ["version", "3.12", "or", "2.0.1"]),
        ("CAFÉ Straße", ["cafe", "strasse"]),
        ("a re-use of low_light", ["a", "re", "use", "of", "low", "light"]),
        ("灯 ok", ["灯", "ok"]),
        ("", []),
        ("?! …", []),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    """A token is a word, number or version, casefolded and without accents; signs are none."""
    assert norms(text) == words


@pytest.mark.parametrize("text", ["10k lumens", "512MB free", "the 1980s", "4x 1000px"])
def test_a_number_with_its_unit_is_one_word(text: str) -> None:
    """Digits that run into letters stay with them."""
    assert norms(text) == text.lower().split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("doesn't", ["does", "not"]),
        ("isn’t", ["is", "not"]),
        ("can't", ["can", "not"]),
        ("doesnt", ["does", "not"]),
        ("cant", ["can", "not"]),
        ("Ada's lamp", ["ada", "lamp"]),
        ("what's it", ["what", "it"]),
        ("they're", ["they"]),
        ("agent", ["agent"]),
    ],
)
def test_contractions_split(text: str, words: list[str]) -> None:
    """'doesn't' and 'doesnt' are 'does not'; a possessive 's and the like are dropped; other words in -nt stay whole."""
    assert norms(text) == words


@given(TYPED)
def test_tokens_lie_in_the_text_in_order_and_apart(text: str) -> None:
    """Spans are within the text, none is empty, and none overlaps the next."""
    spans = [(t.start, t.end) for t in tokenize(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_the_tokens_of_a_contraction_do_not_overlap() -> None:
    """Each letter of "can't" belongs to one token only."""
    can, denied = tokenize("can't")
    assert can.end <= denied.start


@given(st.lists(st.sampled_from(["Lamp", "oil", "3.12", "É", "wick's", "灯"]), max_size=6))
def test_a_token_is_the_folded_text_at_its_span(words: list[str]) -> None:
    """The norm can be recomputed from the offsets."""
    text = " ".join(words)
    assert all(fold(text[t.start : t.end]) == t.norm for t in tokenize(text))


def test_what_is_past_the_limit_is_not_read() -> None:
    """Only the first characters of a very long text become tokens and asks."""
    text = "lamp " * MAX_CHARS
    assert max(t.end for t in tokenize(text)) <= MAX_CHARS
    assert max(a.end for a in split(text)) <= MAX_CHARS


# ---------------------------------------------------------------- asks


def test_situation_and_ask_are_told_apart() -> None:
    """Sentences that tell are situation, the one with a question mark asks."""
    text = "We light a cellar. The walls are wet. Which lamp is best?"
    assert [a.asks for a in split(text)] == [False, False, True]
    assert asked(text) == ["Which lamp is best?"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Who made the lamp", ["Who made the lamp"]),
        ("Is it bright", ["Is it bright"]),
        ("I like lamps. Compare the two!", ["Compare the two!"]),
        ("We have a cellar. It is wet.", ["It is wet."]),
        ("lamps with a wick", ["lamps with a wick"]),
        ("それは何ですか？", ["それは何ですか？"]),
        ("Version 2.0 is out. Is it bright?", ["Is it bright?"]),
        ("", []),
        (" ?!. ", []),
    ],
)
def test_what_asks(text: str, asks: list[str]) -> None:
    """Questions, requests and, where nothing asks, the last sentence; a point inside a number ends nothing."""
    assert asked(text) == asks


def test_a_request_asks_though_more_is_told_after_it() -> None:
    """'Tell me about X.' is the ask, and the sentence behind it is situation."""
    assert asked("Tell me about the lamp. I like lamps.") == ["Tell me about the lamp."]


def test_two_questions_in_one_sentence_are_two_asks() -> None:
    """'What is X, and how do I Y?' asks twice; an 'and' between nouns does not."""
    assert asked("What is a wick, and how do I trim one?") == ["What is a wick", "how do I trim one?"]
    assert asked("Which lamps have a wick and a handle?") == ["Which lamps have a wick and a handle?"]
    assert asked("Who made the lamp and under which brand is it sold?") == ["Who made the lamp", "under which brand is it sold?"]


@given(TYPED)
def test_asks_lie_in_the_text_in_order_and_apart(text: str) -> None:
    """Asks are spans of the text; where there is any sentence, one of them asks."""
    found = split(text)
    assert all(0 <= a.start < a.end <= len(text) for a in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert not found or any(a.asks for a in found)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hi, could you tell me who made it?", "who made it?"),
        ("Thanks! Please list the lamps", "list the lamps"),
        ("I was wondering which lamp is best", "which lamp is best"),
        ("Which lamp?", "Which lamp?"),
        ("Hello", "Hello"),
    ],
)
def test_courtesy_is_taken_off(text: str, left: str) -> None:
    """Leading courtesy goes; a text that is nothing else stays as it is."""
    assert without_courtesy(text) == left


# ---------------------------------------------------------------- cues


@pytest.mark.parametrize(
    ("ask", "cue"),
    [
        ("Is the lamp bright?", "yes_no"),
        ("Doesn't it burn oil?", "yes_no"),
        ("The lamp is bright, is it?", "yes_no"),
        ("How many lamps are there?", "count"),
        ("Which lamps burn oil?", "listing"),
        ("Show me lamps", "listing"),
        ("Compare the two lamps", "compare"),
        ("this lamp vs that lamp", "compare"),
        ("What is the difference between a lamp and a torch?", "difference"),
        ("What is a wick?", "define"),
        ("Why does it smoke?", "why"),
        ("How come it smokes?", "why"),
        ("What sets a lamp apart from a torch?", "difference"),
        ("Give me a short description of wicks", "define"),
        ("I'd like a lamp for the cellar", "recommend"),
        ("How do I trim a wick?", "how"),
        ("When was it made?", "when"),
        ("Since which year is it sold?", "when"),
        ("Who made it?", "who"),
        ("Where is it made?", "where"),
        ("Which lamp should I choose?", "recommend"),
        ("Could you suggest a lamp?", "recommend"),
        ("Tell me about the lamp", "profile"),
        ("Will it be sold next year?", "future"),
        ("A lamp or a torch?", "either"),
        ("Is the lamp any good?", "judge"),
        ("What could replace it?", "replace"),
        ("Who says so?", "said_by"),
    ],
)
def test_cues(ask: str, cue: str) -> None:
    """Function words say which shape the answer has."""
    assert getattr(cues(ask), cue)


@pytest.mark.parametrize(
    ("ask", "cue"),
    [
        ("How many lamps are there?", "how"),
        ("Which lamps are bright?", "yes_no"),
        ("Who made it?", "listing"),
        ("What is a wick?", "count"),
        ("Is it a lamp?", "recommend"),
        ("Which lamp is any good?", "judge"),
        ("How come it smokes?", "how"),
        ("Which lamp runs scheduled tasks?", "future"),
        ("Any advice from Ada on wicks?", "recommend"),
        ("I'd like a list of lamps", "recommend"),
        ("Give me a short description of wicks", "listing"),
    ],
)
def test_cues_that_are_not_there(ask: str, cue: str) -> None:
    """A cue is not read out of words that only look like it."""
    assert not getattr(cues(ask), cue)


@given(TYPED)
@example("red green blue,")
@example(", , ,")
def test_any_text_has_cues(text: str) -> None:
    """Whatever is typed, cues are found without an error, and surrounding space changes none."""
    assert isinstance(cues(text), Cues)
    assert cues(f"  {text}") == cues(text)


def test_courtesy_does_not_change_the_cues() -> None:
    """'Could you tell me who ...' asks who, and is no yes/no question."""
    assert cues("Could you tell me who made the lamp?") == cues("who made the lamp?")


# ---------------------------------------------------------------- haste and audience


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wich libs r there", ["which", "libraries", "are", "there"]),
        ("gimme teh list", ["give", "me", "the", "list"]),
        ("it aint open", ["it", "is", "not", "open"]),
        ("is R or C faster", ["is", "r", "or", "c", "faster"]),  # R is a language
    ],
)
def test_haste_is_written_out(text: str, words: list[str]) -> None:
    """Function words as typed in haste are read as what they stand for, at their own place."""
    tokens = tokenize(text)
    assert [t.norm for t in tokens] == words
    assert all(0 <= t.start < t.end <= len(text) for t in tokens)


def test_haste_does_not_change_the_cues() -> None:
    """'gimme all the Xs' lists as 'give me all the Xs' does."""
    assert cues("gimme all the cameras") == cues("give me all the cameras")
    assert cues("wich cameras r there").listing


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Explain shutters to a beginner", "Explain shutters"),
        ("What is a shutter, for my five-year-old?", "What is a shutter"),
        ("Explain shutters to Ada", "Explain shutters to Ada"),
        ("What is the best camera for a beginner?", "What is the best camera for a beginner?"),  # advice is for somebody
    ],
)
def test_for_whom_it_is_explained_is_left_out(text: str, asked: str) -> None:
    """An explanation is the same for whomever it is wanted."""
    assert [text[a.start : a.end] for a in split(text)] == [asked]


def test_a_bare_question_for_a_meaning_takes_what_was_told() -> None:
    """'I keep reading X. Meaning?' asks for the meaning of X."""
    text = "I keep reading of bellows. Meaning?"
    assert [(text[a.start : a.end], a.asks) for a in split(text)] == [(text, True)]


@pytest.mark.parametrize(
    "text", ["I need a longer wick in the lamp. How?", "The lamp had another name once. What was it?", "A shade for the lamp. Any tool?"]
)
def test_a_bare_word_that_asks_takes_what_was_told(text: str) -> None:
    """'I need X in Y. How?' asks how X is had in Y."""
    assert [(text[a.start : a.end], a.asks) for a in split(text)] == [(text, True)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Dear Sir or Madam, I should be most grateful if you could tell me who made the lamp.", "tell me who made the lamp."),
        ("Dear all, who made the lamp?", "who made the lamp?"),
        ("Dear is the lamp, is it?", "Dear is the lamp, is it?"),
    ],
)
def test_a_salutation_asks_nothing(text: str, told: str) -> None:
    """What a letter opens with is left out; 'dear' without a comma behind a name is a word as any other."""
    assert asked(text)[0] == told
