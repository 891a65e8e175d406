"""From data/ to a store on disk: read the files, derive the fact graph, write it once, swap it in.

The store of some data stands at ``CACHE/<hash of the data and of this code>/store``: the same data never build twice,
and a changed line builds anew beside the old one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.corpus import Corpus, add_packages, data_folder, read_corpus
from graph.resolve import Key, Rules, Tie, Triple, resolve
from graph.rules import derivations, run_rules
from graph.seal import STORE_MARK, is_whole, seal
from graph.settings import cache_folder
from graph.store import write_store
from graph.terms import FACTS, FG, RDFS, SKOS, SOURCES, TERMS
from graph.types import BuildError, Iri, Term

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

CODE = ("advisories.py", "build.py", "corpus.py", "packages.py", "resolve.py", "rules.py", "terms.py")  # what decides what is built
KEEP = 4  # built versions that `prune` leaves, newest first
ABANDONED = 3600.0  # seconds after which nobody builds there any more
Quad = tuple[Term, Iri, Term, Iri]
Step = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """All quads of a dataset, the keys for which sources state different values, and those of equal strength among them."""

    quads: tuple[Quad, ...]
    ties: tuple[Tie, ...]
    contested: frozenset[Key]
    corpus: Corpus

    @property
    def unsettled(self) -> tuple[Tie, ...]:
        return tuple(t for t in self.ties if not t.settled)


def derive(corpus: Corpus) -> Built:
    """The fact graph beside names, sources, passages and rules, in a fixed order. Pure."""
    derived = run_rules(corpus, corpus.mapping)
    graphs: dict[Iri, set[Triple]] = {name: set(triples) for name, triples in corpus.passages.items()}
    graphs.update({d.graph: {triple for triple, _ in d.facts} for d in derived})
    kinds = corpus.kinds() | {d.graph: FG.PackageMetadata for d in derived}  # rules compute from package metadata and rank as such
    facts, ties, contested = resolve(graphs, Rules.read(corpus.terms, kinds, corpus.authority, corpus.decisions))
    facts.update(corpus.terms)
    facts.update((s, RDFS.label, o) for s, p, o in corpus.terms if p == SKOS.prefLabel)
    sources = set(corpus.sources).union(*(derivations(d) for d in derived))
    graphs.update({FACTS: facts, TERMS: set(corpus.terms), SOURCES: sources})
    quads = tuple((*t, g) for g in sorted(graphs) for t in sorted(graphs[g], key=str))
    return Built(quads, ties, contested, corpus)


def assemble(data: Path, step: Step = lambda _: None) -> Built:
    """Read a data folder and derive its facts. Raises BuildError for data that do not parse."""
    step("reading the data")
    corpus = read_corpus(data)
    add_packages(corpus, data)
    step("deriving the facts")
    return derive(corpus)


def data_version(data: Path) -> str:
    """A hash of the data folder and of the code that builds it: 12 hexadecimal digits."""
    digest = hashlib.sha256()
    files = sorted(p for p in data.rglob("*") if p.suffix in {".ttl", ".trig", ".json", ".csv"})
    if not files:
        raise BuildError(f"{data} holds no data; give the folder with ontology.ttl and facts/")
    here = Path(__file__).parent
    for path, name in [*((p, p.relative_to(data).as_posix()) for p in files), *((here / n, n) for n in CODE if (here / n).exists())]:
        body = path.read_bytes()
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return digest.hexdigest()[:12]


def ensure_built(data: Path | None = None, cache: Path | None = None, *, anew: bool = False) -> Path:
    """The folder of the on-disk store, built first where it is missing or was cut short, and in any case with ``anew``.

    Two processes may build at once: each writes beside the other, and whoever finishes first is kept.
    Raises BuildError for data that cannot be built or a cache folder that cannot be written.
    """
    source = data or data_folder()
    root = cache or cache_folder()
    store = root / data_version(source) / "store"
    if anew or not is_whole(store):
        with progress("Building the graph") as step:
            built = assemble(source, step)
            if store.exists():
                _discard(store)
            try:
                write(built, store, step)
            except (OSError, RuntimeError) as error:  # the second is what the store says of a disk that refuses
                raise BuildError(f"{root} cannot be written ({error}); set FRAMEGRAPH_CACHE to a folder that can") from error
    return store


def write(built: Built, store: Path, step: Step = lambda _: None) -> None:
    """Write the quads to a folder that appears whole or not at all."""
    step(f"writing {len(built.quads)} quads")
    store.parent.mkdir(parents=True, exist_ok=True)
    _sweep(store.parent)
    partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=store.parent))
    try:
        write_store(built.quads, partial / "store")
        seal(partial / "store")
        _swap_in(partial / "store", store)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _discard(store: Path) -> None:
    """Remove a damaged store, so that nobody sees half of it."""
    with suppress(OSError), tempfile.TemporaryDirectory(prefix=".partial-", dir=store.parent) as aside:  # another one may be quicker
        store.rename(Path(aside) / "store")


def _swap_in(fresh: Path, store: Path) -> None:
    try:
        fresh.rename(store)
    except OSError:
        if not is_whole(store):
            raise  # not another builder's work, but a disk that refuses


def _sweep(home: Path) -> None:
    """Remove what builders left that were killed long ago."""
    for left in home.glob(".partial-*"):
        with suppress(OSError):  # another one sweeps too
            if time.time() - left.stat().st_mtime > ABANDONED:
                shutil.rmtree(left, ignore_errors=True)


def prune(cache: Path | None = None, keep: int = KEEP) -> int:
    """Remove all but the newest built versions, with the files dumped from them; returns how many went."""
    root = cache or cache_folder()
    homes = {p.parent for p in root.glob("*/store") if (p / STORE_MARK).exists()} | {p.parent for p in root.glob("*/dump-*")}
    old = sorted(homes, key=lambda p: (p.stat().st_mtime_ns, p.name), reverse=True)[keep:]
    for home in old:
        shutil.rmtree(home, ignore_errors=True)
    return len(old)


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """A function that names the step in hand: a spinner with the time taken on a terminal, silent elsewhere."""
    if not _on_terminal():
        yield lambda _: None
        return
    from rich.markup import escape
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

    with _shown(SpinnerColumn(), TextColumn(title), TimeElapsedColumn(), TextColumn("[dim]{task.description}[/dim]")) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda name: bar.update(task, description=escape(name))


@contextmanager
def counted(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A function that says how many of so many are done: a bar on a terminal, silent elsewhere."""
    if not _on_terminal():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

    with _shown(TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def _on_terminal() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


_SHOWING: list[Progress] = []  # two at once would write over each other: the outer one rests while an inner one is shown


@contextmanager
def _shown(*columns: ProgressColumn) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress

    for outer in _SHOWING:
        outer.stop()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        _SHOWING.append(bar)
        try:
            yield bar
        finally:
            _SHOWING.remove(bar)
    for outer in _SHOWING[-1:]:
        outer.start()
