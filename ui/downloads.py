"""Downloads: /data/ lists the files of a dump and serves them; /.well-known/void leads to the description of the dataset.

The dump is made by another process when it is first asked for, since it takes seconds and much memory, and kept with the
built graph: the same graph is dumped once.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

import graph
from graph import dump
from graph.build import data_version
from graph.corpus import data_folder
from graph.settings import cache_folder
from graph.store import KnowledgeGraph
from graph.types import BuildError, GraphError
from graph.void import media_type
from ui import pages
from ui.shell import POLICY

ADDRESS, WELL_KNOWN = "/data/", "/.well-known/void"
SPARQL = "../sparql"  # from the descriptions, which stand in /data/
CODE = ("dump.py", "quads.py", "tables.py", "void.py")  # a change here changes the files
SECONDS = 600  # that a dump may take
PATIENCE, LOOK_AGAIN = 2.0, 5  # seconds that somebody who opens the list waits for it, and after which the page looks again


class Downloads:
    """The files of one graph. A graph on an endpoint is not dumped: its own server is the place to get it."""

    def __init__(self, kg: KnowledgeGraph, about: dict[str, Any]) -> None:
        self._kg, self._title, self._lock = kg, str(about["title"]), asyncio.Lock()
        self._making: asyncio.Task[Path] | None = None

    def routes(self) -> list[Route]:
        return [
            Route("/data", lambda _: RedirectResponse(ADDRESS)),
            Route(ADDRESS, self._page),
            Route(ADDRESS + "{name:path}", self._file),
            Route(WELL_KNOWN, lambda _: RedirectResponse(f"{ADDRESS}{dump.VOID}", 302)),
        ]

    async def _page(self, request: Request) -> Response:
        """The list; where the files are still being written, a page that says so and looks again."""
        self._making = self._making or asyncio.create_task(self.folder())
        await asyncio.wait({self._making}, timeout=PATIENCE)
        if not self._making.done():
            headers = {"Content-Security-Policy": POLICY, "Refresh": str(LOOK_AGAIN)}
            return HTMLResponse(pages.waiting_page(self._title), 202, headers=headers)
        done, self._making = self._making, None
        try:
            folder = done.result()
        except GraphError as error:
            return HTMLResponse(pages.trouble_page(self._title, str(error)), 503, headers={"Content-Security-Policy": POLICY})
        described = (folder / dump.DATASET).read_text(encoding="utf-8")
        shown = pages.data_page(self._title, self._kg.version, [(f.name, f.what, f.size) for f in listed(folder)], described)
        return HTMLResponse(shown, headers={"Content-Security-Policy": POLICY})

    async def _file(self, request: Request) -> Response:
        """A file as it is kept: with its ETag and its day, 304 where it is there already, packed for who takes gzip."""
        name = request.path_params["name"]
        try:
            folder = await self.folder()
        except GraphError as error:
            return PlainTextResponse(f"{error}\n", 503)
        packed = "gzip" in request.headers.get("accept-encoding", "") and (folder / f"{name}.gz").is_file()
        try:
            response = await StaticFiles(directory=folder).get_response(f"{name}.gz" if packed else name, request.scope)
        except HTTPException as error:
            return PlainTextResponse(f"there is no {name[:200]!a} here; {ADDRESS} lists what there is\n", error.status_code)
        kind = media_type(name)
        sent = "application/gzip" if name.endswith(".gz") else f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        response.headers.update({"Content-Type": sent, "Vary": "Accept-Encoding", "Access-Control-Allow-Origin": "*"})
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response

    async def folder(self) -> Path:
        """Where the files are, made first where they are not. Raises GraphError where they cannot be made."""
        if not self._kg.is_local:
            raise GraphError(f"this graph is kept at {self._kg.name}; ask there for a copy of it")
        place = cache_folder() / self._kg.version / f"dump-{_code()}"
        async with self._lock:
            if not place.is_dir():
                await self._make(place)
        return place

    async def _make(self, place: Path) -> None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = Path(tempfile.mkdtemp(prefix=".dump-", dir=place.parent))
        except OSError as error:
            raise GraphError(f"{place.parent} cannot be written ({error.strerror}); set FRAMEGRAPH_CACHE to a folder that can") from error
        try:
            told = ["--graph", self._kg.place, "--sparql", SPARQL, *_licence(self._kg)]
            command = [sys.executable, "-m", "ui.cli", "dump", str(partial), *told]
            with anyio.fail_after(SECONDS):
                done = await anyio.run_process(command, check=False, cwd=Path(graph.__file__).parent.parent)
            if done.returncode:
                raise GraphError(f"the files could not be written: {done.stderr.decode(errors='replace').strip()}")
            if json.loads((partial / dump.DATASET).read_text(encoding="utf-8"))["version"] != self._kg.version:
                raise GraphError(f"{self._kg.place} has changed since it was opened; start the server again")
            await anyio.to_thread.run_sync(_pack, partial)
            partial.rename(place)
        except TimeoutError as error:
            raise GraphError(f"the files were not written within {SECONDS} seconds; run: framegraph dump FOLDER") from error
        except OSError as error:
            if not place.is_dir():  # not another server's work, but a disk that refuses
                raise GraphError(f"{place} cannot be written ({error.strerror}); set FRAMEGRAPH_CACHE to a folder that can") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a dump: its name, what it holds, its size in bytes."""

    name: str
    what: str
    size: int


def listed(folder: Path) -> list[Listed]:
    """The files of a dump, quads first, then descriptions, then tables; copies that are packed for the way are left out."""
    found = {p.relative_to(folder).as_posix(): p.stat().st_size for p in sorted(folder.rglob("*")) if p.is_file()}
    own = [n for n in found if n.removesuffix(".gz") == n or n.removesuffix(".gz") not in found]
    return [Listed(n, _what(n), found[n]) for n in sorted(own, key=lambda n: (_place(n), n))]


WHAT = (
    (dump.TRIG, "all quads as TriG: each fact in the passage that states it"),
    (dump.NQUADS, "the same as N-Quads, a line a quad"),
    (dump.VOID, "what the dataset is and how much of what it holds, as VoID"),
    (dump.DATASET, "the same for search engines, as schema.org's Dataset"),
    (dump.LICENCE, "the licence of the data"),
)


def _place(name: str) -> int:
    return next((i for i, (start, _) in enumerate(WHAT) if name.startswith(start)), len(WHAT))


def _what(name: str) -> str:
    return next((what for start, what in WHAT if name.startswith(start)), "a table, a row a thing")


def _licence(kg: KnowledgeGraph) -> Sequence[str]:
    """The licence that lies beside the shipped data, where that is what is served."""
    try:
        file = data_folder() / "LICENSE"
        ours = kg.version == data_version(data_folder())
    except BuildError:
        return ()
    return ("--licence", str(file)) if ours and file.is_file() else ()


def _code() -> str:
    """A hash of the code that writes dumps."""
    digest = hashlib.sha256()
    for name in CODE:
        digest.update((Path(graph.__file__).parent / name).read_bytes())
    return digest.hexdigest()[:8]


def _pack(folder: Path) -> None:
    """A gzipped copy beside each file that is not gzipped."""
    for path in [p for p in folder.rglob("*") if p.is_file() and p.suffix != ".gz"]:
        packed = gzip.compress(path.read_bytes(), compresslevel=dump.LEVEL, mtime=0)
        path.with_name(f"{path.name}.gz").write_bytes(packed)
