"""Known vulnerabilities of the releases that constraints.txt pins, of what pyproject.toml names: as the package index tells them.

    python -m tests.soak.pins

For where ``pip-audit`` cannot reach a service: it asks the index that pip is configured with, one project after the other
(FRAMEGRAPH_INDEX_PAUSE), for the vulnerabilities in its JSON of each pinned release. Status 1 where one is known that was not
withdrawn, or where the index does not tell. What those packages depend on themselves is not asked about: that is pip-audit's.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from graph.advisories import Told, renewed, standing
from graph.package_index import Index

ROOT = Path(__file__).resolve().parents[2]


class Telling(Protocol):
    """What is asked: ``graph.package_index.Index``."""

    def told(self, name: str, version: str) -> Told | None: ...


def named(root: Path = ROOT) -> Mapping[str, str]:
    """The packages that the project names, with and without its extras, and the version that is pinned of each."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines) if version}
    wanted = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    return {name: pinned[name] for name in sorted(canonicalize_name(Requirement(r).name) for r in wanted)}


def faults(index: Telling, pinned: Mapping[str, str]) -> Iterator[str]:
    """A line for each known vulnerability, and for each release that the index tells nothing of."""
    for name, version in pinned.items():
        security = renewed(None, index.told(name, version), "")
        if security is None:
            yield f"{name} {version}: the index does not say what is known"
            continue
        for row in standing(security):
            yield f"{name} {version}: {row['id']}, mended in {', '.join(row['fixed_in']) or 'no release'}"


def main() -> None:
    pinned = named()
    with Index() as index:
        found = list(faults(index, pinned))
    print("\n".join([*found, f"{len(pinned)} releases asked about, {len(found)} of them or of their vulnerabilities to look at"]))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
