"""What a stranger's query may do is read this store, however it is spelt."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.guard import MAX_QUERY, Checked, expand, inspect, words
from graph.types import QueryError, RefusedQuery

HERE = "http://example.org/g1"


def check(query: str) -> Checked:
    return inspect(query, base="http://example.org/base/", knows=lambda name: name == HERE)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("select ?s { ?s ?p 'a SERVICE of # the \"house\"' } # SERVICE <http://x> {}", "SELECT"),
        ("ASK { ?service ?p <http://example.org/SERVICE> }", "ASK"),
        ("PREFIX load: <http://example.org/> CONSTRUCT { ?s load:from ?o } { ?s load:service ?o }", "CONSTRUCT"),
        ("DESCRIBE <http://example.org/insert>", "DESCRIBE"),
        ("SELECT * { ?s ?p ?o FILTER(?o < 3 && ?p > 'SERVICE') }", "SELECT"),
        ("SELECT * { ?s ?p '''it's a SERVICE''' , \"\"\"a \\\" SERVICE\"\"\" }", "SELECT"),
    ],
)
def test_reading_is_allowed_whatever_words_stand_in_strings_comments_and_names(query: str, form: str) -> None:
    """A query that only reads passes unchanged, with its form."""
    assert check(query) == Checked(query, form)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { service SILENT ?where { ?s ?p ?o } }",
        "SELECT * { S\\u0045RVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { \\U00000053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { # a comment\\u000a SERVICE <http://127.0.0.1/> { ?s ?p ?o }\n }",
        "SELECT * { # a comment\r SERVICE <http://127.0.0.1/> { ?s ?p ?o }\n }",
        "SELECT * { FILTER NOT EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
        "ASK { { SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } } }",
        # the text between the first < and the > is an IRI to a lexer and a comparison to a parser
        "SELECT * { ?a ?p ?b FILTER(?a<'x>') SERVICE<http://127.0.0.1/>{?s ?p ?o} FILTER('y'=?b) }",
    ],
)
def test_no_spelling_of_service_passes(query: str) -> None:
    """Asking another endpoint is refused in every spelling: case, escapes, comments, inside filters and sub-queries."""
    with pytest.raises(RefusedQuery, match="SERVICE is refused"):
        check(query)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:s> <a:p> 1 }",
        "PREFIX a: <a:> delete where { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/data.ttl>",
        "LO\\u0041D <file:///etc/passwd>",
        "CLEAR ALL",
        "DROP GRAPH <http://example.org/g1>",
        "CREATE GRAPH <http://example.org/g2>",
        "COPY DEFAULT TO <http://example.org/g2>",
        "WITH <http://example.org/g1> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused_by_name(update: str) -> None:
    """An update is refused with the word that makes it one."""
    with pytest.raises(RefusedQuery, match="is refused: this door only reads"):
        check(update)


def test_a_query_followed_by_an_update_does_not_parse() -> None:
    """Nothing rides along behind a query."""
    with pytest.raises(QueryError, match="does not parse"):
        check("SELECT * { ?s ?p ?o } ; DROP ALL")


def test_functions_that_are_called_by_name_are_listed() -> None:
    """Wherever they stand, prefixes resolved, each once; those with a keyword of SPARQL are not."""
    checked = check("PREFIX f: <urn:f:> SELECT (f:a(1) AS ?x) { FILTER(<urn:g>(f:a(2))) FILTER EXISTS { BIND(xsd:integer('1') AS ?y) } }")
    assert sorted(checked.functions) == ["http://www.w3.org/2001/XMLSchema#integer", "urn:f:a", "urn:g"]
    assert check("SELECT (STR(1) AS ?x) { FILTER(REGEX('a', 'b')) }").functions == ()


def test_from_may_name_graphs_of_the_store_only() -> None:
    """FROM and FROM NAMED are read where the graph is here, prefixes and base resolved, and refused elsewhere."""
    assert check(f"ASK FROM <{HERE}> {{}}").defaults == (HERE,)
    assert check("PREFIX e: <http://example.org/> ASK FROM NAMED e:g1 {}").named == (HERE,)
    assert check("BASE <http://example.org/> ASK FROM <g1> {}").has_dataset
    for elsewhere in ("<file:///etc/passwd>", "<http://127.0.0.1:80/x>", "NAMED <http://example.org/g2>"):
        with pytest.raises(RefusedQuery, match="names a graph that is not in this store"):
            check(f"ASK FROM {elsewhere} {{}}")


@pytest.mark.parametrize("query", ["ASK FROM nope:g {}", "SELECT * { ?s nope:p ?o }", "ASK { FILTER EXISTS { ?s a nope:C } }"])
def test_an_undeclared_prefix_is_told(query: str) -> None:
    """The message names the prefix and the remedy; our own prefixes need no declaration."""
    with pytest.raises(QueryError, match="prefix nope: is not declared"):
        check(query)
    assert check(query.replace("nope:g", f"<{HERE}>").replace("nope:", "rdf:"))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?x {", "line 1, column 12"),
        ("", "line 1, column 1"),
        ("SELECT * { ?s ?p '\\uD800' }", "is not a character"),
        ("SELECT * { ?s ?p '\\U00110000' }", "is not a character"),
        ("ASK {}" + " " * MAX_QUERY, "at most 100,000 are read"),
        ("SELECT * " + "{" * 3000 + "}" * 3000, "nested too deeply"),
    ],
)
def test_what_is_no_query_is_told_with_its_place(query: str, message: str) -> None:
    """Text that does not parse, is too long or too deep raises QueryError, which says where or how much."""
    with pytest.raises(QueryError, match=message):
        check(query)


def test_an_escape_that_spells_an_escape_is_refused() -> None:
    """What is looked at is what runs: after expansion nothing is left to expand."""
    with pytest.raises(RefusedQuery, match="escape within an escape"):
        expand("SELECT * { \\u005cu0053ERVICE <http://127.0.0.1/> {} }")


def test_two_hundred_nested_groups_are_read_by_a_worker() -> None:
    """With the recursion limit of a worker, depth that people may generate is no obstacle."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    try:
        assert check("SELECT * " + "{" * 200 + "?s ?p ?o" + "}" * 200).form == "SELECT"
    finally:
        sys.setrecursionlimit(before)


PIECES = ["SERVICE", "<a:b>", "'", '"', "#", "\n", "\\u000a", "{", "}", "?x", "SELECT *", "<", ">", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(max_examples=200, deadline=None)
def test_any_text_is_either_a_query_without_service_or_an_error(pieces: list[str]) -> None:
    """No arrangement of quotes, comments and brackets raises anything else or lets the word through as a word."""
    try:
        checked = check(" ".join(pieces))
    except (QueryError, RefusedQuery):
        return
    assert "SERVICE" not in list(words(checked.text))
