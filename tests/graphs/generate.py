"""Three graphs of other domains, made from a seed: the engine has to answer over them with no configuration.

    from tests.graphs.generate import write
    paths = write(folder)            # {"railway": folder/railway.ttl, "hospital": ..., "mountains": ...}

or, from the repository root: ``python -m tests.graphs.generate FOLDER``. The questions about each stand in DOMAIN.jsonl beside
this file; they hold for the default seed only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.graphs import hospital, mountains, railway
from tests.graphs.vocabulary import Vocabulary

SEED = 7
DOMAINS: dict[str, Callable[[int], Vocabulary]] = {
    "railway": railway.build,
    "hospital": hospital.build,
    "mountains": mountains.build,
}


def write(folder: Path, seed: int = SEED) -> dict[str, Path]:
    """Write one Turtle file a domain into the folder, which is made where there is none; the same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    return {name: build(seed).save(folder / f"{name}.ttl") for name, build in DOMAINS.items()}


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])).values():
        print(path)
