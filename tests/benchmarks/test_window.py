"""The speed of the window as its reader sees it, measured in Chromium beside the parts that it is made of.

In turns: a new question to the window, the same to ``answer`` in this process, one to a window of Gradio's that answers at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from assistant import Assistant
from tests.benchmarks.taped import percentile
from tests.browser.conftest import CHROMIUM, PATIENCE, ROOT, serving

pytestmark = [
    pytest.mark.skipif("not config.getoption('benchmark_only')", reason="measured by make bench"),
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (sudo apt install chromium)"),
]

ASKED = 56  # questions: seven of each kind
AIM = 150  # milliseconds from asking to first words, on a machine that has nothing else to do
SLACK = 1.6  # how many times its two parts, one after the other, the window may take
# From the press of Enter to the frame that shows the first words, and to the one that shows all.
WATCH = """() => {
    const seen = (name) => { const m = window.times; if (m && !(name in m)) { m[name] = 0;
        requestAnimationFrame(() => { m[name] = performance.now() - m.begun; }); } };
    addEventListener("keydown", ({ key }) => { if (key === "Enter") window.times = { begun: performance.now() }; }, true);
    new MutationObserver(() => {
        if (document.querySelector("#chat .answer:not(.waiting)")) seen("first");
        if (document.querySelector("#chat .answer .rate, #chat .answer.trouble")) seen("whole");
    }).observe(document.body, { childList: true, subtree: true });
}"""


@contextmanager
def bare() -> Iterator[str]:
    """The address of ``tests.benchmarks.bare_window``."""
    command = [sys.executable, "-m", "tests.benchmarks.bare_window"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def opened(page: Page, address: str) -> Page:
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.get_by_label("Question", exact=True).wait_for()
    page.evaluate(WATCH)
    return page


def asked(page: Page, question: str, last: str) -> dict[str, float]:
    """Milliseconds to first words and to the ``last`` of what is looked for; the conversation is cleared after."""
    box = page.get_by_label("Question", exact=True)
    box.fill(question)
    box.press("Enter")
    page.wait_for_function(f"window.times && window.times.{last} > 0")
    times: dict[str, float] = page.evaluate("window.times")
    page.evaluate("window.times = null")
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("!document.querySelector('#chat .answer')")
    return times


def test_first_words_against_answer_and_an_empty_event(taped: Assistant, questions: list[str], benchmark: Any, tmp_path: Path) -> None:
    """What the reader waits for is the answer and Gradio's own round trip, and little else."""
    first, whole, answering, event = [], [], [], []
    with sync_playwright() as playwright, serving(tmp_path / "said.sqlite") as ours, bare() as theirs:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        window, empty = opened(browser.new_page(), ours), opened(browser.new_page(), theirs)
        for question in taped.about()["examples"]:
            asked(window, question, "whole")
            asked(empty, question, "first")
        for question in questions[:ASKED]:
            times = asked(window, question, "whole")
            first.append(times["first"])
            whole.append(times["whole"])
            event.append(asked(empty, question, "first")["first"])
            begun = time.perf_counter()
            taped.answer(question)
            answering.append(1000 * (time.perf_counter() - begun))
        benchmark.pedantic(asked, args=(window, questions[0], "whole"), rounds=1)
        browser.close()
    parts = {"first_words": first, "whole_answer": whole, "answer": answering, "empty_event": event}
    told = {name: {f"p{p}": round(percentile(times, p)) for p in (50, 95)} for name, times in parts.items()}
    load, needed = os.getloadavg()[0], percentile([a + e for a, e in zip(answering, event, strict=True)], 50)
    ratio = percentile(first, 50) / needed
    benchmark.extra_info.update(questions=len(first), ms=told, ratio=round(ratio, 2), load=round(load, 1))
    print(f"\nfirst words / (answer + empty event): {benchmark.extra_info}")
    assert ratio <= SLACK
    assert load > (os.cpu_count() or 1) or percentile(first, 50) <= AIM
