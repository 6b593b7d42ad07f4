"""What stands at the door by the settings: where sessions are kept, who is believed, and what runs beside
the ACS.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from backend.config import Config, ConfigError
from backend.devices import history, natted, waking
from backend.devices.authentication import Authenticator, ClientCertificates
from backend.devices.sessions import Ended, Sessions
from backend.devices.shared import Link, SharedNonces, SharedSending
from backend.devices.shared_sessions import SharedSessions
from backend.devices.stun import StunServer

LAG_LOOK_S: Final = 0.5

Stop = Callable[[], object]


class Late(Protocol):
    """Whoever wants to know how late the work of this process is, in seconds."""

    lag_s: float


def settings_of(config: Config) -> dict[str, Any]:
    """What an `Acs` is made with: sessions of this process, or with REDIS_URL those of all."""
    certificates = None
    if config.certificate_header:
        certificates = ClientCertificates(config.certificate_header, config.certificate_proxies)
    link = Link(config.redis_url) if config.redis_url else None
    authenticator = Authenticator(
        algorithms=config.acs_digest,
        is_new=SharedNonces(link).is_new if link is not None else None,
        certificates=certificates,
    )

    def sessions(ended: Ended) -> Sessions:
        return SharedSessions(link, ended) if link is not None else Sessions(ended)

    return {"sessions": sessions, "authenticator": authenticator, "direct": config.trusted_proxies == 0}


def opened(config: Config, acs: Late | None) -> list[Stop]:
    """Begin what a process needs to wake devices, and with an `acs` what stands beside it; gives what ends
    that.

    ConfigError when the STUN server's port is taken.
    """
    if acs is None or not config.stun_port:
        waking.start(redis_url=config.redis_url)
        return [] if acs is None else [_felt(acs), history.start()]
    try:
        server = StunServer(config.host, config.stun_port)
    except OSError as error:
        why = f"UDP port {config.stun_port} of {config.host}: {error.strerror}"
        raise ConfigError(f"CAREFLOW_STUN_PORT: {why}; 0 leaves STUN out") from error
    stops: list[Stop] = [server.start(), _felt(acs), history.start()]
    if config.redis_url:
        stops.append(SharedSending(Link(config.redis_url)).listen(server.send))
    natted.bind(urlsplit(config.acs_url).hostname or "", config.stun_port)
    waking.start(redis_url=config.redis_url, send=server.send)
    return stops


def _felt(acs: Late) -> Stop:
    """Measure how late this process comes to its work, as a greenlet that wakes by the clock feels it."""
    stopping = threading.Event()

    def feel() -> None:
        while True:
            began_s = time.monotonic()
            if stopping.wait(LAG_LOOK_S):
                return
            late_s = max(0.0, time.monotonic() - began_s - LAG_LOOK_S)
            acs.lag_s = max(late_s, acs.lag_s / 2)

    threading.Thread(target=feel, name="lag", daemon=True).start()
    return stopping.set
