"""What a condition or a script may read, pinned when a step starts.

Facts are plain data: they are stored with the run as JSON, so that a run can be replayed from its
log (invariants 2 and 3). This module must never fetch anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Datum:
    """One stored device parameter: `value` as the device spelt it, `type` such as
    "xsd:boolean", `read_at` in seconds since 1970 (UTC)."""

    value: str
    type: str
    read_at: float

    def age_s(self, now: float) -> float:
        """Seconds since the value was read; never negative."""
        return max(0.0, now - self.read_at)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a step may read.

    `parameters` maps full parameter paths to their stored datum and holds only what the step was
    found to read; `device`, `customer`, `subscription` and `tenant` are flat JSON objects.
    `device["data_model"]` is "tr181" or "tr098". `now` is seconds since 1970 (UTC).
    """

    now: float
    device: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Datum] = field(default_factory=dict)
    customer: Mapping[str, Any] = field(default_factory=dict)
    subscription: Mapping[str, Any] = field(default_factory=dict)
    tenant: Mapping[str, Any] = field(default_factory=dict)
    memory: dict[Any, Any] = field(init=False, default_factory=dict, repr=False, compare=False)
    """What was worked out from these facts; new facts begin with an empty one. Never stored."""

    def over(self, read: Mapping[str, Datum]) -> Facts:
        """The same facts with freshly read parameters laid over the stored ones."""
        return replace(self, parameters={**self.parameters, **read}) if read else self

    def to_json(self) -> dict[str, Any]:
        """The stored form; `from_json` gives back an equal object."""
        return {
            "now": self.now,
            "device": dict(self.device),
            "parameters": {p: [d.value, d.type, d.read_at] for p, d in self.parameters.items()},
            "customer": dict(self.customer),
            "subscription": dict(self.subscription),
            "tenant": dict(self.tenant),
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Facts:
        """Read back what `to_json` wrote."""
        return Facts(
            now=data["now"],
            device=data["device"],
            parameters={p: Datum(*d) for p, d in data["parameters"].items()},
            customer=data["customer"],
            subscription=data["subscription"],
            tenant=data["tenant"],
        )
