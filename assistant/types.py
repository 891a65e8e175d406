"""What flows through the pipeline. A reader who knows these types knows the architecture.

Question -> asks -> mentions -> links -> query graphs -> readings -> solutions -> evidence -> Answer.

Errors::

    AssistantError
    ├── HistoryError     a turn of the history that is neither text nor a turn of ours
    └── ChoiceError      a choice whose span is not in the question or whose IRI the graph does not know
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from graph.types import Fact, Iri, Term
from graph.types import Literal as RdfLiteral

Kind = Literal[
    "fact", "list", "yes-no", "count", "comparison", "definition", "remark", "recommendation",
    "clarification", "greeting", "abstention",
]  # fmt: skip
Tone = Literal["frame", "stated", "computed", "claimed", "contested", "not-stated"]
LinkKind = Literal["entity", "class", "property", "level", "aspect", "need", "value"]


class AssistantError(Exception):
    """Anything a caller did wrong; the message names the value and the remedy."""


class HistoryError(AssistantError):
    """A turn of the history that is neither text nor a turn of ours."""


class ChoiceError(AssistantError):
    """A choice whose span is not in the question or whose IRI the graph does not know."""


# ---------------------------------------------------------------- the question


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the question: its span, its casefolded form and its stem."""

    start: int
    end: int
    norm: str
    stem: str


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that a mention may mean. ``score`` is 0 to 1; ``how`` says how it was found.

    A value link names the property that holds the literal and the literal itself.
    """

    iri: Iri
    label: str
    kind: LinkKind
    score: float
    how: str = "label"
    value: RdfLiteral | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of the question with its candidate links, best first."""

    start: int
    end: int
    links: tuple[Link, ...]

    @property
    def best(self) -> Link:
        return self.links[0]

    def text(self, question: str) -> str:
        return question[self.start : self.end]


# ---------------------------------------------------------------- the query graph (a typed algebra)


@dataclass(frozen=True, slots=True)
class Var:
    """A variable of a query graph."""

    name: str


Node = Var | Iri | RdfLiteral


@dataclass(frozen=True, slots=True)
class Edge:
    """subject --one of these properties--> object; where there are several, ``by`` names the variable that binds which."""

    subject: Node
    properties: tuple[Iri, ...]
    object: Node
    by: str = ""


@dataclass(frozen=True, slots=True)
class IsA:
    """node is of one of these classes."""

    node: Node
    classes: tuple[Iri, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A filter on a variable: = != < <= > >= against a literal or another variable; years compare with dates."""

    var: Var
    op: str
    value: RdfLiteral | Var


@dataclass(frozen=True, slots=True)
class OneOf:
    """node is one of these."""

    node: Var
    values: tuple[Iri | RdfLiteral, ...]


@dataclass(frozen=True, slots=True)
class Exclude:
    """node is none of these."""

    node: Var
    values: tuple[Iri, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """None of the solutions of ``parts``."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """A solution of any of the groups."""

    groups: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """Bound where it can be (OPTIONAL)."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Bind:
    """A new variable from two others: left ``op`` right, ``op`` one of + - * /, or 'days' or 'years' between two dates.

    ``factor`` multiplies the outcome (a unit changed into another).
    """

    var: Var
    op: str
    left: Var
    right: Var
    factor: float = 1.0


Part = Edge | IsA | Compare | OneOf | Exclude | Not | Or | Maybe | Bind


@dataclass(frozen=True, slots=True)
class Order:
    """By the values of a variable."""

    var: Var
    descending: bool = False


@dataclass(frozen=True, slots=True)
class QueryGraph:
    """The logical form: what is asked, before SPARQL.

    ``target`` is the variable asked for; ``columns`` what is projected (target first); ``count`` asks for the number
    of targets. With a ``group`` there is one row per value of that variable. ``aggregate`` (SUM, AVG, MIN or MAX) is taken
    of the last column, once a target; else targets are counted. ``having`` keeps the groups whose number is so; ``bare``
    projects the groups without their numbers.
    """

    target: Var
    where: tuple[Part, ...]
    columns: tuple[Var, ...] = ()
    ask: bool = False
    count: bool = False
    group: Var | None = None
    aggregate: str = ""
    having: tuple[str, str] | None = None
    bare: bool = False
    order: Order | None = None
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question: a query graph or a remark look-up, its plain English, its score, its SPARQL."""

    kind: Kind
    english: str
    score: float
    sparql: str = ""
    graph: QueryGraph | None = None
    mentions: tuple[Mention, ...] = ()
    features: tuple[tuple[str, float], ...] = ()


# ---------------------------------------------------------------- the answer


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer: its words (no citation numbers), what it rests on, and its tone.

    ``block`` keeps Markdown blocks (a table, a bullet) apart from running prose.
    """

    text: str
    facts: tuple[Fact, ...] = ()
    cites: tuple[int, ...] = ()
    tone: Tone = "stated"
    block: Literal["prose", "bullet", "table"] = "prose"


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered source of an answer and the facts it supports."""

    number: int
    title: str
    url: str
    section: str
    retrieved: str
    publisher: str
    kind: str
    version: str
    passage: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A linked piece of the question, as a chip: its span, what it was taken as, what else it may be, whether that was chosen."""

    span: str
    text: str
    iri: str
    label: str
    others: tuple[tuple[str, str], ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that a choice is asked to meet, as a chip: what it is, and how it counts.

    ``kind``: project, feature, value, kind (of thing), order (less or more of a property), known (already) or excluded.
    ``standing``: required, preferred, wanted (of a move, where both count alike), out (ruled out) or no (settled away).
    ``brought_by``: the kind of project that asks for it; '' where the question itself does. ``settled``: whether the asker's
    choices say so.
    """

    iri: str
    label: str
    kind: str
    standing: str
    brought_by: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button: what it says and the question it asks (``choices`` settle a clarification)."""

    label: str
    question: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """A short answer in which every sentence that states a fact is cited.

    text         Markdown, the answer only
    names        labels of the things that are the answer, in order
    rows         the table behind the answer
    citations    numbered sources with the facts they support
    sparql       the one query whose solutions are the answer; ``queries``: all that were run
    understood   the question as understood, in plain English
    pieces       the linked pieces of the question; ``wanted``: what a choice was asked to meet
    choosing     whether it chooses between things, so that ``choices`` may say what counts
    turn         JSON-able: the question and the choices made; ``history`` takes it
    """

    question: str
    kind: Kind
    text: str
    sentences: tuple[Sentence, ...] = ()
    names: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    sparql: str = ""
    queries: list[str] = field(default_factory=list)
    understood: str = ""
    suggestions: list[str] = field(default_factory=list)
    buttons: tuple[Suggestion, ...] = ()
    pieces: tuple[Piece, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    choosing: bool = False
    abstained: bool = False
    turn: dict[str, Any] = field(default_factory=dict)
    confidence: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-able data; the same as ``framegraph ask --json``."""
        return {
            "question": self.question,
            "kind": self.kind,
            "text": self.text,
            "names": list(self.names),
            "rows": [dict(row) for row in self.rows],
            "citations": [_citation_dict(c) for c in self.citations],
            "sparql": self.sparql,
            "queries": list(self.queries),
            "understood": self.understood,
            "suggestions": list(self.suggestions),
            "buttons": [{"label": b.label, "question": b.question, "choices": dict(b.choices)} for b in self.buttons],
            "pieces": [
                {"span": p.span, "text": p.text, "iri": p.iri, "label": p.label, "others": [list(o) for o in p.others], "chosen": p.chosen}
                for p in self.pieces
            ],
            "wanted": [asdict(w) for w in self.wanted],
            "choosing": self.choosing,
            "sentences": [
                {"text": s.text, "cites": list(s.cites), "tone": s.tone, "block": s.block, "facts": [_fact_dict(f) for f in s.facts]}
                for s in self.sentences
            ],
            "abstained": self.abstained,
            "turn": self.turn,
            "confidence": round(self.confidence, 3),
        }


def _term_dict(term: Term) -> dict[str, str]:
    if isinstance(term, Iri):
        return {"type": "uri", "value": term.value}
    if isinstance(term, RdfLiteral):
        extra = {"xml:lang": term.language} if term.language else {"datatype": term.datatype}
        return {"type": "literal", "value": term.value, **extra}
    return {"type": "bnode", "value": term.value}


def _fact_dict(fact: Fact) -> dict[str, Any]:
    return {"subject": _term_dict(fact.subject), "predicate": _term_dict(fact.predicate), "object": _term_dict(fact.object)}


def source_dict(c: Citation) -> dict[str, Any]:
    """A citation as JSON-able data, without the facts it supports."""
    return {
        "number": c.number, "title": c.title, "url": c.url, "section": c.section, "retrieved": c.retrieved,
        "publisher": c.publisher, "kind": c.kind, "version": c.version, "passage": c.passage,
    }  # fmt: skip


def _citation_dict(c: Citation) -> dict[str, Any]:
    return {**source_dict(c), "facts": [_fact_dict(f) for f in c.facts]}
