"""Logs and figures of one process.

Logs are structured: an event name and fields; `run`, `device` and `conversation` are bound for as long as
something is done about them (`about`), so that one search finds everything that happened to one of them.
Secrets are masked by the name of the field and by their look, also in tracebacks and in the lines of other
libraries.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from prometheus_client import Counter, Gauge, Histogram

MASK = "••••••"
_SECRET_NAME = re.compile(
    r"pass(word|phrase)?$|passwd|secret|token|authorization|cookie|^code$|_code$|sealed|_key$|^key$",
    re.IGNORECASE,
)
_HARMLESS_NAMES = frozenset(
    {"owner_key", "parameter_key", "status_code", "fault_code", "exit_code", "error_code"}
)
_SECRET_LOOK = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"  # a JWT
    r"|[0-9A-Z]{26}\.[0-9]{1,9}\.[0-9a-f]{64}"  # a refresh token
    r"|(?<=Bearer )\S+|(?<=Basic )\S+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user:password in an address
)

REQUESTS = Counter("careflow_http_requests_total", "HTTP requests", ["route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "careflow_http_request_seconds",
    "Time to answer an HTTP request",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SOCKETS_OPEN = Gauge("careflow_sockets_open", "Open Socket.IO connections")
PUSHES = Counter("careflow_pushes_total", "What was pushed to sockets", ["kind"])
UNREACHABLE = Counter("careflow_devices_unreachable_total", "Devices that could not be woken", ["reason"])
RUNS_ENDED = Counter("careflow_runs_ended_total", "Runs that ended", ["status"])
RUNS_ESCALATED = Counter("careflow_runs_escalated_total", "Runs that went to a person", ["reason"])


def configure(log_format: str, log_level: str, stream: TextIO = sys.stderr) -> None:
    """Send this process's logs, ours and other libraries', to `stream` as text or JSON lines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        mask_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(log_level.upper())
    for noisy in ("engineio", "socketio", "geventwebsocket", "urllib3", "huey", "peewee"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def pushed(kind: str) -> None:
    """Count a push to sockets."""
    PUSHES.labels(kind).inc()


def unreachable(event: Any) -> None:
    """Count a DeviceUnreachable."""
    UNREACHABLE.labels(event.reason).inc()


def run_ended(event: Any) -> None:
    """Count a RunEnded."""
    RUNS_ENDED.labels(event.status).inc()


def run_escalated(event: Any) -> None:
    """Count a RunEscalated."""
    RUNS_ESCALATED.labels(event.reason).inc()


@contextmanager
def about(**ids: str | None) -> Iterator[None]:
    """Bind ids (`run`, `device`, `conversation`) to every log line inside; None leaves one as it is."""
    with structlog.contextvars.bound_contextvars(**{name: id for name, id in ids.items() if id is not None}):
        yield


def mask_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: mask by name and by look, also inside nested values."""
    for name in list(event):
        event[name] = _masked(name, event[name])
    return event


def _is_secret(name: str) -> bool:
    return name not in _HARMLESS_NAMES and _SECRET_NAME.search(name) is not None


def _masked(name: str, value: Any) -> Any:
    if value and not isinstance(value, int | float) and _is_secret(name):
        return MASK
    if isinstance(value, str):
        return _SECRET_LOOK.sub(MASK, value)
    if isinstance(value, dict):
        return {key: _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", inner) for inner in value]
    return value
