"""Alternatives, ties, stand-ins and things offered for a purpose: which reading is taken, what is told, and that all of it is cited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import Answer, Assistant, alternatives, related
from assistant.choices import ChoiceNameError
from assistant.evaluate import sound
from graph import KnowledgeGraph
from graph.build import ensure_built
from tests.assistant.conftest import Ask

CAMERAS = Path(__file__).resolve().parent.parent / "fixtures" / "cameras"

READ = [
    ("What may I use instead of Bottle?", "alternatives to Bottle"),
    ("Are there alternatives to Sanic?", "alternatives to Sanic"),
    ("Pyramid replacements", "alternatives to Pyramid"),
    ("packages like Flask-Mail", "alternatives to Flask-Mail"),
    ("What other than Mako?", "alternatives to Mako"),
    ("What comes closest to Starlette?", "what is most like Starlette"),
    ("What resembles Falcon most?", "what is most like Falcon"),
    ("a lighter alternative to Pyramid", "alternatives to Pyramid, by lowest number of required dependencies"),
    ("Is SQLModel similar to SQLAlchemy?", "how alike SQLModel and SQLAlchemy are"),
    ("How close are Falcon and Bottle?", "how alike Falcon and Bottle are"),
    ("How is Wagtail connected with Django?", "how Wagtail and Django are related"),
    ("What has Twisted to do with Scrapy?", "how Twisted and Scrapy are related"),
    ("What is the relation between Emmett and web2py?", "how Emmett and web2py are related"),
    ("Could Sanic replace aiohttp?", "whether Sanic can take the place of aiohttp"),
    ("Can aiohttp be replaced with Sanic?", "whether Sanic can take the place of aiohttp"),
    ("Can I swap aiohttp for Sanic?", "whether Sanic can take the place of aiohttp"),
    ("Is Falcon a full substitute for Flask?", "whether Falcon can take the place of Flask"),
    ("What would we give up with Falcon instead of Flask?", "whether Falcon can take the place of Flask"),
    ("Does Bottle offer everything that Flask offers?", "whether Bottle can take the place of Flask"),
]
OTHERWISE = [
    "How do I connect Flask to Celery?",
    "Should we replace Flask with FastAPI?",
    "What is Pyramid like?",
    "Put Sanic next to Tornado",
    "Do all API frameworks speak ASGI?",
    "Is there something like the Django admin for Pyramid?",
    "Would you use Bottle instead of Flask?",
    "How many alternatives to Django does the graph know?",
]


@pytest.fixture(scope="module")
def shelf(museum: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant over the cameras."""
    return Assistant(KnowledgeGraph.open(ensure_built(CAMERAS, tmp_path_factory.mktemp("cameras"))), museum.encoder)


def table(answer: Answer) -> list[str]:
    return [line for line in answer.text.splitlines() if line.startswith("| ") and "---" not in line]


# ---------------------------------------------------------------- which reading


@pytest.mark.parametrize(("question", "english"), READ)
def test_the_question_is_read(question: str, english: str, ask: Ask) -> None:
    """Each way of asking, with the things in their parts; what is told is cited."""
    answer = ask(question)
    assert answer.understood == english
    assert sound(answer)
    assert answer.sparql


@pytest.mark.parametrize("question", OTHERWISE)
def test_what_only_sounds_like_it_is_read_otherwise(question: str, ask: Ask) -> None:
    """How to do it, whether to do it, what it is, side by side, and counts ask for something else."""
    said = ask(question).understood
    assert not said.startswith(("alternatives to", "what is most like"))
    assert not said.endswith("are related")
    assert "take the place" not in said


# ---------------------------------------------------------------- alternatives


def test_alternatives_are_of_the_same_kind_and_alive(ask: Ask, me: Assistant) -> None:
    """Each shares a category with the thing; what is given up is named apart, with its status."""
    answer = ask("alternatives to Pyramid")
    first = me.schema.first_headline()
    assert first is not None
    values = me.responder.describer.values
    thing = me.linker.mentions(me.responder.understander.scan("Pyramid", 0, 7, {}).tokens, "Pyramid")[0].best.iri
    kinds = set(values(thing, first.iri))
    likeness = me.responder.likeness
    for name in answer.names:
        iri = next(i for i, label in me.lexicon.labels.items() if label == name and me.lexicon.is_a(i, me.schema.focus))  # type: ignore[arg-type]
        assert kinds & set(values(iri, first.iri))
        assert likeness.given_up(iri) is None
    assert len(table(answer)) == len(answer.names) + 1


def test_a_stated_successor_comes_first(ask: Ask) -> None:
    """The graph's own word goes before any measure."""
    answer = ask("replacement for web2py")
    assert answer.names[0] == "py4web"
    assert answer.text.startswith("The successor of web2py is py4web")


def test_each_cell_of_the_table_is_cited(ask: Ask) -> None:
    """What is shared, what differs, ahead and behind: with marks of their own."""
    lines = table(ask("alternatives to Flask"))[1:]
    assert lines
    for line in lines:
        cells = [c.strip() for c in line.strip("|").split("|")]
        assert all(c.endswith("]") for c in cells[1:] if c), line


def test_a_condition_is_kept_or_said_to_fail(ask: Ask) -> None:
    """Those that meet it; where none does, so much is said before the others are told."""
    kept = ask("alternatives to Flask under the Apache licence")
    assert kept.names
    assert all("Apache-2.0" in row["differs in"] for row in kept.rows)
    none = ask("alternatives to Dramatiq under the GPL-3.0")
    assert "Nothing like Dramatiq is among the frameworks that" in none.text
    assert "Celery" in none.names


def test_less_of_a_number_is_less(ask: Ask) -> None:
    """'lighter': only things with fewer dependencies, and the two numbers are shown."""
    rows = ask("a lighter alternative to Pyramid").rows
    assert rows
    for row in rows:
        theirs, own = row["differs in"].split("number of required dependencies: ")[1].split(";")[0].split(", not ")
        assert int(theirs) < int(own)


def test_the_likeness_of_two_is_a_number(ask: Ask, me: Assistant) -> None:
    """The same whichever is named first, and the one that the list of alternatives shows."""
    there, back = ask("How similar are Flask and Bottle?"), ask("How similar are Bottle and Flask?")
    shown = next(a.likeness for a in alternatives("Flask", assistant=me).found if a.name == "Bottle")
    assert there.rows[0]["likeness"] == back.rows[0]["likeness"] == f"{shown:.2f}"


def test_an_old_name_is_explained(ask: Ask) -> None:
    """What goes on under another name is told before what is like it."""
    assert ask("any replacement for KFServing?").text.startswith("KServe was called KFServing until September 2021")


def test_a_successor_comes_before_what_is_alike(ask: Ask) -> None:
    """What took the place of the thing is told first, and heads the table though something else shares more with it."""
    answer = ask("any replacement for Flask-RESTPlus?")
    assert answer.text.startswith("The successor of Flask-RESTPlus is Flask-RESTX [1].")
    assert answer.names[0] == "Flask-RESTX"


def test_a_purpose_is_no_third_thing_to_compare(ask: Ask) -> None:
    """'X vs Y for Z' sets X and Y beside each other, though Z is of the kind of one of them."""
    assert ask("Peewee vs SQLAlchemy for FastAPI").names == ["Peewee", "SQLAlchemy"]


def test_what_is_like_nothing_is_said_to_be(ask: Ask) -> None:
    """No guess: its kind, and that nothing else is known of that kind."""
    answer = ask("alternatives to Textual")
    assert answer.abstained
    assert "text user interface framework" in answer.text
    assert "nothing else" in answer.text


def test_extensions_servers_and_concepts_have_alternatives(ask: Ask) -> None:
    """Within their own kind: the same feature for the same framework, the same interface, what sources tell apart."""
    assert "Flask-Security" in ask("alternatives to Flask-Login").names
    assert {"Waitress", "Hypercorn"} <= set(ask("alternatives to Gunicorn").names)
    assert ask("alternatives to WSGI").names[0] == "ASGI"
    assert "Apache-2.0 licence" in ask("alternatives to the MIT licence").names


def test_the_thing_may_be_swapped_in_the_next_question(me: Assistant) -> None:
    """'And to Celery?' asks the same of another thing."""
    answer = me.answer("what about Celery?", history=["What are alternatives to Flask?"])
    assert answer.understood.startswith("alternatives to Celery")
    assert "Dramatiq" in answer.names


def test_the_thing_may_be_the_one_spoken_of(me: Assistant) -> None:
    """A bare 'alternatives?' and a situation told before ask of what was named there."""
    assert me.answer("alternatives?", history=["What is Celery?"]).understood == "alternatives to Celery"
    assert me.answer("We use Celery. What are alternatives?").understood == "alternatives to Celery"


def test_alternatives_to_what_is_unknown_are_not_guessed(ask: Ask) -> None:
    """An unknown name is said to be unknown; nothing is recommended in its place."""
    answer = ask("alternatives to Zorblax")
    assert answer.abstained
    assert not answer.names


# ---------------------------------------------------------------- ties


def test_each_step_of_a_path_is_a_cited_sentence(ask: Ask) -> None:
    """A path by way of another thing: one bullet a step."""
    answer = ask("how are Pydantic and Django related?")
    bullets = [s for s in answer.sentences if s.block == "bullet"]
    assert [s.text for s in bullets[:2]] == ["Django Ninja is built on Pydantic.", "Django Ninja is built on Django."]
    assert all(len(s.facts) == 1 and s.cites for s in bullets)


def test_what_joins_two_things_at_once_comes_first(ask: Ask) -> None:
    """The statements themselves, and no detour by things that merely point at both."""
    answer = ask("what connects Celery and Kombu?")
    assert [s.text for s in answer.sentences[:2]] == ["Celery depends on Kombu.", "Celery is built on Kombu."]
    assert "way of" not in answer.text


def test_the_query_gives_the_statements(ask: Ask, me: Assistant) -> None:
    """The shown query's solutions are what is told."""
    answer = ask("how are Pydantic and Django related?")
    told = {(f.subject, f.predicate, f.object) for s in answer.sentences for f in s.facts}
    found = {(r["subject"], r["property"], r["value"]) for r in me.graph.query(answer.sparql)}
    assert told <= found


# ---------------------------------------------------------------- standing in


def test_a_successor_takes_the_place(ask: Ask) -> None:
    """Yes, with what is lost and what guides say."""
    answer = ask("Can py4web replace web2py?")
    assert answer.text.startswith("Yes: py4web is stated to be the successor of web2py")
    assert "You would lose test client" in answer.text


def test_partly_is_said_with_its_measure(ask: Ask) -> None:
    """How many features, what is lost, who supplies it, and what is not stated."""
    answer = ask("Can Bottle replace Flask?")
    assert answer.text.startswith("Partly: of the ")
    assert "You would lose" in answer.text
    assert "Not stated for Bottle" in answer.text
    lost = [r for r in answer.rows if r["Bottle"] == "not available"]
    assert lost
    assert all(r["Flask"] != "not available" for r in answer.rows)


def test_another_kind_of_thing_takes_no_place(ask: Ask) -> None:
    """Neither a framework for a database nor a web framework for a task queue."""
    assert "Django is a framework, PostgreSQL is a database" in ask("Can Django replace PostgreSQL?").text
    assert ask("Can Flask replace Celery?").text.startswith("Not as a whole: the two are of different kinds")


# ---------------------------------------------------------------- offered for a purpose


def test_a_table_by_what_the_purpose_asks_for(ask: Ask) -> None:
    """The verdict first, rows that differ before those that do not, each thing in a column."""
    answer = ask("Flask vs FastAPI for a REST API with validation")
    assert answer.text.startswith("Take **FastAPI** for REST API and validation")
    assert answer.names == ["FastAPI", "Flask"]
    differ = [len({v for k, v in row.items() if k}) > 1 for row in answer.rows]
    assert differ == sorted(differ, reverse=True)
    validation = next(r for r in answer.rows if r[""] == "validation")
    assert (validation["FastAPI"], validation["Flask"]) == ("built in", "third-party package")
    assert sound(answer)


def test_up_to_five_things_each_with_a_word(ask: Ask) -> None:
    """Each that is offered stands in the table and in a sentence."""
    answer = ask("Falcon, Sanic, Starlette or Bottle for a service with WebSockets?")
    assert set(answer.names) == {"Falcon", "Sanic", "Starlette", "Bottle"}
    prose = " ".join(s.text for s in answer.sentences if s.block == "prose")
    assert all(name in prose for name in answer.names)


def test_a_demand_puts_what_fails_it_last(ask: Ask) -> None:
    """'must': shown all the same, after those that meet it, and named."""
    answer = ask("Bottle or Tornado for a chat? WebSockets must be built in.")
    assert answer.names == ["Tornado", "Bottle"]


def test_things_of_any_kind_in_view_of_another(ask: Ask) -> None:
    """Servers for a framework, extensions for a feature: what is stated of each, or that nothing is."""
    servers = ask("Uvicorn or Gunicorn for FastAPI?")
    assert servers.text.startswith("FastAPI can be served by Uvicorn [")
    assert "Of Gunicorn and FastAPI nothing of the sort is stated." in servers.text
    extensions = ask("Flask-Login or Flask-Security for authorization?")
    assert extensions.rows[0] == {"": "authorization", "Flask-Login": "not stated", "Flask-Security": "adds"}


def test_the_order_of_naming_decides_nothing(ask: Ask) -> None:
    """The same verdict and the same order, whichever is named first."""
    one, other = ask("Sanic or Falcon for a service with OpenAPI?"), ask("Falcon or Sanic for a service with OpenAPI?")
    assert one.names == other.names
    assert one.text == other.text


def test_what_the_choice_goes_with_is_a_row(ask: Ask) -> None:
    """'on top of an existing X', 'with X': how each stands to it."""
    answer = ask("APIFlask or Litestar on top of an existing Flask project with OpenAPI?")
    assert answer.names[0] == "APIFlask"
    assert "Flask" in [row[""] for row in answer.rows]


def test_what_all_meet_alike_is_said_to_be(ask: Ask) -> None:
    """No advantage is made of what every choice asks for."""
    answer = ask("Sanic or Starlette for a service with WebSockets?")
    assert "meet the same for WebSockets" in answer.text or "do equally well for WebSockets" in answer.text


def test_an_unknown_name_in_the_row_is_told(ask: Ask) -> None:
    """The others are compared all the same."""
    answer = ask("Celery, Zorblax or Dramatiq?")
    assert "Nothing here is called Zorblax." in answer.text
    assert answer.names == ["Celery", "Dramatiq"]


def test_why_one_over_the_other_compares(ask: Ask) -> None:
    """The two beside each other, and no remark that happens to name both."""
    answer = ask("Why Starlette over Tornado?")
    assert (answer.kind, answer.names) == ("comparison", ["Starlette", "Tornado"])


def test_the_respect_asked_about_comes_first(ask: Ask) -> None:
    """An aspect: what is said of each in that respect opens the answer; a feature: how each has it."""
    learning = ask("Django vs Flask for beginners")
    assert "learning curve" in learning.sentences[0].text
    templates = ask("Django vs Falcon for templating")
    assert templates.rows[0][""] == "templating"


# ---------------------------------------------------------------- any graph


def test_a_foreign_graph_has_all_of_it(museum: Assistant) -> None:
    """Labels and data are enough: likeness, ties, and one for the other."""
    like = museum.answer("What is most similar to The Night Ferry?")
    assert like.names[0] == "The Harbour at Dusk"
    assert "artist: Ada Brandt, not Jonas Vinter" in like.text
    tied = museum.answer("How are The Night Ferry and Pilot Boat related?")
    assert "The artist of Pilot Boat is Jonas Vinter [1]." in tied.text
    place = museum.answer("Can Low Tide replace Salt?")
    assert place.text.startswith("Partly: Low Tide shares with Salt: artist Karen Dahl")
    assert all(sound(a) for a in (like, tied, place))


def test_a_dataset_with_levels(shelf: Assistant) -> None:
    """Cameras: what one has built in and the other has not."""
    answer = shelf.answer("What are alternatives to Ardex One?")
    assert answer.names == ["Corvo Three"]
    assert answer.rows[0]["behind Ardex One in"] == "stabiliser"
    assert sound(answer)


# ---------------------------------------------------------------- from Python


def test_alternatives_and_relations_are_data() -> None:
    """Names, likeness and paths as objects; JSON-able, with their sources."""
    made = alternatives("Flask")
    assert made.name == "Flask"
    scores = [a.likeness for a in made.found]
    assert scores == sorted(scores, reverse=True)
    assert json.loads(json.dumps(made.to_dict()))["found"][0]["name"] == made.found[0].name
    tied = related("Pydantic", "Django")
    assert ("Pydantic", "Django Ninja", "Django") in tied.paths
    assert json.loads(json.dumps(tied.to_dict()))["citations"]
    with pytest.raises(ChoiceNameError, match="zorblax"):
        alternatives("zorblax")
