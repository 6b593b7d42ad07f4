"""Every endpoint and socket event x role x tenant.

The walk follows the application's own map: a new endpoint is walked without a word here, except that one with
a body needs an example in access_walk.BODIES (else its validation would answer before the permission on its
thing).
"""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from backend import database as store
from backend.identity import people, secrets
from backend.identity.permissions import PERMISSIONS, PUBLIC, PUBLIC_EVENTS, ROLES
from tests.backend.access_walk import EVENTS, HARMLESS_EVENTS, Home, filled, furnish, walk


@pytest.fixture
def north(make_tenant, app) -> Home:
    return furnish(make_tenant("north"))


@pytest.fixture
def south(make_tenant, app) -> Home:
    return furnish(make_tenant("south"))


@pytest.fixture
def tokens(north, south) -> dict[tuple[str, str], str]:
    """An access token for every (tenant, role), and for a second customer of north."""
    from tests.conftest import sign_in

    made = {}
    with store.connection():
        for home in (north, south):
            for role in ROLES:
                made[home.demo.slug, role] = home.demo.token(role)
        neighbour = people.customer(north.demo.tenant_id, north.demo.other_customer_id)
        made["north", "neighbour"] = sign_in("north", neighbour.phone, time.time()).access_token
    return made


def ask(client: Any, method: str, path: str, body: Any, token: str | None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    if method == "GET":
        return client.get(path, headers=headers)
    return client.open(path, method=method, json=body if body is not None else {}, headers=headers)


def test_everything_is_declared_and_nothing_public_is_left_over(app):
    declared = app.extensions["careflow_endpoints"]
    assert {rule.endpoint for rule, _, action in declared if action is None} == set(PUBLIC)
    assert {action for _, _, action in declared if action} <= set(PERMISSIONS)
    assert {name for name, action in app.extensions["careflow_events"] if action is None} == set(
        PUBLIC_EVENTS
    )


def test_every_action_of_the_table_is_used(app):
    used = {action for _, _, action in app.extensions["careflow_endpoints"]}
    used |= {action for _, action in app.extensions["careflow_events"]}
    asked_inside = {"escalation.message"}
    assert set(PERMISSIONS) - used <= asked_inside


def test_an_endpoint_without_an_action_stops_the_start(app):
    from backend.identity.http import UndeclaredEndpoint, declared_endpoints

    app._got_first_request = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    with pytest.raises(UndeclaredEndpoint, match="forgotten"):
        list(declared_endpoints(app))


def test_an_undeclared_endpoint_answers_nothing_even_so(app, client):
    app._got_first_request = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to all")
    answer = client.get("/forgotten")
    assert (answer.status_code, b"open to all" in answer.data) == (500, False)


def forged_tokens(real: str) -> dict[str, str]:
    claims = jwt.decode(real, options={"verify_signature": False})
    expired = {**claims, "exp": int(time.time()) - 1}
    return {
        "empty": "",
        "nonsense": "not-a-token",
        "another key": jwt.encode(claims, b"x" * 32, algorithm="HS256"),
        "no signature": jwt.encode(claims, None, algorithm="none"),
        "expired": jwt.encode(expired, secrets.key_for("access-token"), algorithm="HS256"),
        "nobody's sign-in": jwt.encode(
            {**claims, "family": "0" * 26}, secrets.key_for("access-token"), algorithm="HS256"
        ),
    }


def test_without_a_good_token_everything_is_401(app, client, north, tokens, subtests):
    bad = {"none": None, **forged_tokens(tokens["north", "supervisor"])}
    for endpoint, method, path, _, body in walk(app, north.things):
        for kind, token in bad.items():
            with subtests.test(endpoint=endpoint, method=method, token=kind):
                answer = ask(client, method, path, body, token)
                assert answer.status_code == 401
                assert answer.json["error"]["code"] in ("unauthenticated", "token_expired")


def test_each_role_may_do_what_the_table_says(app, client, north, tokens, subtests):
    for endpoint, method, path, action, body in walk(app, north.things):
        for role in ROLES:
            with subtests.test(endpoint=endpoint, method=method, role=role):
                status = ask(client, method, path, body, tokens["north", role]).status_code
                if role in PERMISSIONS[action]:
                    assert status not in (401, 403), "the table allows it"
                    assert status < 500
                else:
                    assert status == 403


def test_another_tenants_things_are_not_there(app, client, north, south, tokens, subtests):
    for endpoint, method, path, action, body in walk(app, north.things):
        for role in sorted(PERMISSIONS[action]):
            with subtests.test(endpoint=endpoint, method=method, role=role):
                answer = ask(client, method, path, body, tokens["south", role])
                names_a_thing = any(thing in path or thing in str(body) for thing in north.things.values())
                if names_a_thing:
                    assert answer.status_code == 404, answer.text
                else:
                    assert answer.status_code < 500
                for trace in north.traces:
                    assert trace not in answer.text.replace(path, "")


def test_another_customers_things_are_not_there(app, client, north, tokens, subtests):
    for endpoint, method, path, action, body in walk(app, north.things):
        if "customer" not in PERMISSIONS[action]:
            continue
        with subtests.test(endpoint=endpoint, method=method):
            answer = ask(client, method, path, body, tokens["north", "neighbour"])
            if any(thing in path or thing in str(body) for thing in north.things.values()):
                assert answer.status_code == 404, answer.text
            for thing in north.things.values():
                assert thing not in answer.text


# -- sockets --------------------------------------------------------------------------------------


def connected(app: Any, token: Any) -> Any:
    return app.extensions["socketio"].test_client(app, auth={"token": token} if token is not None else None)


def test_a_socket_needs_a_good_token(app, north, tokens, subtests):
    for kind, token in {"none": None, "number": 5, **forged_tokens(tokens["north", "customer"])}.items():
        with subtests.test(token=kind):
            assert not connected(app, token).is_connected()
    assert connected(app, tokens["north", "customer"]).is_connected()


def test_each_role_may_send_what_the_table_says(app, north, south, tokens, subtests):
    for name, action in app.extensions["careflow_events"]:
        if action is None:
            continue
        assert name in EVENTS, f"the walk knows no example of the socket event {name}; add one to EVENTS"
        payload = filled(EVENTS[name], north.things)
        for slug, role in tokens:
            with subtests.test(event=name, tenant=slug, role=role):
                said = connected(app, tokens[slug, role]).emit(name, payload, callback=True)
                code = said.get("error", {}).get("code") if isinstance(said, dict) else said
                actual_role = "customer" if role == "neighbour" else role
                if actual_role not in PERMISSIONS[action]:
                    assert code == "forbidden"
                elif (slug == "south" or role == "neighbour") and payload and name not in HARMLESS_EVENTS:
                    assert code == "not_found"
                else:
                    assert code not in ("forbidden", "not_found", "unauthenticated", "internal")


def test_a_revoked_sign_in_loses_its_sockets_at_once(app, client, north, tokens):
    socket = connected(app, tokens["north", "agent"])
    assert socket.is_connected()
    with store.connection():
        people.deactivate_staff(north.demo.tenant_id, north.demo.staff_ids["agent"], time.time())
    assert not socket.is_connected()
    assert not connected(app, tokens["north", "agent"]).is_connected()


def test_a_sign_in_revoked_elsewhere_is_found_at_the_next_event(app, north, tokens):
    from backend.identity.tables import TokenFamily

    one, other = connected(app, tokens["north", "agent"]), connected(app, tokens["north", "operator"])
    with store.connection(), store.transaction():
        TokenFamily.update(revoked_at=time.time()).where(TokenFamily.revoked_at.is_null()).execute()
    said = one.emit("join_desk", {}, callback=True)
    assert said["error"]["code"] == "unauthenticated"
    assert (one.is_connected(), other.is_connected()) == (False, True)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800", float("nan"), float("inf")])
def test_odd_json_is_refused_as_over_http(app, north, tokens, text):
    socket = connected(app, tokens["north", "customer"])
    payload = {"session": north.things["conversation_id"], "client_message_id": "m-odd-001", "text": text}
    assert socket.emit("message", payload, callback=True)["error"]["fields"] == {
        "payload": ["This JSON cannot be read."]
    }
    deep = {**payload, "text": "x", "more": None}
    for _ in range(40):
        deep["more"] = [deep["more"]]
    assert set(socket.emit("message", deep, callback=True)["error"]["fields"]) == {"payload"}


@pytest.mark.parametrize("payload", ["text", 5, ["a"], {"session": 5}, {"session": "x" * 100}, {"more": 1}])
def test_a_broken_event_is_answered_by_field_and_the_socket_stays(app, north, tokens, payload):
    socket = connected(app, tokens["north", "customer"])
    said = socket.emit("join", payload, callback=True)
    assert said["error"]["code"] == "invalid"
    assert said["error"]["fields"]
    assert socket.is_connected()


def test_a_socket_that_floods_is_told_to_wait(app, north, tokens):
    socket = connected(app, tokens["north", "operator"])
    said = [socket.emit("join_desk", {}, callback=True) for _ in range(60)]
    codes = [one.get("error", {}).get("code") for one in said]
    assert codes[:30] == [None] * 30
    assert "too_many" in codes


def test_a_sign_in_holds_so_many_sockets_and_no_more(app, north, tokens):
    opened = [connected(app, tokens["north", "agent"]) for _ in range(12)]
    assert [socket.is_connected() for socket in opened] == [False] * 2 + [True] * 10
