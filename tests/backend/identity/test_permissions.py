"""The one table of who may do what: a change to it must be meant."""

from __future__ import annotations

import pytest

from backend.errors import Forbidden, NotFound
from backend.identity.permissions import PERMISSIONS, ROLES, STAFF_ROLES, Subject, authorize

CARE = {"agent", "operator", "supervisor"}
DESK = {"operator", "supervisor"}


def subject(role, tenant_id="t1", id="s1"):
    return Subject("customer" if role == "customer" else "staff", id, tenant_id, role, role)


@pytest.mark.parametrize(
    ("prefix", "roles"),
    [
        ("home.", {"customer"}),
        ("escalation.", DESK),
        ("customer.", CARE),
        ("device.search", CARE),
        ("device.read", CARE),
        ("device.browse", DESK),
        ("device.operate", DESK),
        ("device.write", DESK),
        ("device.undo", DESK),
        ("device.reveal", {"supervisor"}),
        ("device.admit", {"supervisor"}),
        ("file.list", DESK),
        ("file.read", DESK),
        ("file.create", DESK),
        ("file.delete", {"supervisor"}),
        ("staff.list", {"supervisor", "administrator"}),
        ("staff.create", {"administrator"}),
        ("staff.deactivate", {"administrator"}),
        ("workflow.list", CARE | {"author"}),
    ],
)
def test_who_may_do_what(prefix, roles):
    actions = [action for action in PERMISSIONS if action.startswith(prefix)]
    assert actions
    for action in actions:
        assert PERMISSIONS[action] == roles, action


def test_authors_and_administrators_see_no_customer():
    for action, roles in PERMISSIONS.items():
        if action.split(".")[0] in (
            "customer",
            "device",
            "conversation",
            "escalation",
            "home",
        ):
            assert not roles & {"author", "administrator"}, action


def test_every_action_has_someone_and_every_role_exists():
    for action, roles in PERMISSIONS.items():
        assert roles, action
        assert roles <= set(ROLES), action


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", sorted(PERMISSIONS))
def test_authorize_is_the_table(role, action):
    if role in PERMISSIONS[action]:
        authorize(subject(role), action, tenant_id="t1", owner_id="s1")
    else:
        with pytest.raises(Forbidden):
            authorize(subject(role), action, tenant_id="t1", owner_id="s1")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", sorted(PERMISSIONS))
def test_another_tenants_thing_is_not_there(role, action):
    with pytest.raises(NotFound):
        authorize(subject(role), action, tenant_id="t2", owner_id="s1")


def test_another_customers_thing_is_not_there():
    with pytest.raises(NotFound):
        authorize(subject("customer"), "conversation.read", tenant_id="t1", owner_id="s2")
    for role in sorted(CARE):
        authorize(subject(role), "conversation.read", tenant_id="t1", owner_id="s2")


def test_the_system_acts_within_one_tenant():
    system = Subject("system", "system", "t1", "supervisor", "Careflow")
    authorize(system, "home.read", tenant_id="t1", owner_id="s2")
    with pytest.raises(NotFound):
        authorize(system, "home.read", tenant_id="t2")


def test_an_action_that_is_not_in_the_table_is_a_mistake():
    with pytest.raises(KeyError):
        authorize(subject("administrator"), "everything.allowed")


@pytest.mark.parametrize(
    ("role", "audience"),
    [("customer", "customer"), ("agent", "agent"), *((role, "operator") for role in STAFF_ROLES[1:])],
)
def test_which_events_a_role_sees(role, audience):
    assert subject(role).audience == audience
