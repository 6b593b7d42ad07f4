"""The HTTP side of the staff's screens. Socket events are shared with customers (mobile_api/sockets.py)."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api
from flask_socketio import SocketIO

from backend.consoles import (
    authentication,
    customers,
    desk,
    devices,
    devices_model,
    devices_operations,
    devices_sockets,
    devices_work,
    files,
    staff,
)


def register(api: Api, app: Flask, socketio: SocketIO) -> None:
    """Add every blueprint of the consoles."""
    for blueprint in (
        authentication.blueprint,
        customers.blueprint,
        desk.blueprint,
        devices.blueprint,
        devices_model.blueprint,
        devices_work.blueprint,
        devices_operations.blueprint,
        files.blueprint,
        staff.blueprint,
    ):
        api.register_blueprint(blueprint)
    devices_sockets.register(socketio)
