"""Kinds of project as the graph describes them: what each requires and prefers, from which kinds of thing it chooses, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from assistant.detect import stems_of
from assistant.encode import Foreseeing, Vectors, cached, cosines
from assistant.lexicon import Lexicon
from graph.store import KnowledgeGraph
from graph.terms import FG, PROV
from graph.types import Fact, Iri, Literal, Term

NEAR_NEED = 0.4  # cosine above which a phrasing of a need speaks of the asked project
FRANK = 0.02  # how far below the nearest need one may lie that says that a framework is not the answer
PLAIN_NEED = 0.55  # the same where another kind of project is named
SURE_NEED = 0.5  # the same for one sentence among several
HINT, HINTS = 0.1, 2  # what a word that hints at a kind of project adds to its cosine, and how many of them count
_TERMS = (
    FG.requiresFeature, FG.requiresValue, FG.prefersFeature, FG.prefersValue, FG.why, FG.among, FG.avoidsValue, FG.limitedBy,
    FG.instead, FG.weight, FG.prefersLow, FG.requiresNone, FG.default, FG.covers, FG.splits, FG.broad, FG.keyword,
    PROV.wasDerivedFrom,
)  # fmt: skip


@dataclass(frozen=True)
class Needs:
    """What each kind of project asks for, read from the graph.

    among      the kinds of thing that it chooses from, any of them; empty where it does not say
    avoided    values with which a thing is left out
    weight     what its wishes weigh (1 where nothing is said)
    low        ordered properties of which less, or earlier, is better
    none       numbers that have to be 0
    instead    what an honest adviser says first (no framework, a queue), with its fact
    grounds    the passages that a need is argued from
    covers     the levels that alone count (built in, where no package may be added)
    hints      stems of the words that hint at it
    splits     the needs that split the field best, in order; broad: needs that say so little that they do not
    usual      the needs that every choice has; limits: properties whose values are hard limits wherever they are named
    """

    required: dict[Iri, tuple[Iri, ...]]
    preferred: dict[Iri, tuple[Iri, ...]]
    why: dict[Iri, str]
    among: dict[Iri, tuple[Iri, ...]] = field(default_factory=dict)
    avoided: dict[Iri, tuple[Iri, ...]] = field(default_factory=dict)
    weight: dict[Iri, float] = field(default_factory=dict)
    low: dict[Iri, tuple[Iri, ...]] = field(default_factory=dict)
    none: dict[Iri, tuple[Iri, ...]] = field(default_factory=dict)
    instead: dict[Iri, Fact] = field(default_factory=dict)
    reasons: dict[Iri, Fact] = field(default_factory=dict)
    grounds: dict[Iri, tuple[Iri, ...]] = field(default_factory=dict)
    covers: dict[Iri, tuple[Iri, ...]] = field(default_factory=dict)
    hints: dict[Iri, frozenset[str]] = field(default_factory=dict)
    splits: tuple[Iri, ...] = ()
    broad: frozenset[Iri] = frozenset()
    usual: tuple[Iri, ...] = ()
    limits: frozenset[Iri] = frozenset()

    @classmethod
    def read(cls, kg: KnowledgeGraph) -> Needs:
        """All needs of an opened graph; a graph without any gives empty ones."""
        values = " ".join(p.n3 for p in _TERMS)
        found: dict[Iri, dict[Iri, list[Term]]] = {}
        body = f"?n a {FG.Need.n3} ; ?p ?o . VALUES ?p {{ {values} }}"
        for row in kg.query(f"SELECT DISTINCT ?n ?p ?o {kg.wrap(body)} ORDER BY ?n ?p ?o"):
            need, prop = row["n"], row["p"]
            if isinstance(need, Iri) and isinstance(prop, Iri):
                found.setdefault(need, {}).setdefault(prop, []).append(row["o"])

        def iris(*props: Iri) -> dict[Iri, tuple[Iri, ...]]:
            got = {n: tuple(o for p in props for o in told.get(p, ()) if isinstance(o, Iri)) for n, told in found.items()}
            return {n: v for n, v in got.items() if v}

        def texts(prop: Iri) -> dict[Iri, Fact]:
            return {n: Fact(n, prop, told[prop][0]) for n, told in found.items() if prop in told}

        words = {n: [o.value for o in told.get(FG.keyword, ()) if isinstance(o, Literal)] for n, told in found.items()}
        hints = {n: stems_of(" ".join(said)) for n, said in words.items() if said}
        reasons = texts(FG.why)
        order = {n: int(f.object.value) for n, f in texts(FG.splits).items() if isinstance(f.object, Literal)}
        splits = tuple(sorted(order, key=lambda n: (order[n], n)))
        usual = tuple(n for n, told in found.items() if FG.default in told)
        return cls(
            iris(FG.requiresFeature, FG.requiresValue), iris(FG.prefersFeature, FG.prefersValue),
            {n: f.object.value for n, f in reasons.items() if isinstance(f.object, Literal)},
            iris(FG.among), iris(FG.avoidsValue), {n: float(f.object.value) for n, f in texts(FG.weight).items()}, iris(FG.prefersLow),
            iris(FG.requiresNone), texts(FG.instead), reasons, iris(PROV.wasDerivedFrom), iris(FG.covers), hints, splits,
            frozenset(texts(FG.broad)), usual, frozenset(p for v in iris(FG.limitedBy).values() for p in v),
        )  # fmt: skip


class NeedSense:
    """Finds the kinds of project that a text describes in other words than their names."""

    def __init__(self, needs: Needs, lexicon: Lexicon, encoder: Foreseeing, cache: Path | None = None) -> None:
        self.needs, self.encoder, self._cache = needs, encoder, cache
        known = sorted({*needs.required, *needs.preferred, *needs.why} - {*needs.usual})
        self._owners = [(need, text) for need in known for text in lexicon.phrasings.get(need, ())]

    @cached_property
    def _vectors(self) -> Vectors:
        return cached(self.encoder, [t for _, t in self._owners], self._cache)

    def likeness(self, text: str, hints: bool = True) -> dict[Iri, float]:
        """need -> cosine of its phrasing nearest to the text, and, with ``hints``, a little for each word that hints at it."""
        if not self._owners or not text.strip():
            return {}
        asked = self.encoder.encode([text])[0]
        best: dict[Iri, float] = {}
        for (need, _), cosine in zip(self._owners, cosines(self._vectors, asked).tolist(), strict=True):
            best[need] = max(best.get(need, 0.0), round(float(cosine), 3))
        stems = stems_of(text) if hints else frozenset()
        return {n: round(c + HINT * min(HINTS, len(stems & self.needs.hints.get(n, frozenset()))), 3) for n, c in best.items()}

    def nearest(self, text: str, near: float = NEAR_NEED) -> tuple[Iri, ...]:
        """The one need that comes nearest, where it is near."""
        ordered = sorted(self.likeness(text).items(), key=lambda n: (-n[1], n[0]))
        return (ordered[0][0],) if ordered and ordered[0][1] >= near else ()

    def best(self, sentences: tuple[str, ...], hints: bool = True) -> dict[Iri, float]:
        """need -> cosine of its phrasing nearest to one of the sentences or to all of them together."""
        best: dict[Iri, float] = {}
        with self.encoder.expecting(self.texts(sentences)):
            for text in (*sentences, " ".join(sentences)):
                for need, cosine in self.likeness(text, hints).items():
                    best[need] = max(best.get(need, 0.0), cosine)
        return best

    @staticmethod
    def texts(sentences: tuple[str, ...]) -> tuple[str, ...]:
        """What ``described`` compares with the phrasings of needs: the sentences, all of them together, and their clauses."""
        return (*sentences, " ".join(sentences), *_clauses(sentences))

    def described(self, sentences: tuple[str, ...], named: bool = False, fits: Callable[[Iri], bool] | None = None) -> tuple[Iri, ...]:
        """The kind of project that a sentence, a clause or the whole text comes nearest to, then people and ways of working (the
        needs that weigh less) that are described. Where a kind is ``named``, only what is described plainly counts beside it;
        ``fits`` says which kinds may be meant at all.
        """
        best = self.best(sentences)
        for text in _clauses(sentences):
            for need, cosine in self.likeness(text).items():
                if cosine >= SURE_NEED:
                    best[need] = max(best.get(need, 0.0), cosine)
        ordered = sorted((n for n in best if fits is None or fits(n)), key=lambda n: (-best[n], n))
        near = PLAIN_NEED if named else NEAR_NEED
        kinds = [n for n in ordered if n not in self.needs.weight and best[n] >= near]
        frank = [n for n in kinds if n in self.needs.instead and best[n] >= best[kinds[0]] - FRANK]
        kinds = (frank or kinds)[:1]
        beside = [n for n in ordered if n in self.needs.weight and best[n] >= (SURE_NEED if named or kinds else NEAR_NEED)]
        return tuple(dict.fromkeys((*kinds, *beside[:2])))


def _clauses(sentences: tuple[str, ...]) -> list[str]:
    return [c for s in sentences for c in s.split(",") if len(c.split()) > 4 and c != s]
