"""The worked examples: each query has a result, each wording is our own, and most are answered with what the query finds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from assistant import Answer, Assistant
from assistant.evaluate import hit, norm
from assistant.words import number
from graph import KnowledgeGraph
from graph.settings import checkout
from graph.types import Literal, Solutions

ROOT = checkout()
assert ROOT is not None
FOLDER = ROOT / "data" / "examples"
GOLDEN = sorted((ROOT / "tests").glob("golden/**/*.jsonl"))
LEAST = 100  # examples
AGREE = 0.85  # share of the wordings answered with what the query finds, never lower
TOLD_OTHERWISE = {"remark", "dispute", "claim"}  # kinds whose answer is in sentences, of which the query finds more than are told
_READ = """SELECT ?example ?question ?other ?key ?query {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?question ; schema:keywords ?key ; sh:select|sh:ask|sh:construct ?query
  OPTIONAL { ?example skos:altLabel ?other } } ORDER BY ?example ?other ?key"""


@dataclass(frozen=True)
class Worked:
    """A question with its other wordings, its keywords and its query."""

    name: str
    wordings: tuple[str, ...]
    keys: frozenset[str]
    query: str


def worked() -> list[Worked]:
    """All examples by name."""
    found: dict[str, tuple[list[str], set[str], str]] = {}
    prefixes = "PREFIX sh: <http://www.w3.org/ns/shacl#>\nPREFIX schema: <https://schema.org/>\n"
    for row in KnowledgeGraph.open(FOLDER, facts_graph="default").query(prefixes + _READ).rows:
        texts, keys, _ = found.setdefault(row["example"].value.rsplit("/", 1)[-1], ([row["question"].value], set(), row["query"].value))
        keys.add(row["key"].value)
        if "other" in row and row["other"].value not in texts:
            texts.append(row["other"].value)
    return [Worked(name, tuple(texts), frozenset(keys), query) for name, (texts, keys, query) in sorted(found.items())]


EXAMPLES = worked()


def plain(question: str) -> str:
    """A question without case, signs and spaces."""
    return re.sub(r"\W+", " ", norm(question)).strip()


def cells(solutions: Solutions, column: int) -> set[str]:
    """The values of a column: dates without their time, figures without idle zeros."""
    name = solutions.variables[column]
    return {tidy(row[name].value if isinstance(row[name], Literal) else str(row[name])) for row in solutions.rows if name in row}


def tidy(value: str) -> str:
    return value.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", value) else value


def agrees(answer: Answer, solutions: Solutions) -> bool:
    """Whether an answer tells just what a query found: yes or no, the same names, or all values in its words."""
    if answer.abstained:
        return False
    if solutions.boolean is not None:
        return norm(answer.text).replace("*", "").startswith("yes" if solutions.boolean else "no")
    gold = cells(solutions, 0)
    names = len(solutions.variables) == 1 and not all(re.fullmatch(r"[\d.,-]+", v) for v in gold)
    if answer.names and names:
        return set(answer.names) == gold
    sources = (x for c in answer.citations for x in (c.title, c.publisher))
    told = "\n".join([answer.text.replace("\\", ""), *(v for row in answer.rows for v in row.values()), *sources])
    return all(is_told(v, told) for n in range(len(solutions.variables)) for v in cells(solutions, n))


def is_told(value: str, told: str) -> bool:
    """Whether a value is told; a small count may be told in words, a date with the name of its month."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = date.fromisoformat(value)
        return hit(value, told) or hit(f"{day.day} {day:%B %Y}", told)
    return hit(value, told) or (value.isdecimal() and hit(number(int(value)), told))


def test_there_are_about_a_hundred() -> None:
    """One a file, each with several wordings (the first six show query forms, and need none)."""
    assert len(EXAMPLES) >= LEAST
    assert len(EXAMPLES) == len(list(FOLDER.glob("*.ttl")))
    assert [e.name for e in EXAMPLES[6:] if len(e.wordings) < 4] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_the_query_has_a_result(example: Worked, me: Assistant) -> None:
    """On the shipped graph, every column bound somewhere."""
    found = me.graph.query(example.query)
    assert found.boolean is not None or found.triples or found.rows
    assert {name for row in found.rows for name in row} == set(found.variables)


def evaluated() -> Iterator[str]:
    for path in GOLDEN:
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line) if line.strip() else {}
            yield from (str(item[k]) for k in ("question", "text", "ask") if k in item)


def test_no_wording_is_of_an_evaluation() -> None:
    """A question that measures is never an example; nor does any wording stand twice."""
    mine = [plain(w) for e in EXAMPLES for w in e.wordings]
    assert sorted(set(mine) & {plain(q) for q in evaluated()}) == []
    assert sorted({w for w in mine if mine.count(w) > 1}) == []


@pytest.mark.slow
def test_the_wordings_are_answered_as_the_queries_do(me: Assistant) -> None:
    """The share that agrees is never lower than it was."""
    missed, asked = [], 0
    for example in EXAMPLES:
        if len(example.wordings) < 2 or example.keys & TOLD_OTHERWISE:
            continue
        found = me.graph.query(example.query)
        for wording in example.wordings:
            asked += 1
            answer = me.answer(wording)
            if not agrees(answer, found):
                missed.append(f"{example.name}: {wording} -> {answer.text[:120]!r}")
    share = 1 - len(missed) / asked
    print(f"{asked} wordings, {share:.1%} agree")
    print("\n".join(missed))
    assert share >= AGREE, "\n".join(missed)
