"""Homes with a published library, over each store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend import announcements
from backend import database as store
from backend.announcements import Hearers
from backend.runs import catalogue, records
from backend.runs.announcements import RunEnded, RunEscalated
from tests.backend.runs.household import HEARERS, NOW, Household
from tests.conftest import Demo

Moves = Callable[..., Household]


@pytest.fixture
def news(database: None) -> Iterator[list[object]]:
    """What runs have told, in order, while devices and runs hear each other as in the application."""
    told: list[object] = []
    table = {**HEARERS, RunEscalated: Hearers(inside=[told.append]), RunEnded: Hearers(inside=[told.append])}
    with announcements.wired(table, store.after_commit):
        yield told


@pytest.fixture
def move_in(database: None, tenant: Demo, news: list[object], tmp_path: Path) -> Iterator[Moves]:
    """Makes a home of the demo by its story: `move_in("dhcp-disabled")`."""
    records.forget_expected()
    published = catalogue.publish_library(tenant.tenant_id, NOW)
    assert published.errors == ()

    def home(story: str, locale: str = "en") -> Household:
        return Household(tenant.tenant_id, story, tmp_path, locale)

    yield home
    records.forget_expected()
