"""A simulated router's HTTP for files without a network: `requests` whose transport is a WSGI application."""

from __future__ import annotations

import io
from typing import Any

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

from backend.files import FileServer
from backend.simulator.fetching import Files


class WsgiAdapter(BaseAdapter):
    """Carries each request to the application."""

    def __init__(self, application: Any) -> None:
        super().__init__()
        self._application = application

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """One request; the answer's body can be read as from a socket."""
        body = request.body
        content = b"".join(body) if body is not None and not isinstance(body, bytes | str) else body or b""
        headers = {name: value for name, value in request.headers.items() if name != "Transfer-Encoding"}
        builder = EnvironBuilder(
            path=request.url, method=request.method, headers=headers, input_stream=io.BytesIO(content)
        )
        builder.content_length = len(content)
        pieces, status, found = run_wsgi_app(self._application, builder.get_environ())
        answer = requests.Response()
        answer.status_code = int(status.partition(" ")[0])
        answer.headers.update(found.items())
        answer.url, answer.request = request.url or "", request
        answer.raw = HTTPResponse(io.BytesIO(b"".join(pieces)), preload_content=False)
        return answer

    def close(self) -> None:
        """Nothing is open."""


def files_of(application: Any = None) -> Files:
    """The HTTP of a router whose files come from the ACS's own file server, at any address."""
    served = application or FileServer().in_front_of(_nothing)

    def session() -> requests.Session:
        http = requests.Session()
        http.mount("http://", WsgiAdapter(served))
        return http

    return Files(open=session)


def _nothing(_: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("404 Not Found", [("Content-Length", "0")])
    return []
