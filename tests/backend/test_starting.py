"""What whoever starts a process is told when the database is away or old."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend import database, starting
from backend.config import Config, ConfigError


def bound(config: Config) -> Config:
    database.bind(config)
    return config


@pytest.mark.network
def test_a_database_that_is_away_is_told(tmp_path):
    away = Config(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/nothing")
    for demo in (False, True):
        with pytest.raises(ConfigError, match="DATABASE_URL cannot be used: .*refused"):
            starting.ready_database(bound(replace(away, demo=demo)))


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "careflow.db").write_text("a shopping list, long enough to be looked at" * 50)
    broken = Config(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'careflow.db'}")
    with pytest.raises(ConfigError, match="DATABASE_URL cannot be used: .*not a database"):
        starting.ready_database(bound(broken))


def test_an_embedded_database_is_brought_up_to_date_once(tmp_path):
    embedded = bound(Config(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'careflow.db'}"))
    assert starting.migrated()
    assert starting.migrated() == []
    starting.ready_database(embedded)
