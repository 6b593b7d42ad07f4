"""On the phone and on the call: channel, access list, firmware, saved settings, to the end and back again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Screens
from tests.browser.steps import STEP_MS, answer, begin, clean, customer, log, staff
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CALM = {"reduced_motion": "reduce"}
SLOW = "My WiFi is slow"


def undo(page: Page, what: str, scheme: str | None = None) -> None:
    """Asks for a change to be taken back, and says yes when asked once more."""
    answer(page, f"Undo: {what}").click()
    expect(page.get_by_role("group", name="Put back what this changed?")).to_be_visible()
    if scheme:
        clean(page, scheme)
    answer(page, "Yes, put it back").click()
    expect(log(page)).to_contain_text("your router has its earlier settings back", timeout=STEP_MS)


def written(stack: Stack, serial: str, name: str) -> list[str]:
    """What a router was given for the parameters that end so, in order."""
    return [one["after"] for one in stack.applied(serial) if one["path"].endswith(name)]


def test_a_calmer_channel_is_found_tried_and_taken_back(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "crowded-channel", **CALM)
    begin(page, SLOW)
    answer(page, "Move to channel 11")
    picture = page.get_by_role("img", name="The air around your home")
    expect(picture).to_contain_text("Best: 11")
    page.get_by_text("Show as a table").click()
    expect(page.get_by_role("row", name=re.compile("linden-guest"))).to_contain_text("-85 dBm")
    clean(page, "light")
    answer(page, "Move to channel 11").tap()
    expect(log(page)).to_contain_text("Name and password stay. You can undo it.")
    clean(page, "light")
    answer(page, "Yes, go ahead").tap()
    expect(log(page)).to_contain_text("Done: your WiFi is now on channel 11.", timeout=STEP_MS)
    expect(log(page)).to_contain_text("How is your WiFi now?")
    answer(page, "As before").tap()
    undo(page, "Move to a calmer channel", "light")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    answer(page, "Pass it to a specialist")
    clean(page, "light")
    assert written(stack, "NV0000000011", "Radio.1.Channel") == ["11", "6"]


def test_a_laptop_is_let_in(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "filtered-laptop", color_scheme="dark", **CALM)
    begin(page, "One device is kept out of my WiFi")
    laptop = answer(page, "new-laptop (06:0C:00:00:00:02)")
    expect(log(page)).to_contain_text("Your router only lets in the 2 devices on its list.")
    clean(page, "dark")
    laptop.tap()
    answer(page, "Let it in").tap()
    answer(page, "Yes, go ahead").tap()
    expect(log(page)).to_contain_text("Done: the device may join now.", timeout=STEP_MS)
    expect(log(page).get_by_role("listitem").filter(has_text="new-laptop")).to_contain_text("here now")
    clean(page, "dark")
    answer(page, "Yes, it works").tap()
    expect(log(page)).to_contain_text("All set, Zofia!", timeout=STEP_MS)


def test_old_firmware_is_noticed_and_replaced(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "old-firmware", **CALM)
    expect(page.get_by_role("region", name="Your router")).to_contain_text("It runs 3.2.0 now.")
    first = page.get_by_role("group", name="Is something wrong?").get_by_role("button").first
    expect(first).to_contain_text("We have noticed this.")
    clean(page, "light")
    first.tap()
    answer(page, "Bring it up to date").tap()
    answer(page, "Yes, go ahead").tap()
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"[23]:\d\d"), timeout=STEP_MS)
    expect(log(page)).to_contain_text(re.compile(r"\d+ kB of 1\.5 MB"), timeout=STEP_MS)
    clean(page, "light")
    expect(log(page)).to_contain_text("Done: your router now runs version 3.4.12.", timeout=STEP_MS)
    answer(page, "Yes, it works").tap()
    expect(log(page)).to_contain_text("Your router is up to date.", timeout=STEP_MS)
    page.get_by_role("link", name="Back home").tap()
    expect(page.get_by_role("region", name="Your router")).to_contain_text("Excellent", timeout=STEP_MS)
    expect(page.get_by_role("main")).not_to_contain_text("We have noticed this.", timeout=STEP_MS)


def test_lost_settings_come_back(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "lost-configuration", color_scheme="dark", **CALM)
    begin(page, "My router lost its settings")
    restore = answer(page, "Bring the saved settings back")
    expect(log(page)).to_contain_text("saved 3 weeks ago")
    clean(page, "dark")
    restore.tap()
    answer(page, "Yes, go ahead").tap()
    expect(log(page)).to_contain_text("Your saved settings are back.", timeout=STEP_MS)
    answer(page, "Yes, it works").tap()
    expect(log(page)).to_contain_text("All set, Jan!", timeout=STEP_MS)
    assert "Kowalski at home" in written(stack, "HD0000000015", "WLANConfiguration.1.SSID")


def test_an_agent_moves_the_channel_and_back(screens: Screens, stack: Stack):
    page = staff(screens, stack.url, "agent", **CALM)
    page.get_by_role("searchbox", name="Who is on the line?").fill("Wrona")
    page.get_by_text("One customer found").wait_for()
    page.get_by_role("link", name="Filip Wrona").click()
    page.get_by_role("button", name=SLOW).click()
    script = page.get_by_role("region", name="Script")
    answer(page, "Move to channel 11")
    expect(script).to_contain_text("Your WiFi shares channel 6 with 3 other networks.")
    expect(page.get_by_role("img", name="The air around your home")).to_contain_text("Best: 11")
    clean(page, "light")
    answer(page, "Move to channel 11").click()
    expect(script).to_contain_text("May I do that now?", timeout=STEP_MS)
    answer(page, "Yes, go ahead").click()
    expect(script).to_contain_text("How is it now?", timeout=STEP_MS)
    answer(page, "As before").click()
    answer(page, "Undo: Move to a calmer channel").click()
    answer(page, "Yes, put it back").click()
    expect(script).to_contain_text("your router has its earlier settings back", timeout=STEP_MS)
    clean(page, "light")
