"""Messages about software modules: deployment units installed, updated, removed.

TR-069 A.4.1.10, A.4.2.3, A.4.2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from backend.cwmp.rpc_transfers import UNKNOWN_TIME


@dataclass(frozen=True, slots=True)
class InstallOperation:
    """InstallOpStruct. `execution_env_ref` is a path; "" leaves the environment to the device."""

    url: str
    uuid: str = ""
    username: str = ""
    password: str = ""
    execution_env_ref: str = ""


@dataclass(frozen=True, slots=True)
class UpdateOperation:
    """UpdateOpStruct: of `uuid`, of what `url` installed, or of every unit when both are empty."""

    uuid: str = ""
    version: str = ""
    url: str = ""
    username: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class UninstallOperation:
    """UninstallOpStruct."""

    uuid: str
    version: str = ""
    execution_env_ref: str = ""


Operation = InstallOperation | UpdateOperation | UninstallOperation


class OperationResult(NamedTuple):
    """OpResultStruct, and AutonOpResultStruct where `operation` is not empty.

    `current_state` is "Installed", "Uninstalled" or "Failed"; `execution_unit_refs` is a comma-separated
    list of paths; `fault_code` is "0" when it succeeded; `operation` is e.g. "Install".
    """

    uuid: str
    deployment_unit_ref: str
    version: str
    current_state: str
    resolved: bool
    execution_unit_refs: str = ""
    start_time: str = UNKNOWN_TIME
    complete_time: str = UNKNOWN_TIME
    fault_code: str = "0"
    fault_text: str = ""
    operation: str = ""


@dataclass(frozen=True, slots=True)
class ChangeDUState:
    """A.4.1.10: done in this order; DUStateChangeComplete follows within 24 hours."""

    operations: tuple[Operation, ...]
    command_key: str = ""


@dataclass(frozen=True, slots=True)
class ChangeDUStateResponse:
    """A.4.1.10."""


@dataclass(frozen=True, slots=True)
class DUStateChangeComplete:
    """A.4.2.3: one result for each operation, in their order."""

    results: tuple[OperationResult, ...]
    command_key: str = ""


@dataclass(frozen=True, slots=True)
class DUStateChangeCompleteResponse:
    """A.4.2.3."""


@dataclass(frozen=True, slots=True)
class AutonomousDUStateChangeComplete:
    """A.4.2.4: what changed without this ACS having asked."""

    results: tuple[OperationResult, ...]


@dataclass(frozen=True, slots=True)
class AutonomousDUStateChangeCompleteResponse:
    """A.4.2.4."""
