"""Any mix of conditions over any graph: where a denial ends, ranges of other things, two steps, orders, columns, collective nouns.

The questions are our own; each group holds one lack that was found, over the museum, a generated railway and the shipped graph.
"""

from __future__ import annotations

import pytest

from assistant import Assistant
from tests.assistant.conftest import Ask
from tests.graphs.generate import write

Names = list[str]

DENIALS: dict[str, Names] = {
    "Which works are not etchings, by Ada Brandt or Zofia Malik?": [
        "Forty Squares", "Nets Drying", "The Harbour at Dusk", "Woman with a Lamp",
    ],
    "works without a donor, on canvas or bronze": [
        "Forty Squares", "Nets Drying", "Red Diagonal", "Sleeping Dog", "The Night Ferry", "Tram in the Rain", "Woman with a Lamp",
    ],
    "Which works are no oil paintings, in the Lantern Room or the Orangery?": ["Fish Market", "Iron Swan", "Rope Makers"],
    "Which works are neither etchings nor oil paintings and hang in the Long Gallery?": ["Sleeping Dog"],
    "Which works in the Orangery are not by Rui Salgado?": ["Iron Swan"],
    "Which works not painted by Ada Brandt are on canvas and hang in the Map Room?": ["Forty Squares", "Low Tide"],
    "Which works are taller than 100 cm and were made between 1900 and 1950, except frescoes?": ["Tram in the Rain"],
}  # fmt: skip
RANGES: dict[str, Names] = {
    "Which works are at least 200 cm tall or were made before 1890?": [
        "Fish Market", "Iron Swan", "Red Diagonal", "Rope Makers", "The Harbour at Dusk",
    ],
    "Which works are at least 200 cm tall?": ["Fish Market", "Iron Swan", "Red Diagonal", "Rope Makers"],
    "Which works by artists born after 1900 are in the Long Gallery?": ["Red Diagonal", "Sleeping Dog"],
    "Which works are less than 40 cm high?": ["Pilot Boat", "Three Lemons", "Winter Orchard"],
    "Which artists born before 1870 painted a watercolour?": ["Jonas Vinter"],
}  # fmt: skip
STEPS: dict[str, Names] = {
    "Which works shown in On Paper are not by Danish artists?": ["Desert Letter", "Three Lemons"],
    "Which artists painted both an oil painting and a watercolour?": ["Ines Carvalho", "Jonas Vinter"],
    "In which wings are the rooms that show frescoes?": ["Garden Wing"],
    "What technique do the works that Ada Brandt painted have?": ["oil painting"],
    "Which exhibition shows works by Polish artists?": ["Lines and Squares"],
}
COLUMNS: dict[str, Names] = {
    "artist and year of each etching": ["1898", "1957", "1969", "2008", "Karen Dahl", "Zofia Malik"],
    "the technique and the year of all works in the Orangery": ["1902", "1906", "1978", "bronze sculpture", "fresco"],
    "height, artist and year of the frescoes": ["240", "255", "1902", "1906", "Rui Salgado"],
    "Top 3 works by insured value, with their artist": ["Tram in the Rain", "Tomasz Wrona", "Ada Brandt"],
    "List the frescoes and watercolours with their donor, oldest first": ["Rope Makers", "Winter Orchard", "Teresa Lund"],
    "Which is the tallest work and who is its artist?": ["Iron Swan", "Tomasz Wrona"],
    "List the watercolours with their artist and donor": ["Teresa Lund", "Elena Rojas", "Ines Carvalho"],
    "For the Orangery and the Map Room: on which floor are they and in which wing?": ["Garden Wing", "East Wing"],
}
ORDERS: dict[str, Names] = {
    "Works by Polish artists other than Zofia Malik, newest first": ["Iron Swan", "Red Diagonal"],
    "List all etchings sorted by height": ["Pilot Boat", "Blue Kite", "Station Clock", "Salt"],
    "List the frescoes ordered by year, newest first": ["Rope Makers", "Fish Market"],
    "works in the Long Gallery ranked by insured value descending": [
        "Tram in the Rain", "Woman with a Lamp", "Red Diagonal", "Sleeping Dog",
    ],
    "Top 3 works by insured value": ["Tram in the Rain", "Iron Swan", "The Harbour at Dusk"],
}  # fmt: skip
MANY: dict[str, str] = {
    "Which artist has the widest choice of techniques?": "Jonas Vinter",
    "Which wing has the largest collection of works?": "East Wing",
    "Which donor gave the most works?": "Teresa Lund",
    "Which wing has the most rooms?": "East Wing",
    "Which exhibition shows the greatest number of works?": "On Paper",
}


@pytest.fixture(scope="module")
def railway(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return Assistant.open(write(tmp_path_factory.mktemp("graphs"))["railway"])


@pytest.mark.parametrize(("question", "names"), [*DENIALS.items(), *RANGES.items(), *STEPS.items()])
def test_conditions_hold_together(museum: Assistant, question: str, names: Names) -> None:
    """A denial ends at the comma behind which another kind of value begins; a range and a path reach what they stand beside."""
    answer = museum.answer(question)
    assert sorted(answer.names) == names, (answer.understood, answer.text)


@pytest.mark.parametrize(("question", "told"), COLUMNS.items())
def test_columns_beside_named_things(museum: Assistant, question: str, told: Names) -> None:
    """Several properties at once, a bare 'year' or 'date' among them."""
    answer = museum.answer(question)
    assert all(t in answer.text for t in told), (answer.understood, answer.text)


@pytest.mark.parametrize(("question", "names"), ORDERS.items())
def test_all_in_order(museum: Assistant, question: str, names: Names) -> None:
    """'newest first', 'sorted by', 'descending' want all of the things, in that order."""
    answer = museum.answer(question)
    assert answer.names == names, (answer.understood, answer.text)


@pytest.mark.parametrize(("question", "name"), MANY.items())
def test_the_most_of_something(museum: Assistant, question: str, name: str) -> None:
    """'the widest choice of X' counts X as 'the most X' does."""
    answer = museum.answer(question)
    assert name in answer.names, (answer.understood, answer.text)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("no electrified lines, longer than 330 km or owned by Harbour Rail", ["Amber Line"]),
        ("Which lines are electrified but not owned by Amber Trains and longer than 400 km?", ["Northern Main Line", "Orchard Line"]),
        ("Which train companies own a line longer than 300 km?", ["Amber Trains", "Lakeland Express", "Northern Star"]),
        ("Which stations in Velmark Coast have no manager?", ["Calder North", "Eskdale Harbour", "Larne North", "Ulver Harbour"]),
        ("Which trains not made by Brandt Works are kept at Calder Depot?", ["Blue Petrel", "Silver Sandpiper"]),
        ("Which depots keep trains that can go faster than 250 km/h?", ["Dunmere Depot", "Elsing Depot", "Larne Depot", "Ulver Depot"]),
    ],
)
def test_conditions_over_a_railway(railway: Assistant, question: str, names: Names) -> None:
    """The same lacks in other words."""
    answer = railway.answer(question)
    assert sorted(answer.names) == names, (answer.understood, answer.text)


SHIPPED: list[tuple[str, Names, Names]] = [
    ("frameworks with no admin interface, Apache or MIT licensed", ["Bottle"], ["Django", "Flask"]),
    ("Which frameworks had a release in March 2026?", ["aiohttp"], ["web2py"]),
    ("Which frameworks require Python 3.12 or newer?", ["Django", "Quart"], ["Flask", "FastAPI"]),
    ("Which frameworks get caching only as an extension?", ["Flask"], ["Django"]),
    ("Which frameworks lack sessions and CSRF protection?", ["Falcon"], ["Tornado", "Django"]),
    ("Which frameworks lack sessions and have CSRF protection?", ["Tornado"], ["Falcon"]),
    ("Which full-stack framework has the fewest dependencies?", ["Django"], []),
    ("Which frameworks need no dependencies and are maintained?", ["Bottle"], ["Flask"]),
    ("Task queues under the BSD licence", ["Celery"], ["Dramatiq"]),
    ("Which plugins add caching to Flask?", ["Flask-Caching"], []),
    ("How many packages add caching to Flask?", [], []),
    ("What licence do the things that Quart is built on carry?", ["BSD-3-Clause licence"], []),
    ("licence and year of each task queue", ["Celery", "Dramatiq"], []),
]


@pytest.mark.parametrize(("question", "among", "not_among"), SHIPPED)
def test_conditions_over_the_shipped_graph(ask: Ask, question: str, among: Names, not_among: Names) -> None:
    """Levels in other words, versions, packages, the values of what a thing is built on."""
    answer = ask(question)
    assert not answer.abstained
    assert set(among) <= set(answer.names), (answer.understood, answer.text)
    assert not set(not_among) & set(answer.names), answer.understood


@pytest.mark.parametrize("question", ["Is Flask built on Quart?", "Is Starlette built on FastAPI?", "Is Werkzeug built on Flask?"])
def test_what_is_built_on_what(ask: Ask, question: str) -> None:
    """A statement the other way round does not make it so."""
    assert not ask(question).text.startswith("Yes")


def test_the_right_way_is_affirmed(ask: Ask) -> None:
    """The statement itself does."""
    assert ask("Is Quart built on Flask?").text.startswith("Yes")
