"""Settings: their defaults, what is refused, and that none is undocumented."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from backend import config
from backend.config import ConfigError, from_environment


def test_with_nothing_set_it_is_one_process_on_this_machine(tmp_path):
    made = from_environment({"CAREFLOW_DATA_DIR": str(tmp_path / "data")})
    assert (made.host, made.port, made.acs_port) == ("127.0.0.1", 8000, 7547)
    assert made.embedded
    assert made.sqlite_path == tmp_path / "data" / "careflow.db"
    assert made.acs_url == "http://127.0.0.1:7547/acs"
    assert (made.demo, made.redis_url, made.trusted_proxies) == (False, None, 0)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_many_processes_by_settings_alone(tmp_path):
    given = {
        "CAREFLOW_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgres://careflow@db/careflow",
        "REDIS_URL": "redis://cache:6379/0",
        "CAREFLOW_HOST": "0.0.0.0",
        "CAREFLOW_PORT": "80",
        "CAREFLOW_ACS_PORT": "7548",
    }
    made = from_environment(given)
    assert not made.embedded
    assert made.database_url == "postgresql://careflow@db/careflow"
    assert made.redis_url == "redis://cache:6379/0"
    assert made.acs_url == "http://127.0.0.1:7548/acs"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CAREFLOW_PORT", "eighty"),
        ("CAREFLOW_PORT", "65536"),
        ("CAREFLOW_ACS_PORT", "-1"),
        ("CAREFLOW_TRUSTED_PROXIES", "all"),
        ("CAREFLOW_LOG", "loud"),
        ("CAREFLOW_LOG_LEVEL", "shout"),
        ("CAREFLOW_SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://db/x"),
        ("DATABASE_URL", "postgresql://user@db:port/x"),
        ("CAREFLOW_STUN_PORT", "many"),
        ("CAREFLOW_ACS_DIGEST", "MD4"),
        ("CAREFLOW_ACS_DIGEST", "MD5,MD5"),
        ("CAREFLOW_CERTIFICATE_HEADER", "X SSL: CN"),
        ("CAREFLOW_CERTIFICATE_PROXIES", "everyone"),
        ("CAREFLOW_VENDOR_PROFILES", "/no/such/folder"),
        ("CAREFLOW_HEALTH_PORT", "70000"),
        ("REDIS_URL", "cache:6379"),
        ("REDIS_URL", "redis://cache:port"),
    ],
)
def test_what_cannot_be_used_is_said_by_name(tmp_path, name, value):
    with pytest.raises(ConfigError, match=name):
        from_environment({"CAREFLOW_DATA_DIR": str(tmp_path), name: value})


def test_a_folder_that_cannot_be_written_is_said_by_name(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="CAREFLOW_DATA_DIR"):
        from_environment({"CAREFLOW_DATA_DIR": str(tmp_path / "file" / "data")})


def test_every_setting_that_is_read_is_in_the_table():
    source = Path(config.__file__).read_text()
    read = set(re.findall(r'"((?:CAREFLOW_|DATABASE_URL|REDIS_URL)[A-Z_]*)"', source))
    documented = set(re.findall(r"^\| ([A-Z_]+) \|", config.__doc__ or "", re.MULTILINE))
    assert read == documented


def test_a_setting_never_shows_the_key(tmp_path):
    made = from_environment({"CAREFLOW_DATA_DIR": str(tmp_path), "CAREFLOW_SECRET_KEY": "ab" * 32})
    assert "ab" * 4 not in repr(made)
    assert "\\xab" not in repr(made)


def test_the_door_is_set_by_name(tmp_path):
    given = {
        "CAREFLOW_DATA_DIR": str(tmp_path),
        "CAREFLOW_ACS_PORT": "7550",
        "CAREFLOW_ACS_DIGEST": "sha-256",
        "CAREFLOW_CERTIFICATE_HEADER": "X-SSL-Client-CN",
        "CAREFLOW_CERTIFICATE_PROXIES": "10.0.0.0/8, fd00::/8",
        "CAREFLOW_VENDOR_PROFILES": str(tmp_path),
    }
    made = from_environment(given)
    assert (made.stun_port, made.health_port) == (7550, 0)
    assert made.acs_digest == ("SHA-256",)
    assert made.certificate_proxies == ("10.0.0.0/8", "fd00::/8")
    assert made.vendor_profiles_dir == tmp_path.resolve()
    assert from_environment({**given, "CAREFLOW_STUN_PORT": "0"}).stun_port == 0
