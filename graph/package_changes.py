"""What differs between two records of a package, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from graph.advisories import standing

Record = dict[str, Any]
NAMED = 5  # releases or dependencies named in a line, the others counted
LICENCE, INACTIVE = "License :: ", "Development Status :: 7 - Inactive"


@dataclass(frozen=True)
class Change:
    """A record before (None: there was none) and after, and remarks on where the new one comes from."""

    before: Record | None
    after: Record
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(self.after["name"])

    @property
    def stale(self) -> bool:
        """Whether more differs than the day on which the index was asked."""
        return self.before is None or _undated(self.before) != _undated(self.after)

    @property
    def text(self) -> str:
        """One line: "Name 3.1.3 -> 3.1.4, released 2026-11-03; licence unchanged; requires Python >=3.9 (was >=3.8)"."""
        if self.before is None:
            parts = _new(self.after)
        elif self.stale:
            parts = _changed(self.before, self.after)
        else:
            parts = [f"{self.after['newest']['version']} unchanged since {self.before['retrieved']}"]
        return f"{self.name} {'; '.join([*parts, *self.notes])}"


def _undated(record: Record) -> Record:
    """A record without the days on which the index was asked."""
    security = record.get("security")
    return {**record, "retrieved": "", "security": {**security, "asked": ""} if security else None}


def licence_of(newest: dict[str, Any]) -> str:
    """What metadata say of the licence: the expression, else the field, else the classifiers; "" where nothing is said."""
    classifiers = [c.rpartition(" :: ")[2] for c in newest.get("classifiers", []) if c.startswith(LICENCE)]
    return newest.get("license_expression") or newest.get("license") or " and ".join(classifiers)


def _new(after: Record) -> list[str]:
    newest, rows = after["newest"], after["releases"]
    first = min((row["date"] for row in rows if row["date"]), default="")
    return [
        f"{newest['version']}, new record{_released(after)}",
        f"{len(rows)} releases on the index" + (f", the first of {first}" if first else ""),
        f"licence {licence_of(newest) or 'not stated'}",
        f"requires Python {newest['requires_python'] or 'not stated'}",
        *_inactive({}, newest),
        *_security(None, after.get("security")),
    ]


def _changed(before: Record, after: Record) -> list[str]:
    old, new = before["newest"], after["newest"]
    head = new["version"] if old["version"] == new["version"] else f"{old['version']} -> {new['version']}{_released(after)}"
    parts = [head, _licence(old, new), _python(old, new), *_dependencies(old, new), *_inactive(old, new), *_releases(before, after)]
    parts += _security(before.get("security"), after.get("security"))
    if old["version"] == new["version"] and old.get("file") != new["file"]:
        parts.append(f"described by {new['file']}")
    return parts


def _released(record: Record) -> str:
    """ ", released DAY", with what kind of release it is where it is no ordinary one."""
    version = Version(record["newest"]["version"])
    day = next((row["date"] for row in record["releases"] if Version(row["version"]) == version), "")
    return f", released {day}{_kind(version)}" if day else _kind(version)


def _kind(version: Version) -> str:
    return " (pre-release)" if version.is_prerelease else " (post-release)" if version.is_postrelease else ""


def _licence(old: dict[str, Any], new: dict[str, Any]) -> str:
    was, is_ = licence_of(old), licence_of(new)
    return "licence unchanged" if was == is_ else f"licence {is_ or 'not stated'} (was {was or 'not stated'})"


def _python(old: dict[str, Any], new: dict[str, Any]) -> str:
    was, is_ = old["requires_python"], new["requires_python"]
    if SpecifierSet(was) == SpecifierSet(is_):
        return "requires Python unchanged"
    return f"requires Python {is_ or 'not stated'} (was {was or 'not stated'})"


def _dependencies(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Packages that are always needed, gained and lost."""
    was, is_ = _needed(old), _needed(new)
    gained, lost = _some(sorted(is_ - was)), _some(sorted(was - is_))
    return [*([f"now needs {gained}"] if gained else []), *([f"no longer needs {lost}"] if lost else [])]


def _needed(newest: dict[str, Any]) -> set[str]:
    read = (Requirement(line) for line in newest.get("requires_dist", []))
    return {canonicalize_name(r.name) for r in read if r.marker is None or "extra" not in str(r.marker)}


def _inactive(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """A project may go on releasing and call itself inactive."""
    gained = INACTIVE in new.get("classifiers", []) and INACTIVE not in old.get("classifiers", [])
    return ["now calls itself inactive" if old else "calls itself inactive"] if gained else []


def _security(old: Record | None, new: Record | None) -> list[str]:
    """Vulnerabilities that became known of the release, that are listed no longer, and whose advisories were withdrawn."""
    if new is None or (old is not None and old["advisories"] == new["advisories"]):
        return []
    was, is_ = ({row["id"]: row for row in standing(s)} if s else {} for s in (old, new))
    came = [f"{i} ({_fixes(row)})" for i, row in is_.items() if i not in was]
    withdrawn = {row["id"] for row in new["advisories"] if row["withdrawn"]}
    lists = (
        ("known vulnerabilities", came),
        ("advisory withdrawn", [i for i in was if i in withdrawn]),
        ("no longer affected by", [i for i in was if i not in is_ and i not in withdrawn]),
    )
    parts = [f"{words} {_some(names)}" for words, names in lists if names]
    return parts or ([f"no vulnerability known of {new['version']}"] if old is None else [])


def _fixes(row: Record) -> str:
    return f"fixed in {', '.join(row['fixed_in'])}" if row["fixed_in"] else "no fix listed"


def _releases(before: Record, after: Record) -> list[str]:
    """Other releases that came, went, or were withdrawn; earlier ones of which other details changed."""
    old = {Version(row["version"]): row for row in before["releases"]}
    new = {Version(row["version"]): row for row in after["releases"]}
    newest = Version(after["newest"]["version"])
    came = [f"{v} ({', '.join(filter(None, (new[v]['date'], _kind(v).strip(' ()'))))})" for v in new if v not in old and v != newest]
    taken = [v for v in new if v in old and new[v]["yanked"] != old[v]["yanked"]]
    other = [v for v in new if v in old and v not in taken and new[v] != old[v]]
    lists = (
        ("also released", came),
        ("withdrawn", [str(v) for v in taken if new[v]["yanked"]]),
        ("no longer withdrawn", [str(v) for v in taken if not new[v]["yanked"]]),
        ("gone from the index", [str(v) for v in old if v not in new]),
        ("details differ of", [str(v) for v in other]),
    )
    return [f"{words} {_some(names)}" for words, names in lists if names]


def _some(names: Iterable[str]) -> str:
    """The last names of a list, since the newest come last, and how many there are besides."""
    named = list(names)
    rest = len(named) - NAMED
    return ", ".join(named[-NAMED:]) + (f" and {rest} more" if rest > 0 else "")
