"""Seals, masks and where the key lies."""

from __future__ import annotations

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.config import ConfigError, secret_key
from backend.identity import secrets

KEY = b"k" * 32


@given(text=st.text(max_size=200), tenant_id=st.text(max_size=30))
def test_a_seal_opens_to_what_was_sealed(text, tenant_id):
    secrets.bind(KEY)
    assert secrets.open_sealed(tenant_id, secrets.seal(tenant_id, text)) == text


def test_a_seal_shows_nothing_and_differs_each_time():
    secrets.bind(KEY)
    one, other = secrets.seal("t", "wifi password"), secrets.seal("t", "wifi password")
    assert one != other
    assert "wifi" not in one
    assert one.isascii()


@pytest.mark.parametrize("broken", ["tenant", "key", "letter", "short", "empty", "not base64"])
def test_a_seal_that_is_not_ours_does_not_open(broken):
    secrets.bind(KEY)
    sealed, tenant_id = secrets.seal("t", "text"), "t"
    if broken == "tenant":
        tenant_id = "u"
    elif broken == "key":
        secrets.bind(b"z" * 32)
    elif broken == "letter":
        sealed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    else:
        sealed = {"short": sealed[:10], "empty": "", "not base64": "s1.%%%"}[broken]
    with pytest.raises(secrets.SealBroken):
        secrets.open_sealed(tenant_id, sealed)


def test_each_use_has_a_key_of_its_own():
    secrets.bind(KEY)
    keys = {secrets.key_for(use) for use in ("seal", "access-token", "digest")}
    assert len(keys) == 3
    assert KEY not in keys


def test_masks_tell_neither_letters_nor_length():
    assert secrets.mask("a") == secrets.mask("much longer")
    assert secrets.mask("") == secrets.mask(None) == ""
    assert secrets.mask_phone("+48601000001") == "…01"


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    made = secret_key(None, tmp_path)
    assert secret_key(None, tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "short", "zz" * 32, "aa" * 31])
def test_a_key_that_cannot_be_used_is_refused(tmp_path, text):
    (tmp_path / "secret.key").write_text(text)
    with pytest.raises(ConfigError, match="32 bytes"):
        secret_key(None, tmp_path)


def test_a_key_may_be_given_as_hex(tmp_path):
    assert secret_key("ab" * 32, tmp_path) == b"\xab" * 32
