"""What a router does between sessions: files over real HTTP, factory reset, scheduled Informs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.cwmp import rpc
from backend.simulator import configuration, firmware, variants
from backend.simulator.fetching import Files, TransferFailed
from backend.simulator.homes import by_story
from backend.simulator.router import Router
from backend.simulator.seed import backup_of
from backend.simulator.standing import BOOT, BOOTSTRAP, TRANSFERRED
from backend.simulator.variants import Variant

pytestmark = pytest.mark.network

NOW = 1_700_000_000.0
FIRMWARE, CONFIG = "1 Firmware Upgrade Image", "3 Vendor Configuration File"
VERSION = "Device.DeviceInfo.SoftwareVersion"
SSID = "Device.WiFi.SSID.1.SSID"


def image(version="3.4.12", **more):
    return firmware.build_image(more.pop("model", "HomeRouter AX6"), version, size_bytes=200_000, **more)


def ask(router, request, now=NOW):
    return router.answer(request, "1", now)


def work(router, now=NOW):
    """Until nothing is left to do; a restart that was ordered is carried out."""
    router.work(lambda: now)
    router.work(lambda: now + 10)
    if router.ordered:
        router.restart(now + 20)


def told(router):
    """What the ACS hears of transfers: the events, and (key, fault)."""
    requests = [(one.command_key, one.fault_code) for one in router.own_requests()]
    return [event for event in router.pending_events() if event.code != BOOT], requests


def upgrade(router, files, content=None, **more):
    files.files["/image"] = image() if content is None else content
    answer = ask(router, rpc.Download("d1", FIRMWARE, files.url + "/image", **more))
    assert answer == rpc.DownloadResponse(1)
    work(router)


def test_an_image_is_fetched_installed_and_told_after_the_restart(opened, files):
    router = opened("old-firmware")
    router.informed(router.inform(router.boot_events(), 0, NOW).events)
    upgrade(router, files)
    assert router.software_version == "3.4.12"
    events, requests = told(router)
    assert events == [rpc.Event(TRANSFERRED), rpc.Event("M Download", "d1")]
    assert requests == [("d1", "0")]
    inform = router.inform(router.boot_events(), 0, NOW + 30)
    assert "4 VALUE CHANGE" in [event.code for event in inform.events]
    assert rpc.ParameterValue(VERSION, "3.4.12") in inform.values
    router.informed(inform.events)
    assert told(router)[1]  # Table 8: told until the TransferComplete was answered
    router.delivered(router.own_requests()[0])
    assert told(router) == ([], [])
    lines = [line for line in router.applied if line["rpc"] == "Download"]
    assert [(line["before"], line["after"], line["command"]) for line in lines] == [("3.2.0", "3.4.12", "d1")]
    assert opened("old-firmware").software_version == "3.4.12"


def test_at_every_point_a_restart_of_the_process_goes_on_and_installs_once(opened, files):
    files.files["/image"] = image()
    router = opened("old-firmware")
    ask(router, rpc.Download("d1", FIRMWARE, files.url + "/image"))
    router = opened("old-firmware")  # told, nothing fetched yet
    router.work(lambda: NOW)
    assert len(files.asked) == 1
    router = opened("old-firmware")  # fetched, not installed yet
    router.work(lambda: NOW + 10)
    assert router.ordered
    router = opened("old-firmware")  # installed, not restarted yet
    assert not router.ordered
    assert not router.work(lambda: NOW + 20)
    assert router.software_version == "3.4.12"
    assert told(router)[1] == [("d1", "0")]
    assert len(files.asked) == 1
    assert [line["rpc"] for line in router.applied].count("Download") == 1


def test_a_broken_line_is_taken_up_where_it_broke(opened, files):
    router = opened("old-firmware")
    files.breaks_after = [50_000, 60_000]
    upgrade(router, files)
    assert router.software_version == "3.4.12"
    assert [asked[2] for asked in files.asked] == ["", "bytes=49152-", "bytes=98304-"]


def test_what_was_fetched_before_the_process_died_is_not_fetched_again(opened, files):
    router = opened("old-firmware")
    files.files["/image"] = image()
    ask(router, rpc.Download("d1", FIRMWARE, files.url + "/image"))
    (waiting,) = router.transfers.every()
    router.transfers.change(waiting, state="running", started_at=NOW)
    router.save()
    router.diary.fetched_path(waiting.number).write_bytes(image()[:100_000])
    again = opened("old-firmware")
    work(again)
    assert again.software_version == "3.4.12"
    assert [asked[2] for asked in files.asked] == ["bytes=100000-"]


def test_two_files_at_once_do_not_mix(opened, files, tmp_path):
    router = opened("healthy")
    files.files["/image"] = image("3.5.0")
    files.files["/restore"] = configuration.backup(router.home.model, router.tree, router.factory)
    (tmp_path / "NV0000000006.1.file").write_bytes(b"left by somebody")
    ask(router, rpc.Download("d1", FIRMWARE, files.url + "/image"))
    ask(router, rpc.Download("d2", CONFIG, files.url + "/restore"))
    work(router)
    work(router, NOW + 60)
    assert told(router)[1] == [("d1", "0"), ("d2", "0")]
    assert router.software_version == "3.5.0"
    assert not list(tmp_path.glob("*.file"))


@pytest.mark.parametrize(
    ("content", "code", "text"),
    [
        (image(model="Gateway 300"), "9018", "for Gateway 300"),
        (image(hardware=("A1",)), "9018", "for HomeRouter AX6"),
        (image()[:-1], "9018", "checksum"),
        (image()[:-1] + b"?", "9018", "checksum"),
        (b"<html>no</html>", "9018", "not a firmware image"),
        (b"SIMFW1 {}\n", "9018", "header"),
    ],
)
def test_an_image_that_is_not_for_it_is_refused(opened, files, content, code, text):
    router = opened("old-firmware")
    upgrade(router, files, content)
    assert router.software_version == "3.2.0"
    (complete,) = router.own_requests()
    assert complete.fault_code == code
    assert text in complete.fault_text


@pytest.mark.parametrize(
    ("url", "code"), [("/nothing", "9016"), ("http://127.0.0.1:9/x", "9015")]
)
def test_a_file_that_cannot_be_had(opened, files, url, code):
    router = opened("healthy")
    where = url if url.startswith("http") else files.url + url
    ask(router, rpc.Download("d1", FIRMWARE, where))
    work(router)
    assert told(router)[1] == [("d1", code)]


def test_requests_that_are_refused_at_once(opened):
    router = opened("healthy")
    for request, code in (
        (rpc.Download("k", "2 Web Content", "http://127.0.0.1/x"), "9003"),
        (rpc.Download("k", FIRMWARE, "ftp://127.0.0.1/x"), "9013"),
        (rpc.Download("k" * 33, FIRMWARE, "http://127.0.0.1/x"), "9003"),
        (rpc.Upload("k", "9 Nothing", "http://127.0.0.1/x"), "9003"),
        (rpc.ScheduleDownload("k", FIRMWARE, "http://127.0.0.1/x"), "9003"),
        (rpc.ScheduleInform(0, "k"), "9003"),
    ):
        assert ask(router, request).code == code
    for number in range(8):
        ask(router, rpc.Download(f"k{number}", FIRMWARE, "http://127.0.0.1/x", delay_s=60))
    assert ask(router, rpc.Download("more", FIRMWARE, "http://127.0.0.1/x")).code == "9004"


def test_what_waits_is_listed_and_can_be_cancelled(opened, files):
    router = opened("healthy")
    files.files["/image"] = image("3.5.0")
    url = files.url + "/image"
    ask(router, rpc.Download("d1", FIRMWARE, url, file_size=7, target_file_name="x", delay_s=60))
    windows = (rpc.TimeWindow(60, 120, "1 At Any Time"),)
    ask(router, rpc.ScheduleDownload("d2", FIRMWARE, url, windows=windows))
    (one, two) = ask(router, rpc.GetAllQueuedTransfers()).transfers
    assert one == rpc.AllQueuedTransfer("d1", 1, True, FIRMWARE, 7, "x")
    assert two.command_key == "d2"
    assert [t.command_key for t in ask(router, rpc.GetQueuedTransfers()).transfers] == ["d1", "d2"]
    assert ask(router, rpc.CancelTransfer("d1")) == rpc.CancelTransferResponse()
    assert ask(router, rpc.CancelTransfer("unknown")) == rpc.CancelTransferResponse()
    assert not router.work(lambda: NOW + 30)
    assert router.work(lambda: NOW + 60)
    assert ask(router, rpc.CancelTransfer("d2")).code == "9021"
    router.work(lambda: NOW + 70)
    router.restart(NOW + 80)
    assert rpc.Event("M ScheduleDownload", "d2") in router.pending_events()
    assert router.software_version == "3.5.0"


def test_a_window_that_was_missed_is_a_fault(opened):
    router = opened("healthy")
    window = rpc.TimeWindow(0, 60, "1 At Any Time")
    ask(router, rpc.ScheduleDownload("d2", FIRMWARE, "http://127.0.0.1:9/x", windows=(window,)))
    router.work(lambda: NOW + 61)
    assert told(router)[1] == [("d2", "9020")]


def test_settings_are_sent_and_brought_back_with_their_rows_and_keys(opened, files):
    router = opened("healthy")
    key = "Device.WiFi.AccessPoint.1.Security.KeyPassphrase"
    values = ((SSID, "ours", "xsd:string"), (key, "correct horse", "xsd:string"))
    ask(router, rpc.SetParameterValues(tuple(rpc.ParameterValue(*value) for value in values)))
    ask(router, rpc.AddObject("Device.NAT.PortMapping."))
    ask(router, rpc.Upload("u1", "1 Vendor Configuration File", files.url + "/backup"))
    work(router)
    assert told(router) == ([rpc.Event(TRANSFERRED), rpc.Event("M Upload", "u1")], [("u1", "0")])
    saved = files.received["/backup"]
    assert b"ManagementServer" not in saved

    ask(router, rpc.FactoryReset())
    router.restart(NOW + 1)
    assert router.tree.value(SSID) != "ours"
    files.files["/restore"] = saved
    ask(router, rpc.Download("d1", CONFIG, files.url + "/restore"))
    work(router)
    assert told(router)[1] == [("d1", "0")]
    assert (router.tree.value(SSID), router.tree.value(key)) == ("ours", "correct horse")
    assert router.tree.numbers("Device.NAT.PortMapping.") == [1]
    assert "correct horse" not in str(router.applied)


def test_a_restore_undoes_what_was_set_since_and_keeps_the_acs(opened, files):
    router = opened("healthy")
    files.files["/restore"] = configuration.backup(router.home.model, router.tree, router.factory)
    changes = ((SSID, "theirs"), ("Device.ManagementServer.PeriodicInformInterval", "77"))
    kinds = {SSID: "xsd:string"}
    values = tuple(rpc.ParameterValue(p, v, kinds.get(p, "xsd:unsignedInt")) for p, v in changes)
    ask(router, rpc.SetParameterValues(values))
    ask(router, rpc.Download("d1", CONFIG, files.url + "/restore"))
    work(router)
    assert router.tree.value(SSID) == router.factory[SSID]
    assert router.management("PeriodicInformInterval") == "77"


@pytest.mark.parametrize("damage", [b"", b"SIMCFG1 {}\n{}", b"SIMCFG1 x\n"])
def test_a_file_that_is_no_configuration(opened, files, damage):
    router = opened("healthy")
    files.files["/restore"] = damage or b"SIMFW1 {}\n"
    ask(router, rpc.Download("d1", CONFIG, files.url + "/restore"))
    work(router)
    assert told(router)[1] == [("d1", "9018")]


def test_the_log_says_what_happened_and_no_secret(opened, files):
    router = opened("healthy")
    ask(router, rpc.SetParameterValues((rpc.ParameterValue(SSID, "ours"),)))
    ask(router, rpc.Upload("u1", "2 Vendor Log File", files.url + "/log"))
    ask(router, rpc.Upload("u2", "2 Vendor Log File", files.url + "/gone"))
    work(router)
    assert told(router)[1] == [("u1", "0"), ("u2", "9011")]
    log = files.received["/log"].decode()
    assert f"SetParameterValues {SSID} ours" in log
    assert "printer" not in log and "station 06:06:00:00:00:F0 online" in log


def test_a_factory_reset_forgets_everything_but_the_firmware(opened, files):
    router = opened("old-firmware")
    router.informed(router.boot_events())
    upgrade(router, files)
    ask(router, rpc.SetParameterValues((rpc.ParameterValue(SSID, "ours"),)))
    ask(router, rpc.ScheduleInform(60, "s1"))
    assert ask(router, rpc.FactoryReset()) == rpc.FactoryResetResponse()
    again = opened("old-firmware", NOW + 5)  # the process ended before the session did
    assert [event.code for event in again.boot_events()] == [BOOTSTRAP, BOOT]
    assert again.tree.value(SSID) == again.factory[SSID]
    assert again.software_version == "3.4.12"
    assert again.own_requests() == ()
    assert again.scheduled == []
    assert opened("old-firmware", NOW + 9).tree.value(SSID) == again.factory[SSID]


def test_a_scheduled_inform_comes_when_it_is_due_also_after_a_restart(opened):
    router = opened("healthy")
    assert ask(router, rpc.ScheduleInform(60, "s1")) == rpc.ScheduleInformResponse()
    router = opened("healthy")
    assert router.due_at(NOW) == NOW + 60
    assert not router.work(lambda: NOW + 59)
    assert router.work(lambda: NOW + 60)
    router = opened("healthy")
    assert router.pending_events() == (rpc.Event("3 SCHEDULED"), rpc.Event("M ScheduleInform", "s1"))
    router.informed(router.pending_events())
    assert opened("healthy").pending_events() == ()


def test_a_model_that_answers_when_all_is_done(tmp_path, monkeypatch, files):
    variant = Variant("at-once", "", transfers_at_once=True)
    monkeypatch.setattr(variants, "found", lambda: {"at-once": variant})
    home = replace(by_story("old-firmware"), variant="at-once")
    router = Router(home, tmp_path, acs_url="http://127.0.0.1/", periodic_s=300, retry_s=1, now=NOW)
    files.files["/image"] = image()
    done = ask(router, rpc.Download("d1", FIRMWARE, files.url + "/image"))
    assert (done.status, done.complete_time) == (0, "2023-11-14T22:13:20Z")
    assert router.ordered and router.own_requests() == ()
    assert ask(router, rpc.Download("d2", FIRMWARE, files.url + "/nothing")).code == "9016"
    assert ask(router, rpc.Upload("u1", "2 Vendor Log File", files.url + "/log")).status == 0


def test_the_backup_that_is_stored_for_the_lost_home_brings_its_devices_back(opened, files):
    router = opened("lost-configuration")
    assert {one.trouble for one in router.settle(NOW)} == {"wrong-network", ""}
    files.files["/restore"] = backup_of(router.home)
    ask(router, rpc.Download("d1", CONFIG, files.url + "/restore"))
    work(router)
    assert {one.trouble for one in router.settle(NOW + 60)} == {""}
    assert rpc.Event("M Download", "d1") in router.pending_events()


def test_a_speed_test_never_goes_faster_than_the_line(files):
    now, waited = [NOW], []

    def pause(seconds):
        waited.append(seconds)
        now[0] += seconds
        return False

    tests = Files(pause=pause, clock=lambda: now[0])
    files.files["/down"] = bytes(1_000_000)
    down = tests.measure_down(files.url + "/down", mbps=8.0)
    assert down.moved_bytes == 1_000_000
    assert down.ended_at - down.began_at == pytest.approx(1.0)
    up = tests.measure_up(files.url + "/up", 500_000, mbps=8.0)
    assert up.ended_at - up.began_at == pytest.approx(0.5)
    assert len(files.received["/up"]) == 500_000
    assert waited
    with pytest.raises(TransferFailed):
        tests.measure_down(files.url + "/nothing", 8.0)
    with pytest.raises(TransferFailed):
        tests.measure_up("http://127.0.0.1:9/", 10, 8.0)
