"""What waits in the kernel for a slow receiver is limited where it is asked for."""

from __future__ import annotations

import socket

from backend.devices.streams import STALL_LIMIT_S, Stall


def test_little_of_a_file_waits_in_the_kernel() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        before = ours.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        stall = Stall({"gunicorn.socket": ours})
        assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == before
        assert ours.gettimeout() == STALL_LIMIT_S
        stall.end()
        assert ours.gettimeout() is None
        Stall({"gunicorn.socket": ours}, 16_384).end()
        assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 32_768  # Linux doubles it, socket(7)
    Stall({}, 16_384).end()  # another server: nothing to set
