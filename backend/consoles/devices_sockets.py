"""The doorbell of a device's page, over sockets.

`device` rings with what has changed, and the page asks again. A socket looks at one device at a time.
"""

from __future__ import annotations

from typing import Any

from flask_socketio import SocketIO, join_room, leave_room, rooms
from marshmallow import Schema, fields

from backend.devices import records
from backend.edge import checked_event
from backend.identity.permissions import Subject
from backend.identity.sockets import requires_on_socket
from backend.live import push
from backend.wire import ID


class _Device(Schema):
    device = fields.Str(required=True, validate=ID)


def register(socketio: SocketIO) -> None:
    """Hang the events on the server."""

    @socketio.on("join_device")
    @requires_on_socket("device.read")
    def join_device(subject: Subject, data: Any) -> dict[str, Any]:
        """Hear of every change of a device: `device` with {"id", "what"}, at most twice a second."""
        device_id = checked_event(_Device, data)["device"]
        records.facts(subject.tenant_id, device_id)
        for room in rooms():
            if room.startswith(push.device_room("")):
                leave_room(room)
        join_room(push.device_room(device_id))
        return {"ok": True}

    @socketio.on("leave_device")
    @requires_on_socket("device.read")
    def leave_device(subject: Subject, data: Any) -> dict[str, Any]:
        """Stop hearing of it."""
        leave_room(push.device_room(checked_event(_Device, data)["device"]))
        return {"ok": True}
