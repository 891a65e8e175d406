"""A dataset as files to take away: TriG, N-Quads, a CSV for each class, VoID, schema.org's Dataset, and the licence.

The same graph gives the same bytes: quads are sorted, and nothing is stamped with a time or a place.
"""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from graph.quads import Quads
from graph.store import KnowledgeGraph
from graph.tables import tables
from graph.types import GraphError
from graph.void import PREFIXES, Description

TRIG, NQUADS, VOID, DATASET, LICENCE, TABLES = "data.trig", "data.nq", "void.ttl", "dataset.jsonld", "LICENSE.txt", "tables"
BLOCK = 5_000  # lines at a time: a call of the compressor for each would take twice as long
LEVEL = 6  # of compression: 9 takes three times as long for two per cent


def dump(
    kg: KnowledgeGraph,
    folder: Path,
    *,
    compressed: bool = True,
    endpoint: str = "",
    licence: str = "",
    step: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:
    """Write the files into a folder, each whole or not at all; name -> size in bytes, in the order of writing.

    ``compressed``: the two files of quads are gzipped. ``endpoint``: where SPARQL is answered, for the descriptions.
    ``licence``: the text of the data's licence. Raises GraphError for a folder that cannot be written.
    """
    step("reading the graph")
    quads = Quads.of(kg)
    written: dict[str, int] = {}
    try:
        (folder / TABLES).mkdir(parents=True, exist_ok=True)
        for name, lines in ((TRIG, quads.trig()), (NQUADS, quads.nquads())):
            step(f"writing {name}")
            written.update(_write(folder, f"{name}.gz" if compressed else name, lines))
        step("writing tables")
        for table in tables(kg, quads):
            written.update(_write(folder, f"{TABLES}/{table.name}.csv", [table.text()]))
        step("describing it")
        about = Description.of(kg, quads)
        described = Quads.from_quads((*triple, None) for triple in about.void(written, endpoint))
        written.update(_write(folder, VOID, described.turtle(PREFIXES)))
        if licence:
            written.update(_write(folder, LICENCE, [licence]))
        written.update(_write(folder, DATASET, [about.jsonld(written, kg.version, endpoint)]))
    except OSError as error:
        raise GraphError(f"{folder} cannot be written ({error.strerror or error}); give a folder that can") from error
    return written


def _write(folder: Path, name: str, lines: Iterable[str]) -> dict[str, int]:
    """One file, beside its place and then moved there."""
    place = folder / name
    handle, part = tempfile.mkstemp(prefix=".part-", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as raw:
            if name.endswith(".gz"):
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=LEVEL, mtime=0) as packed:
                    _pour(packed, lines)
            else:
                _pour(raw, lines)
        os.chmod(part, 0o644)  # a temporary file is for its owner only
        os.replace(part, place)
    finally:
        Path(part).unlink(missing_ok=True)
    return {name: place.stat().st_size}


class _Out(Protocol):
    def write(self, body: bytes, /) -> int: ...


def _pour(out: _Out, lines: Iterable[str]) -> None:
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == BLOCK:
            out.write("".join(block).encode())
            block.clear()
    out.write("".join(block).encode())
