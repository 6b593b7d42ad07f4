"""Routers of the ten stories in a directory of their own, and a tiny ACS on the loopback."""

from __future__ import annotations

import pytest

from backend.simulator.cpe import Cpe
from backend.simulator.homes import by_story
from backend.simulator.router import Router
from tests.backend.simulator.file_server import FileServer
from tests.backend.simulator.tiny_acs import TinyAcs

NOW = 1_700_000_000.0


@pytest.fixture
def acs():
    with TinyAcs() as acs:
        yield acs


@pytest.fixture
def files():
    with FileServer() as files:
        yield files


@pytest.fixture
def opened(tmp_path):
    """opened(story) -> Router; calling it again opens the same router after a restart."""

    def of(story, now=NOW, acs_url="http://127.0.0.1:1/acs"):
        home = by_story(story)
        return Router(home, tmp_path, acs_url=acs_url, periodic_s=300, retry_s=1, now=now)

    return of


@pytest.fixture
def cpe(opened, acs):
    """cpe(story) -> Cpe that talks to the tiny ACS; what it starts is stopped."""
    made = []

    def of(story):
        one = Cpe(opened(story, acs_url=acs.url), retry_limit_s=0.01)
        made.append(one)
        return one

    yield of
    for one in made:
        one.stop()
