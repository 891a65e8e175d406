"""Why a question was answered so: each ask with its words, links, operators and ranked candidates, and the score of each part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from assistant import sparql
from assistant.frames import Candidate
from assistant.rank import WEIGHTS
from assistant.scan import Scan
from assistant.types import Mention

SHOWN = 8  # candidates and links of each mention that are kept
PARTS = (*WEIGHTS, "cost")  # of a score, as the ranking names them


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate reading: ``score`` is what it is ranked by, ``parts`` what that is made of, by name.

    ``explains`` are the words of the question that it accounts for, ``left`` those of full weight that it does not.
    """

    kind: str
    english: str
    score: float
    parts: tuple[tuple[str, float], ...]
    explains: tuple[str, ...]
    left: tuple[str, ...]
    sparql: str


@dataclass(frozen=True, slots=True)
class AskTrace:
    """One ask: its text, its mentions with all that each may mean, its operators and cues, its readings from the best on."""

    text: str
    mentions: tuple[Mention, ...]
    named: tuple[str, ...]
    operators: tuple[str, ...]
    cues: tuple[str, ...]
    unlinked: tuple[str, ...]
    candidates: tuple[Ranked, ...]


def trace(understood: Iterable[tuple[Scan, list[Candidate]]], wrap: Callable[[str], str]) -> tuple[AskTrace, ...]:
    """The asks of a question as they were understood."""
    return tuple(_ask(scan, candidates, wrap) for scan, candidates in understood)


def _ask(scan: Scan, candidates: list[Candidate], wrap: Callable[[str], str]) -> AskTrace:
    linked = frozenset(range(len(scan.mentions)))
    operated = frozenset(t for o in scan.ops for t in range(o.first, o.last))
    return AskTrace(
        text=scan.text,
        mentions=scan.mentions,
        named=tuple(m.text(scan.question) for m in scan.mentions),
        operators=tuple(f"{o.kind} {' '.join(x for x in (o.sign, o.value, o.adjective) if x)}".strip() for o in scan.ops),
        cues=tuple(f.name.replace("_", " ") for f in fields(scan.cues) if getattr(scan.cues, f.name)),
        unlinked=scan.unexplained(linked, operated),
        candidates=tuple(_ranked(c, scan, wrap) for c in candidates[:SHOWN]),
    )


def _ranked(c: Candidate, scan: Scan, wrap: Callable[[str], str]) -> Ranked:
    known = {name: c.features[name] for name in (*PARTS, *sorted(set(c.features) - {*PARTS})) if name in c.features}
    known.setdefault("cost", c.cost)
    tokens = sorted({*c.tokens, *(t for i in c.mentions for t in scan.inside(i))})
    explained = tuple(scan.question[scan.tokens[t].start : scan.tokens[t].end] for t in tokens if t < len(scan.tokens))
    query = sparql.with_prefixes(sparql.query(c.graph, wrap)) if c.graph else ""
    parts = tuple((name, round(value, 3)) for name, value in known.items())
    return Ranked(c.kind, c.english, round(c.fit, 3), parts, explained, scan.unexplained(c.mentions, c.tokens), query)
