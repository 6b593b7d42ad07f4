"""At home, with a phone: the repair by touch, by keyboard alone, across a reload and a dropped network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import DESK, Screens
from tests.browser.steps import STEP_MS, answer, begin, customer, log
from tests.journeys.people import accounts
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def writes(stack: Stack, story: str) -> list[tuple[str, str]]:
    """The DHCP settings written on the router of this home, in order."""
    known = accounts(stack.url)["customers"]
    serial = next(one["device"] for one in known if one["story"] == story)
    return [(one["path"], one["after"]) for one in stack.applied(serial) if "DHCP" in one["path"]]


def test_dhcp_is_repaired_by_touch(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "dhcp-disabled")
    begin(page)
    expect(log(page)).to_contain_text("Address sharing is switched off in your router")
    answer(page, "Turn on address sharing").tap()
    expect(log(page)).to_contain_text("This switches one setting on")
    assert writes(stack, "dhcp-disabled") == []
    answer(page, "Yes, go ahead").tap()
    expect(log(page)).to_contain_text("Done: address sharing is on again", timeout=STEP_MS)
    expect(log(page)).to_contain_text("In your network", timeout=STEP_MS)
    answer(page, "Yes, it works").tap()
    expect(log(page)).to_contain_text("All set, Anna!", timeout=STEP_MS)
    assert ("Device.DHCPv4.Server.Enable", "true") in writes(stack, "dhcp-disabled")
    routers = (stack.data_dir / "routers" / "page").read_text().strip()
    inside = screens.open(f"{routers}/NV0000000001", DESK)
    expect(inside.get_by_role("row", name="Device.DHCPv4.Server.Enable").first).to_contain_text("true")
    page.get_by_role("link", name="Back home").tap()
    expect(page.get_by_role("heading", name="What we did for you lately")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Nothing needed fixing lately")
    expect(page.get_by_role("main")).to_contain_text("Earlier conversations")


def test_dhcp_is_repaired_by_keyboard_alone(screens: Screens, stack: Stack):
    page = screens.open("/customer", DESK)
    keys = page.keyboard
    focus(page, page.get_by_label("Your phone number"))
    keys.type("+48 600 000 004")
    keys.press("Enter")
    focus(page, page.get_by_role("button", name="Use it"))
    keys.press("Enter")
    expect(page.get_by_role("region", name="Your router")).to_contain_text("Online", timeout=STEP_MS)
    focus(page, page.get_by_role("button", name="My devices cannot join the network"))
    keys.press("Enter")
    for name in ("Let devices keep their address longer", "Yes, go ahead", "Yes, it works"):
        focus(page, answer(page, name))
        keys.press("Space")
    expect(log(page)).to_contain_text("All set, Tom!", timeout=STEP_MS)
    assert [after for path, after in writes(stack, "lease-too-short") if "LeaseTime" in path] == ["86400"]


def focus(page: Page, wanted: Locator) -> None:
    """Presses Tab until the focus is there, as somebody without a mouse does."""
    expect(wanted).to_be_visible(timeout=STEP_MS)
    for _ in range(40):
        if wanted.evaluate("element => element.matches(':focus')"):
            outline = wanted.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline != "none", "the focus cannot be seen"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {wanted}")


def test_nothing_is_lost_or_repeated_by_a_reload_and_a_dropped_network(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "two-at-once")
    begin(page)
    answer(page, "Turn on address sharing").tap()
    answer(page, "Yes, go ahead").tap()
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="No connection")).to_be_visible(timeout=STEP_MS)
    page.context.set_offline(False)
    expect(log(page)).to_contain_text("Done: address sharing is on again", timeout=STEP_MS)
    answer(page, "Let devices keep their address longer").tap()
    page.reload()
    answer(page, "Yes, go ahead").tap()
    page.reload()
    answer(page, "Yes, it works").tap()
    expect(log(page)).to_contain_text("All set, Ewa!", timeout=STEP_MS)
    for once in ("Done: address sharing is on again", "Done: your devices now keep", "All set, Ewa!"):
        expect(log(page).get_by_text(once)).to_have_count(1)
    expect(log(page).get_by_text("Yes, go ahead")).to_have_count(2)
    applied = writes(stack, "two-at-once")
    assert len(applied) == len(set(applied)), applied


def test_a_repair_that_does_not_help_is_told_as_such(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "does-not-apply")
    begin(page)
    answer(page, "Turn on address sharing").tap()
    answer(page, "Yes, go ahead").tap()
    expect(log(page)).to_contain_text("when I read it back", timeout=STEP_MS)
    expect(log(page)).not_to_contain_text("Done: address sharing is on again")
    answer(page, "Pass it to a specialist").tap()
    expect(log(page)).to_contain_text("A person is coming", timeout=STEP_MS)


def test_the_customer_reads_polish(screens: Screens, stack: Stack):
    page = screens.open("/customer", locale="pl-PL")
    page.get_by_role("textbox").fill("+48 600 000 002")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_role("button").tap()
    page.get_by_role("button", name="Moje urządzenia nie mogą połączyć się z siecią").tap(timeout=STEP_MS)
    expect(page.get_by_role("log")).to_contain_text("Router rozdaje adresy, które należą do innej sieci")
    page.get_by_role("button", name="Ustaw właściwy zakres adresów").tap()
    assert page.locator("html").get_attribute("lang") == "pl"


def test_the_router_that_cannot_be_reached_says_what_to_do(screens: Screens, stack: Stack):
    page = screens.open("/customer")
    page.get_by_label("Your phone number").fill("+48 600 000 010")
    page.get_by_role("button", name="Send me a code").tap()
    page.get_by_role("button", name="Use it").tap()
    expect(page.get_by_role("region", name="Your router")).to_contain_text("heard", timeout=STEP_MS)
    begin(page)
    page.get_by_role("button", name="Talk to a person").tap()
    expect(log(page)).to_contain_text("A person is coming", timeout=STEP_MS)
