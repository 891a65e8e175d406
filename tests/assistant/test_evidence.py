"""From solutions back to facts: exactly those that made a row true, every one of them stated in the graph."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.draft import Draft
from assistant.evidence import facts_by_target, instantiate
from assistant.types import Compare, Edge, Exclude, IsA, Maybe, Not, Or, Part, QueryGraph, Var
from graph.types import XSD, Fact, Iri, Literal

M = "http://museum.example/"
X, Y, R = Var("x"), Var("y"), Var("r")


def iri(name: str) -> Iri:
    return Iri(M + name)


def facts(museum: Assistant, *parts: Part) -> dict[str, set[tuple[str, str, str]]]:
    """Local name of ?x -> its facts, as local names, for all solutions of the parts."""
    draft = Draft(museum.graph)
    graph = QueryGraph(X, parts)
    rows = museum.graph.query(f"SELECT DISTINCT ?x {museum.graph.wrap('?x ?p ?o')}").rows
    found = facts_by_target(draft, graph, [r["x"] for r in rows])
    return {t.value.removeprefix(M): {short(f) for f in own} for t, own in found.items() if own}


def short(fact: Fact) -> tuple[str, str, str]:
    return (str(fact.subject).removeprefix(M), fact.predicate.value.removeprefix(M), str(fact.object).removeprefix(M))


ETCHING = Edge(X, (iri("technique"),), iri("etching"))
ON_PAPER = Edge(X, (iri("medium"),), Literal("paper"))


def test_an_edge_is_a_fact(museum: Assistant) -> None:
    """The pattern with its variables bound by the row."""
    found = facts(museum, ETCHING)
    assert found["salt"] == {("salt", "technique", "etching")}
    assert set(found) == {"pilot-boat", "blue-kite", "station-clock", "salt"}


def test_a_path_is_all_its_facts(museum: Assistant) -> None:
    """Each hop to the thing is evidence."""
    found = facts(museum, Edge(X, (iri("room"),), R), Edge(R, (iri("wing"),), iri("garden-wing")))
    assert found["fish-market"] == {("fish-market", "room", "orangery"), ("orangery", "wing", "garden-wing")}


def test_several_properties_give_the_one_that_joins(museum: Assistant) -> None:
    """Of properties that would do, the one that the row binds."""
    found = facts(museum, Edge(X, (iri("artist"), iri("donor")), iri("holm-family"), by="p"))
    assert found["blue-kite"] == {("blue-kite", "donor", "holm-family")}


def test_filters_and_negations_state_nothing(museum: Assistant) -> None:
    """Only positive patterns are evidence; a class is none."""
    parts: tuple[Part, ...] = (
        IsA(X, (iri("Work"),)), Edge(X, (iri("height"),), Y), Compare(Y, ">", Literal("240", XSD + "integer")), Not((ETCHING,)),
        Exclude(X, (iri("iron-swan"),)),
    )  # fmt: skip
    assert facts(museum, *parts) == {"rope-makers": {("rope-makers", "height", "255")}}


def test_an_option_counts_where_it_is_bound(museum: Assistant) -> None:
    """OPTIONAL gives evidence to those that have it."""
    found = facts(museum, ETCHING, Maybe((Edge(X, (iri("donor"),), Y),)))
    assert found["blue-kite"] == {("blue-kite", "technique", "etching"), ("blue-kite", "donor", "holm-family")}
    assert found["salt"] == {("salt", "technique", "etching")}


@pytest.mark.parametrize(
    "groups",
    [
        ((ETCHING,), (ON_PAPER,)),
        ((Edge(X, (iri("artist"),), iri("karen-dahl")),), (Edge(X, (iri("artist"),), iri("elena-rojas")),)),
        ((Edge(X, (iri("room"),), R), Edge(R, (iri("wing"),), iri("garden-wing"))), (ETCHING,)),
    ],
)
def test_an_alternative_gives_only_what_is_stated(museum: Assistant, groups: tuple[tuple[Part, ...], ...]) -> None:
    """Of 'this or that' the branch that holds is the evidence: no fact is made of the other one."""
    found = facts(museum, Or(groups))
    assert found
    stated = {short(Fact(r["s"], Iri(r["p"].value), r["o"])) for r in museum.graph.query("SELECT * { ?s ?p ?o }")}
    assert {f for own in found.values() for f in own} <= stated


def test_an_answer_with_or_says_no_more_than_is_stated(museum: Assistant) -> None:
    """A Chilean artist is not told to be Portuguese as well."""
    answer = museum.answer("Which artists are Portuguese or Chilean?")
    rows = {row["artist"]: row["nationality"] for row in answer.rows}
    assert rows == {"Elena Rojas": "Chilean", "Ines Carvalho": "Portuguese", "Rui Salgado": "Portuguese"}
    facts_told = {f for s in answer.sentences for f in s.facts}
    assert facts_told
    assert all(museum.graph.query(f"ASK {{ {f.subject.n3} {f.predicate.n3} {f.object.n3} }}").boolean for f in facts_told)


def test_nothing_asked_nothing_run(museum: Assistant) -> None:
    """Without targets no query is made."""
    draft = Draft(museum.graph)
    assert facts_by_target(draft, QueryGraph(X, (ETCHING,)), []) == {}
    assert draft.queries == []


def test_an_unbound_end_makes_no_fact() -> None:
    """A row that binds nothing of a pattern gives no fact for it."""
    assert instantiate((Edge(X, (iri("donor"),), Y),), {"x": iri("salt")}) == []
    assert instantiate((Edge(X, (iri("donor"), iri("artist")), iri("karen-dahl"), by="p"),), {"x": iri("salt")}) == []
