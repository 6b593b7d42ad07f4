"""Faults in plain words: every code of TR-069 has them, in every language, and people read them."""

from __future__ import annotations

import pytest

from widgets.messages import has_message, languages
from workflows.facts import Facts
from workflows.faults import label_of, why
from workflows.outcome import Finding, Outcome, Reading, Status
from workflows.reader import read_library
from workflows.showing import result_text, step_result
from workflows.steps import Meaning, StepKind, StepTemplate

SETTINGS = read_library().settings
TEMPLATE = StepTemplate("t", StepKind.ONLINE, {"en": "T"})
REFUSED = Finding(
    "refused",
    "ERROR",
    (
        Reading("parameter", "Device.DHCPv4.Server.Enable"),
        Reading("setting", "dhcp.enabled"),
        Reading("fault_code", "9007"),
        Reading("fault_text", "bad"),
    ),
)
OUTCOME = Outcome(Status.ERROR, (REFUSED,))


@pytest.mark.parametrize("language", languages())
def test_every_code_has_words(language: str) -> None:
    for code in range(9000, 9033):
        assert has_message(language, f"fault-{code}")
        assert why(str(code), language).endswith(".")
    assert why("9831", language) == ""  # a vendor's own code says nothing by itself


def test_a_refusal_says_what_was_refused_and_why() -> None:
    body = step_result(OUTCOME, TEMPLATE, Facts(0.0), "en", SETTINGS)
    named = {reading["name"]: reading["value"] for reading in body["readings"]}
    assert named["why"] == "The router does not take this value."
    assert named["label"] == label_of("dhcp.enabled", "Device.DHCPv4.Server.Enable", SETTINGS, "en") != ""
    assert "setting" not in named
    assert "The router does not take this value." in body["text"]


def test_an_author_may_say_it_in_own_words() -> None:
    meaning = Meaning("refused", {"en": "{label}: {why}", "pl": "{label}: {why}"})
    own = StepTemplate("t", StepKind.ONLINE, {"en": "T"}, meanings=(meaning,))
    said = result_text(OUTCOME, own, Facts(0.0), "pl", SETTINGS)
    assert said.endswith(": Router nie przyjmuje tej wartości.")


def test_a_reason_of_a_model_is_told_in_the_language_of_the_run() -> None:
    told = Finding("refused", "ERROR", (Reading("why", {"en": "Too long.", "pl": "Za długie."}),))
    assert "Za długie." in result_text(Outcome(Status.ERROR, (told,)), TEMPLATE, Facts(0.0), "pl")


def test_a_vendors_code_is_told_with_the_routers_own_words() -> None:
    told = Finding("refused", "ERROR", (Reading("fault_code", "9831"), Reading("fault_text", "Busy")))
    body = step_result(Outcome(Status.ERROR, (told,)), TEMPLATE, Facts(0.0), "en")
    assert {r["name"]: r["value"] for r in body["readings"]}["why"] == "Busy"


def test_without_a_setting_the_end_of_the_path_is_the_label() -> None:
    assert label_of("", "Device.X.1.Enable, Device.X.2.", None, "en") == "Enable, 2"
