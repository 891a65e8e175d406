"""Measuring: both forms of gold, scoring rules that can fail, and errors that name the file and the line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Assistant, Citation
from assistant.evaluate import EvaluationError, Report, Result, hit, passes, polarity, read, run, sound
from assistant.types import Sentence
from graph.types import Fact, Iri

FACT = Fact(Iri("http://x/a"), Iri("http://x/p"), Iri("http://x/b"))
OTHER = Fact(Iri("http://x/a"), Iri("http://x/q"), Iri("http://x/c"))
SHARED = {"question": "?", "kind": "fact", "abstain": False, "expect_all": [], "expect_any": [], "forbid": [], "note": ""}


def says(text: str, *names: str, abstained: bool = False) -> Answer:
    return Answer("?", "fact", text, names=list(names), abstained=abstained)


def shared(**changes: Any) -> dict[str, Any]:
    return {**SHARED, **changes}


def cited(text: str = "So it is [1].", facts: tuple[Fact, ...] = (FACT,), cites: tuple[int, ...] = (1,)) -> Answer:
    citation = Citation(1, "T", "u", "s", "2026-01-01", "P", "Book", "", "g", (FACT,))
    return replace(says(text), sentences=(Sentence("So it is.", facts, cites),), citations=[citation])


# ---------------------------------------------------------------- reading


def test_lines_are_items(tmp_path: Path) -> None:
    """One JSON object a line; empty lines are nothing."""
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "a"}\n\n  \n{"question": "b", "kind": "list"}\n', encoding="utf-8")
    assert [i["question"] for i in read(path)] == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"question": "a"}\n{oops', r"q\.jsonl, line 2 is not JSON"),
        (b'{"question": "a"}\n\n{"ask": "b"}', r"q\.jsonl, line 3 has no 'question'"),
        (b'["question"]', r"q\.jsonl, line 1 has no 'question'"),
        (b'{"question": "\xff\xfe"}', r"q\.jsonl"),
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, body: bytes, message: str) -> None:
    """The error tells the file, the line and what is wrong."""
    path = tmp_path / "q.jsonl"
    path.write_bytes(body)
    with pytest.raises(EvaluationError, match=message):
        read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """With what would work."""
    with pytest.raises(EvaluationError, match=r"none\.jsonl cannot be read: .*give a file of JSON lines"):
        read(tmp_path / "none.jsonl")


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("lamp", "Two LAMPS burn", True),
        ("lamp", "a headlamp", False),
        ("MIT", "under MIT", True),
        ("MIT", "with mittens", False),
        ("ORM", "several ORMs", True),
        ("2.0", "since 2.0", True),
        ("doesn't", "it doesn’t burn", True),
        ("café", "CAFÉ", True),
        ("", "anything", True),
    ],
)
def test_hit(wanted: str, text: str, found: bool) -> None:
    """From the start of a word; short ones as whole words, but for a plural; case and typographic signs do not matter."""
    assert hit(wanted, text) is found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes. It does.", "yes"),
        ("No. It has none.", "no"),
        ("It does not burn. Yes.", "no"),
        ("It burns. It does not smoke.", "yes"),
        ("Nobody said so", "yes"),
        ("It cannot.", "no"),
    ],
)
def test_polarity_is_that_of_the_first_sentence(text: str, value: str) -> None:
    """An opening yes or no decides, else whether the first sentence denies."""
    assert polarity(text) == value


# ---------------------------------------------------------------- the shared form


def test_all_that_is_expected_must_be_there() -> None:
    """Of each group one alternative, of ``expect_any`` one; in the text or the names."""
    item = shared(expect_all=["oil", ["gas", "tar"]], expect_any=["red", "blue"])
    assert passes(item, says("It burns oil and tar; it is blue."))
    assert passes(item, says("It burns oil; it is blue.", "gas"))
    assert not passes(item, says("It burns oil; it is blue."))
    assert not passes(item, says("It burns oil and tar."))


def test_what_is_forbidden_must_not_be_there() -> None:
    """Anywhere for a fact; among the names for a list; only before the right one where it is exclusive."""
    assert not passes(shared(expect_all=["oil"], forbid=["gas"]), says("oil or gas"))
    listed = shared(kind="list", expect_all=["oil"], forbid=["gas"])
    assert passes(listed, says("Not gas, but oil.", "oil"))
    assert not passes(listed, says("oil", "oil", "gas"))
    exclusive = shared(expect_all=["oil"], forbid=["gas"], note="[exclusive]")
    assert passes(exclusive, says("oil, not gas"))
    assert not passes(exclusive, says("gas, not oil"))


def test_an_abstention_passes_only_where_it_is_due() -> None:
    """Declining an answerable question fails; answering an unanswerable one fails, unless it says the expected."""
    assert not passes(shared(expect_all=[]), says("I don't know.", abstained=True))
    assert not passes(shared(expect_all=[]), says("I could not find that."))
    assert passes(shared(abstain=True), says("I don't know.", abstained=True))
    assert not passes(shared(abstain=True), says("It is oil."))
    assert passes(shared(abstain=True, expect_any=["no such lamp"]), says("There is no such lamp."))
    assert passes(shared(note="may abstain"), says("I don't know.", abstained=True))


def test_a_yes_no_item_wants_the_right_opening() -> None:
    """polarity=yes or no in the note."""
    item = shared(kind="yesno", note="polarity=no")
    assert passes(item, says("No, it has none."))
    assert not passes(item, says("Yes."))


# ---------------------------------------------------------------- our own form


def test_our_own_form() -> None:
    """Names that must and must not be there, words in the text, the opening, abstention (null: either)."""
    names = {"names_all": ["A"], "names_none": ["B"]}
    item = {"question": "?", **names, "text_all": [["x", "y"]], "text_none": ["z"], "polarity": "no", "abstained": False}
    right = says("No: x.", "A", "C")
    assert passes(item, right)
    for wrong in (
        says("No: x.", "C"),
        says("No: x.", "A", "B"),
        says("No.", "A"),
        says("No: x, z.", "A"),
        says("Yes: x.", "A"),
        replace(right, abstained=True),
    ):
        assert not passes(item, wrong)
    assert passes({**item, "abstained": None}, replace(right, abstained=True))
    assert passes({"question": "?"}, says("anything"))


# ---------------------------------------------------------------- soundness


def test_a_sound_answer() -> None:
    """Each mark has a source, and each sentence of facts is cited by a source that states one of them."""
    assert sound(cited())
    assert sound(says("Hello."))


@pytest.mark.parametrize(
    "answer",
    [cited(text="So it is [2]."), cited(cites=()), cited(facts=(OTHER,))],
    ids=["a mark without a source", "facts without a citation", "a source that states something else"],
)
def test_an_unsound_answer(answer: Answer) -> None:
    """What is wrong with a citation is noticed."""
    assert not sound(answer)
    assert Report([Result({}, answer, True)]).unsound()


def test_an_escaped_bracket_is_no_mark() -> None:
    """Data may say [2]."""
    assert sound(cited(text=r"So it is \[2\] [1]."))


# ---------------------------------------------------------------- a run


def test_a_report_counts_by_kind() -> None:
    """Passed and asked by kind, with a total last."""
    results = [Result({"kind": k}, says(""), p) for k, p in (("list", True), ("list", False), ("fact", True))]
    report = Report(results)
    assert report.passed == 2
    assert report.by_kind() == {"fact": (1, 1), "list": (1, 2)}
    assert report.rows() == [("fact", 1, 1, 1.0), ("list", 1, 2, 0.5), ("all", 2, 3, pytest.approx(2 / 3))]
    assert Report().rows() == [("all", 0, 0, 0.0)]


def test_a_run_asks_with_the_history(museum: Assistant, tmp_path: Path) -> None:
    """``history`` and ``context`` are both read, and every question of every file is asked."""
    items = [
        {"question": "and when was it made?", "history": ["Who painted Salt?"], "text_all": ["2008"], "kind": "fact"},
        {"question": "and when was it made?", "context": ["Who painted Iron Swan?"], "text_all": ["1978"], "kind": "fact"},
        {"question": "Who painted Salt?", "names_all": ["Ada Brandt"], "kind": "fact"},
    ]
    files = []
    for n, item in enumerate(items):
        files.append(tmp_path / f"{n}.jsonl")
        files[-1].write_text(json.dumps(item), encoding="utf-8")
    report = run(files, museum)
    assert [r.passed for r in report.results] == [True, True, False]
    assert report.unsound() == []


# ---------------------------------------------------------------- how far it can be trusted


def result(confidence: float, passed: bool, *, declined: bool = False, unanswerable: bool = False, seconds: float = 0.0) -> Result:
    answer = replace(says("It is so.", abstained=declined), confidence=confidence)
    return Result({"abstained": unanswerable}, answer, passed, seconds)


def test_wrong_and_confident() -> None:
    """Only what was answered, wrongly, and with confidence; a wrong refusal claims nothing."""
    wrong = result(0.95, False)
    report = Report([wrong, result(0.95, True), result(0.5, False), result(0.95, False, declined=True)])
    assert report.wrong_and_confident() == [wrong]


def test_abstention_is_counted_both_ways() -> None:
    """Of those declined how many had to be, of those that had to be how many were."""
    report = Report([
        result(0, True, declined=True, unanswerable=True),
        result(0, False, declined=True),
        result(0.9, False, unanswerable=True),
        result(0.9, False, unanswerable=True),
        result(0.9, True),
    ])  # fmt: skip
    assert report.abstention() == (1, 2, 3)


def test_an_item_of_the_shared_form_may_be_unanswerable() -> None:
    """Its field is called otherwise."""
    assert Result(shared(abstain=True), says(""), True).unanswerable
    assert not Result(shared(), says(""), True).unanswerable


def test_calibration_goes_by_tenths_of_confidence() -> None:
    """1.0 belongs to the highest; empty tenths and refusals are left out; what was promised is the mean."""
    bins = Report([result(1.0, True), result(0.92, False), result(0.31, True), result(0.35, True, declined=True)]).calibration()
    assert [(b.low, b.asked, b.passed) for b in bins] == [(0.3, 1, 1), (0.9, 2, 1)]
    assert bins[1].promised == pytest.approx(0.96)


def test_latency_is_a_percentile() -> None:
    """In seconds; of nothing it is nothing."""
    report = Report([result(1, True, seconds=s / 100) for s in range(100)])
    assert report.latency(50) == pytest.approx(0.5)
    assert report.latency(95) == pytest.approx(0.95)
    assert Report().latency(95) == 0.0


def test_some_questions_are_asked_twice(museum: Assistant, tmp_path: Path) -> None:
    """The first of each ten; the same answer comes again."""
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Who painted Salt?"}\n' * 11, encoding="utf-8")
    report = run([path], museum)
    assert [n for n, r in enumerate(report.results) if r.again is not None] == [0, 10]
    assert report.unstable() == ([], 2)
    assert all(r.seconds > 0 for r in report.results)


def test_an_answer_that_changes_is_told(museum: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked again, it must be the same byte for byte."""
    answers = iter([says("It is red."), says("It is blue.")])
    monkeypatch.setattr(museum, "answer", lambda *_, **__: next(answers))
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Which colour?"}', encoding="utf-8")
    report = run([path], museum)
    assert (report.unstable()[0], report.unstable()[1]) == (report.results, 1)
