"""Projects that people describe: which kind is meant, what narrows the choice, and what only surrounds it."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.frames import MoveFrame, RecommendFrame
from tests.assistant.conftest import Ask


def frame_of(me: Assistant, question: str) -> RecommendFrame | MoveFrame:
    """The frame of the first reading."""
    read = me.responder.understand(question, (), {}, me._choices)
    frame = read[0][1][0].frame
    assert isinstance(frame, (RecommendFrame, MoveFrame)), frame
    return frame


def needs_of(me: Assistant, question: str) -> list[str]:
    """The labels of the kinds of project that are read."""
    return [me.lexicon.label(n) for n in frame_of(me, question).needs]


def test_the_noun_of_what_is_chosen_narrows_and_disturbs_nothing(me: Assistant) -> None:
    """A kind whose name goes without saying here is the noun of the choice: no wish, and what the needs bring comes before it."""
    said = "A blog for two editors. Which {} would you take?"
    one, other = (frame_of(me, said.format(noun)) for noun in ("framework", "web framework"))
    assert isinstance(one, RecommendFrame)
    assert isinstance(other, RecommendFrame)
    assert one.needs == other.needs
    assert one.preferred == other.preferred
    assert one.noun is None
    assert other.noun is not None


def test_the_clients_platform_is_no_limit_of_the_back_end(me: Assistant) -> None:
    """What only other kinds of thing have speaks of the surroundings, unless it is demanded."""
    frame = frame_of(me, "We write the back end for an Android app. What would you take?")
    assert isinstance(frame, RecommendFrame)
    assert frame.required == ()
    assert needs_of(me, "We write the back end for an Android app. What would you take?") == ["mobile app back end"]


@pytest.mark.parametrize(
    ("told", "need"),
    [
        ("We need a terminal UI that operators use over SSH. What would you take?", "terminal application"),
        ("A platformer with sprites and a joystick. What should I use?", "2D game"),
        ("Our consumers read Kafka topics, nothing else. Which framework?", "message processing"),
        ("I want to load test our site before the launch. With what?", "load testing"),
        ("We want property-based tests for our parser. What is there?", "generated test cases"),
    ],
)
def test_kinds_of_project_beyond_the_web_are_recognised(me: Assistant, told: str, need: str) -> None:
    """By a name, by words that hint at them, and by sense."""
    assert need in needs_of(me, told)


def test_a_list_of_wishes_is_a_project(me: Assistant) -> None:
    """'X, must be Y, small Z' asks for a choice without a question."""
    frame = frame_of(me, "REST API over Postgres, must be async, small team, must run on Lambda")
    assert isinstance(frame, RecommendFrame)
    assert [c.english for c in frame.required] == ["async handlers", "serverless"]


def test_what_is_not_wanted_is_no_wish(me: Assistant) -> None:
    """'No wish to run X', 'X-free' and 'windows' in lower case ask for none of these."""
    frame = frame_of(me, "Two people, and no wish to run Redis beside the site. Which task queue would you take?")
    assert isinstance(frame, RecommendFrame)
    assert frame.preferred == ()
    frame = frame_of(me, "A program with windows and dialogs for our lab. Which GUI toolkit would you take?")
    assert isinstance(frame, RecommendFrame)
    assert frame.required == ()


def test_a_plan_to_move_is_weighed_by_what_hurts(ask: Ask) -> None:
    """Where work blocks the requests, a queue is advised and not the move."""
    answer = ask("Making a PDF takes a minute and blocks our Flask site. The plan is to port it to Sanic. Will that help?")
    assert "task queue" in answer.text
    assert answer.names[0] != "Sanic"


def test_a_move_is_told_with_what_maps_to_what(ask: Ask) -> None:
    """A count of what is there as well, and a table of the parts of an application."""
    answer = ask("Should we move from Flask to Quart?")
    assert "A sign of the effort: of " in answer.text
    assert "What maps to what:" in answer.text
    assert "| test client | built in" in answer.text


def test_a_judging_word_is_answered_by_what_is_stated(ask: Ask) -> None:
    """'A fast one': no score is made of it, and what is stated follows with its source."""
    answer = ask("I need a fast framework for a JSON API")
    at = next(i for i, s in enumerate(answer.sentences) if "No score is made of performance" in s.text)
    assert answer.sentences[at + 1].cites


def test_what_nothing_serves_at_once_is_said(me: Assistant) -> None:
    """Two kinds of project that no one thing serves: said, and the first is answered."""
    answer = me.answer("I need a 2D game and a command-line program in one. What would you take?")
    assert "at once; what follows is for" in answer.text
    assert answer.names


def test_what_a_central_thing_succeeded_can_be_left(me: Assistant) -> None:
    """A library that is no framework, but that a framework replaced, is what one moves away from."""
    frame = frame_of(me, "Should we migrate from Flask-RESTPlus to APIFlask?")
    assert isinstance(frame, MoveFrame)
    assert (frame.current.value.rpartition("/")[2], [t.value.rpartition("/")[2] for t in frame.targets]) == ("flask-restplus", ["apiflask"])


@pytest.mark.parametrize(
    "said",
    ["I refuse to run Redis", "we can't use Redis", "we may not run Redis", "I'd rather not run Redis", "we hate Redis", "no Redis"],
)
def test_a_refusal_is_no_wish(me: Assistant, said: str) -> None:
    """In whatever words: what cannot do without it is out, what has something else in its place stays."""
    frame = frame_of(me, f"Recommend a task queue, {said}.")
    assert isinstance(frame, RecommendFrame)
    assert [c.english for c in (*frame.required, *frame.preferred)] == ["not Redis"]
    names = me.answer(f"Recommend a task queue, {said}.").names
    assert names
    assert "RQ" not in names


def test_what_cannot_be_done_without_is_no_refusal(me: Assistant) -> None:
    """'cannot live without' asks for it."""
    frame = frame_of(me, "We write a back office and cannot live without an admin interface. What would you take?")
    assert isinstance(frame, RecommendFrame)
    assert not [c for c in (*frame.required, *frame.preferred) if c.negated]


@pytest.mark.parametrize(
    ("said", "current", "target"),
    [
        ("We use Celery and Pyramid, is there a reason to switch to Django?", "Pyramid", "Django"),
        ("What do I need to know before leaving CherryPy for Django?", "CherryPy", "Django"),
        ("We want to rewrite our Tornado service in Sanic, what should we know?", "Tornado", "Sanic"),
        ("Is it worth porting Tornado to Sanic?", "Tornado", "Sanic"),
        ("Should we stick with Pyramid or go to Django?", "Pyramid", "Django"),
    ],
)
def test_moves_are_told_in_many_words(me: Assistant, said: str, current: str, target: str) -> None:
    """What is left is what is in use and of the kind of what is moved to."""
    frame = frame_of(me, said)
    assert isinstance(frame, MoveFrame)
    assert (me.lexicon.label(frame.current), [me.lexicon.label(t) for t in frame.targets]) == (current, [target])


def test_what_to_mind_on_the_way_is_no_advice_to_stay(ask: Ask) -> None:
    """Whether to go is not asked."""
    assert "Stay with" not in ask("What do I need to know before leaving CherryPy for Django?").text
    assert "Stay with" in ask("Should we stick with Pyramid or go to Django?").text


@pytest.mark.parametrize("question", ["Which bicycle has the best brakes?", "What is the best tent?", "Which piano should I buy?"])
def test_things_of_another_world_are_not_recommended(ask: Ask, question: str) -> None:
    """A kind of thing that nothing here is, and nothing known beside it."""
    assert ask(question).abstained


def test_a_kind_that_is_asked_for_by_name_is_chosen_from(me: Assistant) -> None:
    """'the best X framework', 'X wanted': no wish beside others."""
    for said in ("What is the best GUI framework for a desktop app?", "GUI framework wanted that runs on Windows. Which one?"):
        frame = frame_of(me, said)
        assert isinstance(frame, RecommendFrame)
        assert [me.lexicon.label(k) for k in frame.among] == ["GUI framework"]
