"""Choices and comparisons as objects, for programs: the same computation that the answers tell.

>>> from assistant import recommend
>>> recommend("REST API", require=["WebSockets"]).choices[0].name      # doctest: +SKIP
'FastAPI'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from assistant.compare import Cells
from assistant.detect import tokenize
from assistant.draft import Draft
from assistant.frames import AlikeFrame, CompareFrame, Constraint, RecommendFrame, TiesFrame
from assistant.pipeline import Assistant, shipped
from assistant.types import AssistantError, Citation, Link, source_dict
from assistant.weigh import Score
from graph.terms import FG
from graph.types import Fact, GraphError, Iri

MOST_COMPARED = 5  # things beside each other

P = ParamSpec("P")
T = TypeVar("T")


class ChoiceNameError(AssistantError):
    """A need, feature, value or thing that the graph does not know; the message names it and the nearest name."""


@dataclass(frozen=True, slots=True)
class _Cited:
    """What is told with its sources: any of the results below."""

    text: str = field(kw_only=True)
    citations: tuple[Citation, ...] = field(kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able data."""
        data = asdict(replace(self, citations=()))
        told = {"text": data.pop("text"), "citations": [source_dict(c) for c in self.citations]}
        return {**data, **told}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one criterion added: ``weight`` times ``value`` (0 to 1), with the numbers of the citations of its fact."""

    criterion: str
    weight: float
    value: float
    fact: str
    cites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A thing with its score, which is the sum of its contributions over ``out_of``, and what is not stated for it."""

    name: str
    score: float
    out_of: float
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation(_Cited):
    """What was asked for, all things that meet the limits, best first, what would change the order, and the sources."""

    needs: tuple[str, ...]
    required: tuple[str, ...]
    preferred: tuple[str, ...]
    choices: tuple[Choice, ...]
    close_call: bool
    would_change: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison(_Cited):
    """Two to five things beside each other: ``rows`` as label -> cell, those that differ first, with the text and the sources."""

    names: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What is stated of one thing: its text, the numbers of its citations, and the rank of a feature's level (0: not there)."""

    text: str
    cites: tuple[int, ...]
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row: a cell for each thing, None where nothing is stated. ``feature`` is the IRI of what has levels, '' for a property."""

    label: str
    cells: tuple[Cell | None, ...]
    feature: str = ""

    @property
    def stated(self) -> tuple[Cell, ...]:
        return tuple(c for c in self.cells if c)

    @property
    def differs(self) -> bool:
        return len({c.text for c in self.stated}) > 1


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    """Everything stated of two to five things beside each other: lines that differ first, then those alike, then what one alone has."""

    names: tuple[str, ...]
    iris: tuple[str, ...]
    lines: tuple[Line, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A thing that is like another: ``likeness`` 0 to 1, and the rows of the table that the answer shows."""

    name: str
    likeness: float
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Alternatives(_Cited):
    """What is like a thing, nearest first, what was left out as no longer kept up, with the text and the sources."""

    name: str
    found: tuple[Alternative, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation(_Cited):
    """How two things are related: ``paths`` as names from the one to the other (two where a statement joins them at once)."""

    names: tuple[str, str]
    paths: tuple[tuple[str, ...], ...]


def _alone(call: Callable[P, T]) -> Callable[P, T]:
    """The call under the assistant's lock: what is compiled on first use, and the caches, are shared with its answers."""

    @wraps(call)
    def locked(*args: P.args, **how: P.kwargs) -> T:
        me = how.get("assistant") or shipped()
        assert isinstance(me, Assistant)
        with me.lock:
            return call(*args, **how)

    return locked


@_alone
def recommend(
    *needs: str,
    require: Sequence[str] = (),
    prefer: Sequence[str] = (),
    among: Sequence[str] = (),
    exclude: Sequence[str] = (),
    waive: Sequence[str] = (),
    kinds: Sequence[str] = (),
    assistant: Assistant | None = None,
) -> Recommendation:
    """A choice for named kinds of project, required and preferred features or values, among offered things or all.

    ``waive`` names what no kind of project may ask for: a feature given as preferred, too, is then preferred and not required.
    ``kinds``: the kinds of thing to choose from, where not those that the kinds of project, or every choice, choose from.
    Raises ChoiceNameError for a name that the graph does not know.
    """
    me = assistant or shipped()
    find = _Finder(me)
    frame = RecommendFrame(
        tuple(find.one(n, "need").iri for n in needs), tuple(find.wish(n) for n in require), tuple(find.wish(n) for n in prefer),
        tuple(find.one(n, "entity").iri for n in among), None, tuple(find.one(n, "entity").iri for n in exclude),
        among=tuple(find.one(n, "entity").iri for n in kinds), waived=tuple(find.one(n, "entity").iri for n in waive),
    )  # fmt: skip
    made = me.responder.recommender
    draft = Draft(me.graph)
    scored = made.scores(draft, frame)
    ranked = scored[0]
    made.recommend(draft, frame, scored)
    flip = made.weigher.flip(ranked)
    label = me.lexicon.label
    change = f"{label(flip.criterion.target)} {flip.share:+.0%}: {label(flip.thing)}" if flip else ""
    tied = len(ranked) > 1 and ranked[0].total == ranked[1].total
    out = made.weigher.left_out(draft, frame)
    choices = tuple(_choice(me, draft, s) for s in ranked)
    return Recommendation(
        tuple(label(n) for n in frame.needs), tuple(c.english for c in frame.required), tuple(c.english for c in frame.preferred),
        choices, tied or bool(flip and flip.close), change, tuple(label(t) for t in sorted(out)),
        text=draft.text(), citations=tuple(draft.citations()),
    )  # fmt: skip


@_alone
def compare(*names: str, focus: Sequence[str] = (), assistant: Assistant | None = None) -> Comparison:
    """Two to five things beside each other. Raises ChoiceNameError for an unknown name, ValueError for another number of things."""
    if not 2 <= len(names) <= MOST_COMPARED:
        raise ValueError(f"{len(names)} things were given to compare; give two to five")
    me = assistant or shipped()
    find = _Finder(me)
    draft = Draft(me.graph)
    frame = CompareFrame(tuple(find.one(n, "entity").iri for n in names), tuple(find.one(f, "entity").iri for f in focus))
    out = me.responder.comparer.compare(draft, frame)
    return Comparison(tuple(out.names), tuple(dict(r) for r in out.rows), text=draft.text(), citations=tuple(draft.citations()))


@_alone
def comparison_table(*names: str, assistant: Assistant | None = None) -> ComparisonTable:
    """Two to five things, named or by IRI, in all that is stated of them, each cell cited. Raises as ``compare`` does."""
    if not 2 <= len(names) <= MOST_COMPARED:
        raise ValueError(f"{len(names)} things were given to compare; give two to five")
    me = assistant or shipped()
    find, draft = _Finder(me), Draft(me.graph)
    frame = CompareFrame(tuple(find.thing(n) for n in names))
    rows = me.responder.comparer.table(draft, frame)
    lines = tuple(_line(me, draft, frame, label, cells) for label, cells in rows)
    labels = tuple(me.lexicon.named(s) or me.lexicon.label(s) for s in frame.subjects)
    return ComparisonTable(labels, tuple(s.value for s in frame.subjects), lines, tuple(draft.citations()))


def _line(me: Assistant, draft: Draft, frame: CompareFrame, label: str, cells: Cells) -> Line:
    ranks = me.schema.ranks
    made = []
    for subject in frame.subjects:
        text, facts = cells.get(subject, ("", []))
        made.append(Cell(text, draft.cite(facts), ranks.get(facts[0].predicate)) if facts else None)
    levels = [f.object for _, facts in cells.values() for f in facts if f.predicate in ranks]
    return Line(label, tuple(made), levels[0].value if levels else "")


@_alone
def alternatives(name: str, *, kept_up: bool = True, assistant: Assistant | None = None) -> Alternatives:
    """What may take the place of a thing, nearest first; with ``kept_up`` False what is most like it, alive or not.

    Raises ChoiceNameError for a name that the graph does not know. The measure: ``graph.network``.
    """
    me = assistant or shipped()
    draft = Draft(me.graph)
    frame = AlikeFrame(_Finder(me).one(name, "entity").iri, kept_up)
    found = me.responder.likeness.find(draft, frame)
    out = me.responder.likeness.tell(draft, frame)
    label = me.lexicon.label
    rows = [{k: v for k, v in r.items() if k not in ("thing", "likeness")} for r in out.rows]
    made = tuple(Alternative(label(k.thing), k.score, row) for k, row in zip(found.kin, rows, strict=False))
    left = tuple(label(k.thing) for k, _ in found.left_out)
    return Alternatives(label(frame.subject), made, left, text=draft.text(), citations=tuple(draft.citations()))


@_alone
def related(one: str, other: str, *, assistant: Assistant | None = None) -> Relation:
    """How two things are related: direct statements, then the most informative paths. Raises ChoiceNameError for an unknown name."""
    me = assistant or shipped()
    find, draft = _Finder(me), Draft(me.graph)
    a, b = find.one(one, "entity").iri, find.one(other, "entity").iri
    ties = me.responder.ties
    ties.tell(draft, TiesFrame((a, b)))
    names = (me.lexicon.label(a), me.lexicon.label(b))
    return Relation(names, ties.routes(a, b), text=draft.text(), citations=tuple(draft.citations()))


class _Finder:
    """Names to things of one graph."""

    def __init__(self, me: Assistant) -> None:
        self.me = me

    def thing(self, name: str) -> Iri:
        """A thing by its IRI or its name."""
        iri = Iri(name)
        if iri in self.me.lexicon.labels:
            return iri
        try:  # what is not compiled, for there are many of it, is in the graph
            known = ":" in name and self.me.graph.query(f"ASK {self.me.graph.wrap(f'{iri.n3} ?p ?o')}").boolean
        except GraphError:  # a name that makes no IRI
            known = False
        return iri if known else self.one(name, "entity").iri

    def one(self, name: str, kind: str) -> Link:
        tokens = tokenize(name)
        mentions = self.me.linker.mentions(tokens, name)
        whole = [m for m in mentions if m.start <= tokens[0].start and m.end >= tokens[-1].end]
        links = [n for m in whole for n in m.links if n.kind == kind]
        if links:
            return links[0]
        near = self.me.linker.nearest(name)
        raise ChoiceNameError(f"the graph knows no {kind} {name!r}" + (f"; the nearest name is {near!r}" if near else ""))

    def wish(self, name: str) -> Constraint:
        link = self.one(name, "entity")
        levels = self.me.schema.default_levels() if self.me.lexicon.is_a(link.iri, FG.Feature) else ()
        return Constraint((), link.label, wanted=link, levels=levels)


def _choice(me: Assistant, draft: Draft, score: Score) -> Choice:
    label = me.lexicon.label
    made = tuple(Contribution(label(c.target), c.weight, round(v, 4), _said(me, f), draft.cite([f])) for c, v, f in score.met)
    return Choice(label(score.thing), score.total, round(score.out_of, 4), made, tuple(label(c.target) for c in score.missing))


def _said(me: Assistant, fact: Fact) -> str:
    what = me.lexicon.label(fact.object) if isinstance(fact.object, Iri) else str(fact.object)
    if fact.predicate == FG.says or not isinstance(fact.subject, Iri):
        return what
    level = me.schema.levels.get(fact.predicate)
    how = level.named.label if level else me.lexicon.label(fact.predicate)
    return f"{me.lexicon.label(fact.subject)}: {how}: {what}"
