"""A small graph of gardens, answers written by hand, and an assistant that gives them: what the window needs, and no model."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.types import Answer, AssistantError, Citation, Sentence, Suggestion, Wanted
from graph.store import KnowledgeGraph
from graph.types import Fact, Iri, Literal
from ui.labels import Names
from ui.panel import Turn

G = "http://garden.example/"
TRIG = """
@prefix fg: <https://framegraph.example/engine#> .
@prefix g: <https://framegraph.example/graph/> .
@prefix src: <https://framegraph.example/passage/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix d: <http://garden.example/> .
g:facts {
    d:rose a d:Plant ; skos:prefLabel "Rose"@en , "Rosier"@fr ; d:colour d:red ; d:height "120" .
    d:red skos:prefLabel "red"@en .
    d:colour skos:prefLabel "colour"@en .
    d:oak d:colour d:green ; skos:prefLabel "Oak <script>alert(1)</script>"@en .
    d:remark1 fg:about d:rose ; fg:says "Roses like clay." .
    d:st1 rdf:subject d:rose ; rdf:predicate d:colour ; rdf:object d:red ; d:since "1850" .
}
src:catalogue { d:rose d:colour d:red }
"""

COLOUR = Fact(Iri(G + "rose"), Iri(G + "colour"), Iri(G + "red"))
HEIGHT = Fact(Iri(G + "rose"), Iri(G + "stemHeight"), Literal("120"))
SAYS = Fact(Iri(G + "remark1"), Iri("https://framegraph.example/engine#says"), Literal("Roses like clay."))


def citation(number: int, *facts: Fact, **changes: str) -> Citation:
    given = {
        "title": f"Catalogue {number}",
        "url": f"https://garden.example/catalogue#{number}",
        "section": "Roses",
        "retrieved": "2026-11-21",
        "publisher": "The Garden",
        "kind": "OfficialDocumentation",
        "version": "7",
        "passage": f"https://framegraph.example/passage/{number}",
        **changes,
    }
    return Citation(number, facts=facts, **given)


def red(question: str = "What colour is the rose?") -> Answer:
    """A fact with one source."""
    return Answer(
        question,
        "fact",
        "The rose is red [1].",
        (Sentence("The **rose** is red.", (COLOUR,), (1,)),),
        names=["red"],
        rows=[{"thing": "rose", "colour": "red"}],
        citations=[citation(1, COLOUR)],
        sparql="SELECT ?c { <http://garden.example/rose> <http://garden.example/colour> ?c }",
        understood="the colour of Rose",
        suggestions=["How tall is the rose?"],
        buttons=(
            Suggestion("How tall is the rose?", "How tall is the rose?"),
            Suggestion("Rose, the person", "Who is Rose?", (("7:11", G + "red"),)),
        ),
        turn={"question": question, "choices": {}},
    )


def mixed() -> Answer:
    """Sentences of every tone, a list and a table."""
    return Answer(
        "Tell me everything",
        "comparison",
        "Of 2 plants, the rose is the tallest [1].",
        (
            Sentence("Of 2 plants, the rose is the tallest.", (HEIGHT,), (1,), "computed"),
            Sentence("According to The Garden, roses like clay.", (SAYS,), (2,), "claimed"),
            Sentence("Sources disagree on its age.", (), (1, 2), "contested"),
            Sentence("Two plants:", tone="frame"),
            Sentence("**Rose**: red.", (COLOUR,), (1,), block="bullet"),
            Sentence("**Oak**: green.", (), (2,), block="bullet"),
            Sentence("|  | Rose | Oak |", block="table"),
            Sentence("| --- | --- | --- |", block="table"),
            Sentence("| colour | red [1] | a \\| b [2] |", (COLOUR,), (1, 2), block="table"),
            Sentence("Not stated: its smell.", tone="not-stated"),
        ),
        citations=[citation(1, COLOUR, HEIGHT), citation(2, SAYS)],
        turn={"question": "Tell me everything", "choices": {}},
    )


class FakeAssistant:
    """Gives the answers above; remembers what it was asked."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        self.asked: list[tuple[str, list[Any], dict[str, str]]] = []

    def answer(self, question: str, history: Sequence[str | Mapping[str, Any]] = (), choices: Mapping[str, str] | None = None) -> Answer:
        self.asked.append((question, list(history), dict(choices or {})))
        if "fail" in question:
            raise AssistantError("the word 'fail' is not allowed; ask about roses")
        return mixed() if "everything" in question else red(question)

    def known_wants(self) -> tuple[Wanted, ...]:
        return (Wanted(G + "hedge", "hedge", "project", "required"), Wanted(G + "scent", "scent", "feature", "required"))

    def about(self) -> dict[str, Any]:
        return {
            "title": "Garden",
            "scope": "Plants and what colour they are.",
            "examples": ["What colour is the rose?", "Tell me everything", "What is an oak?", "Compare rose and oak"],
            "asof": "2026-11-21",
            "version": "abc",
        }


@pytest.fixture(scope="session")
def garden(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    file = tmp_path_factory.mktemp("garden") / "garden.trig"
    Path(file).write_text(TRIG, encoding="utf-8")
    return KnowledgeGraph.open(file)


@pytest.fixture
def assistant(garden: KnowledgeGraph) -> FakeAssistant:
    return FakeAssistant(garden)


NAMES = Names({G + "rose": "Rose", G + "red": "red", G + "colour": "colour"}, {G + "remark1": "About Rose"})


class Samples:
    """What tests make answers of."""

    colour, height, says, names = COLOUR, HEIGHT, SAYS, NAMES
    citation = staticmethod(citation)
    red = staticmethod(red)
    mixed = staticmethod(mixed)


@pytest.fixture
def samples() -> type[Samples]:
    return Samples


@pytest.fixture
def turn() -> Turn:
    """The first answer of a conversation."""
    return Turn(1, red(), NAMES)


@pytest.fixture
def rich() -> Turn:
    """The second answer, of every tone."""
    return Turn(2, mixed(), NAMES)


# ---------------------------------------------------------------- a museum, asked by programs


@pytest.fixture(scope="session")
def museum() -> Assistant:
    """A real assistant over a small graph of another domain."""
    return Assistant.open(Path(__file__).resolve().parents[1] / "fixtures" / "museum.ttl")


@contextmanager
def serving(assistant: Assistant) -> Iterator[str]:
    """The address of a real server: the whole app, on a free port of loopback."""
    import uvicorn

    from ui.app import create_app

    with socket.create_server(("127.0.0.1", 0)) as listening:
        ready = threading.Event()
        made: list[Any] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            if not made:
                made.append(create_app(assistant))  # in the loop that serves, or Gradio leaves one open
            if scope["type"] == "lifespan":
                ready.set()
            await made[0](scope, receive, send)

        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        assert ready.wait(120)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def served(museum: Assistant) -> Iterator[str]:
    """A real server over the museum."""
    with serving(museum) as address:
        yield address
