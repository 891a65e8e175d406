"""The golden questions: each answer against gold that was written before the engine was looked at.

A golden line holds ``names_all`` and ``names_none`` (labels that must and must not be among ``Answer.names``), ``text_all``
and ``text_none`` (alternatives that must appear in the text, words that must not), ``polarity`` and ``abstained`` (null:
either will do). ``gold_query`` is SPARQL over the facts that proves the gold and, where ``exact``, is the whole gold.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Assistant

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
MANIFEST = json.loads((GOLDEN / "manifest.json").read_text(encoding="utf-8"))
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
KINDS = {"count": {"count"}, "comparison": {"comparison"}, "recommendation": {"recommendation"}, "greeting": {"greeting"}}


def read(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines() if line.strip()]


ITEMS = [item for name in sorted(MANIFEST["files"]) for item in read(name)]
PROVED = [item for item in ITEMS if item.get("gold_query")]


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'").casefold()


def holds(text: str, wanted: str) -> bool:
    """The wanted words from a word start; short ones as whole words."""
    edge = r"(?!\w)" if len(wanted) <= 3 else ""
    return re.search(r"(?<!\w)" + re.escape(folded(wanted)) + edge, folded(text)) is not None


def gold_of(item: dict[str, Any], me: Assistant) -> set[str]:
    """What the gold query says on the graph as it is: labels, or the one number."""
    return {row[name].value for row in me.graph.query(item["gold_query"]) for name in row}


def faults(item: dict[str, Any], answer: Answer, gold: set[str]) -> list[str]:
    """Everything that is wrong with an answer, in words."""
    return [
        *_abstention_faults(item, answer),
        *_name_faults(item, answer, gold),
        *[f"none of {group} in the text" for group in item["text_all"] if not any(holds(answer.text, w) for w in group)],
        *[f"{word!r} must not stand in the text" for word in item["text_none"] if word.casefold() in answer.text.casefold()],
        *_polarity_faults(item, answer),
    ]


def _abstention_faults(item: dict[str, Any], answer: Answer) -> list[str]:
    wanted = KINDS.get(item["kind"])
    found = [f"kind is {answer.kind}, not {' or '.join(sorted(wanted))}"] if wanted and answer.kind not in wanted else []
    if item["abstained"] is not None and answer.abstained != item["abstained"]:
        found.append(f"abstained is {answer.abstained}")
    return found


def _name_faults(item: dict[str, Any], answer: Answer, gold: set[str]) -> list[str]:
    names = {folded(n) for n in answer.names}
    if gold and not item["names_all"] and not item["text_all"]:  # a count or one name, read from the graph
        spoken = gold | {WORDS[int(g)] for g in gold if g.isdigit() and int(g) < len(WORDS)}
        if not any(holds(answer.text, g) for g in spoken):
            return [f"none of {sorted(gold)} in the text"]
    found = [f"{n!r} is missing from the names" for n in item["names_all"] if folded(n) not in names]
    found += [f"{n!r} must not be among the names" for n in item["names_none"] if folded(n) in names]
    if item.get("exact") and names != {folded(g) for g in gold}:
        found.append(f"names are {sorted(answer.names)}, the graph says {sorted(gold)}")
    return found


def _polarity_faults(item: dict[str, Any], answer: Answer) -> list[str]:
    if item["polarity"] is None:
        return []
    opening = item["polarity"]
    if re.match(re.escape(opening) + r"\b", answer.text.casefold()):
        return []
    return [f"the text opens with {answer.text[:30]!r}, not with {opening!r}"]


def test_manifest_counts_what_is_there() -> None:
    """Each golden file holds as many questions as the manifest says, and at least a tenth of all have no answer."""
    for name, counts in MANIFEST["files"].items():
        items = read(name)
        assert len(items) == counts["questions"]
        assert sum(item["abstained"] is True for item in items) == counts["unanswerable"]
        about_claims = any("claim" in item for item in items)  # a claim of an article is there to be answered
        assert about_claims or counts["unanswerable"] * 10 >= counts["questions"]
    assert len({item["id"] for item in ITEMS}) == len(ITEMS)


def test_every_golden_file_is_in_the_manifest() -> None:
    """No golden file lies about unread."""
    assert {p.name for p in GOLDEN.glob("*.jsonl")} == set(MANIFEST["files"])


def test_no_golden_question_stands_in_the_data() -> None:
    """The engine is not taught its own examination: no golden question is an example, an alias or a phrasing."""
    files = [p for p in (GOLDEN.parent.parent / "data").rglob("*") if p.suffix in {".ttl", ".trig", ".rq", ".json"}]
    data = "\n".join(p.read_text(encoding="utf-8").casefold() for p in files)
    assert files
    assert [i["question"] for i in ITEMS if len(i["question"]) > 15 and i["question"].casefold().rstrip("?.!") in data] == []


@pytest.mark.parametrize("item", PROVED, ids=lambda item: item["id"])
def test_gold_is_what_the_graph_says(item: dict[str, Any], me: Assistant) -> None:
    """The gold follows from the facts: what must be named is in the gold query's solutions, what must not is absent."""
    gold = gold_of(item, me)
    assert gold, "the gold query has no solution"
    assert set(item["names_all"]) <= gold
    assert not set(item["names_none"]) & gold


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_the_share_of_right_answers_does_not_fall(name: str, ask: Any, me: Assistant) -> None:
    """Of each file at least the recorded share is answered with all that its gold asks for and nothing that it forbids."""
    items = read(name)
    failed = []
    right: Counter[str] = Counter()
    for item in items:
        answer = ask(item["question"], *item["history"])
        found = faults(item, answer, gold_of(item, me) if item.get("gold_query") else set())
        if found:
            said = f"{answer.kind} {answer.names[:4]} {answer.text[:120]!r}"
            failed.append(f"{item['id']} {item['question']!r} -> {said}: {'; '.join(found)}")
        right[item.get("claim", "")] += not found
    share = 1 - len(failed) / len(items)
    assert share >= MANIFEST["files"][name]["floor"], f"{share:.3f}\n" + "\n".join(failed)
    wordings = MANIFEST["files"][name].get("wordings", 0)
    assert {claim: n for claim, n in right.items() if n < wordings} == {}, "claims that are not answered in enough wordings"


def test_the_comparison_can_fail() -> None:
    """The scoring itself notices a missing name, a forbidden name, a wrong opening and a wrong abstention."""
    gold = {"names_all": ["A"], "names_none": ["B"], "text_all": [["x"]], "text_none": ["y"]}
    item = {"kind": "list", **gold, "polarity": "no", "abstained": False}
    wrong = Answer(question="?", kind="abstention", text="Not stated: y.", names=["B"], abstained=True)
    right = Answer(question="?", kind="list", text="No: x.", names=["A"])
    assert len(faults(item, wrong, set())) == 6
    assert faults(item, right, set()) == []
