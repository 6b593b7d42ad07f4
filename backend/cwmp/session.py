"""The two sides of a CWMP session, bytes in and events out (TR-069 3.7).

The rules and both transition tables are in `transitions`; whatever they do not list is refused:
RemoteError for what the other side sent, LocalError for what we tried. A RemoteError leaves the
session ENDED.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from backend.cwmp import rpc
from backend.cwmp.envelope import CWMP_1_0, LIMITS, Envelope, Limits
from backend.cwmp.faults import (
    ACS_METHOD_NOT_SUPPORTED,
    ACS_RETRY,
    INTERNAL_ERROR,
    METHOD_NOT_SUPPORTED,
    MUST_UNDERSTAND,
    LocalError,
    RemoteError,
    fault,
)
from backend.cwmp.soap import decode, encode
from backend.cwmp.transitions import (
    ACS_TRANSITIONS,
    CPE_TRANSITIONS,
    AcsEvent,
    AcsState,
    Answered,
    Asked,
    CpeEvent,
    CpeState,
    Ended,
    Informed,
    Ready,
    Refused,
    Requested,
    Superseded,
    What,
)

__all__ = [
    "EMPTY",
    "AcsEvent",
    "AcsSession",
    "AcsState",
    "Answered",
    "Asked",
    "CpeEvent",
    "CpeSession",
    "CpeState",
    "Ended",
    "Informed",
    "Ready",
    "Refused",
    "Requested",
    "Superseded",
]

EMPTY: Final = b""
"""The empty body: the CPE's empty POST, the ACS's 204."""

SHORTEST_TIMEOUT_S: Final = 30
LONGEST_TIMEOUT_S: Final = 300
REQUESTS_LIMIT: Final = 256
"""How many requests of its own a CPE may send in one session."""

_ANSWERS: Final[Mapping[type[rpc.Message], rpc.AcsResponse]] = MappingProxyType(
    {
        rpc.GetRPCMethods: rpc.GetRPCMethodsResponse(rpc.ACS_METHODS),
        rpc.TransferComplete: rpc.TransferCompleteResponse(),
        rpc.AutonomousTransferComplete: rpc.AutonomousTransferCompleteResponse(),
        rpc.RequestDownload: rpc.RequestDownloadResponse(),
        rpc.Kicked: rpc.KickedResponse(""),  # nobody is sent to an address that nobody has checked
        rpc.DUStateChangeComplete: rpc.DUStateChangeCompleteResponse(),
        rpc.AutonomousDUStateChangeComplete: rpc.AutonomousDUStateChangeCompleteResponse(),
    }
)
"""What each request of a CPE is answered with; all else with fault 8000."""

_OPTIONAL: Final = frozenset(
    {"GetQueuedTransfers", "ScheduleInform", "SetVouchers", "GetOptions", "Upload", "FactoryReset"}
    | {"GetAllQueuedTransfers", "ScheduleDownload", "CancelTransfer", "ChangeDUState"}
)
"""Table 3: what a CPE need not support (and Download, AddObject and DeleteObject, which nearly all do)."""


def _kind(message: rpc.Message) -> What:
    if isinstance(message, rpc.Inform):
        return What.INFORM
    if isinstance(message, rpc.Fault):
        return What.RETRY if message.code == ACS_RETRY else What.FAULT
    return What.RESPONSE if rpc.is_response(message) else What.REQUEST


def _read(body: bytes | Envelope, limits: Limits) -> Envelope | None:
    if isinstance(body, Envelope):
        return body
    return decode(body, limits) if body.strip() else None


def _check_answer(envelope: Envelope, id: str, method: str) -> None:
    """RemoteError unless the message answers the outstanding request."""
    if envelope.not_understood:
        raise RemoteError("not_understood", ", ".join(envelope.not_understood))
    if envelope.id and envelope.id != id and envelope.id.strip() != id.strip():
        raise RemoteError("wrong_id", f"{envelope.id[:64]!r} answers {id!r}")
    message = envelope.message
    if not isinstance(message, rpc.Fault) and rpc.method_of(message) != f"{method}Response":
        raise RemoteError("wrong_method", f"{rpc.method_of(message)[:64]} answers {method}")


class AcsSession:
    """The ACS's side of one session. `id_prefix` makes its cwmp:IDs; it need not be secret.

    Call `receive` with each POST's body, answer with the event's `reply`, or with `send` or `end`
    where the event leaves the turn to us. `to_json` and `from_json` move it between processes.
    """

    __slots__ = (
        "_asked",
        "_count",
        "_id",
        "_id_prefix",
        "_limits",
        "_method",
        "lenient_messages",
        "namespace",
        "session_timeout_s",
        "state",
    )

    def __init__(self, id_prefix: str, limits: Limits = LIMITS) -> None:
        self.state = AcsState.OPENING
        self.namespace = CWMP_1_0
        self.session_timeout_s = SHORTEST_TIMEOUT_S
        self.lenient_messages = 0
        self._limits = limits
        self._id_prefix = id_prefix
        self._asked = self._count = 0
        self._id = self._method = ""

    def receive(self, body: bytes | Envelope) -> AcsEvent:
        """What the body of one POST means; RemoteError (and ENDED) when it may not come now."""
        try:
            envelope = _read(body, self._limits)
            if envelope is not None:
                self.lenient_messages += envelope.lenient
                return self._received(envelope)
            asked = self.outstanding
            self._step(What.EMPTY)
            return self._silent(asked) if asked else Ready()
        except RemoteError:
            self.state = AcsState.ENDED
            raise

    def _received(self, envelope: Envelope) -> AcsEvent:
        message = envelope.message
        if isinstance(message, rpc.Inform):
            if envelope.not_understood:
                raise RemoteError("not_understood", ", ".join(envelope.not_understood))
            opening = self.state is AcsState.OPENING
            self._step(What.INFORM)
            return self._opened(envelope, message) if opening else Superseded(envelope)
        if isinstance(message, rpc.Fault):
            self._step(What.FAULT)
            _check_answer(envelope, self._id, self._method)
            self.lenient_messages += not envelope.id
            return Refused(envelope, self._method, message)
        what = _kind(message)
        self._step(what)
        if what is What.RESPONSE:
            _check_answer(envelope, self._id, self._method)
            self.lenient_messages += not envelope.id
            return Answered(envelope, self._method, message)
        self._asked += 1
        if self._asked > REQUESTS_LIMIT:
            raise RemoteError("too_many", f"over {REQUESTS_LIMIT} requests of the device's own")
        if envelope.not_understood:
            message = rpc.Unsupported(rpc.method_of(message))
        return Asked(envelope, message, self._answer(envelope, message))

    def _silent(self, method: str) -> Refused:
        """An empty message where an answer was due: some devices say so that they do not know a method."""
        code = METHOD_NOT_SUPPORTED if method in _OPTIONAL else INTERNAL_ERROR
        message = rpc.Fault(code, f"{method} was answered with an empty message")
        self.lenient_messages += 1
        envelope = Envelope(self._id, message, self.namespace, lenient=True)
        return Refused(envelope, method, message, silent=True)

    def _opened(self, envelope: Envelope, inform: rpc.Inform) -> Informed:
        self.namespace = envelope.cwmp_namespace
        asked_s = envelope.session_timeout_s or SHORTEST_TIMEOUT_S
        self.session_timeout_s = min(max(asked_s, SHORTEST_TIMEOUT_S), LONGEST_TIMEOUT_S)
        reply = encode(
            rpc.InformResponse(),
            envelope.id,
            self.namespace,
            use_version=_version_to_use(envelope.supported_versions),
        )
        return Informed(envelope, inform, reply)

    def _answer(self, envelope: Envelope, message: rpc.Message) -> bytes:
        answer: rpc.Message = _ANSWERS.get(type(message)) or fault(ACS_METHOD_NOT_SUPPORTED)
        if envelope.not_understood:
            answer = rpc.Fault(MUST_UNDERSTAND, ", ".join(envelope.not_understood))
        return encode(answer, envelope.id, self.namespace)

    def refuse(self, envelope: Envelope, code: str, text: str = "") -> bytes:
        """A fault in place of an event's `reply`, e.g. "8005" to be asked again.

        After a refused Inform the session is ENDED.
        """
        if isinstance(envelope.message, rpc.Inform):
            self.state = AcsState.ENDED
        return encode(fault(code, text), envelope.id, envelope.cwmp_namespace)

    def send(self, request: rpc.AcsRequest) -> bytes:
        """The bytes of our next request; LocalError when it is not our turn."""
        if (self.state, What.SEND) not in ACS_TRANSITIONS:
            raise LocalError(f"nothing may be sent while {self.state}")
        method = type(request).__name__
        id = f"{self._id_prefix}{self._count + 1}"
        body = encode(request, id, self.namespace)
        self._count += 1
        self._id, self._method = id, method
        self.state = ACS_TRANSITIONS[self.state, What.SEND]
        return body

    def end(self) -> bytes:
        """The empty body of the closing 204."""
        if (self.state, What.END) not in ACS_TRANSITIONS:
            raise LocalError(f"a session cannot end while {self.state}")
        self.state = ACS_TRANSITIONS[self.state, What.END]
        return EMPTY

    def abort(self) -> None:
        """The session is over, whatever was outstanding."""
        self.state = AcsState.ENDED

    @property
    def outstanding(self) -> str:
        """The method that waits for its answer, or ""."""
        return self._method if self.state is AcsState.WAITING else ""

    def _step(self, what: What) -> None:
        following = ACS_TRANSITIONS.get((self.state, what))
        if following is None:
            raise RemoteError("unexpected", f"{what} while {self.state}")
        self.state = following

    def to_json(self) -> dict[str, Any]:
        """What another process needs to go on with this session."""
        return {
            "state": self.state.value,
            "namespace": self.namespace,
            "session_timeout_s": self.session_timeout_s,
            "lenient_messages": self.lenient_messages,
            "id_prefix": self._id_prefix,
            "asked": self._asked,
            "count": self._count,
            "id": self._id,
            "method": self._method,
        }

    @staticmethod
    def from_json(data: Mapping[str, Any], limits: Limits = LIMITS) -> AcsSession:
        """The session that `to_json` wrote."""
        made = AcsSession(data["id_prefix"], limits)
        made.state = AcsState(data["state"])
        made.namespace = data["namespace"]
        made.session_timeout_s = data["session_timeout_s"]
        made.lenient_messages = data["lenient_messages"]
        made._asked = data.get("asked", 0)
        made._count = data["count"]
        made._id = data["id"]
        made._method = data["method"]
        return made


_OUR_VERSIONS: Final = ("1.4", "1.3", "1.2", "1.1", "1.0")


def _version_to_use(supported: tuple[str, ...]) -> str:
    """UseCWMPVersion (3.7.2.1): the newest both know; "" when the CPE named none."""
    return next((version for version in _OUR_VERSIONS if version in supported), "")


class CpeSession:
    """The CPE's side of one session, for a simulated router.

    `send` an Inform, then requests; `finish` gives the empty POST; then `receive` each body of the
    ACS and `reply` to each request until `Ended`.
    """

    __slots__ = ("_asked", "_count", "_id", "_id_prefix", "_limits", "_method", "namespace", "state")

    def __init__(self, id_prefix: str, namespace: str = CWMP_1_0, limits: Limits = LIMITS) -> None:
        self.state = CpeState.CLOSED
        self.namespace = namespace
        self._limits = limits
        self._id_prefix = id_prefix
        self._count = 0
        self._id = self._method = self._asked = ""

    def send(
        self,
        request: rpc.CpeRequest,
        *,
        session_timeout_s: int | None = None,
        supported_versions: tuple[str, ...] = (),
    ) -> bytes:
        """The bytes of our Inform or request; LocalError when it is not our turn."""
        what = What.INFORM if isinstance(request, rpc.Inform) else What.SEND
        following = self._following(what)
        id = f"{self._id_prefix}{self._count + 1}"
        body = encode(
            request,
            id,
            self.namespace,
            session_timeout_s=session_timeout_s,
            supported_versions=supported_versions,
        )
        self._count += 1
        self._id, self._method = id, type(request).__name__
        self.state = following
        return body

    def finish(self) -> bytes:
        """The empty POST: we have no more requests."""
        self.state = self._following(What.END)
        return EMPTY

    def reply(self, message: rpc.CpeResponse | rpc.Fault) -> bytes:
        """The bytes that answer the ACS's request, in the ID it used."""
        following = self._following(What.REPLY)
        method = rpc.method_of(message)
        if not isinstance(message, rpc.Fault) and method != f"{self._method}Response":
            raise LocalError(f"{method} does not answer {self._method}")
        body = encode(message, self._asked, self.namespace)
        self.state = following
        return body

    def receive(self, body: bytes | Envelope) -> CpeEvent:
        """What an HTTP answer's body means; RemoteError (and ENDED) when it may not come now."""
        try:
            envelope = _read(body, self._limits)
            if envelope is None:
                self._step(What.EMPTY)
                return Ended()
            return self._received(envelope)
        except RemoteError:
            self.state = CpeState.ENDED
            raise

    def _received(self, envelope: Envelope) -> CpeEvent:
        message = envelope.message
        self._step(_kind(message))
        if isinstance(message, rpc.Fault):
            _check_answer(envelope, self._id, self._method)
            return Refused(envelope, self._method, message)
        if rpc.is_response(message):
            _check_answer(envelope, self._id, self._method)
            self.namespace = envelope.cwmp_namespace
            return Answered(envelope, self._method, message)
        self._asked, self._method = envelope.id, rpc.method_of(message)
        return Requested(envelope, message)

    def _following(self, what: What) -> CpeState:
        following = CPE_TRANSITIONS.get((self.state, what))
        if following is None:
            raise LocalError(f"{what} is not allowed while {self.state}")
        return following

    def _step(self, what: What) -> None:
        following = CPE_TRANSITIONS.get((self.state, what))
        if following is None or what is What.INFORM:
            raise RemoteError("unexpected", f"{what} while {self.state}")
        self.state = following
