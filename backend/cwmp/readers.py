"""How each method's element becomes its message (Annex A): the table of `elements`, and what is not plain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from lxml import etree

from backend.cwmp import rpc
from backend.cwmp.elements import (
    OPERATION_PERFORMED,
    OPERATION_RESULT,
    OPERATIONS,
    PLAIN,
    Element,
    Leaf,
)
from backend.cwmp.faults import RemoteError
from backend.cwmp.reading import TYPE, Reading, integer, text

Reader = Callable[[Reading, etree._Element], rpc.Message]


def _inform(reading: Reading, element: etree._Element) -> rpc.Inform:
    fields = reading.fields(element)
    if "DeviceId" not in fields:
        raise RemoteError("malformed", "Inform without DeviceId")
    device = reading.fields(fields["DeviceId"])
    events = []
    for item in reading.array(fields.get("Event"), "Event"):
        event = reading.fields(item)
        code = text(event, "EventCode").strip()
        events.append(rpc.Event(code, text(event, "CommandKey")))
    identity = rpc.DeviceId(
        text(device, "Manufacturer"),
        text(device, "OUI").strip(),
        text(device, "ProductClass").strip(),
        text(device, "SerialNumber").strip(),
    )
    if not identity.serial_number:
        raise RemoteError("malformed", "Inform without a serial number")
    return rpc.Inform(
        identity,
        tuple(events),
        reading.values(fields.get("ParameterList")),
        text(fields, "CurrentTime").strip(),
        reading.spare(text(fields, "RetryCount"), 0),
        reading.spare(text(fields, "MaxEnvelopes"), 1),
    )


def _inform_response(reading: Reading, element: etree._Element) -> rpc.InformResponse:
    return rpc.InformResponse(reading.spare(text(reading.fields(element), "MaxEnvelopes"), 1))


def _get_values_response(reading: Reading, element: etree._Element) -> rpc.GetParameterValuesResponse:
    return rpc.GetParameterValuesResponse(reading.values(reading.fields(element).get("ParameterList")))


def _set_values(reading: Reading, element: etree._Element) -> rpc.SetParameterValues:
    fields = reading.fields(element)
    return rpc.SetParameterValues(reading.values(fields.get("ParameterList")), text(fields, "ParameterKey"))


def _get_names_response(reading: Reading, element: etree._Element) -> rpc.GetParameterNamesResponse:
    return rpc.GetParameterNamesResponse(reading.infos(reading.fields(element).get("ParameterList")))


def _set_attributes(reading: Reading, element: etree._Element) -> rpc.SetParameterAttributes:
    made = []
    for item in reading.array(reading.fields(element).get("ParameterList"), "ParameterList"):
        one = reading.fields(item)
        notification = access = None
        if reading.truth(text(one, "NotificationChange"), "NotificationChange"):
            notification = integer(text(one, "Notification"), "Notification", 6)
        if reading.truth(text(one, "AccessListChange"), "AccessListChange"):
            access = reading.strings(one.get("AccessList"), "AccessList")
        made.append(rpc.SetParameterAttribute(reading.name(text(one, "Name")), notification, access))
    return rpc.SetParameterAttributes(tuple(made))


def _get_attributes_response(
    reading: Reading, element: etree._Element
) -> rpc.GetParameterAttributesResponse:
    made = []
    for item in reading.array(reading.fields(element).get("ParameterList"), "ParameterList"):
        one = reading.fields(item)
        notification = integer(text(one, "Notification"), "Notification", 6)
        access = reading.strings(one.get("AccessList"), "AccessList")
        made.append(rpc.ParameterAttribute(reading.name(text(one, "Name")), notification, access))
    return rpc.GetParameterAttributesResponse(tuple(made))


def _set_vouchers(reading: Reading, element: etree._Element) -> rpc.SetVouchers:
    listed = reading.array(reading.fields(element).get("VoucherList"), "VoucherList")
    return rpc.SetVouchers(tuple(["".join((item.text or "").split()) for item in listed]))


def _change_state(reading: Reading, element: etree._Element) -> rpc.ChangeDUState:
    made = []
    for kind, item in _repeated(reading, element, "Operations"):
        known = OPERATIONS.get(kind)
        if known is None:
            raise RemoteError("malformed", f"unknown operation {kind[:40]!r}")
        make, leaves = known
        fields = reading.fields(item)
        made.append(make(*[_optional(reading, fields, leaf) for leaf in leaves]))
    return rpc.ChangeDUState(tuple(made), text(reading.fields(element), "CommandKey"))


def _optional(reading: Reading, fields: Mapping[str, etree._Element], leaf: Leaf) -> Any:
    found = fields.get(leaf.name)
    return "" if found is None else reading.leaf(found, leaf.name, leaf.kind)


def _state_complete(reading: Reading, element: etree._Element) -> rpc.DUStateChangeComplete:
    results = tuple(
        [
            rpc.OperationResult(*reading.record(item, OPERATION_RESULT))
            for _, item in _repeated(reading, element, "Results")
        ]
    )
    return rpc.DUStateChangeComplete(results, text(reading.fields(element), "CommandKey"))


def _autonomous_state_complete(
    reading: Reading, element: etree._Element
) -> rpc.AutonomousDUStateChangeComplete:
    elements = (*OPERATION_RESULT, OPERATION_PERFORMED)
    results = tuple(
        [
            rpc.OperationResult(*reading.record(item, elements))
            for _, item in _repeated(reading, element, "Results")
        ]
    )
    return rpc.AutonomousDUStateChangeComplete(results)


def _repeated(
    reading: Reading, element: etree._Element, name: str
) -> list[tuple[str, etree._Element]]:
    """(type, element) of each element of this name; those in one SOAP array are taken too.

    The schema repeats the element itself; much that is in the field sends an array of structs.
    """
    found = [child for child in element if child.tag == name]
    if len(found) == 1 and len(found[0]) and found[0][0].tag.endswith(("OpStruct", "OpResultStruct")):
        reading.lenient = True
        return [(item.tag, item) for item in reading.array(found[0], name)]
    if len(found) > reading.limits.parameters:
        raise RemoteError("too_many", f"{len(found)} {name}")
    reading.lenient |= not found
    return [((item.get(TYPE) or "").rpartition(":")[2], item) for item in found]


def _plain(kind: Callable[..., rpc.Message], elements: tuple[Element, ...]) -> Reader:
    if not elements:
        message = kind()
        return lambda reading, element: message
    return lambda reading, element: kind(*reading.record(element, elements))


READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **{kind.__name__: _plain(kind, elements) for kind, elements in PLAIN.items()},
        "Inform": _inform,
        "InformResponse": _inform_response,
        "GetParameterValuesResponse": _get_values_response,
        "SetParameterValues": _set_values,
        "GetParameterNamesResponse": _get_names_response,
        "SetParameterAttributes": _set_attributes,
        "GetParameterAttributesResponse": _get_attributes_response,
        "SetVouchers": _set_vouchers,
        "ChangeDUState": _change_state,
        "DUStateChangeComplete": _state_complete,
        "AutonomousDUStateChangeComplete": _autonomous_state_complete,
    }
)
