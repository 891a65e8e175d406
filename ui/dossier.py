"""Everything known about one thing, ready to be shown: frozen records between the reader of the graph and the page."""

from __future__ import annotations

from dataclasses import dataclass

from graph.types import Source


@dataclass(frozen=True, slots=True)
class Ref:
    """A term as a reader sees it: its text, and where it leads: a page of ours (``href``) or an address of the web (``away``)."""

    text: str
    href: str = ""
    away: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What qualifies a statement: since when, measured how. A ``label`` of '' is a note that stands alone."""

    label: str
    value: Ref
    cites: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """A value and the numbers of its sources.

    ``computed``: by a rule. ``denied``: the sources say that it does not hold. ``by``: who says it, where others say otherwise.
    ``rivals``: what other sources state instead.
    """

    value: Ref
    cites: tuple[int, ...] = ()
    computed: bool = False
    denied: bool = False
    qualifiers: tuple[Qualifier, ...] = ()
    rivals: tuple[Stated, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values; none is a gap: nothing states it."""

    label: str
    values: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature at a level; ``rank`` orders levels, 0 is 'not there'. A rival's level stands in its value."""

    level: str
    rank: int
    stated: Stated


@dataclass(frozen=True, slots=True)
class Group:
    """Features of one kind, and those of them that nothing states."""

    title: str
    features: tuple[Feature, ...]
    gaps: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """A remark, or a claim of the publisher ``by``. ``tags``: what it answers, suits and is also about."""

    text: str
    cites: tuple[int, ...] = ()
    by: str = ""
    language: str = ""
    tags: tuple[tuple[str, tuple[Ref, ...]], ...] = ()
    disputes: tuple[Saying, ...] = ()
    disputed_by: tuple[Saying, ...] = ()


@dataclass(frozen=True, slots=True)
class Aspect:
    """Sayings about one aspect; ``defines``: it says what the thing is."""

    title: str
    sayings: tuple[Saying, ...]
    defines: bool = False


@dataclass(frozen=True, slots=True)
class Pointers:
    """Things that point here by one property, said as ``sentence`` ('… is released under X'). ``more`` leads to all of them."""

    sentence: str
    things: tuple[Stated, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A thing: names, classes, and all that is stated of it by group. A mark n stands for ``sources[n - 1]``."""

    iri: str
    title: str
    classes: tuple[Ref, ...]
    names: tuple[str, ...]
    texts: tuple[Stated, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    aspects: tuple[Aspect, ...]
    pointers: tuple[Pointers, ...]
    sources: tuple[Source, ...]
