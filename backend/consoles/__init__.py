"""The HTTP side of the staff's screens. Socket events are shared with customers (mobile_api/sockets.py)."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api
from flask_socketio import SocketIO

from backend.consoles import authentication, customers, desk, staff


def register(api: Api, app: Flask, socketio: SocketIO) -> None:
    """Add every blueprint of the consoles."""
    for blueprint in (
        authentication.blueprint,
        customers.blueprint,
        desk.blueprint,
        staff.blueprint,
    ):
        api.register_blueprint(blueprint)
