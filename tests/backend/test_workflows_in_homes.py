"""Four workflows in the homes they are made for, every layer real: customer and agent, undo and refusal.

The home's router speaks CWMP with the real ACS and fetches and sends real files; the run, the conversation
and the desk are the real ones.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from backend import announcements, database
from backend.crm import ledger
from backend.devices import files
from backend.devices.announcements import DeviceUnreachable
from backend.runs import changes
from backend.simulator.firmware import build_image
from tests.backend.care import Home, staff

CHANNEL = "Device.WiFi.Radio.1.Channel"
ALLOWED = "Device.WiFi.AccessPoint.2.AllowedMACAddress"
LAPTOP = "06:0C:00:00:00:02"
CONSOLE = "06:0D:00:00:00:02"
SSID = "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.SSID"


class Talk:
    """One conversation and the router it is about, which calls after each answer."""

    def __init__(self, home: Home, workflow: str, agent: bool = False, locale: str = "en") -> None:
        self.home = home
        self.who = staff(home.tenant_id, "agent") if agent else home.customer
        self.id = home.begin(self.who, "agent" if agent else "customer", locale, workflow, workflow)
        self._router()

    def _router(self) -> None:
        self.home.contact("6 CONNECTION REQUEST")
        self.home.settle()

    def answer(self, action: str, **values: str) -> Talk:
        """Press a button; the router then does what it is told."""
        assert self.home.answer(self.id, action, values, self.who) is False
        self._router()
        return self

    def to(self, step: str) -> Talk:
        """Choose a follow-up."""
        return self.answer(f"follow:{step}")

    def agree(self) -> Talk:
        """Consent."""
        return self.answer("consent:yes")

    def undo(self) -> Talk:
        """Take back the latest change that may be."""
        return self.answer([id for id in self.offers if id.startswith("undo:")][-1])

    @property
    def offers(self) -> list[str]:
        """What may be answered now."""
        asked = self.home.question(self.id, self.who)
        return [str(action["id"]) for action in asked.actions] if asked else []

    @property
    def labels(self) -> list[str]:
        """The same as a person reads it."""
        asked = self.home.question(self.id, self.who)
        return [str(action["label"]) for action in asked.actions] if asked else []

    def events(self, type: str) -> list[dict[str, Any]]:
        """The bodies of the events of one type, as this person sees them."""
        return [event["body"] for event in self.home.events(self.id, self.who) if event["type"] == type]

    @property
    def said(self) -> str:
        """The last result, in words."""
        return str(self.events("step.result")[-1]["text"])

    @property
    def ended(self) -> str | None:
        """How it ended, if it did."""
        ends = self.events("session.ended")
        return str(ends[-1]["status"]) if ends else None


def value(home: Home, path: str) -> str:
    return home.router.tree.values()[path]


def kept(home: Home) -> list[dict[str, Any]]:
    """The changes that the router's page lists, the latest first."""
    return list(changes.listing(home.tenant_id, home.device_id, "en")["items"])


def refuse(home: Home, *paths: str) -> None:
    """From now on the router keeps these settings as they are."""
    home.router.variant = replace(home.router.variant, refuses=paths)


def online(home: Home, after_s: float = 0.0) -> set[str]:
    """The names of the devices that are in the network now, or so many seconds later."""
    return {seen.station.name for seen in home.router.settle(time.time() + after_s) if not seen.trouble}


def notes(home: Home) -> list[str]:
    return [entry["text"] for entry in ledger.entries(home.tenant_id, home.customer_id, limit=10)]


# -- WiFi channel ---------------------------------------------------------------------------------


def test_a_crowded_channel_is_left(open_home):
    home = open_home("crowded-channel")
    talk = Talk(home, "wifi-channel")
    assert talk.said == (
        "Your WiFi shares channel 6 with 3 other networks. Channel 11 is calmer, with 1 other network."
    )
    [picture] = talk.events("step.result")[-1]["widgets"]
    assert (picture["type"], picture["channel"], picture["best"]) == ("channels", 6, 11)
    assert {row["ssid"] for row in picture["rows"]} >= {"Apartment 3", "Bakery", "linden-guest"}
    assert talk.labels == ["Move to channel 11", "Leave it as it is"]
    [consent] = talk.to("move-2g").events("input.form")[-1]["widgets"]
    assert (consent["disrupts_s"], "You can undo it." in consent["text"]) == (20, True)
    assert value(home, CHANNEL) == "6"
    talk.agree()
    assert talk.events("connectivity.expect_loss") == [{"seconds": 20}]
    assert (talk.said, value(home, CHANNEL)) == ("Done: your WiFi is now on channel 11.", "11")
    [change] = talk.events("step.result")[-1]["changes"]  # not that the channel was fixed before as well
    assert (change["label"], change["before"], change["after"]) == ("WiFi channel (2.4 GHz)", "6", "11")
    assert talk.answer("answer", better="yes").ended == "SUCCESS"
    assert notes(home) == ["Moved the WiFi to a calmer channel."]
    talk.undo()
    assert (talk.said, value(home, CHANNEL)) == ("Done: your router has its earlier settings back.", "6")
    assert kept(home)[-1]["undo"]["state"] == "done"


def test_a_channel_that_is_no_better_is_taken_back(open_home):
    home = open_home("crowded-channel")
    talk = Talk(home, "wifi-channel", locale="pl").to("move-2g").agree().answer("answer", better="no")
    assert talk.labels[-1] == "Cofnij: Zmiana na spokojniejszy kanał"
    talk.undo()
    assert value(home, CHANNEL) == "6"
    assert not [id for id in talk.offers if id.startswith("undo:")]
    assert talk.to("scan").said == (
        "Twoje WiFi dzieli kanał 6 z 3 innymi sieciami. Spokojniejszy jest kanał 11: 1 inna sieć."
    )
    assert talk.to("done").ended == "SUCCESS"


def test_a_router_that_keeps_its_channel_says_which_setting_and_why(open_home):
    home = open_home("crowded-channel")
    refuse(home, CHANNEL)
    talk = Talk(home, "wifi-channel").to("move-2g").agree()
    assert "its own setting: WiFi channel (2.4 GHz)" in talk.said
    assert "The router declined and gave no reason. Everything else stays as it was." in talk.said
    assert value(home, CHANNEL) == "6"
    assert kept(home) == []
    talk.to("technician")
    assert home.state(talk.id)["state"] == "escalated"


def test_an_agent_is_told_what_to_say_at_each_step(open_home):
    home = open_home("crowded-channel")
    talk = Talk(home, "wifi-channel", agent=True)
    assert talk.events("script.prompt")[-1]["say"].startswith("Your WiFi shares channel 6")
    talk.to("move-2g")
    assert "May I do that now?" in talk.events("script.prompt")[-1]["ask"]
    talk.agree()
    assert "How is it now?" in talk.events("script.prompt")[-1]["ask"]
    assert value(home, CHANNEL) == "11"
    talk.answer("answer", better="no")
    assert talk.said == "How is your WiFi now? As before"
    assert talk.events("script.prompt")[-1]["say"].startswith("Thank you for telling me.")
    talk.undo()
    assert value(home, CHANNEL) == "6"
    assert talk.events("script.prompt")[-1]["say"] == "Done: your router has its earlier settings back."
    assert talk.events("script.prompt")[-1]["ask"] == "Which of these shall we do?"


# -- a device that is not admitted ----------------------------------------------------------------


def test_a_laptop_comes_onto_the_list(open_home):
    home = open_home("filtered-laptop")
    assert "new-laptop" not in online(home)
    talk = Talk(home, "device-not-admitted", locale="pl")
    assert "Router wpuszcza tylko 2 urządzenia ze swojej listy." in talk.said
    assert talk.labels[0] == f"new-laptop ({LAPTOP})"
    talk.answer("answer", device=LAPTOP).to("allow").agree()
    assert value(home, ALLOWED).split(",")[-1] == LAPTOP
    assert "new-laptop" in online(home)
    [shown] = [one for one in talk.events("input.form")[-1]["widgets"] if one["type"] == "hosts"]
    assert "new-laptop" in {row["name"] for row in shown["rows"] if row["active"]}
    assert talk.answer("answer", joined="yes").ended == "SUCCESS"
    assert notes(home) == ["Dodano urządzenie do listy dostępu WiFi; urządzenie jest w sieci."]
    talk.undo()
    assert LAPTOP not in value(home, ALLOWED)
    assert "new-laptop" not in online(home)


def test_every_device_is_let_in(open_home):
    home = open_home("filtered-laptop")
    talk = Talk(home, "device-not-admitted").answer("answer", device="all").to("open").agree()
    assert "every device that has your WiFi password may join" in talk.said
    assert "new-laptop" in online(home)
    assert talk.answer("answer", joined="yes").ended == "SUCCESS"


def test_an_agent_takes_a_console_off_the_list(open_home):
    home = open_home("denied-console")
    assert "console" not in online(home)
    talk = Talk(home, "device-not-admitted", agent=True)
    assert talk.said == "Your router keeps 1 device outside."
    assert talk.labels[0] == f"console ({CONSOLE})"
    talk.answer("answer", device=CONSOLE).to("undeny").agree()
    assert "console" in online(home)
    assert talk.answer("answer", joined="no").labels[-1].startswith("Undo: ")
    talk.undo()
    assert "console" not in online(home)


def test_a_list_that_the_router_keeps(open_home):
    home = open_home("filtered-laptop")
    refuse(home, ALLOWED)
    talk = Talk(home, "device-not-admitted").answer("answer", device=LAPTOP).to("allow").agree()
    assert "its own setting: " in talk.said
    assert "The router declined and gave no reason." in talk.said
    assert "new-laptop" not in online(home)
    assert talk.offers == ["follow:allow", "follow:technician"]


# -- firmware -------------------------------------------------------------------------------------


@pytest.mark.parametrize("agent", [False, True])
def test_old_firmware_is_replaced(open_home, agent):
    home = open_home("old-firmware")
    talk = Talk(home, "firmware-upgrade", agent=agent)
    assert talk.said == "There is newer software for your router: version 3.4.12. It runs 3.2.0 now."
    talk.to("install").agree()
    assert (talk.said, home.router.software_version) == (
        "Done: your router now runs version 3.4.12.",
        "3.4.12",
    )
    states = talk.events("step.state")
    assert [stage["state"] for stage in states[-1]["stages"]] == ["done"] * 4
    assert talk.answer("answer", works="yes").ended == "SUCCESS"
    assert not [id for id in talk.offers if id.startswith("undo:")]
    again = Talk(home, "firmware-upgrade", agent=agent)
    assert again.said == "Your router runs the software we recommend (3.4.12)."
    assert again.to("done").ended == "SUCCESS"


def test_an_image_for_another_router_is_refused_in_words(open_home):
    home = open_home("old-firmware")
    image = {"name": "other.img", "version": "4.0", "models": [home.home.model]}
    files.put(
        home.tenant_id,
        kind="firmware",
        content=[build_image("Gateway 300", "4.0", size_bytes=1_000)],
        now=time.time(),
        **image,
    )
    talk = Talk(home, "firmware-upgrade").to("install").agree()
    assert talk.said == (
        "Your router kept its present software. The file arrived damaged, or is not meant for this router. "
        "Everything stays as it was."
    )
    assert home.router.software_version == "3.2.0"
    assert talk.offers == ["follow:install", "follow:technician"]


# -- backup and restore ---------------------------------------------------------------------------


@pytest.mark.parametrize("agent", [False, True])
def test_lost_settings_come_back(open_home, agent):
    home = open_home("lost-configuration")
    assert value(home, SSID) != "Kowalski at home"
    talk = Talk(home, "backup-and-restore", agent=agent)
    assert talk.said == "We have your router's settings, saved 3 weeks ago."
    talk.to("restore").agree()
    assert talk.said == "Your saved settings are back. Your devices know the WiFi again."
    assert value(home, SSID) == "Kowalski at home"
    assert "jan-laptop" in online(home, after_s=120)  # its WiFi comes back first
    assert talk.answer("answer", works="yes").ended == "SUCCESS"


def test_settings_are_saved(open_home):
    home = open_home("healthy")
    talk = Talk(home, "backup-and-restore", locale="pl")
    assert talk.offers == ["follow:save", "follow:technician", "follow:done"]
    assert talk.to("save").ended == "SUCCESS"
    saved = files.latest_backup(home.tenant_id, home.device_id)
    assert saved is not None
    again = Talk(home, "backup-and-restore", locale="pl")
    assert again.said == "Mamy ustawienia routera zapisane 1 minutę temu."


# -- a restart, and a router that is away ---------------------------------------------------------


def test_a_restart_is_believed_when_the_router_is_back(open_home):
    home = open_home("healthy")
    began_at = home.router.booted_at
    talk = Talk(home, "restart-router").to("restart").agree()
    assert home.router.booted_at > began_at
    assert talk.said == "Your router restarted and is back."
    assert talk.answer("answer", works="yes").ended == "SUCCESS"


def test_a_router_that_is_away_is_waited_for_until_a_deadline(open_home):
    home = open_home("crowded-channel")
    conversation = home.begin(workflow="wifi-channel")
    with database.transaction():
        announcements.announce(DeviceUnreachable(home.tenant_id, home.device_id, "silent"))
    states = [event["body"] for event in home.events(conversation) if event["type"] == "step.state"]
    assert states[-1]["state"] == "waiting"
    assert states[-1]["deadline_at"] > states[-1]["started_at"]
    home.contact("2 PERIODIC")
    home.settle()
    asked = home.question(conversation)
    assert asked is not None
    assert asked.actions[0]["label"] == "Move to channel 11"
