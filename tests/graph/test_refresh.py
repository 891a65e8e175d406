"""Refreshing records: every trap of a package index, on recorded answers that a server on loopback gives."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import refresh as refresh_module
from graph.package_changes import Change
from graph.package_index import Index
from graph.package_register import Wanted
from graph.packages import read_package
from graph.refresh import as_text, refresh, renew, save
from graph.types import PackageError
from tests.graph.shelf import TODAY, Pip, Shelf, have, record, rows, sdist, upload, wheel

# ---------------------------------------------------------------- which version is the newest


def test_the_newest_upload_is_not_the_newest_version(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """A fix of an old line comes after the newest version: PEP 440 orders, not the calendar."""
    shelf.project(
        {"1.10": [upload(wheel("1.10"), "2026-08-01")], "1.9": [upload(wheel("1.9"))], "0.9.9": [upload(wheel("0.9.9"), "2026-11-03")]}
    )
    change = renew(works, index, TODAY)
    assert change.after["newest"]["version"] == "1.10"
    assert list(rows(change)) == ["0.9.9", "1.9", "1.10"]


def test_lines_are_kept_apart(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """A fix of an old line leaves the newest version as it is, and is told beside it; its Python stays its own."""
    have(works, version="1.10")
    shelf.project({"1.10": [upload(wheel("1.10"), "2026-01-01")], "0.9.9": [upload(wheel("0.9.9"), "2026-11-03", python=">=3.8")]})
    change = renew(works, index, TODAY)
    assert change.text == "Wheel.Works 1.10; licence unchanged; requires Python unchanged; also released 0.9.9 (2026-11-03)"
    assert {v: row["requires_python"] for v, row in rows(change).items()} == {"0.9.9": ">=3.8", "1.10": ">=3.10"}


def test_pre_releases_are_not_the_newest(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Alphas, candidates and development releases are recorded, and passed over."""
    shelf.project({v: [upload(wheel(v))] for v in ("1.0", "2.0a1", "2.0rc1", "2.1.dev3")})
    change = renew(works, index, TODAY)
    assert change.after["newest"]["version"] == "1.0"
    assert "2.1.dev3" in rows(change)


def test_a_project_that_only_has_pre_releases(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """As pip does: where nothing is final, the highest pre-release is what people get, and the line says so."""
    shelf.project({v: [upload(wheel(v))] for v in ("0.1a1", "0.1b2")})
    change = renew(works, index, TODAY)
    assert change.after["newest"]["version"] == "0.1b2"
    assert "(pre-release)" in change.text
    save(change.after, works.path)
    assert read_package(works.path).releases == ()


def test_a_post_release_is_newer_and_final(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """0.9.8.post1 comes after 0.9.8 and before 0.9.9."""
    have(works, version="0.9.8")
    shelf.project({"0.9.8": [upload(wheel("0.9.8"))], "0.9.8.post1": [upload(wheel("0.9.8.post1"), "2026-08-18")]})
    change = renew(works, index, TODAY)
    assert change.text.startswith("Wheel.Works 0.9.8 -> 0.9.8.post1, released 2026-08-18 (post-release); licence unchanged")


def test_an_epoch_orders_before_the_number(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """1!2.0 comes after 2026.1, which was numbered by year."""
    shelf.project({"2026.1": [upload(wheel("2026.1"))], "1!2.0": [upload(wheel("1!2.0"))]})
    assert renew(works, index, TODAY).after["newest"]["version"] == "1!2.0"


def test_numbers_outside_pep_440_are_left_out(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """What cannot be ordered is no release; a release without files is none either."""
    shelf.project({"1.0": [upload(wheel("1.0"))], "2004-spring": [upload("works-2004-spring.tar.gz")], "3.0": []})
    assert list(rows(renew(works, index, TODAY))) == ["1.0"]


# ---------------------------------------------------------------- withdrawn releases


def test_a_withdrawn_release_is_never_the_newest(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The record goes back to the highest that stands, and the line says why."""
    have(works, version="1.1", releases=[
        {"version": "1.0", "date": "2025-01-01", "requires_python": ">=3.10", "yanked": False},
        {"version": "1.1", "date": "2026-01-01", "requires_python": ">=3.10", "yanked": False},
    ])  # fmt: skip
    shelf.project({"1.0": [upload(wheel("1.0"), "2025-01-01")], "1.1": [upload(wheel("1.1"), yanked=True)]})
    change = renew(works, index, TODAY)
    assert change.text.startswith("Wheel.Works 1.1 -> 1.0, released 2025-01-01")
    assert "withdrawn 1.1" in change.text


def test_a_release_stands_while_one_of_its_files_does(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Files are withdrawn one by one; what stands speaks for the release."""
    shelf.project({"1.0": [upload(wheel("1.0", "cp314-cp314-win32"), yanked=True), upload(wheel("1.0"), python=">=3.11")]})
    row = rows(renew(works, index, TODAY))["1.0"]
    assert row["yanked"] is False
    assert row["requires_python"] == ">=3.11"


def test_a_project_whose_every_release_is_withdrawn(shelf: Shelf, index: Index, works: Wanted) -> None:
    """Nothing is recorded of it, and the message names the project."""
    shelf.project({"1.0": [upload(wheel("1.0"), yanked=True)]})
    with pytest.raises(PackageError, match="wheel-works: every release is withdrawn"):
        renew(works, index, TODAY)


def test_withdrawn_and_restored_and_gone_are_told(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Each in its own words."""
    old = [{"version": v, "date": "2026-01-01", "requires_python": ">=3.10", "yanked": v == "0.2"} for v in ("0.1", "0.2", "0.3", "1.0")]
    have(works, releases=old)
    shelf.project({"0.1": [upload(wheel("0.1"), yanked=True)], "0.2": [upload(wheel("0.2"))], "1.0": [upload(wheel("1.0"))]})
    text = renew(works, index, TODAY).text
    assert "; withdrawn 0.1; no longer withdrawn 0.2; gone from the index 0.3" in text


# ---------------------------------------------------------------- dates


def test_a_release_is_as_old_as_its_first_file(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """A wheel that was added years later does not make the release younger."""
    shelf.project({"1.0": [upload(wheel("1.0"), "2026-03-03"), upload(sdist("1.0"), "2019-05-05")]})
    assert rows(renew(works, index, TODAY))["1.0"]["date"] == "2019-05-05"


def test_the_lowest_version_need_not_be_the_first_upload(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Old releases are sometimes uploaded late; the first day on the index is that of the earliest upload, and called so."""
    shelf.project({"0.1": [upload(sdist("0.1"), "2015-03-24")], "3.0": [upload(wheel("3.0"), "2005-10-01")]})
    assert "2 releases on the index, the first of 2005-10-01" in renew(works, index, TODAY).text


def test_recorded_dates_stay_where_the_index_tells_none(shelf: Shelf, index: Index, works: Wanted) -> None:
    """PEP 691 without the times of PEP 700: nothing that was known is lost."""
    have(works)
    sha256 = hashlib.sha256(wheel("1.0").encode()).hexdigest()
    shelf.simple([{"filename": wheel("1.0"), "url": "x", "hashes": {"sha256": sha256}, "requires-python": ">=3.10"}])
    change = renew(works, index, TODAY)
    assert rows(change)["1.0"]["date"] == "2026-01-01"
    assert not change.stale


# ---------------------------------------------------------------- Python


def test_a_missing_requires_python_is_not_stated(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Null in the list, absent in the metadata: an empty field, told as such."""
    pip.metadata["requires_python"] = None
    shelf.project({"1.0": [upload(wheel("1.0"), python=None)]})
    change = renew(works, index, TODAY)
    assert change.after["newest"]["requires_python"] == ""
    assert rows(change)["1.0"]["requires_python"] == ""
    assert "requires Python not stated" in change.text


def test_files_of_several_pythons(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The wheel for any machine speaks for a release, else the one of the newest Python, else the sdist."""
    old, new = upload(wheel("1.0", "py2-none-any"), python="<3"), upload(wheel("1.0", "py3-none-any"), python=">=3.8")
    compiled = [
        upload(wheel("2.0", f"cp{n}-cp{n}-win_amd64"), python=f">={p}") for n, p in (("39", "3.9"), ("313", "3.13"), ("310", "3.10"))
    ]
    pip.file = wheel("2.0", "cp310-cp310-win_amd64")
    shelf.project({"0.5": [upload(sdist("0.5"), python=">=3.7")], "1.0": [old, new], "2.0": [upload(sdist("2.0"), python="?"), *compiled]})
    change = renew(works, index, TODAY)
    assert [row["requires_python"] for row in rows(change).values()] == [">=3.7", ">=3.8", ">=3.13"]
    assert change.after["newest"]["file"] == pip.file, "what pip could take is what is described"


def test_the_same_requirement_in_other_spaces_is_no_change(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """ ">= 3.10" and ">=3.10" admit the same."""
    have(works, requires_python=">= 3.10")
    shelf.project({"1.0": [upload(wheel("1.0"))], "1.1": [upload(wheel("1.1"))]})
    assert "requires Python unchanged" in renew(works, index, TODAY).text


def test_a_requirement_that_is_none_is_left_out(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Old metadata hold specifiers and requirements that no tool of today reads: the build must not break on them."""
    pip.metadata.update(requires_python=">=3.5.*", requires_dist=["spring>=1", "pytz>dev"])
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    change = renew(works, index, TODAY)
    assert change.after["newest"]["requires_python"] == ""
    assert change.after["newest"]["requires_dist"] == ["spring>=1"]
    assert "Requires-Python '>=3.5.*'" in change.text
    assert "left out of its dependencies: pytz>dev" in change.text


def test_the_file_is_believed_and_not_the_summary(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The index's summary may disagree with the files that it lists."""
    pip.metadata.update(requires_python=">=3.11", requires_dist=["spring>=1.6"])
    shelf.project({"1.0": [upload(wheel("1.0"))]}, version="1.0", requires_python=">=3.10", requires_dist=["spring>=0.46"])
    newest = renew(works, index, TODAY).after["newest"]
    assert (newest["requires_python"], newest["requires_dist"]) == (">=3.11", ["spring>=1.6"])


# ---------------------------------------------------------------- pip


def test_pip_is_asked_for_the_version_whatever_its_own_python(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """pip would answer for its own Python; it builds nothing, and installs nothing."""
    shelf.project({"1.0": [upload(wheel("1.0"))], "2.0": [upload(wheel("2.0"), python=">=9")]})
    assert renew(works, index, TODAY).after["newest"]["version"] == "2.0"
    (asked,) = pip.asked
    assert asked[-1] == "wheel-works==2.0"
    assert {"--dry-run", "--ignore-requires-python", "--no-deps"} <= set(asked)
    assert asked[asked.index("--only-binary") + 1] == ":all:"


def test_a_file_from_elsewhere_is_refused(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """pip may be configured with folders of its own: only a file that the index lists, by its hash, counts."""
    pip.file = "something-else.whl"
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    with pytest.raises(PackageError, match="does not list"):
        renew(works, index, TODAY)


def test_a_release_without_a_wheel_is_never_built(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The summary serves where it speaks of the same version, with the Python of the file."""
    shelf.project({"1.0": [upload(sdist("1.0"), python=">=3.7")]}, version="1.0", license="LGPL", requires_python=">=2")
    change = renew(works, index, TODAY)
    assert pip.asked == []
    assert (change.after["newest"]["license"], change.after["newest"]["requires_python"]) == ("LGPL", ">=3.7")
    assert "1.0 has no wheel" in change.text


def test_a_release_that_nothing_describes(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The summary is of another version: the record stays."""
    shelf.project({"1.0": [upload(sdist("1.0"))]}, version="0.9")
    with pytest.raises(PackageError, match=r"1\.0 has no wheel, and nothing else describes it"):
        renew(works, index, TODAY)


def test_a_wheel_for_other_machines(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Where pip can take no file the summary serves; without one the reason is pip's."""
    pip.fails = True
    shelf.project({"1.0": [upload(wheel("1.0", "cp99-cp99-win32"))]}, version="1.0", license="MIT")
    assert "pip could report on no file" in renew(works, index, TODAY).text
    shelf.project({"1.0": [upload(wheel("1.0", "cp99-cp99-win32"))]})
    with pytest.raises(PackageError, match="no matching distribution"):
        renew(works, index, TODAY)


def test_an_index_without_lists_leaves_pip(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Neither JSON: pip's newest joins the recorded list, without a date; an older one changes nothing."""
    have(works)
    shelf.put("/simple/wheel-works/", "<html>", "text/html")
    pip.metadata["version"] = "1.1"
    change = renew(works, index, TODAY)
    assert rows(change)["1.1"] == {"version": "1.1", "date": "", "requires_python": ">=3.10", "yanked": False}
    save(change.after, works.path)
    assert read_package(works.path).releases[-1].revision == "1.1"
    pip.metadata["version"] = "0.8"
    change = renew(works, index, TODAY)
    assert change.after == change.before
    assert "pip sees 0.8" in change.text


def test_where_neither_answers_the_record_is_what_is_known(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The order is: the index's JSON, pip's report, what is shipped. The run goes on, and says why it keeps the record."""
    have(works)
    before = works.path.read_text()
    shelf.put("/simple/wheel-works/", "<html>", "text/html")
    pip.fails, pip.metadata["version"] = True, "1.1"
    (outcome,) = refresh([works], index, TODAY)
    assert "no matching distribution" in str(outcome)
    assert "the record stays" in str(outcome)
    assert shelf.asked == ["/simple/wheel-works/", "/pypi/wheel-works/json"]
    assert len(pip.asked) == 1
    assert works.path.read_text() == before


def test_an_old_pip_that_tells_no_licence(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Old versions drop the licence expression from their reports: it comes from the summary, else from the record."""
    pip.metadata.update(version="1.1", license=None)
    shelf.project({"1.1": [upload(wheel("1.1"))]}, version="1.1", license_expression="BSD-3-Clause")
    assert renew(works, index, TODAY).after["newest"]["license_expression"] == "BSD-3-Clause"
    have(works)
    del shelf.answers["/pypi/wheel-works/json"]
    change = renew(works, index, TODAY)
    assert change.after["newest"]["license_expression"] == "MIT"
    assert "the recorded one is kept" in change.text


def test_no_record_begins_without_a_list(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The newest version alone would pass for the only one."""
    shelf.put("/simple/wheel-works/", "<html>", "text/html")
    with pytest.raises(PackageError, match="wheel-works: the package index gives no list"):
        renew(works, index, TODAY)


# ---------------------------------------------------------------- names


def test_names_are_compared_in_their_normal_form(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Wheel.Works, wheel_works and wheel-works are one; the record spells it as the project does."""
    shelf.project({"1.0": [upload(wheel("1.0"))]}, name="wheel_works")
    assert renew(works, index, TODAY).name == "Wheel.Works"


def test_two_spellings_of_one_version_are_one_release(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """1.0 and 1.0.0 are equal, so that a file of either belongs to it."""
    shelf.project({"1.0": [upload(wheel("1.0"), "2026-02-02")], "1.0.0": [upload(sdist("1.0.0"), "2026-01-01")]})
    assert rows(renew(works, index, TODAY)) == {
        "1.0": {"version": "1.0", "date": "2026-01-01", "requires_python": ">=3.10", "yanked": False}
    }


def test_a_newest_file_that_is_recorded_is_not_read_again(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """Files never change once they are there: only the list is asked for."""
    have(works)
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    change = renew(works, index, TODAY)
    assert pip.asked == []
    assert not change.stale
    assert change.text == "Wheel.Works 1.0 unchanged since 2026-02-02"
    assert change.after["retrieved"] == "2026-11-21"


# ---------------------------------------------------------------- writing


def test_an_interrupted_run_keeps_what_was_written(shelf: Shelf, index: Index, pip: Pip, works: Wanted, tmp_path: Path) -> None:
    """Ctrl-C between two packages: the first is on disk, whole."""
    shelf.project({"1.0": [upload(wheel("1.0"))]})

    def wanted() -> Iterator[Wanted]:
        yield works
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(refresh(wanted(), index, TODAY))
    assert read_package(works.path).newest["version"] == "1.0"


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_record_is_never_half_written(works: Wanted, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Whenever the writing ends, the old record stands and nothing lies beside it."""
    have(works)
    before = works.path.read_text()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, moment, stop)
    with pytest.raises(KeyboardInterrupt):
        save(record("9.0"), works.path)
    assert works.path.read_text() == before
    assert [p.name for p in works.path.parent.iterdir()] == ["works.json"]


@pytest.mark.parametrize("moment", ["writing", "os.fsync", "os.replace"])
def test_a_killed_process_leaves_only_whole_records(works: Wanted, moment: str) -> None:
    """Even where nothing can be tidied up: what lies beside is no record, is not read as one, and the next refresh goes on."""
    have(works)
    text = json.dumps(record("9.0"))
    killed = "lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    half = f"""
whole = refresh.as_text
def as_text(record):
    part = next(p for p in Path({str(works.path.parent)!r}).iterdir() if p.suffix == ".part")
    part.write_text(whole(record)[:100])
    ({killed})()
refresh.as_text = as_text
"""
    code = f"""
import json, os, signal
from pathlib import Path
from graph import refresh
{half if moment == "writing" else f"{moment} = {killed}"}
refresh.save(json.loads({text!r}), Path({str(works.path)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(refresh_module.__file__).parent.parent)
    assert done.returncode == -signal.SIGKILL
    assert read_package(works.path).newest["version"] == "1.0"
    assert [p.name for p in works.path.parent.glob("*.json")] == ["works.json"]
    assert len(list(works.path.parent.glob(".*.part"))) == 1
    save(record("9.0"), works.path)
    assert read_package(works.path).newest["version"] == "9.0"


def test_a_record_that_the_build_could_not_read_is_not_written(works: Wanted) -> None:
    """The same reader as the build's decides, before the old one is replaced."""
    have(works)
    with pytest.raises(PackageError, match=r"Wheel\.Works: .*works\.json.*'x'.*the record stays"):
        save({**record(), "releases": [{"version": "x", "date": "", "yanked": False}]}, works.path)
    assert read_package(works.path).newest["version"] == "1.0"


def test_nothing_is_written_where_only_a_report_is_wanted(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """--check asks and compares."""
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    (outcome,) = refresh([works], index, TODAY, write=False)
    assert isinstance(outcome, Change)
    assert outcome.stale
    assert not works.path.exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The folder and the remedy."""
    with pytest.raises(PackageError, match=r"nowhere cannot be written.*--data"):
        save(record(), tmp_path / "nowhere" / "works.json")


def test_a_broken_record_is_told_and_kept(index: Index, works: Wanted) -> None:
    """What a person was editing is not overwritten."""
    works.path.write_text("{")
    (outcome,) = refresh([works], index, TODAY)
    assert "wheel-works: " in str(outcome)
    assert works.path.read_text() == "{"


def test_shipped_records_are_in_the_form_that_is_written() -> None:
    """So that a refresh changes only lines of which something changed."""
    from graph.corpus import data_folder

    files = sorted((data_folder() / "packages").glob("*.json"))
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert as_text(json.loads(text)) == text
