"""Codes, passwords and token families: every way in, and every way to stay out."""

from __future__ import annotations

import threading

import jwt
import pytest

from backend import announcements
from backend import database as store
from backend.announcements import Hearers
from backend.errors import Invalid, TooMany, Unauthenticated
from backend.identity import authentication, people, secrets
from backend.identity.announcements import CodeIssued, SignInRevoked
from backend.identity.tables import OneTimeCode, TokenFamily
from tests.conftest import NOW, PASSWORD, sign_in

pytestmark = pytest.mark.store


@pytest.fixture
def told(tenant):
    """What identity announced, in order."""
    heard = []
    table = {CodeIssued: Hearers(after=[heard.append]), SignInRevoked: Hearers(after=[heard.append])}
    with announcements.wired(table, store.after_commit):
        yield heard


@pytest.fixture
def phone(tenant):
    return people.customer(tenant.tenant_id, tenant.customer_id).phone


def refused(call, *given, code="unauthenticated"):
    with pytest.raises(Unauthenticated) as caught:
        call(*given)
    assert caught.value.code == code


class TestCodes:
    def test_the_right_code_signs_in_once(self, tenant, phone, told):
        authentication.request_code("north", phone, NOW)
        signed_in = authentication.verify_code("north", phone, told[0].code, NOW + 1)
        assert signed_in.subject.id == tenant.customer_id
        assert signed_in.subject.role == "customer"
        refused(authentication.verify_code, "north", phone, told[0].code, NOW + 2, code="wrong_code")

    def test_a_code_is_kept_as_a_hash(self, phone, told):
        authentication.request_code("north", phone, NOW)
        row = OneTimeCode.get()
        assert told[0].code not in str(row.__data__.values())
        assert told[0].code not in repr(told[0])

    def test_a_phone_may_be_written_as_people_write_it(self, phone, told):
        authentication.request_code("north", f"00{phone[1:3]} {phone[3:6]}-{phone[6:]}", NOW)
        assert told[0].phone == phone

    @pytest.mark.parametrize(
        "typed", ["", "12345", "+0123456789", "+48 abc", "+48601000001; drop", "+" + "1" * 40]
    )
    def test_what_is_no_phone_is_said_by_field(self, told, typed):
        with pytest.raises(Invalid) as caught:
            authentication.request_code("north", typed, NOW)
        assert caught.value.fields == {"phone": ["phone_format"]}

    def test_an_unknown_tenant_is_said_by_field(self, phone, told):
        with pytest.raises(Invalid) as caught:
            authentication.request_code("nowhere", phone, NOW)
        assert caught.value.fields == {"tenant": ["unknown"]}

    def test_an_unknown_phone_looks_the_same_from_outside(self, told):
        stranger = "+48999888777"
        assert authentication.request_code("north", stranger, NOW) is None
        assert told == []
        with pytest.raises(TooMany):
            authentication.request_code("north", stranger, NOW + 1)
        refused(authentication.verify_code, "north", stranger, "000000", NOW + 2, code="wrong_code")

    def test_one_code_in_twenty_seconds_and_five_an_hour(self, phone, told):
        for count in range(5):
            authentication.request_code("north", phone, NOW + 20 * count)
            with pytest.raises(TooMany) as caught:
                authentication.request_code("north", phone, NOW + 20 * count + 19)
            assert 0 < caught.value.retry_after_s <= 3600
        with pytest.raises(TooMany) as caught:
            authentication.request_code("north", phone, NOW + 100)
        assert caught.value.code == "codes_used_up"
        assert caught.value.retry_after_s == 3500
        authentication.request_code("north", phone, NOW + 3601)

    def test_five_attempts_and_no_more(self, phone, told):
        authentication.request_code("north", phone, NOW)
        wrong = f"{(int(told[0].code) + 1) % 1_000_000:06d}"
        for _ in range(5):
            refused(authentication.verify_code, "north", phone, wrong, NOW + 1, code="wrong_code")
        refused(authentication.verify_code, "north", phone, told[0].code, NOW + 1, code="wrong_code")

    def test_five_minutes_and_no_more(self, phone, told):
        authentication.request_code("north", phone, NOW)
        refused(authentication.verify_code, "north", phone, told[0].code, NOW + 300, code="wrong_code")

    def test_only_the_newest_code_counts(self, phone, told):
        authentication.request_code("north", phone, NOW)
        authentication.request_code("north", phone, NOW + 30)
        if told[0].code != told[1].code:
            refused(authentication.verify_code, "north", phone, told[0].code, NOW + 31, code="wrong_code")
        assert authentication.verify_code("north", phone, told[1].code, NOW + 32)

    def test_a_code_is_good_for_its_tenant_only(self, make_tenant, phone, told):
        make_tenant("south")
        authentication.request_code("north", phone, NOW)
        refused(authentication.verify_code, "south", phone, told[0].code, NOW + 1, code="wrong_code")

    def test_the_same_code_at_once_signs_in_once(self, phone, told):
        authentication.request_code("north", phone, NOW)
        outcomes = []

        def attempt():
            with store.connection():
                try:
                    authentication.verify_code("north", phone, told[0].code, NOW + 1)
                    outcomes.append("in")
                except Unauthenticated:
                    outcomes.append("out")

        threads = [threading.Thread(target=attempt) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["in", "out", "out", "out"]


class TestPasswords:
    @pytest.mark.parametrize("role", ["agent", "operator", "author", "supervisor", "administrator"])
    def test_staff_sign_in_with_their_role(self, tenant, role):
        signed_in = authentication.staff_login("north", f" {role.upper()}@north ", PASSWORD, NOW)
        assert (signed_in.subject.role, signed_in.subject.kind) == (role, "staff")

    @pytest.mark.parametrize(
        ("login", "password"),
        [
            ("agent@north", "wrong"),
            ("nobody@north", PASSWORD),
            ("agent@north", PASSWORD + "x" * 300),
            ("", ""),
        ],
    )
    def test_every_wrong_login_looks_the_same(self, tenant, login, password):
        refused(authentication.staff_login, "north", login, password, NOW, code="wrong_login")

    def test_a_login_is_good_for_its_tenant_only(self, tenant, make_tenant):
        make_tenant("south")
        refused(authentication.staff_login, "south", "agent@north", PASSWORD, NOW, code="wrong_login")

    def test_a_deactivated_account_is_out_at_once(self, tenant, told):
        signed_in = authentication.staff_login("north", "agent@north", PASSWORD, NOW)
        people.deactivate_staff(tenant.tenant_id, tenant.staff_ids["agent"], NOW + 1)
        refused(authentication.subject_from_token, signed_in.access_token, NOW + 2)
        refused(authentication.refresh, signed_in.refresh_token, NOW + 2)
        refused(authentication.staff_login, "north", "agent@north", PASSWORD, NOW + 2, code="wrong_login")
        assert [event.reason for event in told] == ["deactivated"]


class TestAccessTokens:
    def test_a_token_names_its_subject_until_it_expires(self, tenant, phone):
        signed_in = sign_in("north", phone, NOW)
        assert authentication.subject_from_token(signed_in.access_token, NOW + 599) == signed_in.subject
        refused(authentication.subject_from_token, signed_in.access_token, NOW + 600, code="token_expired")

    def test_the_role_is_the_one_they_have_now(self, tenant):
        from backend.identity.tables import Staff

        signed_in = authentication.staff_login("north", "agent@north", PASSWORD, NOW)
        with store.transaction():
            Staff.update(role="operator").where(Staff.id == tenant.staff_ids["agent"]).execute()
        assert authentication.subject_from_token(signed_in.access_token, NOW + 1).role == "operator"

    @pytest.mark.parametrize(
        "changed", ["key", "algorithm", "audience", "no_expiry", "text_expiry", "family"]
    )
    def test_a_forged_token_is_nobodys(self, phone, changed):
        signed_in = sign_in("north", phone, NOW)
        key = secrets.key_for("access-token")
        claims = jwt.decode(signed_in.access_token, options={"verify_signature": False})
        if changed == "audience":
            claims["aud"] = "elsewhere"
        if changed == "no_expiry":
            del claims["exp"]
        if changed == "text_expiry":
            claims["exp"] = str(int(NOW) + 600)
        if changed == "family":
            claims["family"] = store.new_id()
        if changed == "algorithm":
            forged = jwt.encode(claims, None, algorithm="none")
        else:
            forged = jwt.encode(claims, b"x" * 32 if changed == "key" else key, algorithm="HS256")
        refused(authentication.subject_from_token, forged, NOW + 1)

    @pytest.mark.parametrize("text", ["", "x", "a.b.c", "é" * 10, "." * 3000])
    def test_what_is_no_token_is_nobodys(self, tenant, text):
        refused(authentication.subject_from_token, text, NOW)


class TestRefresh:
    def test_each_use_moves_on(self, phone):
        first = sign_in("north", phone, NOW)
        second = authentication.refresh(first.refresh_token, NOW + 500)
        assert second.refresh_token != first.refresh_token
        assert authentication.subject_from_token(second.access_token, NOW + 1000).id == first.subject.id
        assert authentication.refresh(second.refresh_token, NOW + 5000)

    def test_the_one_before_is_forgiven_for_a_while(self, phone, told):
        first = sign_in("north", phone, NOW)
        second = authentication.refresh(first.refresh_token, NOW + 500)
        again = authentication.refresh(first.refresh_token, NOW + 500 + authentication.REUSE_GRACE_S)
        assert again.refresh_token == second.refresh_token
        assert told == []

    def test_a_copied_token_ends_the_sign_in(self, phone, told):
        first = sign_in("north", phone, NOW)
        second = authentication.refresh(first.refresh_token, NOW + 500)
        refused(authentication.refresh, first.refresh_token, NOW + 501 + authentication.REUSE_GRACE_S)
        refused(authentication.refresh, second.refresh_token, NOW + 700)
        refused(authentication.subject_from_token, second.access_token, NOW + 700)
        assert [event.reason for event in told] == ["reuse"]

    def test_two_generations_old_is_never_forgiven(self, phone, told):
        first = sign_in("north", phone, NOW)
        second = authentication.refresh(first.refresh_token, NOW + 1)
        authentication.refresh(second.refresh_token, NOW + 2)
        refused(authentication.refresh, first.refresh_token, NOW + 3)
        assert [event.reason for event in told] == ["reuse"]

    def test_a_sign_in_ends_in_the_end(self, phone):
        signed_in = sign_in("north", phone, NOW)
        refused(authentication.refresh, signed_in.refresh_token, NOW + 30 * 24 * 3600)

    @pytest.mark.parametrize(
        "forge",
        [
            lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
            lambda t: t.replace(".0.", ".1."),
            lambda t: "",
            lambda t: t + "\n",
            lambda t: "x" * 5000,
        ],
    )
    def test_a_forged_token_changes_nothing(self, phone, told, forge):
        signed_in = sign_in("north", phone, NOW)
        refused(authentication.refresh, forge(signed_in.refresh_token), NOW + 1)
        assert told == []
        assert authentication.refresh(signed_in.refresh_token, NOW + 2)

    def test_logout_ends_this_sign_in_alone(self, tenant, phone, told):
        one = sign_in("north", phone, NOW)
        other = sign_in("north", phone, NOW + 60)
        authentication.revoke(one.refresh_token, "logout", NOW + 61)
        authentication.revoke("not a token", "logout", NOW + 61)
        refused(authentication.subject_from_token, one.access_token, NOW + 62)
        assert authentication.subject_from_token(other.access_token, NOW + 62)
        assert [(event.family_id, event.reason) for event in told] == [(one.subject.family_id, "logout")]


def test_the_tables_hold_no_token(phone):
    signed_in = sign_in("north", phone, NOW)
    kept = str([row.__data__ for row in TokenFamily.select()])
    assert signed_in.refresh_token.split(".")[2] not in kept
    assert signed_in.access_token not in kept


def test_what_is_long_over_is_forgotten(phone):
    sign_in("north", phone, NOW)
    assert authentication.forget_expired(NOW + 3600) == 0
    assert authentication.forget_expired(NOW + 40 * 24 * 3600) == 2
    assert OneTimeCode.select().count() + TokenFamily.select().count() == 0
