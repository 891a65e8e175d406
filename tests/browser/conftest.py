"""The served app in a real Chromium. A page that asks another host or logs an error fails its test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
PATIENCE = 60_000  # milliseconds; a busy machine may take this long, an idle one takes a hundredth

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs Chromium and is marked so."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed (sudo apt install chromium)"))


@pytest.fixture(scope="session")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of what readers say, of this session's server."""
    return tmp_path_factory.mktemp("said") / "feedback.sqlite"


@pytest.fixture(scope="session")
def address(said: Path) -> Iterator[str]:
    """``framegraph serve`` over the shipped graph on a free port of loopback."""
    with serving(said) as address:
        yield address


@contextmanager
def serving(feedback: Path) -> Iterator[str]:
    """The address of a server; what its readers say of answers goes to the file ``feedback``."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", "from ui.cli import main; main()", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "FRAMEGRAPH_FEEDBACK": str(feedback)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    said = server.stdout.readline()  # blocks until it is ready, and ends with '' if it dies
    assert f":{port}/" in said, f"the server did not start: {said!r}"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Watch:
    """What a page asked of others and complained about. ``expected`` are complaints that a test provokes."""

    def __init__(self, page: Page, address: str) -> None:
        self._address = address
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.expected: list[str] = []
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"a dialog opened: {dialog.message}"))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._address + "/", "data:", "blob:")):
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in self.expected):
            self.complaints.append(message.text)


@pytest.fixture
def watch(page: Page) -> Watch:
    return page.watch  # type: ignore[attr-defined,no-any-return]  # put there by ``page``


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test whose subject depends on the width (``@pytest.mark.widths``) runs as wide as a desk and as a phone; the others at a desk."""
    if "size" in metafunc.fixturenames:
        metafunc.parametrize("size", list(SIZES) if metafunc.definition.get_closest_marker("widths") else ["desktop"])


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> Iterator[dict[tuple[int, int], BrowserContext]]:
    """One context a size, made when it is first needed: what the pages load is loaded once."""
    made: dict[tuple[int, int], BrowserContext] = {}
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def page(size: str, chromium: Browser, contexts: dict[tuple[int, int], BrowserContext], request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page that ``@pytest.mark.starts`` names, else the chat, in a browser that keeps nothing of earlier tests; its complaints
    fail the test at the end.
    """
    wide = SIZES[size]
    if wide not in contexts:
        contexts[wide] = roomy(chromium, wide)
    address = request.getfixturevalue("address")
    starts = request.node.get_closest_marker("starts")
    context = contexts[wide]
    context.clear_permissions()
    page = context.new_page()
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "local_storage,session_storage"})
    yield from watched(page, address, starts.args[0] if starts else "/")
    page.close()


def roomy(chromium: Browser, size: tuple[int, int], scheme: str = "light", scale: float = 1) -> BrowserContext:
    """A browser window of a size in CSS pixels, each ``scale`` pixels of the screen."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        device_scale_factor=scale,
    )
    context.set_default_timeout(PATIENCE)
    return context


def watched(page: Page, address: str, path: str = "/") -> Iterator[Page]:
    """The page, opened; at the end it must have asked nobody else and complained of nothing."""
    watch = page.watch = Watch(page, address)  # type: ignore[attr-defined]  # for the fixture of that name
    page.goto(address + path)
    if path == "/":
        page.get_by_label("Question", exact=True).wait_for()
    yield page
    assert watch.foreign == []
    assert watch.complaints == []


def opened(chromium: Browser, address: str, size: tuple[int, int], scheme: str = "light", scale: float = 1) -> Iterator[Page]:
    """The chat in a window of its own."""
    context = roomy(chromium, size, scheme, scale)
    yield from watched(context.new_page(), address)
    context.close()


Ask = Callable[[str], None]


@pytest.fixture
def ask(page: Page) -> Ask:
    """``ask(question)``: typed and sent; returns when the whole answer stands."""

    def asked(question: str) -> None:
        before = page.locator("#chat .asked").count()
        box = page.get_by_label("Question", exact=True)
        box.fill(question)
        box.press("Enter")
        finished(page, before + 1)

    return asked


def finished(page: Page, answers: int) -> None:
    """Wait for the n-th answer to be whole: its thumbs, and retry and undo, stand under it only then."""
    expect(page.locator("#chat .asked")).to_have_count(answers)
    expect(page.locator("#chat .answer:is(.trouble, :has(.rate))")).to_have_count(answers)
    expect(page.get_by_role("button", name="Retry").last).to_be_visible()
