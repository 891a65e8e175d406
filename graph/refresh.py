"""Records of package metadata (``data/packages/NAME.json``), read anew from the package index.

Releases come from the index's list of files. The metadata of the newest release come from one of its files: by PEP 658,
else from pip's report, else from the index's summary where that speaks of the same version. A file never changes once it
is uploaded, so that a record whose newest file is still listed keeps what it says of it.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from graph.advisories import Told, renewed
from graph.package_changes import Change, Record, licence_of
from graph.package_index import File, Index
from graph.package_register import Wanted
from graph.packages import read_package
from graph.types import BuildError, PackageError, UnreachableIndex

LONG = 100  # characters: a licence field beyond that is a text, not a name


# ---------------------------------------------------------------- one package


def refresh(wanted: Iterable[Wanted], index: Index, today: date, *, write: bool = True) -> Iterator[Change | PackageError]:
    """Each package in turn: what changed, written before the next is asked, or why it stays.

    Raises UnreachableIndex where the index does not answer at all; what was written before stays written.
    """
    for package in wanted:
        try:
            change = renew(package, index, today)
            if write and change.after != change.before:
                save(change.after, package.path)
        except UnreachableIndex:
            raise
        except PackageError as error:
            yield error
        else:
            yield change


def renew(wanted: Wanted, index: Index, today: date) -> Change:
    """The record as the index has it today. Raises PackageError, UnreachableIndex."""
    before = wanted.record()
    listing = index.listing(wanted.name)
    if listing is None:
        return _from_report(wanted, before, index, today)
    releases = by_version(listing.files)
    if not releases:
        raise PackageError(f"{wanted.name}: the package index lists no file of it; the record stays, see whether the project moved")
    rows = _dated([release_row(files) for files in releases.values()], before)
    files = [f for f in releases[newest_version(wanted.name, rows)] if not f.yanked]
    held = before["newest"] if before else {}
    if any(f.name == held.get("file") and f.sha256 == held["sha256"] for f in files):
        said = Said(before["name"] if before else wanted.name, held)
    else:
        said = _described(wanted, files, index, listing.info)
    return Change(before, _record(wanted, said, rows, today, _security(before, listing.told, today)), said.notes)


def _record(wanted: Wanted, said: Said, rows: list[dict[str, Any]], today: date, security: Record | None) -> Record:
    return {
        "entity": wanted.entity,
        "name": said.name or wanted.name,
        "retrieved": today.isoformat(),
        "newest": said.newest,
        **({"security": security} if security else {}),
        "releases": rows,
    }


def _security(before: Record | None, told: Told | None, today: date) -> Record | None:
    return renewed(before.get("security") if before else None, told, today.isoformat())


def _dated(rows: list[dict[str, Any]], before: Record | None) -> list[dict[str, Any]]:
    """Releases with the recorded date where the index tells none."""
    known = {row["version"]: row["date"] for row in before["releases"]} if before else {}
    return [{**row, "date": row["date"] or known.get(row["version"], "")} for row in rows]


def by_version(files: Iterable[File]) -> dict[Version, list[File]]:
    """Files by version, lowest first: two spellings of one version are one release."""
    found: dict[Version, list[File]] = {}
    for file in files:
        found.setdefault(Version(file.version), []).append(file)
    return dict(sorted(found.items()))


def release_row(files: Sequence[File]) -> dict[str, Any]:
    """A release: the day of its first file, the Python that its best file asks for, withdrawn where every file is."""
    return {
        "version": files[0].version,
        "date": min((f.date for f in files if f.date), default=""),
        "requires_python": best_file(files).requires_python,
        "yanked": all(f.yanked for f in files),
    }


def newest_version(name: str, rows: Sequence[dict[str, Any]]) -> Version:
    """The highest final version that stands, which need not be the newest upload; a pre-release only where there is no other."""
    standing = [Version(row["version"]) for row in rows if not row["yanked"]]
    if not standing:
        raise PackageError(f"{name}: every release is withdrawn; the record stays, see the project's own pages for the reason")
    return max([v for v in standing if not v.is_prerelease] or standing)


def best_file(files: Sequence[File]) -> File:
    """The file that speaks for a release: one that stands, a wheel for any machine, else one of the newest Python, else an sdist."""
    return min(files, key=_rank)


def _rank(file: File) -> tuple[bool, bool, int, str]:
    pure, newest = False, 0
    if file.wheel:
        try:
            tags = parse_wheel_filename(file.name)[3]
        except InvalidWheelFilename:
            tags = frozenset()
        pure = any(t.platform == "any" for t in tags)
        newest = max((_python(t.interpreter) for t in tags), default=0)
    return file.yanked, not pure, -newest if file.wheel else 1, file.name


def _python(interpreter: str) -> int:
    """A number that orders interpreters: py2 -> 200, py3 -> 300, cp39 -> 309, cp313 -> 313."""
    digits = re.sub(r"\D", "", interpreter)
    return int(digits[:1] or 0) * 100 + int(digits[1:] or 0)


# ---------------------------------------------------------------- what a file says of itself


@dataclass(frozen=True)
class Said:
    """What a file says: the project's name as spelled there, the field ``newest``, and remarks on where both come from."""

    name: str
    newest: dict[str, Any]
    notes: tuple[str, ...] = ()


def _described(wanted: Wanted, files: Sequence[File], index: Index, info: dict[str, Any]) -> Said:
    """What the best file says, by the first way that works. Raises PackageError where none does."""
    file = best_file(files)
    raw = index.metadata(wanted.name, file)
    if raw is not None:
        return _cleaned(file, raw)
    why = f"{file.version} has no wheel"
    if any(f.wheel for f in files):
        try:
            report = index.report(wanted.name, file.version)
            return _cleaned(_reported_file(wanted.name, report, files), _with_licence(report["metadata"], info, file))
        except PackageError:
            if not _speaks_of(info, file):
                raise
            why = "pip could report on no file"
    if not _speaks_of(info, file):
        raise PackageError(f"{wanted.name}: {file.version} has no wheel, and nothing else describes it; the record stays")
    return _from_summary(file, info, why)


def _speaks_of(info: dict[str, Any], file: File) -> bool:
    try:
        return Version(str(info.get("version"))) == Version(file.version)
    except InvalidVersion:
        return False


def _from_summary(file: File, info: dict[str, Any], why: str) -> Said:
    """The index's summary, but the Python of the file: the two were seen to disagree, and the file is right."""
    said = _cleaned(file, {**info, "requires_python": file.requires_python})
    return replace(said, notes=(*said.notes, f"{why}, so its metadata are the index's summary"))


def _reported_file(name: str, report: dict[str, Any], files: Sequence[File]) -> File:
    """The listed file that pip took, known by its hash: pip may be configured with other places besides the index."""
    taken = report["file"].get("archive_info", {}).get("hashes", {}).get("sha256", "")
    for file in files:
        if file.sha256 and file.sha256 == taken:
            return file
    raise PackageError(f"{name}: pip took a file that the index does not list; the record stays, see pip config get global.find-links")


def _with_licence(raw: dict[str, Any], info: dict[str, Any], file: File) -> dict[str, Any]:
    """A report's metadata with the licence expression that an old pip drops from them, where the summary has it."""
    if raw.get("license_expression") or not _speaks_of(info, file):
        return raw
    return {**raw, "license_expression": info.get("license_expression") or ""}


def _cleaned(file: File, raw: dict[str, Any]) -> Said:
    """Metadata of any of the three forms in the form of a record; what no build could read is left out, and said."""
    notes = []
    python = raw.get("requires_python") or ""
    try:
        SpecifierSet(python)
    except InvalidSpecifier:
        notes.append(f"its Requires-Python {python!r} is no specifier and left out")
        python = ""
    needs = list(raw.get("requires_dist") or [])
    wrong = [line for line in needs if not _is_requirement(line)]
    if wrong:
        notes.append(f"left out of its dependencies: {', '.join(wrong)}")
    licence = raw.get("license") or ""
    if "\n" in licence.strip() or len(licence) > LONG:
        notes.append("its licence field holds a whole text, which is left out")
        licence = ""
    newest = {
        "version": file.version,
        "file": file.name,
        "sha256": file.sha256,
        "requires_python": python,
        "requires_dist": [line for line in needs if line not in wrong],
        "provides_extra": list(raw.get("provides_extra") or []),
        "license_expression": raw.get("license_expression") or "",
        "license": "" if licence.strip().upper() == "UNKNOWN" else licence.strip(),
        "classifiers": list(raw.get("classifiers") or raw.get("classifier") or []),
        "project_urls": _links(raw),
    }
    if not licence_of(newest):
        notes.append("no licence is stated")
    return Said(raw.get("name") or "", newest, tuple(notes))


def _is_requirement(line: str) -> bool:
    try:
        Requirement(line)
    except InvalidRequirement:
        return False
    return True


def _links(raw: dict[str, Any]) -> dict[str, str]:
    """Label -> address; pip's report has "Label, address" lines, and old metadata a home page besides."""
    links = dict(raw.get("project_urls") or {})
    for line in raw.get("project_url") or []:
        label, _, address = line.partition(",")
        links[label.strip()] = address.strip()
    if raw.get("home_page") and "Homepage" not in links:
        links["Homepage"] = raw["home_page"]
    return {label: address for label, address in links.items() if address and address != "UNKNOWN"}


def _from_report(wanted: Wanted, before: Record | None, index: Index, today: date) -> Change:
    """Where the index lists no files in JSON: pip's newest release is added to the recorded list, without a date.

    pip answers for its own Python and may know less than the record, which then stays as it is.
    """
    if before is None:
        raise PackageError(f"{wanted.name}: the package index gives no list of releases, without which no record can begin")
    report = index.report(wanted.name)
    raw, info = report["metadata"], report["file"]
    told = f"pip sees {raw['version']}"
    if Version(raw["version"]) <= Version(before["newest"]["version"]):
        return Change(before, before, (f"the index gives no list of releases; {told}, so the record of {before['retrieved']} stays",))
    sha256 = info.get("archive_info", {}).get("hashes", {}).get("sha256", "")
    file = File(raw["version"], info["url"].rpartition("/")[2], info["url"], sha256, "", raw.get("requires_python") or "", yanked=False)
    said = _cleaned(file, raw)
    notes = (*said.notes, f"the index gives no list of releases; {told}, whose date is not known")
    if not licence_of(said.newest):  # an old pip drops the licence expression, and here nothing else has it
        kept = {field: before["newest"].get(field, "") for field in ("license_expression", "license")}
        said = replace(said, newest={**said.newest, **kept})
        notes = (*notes, "pip tells no licence, so the recorded one is kept")
    rows = [*before["releases"], release_row([file])]
    return Change(before, _record(wanted, said, rows, today, _security(before, None, today)), notes)


# ---------------------------------------------------------------- files


def as_text(record: Record) -> str:
    """A record as it stands in its file: a field a line, a release a line."""
    head = json.dumps({k: v for k, v in record.items() if k != "releases"}, indent=1, ensure_ascii=False)
    rows = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in record["releases"])
    return f'{head[:-2]},\n "releases": [\n{rows}\n ]\n}}\n'


def save(record: Record, path: Path) -> None:
    """Write a record whole or not at all. Raises PackageError for one that the build could not read, or a folder that refuses."""
    try:
        handle, part = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent)
    except OSError as error:
        raise PackageError(f"{path.parent} cannot be written ({error.strerror}); give --data a folder of data that can") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(as_text(record))
            file.flush()
            os.fsync(file.fileno())
        read_package(Path(part))
        os.chmod(part, 0o644)  # a temporary file is for its owner only
        os.replace(part, path)
    except BuildError as error:
        raise PackageError(f"{record['name']}: {str(error).replace(part, path.name)}; the record stays") from error
    except OSError as error:
        raise PackageError(f"{path} cannot be written ({error.strerror}); give --data a folder of data that can") from error
    finally:
        Path(part).unlink(missing_ok=True)
