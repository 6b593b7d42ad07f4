"""Passwords take time to try, but not everyone else's time."""

from __future__ import annotations

import pytest

from backend.errors import TooMany
from backend.identity import passwords


@pytest.fixture
def in_a_server(monkeypatch):
    """As in a gevent process: hashing happens aside, in threads of its own."""
    monkeypatch.setattr(passwords.monkey, "is_module_patched", lambda _: True)
    monkeypatch.setattr(passwords, "_pools", [])
    yield
    for pool in passwords._pools:
        pool.kill()


def test_right_wrong_and_nobody():
    stored = passwords.hash_password("correct horse")
    assert passwords.verify_password(stored, "correct horse")
    assert not passwords.verify_password(stored, "wrong horse")
    assert not passwords.verify_password(None, "correct horse")
    assert not passwords.verify_password("no hash", "correct horse")
    assert not passwords.verify_password(stored, "x" * (passwords.LENGTH_MAX + 1))


def test_aside_in_few_threads_and_without_a_word(in_a_server, capfd):
    stored = passwords.hash_password("correct horse")
    assert passwords.verify_password(stored, "correct horse")
    assert not passwords.verify_password(stored, "wrong horse")
    assert not passwords.verify_password("no hash", "correct horse")
    assert capfd.readouterr().err == ""
    assert passwords._pools[0].maxsize == passwords.THREADS
    assert passwords._waiting == 0


def test_guessers_who_queue_up_are_sent_away(in_a_server, monkeypatch):
    monkeypatch.setattr(passwords, "_waiting", passwords.WAITING_MAX)
    with pytest.raises(TooMany):
        passwords.verify_password(None, "guess")
    assert passwords._waiting == passwords.WAITING_MAX
