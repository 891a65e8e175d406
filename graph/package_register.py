"""Which packages there are to read: what a data folder declares and records, found by any of their names."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from packaging.utils import canonicalize_name

from graph.corpus import MAPPING, read_corpus, read_file
from graph.package_changes import Record
from graph.packages import Mapping, read_package
from graph.terms import PREFIXES, SKOS
from graph.types import BuildError, Iri, PackageError

HOW_TO_NAME = 'add a line to packages/mapping.ttl: id:THING pkg:name "PACKAGE" .'


@dataclass(frozen=True)
class Wanted:
    """A package to read: the thing it is, what the index calls it, and its file."""

    entity: str
    name: str
    path: Path

    def record(self) -> Record | None:
        """What is recorded, or None. Raises PackageError for a file that is no record."""
        if not self.path.exists():
            return None
        try:
            read_package(self.path)
        except BuildError as error:
            raise PackageError(f"{self.name}: {error}") from error
        record: Record = json.loads(self.path.read_text(encoding="utf-8"))
        return record


# ---------------------------------------------------------------- which packages


@dataclass(frozen=True)
class Register:
    """The packages that a data folder declares or records, by thing, and why a thing is not to be looked up."""

    data: Path
    packages: dict[str, Wanted]
    unlisted: dict[str, str]

    @classmethod
    def read(cls, data: Path) -> Register:
        """From packages/mapping.ttl and the records. Raises BuildError for a file that cannot be read."""
        mapping = Mapping.read(t for _, t in read_file(data / MAPPING)) if (data / MAPPING).exists() else Mapping()
        found = {_entity(i): Wanted(_entity(i), n, data / "packages" / f"{_entity(i)}.json") for i, n in mapping.names.items()}
        for path in sorted((data / "packages").glob("*.json")):
            package = read_package(path)
            found[package.entity] = Wanted(package.entity, package.name, path)
        return cls(data, dict(sorted(found.items())), {_entity(i): why for i, why in mapping.unlisted.items()})

    def recorded(self) -> list[Wanted]:
        return [w for w in self.packages.values() if w.path.exists()]

    def declared(self) -> list[Wanted]:
        """All that may be looked up, recorded or not."""
        return [w for entity, w in self.packages.items() if entity not in self.unlisted]

    def choose(self, asked: Sequence[str]) -> list[Wanted]:
        """The packages of these names: of packages or things, or their labels. Raises PackageError for one that is none."""
        known = {_key(w.name): e for e, w in self.packages.items()} | {e: e for e in (*self.packages, *self.unlisted)}
        if any(_key(name) not in known for name in asked):
            known = self._labels() | known
        chosen: dict[str, Wanted] = {}
        for name in asked:
            entity = known.get(_key(name), "")
            if entity in self.unlisted:
                raise PackageError(f"{name} is not looked up: {self.unlisted[entity]}")
            if entity not in self.packages:
                near = difflib.get_close_matches(_key(name), known, n=1)
                raise PackageError(f"{name!r} is no package we know{f'; did you mean {near[0]}?' if near else ''}; else {HOW_TO_NAME}")
            chosen[entity] = self.packages[entity]
        return list(chosen.values())

    def _labels(self) -> dict[str, str]:
        """Labels and aliases of the declared things: reading the whole corpus takes seconds, so only where it is needed."""
        wanted = {*self.packages, *self.unlisted}
        names = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
        named = ((s, o) for s, p, o in sorted(read_corpus(self.data).terms, key=str) if p in names and isinstance(s, Iri))
        return {_key(str(o)): _entity(s) for s, o in named if _entity(s) in wanted}

    def older(self, days: int, on: date) -> list[tuple[Wanted, str, int | None]]:
        """Packages whose record was retrieved more than ``days`` before ``on``, oldest first: (package, day, age in days).

        A declared package without a record has neither day nor age, and comes first.
        """
        found: list[tuple[Wanted, str, int | None]] = []
        for wanted in self.declared():
            record = wanted.record()
            retrieved = record["retrieved"] if record else ""
            age = (on - date.fromisoformat(retrieved)).days if retrieved else None
            if age is None or age > days:
                found.append((wanted, retrieved, age))
        return sorted(found, key=lambda f: (f[1], f[0].entity))


def _entity(iri: Iri) -> str:
    return iri.value.removeprefix(PREFIXES["id"])


def _key(name: str) -> str:
    return canonicalize_name(re.sub(r"\s+", "-", name.strip()))
