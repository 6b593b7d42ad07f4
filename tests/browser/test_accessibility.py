"""Every screen, light and dark, by axe-core: no violation. And large text, and less motion, break nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESK, Screens
from tests.browser.steps import STEP_MS, SYMPTOM, answer, begin, clean, customer, log, staff
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HOMES = {"light": "dhcp-disabled", "dark": "lease-too-short"}
PARTS = {
    "Actions": "Neighbouring WiFi",
    "Data model": "ManagementServer",
    "Changes": "Nothing was changed",
    "Tasks": "First contact",
    "Sessions": "first call",
    "Files": "Firmware that fits",
}
REPAIRS = {"light": "Turn on address sharing", "dark": "Let devices keep their address longer"}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_first_page_and_the_sign_in_pages(screens: Screens, scheme: str):
    for path in ("/", "/customer", "/agent", "/operator", "/devices"):
        page = screens.open(path, DESK, color_scheme=scheme, reduced_motion="reduce")
        expect(page.get_by_role("heading").nth(1)).to_be_visible(timeout=STEP_MS)
        clean(page, scheme)


def test_each_screen_of_the_customer(screens: Screens, stack: Stack, scheme: str):
    page = customer(screens, stack.url, HOMES[scheme], color_scheme=scheme, reduced_motion="reduce")
    clean(page, scheme)
    begin(page)
    answer(page, REPAIRS[scheme])
    clean(page, scheme)
    answer(page, REPAIRS[scheme]).tap()
    answer(page, "Yes, go ahead")
    clean(page, scheme)
    answer(page, "Yes, go ahead").tap()
    answer(page, "Yes, it works")
    clean(page, scheme)
    answer(page, "Yes, it works").tap()
    expect(page.get_by_role("link", name="Back home")).to_be_visible(timeout=STEP_MS)
    clean(page, scheme)
    page.get_by_role("link", name="Back home").tap()
    expect(page.get_by_role("heading", name="Earlier conversations")).to_be_visible(timeout=STEP_MS)
    clean(page, scheme)
    page.get_by_role("button", name="Language and appearance").tap()
    clean(page, scheme)


def test_each_screen_of_the_agent(screens: Screens, stack: Stack, scheme: str):
    page = staff(screens, stack.url, "agent", color_scheme=scheme, reduced_motion="reduce")
    expect(page.get_by_role("link", name="Maria Lewandowska")).to_be_visible(timeout=STEP_MS)
    clean(page, scheme)
    page.get_by_role("link", name="Maria Lewandowska").click()
    expect(page.get_by_role("button", name=SYMPTOM)).to_be_visible(timeout=STEP_MS)
    clean(page, scheme)
    page.get_by_role("button", name=SYMPTOM).click()
    answer(page, "Use our name servers")
    clean(page, scheme)
    answer(page, "Use our name servers").click()
    answer(page, "Yes, go ahead")
    clean(page, scheme)


def test_each_screen_of_the_operator(screens: Screens, stack: Stack, scheme: str):
    story = {"light": "healthy", "dark": "two-at-once"}[scheme]
    at_home = customer(screens, stack.url, story, color_scheme=scheme, reduced_motion="reduce")
    begin(at_home)
    at_home.get_by_role("button", name="Talk to a person").tap()
    expect(log(at_home)).to_contain_text("A person is coming", timeout=STEP_MS)
    clean(at_home, scheme)
    desk = staff(screens, stack.url, "operator", color_scheme=scheme, reduced_motion="reduce")
    desk.get_by_role("link", name={"light": "Julia", "dark": "Ewa"}[scheme]).click()
    expect(desk.get_by_role("button", name="Take", exact=True)).to_be_visible(timeout=STEP_MS)
    clean(desk, scheme)
    desk.get_by_role("button", name="Take", exact=True).click()
    expect(desk.get_by_role("button", name="Resolve", exact=True)).to_be_visible(timeout=STEP_MS)
    clean(desk, scheme)
    desk.get_by_role("button", name="Resolve", exact=True).click()
    expect(desk.get_by_role("dialog", name="Resolve")).to_be_visible()
    clean(desk, scheme)


def test_each_part_of_a_router(screens: Screens, stack: Stack, scheme: str):
    page = staff(
        screens, stack.url, "supervisor", page="devices", color_scheme=scheme, reduced_motion="reduce"
    )
    row = page.get_by_role("link", name={"light": "NV0000000011", "dark": "HD0000000007"}[scheme])
    expect(row).not_to_contain_text("Not heard yet", timeout=STEP_MS)
    clean(page, scheme)
    row.click()
    expect(page.get_by_role("region", name="How it is")).to_be_visible(timeout=STEP_MS)
    clean(page, scheme)
    panel = page.get_by_role("tabpanel")
    for part, sign in PARTS.items():
        page.get_by_role("tab", name=part).click()
        expect(panel.get_by_text(sign).first).to_be_visible(timeout=STEP_MS)
        clean(page, scheme)
    page.get_by_role("tab", name="Sessions").click()
    panel.get_by_role("button").first.click()
    panel.get_by_text("Inform", exact=True).first.click(timeout=STEP_MS)
    clean(page, scheme)
    page.get_by_role("tab", name="Actions").click()
    panel.get_by_role("listitem").filter(has_text="Ping").get_by_role("button", name="Run").click()
    clean(page, scheme)
    page.get_by_role("dialog", name="Ping").get_by_role("button", name="Run").click()
    expect(log(page).get_by_text("Fastest").first).to_be_visible(timeout=STEP_MS)
    clean(page, scheme)


def test_text_at_200_percent_and_a_narrow_phone(screens: Screens, stack: Stack):
    narrow = {"viewport": {"width": 320, "height": 640}}
    page = customer(screens, stack.url, "slow", **narrow)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    begin(page)
    expect(answer(page, "Let devices keep their address longer")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def test_targets_on_a_phone_are_large_enough(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "refuses-write")
    begin(page)
    answer(page, "Turn on address sharing")
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 48, f"{button.inner_text()!r}: {box}"
