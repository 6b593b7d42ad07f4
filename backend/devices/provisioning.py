"""What every device is given and asked at "0 BOOTSTRAP" (TR-069 Table 8): it may be as new.

Its connection-request credentials are written again, its Inform interval where the tenant sets one, and the
objects that conditions read most are read, so that offline steps have something to stand on. Each is a task
and a fault channel of its own: an object that a model lacks fails alone, and what a device refuses just now
is asked again later (`retrying`). A new bootstrap takes back what the one before it still waits for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from backend.devices import queue
from backend.devices.announcements import TaskFinished
from backend.devices.statements import Statement
from backend.devices.tables import Device
from backend.identity import people, secrets
from workflows.effects import Effect, GetValues, SetValues, effect_to_json

DEADLINE_S: Final = 86_400.0
INTERVAL_LEAST_S: Final = 30
INTERVAL_MOST_S: Final = 7 * 86_400

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

OWNER: Final = "bootstrap:"
CREDENTIALS: Final = "credentials"

_ROOTS: Final = {"tr181": "Device.", "tr098": "InternetGatewayDevice."}
_CR_GIVEN = Statement("UPDATE device SET cr_held_at = NULL WHERE id = ? AND tenant_id = ?")
_CR_HELD = Statement("UPDATE device SET cr_held_at = ? WHERE id = ? AND tenant_id = ?")


def bootstrapped(tenant_id: str, device_id: str, now: float) -> None:
    """Queue the writes and reads of a first contact, inside the transaction of its Inform."""
    device = Device.of(tenant_id).where(Device.id == device_id).first()
    root = _ROOTS.get(device.data_model) if device is not None else None
    if device is None or root is None:
        return
    owner = f"{OWNER}{device_id}:"
    queue.withdraw(device_id, owner, now)

    def order(what: str, effect: Effect) -> None:
        queue.enqueue(
            tenant_id,
            device_id,
            owner_key=f"{owner}{now:.3f}:{what}",
            channel=f"{owner}{what}",
            request=effect_to_json(effect),
            deadline_at=now + DEADLINE_S,
            now=now,
        )

    if device.cr_username and device.cr_password_sealed:
        password = secrets.open_sealed(tenant_id, device.cr_password_sealed)
        order(CREDENTIALS, _credentials(root, device.cr_username, password))
        _CR_GIVEN(device_id, tenant_id)
    interval_s = _interval_s(people.tenant(tenant_id).settings)
    if interval_s is not None:
        order("interval", _interval(root, interval_s))
    if device.model == device.product_class:  # its Inform did not say: files are kept by model
        order("model", GetValues((f"{root}DeviceInfo.ModelName",)))
    for name in (f"{root}ManagementServer.PeriodicInformInterval", *OBJECTS[device.data_model]):
        order(name, GetValues((name,)))


def heard(tenant_id: str, device_id: str, now: float) -> None:
    """A device is heard for the first time and calls it no bootstrap: it is given what it lacks all the
    same, inside the transaction of its Inform."""
    device = Device.of(tenant_id).where(Device.id == device_id).first()
    if device is not None and device.cr_password_sealed and device.cr_held_at is None:
        bootstrapped(tenant_id, device_id, now)


def task_finished(event: TaskFinished) -> None:
    """The device has taken its connection-request credentials: from now on it can be woken. Inside."""
    if event.owner_key.startswith(OWNER) and event.owner_key.endswith(f":{CREDENTIALS}") and event.reply.ok:
        _CR_HELD(event.reply.at, event.device_id, event.tenant_id)


def _credentials(root: str, username: str, password: str) -> SetValues:
    return SetValues(
        (
            (f"{root}ManagementServer.ConnectionRequestUsername", username, "xsd:string"),
            (f"{root}ManagementServer.ConnectionRequestPassword", password, "xsd:string"),
        )
    )


def _interval(root: str, interval_s: int) -> SetValues:
    return SetValues(
        (
            (f"{root}ManagementServer.PeriodicInformEnable", "1", "xsd:boolean"),
            (f"{root}ManagementServer.PeriodicInformInterval", str(interval_s), "xsd:unsignedInt"),
        )
    )


def _interval_s(settings: Mapping[str, Any]) -> int | None:
    """The tenant's setting `inform_interval_s`, within reason; None: devices keep their own."""
    wanted = settings.get("inform_interval_s")
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        return None
    return min(max(wanted, INTERVAL_LEAST_S), INTERVAL_MOST_S)
