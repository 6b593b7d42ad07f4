"""How unknown devices come in: the tenant's policy, credentials that many devices share, quarantine.

A tenant says in its setting `enrolment` what becomes of a device nobody has entered: "refuse" (where nothing
is said), "quarantine" (it is kept and answered, nothing of it is read or written until staff admit it) or
"enrol". Whoever comes must have authenticated all the same: with a credential from the factory, or with a
client certificate (TR-069 3.4.4). A shared credential may only enrol: at first contact the device is given a
user name and password of its own, and once it holds them the shared one no longer opens it.
"""

from __future__ import annotations

import re
import secrets as chance
from dataclasses import replace
from typing import Final

import peewee
import structlog

from backend import announcements, database
from backend.cwmp import datamodel
from backend.cwmp.rpc import DeviceId, Inform
from backend.devices import known as known_devices
from backend.devices import provisioning, queue, records
from backend.devices.announcements import DeviceChanged, TaskFinished
from backend.devices.known import ANY_FACTORY, ENROLLED, QUARANTINED, Known, Shared
from backend.devices.statements import Statement
from backend.devices.tables import Device, FactoryCredential
from backend.errors import Conflict, Invalid, NotFound
from backend.identity import people, secrets
from workflows.effects import SetValues, effect_to_json

log = structlog.get_logger(__name__)

REFUSE: Final = "refuse"
POLICIES: Final = (REFUSE, "quarantine", "enrol")
QUARANTINE_LIMIT_DEVICES: Final = 10_000
PASSWORD_BYTES: Final = 18
ASK_AGAIN_S: Final = 3600.0
KNOCK_KEPT_S: Final = 60.0
DEADLINE_S: Final = 600.0
OWNER: Final = "credentials:"
CERTIFICATE: Final = "certificate"

_OUI: Final = re.compile(r"[0-9A-F]{6}")
_ROOTS: Final = {"tr181": "Device.", "tr098": "InternetGatewayDevice."}
_ASKED = Statement("UPDATE device SET credentials_asked_at = ? WHERE id = ? AND tenant_id = ?")
_HELD = Statement(
    "UPDATE device SET credentials_at = ? WHERE id = ? AND tenant_id = ? AND credentials_at IS NULL"
)
_REOPEN = Statement(
    "UPDATE device SET credentials_at = NULL, credentials_asked_at = NULL, factory_id = ?"
    " WHERE id = ? AND tenant_id = ?"
)
_KNOCKED = Statement(
    "UPDATE device SET knocked_at = ? WHERE id = ? AND tenant_id = ?"
    " AND (knocked_at IS NULL OR knocked_at < ?)"
)


class NotEnrolled(Exception):
    """The device may not come in. `reason` is a word for the log, `text` a sentence for the answer."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text


# -- at the door ----------------------------------------------------------------------------------


def device_of(shared: Shared, device: DeviceId, now: float) -> Known:
    """The device that an Inform under a shared credential names, made known where the policy lets it in.

    NotEnrolled when the credential is not for it, no longer opens it, or the tenant refuses unknown devices.
    """
    device = replace(device, oui=device.oui.upper())
    _check_may_bring(shared, device)
    found = known_devices.by_identity(shared.tenant_id, device)
    if found is not None:
        if found.opens(shared) or shared.names:
            return found
        _knocked(found, now)
        raise NotEnrolled(
            "factory_credential_spent",
            f"{found.username} has credentials of its own. Staff may let it enrol anew if it was reset.",
        )
    policy = str(people.tenant(shared.tenant_id).settings.get("enrolment", REFUSE))
    if policy not in POLICIES[1:]:
        raise NotEnrolled("unknown_device", "This device is not known here.")
    if policy == "quarantine" and _in_quarantine(shared.tenant_id) >= QUARANTINE_LIMIT_DEVICES:
        raise NotEnrolled("quarantine_full", "Too many devices wait to be admitted.")
    return _made(shared, device, ENROLLED if policy == "enrol" else QUARANTINED, now)


def began(known: Known, login: Known | Shared, inform: Inform, now: float) -> None:
    """What enrolment has to do when a device has begun a session; inside the transaction of its Inform.

    Who comes by its own name holds its own password: a shared one is spent. Otherwise it is told its own,
    again after ASK_AGAIN_S where that failed; and what was not asked at bootstrap is asked.
    """
    if known.admission != ENROLLED:
        return
    is_bootstrap = any(event.code == "0 BOOTSTRAP" for event in inform.events)
    if not known.is_pending:
        if not known.data_model and not is_bootstrap:
            provisioning.heard(known.tenant_id, known.device_id, now)
        return
    if isinstance(login, Known):
        _HELD(now, known.device_id, known.tenant_id)
        return
    if known.credentials_asked_at is not None and now - known.credentials_asked_at < ASK_AGAIN_S:
        return
    model = datamodel.data_model_of(inform.values[0].name) if inform.values else known.data_model
    root = _ROOTS.get(model or "")
    if root is None:
        return
    if known.credentials_asked_at is None and not is_bootstrap:
        provisioning.bootstrapped(known.tenant_id, known.device_id, now)
    password = secrets.open_sealed(known.tenant_id, known.password_sealed)
    write = SetValues(
        (
            (f"{root}ManagementServer.Username", known_devices.encoded_name(known.username), "xsd:string"),
            (f"{root}ManagementServer.Password", password, "xsd:string"),
        )
    )
    queue.withdraw(known.device_id, OWNER, now)
    queue.enqueue(
        known.tenant_id,
        known.device_id,
        owner_key=f"{OWNER}{known.device_id}:{now:.3f}",
        request=effect_to_json(write),
        deadline_at=now + DEADLINE_S,
        now=now,
    )
    _ASKED(now, known.device_id, known.tenant_id)


def task_finished(event: TaskFinished) -> None:
    """The device has taken its own password: a shared one no longer opens it; or it has taken the one for
    its connection request. Hears TaskFinished, inside."""
    provisioning.task_finished(event)
    if event.owner_key.startswith(OWNER) and event.reply.ok:
        _HELD(event.reply.at, event.device_id, event.tenant_id)


def _knocked(found: Known, now: float) -> None:
    """A device that has its own credentials came by a shared one: staff see it, once a minute at most."""
    with database.transaction():
        if _KNOCKED(now, found.device_id, found.tenant_id, now - KNOCK_KEPT_S).rowcount:
            announcements.announce(DeviceChanged(found.tenant_id, found.device_id, frozenset({"record"})))


def _check_may_bring(shared: Shared, device: DeviceId) -> None:
    lengths = len(device.product_class) <= 64 and 0 < len(device.serial_number) <= 64
    name = known_devices.username_of(device)
    if not _OUI.fullmatch(device.oui) or not lengths or not name.isprintable():
        raise NotEnrolled("identity_malformed", "The Inform names no device that could be kept.")
    if shared.oui and shared.oui != device.oui:
        raise NotEnrolled("credential_for_others", "This credential is for devices of another maker.")
    if shared.product_class and shared.product_class != device.product_class:
        raise NotEnrolled("credential_for_others", "This credential is for other devices.")
    if shared.names and shared.names not in (name, f"{device.oui}-{device.serial_number}"):
        raise NotEnrolled("identity_differs", "The Inform names another device than the certificate.")


def _in_quarantine(tenant_id: str) -> int:
    return int(Device.of(tenant_id).where(Device.admission == QUARANTINED).count())


def _made(shared: Shared, device: DeviceId, admission: str, now: float) -> Known:
    """A row for a device seen for the first time, with credentials that nobody has yet."""
    username = known_devices.username_of(device)
    try:
        with database.savepoint():
            Device.create(
                tenant_id=shared.tenant_id,
                oui=device.oui,
                product_class=device.product_class,
                serial_number=device.serial_number,
                username=username,
                password_sealed=secrets.seal(shared.tenant_id, chance.token_urlsafe(PASSWORD_BYTES)),
                cr_username=known_devices.encoded_name(username),
                cr_password_sealed=secrets.seal(shared.tenant_id, chance.token_urlsafe(PASSWORD_BYTES)),
                manufacturer=device.manufacturer[:64],
                created_at=now,
                admission=admission,
                factory_id=shared.id,
                credentials_at=now if shared.kind == CERTIFICATE else None,
            )
    except peewee.IntegrityError as error:
        raise NotEnrolled("known_elsewhere", "A device of this name is known already.") from error
    made = known_devices.by_identity(shared.tenant_id, device)
    assert made is not None
    log.info("device_enrolled", device=made.device_id, tenant=shared.tenant_id, admission=admission)
    return made


# -- by staff -------------------------------------------------------------------------------------


def admit(tenant_id: str, device_id: str, customer_id: str | None, now: float) -> None:
    """Let a device out of quarantine, to a customer if one is named; what a first contact asks is queued.

    NotFound when unknown. A device that is enrolled already keeps its owner unless a customer is named.
    """
    with database.transaction():
        device = Device.lock(tenant_id, device_id)
        was, device.admission = device.admission, ENROLLED
        device.customer_id = customer_id or device.customer_id
        device.save(only=[Device.admission, Device.customer_id])
        if was != ENROLLED:
            provisioning.bootstrapped(tenant_id, device_id, now)


def enter(
    tenant_id: str,
    device: DeviceId,
    *,
    password: str | None,
    customer_id: str | None,
    now: float,
) -> str:
    """Enter a device by hand, or bring one up to date that is known, and let it in; gives its id.

    `password` None: the one it has stays, as does all that it was given at its first contact. Credentials for
    its connection request are made where it has none, and given to it when it calls. NotFound when it has to
    be known and is not; Invalid for an OUI that is none, or no password.
    """
    if password == "":
        raise Invalid(fields={"password": ["Must be given."]})
    device = replace(device, oui=_checked(device.oui, needed=True))
    with database.transaction():
        before = known_devices.by_identity(tenant_id, device)
        if password is not None:
            records.enrol(
                tenant_id,
                oui=device.oui,
                product_class=device.product_class,
                serial_number=device.serial_number,
                password=password,
                customer_id=customer_id,
                now=now,
            )
        known = known_devices.by_identity(tenant_id, device)
        if known is None:
            raise NotFound()
        row = Device.lock(tenant_id, known.device_id)
        lacks = not row.cr_password_sealed
        if lacks:
            row.cr_username, row.cr_held_at = known_devices.encoded_name(row.username), None
            row.cr_password_sealed = secrets.seal(tenant_id, chance.token_urlsafe(PASSWORD_BYTES))
        row.admission, row.customer_id = ENROLLED, customer_id or row.customer_id
        row.save()
        if lacks or (before is not None and before.admission != ENROLLED):
            provisioning.bootstrapped(tenant_id, known.device_id, now)
    return known.device_id


def reopen(tenant_id: str, device_id: str) -> None:
    """Let a shared credential of the tenant open this device once more: it has been reset to what it left the
    factory with. For staff, and for our own FactoryReset; inside or outside a transaction."""
    with database.transaction():
        device = Device.find(tenant_id, device_id)
        _REOPEN(device.factory_id or ANY_FACTORY, device_id, tenant_id)


def reset_sent(tenant_id: str, device_id: str) -> None:
    """Our FactoryReset is about to leave: a device that came by a shared credential will come by it again.

    One that was entered with the password it left the factory with comes with that.
    """
    device = Device.find(tenant_id, device_id)
    if device.factory_id:
        _REOPEN(device.factory_id, device_id, tenant_id)


def add_shared(
    tenant_id: str, username: str, password: str, *, oui: str = "", product_class: str = "", now: float
) -> str:
    """Keep a credential that many devices share, for this OUI and product class where given; gives its id.

    Conflict when the user name is taken. The same user name of the same tenant again changes the password.
    """
    _checked(oui, needed=False)
    return _shared(tenant_id, "digest", username, secrets.seal(tenant_id, password), oui, product_class, now)


def add_certificates(tenant_id: str, oui: str, product_class: str = "", *, now: float) -> str:
    """Let devices of this maker in by the client certificates they carry; gives the rule's id."""
    name = _certificate_rule(_checked(oui, needed=True), product_class)
    return _shared(tenant_id, CERTIFICATE, name, "", oui, product_class, now)


def shared_of(tenant_id: str) -> list[dict[str, str]]:
    """The tenant's shared credentials without their passwords: id, kind, username, oui, product_class."""
    rows = FactoryCredential.of(tenant_id).order_by(FactoryCredential.username)
    names = ("id", "kind", "username", "oui", "product_class")
    return [{name: getattr(row, name) for name in names} for row in rows]


def remove_shared(tenant_id: str, shared_id: str) -> None:
    """Forget a shared credential: nobody can enrol by it any more. NotFound when unknown."""
    with database.transaction():
        FactoryCredential.find(tenant_id, shared_id).delete_instance()


def certificate_rule(name: str) -> Shared | None:
    """The rule for a device whose certificate says OUI-ProductClass-SerialNumber or OUI-SerialNumber."""
    oui, _, rest = name.partition("-")
    product_class = rest.rpartition("-")[0]
    for rule in (_certificate_rule(oui.upper(), product_class), _certificate_rule(oui.upper(), "")):
        found = known_devices.shared_credentials(rule)
        if found is not None and found.kind == CERTIFICATE:
            return replace(found, names=name)
    return None


def _checked(oui: str, *, needed: bool) -> str:
    """An OUI in capitals, or Invalid; "" is any, unless one is needed."""
    if not _OUI.fullmatch(oui.upper()) and (oui or needed):
        raise Invalid(fields={"oui": ["Must be six hexadecimal digits."]})
    return oui.upper()


def _certificate_rule(oui: str, product_class: str) -> str:
    return f"{CERTIFICATE} {oui} {product_class}".strip()


def _shared(
    tenant_id: str, kind: str, username: str, sealed: str, oui: str, product_class: str, now: float
) -> str:
    with database.transaction():
        row = FactoryCredential.select().where(FactoryCredential.username == username).first()
        is_anothers = row is not None and row.tenant_id != tenant_id
        if is_anothers or known_devices.credentials(username) is not None:
            raise Conflict("username_taken", "This user name is taken.")
        row = row or FactoryCredential(tenant_id=tenant_id, username=username, created_at=now)
        row.kind, row.password_sealed = kind, sealed
        row.oui, row.product_class = oui.upper(), product_class
        is_new = not FactoryCredential.of(tenant_id).where(FactoryCredential.id == row.id).exists()
        row.save(force_insert=is_new)
    return str(row.id)
