"""Is the data sound? Shapes, facts without a source, dangling terms, undecided ties, shared names, and what is missing.

Each look is a function from the corpus (as read, before resolution) to findings; ``check`` runs them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.build import Built, assemble
from graph.corpus import SHAPES, Corpus
from graph.coverage import Coverage, Grid, focus_things
from graph.origins import Confirmed, Shared
from graph.packages import PKG
from graph.tally import Tally
from graph.terms import ALIASES, BASE, DCT, FG, OWL, PREFIXES, RDF, RDFS, SKOS
from graph.types import XSD, Blank, BuildError, Iri, Literal, Term

if TYPE_CHECKING:
    import rdflib
    from rich.console import Console

ERROR, WARNING = "error", "warning"
ENGINE_PREDICATES = frozenset(
    (RDF.type, RDF.subject, RDF.predicate, RDF.object, FG.about, FG.aspect, FG.says, FG.holds, FG.keyword, FG.suits, FG.unsuited,
     FG.disputes, FG.note, DCT.description)
)  # fmt: skip
PROPERTY_CLASSES = frozenset((OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property, FG.Level))

COMPUTED = (PKG.currentVersion, PKG.currentVersionDate)  # by rules, from the list of releases


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that is wrong (an error) or looks wrong (a warning), and the file or thing where."""

    severity: str
    kind: str
    where: str
    message: str


@dataclass(frozen=True)
class Report:
    """What a check found, and how far the data reach."""

    findings: tuple[Finding, ...]
    coverage: Coverage
    quads: int
    contested: int
    tally: Tally
    confirmed: Confirmed

    @property
    def errors(self) -> int:
        return sum(f.severity == ERROR for f in self.findings)

    def grids(self) -> list[Grid]:
        """Coverage by thing, property and feature, what is not stated, and what stands in one source only."""
        return [*self.coverage.grids(), self.tally.grid(), *self.confirmed.grids()]

    def print(self, out: Console, *, coverage: bool = True) -> None:
        """Coverage, then findings with the errors last, then how much is known, then the sum."""
        from rich.text import Text

        for grid in self.grids() if coverage else ():
            out.print(grid.table())
        for f in sorted(self.findings, key=lambda f: (f.severity == ERROR, f)):
            style = "red" if f.severity == ERROR else "yellow"
            out.print(Text(f"{f.severity}: {f.kind}: ", style=style) + Text(f"{f.where}: {f.message}"), soft_wrap=True)
        for line in (*self.tally.lines(), *self.confirmed.lines()):
            out.print(line, soft_wrap=True)
        warnings = len(self.findings) - self.errors
        out.print(f"{self.quads:,} quads, {self.contested} keys with several values; {self.errors} errors, {warnings} warnings")


def check(data: Path) -> Report:
    """Check a data folder. Raises BuildError where a file does not parse."""
    built = assemble(data)
    findings = {f for look in LOOKS for f in look(built.corpus)}
    findings |= set(_shapes(built.corpus, data / SHAPES))
    findings |= set(_ties(built))
    confirmed = Confirmed.of(built, Shared.read(data))
    return Report(tuple(sorted(findings)), Coverage.of(built), len(built.quads), len(built.contested), Tally.of(built), confirmed)


def short(iri: Term) -> str:
    """An IRI with our prefixes, as people write it in the data."""
    text = str(iri)
    for name, base in PREFIXES.items():
        if text.startswith(base) and len(text) > len(base):
            return f"{name}:{text[len(base) :]}"
    return text


# ---------------------------------------------------------------- the looks


def _strays(corpus: Corpus) -> Iterator[Finding]:
    for file, graph, (s, p, _) in corpus.strays:
        yield Finding(ERROR, "fact outside a passage", file, f"{short(s)} {short(p)} stands in {short(graph)}; put it in a src: block")


def _blanks(corpus: Corpus) -> Iterator[Finding]:
    """Blank nodes, which double when data are loaded twice and cannot be cited."""
    for triples in (corpus.terms, corpus.sources, *corpus.passages.values()):
        for s, p, o in triples:
            if isinstance(s, Blank) or isinstance(o, Blank):
                subject = "a blank node" if isinstance(s, Blank) else short(s)
                yield Finding(ERROR, "blank node", subject, f"with {short(p)}: give the node an IRI (id:NAME)")


def _undescribed(corpus: Corpus) -> Iterator[Finding]:
    """Facts whose passage the sources do not describe, and passages that state nothing."""
    described = {s for s, p, o in corpus.sources if (p, o) == (RDF.type, FG.Passage)}
    for passage, files in corpus.files.items():
        where = ", ".join(sorted(files))
        if passage not in described:
            yield Finding(ERROR, "facts without a source", where, f"no g:sources block describes {short(passage)}")
        if len(files) > 1:
            yield Finding(ERROR, "passage in two files", where, f"{short(passage)} is stated in several files; give each its own name")
    for idle in described - set(corpus.passages):
        yield Finding(WARNING, "passage without facts", short(idle), "it is described and states nothing; remove it or use it")


def _dangling(corpus: Corpus) -> Iterator[Finding]:
    """Predicates that are no property, and things of ours that no file declares."""
    types = _types(corpus)
    properties = {s for s, t in types.items() if t & PROPERTY_CLASSES} | ENGINE_PREDICATES
    for passage, triples in corpus.passages.items():
        where = ", ".join(sorted(corpus.files[passage]))
        for s, p, o in triples:
            if p not in properties:
                yield Finding(ERROR, "unknown property", where, f"{short(p)} on {short(s)}: ontology.ttl does not declare it")
            for thing in (s, o):
                if isinstance(thing, Iri) and thing.value.startswith(BASE) and thing not in types and not _of_engine(thing):
                    yield Finding(ERROR, "dangling term", where, f"{short(thing)} (with {short(p)}) is declared in no file")


def _of_engine(thing: Iri) -> bool:
    """Whether this is a term of the engine's closed vocabulary."""
    return thing.value.startswith(FG.base) and hasattr(FG, thing.value.removeprefix(FG.base))


def _types(corpus: Corpus) -> dict[Term, set[Term]]:
    types: dict[Term, set[Term]] = defaultdict(set)
    for triples in (corpus.terms, corpus.sources, *corpus.passages.values()):
        for s, p, o in triples:
            if p == RDF.type:
                types[s].add(o)
    return types


def _ranges(corpus: Corpus) -> Iterator[Finding]:
    """Literals whose datatype is not the range that the ontology gives."""
    ranges = {s: str(o) for s, p, o in corpus.terms if p == RDFS.range and str(o).startswith(XSD)}
    for passage, triples in corpus.passages.items():
        for s, p, o in triples:
            if p in ranges and not (isinstance(o, Literal) and o.datatype == ranges[p]):
                wanted = ranges[p].removeprefix(XSD)
                where = ", ".join(sorted(corpus.files[passage]))
                yield Finding(ERROR, "wrong datatype", where, f"{short(s)} {short(p)} {o}: the value must be an xsd:{wanted}")


def _names(corpus: Corpus) -> Iterator[Finding]:
    """Things without a name, with several preferred names, or with a name that another thing of the class has too."""
    preferred: dict[Term, set[str]] = defaultdict(set)
    names: dict[tuple[Term, str], set[Term]] = defaultdict(set)
    types = _types(corpus)
    for s, p, o in corpus.terms:
        if p == SKOS.prefLabel and isinstance(o, Literal) and o.language in ("", "en"):
            preferred[s].add(o.value)
        if p in (SKOS.prefLabel, *ALIASES):
            for class_ in types.get(s, set()):
                names[class_, str(o).casefold()].add(s)
    for thing, labels in preferred.items():
        if len(labels) > 1:
            yield Finding(ERROR, "several preferred labels", short(thing), f"{sorted(labels)}: keep one, make the others skos:altLabel")
    for (class_, name), things in names.items():
        if len(things) > 1 and class_ not in PROPERTY_CLASSES:
            shared = ", ".join(sorted(map(short, things)))
            yield Finding(ERROR, "shared name", short(class_), f"{name!r} names {shared}: leave it to the one that people mean by it")


def _headlines(corpus: Corpus) -> Iterator[Finding]:
    """Things of the focus class that lack most of the headline properties, but for those that the build computes."""
    headline = {s for s, p, _ in corpus.terms if p == FG.headline} - {p for name, p in corpus.mapping.terms.items() if name in COMPUTED}
    stated: dict[Term, set[Iri]] = defaultdict(set)
    for triples in corpus.passages.values():
        for s, p, _ in triples:
            stated[s].add(p)
    for thing in focus_things(corpus):
        missing = sorted(short(p) for p in headline - stated[thing])
        if headline and len(missing) > len(headline) / 2:
            message = f"{len(missing)} of {len(headline)} are missing: {', '.join(missing)}"
            yield Finding(ERROR, "few headline facts", short(thing), message)


def _decisions(corpus: Corpus) -> Iterator[Finding]:
    for decision in corpus.decisions.values():
        if not decision.reason.strip():
            yield Finding(ERROR, "decision without reason", "decisions.ttl", f"{short(Iri(decision.key[0]))}: say why in fg:reason")


LOOKS: tuple[Callable[[Corpus], Iterator[Finding]], ...] = (
    _strays, _blanks, _undescribed, _dangling, _ranges, _names, _headlines, _decisions,
)  # fmt: skip


def _ties(built: Built) -> Iterator[Finding]:
    for tie in built.unsettled:
        stated = "; ".join(f"{short(Iri(value))} ({', '.join(short(Iri(g)) for g in graphs)})" for value, graphs in tie.values)
        where = f"{short(Iri(tie.key[0]))} {short(Iri(tie.key[1]))}"
        yield Finding(ERROR, "undecided tie", where, f"{stated}: equally strong sources; add a line with the reason to decisions.ttl")
    met = {t.key for t in built.ties} | set(built.contested)
    for key in sorted(set(built.corpus.decisions) - met):
        yield Finding(WARNING, "decision without a tie", "decisions.ttl", f"nothing competes for {short(Iri(key[0]))} {short(Iri(key[1]))}")


def _shapes(corpus: Corpus, shapes: Path) -> Iterator[Finding]:
    if not shapes.is_file():
        return
    import rdflib
    from pyshacl import validate
    from rdflib.namespace import SH

    rules = rdflib.Graph().parse(shapes)
    _, results, _ = validate(_as_rdflib(corpus), shacl_graph=rules, inference="none", inplace=True)
    if not isinstance(results, rdflib.Graph):
        raise BuildError(f"{shapes} cannot be used: {results}")
    for result in results.subjects(rdflib.RDF.type, SH.ValidationResult):
        focus, message = results.value(result, SH.focusNode), results.value(result, SH.resultMessage)
        yield Finding(ERROR, "shape", short(Iri(str(focus))), str(message))


def _as_rdflib(corpus: Corpus) -> rdflib.Graph:
    import rdflib

    from graph.rdflib_view import node

    graph = rdflib.Graph()
    for triples in (corpus.terms, corpus.sources, *corpus.passages.values()):
        for s, p, o in triples:
            graph.add((node(s), node(p), node(o)))
    return graph
