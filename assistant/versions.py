"""Version strings compared as versions: '3.9' comes before '3.11', and '>=3.10,<4' begins at 3.10."""

from __future__ import annotations

import re
from collections.abc import Iterable

Version = tuple[int, ...]
_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*)(?:\.\*)?$")
_BOUND = re.compile(r"\s*(>=|>|==|=|~=|\^|<=|<|!=)?\s*(v?\d+(?:\.\d+)*(?:\.\*)?)\s*$")
_LOWER = frozenset(("", ">=", ">", "==", "=", "~=", "^"))


def number(text: str) -> Version | None:
    """'3.11' -> (3, 11); None for what is no version number."""
    found = _NUMBER.match(text.strip())
    return tuple(int(n) for n in found.group(1).split(".")) if found else None


def lower(text: str) -> Version | None:
    """Where a version, or a requirement such as '>=3.10,<4', begins; None where it states no beginning."""
    found = []
    for part in text.split(","):
        bound = _BOUND.match(part)
        if bound is None:
            return None
        if (bound.group(1) or "") in _LOWER:
            found.append(number(bound.group(2)))
    known = [v for v in found if v is not None]
    return max(known, default=None)


def are_versions(values: Iterable[str]) -> bool:
    """Whether all of some texts are versions or requirements, not all of them addresses of four numbers or plain whole numbers."""
    told = list(values)
    known = [lower(v) for v in told]
    return bool(told) and all(known) and not all(len(v or ()) == 4 for v in known) and any(len(v or ()) > 1 for v in known)


def meets(value: Version, sign: str, wanted: Version) -> bool:
    """Whether a version stands in a relation to another; missing places count as nought."""
    size = max(len(value), len(wanted))
    a, b = (v + (0,) * (size - len(v)) for v in (value, wanted))
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "=": a == b, "!=": a != b}[sign]
