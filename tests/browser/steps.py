"""What people do on the screens, in their words: sign in, choose what is wrong, answer, wait for the end."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import DESK, PHONE, Screens, violations
from tests.journeys.people import accounts

SYMPTOM = "My devices cannot join the network"
STEP_MS = 60_000


def phone_of(url: str, story: str) -> str:
    """The phone number of the customer whose home has this story."""
    return next(str(one["phone"]) for one in accounts(url)["customers"] if one["story"] == story)


def customer(screens: Screens, url: str, story: str, **options: object) -> Page:
    """The customer's home screen, signed in with the demo's code, once the router has reported."""
    page = screens.open("/customer", {**PHONE, **options})
    page.get_by_label("Your phone number").fill(phone_of(url, story))
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("region", name="Your router")).to_contain_text("Online", timeout=STEP_MS)
    return page


def staff(screens: Screens, url: str, role: str, page: str = "", **options: object) -> Page:
    """A page for staff, that of the role unless another is named, signed in with the demo's login for it."""
    opened = screens.open(f"/{page or role}", {**DESK, **options})
    one = next(one for one in accounts(url)["staff"] if one["role"] == role)
    opened.get_by_label("Login").fill(one["login"])
    opened.get_by_label("Password").fill(one["password"])
    opened.get_by_role("button", name="Sign in").click()
    return opened


def begin(page: Page, symptom: str = SYMPTOM) -> None:
    """Says what is wrong, from the home screen."""
    page.get_by_role("button", name=symptom).click()
    expect(log(page)).to_be_visible()


def log(page: Page) -> Locator:
    """The conversation."""
    return page.get_by_role("log", name="Conversation")


def answer(page: Page, name: str) -> Locator:
    """One answer of the open question, once it is there and may be pressed."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible(timeout=STEP_MS)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    return button


def clean(page: Page, scheme: str) -> None:
    """The page is really in that scheme, and axe-core finds nothing wrong with it."""
    assert page.evaluate("scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", scheme)
    page.evaluate("Promise.all(document.getAnimations({subtree: true}).map(one => one.finish?.()))")
    assert violations(page) == []
