"""The store at scale: so many generated triples beside the shipped graph, against pyoxigraph itself and rdflib's store in memory.

    python -m tests.benchmarks.scale                             # 10,000, a million and ten million
    python -m tests.benchmarks.scale --triples 10000 1000000     # minutes
    python -m tests.benchmarks.scale --rdflib-seconds 60         # that rdflib may take for each; 0 leaves it out

Each store is loaded and asked in a process of its own, so that the memory is its own. It prints a table for each size as JSON: seconds
of processor time for loading and opening, MiB held, milliseconds of six queries (the median of several runs), ratios to pyoxigraph in
memory and to rdflib, and ``answer`` over golden questions and over questions about the generated things. Status 1 where ``answer``
takes more than twice as long beside the most triples as beside the fewest.

Generated are gauges with a name, a basin, a maker and a kind, one for a thousand triples, and soundings at them, which have no names:
facts grow, names hardly do. ``test_large`` is about names.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from graph.confine import resident
from graph.terms import FACTS, PREFIXES
from tests.benchmarks.large import SEED, names

ROOT = Path(__file__).resolve().parents[2]
X = "https://example.org/soundings/"
SIZES = (10_000, 1_000_000, 10_000_000)
SLACK = 2.0  # how many times as long as beside the fewest triples an answer may take beside the most
ROUNDS = 7  # of each query
GOLDEN_EVERY = 80  # each so many-th golden question is asked
MEMORY = 12 << 30  # bytes that rdflib may take
LABEL, TYPE = "http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD, OWL = "http://www.w3.org/2001/XMLSchema#", "http://www.w3.org/2002/07/owl#"
SCHEMA = (
    *((name, "Class", name.lower()) for name in ("Gauge", "Sounding", "Basin", "Workshop")),
    *((name, "ObjectProperty", said) for name, said in (("takenAt", "taken at"), ("basin", "basin"), ("workshop", "workshop"))),
    *((name, "DatatypeProperty", said) for name, said in (("depth", "depth (cm)"), ("takenOn", "date taken"))),
)
QUERIES = {
    "entity": f"SELECT ?p ?o {{ <{X}g1> ?p ?o }}",
    "three conditions": f"SELECT ?g {{ ?g <{X}basin> <{X}b1> ; <{X}workshop> <{X}w1> ; <{TYPE}> <{X}Gauge> }}",
    "count by group": f"SELECT ?b (COUNT(*) AS ?n) {{ ?g <{X}basin> ?b }} GROUP BY ?b",
    "superlative": f"SELECT ?s ?d {{ ?s <{X}takenAt> <{X}g1> ; <{X}depth> ?d }} ORDER BY DESC(?d) LIMIT 1",
    "two hops": f"SELECT DISTINCT ?b {{ <{X}s7> <{X}takenAt> ?g . ?g <{X}basin> ?b }}",
    "text": f'SELECT ?g ?l {{ ?g <{TYPE}> <{X}Gauge> ; <{LABEL}> ?l FILTER(CONTAINS(?l, "ford")) }}',
}


def triples(count: int, seed: int = SEED) -> Iterator[str]:
    """So many lines of N-Triples, without their full stops; the same for the same seed."""
    rng = Random(seed)
    gauges = max(8, count // 1000)
    yield from (f'<{X}{name}> <{TYPE}> <{OWL}{kind}>\n<{X}{name}> <{LABEL}> "{said}"' for name, kind, said in SCHEMA)
    for n, name in enumerate(names(40, Random(seed + 1))):
        kind = "Basin" if n < 20 else "Workshop"
        yield f'<{X}{kind[0].lower()}{n % 20}> <{TYPE}> <{X}{kind}>\n<{X}{kind[0].lower()}{n % 20}> <{LABEL}> "{name} {kind.lower()}"'
    for n, name in enumerate(names(gauges, rng)):
        yield f'<{X}g{n}> <{TYPE}> <{X}Gauge>\n<{X}g{n}> <{LABEL}> "{name} gauge"'
        yield f"<{X}g{n}> <{X}basin> <{X}b{rng.randrange(20)}>\n<{X}g{n}> <{X}workshop> <{X}w{rng.randrange(20)}>"
    for n in range((count - 4 * gauges) // 4):
        yield f"<{X}s{n}> <{TYPE}> <{X}Sounding>\n<{X}s{n}> <{X}takenAt> <{X}g{rng.randrange(gauges)}>"
        day = f"{rng.randint(1900, 2020)}-0{rng.randint(1, 9)}-1{rng.randint(0, 9)}"
        yield f'<{X}s{n}> <{X}depth> "{rng.randint(1, 90000)}"^^<{XSD}integer>\n<{X}s{n}> <{X}takenOn> "{day}"^^<{XSD}date>'


def write(path: Path, count: int, graph: str) -> None:
    """The generated triples as N-Triples, or as N-Quads in a graph ('<...>')."""
    with path.open("w", encoding="utf-8") as out:
        for lines in triples(count):
            out.writelines(f"{line} {graph}.\n" for line in lines.split("\n"))


# ---------------------------------------------------------------- one store in one process


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time, of all threads, which a busy machine hardly changes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def medians(ask: Callable[[str], object]) -> dict[str, float]:
    """Milliseconds of each query, the first run left out."""
    found = {}
    for name, query in QUERIES.items():
        ask(query)
        found[name] = round(1000 * statistics.median(spent(lambda q=query: ask(q)) for _ in range(ROUNDS)), 2)  # type: ignore[misc]
    return found


def load(folder: Path, quads: Path) -> dict[str, Any]:
    """Add a file of N-Quads to the store on disk."""
    import pyoxigraph as ox

    store = ox.Store(str(folder))

    def loaded() -> None:
        store.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
        store.flush()
        store.optimize()

    seconds = spent(loaded)
    return {"load s": round(seconds, 1), "MiB": resident() >> 20, "disk MiB": sum(f.stat().st_size for f in folder.iterdir()) >> 20}


def disk(folder: Path, _: Path) -> dict[str, Any]:
    """Open the store on disk as the product does."""
    from graph import KnowledgeGraph

    opened: list[KnowledgeGraph] = []
    seconds = spent(lambda: opened.append(KnowledgeGraph.open(folder)))
    held = resident() >> 20
    asked = medians(lambda q: opened[0].query(q).rows)
    return {"open ms": round(1000 * seconds, 1), "MiB": held, "queries ms": asked, "after MiB": resident() >> 20}


def memory(_: Path, quads: Path) -> dict[str, Any]:
    """pyoxigraph itself, in memory, over the shipped graph and the file."""
    import pyoxigraph as ox

    store = ox.Store()

    def loaded() -> None:
        for path in (quads.with_name("shipped.nq"), quads):
            store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)

    seconds = spent(loaded)
    facts = [ox.NamedNode(FACTS.value)]
    return {
        "load s": round(seconds, 1),
        "MiB": resident() >> 20,
        "queries ms": medians(lambda q: list(store.query(q, prefixes=PREFIXES, default_graph=facts))),  # type: ignore[arg-type]
    }


def rdflib(_: Path, quads: Path) -> dict[str, Any]:
    """rdflib's store in memory over the generated triples alone, within a limit of memory."""
    from rdflib import Graph

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    graph = Graph()
    seconds = spent(lambda: graph.parse(str(quads.with_suffix(".nt")), format="nt"))
    return {"load s": round(seconds, 1), "MiB": resident() >> 20, "queries ms": medians(lambda q: list(graph.query(q)))}


def answers(folder: Path, _: Path) -> dict[str, Any]:
    """Open an assistant over the store on disk (what it compiles is kept beside it) and ask it."""
    from assistant import Assistant
    from assistant.encode import MiniLM
    from graph import KnowledgeGraph
    from graph.settings import vector_cache
    from tests.soak.endpoints import questions

    made: list[Assistant] = []
    cache = folder.parent / "vectors"
    if not cache.exists():  # of the shipped graph's texts, which are encoded whatever stands beside them
        cache.mkdir()
        for kept in vector_cache().glob("*.npy"):
            shutil.copy2(kept, cache)
    seconds = spent(lambda: made.append(Assistant(KnowledgeGraph.open(folder), MiniLM(cache=vector_cache()), cache)))
    golden = [item["question"] for of_kind in questions().values() for item in of_kind][::GOLDEN_EVERY]
    called = names(8, Random(SEED))[:4]
    own = [ask.format(f"{name} gauge") for name in called for ask in ("Which basin is the {} in?", "Where was the {} made?", "What is {}?")]
    me = made[0]
    for question in (*golden, *own):  # what is read on first use is read
        me.answer(question)
    timed = {name: sorted(spent(lambda q=q: me.answer(q)) for q in asked) for name, asked in (("golden", golden), ("own", own))}  # type: ignore[misc]
    return {"open s": round(seconds, 1), "MiB": resident() >> 20, **{f"{name} p50 ms": _middle(took) for name, took in timed.items()}}


def _middle(seconds: Sequence[float]) -> float:
    return round(1000 * statistics.median(seconds), 1)


STEPS = {step.__name__: step for step in (load, disk, memory, rdflib, answers)}


# ---------------------------------------------------------------- all of them


def apart(step: str, folder: Path, quads: Path, seconds: float | None = None) -> dict[str, Any]:
    """A step in a process of its own; why it did not end well where it did not."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--step", step, str(folder), str(quads)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        return {"stopped": f"after {seconds:g} s"}
    if done.returncode:
        return {"stopped": (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1][:200]}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{step}: {told}", file=sys.stderr, flush=True)  # the next step may take minutes
    return told


def measured(home: Path, count: int, rdflib_seconds: float) -> dict[str, Any]:
    """All figures beside so many generated triples."""
    from graph.build import ensure_built

    folder, quads = home / "store", home / "generated.nq"
    shutil.copytree(ensure_built(), folder)
    (folder / "SEAL").unlink()  # it is no longer the store that was built
    write(quads, count, f"{FACTS.n3} ")
    found: dict[str, Any] = {"triples": count, "loaded": apart("load", folder, quads)}
    for step in ("disk", "memory"):
        found[step] = apart(step, folder, quads)
    if rdflib_seconds:
        write(quads.with_suffix(".nt"), count, "")
        found["rdflib"] = apart("rdflib", folder, quads, rdflib_seconds)
    found["first opening"] = apart("answers", folder, quads)
    found["answers"] = apart("answers", folder, quads)
    ours = found["disk"]["queries ms"]
    for other in ("memory", "rdflib"):
        theirs = found.get(other, {}).get("queries ms", {})
        found[f"disk / {other}"] = {name: round(ours[name] / max(ms, 0.01), 2) for name, ms in theirs.items()}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rdflib-seconds", type=float, default=300, help="that rdflib may take to read and answer; 0: leave it out")
    parser.add_argument("--step", nargs=3, metavar=("STEP", "FOLDER", "QUADS"), help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.step:
        print(json.dumps(STEPS[told.step[0]](Path(told.step[1]), Path(told.step[2]))))
        return
    found = []
    for count in sorted(told.triples):
        with tempfile.TemporaryDirectory(prefix="framegraph-") as home:
            shipped(Path(home) / "shipped.nq")
            found.append(measured(Path(home), count, told.rdflib_seconds))
        print(json.dumps(found[-1], indent=1), flush=True)
    least, most = (found[end]["answers"] for end in (0, -1))
    ratios = {name: round(most[name] / least[name], 2) for name in least if name.endswith("p50 ms")}
    print(json.dumps({"load": os.getloadavg(), "answer, most / fewest": ratios}))
    sys.exit(1 if any(ratio > SLACK for ratio in ratios.values()) else 0)


def shipped(path: Path) -> None:
    """The shipped graph as N-Quads."""
    from graph import KnowledgeGraph
    from graph.quads import Quads

    with path.open("w", encoding="utf-8") as out:
        out.writelines(Quads.of(KnowledgeGraph.open()).nquads())


if __name__ == "__main__":
    main()
