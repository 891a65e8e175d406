"""Questions for measurements: what is read out of them, what is told with its citations, and what is never set side by side."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Assistant
from assistant.evaluate import sound
from assistant.figures import number
from assistant.measured import TOP
from tests.assistant.conftest import Ask
from tests.assistant.orchard import orchard as opened

READ = [
    ("How sweet is the Pippin?", "the sugar content of Pippin"),
    ("sugar content of Codlin", "the sugar content of Codlin"),
    ("Is Russet Queen sweeter than Pippin?", "the sugar content of Russet Queen and Pippin"),
    ("Which apple is the sweetest?", "the apples with the highest sugar content"),
    ("Which apple has the lowest weight?", "the apples with the lowest weight"),
    ("Which is heavier, Codlin or Russet Queen?", "the weight of Codlin and Russet Queen"),
    ("Which apples have a sugar content of more than 12?", "the apples with > 12 sugar content"),
    ("How sweet was the Pippin in 2024?", "the sugar content of Pippin, 2024"),
    ("What is the sweetest brown apple?", "the apples whose colour is brown with the highest sugar content"),
    ("How sweet is Codlin in the Hill Laboratory?", "the sugar content of Codlin in Hill Laboratory"),
    ("sugar of the Pippin at a storage temperature of 20", "the sugar content of Pippin, storage temperature 20"),
]
OTHERWISE = ["Which colour is the most common?", "What colour is the Pippin?", "Why is the Pippin sweeter than the Codlin?", "sweet apples"]


@pytest.fixture(scope="module")
def apples(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant over apples and their measurements."""
    return opened(tmp_path_factory.mktemp("orchard"))


def told(apples: Assistant, question: str, *history: str) -> Answer:
    answer = apples.answer(question, history=list(history))
    assert sound(answer), answer.text
    return answer


@pytest.mark.parametrize(("question", "understood"), READ)
def test_figures_are_asked_for_in_the_words_of_the_data(apples: Assistant, question: str, understood: str) -> None:
    """Quantities by name or adjective, ends, bounds, dates, benchmarks, circumstances and conditions, in a domain the code never saw."""
    assert told(apples, question).understood == understood


@pytest.mark.parametrize("question", OTHERWISE)
def test_other_questions_are_left_alone(apples: Assistant, question: str) -> None:
    """What asks for a reason, for another property, or only speaks of something sweet asks for no figures."""
    answer = apples.answer(question)
    assert "sugar content" not in answer.understood or answer.abstained


def test_a_figure_is_told_with_its_unit_test_and_date(apples: Assistant) -> None:
    """The newest figure of each benchmark in a sentence, the others in a table, and the warning that they do not compare."""
    answer = told(apples, "How sweet is the Pippin?")
    assert "Pippin held 13 degrees Brix in the juice test of Valley Laboratory, at 4 degrees, place 2 of 3" in answer.text
    assert "Pippin held 14 degrees Brix in the pulp test of Hill Laboratory (1 October 2025)" in answer.text
    assert "17.5 Brix" in answer.text
    assert "11 Brix" not in answer.text, "an older figure of the same test is no answer to how it is"
    assert "do not compare" in answer.text


def test_a_quantity_without_a_sentence_of_its_own_is_told_by_its_label(apples: Assistant) -> None:
    """'Weight of X: 180 g'."""
    assert "Weight of Russet Queen: 180 g in the juice test of Valley Laboratory" in told(apples, "weight of the Russet Queen").text


def test_where_the_order_turns_both_sides_are_told(apples: Assistant) -> None:
    """A yes or no is given only where all runs agree; else how often each is ahead, with an example of either."""
    answer = told(apples, "Is Russet Queen sweeter than Pippin?")
    assert answer.text.startswith("The measurements disagree")
    assert "Russet Queen held 15 degrees Brix" in answer.text
    assert "Pippin held 17.5 degrees Brix" in answer.text
    assert answer.sentences[0].tone == "contested"


def test_where_all_runs_agree_the_answer_is_yes_or_no(apples: Assistant) -> None:
    """The same order in every run that measured both; asked the other way round, no."""
    assert told(apples, "Is Pippin sweeter than Codlin?").text.startswith("Yes: in all 2 measurements")
    assert told(apples, "Is Codlin sweeter than Pippin?").text.startswith("No: in all 2 measurements")
    assert told(apples, "Is Codlin sourer than Pippin?").text.startswith("Yes: ")


def test_figures_of_different_runs_are_never_set_against_each_other(apples: Assistant) -> None:
    """The weights of two apples that no run weighed together stand apart, and no winner is named."""
    answer = told(apples, "Which is sweeter, Codlin or Quarrenden?")
    assert "no run measured both of Codlin and Quarrenden" in answer.text
    assert "gives no such figure of Quarrenden" in answer.text
    assert answer.names == []
    assert "no run measured both of Codlin and Pippin" in told(apples, "Is Codlin sweeter than Pippin in 2024?").text


def test_an_end_is_told_for_each_benchmark(apples: Assistant) -> None:
    """The leader of each benchmark's first test, with the next ones; where another run says otherwise, that is said."""
    answer = told(apples, "Which apple is the sweetest?")
    assert set(answer.names) == {"Russet Queen", "Pippin"}
    assert "In 1 of 2 runs there another one has it: Pippin" in answer.text
    assert "So the answer depends on what is measured and how" in answer.text
    assert sum(s.block == "bullet" for s in answer.sentences) <= 2 * TOP


def test_whether_one_is_the_first_of_all(apples: Assistant) -> None:
    """Its place in each benchmark: yes where it is first in all, no where in none, and who is before it."""
    assert told(apples, "Is Codlin the sweetest apple?").text.startswith("No: Codlin held 10 degrees Brix")
    assert "number 3 of 3 apples, behind Russet Queen with 15" in told(apples, "Is Codlin the sweetest apple?").text
    assert told(apples, "Is Russet Queen the sweetest apple?").text.startswith("Yes: ")
    assert told(apples, "Is Pippin the sweetest apple?").text.startswith("That depends on the test: ")


def test_conditions_and_bounds_limit_who_is_ranked(apples: Assistant) -> None:
    """Only the brown ones; only those above the bound, all of them."""
    assert told(apples, "What is the sweetest brown apple?").names == ["Russet Queen"]
    assert set(told(apples, "Which apples have a sugar content of more than 12?").names) == {"Russet Queen", "Pippin"}


def test_what_was_not_measured_is_not_stated(apples: Assistant) -> None:
    """A thing without figures, a time without figures, a benchmark without figures: each said, nothing made up."""
    assert "gives no sugar content of Quarrenden" in told(apples, "How sweet is the Quarrenden?").text
    past = told(apples, "How sweet was the Codlin in 2019?")
    assert past.abstained
    assert "in 2019" in past.text
    assert "9 degrees Brix" in past.text, "the newest that is known stands beside"
    assert "no figures of Moor Laboratory" in told(apples, "Which apple is the sweetest in the Moor Laboratory?").text


def test_growth_is_told_from_the_first_figure_to_the_last(apples: Assistant) -> None:
    """One test, one circumstance, two years."""
    assert "20% more than the 12.5 of 1 September 2024" in told(apples, "How did the sugar of the Russet Queen grow?").text


def test_a_circumstance_is_told_alone(apples: Assistant) -> None:
    """'On what scales was that measured?'"""
    answer = told(apples, "On what scales was the weight of the Codlin measured?")
    assert answer.names == ["brass scales"]


def test_whether_measurements_disagree_about_one_thing(apples: Assistant) -> None:
    """Against which others its order turns."""
    answer = told(apples, "Do the measurements of the sugar of the Pippin agree?")
    assert answer.text.startswith("Yes, the measurements disagree about Pippin")
    assert answer.names == ["Russet Queen"]


def test_a_follow_up_asks_the_same_of_another(apples: Assistant) -> None:
    """'and X?' keeps the quantity."""
    assert "10 degrees Brix" in told(apples, "and the Codlin?", "How sweet is the Pippin?").text


@pytest.mark.parametrize("question", [q for q, _ in READ])
def test_every_number_told_is_measured_or_counted(apples: Assistant, question: str) -> None:
    """Each figure of a stated sentence stands in a fact that the sentence rests on."""
    for sentence in told(apples, question).sentences:
        if sentence.tone == "stated" and sentence.facts and sentence.block != "table":
            known = {number(float(f.object.value)) for f in sentence.facts if re.fullmatch(r"[\d.]+", f.object.value)}
            assert re.findall(r"held ([\d.,]+) degrees Brix", sentence.text) in ([], *([k] for k in known))


@given(st.floats(min_value=0, max_value=1e9, allow_nan=False))
def test_a_figure_keeps_its_size(value: float) -> None:
    """What is written differs from what was measured by less than half a unit of the last digit told."""
    assert float(number(value).replace(",", "")) == pytest.approx(value, abs=0.51 if value >= 100 else 0.051 if value >= 10 else 0.0051)


def test_the_shipped_benchmarks_disagree_and_both_are_shown(ask: Ask) -> None:
    """Two benchmarks that rank two frameworks in opposite order are both cited, and the one without figures is not guessed."""
    answer = ask("Does Bottle serve more requests per second than FastAPI?")
    assert answer.text.startswith("The measurements disagree")
    assert {"HttpArena", "the-benchmarker"} <= {c.publisher for c in answer.citations}
    assert ask("Which framework leads in the TechEmpower benchmarks?").abstained


def test_popularity_tells_several_figures_and_their_day(ask: Ask) -> None:
    """No adjective: stars, downloads and dependents, each with its date and source."""
    answer = ask("How popular is Falcon?")
    assert {"stars", "downloads/month", "projects"} == {name.split()[-1] for name in answer.names}
    assert "25 June 2026" in answer.text
    assert all(s.cites for s in answer.sentences if s.tone == "stated" and s.block == "prose")
