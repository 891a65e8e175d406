"""A sample for checking by hand: random, repeatable, in words, with the sources; only what somebody states about a thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from graph import GraphError, KnowledgeGraph
from graph.audit import Audit, Entry, audit
from graph.build import ensure_built
from graph.terms import DOAP, FG, RDF, SKOS
from graph.types import Iri

ID, ONTOLOGY = "https://framegraph.example/id/", "https://framegraph.example/ontology#"
ALL = 10_000


@pytest.fixture
def built(tmp_path: Path) -> Callable[[Path], KnowledgeGraph]:
    return lambda data: KnowledgeGraph.open(ensure_built(data, tmp_path / "cache"))


@pytest.fixture
def whole(toy_data: Path, built: Callable[[Path], KnowledgeGraph]) -> Audit:
    """Every fact of the toy that can be checked."""
    return audit(built(toy_data), ALL, seed=1)


def entry(drawn: Audit, subject: str, property_: Iri) -> Entry:
    (found,) = [e for e in drawn.entries if e.fact.subject == Iri(ID + subject) and e.fact.predicate == property_]
    return found


def keys(drawn: Audit) -> list[tuple[str, str, str]]:
    return [e.fact.key for e in drawn.entries]


# ---------------------------------------------------------------- the draw


def test_the_same_seed_draws_the_same_facts(toy_data: Path, built: Callable[[Path], KnowledgeGraph]) -> None:
    """Byte for byte, from the graph opened twice."""
    assert audit(built(toy_data), 5, seed=3).text() == audit(built(toy_data), 5, seed=3).text()


def test_another_seed_draws_other_facts(toy_data: Path, built: Callable[[Path], KnowledgeGraph]) -> None:
    """Ten seeds give more than one order."""
    kg = built(toy_data)
    assert len({tuple(keys(audit(kg, ALL, seed))) for seed in range(10)}) > 1


def test_a_smaller_sample_is_the_beginning_of_a_larger_one(whole: Audit, toy_data: Path, built: Callable[[Path], KnowledgeGraph]) -> None:
    """Whoever checked five may go on with the sixth."""
    assert keys(audit(built(toy_data), 5, seed=1)) == keys(whole)[:5]


def test_a_correction_leaves_the_other_facts_of_the_sample(whole: Audit, toy_data: Path, built: Callable[[Path], KnowledgeGraph]) -> None:
    """The order of the facts that stand does not change when one of them goes."""
    path = toy_data / "facts" / "machines.trig"
    path.write_text(path.read_text().replace(' ; o:colour "grey"', ""))
    after = keys(audit(built(toy_data), ALL, seed=1))
    assert after == [key for key in keys(whole) if key in set(after)]
    assert set(keys(whole)) - set(after) == {(ID + "cog", ONTOLOGY + "colour", "grey")}


def test_the_population_is_counted(whole: Audit, toy_data: Path, built: Callable[[Path], KnowledgeGraph]) -> None:
    """A rate of errors needs to know of how many; a larger sample than that is all of them, each once."""
    assert len(whole.entries) == whole.population == len(set(keys(whole)))
    assert audit(built(toy_data), 2, seed=1).population == whole.population


def test_a_sample_of_nothing_is_refused(toy_data: Path, built: Callable[[Path], KnowledgeGraph]) -> None:
    """It would look like a graph without errors."""
    with pytest.raises(GraphError, match="a sample of 0 facts"):
        audit(built(toy_data), 0, seed=1)


# ---------------------------------------------------------------- what counts


def test_names_types_and_releases_do_not_count(whole: Audit) -> None:
    """Nor does what a remark is about: it is told with the remark."""
    drawn = {e.fact.predicate for e in whole.entries}
    assert drawn.isdisjoint({RDF.type, RDF.subject, SKOS.prefLabel, DOAP.release, DOAP.revision, FG.about, FG.aspect, FG.keyword})


def test_every_fact_that_counts_has_a_source(whole: Audit) -> None:
    """What only the ontology says is not drawn."""
    assert all(e.sources for e in whole.entries)


def test_what_lost_the_resolution_is_not_drawn(whole: Audit) -> None:
    """The fact graph is checked, not every claim that ever stood beside it."""
    assert entry(whole, "gear", Iri(ONTOLOGY + "maker")).value == "Ada"


# ---------------------------------------------------------------- in words


def test_a_fact_is_in_words_with_where_it_stands(whole: Audit) -> None:
    """Title, publisher, section, address and date of the passage."""
    text = entry(whole, "gear", Iri(ONTOLOGY + "maker")).text()
    assert text.startswith("Gear | maker | Ada\n    stated by Manual, Clockwork, OfficialDocumentation\n")
    assert "section: Parts\n" in text
    assert "address: https://clockwork.example/manual#parts\n" in text
    assert "retrieved 2026-11-20" in text


def test_a_remark_is_its_text_about_its_things(whole: Audit) -> None:
    """Its aspect stands beside it."""
    remark = entry(whole, "rem-gear-use", FG.says)
    assert (remark.subject, remark.property, remark.value) == ("Gear", "remark", "Gear keeps the time in railway stations.")
    assert any(line.startswith("aspect: ") for line in remark.beside)


def test_somebodys_opinion_is_called_a_claim(whole: Audit) -> None:
    """Whoever checks it looks for who says so, not for whether it is so."""
    assert entry(whole, "claim-gear-best", FG.says).property == "claim"


def test_a_qualifier_names_the_statement_it_belongs_to(whole: Audit) -> None:
    """Not the IRI of the statement node."""
    since = entry(whole, "st-gear-first", Iri(ONTOLOGY + "since"))
    assert since.subject == "statement that Gear | uses | spring"
    assert since.value == "the first model"


def test_a_computed_fact_names_its_rule_and_what_it_came_from(whole: Audit) -> None:
    """Both are needed to check it."""
    current = entry(whole, "gear", Iri(ONTOLOGY + "current"))
    assert current.sources[0].computed
    assert current.derived_from
    assert "computed from" in current.text()


def test_the_dictionary_is_json_with_the_terms_as_they_are_written(whole: Audit) -> None:
    """So that a program can find the line in the data."""
    read = json.loads(json.dumps(whole.to_dict()))
    assert (read["seed"], read["population"]) == (1, whole.population)
    maker = [f"<{ID}gear>", f"<{ONTOLOGY}maker>", f"<{ID}ada>"]
    (found,) = [e for e in read["entries"] if e["fact"] == maker]
    assert found["sources"][0]["section"] == "Parts"


def test_the_text_begins_with_what_was_drawn(toy_data: Path, built: Callable[[Path], KnowledgeGraph]) -> None:
    """Sample, population, seed and the version of the graph; then numbered entries."""
    kg = built(toy_data)
    lines = audit(kg, 2, seed=7).text().splitlines()
    assert lines[0].startswith("2 of ")
    assert lines[0].endswith(f" facts, seed 7, graph {kg.version}")
    assert lines[2].startswith("1. ")


def test_a_foreign_file_is_its_own_source(tmp_path: Path) -> None:
    """Without passages every fact that names nothing counts, and the file is named."""
    file = tmp_path / "boats.ttl"
    file.write_text('<https://b.example/1> <http://www.w3.org/2000/01/rdf-schema#label> "Tern" ; <https://b.example/sail> "red" .')
    drawn = audit(KnowledgeGraph.open(file), ALL, seed=1)
    assert [(e.subject, e.value, e.sources[0].title) for e in drawn.entries] == [("Tern", "red", "boats.ttl")]
