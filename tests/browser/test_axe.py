"""Every page is held to WCAG by axe-core (vendored, for tests alone): no serious or critical issue, and nothing sticks out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SIZES, finished, opened

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
# The size of what is pressed is asked of by WCAG 2.2 alone, and axe leaves it out unless it is told.
CHECK = """async () =>
    (await axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}})).violations.map((v) =>
    [v.impact, v.id, v.nodes.slice(0, 4).map((n) => n.target.join(" ") + ": " + n.failureSummary)])"""
TEAM = "Two of us build a REST API for a bakery. It must speak WebSockets and must run on Lambda. Which framework would you take?"
PATHS = (
    "/compare", "/compare?thing=starlette&thing=falcon", "/things", "/things?kind=Licence", "/thing/nose2", "/sparql", "/about",
)  # fmt: skip


def issues(page: Page) -> list[Any]:
    """What axe calls grave."""
    page.evaluate(AXE)
    return [found for found in page.evaluate(CHECK) if found[0] in GRAVE]


def wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize(("name", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_no_page_has_a_grave_issue(chromium: Browser, address: str, name: str, scheme: str) -> None:
    """The chat before and after an answer with chips and a choice, and each other page."""
    for page in opened(chromium, address, SIZES[name], scheme):
        found = {"first screen": issues(page)}
        box = page.get_by_label("Question", exact=True)
        for count, question in enumerate((TEAM, "Compare Starlette and Falcon"), 1):
            box.fill(question)
            box.press("Enter")
            finished(page, count)
            found[question] = issues(page)
        for path in PATHS:
            page.goto(address + path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            found[path] = [*issues(page), *(["it is wider than the window"] if wide(page) else [])]
        assert {path: grave for path, grave in found.items() if grave} == {}
