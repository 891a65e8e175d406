"""From data/ to a store: what the fact graph holds, and that it appears whole, once, for each state of the data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph import BuildError, KnowledgeGraph
from graph import build as build_module
from graph.build import assemble, data_version, ensure_built, prune
from graph.terms import FACTS, RULES, SOURCES, TERMS
from graph.types import Iri


def values(kg: KnowledgeGraph, body: str) -> set[str]:
    return {row["x"].value.rsplit("/", 1)[-1] for row in kg.query(f"SELECT ?x {{ {body} }}").rows}


@pytest.fixture
def toy(toy_data: Path, tmp_path: Path) -> KnowledgeGraph:
    return KnowledgeGraph.open(ensure_built(toy_data, tmp_path / "cache"))


def test_the_strongest_source_stands_in_the_facts(toy: KnowledgeGraph) -> None:
    """The manual's maker wins over the newspaper's; for the colour the newspaper is the authority."""
    assert values(toy, "id:gear o:maker ?x") == {"ada"}
    assert values(toy, "id:gear o:colour ?x") == {"blue"}


def test_a_losing_claim_stays_in_its_passage(toy: KnowledgeGraph) -> None:
    """What did not win can still be found, with who says it."""
    assert values(toy, "GRAPH ?x { id:gear o:maker id:bob }") == {"gazette"}


def test_values_of_other_properties_add_up(toy: KnowledgeGraph) -> None:
    """Two sources that name different things used are both believed."""
    assert values(toy, "id:gear o:uses ?x") == {"spring", "cog"}


def test_a_decision_settles_equal_sources(toy: KnowledgeGraph) -> None:
    """decisions.ttl says which of two manuals is right about the chime."""
    assert values(toy, "id:cog fg:hasCore ?x") == {"chime"}
    assert not toy.query("ASK { id:cog fg:lacks id:chime }").boolean


def test_remarks_claims_and_statement_nodes_are_facts(toy: KnowledgeGraph) -> None:
    """That someone says it is a fact."""
    assert values(toy, "?x fg:says ?text") == {"rem-gear-use", "claim-gear-best"}
    assert values(toy, "?x a rdf:Statement") == {"st-gear-winding", "st-gear-first"}


def test_labels_stand_in_the_facts_in_both_vocabularies(toy: KnowledgeGraph) -> None:
    """skos:prefLabel is repeated as rdfs:label for tools that know only that."""
    assert toy.query('ASK { id:gear skos:prefLabel "Gear"@en ; rdfs:label "Gear"@en ; a o:Machine }').boolean


def test_every_fact_stands_in_a_passage_a_rule_or_the_names(toy_data: Path) -> None:
    """Nothing is in the fact graph that no other graph states, but for the derived labels."""
    quads = assemble(toy_data).quads
    elsewhere = {q[:3] for q in quads if q[3] != FACTS}
    derived = {q[1].value for q in quads if q[3] == FACTS and q[:3] not in elsewhere}
    assert derived == {"http://www.w3.org/2000/01/rdf-schema#label"}


def test_every_graph_is_of_a_known_sort(toy_data: Path) -> None:
    """Facts, names, sources, passages, rules."""
    graphs = {q[3].value for q in assemble(toy_data).quads}
    assert {FACTS.value, TERMS.value, SOURCES.value} <= graphs
    rest = graphs - {FACTS.value, TERMS.value, SOURCES.value}
    assert all(g.startswith((RULES, "https://framegraph.example/passage/")) for g in rest)


def test_the_same_data_give_the_same_quads_in_the_same_order(toy_data: Path) -> None:
    """Building twice gives equal results, whatever order a set happened to have."""
    code = (
        "import sys, hashlib; from pathlib import Path; from graph.build import assemble; "
        "print(hashlib.sha256(repr(assemble(Path(sys.argv[1])).quads).encode()).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):  # the salt that decides in which order sets are read
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", code, str(toy_data)], env=environment, capture_output=True, text=True, check=True)
        seen.add(done.stdout)
    assert len(seen) == 1


def test_an_unsettled_tie_is_reported_and_the_build_goes_on(toy_data: Path) -> None:
    """Without its decision the chime is a tie of two manuals."""
    (toy_data / "decisions.ttl").unlink()
    (tie,) = assemble(toy_data).unsettled
    assert tie.key == ("https://framegraph.example/id/cog", "https://framegraph.example/id/chime")


def test_an_unchanged_folder_is_built_once(toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second call finds the store and writes nothing."""
    first = ensure_built(toy_data, tmp_path / "cache")
    monkeypatch.setattr(build_module, "write_store", lambda *_: pytest.fail("built again"))
    assert ensure_built(toy_data, tmp_path / "cache") == first


def test_a_changed_line_is_built_beside_the_old(toy_data: Path, tmp_path: Path) -> None:
    """The folder's name is a hash of the data, and the version of the opened graph."""
    first = ensure_built(toy_data, tmp_path / "cache")
    with (toy_data / "terms" / "things.ttl").open("a") as file:
        file.write('id:gear skos:altLabel "Toothed wheel"@en .\n')
    second = ensure_built(toy_data, tmp_path / "cache")
    assert first != second
    assert first.exists()
    assert KnowledgeGraph.open(second).version == data_version(toy_data) == second.parent.name


def test_a_malformed_file_is_named_with_its_line(toy_data: Path) -> None:
    """The message leads to the place, and says what to do."""
    path = toy_data / "facts" / "machines.trig"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:-1], "src:gazette { id:gear o:maker }", ""]))
    with pytest.raises(BuildError, match=rf"machines\.trig.*{len(lines)}.*mend") as caught:
        assemble(toy_data)
    assert str(path) in str(caught.value)


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    """An empty folder is a mistake, not an empty graph."""
    with pytest.raises(BuildError, match="holds no data"):
        ensure_built(tmp_path, tmp_path / "cache")


def test_a_failed_write_leaves_nothing_behind(toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that breaks off leaves neither a store nor a part of one, and the message says where else to write."""

    def broken(quads: object, folder: Path) -> int:
        folder.mkdir()
        (folder / "half").write_text("")
        raise OSError("disk full")

    monkeypatch.setattr(build_module, "write_store", broken)
    with pytest.raises(BuildError, match=r"disk full.*FRAMEGRAPH_CACHE"):
        ensure_built(toy_data, tmp_path / "cache")
    (home,) = (tmp_path / "cache").iterdir()
    assert list(home.iterdir()) == []


def test_two_processes_may_build_at_once(toy_data: Path, tmp_path: Path) -> None:
    """Both get the same store, which opens, and no part of a build stays."""
    code = (
        "import sys; from pathlib import Path; from graph.build import ensure_built; "
        "print(ensure_built(Path(sys.argv[1]), Path(sys.argv[2])))"
    )
    command = [sys.executable, "-c", code, str(toy_data), str(tmp_path / "cache")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = {process.communicate()[0].strip() for process in running}
    assert [p.returncode for p in running] == [0, 0, 0]
    (store,) = printed
    assert KnowledgeGraph.open(store).query("ASK { id:gear o:maker id:ada }").boolean
    assert [p.name for p in Path(store).parent.iterdir()] == ["store"]


def test_a_store_that_came_meanwhile_is_kept(toy_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever finishes second throws its own work away and uses the first."""
    write_store = build_module.write_store
    cache = tmp_path / "cache"

    def overtaken(quads: object, folder: Path) -> int:
        monkeypatch.setattr(build_module, "write_store", write_store)
        ensure_built(toy_data, cache)
        return write_store(quads, folder)  # type: ignore[arg-type]

    monkeypatch.setattr(build_module, "write_store", overtaken)
    store = ensure_built(toy_data, cache)
    assert KnowledgeGraph.open(store).query("ASK { id:gear o:maker id:ada }").boolean


def test_prune_keeps_the_newest(tmp_path: Path) -> None:
    """Old builds go, the newest stay, and folders that are no builds are left alone."""
    for age, name in enumerate(("old", "middle", "new")):
        store = tmp_path / name / "store"
        store.mkdir(parents=True)
        (store / "CURRENT").write_text("")
        os.utime(tmp_path / name, (age, age))
    (tmp_path / "vectors").mkdir()
    assert prune(tmp_path, keep=1) == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["new", "vectors"]


def test_the_shipped_data_build() -> None:
    """The data of this checkout parse, and give facts about the class in focus."""
    kg = KnowledgeGraph.open()
    assert kg.facts_graph == FACTS.value
    assert kg.query("ASK { ?d fg:focusClass ?c . ?thing a ?c ; skos:prefLabel ?name }").boolean


def test_computed_facts_name_what_they_came_from(toy: KnowledgeGraph) -> None:
    """A derivation in the sources graph holds the fact, the rule and the passage."""
    body = (
        "GRAPH g:sources { ?d a fg:Derivation ; rdf:subject id:gear ; rdf:predicate o:current ; fg:rule ?rule ; "
        "prov:wasDerivedFrom ?x . ?rule dct:title ?title }"
    )
    assert values(toy, body) == {"gear-package-releases"}
    assert Iri(RULES + "current-version").value in {g.value for g in _graphs(toy)}


def _graphs(kg: KnowledgeGraph) -> list[Iri]:
    rows = kg.query("SELECT DISTINCT ?g { GRAPH ?g { id:gear o:current ?v } }").rows
    return [row["g"] for row in rows if isinstance(row["g"], Iri)]
