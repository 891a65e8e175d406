"""What the benchmarks share: the assistant over the shipped graph, warm, and questions that it was not asked before."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant import Assistant
from assistant.encode import MiniLM
from graph import KnowledgeGraph
from graph.settings import vector_cache
from graph.types import Iri
from tests.benchmarks.taped import Taped, Watched

KINDS = (
    "What is the {p} of {x}?",
    "Compare {x} and {y}",
    "Does {x} have {f}?",
    "Which {c} have {f}?",
    "How many {c} have {f}?",
    "What is {x} used for?",
    "Is it hard to get started with {x}?",
    "Which {c} would you recommend for {f}?",
)


@pytest.fixture(scope="session")
def taped() -> Assistant:
    """The assistant over the shipped graph with everything loaded that is loaded once; what it asks is remembered."""
    kg = KnowledgeGraph.open()
    encoder = MiniLM(cache=vector_cache())
    made = Assistant(Watched(kg), Taped(encoder), vector_cache())
    for question in made.about()["examples"]:
        made.answer(question)
    return made


@pytest.fixture(scope="session")
def questions(taped: Assistant) -> list[str]:
    """Questions that were not asked before, of every kind, about things of the focus class, in a fixed order."""
    lexicon, focus = taped.lexicon, taped.schema.focus
    assert focus is not None
    things = sorted(lexicon.label(t) for t in lexicon.classes_of if lexicon.is_a(t, focus))
    features = sorted(lexicon.label(i) for i in {p for level in taped.schema.levels for p in _objects(taped, level)})
    words = {"c": f"{lexicon.label(focus)}s", "p": sorted(p.named.label for p in taped.schema.properties.values() if p.headline)[0]}
    made = []
    for n, (x, y) in enumerate(pairwise(things)):
        made.append(KINDS[n % len(KINDS)].format(x=x, y=y, f=features[n % len(features)], **words))
    return made


def _objects(assistant: Assistant, prop: Iri) -> set[Iri]:
    rows = assistant.graph.query(f"SELECT DISTINCT ?o {assistant.graph.wrap(f'?s {prop.n3} ?o')}")
    return {r["o"] for r in rows if isinstance(r["o"], Iri)}
