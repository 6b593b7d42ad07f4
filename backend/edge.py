"""The edge of every HTTP request: its id, its connection, its subject, its limits, and how errors look.

Order before a view: request id and log context, database connection, permission, rate limit. An error of the user is
JSON with a code; one of ours is logged with its trace and told as nothing but the request id.
"""

from __future__ import annotations

import json
import time
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, request
from flask.json.provider import DefaultJSONProvider
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_smorest import Api
from marshmallow import Schema, fields
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import telemetry
from backend.config import Config
from backend.database import connection, new_id
from backend.errors import TooMany, Unauthenticated, UserError
from backend.identity.http import refuse_unless_allowed

log = structlog.get_logger(__name__)

BODY_LIMIT_BYTES = 64 * 1024
QUERY_LIMIT_CHARACTERS = 2_000
DEFAULT_LIMIT = "600 per minute"
_WITHOUT_DATABASE = frozenset({"site", "health", "demo", "api-docs", "acs"})
_QUIET = frozenset({"site", "health", "acs"})
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_large",
          415: "unsupported_media_type", 422: "invalid", 429: "too_many"}

OPENAPI: dict[str, Any] = {
    "info": {"description": "What the customer's app and the consoles of staff speak.",
             "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
    "security": [{"bearer": []}],
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
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


class StrictJson(DefaultJSONProvider):
    """JSON without what no store keeps: NUL, half surrogates, NaN and infinities."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value; raises ValueError (as JSONDecodeError or UnicodeError is one)."""
        text = s.decode("utf-8") if isinstance(s, bytes) else s
        if "\\u0000" in text or "\x00" in text:
            raise ValueError("NUL is not allowed")
        value = json.loads(text, parse_constant=_no_constant, **kwargs)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


class CareflowApi(Api):
    """flask-smorest with our errors on the wire and in the OpenAPI document."""

    ERROR_SCHEMA = ErrorSchema

    def handle_http_exception(self, error: HTTPException) -> Any:
        """See `http_error`."""
        return http_error(error)


def limit_key() -> str:
    """Whom a rate limit counts: the sign-in, else the address (X-Forwarded-For only from trusted proxies)."""
    subject = g.get("subject")
    return f"sign-in {subject.family_id}" if subject else f"address {request.remote_addr}"


limiter = Limiter(key_func=limit_key, default_limits=[DEFAULT_LIMIT], headers_enabled=True)


def install(app: Flask, config: Config) -> None:
    """Put the edge around `app`. Call before any blueprint is registered."""
    app.json = StrictJson(app)
    app.config.update(
        API_TITLE="Careflow", API_VERSION="v1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        RATELIMIT_ENABLED=config.rate_limits, RATELIMIT_STORAGE_URI=config.redis_url or "memory://",
        RATELIMIT_STRATEGY="fixed-window",
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
    if len(request.query_string) > QUERY_LIMIT_CHARACTERS or "\x00" in request.path or any(
            "\x00" in value for values in request.args.listvalues() for value in values):
        raise BadRequest()
    if request.blueprint not in _WITHOUT_DATABASE:
        held = connection()
        held.__enter__()
        g.connection = held


def _finish(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "(none)"
    took_s = time.monotonic() - g.get("started_s", time.monotonic())
    telemetry.REQUESTS.labels(route, request.method, response.status_code).inc()
    telemetry.REQUEST_SECONDS.labels(route).observe(took_s)
    if "request_id" in g:
        response.headers["X-Request-Id"] = g.request_id
    if request.blueprint not in _QUIET:
        subject = g.get("subject")
        log.info("request", method=request.method, route=route, status=response.status_code,
                 took_ms=round(took_s * 1000, 1), subject=subject.id if subject else None)
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
    wrong = UserError(_CODES.get(status, f"http_{status}"), error.description, fields=_field_errors(error))
    response = user_error(wrong)
    response.status_code = status
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    if isinstance(error, RateLimitExceeded):
        response.headers.setdefault("Retry-After", "60")
    return response


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
        found[prefix] = [str(one) for one in (inner if isinstance(inner, list) else [inner])]


def our_error(error: Exception) -> Response:
    """A mistake of ours: the whole trace in the log, nothing but its request id on the wire."""
    log.error("request_failed", exc_info=error, path=request.path)
    body = UserError("internal", "Something went wrong on our side.").to_json()
    body["error"]["request_id"] = g.get("request_id", "")
    response = jsonify(body)
    response.status_code = 500
    return response
