"""Known vulnerabilities in a record: what the index lists of one release, joined with what was recorded of earlier ones.

The index lists the vulnerabilities of the release that its summary describes and of no other. A record therefore keeps, for
each advisory, the releases of which it was listed, so that what was once known of an old release is not lost when a new
one comes. One vulnerability often has several advisories; those that share a name are one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from packaging.version import InvalidVersion, Version

Row = dict[str, Any]
PREFERRED = ("CVE-", "GHSA-")  # by which of its names people know a vulnerability; of other names the first in order


@dataclass(frozen=True)
class Told:
    """What an index tells of one release: its version, and the advisories that stand in the answer, as they stand there."""

    version: str
    raw: tuple[Row, ...]


def told_by(body: Row) -> Told | None:
    """What a project's JSON says, or None where it has no such field or tells no version."""
    raw, info = body.get("vulnerabilities"), body.get("info")
    version = str((info or {}).get("version") or "")
    if not isinstance(raw, list) or not _version(version):
        return None
    return Told(version, tuple(r for r in raw if isinstance(r, dict) and r.get("id")))


def renewed(before: Row | None, told: Told | None, today: str) -> Row | None:
    """The security record after an answer: {version, asked, advisories}; what was recorded where nothing was told."""
    if told is None:
        return before
    found = [_merged(group, told.version) for group in _groups(told.raw)]
    listed = {name for row in found for name in (row["id"], *row["aliases"])}
    for old in (before or {}).get("advisories", []):
        same = next((row for row in found if {old["id"], *old["aliases"]} & {row["id"], *row["aliases"]}), None)
        if same is not None and not same["withdrawn"]:
            same["affects"] = _ordered({*same["affects"], *old["affects"]})
        elif same is None and not {old["id"], *old["aliases"]} & listed:
            left = old["affects"] if old["withdrawn"] else [v for v in old["affects"] if Version(v) != Version(told.version)]
            found += [{**old, "affects": left}] if left or old["withdrawn"] else []
    return {"version": told.version, "asked": today, "advisories": sorted(found, key=lambda row: str(row["id"]))}


def standing(security: Row) -> list[Row]:
    """The advisories that affect the release of which the index was asked, without the withdrawn ones."""
    asked = Version(security["version"])
    return [r for r in security["advisories"] if not r["withdrawn"] and any(Version(v) == asked for v in r["affects"])]


def _groups(raw: Iterable[Row]) -> list[list[Row]]:
    """Entries that share an id or an alias, together."""
    groups: list[tuple[set[str], list[Row]]] = []
    for entry in raw:
        names = _names(entry)
        joined = [g for g in groups if g[0] & names]
        groups = [g for g in groups if not g[0] & names]
        groups.append((names.union(*(g[0] for g in joined)), [*(e for g in joined for e in g[1]), entry]))
    return [entries for _, entries in groups]


def _names(entry: Row) -> set[str]:
    return {str(entry["id"]), *map(str, entry.get("aliases") or ())}


def _merged(entries: list[Row], version: str) -> Row:
    """One row for entries about one vulnerability. It is withdrawn where every entry is, on the day of the last."""
    names = sorted(set().union(*map(_names, entries)), key=_preference)
    withdrawn = [str(e.get("withdrawn") or "")[:10] for e in entries]
    fixed = {str(v) for e in entries for v in e.get("fixed_in") or () if _version(str(v))}
    links = sorted((_preference(str(e["id"])), str(e["link"])) for e in entries if str(e.get("link") or "").startswith("https://"))
    gone = max(withdrawn) if all(withdrawn) else ""
    return {
        "id": names[0],
        "aliases": names[1:],
        "fixed_in": _ordered(fixed),
        "affects": [] if gone else [version],
        "link": links[0][1] if links else "",
        "withdrawn": gone,
    }


def _preference(name: str) -> tuple[int, str]:
    return next((place for place, start in enumerate(PREFERRED) if name.startswith(start)), len(PREFERRED)), name


def _ordered(versions: Iterable[str]) -> list[str]:
    """Lowest first; of two spellings of one version the shorter."""
    kept: dict[Version, str] = {}
    for version in sorted(versions, key=lambda v: (-len(v), v)):
        kept[Version(version)] = version
    return [kept[version] for version in sorted(kept)]


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
