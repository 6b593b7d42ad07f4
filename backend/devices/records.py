"""Device records: enrolment, what an Inform brings, and what people may see of a router.

Identity is OUI-ProductClass-SerialNumber (TR-069 3.4.4). Passwords are sealed; nothing here gives them out
but `known` (for the ACS's digest) and `wake_target` (for the connection request).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from backend import database
from backend.cwmp import datamodel
from backend.cwmp.rpc import Inform
from backend.devices import history, names, parameters, queue
from backend.devices.condition import PREFIXES, condition_of
from backend.devices.connection_request import Target
from backend.devices.known import ENROLLED, Known
from backend.devices.known import credentials as credentials
from backend.devices.statements import Statement
from backend.devices.tables import Device
from backend.devices.tags import retagged
from backend.errors import NotFound
from backend.identity import people, secrets
from widgets import messages

SEARCH_LIMIT_DEVICES: Final = 50

_TOLD_COLUMNS: Final = (
    "source_address",
    "cwmp_namespace",
    "inform_digest",
    "inform_stored_at",
    "data_model",
    "manufacturer",
    "model",
    "software_version",
    "hardware_version",
    "connection_request_url",
    "parameter_key",
    "nat_detected",
    "udp_address",
    "last_boot_at",
    "boot_count",
)
_HEARD = Statement("UPDATE device SET last_inform_at = ? WHERE id = ? AND tenant_id = ?")
_CONTACTED = Statement(
    f"UPDATE device SET last_inform_at = ?, {', '.join(f'{name} = ?' for name in _TOLD_COLUMNS)}"
    " WHERE id = ? AND tenant_id = ?"
)

_MODEL = Statement("UPDATE device SET model = ? WHERE id = ? AND tenant_id = ? AND model <> ?")
MODEL_PATHS: Final = frozenset({"Device.DeviceInfo.ModelName", "InternetGatewayDevice.DeviceInfo.ModelName"})

_BOOTS: Final = frozenset({"0 BOOTSTRAP", "1 BOOT"})
_COLUMN_LIMIT_CHARS: Final = {
    "software_version": 64,
    "hardware_version": 64,
    "model": 64,
    "connection_request_url": 256,
    "parameter_key": 32,
    "udp_address": 64,
    "nat_detected": 8,
}
_FROM_INFORM: Final = {
    "DeviceInfo.SoftwareVersion": "software_version",
    "DeviceInfo.HardwareVersion": "hardware_version",
    "DeviceInfo.ModelName": "model",
    "ManagementServer.ConnectionRequestURL": "connection_request_url",
    "ManagementServer.ParameterKey": "parameter_key",
    "ManagementServer.UDPConnectionRequestAddress": "udp_address",
    "ManagementServer.NATDetected": "nat_detected",
}


def enrol(
    tenant_id: str,
    *,
    oui: str,
    product_class: str,
    serial_number: str,
    password: str,
    now: float,
    username: str | None = None,
    cr_username: str = "",
    cr_password: str = "",
    cr_held: bool = True,
    customer_id: str | None = None,
    manufacturer: str = "",
    model: str = "",
    tags: Sequence[str] = (),
) -> str:
    """Make a device known and give its id; enrolling the same identity again changes its credentials and
    owner.

    The username is OUI-ProductClass-SerialNumber unless given; connection request credentials stay as they
    are unless given (`cr_held`: the device knows them already). A device entered so is out of quarantine, and
    no shared credential opens it.
    """
    oui = oui.upper()
    with database.transaction():
        device = Device.of(tenant_id).where(
            Device.oui == oui, Device.product_class == product_class, Device.serial_number == serial_number
        ).first() or Device(
            tenant_id=tenant_id,
            oui=oui,
            product_class=product_class,
            serial_number=serial_number,
            created_at=now,
        )
        device.username = username or "-".join(part for part in (oui, product_class, serial_number) if part)
        device.password_sealed = secrets.seal(tenant_id, password)
        if cr_username:
            device.cr_username = cr_username
            device.cr_password_sealed = secrets.seal(tenant_id, cr_password) if cr_password else ""
            device.cr_held_at = now if cr_held else None
        device.admission, device.credentials_at = ENROLLED, now
        device.customer_id = customer_id
        device.manufacturer = manufacturer or device.manufacturer
        device.model = model or device.model
        device.tags = list(tags)
        retagged(tenant_id, str(device.id), device.tags)
        is_new = (
            not Device.select(Device.id).where(Device.id == device.id, Device.tenant_id == tenant_id).exists()
        )
        device.save(force_insert=is_new)
    return str(device.id)


def remove(tenant_id: str, device_id: str) -> None:
    """Forget a device, its stored model and its tasks; a session it is in ends at its next message.

    NotFound when unknown.
    """
    with database.transaction():
        device = Device.find(tenant_id, device_id)
        parameters.drop(device_id)
        queue.drop(device_id)
        retagged(tenant_id, device_id, ())
        names.drop(device_id)
        history.drop(device_id)
        device.delete_instance()


def contacted(known: Known, inform: Inform, *, cwmp_namespace: str, source_address: str, now: float) -> None:
    """Keep what an Inform says of its device: record and parameters, inside the caller's transaction.

    "0 BOOTSTRAP" drops the stored model first (Table 8). Parameters are written only when they differ from
    the last Inform's, or their time of reading is older than `parameters.REFRESH_S`, and never those of a
    device in quarantine. NotFound when the device was deleted meanwhile.
    """
    codes = {event.code for event in inform.events}
    digest, stored_at = known.inform_digest, known.inform_stored_at
    if known.admission == ENROLLED:
        if "0 BOOTSTRAP" in codes:
            parameters.drop(known.device_id)
            names.drop(known.device_id)
        digest = _digest(inform.values)
        is_old = now - stored_at > parameters.REFRESH_S
        if digest != known.inform_digest or is_old or "0 BOOTSTRAP" in codes:
            parameters.store(known.tenant_id, known.device_id, inform.values, now, told=())
            stored_at = now
    booted = bool(codes & _BOOTS)
    told = _told(inform.values)
    columns = {
        "source_address": source_address[:64],
        "cwmp_namespace": cwmp_namespace[:64],
        "inform_digest": digest,
        "inform_stored_at": stored_at,
        "data_model": _data_model(inform) or known.data_model,
        "manufacturer": inform.device.manufacturer[:64] or known.manufacturer,
        "model": told.get("model") or known.model or inform.device.product_class[:64],
        "nat_detected": datamodel.same(told["nat_detected"], "1", "xsd:boolean")
        if "nat_detected" in told
        else bool(known.nat_detected),
        "last_boot_at": now if booted else known.last_boot_at,
        "boot_count": known.boot_count + booted,
    }
    values = [columns.get(name, told.get(name, getattr(known, name))) for name in _TOLD_COLUMNS]
    if values == [getattr(known, name) for name in _TOLD_COLUMNS]:
        done = _HEARD(now, known.device_id, known.tenant_id)
    else:
        done = _CONTACTED(now, *values, known.device_id, known.tenant_id)
    if done.rowcount != 1:
        raise NotFound()


def read(tenant_id: str, device_id: str, values: Sequence[tuple[str, str, str]]) -> bool:
    """Let the record follow what was read of the device; inside a transaction. Whether it changed: an Inform
    need not name the model, and firmware images are listed by model."""
    for path, value, _ in values:
        model = value.strip()[: _COLUMN_LIMIT_CHARS["model"]] if path in MODEL_PATHS else ""
        if model:
            return bool(_MODEL(model, device_id, tenant_id, model).rowcount)
    return False


def facts(tenant_id: str, device_id: str) -> dict[str, Any]:
    """The record as flat JSON for conditions and pages, without any secret.

    NotFound when it is another tenant's.
    """
    return _facts(Device.find(tenant_id, device_id))


def of_customer(tenant_id: str, customer_id: str) -> list[dict[str, Any]]:
    """The customer's devices, oldest first, as `facts`."""
    rows = (
        Device.of(tenant_id).where(Device.customer_id == customer_id).order_by(Device.created_at, Device.id)
    )
    return [_facts(device) for device in rows]


def of_ids(tenant_id: str, device_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The tenant's devices among these, by id, for staff: `facts` with admission and address."""
    rows = Device.of(tenant_id).where(Device.id.in_(list(device_ids))).order_by(Device.id)
    return [{**_facts(row), "admission": row.admission, "address": row.source_address} for row in rows]


def of_customers(tenant_id: str, customer_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The devices of several customers in one query, by customer."""
    found: dict[str, list[dict[str, Any]]] = {customer_id: [] for customer_id in customer_ids}
    if customer_ids:
        rows = Device.of(tenant_id).where(Device.customer_id.in_(list(customer_ids))).order_by(Device.id)
        for device in rows:
            found[device.customer_id].append(_facts(device))
    return found


def search(tenant_id: str, text: str, limit: int = SEARCH_LIMIT_DEVICES) -> list[dict[str, Any]]:
    """Devices whose serial number begins with `text` (case aside), as `facts`; empty text gives none."""
    text = text.strip()
    if not text:
        return []
    rows = (
        Device.of(tenant_id)
        .where(Device.serial_number.startswith(text.replace("\\", "")))
        .order_by(Device.serial_number, Device.id)
        .limit(min(limit, SEARCH_LIMIT_DEVICES))
    )
    return [_facts(device) for device in rows]


def overview(
    tenant_id: str, device_id: str, now: float, locale: str = "en", *, staff: bool = False
) -> dict[str, Any]:
    """A router in words: its `facts` with state, state_text, online, last_contact_at, dhcp_enabled,
    wifi_enabled and network_names; None is not known. `staff`: told to somebody whose router it is not."""
    return seen(facts(tenant_id, device_id), now, locale, staff=staff)


def seen(found: Mapping[str, Any], now: float, locale: str, *, staff: bool = False) -> dict[str, Any]:
    """The same for a record that is at hand."""
    stored = parameters.load(found["id"], PREFIXES.get(found["data_model"], ()))
    condition = condition_of(found, stored, now)
    return {
        **found,
        "data_model": found["data_model"] or None,
        "state": condition.state,
        "state_text": messages.message(locale, _said(found, condition.reason, staff)),
        "online": condition.online,
        "last_contact_at": found["last_inform_at"],
        "dhcp_enabled": condition.dhcp_enabled,
        "wifi_enabled": condition.wifi_enabled,
        "network_names": list(condition.network_names),
    }


def _said(found: Mapping[str, Any], reason: str, staff: bool) -> str:
    """The id of the text that says how a device is, to its owner or to staff."""
    if not staff:
        return f"device-{reason}"
    return f"device-staff-{reason}" if found["admission"] == ENROLLED else "device-quarantined"


def wake_target(tenant_id: str, device_id: str) -> Target:
    """Where and with which credentials to ask the device to call, and the tenant's own CPE networks."""
    device = Device.find(tenant_id, device_id)
    networks = people.tenant(tenant_id).settings.get("cpe_networks", ())
    sealed = device.cr_password_sealed
    return Target(
        url=device.connection_request_url,
        username=device.cr_username,
        password=secrets.open_sealed(tenant_id, sealed) if sealed else "",
        source_address=device.source_address,
        networks=tuple(networks),
        heard_at=device.last_inform_at,
        udp_address=device.udp_address,
        nat_detected=bool(device.nat_detected),
    )


def _facts(device: Device) -> dict[str, Any]:
    return {
        "id": device.id,
        "customer_id": device.customer_id,
        "oui": device.oui,
        "product_class": device.product_class,
        "serial_number": device.serial_number,
        "manufacturer": device.manufacturer,
        "model": device.model or device.product_class,
        "data_model": device.data_model,
        "software_version": device.software_version,
        "hardware_version": device.hardware_version,
        "last_inform_at": device.last_inform_at,
        "last_boot_at": device.last_boot_at,
        "boot_count": device.boot_count,
        "admission": device.admission,
        "source_address": device.source_address,
        "nat_detected": bool(device.nat_detected),
        "tags": list(device.tags),
    }


def _data_model(inform: Inform) -> str | None:
    return datamodel.data_model_of(inform.values[0].name) if inform.values else None


def _digest(values: Sequence[tuple[str, str, str]]) -> str:
    """A fingerprint of the parameters of an Inform, in their order."""
    text = "\0".join([part for value in values for part in value])
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _told(values: Sequence[tuple[str, str, str]]) -> Mapping[str, str]:
    """Columns of the record that the Inform's parameters speak of."""
    told: dict[str, str] = {}
    for path, value, _ in values:
        column = _FROM_INFORM.get(path.partition(".")[2])
        if column is not None:
            told[column] = value[: _COLUMN_LIMIT_CHARS[column]]
    return told
