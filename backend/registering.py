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
from backend.devices import records
from backend.errors import Conflict, UserError
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
    """Enter a customer with a router; the router may call at once. Running it again brings it up to date."""
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
    given = parser.parse_args(list(arguments))
    password = _password("Password the router proves itself with")
    now = time.time()
    with database.connection():
        found = [one for one in people.tenants() if one.slug == given.slug]
        if not found:
            print(f"there is no tenant {given.slug}: make it with `app.py tenant`", file=sys.stderr)
            return 1
        tenant_id = found[0].id
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
            records.enrol(
                tenant_id,
                oui=given.oui,
                product_class=given.product_class,
                serial_number=given.serial_number,
                password=password,
                customer_id=customer_id,
                now=now,
            )
        except UserError as error:
            return _failed(error)
    print(f"{given.oui.upper()}-{given.product_class}-{given.serial_number} may call; it is {given.phone}'s")
    return 0


def _password(question: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{question}: ")
    return sys.stdin.readline().rstrip("\n")


def _failed(error: UserError) -> int:
    why = "; ".join(f"{name}: {', '.join(errors)}" for name, errors in (error.fields or {}).items())
    advice = " It is there already." if isinstance(error, Conflict) else ""
    print(f"{error.message}{advice} {why}".strip(), file=sys.stderr)
    return 1
