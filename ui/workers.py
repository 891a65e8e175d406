"""Workers for the queries of strangers, over the graph of an assistant."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from graph.seal import STORE_MARK
from graph.settings import cache_folder
from graph.store import KnowledgeGraph, snapshot, write_store
from graph.terms import FACTS
from graph.worker import Limits, Pool


def pool_over(kg: KnowledgeGraph, limits: Limits | None) -> Pool:
    """Workers over the graph's folder, or over a copy of it in a folder of their own; before an endpoint, a relay to it.

    A graph that was read from files is copied rather than queried in this process: the engine has no timeout, so only
    a process of its own bounds a stranger's query. The copy costs a second for a million statements, once.
    """
    built = cache_folder() / kg.version / "store"
    if kg.is_local and kg.facts_graph == FACTS.value and (built / STORE_MARK).exists():
        return Pool(built, kg.facts_graph, limits)
    home = Path(tempfile.mkdtemp(prefix="framegraph-"))
    pool = _over(kg, home / "store", limits)
    weakref.finalize(pool, shutil.rmtree, home, ignore_errors=True)
    return pool


def _over(kg: KnowledgeGraph, folder: Path, limits: Limits | None) -> Pool:
    if kg.is_local:
        snapshot(kg, folder)
        return Pool(folder, kg.facts_graph, limits)
    from graph.remote import HttpBackend
    from ui.relay import Relay

    assert isinstance(kg.backend, HttpBackend)
    write_store((), folder)
    return Relay(folder, kg.facts_graph, kg.backend, limits)
