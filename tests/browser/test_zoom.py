"""Zoomed in, a page flows anew: nothing is cut and no page scrolls sideways (WCAG 2.2, 1.4.4 and 1.4.10)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import finished, opened

TEAM = "Two of us build a REST API for a bakery. It must speak WebSockets and must run on Lambda. Which framework would you take?"
PATHS = (
    "/compare", "/compare?thing=starlette&thing=falcon&thing=klein", "/things", "/things?kind=Licence", "/thing/nose2", "/sparql",
    "/about", "/data/",
)  # fmt: skip
# What is wider than its box and hidden there, and what can be read or pressed and stands outside the window; a box that scrolls on its
# own may hold either.
CUT = """() => {
    const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".sr, svg");
    const rolled = (e) => { for (let p = e.parentElement; p; p = p.parentElement)
        if (["auto", "scroll"].includes(getComputedStyle(p).overflowX) && p.scrollWidth > p.clientWidth) return true; };
    const told = (why, e) => `${why}: ${e.tagName} ${e.id} ${e.className} ${e.textContent.slice(0, 40)}`;
    const found = [];
    for (const e of document.querySelectorAll("body *")) {
        const { left, right, width } = e.getBoundingClientRect();
        if (width < 2 || !shown(e)) continue;
        const hides = ["hidden", "clip"].includes(getComputedStyle(e).overflowX) && !e.matches("input");
        if (hides && e.scrollWidth > e.clientWidth + 1) found.push(told("cut", e));
        const read = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        const held = read || e.matches("a, button, input, select, summary, textarea");
        if (held && (left < -1 || right > innerWidth + 1) && !rolled(e)) found.push(told("outside", e));
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    return found.slice(0, 5);
}"""


def answers(page: Page) -> list[str]:
    """What is cut of an answer with chips and a choice, its question being edited, and of one with a table, and of what is behind."""
    box, found = page.get_by_label("Question", exact=True), []
    for count, question in enumerate((TEAM, "Compare Starlette and Falcon"), 1):
        box.fill(question)
        box.press("Enter")
        finished(page, count)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        found += page.evaluate(CUT)
    return found


@pytest.mark.parametrize(("room", "scale"), [((720, 450), 2), ((320, 256), 4)], ids=["200 %", "400 %"])
def test_nothing_is_cut(chromium: Browser, address: str, room: tuple[int, int], scale: int) -> None:
    """1440 by 900 pixels at 200 %, 1280 by 1024 at 400 %: every page, and whole answers."""
    for page in opened(chromium, address, room, scale=scale):
        page.locator("#chat .example").first.wait_for()
        found = {"first screen": page.evaluate(CUT), "answers": answers(page)}
        for path in PATHS:
            page.goto(address + path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            found[path] = page.evaluate(CUT)
        assert {path: cut for path, cut in found.items() if cut} == {}
