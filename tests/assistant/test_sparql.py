"""Query graph to SPARQL: every part of the algebra is run against a tiny store, and no term is ever pasted as text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import sparql
from assistant.types import Compare, Edge, Exclude, IsA, Maybe, Not, OneOf, Or, Order, Part, QueryGraph, Var
from graph import KnowledgeGraph, QueryError
from graph.terms import BASE, FACTS, PREFIXES, RDF
from graph.types import XSD, Iri, Literal

L = "http://lamp.example/"
X, Y, Z = Var("x"), Var("y"), Var("z")
FACTS_GRAPH = f"""
@prefix l: <{L}> .
@prefix xsd: <{XSD}> .
l:a a l:Lamp ; l:burns l:oil ; l:height 9 ; l:made "1880"^^xsd:gYear ; l:maker l:wick .
l:b a l:Lamp ; l:burns l:gas ; l:height 120 ; l:made "1901-05-01"^^xsd:date ; l:maker l:wick ; l:name 'a "quoted" \\\\ name' .
l:c a l:Torch ; l:burns l:oil , l:tar ; l:height 45 ; l:made "1901"^^xsd:gYear .
l:d a l:Candle ; l:height 30 ; l:uses l:tar .
"""


def iri(name: str) -> Iri:
    return Iri(L + name)


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """Four things in a default graph."""
    path = tmp_path_factory.mktemp("lamps") / "lamps.ttl"
    path.write_text(FACTS_GRAPH, encoding="utf-8")
    return KnowledgeGraph.open(path)


def found(kg: KnowledgeGraph, *parts: Part, **extra: object) -> list[str]:
    """The local names of ?x under these parts, in the order given by the store."""
    graph = QueryGraph(X, parts, **extra)  # type: ignore[arg-type]  # fields of the query graph by name
    return [row["x"].value.removeprefix(L) for row in kg.query(sparql.query(graph, kg.wrap))]


HEIGHT = Edge(X, (iri("height"),), Y)
MADE = Edge(X, (iri("made"),), Y)
OIL = Edge(X, (iri("burns"),), iri("oil"))
GAS = Edge(X, (iri("burns"),), iri("gas"))


def test_an_edge(kg: KnowledgeGraph) -> None:
    """subject --property--> object, either end a variable or a term; the order of solutions is fixed."""
    assert found(kg, OIL) == ["a", "c"]
    assert found(kg, Edge(iri("c"), (iri("burns"),), X)) == ["oil", "tar"]


def test_an_edge_with_several_properties(kg: KnowledgeGraph) -> None:
    """Any of the properties will do, and ``by`` binds which one it was."""
    edge = Edge(X, (iri("burns"), iri("uses")), iri("tar"), by="how")
    assert found(kg, edge) == ["c", "d"]
    rows = kg.query(sparql.query(QueryGraph(X, (edge,), (X, Var("how"))), kg.wrap)).rows
    assert {r["x"].value + r["how"].value for r in rows} == {L + "c" + L + "burns", L + "d" + L + "uses"}


def test_a_class_and_several_classes(kg: KnowledgeGraph) -> None:
    """IsA asks for one class or for any of several."""
    assert found(kg, IsA(X, (iri("Lamp"),))) == ["a", "b"]
    assert found(kg, IsA(X, (iri("Lamp"), iri("Torch")))) == ["a", "b", "c"]


def test_a_thing_of_one_class_beside_a_thing_of_another(kg: KnowledgeGraph) -> None:
    """Class alternatives of two variables do not disturb each other."""
    both = (IsA(X, (iri("Lamp"), iri("Torch"))), IsA(Y, (iri("Torch"), iri("Candle"))))
    shared = (Edge(X, (iri("burns"), iri("uses")), Z, by="p"), Edge(Y, (iri("burns"), iri("uses")), Z, by="q"), Exclude(X, (iri("c"),)))
    assert found(kg, *both, *shared) == ["a"]


@pytest.mark.parametrize(
    ("op", "value", "names"),
    [
        ("=", "45", ["c"]),
        ("!=", "45", ["a", "b", "d"]),
        ("<", "45", ["a", "d"]),
        ("<=", "45", ["a", "c", "d"]),
        (">", "45", ["b"]),
        (">=", "45", ["b", "c"]),
    ],
)
def test_numbers_compare_by_size(kg: KnowledgeGraph, op: str, value: str, names: list[str]) -> None:
    """A filter against a number: 9 is less than 45, and 120 more."""
    assert found(kg, HEIGHT, Compare(Y, op, Literal(value, XSD + "integer"))) == names


@pytest.mark.parametrize(("op", "names"), [("<", ["a"]), ("=", ["b", "c"]), (">=", ["b", "c"]), (">", [])])
def test_years_compare_with_dates_and_years(kg: KnowledgeGraph, op: str, names: list[str]) -> None:
    """A year stands against gYear and date alike."""
    assert found(kg, MADE, Compare(Y, op, Literal("1901", XSD + "gYear"))) == names


def test_dates_compare_with_dates(kg: KnowledgeGraph) -> None:
    """A full date stands against dates."""
    assert found(kg, MADE, Compare(Y, ">", Literal("1901-04-30", XSD + "date"))) == ["b"]


def test_two_dates_compare_with_each_other(kg: KnowledgeGraph) -> None:
    """Older than another thing."""
    parts = (MADE, Edge(iri("b"), (iri("made"),), Z), Compare(Y, "<", Z))
    assert "a" in found(kg, *parts)
    assert "b" not in found(kg, *parts)


def test_two_numbers_compare_with_each_other(kg: KnowledgeGraph) -> None:
    """Taller than another thing: by size, not letter by letter (9 is less than 45, and 120 more)."""
    assert found(kg, HEIGHT, Edge(iri("c"), (iri("height"),), Z), Compare(Y, ">", Z)) == ["b"]


def test_one_of_and_exclude(kg: KnowledgeGraph) -> None:
    """The variable is one of these, or none of these."""
    assert found(kg, IsA(X, (iri("Lamp"),)), OneOf(X, (iri("b"), iri("c")))) == ["b"]
    assert found(kg, HEIGHT, Exclude(X, (iri("a"), iri("b")))) == ["c", "d"]


def test_not(kg: KnowledgeGraph) -> None:
    """None of the solutions of the parts, wherever among the parts it stands."""
    assert found(kg, Not((OIL,)), HEIGHT) == ["b", "d"]
    assert found(kg, HEIGHT, Not((OIL, IsA(X, (iri("Torch"),))))) == ["a", "b", "d"]


def test_or(kg: KnowledgeGraph) -> None:
    """A solution of any group, each thing once, and other parts hold for all."""
    assert found(kg, Or(((OIL,), (GAS,)))) == ["a", "b", "c"]
    assert found(kg, IsA(X, (iri("Lamp"),)), Or(((OIL,), (GAS,), (IsA(X, (iri("Lamp"),)),)))) == ["a", "b"]
    assert found(kg, Or(((HEIGHT, Compare(Y, ">", Literal("100", XSD + "integer"))), (Edge(X, (iri("uses"),), iri("tar")),)))) == ["b", "d"]


def test_maybe(kg: KnowledgeGraph) -> None:
    """Bound where it can be; the others stay, unbound."""
    graph = QueryGraph(X, (HEIGHT, Maybe((Edge(X, (iri("maker"),), Z),))), (X, Z))
    rows = {r["x"].value.removeprefix(L): "z" in r for r in kg.query(sparql.query(graph, kg.wrap))}
    assert rows == {"a": True, "b": True, "c": False, "d": False}


def test_yes_or_no(kg: KnowledgeGraph) -> None:
    """ask: whether there is a solution."""
    assert kg.query(sparql.query(QueryGraph(X, (OIL,), ask=True), kg.wrap)).boolean is True
    assert kg.query(sparql.query(QueryGraph(X, (OIL, GAS), ask=True), kg.wrap)).boolean is False


def test_count_is_of_different_things(kg: KnowledgeGraph) -> None:
    """count: a thing that matches twice counts once."""
    graph = QueryGraph(X, (Edge(X, (iri("burns"),), Y),), count=True)
    assert kg.query(sparql.query(graph, kg.wrap)).rows[0]["count"].value == "3"


def test_count_by_group(kg: KnowledgeGraph) -> None:
    """group: a count for each value, the largest first, ties by value."""
    graph = QueryGraph(X, (Edge(X, (iri("burns"),), Y),), count=True, group=Y)
    rows = [(r["y"].value.removeprefix(L), r["count"].value) for r in kg.query(sparql.query(graph, kg.wrap))]
    assert rows == [("oil", "2"), ("gas", "1"), ("tar", "1")]


def test_aggregate(kg: KnowledgeGraph) -> None:
    """aggregate: one value over the last column."""
    graph = QueryGraph(X, (HEIGHT,), (X, Y), aggregate="MAX")
    assert kg.query(sparql.query(graph, kg.wrap)).rows[0]["max"].value == "120"


def test_order_limit_and_offset(kg: KnowledgeGraph) -> None:
    """By the values of a variable, either way, with the first ones left out."""
    columns = (X, Y)
    assert found(kg, HEIGHT, columns=columns, order=Order(Y)) == ["a", "d", "c", "b"]
    assert found(kg, HEIGHT, columns=columns, order=Order(Y, descending=True), limit=2) == ["b", "c"]
    assert found(kg, HEIGHT, columns=columns, order=Order(Y), limit=2, offset=1) == ["d", "c"]


def test_columns_are_what_is_projected(kg: KnowledgeGraph) -> None:
    """The target alone unless columns are named."""
    assert kg.query(sparql.query(QueryGraph(X, (HEIGHT,)), kg.wrap)).variables == ("x",)
    assert kg.query(sparql.query(QueryGraph(X, (HEIGHT,), (X, Y)), kg.wrap)).variables == ("x", "y")


def test_the_facts_graph_wraps_the_whole_body() -> None:
    """Where the facts stand in a named graph, all parts stand inside it: no bare pattern, no FROM."""

    def wrap(body: str) -> str:
        return f"{{ GRAPH {FACTS.n3} {{ {body} }} }}"

    text = sparql.query(QueryGraph(X, (HEIGHT, Not((OIL,)), Or(((OIL,), (GAS,))))), wrap)
    inside = text[text.index("GRAPH") :]
    assert text.startswith("SELECT DISTINCT ?x { GRAPH")
    assert inside.count("?x") == text.count("?x") - 1
    assert "FROM" not in text


# ---------------------------------------------------------------- terms are bound, never pasted


@pytest.mark.parametrize("text", ['a "quoted" \\ name', "a\nb", "} SELECT", "é", 'x" . ?s ?p ?o . #', "\\", "\t\r"])
def test_a_literal_is_found_whatever_it_holds(text: str, tmp_path: Path) -> None:
    """A value with quotes, backslashes or braces is one literal in the query and matches itself."""
    path = tmp_path / "one.nt"
    path.write_text(f"<{L}a> <{L}name> {Literal(text).n3} .\n<{L}b> <{L}name> {Literal('other').n3} .\n", encoding="utf-8")
    kg = KnowledgeGraph.open(path)
    assert found(kg, Edge(X, (iri("name"),), Literal(text))) == ["a"]


@given(st.text(max_size=30))
def test_text_stays_inside_its_quotes(text: str) -> None:
    """Outside strings and IRIs the query is the same whatever the value says."""
    parts = (Edge(X, (iri("name"),), Literal(text)), Compare(Y, "=", Literal(text)))
    made = sparql.query(QueryGraph(X, parts), lambda body: f"{{ {body} }}")
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', made)
    assert bare == f'SELECT DISTINCT ?x {{ ?x <{L}name> "" . FILTER(?y = "") }} ORDER BY ?x'


@pytest.mark.parametrize("bad", ["http://x/> . ?s ?p ?o . <http://y", "http://x/a b", "http://x/{y}", "http://x/\n"])
def test_an_iri_that_would_end_early_is_refused(bad: str) -> None:
    """An IRI with a space or a bracket raises and names the value."""
    for part in (Edge(X, (Iri(bad),), Y), OneOf(X, (Iri(bad),)), IsA(X, (Iri(bad),)), Exclude(X, (Iri(bad),))):
        with pytest.raises(QueryError, match="is not an IRI"):
            sparql.body((part,))


# ---------------------------------------------------------------- prefixes for the reader


def expanded(text: str) -> str:
    """Prefixed names written out again, outside strings and IRIs."""
    prefixes = dict(re.findall(r"^PREFIX (\w+): <([^>]+)>\n", text, re.MULTILINE))
    body = re.sub(r"^PREFIX [^\n]*\n", "", text, flags=re.MULTILINE)
    pattern = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>|(?<![\w?])(\w+):([\w-]+)')
    return pattern.sub(lambda m: f"<{prefixes[m[1]]}{m[2]}>" if m[1] else m[0], body)


LOCALS = ["flask-login", "a_b", "x1", "1x", "Big", "", "a.b", "a/b", "-a", "é", "a%20b"]


@pytest.mark.parametrize("prefix", sorted(PREFIXES))
@pytest.mark.parametrize("local", LOCALS)
def test_shortened_queries_say_the_same(prefix: str, local: str, kg: KnowledgeGraph) -> None:
    """with_prefixes round-trips for every prefix: what it shortens, the declared prefix writes out again, and it parses."""
    query = f"ASK {{ ?x {Iri(PREFIXES[prefix] + local).n3} {iri('oil').n3} }}"
    short = sparql.with_prefixes(query)
    assert expanded(short) == query
    assert kg.query(short).boolean is False


def test_only_the_prefixes_in_use_are_declared() -> None:
    """A reader sees those that the query needs, each once, and foreign IRIs in full."""
    text = sparql.with_prefixes(f"SELECT ?x {{ ?x {RDF.type.n3} {Iri(BASE + 'ontology#Thing').n3} . ?x {iri('burns').n3} ?y }}")
    assert re.findall(r"PREFIX (\w+):", text) == ["o", "rdf"]
    assert "rdf:type o:Thing" in text
    assert f"<{L}burns>" in text


def test_a_string_is_left_as_it_is() -> None:
    """An IRI that stands in a string is part of the value, not a term to shorten."""
    query = f'ASK {{ ?x {RDF.type.n3} "see <{RDF.base}type>" }}'
    assert f'"see <{RDF.base}type>"' in sparql.with_prefixes(query)


def test_what_a_reader_sees_runs_anywhere(kg: KnowledgeGraph) -> None:
    """The shortened query gives the same solutions as the long one, in any SPARQL engine."""
    late = Compare(Y, ">=", Literal("1901", XSD + "gYear"))
    long = sparql.query(QueryGraph(X, (IsA(X, (iri("Lamp"), iri("Torch"))), MADE, late)), kg.wrap)
    short = sparql.with_prefixes(long)
    assert "xsd:integer" in short
    wanted = {row["x"].value for row in kg.query(long)}
    assert {str(term) for row in kg.to_rdflib().query(short).bindings for term in row.values()} == wanted == {L + "b", L + "c"}
