"""What every device is given and asked at "0 BOOTSTRAP" (TR-069 Table 8): it may be as new.

Its connection-request credentials are written again, and the objects that conditions read most are read, so
that offline steps have something to stand on. Each read is a task of its own: an object a model lacks fails
alone.
"""

from __future__ import annotations

from typing import Final

from backend.devices import queue
from backend.devices.tables import Device
from backend.identity import secrets
from workflows.effects import GetValues, SetValues, effect_to_json

DEADLINE_S: Final = 600.0

OBJECTS: Final = {
    "tr181": (
        "Device.DHCPv4.Server.",
        "Device.IP.Interface.",
        "Device.Hosts.",
        "Device.WiFi.SSID.",
        "Device.WiFi.Radio.",
    ),
    "tr098": ("InternetGatewayDevice.LANDevice.",),
}
"""What is read at first contact, by data model."""

_ROOTS: Final = {"tr181": "Device.", "tr098": "InternetGatewayDevice."}


def bootstrapped(tenant_id: str, device_id: str, now: float) -> None:
    """Queue the writes and reads of a first contact, inside the transaction of its Inform."""
    device = Device.of(tenant_id).where(Device.id == device_id).first()
    root = _ROOTS.get(device.data_model) if device is not None else None
    if device is None or root is None:
        return
    queue.withdraw(device_id, f"bootstrap:{device_id}:", now)
    key = f"bootstrap:{device_id}:{now:.3f}"
    if device.cr_username and device.cr_password_sealed:
        password = secrets.open_sealed(tenant_id, device.cr_password_sealed)
        write = SetValues(
            (
                (f"{root}ManagementServer.ConnectionRequestUsername", device.cr_username, "xsd:string"),
                (f"{root}ManagementServer.ConnectionRequestPassword", password, "xsd:string"),
            )
        )
        queue.enqueue(
            tenant_id,
            device_id,
            owner_key=f"{key}:credentials",
            request=effect_to_json(write),
            deadline_at=now + DEADLINE_S,
            now=now,
        )
    reads = (f"{root}ManagementServer.PeriodicInformInterval", *OBJECTS[device.data_model])
    for name in reads:
        queue.enqueue(
            tenant_id,
            device_id,
            owner_key=f"{key}:{name}",
            request=effect_to_json(GetValues((name,))),
            deadline_at=now + DEADLINE_S,
            now=now,
        )
