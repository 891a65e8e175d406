"""The data folder, read: names, sources and passages, each triple with the file it came from.

A file without named graphs (``.ttl``) speaks about names and stands in the terms graph; a ``.trig`` file says for each
block which graph it belongs to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph.packages import PKG, Mapping, Names, descriptions, read_packages, statements
from graph.resolve import Authority, Decision, Triple, read_decisions
from graph.settings import checkout, setting
from graph.store import KnowledgeGraph
from graph.terms import BASE, FG, PROV, SKOS, SOURCES, TERMS
from graph.types import BuildError, Iri, Literal, OpenError, Term

PASSAGES = BASE + "passage/"
AUTHORITY, DECISIONS, SHAPES, MAPPING = "authority.ttl", "decisions.ttl", "shapes.ttl", "packages/mapping.ttl"
ORIGINS = "origins.ttl"
NOT_TERMS = (AUTHORITY, DECISIONS, SHAPES, ORIGINS)  # instructions to the build and its checks, and no part of the graph


def data_folder() -> Path:
    """The data to build: the setting, the copy in an installed wheel, or the checkout's. Raises BuildError where none is there."""
    chosen = setting("FRAMEGRAPH_DATA")
    if chosen:
        return Path(chosen).expanduser()
    installed = Path(__file__).resolve().parent.parent / "framegraph_data"
    if installed.is_dir():
        return installed
    root = checkout()
    if root is None:
        raise BuildError(f"no data: neither {installed} nor a checkout's data folder exists; install the wheel or set FRAMEGRAPH_DATA")
    return root / "data"


@dataclass
class Corpus:
    """What the files state.

    ``files`` remembers which file stated something in a graph, for messages; ``strays`` are triples in a graph that is
    neither names, sources nor a passage; ``listings`` are the passages that list all releases of a project.
    """

    terms: dict[Triple, None] = field(default_factory=dict)
    sources: dict[Triple, None] = field(default_factory=dict)
    passages: dict[Iri, dict[Triple, None]] = field(default_factory=lambda: defaultdict(dict))
    files: dict[Iri, set[str]] = field(default_factory=lambda: defaultdict(set))
    strays: list[tuple[str, Iri, Triple]] = field(default_factory=list)
    authority: Authority = field(default_factory=Authority)
    decisions: dict[tuple[str, str], Decision] = field(default_factory=dict)
    mapping: Mapping = field(default_factory=Mapping)
    listings: set[Iri] = field(default_factory=set)

    def add(self, graph: Iri | None, triple: Triple, file: str) -> None:
        """File a triple under its graph; a graph that is neither names, sources nor a passage is a stray."""
        if graph is None or graph == TERMS:
            self.terms[triple] = None
        elif graph == SOURCES:
            self.sources[triple] = None
        elif graph.value.startswith(PASSAGES):
            self.passages[graph][triple] = None
            self.files[graph].add(file)
        else:
            self.strays.append((file, graph, triple))

    def kinds(self) -> dict[Iri, Iri]:
        """Passage -> kind of its document."""
        kind = {s: o for s, p, o in self.sources if p == FG.sourceKind}
        return {s: k for s, p, o in self.sources if p == PROV.wasQuotedFrom and isinstance(s, Iri) and isinstance(k := kind.get(o), Iri)}

    def labels(self) -> dict[Iri, str]:
        """The preferred label of everything that has one."""
        return {s: o.value for s, p, o in self.terms if p == SKOS.prefLabel and isinstance(s, Iri) and isinstance(o, Literal)}


def data_files(data: Path) -> list[Path]:
    """The files that are built, in a fixed order. Raises BuildError where the folder holds none."""
    patterns = ("*.ttl", "terms/*.ttl", "phrasings/*.ttl", "*.trig", "facts/*.trig", "measurements/*.trig", MAPPING)
    found = sorted(path for pattern in patterns for path in data.glob(pattern))
    if not found:
        raise BuildError(f"{data} holds no .ttl or .trig file; give the folder with ontology.ttl and facts/")
    return found


def read_file(path: Path) -> Iterator[tuple[Iri | None, Triple]]:
    """The quads of one file. Raises BuildError with the file, the line and what is wrong."""
    try:
        kg = KnowledgeGraph.open(path)
    except OpenError as error:
        raise BuildError(f"{error}; mend the line and build again") from error
    for s, p, o, graph in kg.backend.quads():
        yield graph, (s, p, o)


def read_corpus(data: Path) -> Corpus:
    """Read all files of a data folder. Raises BuildError at the first that does not parse."""
    corpus = Corpus()
    for path in data_files(data):
        name = path.relative_to(data).as_posix()
        quads = list(read_file(path))
        if name == AUTHORITY:
            corpus.authority = Authority.read(t for _, t in quads)
        elif name == DECISIONS:
            corpus.decisions = read_decisions(t for _, t in quads)
        elif name == MAPPING:
            corpus.mapping = Mapping.read(t for _, t in quads)
            corpus.terms.update({t: None for _, t in sorted(quads, key=str) if not t[1].value.startswith(PKG.base)})
        elif name not in NOT_TERMS:
            for graph, triple in sorted(quads, key=str):
                corpus.add(graph, triple, name)
    return corpus


def add_packages(corpus: Corpus, data: Path) -> None:
    """File the recorded package metadata of a data folder under their passages. Raises BuildError for a malformed record."""
    packages = read_packages(data)
    names = Names.read(corpus.terms, packages)
    labelled: set[Term] = set()  # packages spell the name of one they need in several ways: the first spelling is its label
    for package in packages:
        for graph, triple in statements(package, names, corpus.mapping):
            again = graph is None and triple[1] == SKOS.prefLabel and triple[0] in labelled
            if graph is None and triple[1] == SKOS.prefLabel:
                labelled.add(triple[0])
            corpus.add(graph, (triple[0], SKOS.altLabel, triple[2]) if again else triple, f"packages/{package.entity}.json")
        corpus.listings.add(package.releases_passage)
        for triple in descriptions(package):
            corpus.sources[triple] = None
