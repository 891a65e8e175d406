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


def allows(requirement: str, version: Version) -> bool | None:
    """Whether a requirement such as '>=3.10,!=3.11.*,<4' leaves a version line any room; None where it cannot be read.

    A line, such as 3.10, stands for all of its versions: '>=3.10.2' leaves it room, '<3.10' does not.
    """
    for part in requirement.split(","):
        bound = _BOUND.match(part)
        limit = number(bound.group(2)) if bound else None
        if bound is None or limit is None:
            return None
        if not _leaves(bound.group(1) or "==", limit, version):
            return False
    return True


def _leaves(sign: str, limit: Version, version: Version) -> bool:
    """Whether one bound leaves a version line any room."""
    line = limit[: len(version)]
    if sign == "!=":
        return len(limit) > len(version) or line != version[: len(line)]
    if sign in ("==", "="):
        return line == version[: len(line)]
    if sign == "<":
        return meets(version, "<", limit)
    if sign in ("<=", ">"):
        return meets(version, sign if len(limit) <= len(version) else sign.rstrip("=") + "=", line)
    same = limit[: max(1, len(limit) - 1)] if sign == "~=" else limit[:1]  # the places that '~=' and '^' leave as they are
    return meets(version, ">=", line) and (sign == ">=" or version[: len(same)] == same[: len(version)])
