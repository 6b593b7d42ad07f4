"""How a customer speaks to Careflow: HTTP and Socket.IO, described by marshmallow schemas at the wire."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api
from flask_socketio import SocketIO

from mobile_api import auth, conversations, home, sockets


def register(api: Api, app: Flask, socketio: SocketIO) -> None:
    """Add every blueprint and socket event of the customer's API."""
    for blueprint in (auth.blueprint, home.blueprint, conversations.blueprint):
        api.register_blueprint(blueprint)
    sockets.register(socketio)
