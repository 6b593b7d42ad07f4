"""What must hold before a process serves, and what whoever starts it is told when it does not."""

from __future__ import annotations

import threading
import time
from typing import Final

import structlog
from peewee import PeeweeException

from backend import database
from backend.config import Config, ConfigError
from backend.errors import Unavailable
from backend.postgresql import Only

log = structlog.get_logger(__name__)

OTHER_ACS_WAIT_S: Final = 3.0
LOOK_S: Final = 0.1


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


def claim_acs(wait_s: float = OTHER_ACS_WAIT_S) -> Only | None:
    """The claim to be the one ACS process of this database: it alone knows its open sessions.

    One that has just ended may hold it a moment longer. Raises ConfigError when another has it; None where
    there can be no other.
    """
    claim = database.only_one("acs")
    deadline_s = time.monotonic() + wait_s
    while claim is not None and not claim.held():
        if time.monotonic() > deadline_s:
            raise ConfigError(
                "another process already serves the ACS over this database (DATABASE_URL); one is the limit, "
                "since it alone knows its open sessions"
            )
        threading.Event().wait(LOOK_S)
    return claim


def _unusable(error: Exception) -> ConfigError:
    why = str(error.__cause__ or error).strip().partition("\n")[0]
    return ConfigError(f"the database of DATABASE_URL cannot be used: {why}")
