"""Hostile and broken CPEs: a clear answer, one log line, no change, bounded time."""

from __future__ import annotations

import base64
import gzip
import time

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from backend.acs import COOKIE, Acs
from backend.cwmp import digest, rpc
from backend.cwmp.session import CpeSession
from backend.cwmp.soap import decode, encode
from backend.devices import parameters, queue, records
from backend.devices.authentication import REALM
from backend.devices.request_body import BODY_LIMIT_BYTES
from backend.identity import secrets
from tests.backend.acs_face_to_face import OUI, PASSWORD, PRODUCT, Router, app_of, enrolled
from workflows.effects import GetValues, effect_to_json

pytestmark = pytest.mark.store


@pytest.fixture
def acs(tenant_id):
    return Acs()


@pytest.fixture
def device(tenant_id):
    return enrolled(tenant_id)


@pytest.fixture
def router(acs, device):
    return Router(app_of(acs))


@pytest.fixture
def unchanged(tenant_id, device):
    """Afterwards the device is as it was: never heard."""
    yield
    assert records.facts(tenant_id, device)["last_inform_at"] is None
    assert parameters.load(device, ["Device."]) == {}


def refused(logs):
    return [line["reason"] for line in logs if line["event"] == "acs_refused"]


def fault_of(response):
    return decode(response.get_data()).message


def test_nobody_gets_in_without_authentication(acs, device, unchanged):
    client = app_of(acs).test_client()
    asks = rpc.TransferComplete("x")
    for body in (b"", b"<junk", encode(asks, "1"), Router(app_of(acs)).inform()):
        response = client.post("/acs", data=body)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith(f'Digest realm="{REALM}", qop="auth"')
        assert COOKIE not in response.headers.get("Set-Cookie", "")


def test_every_challenge_has_its_own_nonce(acs):
    client = app_of(acs).test_client()
    assert len({client.post("/acs").headers["WWW-Authenticate"] for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"password": "guess"}, "wrong_credentials"),
        ({"username": "nobody"}, "unknown_device"),
        ({"serial": "R9999"}, "unknown_device"),
        ({"username": "' OR 1=1 --"}, "unknown_device"),
    ],
)
def test_unknown_devices_and_wrong_passwords(acs, device, unchanged, change, reason):
    router = Router(app_of(acs), **change)
    with capture_logs() as logs:
        assert router.post(router.inform()).status_code == 401
    assert refused(logs) == [reason]
    assert "guess" not in str(logs)


@pytest.mark.parametrize(
    "header",
    [
        "Digest",
        "Digest username=x",
        "Bearer abc",
        "Negotiate",
        "Digest " + "a=b," * 2000,
        'Digest username="x',
        "Basic " + base64.b64encode(f"{OUI}-{PRODUCT}-R0001:{PASSWORD}".encode()).decode(),
        "Basic !!!",
    ],
)
def test_other_kinds_of_authorization(router, unchanged, header):
    with capture_logs() as logs:
        response = router.client.post("/acs", data=router.inform(), headers={"Authorization": header})
    assert response.status_code == 401
    assert "WWW-Authenticate" in response.headers
    assert len(refused(logs)) == 1


def test_basic_is_accepted_over_tls_only(router, tenant_id, device):
    def post(password, scheme):
        header = base64.b64encode(f"{OUI}-{PRODUCT}-R0001:{password}".encode()).decode()
        return router.client.post(
            "/acs",
            data=router.inform(),
            headers={"Authorization": f"Basic {header}"},
            base_url=f"{scheme}://acs.test",
        ).status_code

    assert post(PASSWORD, "http") == 401
    assert post("guess", "https") == 401
    assert post(PASSWORD, "https") == 200


def authorized(router, body, now=None, count=1, salt="s", **more):
    header = digest.challenge(REALM, key=secrets.key_for("digest"), now=now or time.time(), salt=salt)
    return router.client.post(
        "/acs", data=body, headers={"Authorization": router.authorization(header, count)}, **more
    )


def test_a_forged_nonce_is_stale_and_an_old_one_too(router, unchanged):
    forged = digest.challenge(REALM, key=b"another key", now=time.time(), salt="s")
    response = router.client.post(
        "/acs", data=router.inform(), headers={"Authorization": router.authorization(forged)}
    )
    assert response.status_code == 401
    assert "stale=true" in response.headers["WWW-Authenticate"]
    response = authorized(router, router.inform(), now=time.time() - 301)
    assert (response.status_code, "stale=true" in response.headers["WWW-Authenticate"]) == (401, True)


def test_a_recorded_post_cannot_be_played_again(router, acs):
    now, body = time.time(), router.inform()
    assert authorized(router, body, now).status_code == 200
    other = Router(app_of(acs))
    with capture_logs() as logs:
        assert authorized(other, body, now).status_code == 401
    assert refused(logs) == ["nonce_replayed"]
    assert authorized(router, router.inform(), now, count=2).status_code == 200


def test_an_authorization_for_another_address_is_wrong(router, unchanged):
    header = digest.challenge(REALM, key=secrets.key_for("digest"), now=time.time(), salt="s")
    response = router.client.post(
        "/acs/", data=router.inform(), headers={"Authorization": router.authorization(header)}
    )
    assert response.status_code == 401


def test_the_inform_must_name_the_device_that_authenticated(router, tenant_id, unchanged):
    enrolled(tenant_id, "R0002")
    with capture_logs() as logs:
        response = router.post(router.inform(serial="R0002"))
    assert response.status_code == 403
    assert fault_of(response).code == "8001"
    assert refused(logs) == ["identity_differs"]


def test_one_device_cannot_use_anothers_session(acs, router, tenant_id):
    enrolled(tenant_id, "R0002")
    other = Router(app_of(acs), serial="R0002")
    other.begin()
    stolen = other.client.get_cookie(COOKIE).value
    router.begin()
    router.client.set_cookie(COOKIE, stolen)
    assert router.post(b"").status_code == 204  # the end of its own session, which digest names
    other.finish()


@pytest.mark.parametrize(
    "body",
    [
        b"<",
        b"not xml",
        b"\xff\xfe\x00",
        b"<a/>",
        b"<Envelope><Body/></Envelope>",
        b"\x00" * 100,
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        b"<!DOCTYPE l [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><l>&b;</l>",
        b"<a>" * 5000,
        b'{"json": true}',
    ],
)
def test_malformed_soap(router, acs, unchanged, body):
    with capture_logs() as logs:
        started = time.monotonic()
        response = router.post(body)
    assert response.status_code == 400
    assert fault_of(response).code == "8003"
    assert len(refused(logs)) == 1
    assert time.monotonic() - started < 2
    assert len(acs.sessions) == 0


def test_malformed_soap_in_a_session_ends_it(router, acs, tenant_id, device):
    queue.enqueue(
        tenant_id,
        device,
        owner_key="k",
        request=effect_to_json(GetValues(("Device.A",))),
        deadline_at=time.time() + 60,
        now=time.time(),
    )
    router.begin()
    assert b"GetParameterValues" in router.post(router.cwmp.finish()).get_data()
    assert router.post(b"<junk").status_code == 400
    assert len(acs.sessions) == 0
    router.answers[rpc.GetParameterValues] = rpc.GetParameterValuesResponse(())
    assert len(router.session()) == 1


@pytest.mark.parametrize(
    "message",
    [
        rpc.GetParameterValuesResponse(()),
        rpc.SetParameterValuesResponse(0),
        rpc.Fault("9002", "x"),
        rpc.TransferComplete("x"),
        rpc.GetRPCMethods(),
    ],
)
def test_nothing_but_an_inform_opens_a_session(router, unchanged, message):
    assert router.post(encode(message, "1")).status_code == 400


def test_an_empty_post_without_a_session(router, unchanged):
    with capture_logs() as logs:
        assert router.post(b"").status_code == 400
    assert refused(logs) == ["unexpected"]


def test_an_answer_nobody_asked_for(router):
    router.begin()
    assert router.post(encode(rpc.SetParameterValuesResponse(0), "1")).status_code == 400


def test_an_answer_with_another_id_or_method(router, tenant_id, device):
    for number, (message, id) in enumerate(
        [(rpc.GetParameterValuesResponse(()), "forged"), (rpc.RebootResponse(), None)]
    ):
        queue.enqueue(
            tenant_id,
            device,
            owner_key=f"k{number}",
            request=effect_to_json(GetValues(("Device.A",))),
            deadline_at=time.time() + 60,
            now=time.time(),
        )
        router.begin()
        asked = decode(router.post(router.cwmp.finish()).get_data())
        assert router.post(encode(message, asked.id if id is None else id)).status_code == 400


def test_an_unknown_method_is_fault_8000_and_the_session_goes_on(router):
    router.begin()
    body = encode(rpc.TransferComplete("x"), "7").replace(b"TransferComplete", b"InventedByUs")
    response = router.post(body)
    assert response.status_code == 200
    assert fault_of(response).code == "8000"
    router.finish()


def test_an_id_comes_back_escaped(router):
    body = router.inform().replace(b">cpe-1<", b">&lt;evil/&gt;&amp;<")
    response = router.post(body)
    assert b"&lt;evil/&gt;&amp;" in response.get_data()
    assert decode(response.get_data()).id == "<evil/>&"


def test_a_body_too_large(router, unchanged):
    with capture_logs() as logs:
        assert router.post(b"x" * (BODY_LIMIT_BYTES + 1)).status_code == 413
    assert refused(logs) == ["body_too_large"]


def test_a_body_that_unpacks_too_large(router, unchanged):
    packed = gzip.compress(b" " * (BODY_LIMIT_BYTES * 20))
    assert router.post(packed, headers={"Content-Encoding": "gzip"}).status_code == 413


def test_packed_and_unknown_encodings(router, tenant_id, device):
    assert router.post(b"x", headers={"Content-Encoding": "br"}).status_code == 415
    assert records.facts(tenant_id, device)["last_inform_at"] is None
    assert (
        router.post(gzip.compress(router.inform()), headers={"Content-Encoding": "gzip"}).status_code == 200
    )


def test_only_post(router):
    for method in ("get", "put", "delete"):
        assert getattr(router.client, method)("/acs").status_code == 405


def test_a_device_that_breaks_the_rules_a_little_is_understood(router, tenant_id, device):
    body = router.inform().replace(b"urn:dslforum-org:cwmp-1-2", b"urn:dslforum-org:cwmp-1-3")
    assert router.post(body).status_code == 200
    router.cwmp = CpeSession("cpe-", "urn:dslforum-org:cwmp-1-2")
    bare = router.inform().replace(b' enc:arrayType="cwmp:EventStruct[1]"', b"")
    assert router.post(bare).status_code == 200
    assert records.facts(tenant_id, device)["last_inform_at"] is not None


@pytest.mark.parametrize("username", ["\0", "x\0y", "x\x1b[2J"])
def test_a_user_name_of_control_characters_is_nobodys(router, unchanged, username):
    header = base64.b64encode(f"{username}:{PASSWORD}".encode()).decode()
    response = router.client.post(
        "/acs", headers={"Authorization": f"Basic {header}"}, base_url="https://acs.test"
    )
    assert response.status_code == 401
    named = "".join(f"%{letter:02x}" for letter in username.encode())
    spelt = router.authorization(router.client.post("/acs").headers["WWW-Authenticate"])
    spelt = spelt.replace(f'username="{router.username}"', f"username*=UTF-8''{named}")
    assert router.client.post("/acs", headers={"Authorization": spelt}).status_code == 401


def test_invented_fault_codes_make_no_figures_of_their_own(router, tenant_id, device):
    def count(code):
        return REGISTRY.get_sample_value("careflow_cwmp_faults_total", {"code": code})

    before = count("other") or 0
    for number, code in enumerate(("9800", "invented", "", "98000")):
        router.answers[rpc.GetParameterValues] = rpc.Fault(code, "no")
        queue.enqueue(
            tenant_id,
            device,
            owner_key=str(number),
            request=effect_to_json(GetValues(("Device.",))),
            deadline_at=time.time() + 60,
            now=time.time(),
        )
        router.session()
    assert count("9800") >= 1
    assert count("invented") is None
    assert count("other") == before + 3
