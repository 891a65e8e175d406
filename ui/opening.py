"""What commands share: exit statuses, common options, and opening what they ask.

Heavy imports happen inside the functions, so that ``framegraph --help`` is quick.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.types import BuildError, OpenError

if TYPE_CHECKING:
    from assistant import Assistant
    from graph import KnowledgeGraph

ROOT = Path(__file__).resolve().parent.parent  # where the packages lie, installed or not
ANSWERED, NOT_ANSWERED, MISTAKE = 0, 1, 2

Graph = Annotated[
    str,
    typer.Option("--graph", "-g", metavar="PATH", help="An RDF file or a folder of RDF files to ask instead of the shipped graph."),
]
Endpoint = Annotated[
    str, typer.Option("--endpoint", "-e", metavar="URL", help="A SPARQL 1.1 endpoint to ask instead of the shipped graph.")
]
Data = Annotated[Path | None, typer.Option("--data", metavar="FOLDER", help="A folder of data instead of the shipped one.")]


def _chosen(graph: str, endpoint: str) -> str | None:
    """What to open. Raises BadParameter for both at once or an endpoint that is no address."""
    if graph and endpoint:
        raise typer.BadParameter("give --graph or --endpoint, not both")
    if endpoint and not endpoint.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{endpoint!r} is no address; an endpoint begins with http:// or https://", param_hint="--endpoint")
    return graph or endpoint or None


def open_assistant(graph: str, endpoint: str) -> Assistant:
    """An assistant over what the options say. Raises BadParameter, OpenError."""
    from assistant import Assistant

    return Assistant.open(_chosen(graph, endpoint))


def rehearsed(assistant: Assistant) -> Assistant:
    """The assistant after its example questions: sentence vectors are computed then, and kept, so that nobody waits later."""
    from graph.build import progress

    with progress("Preparing the answers") as step:
        for question in assistant.about()["examples"]:
            step(question)
            assistant.answer(question)
    return assistant


def reopened(graph: str, endpoint: str) -> Assistant:
    """The same anew, for a server that goes on with the old one meanwhile: a changed graph of ours is built by a process of its own.

    Raises OpenError for a graph that holds nothing which has a name, and what ``open_assistant`` and ``graph.build`` raise.
    """
    if not graph and not endpoint:
        _build_apart()
    fresh = rehearsed(open_assistant(graph, endpoint))
    if not fresh.lexicon.labels:
        raise OpenError(f"{fresh.graph.name} holds nothing that has a name; give a graph with labels")
    return fresh


def _build_apart() -> None:
    """Build the shipped graph where its data changed, its sentence vectors too. Raises BuildError with the builder's message."""
    done = subprocess.run([sys.executable, "-m", "ui.cli", "build"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError((done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1].removeprefix("framegraph: "))


def open_graph(graph: str, endpoint: str) -> KnowledgeGraph:
    """The graph that the options say. Raises BadParameter, OpenError."""
    from graph import KnowledgeGraph

    return KnowledgeGraph.open(_chosen(graph, endpoint))
