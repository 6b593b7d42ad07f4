"""The running system and the browser: one system a module, one browser a worker, fresh contexts a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.journeys.stack import Stack

REPORTS = Path(__file__).resolve().parents[2] / "reports"
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium.skip_if_unwanted()
    with sync_playwright() as playwright:
        running = chromium.launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    chromium.skip_if_unwanted()
    with Stack(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture
def screens(browser: Browser, stack: Stack, request: pytest.FixtureRequest) -> Iterator[chromium.Screens]:
    with chromium.screens(browser, stack.url) as opened:
        yield opened
        if request.node.stash.get(FAILED, False):
            opened.keep(REPORTS, request.node.name)
            print("".join(stack.lines[-40:]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if call.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report
