"""A file server on the loopback: GET with ranges, PUT, and a line that breaks where a test wants it to."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FileServer:
    """`files` by path are what GET gives; `received` is what PUT brought. The next answers with a body break
    off after each of `breaks_after` bytes. `asked` lists (method, path, range)."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.received: dict[str, bytes] = {}
        self.breaks_after: list[int] = []
        self.asked: list[tuple[str, str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FileServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(server: FileServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            server.asked.append(("GET", self.path, asked))
            content = server.files.get(self.path)
            if content is None:
                self.answer(404, b"")
                return
            start = int(asked.removeprefix("bytes=").rstrip("-") or 0)
            self.answer(206 if start else 200, content[start:])

        def do_PUT(self) -> None:
            server.asked.append(("PUT", self.path, ""))
            server.received[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(404 if self.path.startswith("/gone") else 201, b"")

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if body and server.breaks_after:
                self.wfile.write(body[: server.breaks_after.pop(0)])
                self.close_connection = True
                return
            self.wfile.write(body)

    return Handler
