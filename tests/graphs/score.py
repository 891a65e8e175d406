"""Is an answer exact? The solutions of its own query are compared with those of the gold query, values as people read them.

    from assistant import Assistant
    from tests.graphs.generate import write
    from tests.graphs.score import score

    for domain, path in write(folder).items():
        assistant = Assistant.open(path)
        results = score(domain, path, lambda question, history: assistant.answer(question, history=history))
        print(domain, sum(r.exact for r in results), "of", len(results))

Exact means: the answer's query, run on the same graph, finds the same rows, each as often as asked, with as many columns as the
gold query projects; the names and the order of the columns do not matter, the order of the rows only where the question asks for
one. A yes/no question is exact where the text opens with the right word ("Not stated" is neither).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph

HERE = Path(__file__).resolve().parent
TOLERANCE = 1e-6  # relative; decimals of different engines end at different digits
COLUMNS = 5  # no question asks for more, and every order of the columns is tried

Row = Mapping[str, str | None]
Cell = str | float | None
_LABELS = ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#prefLabel")
_NUMBER = re.compile(
    r"[£$€]?\s*([-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?:\s*(?:%|[a-zA-Z£$€°][^\d]{0,24}[²³]?))?"
)
_WORDS = {"true": "yes", "false": "no"}
_UNKNOWN = {"", "-", "–", "—", "not stated", "unknown"}


class Answered(Protocol):
    """What is looked at of an answer."""

    @property
    def text(self) -> str: ...
    @property
    def sparql(self) -> str: ...


Ask = Callable[[str, list[str]], Answered]
Run = Callable[[str], "bool | list[dict[str, str | None]]"]


@dataclass(frozen=True, slots=True)
class Result:
    """One question with its gold solutions (a truth value for a yes/no question) and its answer."""

    item: Mapping[str, Any]
    gold: bool | list[dict[str, str | None]]
    answer: Answered
    exact: bool


def questions(domain: str) -> list[dict[str, Any]]:
    """The questions about a domain: id, kind, question, history, gold_query, ordered."""
    lines = (HERE / f"{domain}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def opened(path: Path) -> pyoxigraph.Store:
    """A store that holds one Turtle file."""
    store = pyoxigraph.Store()
    store.load(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    return store


def solutions(store: pyoxigraph.Store, query: str) -> bool | list[dict[str, str | None]]:
    """The truth value of an ASK; the rows of a SELECT, things by label, literals by their text, None where unbound."""
    found = store.query(query)
    if isinstance(found, pyoxigraph.QueryBoolean):
        return bool(found)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    names = [v.value for v in found.variables]
    return [{name: _said(store, row[name]) for name in names} for row in found]


def score(domain: str, path: Path, ask: Ask) -> list[Result]:
    """Ask every question of a domain over its graph at ``path``."""
    store, results = opened(path), []
    for item in questions(domain):
        gold = solutions(store, item["gold_query"])
        answer = ask(item["question"], list(item["history"]))
        results.append(Result(item, gold, answer, exact(gold, answer, partial(solutions, store), ordered=item["ordered"])))
    return results


def exact(gold: bool | Sequence[Row], answer: Answered, run: Run, ordered: bool = False) -> bool:
    """Whether the answer's own query finds just what the gold query found; a yes/no question is judged by the answer's first word."""
    if isinstance(gold, bool):
        opening = re.match(r"\W*(yes|no)\b", answer.text, re.IGNORECASE)
        return opening is not None and (opening[1].casefold() == "yes") is gold
    found = run(answer.sparql) if answer.sparql else False
    return not isinstance(found, bool) and same_rows(gold, found, ordered)


def same_rows(gold: Sequence[Row], rows: Sequence[Row], ordered: bool = False) -> bool:
    """Whether two tables hold the same rows under some order of their columns; a missing key is an empty cell."""
    wanted, found = _columns(gold), _columns(rows)
    if len(gold) != len(rows) or len(wanted) != len(found) or len(wanted) > COLUMNS:
        return False
    left = [tuple(row.get(c) for c in wanted) for row in gold]
    compare = _same_sequence if ordered else _same_bag
    return any(compare(left, [tuple(row.get(c) for c in order) for row in rows]) for order in permutations(found))


def _said(store: pyoxigraph.Store, term: Any) -> str | None:
    """A term as a reader sees it; of several labels the first in order."""
    if isinstance(term, pyoxigraph.NamedNode):
        names = (q.object for p in _LABELS for q in store.quads_for_pattern(term, pyoxigraph.NamedNode(p), None, None))
        labels = [name.value for name in names if isinstance(name, pyoxigraph.Literal)]
        return min(labels, default=term.value)
    return None if term is None else str(term.value)


def _columns(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _same_sequence(left: Sequence[tuple[str | None, ...]], right: Sequence[tuple[str | None, ...]]) -> bool:
    return all(_same_row(a, b) for a, b in zip(left, right, strict=True))


def _same_bag(left: Sequence[tuple[str | None, ...]], right: Sequence[tuple[str | None, ...]]) -> bool:
    rest = list(right)
    for row in left:
        match = next((i for i, other in enumerate(rest) if _same_row(row, other)), None)
        if match is None:
            return False
        del rest[match]
    return not rest


def _same_row(gold: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    return all(same_value(a, b) for a, b in zip(gold, other, strict=True))


def same_value(gold: str | None, other: str | None) -> bool:
    """Whether a cell says what the gold cell says; a unit or thousands separators around a number do no harm."""
    wanted = _plain(gold)
    if isinstance(wanted, float):
        found = _NUMBER.fullmatch((other or "").strip())
        return found is not None and math.isclose(wanted, _float(found[1]), rel_tol=TOLERANCE, abs_tol=1e-12)
    return wanted == _plain(other)


def _plain(text: str | None) -> Cell:
    """A number, a date as ISO text, a truth value as yes or no, else the words without case and spacing; None for nothing."""
    words = " ".join((text or "").split()).casefold()
    if words in _UNKNOWN:
        return None
    if re.fullmatch(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?", words):
        return _float(words)
    for form in ("%d %B %Y", "%B %d, %Y"):
        try:
            return datetime.strptime(words, form).date().isoformat()  # noqa: DTZ007  # a day has no time zone
        except ValueError:
            continue
    return _WORDS.get(words, words)


def _float(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))
