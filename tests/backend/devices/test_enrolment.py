"""Unknown devices by policy: refused, in quarantine or enrolled; a shared password may only enrol."""

from __future__ import annotations

import time

import pytest
from structlog.testing import capture_logs

from backend import database as store
from backend.acs import Acs
from backend.cwmp import rpc
from backend.devices import enrolment, parameters, queue, records
from backend.devices import known as known_devices
from backend.devices.authentication import Authenticator, ClientCertificates
from backend.errors import Conflict, NotFound
from tests.backend.acs_face_to_face import OUI, PRODUCT, Router, app_of
from tests.backend.devices.newcomers import FACTORY, NOW, SHARED, device, own, refused_by, router_of
from workflows.effects import GetValues, effect_to_json

pytestmark = [pytest.mark.store, pytest.mark.usefixtures("hears_enrolment")]


@pytest.mark.parametrize("policy", [None, "refuse", "whatever"])
def test_an_unknown_device_is_refused_unless_the_tenant_says_otherwise(acs, tenant_of, policy):
    tenant_id = tenant_of(policy)
    assert refused_by(router_of(acs)) == (403, ["unknown_device"])
    assert known_devices.by_identity(tenant_id, device()) is None


def test_a_wrong_shared_password_opens_nothing(acs, tenant_of):
    tenant_of("enrol")
    assert refused_by(router_of(acs, password="guess")) == (401, ["wrong_credentials"])


def test_first_contact_enrols_and_gives_the_device_credentials_of_its_own(acs, tenant_of):
    tenant_id = tenant_of("enrol")
    router = router_of(acs)
    router.session("0 BOOTSTRAP", "1 BOOT")
    name = f"{OUI}-{PRODUCT}-N0001"
    assert router.given["Device.ManagementServer.Username"] == name
    assert router.given["Device.ManagementServer.ConnectionRequestUsername"] == name
    passwords = [value for path, value in router.given.items() if path.endswith("Password")]
    assert len(set(passwords)) == 2
    assert min(map(len, passwords)) >= 24
    known = known_devices.by_identity(tenant_id, device())
    assert (known.admission, known.is_pending, known.boot_count) == ("enrolled", False, 1)
    own(router).session("2 PERIODIC")
    assert router.statuses[-1] == 204


@pytest.mark.parametrize("serial", ["Zoë-日本", 'a"b\\c', "00:11:22:33:44:55", "50%41", "a b/c"])
def test_a_device_of_any_name_comes_back_by_the_name_it_was_given(acs, tenant_of, serial):
    """Some firmware quotes nothing, and an HTTP header holds ASCII: names are given percent-encoded."""
    tenant_of("enrol")
    router = router_of(acs, serial)
    router.session("0 BOOTSTRAP")
    given = router.given["Device.ManagementServer.Username"]
    assert given.isascii() and not set(given) & set('":\\')
    assert router.given["Device.ManagementServer.ConnectionRequestUsername"] == given
    assert own(router).session() == []
    assert refused_by(router_of(acs, serial)) == (403, ["factory_credential_spent"])


def test_the_shared_credential_no_longer_opens_a_device_that_has_its_own(acs, tenant_of):
    tenant_of("enrol")
    router_of(acs).session("0 BOOTSTRAP")
    assert refused_by(router_of(acs)) == (403, ["factory_credential_spent"])
    router_of(acs, "N0002").session("0 BOOTSTRAP")  # others still come by it


def test_a_device_that_did_not_take_them_is_asked_again_and_not_at_once(acs, tenant_of):
    tenant_id = tenant_of("enrol")
    router = router_of(acs)
    router.answers[rpc.SetParameterValues] = rpc.Fault("9001", "Request denied")
    router.session("0 BOOTSTRAP")
    router.session("2 PERIODIC")
    asked = [one for one in router.seen if isinstance(one, rpc.SetParameterValues)]
    assert asked == []
    known = known_devices.by_identity(tenant_id, device())
    assert known.is_pending
    with store.transaction():
        enrolment._ASKED(time.time() - enrolment.ASK_AGAIN_S - 1, known.device_id, tenant_id)
    router.answers[rpc.SetParameterValues] = rpc.SetParameterValuesResponse(0)
    assert any(isinstance(one, rpc.SetParameterValues) for one in router.session("2 PERIODIC"))
    assert not known_devices.by_identity(tenant_id, device()).is_pending


def test_whoever_comes_by_its_own_name_has_taken_them_though_the_reply_was_lost(acs, tenant_of):
    tenant_id = tenant_of("enrol")
    router = router_of(acs)
    router.begin("0 BOOTSTRAP")
    response = router.post(router.cwmp.finish())
    while "Device.ManagementServer.Username" not in router.given:
        reply = router.answer(router.cwmp.receive(response.get_data()).message)
        if "Device.ManagementServer.Username" not in router.given:  # the last reply never leaves
            response = router.post(router.cwmp.reply(reply))
    assert known_devices.by_identity(tenant_id, device()).is_pending
    own(router).session("1 BOOT")
    assert not known_devices.by_identity(tenant_id, device()).is_pending
    assert refused_by(router_of(acs)) == (403, ["factory_credential_spent"])


def test_a_device_that_tells_no_bootstrap_is_asked_all_the_same(acs, tenant_of):
    tenant_of("enrol")
    router = router_of(acs)
    seen = router.session("2 PERIODIC")
    assert any(isinstance(one, rpc.GetParameterValues) for one in seen)
    assert "Device.ManagementServer.Password" in router.given


def test_a_device_in_quarantine_is_answered_and_nothing_is_read_or_written(acs, tenant_of):
    tenant_id = tenant_of("quarantine")
    router = router_of(acs)
    router.asks = [rpc.TransferComplete("x"), rpc.GetRPCMethods()]
    assert router.session("0 BOOTSTRAP", "1 BOOT") == []
    assert router.statuses[-1] == 204
    known = known_devices.by_identity(tenant_id, device())
    assert known.admission == "quarantined"
    assert known.software_version == "1.2.3"  # so that staff see what it is
    assert parameters.load(known.device_id, ["Device."]) == {}
    now = time.time()
    queue.enqueue(
        tenant_id,
        known.device_id,
        owner_key="k",
        request=effect_to_json(GetValues(("Device.",))),
        deadline_at=now + 60,
        now=now,
    )
    assert router.session("2 PERIODIC") == []


def test_staff_admit_and_the_next_session_does_what_a_first_contact_does(acs, tenant_of):
    tenant_id = tenant_of("quarantine")
    router = router_of(acs)
    router.session("0 BOOTSTRAP")
    device_id = known_devices.by_identity(tenant_id, device()).device_id
    enrolment.admit(tenant_id, device_id, "customer", time.time())
    seen = router.session("2 PERIODIC")
    assert any(isinstance(one, rpc.GetParameterValues) for one in seen)
    own(router).session("2 PERIODIC")
    assert records.facts(tenant_id, device_id)["customer_id"] == "customer"
    assert parameters.load(device_id, ["Device.DeviceInfo."])
    enrolment.admit(tenant_id, device_id, None, time.time())
    assert records.facts(tenant_id, device_id)["customer_id"] == "customer"
    with pytest.raises(NotFound):
        enrolment.admit(tenant_id, "nobody", None, time.time())


def test_quarantine_is_limited(acs, tenant_of, monkeypatch):
    tenant_of("quarantine")
    monkeypatch.setattr(enrolment, "QUARANTINE_LIMIT_DEVICES", 1)
    router_of(acs, "N0001").session()
    assert refused_by(router_of(acs, "N0002")) == (403, ["quarantine_full"])
    router_of(acs, "N0001").session()


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"oui": "001122"}, "credential_for_others"),
        ({"oui": OUI, "product_class": "Other"}, "credential_for_others"),
        ({"oui": OUI.lower(), "product_class": PRODUCT}, None),
    ],
)
def test_a_shared_credential_may_be_for_some_makers_only(acs, tenant_of, rule, reason):
    tenant_of("enrol", **rule)
    status, reasons = refused_by(router_of(acs))
    assert (status, reasons) == ((403, [reason]) if reason else (200, []))


@pytest.mark.parametrize("serial", ["", "x" * 65, "a\tb"])
def test_a_device_that_could_not_be_kept_is_refused(acs, tenant_of, serial):
    tenant_of("enrol")
    router = router_of(acs)
    body = router.inform("0 BOOTSTRAP").replace(b"N0001", serial.encode().replace(b"\t", b"&#9;"))
    with capture_logs() as logs:
        status = router.post(body).status_code
    assert status in (200, 403) if serial == "a\tb" else status in (400, 403)
    assert serial == "a\tb" or [line["reason"] for line in logs if line["event"] == "acs_refused"]


def test_a_device_of_another_tenant_is_not_taken_over(acs, tenant_of):
    tenant_of("enrol", "south", "south factory")
    router_of(acs, username="south factory").session("0 BOOTSTRAP")
    tenant_of("enrol")
    assert refused_by(router_of(acs)) == (403, ["known_elsewhere"])


def test_a_shared_login_without_session_says_which_device_by_inform_only(acs, tenant_of):
    tenant_of("enrol")
    router = router_of(acs, keeps_cookies=False)
    router.begin("0 BOOTSTRAP")
    response = router.post(b"")
    assert response.status_code == 400


def test_a_session_under_the_shared_login_stays_with_its_device(acs, tenant_of):
    tenant_id = tenant_of("enrol")
    router = router_of(acs)
    router.begin("0 BOOTSTRAP")
    with capture_logs() as logs:
        assert router.post(router.inform(serial="N0009")).status_code == 403
    assert [line["reason"] for line in logs if line["event"] == "acs_refused"] == ["identity_differs"]
    assert len(acs.sessions) == 0
    assert known_devices.by_identity(tenant_id, device("N0001")) is not None


def test_after_our_factory_reset_the_shared_credential_opens_the_device_again(acs, tenant_of):
    tenant_id = tenant_of("enrol")
    router_of(acs).session("0 BOOTSTRAP")
    device_id = known_devices.by_identity(tenant_id, device()).device_id
    with store.transaction():
        enrolment.reset_sent(tenant_id, device_id)
    again = router_of(acs)
    again.session("0 BOOTSTRAP")
    own(again).session("2 PERIODIC")
    assert known_devices.by_identity(tenant_id, device()).device_id == device_id


def test_staff_may_reopen_a_device_that_was_entered_by_hand(acs, tenant_of):
    tenant_id = tenant_of("refuse")
    device_id = records.enrol(
        tenant_id, oui=OUI, product_class=PRODUCT, serial_number="N0001", password="of its own", now=NOW
    )
    with store.transaction():
        enrolment.reset_sent(tenant_id, device_id)  # it left the factory with that one
    assert refused_by(router_of(acs)) == (403, ["factory_credential_spent"])
    enrolment.reopen(tenant_id, device_id)
    router_of(acs).session("0 BOOTSTRAP")
    assert refused_by(router_of(acs)) == (403, ["factory_credential_spent"])


def test_shared_credentials_are_listed_without_passwords_and_can_be_taken_back(acs, tenant_of):
    tenant_id = tenant_of("enrol")
    (listed,) = enrolment.shared_of(tenant_id)
    assert listed["username"] == FACTORY
    assert SHARED not in str(listed)
    enrolment.remove_shared(tenant_id, listed["id"])
    assert refused_by(router_of(acs)) == (401, ["unknown_device"])


def test_a_user_name_is_one_tenants(tenant_of):
    north = tenant_of("enrol")
    with pytest.raises(Conflict):
        tenant_of("enrol", "south")
    assert enrolment.add_shared(north, FACTORY, "another", now=NOW) == enrolment.shared_of(north)[0]["id"]
    records.enrol(
        north, oui=OUI, product_class=PRODUCT, serial_number="1", password="p", now=NOW, username="u"
    )
    with pytest.raises(Conflict):
        enrolment.add_shared(north, "u", "x", now=NOW)


# -- by client certificate ------------------------------------------------------------------------

CERTIFICATES = ClientCertificates("X-SSL-Client-CN", ("127.0.0.0/8", "::1/128"))


def certified(acs, body, name, **environ):
    client = acs_client(acs)
    return client.post("/acs", data=body, headers={"X-SSL-Client-CN": name}, environ_overrides=environ)


def acs_client(acs):
    return app_of(acs).test_client()


@pytest.fixture
def acs_behind_proxy(database):
    return Acs(authenticator=Authenticator(certificates=CERTIFICATES), direct=False)


@pytest.mark.parametrize(
    "spelt", ["{name}", "CN={name}", "CN={name},O=Acme", "/C=PL/O=Acme/CN={name}", "O=Acme, CN = {name}"]
)
def test_a_certificate_opens_the_device_it_names(acs_behind_proxy, tenant_of, spelt):
    tenant_id = tenant_of()
    records.enrol(tenant_id, oui=OUI, product_class="Hub", serial_number="C1", password="p", now=NOW)
    router = Router(app_of(acs_behind_proxy))
    body = router.inform().replace(b"R0001", b"C1").replace(PRODUCT.encode(), b"Hub")
    response = certified(acs_behind_proxy, body, spelt.format(name=f"{OUI}-Hub-C1"))
    assert response.status_code == 200
    with capture_logs():
        other = certified(acs_behind_proxy, body.replace(b"C1", b"C2"), f"{OUI}-Hub-C1")
    assert other.status_code == 403


def test_a_certificate_counts_from_a_trusted_proxy_only(acs_behind_proxy, tenant_of):
    tenant_id = tenant_of()
    records.enrol(tenant_id, oui=OUI, product_class="Hub", serial_number="C1", password="p", now=NOW)
    body = (
        Router(app_of(acs_behind_proxy)).inform().replace(b"R0001", b"C1").replace(PRODUCT.encode(), b"Hub")
    )
    name = f"{OUI}-Hub-C1"
    assert certified(acs_behind_proxy, body, name, REMOTE_ADDR="203.0.113.9").status_code == 401
    assert certified(Acs(), body, name).status_code == 401
    forwarded = {"REMOTE_ADDR": "127.0.0.1", "werkzeug.proxy_fix.orig": {"REMOTE_ADDR": "203.0.113.9"}}
    assert certified(acs_behind_proxy, body, name, **forwarded).status_code == 401


def test_an_unknown_device_with_a_certificate_comes_in_by_rule(acs_behind_proxy, tenant_of):
    tenant_id = tenant_of("enrol")
    router = Router(app_of(acs_behind_proxy), serial="C7")
    name = f"{OUI}-{PRODUCT}-C7"
    assert certified(acs_behind_proxy, router.inform(), name).status_code == 401
    enrolment.add_certificates(tenant_id, OUI, now=NOW)
    assert certified(acs_behind_proxy, router.inform(), name).status_code == 200
    assert certified(acs_behind_proxy, router.inform(), name).status_code == 200
    known = known_devices.by_identity(tenant_id, device("C7"))
    assert not known.is_pending
    with capture_logs():
        assert certified(acs_behind_proxy, router.inform(serial="C8"), name).status_code == 403
    rule = f"certificate {OUI}"
    assert refused_by(router_of(acs_behind_proxy, username=rule, password="")) == (401, ["unknown_device"])
