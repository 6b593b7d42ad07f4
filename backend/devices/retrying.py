"""When a task that a fault ended is asked again: pure.

Only work of our own, such as what a device is given at its first contact, is asked again, each in its fault
channel: while one task of a channel is put off, the later ones of that channel wait behind it, and no other
task does. A run's author gets the fault instead and decides.
"""

from __future__ import annotations

from typing import Final

FIRST_S: Final = 30.0
LONGEST_S: Final = 3600.0
RETRIES_LIMIT: Final = 8

PASSING: Final = frozenset(
    {
        "9001",
        "9002",
        "9004",
        *(str(code) for code in range(9010, 9020)),
        "8005",
        "Error_Internal",
        "Error_Other",
    }
)
"""Faults that may pass: request denied, internal error, resources exceeded, and a transfer that failed. All
others say that the request is wrong, and asking again would say the same."""


def wait_s(fault_code: str, attempts: int, chance: float) -> float | None:
    """How long to leave the channel alone after its `attempts`-th try failed; None: do not ask again.

    Doubles from FIRST_S up to LONGEST_S; `chance`, from 0 to 1, spreads it by a quarter either way, so that
    many devices that failed together do not come back together.
    """
    if fault_code not in PASSING or attempts >= RETRIES_LIMIT:
        return None
    whole_s = min(LONGEST_S, FIRST_S * 2.0 ** max(attempts - 1, 0))
    return whole_s * (0.75 + 0.5 * chance)
