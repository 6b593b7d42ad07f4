"""Tasks, faults and CWMP messages in words for staff: what was asked, what came back, why it did not work.

Paths stay as they are, since staff look for them; the sentences around them are in the language asked for.
Nothing here shows a value of a parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from backend.cwmp import rpc
from backend.cwmp.faults import TEXTS, RemoteError
from backend.cwmp.soap import decode
from backend.devices.orders import Order
from widgets.messages import FALLBACK, has_message, message
from workflows import faults
from workflows.effects import Reply, Rpc, effect_to_json
from workflows.texts import formatted

NAMES_SHOWN: Final = 3
TEXT_LIMIT_CHARS: Final = 400
_SPANS: Final = ((86_400.0, 2), (3_600.0, 2), (60.0, 1), (1.0, 0))


def span(seconds: float, locale: str) -> str:
    """A length of time in its largest fitting unit: "3 days", "90 minutes"."""
    for size, least in _SPANS:
        if seconds >= size * least:
            return formatted(int(seconds // size * size), "duration", locale)
    return formatted(0, "duration", locale)


def kind_of(request: Rpc) -> str:
    """The name of what was asked, such as "GetParameterValues"."""
    return str(effect_to_json(request)["rpc"])


def order_text(request: Rpc, locale: str) -> str:
    """What was asked, in a sentence."""
    kind = kind_of(request)
    data = effect_to_json(request)
    if kind == "ScheduleInform":
        return message(locale, "order-ScheduleInform", span=span(float(data["delay_s"]), locale))
    if kind in ("Download", "Upload"):
        return message(locale, f"order-{kind}", what=_file_words(str(data["file_type"]), locale))
    paths = data.get("names") or [row[0] for row in data.get("values") or data.get("attributes") or ()]
    named = [str(path) for path in paths] or [
        str(data.get("path") or data.get("name") or data.get("object") or "")
    ]
    return message(locale, f"order-{kind}", what=_some(named, locale))


def _file_words(file_type: str, locale: str) -> str:
    for word, id in (("firmware", "firmware"), ("configuration", "configuration"), ("log", "log")):
        if word in file_type.lower():
            return message(locale, f"order-file-{id}")
    return file_type


def _some(names: Sequence[str], locale: str) -> str:
    shown = ", ".join(name or message(locale, "order-everything") for name in names[:NAMES_SHOWN])
    if len(names) <= NAMES_SHOWN:
        return shown
    return message(locale, "order-more", first=shown, n=len(names) - NAMES_SHOWN)


def order_fault(order: Order, locale: str) -> dict[str, Any] | None:
    """Why an order did not work: {"code", "text", "why", "parameters"}; None where it did or is open."""
    reply = order.reply
    if reply is None:
        if order.state != "expired":
            return None
        return {"code": "cancelled", "text": "", "why": message(locale, "order-cancelled"), "parameters": []}
    if reply.ok:
        return None
    return {
        "code": reply.fault_code or ("uncertain" if reply.uncertain else "timed-out"),
        "text": reply.fault_text[:TEXT_LIMIT_CHARS],
        "why": _why(reply, locale),
        "parameters": [
            {"name": one.name, "code": one.code, "text": faults.why(one.code, locale) or one.text}
            for one in reply.fault_parameters
        ],
    }


def _why(reply: Reply, locale: str) -> str:
    if reply.uncertain:
        return message(locale, "order-uncertain")
    if reply.timed_out:
        return message(locale, "order-timed-out")
    if reply.fault_code == "cancelled":
        return message(locale, "order-cancelled")
    inner = next((one.code for one in reply.fault_parameters if faults.why(one.code, locale)), "")
    return faults.why(inner or reply.fault_code, locale) or message(locale, "order-unknown-fault")


# -- messages -------------------------------------------------------------------------------------


def message_words(direction: str, body: bytes | None, size: int, locale: str) -> tuple[str, str]:
    """(method, summary) of one kept message; the method of an empty one is ""."""
    if not size:
        return "", message(locale, f"message-empty-{direction}")
    if body is None:
        return "", message(locale, "message-not-kept")
    try:
        said = decode(body).message
    except RemoteError:
        return "", message(locale, "message-unreadable")
    return rpc.method_of(said)[:64], _summary(said, locale)[:TEXT_LIMIT_CHARS]


def _summary(said: rpc.Message, locale: str) -> str:
    match said:
        case rpc.Inform(events=events, values=values):
            codes = ", ".join(event.code for event in events)
            return message(locale, "message-Inform", events=codes, n=len(values))
        case rpc.InformResponse():
            return message(locale, "message-InformResponse")
        case rpc.GetParameterValuesResponse(values):
            return message(
                locale, "message-values", n=len(values), what=_some([one.name for one in values], locale)
            )
        case rpc.GetParameterNamesResponse(names):
            return message(
                locale, "message-names", n=len(names), what=_some([one.name for one in names], locale)
            )
        case rpc.GetRPCMethodsResponse(methods):
            return message(locale, "message-methods", n=len(methods))
        case rpc.AddObjectResponse(instance_number=number):
            return message(locale, "message-instance", n=number)
        case rpc.Fault(code, text):
            why = faults.why(code, locale) or text or TEXTS.get(code, "")
            return message(locale, "message-fault", code=code, why=why)
        case rpc.TransferComplete(command_key=key, fault_code=code):
            id = "message-transfer-well" if code in ("", "0") else "message-transfer-fault"
            return message(locale, id, key=key, code=code, why=faults.why(code, locale))
    return _asked_or_done(said, locale)


def _asked_or_done(said: rpc.Message, locale: str) -> str:
    method = rpc.method_of(said)
    if method.endswith("Response"):
        status = getattr(said, "status", 0)
        ours = isinstance(said, rpc.TransferCompleteResponse) or method in _OUR_RESPONSES
        id = "message-heard" if ours else "message-done-later" if status == 1 else "message-done"
        return message(locale, id)
    values = (
        getattr(said, "values", None) or getattr(said, "names", None) or getattr(said, "attributes", None)
    )
    names = [one if isinstance(one, str) else str(one.name) for one in values or ()]
    single = getattr(said, "path", "") or getattr(said, "object_name", "") or getattr(said, "file_type", "")
    id = f"order-{method}"
    if has_message(FALLBACK, id) and method not in ("ScheduleInform",):
        what = (
            _file_words(single, locale)
            if method in ("Download", "Upload")
            else _some(names or [single], locale)
        )
        return message(locale, id, what=what)
    if method == "ScheduleInform":
        return message(locale, id, span=span(float(getattr(said, "delay_s", 0)), locale))
    return message(locale, "message-other", method=method)


_OUR_RESPONSES: Final = frozenset(
    {
        "AutonomousTransferCompleteResponse",
        "RequestDownloadResponse",
        "KickedResponse",
        "DUStateChangeCompleteResponse",
        "AutonomousDUStateChangeCompleteResponse",
    }
)
