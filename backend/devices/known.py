"""Who a CPE may be: a device of its own name, or whoever holds a credential that many devices share.

All that is read of a device before it has authenticated (TR-069 3.4.4) is read here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final
from urllib.parse import quote, unquote

from backend.cwmp.rpc import DeviceId
from backend.devices.statements import Statement

ENROLLED: Final = "enrolled"
QUARANTINED: Final = "quarantined"
ANY_FACTORY: Final = "*"
"""`factory_id` of a device that any shared credential of its tenant may open again."""
_AS_IT_IS: Final = " !#$&'()*+,-./;<=>?@[]^_`{|}~"
"""Of what is neither letter nor digit, what every device can hold and send in a user name."""


@dataclass(frozen=True, slots=True)
class Known:
    """A device by its username, with what the record said before this Inform."""

    device_id: str
    tenant_id: str
    username: str
    password_sealed: str = field(repr=False)
    oui: str = ""
    product_class: str = ""
    serial_number: str = ""
    admission: str = ENROLLED
    factory_id: str = ""
    credentials_at: float | None = None
    credentials_asked_at: float | None = None
    inform_digest: str = ""
    inform_stored_at: float = 0.0
    data_model: str = ""
    manufacturer: str = ""
    model: str = ""
    software_version: str = ""
    hardware_version: str = ""
    connection_request_url: str = ""
    parameter_key: str = ""
    source_address: str = ""
    cwmp_namespace: str = ""
    nat_detected: bool = False
    udp_address: str = ""
    last_boot_at: float | None = None
    boot_count: int = 0

    def is_named(self, device: DeviceId) -> bool:
        """Whether an Inform's DeviceId is this device's: the authenticated identity must equal it."""
        return (
            self.serial_number == device.serial_number
            and self.oui == device.oui.upper()
            and self.product_class == device.product_class
        )

    @property
    def is_pending(self) -> bool:
        """Whether a shared credential brought it and it has no password of its own yet."""
        return bool(self.factory_id) and self.credentials_at is None

    def opens(self, shared: Shared) -> bool:
        """Whether this shared credential still opens the device."""
        return (
            self.is_pending
            and self.tenant_id == shared.tenant_id
            and self.factory_id in (shared.id, ANY_FACTORY)
        )


@dataclass(frozen=True, slots=True)
class Shared:
    """A credential that many devices share; it may only enrol.

    `names`: what the client certificate says its holder is, for those of kind "certificate".
    """

    id: str
    tenant_id: str
    kind: str
    username: str
    password_sealed: str = field(repr=False)
    oui: str = ""
    product_class: str = ""
    names: str = ""


_KNOWN: Final = ", ".join(["id", *(one.name for one in fields(Known)[1:])])
_SHARED: Final = ", ".join(one.name for one in fields(Shared)[:-1])
_BY_USERNAME = Statement(f"SELECT {_KNOWN} FROM device WHERE username = ?")
_BY_IDENTITY = Statement(
    f"SELECT {_KNOWN} FROM device WHERE tenant_id = ? AND oui = ? AND product_class = ? AND serial_number = ?"
)
_SHARED_BY_USERNAME = Statement(f"SELECT {_SHARED} FROM factory_credential WHERE username = ?")


def credentials(username: str) -> Known | None:
    """The record a CPE claims to be, by username; all that is read before it has authenticated."""
    row = _BY_USERNAME(username).fetchone()
    return Known(*row) if row is not None else None


def shared_credentials(username: str) -> Shared | None:
    """The credential of this username that many devices share."""
    row = _SHARED_BY_USERNAME(username).fetchone()
    return Shared(*row) if row is not None else None


def by_identity(tenant_id: str, device: DeviceId) -> Known | None:
    """The tenant's device that an Inform names."""
    row = _BY_IDENTITY(tenant_id, device.oui.upper(), device.product_class, device.serial_number).fetchone()
    return Known(*row) if row is not None else None


def username_of(device: DeviceId) -> str:
    """OUI-ProductClass-SerialNumber, the user name TR-069 recommends (3.4.4)."""
    return "-".join(part for part in (device.oui.upper(), device.product_class, device.serial_number) if part)


def plain_name(username: str) -> str:
    """A user name without percent-encoding; as it is, where that would give no name."""
    plain = unquote(username)
    return plain if plain.isprintable() else username


def encoded_name(username: str) -> str:
    """A user name as a device is given it: what firmware gets wrong in an HTTP header, or what HTTP cannot
    hold, is percent-encoded (quotes, colons, letters beyond ASCII).
    """
    return quote(username, safe=_AS_IT_IS)
