"""An ACS with a tenant that newcomers may come to."""

from __future__ import annotations

import pytest

from backend import announcements
from backend import database as store
from backend.acs import Acs
from backend.announcements import Hearers
from backend.devices import enrolment
from backend.devices.announcements import TaskFinished
from backend.identity import people
from tests.backend.devices.newcomers import FACTORY, NOW, SHARED


@pytest.fixture
def acs(database):
    """One process's ACS."""
    return Acs()


@pytest.fixture
def hears_enrolment(database):
    """Enrolment hears how tasks ended."""
    table = {TaskFinished: Hearers(inside=[enrolment.task_finished])}
    with announcements.wired(table, store.after_commit):
        yield


@pytest.fixture
def tenant_of(database):
    """tenant_of(policy) -> the id of a tenant with that policy and a shared credential."""

    def made(policy=None, slug="north", username=FACTORY, **more):
        settings = {} if policy is None else {"enrolment": policy}
        tenant_id = people.ensure_tenant(slug, slug, settings, NOW)
        enrolment.add_shared(tenant_id, username, SHARED, now=NOW, **more)
        return tenant_id

    return made
