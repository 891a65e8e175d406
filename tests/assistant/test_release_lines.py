"""Release lines: until when they are supported, which have long-term support, and what is meant by a name with a number."""

from __future__ import annotations

import pytest

from tests.assistant.conftest import Ask

ENDS = [
    ("When does Django 4.2 reach end of life?", "7 April 2026"),
    ("EOL of Wagtail 6.3", "1 May 2026"),
    ("django 3.2 end of support", "1 April 2024"),
    ("Until when is Django 5.2 supported?", "30 April 2028"),
    ("When will support for Django 6.0 end?", "30 April 2027"),
    ("When did support for Airflow 2 end?", "22 April 2026"),
    ("When does mainstream support of Django 6.0 end?", "4 August 2026"),
    ("When was Wagtail 7.4 released?", "5 May 2026"),
]
LISTS = [
    ("Which Django versions are LTS?", {"Django 3.2", "Django 4.2", "Django 5.2"}, {"Django 5.1", "Django 6.0"}),
    ("Which Django versions are still supported?", {"Django 5.2", "Django 6.0", "Django 6.1"}, {"Django 4.2", "Django 5.1"}),
    ("Which Django versions are out of support?", {"Django 4.2", "Django 5.1"}, {"Django 5.2", "Django 6.1"}),
    ("Which lines of Airflow still get fixes?", {"Apache Airflow 3"}, {"Apache Airflow 2", "Apache Airflow 1.10"}),
    ("Which version of Sanic is the LTS?", {"Sanic 25.12", "Sanic 24.12"}, {"Sanic 24.6", "Sanic 23.3"}),
    ("Which frameworks offer long-term support?", {"Django", "Sanic", "Wagtail"}, {"FastAPI", "Flask"}),
    ("Which frameworks support only their latest version?", {"FastAPI", "Flask", "Tornado"}, {"Django", "Wagtail"}),
    ("What is the newest LTS version of Django?", {"Django 5.2"}, {"Django 4.2"}),
    ("Which Python versions does Django 5.2 support?", {"Python 3.10", "Python 3.14"}, {"Python 3.9"}),
]
VERDICTS = [
    ("Is Django 3.2 still supported?", "No. Django 3.2 is not officially supported", "1 April 2024"),
    ("Is Pydantic v1 still supported?", "Yes. Pydantic 1 is officially supported", "until Pydantic V3 is released"),
    ("Is Django 5.1 an LTS release?", "No.", "regular support"),
    ("Does FastAPI have LTS releases?", "No.", "newest release only"),
    ("Is Flask 2 still maintained?", "No. Flask 2", ""),
    ("Does Wagtail 7.0 work with Django 5.2?", "Yes. Wagtail 7.0 is compatible with Django 5.2", ""),
    ("Is Django 5.2 unsupported?", "No. Django 5.2 is officially supported", "30 April 2028"),
]


@pytest.mark.parametrize(("question", "day"), ENDS)
def test_the_days_of_a_line(ask: Ask, question: str, day: str) -> None:
    answer = ask(question)
    assert answer.names == [day]
    assert answer.citations


@pytest.mark.parametrize(("question", "among", "without"), LISTS)
def test_lines_by_what_is_stated_of_them(ask: Ask, question: str, among: set[str], without: set[str]) -> None:
    names = {*ask(question).names}
    assert among <= names
    assert not without & names


@pytest.mark.parametrize(("question", "begins", "tells"), VERDICTS)
def test_a_line_is_supported_or_not_and_until_when(ask: Ask, question: str, begins: str, tells: str) -> None:
    text = ask(question).text
    assert text.startswith(begins)
    assert tells in text


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("Who created Django 4.2?", "the creator of Django"),
        ("Is Django 4.2 under the MIT licence?", "whether Django is among those that are released under MIT licence"),
        ("Compare Django 5.2 and Flask", "how Django and Flask differ"),
        ("Does Django 4.2 support async views?", "what is said of Django about"),
    ],
)
def test_what_is_not_said_of_a_line_is_told_of_what_it_is_a_line_of(ask: Ask, question: str, understood: str) -> None:
    assert ask(question).understood.startswith(understood)


def test_a_version_number_is_no_year(ask: Ask) -> None:
    """'newer than Foo 3.2' raised an error once: the number was read as a year."""
    assert ask("Is Flask newer than Django 3.2?").text


def test_what_no_source_announces_stays_unknown(ask: Ask) -> None:
    """A date ahead is told where one is stated for what is named, and else not guessed."""
    assert "nothing of the future" in ask("When will Django 9 be released?").text
