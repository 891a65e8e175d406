"""Pictures of every page at three widths, light and dark, into build/screenshots, to be looked at: ``make screenshots``.

``--at`` takes the address of a server that runs already; ``--only`` the beginning of a page's name.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import nullcontext
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, PATIENCE, ROOT, finished, serving

FOLDER = ROOT / "build" / "screenshots"
WIDTHS = {390: 844, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
QUESTION = "Compare Django, Flask and FastAPI"


def chat(page: Page, address: str) -> None:
    """The first screen."""
    page.goto(address + "/")
    page.locator("#chat .example").first.wait_for()


def answer(page: Page, address: str) -> None:
    """An answer with its sources."""
    chat(page, address)
    box = page.get_by_label("Question", exact=True)
    box.fill(QUESTION)
    box.press("Enter")
    finished(page, 1)


def compare(page: Page, address: str) -> None:
    """What an answer of the chat leads to."""
    page.goto(f"{address}/compare?thing=django&thing=flask&thing=fastapi")
    page.locator(".beside").wait_for()


def picking(page: Page, address: str) -> None:
    page.goto(f"{address}/compare")
    page.locator("#pick").wait_for()


def browse(page: Page, address: str) -> None:
    page.goto(f"{address}/things")
    page.locator(".facets a").first.wait_for()


def narrowed(page: Page, address: str) -> None:
    """By the first value of the first facet after the kinds."""
    browse(page, address)
    page.locator(".facets section").nth(1).get_by_role("link").first.click()
    page.locator(".picked").wait_for()


def thing(page: Page, address: str) -> None:
    page.goto(f"{address}/thing/flask")
    page.locator(".timeline svg").wait_for()


def sparql(page: Page, address: str) -> None:
    """A result that makes a chart."""
    page.goto(f"{address}/sparql")
    page.locator("#examples button").last.wait_for()
    page.get_by_role("button", name="How many frameworks are there for each licence?").click()
    expect(page.locator("#chart")).to_be_visible()


def mistake(page: Page, address: str) -> None:
    """An error at its line."""
    page.goto(f"{address}/sparql?query=SELECT%20%3Fx%20%7B%0A%20%20%3Fx%20a%20%3B%3B%20%7D%0A%7D")
    expect(page.get_by_role("alert")).to_be_visible()


def about(page: Page, address: str) -> None:
    page.goto(f"{address}/about")
    page.locator("#cite").wait_for()


PAGES: tuple[Callable[[Page, str], None], ...] = (
    chat, answer, compare, picking, browse, narrowed, thing, sparql, mistake, about,
)  # fmt: skip


def shoot(browser: Browser, address: str, show: Callable[[Page, str], None], width: int, scheme: str, whole: bool = False) -> Path:
    """One picture: of the window, or of the ``whole`` page."""
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    show(page, address)
    file = FOLDER / f"{show.__name__}-{width}-{scheme}.png"
    page.screenshot(path=file, full_page=whole)
    context.close()
    return file


def main() -> None:
    """Take them all."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--at", default="", help="the address of a server that runs")
    wanted.add_argument("--only", default="", help="the beginning of the names of pages")
    wanted.add_argument("--whole", action="store_true", help="the whole page, not what the window shows")
    given = wanted.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    shown = [p for p in PAGES if p.__name__.startswith(given.only)]
    with TemporaryDirectory() as kept, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        with nullcontext(given.at) if given.at else serving(Path(kept) / "said.sqlite") as address:
            for show, width, scheme in product(shown, WIDTHS, SCHEMES):
                print(shoot(browser, address, show, width, scheme, given.whole))
        browser.close()


if __name__ == "__main__":
    main()
