"""Words that say nothing, or little, in questions put to one dataset: the engine's English and the dataset's own.

In a collection of paintings "museum" tells no question from another, and in one of museums "painting" may be the very
point. So the engine's lists hold plain English only; what goes without saying in a dataset stands in the dataset:

    <dataset> a fg:Dataset ; fg:stopWord "museum" , "museums" ; fg:lightWord "painting" , "paintings" .

Words are matched as they are written there, but for capitals and accents: each form has its own entry.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.words import LIGHT, STOP, fold, plural
from graph.schema import Schema
from graph.store import KnowledgeGraph
from graph.terms import FG, RDF
from graph.types import Iri, Literal

LITTLE = 0.4  # what a light word weighs, against 1 for one of content


@dataclass(frozen=True, slots=True)
class Wording:
    """What carries no weight: ``stop`` says nothing, ``light`` little; ``silent`` and ``faint`` are the dataset's own share of them."""

    silent: frozenset[str] = frozenset()
    faint: frozenset[str] = frozenset()
    stop: frozenset[str] = STOP
    light: frozenset[str] = LIGHT

    @classmethod
    def of(cls, silent: frozenset[str], faint: frozenset[str]) -> Wording:
        """The engine's English with a dataset's own words."""
        return cls(silent, faint, STOP | silent, LIGHT | faint)

    @classmethod
    def read(cls, kg: KnowledgeGraph, schema: Schema) -> Wording:
        """The words that a dataset declares; where it declares none, the nouns of its subject say little."""
        silent, faint = (_declared(kg, p) for p in (FG.stopWord, FG.lightWord))
        return cls.of(silent, faint or frozenset() if silent or faint else _nouns(schema))

    def weight(self, word: str) -> float:
        """What a folded word weighs that is none of the stop words."""
        return LITTLE if word in self.light else 1.0

    @property
    def own(self) -> frozenset[str]:
        """All words that go without saying in this dataset."""
        return self.silent | self.faint


PLAIN = Wording()


def _declared(kg: KnowledgeGraph, prop: Iri) -> frozenset[str]:
    rows = kg.query(f"SELECT DISTINCT ?w {kg.wrap(f'?d {RDF.type.n3} {FG.Dataset.n3} ; {prop.n3} ?w')}")
    return frozenset(fold(r["w"].value) for r in rows if isinstance(r["w"], Literal))


def _nouns(schema: Schema) -> frozenset[str]:
    """The words by which the focus class and those above it are called, one and many."""
    if schema.focus is None or schema.focus not in schema.classes:
        return frozenset()
    info = schema.classes[schema.focus]
    labels = [info.named.label, *(schema.classes[c].named.label for c in sorted(info.parents) if c in schema.classes)]
    return frozenset(word for label in labels for form in (label, plural(label)) for word in fold(form).split())
