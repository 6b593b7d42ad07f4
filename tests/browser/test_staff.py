"""On the call and at the desk: the agent's script, and a conversation that goes to an operator and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Screens
from tests.browser.steps import STEP_MS, SYMPTOM, answer, begin, customer, log, staff
from tests.journeys.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def say(page: Page, words: str) -> None:
    """What the agent is told to say now; the script must have got there."""
    expect(page.get_by_role("region", name="Script")).to_contain_text(words, timeout=STEP_MS)


def test_an_agent_runs_the_same_workflow_by_prompts(screens: Screens, stack: Stack):
    page = staff(screens, stack.url, "agent")
    page.get_by_role("searchbox", name="Who is on the line?").fill("Lewandowska")
    page.get_by_text("One customer found").wait_for()  # the list has settled: a row that moves is not clicked
    page.get_by_role("link", name="Maria Lewandowska").click()
    expect(page.get_by_text("Home 600")).to_be_visible()
    page.get_by_role("button", name=SYMPTOM).click()
    say(page, "Say this")
    say(page, "10.0.0.9")
    expect(page.get_by_text("Why not the")).to_be_visible()
    answer(page, "Use our name servers").click()
    say(page, "May I")
    expect(page.get_by_text("Will I lose my internet?")).to_be_visible()
    page.get_by_label("Answer with the number keys").check()
    answer(page, "Yes, go ahead")
    page.keyboard.press("1")
    say(page, "Could you try the device you called about?")
    answer(page, "Yes, it works").click()
    expect(page.get_by_role("heading", name="That is all done.")).to_be_visible(timeout=STEP_MS)
    written = [one["after"] for one in stack.applied("NV0000000003") if "DNS" in one["path"]]
    assert written == ["9.9.9.9,1.1.1.1"]


def escalated(screens: Screens, stack: Stack, story: str) -> Page:
    """A customer's conversation that has reached the information-only step, and waits for a person."""
    page = customer(screens, stack.url, story)
    begin(page)
    answer(page, "Turn on address sharing").tap()
    answer(page, "Yes, go ahead").tap()
    answer(page, "Pass it to a specialist").tap()
    expect(log(page)).to_contain_text("A person is coming", timeout=STEP_MS)
    return page


def test_an_operator_takes_answers_and_hands_back(screens: Screens, stack: Stack):
    at_home = escalated(screens, stack, "does-not-apply")
    desk = staff(screens, stack.url, "operator")
    desk.get_by_role("link", name="Marek").click()
    found = desk.get_by_role("complementary", name="What was found")
    expect(found).to_contain_text("dhcp-disabled", timeout=STEP_MS)
    expect(found).to_contain_text("your router still had address sharing off")
    desk.get_by_role("button", name="Take", exact=True).click()
    desk.get_by_label("Write to the customer").fill("Good morning, I am looking at your router now.")
    desk.keyboard.press("Enter")
    expect(log(at_home)).to_contain_text("I am looking at your router now.", timeout=STEP_MS)
    at_home.get_by_label("Write a message").fill("Thank you, I am at home.")
    at_home.keyboard.press("Enter")
    expect(log(desk)).to_contain_text("Thank you, I am at home.", timeout=STEP_MS)
    desk.get_by_role("button", name="Private note").click()
    desk.get_by_label("Write a note that only colleagues see").fill("Third call this week.")
    desk.keyboard.press("Enter")
    expect(log(desk)).to_contain_text("Third call this week.")
    desk.get_by_role("button", name="Hand back", exact=True).click()
    dialog = desk.get_by_role("dialog", name="Hand back")
    dialog.get_by_label("Go on at").select_option("check")
    dialog.get_by_role("button", name="Hand back", exact=True).click()
    expect(log(at_home)).to_contain_text("has handed back", timeout=STEP_MS)
    answer(at_home, "Turn on address sharing")
    expect(log(at_home)).not_to_contain_text("Third call this week.")


def test_an_operator_resolves(screens: Screens, stack: Stack):
    at_home = escalated(screens, stack, "refuses-write")
    desk = staff(screens, stack.url, "operator")
    desk.get_by_role("link", name="Karen Jones").click()
    desk.get_by_role("button", name="Take", exact=True).click()
    desk.get_by_role("button", name="Resolve", exact=True).click()
    dialog = desk.get_by_role("dialog", name="Resolve")
    dialog.get_by_label("How did it end?").select_option(label="A technician is ordered")
    dialog.get_by_label("Note for the file").fill("The router is locked by its maker.")
    dialog.get_by_role("button", name="Resolve", exact=True).click()
    expect(log(at_home)).to_contain_text("has finished", timeout=STEP_MS)


def test_only_one_of_two_operators_takes_it(screens: Screens, stack: Stack):
    page = customer(screens, stack.url, "healthy")
    begin(page)
    page.get_by_role("button", name="Talk to a person").tap()
    desks = [staff(screens, stack.url, role) for role in ("operator", "operator")]
    for desk in desks:
        desk.get_by_role("link", name="Julia Smith").click()
        expect(desk.get_by_role("button", name="Take", exact=True)).to_be_visible()
    desks[0].get_by_role("button", name="Take", exact=True).click()
    expect(desks[0].get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    expect(desks[1].get_by_role("button", name="Take", exact=True)).to_have_count(0, timeout=STEP_MS)
    expect(log(page)).to_contain_text("is here", timeout=STEP_MS)
