"""Workers for the queries of strangers, over the graph of an assistant."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from graph.settings import cache_folder
from graph.store import STORE_MARK, KnowledgeGraph, snapshot
from graph.terms import FACTS
from graph.worker import Limits, Pool


def pool_over(kg: KnowledgeGraph, limits: Limits | None) -> Pool | None:
    """Workers over the graph's folder, or over a copy of it in a folder of their own; None for an endpoint.

    A graph that was read from files is copied rather than queried in this process: the engine has no timeout, so only
    a process of its own bounds a stranger's query. The copy costs a second for a million statements, once.
    """
    if kg.name.startswith(("http://", "https://")):
        return None
    built = cache_folder() / kg.version / "store"
    if kg.facts_graph == FACTS.value and (built / STORE_MARK).exists():
        return Pool(built, kg.facts_graph, limits)
    home = Path(tempfile.mkdtemp(prefix="framegraph-"))
    pool = Pool(home / "store", kg.facts_graph, limits)
    weakref.finalize(pool, shutil.rmtree, home, ignore_errors=True)
    snapshot(kg, home / "store")
    return pool
