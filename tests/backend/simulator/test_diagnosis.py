"""Diagnoses: asked for by a write, done after the session, told by event 8."""

from __future__ import annotations

import pytest

from backend.cwmp import datamodel, rpc
from backend.simulator.standing import DIAGNOSED

pytestmark = pytest.mark.network

NOW = 1_700_000_000.0
IP = "Device.IP.Diagnostics."
IGD = "InternetGatewayDevice."
SURVEY_098 = IGD + "LANDevice.1.X_02CF02_WiFiSurvey."


def request(router, where, **inputs):
    values = [
        rpc.ParameterValue(where + name, value, router.tree.parameter(where + name).type)
        for name, value in {**inputs, "DiagnosticsState": "Requested"}.items()
    ]
    answer = router.answer(rpc.SetParameterValues(tuple(values)), "1", NOW)
    assert answer == rpc.SetParameterValuesResponse(0), answer


def found(router, where):
    answer = router.answer(rpc.GetParameterValues((where,)), "1", NOW)
    return {one.name.removeprefix(where): one.value for one in answer.values}


def run(router, where, **inputs):
    request(router, where, **inputs)
    assert found(router, where)["DiagnosticsState"] == "Requested"
    assert router.due_at(NOW) == NOW
    assert router.work(lambda: NOW)
    assert router.pending_events() == (rpc.Event(DIAGNOSED),)
    return found(router, where)


@pytest.mark.parametrize(
    ("host", "success", "state"),
    [
        ("9.9.9.9", "4", "Complete"),
        ("www.isp.example", "4", "Complete"),
        ("192.168.1.1", "4", "Complete"),
        ("192.168.1.20", "4", "Complete"),
        ("127.0.0.1", "4", "Complete"),
        ("192.168.1.77", "0", "Complete"),
        ("10.0.0.9", "0", "Complete"),
        ("nowhere.invalid", "0", "Error_CannotResolveHostName"),
        ("", "0", "Error_CannotResolveHostName"),
        ("no spaces allowed.example", "0", "Error_CannotResolveHostName"),
    ],
)
def test_ping(opened, host, success, state):
    result = run(opened("healthy"), IP + "IPPing.", Host=host, NumberOfRepetitions="4")
    assert (result["DiagnosticsState"], result["SuccessCount"]) == (state, success)
    if state == "Complete":
        assert int(result["SuccessCount"]) + int(result["FailureCount"]) == 4
        least, average, most = (
            int(result[f"{name}ResponseTime"]) for name in ("Minimum", "Average", "Maximum")
        )
        assert least <= average <= most
        assert (least > 0) is (success == "4")


def test_trace_route_in_both_data_models(opened):
    hops = run(opened("healthy"), IP + "TraceRoute.", Host="www.isp.example")
    count = int(hops["RouteHopsNumberOfEntries"])
    assert hops[f"RouteHops.{count}.Host"] == "www.isp.example"
    assert len(hops["RouteHops.1.RTTimes"].split(",")) == 3
    older = run(opened("two-at-once"), IGD + "TraceRouteDiagnostics.", Host="9.9.9.9", NumberOfTries="1")
    last = older["RouteHopsNumberOfEntries"]
    assert older[f"RouteHops.{last}.HopHostAddress"] == "9.9.9.9"
    assert older["RouteHops.1.HopRTTimes"].isdecimal()


def test_a_route_that_ends_nowhere_or_too_early(opened):
    lost = run(opened("healthy"), IP + "TraceRoute.", Host="10.9.9.9")
    assert lost["DiagnosticsState"] == "Error_MaxHopCountExceeded"
    assert lost["ResponseTime"] == "0"
    assert int(lost["RouteHopsNumberOfEntries"]) >= 2
    short = run(opened("filtered-laptop"), IP + "TraceRoute.", Host="9.9.9.9", MaxHopCount="1")
    assert short["DiagnosticsState"] == "Error_MaxHopCountExceeded"
    assert short["RouteHopsNumberOfEntries"] == "1"


def test_the_neighbours_of_both_data_models(opened):
    wifi = run(opened("crowded-channel"), "Device.WiFi.NeighboringWiFiDiagnostic.")
    assert wifi["ResultNumberOfEntries"] == "7"
    assert (wifi["Result.1.Channel"], wifi["Result.1.SignalStrength"]) == ("6", "-45")
    assert wifi["Result.6.OperatingChannelBandwidth"] == "80MHz"
    older = run(opened("lost-configuration"), SURVEY_098)
    assert (older["Result.1.RSSI"], older["Result.1.Band"]) == ("-86", "2.4GHz")


@pytest.mark.parametrize(("story", "root"), [("healthy", IP), ("lost-configuration", IGD)])
def test_speed_tests_really_move_the_bytes(opened, files, story, root):
    router = opened(story)
    files.files["/down"] = bytes(300_000)
    down = run(router, root + "DownloadDiagnostics.", DownloadURL=files.url + "/down")
    assert (down["DiagnosticsState"], down["TestBytesReceived"]) == ("Complete", "300000")
    began, ended = (datamodel.parse_time(down[name]) for name in ("BOMTime", "EOMTime"))
    assert 0 < (ended - began).total_seconds() < 5
    up = run(router, root + "UploadDiagnostics.", UploadURL=files.url + "/up", TestFileLength="50000")
    assert up["TotalBytesSent"] == "50000"
    assert len(files.received["/up"]) == 50_000


def test_a_speed_test_that_finds_no_server(opened, files):
    where = IP + "DownloadDiagnostics."
    gone = run(opened("healthy"), where, DownloadURL="http://127.0.0.1:9/x")
    assert gone["DiagnosticsState"] == "Error_InitConnectionFailed"
    missing = run(opened("filtered-laptop"), where, DownloadURL=files.url + "/nothing")
    assert missing["DiagnosticsState"] == "Error_NoResponse"


def test_a_write_to_the_object_ends_the_run_and_a_restart_forgets_it(opened):
    router = opened("healthy")
    where = IP + "IPPing."
    request(router, where, Host="9.9.9.9")
    other = rpc.ParameterValue(where + "Host", "1.1.1.1")
    router.answer(rpc.SetParameterValues((other,)), "2", NOW)
    assert found(router, where)["DiagnosticsState"] == "None"
    assert not router.work(lambda: NOW)
    request(router, where, Host="9.9.9.9")
    again = opened("healthy")
    assert found(again, where)["DiagnosticsState"] == "None"
    assert again.pending_events() == ()
    request(router, where, Host="9.9.9.9")
    request(router, where, Host="9.9.9.9")
    router.work(lambda: NOW)
    assert router.pending_events() == (rpc.Event(DIAGNOSED),)


def test_a_second_survey_replaces_the_first(opened):
    router = opened("crowded-channel")
    where = "Device.WiFi.NeighboringWiFiDiagnostic."
    for _ in range(2):
        result = run(router, where)
        router.informed(router.pending_events())
    assert result["ResultNumberOfEntries"] == "7"
    assert "Result.8.SSID" not in result
