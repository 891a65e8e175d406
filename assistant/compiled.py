"""What is compiled from a graph once, kept as JSON beside the vectors, so that a start reads it instead of compiling anew.

A folder ``compiled-HASH`` belongs to one content of one graph, read by one state of this code: a changed line of either
compiles anew. Values are dataclasses and containers, written and read by their type hints; no code is ever loaded. What cannot
be kept (a blank node among IRIs, a disk that refuses) is compiled each time; a broken file is written anew.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import hashlib
import json
import os
import shutil
import sys
import types
import typing
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import graph as graph_package
from graph.store import KnowledgeGraph
from graph.types import Iri

T = TypeVar("T")
KEPT = 8  # folders that stay, those last used first
_PLAIN = (str, int, float, bool, type(None))
_BROKEN = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError)  # whatever a file that is not ours can cause


class Compiled:
    """The values kept for one graph; with no ``folder`` nothing is kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    @classmethod
    def of(cls, kg: KnowledgeGraph, cache: Path | None) -> Compiled:
        """Where the values of a graph stand in a cache. An endpoint may change at any time: nothing of it is kept."""
        if cache is None or not kg.version or not kg.is_local:
            return cls()
        digest = hashlib.sha256("\x00".join((kg.version, kg.place, kg.facts_graph, _code())).encode("utf-8", "surrogatepass"))
        return cls(cache / f"compiled-{digest.hexdigest()[:16]}")

    def value(self, name: str, kind: Any, make: Callable[[], T]) -> T:
        """The value of this name, which is of the type ``kind``: read where it is kept, else made and kept."""
        if self.folder is None:
            return make()
        path = self.folder / f"{name}.json"
        try:
            with _no_collection():
                read: T = _reader(kind)(json.loads(path.read_bytes())["value"])
                _IRIS.clear()
            return read
        except _BROKEN:
            from graph.build import progress  # only a first start needs it

            with progress("Reading the graph") as step:
                step(f"compiling: {name}")
                made = make()
        with contextlib.suppress(*_BROKEN):
            self._write(path, json.dumps({"value": _writer(kind)(made)}, separators=(",", ":")))
        return made

    def _write(self, path: Path, text: str) -> None:
        fresh = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
        if fresh:
            kept = sorted(path.parent.parent.glob("compiled-*"), key=lambda p: p.stat().st_mtime_ns, reverse=True)
            for old in kept[KEPT:]:
                shutil.rmtree(old, ignore_errors=True)


NOTHING_KEPT = Compiled()


@cache
def _code() -> str:
    """A hash of this code, of the stemmer's version and of Python's."""
    import snowballstemmer

    digest = hashlib.sha256(f"{sys.version_info[:3]} {getattr(snowballstemmer, '__version__', '')}".encode())
    for package in (Path(__file__).parent, Path(graph_package.__file__).parent):
        for file in sorted(package.glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Thousands of small objects are made that all stay: looking through them for garbage would take half of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


# ---------------------------------------------------------------- types -> readers and writers


class _Iris(dict[str, Iri]):
    """One Iri object for each text."""

    def __missing__(self, text: str) -> Iri:
        if not isinstance(text, str):
            raise TypeError(f"{text!r} is no IRI")
        made = self[text] = Iri(text)
        return made


_IRIS = _Iris()


def _same(raw: Any) -> Any:
    return raw


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass that are kept, with their types: all but functions."""
    hints = typing.get_type_hints(kind)
    return tuple((f.name, hints[f.name]) for f in dataclasses.fields(kind) if typing.get_origin(hints[f.name]) is not Callable)


def _choices(kind: Any) -> tuple[Any, ...]:
    return typing.get_args(kind) if typing.get_origin(kind) in (typing.Union, types.UnionType) else ()


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """A function from JSON to a value of the type. Raises TypeError for a type that cannot be kept."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in _PLAIN or origin is typing.Literal:
        return _same
    if kind is Iri:
        return _IRIS.__getitem__
    if dataclasses.is_dataclass(kind):
        return _record(kind)  # type: ignore[arg-type]  # a dataclass is a type here
    choices = _choices(kind)
    if choices:
        return _chosen(choices)
    read = [_reader(k) for k in inner if k is not Ellipsis]
    if origin is dict:
        key, value = read
        return lambda raw: {key(k): value(v) for k, v in raw}
    if origin is tuple and inner[-1:] != (Ellipsis,):
        return lambda raw: tuple(r(v) for r, v in zip(read, raw, strict=True))
    if origin in (tuple, list, set, frozenset):
        return origin if read[0] is _same else lambda raw: origin(map(read[0], raw))
    raise TypeError(f"{kind} cannot be kept")


def _record(kind: type) -> Callable[[Any], Any]:
    readers = [(name, _reader(k)) for name, k in _fields(kind)]
    if len(readers) == len(dataclasses.fields(kind)):  # all in their order
        reads = [None if r is _same else r for _, r in readers]
        return lambda raw: kind(*[v if r is None else r(v) for r, v in zip(reads, raw, strict=True)])
    return lambda raw: kind(**{name: r(v) for (name, r), v in zip(readers, raw, strict=True)})


def _chosen(choices: tuple[Any, ...]) -> Callable[[Any], Any]:
    """X or None as X; several types as a pair of the type's place and its value."""
    some = [c for c in choices if c is not type(None)]
    readers = [_reader(c) for c in some]
    if len(some) == 1:
        return lambda raw: None if raw is None else readers[0](raw)
    return lambda raw: None if raw is None else readers[raw[0]](raw[1])


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """A function from a value of the type to JSON. The function raises TypeError for a value of another type."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind in _PLAIN or origin is typing.Literal:
        return lambda value: _checked(value, _PLAIN)
    if kind is Iri:
        return lambda value: _checked(value, (Iri,)).value
    if dataclasses.is_dataclass(kind):
        fields = [(name, _writer(k)) for name, k in _fields(kind)]  # type: ignore[arg-type]  # a dataclass is a type here
        record: Any = kind
        return lambda value: [w(getattr(_checked(value, (record,)), name)) for name, w in fields]
    choices = [c for c in _choices(kind) if c is not type(None)]
    if choices:
        return _choice_writer(choices)
    writers = [_writer(k) for k in inner if k is not Ellipsis]
    if origin is dict:
        return lambda value: [[writers[0](k), writers[1](v)] for k, v in value.items()]
    if origin is tuple and inner[-1:] != (Ellipsis,):
        return lambda value: [w(v) for w, v in zip(writers, _checked(value, (tuple,)), strict=True)]
    if origin in (set, frozenset):
        return lambda value: sorted(writers[0](v) for v in _checked(value, (origin,)))
    return lambda value: [writers[0](v) for v in _checked(value, (origin,))]


def _choice_writer(choices: list[Any]) -> Callable[[Any], Any]:
    writers = {c: _writer(c) for c in choices}
    if len(choices) == 1:
        return lambda value: None if value is None else writers[choices[0]](value)
    return lambda value: None if value is None else [choices.index(type(value)), writers[type(value)](value)]


def _checked(value: Any, kinds: tuple[type, ...]) -> Any:
    if not isinstance(value, kinds):
        raise TypeError(f"{value!r} is none of {kinds}")
    return value
