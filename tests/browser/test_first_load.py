"""What a phone has to fetch before it sees something: little script, and nothing from anybody else."""

from __future__ import annotations

import gzip
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response, expect

from tests.browser.chromium import PHONE, Screens
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SCRIPT_LIMIT_BYTES = 40 * 1024


@pytest.mark.parametrize("path", ["/", "/customer", "/agent", "/operator", "/devices"])
def test_nothing_comes_from_another_host(screens: Screens, stack: Stack, path: str):
    page = screens.open("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(stack.url + path)
    expect(page.get_by_role("heading").first).to_be_visible()
    hosts = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}
    assert hosts == {urlsplit(stack.url).netloc}


def test_the_customers_first_load_of_script_is_small(screens: Screens, stack: Stack):
    page = screens.open("about:blank", PHONE)
    scripts: list[Response] = []
    page.on("response", lambda answer: answer.request.resource_type == "script" and scripts.append(answer))
    page.goto(stack.url + "/customer", wait_until="networkidle")
    expect(page.get_by_label("Your phone number")).to_be_visible()
    sizes = {urlsplit(one.url).path: len(gzip.compress(one.body())) for one in scripts}
    assert sum(sizes.values()) <= SCRIPT_LIMIT_BYTES, sizes
    assert all(one.headers.get("content-encoding") for one in scripts if len(one.body()) > 2_000)


def test_pages_run_under_a_strict_policy(screens: Screens, stack: Stack):
    page = screens.open("about:blank")
    for path in ("/", "/customer", "/agent", "/operator", "/devices"):
        answer = page.goto(stack.url + path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
