"""What may follow what in a CWMP session (TR-069 3.7): one table per side, and the events.

Rules:
- The CPE opens with Inform, may then send requests of its own, and ends its turn with an empty
  POST; from there on the ACS asks and the CPE only answers, one RPC at a time (3.7.1).
- The ACS ends with an empty body (HTTP 204) when it has nothing left (3.7.2.4).
- cwmp:ID is echoed verbatim; an answer with another ID, or of another method, is refused (3.5). An
  answer without any ID is taken, and counted as lenient.
- A CPE's fault answers our request: it is an event, and the session goes on (3.7.1.5).
- An ACS that does not know a method answers 8000; 8005 asks the CPE to send the same again.
- A header that must be understood and is not known: a request is answered with the fault MustUnderstand
  and not done; an Inform or an answer ends the session (SOAP 1.1 4.2.3).
- An Inform inside a session means that the device began again: the old session is over.
- Two liberties for what is in the field: an empty message in place of an answer is taken as a refusal
  (`Refused.silent`), and a request of the CPE's own while our answer is due is answered too.

ACS side: state, what came or is sent, state that follows. All else is refused. An Inform that does not
open a session ends it (Superseded).

    opening    Inform       serving
    serving    request      serving
    serving    empty body   ready
    ready      send         waiting
    ready      end          ended
    waiting    response     ready
    waiting    fault        ready
    waiting    empty body   ready
    waiting    request      waiting
    serving    Inform       ended
    ready      Inform       ended
    waiting    Inform       ended
    ended      Inform       ended

CPE side (retry is the fault 8005; send, reply and end are ours):

    closed     Inform       opening
    opening    response     talking
    opening    retry        closed
    opening    fault        ended
    talking    send         asking
    talking    end          listening
    asking     response     talking
    asking     fault        talking
    asking     retry        talking
    listening  request      answering
    listening  empty body   ended
    answering  reply        listening

Our own requests carry an ID that we made; the other side's IDs are only ever echoed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from backend.cwmp import rpc
from backend.cwmp.envelope import Envelope


class AcsState(StrEnum):
    OPENING = "opening"
    SERVING = "serving"
    READY = "ready"
    WAITING = "waiting"
    ENDED = "ended"


class CpeState(StrEnum):
    CLOSED = "closed"
    OPENING = "opening"
    TALKING = "talking"
    ASKING = "asking"
    LISTENING = "listening"
    ANSWERING = "answering"
    ENDED = "ended"


class What(StrEnum):
    """What comes or is sent, as the tables know it."""

    INFORM = "Inform"
    REQUEST = "request"
    RESPONSE = "response"
    FAULT = "fault"
    RETRY = "retry"
    EMPTY = "empty body"
    SEND = "send"
    REPLY = "reply"
    END = "end"


_A, _C = AcsState, CpeState
ACS_TRANSITIONS: Final[Mapping[tuple[AcsState, What], AcsState]] = MappingProxyType(
    {
        (_A.OPENING, What.INFORM): _A.SERVING,
        (_A.SERVING, What.REQUEST): _A.SERVING,
        (_A.SERVING, What.EMPTY): _A.READY,
        (_A.READY, What.SEND): _A.WAITING,
        (_A.READY, What.END): _A.ENDED,
        (_A.WAITING, What.RESPONSE): _A.READY,
        (_A.WAITING, What.FAULT): _A.READY,
        (_A.WAITING, What.EMPTY): _A.READY,
        (_A.WAITING, What.REQUEST): _A.WAITING,
        (_A.SERVING, What.INFORM): _A.ENDED,
        (_A.READY, What.INFORM): _A.ENDED,
        (_A.WAITING, What.INFORM): _A.ENDED,
        (_A.ENDED, What.INFORM): _A.ENDED,
    }
)
CPE_TRANSITIONS: Final[Mapping[tuple[CpeState, What], CpeState]] = MappingProxyType(
    {
        (_C.CLOSED, What.INFORM): _C.OPENING,
        (_C.OPENING, What.RESPONSE): _C.TALKING,
        (_C.OPENING, What.RETRY): _C.CLOSED,
        (_C.OPENING, What.FAULT): _C.ENDED,
        (_C.TALKING, What.SEND): _C.ASKING,
        (_C.TALKING, What.END): _C.LISTENING,
        (_C.ASKING, What.RESPONSE): _C.TALKING,
        (_C.ASKING, What.FAULT): _C.TALKING,
        (_C.ASKING, What.RETRY): _C.TALKING,
        (_C.LISTENING, What.REQUEST): _C.ANSWERING,
        (_C.LISTENING, What.EMPTY): _C.ENDED,
        (_C.ANSWERING, What.REPLY): _C.LISTENING,
    }
)


@dataclass(frozen=True, slots=True)
class Informed:
    """ACS: the session opened. Authenticate the device, then answer with `reply`."""

    envelope: Envelope
    inform: rpc.Inform
    reply: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """ACS: the CPE's own request; commit what it says, then answer with `reply`.

    `message` is Unsupported where the method, or a header that must be understood, is not known.
    """

    envelope: Envelope
    message: rpc.Message
    reply: bytes


@dataclass(frozen=True, slots=True)
class Ready:
    """ACS: the CPE's empty POST; now `send` or `end`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Either side: the response to the outstanding request, checked to be its own."""

    envelope: Envelope
    method: str
    response: rpc.Message


@dataclass(frozen=True, slots=True)
class Refused:
    """Either side: a fault answered the outstanding request of this method.

    On the CPE's side `fault.code` "8005" asks for the same message again (A.5.2). `silent`: the device
    sent an empty message instead, so `fault` is ours, and whether it did what was asked is not known.
    """

    envelope: Envelope
    method: str
    fault: rpc.Fault
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Superseded:
    """ACS: an Inform came inside a session, which is over; give `envelope` to a new AcsSession."""

    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Requested:
    """CPE: the ACS's request (or Unsupported: answer fault 9000); now `reply`."""

    envelope: Envelope
    message: rpc.Message


@dataclass(frozen=True, slots=True)
class Ended:
    """CPE: the ACS had nothing left."""


AcsEvent = Informed | Asked | Ready | Answered | Refused | Superseded
CpeEvent = Answered | Refused | Requested | Ended
