"""A home for tests whose router really fetches and sends, its ACS and file server, and what was told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from backend import announcements, database
from backend.acs import Acs
from backend.announcements import Hearers
from backend.cwmp import rpc
from backend.devices import files, queue
from backend.devices.announcements import TaskFinished, TaskProgressed, TaskStarted
from backend.files import FileServer
from tests.backend.acs_face_to_face import Router, app_of, enrolled
from workflows.effects import effect_to_json


class Home:
    """A router that really fetches and sends, its ACS, and what was told."""

    def __init__(self, tenant_id):
        self.tenant_id = tenant_id
        self.device_id = enrolled(tenant_id)
        self.app = app_of(Acs())
        self.app.wsgi_app = FileServer().in_front_of(self.app.wsgi_app)
        self.router = Router(self.app)
        self.told = []
        self.fetched = []

    def restart(self):
        """The process of the ACS is another one: nothing of its memory is left."""
        self.app = app_of(Acs())
        self.app.wsgi_app = FileServer().in_front_of(self.app.wsgi_app)
        self.router.client = self.app.test_client()

    def put(self, request, key="run:0:0", deadline_s=900.0, **more):
        now = time.time()
        return queue.enqueue(
            self.tenant_id,
            self.device_id,
            owner_key=key,
            request=effect_to_json(request),
            deadline_at=now + deadline_s,
            now=now,
            **more,
        )

    def image(self, version="2.0"):
        return files.put(
            self.tenant_id,
            kind="firmware",
            name=f"hub-{version}.bin",
            version=version,
            models=["Home Hub"],
            content=[b"image"],
            now=time.time(),
        )

    def fetch(self, url):
        return self.app.test_client().get(urlsplit(url).path)

    def send(self, url, content):
        return self.app.test_client().put(urlsplit(url).path, data=content)

    def answers(self, **by_method):
        self.router.answers = {getattr(rpc, name): answer for name, answer in by_method.items()}

    def session(self, *events, asks=()):
        self.router.asks = asks
        return self.router.session(*events)

    def dies_before_answering(self, *events):
        """A session in which the router does what it is asked, and its answer is lost."""
        self.router.begin(*events)
        response = self.router.post(self.router.cwmp.finish())
        event = self.router.cwmp.receive(response.get_data())
        self.router.answer(event.message)
        self.router.cwmp = type(self.router.cwmp)("again-", self.router.namespace)
        return event.message

    def replies(self):
        return [one.reply for one in self.told if isinstance(one, TaskFinished)]

    def phases(self):
        return [one.phase for one in self.told if isinstance(one, TaskProgressed)]


@contextmanager
def heard(home: Home) -> Iterator[Home]:
    """What is told of the home's tasks lands in `home.told`."""
    hear = Hearers(inside=[home.told.append])
    table = {TaskFinished: hear, TaskProgressed: hear, TaskStarted: hear}
    with announcements.wired(table, database.after_commit):
        yield home


def accepts(home: Home, *, fetch: bool = True) -> Any:
    """How a router takes a Download for later; it may fetch the file at once."""

    def download(message: rpc.Download) -> rpc.DownloadResponse:
        if fetch:
            home.fetched.append(home.fetch(message.url).data)
        return rpc.DownloadResponse(1)

    return download
