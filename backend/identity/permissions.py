"""The one place that decides who may do what. Closed by default: what is not in these tables is refused.

An HTTP endpoint or socket event carries the action it needs (`backend.identity.http.requires`,
`backend.identity.sockets.requires_on_socket`) or is named in PUBLIC; the application does not start
otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backend.errors import Forbidden, NotFound

Kind = Literal["customer", "staff", "system"]
Role = Literal["customer", "agent", "operator", "author", "supervisor", "administrator"]

STAFF_ROLES: tuple[Role, ...] = ("agent", "operator", "author", "supervisor", "administrator")
ROLES: tuple[Role, ...] = ("customer", *STAFF_ROLES)


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks.

    `id` is the customer's or staff member's row id; `family_id` the sign-in, empty for the system.
    """

    kind: Kind
    id: str
    tenant_id: str
    role: Role
    name: str
    family_id: str = ""

    @property
    def audience(self) -> str:
        """Which audience of session events this subject belongs to: customer, agent or operator."""
        if self.kind == "customer":
            return "customer"
        return "agent" if self.role == "agent" else "operator"


_EVERYONE: frozenset[Role] = frozenset(ROLES)
_STAFF: frozenset[Role] = frozenset(STAFF_ROLES)
_CUSTOMER: frozenset[Role] = frozenset({"customer"})
_CARE: frozenset[Role] = frozenset({"agent", "operator", "supervisor"})
_DESK: frozenset[Role] = frozenset({"operator", "supervisor"})
_SUPERVISOR: frozenset[Role] = frozenset({"supervisor"})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "identity.read": _EVERYONE,
    "home.read": _CUSTOMER,
    "conversation.start": _CUSTOMER,
    "conversation.read": _CUSTOMER | _CARE,
    "conversation.answer": _CUSTOMER | _CARE,
    "conversation.message": _CUSTOMER | _CARE,
    "conversation.person": _CUSTOMER | _CARE,
    "conversation.start_for_customer": _CARE,
    "customer.search": _CARE,
    "customer.read": _CARE,
    "device.search": _CARE,
    "device.read": _CARE,
    "device.browse": _DESK,
    "device.operate": _DESK,
    "device.write": _DESK,
    "device.undo": _DESK,
    "device.reveal": _SUPERVISOR,
    "device.admit": _SUPERVISOR,
    "file.list": _DESK,
    "file.read": _DESK,
    "file.create": _DESK,
    "file.delete": _SUPERVISOR,
    "workflow.list": _CARE | {"author"},
    "escalation.list": _DESK,
    "escalation.read": _DESK,
    "escalation.take": _DESK,
    "escalation.note": _DESK,
    "escalation.message": _DESK,
    "escalation.resolve": _DESK,
    "escalation.hand_back": _DESK,
    "staff.list": frozenset({"supervisor", "administrator"}),
    "staff.create": frozenset({"administrator"}),
    "staff.deactivate": frozenset({"administrator"}),
}

PUBLIC: dict[str, str] = {
    "customer-auth.request_code": "signing in",
    "customer-auth.exchange_code": "signing in",
    "auth.staff_token": "signing in",
    "auth.refresh": "carries its own proof: the refresh cookie",
    "auth.logout": "carries its own proof: the refresh cookie",
    "site.page": "pages hold no data",
    "site.asset": "pages hold no data",
    "site.at_root": "pages hold no data",
    "health.live": "for the load balancer",
    "health.ready": "for the load balancer",
    "health.metrics": "numbers only; close it to the outside in the proxy",
    "api-docs.openapi_json": "the description of the API",
    "demo.accounts": "only in the demo",
    "demo.codes": "only in the demo",
}

PUBLIC_EVENTS: dict[str, str] = {
    "connect": "carries its own proof: the access token",
    "disconnect": "leaving needs no permission",
}


def allowed(role: str, action: str) -> bool:
    """Whether the role may do the action at all. KeyError for an action that does not exist."""
    return role in PERMISSIONS[action]


def authorize(
    subject: Subject, action: str, *, tenant_id: str | None = None, owner_id: str | None = None
) -> None:
    """Let the subject do the action on a thing of `tenant_id` that belongs to the customer `owner_id`, or
    raise.

    Another tenant's thing, or for a customer another customer's, is NotFound, so that nobody learns it
    exists; a role without the permission is Forbidden. Give both ids whenever there is a thing.
    """
    roles = PERMISSIONS[action]
    if tenant_id is not None and tenant_id != subject.tenant_id:
        raise NotFound()
    if subject.kind == "system":
        return
    if subject.role not in roles:
        raise Forbidden()
    if subject.kind == "customer" and owner_id is not None and owner_id != subject.id:
        raise NotFound()
