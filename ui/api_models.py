"""What programs send to /api/v1 and get from it, as models: they check requests and write the OpenAPI description."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.detect import MAX_CHARS

MAX_TURNS = 20  # of a history
MAX_NAMES = 20  # of needs, features or things in one request
MAX_NAME = 200  # characters

Question = Annotated[str, Field(min_length=1, max_length=MAX_CHARS, description="The question, in plain words.")]
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
Names = Annotated[list[Name], Field(max_length=MAX_NAMES)]


class Asked(BaseModel):
    """What all requests have in common: a field that nobody knows is a mistake, not a surprise."""

    model_config = ConfigDict(extra="forbid")


class Turn(BaseModel):
    """An earlier question, as ``turn`` of its answer gives it."""

    model_config = ConfigDict(extra="allow")
    question: Question
    choices: dict[str, str] = Field({}, description="What its mentions were settled to: span ('0:6') to IRI.")


class AnswerQuery(Asked):
    """A question in the address."""

    question: Question
    history: Annotated[list[Question], Field(max_length=MAX_TURNS, description="Earlier questions, oldest first.")] = []


class AnswerRequest(Asked):
    """A question with the turns before it."""

    question: Question
    history: Annotated[
        list[Question | Turn],
        Field(max_length=MAX_TURNS, description="Earlier turns, oldest first: questions, or 'turn' of their answers."),
    ] = []
    choices: dict[str, str] = Field(
        {},
        description="Settles mentions of the question: span ('0:6') to IRI, as a button of a clarification gives them;"
        " or what counts in a choice: IRI to 'required', 'preferred' or 'no'.",
    )


class RecommendRequest(Asked):
    """What a choice is wanted for. All names are those of the graph, any case, aliases too; all lists may be empty."""

    needs: Names = Field([], description="Kinds of project.")
    require: Names = Field([], description="Features or values without which a thing is left out.")
    prefer: Names = Field([], description="Features or values that count in favour of a thing.")
    among: Names = Field([], description="The things to choose from; none: all.")
    exclude: Names = Field([], description="Things that are out of the question.")


class CompareRequest(Asked):
    """Two to five things beside each other."""

    names: Annotated[list[Name], Field(min_length=2, max_length=5, description="The things, by name.")]
    focus: Names = Field([], description="Features or values that the comparison is about.")


class SearchQuery(Asked):
    """Words of a name."""

    q: Annotated[str, Field(min_length=1, max_length=MAX_NAME, description="A name or words of it; misspelt names find the nearest.")]
    limit: Annotated[int, Field(ge=1, le=100, description="How many to return.")] = 20


# ---------------------------------------------------------------- what comes back


class Told(BaseModel):
    """What all replies have in common: nothing is sent that the description does not name."""

    model_config = ConfigDict(extra="forbid")


class Fault(Told):
    """What was wrong: HTTP's number for it, a sentence with the remedy, and the fields that are meant."""

    status: int
    message: str
    fields: list[str] = []


class Failure(Told):
    """The body of every reply whose status is 400 or more."""

    error: Fault


class Term(Told):
    """An RDF term, as SPARQL 1.1 JSON results write it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    type: Literal["uri", "literal", "bnode"]
    value: str
    datatype: str | None = None
    language: str | None = Field(None, alias="xml:lang")


class Statement(Told):
    """A fact of the graph."""

    subject: Term
    predicate: Term
    object: Term


class Citation(Told):
    """A numbered source: [1] in a text is the citation whose number is 1."""

    number: int
    title: str
    url: str = Field(description="The address of the section, or ''.")
    section: str
    retrieved: str = Field(description="The day on which the source was opened, ISO 8601, or ''.")
    publisher: str
    kind: str
    version: str = Field(description="The version that the source speaks of, or ''.")
    passage: str = Field(description="The IRI of the passage: the named graph that holds the facts.")


class Evidence(Citation):
    """A citation with the facts that it supports."""

    facts: list[Statement]


class Sentence(Told):
    """A sentence of an answer, without its citation numbers, and the facts that it rests on."""

    text: str
    cites: list[int]
    tone: Literal["frame", "stated", "computed", "claimed", "contested", "not-stated"]
    block: Literal["prose", "bullet", "table"]
    facts: list[Statement]


class Button(Told):
    """A question to ask next; ``choices`` settle what was unclear."""

    label: str
    question: str
    choices: dict[str, str]


class Piece(Told):
    """A part of the question: its span, what it was taken as, what else it may be (IRI and label), and whether that was chosen."""

    span: str
    text: str
    iri: str
    label: str
    others: list[list[str]]
    chosen: bool


class Wanted(Told):
    """Something that a choice is asked to meet: what it is, how it counts, and which kind of project asks for it."""

    iri: str
    label: str
    kind: str = Field(description="project, feature, value, kind, order, known or excluded.")
    standing: str = Field(description="required, preferred, wanted, out or no.")
    brought_by: str = Field(description="The kind of project that asks for it; '' where the question itself does.")
    settled: bool = Field(description="Whether 'choices' say so.")


class Answer(Told):
    """An answer; the same as ``Answer.to_dict()`` in Python."""

    question: str
    kind: str
    text: str = Field(description="Markdown; every sentence that states a fact ends with its citation numbers.")
    names: list[str] = Field(description="The labels of the things that are the answer.")
    rows: list[dict[str, str]] = Field(description="The table behind the answer.")
    citations: list[Evidence]
    sparql: str = Field(description="The query whose solutions are the answer; '' where remarks answer.")
    queries: list[str]
    understood: str = Field(description="The question as understood, in plain English.")
    suggestions: list[str]
    buttons: list[Button]
    pieces: list[Piece]
    wanted: list[Wanted]
    choosing: bool = Field(description="Whether the answer chooses between things, so that 'choices' may say what counts.")
    sentences: list[Sentence]
    abstained: bool = Field(description="Whether the graph does not know; the text says why.")
    turn: dict[str, Any] = Field(description="To be sent in 'history' with a question that follows.")
    confidence: float


class Contribution(Told):
    """What one criterion adds to a score: weight times value, for a cited fact."""

    criterion: str
    weight: float
    value: float
    fact: str
    cites: list[int]


class Choice(Told):
    """A thing with its score: the sum of its contributions over ``out_of``."""

    name: str
    score: float
    out_of: float
    contributions: list[Contribution]
    missing: list[str] = Field(description="Criteria for which nothing is stated.")


class Recommendation(Told):
    """A choice, best first; the same as ``Recommendation.to_dict()`` in Python."""

    needs: list[str]
    required: list[str]
    preferred: list[str]
    choices: list[Choice]
    close_call: bool = Field(description="Whether a small change of one weight would change the first.")
    would_change: str = Field(description="The smallest change of one weight that puts another first, or ''.")
    left_out: list[str] = Field(description="Things that a limit rejects.")
    text: str
    citations: list[Citation]


class Comparison(Told):
    """Things beside each other; the same as ``Comparison.to_dict()`` in Python. A row maps each name to its cell, '' to its label."""

    names: list[str]
    rows: list[dict[str, str]]
    text: str
    citations: list[Citation]


class Found(Told):
    """A thing that a search found."""

    id: str = Field(description="To be put after /api/v1/entities/ and /id/.")
    iri: str
    label: str


class Finds(Told):
    """What a search found, best first."""

    q: str
    total: int
    results: list[Found]
