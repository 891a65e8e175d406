"""A package index on loopback that gives recorded answers, a stand-in for pip, and a record to begin with."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from graph.package_changes import Change
from graph.package_index import SIMPLE_JSON
from graph.package_register import Wanted
from graph.refresh import as_text

TODAY = date(2026, 11, 21)
JSON, SIMPLE = "application/json", SIMPLE_JSON.partition(",")[0]
METADATA = """Metadata-Version: 2.4
Name: Wheel.Works
Version: {version}
Requires-Python: {python}
License-Expression: MIT
Classifier: Development Status :: 5 - Production/Stable
Requires-Dist: spring>=1
Requires-Dist: bells; extra == "sound"
Provides-Extra: sound
Project-URL: Source, https://wheel.example/source
Home-page: https://wheel.example/
"""


def upload(name: str, day: str = "2026-01-01", python: str | None = ">=3.10", *, yanked: bool = False, **more: Any) -> dict[str, Any]:
    """A file as the index's project JSON lists it."""
    return {
        "filename": name,
        "url": f"files/{name}",
        "digests": {"sha256": hashlib.sha256(name.encode()).hexdigest()},
        "upload_time_iso_8601": f"{day}T10:00:00.000000Z",
        "requires_python": python,
        "yanked": yanked,
        **more,
    }


class Shelf:
    """A package index on loopback: ``answers`` by path, (status, content type, body); ``asked`` is what was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        self.url = ""

    def put(self, path: str, body: object, kind: str = JSON, status: int = 200) -> None:
        raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.answers[path] = (status, kind, raw)

    def project(self, releases: dict[str, list[dict[str, Any]]], name: str = "Wheel.Works", **info: Any) -> None:
        """A project in the older of the two forms, as an index without PEP 691 has it; ``info`` is its summary."""
        key = "wheel-works"
        self.put(f"/simple/{key}/", "<!DOCTYPE html><html></html>", "text/html")
        self.put(f"/pypi/{key}/json", {"info": {"name": name, **info}, "releases": releases})

    def simple(self, files: list[dict[str, Any]], name: str = "wheel-works", **more: Any) -> None:
        """The same in the form of PEP 691 and PEP 700."""
        self.put("/simple/wheel-works/", {"meta": {"api-version": "1.1"}, "name": name, "files": files, **more}, SIMPLE)


@contextmanager
def serving() -> Iterator[Shelf]:
    """A shelf that a server on a free port of loopback serves."""
    served = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            status, kind, body = served.answers.get(self.path, (404, "text/plain", b""))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_port}/simple"
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


class Pip:
    """Stands for pip: reports on a wheel of the version asked for, and remembers what was asked."""

    def __init__(self, **metadata: Any) -> None:
        self.metadata, self.asked = metadata, list[list[str]]()
        self.file, self.fails = "", False

    def __call__(self, *arguments: str, seconds: float = 0) -> subprocess.CompletedProcess[str]:
        self.asked.append(list(arguments))
        version = arguments[-1].partition("==")[2] or self.metadata["version"]
        name = self.file or f"wheel_works-{version}-py3-none-any.whl"
        said = {"name": "Wheel.Works", "version": version, "requires_python": ">=3.10", "license": "MIT", **self.metadata}
        hashes = {"sha256": hashlib.sha256(name.encode()).hexdigest()}
        entry = {"metadata": said, "download_info": {"url": f"https://files.example/{name}", "archive_info": {"hashes": hashes}}}
        done = json.dumps({"pip_version": "99", "install": [entry]})
        return subprocess.CompletedProcess([], int(self.fails), "" if self.fails else done, "ERROR: no matching distribution")


def wheel(version: str, tag: str = "py3-none-any") -> str:
    return f"wheel_works-{version}-{tag}.whl"


def sdist(version: str) -> str:
    return f"wheel_works-{version}.tar.gz"


def record(version: str = "1.0", releases: list[dict[str, Any]] | None = None, **newest: Any) -> dict[str, Any]:
    """What was recorded earlier."""
    said = {
        "version": version,
        "file": wheel(version),
        "sha256": hashlib.sha256(wheel(version).encode()).hexdigest(),
        "requires_python": ">=3.10",
        "requires_dist": ["spring>=1"],
        "provides_extra": [],
        "license_expression": "MIT",
        "license": "",
        "classifiers": [],
        "project_urls": {},
        **newest,
    }
    rows = releases or [{"version": version, "date": "2026-01-01", "requires_python": ">=3.10", "yanked": False}]
    return {"entity": "works", "name": "Wheel.Works", "retrieved": "2026-02-02", "newest": said, "releases": rows}


def have(works: Wanted, **given: Any) -> None:
    works.path.write_text(as_text(record(**given)), encoding="utf-8")


def rows(change: Change) -> dict[str, dict[str, Any]]:
    return {row["version"]: row for row in change.after["releases"]}


def simple_file(name: str, shelf: Shelf, *, body: str = "", core: object = None, **more: Any) -> dict[str, Any]:
    if body:
        shelf.put(f"/files/{name}.metadata", body, "binary/octet-stream")
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return {"filename": name, "url": f"../../files/{name}", "hashes": {"sha256": sha256}, "requires-python": ">=3.10",
            "upload-time": "2026-01-01T00:00:00Z", "yanked": False, "core-metadata": core, **more}  # fmt: skip
