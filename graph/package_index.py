"""The package index that pip is configured with, asked for one package at a time, with a pause between two requests.

Indexes differ in what they offer, so each question has a second way. The files of a project: the JSON of the simple API
(PEP 691, with the upload times of PEP 700), else the project's own JSON beside it. The metadata of a file: the file of
PEP 658, else pip's report. No address of an index stands here: pip says which one is meant.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from packaging.metadata import parse_email
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from graph.advisories import Told, told_by
from graph.settings import setting
from graph.types import PackageError, UnreachableIndex

SIMPLE_JSON = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"  # what an index without JSON answers rather than 406
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
LONGEST_WAIT = 60.0  # seconds that a busy index is waited for, whatever it asks for
ENDINGS = re.compile(r"\.(whl|tar\.gz|tar\.bz2|tar\.z|tgz|zip|egg|exe|msi|rpm|deb|dmg)$", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """A file of a project. ``date`` is its day of upload and ``sha256`` its hash, "" where the index tells none.

    ``metadata`` is the hash of its PEP 658 file, "" where there is one without a hash, None where there is none.
    """

    version: str
    name: str
    url: str
    sha256: str
    date: str
    requires_python: str
    yanked: bool
    metadata: str | None = None

    @property
    def wheel(self) -> bool:
        return self.name.endswith(".whl")


@dataclass(frozen=True)
class Listing:
    """What an index lists of a project. ``info`` is its summary of the newest upload, empty where the index gives none.

    ``told`` are the known vulnerabilities of the release that the summary is about, None where the index tells nothing of them.
    """

    files: tuple[File, ...]
    info: dict[str, Any] = field(default_factory=dict)
    told: Told | None = None


@dataclass
class Throttle:
    """Waits so that two requests begin at least ``pause`` seconds apart."""

    pause: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    last: float | None = None

    def wait(self) -> None:
        if self.last is not None and (left := self.last + self.pause - self.clock()) > 0:
            self.sleep(left)
        self.last = self.clock()


# ---------------------------------------------------------------- what pip is configured with


def run_pip(*arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """pip of this interpreter. Raises PackageError where it is missing or does not end in time."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "COLUMNS": "400"}
    try:
        return subprocess.run(
            [sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, check=False, timeout=seconds, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise PackageError(f"pip did not end within {seconds:.0f} seconds; raise FRAMEGRAPH_INDEX_TIMEOUT or try later") from error
    except OSError as error:
        raise PackageError(f"pip cannot be run ({error}); run: {sys.executable} -m ensurepip") from error


def configured(key: str) -> str:
    """A value of pip's configuration: the variable PIP_KEY, else ``pip config get global.KEY``, else ""."""
    told = os.environ.get(f"PIP_{key.upper().replace('-', '_')}", "")
    return told or run_pip("config", "get", f"global.{key}").stdout.strip()


def configured_index() -> str:
    """The address of the simple API that pip asks, without a slash at its end. Raises PackageError where pip names none."""
    chosen = configured("index-url")
    if not chosen:  # pip's own default, which only its help tells
        told = re.search(r"--index-url <url>.*?\(default\s+(\S+?)\)", run_pip("install", "--help").stdout, re.DOTALL)
        chosen = told[1] if told else ""
    if not chosen.startswith(("http://", "https://")):
        raise PackageError(f"pip is configured with no package index ({chosen!r}); set PIP_INDEX_URL to the address of one")
    return chosen.rstrip("/")


def public(url: str) -> str:
    """An address without the user and password in it, for messages."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _trust() -> ssl.SSLContext | bool:
    """The certificates that pip is told to trust, else the client's own."""
    bundle = configured("cert")
    try:
        return ssl.create_default_context(cafile=bundle) if bundle else True
    except OSError as error:
        raise PackageError(f"the certificates of pip's setting cert cannot be read ({bundle}: {error}); mend it or PIP_CERT") from error


def _number(name: str) -> float:
    try:
        return float(setting(name))
    except ValueError as error:
        raise PackageError(f"{name} is {setting(name)!r}; give a number of seconds") from error


# ---------------------------------------------------------------- the index


class Index:
    """A package index. ``pause`` is between two requests, ``seconds`` bounds one; the defaults are settings."""

    def __init__(self, url: str = "", *, throttle: Throttle | None = None, seconds: float | None = None) -> None:
        self.url = (url or configured_index()).rstrip("/")
        self.throttle = throttle or Throttle(_number("FRAMEGRAPH_INDEX_PAUSE"))
        self.seconds = seconds or _number("FRAMEGRAPH_INDEX_TIMEOUT")
        self._client = httpx.Client(timeout=self.seconds, follow_redirects=True, verify=_trust(), headers={"User-Agent": "framegraph"})
        self._simple = True  # until the index has once answered with something else than JSON
        self._summaries = True  # until it has once answered that it has no summary of a project that it lists

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def listing(self, name: str) -> Listing | None:
        """The files of a project, or None where the index lists them in no JSON.

        Raises PackageError for a project that is not there or an answer that makes no sense, UnreachableIndex.
        """
        files = self._simple_files(name) if self._simple else None
        body = self._summary(name, needed=not files or not all(f.date for f in files))
        if files is not None and all(f.date for f in files):
            return Listing(files, told=told_by(body) if body else None)
        if body is None:
            return Listing(files) if files is not None else None
        return _project_listing(name, body)

    def _summary(self, name: str, *, needed: bool) -> dict[str, Any] | None:
        """A project's own JSON, or None where the index has none. Where only its vulnerabilities are wanted, it may fail."""
        if not needed and not self._summaries:
            return None
        try:
            reply = self._get(self._own(name), name, "application/json", missing=True)
            if reply is None or not _is_json(reply):
                self._summaries = False
                return None
            return _body(reply, name)
        except UnreachableIndex:
            raise
        except PackageError:
            if needed:
                raise
            return None

    def _own(self, name: str, version: str = "") -> str:
        """The address of the JSON of a project, or of one of its releases."""
        return "/".join(filter(None, (self.url.rpartition("/")[0], "pypi", canonicalize_name(name), version, "json")))

    def told(self, name: str, version: str) -> Told | None:
        """The known vulnerabilities of one release, from its own JSON or, where it is the newest, from the project's.

        None where the index tells nothing of them. Raises PackageError, UnreachableIndex.
        """
        for address in (self._own(name, version), self._own(name)):
            reply = self._get(address, name, "application/json", missing=True)
            told = told_by(_body(reply, name)) if reply is not None and _is_json(reply) else None
            if told is not None and told.version == version:
                return told
        return None

    def _simple_files(self, name: str) -> tuple[File, ...] | None:
        reply = self._get(f"{self.url}/{canonicalize_name(name)}/", name, SIMPLE_JSON)
        if reply is None or not _is_json(reply):
            self._simple = False
            return None
        return _simple_listing(name, _body(reply, name), str(reply.url))

    def metadata(self, name: str, file: File) -> dict[str, Any] | None:
        """The METADATA of a file by PEP 658, or None where the index has none. Raises PackageError, UnreachableIndex."""
        if file.metadata is None:
            return None
        reply = self._get(f"{file.url}.metadata", name, "*/*", missing=True)
        if reply is None:
            return None
        if file.metadata and hashlib.sha256(reply.content).hexdigest() != file.metadata:
            raise PackageError(f"{name}: the METADATA of {file.name} has another hash than the index says; try again later")
        raw, _ = parse_email(reply.content)
        return dict(raw)

    def report(self, name: str, version: str = "") -> dict[str, Any]:
        """pip's report on one wheel of a version, of the newest one that pip's Python can run where none is given.

        Nothing is installed and no code of the package is run. Raises PackageError where pip finds no wheel.
        """
        self.throttle.wait()
        asked = f"{name}=={version}" if version else name
        choice = ["--no-deps", "--ignore-installed", "--only-binary", ":all:", *(["--ignore-requires-python"] if version else [])]
        where = ["--index-url", self.url, "--timeout", f"{self.seconds:.0f}"]
        done = run_pip("install", "--dry-run", "--quiet", *choice, *where, "--report", "-", asked, seconds=20 * self.seconds)
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["no reason given"])[-1].replace(self.url, public(self.url))
            raise PackageError(f"{name}: pip reports no wheel of {asked} ({said}); the record stays")
        try:
            entry: dict[str, Any] = json.loads(done.stdout)["install"][0]
            return {"metadata": {"version": entry["metadata"]["version"], **entry["metadata"]}, "file": entry["download_info"]}
        except (json.JSONDecodeError, LookupError, TypeError) as error:
            raise PackageError(f"{name}: pip's report cannot be read ({error}); upgrade pip and try again") from error

    def _get(self, url: str, name: str, accept: str, *, missing: bool = False) -> httpx.Response | None:
        """An answer, or None for 404 where that is ``missing`` as foreseen. A busy index is asked once more."""
        reply = self._once(url, name, accept)
        if reply.status_code in BUSY:
            asked = reply.headers.get("retry-after", "")
            self.throttle.sleep(min(float(asked) if asked.isdigit() else self.throttle.pause, LONGEST_WAIT))
            reply = self._once(url, name, accept)
        if reply.status_code == HTTPStatus.NOT_FOUND:
            if missing:
                return None
            raise PackageError(f"{name}: the package index has no such project; mend its pkg:name in packages/mapping.ttl, or its record")
        if reply.is_error:
            raise PackageError(f"{name}: {public(url)} answers {reply.status_code}; the record stays, try again later")
        return reply

    def _once(self, url: str, name: str, accept: str) -> httpx.Response:
        self.throttle.wait()
        try:
            return self._client.get(url, headers={"Accept": accept})
        except (httpx.ConnectError, httpx.ProxyError) as error:
            raise UnreachableIndex(
                f"{public(self.url)} cannot be reached ({error}); see to the network or set PIP_INDEX_URL; all records stay"
            ) from error
        except httpx.TimeoutException as error:
            raise PackageError(
                f"{name}: no answer within {self.seconds:g} seconds; the record stays, try again or raise FRAMEGRAPH_INDEX_TIMEOUT"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PackageError(f"{name}: {public(url)} cannot be read ({error}); the record stays, try again later") from error


# ---------------------------------------------------------------- reading the two forms


def _is_json(reply: httpx.Response) -> bool:
    kind: str = reply.headers.get("content-type", "")
    return kind.partition(";")[0].strip().endswith("json")


def _body(reply: httpx.Response, name: str) -> dict[str, Any]:
    try:
        body = reply.json()
    except ValueError as error:
        raise PackageError(f"{name}: {public(str(reply.url))} is cut off or no JSON ({error}); the record stays, try again") from error
    if not isinstance(body, dict):
        raise PackageError(f"{name}: {public(str(reply.url))} holds no project; the record stays, try again later")
    return body


def _simple_listing(name: str, body: dict[str, Any], base: str) -> tuple[File, ...]:
    """The files of a PEP 691 answer; those whose name tells no version that can be ordered are left out."""
    try:
        _require_same(name, body["name"])
        found = []
        for raw in body["files"]:
            version = version_of(raw["filename"], name, body.get("versions", ()))
            told = raw.get("core-metadata", raw.get("data-dist-info-metadata", raw.get("dist-info-metadata")))
            metadata = told.get("sha256", "") if isinstance(told, dict) else "" if told else None
            if version:
                found.append(
                    File(version, raw["filename"], urljoin(base, raw["url"]), raw.get("hashes", {}).get("sha256", ""),
                         (raw.get("upload-time") or "")[:10], raw.get("requires-python") or "", bool(raw.get("yanked")), metadata)
                )  # fmt: skip
    except (LookupError, TypeError, AttributeError) as error:
        raise PackageError(f"{name}: the index's list of files lacks {error}; the record stays") from error
    return tuple(found)


def _project_listing(name: str, body: dict[str, Any]) -> Listing:
    """The files of a project's own JSON, which says the version of each; releases without files are left out."""
    try:
        _require_same(name, body["info"]["name"])
        files = tuple(
            File(version, raw["filename"], raw["url"], raw.get("digests", {}).get("sha256", ""), raw["upload_time_iso_8601"][:10],
                 raw.get("requires_python") or "", bool(raw.get("yanked")))
            for version, uploads in body["releases"].items() if _orderable(version)
            for raw in uploads
        )  # fmt: skip
    except (LookupError, TypeError, AttributeError) as error:
        raise PackageError(f"{name}: the index's summary of the project lacks {error}; the record stays") from error
    return Listing(files, body["info"], told_by(body))


def _require_same(name: str, answered: str) -> None:
    if canonicalize_name(name) != canonicalize_name(answered):
        raise PackageError(f"{name}: the package index answers with {answered!r}; the record stays, mend the pkg:name")


def _orderable(version: str) -> bool:
    try:
        Version(version)
    except InvalidVersion:
        return False
    return True


def version_of(filename: str, project: str, versions: Iterable[str] = ()) -> str:
    """The version that a file's name tells, spelled as in ``versions`` where it stands there; "" where none can be told.

    >>> version_of("brass_wheel-1!2.0.post1-py3-none-any.whl", "Brass.Wheel")
    '1!2.0.post1'
    >>> version_of("brass-wheel-1.0-2-py2.5.egg", "brass-wheel", ["1.0", "1.0-2"])
    '1.0-2'
    """
    try:
        parsed = (parse_wheel_filename if filename.endswith(".whl") else parse_sdist_filename)(filename)
        if parsed[0] == canonicalize_name(project):
            return next((v for v in versions if _orderable(v) and Version(v) == parsed[1]), str(parsed[1]))
    except (InvalidWheelFilename, InvalidSdistFilename):
        pass  # an old kind of file, or a name from before the rules
    stem = ENDINGS.sub("", filename)
    for version in sorted(versions, key=len, reverse=True):
        if _orderable(version) and re.search(rf"[-_]{re.escape(version)}(?=[-_.]|$)", stem):
            return version
    return ""
