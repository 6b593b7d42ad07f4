"""Who asks, over HTTP: the access token in `Authorization: Bearer`, and the action an endpoint needs.

    @blueprint.route("/home")
    @requires("home.read")
    def home(subject: Subject): ...

`refuse_unless_allowed` runs before every view (and before its arguments are read): no token is 401, a role
without the permission is 403. The view still asks `authorize` with the tenant and owner of the thing it is
about. An endpoint without `requires` must be named in `permissions.PUBLIC`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.routing import Rule

from backend.errors import Unauthenticated
from backend.identity.authentication import subject_from_token
from backend.identity.permissions import PERMISSIONS, PUBLIC, Subject, authorize

_MARK = "careflow_action"


class UndeclaredEndpoint(RuntimeError):
    """An endpoint or socket event that names no action and is not public: the application must not start."""


def requires(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The view needs a subject who may do `action`, and gets it as its first argument."""
    if action not in PERMISSIONS:
        raise UndeclaredEndpoint(f"no such action: {action}")

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            subject = current_subject()
            authorize(subject, action)
            return view(subject, *args, **kwargs)

        setattr(guarded, _MARK, action)
        return guarded

    return decorate


def refuse_unless_allowed() -> None:
    """For `before_request`: closed by default.

    Raises Unauthenticated or Forbidden, and NotFound for no endpoint.
    """
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC or request.method == "OPTIONS":
        return
    action = _action(current_app, endpoint, "GET" if request.method == "HEAD" else request.method)
    if action is None:
        raise UndeclaredEndpoint(endpoint)
    authorize(current_subject(), action)


def current_subject() -> Subject:
    """Who sent this request; raises Unauthenticated."""
    if "subject" not in g:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated()
        g.subject = subject_from_token(token.strip(), time.time())
    return g.subject


def declared_endpoints(app: Flask) -> Iterator[tuple[Rule, str, str | None]]:
    """Every (rule, method, action); action None for a public one. Raises UndeclaredEndpoint."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            action = _action(app, rule.endpoint, method)
            if action is None and rule.endpoint not in PUBLIC:
                raise UndeclaredEndpoint(f"{method} {rule.rule} ({rule.endpoint}) names no action")
            if action is not None and rule.endpoint in PUBLIC:
                raise UndeclaredEndpoint(
                    f"{method} {rule.rule} ({rule.endpoint}) is public and has an action"
                )
            yield rule, method, action


def _action(app: Flask, endpoint: str, method: str) -> str | None:
    view = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        view = getattr(view_class, method.lower())
    return getattr(view, _MARK, None)
