"""What devices fetch and send: only by a live link, piece by piece, with ranges, limits and progress."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask

from backend import announcements, database
from backend.announcements import Hearers
from backend.devices import files, links, queue, records, streams
from backend.devices.announcements import TaskFinished, TaskProgressed
from backend.files import FileServer
from workflows.effects import Download, Upload, effect_to_json

pytestmark = pytest.mark.store
NOW = 1_700_000_000.0
CONTENT = hashlib.shake_128(b"firmware").digest(600_000)


@pytest.fixture
def device(tenant_id):
    return records.enrol(
        tenant_id, oui="00D09E", product_class="Hub", serial_number="R1", password="x", now=NOW
    )


@pytest.fixture
def heard():
    told = []
    table = {TaskProgressed: Hearers(inside=[told.append]), TaskFinished: Hearers(inside=[told.append])}
    with announcements.wired(table, database.after_commit):
        yield told


@pytest.fixture
def server():
    app = Flask("files-test")
    app.wsgi_app = FileServer(clock=lambda: NOW).in_front_of(app.wsgi_app)
    return app.test_client()


def ordered(tenant_id, device, effect):
    """The path of the link that the effect's RPC carries, and its task."""
    task = queue.enqueue(
        tenant_id,
        device,
        owner_key=type(effect).__name__,
        request=effect_to_json(effect),
        deadline_at=NOW + 900,
        now=NOW,
    )
    url = queue.claim_next(device, NOW).transfer.url
    return url.removeprefix("http://127.0.0.1:7547"), task


@pytest.fixture
def image(tenant_id, device):
    file_id = files.put(
        tenant_id, kind="firmware", name="a.bin", version="2", models=["Hub"], content=[CONTENT], now=NOW
    )
    path, task = ordered(tenant_id, device, Download("1 Firmware Upgrade Image", file_id))
    return path, task, file_id


@pytest.fixture
def upload(tenant_id, device):
    return ordered(tenant_id, device, Upload("1 Vendor Configuration File"))


def test_a_file_goes_out_once(server, image, heard):
    path, task, _ = image
    response = server.get(path)
    assert (response.status_code, response.data) == (200, CONTENT)
    assert response.headers["Content-Length"] == "600000"
    assert links.of_task(task).whole
    progress = [(one.phase, one.done, one.total, one.unit) for one in heard]
    assert progress[0] == ("transferring", 0, 600_000, "bytes")
    assert progress[-1] == ("transferring", 600_000, 600_000, "bytes")
    assert server.get(path).status_code == 404


def test_its_name_may_follow_the_link(server, image):
    assert server.get(f"{image[0]}/a.bin").data == CONTENT


def test_head_tells_the_size_and_uses_nothing_up(server, image):
    path, task, _ = image
    for _ in range(3):
        response = server.head(path)
        assert (response.status_code, response.headers["Content-Length"], response.data) == (
            200,
            "600000",
            b"",
        )
    assert not links.of_task(task).touched
    assert server.get(path).status_code == 200


def test_a_broken_transfer_goes_on_where_it_ended(server, image):
    path, task, _ = image
    first = server.get(path, headers={"Range": "bytes=0-99999"})
    assert (first.status_code, first.headers["Content-Range"]) == (206, "bytes 0-99999/600000")
    assert not links.of_task(task).whole
    rest = server.get(path, headers={"Range": "bytes=100000-", "If-Range": first.headers["ETag"]})
    assert first.data + rest.data == CONTENT
    assert links.of_task(task).whole


@pytest.mark.parametrize(
    ("given", "span"),
    [
        ("bytes=-10", (599_990, 600_000)),
        ("bytes=599999-700000", (599_999, 600_000)),
        ("bytes=5-5", (5, 6)),
        ("bytes=262143-262144", (262_143, 262_145)),
    ],
)
def test_ranges(server, image, given, span):
    response = server.get(image[0], headers={"Range": given})
    assert (response.status_code, response.data) == (206, CONTENT[span[0] : span[1]])


@pytest.mark.parametrize("given", ["bytes=600000-", "bytes=9-8", "bytes=-0"])
def test_no_such_range(server, image, given):
    response = server.get(image[0], headers={"Range": given})
    assert (response.status_code, response.headers["Content-Range"]) == (416, "bytes */600000")


@pytest.mark.parametrize("given", ["bytes=a-b", "bytes=-", "lines=1-2", "bytes=0-1,4-5"])
def test_a_range_that_is_none_is_the_whole(server, image, given):
    assert server.get(image[0], headers={"Range": given}).data == CONTENT


def test_another_files_etag_means_the_whole(server, image):
    response = server.get(image[0], headers={"Range": "bytes=5-", "If-Range": '"old"'})
    assert (response.status_code, response.data) == (200, CONTENT)


@pytest.mark.parametrize(
    "path", ["/files/", "/files/guess", "/files/" + "x" * 3000, "/speed/", "/speed/down/x"]
)
def test_nothing_is_there_without_a_link(server, image, path):
    response = server.get(path)
    assert (response.status_code, response.data) == (404, b"Nothing here.\n")


def test_a_link_goes_one_way(server, image, upload):
    assert server.put(image[0], data=b"x").status_code == 405
    assert server.get(upload[0]).status_code == 405
    assert server.delete(image[0]).headers["Allow"] == "GET, HEAD"


def test_an_expired_link_is_not_there(image):
    app = Flask("files-late")
    app.wsgi_app = FileServer(clock=lambda: NOW + 900).in_front_of(app.wsgi_app)
    assert app.test_client().get(image[0]).status_code == 404


def test_a_link_taken_back_ends_what_goes_through_it(tenant_id, server, image, monkeypatch):
    monkeypatch.setattr("backend.files.PROGRESS_EVERY_S", 0.0)
    path, task, _ = image
    response = server.get(path, buffered=False)
    pieces = response.iter_encoded()
    next(pieces)
    with database.transaction():
        links.take_back(task, NOW)
    with pytest.raises(ConnectionResetError):
        list(pieces)
    response.close()
    assert not links.of_task(task).whole


def test_a_deleted_file_breaks_off(tenant_id, server, image):
    path, _, file_id = image
    response = server.get(path, buffered=False)
    pieces = response.iter_encoded()
    next(pieces)
    files.delete(tenant_id, file_id)
    with pytest.raises(ConnectionResetError):
        list(pieces)
    response.close()
    assert server.get(path).status_code == 404


def test_a_newer_request_takes_over(server, image, monkeypatch):
    monkeypatch.setattr("backend.files.PROGRESS_EVERY_S", 0.0)
    path, task, _ = image
    older = server.get(path, buffered=False)
    pieces = older.iter_encoded()
    next(pieces)
    assert server.get(path).data == CONTENT
    with pytest.raises(ConnectionResetError):
        list(pieces)
    older.close()
    assert links.of_task(task).whole


def test_so_many_at_once(server, image, monkeypatch):
    def full(self, name):
        raise streams.Refusal(503, "full", ("Retry-After", "30"))

    with monkeypatch.context() as patched:
        patched.setattr(streams.Rooms, "enter", full)
        assert server.get(image[0]).headers["Retry-After"] == "30"
    assert server.get(image[0]).status_code == 200


def test_rooms_are_given_back():
    rooms = streams.Rooms(2)
    leave, _ = rooms.enter("a"), rooms.enter("b")
    for name in ("a", "c"):
        with pytest.raises(streams.Refusal):
            rooms.enter(name)
    leave()
    leave()
    rooms.enter("c")


# -- uploads --------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["put", "post"])
def test_a_configuration_comes_in(server, tenant_id, device, upload, heard, method):
    path, task = upload
    assert getattr(server, method)(path, data=CONTENT).status_code == 201
    kept = files.latest_backup(tenant_id, device)
    assert b"".join(files.content(tenant_id, kept["file_id"])) == CONTENT
    assert links.of_task(task) == links.Moved(True, True, kept["file_id"])
    assert heard[-1].phase == "transferring"
    assert heard[-1].done == 600_000
    assert server.put(path, data=CONTENT).status_code == 404


def test_one_in_chunks_comes_in(server, tenant_id, device, upload):
    import io

    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    response = server.put(upload[0], input_stream=io.BytesIO(b"settings"), environ_overrides=environ)
    assert response.status_code == 201
    assert files.latest_backup(tenant_id, device)["size_bytes"] == 8


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"data": b""}, 400),
        ({"data": b"x", "headers": {"Content-Encoding": "gzip"}}, 415),
        ({"data": b"x", "environ_overrides": {"CONTENT_LENGTH": "10"}}, 400),
        ({"data": b"x", "environ_overrides": {"CONTENT_LENGTH": "ten"}}, 400),
        ({"data": b"x", "environ_overrides": {"CONTENT_LENGTH": "999999999"}}, 413),
    ],
)
def test_what_is_no_file_leaves_nothing_and_may_be_sent_again(
    server, tenant_id, device, upload, more, status
):
    assert server.put(upload[0], **more).status_code == status
    assert files.latest_backup(tenant_id, device) is None
    assert database.db.obj.execute_sql("SELECT COUNT(*) FROM stored_file").fetchone()[0] == 0
    assert server.put(upload[0], data=b"settings").status_code == 201


def test_one_that_grows_too_large_is_refused(server, tenant_id, device, upload, monkeypatch):
    import io

    monkeypatch.setitem(files.LIMIT_BYTES, "configuration", 100)
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    response = server.put(upload[0], input_stream=io.BytesIO(b"x" * 101), environ_overrides=environ)
    assert response.status_code == 413
    assert files.latest_backup(tenant_id, device) is None


# -- speed tests ----------------------------------------------------------------------------------


def speed(device, way):
    return links.speed_urls(device, NOW)[way].removeprefix("http://127.0.0.1:7547")


def test_a_speed_test_gets_what_it_asks_for(server, device):
    response = server.get(speed(device, "down") + "/200000")
    assert (response.status_code, len(response.data)) == (200, 200_000)
    assert server.head(speed(device, "down")).headers["Content-Length"] == str(25 * 1024 * 1024)
    assert server.get(speed(device, "down") + "/many").status_code == 404


def test_a_speed_test_sends_into_a_sink(server, device):
    assert server.put(speed(device, "up"), data=b"x" * 100_000).status_code == 200
    assert server.get(speed(device, "up")).status_code == 405
    assert server.put(speed(device, "up"), environ_overrides={"CONTENT_LENGTH": "9" * 12}).status_code == 413


def test_one_speed_test_a_device(server, device):
    first = server.get(speed(device, "down") + "/200000", buffered=False)
    next(first.iter_encoded())
    assert server.get(speed(device, "down")).status_code == 503
    first.close()
    assert server.get(speed(device, "down") + "/1").data != b""


def test_all_else_goes_on_to_the_application(server):
    assert server.get("/acs").status_code == 404
    assert b"Nothing here." not in server.get("/file").data
