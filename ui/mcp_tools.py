"""The tools that an assistant of somebody else may call (MCP): what each takes, what it gives, and how it is worked.

Results are small: what a model needs to go on, with the sources of every statement. It knows nothing of the protocol.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, Field

from assistant.types import Citation
from graph.types import QueryError, Source
from graph.worker import Pool, Request
from ui.api_models import MAX_TURNS, Asked, CompareRequest, Name, Question, RecommendRequest
from ui.browse import Browser
from ui.desk import Desk
from ui.dossier import Dossier, Ref, Stated
from ui.export import bibliography
from ui.find import thing_of
from ui.sparql_protocol import JSON_RESULTS

CHOICES = 5  # that are told
SAYINGS = 40  # remarks of one thing that are told


class Ask(Asked):
    """A question, and those before it."""

    question: Question
    after: list[Question] = Field([], max_length=MAX_TURNS, description="Earlier questions that this one follows, oldest first.")


class Sparql(Asked):
    """A query that reads."""

    query: Annotated[str, Field(min_length=1, description="SELECT, ASK, CONSTRUCT or DESCRIBE. Usual prefixes are declared.")]
    limit: Annotated[int, Field(ge=1, le=1000, description="Rows to return.")] = 50


class Describe(Asked):
    """A thing."""

    name: Annotated[Name, Field(description="A name as people write it, or an IRI.")]


class Result(BaseModel):
    """What all results have in common."""

    model_config = ConfigDict(extra="forbid")


class Cited(Result):
    """A source; [1] in a text is the one whose number is 1."""

    number: int
    title: str
    section: str
    publisher: str
    retrieved: str
    url: str


class Answered(Result):
    """An answer in Markdown. abstained: the graph does not know, and says why."""

    text: str
    abstained: bool
    names: list[str]
    rows: list[dict[str, str]]
    understood: str
    sparql: str
    suggestions: list[str]
    sources: list[Cited]


class Candidate(Result):
    """A candidate: its score between 0 and 1, what earned it, and what is not stated for it."""

    name: str
    score: float
    reasons: list[str]
    missing: list[str]


class Recommended(Result):
    """A choice, best first. would_change: the smallest change of one weight that puts another first."""

    text: str
    choices: list[Candidate]
    close_call: bool
    would_change: str
    left_out: list[str]
    sources: list[Cited]


class Compared(Result):
    """Things beside each other; a row maps each name to its cell, '' to its label."""

    text: str
    rows: list[dict[str, str]]
    sources: list[Cited]


class Solved(Result):
    """Rows of a SELECT, the verdict of an ASK, or triples as Turtle. more: there are rows beyond the limit."""

    columns: list[str] = []
    rows: list[dict[str, str]] = []
    more: bool = False
    boolean: bool | None = None
    turtle: str = ""


class Line(Result):
    """A statement of a thing: property or level, value, numbers of its sources."""

    property: str
    value: str
    sources: list[int]


class Described(Result):
    """What is stated of one thing."""

    name: str
    iri: str
    kinds: list[str]
    also_called: list[str]
    facts: list[Line]
    features: list[Line]
    remarks: list[Line]
    sources: list[Cited]


Told = tuple[str, Result]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its name, what it is for, the models of what it takes and gives, and the call (text and result)."""

    name: str
    title: str
    purpose: str
    takes: type[Asked]
    gives: type[Result]
    call: Callable[[Any], Awaitable[Told]]


class Tools:
    """The tools over one desk, one reader of things, and the workers of strangers' queries."""

    def __init__(self, desk: Desk, browser: Browser, pool: Pool) -> None:
        self._desk, self._browser, self._pool = desk, browser, pool

    def all(self) -> tuple[Tool, ...]:
        """The tools, in the order in which they are listed."""
        about = self._desk.engine.about()
        scope = str(about["scope"])
        sample = next(iter(about["examples"]), "")
        return (
            Tool("ask", "Ask a question", f"Answer a question in plain words, with numbered sources. Scope: {scope} "
                 f"Example: {sample} What the sources do not state is said to be unknown.", Ask, Answered, self._ask),
            Tool("recommend", "Choose", "Rank things for stated needs, limits and wishes; each point of a score names its fact and source. "
                 "Limits (require, exclude) filter, wishes (prefer) count.", RecommendRequest, Recommended, self._recommend),
            Tool("compare", "Compare", "Put two to five things beside each other: rows that differ first, each cell cited.",
                 CompareRequest, Compared, self._compare),
            Tool("sparql", "Query", "Run a SPARQL 1.1 query that reads. The default graph holds the facts; each named graph is a passage "
                 "of a source and holds what it states.", Sparql, Solved, self._sparql),
            Tool("describe", "Describe", "Everything stated of one thing: facts, features by level, remarks, sources.",
                 Describe, Described, self._describe),
        )  # fmt: skip

    async def _ask(self, asked: Ask) -> Told:
        made = await self._desk.answer(asked.question, asked.after)
        result = Answered(
            text=made.text, abstained=made.abstained, names=made.names, rows=made.rows, understood=made.understood, sparql=made.sparql,
            suggestions=made.suggestions, sources=_cited(made.citations),
        )  # fmt: skip
        return _with_sources(made.text, made.citations), result

    async def _recommend(self, wanted: RecommendRequest) -> Told:
        made = await self._desk.recommend(wanted.needs, **wanted.model_dump(exclude={"needs"}))
        choices = [
            Candidate(
                name=c.name, score=c.score, missing=list(c.missing),
                reasons=[f"{k.criterion}: +{k.weight * k.value / c.out_of:.3f} for {k.fact} {_marks(k.cites)}" for k in c.contributions],
            )
            for c in made.choices[:CHOICES]
        ]  # fmt: skip
        used = {n for c in made.choices[:CHOICES] for k in c.contributions for n in k.cites}
        sources = [c for c in made.citations if c.number in used or f"[{c.number}]" in made.text]
        result = Recommended(
            text=made.text, choices=choices, close_call=made.close_call, would_change=made.would_change, left_out=list(made.left_out),
            sources=_cited(sources),
        )  # fmt: skip
        return _with_sources(made.text, sources), result

    async def _compare(self, wanted: CompareRequest) -> Told:
        made = await self._desk.compare(wanted.names, wanted.focus)
        return _with_sources(made.text, made.citations), Compared(text=made.text, rows=list(made.rows), sources=_cited(made.citations))

    async def _sparql(self, asked: Sparql) -> Told:
        request = Request(asked.query, "http://localhost/sparql", JSON_RESULTS, "text/turtle")
        reply = await to_thread.run_sync(self._pool.ask, request)
        if reply.media_type != JSON_RESULTS:
            text = reply.body.decode()
            return text, Solved(turtle=text)
        made = json.loads(reply.body)
        if "boolean" in made:
            return str(made["boolean"]).lower(), Solved(boolean=made["boolean"])
        found = [{name: _plain(term) for name, term in row.items()} for row in made["results"]["bindings"]]
        result = Solved(columns=made["head"]["vars"], rows=found[: asked.limit], more=len(found) > asked.limit)
        return _table(result), result

    async def _describe(self, asked: Describe) -> Told:
        result = await to_thread.run_sync(self._described, asked.name)
        lines = [f"{line.property}: {line.value} {_marks(line.sources)}" for line in (*result.facts, *result.features, *result.remarks)]
        return "\n".join([f"{result.name} ({', '.join(result.kinds)})", *lines]), result

    def _described(self, name: str) -> Described:
        thing = thing_of(self._browser, name)
        if thing is None:
            near = [t.label for t in self._browser.catalogue().nearest(name)[:3]]
            raise QueryError(f"nothing is called {name!r}" + (f"; the nearest names are {', '.join(near)}" if near else ""))
        return _described(self._browser.dossier(thing))


def _described(d: Dossier) -> Described:
    facts = [_line(r.label, s) for r in d.rows for s in r.values] + [_line("description", t) for t in d.texts]
    sayings = [(a.title, s) for a in d.aspects for s in a.sayings][:SAYINGS]
    remarks = [Line(property=a, value=f"According to {s.by}: {s.text}" if s.by else s.text, sources=list(s.cites)) for a, s in sayings]
    features = [_line(f.level, f.stated) for g in d.groups for f in g.features]
    used = {n for line in (*facts, *features, *remarks) for n in line.sources}
    return Described(
        name=d.title, iri=d.iri, kinds=_texts(d.classes), also_called=list(d.names), facts=facts,
        features=features, remarks=remarks, sources=[_source(number, s) for number, s in enumerate(d.sources, 1) if number in used],
    )  # fmt: skip


def _line(name: str, stated: Stated) -> Line:
    value = stated.value.text or stated.value.away
    return Line(property=name, value=f"not {value}" if stated.denied else value, sources=list(stated.cites))


def _texts(refs: tuple[Ref, ...]) -> list[str]:
    return [r.text for r in refs]


def _source(number: int, s: Source) -> Cited:
    return Cited(number=number, title=s.title, section=s.section, publisher=s.publisher, retrieved=s.retrieved, url=s.url)


def _cited(citations: Iterable[Citation]) -> list[Cited]:
    return [
        Cited(number=c.number, title=c.title, section=c.section, publisher=c.publisher, retrieved=c.retrieved, url=c.url) for c in citations
    ]


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


def _with_sources(text: str, citations: Sequence[Citation]) -> str:
    lines = bibliography(citations)
    return "\n".join([text, "", "Sources:", *lines]) if lines else text


def _plain(term: dict[str, Any]) -> str:
    return str(term["value"]) if not isinstance(term["value"], dict) else json.dumps(term["value"], ensure_ascii=False)


def _table(solved: Solved) -> str:
    rows = ["\t".join(row.get(name, "") for name in solved.columns) for row in solved.rows]
    return "\n".join(["\t".join(solved.columns), *rows, *(["... and more rows"] if solved.more else [])])
