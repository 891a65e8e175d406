"""Asking a package index: its two forms, what goes wrong, and the real pip; all on loopback."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from graph import package_index
from graph.package_index import Index, Throttle, configured_index, public, version_of
from graph.package_register import Wanted
from graph.refresh import refresh, renew
from graph.types import PackageError, UnreachableIndex
from tests.graph.shelf import METADATA, SIMPLE, TODAY, Pip, Shelf, have, sdist, simple_file, upload, wheel


@pytest.mark.parametrize("form", ["project", "simple"])
def test_an_answer_about_another_project_is_refused(shelf: Shelf, index: Index, works: Wanted, form: str) -> None:
    """A redirect to a project of another name is not what was asked for."""
    shelf.project({"1.0": []}, name="steel-works") if form == "project" else shelf.simple([], name="steel-works")
    with pytest.raises(PackageError, match="wheel-works: the package index answers with 'steel-works'"):
        renew(works, index, TODAY)


@pytest.mark.parametrize(
    ("filename", "versions", "wanted"),
    [
        ("wheel_works-1.0-py3-none-any.whl", (), "1.0"),
        ("Wheel.Works-1.0rc1.tar.gz", (), "1.0rc1"),
        ("wheel-works-1.0.zip", ("1.0.0",), "1.0.0"),
        ("wheel-works-1.0-2-py2.5.egg", ("1.0", "1.0-2"), "1.0-2"),
        ("wheel-works-1.0.win32.exe", ("1.0", "1.0.1"), "1.0"),
        ("wheel-works-1.0.win32.exe", (), ""),
        ("wheel-works-spring.tar.gz", ("spring",), ""),
        ("wheel_works-1!2.0-py3-none-any.whl", (), "1!2.0"),
    ],
)
def test_the_version_in_a_file_name(filename: str, versions: tuple[str, ...], wanted: str) -> None:
    """By the rules where the name follows them, else by the project's list of versions."""
    assert version_of(filename, "Wheel.Works", versions) == wanted


# ---------------------------------------------------------------- the two forms, and files that speak for themselves


def test_an_index_of_today_fetches_no_wheel(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """PEP 691 and PEP 700 for the files, the summary for what is known to be vulnerable, PEP 658 for the metadata; pip is not run."""
    body = METADATA.format(version="1.0", python=">=3.10")
    digest = hashlib.sha256(body.encode()).hexdigest()
    shelf.simple([simple_file(wheel("1.0"), shelf, body=body, core={"sha256": digest}), simple_file(sdist("0.9"), shelf)])
    change = renew(works, index, TODAY)
    assert shelf.asked == ["/simple/wheel-works/", "/pypi/wheel-works/json", f"/files/{wheel('1.0')}.metadata"]
    assert pip.asked == []
    newest = change.after["newest"]
    assert newest["requires_dist"] == ["spring>=1", 'bells; extra == "sound"']
    assert newest["project_urls"] == {"Source": "https://wheel.example/source", "Homepage": "https://wheel.example/"}
    assert (change.name, newest["license_expression"], newest["provides_extra"]) == ("Wheel.Works", "MIT", ["sound"])


def test_metadata_with_another_hash_are_refused(shelf: Shelf, index: Index, works: Wanted) -> None:
    """What was damaged on the way is not recorded."""
    shelf.simple([simple_file(wheel("1.0"), shelf, body="Name: x", core={"sha256": "0" * 64})])
    with pytest.raises(PackageError, match="another hash"):
        renew(works, index, TODAY)


def test_an_index_without_pep_691_is_tried_once(shelf: Shelf, index: Index, pip: Pip, works: Wanted) -> None:
    """The second package goes straight to the form that the index has."""
    shelf.project({"1.0": [upload(wheel("1.0"))]})
    list(refresh([works, works], index, TODAY))
    assert shelf.asked == ["/simple/wheel-works/", "/pypi/wheel-works/json", "/pypi/wheel-works/json"]


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("status", "kind", "body", "words"),
    [
        (404, "text/plain", "", "no such project; mend its pkg:name"),
        (500, "text/plain", "", "answers 500; the record stays"),
        (200, SIMPLE, '{"name": "wheel-works", "fi', "cut off"),
        (200, SIMPLE, "[]", "holds no project"),
        (200, SIMPLE, '{"name": "wheel-works"}', "lacks 'files'"),
        (200, SIMPLE, '{"name": "wheel-works", "files": [3]}', "lacks"),
        (200, SIMPLE, '{"name": "wheel-works", "files": []}', "lists no file"),
    ],
)
def test_a_message_names_the_package_and_the_remedy(
    shelf: Shelf, index: Index, works: Wanted, status: int, kind: str, body: str, words: str
) -> None:
    """Whatever the index does, the record stays as it was and the run goes on."""
    have(works)
    before = works.path.read_text()
    shelf.put("/simple/wheel-works/", body, kind, status)
    (outcome,) = refresh([works], index, TODAY)
    assert isinstance(outcome, PackageError)
    assert str(outcome).startswith("wheel-works: ")
    assert words in str(outcome)
    assert works.path.read_text() == before


def test_a_busy_index_is_asked_once_more(shelf: Shelf, index: Index, works: Wanted) -> None:
    """After the pause; then it is an error."""
    shelf.put("/simple/wheel-works/", "", "text/plain", 503)
    (outcome,) = refresh([works], index, TODAY)
    assert "answers 503" in str(outcome)
    assert len(shelf.asked) == 2


def test_an_index_that_does_not_answer_ends_the_run(works: Wanted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for the next package would be in vain; user and password of its address are not told."""
    monkeypatch.setattr(package_index, "configured", lambda key: "")
    with (
        Index("http://me:secret@127.0.0.1:9/simple", throttle=Throttle(0), seconds=1) as closed,
        pytest.raises(UnreachableIndex, match=r"cannot be reached.*set PIP_INDEX_URL; all records stay") as caught,
    ):
        list(refresh([works], closed, TODAY))
    assert "secret" not in str(caught.value)


def test_a_slow_index_is_not_waited_for(shelf: Shelf, index: Index, works: Wanted, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting bounds an answer, and the message names it."""
    import httpx

    def late(*_: object, **__: object) -> None:
        raise httpx.ReadTimeout("late")

    monkeypatch.setattr(index._client, "get", late)
    (outcome,) = refresh([works], index, TODAY)
    assert "wheel-works: no answer within 5 seconds" in str(outcome)
    assert "FRAMEGRAPH_INDEX_TIMEOUT" in str(outcome)


def test_requests_keep_their_distance() -> None:
    """The first goes at once; each later one begins a pause after the one before."""
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    throttle = Throttle(2, clock=lambda: now[0], sleep=sleep)
    throttle.wait()
    now[0] += 0.5
    throttle.wait()
    now[0] += 7
    throttle.wait()
    assert slept == [1.5]


# ---------------------------------------------------------------- pip itself


def test_the_index_is_the_one_that_pip_is_configured_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The variable, else pip's configuration, else pip's own default."""
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple/")
    assert configured_index() == "https://mirror.example/simple"
    monkeypatch.delenv("PIP_INDEX_URL")
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://other.example/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert configured_index() == "https://other.example/simple"
    (tmp_path / "pip.conf").write_text("")
    assert configured_index().startswith("https://")
    assert public("https://me:secret@other.example/simple") == "https://other.example/simple"


def test_a_pip_without_an_index_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is no index that could be asked."""
    monkeypatch.setenv("PIP_INDEX_URL", "file:///shelf/simple")
    with pytest.raises(PackageError, match="set PIP_INDEX_URL"):
        configured_index()


def test_settings_that_make_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting, its value and what it should be."""
    monkeypatch.setenv("PIP_CERT", "nowhere.pem")
    with pytest.raises(PackageError, match=r"nowhere\.pem.*PIP_CERT"):
        Index("http://127.0.0.1:9/simple")
    monkeypatch.setenv("FRAMEGRAPH_INDEX_PAUSE", "soon")
    with pytest.raises(PackageError, match="FRAMEGRAPH_INDEX_PAUSE is 'soon'; give a number"):
        Index("http://127.0.0.1:9/simple")


def test_a_pip_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """How to get one."""
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(PackageError, match=r"pip cannot be run.*ensurepip"):
        configured_index()


def built_wheel(version: str) -> bytes:
    """A wheel with metadata and nothing to run."""
    body = io.BytesIO()
    metadata = METADATA.format(version=version, python=">=3.99").encode()
    info = f"wheel_works-{version}.dist-info"
    about = b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(body, "w") as archive:
        lines = []
        for name, content in ((f"{info}/METADATA", metadata), (f"{info}/WHEEL", about)):
            archive.writestr(name, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            lines.append(f"{name},sha256={digest},{len(content)}")
        archive.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,"]))
    return body.getvalue()


def test_the_real_pip_reports_on_a_wheel_that_its_python_cannot_run(
    shelf: Shelf, works: Wanted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From the loopback index, without PEP 658 and without a Python of that version."""
    (tmp_path / "pip.conf").write_text("")
    for key in [k for k in os.environ if k.startswith("PIP_")]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    body = built_wheel("1.0")
    sha256 = hashlib.sha256(body).hexdigest()
    shelf.project({"1.0": [upload(wheel("1.0"), python=">=3.99", digests={"sha256": sha256})]}, version="1.0", license_expression="MIT")
    link = f'<a href="../../files/{wheel("1.0")}#sha256={sha256}" data-requires-python="&gt;=3.99">{wheel("1.0")}</a>'
    shelf.put("/simple/wheel-works/", f"<!DOCTYPE html><html><body>{link}</body></html>", "text/html")
    shelf.put(f"/files/{wheel('1.0')}", body, "application/octet-stream")
    with Index(shelf.url, throttle=Throttle(0), seconds=10) as index:
        newest = renew(works, index, TODAY).after["newest"]
    assert (newest["version"], newest["sha256"], newest["requires_python"]) == ("1.0", sha256, ">=3.99")
    assert newest["requires_dist"] == ["spring>=1", 'bells; extra == "sound"']
    assert newest["license_expression"] == "MIT"
    assert newest["project_urls"]["Source"] == "https://wheel.example/source"
