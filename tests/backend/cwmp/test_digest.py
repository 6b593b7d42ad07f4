"""Digest authentication: the RFCs' own examples, and both sides face to face."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.cwmp.digest import (
    HEADER_LIMIT_CHARS,
    NonceCounts,
    Verdict,
    answer,
    challenge,
    parse_authorization,
    verify,
)
from backend.cwmp.faults import RemoteError
from tests.backend.cwmp.messages import UNHURRIED

KEY = b"k" * 32
NOW = 1_750_000_000.25
ALGORITHMS = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"]
NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


def judged(header: str, **changed: object) -> Verdict:
    given = parse_authorization(header)
    assert given is not None
    asked: dict[str, object] = {
        "password": "pw",
        "method": "POST",
        "target": "/acs",
        "realm": "acs",
        "key": KEY,
        "now": NOW + 1,
    }
    return verify(given, **{**asked, **changed})  # type: ignore[arg-type]


def answered(offered: str, **changed: object) -> str:
    given: dict[str, object] = {
        "username": "00AABB-HG-1",
        "password": "pw",
        "method": "POST",
        "target": "/acs",
        "cnonce": "c0ffee",
    }
    return answer([offered], **{**given, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_example_of_rfc_7616(algorithm: str, response: str) -> None:
    offered = (
        'Digest realm="http-auth@example.org", qop="auth, auth-int", '
        f'algorithm={algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
    )
    header = answer(
        [offered],
        username="Mufasa",
        password="Circle of Life",
        method="GET",
        target="/dir/index.html",
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert f'response="{response}"' in header
    assert 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' in header
    assert "qop=auth, nc=00000001" in header


def test_the_example_of_rfc_2617() -> None:
    header = answer(
        ['Digest realm="testrealm@host.com", qop="auth", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'],
        username="Mufasa",
        password="Circle Of Life",
        method="GET",
        target="/dir/index.html",
        cnonce="0a4f113b",
    )
    assert 'response="6629fae49393a05397450978507c4ef1"' in header


def test_a_challenge_without_qop_is_answered_the_old_way() -> None:
    """RFC 2069, with its corrected example."""
    header = answer(
        ['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'],
        username="Mufasa",
        password="CircleOfLife",
        method="GET",
        target="/dir/index.html",
        cnonce="unused",
    )
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in header
    assert "nc=" not in header


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_both_sides_agree(algorithm: str) -> None:
    offered = challenge("acs", key=KEY, now=NOW, salt="s1", algorithm=algorithm)
    assert judged(answered(offered)) is Verdict.OK
    assert judged(answered(offered, password="no")) is Verdict.WRONG


@UNHURRIED
@given(NAMES, NAMES, NAMES)
def test_any_name_realm_and_password(username: str, realm: str, password: str) -> None:
    offered = challenge(realm, key=KEY, now=NOW, salt="s1")
    header = answered(offered, username=username, password=password)
    given = parse_authorization(header)
    assert given is not None
    assert (given.username, given.realm) == (username, realm)
    assert judged(header, password=password, realm=realm) is Verdict.OK


def test_the_answer_holds_for_one_request() -> None:
    header = answered(challenge("acs", key=KEY, now=NOW, salt="s1"))
    assert judged(header, method="GET") is Verdict.WRONG
    assert judged(header, target="/other") is Verdict.WRONG
    assert judged(header, realm="other") is Verdict.WRONG
    assert judged(header, algorithms=["SHA-256"]) is Verdict.WRONG


def test_a_device_may_give_its_whole_url() -> None:
    offered = challenge("acs", key=KEY, now=NOW, salt="s1")
    header = answered(offered, target="http://acs.example:7547/acs?x=1")
    assert judged(header, target="/acs?x=1") is Verdict.OK
    assert judged(header, target="/acs") is Verdict.WRONG
    assert judged(answered(offered, target="http://[bad/acs")) is Verdict.WRONG


def test_a_nonce_gets_old_and_belongs_to_one_key_and_time() -> None:
    header = answered(challenge("acs", key=KEY, now=NOW, salt="s1"))
    assert judged(header, now=NOW + 300) is Verdict.OK
    assert judged(header, now=NOW + 301) is Verdict.STALE
    assert judged(header, now=NOW - 60) is Verdict.STALE
    assert judged(header, key=b"another key") is Verdict.STALE
    assert judged(answered('Digest realm="acs", qop="auth", nonce="mine"')) is Verdict.STALE
    assert challenge("acs", key=KEY, now=NOW, salt="s1", stale=True).endswith(", stale=true")
    assert challenge("acs", key=KEY, now=NOW, salt="s1") != challenge("acs", key=KEY, now=NOW, salt="s2")


def test_a_wrong_password_over_an_old_nonce_is_wrong() -> None:
    header = answered(challenge("acs", key=KEY, now=NOW, salt="s1"))
    assert judged(header, now=NOW + 999, password="no") is Verdict.WRONG


def test_a_count_is_used_once() -> None:
    counts = NonceCounts()
    offered = challenge("acs", key=KEY, now=NOW, salt="s1")
    assert judged(answered(offered), is_new=counts.is_new) is Verdict.OK
    assert judged(answered(offered), is_new=counts.is_new) is Verdict.REPLAYED
    assert judged(answered(offered, count=2), is_new=counts.is_new) is Verdict.OK
    assert judged(answered(offered, count=3, password="no"), is_new=counts.is_new) is Verdict.WRONG
    assert judged(answered(offered, count=3), is_new=counts.is_new) is Verdict.OK


def test_the_memory_of_counts_is_bounded() -> None:
    counts = NonceCounts(limit_nonces=2)
    assert [counts.is_new(nonce, 1) for nonce in "abca"] == [True] * 4
    assert not counts.is_new("c", 1)


def test_the_strongest_known_challenge_is_answered() -> None:
    offered = [
        'Basic realm="a, b", Digest realm="one", qop="auth", algorithm=MD5, nonce="n1", '
        'Digest realm="two", qop="auth", algorithm=SHA-256, nonce="n2"',
        'Digest realm="three", qop="auth", algorithm=SHA-512-256, nonce="n3"',
    ]
    header = answer(offered, username="u", password="p", method="GET", target="/", cnonce="c")
    assert 'realm="two"' in header
    assert "algorithm=SHA-256" in header


@pytest.mark.parametrize(
    "offered",
    [
        "",
        "Basic realm=x",
        'Digest realm="x"',
        'Digest realm="x", nonce="n", qop="auth-int"',
        'Digest nonce="n", algorithm=X',
    ],
)
def test_a_challenge_that_cannot_be_met(offered: str) -> None:
    with pytest.raises(RemoteError):
        answered(offered)


@pytest.mark.parametrize(
    "header",
    ["", "Basic dTpw", "Digest", 'Digest username="u"', "Digest " + "a=b," * HEADER_LIMIT_CHARS],
)
def test_no_digest_header(header: str) -> None:
    assert parse_authorization(header) is None


@pytest.mark.parametrize("noise", ["a", "a ", 'a="', ",a", 'a="\\', "= ", " a"])
def test_a_header_of_noise_costs_little(noise: str) -> None:
    header = "Digest " + (noise * HEADER_LIMIT_CHARS)[: HEADER_LIMIT_CHARS - 7]
    parse_authorization(header)
    began_s = time.process_time()
    assert parse_authorization(header) is None
    assert time.process_time() - began_s < 0.1


@pytest.mark.parametrize("spelt", ["%00", "x%1b[31m", "x%0d%0ay", "x%c2%9b"])
def test_a_user_name_holds_no_control_characters(spelt: str) -> None:
    rest = 'realm="r", nonce="n", uri="/", response="0", cnonce="c", nc=00000001, qop=auth'
    assert parse_authorization(f"Digest username*=UTF-8''x, {rest}") is not None
    assert parse_authorization(f"Digest username*=UTF-8''{spelt}, {rest}") is None


def test_an_extended_user_name() -> None:
    header = answered(challenge("acs", key=KEY, now=NOW, salt="s1"), username="żółw")
    extended = header.replace('username="żółw"', "username*=UTF-8''%C5%BC%C3%B3%C5%82w")
    assert judged(extended) is Verdict.OK


@UNHURRIED
@given(st.text(max_size=200))
def test_any_header_gives_a_verdict(noise: str) -> None:
    given = parse_authorization("Digest " + noise)
    assert given is None or judged("Digest " + noise) is not Verdict.OK


@UNHURRIED
@given(st.sampled_from(["qop", "nc", "response", "uri", "nonce", "algorithm", "cnonce"]), NAMES)
def test_a_changed_part_is_never_ok(part: str, value: str) -> None:
    header = answered(challenge("acs", key=KEY, now=NOW, salt="s1"))
    forged = f'Digest {part}="{value.replace(chr(92), "").replace(chr(34), "")}", ' + header[7:]
    assert judged(forged) in (Verdict.WRONG, Verdict.STALE)


def test_no_line_can_be_injected() -> None:
    offered = challenge('a"\r\nX: y', key=KEY, now=NOW, salt="s1")
    assert "\n" not in offered
    assert "\r" not in answered(offered, username="u\r\nX: y")
