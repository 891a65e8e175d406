"""The three graphs of other domains: of the promised size, the same in every run, with questions whose gold queries answer."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from tests.graphs.generate import DOMAINS, write
from tests.graphs.score import opened, questions, solutions
from tests.graphs.vocabulary import Vocabulary, VocabularyError

ROOT = Path(__file__).resolve().parents[2]
ITEMS = [(domain, item) for domain in DOMAINS for item in questions(domain)]
KEYS = {"id", "kind", "question", "history", "gold_query", "ordered"}
_CUT = re.compile(r"ORDER BY (?P<last>DESC)?\(?(?P<key>.+?)\)?( OFFSET (?P<offset>\d+))? LIMIT (?P<limit>\d+)$")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write(tmp_path_factory.mktemp("graphs"))


@pytest.fixture(scope="module")
def stores(paths: dict[str, Path]) -> dict[str, Store]:
    return {name: opened(path) for name, path in paths.items()}


def test_same_seed_same_bytes(paths: dict[str, Path], tmp_path: Path) -> None:
    """Another process, with other hashes of strings, writes the same bytes; another seed does not."""
    command = [sys.executable, "-m", "tests.graphs.generate", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, env={"PYTHONHASHSEED": "12345"}, stdout=subprocess.DEVNULL)
    assert {name: (tmp_path / f"{name}.ttl").read_bytes() for name in paths} == {
        name: path.read_bytes() for name, path in paths.items()
    }
    other = write(tmp_path / "other", seed=8)
    assert all(other[name].read_bytes() != path.read_bytes() for name, path in paths.items())


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_size(domain: str, stores: dict[str, Store]) -> None:
    """Each graph holds more than 5,000 and fewer than 12,000 triples."""
    assert 5000 < len(stores[domain]) < 12_000


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_everything_has_an_english_label(domain: str, stores: dict[str, Store]) -> None:
    """Classes, properties and things carry one label, and no other kind of thing is there."""
    unnamed = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?x { ?x a ?kind FILTER NOT EXISTS { ?x rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) = "en") } }"""
    assert solutions(stores[domain], unnamed) == []


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_nothing_of_the_engine_is_in_it(domain: str, paths: dict[str, Path]) -> None:
    """The graphs use their own words and those of common vocabularies."""
    assert "framegraph" not in paths[domain].read_text(encoding="utf-8")


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_forty_questions_of_many_kinds(domain: str) -> None:
    """40 questions a domain, of twelve kinds or more, none asked twice, four of them follow-ups."""
    items = questions(domain)
    kinds = Counter(item["kind"] for item in items)
    assert len(items) == 40
    assert len(kinds) >= 12
    assert kinds["follow-up"] == 4
    assert all(set(item) == KEYS and bool(item["history"]) == (item["kind"] == "follow-up") for item in items)
    assert len({item["question"] for item in items}) == 40


def test_ids_are_unique() -> None:
    """No two questions share an id, over all domains."""
    assert len({item["id"] for _, item in ITEMS}) == len(ITEMS) == 120


@pytest.mark.parametrize(("domain", "item"), ITEMS, ids=[item["id"] for _, item in ITEMS])
def test_gold_query(domain: str, item: dict[str, Any], stores: dict[str, Store]) -> None:
    """A gold query runs, finds something, and no row twice; where it takes the first few, nothing ties with the last of them."""
    found = solutions(stores[domain], item["gold_query"])
    assert isinstance(found, bool) == (item["kind"] == "yes-no")
    if isinstance(found, bool):
        return
    assert found
    assert len({tuple(row.values()) for row in found}) == len(found)
    assert all(value is not None for row in found for value in list(row.values())[:1])
    cut = _CUT.search(item["gold_query"])
    assert (cut is not None) == (" LIMIT " in item["gold_query"])
    if cut is not None:
        _assert_no_tie(stores[domain], item["gold_query"], cut)


def _assert_no_tie(store: Store, query: str, cut: re.Match[str]) -> None:
    """The values by which the rows stand in order, up to the first that is cut off, all differ."""
    key = cut["key"] + ")" * (cut["key"].count("(") - cut["key"].count(")"))
    whole = query[: cut.start()] + f"ORDER BY {cut['last'] or ''}({key})"
    taken = int(cut["offset"] or 0) + int(cut["limit"]) + 1
    if f"AS {key})" not in query:
        whole = re.sub(r"SELECT (.*?) \{", lambda m: f"SELECT {m[1]} (({key}) AS ?key) {{", whole, count=1)
        key = "?key"
    rows = solutions(store, whole)
    assert not isinstance(rows, bool)
    values = [row[key[1:]] for row in rows[:taken]]
    assert len(set(values)) == len(values)


def test_an_undeclared_property_is_refused() -> None:
    """A mistyped property of a generator fails at once, and so does a second thing of one name."""
    v = Vocabulary("https://example.org/toy/", "toy")
    v.kind("Thing", "thing")
    v.thing("Thing", "Bell")
    with pytest.raises(VocabularyError, match="colour"):
        v.thing("Thing", "Drum", colour="red")
    with pytest.raises(VocabularyError, match="Bell"):
        v.thing("Thing", "Bell")
