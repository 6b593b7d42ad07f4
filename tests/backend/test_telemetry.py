"""Logs say what happened to whom, and no secret."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from backend import telemetry

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJlLW9mLWl0"
REFRESH = "0" * 26 + ".3." + "ab" * 32


@pytest.fixture
def logged_to():
    """logged_to(format, level) -> the stream that this process's logs now go to."""
    root = logging.getLogger()
    handlers, level, configuration = root.handlers[:], root.level, structlog.get_config()

    def to(log_format, log_level):
        stream = io.StringIO()
        telemetry.configure(log_format, log_level, stream)
        return stream

    yield to
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configuration)


@pytest.fixture
def lines(logged_to):
    """lines() -> the JSON lines logged so far."""
    stream = logged_to("json", "info")
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_ids_are_bound_for_as_long_as_it_is_about_them(lines):
    log = structlog.get_logger("careflow.test")
    with telemetry.about(run="r1", device="d1"), telemetry.about(conversation="c1", run=None):
        log.info("inside")
    log.info("outside")
    inside, outside = lines()
    assert {name: inside[name] for name in ("run", "device", "conversation")} == {
        "run": "r1",
        "device": "d1",
        "conversation": "c1",
    }
    assert (outside["event"], "run" in outside) == ("outside", False)
    assert outside["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "hunter2"},
        {"wifi_passphrase": "hunter2"},
        {"cr_password": "hunter2"},
        {"access_token": "hunter2"},
        {"one_time_code": "hunter2"},
        {"Authorization": "hunter2"},
        {"body": {"inner": {"Cookie": "hunter2"}}},
        {"seen": [{"secret": "hunter2"}]},
        {"said": f"token {JWT.replace('sub', 'hunter2')} came"},
        {"url": "postgresql://careflow:hunter2@db/careflow"},
        {"header": "Bearer hunter2"},
    ],
)
def test_secrets_are_masked_by_name_and_by_look(lines, fields):
    structlog.get_logger("careflow.test").info("it", **fields)
    assert "hunter2" not in json.dumps(lines())


def test_tokens_are_masked_in_tracebacks_and_in_lines_of_others(lines):
    def fails():
        raise ValueError(f"bad token {JWT} or {REFRESH}")

    try:
        fails()
    except ValueError:
        structlog.get_logger("careflow.test").exception("it")
        logging.getLogger("another.library").exception("said %s", JWT)
    logged = lines()
    assert len(logged) == 2
    assert JWT not in json.dumps(logged)
    assert REFRESH not in json.dumps(logged)
    assert "ValueError" in logged[0]["exception"]


def test_what_is_no_secret_is_shown(lines):
    structlog.get_logger("careflow.test").info(
        "it", code=9005, owner_key="run:1", parameter_key="p", tokens=3
    )
    assert {
        name: lines_of for name, lines_of in lines()[0].items() if name in ("code", "owner_key", "tokens")
    } == {
        "code": 9005,
        "owner_key": "run:1",
        "tokens": 3,
    }


def test_text_for_a_terminal(logged_to):
    stream = logged_to("text", "warning")
    log = structlog.get_logger("careflow.test")
    log.info("quiet")
    log.warning("loud", password="hunter2")
    assert "loud" in stream.getvalue()
    assert "quiet" not in stream.getvalue()
    assert "hunter2" not in stream.getvalue()
