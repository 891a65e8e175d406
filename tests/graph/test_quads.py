"""The same graph gives the same text, whatever its blank nodes were called and in whatever order its quads came."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Dataset

from graph.quads import Quads
from graph.store import KnowledgeGraph
from graph.types import XSD, Blank, Iri, Literal, Term

Q = tuple[Term, Iri, Term, Iri | None]
P, R, G = Iri("http://x.example/p"), Iri("http://x.example/r"), Iri("http://x.example/g")
MUSEUM = Path(__file__).parent.parent / "fixtures" / "museum.ttl"
ODD = ('a "quoted" \\ text\nof two lines', "tab\there", "‘’ é 漢 😀", "control\x01", "")


def text(quads: list[Q]) -> str:
    return "".join(Quads.from_quads(quads).nquads())


def read(written: str, format_: str) -> set[tuple[object, ...]]:
    dataset = Dataset()
    dataset.parse(data=written, format=format_)
    return set(dataset.quads())


TERMS = st.one_of(
    st.sampled_from([Iri("http://x.example/a"), Iri("https://framegraph.example/id/b"), Iri("http://x.example/c.d/e#f-g")]),
    st.builds(Literal, st.text(max_size=8).filter(lambda t: "\ufffe" not in t and "\uffff" not in t)),
    st.builds(lambda t: Literal(t, XSD + "date"), st.sampled_from(["2026-11-21", "x"])),
    st.builds(lambda t: Literal(t, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "pt-br"), st.sampled_from(["a", "b"])),
)
SUBJECTS = st.sampled_from([Iri("http://x.example/s"), Iri("https://framegraph.example/id/flat"), Blank("one"), Blank("two")])
QUADS = st.lists(st.tuples(SUBJECTS, st.sampled_from([P, R]), st.one_of(TERMS, SUBJECTS), st.sampled_from([G, None])), max_size=8)


@given(QUADS)
def test_trig_and_nquads_say_the_same(quads: list[Q]) -> None:
    """Read back by another library, and as many as there are."""
    taken = Quads.from_quads(quads)
    lines, blocks = read("".join(taken.nquads()), "nquads"), read("".join(taken.trig()), "trig")
    assert len(lines) == len(blocks) == len(taken.rows)
    assert {q for q in lines if not any(isinstance(t, BNode) for t in q)} == {q for q in blocks if not any(isinstance(t, BNode) for t in q)}


@given(QUADS, st.randoms(use_true_random=False))
def test_order_and_labels_of_blank_nodes_do_not_matter(quads: list[Q], dice: random.Random) -> None:
    """Quads are shuffled and blank nodes called something else: the same bytes."""
    names = {"one": "zebra", "two": "ant"}

    def renamed(term: Term) -> Term:
        return Blank(names[term.value]) if isinstance(term, Blank) else term

    other: list[Q] = [(renamed(s), p, renamed(o), g) for s, p, o, g in quads]
    dice.shuffle(other)
    assert text(other) == text(quads)


def test_blank_nodes_are_told_apart_by_what_is_around_them() -> None:
    """In a chain each has another distance from the end; of a ring of look-alikes one is picked out."""
    chain: list[Q] = [(Blank(a), P, Blank(b), None) for a, b in (("m", "c"), ("c", "x"), ("x", "a"))]
    other: list[Q] = [(Blank(a), P, Blank(b), None) for a, b in (("1", "2"), ("2", "3"), ("3", "4"))]
    assert text(chain) == text(other)
    ring: list[Q] = [(Blank(a), P, Blank(b), None) for a, b in (("m", "c"), ("c", "x"), ("x", "m"))]
    turned: list[Q] = [(Blank(a), P, Blank(b), None) for a, b in (("b", "a"), ("c", "b"), ("a", "c"))]
    assert text(ring) == text(turned)


@pytest.mark.parametrize("value", ODD)
def test_odd_texts_survive(value: str) -> None:
    """Quotes, line ends, signs of other scripts and control characters."""
    taken = Quads.from_quads([(Iri("http://x.example/s"), P, Literal(value), None)])
    for written, format_ in (("".join(taken.trig()), "trig"), ("".join(taken.nquads()), "nquads")):
        assert [str(o) for _, _, o, _ in read(written, format_)] == [value]


def test_prefixes_stand_where_they_shorten() -> None:
    """Ours only, and only those in use; a name that Turtle could not write short stays whole."""
    base = "https://framegraph.example/id/"
    flat = Iri(base + "a")
    told = "".join(Quads.from_quads([(flat, P, Iri(base + "b.c"), None), (flat, P, Literal("1", XSD + "gYear"), G)]).trig())
    assert "@prefix id: <https://framegraph.example/id/> ." in told
    assert "@prefix doap:" not in told
    assert f"<{base}b.c>" in told
    assert '"1"^^xsd:gYear' in told


def test_a_file_is_read_whole() -> None:
    """As many quads as the store counts."""
    kg = KnowledgeGraph.open(MUSEUM)
    counted = kg.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0]["n"].value
    assert len(Quads.of(kg).rows) == int(counted)
