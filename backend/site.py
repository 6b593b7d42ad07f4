"""The pages, their headers, and the questions a load balancer asks.

Pages are files made by the front end's build; they hold no data. The Content-Security-Policy allows our own
files and nothing inline.
"""

from __future__ import annotations

import re
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, jsonify, request, send_from_directory
from peewee import PeeweeException
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from backend.config import Config
from backend.database import connection, db
from backend.edge import HEADERS, limiter
from backend.errors import UserError

PAGES = {
    "": "index.html",
    **{name: f"{name}.html" for name in ("customer", "agent", "operator", "devices")},
}
AT_ROOT = ("manifest.webmanifest", "sw.js", "favicon.ico", "favicon.svg", "icon.svg", "robots.txt")
ASSET_AGE_S = 365 * 24 * 3600
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.[a-z0-9]+$")

site = Blueprint("site", __name__)
health = Blueprint("health", __name__)


def register(app: Flask, config: Config, *, pages: bool) -> None:
    """Serve the health endpoints and, if asked, the pages of `config.web_dist_dir`."""
    app.extensions["careflow_web_dist_dir"] = config.web_dist_dir
    for blueprint in (site, health) if pages else (health,):
        limiter.exempt(blueprint)
        app.register_blueprint(blueprint)
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.blueprint not in ("site",):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _dist_dir() -> Path:
    return current_app.extensions["careflow_web_dist_dir"]


@site.get("/", defaults={"name": ""})
@site.get("/<any(customer, agent, operator, devices):name>")
def page(name: str) -> Response:
    """One of the pages; always asked again, since it names the assets of its build."""
    try:
        response = send_from_directory(_dist_dir(), PAGES[name])
    except NotFound:
        return Response("The screens are not built yet: run script/setup web\n", 503, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-cache"
    return response


@site.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """A file of the build, compressed when the build made a compressed copy and the browser takes it; one
    whose name holds its content's hash is kept for a year."""
    folder = _dist_dir() / "assets"
    compressed = safe_join(str(folder), f"{name}.gz")
    if request.accept_encodings["gzip"] and compressed and Path(compressed).is_file():
        response = send_from_directory(folder, f"{name}.gz", mimetype=guess_type(name)[0])
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(folder, name)
    response.headers["Vary"] = "Accept-Encoding"
    kept = f"public, max-age={ASSET_AGE_S}, immutable" if _HASHED.search(name) else "no-cache"
    response.headers["Cache-Control"] = kept
    return response


@site.get(f"/<any({', '.join(repr(name) for name in AT_ROOT)}):name>")
def at_root(name: str) -> Response:
    """The few files that must lie at the root."""
    response = send_from_directory(_dist_dir(), name)
    response.headers["Cache-Control"] = "no-cache"
    return response


@health.get("/healthz")
def live() -> Response:
    """This process runs."""
    return jsonify(status="ok")


@health.get("/readyz")
def ready() -> Response:
    """This process can serve: its database answers. Without the bus it serves all the same: sockets are
    closed and clients ask the log, so it is ready, and says what is missing.
    """
    try:
        with connection():
            db.obj.execute_sql("SELECT 1").fetchone()
    except (PeeweeException, UserError):
        response = jsonify(status="unavailable", missing=["database"])
        response.status_code = 503
        return response
    bus = current_app.extensions.get("careflow_bus")
    if bus is not None and not bus.up():
        return jsonify(status="degraded", missing=["bus"])
    return jsonify(status="ok")


@health.get("/metrics")
def metrics() -> Response:
    """Figures of this process for Prometheus."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
