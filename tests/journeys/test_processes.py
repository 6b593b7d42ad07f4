"""The parts as processes of their own: web twice, ACS twice, two workers, over PostgreSQL and Valkey.

What one process commits is seen in the others at once. Each of them, and both servers, may go away in the
middle of a repair: it ends all the same, and nothing happens twice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import stamina

from backend.simulator.firmware import build_image
from tests.journeys.installation import Installation
from tests.journeys.kill_round import Answering, doubled
from tests.journeys.people import NotYet, accounts, action, begin, customer, staff
from tests.journeys.wire import WAIT_S, Api, Event, Follower, Socket, message_id

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

ALL = ("web-a", "web-b", "acs-a", "acs-b", "worker-a", "worker-b", "routers")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(Path(tmp_path_factory.mktemp("installation")))
    try:
        with ThreadPoolExecutor() as pool:  # several at once change nothing twice
            migrated = list(pool.map(lambda _: made.run("migrate"), range(2)))
        assert [one.returncode for one in migrated] == [0, 0], migrated
        for name in ALL:
            made.start(name)
        made.await_started(*ALL)
        yield made
    finally:
        made.end()


def beside(follower: Follower, url: str) -> Follower:
    """The same conversation, followed on another process by the same person."""
    api = Api(url)
    api.token = follower.api.token
    return Follower(api, follower.session).connect()


def troubles(installation: Installation) -> list[str]:
    """Lines that tell of a mistake of ours; a broken connection is none."""
    return [
        line
        for process in installation.processes.values()
        for line in process.lines
        if "Traceback" in line or "deadlock" in line or "_failed" in line and "session_failed" not in line
    ]


def test_a_repair_is_seen_in_every_process_as_it_happens(installation: Installation):
    here = begin(customer(installation.url("web-a"), "dhcp-disabled"))
    there = beside(here, installation.url("web-b"))
    assert Answering(here).drive()
    last_seq = here.log()[-1]["seq"]
    there.wait(lambda log: len(log.events) >= len(here.events), "every event over the bus")
    assert [event["id"] for event in there.log()] == [event["id"] for event in here.log()]
    assert [event["seq"] for event in here.log()][-1] == last_seq
    assert here.of_type("session.ended")[-1]["body"]["status"] == "SUCCESS"
    applied = {line["path"]: line["after"] for line in installation.applied("NV0000000001")}
    assert applied["Device.DHCPv4.Server.Enable"] in ("true", "1", True)
    assert doubled(installation.routers, here, "NV0000000001") == []
    assert troubles(installation) == []


def test_many_at_once_and_operators_who_race(installation: Installation):
    urls = [installation.url("web-a"), installation.url("web-b")]
    stories = ["lease-too-short", "slow", "pool-outside-subnet", "healthy"]
    followers = [begin(customer(urls[0], story)) for story in stories]
    for follower, url in zip(followers, urls * 2, strict=True):
        follower.close()
        follower.api.url = url
        follower.connect()
    with ThreadPoolExecutor() as pool:
        driven = [pool.submit(Answering(follower).drive) for follower in followers[:1] + followers[2:]]
        # While the slow router still answers, its owner wants a person, and three of staff take it.
        asking = followers[1]
        set_to_work(asking)
        asking.api.post(f"conversations/{asking.session}/person", {"client_message_id": message_id()})
        people = [staff(urls[n % 2], role) for n, role in enumerate(("operator", "supervisor", "operator"))]
        waiting = next(
            one
            for one in people[0].get("staff/escalations", view="unassigned")["items"]
            if one["conversation_id"] == asking.session
        )
        start = threading.Barrier(len(people))

        def take(person: Api) -> str:
            start.wait(WAIT_S)
            answer = person.call("POST", f"staff/escalations/{waiting['id']}/take", {}, expect=None)
            return str(answer["taken_by"]["name"])

        winners = [name for name in pool.map(_or_none(take), people) if name]
        assert all(future.result(WAIT_S) for future in driven)
    assert len(set(winners)) == 1
    assert len(asking.of_type("owner.changed")) == 1 or asking.wait(
        lambda log: len(log.of_type("owner.changed")) == 1, "the one who took it"
    )
    assert all(follower.over() for follower in followers)
    assert troubles(installation) == []
    for follower in followers:
        follower.close()


def _or_none(take):
    def tried(person: Api) -> str | None:
        try:
            return take(person)
        except AssertionError as refused:
            assert "already_taken" in str(refused)
            return None

    return tried


def test_every_process_may_be_killed_in_the_middle(installation: Installation):
    serial = "HD0000000005"
    follower = begin(customer(installation.url("web-b"), "two-at-once"))
    answering = Answering(follower)
    killed: list[str] = []
    moments = {3: "acs-a", 6: "acs-b", 9: "web-b", 15: "worker-a"}
    busy = threading.Lock()

    def look() -> None:
        for count in sorted(moments):
            if len(follower.events) >= count and busy.acquire(blocking=False):
                try:
                    name = moments.pop(count)
                    installation.kill(name)
                    killed.append(name)
                    installation.start(name)
                finally:
                    busy.release()

    follower.watch(lambda: threading.Thread(target=look, daemon=True).start())
    for _ in range(10):
        if answering.drive():
            break
        installation.await_ready("web-b")
        await_status(installation, "web-b", "ok")  # sockets are refused while the bus is not there yet
    follower.watch(None)
    assert follower.over(), "\n".join(follower.told())
    assert set(killed) == {"acs-a", "acs-b", "web-b", "worker-a"}
    installation.await_started(*ALL)
    assert doubled(installation.routers, follower, serial) == [], "\n".join(follower.told())


def test_firmware_from_the_page_outlives_every_process(installation: Installation):
    install_from_the_page(installation, "NV0000000006", "9.0.0", ALL)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(len(ALL) + 2))
def test_firmware_from_the_page_outlives_each_process(installation: Installation, number: int):
    killed = [(name,) for name in ALL] + [("acs-a", "acs-b"), ("worker-a", "worker-b")]
    install_from_the_page(installation, "NV0000000006", f"9.1.{number}", killed[number])


def test_a_backup_and_its_return_from_the_page_outlive_both_acs(installation: Installation):
    serial, person = "HD0000000004", staff(installation.url("web-a"), "supervisor")
    router = person.get("staff/devices", q=serial)["items"][0]["id"]
    saved = OnThePage(installation, person, router, "configuration-backup", {})
    saved.outlive("acs-a", "acs-b")
    newest = person.get(f"staff/devices/{router}/files")["items"][0]
    assert newest["kind"] == "configuration"
    back = OnThePage(installation, person, router, "configuration-restore", {"file": newest["id"]})
    back.outlive("acs-a", "acs-b")
    done = [line["rpc"] for line in installation.applied(serial) if line["path"] == line["after"] == ""]
    assert done == ["Upload", "Download"]  # nothing was changed meanwhile; what failed has a text


def install_from_the_page(
    installation: Installation, serial: str, version: str, killed: tuple[str, ...]
) -> None:
    """A firmware image goes to a router, these processes are killed while it does, and it runs once."""
    person = staff(installation.url("web-a"), "supervisor")
    router = person.get("staff/devices", q=serial)["items"][0]
    image = {"kind": "firmware", "name": "image.bin", "version": version, "models": "HomeRouter AX6"}
    given = requests.post(
        f"{person.url}/api/v1/staff/files",
        data=build_image("HomeRouter AX6", version),
        params=image,
        headers={"Authorization": f"Bearer {person.token}", "Content-Type": "application/octet-stream"},
        timeout=WAIT_S,
    )
    inputs = {"file": given.json()["id"], "version": version}
    work = OnThePage(installation, person, router["id"], "firmware-install", inputs)
    work.outlive(*killed, moved_bytes=300_000)
    installed = [line for line in installation.applied(serial) if line["after"] == version]
    assert [line["rpc"] for line in installed] == ["Download"]


class OnThePage:
    """A workflow run on a router by the API of its page, over HTTP alone."""

    def __init__(
        self, installation: Installation, person: Api, router: str, workflow: str, inputs: dict[str, str]
    ) -> None:
        self._installation, self._router, self._person = installation, router, person
        self._before = {one["id"] for one in self._tasks()}
        body = {"workflow": workflow, "inputs": inputs, "client_message_id": message_id()}
        self._id = person.post(f"staff/devices/{router}/runs", body)["id"]

    def outlive(self, *killed: str, moved_bytes: int = 0) -> None:
        """Kills these once the router has its order and so much has moved; the run succeeds all the same."""
        question = next((one for one in self._log() if (one["body"] or {}).get("actions")), None)
        if question is not None:
            answer = {"client_message_id": message_id(), "reply_to": question["id"], "action": "consent:yes"}
            self._person.post(f"conversations/{self._id}/answers", answer)
        self._await_moved(moved_bytes)
        for name in killed:
            self._installation.kill(name)
        for name in killed:
            self._installation.start(name)
        self._installation.await_started(*killed)
        assert self._ended()["body"]["status"] == "SUCCESS"

    @stamina.retry(on=NotYet, attempts=None, timeout=WAIT_S, wait_initial=0.05, wait_max=0.05)
    def _await_moved(self, moved_bytes: int) -> None:
        mine = [one for one in self._tasks() if one["id"] not in self._before and one["state"] != "queued"]
        if not any((one["progress"] or {"done": 0})["done"] >= moved_bytes for one in mine):
            raise NotYet(mine)

    @stamina.retry(on=(NotYet, requests.ConnectionError), attempts=None, timeout=2 * WAIT_S, wait_max=0.5)
    def _ended(self) -> Event:
        ends = [event for event in self._log() if event["type"] in ("session.ended", "handoff.initiate")]
        if not ends:
            raise NotYet(self._log())
        return ends[-1]

    def _log(self) -> list[Event]:
        return self._person.get(f"conversations/{self._id}/events", limit=200)["events"]

    def _tasks(self) -> list[Event]:
        return self._person.get(f"staff/devices/{self._router}/tasks")["items"]


def test_one_worker_sweeps_and_the_next_takes_over(installation: Installation):
    sweeping = [n for n in ("worker-a", "worker-b") if _sweeps(installation, n)]
    assert len(sweeping) == 1
    other = ({"worker-a", "worker-b"} - set(sweeping)).pop()
    installation.kill(sweeping[0])
    installation.processes[other].await_said('"sweeping"')
    installation.again(sweeping[0])


def _sweeps(installation: Installation, name: str) -> bool:
    lines = installation.processes[name].lines
    told = [line for line in lines if '"sweeping"' in line or '"sweeping_ended"' in line]
    return bool(told) and '"sweeping"' in told[-1]


def test_postgresql_goes_away_and_comes_back(installation: Installation):
    follower = begin(customer(installation.url("web-a"), "dns-not-allowed"))
    set_to_work(follower)
    installation.postgresql.stop()
    try:
        assert installation.ready("web-a") == (503, {"status": "unavailable", "missing": ["database"]})
        home = follower.api.call("GET", "home", expect=503)
        assert home["error"]["code"] == "database_unavailable"
    finally:
        installation.postgresql.start()
    assert installation.ready("web-a")[0] == 200
    assert installation.ready("web-b")[0] == 200
    assert Answering(follower).drive(), "\n".join(follower.told())
    assert doubled(installation.routers, follower, "NV0000000003") == []
    follower.close()


@stamina.retry(on=NotYet, attempts=None, timeout=WAIT_S, wait_initial=0.1, wait_max=0.5)
def await_status(installation: Installation, name: str, status: str) -> None:
    told = installation.ready(name)[1]["status"]
    if told != status:
        raise NotYet(told)


def test_valkey_goes_away_and_comes_back(installation: Installation):
    follower = begin(customer(installation.url("web-a"), "does-not-apply"))
    set_to_work(follower)
    installation.balancer.by_connection = True  # else no session finds its way: each message is put off
    installation.valkey.stop()
    try:
        follower.wait(lambda log: log.dropped, "sockets to close: a client asks the log instead")
        await_status(installation, "web-a", "degraded")
        await_status(installation, "web-b", "degraded")
        with pytest.raises(ConnectionError):
            follower.connect()
        _answer_over_http(follower, _question_from_log(follower))
    finally:
        installation.valkey.start()
        installation.balancer.by_connection = False
    await_status(installation, "web-a", "ok")
    await_status(installation, "web-b", "ok")
    there = beside(follower.connect(), installation.url("web-b"))
    follower.api.post(f"conversations/{follower.session}/person", {"client_message_id": message_id()})
    there.wait(lambda log: log.over(), "what was pushed in the other process")
    assert doubled(installation.routers, follower, "HD0000000009") == []


def set_to_work(follower: Follower) -> None:
    """Answers until a step works on the router."""
    question = follower.question()
    while not follower.of_type("step.state"):
        follower.answer(question, action(question, "consent:yes", "follow:"))
        follower.wait(
            lambda log, seen=question: (
                log.of_type("step.state") or ((now := log.open_question()) and now["seq"] > seen["seq"])
            ),
            "work or the next question",
        )
        question = follower.open_question() or question


def _answer_over_http(follower: Follower, question: Event) -> None:
    body = {"client_message_id": message_id(), "reply_to": question["id"], "values": {}}
    body["action"] = action(question, "consent:yes", "follow:")
    follower.api.post(f"conversations/{follower.session}/answers", body)


@stamina.retry(on=NotYet, attempts=None, timeout=WAIT_S, wait_initial=0.1, wait_max=0.5)
def _question_from_log(follower: Follower) -> Event:
    """The open question as a client without a socket finds it."""
    page = follower.api.get(f"conversations/{follower.session}/events", after=follower.last_seq, limit=200)
    for event in page["events"]:
        follower.events[event["seq"]] = event
    follower.last_seq = page["last_seq"]
    question = follower.open_question()
    if question is None:
        raise NotYet(page)
    return question


def test_a_sign_in_that_ends_in_one_process_loses_its_sockets_in_all(installation: Installation):
    here, there = installation.url("web-a"), installation.url("web-b")
    known = accounts(here)
    person = {key: known["staff"][0][key] for key in ("login", "password")}
    with requests.Session() as browser:
        signed_in = browser.post(
            f"{here}/api/v1/auth/staff/token", json={"tenant": known["tenant"], **person}, timeout=WAIT_S
        )
        token = signed_in.json()["access_token"]
        dropped = {url: threading.Event() for url in (here, there)}
        for url, event in dropped.items():
            Socket(url, token, lambda *_: None, event.set)
        browser.post(f"{here}/api/v1/auth/logout", json={"surface": "staff"}, timeout=WAIT_S)
    assert dropped[here].wait(WAIT_S)
    assert dropped[there].wait(WAIT_S)


def test_both_acs_processes_have_routers_and_their_figures_can_be_read(installation: Installation):
    for name in ("acs-a", "acs-b"):
        figures = installation.health(name, "/metrics").text
        informs = [line for line in figures.splitlines() if line.startswith("careflow_cwmp_informs_total")]
        assert float(informs[0].split()[-1]) > 0, name
        assert installation.health(name, "/acs").status_code == 404
    assert installation.health("worker-a", "/readyz").json()["status"] in ("ok", "degraded")


def test_a_taken_port_is_told_by_its_setting(installation: Installation):
    refused = installation.run("web")
    assert refused.returncode == 2
    assert "CAREFLOW_PORT" in refused.stderr


def test_a_database_that_is_away_or_old_is_told(installation: Installation):
    installation.postgresql.ask("CREATE DATABASE old")
    old = {"DATABASE_URL": installation.postgresql.url.replace("/postgres?", "/old?")}
    away = {"DATABASE_URL": "postgresql://postgres@127.0.0.1:9/careflow"}
    for environment, said in ((old, "app.py migrate"), (away, "DATABASE_URL cannot be used")):
        told = installation.run("worker", environment=environment)
        assert (told.returncode, "Traceback" in told.stderr) == (2, False), told.stderr
        assert said in told.stderr


def test_the_processes_stop_when_told(installation: Installation):
    for name in ALL:
        installation.processes[name].running.terminate()
    codes = {name: installation.processes[name].running.wait(WAIT_S) for name in ALL}
    assert codes == dict.fromkeys(ALL, 0)
