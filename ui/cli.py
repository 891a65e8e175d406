"""The command line: one function a command, each a few lines over the rooms below.

Heavy imports happen inside the commands, so that ``framegraph --help`` is quick. Exit status: 0 answered or sound,
1 not answered or not sound, 2 a mistake in what was asked for (the message names it and the remedy).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.types import GraphError
from ui import data_commands
from ui.opening import ANSWERED, MISTAKE, NOT_ANSWERED, Endpoint, Graph, reopened
from ui.opening import open_assistant as _assistant
from ui.opening import open_graph as _graph
from ui.opening import rehearsed as _rehearsed

if TYPE_CHECKING:
    import uvicorn

    from assistant import Answer
    from ui.serving import Serving

HOST, PORT = "127.0.0.1", 7860
STDIN = 0  # its file descriptor
FORMATS = ("table", "json", "xml", "csv", "tsv", "turtle")

app = typer.Typer(
    name="framegraph",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Ask a knowledge graph in plain English and see the source of every sentence.\n\n"
    "Start with [bold]framegraph chat[/bold], which opens a window, or [bold]framegraph ask[/bold] and a question. "
    "Everything runs on this machine; no question leaves it.",
    epilog="Exit status: 0 answered or sound; 1 not answered, or a check found errors; 2 a mistake in the command or its input.",
)

Host = Annotated[str, typer.Option(help="The address to listen on; 127.0.0.1 is this machine only.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")]


def main() -> None:
    """The console command: known errors become one line on stderr and status 2."""
    os.environ.setdefault("TQDM_DISABLE", "1")  # the model's own progress bars, which say nothing to a user
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # onnxruntime writes a device id on import, and may report
    try:
        app()
    except _known_errors() as error:  # looked up only when something was raised
        _fail(str(error))


def _known_errors() -> tuple[type[Exception], ...]:
    from assistant.types import AssistantError
    from ui.feedback import FeedbackError

    return (GraphError, AssistantError, FeedbackError)


def _fail(message: str) -> None:
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True, highlight=False).print(Text("framegraph: ", style="bold red") + Text(message), soft_wrap=True)
    sys.exit(MISTAKE)


# ---------------------------------------------------------------- asking


@app.command()
def chat(
    host: Host = HOST,
    port: Port = PORT,
    graph: Graph = "",
    endpoint: Endpoint = "",
    browser: Annotated[bool, typer.Option(help="Open the window in a browser.")] = True,
) -> None:
    """Open the chat window in a browser and serve it until Ctrl-C."""
    address = f"http://{host}:{port}/"
    serving = _serving(host, port)
    _run_server(graph, endpoint, host, port, serving, lambda: _open_browser(address) if browser else None)


@app.command()
def serve(host: Host = HOST, port: Port = PORT, graph: Graph = "", endpoint: Endpoint = "") -> None:
    """Serve the window, SPARQL, JSON over HTTP, MCP and linked data, without opening a browser.

    /health answers once it is ready; docs/serving.md lists the addresses and the settings. SIGHUP opens the graph anew.
    """
    serving = _serving(host, port)
    _run_server(graph, endpoint, host, port, serving, lambda: None)


@app.command()
def mcp(graph: Graph = "", endpoint: Endpoint = "") -> None:
    """Serve the tools ask, recommend, compare, sparql and describe (MCP) to the program that starts this, on standard input and output."""
    from ui.browse import Browser
    from ui.desk import AssistantEngine, Desk
    from ui.mcp_server import serve_stdio
    from ui.mcp_tools import Tools
    from ui.serving import Serving
    from ui.workers import pool_over

    serving, assistant = Serving.read(), _assistant(graph, endpoint)
    browser = Browser(assistant.graph, assistant.about())
    desk = Desk(AssistantEngine(assistant), serving.bounds)
    if sys.stdin.isatty():
        typer.echo("Waiting for a client of the Model Context Protocol on standard input (Ctrl-D ends it)", err=True)
    serve_stdio(Tools(desk, browser, pool_over(assistant.graph, serving.limits)), assistant.about())


def _serving(host: str, port: int) -> Serving:
    """The settings, before seconds go into loading. Raises SettingError, BadParameter for an address that cannot be listened on."""
    from ui.middleware import LOOPBACK
    from ui.serving import Serving

    _require_free(host, port)
    serving = Serving.read()
    if host not in (*LOOPBACK, "::1") and not serving.token:
        typer.echo(f"Whoever reaches {host}:{port} may ask: no FRAMEGRAPH_TOKEN is set (docs/serving.md)", err=True)
    return serving


def _require_free(host: str, port: int) -> None:
    """Raises BadParameter for an address that cannot be listened on."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as error:
        reason = error.strerror or str(error)
        raise typer.BadParameter(f"cannot listen on {host}:{port} ({reason.lower()}); try another --port", param_hint="--port") from error


def _open_browser(address: str) -> None:
    # some systems' browser commands block until the browser closes
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _run_server(graph: str, endpoint: str, host: str, port: int, serving: Serving, ready: Callable[[], object]) -> None:
    import uvicorn

    from ui.app import create_app
    from ui.logs import config

    assistant = _rehearsed(_assistant(graph, endpoint))
    made = create_app(assistant, hosts=(host,), serving=serving, reopened=lambda: reopened(graph, endpoint))
    del assistant  # the app alone holds it, and lets go of it when it is exchanged
    served = uvicorn.Config(
        made,
        host=host,
        port=port,
        workers=1,
        log_config=config(),
        timeout_graceful_shutdown=3,  # what runs is finished; then a second for the workers to end
        access_log=False,
    )
    _announcing(uvicorn.Server(served), f"http://{host}:{port}/", ready, made.state.editions.renew).run()


def _announcing(server: uvicorn.Server, address: str, ready: Callable[[], object], renew: Callable[[], object]) -> uvicorn.Server:
    """The server, printing its address and calling ``ready`` once it listens; from then on SIGHUP calls ``renew``."""
    start = server.startup

    async def startup(sockets: Any = None) -> None:
        await start(sockets)
        if server.started:
            _on_hangup(renew)
            typer.echo(f"Framegraph is ready at {address} (Ctrl-C ends it)")
            ready()

    server.startup = startup  # type: ignore[method-assign]  # uvicorn has no hook for "now listening"
    return server


def _on_hangup(renew: Callable[[], object]) -> None:
    """Let SIGHUP call ``renew``; where it says that the terminal we were started from is gone, it ends us as it usually does."""
    started_there = os.isatty(STDIN)

    def hung_up() -> None:
        if started_there and not os.isatty(STDIN):
            signal.raise_signal(signal.SIGTERM)
        else:
            renew()

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hung_up)


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help="The question; quotation marks are optional.")],
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer as JSON: sentences, rows, citations, SPARQL.")] = False,
    history: Annotated[list[str] | None, typer.Option("--after", metavar="QUESTION", help="An earlier question, oldest first.")] = None,
    graph: Graph = "",
    endpoint: Endpoint = "",
) -> None:
    """Answer one question, with its sources. Status 1 where the graph does not know."""
    answer = _assistant(graph, endpoint).answer(" ".join(question), history=history or [])
    if as_json:
        typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1))
    else:
        _print_answer(answer)
    raise typer.Exit(NOT_ANSWERED if answer.abstained else ANSWERED)


def _print_answer(answer: Answer) -> None:
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.text import Text

    from ui.export import bibliography

    out = Console(highlight=False)
    if answer.understood:
        out.print(Text(f"I understood: {answer.understood}", style="dim"), soft_wrap=True)
    if out.is_terminal:
        out.print(Markdown(answer.text))
    else:
        typer.echo(answer.text)
    if answer.citations:
        out.print(Text("\nSources", style="bold"))
        for line in bibliography(answer.citations):
            out.print(Text(line), soft_wrap=True)
    for suggestion in answer.suggestions[:3]:
        out.print(Text(f"Ask next: {suggestion}", style="dim"), soft_wrap=True)


@app.command()
def show(
    name: Annotated[list[str], typer.Argument(metavar="NAME", help="The name of a thing, as people write it.")],
    graph: Graph = "",
    endpoint: Endpoint = "",
) -> None:
    """Show everything that the graph states of one thing, as a table with sources."""
    from rich.console import Console

    from ui.show import card, find

    kg = _graph(graph, endpoint)
    wanted = " ".join(name)
    things = find(kg, wanted)
    if not things:
        typer.echo(f"Nothing in {kg.name} is called {wanted!r}.", err=True)
        raise typer.Exit(NOT_ANSWERED)
    Console(highlight=False).print(*(card(kg, thing) for thing in things), sep="\n")


@app.command()
def feedback(
    as_json: Annotated[bool, typer.Option("--json", help="All of it as JSON, with the answers and the links that open them.")] = False,
    down: Annotated[bool, typer.Option("--down", help="Only answers that were called wrong.")] = False,
) -> None:
    """Show what readers of the window said of answers: right or wrong, and why. It is kept on this machine only."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from ui.feedback import DOWN, Feedback

    kept = Feedback()
    said = [v for v in kept.read() if v.verdict == DOWN or not down]
    if as_json:
        typer.echo(json.dumps([v.to_dict() for v in said], ensure_ascii=False, indent=1))
        return
    table = Table("day", "verdict", "question", "understood", "reason", title=f"{len(said)} in {kept.file}")
    for v in said:
        table.add_row(v.day, "wrong" if v.verdict == DOWN else "right", Text(v.question), Text(v.understood), Text(v.reason))
    Console(highlight=False).print(table)


# ---------------------------------------------------------------- SPARQL


@app.command()
def sparql(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A file with the query, or - for standard input.")] = "-",
    format_: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")] = "",
    graph: Graph = "",
    endpoint: Endpoint = "",
) -> None:
    """Run a SPARQL query that reads: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Our prefixes are declared already, and patterns without GRAPH mean the facts. A table on a terminal, else TSV or Turtle.
    """
    from graph.guard import expand, refuse_words
    from ui.results import WRITERS, as_table

    if format_ and format_ not in FORMATS:
        raise typer.BadParameter(f"{format_!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    text = expand(_query_text(file))
    refuse_words(text)
    kg = _graph(graph, endpoint)
    with _deadly_interrupt():
        solutions = kg.query(text)
    wanted = format_ or ("table" if sys.stdout.isatty() else "turtle" if solutions.triples else "tsv")
    if wanted != "table" or solutions.boolean is not None:
        try:
            typer.echo(WRITERS["csv" if wanted == "table" else wanted](solutions), nl=wanted in ("json", "xml"))
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--format") from error
        return
    from rich.console import Console

    Console(highlight=False).print(as_table(solutions))


@contextmanager
def _deadly_interrupt() -> Iterator[None]:
    """Let Ctrl-C end the process at once: the store does not heed it while it works."""
    usual = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def _query_text(file: str) -> str:
    if file == "-":
        if sys.stdin.isatty():
            typer.echo("Type the query, then Ctrl-D on a line of its own:", err=True)
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}; give a file with a query, or - for standard input") from error
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{file} is not UTF-8 text: {error.reason} at byte {error.start}") from error


data_commands.register(app)

if __name__ == "__main__":
    main()
