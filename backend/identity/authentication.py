"""Signing in, staying signed in, and being signed out.

Customers prove a phone with a one-time code, staff a password. Both get a short access token (a signed JWT
that says who) and a refresh token for the cookie. A sign-in is a row, the *token family*: every request
looks at it, so that a revocation counts at once and not when the access token runs out.

A refresh token is `family.generation.mac`. Using it moves the family to the next generation; an older one
that comes back was copied, and ends the family. The one just before the current is forgiven for
REUSE_GRACE_S and given the current one again: two tabs may refresh at once, and a WiFi that drops may
swallow the answer.

The tables never hold a code or a token: codes are kept as keyed hashes, refresh tokens are recomputed.
"""

from __future__ import annotations

import hmac
import re
import secrets as chance
from dataclasses import dataclass
from typing import Any

import jwt

from backend.announcements import announce
from backend.database import transaction
from backend.errors import Invalid, TooMany, Unauthenticated
from backend.identity import passwords, secrets
from backend.identity.announcements import CodeIssued, SignInRevoked
from backend.identity.permissions import Subject
from backend.identity.tables import Customer, OneTimeCode, Staff, Tenant, TokenFamily

CODE_DIGITS = 6
CODE_LIFETIME_S = 300
CODE_ATTEMPTS_MAX = 5
CODE_INTERVAL_S = 20
CODES_PER_HOUR_MAX = 5
ACCESS_LIFETIME_S = 600
CUSTOMER_SIGN_IN_LIFETIME_S = 30 * 24 * 3600
STAFF_SIGN_IN_LIFETIME_S = 12 * 3600
REUSE_GRACE_S = 120
TOKEN_LENGTH_MAX = 2000
_AUDIENCE = "careflow"
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a client gets: the tokens and who it now is."""

    subject: Subject
    access_token: str
    expires_in_s: int
    refresh_token: str
    refresh_lifetime_s: int


def normal_phone(phone: str) -> str:
    """E.164 form (`+48601…`) of what a person typed; raises Invalid on the field `phone`."""
    digits = re.sub(r"[\s().\-/]", "", phone)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not _PHONE.fullmatch(digits):
        raise Invalid("invalid", fields={"phone": ["phone_format"]})
    return digits


def tenant_by_slug(slug: str) -> Tenant:
    """The tenant a sign-in page belongs to; raises Invalid on the field `tenant`."""
    tenant = Tenant.select().where(Tenant.slug == slug).first()
    if tenant is None:
        raise Invalid("invalid", fields={"tenant": ["unknown"]})
    return tenant


# -- customers: one-time codes --------------------------------------------------------------------


def request_code(tenant_slug: str, phone: str, now: float) -> None:
    """Issue a code for the phone. Unknown phones are treated alike in all that can be seen from outside.

    Raises Invalid, TooMany (one in CODE_INTERVAL_S, CODES_PER_HOUR_MAX an hour).
    """
    tenant, phone = tenant_by_slug(tenant_slug), normal_phone(phone)
    code = f"{chance.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    with transaction():
        _limit_codes(tenant.id, phone, now)
        customer = Customer.of(tenant.id).where(Customer.phone == phone).first()
        OneTimeCode.create(
            tenant_id=tenant.id,
            phone=phone,
            customer_id=customer.id if customer else None,
            code_hash=secrets.digest("code", tenant.id, phone, code),
            created_at=now,
            expires_at=now + CODE_LIFETIME_S,
        )
        if customer is not None:
            announce(CodeIssued(tenant.id, phone, code, customer.locale, now + CODE_LIFETIME_S))


def _limit_codes(tenant_id: str, phone: str, now: float) -> None:
    sent_at = [
        row.created_at
        for row in OneTimeCode.of(tenant_id, OneTimeCode.created_at)
        .where(OneTimeCode.phone == phone, OneTimeCode.created_at > now - 3600)
        .order_by(OneTimeCode.created_at.desc())
        .limit(CODES_PER_HOUR_MAX)
    ]
    if sent_at and now - sent_at[0] < CODE_INTERVAL_S:
        raise TooMany("code_too_soon", retry_after_s=CODE_INTERVAL_S - (now - sent_at[0]))
    if len(sent_at) >= CODES_PER_HOUR_MAX:
        raise TooMany("codes_used_up", retry_after_s=3600 - (now - sent_at[-1]))


def verify_code(tenant_slug: str, phone: str, code: str, now: float) -> SignedIn:
    """Sign in with the newest code of the phone; raises Invalid or Unauthenticated("wrong_code")."""
    tenant, phone = tenant_by_slug(tenant_slug), normal_phone(phone)
    with transaction():  # the attempt counts even when it fails, so the error is raised after the commit
        customer_id = _try_code(tenant.id, phone, code, now)
        signed_in = _sign_in(Customer.find(tenant.id, customer_id), now) if customer_id else None
    if signed_in is None:
        raise Unauthenticated("wrong_code")
    return signed_in


def _try_code(tenant_id: str, phone: str, code: str, now: float) -> str | None:
    """Use up one attempt; the customer's id when the code is right."""
    row = (
        OneTimeCode.of(tenant_id)
        .where(OneTimeCode.phone == phone)
        .order_by(OneTimeCode.created_at.desc(), OneTimeCode.id.desc())
        .first()
    )
    if row is None or row.used_at is not None or row.expires_at <= now:
        return None
    counted = (
        OneTimeCode.update(attempts=OneTimeCode.attempts + 1)
        .where(OneTimeCode.id == row.id, OneTimeCode.attempts < CODE_ATTEMPTS_MAX)
        .execute()
    )
    right = hmac.compare_digest(row.code_hash, secrets.digest("code", tenant_id, phone, code))
    if not counted or not right:
        return None
    used = (
        OneTimeCode.update(used_at=now)
        .where(OneTimeCode.id == row.id, OneTimeCode.used_at.is_null())
        .execute()
    )
    return row.customer_id if used else None


# -- staff: passwords -----------------------------------------------------------------------------


def staff_login(tenant_slug: str, login: str, password: str, now: float) -> SignedIn:
    """Sign a staff member in; raises Invalid or Unauthenticated("wrong_login"), the same for every reason."""
    tenant = tenant_by_slug(tenant_slug)
    staff = Staff.of(tenant.id).where(Staff.login == login.strip().lower()).first()
    right = passwords.verify_password(staff.password_hash if staff else None, password)
    if staff is None or not right or not staff.active:
        raise Unauthenticated("wrong_login")
    with transaction():
        return _sign_in(staff, now)


# -- tokens ---------------------------------------------------------------------------------------


def _sign_in(person: Customer | Staff, now: float) -> SignedIn:
    customer = isinstance(person, Customer)
    lifetime_s = CUSTOMER_SIGN_IN_LIFETIME_S if customer else STAFF_SIGN_IN_LIFETIME_S
    family = TokenFamily.create(
        tenant_id=person.tenant_id,
        subject_kind="customer" if customer else "staff",
        subject_id=person.id,
        created_at=now,
        rotated_at=now,
        expires_at=now + lifetime_s,
    )
    return _signed_in(family, _subject(family, person), now)


def _signed_in(family: TokenFamily, subject: Subject, now: float) -> SignedIn:
    claims = {
        "aud": _AUDIENCE,
        "sub": subject.id,
        "kind": subject.kind,
        "tenant": subject.tenant_id,
        "role": subject.role,
        "family": family.id,
        "iat": int(now),
        "exp": int(now) + ACCESS_LIFETIME_S,
    }
    return SignedIn(
        subject=subject,
        access_token=jwt.encode(claims, secrets.key_for("access-token"), algorithm="HS256"),
        expires_in_s=ACCESS_LIFETIME_S,
        refresh_token=_refresh_token(family.id, family.generation),
        refresh_lifetime_s=max(0, int(family.expires_at - now)),
    )


def _refresh_token(family_id: str, generation: int) -> str:
    return f"{family_id}.{generation}.{secrets.digest('refresh', family_id, str(generation))}"


def _read_refresh_token(token: str) -> tuple[str, int] | None:
    """(family id, generation) of a token that we once issued."""
    if len(token) > TOKEN_LENGTH_MAX or not re.fullmatch(r"[0-9A-Z]{26}\.[0-9]{1,9}\.[0-9a-f]{64}", token):
        return None
    family_id, generation, _ = token.split(".")
    if not hmac.compare_digest(token, _refresh_token(family_id, int(generation))):
        return None
    return family_id, int(generation)


def refresh(refresh_token: str, now: float) -> SignedIn:
    """A new access token, and the next refresh token; raises Unauthenticated.

    A copied token ends the sign-in.
    """
    known = _read_refresh_token(refresh_token)
    if known is None:
        raise Unauthenticated()
    family_id, generation = known
    with transaction():
        signed_in = _rotate(family_id, generation, now)
    if signed_in is None:
        raise Unauthenticated()
    return signed_in


def _rotate(family_id: str, generation: int, now: float) -> SignedIn | None:
    rotated = (
        TokenFamily.update(generation=generation + 1, rotated_at=now)
        .where(
            TokenFamily.id == family_id,
            TokenFamily.generation == generation,
            TokenFamily.revoked_at.is_null(),
            TokenFamily.expires_at > now,
        )
        .execute()
    )
    family = TokenFamily.select().where(TokenFamily.id == family_id).first()
    if family is None or family.revoked_at is not None or family.expires_at <= now:
        return None
    forgiven = generation == family.generation - 1 and now - family.rotated_at <= REUSE_GRACE_S
    if not rotated and not forgiven:
        _revoke_families(TokenFamily.id == family_id, "reuse", now)
        return None
    person = _person(family)
    return _signed_in(family, _subject(family, person), now) if person else None


def revoke(refresh_token: str, reason: str, now: float) -> None:
    """End the sign-in this refresh token belongs to.

    A token that is not ours is no error: the result is the same.
    """
    known = _read_refresh_token(refresh_token)
    if known is not None:
        with transaction():
            _revoke_families(TokenFamily.id == known[0], reason, now)


def revoke_subject(tenant_id: str, subject_id: str, reason: str, now: float) -> int:
    """End every sign-in of one person; returns how many there were."""
    with transaction():
        return _revoke_families(
            (TokenFamily.tenant_id == tenant_id) & (TokenFamily.subject_id == subject_id), reason, now
        )


def _revoke_families(which: Any, reason: str, now: float) -> int:
    families = list(TokenFamily.select().where(which, TokenFamily.revoked_at.is_null()))
    for family in families:
        family.revoked_at, family.revoked_because = now, reason
        family.save()
        announce(SignInRevoked(family.tenant_id, family.id, reason))
    return len(families)


def subject_from_token(access_token: str, now: float) -> Subject:
    """Who this access token speaks for, with the role they have now; raises Unauthenticated.

    Forged, expired, revoked, of a person who is gone: all the same to the caller.
    """
    if len(access_token) > TOKEN_LENGTH_MAX:
        raise Unauthenticated()
    try:
        claims = jwt.decode(
            access_token,
            secrets.key_for("access-token"),
            algorithms=["HS256"],
            audience=_AUDIENCE,
            options={"require": ["exp", "sub", "family"], "verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError as error:
        raise Unauthenticated() from error
    if not isinstance(claims["exp"], int):
        raise Unauthenticated()
    if claims["exp"] <= now:
        raise Unauthenticated("token_expired")
    return subject_of_family(claims["family"], now)


def subject_of_family(family_id: str, now: float) -> Subject:
    """Who this sign-in speaks for, if it still holds; raises Unauthenticated."""
    family = TokenFamily.select().where(TokenFamily.id == family_id).first()
    if family is None or family.revoked_at is not None or family.expires_at <= now:
        raise Unauthenticated()
    person = _person(family)
    if person is None:
        raise Unauthenticated()
    return _subject(family, person)


def _person(family: TokenFamily) -> Customer | Staff | None:
    table = Customer if family.subject_kind == "customer" else Staff
    person = table.of(family.tenant_id).where(table.id == family.subject_id).first()
    return None if person is None or (table is Staff and not person.active) else person


def _subject(family: TokenFamily, person: Customer | Staff) -> Subject:
    if isinstance(person, Customer):
        name = f"{person.first_name} {person.last_name}".strip()
        return Subject("customer", person.id, person.tenant_id, "customer", name, family.id)
    return Subject("staff", person.id, person.tenant_id, person.role, person.name, family.id)


def system_subject(tenant_id: str) -> Subject:
    """Careflow itself, acting for a tenant: timers, sweeps, the bot."""
    return Subject("system", "system", tenant_id, "supervisor", "Careflow")


def forget_expired(now: float) -> int:
    """Delete codes a day old and sign-ins a week after their end; returns the number of rows.

    For the sweep.
    """
    with transaction():
        codes = OneTimeCode.delete().where(OneTimeCode.created_at < now - 24 * 3600).execute()
        families = TokenFamily.delete().where(TokenFamily.expires_at < now - 7 * 24 * 3600).execute()
        return int(codes + families)
