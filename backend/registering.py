"""What a provider enters by hand before the first person signs in: a tenant with its administrator, and a
customer with a router. For `app.py tenant` and `app.py enrol`; passwords are typed, or are the first line
of standard input; never on the command line, where other users of the machine could read them."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from backend import database
from backend.crm import ledger
from backend.cwmp.rpc import DeviceId
from backend.devices import enrolment, known
from backend.errors import Conflict, Invalid, UserError
from backend.identity import people
from backend.runs import catalogue
from workflows.reader import LIBRARY


def tenant(arguments: Sequence[str], library: Sequence[Path] = (LIBRARY,)) -> int:
    """Make a tenant with an administrator and publish the shipped workflows for it."""
    parser = argparse.ArgumentParser(prog="app.py tenant", description=tenant.__doc__)
    parser.add_argument("slug", help="short name customers and staff sign in with, e.g. north")
    parser.add_argument("name", help="the provider's name, e.g. 'North Fibre'")
    parser.add_argument("--admin", required=True, metavar="LOGIN", help="login of the first administrator")
    parser.add_argument("--dns", nargs="*", default=[], metavar="IP", help="name servers a repair sets")
    parser.add_argument(
        "--dns-allowed", nargs="*", default=[], metavar="IP", help="name servers that are well"
    )
    parser.add_argument(
        "--cpe-networks", nargs="*", default=[], metavar="CIDR", help="where routers may be called"
    )
    parser.add_argument(
        "--lease-min-s", type=int, default=3600, help="the shortest healthy DHCP lease (3600)"
    )
    given = parser.parse_args(list(arguments))
    settings = {
        "dns": given.dns,
        "dns_allowed": [*given.dns, *given.dns_allowed],
        "cpe_networks": given.cpe_networks,
        "lease_min_s": given.lease_min_s,
    }
    password = _password(f"Password of {given.admin}")
    now = time.time()
    try:
        with database.transaction():
            tenant_id = people.ensure_tenant(given.slug, given.name, settings, now)
            people.add_staff(tenant_id, given.admin, given.admin, "administrator", password, now)
            catalogue.publish_library(tenant_id, now, library)
    except UserError as error:
        return _failed(error)
    print(f"tenant {given.slug} is ready; {given.admin} can sign in and add staff")
    return 0


def enrol(arguments: Sequence[str]) -> int:
    """Enter a customer with a router; the router may call at once. Running it again brings it up to date.

    A router that is known keeps its passwords, which it may have been given at its first contact.
    """
    parser = argparse.ArgumentParser(prog="app.py enrol", description=enrol.__doc__)
    parser.add_argument("slug", help="the tenant's short name")
    parser.add_argument("phone", help="the customer's phone, e.g. +48600000001")
    parser.add_argument("first_name")
    parser.add_argument("last_name")
    parser.add_argument("oui", help="the router's OUI, six hexadecimal digits")
    parser.add_argument("product_class")
    parser.add_argument("serial_number")
    parser.add_argument("--address", default="", help="where the customer lives")
    parser.add_argument("--locale", default="en", help="the customer's language (en)")
    parser.add_argument("--plan", default="", help="what the customer pays for")
    parser.add_argument(
        "--new-password", action="store_true", help="give a router that is known another password"
    )
    given = parser.parse_args(list(arguments))
    router = DeviceId("", given.oui, given.product_class, given.serial_number)
    now = time.time()
    with database.connection():
        found = [one for one in people.tenants() if one.slug == given.slug]
        if not found:
            print(f"there is no tenant {given.slug}: make it with `app.py tenant`", file=sys.stderr)
            return 1
        tenant_id = found[0].id
        password = None
        if given.new_password or known.by_identity(tenant_id, router) is None:
            password = _password("Password the router proves itself with")
        try:
            customer_id = people.ensure_customer(
                tenant_id,
                given.phone,
                given.first_name,
                given.last_name,
                given.address,
                given.locale,
                now,
            )
            if given.plan:
                ledger.subscribe(tenant_id, customer_id, given.plan)
            enrolment.enter(tenant_id, router, password=password, customer_id=customer_id, now=now)
        except UserError as error:
            return _failed(error)
    print(f"{given.oui.upper()}-{given.product_class}-{given.serial_number} may call; it is {given.phone}'s")
    return 0


def admission(arguments: Sequence[str]) -> int:
    """Say which routers nobody has entered may come in, and by what many of them share; then show it all.

    A new shared password is typed, or is the first line of standard input.
    """
    parser = argparse.ArgumentParser(prog="app.py admission", description=admission.__doc__)
    parser.add_argument("slug", help="the tenant's short name")
    parser.add_argument("--policy", choices=enrolment.POLICIES, help="what becomes of unknown routers")
    parser.add_argument("--credential", metavar="NAME", help="user name that many routers share")
    parser.add_argument("--certificates", action="store_true", help="let client certificates of --oui in")
    parser.add_argument("--oui", default="", help="only routers of this maker, six hexadecimal digits")
    parser.add_argument("--product-class", default="", help="only routers of this kind")
    parser.add_argument("--remove", metavar="NAME", help="take a shared credential back")
    parser.add_argument("--reopen", metavar="NAME", help="let a shared credential open this router once more")
    given = parser.parse_args(list(arguments))
    if given.certificates and not given.oui:
        parser.error("--certificates needs --oui")
    now = time.time()
    with database.connection():
        found = [one for one in people.tenants() if one.slug == given.slug]
        if not found:
            print(f"there is no tenant {given.slug}: make it with `app.py tenant`", file=sys.stderr)
            return 1
        try:
            _change_admission(found[0].id, given, now)
        except UserError as error:
            return _failed(error)
        print(f"unknown routers: {people.tenant(found[0].id).settings.get('enrolment', enrolment.REFUSE)}")
        for one in enrolment.shared_of(found[0].id):
            kinds = " ".join(part for part in (one["oui"], one["product_class"]) if part) or "all makers"
            print(f"{one['kind']}: {one['username']} ({kinds})")
    return 0


def _change_admission(tenant_id: str, given: argparse.Namespace, now: float) -> None:
    limits = {"oui": given.oui, "product_class": given.product_class}
    if given.policy:
        people.change_settings(tenant_id, enrolment=given.policy)
    if given.credential:
        password = _password(f"Password of {given.credential}")
        if not password:
            raise Invalid(fields={"password": ["is empty"]})
        enrolment.add_shared(tenant_id, given.credential, password, **limits, now=now)
    if given.certificates:
        enrolment.add_certificates(tenant_id, **limits, now=now)
    if given.remove:
        ids = [one["id"] for one in enrolment.shared_of(tenant_id) if one["username"] == given.remove]
        enrolment.remove_shared(tenant_id, ids[0] if ids else "")
    if given.reopen:
        device = known.credentials(given.reopen)
        enrolment.reopen(tenant_id, device.device_id if device is not None else "")


def _password(question: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{question}: ")
    return sys.stdin.readline().rstrip("\n")


def _failed(error: UserError) -> int:
    why = "; ".join(f"{name}: {', '.join(errors)}" for name, errors in (error.fields or {}).items())
    advice = " It is there already." if isinstance(error, Conflict) else ""
    print(f"{error.message}{advice} {why}".strip(), file=sys.stderr)
    return 1
