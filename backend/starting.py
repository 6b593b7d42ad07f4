"""What must hold before a process serves, and what whoever starts it is told when it does not."""

from __future__ import annotations

import structlog
from peewee import PeeweeException

from backend import database
from backend.config import Config, ConfigError
from backend.errors import Unavailable

log = structlog.get_logger(__name__)


def ready_database(config: Config) -> None:
    """Embedded, and in the demo: bring it up to date. Otherwise somebody must have run `migrate`.

    Raises ConfigError for a database that is away, unusable or old.
    """
    if config.embedded or config.demo:
        if applied := migrated():
            log.info("migrated", migrations=applied)
        return
    try:
        pending = database.pending_migrations()
    except (PeeweeException, Unavailable) as error:
        raise _unusable(error) from error
    if pending:
        raise ConfigError("the database is not up to date: run `python app.py migrate` first")


def migrated() -> list[str]:
    """Bring the database up to date; the names of the migrations it lacked. Raises ConfigError."""
    try:
        return database.migrate()
    except (PeeweeException, Unavailable) as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> ConfigError:
    why = str(error.__cause__ or error).strip().partition("\n")[0]
    return ConfigError(f"the database of DATABASE_URL cannot be used: {why}")
