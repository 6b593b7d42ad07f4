"""When a task that a fault ended is asked again: pure.

Work of our own, such as what a device is given at its first contact, is asked again, each in its fault
channel: while one task of a channel is put off, the later ones of that channel wait behind it, and no other
task does. A run's author gets the fault instead and decides; only a transfer whose bytes did not come
through, e.g. since the file server was restarted meanwhile, is ordered again by itself, a few times: it has
changed nothing.
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


BROKEN_TRANSFER: Final = frozenset({"9010", "9011", "9014", "9015", "9016", "9017"})
"""The file did not come through; others say that it was refused (9012, 9013) or wrong (9018, 9019)."""
TRANSFER_FIRST_S: Final = 5.0
TRANSFERS_LIMIT: Final = 4


def transfer_wait_s(fault_code: str, attempts: int, chance: float) -> float | None:
    """The same for a transfer of a run: soon, since somebody may be waiting; TRANSFERS_LIMIT tries in all."""
    if fault_code not in BROKEN_TRANSFER or attempts >= TRANSFERS_LIMIT:
        return None
    return TRANSFER_FIRST_S * 2.0 ** max(attempts - 1, 0) * (0.75 + 0.5 * chance)


def wait_s(fault_code: str, attempts: int, chance: float) -> float | None:
    """How long to leave the channel alone after its `attempts`-th try failed; None: do not ask again.

    Doubles from FIRST_S up to LONGEST_S; `chance`, from 0 to 1, spreads it by a quarter either way, so that
    many devices that failed together do not come back together.
    """
    if fault_code not in PASSING or attempts >= RETRIES_LIMIT:
        return None
    whole_s = min(LONGEST_S, FIRST_S * 2.0 ** max(attempts - 1, 0))
    return whole_s * (0.75 + 0.5 * chance)
