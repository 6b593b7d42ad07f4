"""Takes the pictures of README.md from a demo of its own (`script/pictures`), by the tests' own steps.

Not a test: it is run by hand when the screens have changed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import DESK, PHONE, ROOT, launch
from tests.journeys.stack import Stack

PICTURES = ROOT / "docs" / "pictures"
TROUBLE = "My devices cannot join the network"
SLOW = "My WiFi is slow"
REPAIR = "Turn on address sharing"


def page_of(browser: Browser, url: str, path: str, shape: dict[str, Any], scheme: str = "light") -> Page:
    """A page in a context of its own."""
    context = browser.new_context(
        **{**shape, "base_url": url, "locale": "en-GB", "color_scheme": scheme, "reduced_motion": "reduce"}
    )
    page = context.new_page()
    page.goto(path)
    return page


def take(page: Page, name: str) -> None:
    """Keep the page as it is now, without a caret."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def customer(browser: Browser, url: str, phone: str, scheme: str = "light") -> Page:
    """A customer signed in, at home."""
    page = page_of(browser, url, "/customer", PHONE, scheme)
    page.get_by_role("textbox").first.fill(phone)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Use it").click()
    page.get_by_role("button", name=TROUBLE).wait_for()
    return page


def staff(browser: Browser, url: str, path: str, login: str) -> Page:
    """A member of the demo's staff signed in."""
    page = page_of(browser, url, path, DESK)
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill("careflow-demo")
    page.keyboard.press("Enter")
    return page


def wifi(browser: Browser, url: str) -> None:
    """The conversation about a crowded WiFi channel: what the router hears, and the calmest channel."""
    filip = customer(browser, url, "+48 600 000 011")
    filip.get_by_role("button", name=SLOW).click()
    filip.get_by_role("button", name="Move to channel").first.wait_for()
    filip.get_by_text("for the networks around").first.evaluate("it => it.scrollIntoView({block: 'start'})")
    take(filip, "customer-wifi")


def routers(browser: Browser, url: str) -> None:
    """A router's page: how it is, and a workflow run beside it."""
    page = staff(browser, url, "/devices", "supervisor@demo")
    page.get_by_label("Search", exact=True).fill("Wrona")
    page.get_by_role("link", name="NV0000000011").click()
    page.get_by_role("region", name="How it is").wait_for()
    take(page, "router")
    page.get_by_role("tab", name="Actions").click()
    page.get_by_role("listitem").filter(has_text=SLOW).get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Move to channel").first.wait_for()
    page.get_by_text("Yours is on channel").first.evaluate("it => it.scrollIntoView({block: 'center'})")
    page.mouse.move(0, 0)
    take(page, "router-run")


def main() -> None:
    """Start a demo, walk through it, take the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="careflow-pictures-") as folder,
        Stack(Path(folder)) as stack,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        anna = customer(browser, stack.url, "+48 600 000 001")
        take(anna, "customer-home")
        anna.get_by_role("button", name=TROUBLE).click()
        anna.get_by_role("button", name=REPAIR).wait_for()
        take(anna, "customer-offer")
        karen = customer(browser, stack.url, "+48 600 000 008", "dark")
        karen.get_by_role("button", name=TROUBLE).click()
        karen.get_by_role("button", name=REPAIR).click()
        karen.get_by_role("button", name="Yes, go ahead").wait_for()
        take(karen, "customer-consent")
        karen.get_by_role("button", name="Yes, go ahead").click()
        karen.get_by_role("button", name="Pass it to a specialist").click()
        agent = staff(browser, stack.url, "/agent", "agent@demo")
        agent.get_by_text("Maria Lewandowska").click()
        agent.get_by_role("button", name=TROUBLE).click()
        agent.get_by_role("button", name="Use our name servers").wait_for()
        take(agent, "agent")
        operator = staff(browser, stack.url, "/operator", "operator@demo")
        operator.get_by_text("Karen Jones").first.click()
        operator.get_by_role("button", name="Take").first.click()
        operator.get_by_role("button", name="Hand back").wait_for()
        take(operator, "operator")
        wifi(browser, stack.url)
        routers(browser, stack.url)
        browser.close()


if __name__ == "__main__":
    main()
