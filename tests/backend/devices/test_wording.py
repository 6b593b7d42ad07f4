"""Tasks, faults and messages in words, in every language; no value of a parameter is ever among them."""

from __future__ import annotations

from dataclasses import fields as fields_of
from inspect import getmembers, isclass

import pytest

from backend.cwmp import rpc
from backend.cwmp.faults import LocalError
from backend.cwmp.soap import encode
from backend.devices import wording
from backend.devices.orders import Order
from widgets.messages import languages
from workflows.effects import (
    AddObject,
    AwaitContact,
    DeleteObject,
    Diagnose,
    Download,
    FactoryReset,
    GetMethods,
    GetNames,
    GetValues,
    ParameterFault,
    Reboot,
    Reply,
    ScheduleInform,
    SetAttributes,
    SetValues,
    Upload,
)

NAMESPACE = "urn:dslforum-org:cwmp-1-2"
EVERY = [
    GetValues(("Device.A", "Device.B", "Device.C", "Device.D")),
    SetValues((("Device.Password", "the secret", "xsd:string"),)),
    GetNames("Device."),
    GetNames(""),
    AddObject("Device.X."),
    DeleteObject("Device.X.1."),
    SetAttributes((("Device.A", 2),)),
    Reboot(),
    FactoryReset(),
    ScheduleInform(300),
    Download("1 Firmware Upgrade Image", "id"),
    Upload("1 Vendor Configuration File"),
    Upload("X 00D09E Other"),
    Diagnose("Device.IP.Diagnostics.IPPing.", (("Device.X.Password", "the secret", "xsd:string"),)),
    AwaitContact(),
    GetMethods(),
]


def order(request=None, state="done", stage="ask", reply=None):
    return Order("id", "page:x:1", request or Reboot(), state, stage, 1.0, None, None, 9.0, None, reply)


@pytest.mark.parametrize("effect", EVERY, ids=lambda effect: type(effect).__name__)
def test_every_order_has_words_in_every_language(effect):
    said = {wording.order_text(effect, language) for language in languages()}
    assert len(said) == len(languages())
    for text in said:
        assert text and "order-" not in text and "{" not in text and "the secret" not in text
    assert wording.kind_of(effect)


@pytest.mark.parametrize(
    ("reply", "code", "why"),
    [
        (Reply(ok=False, at=1.0, fault_code="9005"), "9005", "no such setting"),
        (Reply(ok=False, at=1.0, fault_code="9803", fault_text="odd"), "9803", "code of its own"),
        (Reply(ok=False, at=1.0, timed_out=True), "timed-out", "did not call in time"),
        (Reply(ok=False, at=1.0, uncertain=True), "uncertain", "not known"),
        (Reply(ok=False, at=1.0, fault_code="cancelled"), "cancelled", "Cancelled"),
        (Reply(ok=False, at=1.0, fault_code="Error_Timeout"), "Error_Timeout", "longer than it may"),
    ],
)
def test_a_fault_says_why(reply, code, why):
    fault = wording.order_fault(order(reply=reply), "en")
    assert fault is not None
    assert (fault["code"], why in fault["why"]) == (code, True), fault


def test_the_parameter_says_more_than_the_whole():
    inner = ParameterFault("Device.A", "9008", "nope")
    reply = Reply(ok=False, at=1.0, fault_code="9003", fault_parameters=(inner,))
    fault = wording.order_fault(order(reply=reply), "en")
    assert fault is not None
    assert fault["why"] == "This setting can be read, but not changed."
    assert fault["parameters"] == [{"name": "Device.A", "code": "9008", "text": fault["why"]}]


def test_what_went_well_or_goes_on_has_no_fault():
    assert wording.order_fault(order(reply=Reply(ok=True, at=1.0)), "en") is None
    assert wording.order_fault(order(state="queued"), "en") is None
    assert wording.order_fault(order(state="expired"), "en")["code"] == "cancelled"


@pytest.mark.parametrize(
    ("effect", "state", "stage", "wanted"),
    [
        (GetValues(("A",)), "queued", "ask", True),
        (SetValues(()), "sent", "ask", False),
        (SetValues(()), "queued", "settle", False),
        (Download("1", "f"), "running", "ask", True),
        (AwaitContact(), "running", "ask", True),
        (Reboot(), "done", "ask", False),
    ],
)
def test_what_can_still_be_taken_back(effect, state, stage, wanted):
    assert order(effect, state, stage).cancellable is wanted


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (59, "59 seconds"), (90, "1 minute"), (7_200, "2 hours"), (2e5, "2 days")],
)
def test_a_span_is_told_in_its_largest_unit(seconds, words):
    assert wording.span(seconds, "en") == words


# -- messages -------------------------------------------------------------------------------------


def spoken():
    """Every message that we or a router may send, with plain arguments."""
    plain = {
        "str": "x",
        "int": 1,
        "bool": False,
        "DeviceId": rpc.DeviceId("Acme", "00D09E", "P", "S"),
    }
    for name, cls in getmembers(rpc, isclass):
        if not hasattr(cls, "__dataclass_fields__") or name in ("DeviceId", "Unsupported"):
            continue
        given = {}
        for one in fields_of(cls):
            kind = str(one.type)
            given[one.name] = () if kind.startswith("tuple") else plain.get(kind.split(" ")[0])
        if all(value is not None for value in given.values()):
            yield name, cls(**given)


def test_every_message_has_a_summary_in_every_language(subtests):
    count = 0
    for name, said in spoken():
        try:
            body = encode(said, "1", NAMESPACE)
        except (LocalError, TypeError, ValueError, AttributeError):
            continue  # a part of a message, or one that needs more than plain arguments
        count += 1
        for language in languages():
            with subtests.test(message=name, language=language):
                method, summary = wording.message_words("in", body, len(body), language)
                assert method == name
                assert summary and "message-" not in summary and "order-" not in summary
    assert count > 20


def test_empty_and_lost_messages_are_told_too():
    assert wording.message_words("in", b"", 0, "en") == ("", "It has nothing more to say.")
    assert wording.message_words("out", b"", 0, "en") == ("", "The session ends here.")
    assert wording.message_words("in", None, 9, "en")[1] == "This message was too large to keep."
    assert wording.message_words("in", b"\xff<<", 4, "en") == ("", "This message could not be read.")
