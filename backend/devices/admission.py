"""Whom the ACS lets in when it has much to do (TR-069 3.2.1.1). Pure: moments and chance are arguments.

A device that is told 503 comes again by its own rule (5-10 s, 10-20 s, ... doubling); Retry-After says when
it is welcome, spread by chance so that what was sent away together does not come back together. What is told
by the clock can wait longest: "2 PERIODIC" goes first, then what merely changed; a boot, an answer to our own
call or a finished transfer only when there is no room at all.

Three limits, each of its own: a device that calls again and again, a tenant whose devices take the room of
others', and the process as a whole.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

CLOCK: Final = frozenset({"2 PERIODIC", "14 HEARTBEAT"})
CHANGES: Final = frozenset({"3 SCHEDULED", "4 VALUE CHANGE", "12 AUTONOMOUS DU STATE CHANGE COMPLETE"})

CLOCK_ROOM: Final = 0.7
CHANGES_ROOM: Final = 0.85
ALL_ROOM: Final = 1.0
"""How full it may be for each kind: a share of the limit that is nearest."""

CLOCK_WAIT_S: Final = 120.0
CHANGES_WAIT_S: Final = 30.0
URGENT_WAIT_S: Final = 10.0
SPREAD: Final = 0.5
"""Retry-After is the wait, longer by at most this share and shorter by as much."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one process takes. `lag_s`: how late its work may be; `..._per_s` refill, `..._burst` at
    once.
    """

    sessions: int = 20_000
    tenant_sessions: int = 15_000
    answering: int = 400
    lag_s: float = 2.0
    device_burst: int = 60
    device_per_s: float = 1.0
    newcomers_burst: int = 1_000
    newcomers_per_s: float = 5.0
    devices_remembered: int = 50_000


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is: open sessions, those of the tenant, POSTs being answered, and how late work is."""

    sessions: int = 0
    tenant_sessions: int = 0
    answering: int = 0
    lag_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PutOff:
    """Come again after so long. `reason` is a word for log and figures."""

    reason: str
    retry_after_s: int


def put_off(limits: Limits, load: Load, events: Iterable[str], chance: float) -> PutOff | None:
    """Whether a session of these event codes must wait; None: come in. `chance` is in [0, 1)."""
    shares = {
        "sessions_full": load.sessions / limits.sessions,
        "tenant_full": load.tenant_sessions / limits.tenant_sessions,
        "too_many_at_once": load.answering / limits.answering,
        "overloaded": load.lag_s / limits.lag_s,
    }
    reason = max(shares, key=lambda name: shares[name])
    room, wait_s = _patience(frozenset(events))
    if shares[reason] < room:
        return None
    return PutOff(reason, spread(wait_s, chance))


def spread(wait_s: float, chance: float) -> int:
    """A Retry-After about `wait_s`, in whole seconds, at least 1."""
    return max(1, round(wait_s * (1 - SPREAD + 2 * SPREAD * chance)))


def _patience(events: frozenset[str]) -> tuple[float, float]:
    """(how full it may be for these events, how long they can wait in seconds)."""
    if events <= CLOCK:
        return CLOCK_ROOM, CLOCK_WAIT_S
    if events <= CLOCK | CHANGES:
        return CHANGES_ROOM, CHANGES_WAIT_S
    return ALL_ROOM, URGENT_WAIT_S


class Allowance:
    """How often each of many may do something: `burst` at once, then `per_s`; the latest `limit_keys` of
    them.
    """

    __slots__ = ("_burst", "_left", "_limit_keys", "_per_s")

    def __init__(self, burst: int, per_s: float, limit_keys: int) -> None:
        self._burst = float(burst)
        self._per_s = per_s
        self._limit_keys = limit_keys
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """0.0 when it may, and then one less is left; otherwise the seconds until it may."""
        left, at = self._left.pop(key, (self._burst, now))
        left = min(self._burst, left + max(0.0, now - at) * self._per_s)
        granted = left >= 1.0
        self._left[key] = (left - 1.0 if granted else left, max(now, at))
        if len(self._left) > self._limit_keys:
            self._left.popitem(last=False)
        return 0.0 if granted else (1.0 - left) / self._per_s


class Gate:
    """All limits of one process, with what it remembers of who has called. `chance` is in [0, 1)."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        remembered = limits.devices_remembered
        self._calls = Allowance(limits.device_burst, limits.device_per_s, remembered)
        self._newcomers = Allowance(limits.newcomers_burst, limits.newcomers_per_s, remembered)

    def call(
        self, device_id: str, load: Load, events: Iterable[str], now: float, chance: float
    ) -> PutOff | None:
        """Whether a session of this device must wait; None: come in."""
        if wait_s := self._calls.take(device_id, now):
            return PutOff("device_too_often", spread(wait_s + URGENT_WAIT_S, chance))
        return put_off(self._limits, load, events, chance)

    def newcomer(self, tenant_id: str, now: float, chance: float) -> PutOff | None:
        """Whether a device that comes under a shared credential of this tenant must wait."""
        if wait_s := self._newcomers.take(tenant_id, now):
            return PutOff("newcomers", spread(wait_s + CHANGES_WAIT_S, chance))
        return None
