"""How the name of a property reads in a sentence: 'X is managed by Y', 'X calls at Y', 'the length of X is Y'.

A name is a participle ('managed by'), a state ('part of', 'on line'), a verb ('calls at') or a noun ('length'); only its English
form is looked at.
"""

from __future__ import annotations

from typing import Literal as Choice

from assistant.words import BASE_FORMS, fold
from graph.schema import PropertyInfo

Form = Choice["participle", "state", "verb", "noun"]
ENDS = frozenset("by at in to on from with of against for since into under".split())
_VERBS = frozenset("uses has owns contains includes makes".split())
_HAVING = {"has": "have", "is": "are", "was": "were", "does": "do", "goes": "go"}


def form(label: str) -> Form:
    """What the name is."""
    words = fold(label).split()
    if not words:
        return "noun"
    past = words[0].endswith("ed") or words[0] in BASE_FORMS or words[-1] == "by"
    if words[-1] in ENDS and len(words) > 1:
        return "participle" if past else "verb" if words[0].endswith("s") and len(words[0]) > 3 else "state"
    if words[0] in ENDS and len(words) > 1:
        return "state"
    return "verb" if words[0] in _VERBS and len(words) > 1 else "noun"


def template(info: PropertyInfo, several: bool) -> str:
    """A statement of the property, with {p}, {s} and {o}."""
    if info.statement:
        return info.statement
    kind = form(info.named.label)
    if kind in ("participle", "state"):
        return "{s} is {p} {o}."
    if kind == "verb":
        return "{s} {p} {o}."
    return "The {p} of {s} are {o}." if several else "The {p} of {s} is {o}."


def truth(info: PropertyInfo, holds: bool) -> str:
    """A statement of a property that is true or false: '{s} is electrified.', '{s} has no step-free access.'"""
    words = fold(info.named.label).split()
    if len(words) > 1 and words[0].endswith("ed"):
        return f"{{s}} {'has' if holds else 'has not'} {info.named.label}."
    if words and (words[-1].endswith(("ed", "able", "ible", "free", "ive", "al", "ic")) or words[0] in BASE_FORMS):
        return f"{{s}} is {'' if holds else 'not '}{info.named.label}."
    return f"{{s}} has {'' if holds else 'no '}{info.named.label}."


def plural_truth(info: PropertyInfo, holds: bool) -> str:
    """The same as a clause about several: 'that are not electrified', 'that have step-free access'."""
    said = truth(info, holds).removeprefix("{s} ").removesuffix(".")
    first, _, rest = said.partition(" ")
    return f"that {_HAVING[first]} {rest}"


def clause(info: PropertyInfo, target: str, negated: bool = False, inverse: bool = False) -> str:
    """A clause about several things: 'that are managed by X', 'that X is managed by', 'whose length is X'."""
    label, no = info.named.label, "not " if negated else ""
    kind = form(label)
    if inverse and not negated and info.statement.startswith("{s} ") and info.statement.removesuffix(".").endswith(" {o}"):
        return f"that {target} {info.statement.removesuffix('.')[4:-4]}"
    if inverse:
        if kind == "noun":
            return f"that are {no}the {label} of {target}"
        verb = {"verb": f"{'does not ' if negated else ''}{_base(label) if negated else label}"}.get(kind, f"is {no}{label}")
        return f"that {target} {verb}"
    if kind in ("participle", "state"):
        return f"that are {no}{label} {target}"
    if kind == "verb":
        return f"that {'do not ' if negated else ''}{_base(label)} {target}"
    return f"whose {label} is {no}{target}"


def asked(info: PropertyInfo, things: str, several: bool, inverse: bool = False) -> str:
    """What is asked of things: 'the length of X', 'what X is made by', 'what X calls at'; inverse, 'what is made by X'."""
    label, kind = info.named.label, form(info.named.label)
    if kind == "noun":
        return f"the things whose {label} is {things}" if inverse else f"the {label} of {things}"
    if kind == "verb":
        return f"what {label} {things}" if inverse else f"what {things} {_base(label) if several else label}"
    return f"what is {label} {things}" if inverse else f"what {things} {'are' if several else 'is'} {label}"


def value_noun(info: PropertyInfo, kinds: list[str]) -> str:
    """What the values of a property are called: by its own name, or, where that is no noun ('made by'), by their kind."""
    return info.named.label if form(info.named.label) == "noun" or not kinds else kinds[0]


def _base(label: str) -> str:
    """'calls at' -> 'call at'."""
    first, _, rest = label.partition(" ")
    first = _HAVING.get(first, first[:-3] + "y" if first.endswith("ies") else first.removesuffix("s"))
    return f"{first} {rest}".strip()
