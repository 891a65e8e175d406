"""Where the data are found, and which graph a triple is filed under."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph import corpus as corpus_module
from graph.corpus import PASSAGES, Corpus, data_files, data_folder, read_corpus
from graph.terms import SOURCES, TERMS
from graph.types import BuildError, Iri, Literal

X, P = Iri("https://x.example/x"), Iri("https://x.example/p")


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRAMEGRAPH_DATA", raising=False)


def test_the_setting_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """FRAMEGRAPH_DATA names another folder."""
    monkeypatch.setenv("FRAMEGRAPH_DATA", str(tmp_path))
    assert data_folder() == tmp_path


def test_an_installed_wheel_brings_its_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """framegraph_data beside the package is taken before a checkout's data."""
    (tmp_path / "framegraph_data").mkdir()
    monkeypatch.setattr(corpus_module, "__file__", str(tmp_path / "graph" / "corpus.py"))
    assert data_folder() == tmp_path / "framegraph_data"


def test_a_checkout_uses_its_data_folder() -> None:
    """Here, the folder at the root."""
    assert (data_folder() / "ontology.ttl").is_file()


def test_without_any_data_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither a wheel nor a checkout: install or set the setting."""
    monkeypatch.setattr(corpus_module, "__file__", str(tmp_path / "graph" / "corpus.py"))
    monkeypatch.setattr(corpus_module, "checkout", lambda: None)
    with pytest.raises(BuildError, match="set FRAMEGRAPH_DATA"):
        data_folder()


def test_triples_are_filed_by_their_graph() -> None:
    """Names, sources and passages; everything else is a stray that the check reports."""
    corpus = Corpus()
    triple = (X, P, Literal("v"))
    passage, other = Iri(PASSAGES + "one"), Iri("https://x.example/graph")
    for graph in (None, TERMS, SOURCES, passage, other):
        corpus.add(graph, triple, "a.trig")
    assert list(corpus.terms) == list(corpus.sources) == list(corpus.passages[passage]) == [triple]
    assert corpus.strays == [("a.trig", other, triple)]
    assert corpus.files[passage] == {"a.trig"}


def test_instructions_to_the_build_are_no_names(toy_data: Path) -> None:
    """authority.ttl, decisions.ttl and the pkg: lines of the mapping steer the build and are not in the graph."""
    terms = read_corpus(toy_data).terms
    assert not [t for t in terms if "authority" in str(t[0]) or "decision" in str(t[0]) or "package#" in str(t[1])]


def test_files_are_read_in_a_fixed_order(toy_data: Path) -> None:
    """Sorted by path, whatever the file system gives."""
    files = [p.relative_to(toy_data).as_posix() for p in data_files(toy_data)]
    assert files == sorted(files)
    assert {"ontology.ttl", "terms/things.ttl", "facts/machines.trig", "packages/mapping.ttl"} <= set(files)


def test_a_folder_without_rdf_is_refused(tmp_path: Path) -> None:
    """The message says what a data folder holds."""
    with pytest.raises(BuildError, match=r"ontology\.ttl"):
        data_files(tmp_path)
