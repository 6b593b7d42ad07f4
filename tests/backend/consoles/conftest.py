"""The consoles over the whole application, with homes of the demo whose routers are simulated and call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backend import database as store
from backend.config import Config
from backend.devices import history
from backend.devices.history import History
from backend.identity import passwords
from backend.live import doorbell
from backend.runs import catalogue
from backend.simulator.seed import seed
from tests.backend.care import Home
from tests.conftest import Demo
from workflows.reader import Library, read_library

DEVICES = "/api/v1/staff/devices"


@dataclass
class Desk:
    """Staff of one tenant at their pages: `get("operator", "/…")` gives the answer."""

    client: Any
    demo: Demo
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    def headers(self, role: str) -> dict[str, str]:
        if role not in self.tokens:
            with store.connection():
                self.tokens[role] = self.demo.headers(role)
        return self.tokens[role]

    def get(self, role: str, address: str, /, **query: Any) -> Any:
        return self.client.get(address, headers=self.headers(role), query_string=query)

    def post(self, role: str, address: str, body: Any = None, /, **query: Any) -> Any:
        body = {} if body is None else body
        return self.client.post(address, headers=self.headers(role), json=body, query_string=query)

    def put(self, role: str, path: str, body: Any) -> Any:
        return self.client.put(path, headers=self.headers(role), json=body)

    def delete(self, role: str, path: str) -> Any:
        return self.client.delete(path, headers=self.headers(role))


@pytest.fixture
def app(database_bound: Config) -> Any:
    """The whole application, which binds the store anew, so the first binding is let go."""
    from app import create_app

    store.unbind()
    made = create_app(database_bound)
    made.testing = False
    return made


@pytest.fixture
def rung() -> list[Any]:
    """What the doorbell told."""
    return []


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped library, read once."""
    return read_library()


@pytest.fixture
def desk(make_tenant: Callable[[str], Demo], app: Any, rung: list[Any], library: Library) -> Iterator[Desk]:
    """Staff of a tenant with the demo's homes, the library published, sessions kept."""
    made = make_tenant("north")
    with store.connection(), pytest.MonkeyPatch.context() as quick:
        quick.setattr(passwords, "hash_password", lambda _: "not used here")
        seed(made.tenant_id, time.time())
        catalogue.publish(made.tenant_id, library, time.time())
    doorbell.bind(doorbell.Doorbell(rung.extend))
    history.bind(History(lambda: 1.0))
    yield Desk(app.test_client(), made)
    history.bind(None)
    doorbell.bind(None)


@pytest.fixture
def home_of(desk: Desk, tmp_path: Path) -> Callable[[str], Home]:
    """home_of(story) -> a home whose router has called once."""

    def make(story: str) -> Home:
        with store.connection():
            made = Home(desk.demo.tenant_id, story, tmp_path / "routers")
            made.contact()
        return made

    return make


@pytest.fixture
def home(home_of: Callable[[str], Home]) -> Home:
    """The home whose router does not give out addresses."""
    return home_of("dhcp-disabled")


@pytest.fixture
def at(home: Home) -> str:
    """The address of that home's router."""
    return f"{DEVICES}/{home.device_id}"


@pytest.fixture
def call(home: Home) -> Callable[..., None]:
    """The router of that home calls, and what was said is kept."""

    def contact(*events: str) -> None:
        with store.connection():
            home.contact(*(events or ("6 CONNECTION REQUEST",)))
            history.flush(9e9)

    return contact
