"""Commands about the data: build, check and audit it, refresh package metadata, score answers."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.opening import ANSWERED, NOT_ANSWERED, Data, Endpoint, Graph, open_assistant, open_graph, rehearsed

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.evaluate import Report
    from graph.package_register import Wanted

INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended

HtmlFile = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the coverage tables to a file for a browser.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Leave the coverage tables out.")]
Stale = Annotated[
    int | None, typer.Option("--stale", min=0, metavar="DAYS", help="Only list what is older than so many days.")
]
Today = Annotated[
    datetime | None,
    typer.Option("--today", "--on", formats=["%Y-%m-%d"], metavar="DATE", help="With --stale: count from this day instead of today."),
]


def build(
    data: Data = None,
    vectors: Annotated[bool, typer.Option(help="Compute the sentence vectors too, so that the first question is quick.")] = True,
) -> None:
    """Build the graph from its data, where it is not built yet, and print where it is."""
    from graph import KnowledgeGraph
    from graph.build import ensure_built, prune

    store = ensure_built(data)
    prune()
    if vectors:
        rehearsed(open_assistant(str(store), ""))
    count = KnowledgeGraph.open(store).query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0]["n"].value
    typer.echo(f"{int(count):,} facts in {store}")


def check(data: Data = None, quiet: Quiet = False, html: HtmlFile = None, stale: Stale = None, today: Today = None) -> None:
    """Check the data: shapes, facts without a source, dangling terms, undecided ties; print coverage. Status 1 on errors.

    With --stale, only list what is too old, counts first: package records, passages and the facts that change; status 1 on any.
    """
    if stale is not None:
        _list_stale(data, stale, today.date() if today else _today())
    from rich.console import Console

    from graph.build import progress
    from graph.check import check as run
    from graph.corpus import data_folder
    from ui import coverage_page

    with progress("Checking the data") as step:
        step("shapes, sources, terms")
        report = run(data or data_folder())
    report.print(Console(highlight=False), coverage=not quiet)
    if html:
        coverage_page.write(report, html)
    raise typer.Exit(NOT_ANSWERED if report.errors else ANSWERED)


def _list_stale(data: Path | None, days: int, today: date) -> None:
    """Print what is older than so many days and end the command."""
    from graph.build import progress
    from graph.corpus import data_folder
    from graph.stale import Stale as Old

    with progress("Looking for what is old") as step:
        step("reading the data")
        found = Old.of(data or data_folder(), days, today)
    typer.echo("\n".join(found.lines()))
    raise typer.Exit(NOT_ANSWERED if found.any else ANSWERED)


def _today() -> date:
    return datetime.now(UTC).date()


def refresh(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Packages, or things by any of their names.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All packages that the data declare, also those without a record yet.")] = False,
    only_check: Annotated[bool, typer.Option("--check", help="Only report what is stale, and write nothing. Status 1 on any.")] = False,
    data: Data = None,
) -> None:
    """Read package metadata anew from the index that pip is configured with, and print what changed.

    Without NAME, all packages that have a record. Slowly, one after the other (setting FRAMEGRAPH_INDEX_PAUSE).

    Each record is written whole before the next is asked for: Ctrl-C loses nothing.

    Status 1 where a package could not be read.
    """
    from graph.corpus import data_folder
    from graph.package_register import Register

    if every and names:
        raise typer.BadParameter("give --all or names, not both", param_hint="--all")
    register = Register.read(data or data_folder())
    wanted = register.declared() if every else register.choose(names) if names else register.recorded()
    if not wanted:
        raise typer.BadParameter(f"no package is recorded in {register.data}; give a NAME or --all")
    stale, failed = _refreshed(wanted, write=not only_check)
    typer.echo(f"{len(wanted)} package{'s' * (len(wanted) != 1)}: {stale} {'stale' if only_check else 'changed'}, {failed} failed")
    raise typer.Exit(NOT_ANSWERED if failed or (only_check and stale) else ANSWERED)


def _refreshed(wanted: list[Wanted], *, write: bool) -> tuple[int, int]:
    """Print a line for each package; how many changed and how many could not be read."""
    from graph.package_index import Index
    from graph.refresh import refresh as run
    from graph.types import PackageError

    stale = failed = done = 0
    try:
        with Index() as index, _bar("Asking the package index", len(wanted)) as step:
            for outcome in run(step(wanted), index, _today(), write=write):
                done += 1
                if isinstance(outcome, PackageError):
                    failed += 1
                    typer.echo(f"failed: {outcome}", err=True)
                else:
                    stale += outcome.stale
                    typer.echo(outcome.text)
    except KeyboardInterrupt:
        typer.echo(f"interrupted: {done} of {len(wanted)} packages were read, and what was written stays", err=True)
        raise typer.Exit(INTERRUPTED) from None
    return stale, failed


@contextmanager
def _bar(title: str, total: int) -> Iterator[Callable[[Iterable[Wanted]], Iterator[Wanted]]]:
    """A function that hands packages on and moves a progress bar: on a terminal, silent elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield iter
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("[dim]{task.description}[/dim]"))
    # where only standard error is a terminal, standard output goes to a file or a pipe and must be left alone
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        task = bar.add_task("", total=total)

        def step(wanted: Iterable[Wanted]) -> Iterator[Wanted]:
            for package in wanted:
                bar.update(task, description=package.name)
                yield package
                bar.advance(task)

        yield step


def audit(
    sample: Annotated[int, typer.Option(min=1, help="How many facts to draw.")] = 20,
    seed: Annotated[int, typer.Option(help="Another seed draws other facts; the same one the same facts.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="The sample as JSON.")] = False,
    graph: Graph = "",
    endpoint: Endpoint = "",
) -> None:
    """Print random facts with their sources, ready to check by hand."""
    from graph.audit import audit as draw

    drawn = draw(open_graph(graph, endpoint), sample, seed)
    typer.echo(json.dumps(drawn.to_dict(), ensure_ascii=False, indent=1) if as_json else drawn.text())


def dump(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files go; it is made where it does not exist.")],
    packed: Annotated[bool, typer.Option("--gzip/--no-gzip", help="Compress the two files of quads.")] = True,
    sparql: Annotated[str, typer.Option(metavar="URL", help="Where SPARQL is answered, for the descriptions.")] = "",
    licence: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, metavar="FILE", help="The text of the licence; of the shipped data, theirs.")
    ] = None,
    graph: Graph = "",
    endpoint: Endpoint = "",
) -> None:
    """Write all of a graph as files: TriG, N-Quads, a CSV for each class, VoID, schema.org's Dataset, and the licence.

    The same graph gives the same bytes.
    """
    from graph.build import progress
    from graph.corpus import data_folder
    from graph.dump import dump as write

    kg = open_graph(graph, endpoint)
    text = licence or (data_folder() / "LICENSE" if not (graph or endpoint) else None)
    told = text.read_text(encoding="utf-8") if text and text.is_file() else ""
    with progress("Writing the files") as step:
        written = write(kg, folder, compressed=packed, endpoint=sparql, licence=told, step=step)
    for name, size in written.items():
        typer.echo(f"{size:>12,} {folder / name}")


def evaluate(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="JSON Lines files of questions with gold answers.")],
    failures: Annotated[bool, typer.Option("--failures", help="Print the questions that failed, with their answers.")] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a report with the stages of every failure.")] = None,
    graph: Graph = "",
    endpoint: Endpoint = "",
) -> None:
    """Answer files of questions and print the score by kind. Status 1 where an answer is cited unsoundly."""
    from rich.console import Console

    from assistant.evaluate import run
    from ui import evaluation_page

    if html is not None:
        evaluation_page.write("", html)  # a place that cannot be written is told before the work, not after it
    assistant = open_assistant(graph, endpoint)
    report = run(files, assistant)
    Console(highlight=False).print(_scores(report), *evaluation_page.told(report), sep="\n")
    if html is not None:
        evaluation_page.write(evaluation_page.page(report, assistant, [f.name for f in files]), html)
    if failures:
        for result in report.results:
            if not result.passed:
                typer.echo(f"\n{result.item['question']}\n    {result.answer.text}")
    unsound = report.unsound()
    for result in unsound:
        typer.echo(f"cited unsoundly: {result.item['question']}", err=True)
    raise typer.Exit(NOT_ANSWERED if unsound else ANSWERED)


def _scores(report: Report) -> Table:
    from rich.table import Table

    table = Table("kind", "passed", "asked", "share", title="Score by kind")
    for kind, passed, asked, share in report.rows():
        table.add_row(kind, str(passed), str(asked), f"{share:.0%}")
    return table


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for name, command in (("build", build), ("check", check), ("refresh", refresh), ("audit", audit), ("dump", dump), ("eval", evaluate)):
        app.command(name=name)(command)
