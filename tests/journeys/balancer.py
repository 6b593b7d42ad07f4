"""What stands before several ACS processes: each connection goes to the next one that takes it."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading

PIECE_BYTES = 64 * 1024


class Balancer:
    """Listens at `port` and hands its connections to `backends` in turn, until it is closed."""

    def __init__(self, port: int, backends: tuple[int, ...]) -> None:
        self._turns = itertools.cycle(range(len(backends)))
        self._backends = backends
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """No more connections."""
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._hand_on, args=(client,), daemon=True).start()

    def _hand_on(self, client: socket.socket) -> None:
        first = next(self._turns)
        for offset in range(len(self._backends)):
            port = self._backends[(first + offset) % len(self._backends)]
            with contextlib.suppress(OSError):
                server = socket.create_connection(("127.0.0.1", port), timeout=5)
                server.settimeout(None)
                threading.Thread(target=_pump, args=(server, client), daemon=True).start()
                _pump(client, server)
                return
        client.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Everything from one to the other; then both are closed."""
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE_BYTES):
            target.sendall(piece)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
