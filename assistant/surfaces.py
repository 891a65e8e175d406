"""Other ways to say the name of a property, read from the name itself: 'managed by' is asked with 'who manages', 'line
length' with 'length', 'date of first ascent' with 'first ascent'.

Only English is known here. A dataset that writes phrasings of its own for a property is taken at its word.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.wording import PLAIN, Wording
from assistant.words import BASE_FORMS, MEASURES, fold
from graph.schema import PropertyInfo

PART = 0.86  # score of a name that is a part of the whole name
MEANT = 0.8  # score of a verb that asks for a measure ('cost' for a price)
_GENERIC = frozenset("number date year day time amount count value total".split())
_DATED = frozenset("date year day time".split())
_BEHIND = frozenset("by at in to on from with of against for since into".split())
_INNER = frozenset("of in per for".split())
_STATES = frozenset("access status state flag available availability".split())


def surfaces(info: PropertyInfo, wording: Wording = PLAIN) -> dict[str, float]:
    """surface -> score: the ways that the name of a property may be said, without the name itself."""
    if info.named.phrasings:
        return {}
    found: dict[str, float] = {}
    for name in (info.named.label, *info.named.aliases):
        for part in _parts(fold(name).split(), info):
            found.setdefault(part, PART)
    words = set(fold(" ".join((info.named.label, *info.named.aliases))).replace("-", " ").split())
    for verb, nouns in MEASURES.items():
        if words & set(nouns) and info.ordered:
            found.setdefault(verb, MEANT)
    return {s: n for s, n in found.items() if s and not (s in wording.stop and " " not in s)}


def _parts(words: list[str], info: PropertyInfo) -> Iterator[str]:
    if len(words) < 2:
        yield from (BASE_FORMS[w] for w in words if w in BASE_FORMS)
        return
    inner = [w for w in words[1:-1] if w in _INNER]
    if inner:
        at = words.index(inner[0])
        head, rest = words[:at], [w for w in words[at + 1 :] if w not in ("a", "an", "the")]
        yield " ".join(rest) if set(head) <= _GENERIC else " ".join(head)
        yield " ".join([*rest, *head])
    elif words[-1] in _BEHIND and words[:-1] != ["part"]:
        yield " ".join(words[:-1])
        yield " ".join(BASE_FORMS.get(w, w) for w in words[:-1])
    elif (info.is_date and words[-1] in _DATED) or (info.is_boolean and words[-1] in _STATES):
        yield " ".join(words[:-1])
    elif (info.is_number or info.is_date) and words[-1] not in _GENERIC:
        yield words[-1]
    elif words[0].endswith("ed"):  # 'prescribed medicine', 'tried route'
        yield words[0]
