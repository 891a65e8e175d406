"""Questions that remarks are known to answer, and whose words are asked for: likeness, settled yes and no, voices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant import Assistant
from assistant.asked import Asked
from assistant.detect import split
from assistant.remarks import Remark, RemarkIndex, read
from assistant.scan import Scan, scan_ask
from assistant.voices import OFFICIAL, Voices
from graph.types import Iri
from tests.assistant.cameras import ARDEX, BOLO, Letters, cameras


@pytest.fixture(scope="module")
def me(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant over the cameras."""
    return Assistant(cameras(tmp_path_factory.mktemp("cameras")), Letters())


@pytest.fixture(scope="module")
def index(me: Assistant) -> RemarkIndex:
    """Their remarks, two of which are known to answer questions."""
    asks = {
        "rem-ardex-rain": (("Can Ardex One get wet?", True), ("Is Ardex One ruined by rain?", False), ("How is it sealed?", None)),
        "rem-bolo-rain": (("Does Bolo take 2 hours of rain?", False),),
    }
    told = tuple(replace(r, asks=asks.get(r.iri.value.rsplit("/", 1)[-1], ())) for r in read(me.graph))
    return RemarkIndex(told, me.lexicon, Letters(), None)


def remark(index: RemarkIndex, name: str) -> Remark:
    return next(r for r in index.remarks if r.iri.value.endswith(name))


@pytest.mark.parametrize(
    ("question", "name", "answer"),
    [
        ("Can Ardex One get wet", "rem-ardex-rain", True),
        ("can ardex one get wet?", "rem-ardex-rain", True),
        ("Is Ardex One ruined by the rain?", "rem-ardex-rain", False),
        ("Is Ardex One not ruined by rain?", "rem-ardex-rain", None),  # denies what the known one asserts
        ("Does Bolo take 2 hours of rain?", "rem-bolo-rain", False),
        ("Does Bolo take 9 hours of rain?", "rem-bolo-rain", None),  # another number
        ("Who paints zebras", "rem-ardex-rain", None),
        ("Can Ardex One get wet?", "rem-ardex-purpose", None),  # a remark that is known to answer nothing
    ],
)
def test_a_known_question_is_answered_as_known(index: RemarkIndex, question: str, name: str, answer: bool | None) -> None:
    """Yes or no only for another wording of a question that the remark is known to answer so."""
    assert index.answer_to(index.masked(question, (ARDEX, BOLO)), remark(index, name)) is answer


def test_likeness_is_of_the_nearest_question(index: RemarkIndex) -> None:
    """1 for the very question, less for another, 0 for a remark without questions."""
    rain, purpose = (index.by_iri[remark(index, n).iri] for n in ("rem-ardex-rain", "rem-ardex-purpose"))
    assert index.likeness(index.masked("Can Ardex One get wet?", (ARDEX,)), rain) == pytest.approx(1.0)
    assert 0.0 < index.likeness("who paints zebras", rain) < 0.9
    assert index.likeness("can it get wet", purpose) == 0.0


def test_no_questions_no_harm() -> None:
    """A dataset whose remarks carry no questions: no likeness, no answers."""
    asked = Asked(2, (), (), (), np.zeros((0, 4), dtype=np.float32))
    none = np.zeros(0, dtype=np.float32)  # cosines with no question
    assert asked.nearest(none).tolist() == [0.0, 0.0]
    assert asked.vote(none, [(), ()]) == {}
    assert asked.answer(0, none, 0.1) is None


def scan(me: Assistant, text: str) -> Scan:
    return scan_ask(text, 0, len(text), me.linker, {})


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("According to the Gazette, is Bolo any good in rain?", "The Gazette"),
        ("What does Shelf Press say about Ardex One?", "Shelf Press"),
        ("Is Bolo good in rain?", None),
        ("What does the Herald say about Bolo?", None),
    ],
)
def test_a_publisher_that_is_named_is_the_voice(me: Assistant, text: str, publisher: str | None) -> None:
    """A publisher's name in the ask, with or without its article; an unknown one is no voice."""
    voice = Voices(read(me.graph), me.lexicon).asked(scan(me, text), ())
    assert (voice.publisher if voice else None) == publisher


def test_a_word_of_the_same_stem_is_no_publisher(me: Assistant) -> None:
    """A publisher of one word is named by that word as it is written, not by its plural or its verb."""
    remark = replace(read(me.graph)[0], said_by=(("Rains", "Article"),))
    voices = Voices((remark,), me.lexicon)
    assert voices.asked(scan(me, "Is Bolo good in rain?"), ()) is None
    assert (voice := voices.asked(scan(me, "What does Rains say about Bolo?"), ()))
    assert voice.publisher == "Rains"


def test_the_documentation_is_a_voice_too(me: Assistant) -> None:
    """'according to its documentation' keeps what official documents say, and nothing of an article."""
    voices = Voices(read(me.graph), me.lexicon)
    voice = voices.asked(scan(me, "According to the Bolo documentation, does it take rain?"), (BOLO,))
    assert voice is not None
    assert voice.english == "according to its documentation"
    kinds = {kind for r in read(me.graph) if voice.said(r) for _, kind in r.said_by}
    assert kinds
    assert kinds & OFFICIAL


def test_an_answer_keeps_to_the_voice(me: Assistant) -> None:
    """Every citation of an answer in a publisher's voice is that publisher's."""
    answer = me.answer("According to The Gazette, can Bolo be used in the rain?")
    assert answer.understood.endswith("according to The Gazette")
    claim = Iri("http://camera.example/claim-bolo-rain")
    told = {c.publisher for c in answer.citations if any(f.subject == claim for f in c.facts)}
    assert told == {"The Gazette"}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Bolo is older than Ardex One. Correct?", ["Bolo is older than Ardex One. Correct?"]),
        ("They say it takes rain. Is that true?", ["They say it takes rain. Is that true?"]),
        ("I have a Bolo. Is it heavy?", ["Is it heavy?"]),
        ("Kindly tell me the maker of Bolo. Yours faithfully", ["Kindly tell me the maker of Bolo."]),
    ],
)
def test_what_is_asked_in_several_sentences(text: str, asked: list[str]) -> None:
    """A confirmation asks the sentence before it; a closing courtesy asks nothing."""
    assert [text[a.start : a.end].strip() for a in split(text) if a.asks] == asked
