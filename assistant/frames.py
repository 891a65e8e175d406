"""What a candidate reading would answer, before ranking: one frame a kind of question."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.scan import Scan
from assistant.types import Kind, Link, Part, QueryGraph
from graph.types import Iri


@dataclass(frozen=True, slots=True)
class Constraint:
    """One condition on a variable or thing: its parts, its English, the mentions and operators it explains.

    ``feature`` and ``levels`` are set where it asks for a level of a feature; ``wanted`` is the linked thing,
    ``via`` the properties of the path that leads to it.
    """

    parts: tuple[Part, ...]
    english: str
    mentions: frozenset[int] = frozenset()
    tokens: frozenset[int] = frozenset()
    negated: bool = False
    cost: float = 0.0
    property: Iri | None = None
    wanted: Link | None = None
    levels: tuple[Iri, ...] = ()
    inverse: bool = False
    via: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True)
class FactFrame:
    """property values of each anchor (``inverse``: the subjects that point at it)."""

    anchors: tuple[Iri, ...]
    properties: tuple[Iri, ...]
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class ListFrame:
    """The things of a class that meet the constraints (also counts and superlatives).

    ``exists``: the ask is whether there is any. ``columns`` are properties asked for beside the things. ``valued``: the
    values by which they are ordered are asked for, too. ``values``: what is listed are values of a property of things.
    """

    noun: str
    cls: Iri | None
    constraints: tuple[Constraint, ...] = ()
    order_property: Iri | None = None
    descending: bool = False
    limit: int | None = None
    any_of: bool = False
    among: tuple[Iri, ...] = ()
    said: str = ""
    offset: int = 0
    exists: bool = False
    columns: tuple[Iri, ...] = ()
    valued: bool = False
    values: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a thing: a property, or two of them joined by + - * /; ``label`` as a reader would say it."""

    properties: tuple[Iri, ...]
    op: str
    label: str


@dataclass(frozen=True, slots=True)
class TableFrame:
    """Numbers over the things of a class that meet the constraints.

    ``function``: count, share, sum, avg, min, max, or 'each' (the measure of every thing). ``by_noun`` names what groups
    them ('' where nothing does). ``extreme`` asks for the groups at one end only, ``limit`` of them from ``offset`` on, and
    ``valued`` for their numbers, too. ``whole`` is that of a share, ``given`` what limits it.
    """

    noun: str
    cls: Iri | None
    function: str
    measure: Measure | None = None
    by_noun: str = ""
    said: str = ""
    extreme: bool = False
    descending: bool = True
    limit: int | None = None
    offset: int = 0
    whole: QueryGraph | None = None
    valued: bool = False
    given: str = ""


@dataclass(frozen=True, slots=True)
class SumFrame:
    """A figure computed of the properties of one thing, or of one property of two things."""

    subjects: tuple[Iri, ...]
    properties: tuple[Iri, ...]
    label: str


@dataclass(frozen=True, slots=True)
class CommonFrame:
    """What several things share (``lacks`` empty), or what the first has and ``lacks`` has not; ``absent``: what all lack.

    ``unstated``: what is not stated of the other counts, too.
    """

    subjects: tuple[Iri, ...]
    lacks: Iri | None = None
    features: bool = False
    absent: bool = False
    unstated: bool = False


@dataclass(frozen=True, slots=True)
class EveryFrame:
    """Whether all things of a class that meet ``given`` meet ``asked``, too."""

    noun: str
    cls: Iri
    given: tuple[Constraint, ...]
    asked: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class VerdictFrame:
    """Whether a thing meets the constraints: yes, no or not stated."""

    subject: Iri
    constraints: tuple[Constraint, ...]
    any_of: bool = False
    sole: bool = False  # 'a pure X': whether it meets them and nothing else of the kind


@dataclass(frozen=True, slots=True)
class SinceFrame:
    """Since when (or how) a thing has a feature: the qualifiers of the statement."""

    subject: Iri
    feature: Iri


@dataclass(frozen=True, slots=True)
class ProfileFrame:
    """What a thing is: its definition or description, then its headline facts."""

    subject: Iri
    define: bool


@dataclass(frozen=True, slots=True)
class CompareFrame:
    """Two to five things beside each other; ``focus`` is a property, feature or aspect asked about.

    ``unknown``: what was named beside them and links to nothing.
    """

    subjects: tuple[Iri, ...]
    focus: tuple[Iri, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemarkFrame:
    """Remarks found by meaning: indexes into the remark index with their scores.

    ``supply``: the thing and the feature of 'how do I get X in Y', whose level and suppliers are told first.
    """

    hits: tuple[tuple[int, float], ...]
    anchors: tuple[Iri, ...] = ()
    verdict: bool = False
    listing: bool = False
    supply: tuple[Iri, Iri] | None = None


@dataclass(frozen=True, slots=True)
class RecommendFrame:
    """A choice for stated needs: features and values required or preferred, things excluded or offered.

    ``low`` and ``high`` are ordered properties of which less, or more, is wanted ('a lighter one'). ``among``: kinds of thing,
    of which a choice must be one. ``known``: things that the asker knows already. ``waived``: what no kind of project may
    bring in, because the asker settled it. ``noun``: the kind by which what is chosen is called, where that says hardly more than
    the name of the whole class; kinds that the needs bring come before it. ``judged``: aspects (or
    quantities, where one is named) in which what is sought is to be good ('a fast one'): the figures are told, and counted only
    where one census gives them.
    """

    needs: tuple[Iri, ...] = ()
    required: tuple[Constraint, ...] = ()
    preferred: tuple[Constraint, ...] = ()
    options: tuple[Iri, ...] = ()
    current: Iri | None = None
    excluded: tuple[Iri, ...] = ()
    low: Iri | None = None
    high: Iri | None = None
    among: tuple[Iri, ...] = ()
    known: tuple[Iri, ...] = ()
    waived: tuple[Iri, ...] = ()
    noun: Iri | None = None
    judged: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveFrame:
    """Whether to leave a thing: for which others, for the sake of what, and the words in which that is asked.

    ``dead``: it is asked whether the thing is still kept up. ``topics``: other things that the question speaks of. ``judged``:
    aspects or quantities for the sake of which it is asked.
    """

    current: Iri
    targets: tuple[Iri, ...] = ()
    wanted: tuple[Constraint, ...] = ()
    needs: tuple[Iri, ...] = ()
    topics: tuple[Iri, ...] = ()
    text: str = ""
    dead: bool = False
    judged: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True)
class AdviceFrame:
    """Whether a thing is a good choice: whom it suits, what speaks for and against it, whether it is kept up."""

    subject: Iri


@dataclass(frozen=True, slots=True)
class ContestedFrame:
    """What sources disagree on about a thing."""

    subject: Iri


@dataclass(frozen=True, slots=True)
class AlikeFrame:
    """What is most like a thing; ``kept_up``: what may take its place, of the same kind and still alive.

    ``beside``: things named next to it, of which none is told. ``low`` and ``high`` are ordered properties of which less, or
    more, is wanted ('a lighter alternative'). Further conditions stand in the candidate's query graph; ``given`` says them.
    ``only``: the things to which alone it is held ('is X like Y?'). ``called``: the name that the question uses.
    """

    subject: Iri
    kept_up: bool = True
    beside: tuple[Iri, ...] = ()
    low: Iri | None = None
    high: Iri | None = None
    given: str = ""
    only: tuple[Iri, ...] = ()
    called: str = ""


@dataclass(frozen=True, slots=True)
class TiesFrame:
    """How two things are related: what joins them, at once or by way of others."""

    subjects: tuple[Iri, Iri]


@dataclass(frozen=True, slots=True)
class StandInFrame:
    """Whether ``new`` can take the place of ``old``; ``text`` is the question."""

    new: Iri
    old: Iri
    text: str = ""


@dataclass(frozen=True, slots=True)
class MeasureFrame:
    """Measurements: of the ``subjects``, or, without any, which things of ``cls`` (that meet ``constraints``) stand at one end.

    ``quantities`` are what was measured, the first meant most; ``tests`` limit where, ``given`` under which circumstances, ``when``
    at what date (its first letters). ``descending``: the high end is asked for, None where none is. ``asks``: a verdict ('yes-no'),
    whether one thing is the 'first' of all, whether sources 'agree', how a figure 'grew', or the one circumstance that is asked
    for (its IRI). ``without``: benchmarks that are named and of which there are no figures; ``undated``: words for a time that no
    figure is known to fall in. ``bound`` keeps the figures that are so (('>', 10000.0)).
    """

    subjects: tuple[Iri, ...]
    quantities: tuple[Iri, ...]
    tests: tuple[Iri, ...] = ()
    given: tuple[tuple[Iri, str], ...] = ()
    when: str = ""
    descending: bool | None = None
    asks: str = ""
    limit: int = 1
    bound: tuple[str, float] | None = None
    cls: Iri | None = None
    constraints: tuple[Constraint, ...] = ()
    without: tuple[Iri, ...] = ()
    undated: str = ""


Frame = (
    FactFrame
    | ListFrame
    | TableFrame
    | SumFrame
    | CommonFrame
    | EveryFrame
    | VerdictFrame
    | SinceFrame
    | ProfileFrame
    | CompareFrame
    | RemarkFrame
    | RecommendFrame
    | MoveFrame
    | AdviceFrame
    | ContestedFrame
    | AlikeFrame
    | TiesFrame
    | StandInFrame
    | MeasureFrame
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading before ranking. ``mentions`` and ``tokens`` are what it explains (indexes).

    ``edit`` says what a follow-up did to the reading before, ``scan`` is the ask that it reads where that is an earlier one.
    """

    kind: Kind
    frame: Frame
    english: str
    graph: QueryGraph | None = None
    mentions: frozenset[int] = frozenset()
    tokens: frozenset[int] = frozenset()
    links: tuple[tuple[int, Link], ...] = ()
    cost: float = 0.0
    fit: float = 0.0
    features: dict[str, float] = field(default_factory=dict)
    edit: str = ""
    scan: Scan | None = None
