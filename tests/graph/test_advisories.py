"""What an index knows to be vulnerable: read from its answer, kept over releases, told as a change, built into facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.advisories import Told, renewed, standing, told_by
from graph.build import Built, assemble
from graph.package_index import Index
from graph.package_register import Wanted
from graph.packages import read_package
from graph.refresh import renew, save
from graph.terms import FACTS
from graph.types import BuildError, Iri
from tests.graph.shelf import TODAY, Pip, Shelf, have, simple_file, upload, wheel

ID = "https://framegraph.example/id/"
MAPPING = """
o:Advisory pkg:holds pkg:advisory .
o:holes pkg:holds pkg:vulnerabilityCount .
o:hole pkg:holds pkg:vulnerability .
o:affects pkg:holds pkg:affects .
o:mendedIn pkg:holds pkg:fixedIn .
o:mendable pkg:holds pkg:fixKnown .
o:page pkg:holds pkg:advisoryPage .
"""


def entry(id_: str, *aliases: str, fixed: tuple[str, ...] = (), withdrawn: str | None = None) -> dict[str, Any]:
    """An advisory as a project's JSON has it."""
    link = f"https://advisories.example/{id_}"
    unused = {"details": "long", "summary": None}
    return {"id": id_, "aliases": list(aliases), "fixed_in": list(fixed), "link": link, "withdrawn": withdrawn, **unused}


def told(version: str, *entries: dict[str, Any]) -> Told:
    return Told(version, entries)


def listed(shelf: Shelf, *entries: dict[str, Any], version: str = "1.0") -> None:
    """The project's JSON with these advisories."""
    shelf.project({"1.0": [upload(wheel("1.0"))], "1.1": [upload(wheel("1.1"), "2026-03-01")]}, version=version)
    status, kind, body = shelf.answers["/pypi/wheel-works/json"]
    shelf.put("/pypi/wheel-works/json", {**json.loads(body), "vulnerabilities": list(entries)}, kind, status)


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("body", [{}, {"vulnerabilities": None, "info": {"version": "1"}}, {"vulnerabilities": [], "info": {}},
                                  {"vulnerabilities": [], "info": {"version": "spring"}}])  # fmt: skip
def test_an_answer_without_the_field_or_a_version_tells_nothing(body: dict[str, Any]) -> None:
    """Which is not the same as: nothing is known."""
    assert told_by(body) is None


def test_entries_about_one_vulnerability_are_one() -> None:
    """They share a name, be it at second hand; people know it by its CVE. What fixes it is what any of them says."""
    three = (
        entry("PYSEC-2026-1", "CVE-2026-10", fixed=("1.2", "1.1")),
        entry("GHSA-xx", "PYSEC-2026-1", fixed=("1.1.0",)),
        entry("PYSEC-2026-2"),
    )
    record = renewed(None, told("1.0", *three), "2026-11-21")
    assert record is not None
    first, second = record["advisories"]
    assert first == {
        "id": "CVE-2026-10", "aliases": ["GHSA-xx", "PYSEC-2026-1"], "fixed_in": ["1.1", "1.2"], "affects": ["1.0"],
        "link": "https://advisories.example/GHSA-xx", "withdrawn": "",
    }  # fmt: skip
    assert (second["id"], second["fixed_in"]) == ("PYSEC-2026-2", [])


def test_only_what_is_used_is_kept() -> None:
    """No text of an advisory, no address that is not one, no number that cannot be ordered."""
    record = renewed(None, told("1.0", {**entry("X-1", fixed=("1.1", "never")), "link": "ftp://x"}), "2026-11-21")
    assert record is not None
    assert record["advisories"] == [{"id": "X-1", "aliases": [], "fixed_in": ["1.1"], "affects": ["1.0"], "link": "", "withdrawn": ""}]


def test_an_old_release_stays_affected() -> None:
    """The index is asked about the newest one only: what was known of the one before is kept."""
    first = renewed(None, told("1.0", entry("CVE-1", fixed=("1.1",)), entry("CVE-2")), "2026-11-01")
    second = renewed(first, told("1.1", entry("CVE-2"), entry("CVE-3")), "2026-11-21")
    assert second is not None
    assert {row["id"]: row["affects"] for row in second["advisories"]} == {"CVE-1": ["1.0"], "CVE-2": ["1.0", "1.1"], "CVE-3": ["1.1"]}
    assert [row["id"] for row in standing(second)] == ["CVE-2", "CVE-3"]
    assert second["asked"] == "2026-11-21"


def test_what_is_listed_no_longer_of_the_same_release_is_dropped() -> None:
    """The index changed its mind about a release that it still speaks of."""
    first = renewed(None, told("1.0", entry("CVE-1")), "2026-11-01")
    second = renewed(first, told("1.0"), "2026-11-21")
    assert second is not None
    assert second["advisories"] == []


def test_a_withdrawn_advisory_affects_nothing() -> None:
    """It is kept with its day, so that one sees that it was taken back; one entry of several that stands is enough."""
    first = renewed(None, told("1.0", entry("CVE-1")), "2026-11-01")
    second = renewed(first, told("1.0", entry("CVE-1", withdrawn="2026-11-10T00:00:00Z")), "2026-11-21")
    assert second is not None
    assert [(r["id"], r["affects"], r["withdrawn"]) for r in second["advisories"]] == [("CVE-1", [], "2026-11-10")]
    assert standing(second) == []
    half = renewed(None, told("1.0", entry("P-1", "CVE-1", withdrawn="2026-11-10"), entry("G-1", "CVE-1")), "2026-11-21")
    assert half is not None
    assert [r["withdrawn"] for r in half["advisories"]] == [""]


def test_an_answer_that_tells_nothing_keeps_what_was_known() -> None:
    """With the day on which it was asked."""
    first = renewed(None, told("1.0", entry("CVE-1")), "2026-11-01")
    assert renewed(first, None, "2026-11-21") == first


# ---------------------------------------------------------------- refreshing


def test_a_refresh_records_and_tells_them(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Where the file is known already, too: advisories come years after a release."""
    have(works)
    listed(shelf, entry("CVE-1", fixed=("1.1",)), entry("CVE-2"))
    change = renew(works, index, TODAY)
    assert change.text.endswith("known vulnerabilities CVE-1 (fixed in 1.1), CVE-2 (no fix listed)")
    save(change.after, works.path)
    assert read_package(works.path).security == change.after["security"]
    again = renew(works, index, TODAY)
    assert not again.stale
    listed(shelf, entry("CVE-2", withdrawn="2026-11-20"))
    assert renew(works, index, TODAY).text.endswith("advisory withdrawn CVE-2; no longer affected by CVE-1")


def test_that_none_is_known_is_told_once(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The first time; another day alone is no change."""
    listed(shelf, version="1.1")
    first = renew(works, index, TODAY)
    assert "no vulnerability known of 1.1" in first.text
    save(first.after, works.path)
    assert not renew(works, index, TODAY.replace(day=22)).stale


def test_an_index_of_today_is_asked_for_its_summary_besides(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The list of PEP 691 has no such field. Where the summary fails, only the advisories are missing."""
    listed(shelf, entry("CVE-1"))
    shelf.simple([simple_file(wheel("1.0"), shelf)])
    assert renew(works, index, TODAY).after["security"]["advisories"][0]["id"] == "CVE-1"
    shelf.put("/pypi/wheel-works/json", "", "text/plain", 500)
    assert "security" not in renew(works, index, TODAY).after
    del shelf.answers["/pypi/wheel-works/json"]
    renew(works, index, TODAY)
    asked = len(shelf.asked)
    renew(works, index, TODAY)
    assert shelf.asked[asked:] == ["/simple/wheel-works/"], "an index without summaries is not asked for them again"


# ---------------------------------------------------------------- building


@pytest.fixture
def data(toy_data: Path) -> Path:
    """The toy with a vulnerable gear: one hole of the newest release, one of an older, one withdrawn."""
    mapping = toy_data / "packages" / "mapping.ttl"
    mapping.write_text(mapping.read_text() + MAPPING)
    path = toy_data / "packages" / "gear.json"
    rows = [
        {"id": "CVE-1", "aliases": ["GHSA-1"], "fixed_in": ["1.10"], "affects": ["1.9"], "link": "https://a.example/1", "withdrawn": ""},
        {"id": "CVE-2", "aliases": [], "fixed_in": [], "affects": ["1.9", "1.10"], "link": "", "withdrawn": ""},
        {"id": "CVE-3", "aliases": [], "fixed_in": ["1.10"], "affects": [], "link": "", "withdrawn": "2026-01-01"},
    ]
    security = {"version": "1.10", "asked": "2026-11-19", "advisories": rows}
    path.write_text(json.dumps({**json.loads(path.read_text()), "security": security}))
    return toy_data


def facts(built: Built, subject: str) -> set[tuple[str, str]]:
    """(property, value) of a thing in the facts, by the last parts."""
    found = ((str(p), str(o)) for s, p, o, g in built.quads if s == Iri(ID + subject) and g == FACTS)
    return {(p.rsplit("#", 1)[-1].rsplit("/", 1)[-1], o.removeprefix(ID)) for p, o in found}


def test_an_advisory_is_a_thing(data: Path) -> None:
    """With its names, what it affects, what fixes it and its page; where nothing fixes it, that is said."""
    built = assemble(data)
    assert {("holes", "1"), ("hole", "cve-2")} <= facts(built, "gear")
    assert ("hole", "cve-1") not in facts(built, "gear")
    first, second = facts(built, "cve-1"), facts(built, "cve-2")
    assert {("prefLabel", "CVE-1"), ("altLabel", "GHSA-1"), ("page", "https://a.example/1")} <= first
    assert {("affects", "gear-1-9"), ("mendedIn", "gear-1-10")} <= first
    assert {("affects", "gear-1-9"), ("affects", "gear-1-10"), ("mendable", "false")} <= second
    assert not {p for p, _ in first} & {"mendable"}
    assert facts(built, "cve-3") == set()


def test_of_a_newer_release_nothing_is_said(data: Path) -> None:
    """The index was asked about the one before: what affects that one is stated, and not how many affect the current one."""
    path = data / "packages" / "gear.json"
    record = json.loads(path.read_text())
    record["security"]["version"] = "1.9"
    path.write_text(json.dumps(record))
    built = assemble(data)
    assert not {p for p, _ in facts(built, "gear")} & {"holes", "hole"}
    assert ("affects", "gear-1-9") in facts(built, "cve-1")


def test_it_is_cited_to_the_release_that_was_asked_about(data: Path) -> None:
    """With the day of that answer, which may be older than the record."""
    passage = Iri("https://framegraph.example/passage/gear-package-security")
    told_ = {(str(p).rsplit("#", 1)[-1].rsplit("/", 1)[-1], str(o)) for s, p, o, _ in assemble(data).quads if s == passage}
    assert {("wasQuotedFrom", "pkg:pypi/gear@1.10"), ("section", "Known vulnerabilities")} <= told_
    assert {("retrieved", "2026-11-19"), ("speaksOf", "1.10")} <= told_


@pytest.mark.parametrize(("field", "words"), [({"version": "x"}, "'x'"), ({"advisories": [{}]}, "'affects' is missing")])
def test_a_broken_security_record_names_its_file(data: Path, field: dict[str, Any], words: str) -> None:
    """As every other field does."""
    path = data / "packages" / "gear.json"
    record = json.loads(path.read_text())
    record["security"].update(field)
    path.write_text(json.dumps(record))
    with pytest.raises(BuildError, match=rf"gear\.json.*{words}"):
        read_package(path)
