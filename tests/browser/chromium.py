"""A real Chromium for the screens' tests: which one, how it is started, and what must not happen in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "widgets" / "web" / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1360, "height": 850}}
LIMIT_MS = 30_000


def launch(playwright: Playwright) -> Browser:
    """CAREFLOW_CHROMIUM, else one on the path, else the one `playwright install` brought."""
    found = os.environ.get("CAREFLOW_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return playwright.chromium.launch(executable_path=found, args=[*QUIET, *as_root])


def skip_if_unwanted() -> None:
    """CAREFLOW_SKIP_BROWSER=1 leaves the browser's tests out, but never under CI."""
    if os.environ.get("CAREFLOW_SKIP_BROWSER") == "1":
        assert not os.environ.get("CI"), "CAREFLOW_SKIP_BROWSER is set under CI"
        pytest.skip("CAREFLOW_SKIP_BROWSER=1")


class Screens:
    """Browser contexts of one test. Afterwards nothing may have broken in any of their pages."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self.contexts: list[BrowserContext] = []
        self.broken: list[str] = []

    def open(self, path: str, shape: dict[str, Any] = PHONE, **options: Any) -> Page:
        """A page in a context of its own, English and light unless told otherwise."""
        context = self._browser.new_context(
            **{"base_url": self._url, "locale": "en-GB", "color_scheme": "light", **shape, **options}
        )
        context.set_default_timeout(LIMIT_MS)
        self.contexts.append(context)
        return self._page(context, path)

    def beside(self, page: Page, path: str) -> Page:
        """Another page of the same person: signed in where that one is."""
        return self._page(page.context, path)

    def _page(self, context: BrowserContext, path: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.broken.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._said(page, message))
        page.goto(path)
        return page

    def _said(self, page: Page, message: ConsoleMessage) -> None:
        # A refused or lost request is told to the console by the browser itself; tests make both happen.
        expected = ("Failed to load resource", "WebSocket connection to")
        if message.type == "error" and not message.text.startswith(expected):
            self.broken.append(f"{page.url}: {message.text}")

    def keep(self, folder: Path, name: str) -> None:
        """Pictures of every page, for whoever looks into a failure."""
        folder.mkdir(parents=True, exist_ok=True)
        for number, context in enumerate(self.contexts):
            for page in context.pages:
                page.screenshot(path=folder / f"{name}-{number}.png", timeout=5_000)


@contextmanager
def screens(browser: Browser, url: str) -> Iterator[Screens]:
    """Screens of a running system; contexts are closed, and what broke in a page fails the test."""
    opened = Screens(browser, url)
    try:
        yield opened
        assert opened.broken == []
    finally:
        for context in opened.contexts:
            context.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong on the page (WCAG 2.2 A and AA, and best practices), one line each."""
    page.evaluate(AXE.read_text())
    run = "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
    found = page.evaluate(run)
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {node['target']} {node['html'][:160]}"
        for one in found
        for node in one["nodes"]
    ]
