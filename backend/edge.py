"""The edge of every HTTP request: its id, its connection, its subject, its limits, and how errors look.

Order before a view: request id and log context, database connection, permission, rate limit. An error of
the user is JSON with a code; one of ours is logged with its trace and told as nothing but the request id.
"""

from __future__ import annotations

import json
import math
import re
import time
from typing import Any

import structlog
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, Response, g, jsonify, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_smorest import Api
from marshmallow import RAISE, Schema, ValidationError, fields
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import postgresql, telemetry
from backend.config import Config
from backend.database import connection, new_id
from backend.errors import Invalid, TooMany, Unauthenticated, UserError
from backend.identity.http import refuse_unless_allowed

log = structlog.get_logger(__name__)

BODY_LIMIT_BYTES = 64 * 1024
QUERY_LIMIT_CHARACTERS = 2_000
JSON_DEPTH_LIMIT = 30
DEFAULT_LIMIT = "600 per minute"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REDIS_WAITS = {"socket_connect_timeout": 1.0, "socket_timeout": 1.0}
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""What every answer to a browser carries."""
STREAMED = {("POST", "/api/v1/staff/files"): "files.create"}
"""What takes a body piece by piece, with limits of its own: path and endpoint."""
_WITHOUT_DATABASE = frozenset({"site", "health", "demo", "api-docs"})
_QUIET = frozenset({"site", "health"})
_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many",
}

_MESSAGES = {
    404: "Nothing is here.",
    422: "Some fields are wrong.",
    429: "Too many requests; try again later.",
}

OPENAPI: dict[str, Any] = {
    "info": {
        "description": "What the customer's app and the consoles of staff speak.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "security": [{"bearer": []}],
    "components": {
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    },
    "servers": [{"url": "/"}],
}


class ErrorBody(Schema):
    """What went wrong: `code` for machines, `message` for people, `fields` the errors by field."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    by_field = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), data_key="fields")
    request_id = fields.String()


class ErrorSchema(Schema):
    """Every answer of 400 and above."""

    error = fields.Nested(ErrorBody, required=True)


_ODD = re.compile(rb"\\u0000|\\ud|\x00|NaN|Infinity|[0-9]{300}|[eE]\+?[0-9]{3}", re.IGNORECASE)


def refuse_odd_json(body: bytes) -> None:
    """Raise BadRequest for JSON that no store keeps or that costs too much to read.

    NUL, half surrogates, NaN, infinities, numbers without end, nesting deeper than JSON_DEPTH_LIMIT. Ordinary
    bodies are only looked over; the parsing is left to whoever reads them.
    """
    deep = body.count(b"[") + body.count(b"{") > JSON_DEPTH_LIMIT
    if not deep and not _ODD.search(body):
        return
    try:
        value = json.loads(body, parse_constant=_refused_number, parse_float=_finite)
        _check(value, 0)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BadRequest("This JSON cannot be read.") from error


def _refused_number(name: str) -> Any:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text[:20])
    return number


def _check(value: Any, depth: int) -> None:
    if depth > JSON_DEPTH_LIMIT:
        raise ValueError("too deep")
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("NUL")
    if isinstance(value, dict | list):
        for inner in [*value, *value.values()] if isinstance(value, dict) else value:
            _check(inner, depth + 1)


def checked_event(schema: type[Schema], data: Any) -> dict[str, Any]:
    """What a socket sent, or Invalid with the errors by field; odd JSON is refused as over HTTP."""
    try:
        refuse_odd_json(json.dumps(data).encode())
    except (BadRequest, RecursionError) as error:
        raise Invalid("invalid", fields={"payload": ["This JSON cannot be read."]}) from error
    try:
        loaded: dict[str, Any] = schema(unknown=RAISE).load(data if isinstance(data, dict) else {})
    except ValidationError as error:
        raise Invalid("invalid", fields=error.normalized_messages()) from error
    return loaded


def _schema_name(schema: Any) -> str:
    """Names in the OpenAPI document: the class's, with Staff before what only the consoles know."""
    found = resolve_schema_cls(schema)
    cls = found[0] if isinstance(found, list) else found
    name = cls.__name__.removesuffix("Schema").lstrip("_")
    return f"Staff{name}" if cls.__module__ == "backend.consoles.schemas" else name


class CareflowApi(Api):
    """flask-smorest with our errors on the wire and in the OpenAPI document."""

    def __init__(self, app: Flask) -> None:
        plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
        super().__init__(app, spec_kwargs={**OPENAPI, "marshmallow_plugin": plugin})

    ERROR_SCHEMA = ErrorSchema

    def handle_http_exception(self, error: HTTPException) -> Any:
        """See `http_error`."""
        return http_error(error)


def limit_key() -> str:
    """Whom a rate limit counts: the sign-in, else the address (X-Forwarded-For only from trusted proxies)."""
    subject = g.get("subject")
    return f"sign-in {subject.family_id}" if subject else f"address {request.remote_addr}"


limiter = Limiter(key_func=limit_key, default_limits=[DEFAULT_LIMIT], headers_enabled=False)


def install(app: Flask, config: Config) -> None:
    """Put the edge around `app`. Call before any blueprint is registered."""
    app.config.update(
        API_TITLE="Careflow",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        RATELIMIT_ENABLED=config.rate_limits,
        RATELIMIT_STORAGE_URI=config.redis_url or "memory://",
        RATELIMIT_STRATEGY="fixed-window",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=config.redis_url is not None,
        RATELIMIT_STORAGE_OPTIONS=REDIS_WAITS if config.redis_url else {},
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(_begin)
    app.before_request(refuse_unless_allowed)
    limiter.init_app(app)
    app.after_request(_finish)
    app.teardown_request(_end)
    app.register_error_handler(UserError, user_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, our_error)


def _begin() -> None:
    g.request_id = new_id()
    g.started_s = time.monotonic()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)
    if (
        len(request.query_string) > QUERY_LIMIT_CHARACTERS
        or "\x00" in request.path
        or any("\x00" in value for values in request.args.listvalues() for value in values)
    ):
        raise BadRequest()
    if request.content_length and request.endpoint not in STREAMED.values():
        refuse_odd_json(request.get_data(cache=True))
    if request.blueprint not in _WITHOUT_DATABASE:
        held = connection()
        held.__enter__()
        g.connection = held


def give_back_connection() -> None:
    """Let others have this request's connection: what follows takes long and opens its own."""
    _end(None)


def _finish(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "(none)"
    took_s = time.monotonic() - g.get("started_s", time.monotonic())
    method = request.method if request.method in METHODS else "other"  # each label is kept for ever
    telemetry.REQUESTS.labels(route, method, response.status_code).inc()
    telemetry.REQUEST_SECONDS.labels(route).observe(took_s)
    if "request_id" in g:
        response.headers["X-Request-Id"] = g.request_id
    if request.blueprint not in _QUIET:
        subject = g.get("subject")
        log.info(
            "request",
            method=request.method,
            route=route,
            status=response.status_code,
            took_ms=round(took_s * 1000, 1),
            subject=subject.id if subject else None,
        )
    return response


def _end(_: BaseException | None) -> None:
    held = g.pop("connection", None)
    if held is not None:
        held.__exit__(None, None, None)


def user_error(error: UserError) -> Response:
    """A UserError as the wire says it."""
    response = jsonify(error.to_json())
    response.status_code = error.status
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(max(1, round(error.retry_after_s)))
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def http_error(error: HTTPException) -> Any:
    """Werkzeug's, webargs' and the limiter's errors in the same form."""
    if error.response is not None:
        return error.response
    status = error.code or 500
    if status >= 500:
        return our_error(error)
    if status < 400:
        return error.get_response()
    message = _MESSAGES.get(status, error.description)
    wrong = UserError(_CODES.get(status, f"http_{status}"), message, fields=_field_errors(error))
    response = user_error(wrong)
    response.status_code = status
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    if isinstance(error, RateLimitExceeded):
        response.headers["Retry-After"] = str(_retry_after_s(time.time()))
    return response


def _retry_after_s(now: float) -> int:
    """Until the limit that was reached lets someone through; never more than its window, since the
    limiter rounds the moment up."""
    limit = limiter.current_limit
    if limit is None:
        return 60
    return max(1, min(math.ceil(limit.reset_at - now), limit.limit.get_expiry()))


def _field_errors(error: HTTPException) -> dict[str, list[str]] | None:
    """{"name": ["..."]} of what webargs found; nested fields are joined with dots."""
    messages = (getattr(error, "data", None) or {}).get("messages")
    if not isinstance(messages, dict):
        return None
    found: dict[str, list[str]] = {}
    for part in messages.values():  # by location: json, query
        _collect(found, "", part)
    return found


def _collect(found: dict[str, list[str]], prefix: str, inner: Any) -> None:
    if isinstance(inner, dict):
        for name, deeper in inner.items():
            _collect(found, f"{prefix}.{name}" if prefix else str(name), deeper)
    else:
        found[prefix or "body"] = [str(one) for one in (inner if isinstance(inner, list) else [inner])]


def our_error(error: Exception) -> Response:
    """A mistake of ours: the whole trace in the log, nothing but its request id on the wire.

    A store that does not answer just now is none.
    """
    if (unavailable := postgresql.passing(error)) is not None:
        log.warning("store_unavailable", error=str(error), path=request.path)
        return user_error(unavailable)
    log.error("request_failed", exc_info=error, path=request.path)
    body = UserError("internal", "Something went wrong on our side.").to_json()
    body["error"]["request_id"] = g.get("request_id", "")
    response = jsonify(body)
    response.status_code = 500
    return response
