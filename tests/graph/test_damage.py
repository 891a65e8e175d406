"""What is damaged, cut short, killed or out of room is told or mended, and no fact is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from graph import KnowledgeGraph, OpenError
from graph.build import ABANDONED, ensure_built
from graph.seal import SEAL, is_whole
from graph.store import write_store
from graph.types import Iri, Literal

ROOT = Path(__file__).resolve().parents[2]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
Harm = Callable[[Path], None]


def count(kg: KnowledgeGraph) -> str:
    return kg.query(COUNT).rows[0]["n"].value


@pytest.fixture
def cache(toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, with the toy as the shipped data."""
    monkeypatch.setenv("FRAMEGRAPH_DATA", str(toy_data))
    monkeypatch.setenv("FRAMEGRAPH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def cut(pattern: str) -> Harm:
    """The second half of a file is gone, as after a power cut."""

    def harm(store: Path) -> None:
        for file in store.glob(pattern):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return harm


def flipped(pattern: str) -> Harm:
    """The middle of a file holds other bytes, as of a bad disk."""

    def harm(store: Path) -> None:
        for file in store.glob(pattern):
            body = bytearray(file.read_bytes())
            middle = slice(len(body) // 2 - 40, len(body) // 2 + 40)
            body[middle] = bytes(b ^ 0xFF for b in body[middle])
            file.write_bytes(bytes(body))

    return harm


def gone(pattern: str) -> Harm:
    def harm(store: Path) -> None:
        for file in store.glob(pattern):
            file.unlink()

    return harm


HARMS = [*(cut(p) for p in ("CURRENT", "MANIFEST-*", "*.sst", SEAL)), *(flipped(p) for p in ("CURRENT", "MANIFEST-*", "*.sst", SEAL)),
         *(gone(p) for p in ("CURRENT", "MANIFEST-*", "*.sst", SEAL, "*"))]  # fmt: skip


@pytest.mark.parametrize("harm", HARMS, ids=range(len(HARMS)))
def test_a_damaged_store_is_built_anew(cache: Path, harm: Harm) -> None:
    """Cut short, altered or gone, whichever file: the graph opens with every fact, and nothing else is left behind."""
    whole = count(KnowledgeGraph.open())
    store = ensure_built()
    harm(store)
    assert count(KnowledgeGraph.open()) == whole
    assert is_whole(store)
    assert [p.name for p in store.parent.iterdir()] == ["store"]


def test_a_damaged_store_of_somebody_else_is_told(cache: Path, tmp_path: Path) -> None:
    """One that was named cannot be built anew here: the folder, the reason and the remedy, and no trace."""
    copy = Path(shutil.copytree(ensure_built(), tmp_path / "copy"))
    flipped("*.sst")(copy)
    with pytest.raises(OpenError, match=r"copy is a store that cannot be read: .*build or load it anew"):
        KnowledgeGraph.open(copy)


def test_a_store_that_was_loaded_anew_is_another_version(cache: Path, tmp_path: Path) -> None:
    """A built one is named by its folder; one of the user's own has the same address whatever is written into it."""
    built = ensure_built()
    assert KnowledgeGraph.open(built).version == built.parent.name
    own, graph = tmp_path / "own", Iri("https://x.example/g")
    versions = []
    for n in range(2):
        write_store([(Iri(f"https://x.example/{n}"), Iri("https://x.example/p"), Literal("o"), graph)], own)
        versions.append(KnowledgeGraph.open(own).version)
    assert versions[0] != versions[1]


def test_who_has_a_graph_open_reads_on(cache: Path, toy_data: Path) -> None:
    """Whatever becomes of the data and of the built store while it is served."""
    kg = KnowledgeGraph.open()
    whole = count(kg)
    for file in (toy_data / "facts").iterdir():
        file.write_text("no trig {")
    shutil.rmtree(cache)
    assert count(kg) == whole


def run(code: str, **more: object) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, over the cache of the test."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, **more)  # type: ignore[call-overload,no-any-return]


def test_a_build_that_was_killed_leaves_nothing_that_is_read(cache: Path) -> None:
    """kill -9 when all is written but not yet in place: the next start builds, and sweeps away what is long abandoned."""
    killed = run("import os, signal, graph.build as b\nb._swap_in = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\nb.ensure_built()")
    assert killed.returncode == -signal.SIGKILL
    (home,) = cache.iterdir()
    (left,) = home.iterdir()
    assert left.name.startswith(".partial-")
    long_ago = time.time() - 2 * ABANDONED
    os.utime(left, (long_ago, long_ago))
    assert KnowledgeGraph.open().query("ASK { id:gear o:maker id:ada }").boolean
    assert [p.name for p in home.iterdir()] == ["store"]


def test_what_another_builds_is_not_swept_away(cache: Path) -> None:
    """It may be at work."""
    home = ensure_built().parent
    (home / ".partial-new").mkdir()
    ensure_built(anew=True)
    assert sorted(p.name for p in home.iterdir()) == [".partial-new", "store"]


@pytest.mark.parametrize("room", [0, 2_000, 40_000])
def test_a_full_disk_is_told(cache: Path, room: int) -> None:
    """No file may grow past its room: one line with the folder and the remedy, nothing half-written that is taken for a graph."""
    code = (
        f"import resource, sys; from graph.build import ensure_built; from graph.types import BuildError\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))\n"
        "try: ensure_built()\nexcept BuildError as error: sys.exit(f'told: {error}')"
    )
    done = run(code)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"told: {cache} cannot be written (")
    assert "set FRAMEGRAPH_CACHE to a folder that can" in done.stderr
    assert not [store for store in cache.glob("*/store") if is_whole(store)]
    assert KnowledgeGraph.open().query("ASK { id:gear o:maker id:ada }").boolean


def test_a_missing_source_file_is_another_graph_and_never_a_broken_one(cache: Path, toy_data: Path) -> None:
    """What stood in it is not known, what stands in others is; with it back, the graph is as before and built already."""
    before = ensure_built()
    file = max((toy_data / "facts").iterdir(), key=lambda f: f.stat().st_size)
    text = file.read_bytes()
    file.unlink()
    assert int(count(KnowledgeGraph.open())) < int(count(KnowledgeGraph.open(before)))
    file.write_bytes(text)
    assert ensure_built() == before
