"""Devices behind NAT are given the way through it (TR-069 Annex G): STUN is switched on where HTTP cannot
reach.

A device stands behind NAT when the address of its ConnectionRequestURL is neither the one its Inform came
from nor in the tenant's CPE networks. It is told at each boot, since a reset forgets it; a model without STUN
refuses, and that is all.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from backend.cwmp import datamodel
from backend.cwmp.rpc import Inform
from backend.devices import queue, stun
from backend.devices.connection_request import may_call
from backend.devices.known import ENROLLED, Known
from backend.identity import people
from workflows.effects import SetValues, effect_to_json

DEADLINE_S: Final = 600.0
KEEP_ALIVE_S: Final = (20, 60)
"""Least and most: most NATs forget a UDP way after 30 s to some minutes."""
OWNER: Final = "nat:"

_BOOTS: Final = frozenset({"0 BOOTSTRAP", "1 BOOT"})
_ROOTS: Final = {"tr181": "Device.", "tr098": "InternetGatewayDevice."}
_URL: Final = "ManagementServer.ConnectionRequestURL"

_server: tuple[str, int] | None = None


def bind(host: str, port: int) -> None:
    """Where devices reach the STUN server; port 0: there is none."""
    global _server
    _server = (host, port) if host and port else None


def began(known: Known, inform: Inform, source_address: str, now: float) -> None:
    """Have a device behind NAT use STUN; inside the transaction of its Inform."""
    if _server is None or known.admission != ENROLLED:
        return
    if not any(event.code in _BOOTS for event in inform.events) or not inform.values:
        return
    model = datamodel.data_model_of(inform.values[0].name)
    root = _ROOTS.get(model or "")
    told = {value.name: value.value for value in inform.values}
    if root is None or not _is_behind_nat(known.tenant_id, told.get(root + _URL, ""), source_address):
        return
    host, port = _server
    written = (
        ("STUNServerAddress", host, "xsd:string"),
        ("STUNServerPort", str(port), "xsd:unsignedInt"),
        ("STUNUsername", known.username, "xsd:string"),
        ("STUNPassword", stun.password_of(known.username), "xsd:string"),
        ("STUNMinimumKeepAlivePeriod", str(KEEP_ALIVE_S[0]), "xsd:unsignedInt"),
        ("STUNMaximumKeepAlivePeriod", str(KEEP_ALIVE_S[1]), "xsd:int"),
        ("STUNEnable", "1", "xsd:boolean"),
    )
    at = f"{root}ManagementServer."
    write = SetValues(tuple((at + name, value, kind) for name, value, kind in written))
    queue.withdraw(known.device_id, f"{OWNER}{known.device_id}:", now)
    queue.enqueue(
        known.tenant_id,
        known.device_id,
        owner_key=f"{OWNER}{known.device_id}:{now:.3f}",
        request=effect_to_json(write),
        deadline_at=now + DEADLINE_S,
        now=now,
    )


def _is_behind_nat(tenant_id: str, url: str, source_address: str) -> bool:
    try:
        host = ipaddress.ip_address(urlsplit(url).hostname or "")
    except ValueError:
        return False
    return not may_call(host, source_address, people.tenant(tenant_id).settings.get("cpe_networks", ()))
