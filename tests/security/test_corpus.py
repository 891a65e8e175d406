"""Hostile inputs, one a line of corpus/*.jsonl, put to every door of one server. What must hold of all of them:

nothing executes, nothing leaks (no trace, path, file or environment of this machine), nothing leaves it (a listener on loopback
hears nobody), nothing crashes (no 5xx but 503 and 504 where a case expects them), and no HTML of a stranger is rendered.

A case has an ``id``, a ``door`` (``tests.security.doors``), an ``input`` whose {host}, {listener}, {port} and {canary} are filled in,
and, where it says so: ``times`` (the input is repeated), ``status`` (any of these), ``never`` (what no reply may hold), ``hangs``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from graph.guard import words
from tests.security.conftest import SECRET, Target
from tests.security.doors import Attack, Reply

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CASES: list[dict[str, Any]] = [
    json.loads(line) for file in sorted((HERE / "corpus").glob("*.jsonl")) for line in file.read_text(encoding="ascii").splitlines()
]
LEAKS = ("Traceback (most recent", '.py", line', "site-packages", "root:x:0:0", SECRET, "/framegraph-", str(ROOT), sys.prefix)
SUBJECTS = frozenset("script iframe object embed base meta link form img image math style frame input textarea audio video source".split())
WRITES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD SERVICE".split())


def _is_our_field(tag: str, named: dict[str, str]) -> bool:
    """The line of text in which a question is edited, or a reason given."""
    plain = set(named) <= {"type", "id", "value", "maxlength", "autocomplete"} and named.get("type") == "text"
    return tag == "input" and plain and re.fullmatch(r"(why|again)-\d+", named.get("id", "")) is not None


class Markup(HTMLParser):
    """Reads HTML as a browser does, and lists what in it would act, load or leave."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.strange: list[str] = []
        self._fragment = reply.fragment
        self.feed(reply.body)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if self._fragment and tag in SUBJECTS and not _is_our_field(tag, named):
            self.strange.append(f"<{tag}>")
        if tag == "script" and not re.match(r"/\w", named.get("src", "")):
            self.strange.append("a script that is not a file of ours")
        self.strange += [f"{tag} {name}" for name in named if name.startswith("on") or name == "srcdoc"]
        for name in {"href", "src", "action", "formaction", "xlink:href"} & set(named):
            if not re.match(r"(https?://|[/#?](?!/)|data:,$|$)", named[name]) or (tag not in ("a", "link") and "//" in named[name]):
                self.strange.append(f"{tag} {name}={named[name][:60]}")


def test_the_corpus_is_large_and_sound() -> None:
    """At least 300 inputs, each with a name of its own, of every family."""
    assert len(CASES) >= 300
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert len({(case["door"], case["input"], case.get("times")) for case in CASES}) == len(CASES)
    families = {case["id"].rsplit("-", 1)[0] for case in CASES}
    assert families == {"prompts", "injection", "outward", "markup", "letters", "paths", "headers", "sizes", "encodings", "json"}


def test_no_hostile_input_achieves_anything(target: Target) -> None:
    """All of the above, for each reply to each case; the server serves on, over the same graph."""
    with closing(Attack(target)) as attack:
        before = attack.statements()
        wrong = [f"{case['id']}{fault}" for case in CASES for fault in _achieved(attack, target, case)]
        assert not wrong, "\n".join(wrong)
        assert attack.healthy()
        assert attack.statements() == before


def _achieved(attack: Attack, target: Target, case: dict[str, Any]) -> Iterator[str]:
    """What one case brought about that must not be."""
    heard = len(target.listener.callers)
    for reply in attack.put(case):
        yield from (f" at {reply.door} ({reply.status}): {fault}" for fault in _faults(case, reply))
    if len(target.listener.callers) > heard:
        yield ": something connected to the listener"
    if target.ran.exists():
        target.ran.unlink()
        yield ": something was executed"


def _faults(case: dict[str, Any], reply: Reply) -> Iterator[str]:
    """What must not be, of one reply."""
    said = reply.head + reply.body
    allowed = case.get("status")
    if allowed and reply.door not in ("window", "panel") and reply.status not in allowed:
        yield f"the status is none of {allowed}: {reply.body[:200]}"
    if reply.status >= 500 and not (allowed and reply.status in (503, 504) and reply.status in allowed):
        yield f"the server failed: {reply.body[:200]}"
    yield from (f"{leak!r} leaked" for leak in LEAKS if leak in said)
    yield from (f"{never!r} came back" for never in case.get("never", ()) if never in said)
    if reply.head.count("HTTP/1.1 ") + reply.body.count("HTTP/1.1 2") > 1:
        yield "one request was answered twice"
    if "set-cookie" in reply.head.lower():
        yield "a cookie was set"
    if reply.fragment or "content-type: text/html" in reply.head.lower():
        yield from (f"HTML that acts: {strange}" for strange in Markup(reply).strange)
    if "/answer" in reply.door and reply.status == 200:
        yield from _of_answer(json.loads(reply.body))


def _of_answer(answer: dict[str, Any]) -> Iterator[str]:
    """An answer reads only, and what it states has a source, whatever its question said."""
    if forbidden := WRITES & set(words(answer["sparql"])):
        yield f"its query holds {', '.join(forbidden)}"
    numbers = {c["number"] for c in answer["citations"]}
    for sentence in answer["sentences"]:
        if not set(sentence["cites"]) <= numbers:
            yield f"a sentence cites what is not there: {sentence['text'][:80]}"
        if sentence["facts"] and not sentence["cites"]:
            yield f"a fact has no source: {sentence['text'][:80]}"


def test_the_checks_find_what_they_look_for() -> None:
    """A reply that does everything wrong is called so."""
    bad = Reply("window", 500, "", f'<img src=x onerror=y><a href="javascript:x">{SECRET} Traceback (most recent', fragment=True)
    faults = "\n".join(_faults({"door": "question", "input": "", "never": ["href"]}, bad))
    for told in ("the server failed", "leaked", "came back", "<img>", "img onerror", "a href=javascript:x"):
        assert told in faults
    acting = {
        "sparql": "DROP ALL",
        "citations": [],
        "sentences": [{"text": "x", "cites": [], "facts": [1]}, {"text": "y", "cites": [7], "facts": []}],
    }
    assert len(list(_of_answer(acting))) == 3
