"""What always holds, whatever is asked: no exception, the same answer twice, sound citations, only linked terms in queries."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import Answer, Assistant, AssistantError
from assistant.types import Kind, Sentence
from graph.schema import Schema
from graph.terms import BASE, FACTS, FG, PREFIXES, RULES, SOURCES, TERMS
from graph.types import XSD, Blank, Fact, Iri

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "first_slice.jsonl"
ITEMS: list[dict[str, Any]] = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
MARK = re.compile(r"(?<!\\)\[(\d+)\]")
IRI = re.compile(r"<([^<>\s]+)>")
KINDS = set(get_args(Kind))
STANDARD = tuple(PREFIXES[p] for p in ("rdf", "rdfs", "owl", "skos", "xsd", "fg"))

WORDS = """which what who when how many is does can not or and without before after oldest newest compare between the of in a it
those 2010 3.12 0 ? ! , ( ' " \\ { } < > * ; -- ?x . framework licence MIT WSGI ORM websockets admin built-in creator released Flask
Django"""
PIECES = st.sampled_from(WORDS.split())
FOLLOW_UPS = st.sampled_from(["and its licence?", "which of those is oldest?", "without them", "and?"])
QUESTIONS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=14).map(" ".join))
FEW = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def same(answer: Answer) -> str:
    return json.dumps(answer.to_dict(), sort_keys=True, ensure_ascii=False)


def spread(every: int) -> list[dict[str, Any]]:
    """Every n-th golden question: all kinds, in a fraction of the time."""
    return ITEMS[::every]


def by_id(item: dict[str, Any]) -> str:
    return str(item["id"])


# ---------------------------------------------------------------- any text


@FEW
@given(question=QUESTIONS)
def test_no_text_raises(me: Assistant, question: str) -> None:
    """Any text gets an answer of a known kind with some words in it, and the answer is JSON."""
    answer = me.answer(question)
    assert answer.kind in KINDS
    assert answer.text.strip()
    assert json.loads(json.dumps(answer.to_dict())) == answer.to_dict()


@FEW
@given(history=st.lists(QUESTIONS, max_size=2), question=FOLLOW_UPS)
def test_no_history_raises(me: Assistant, history: list[str], question: str) -> None:
    """A follow-up to any texts gets an answer."""
    assert me.answer(question, history=list(history)).kind in KINDS


@FEW
@given(question=QUESTIONS)
def test_citations_of_any_answer_are_sound(me: Assistant, question: str) -> None:
    """Whatever is asked, what is said is cited."""
    assert unsound(me.answer(question)) == []


@FEW
@given(question=QUESTIONS)
def test_offsets_round_trip(me: Assistant, question: str) -> None:
    """Mentions and pieces lie in the question, in order and apart, and say the text at their offsets."""
    for piece in me.answer(question).pieces:
        start, end = map(int, piece.span.split(":"))
        assert question[start:end] == piece.text
    for reading in me.interpret(question):
        spans = [(m.start, m.end) for m in reading.mentions]
        assert spans == sorted(spans)
        assert all(0 <= start < end <= len(question) for start, end in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize("turn", [7, {"no": "question"}, None, ["Flask"]])
def test_a_turn_that_is_none_of_ours_is_refused(me: Assistant, turn: Any) -> None:
    """History takes strings and turns of ours; anything else raises an error that names it."""
    with pytest.raises(AssistantError, match=re.escape(repr(turn))):
        me.answer("and its licence?", history=[turn])


@pytest.mark.parametrize("choices", [{"0:99": BASE + "id/flask"}, {"0:5": "https://nowhere.example/x"}, {"zero": BASE + "id/flask"}])
def test_a_choice_that_fits_nothing_is_refused(me: Assistant, choices: dict[str, str]) -> None:
    """A span outside the question and an IRI outside the graph raise."""
    with pytest.raises(AssistantError):
        me.answer("Flask", choices=choices)


# ---------------------------------------------------------------- the same answer


@pytest.mark.parametrize("item", spread(5), ids=by_id)
def test_same_question_same_answer(item: dict[str, Any], me: Assistant, ask: Any) -> None:
    """Asked twice, the answer is the same byte for byte."""
    assert same(me.answer(item["question"], history=item["history"])) == same(ask(item["question"], *item["history"]))


def test_same_answer_in_another_process(ask: Any) -> None:
    """The answer does not hang on the order of sets: a process with another hash seed gives the same bytes."""
    chosen = [i for i in spread(11) if not i["history"]]
    program = (
        "import json, sys\nfrom assistant import answer\n"
        "for q in json.load(sys.stdin): print(json.dumps(answer(q).to_dict(), sort_keys=True, ensure_ascii=True))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps([i["question"] for i in chosen]), capture_output=True, text=True, check=True,
        cwd=root, env={**os.environ, "PYTHONHASHSEED": "1"},
    )  # fmt: skip
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert said == [ask(i["question"]).to_dict() for i in chosen]


@pytest.mark.parametrize("item", [i for i in spread(4) if i["kind"] in {"fact", "list", "yes-no", "count"}], ids=by_id)
def test_spacing_case_and_final_punctuation_do_not_matter(item: dict[str, Any], me: Assistant, ask: Any) -> None:
    """Names and openings stay when a question is spaced out, in lower case, or has lost its question mark."""
    question = item["question"]
    wanted = ask(question)
    for other in (f"  {question.replace(' ', '   ')} ", question.lower(), question.rstrip("?.!")):
        got = me.answer(other)
        assert (got.names, got.text.split()[:1], got.abstained) == (wanted.names, wanted.text.split()[:1], wanted.abstained), other


# ---------------------------------------------------------------- citations


def unsound(answer: Answer) -> list[str]:
    """What is wrong with the citations of an answer, in words."""
    known = {c.number: set(c.facts) for c in answer.citations}
    found = [f"[{n}] leads nowhere" for n in MARK.findall(answer.text) if int(n) not in known]
    found += [f"[{n}] is not in the text" for n in known if str(n) not in MARK.findall(answer.text)]
    for sentence in answer.sentences:
        if sentence.facts and not sentence.cites:
            found.append(f"without citation: {sentence.text!r}")
        if sentence.tone in ("stated", "computed", "claimed", "contested") and not sentence.facts:
            found.append(f"states without facts: {sentence.text!r}")
        if sentence.cites and sentence.block != "table" and not marked(sentence, answer.text):
            found.append(f"not followed by its citations: {sentence.text!r}")
        found += [f"[{n}] supports nothing of {sentence.text!r}" for n in sentence.cites if not known.get(n, set()) & set(sentence.facts)]
    return found


def marked(sentence: Sentence, text: str) -> bool:
    """The sentence stands in the text and its citation numbers stand directly behind its words."""
    words = sentence.text.rstrip(".:!?")
    return f"{words} {''.join(f'[{n}]' for n in sentence.cites)}" in text


@pytest.mark.parametrize("item", ITEMS, ids=by_id)
def test_every_citation_supports_its_sentence(item: dict[str, Any], ask: Any) -> None:
    """Every number leads to a source, every sentence with facts has one, and each states a fact that the sentence relies on."""
    assert unsound(ask(item["question"], *item["history"])) == []


@pytest.mark.parametrize("item", ITEMS, ids=by_id)
def test_the_text_is_the_answer_only(item: dict[str, Any], ask: Any) -> None:
    """What was understood and where the sources are is told beside the text, not in it."""
    answer = ask(item["question"], *item["history"])
    assert "I understood" not in answer.text
    assert not [c.url for c in answer.citations if c.url in answer.text and c.url not in str(answer.rows)]


@pytest.mark.parametrize("item", spread(3), ids=by_id)
def test_every_cited_fact_stands_in_its_passage(item: dict[str, Any], ask: Any, me: Assistant) -> None:
    """A cited fact is a quad of the named graph that is its source."""
    for citation in ask(item["question"], *item["history"]).citations:
        absent = [f for f in citation.facts if not stands(me, citation.passage, f)]
        assert not absent, f"{citation.passage} does not state {absent[:2]}"


def stands(me: Assistant, passage: str, fact: Fact) -> bool:
    if isinstance(fact.subject, Blank) or isinstance(fact.object, Blank):
        return False
    pattern = f"{fact.subject.n3} {fact.predicate.n3} {fact.object.n3}"
    return me.graph.query(f"ASK {{ GRAPH {Iri(passage).n3} {{ {pattern} }} }}").boolean is True


@pytest.mark.parametrize("item", ITEMS, ids=by_id)
def test_every_citation_says_where(item: dict[str, Any], ask: Any) -> None:
    """A citation has a title; one of a document has an address (of a package its purl) and the day it was opened."""
    for citation in ask(item["question"], *item["history"]).citations:
        assert citation.title
        if not citation.passage.startswith(RULES):
            assert citation.url.startswith(("https://", "http://", "pkg:"))
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", citation.retrieved)


# ---------------------------------------------------------------- queries


def iris(sparql: str) -> set[str]:
    """All IRIs of a query, prefixed names written out."""
    prefixes = dict(re.findall(r"PREFIX\s+([\w-]+):\s*<([^>]+)>", sparql))
    body = re.sub(r"PREFIX[^\n]*\n?", "", sparql)
    body = re.sub(r'"(?:[^"\\]|\\.)*"', '""', body)
    short = re.findall(r"(?<![\w?<])([a-z][\w-]*):([\w.-]*[\w-])", re.sub(r"<[^>]*>", " ", body))
    full = {prefixes[p] + local for p, local in short if p in prefixes}
    return full | set(IRI.findall(body))


def in_schema(schema: Schema) -> set[str]:
    terms: Iterable[Iri] = (*schema.classes, *schema.properties, *schema.levels)
    return {t.value for t in terms} | {FACTS.value, SOURCES.value, TERMS.value}


@pytest.mark.parametrize("item", [i for i in ITEMS if not i["history"]], ids=by_id)
def test_every_term_of_a_query_was_linked_or_is_in_the_schema(item: dict[str, Any], me: Assistant) -> None:
    """Each IRI of a reading's SPARQL is one of the schema, of a standard vocabulary, or was linked in the question."""
    schema = in_schema(me.schema)
    for reading in me.interpret(item["question"]):
        linked = {link.iri.value for mention in reading.mentions for link in mention.links}
        strange = {i for i in iris(reading.sparql) - schema - linked if not i.startswith((*STANDARD, XSD))}
        assert not strange, f"{reading.english}: {sorted(strange)}"


@pytest.mark.parametrize("item", ITEMS, ids=by_id)
def test_no_query_writes_or_leaves_the_machine(item: dict[str, Any], ask: Any) -> None:
    """Generated queries read only: SELECT, ASK, CONSTRUCT, with no SERVICE and no FROM."""
    for query in ask(item["question"], *item["history"]).queries:
        plain = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', " ", query).upper()
        assert re.search(r"\b(SELECT|ASK|CONSTRUCT)\b", plain)
        assert not re.search(r"\b(SERVICE|FROM|LOAD|INSERT|DELETE|DROP|CLEAR|CREATE|COPY|MOVE|ADD)\b", plain)


@pytest.mark.parametrize("item", spread(3), ids=by_id)
def test_the_shown_query_runs_and_gives_the_rows(item: dict[str, Any], ask: Any, me: Assistant) -> None:
    """``sparql`` is complete: it runs as it stands, and a list's names are among its solutions' labels."""
    answer = ask(item["question"], *item["history"])
    if not answer.sparql:
        assert answer.kind in {"greeting", "abstention", "clarification", "comparison", "recommendation", "remark", "definition"}
        return
    solutions = me.graph.query(answer.sparql)
    if answer.kind == "yes-no":
        assert solutions.boolean is not None or solutions.variables
    elif answer.names:
        assert len(solutions.rows) > 0


def test_engine_vocabulary_is_standard_to_the_scan() -> None:
    """The scan for IRIs sees full and prefixed names, and not what stands in strings."""
    query = 'PREFIX id: <http://x/id/>\nSELECT ?y { id:a-b <http://x/p> ?y FILTER(?y = "id:no <http://x/no>") ?y a <http://x/C> }'
    assert iris(query) == {"http://x/id/a-b", "http://x/p", "http://x/C"}
    assert FG.base in STANDARD
