"""CPEs as they are in the field: no cookies, old cookies, a connection for each POST, counts that stand."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from backend.acs import COOKIE, Acs
from backend.cwmp import digest, rpc
from backend.devices import queue
from backend.devices.admission import Limits
from backend.devices.authentication import REALM, Authenticator
from tests.backend.acs_face_to_face import Router, app_of, enrolled
from workflows.effects import GetValues, effect_to_json

pytestmark = pytest.mark.store
READ = GetValues(("Device.A",))


class Socket:
    """Stands for one TCP connection: the server gives the same object with each of its requests."""

    def shutdown(self, how):
        """Nothing more would come."""


@dataclass
class FieldRouter(Router):
    """A router with habits.

    `new_connections`: one a POST. `stale_cookie`: what it sends each time, whatever it is given. `silent`: no
    Authorization after its Inform. `counts`: whether its nonce count rises.
    """

    new_connections: bool = False
    stale_cookie: str = ""
    silent: bool = False
    counts: bool = True
    connection: Socket = field(default_factory=Socket)

    def _once(self, body, more):
        if self.new_connections:
            self.connection = Socket()
        if self.stale_cookie:
            self.client.set_cookie(COOKIE, self.stale_cookie)
        environ = {"gunicorn.socket": self.connection, **more.pop("environ_overrides", {})}
        if self.silent and b"Inform" not in body and self._challenge:
            return self.client.post("/acs", data=body, environ_overrides=environ)
        return super()._once(body, {**more, "environ_overrides": environ})

    def authorization(self, challenge, count=1):
        return super().authorization(challenge, count if self.counts else 1)


@pytest.fixture
def acs(tenant_id):
    return Acs()


@pytest.fixture
def device(tenant_id):
    return enrolled(tenant_id)


def put(tenant_id, device, key="k"):
    enqueue(tenant_id, device, key, READ)


def enqueue(tenant_id, device, key, effect):
    now = time.time()
    request = effect_to_json(effect)
    queue.enqueue(tenant_id, device, owner_key=key, request=request, deadline_at=now + 60, now=now)


def router_of(acs, **habits):
    answers = {rpc.GetParameterValues: rpc.GetParameterValuesResponse(())}
    return FieldRouter(app_of(acs), answers=answers, **habits)


def refused(logs):
    return [line["reason"] for line in logs if line["event"] == "acs_refused"]


@pytest.mark.parametrize("new_connections", [False, True])
@pytest.mark.parametrize("cookies", ["kept", "none", "stale"])
@pytest.mark.parametrize("counts", [True, False])
def test_every_habit_gets_its_session(acs, tenant_id, device, new_connections, cookies, counts):
    router = router_of(
        acs,
        keeps_cookies=cookies != "none",
        stale_cookie="of-last-year" if cookies == "stale" else "",
        new_connections=new_connections,
        counts=counts,
    )
    for turn in range(3):
        put(tenant_id, device, f"k{turn}")
        assert len(router.session()) == 1
    assert router.statuses[-3:] == [200, 200, 204]
    assert len(acs.sessions) == 0


@pytest.mark.parametrize("cookies", ["none", "stale"])
def test_a_connection_alone_carries_a_session(acs, tenant_id, device, cookies):
    stale = {"stale_cookie": "of-last-year"} if cookies == "stale" else {"keeps_cookies": False}
    router = router_of(acs, silent=True, **stale)
    put(tenant_id, device)
    assert len(router.session()) == 1
    assert router.statuses == [200, 200, 204]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_a_connection_carries_nothing_where_a_proxy_stands_between(acs, tenant_id, device, header):
    router = router_of(acs, silent=True, keeps_cookies=False)
    router.begin()
    over = {"gunicorn.socket": router.connection}
    proxied = router.client.post("/acs", headers={header: "203.0.113.7"}, environ_overrides=over)
    assert proxied.status_code == 401
    behind = router_of(Acs(direct=False), silent=True, keeps_cookies=False)
    behind.begin()
    assert (
        behind.client.post("/acs", environ_overrides={"gunicorn.socket": behind.connection}).status_code
        == 401
    )


def test_another_connection_carries_nothing(acs, device):
    router = router_of(acs, silent=True, keeps_cookies=False)
    router.begin()
    router.connection = Socket()
    response = router.client.post("/acs", environ_overrides={"gunicorn.socket": router.connection})
    assert response.status_code == 401


def test_a_connection_whose_session_is_over_carries_nothing(acs, device):
    router = router_of(acs, silent=True, keeps_cookies=False)
    router.session()
    response = router.client.post(
        "/acs", data=router.inform(), environ_overrides={"gunicorn.socket": router.connection}
    )
    assert response.status_code == 401


@pytest.mark.parametrize(
    "spelt",
    [
        "{old}; {given}; theme=dark",
        "{old}, {given},theme=dark",
        '$Version="1"; {quoted}; $Path="/"',
        "{spaced} ",
    ],
)
def test_a_cookie_is_found_however_it_is_sent(acs, tenant_id, device, spelt):
    router = router_of(acs, keeps_cookies=False)
    put(tenant_id, device)
    given = router.begin().headers["Set-Cookie"].partition(";")[0]
    quoted, spaced = given.replace("=", '="') + '"', given.replace("=", " = ")
    sent = {"Cookie": spelt.format(old=f"{COOKIE}=old", given=given, quoted=quoted, spaced=spaced)}
    router._once = lambda body, more: router.client.post("/acs", data=body, headers=sent)
    router.finish()
    assert router.statuses == [200, 200, 204]


def test_a_late_message_known_by_its_device_alone_does_not_hurt_the_session(acs, tenant_id, device):
    router = router_of(acs, keeps_cookies=False, new_connections=True)
    put(tenant_id, device)
    router.begin()
    asked = router.cwmp.receive(router.post(router.cwmp.finish()).get_data())
    late = router.cwmp.reply(router.answer(asked.message))
    router.begin()
    assert router.post(late).status_code == 400
    router.finish()
    assert router.statuses[-1] == 204


def test_a_recorded_post_opens_no_session_and_ends_none(acs, device):
    """Cookieless and counting from one: what a listener on the wire recorded is of no use to him."""
    router = router_of(acs, keeps_cookies=False)
    router.begin()
    recorded = router.authorization(router._challenge, router._count)
    with capture_logs() as logs:
        for body in (router.inform(), b""):
            thief = app_of(acs).test_client()
            assert thief.post("/acs", data=body, headers={"Authorization": recorded}).status_code == 401
    assert refused(logs) == ["nonce_replayed"] * 2
    assert len(acs.sessions) == 1


def test_what_was_used_inside_a_session_cannot_open_another(acs, device):
    router = router_of(acs)
    router.begin()
    header = digest.challenge(REALM, key=_key(), now=time.time(), salt="s")
    proof = router.authorization(header, 1)
    environ = {"gunicorn.socket": router.connection}
    first = router.client.post("/acs", headers={"Authorization": proof}, environ_overrides=environ)
    assert first.status_code == 204
    assert (
        router_of(acs).client.post("/acs", data=router.inform(), headers={"Authorization": proof}).status_code
        == 401
    )


def _key():
    from backend.identity import secrets

    return secrets.key_for("digest")


# -- challenges -----------------------------------------------------------------------------------


def challenges(acs, **environ):
    return app_of(acs).test_client().post("/acs", **environ).headers.getlist("WWW-Authenticate")


def test_both_algorithms_are_offered_and_the_plain_one_is_first_and_last(acs):
    offered = challenges(acs)
    assert ["SHA-256" in one for one in offered] == [False, True, False]
    assert len({one.split("nonce=")[1] for one in offered}) == 1
    assert [one.split(" ")[0] for one in challenges(acs, base_url="https://acs.test")] == ["Digest"] * 3 + [
        "Basic"
    ]


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"])
def test_every_algorithm_is_taken(acs, device, algorithm):
    router = router_of(acs)
    offered = challenges(acs)[0].replace("algorithm=MD5", f"algorithm={algorithm}")
    proof = router.authorization(offered)
    assert f"algorithm={algorithm}" in proof
    response = router.client.post("/acs", data=router.inform(), headers={"Authorization": proof})
    assert response.status_code == 200


def test_an_operator_may_insist_on_the_stronger_one(device):
    acs = Acs(authenticator=Authenticator(algorithms=("SHA-256",)))
    (offered,) = challenges(acs)
    router = router_of(acs)
    weak = router.authorization(offered.replace("SHA-256", "MD5"))
    strong = router.authorization(offered)
    for proof, status in ((weak, 401), (strong, 200)):
        response = router.client.post("/acs", data=router.inform(), headers={"Authorization": proof})
        assert response.status_code == status


@pytest.mark.parametrize("spelt", ["00D09E-Home%20Hub-R0001", "00D09E-Home Hub-R%30001"])
def test_a_user_name_may_be_percent_encoded(acs, tenant_id, device, spelt):
    """What TR-069 3.4.4 asks of names whose parts are not plain."""
    router = router_of(acs, username=spelt)
    put(tenant_id, device)
    assert len(router.session()) == 1
    assert router_of(acs, username=f"{spelt}%00").post(b"").status_code == 401


def test_a_user_name_beyond_ascii_is_utf_8(acs, tenant_id):
    enrolled(tenant_id, "Zoë日")
    router = router_of(acs, serial="Zoë日")
    plain = router.authorization
    router.authorization = lambda *given: plain(*given).encode().decode("latin-1")
    assert router.session() == []


# -- what would block the rest --------------------------------------------------------------------


def breaks_off(router, how):
    """A session that ends while the router's answer to its first request is due."""
    router.begin()
    asked = router.cwmp.receive(router.post(router.cwmp.finish()).get_data())
    if how == "answers nonsense":
        assert router.post(b"<nonsense/>").status_code == 400
    elif how == "answers too much":
        assert router.post(b" " * (1024 * 1024 + 1)).status_code == 413
    return asked.message


@pytest.mark.parametrize("how", ["answers nonsense", "answers too much", "restarts"])
def test_a_read_that_ends_every_session_does_not_stand_before_all_else(acs, tenant_id, device, how):
    router = router_of(acs)
    put(tenant_id, device, "first")
    enqueue(tenant_id, device, "second", GetValues(("Device.B",)))
    for _ in range(queue.ATTEMPTS_LIMIT):
        assert breaks_off(router, how) == rpc.GetParameterValues(("Device.A",))
    with capture_logs() as logs:
        assert router.session() == [rpc.GetParameterValues(("Device.B",))]
    assert router.session() == []
    assert [line["event"] for line in logs].count("task_unanswered") == (how != "answers nonsense")


def test_a_read_that_was_lost_now_and_then_is_answered(acs, tenant_id, device):
    router = router_of(acs)
    put(tenant_id, device)
    for _ in range(queue.ATTEMPTS_LIMIT - 1):
        breaks_off(router, "restarts")
    assert router.session() == [rpc.GetParameterValues(("Device.A",))]


# -- what nothing depends on ----------------------------------------------------------------------


@pytest.mark.parametrize("spelt", ["-1", "99999999999999", "abc", ""])
@pytest.mark.parametrize("name", ["RetryCount", "MaxEnvelopes", "CurrentTime"])
def test_a_number_that_nothing_depends_on_locks_nobody_out(acs, device, name, spelt):
    router = router_of(acs)
    body = re.sub(f"<{name}>[^<]*<".encode(), f"<{name}>{spelt}<".encode(), router.inform())
    assert router.post(body).status_code == 200


def test_an_inform_of_everything_is_taken(acs, device):
    """Whose every parameter is told when it changes could not be put right if it were refused."""
    many = [rpc.ParameterValue(f"Device.WiFi.SSID.{number}.Stats.BytesSent", "1") for number in range(5_000)]
    assert router_of(acs).session(values=many) == []


# -- under load -----------------------------------------------------------------------------------


def test_under_load_the_clock_waits_and_a_boot_comes_in(tenant_id, device):
    enrolled(tenant_id, "R0002")
    acs = Acs(limits=Limits(sessions=2, tenant_sessions=2))
    router_of(acs, serial="R0002").begin()
    acs.lag_s = 1.5
    with capture_logs() as logs:
        response = router_of(acs).post(router_of(acs).inform("2 PERIODIC"))
    assert response.status_code == 503
    assert 60 <= int(response.headers["Retry-After"]) <= 180
    assert refused(logs) == ["overloaded"]
    assert router_of(acs).session("1 BOOT") == []


def test_a_full_process_takes_nobody_and_an_old_session_goes_on(tenant_id, device):
    enrolled(tenant_id, "R0002")
    acs = Acs(limits=Limits(sessions=1))
    first = router_of(acs, serial="R0002")
    first.begin()
    second = router_of(acs)
    assert second.post(second.inform("1 BOOT")).status_code == 503
    first.finish()
    assert second.session("1 BOOT") == []


def test_a_device_that_calls_without_end_is_put_off(device):
    acs = Acs(limits=Limits(device_burst=2, device_per_s=0.01))
    router = router_of(acs)
    router.session()
    router.session()
    with capture_logs() as logs:
        response = router.post(router.inform("6 CONNECTION REQUEST"))
    assert (response.status_code, refused(logs)) == (503, ["device_too_often"])
    assert int(response.headers["Retry-After"]) >= 50
