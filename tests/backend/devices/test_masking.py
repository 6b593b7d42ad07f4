"""A message that is kept holds no secret, however it is written; others are kept as they came."""

from __future__ import annotations

import pytest

from backend.cwmp import rpc
from backend.cwmp.soap import decode, encode
from backend.devices.masking import masked_message
from backend.devices.secret_values import MASK

NAMESPACE = "urn:dslforum-org:cwmp-1-2"
KEY = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"


def values(*pairs):
    return encode(
        rpc.GetParameterValuesResponse(tuple(rpc.ParameterValue(name, value) for name, value in pairs)),
        "1",
        NAMESPACE,
    )


def test_a_message_without_secrets_is_kept_byte_for_byte():
    body = values(("Device.WiFi.SSID.1.SSID", "Nowak"))
    assert masked_message(body) is body
    assert masked_message(b"") == b""
    assert masked_message(b"\xff no XML at all") == b"\xff no XML at all"


def test_secret_values_are_masked_and_the_rest_stays():
    body = values((KEY, "correct horse"), ("Device.WiFi.SSID.1.SSID", "Nowak"), (KEY.replace("1", "2"), ""))
    masked = masked_message(body)
    assert b"correct horse" not in masked
    shown = decode(masked).message.values
    assert [value.value for value in shown] == [MASK, "Nowak", ""]


def test_writes_and_transfers_are_masked():
    written = encode(
        rpc.SetParameterValues((rpc.ParameterValue("X.ManagementServer.Password", "new secret"),)),
        "1",
        NAMESPACE,
    )
    assert b"new secret" not in masked_message(written)
    download = (
        b"<Envelope><Body><Download><CommandKey>k</CommandKey>"
        b"<URL>http://acs.example/files/one-time-token</URL><Username>u7</Username>"
        b"<Password>p7</Password></Download></Body></Envelope>"
    )
    masked = masked_message(download)
    assert b"<CommandKey>k</CommandKey>" in masked
    for secret in (b"one-time-token", b"u7", b"p7"):
        assert secret not in masked


@pytest.mark.parametrize(
    "body",
    [
        f"<P><Name>{KEY}</Name><Value><![CDATA[hidden]]></Value></P>",
        f"<P><Value>hidden</Value><Name> {KEY} </Name></P>",
        f"<P><Name>{KEY}</Name><Value><b>hid</b>den</Value></P>",
        f"<P><Name>{KEY.replace('K', '&#75;')}</Name><Value>hidden</Value></P>",
        f"<P><Name>{KEY}</Name><!-- hidden --><Value>hidden</Value></P>",
        f"<x:P><x:Name>{KEY}</x:Name><x:Value>hidden</x:Value></x:P>",
        f'<?xml version="1.0" encoding="UTF-16"?><P><Name>{KEY}</Name><Value>hidden</Value></P>',
        f"<P><Name>{KEY.upper()}</Name><Value>hidden</Value>",
        f"<P><Name>{KEY}</Name><Value>hidden</Value><Value>hidden</Value></P>",
        "<P><Name>Device.Users.User.1.PIN</Name><Value>hidden</Value></P>",
    ],
)
def test_odd_spellings_do_not_help(body):
    raw = body.encode("utf-16" if "UTF-16" in body else "utf-8")
    masked = masked_message(raw)
    assert masked is not None
    assert b"hidden" not in masked and b"hid<" not in masked


@pytest.mark.parametrize(
    "name",
    [
        "X_ACME_PreSharedKey",
        "X_ACME-COM_WEPKey",
        "X_ACME_AdminPasswd",
        "WireGuard.Interface.1.PrivateKey",
        "WPS.X_ACME_DevicePIN",
        "X_ACME_WpaPsk",
        "RadiusSecret",
        "PreSharedKey.1.PreSharedKey",
    ],
)
def test_names_of_vendors_are_known_by_their_end(name):
    body = values((f"Device.{name}", "hidden"))
    assert b"hidden" not in masked_message(body)


@pytest.mark.parametrize("name", ["WEPKeyIndex", "Ping", "PasswordRequired", "IPPing.Timeout", "Spin"])
def test_what_only_speaks_of_a_secret_is_shown(name):
    assert b"shown" in masked_message(values((f"Device.{name}", "shown")))


def test_what_cannot_be_read_and_may_hold_a_secret_is_not_kept():
    assert masked_message(b"password \x00 <<<") is None
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><P><Name>Password</Name><Value>&b;</Value></P>'
    )
    assert b"aaaa" not in (masked_message(bomb) or b"").replace(b'"aaaa"', b"")


def test_letters_that_are_none_in_the_charset_it_names_are_not_kept():
    body = b"<P><Name>Password</Name><Value>x</Value>\xed\xff</P>"
    masked = masked_message(body)
    assert masked is None or b">x<" not in masked
