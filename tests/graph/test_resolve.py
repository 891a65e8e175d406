"""Which value wins: the strongest kind of source, a decision for a tie, all values where they add up."""

from __future__ import annotations

import random

import hypothesis.strategies as st
from hypothesis import given

from graph.resolve import FIRST, REST, Authority, Decision, Rules, read_decisions, resolve
from graph.terms import FG, OWL, RDF
from graph.types import Blank, Iri, Literal

S, P, FEATURE = Iri("https://x.example/s"), Iri("https://x.example/p"), Iri("https://x.example/feature")
DOCS, NEWS, DOCS2 = Iri("https://x.example/docs"), Iri("https://x.example/news"), Iri("https://x.example/docs2")
KINDS = {DOCS: FG.OfficialDocumentation, DOCS2: FG.OfficialDocumentation, NEWS: FG.Article}
A, B = Literal("a"), Literal("b")


def rules(**changes: object) -> Rules:
    given_ = {"functional": frozenset({P}), "levels": frozenset({FG.hasCore, FG.lacks}), "authority": Authority(), "decisions": {}}
    return Rules(**{**given_, "kinds": KINDS, **changes})  # type: ignore[arg-type]


def test_the_stronger_kind_of_source_wins() -> None:
    """Official documentation beats an article, whichever comes first in the data."""
    won, ties, contested = resolve({NEWS: [(S, P, A)], DOCS: [(S, P, B)]}, rules())
    assert won == {(S, P, B)}
    assert ties == ()
    assert contested == {(S.value, P.value)}


def test_a_property_may_have_its_own_order() -> None:
    """An order that names the article first makes the article win for that property."""
    own = Authority(orders={P: (FG.Article,)})
    won, _, _ = resolve({NEWS: [(S, P, A)], DOCS: [(S, P, B)]}, rules(authority=own))
    assert won == {(S, P, A)}


def test_values_add_up_where_the_property_is_not_functional() -> None:
    """Without fg:functional every stated value stands."""
    won, ties, _ = resolve({NEWS: [(S, P, A)], DOCS: [(S, P, B)]}, rules(functional=frozenset()))
    assert won == {(S, P, A), (S, P, B)}
    assert ties == ()


def test_one_level_stands_for_a_thing_and_a_feature() -> None:
    """Two level properties compete for the key (thing, feature)."""
    won, _, _ = resolve({NEWS: [(S, FG.lacks, FEATURE)], DOCS: [(S, FG.hasCore, FEATURE)]}, rules())
    assert won == {(S, FG.hasCore, FEATURE)}


def test_a_tie_is_reported_and_the_first_value_stands_meanwhile() -> None:
    """Equally strong sources with different values make an unsettled tie that names both."""
    won, (tie,), _ = resolve({DOCS: [(S, P, B)], DOCS2: [(S, P, A)]}, rules())
    assert won == {(S, P, A)}
    assert not tie.settled
    assert dict(tie.values) == {"a": (DOCS2.value,), "b": (DOCS.value,)}


def test_a_decision_settles_a_tie() -> None:
    """The winner of the decision stands and the tie counts as settled."""
    decided = {(S.value, P.value): Decision((S.value, P.value), B, "newer")}
    won, (tie,), _ = resolve({DOCS: [(S, P, B)], DOCS2: [(S, P, A)]}, rules(decisions=decided))
    assert won == {(S, P, B)}
    assert tie.settled


def test_a_decision_for_a_value_that_nobody_states_settles_nothing() -> None:
    """A decision cannot bring in a value of its own."""
    decided = {(S.value, P.value): Decision((S.value, P.value), Literal("c"), "wish")}
    won, (tie,), _ = resolve({DOCS: [(S, P, B)], DOCS2: [(S, P, A)]}, rules(decisions=decided))
    assert won == {(S, P, A)}
    assert not tie.settled


def test_an_unknown_kind_of_source_is_the_weakest() -> None:
    """A passage whose document has no kind loses against any that has one."""
    stranger = Iri("https://x.example/stranger")
    won, _, _ = resolve({stranger: [(S, P, A)], NEWS: [(S, P, B)]}, rules())
    assert won == {(S, P, B)}


def test_authority_is_read_from_lists() -> None:
    """fg:order is a list of kinds; an entry without fg:decides is the default."""
    one, two, entry, default, end = Blank("1"), Blank("2"), Iri("https://x.example/e"), Iri("https://x.example/d"), Iri(RDF.base + "nil")
    authority = Authority.read([
        (entry, FG.decides, P), (entry, FG.order, one), (one, FIRST, FG.Article), (one, REST, end),
        (default, FG.order, two), (two, FIRST, FG.Repository), (two, REST, end),
    ])  # fmt: skip
    assert authority.orders == {P: (FG.Article,)}
    assert authority.default == (FG.Repository,)
    assert authority.rank(P, FG.Article) < authority.rank(P, FG.Repository) < authority.rank(P, FG.Survey)


def test_decisions_are_read_by_key() -> None:
    """A line with subject, property and winner is a decision; one that lacks a part is none."""
    line, half = Iri("https://x.example/1"), Iri("https://x.example/2")
    found = read_decisions([
        (line, FG.subject, S), (line, FG.property, P), (line, FG.winner, A), (line, FG.reason, Literal("because")), (half, FG.subject, S),
    ])  # fmt: skip
    assert found == {(S.value, P.value): Decision((S.value, P.value), A, "because")}


def test_functional_is_read_from_both_vocabularies() -> None:
    """fg:functional true and owl:FunctionalProperty mean the same."""
    boolean = Literal("true", "http://www.w3.org/2001/XMLSchema#boolean")
    terms = [(P, FG.functional, boolean), (S, RDF.type, OWL.FunctionalProperty), (FG.hasCore, RDF.type, FG.Level)]
    read = Rules.read(terms, {}, Authority(), {})
    assert read.functional == {P, S}
    assert read.levels == {FG.hasCore}


VALUES = st.lists(st.tuples(st.sampled_from([DOCS, DOCS2, NEWS]), st.sampled_from("abcd")), max_size=8)


@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_the_data_changes_nothing(stated: list[tuple[Iri, str]], shuffle: random.Random) -> None:
    """Shuffled passages and triples resolve to the same facts and ties, and one value stands for each key."""
    shuffled = list(stated)
    shuffle.shuffle(shuffled)

    def outcome(rows: list[tuple[Iri, str]]) -> object:
        passages: dict[Iri, list[tuple[Iri, Iri, Literal]]] = {}
        for graph, value in rows:
            passages.setdefault(graph, []).append((S, P, Literal(value)))
        return resolve(passages, rules())

    assert outcome(stated) == outcome(shuffled)
    assert len(outcome(stated)[0]) == min(1, len(stated))  # type: ignore[index]
