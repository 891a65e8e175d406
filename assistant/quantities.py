"""What is measured, by its names: quantities, tests, benchmarks and circumstances, and which of them an ask speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from assistant.detect import tokenize
from assistant.scan import Scan
from assistant.words import fold
from graph.measurements import Measurements
from graph.terms import SKOS, SOSA
from graph.types import Iri

NAMED = 0.9  # score of a link above which it is a name, not a word of one
LONGEST = 6  # words of a name that is looked for


@dataclass
class Found:
    """What the words of an ask name: quantities (with the end an adjective means), tests, benchmarks, circumstances, and where."""

    tokens: set[int] = field(default_factory=set)
    quantities: list[Iri] = field(default_factory=list)
    adjectives: list[tuple[str, bool, int]] = field(default_factory=list)
    tests: list[Iri] = field(default_factory=list)
    benchmarks: list[Iri] = field(default_factory=list)
    circumstances: list[tuple[Iri, int, int]] = field(default_factory=list)


class Quantities:
    """The names of what was measured in one opened graph."""

    def __init__(self, measurements: Measurements) -> None:
        self.measurements = measurements

    @cached_property
    def _names(self) -> dict[tuple[str, ...], tuple[tuple[str, Iri], ...]]:
        """Each name of a quantity, test or circumstance -> what it names."""
        m = self.measurements
        found: dict[tuple[str, ...], list[tuple[str, Iri]]] = {}
        for kind, terms in (("quantity", m.quantities), ("test", m.tests), ("circumstance", m.circumstances)):
            for term in terms.values():
                for name in term.names:
                    own = spelled(name)
                    bare = own[:-1] if kind == "test" and len(own) > 1 and own[-1] == "test" else own
                    for k in {own, bare} - {()}:
                        found.setdefault(k, []).append((kind, term.iri))
        for word in m.words:
            found.setdefault(spelled(word), []).append(("word", SOSA.Observation))
        return {k: tuple(dict.fromkeys(v)) for k, v in found.items()}

    @cached_property
    def _adjectives(self) -> dict[tuple[str, ...], list[tuple[Iri, bool]]]:
        """'faster', 'most popular' -> (quantity, whether the high end is meant), the first meant most."""
        found: dict[tuple[str, ...], list[tuple[Iri, bool]]] = {}
        for q in self.measurements.quantities.values():
            for words, high in ((q.high, True), (q.low, False)):
                for word in words:
                    found.setdefault(tuple(fold(word).split()), []).append((q.iri, high))
        return found

    def read(self, scan: Scan) -> Found:
        """All that is named, longest names first."""
        found, t = Found(benchmarks=[b for b in self.benchmarks(scan) if b in self.measurements.benchmarks]), 0
        words = [k.norm for k in scan.tokens]
        single = [singular(w) for w in words]
        longer = [scan.inside(i) for i, m in enumerate(scan.mentions) if m.best.kind == "entity" and m.best.score > NAMED]
        while t < len(words):
            for n in range(min(LONGEST, len(words) - t), 0, -1):
                if any({*range(t, t + n)} < {*name} for name in longer):
                    continue  # a word of a thing's own name
                adjective = self._adjectives.get(tuple(words[t : t + n]))
                named = self._names.get(tuple(single[t : t + n]), ())
                if adjective and self._asks_end(words, t, n):
                    found.quantities += [q for q, _ in adjective]
                    found.adjectives.append((" ".join(words[t : t + n]), adjective[0][1], t))
                    found.tokens |= {*range(t, t + n)}
                elif named:
                    self._take(found, named, t, n)
                else:
                    continue
                t += n - 1
                break
            t += 1
        return found

    def _take(self, found: Found, named: tuple[tuple[str, Iri], ...], t: int, n: int) -> None:
        found.tokens |= {*range(t, t + n)}
        found.quantities += [iri for kind, iri in named if kind == "quantity"]
        found.tests += [iri for kind, iri in named if kind == "test"]
        found.circumstances += [(iri, t, t + n) for kind, iri in named if kind == "circumstance"]

    def _asks_end(self, words: list[str], t: int, n: int) -> bool:
        """Whether an adjective asks for a figure: compared, at an end, behind 'how' or at the end; not 'a fast one'."""
        graded = is_graded(" ".join(words[t : t + n]))
        behind = words[t + n :] and words[t + n] in ("really", "actually", "today", "now", "still", "of")
        return graded or (t > 0 and words[t - 1] == "how") or t + n == len(words) or bool(behind)

    def said(self, scan: Scan) -> bool:
        """Whether the ask speaks of measurements by their name; to 'measure up' is none."""
        words = {w for name in self.measurements.words for w in spelled(name)}
        norms = [k.norm for k in scan.tokens]
        return any(singular(w) in words and norms[t + 1 : t + 2] != ["up"] for t, w in enumerate(norms))

    def is_named(self, scan: Scan, quantity: Iri) -> bool:
        words = [singular(k.norm) for k in scan.tokens]
        names = (spelled(name) for name in self.measurements.quantities[quantity].names)
        return any(tuple(words[t : t + len(n)]) == n for n in names for t in range(len(words)) if n)

    def benchmarks(self, scan: Scan) -> list[Iri]:
        """The benchmarks that are named, with figures or without; a word of a longer name is none."""
        return [n.iri for _, n in scan.links("entity") if self._is_benchmark(n.iri) and n.score > NAMED]

    def names_benchmark(self, scan: Scan, i: int) -> bool:
        return any(self._is_benchmark(n.iri) and n.score > NAMED for n in scan.mentions[i].links)

    def _is_benchmark(self, thing: Iri) -> bool:
        """Whether a concept is a benchmark without figures: of the kind of those that have some, and what no test is part of."""
        known = self.measurements.benchmarks
        return thing in known or any(thing in self._beside.get(b, ()) for b in known)

    @cached_property
    def _beside(self) -> dict[Iri, frozenset[Iri]]:
        """Benchmarks without figures, which the dataset sets beside those that have some (skos:related)."""
        kg = self.measurements.kg
        rows = kg.query(f"SELECT ?b ?other {kg.wrap(f'?other {SKOS.related.n3}|^{SKOS.related.n3} ?b')}").rows
        return {
            b: frozenset(r["other"] for r in rows if r["b"] == b and isinstance(r["other"], Iri)) for b in self.measurements.benchmarks
        }


def is_graded(adjective: str) -> bool:
    """'faster', 'most popular', but not 'fast'."""
    return adjective.endswith(("er", "est")) or adjective.split()[0] in ("more", "most", "less", "least")


def spelled(name: str) -> tuple[str, ...]:
    """The words of a name in the singular: stems would take 'dependencies' for 'dependents'."""
    return tuple(singular(k.norm) for k in tokenize(name))


def singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
