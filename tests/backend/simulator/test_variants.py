"""The hook for what varies in the field: moved paths, other values, writes with consequences, habits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.cwmp import rpc
from backend.cwmp.envelope import CWMP_1_2
from backend.cwmp.session import CpeSession
from backend.cwmp.soap import decode
from backend.simulator import variants
from backend.simulator.habits import SessionFailed, readable, written
from backend.simulator.homes import by_story
from backend.simulator.router import Router
from backend.simulator.variants import Habits, NotTaken, Variant

NOW = 1_700_000_000.0
WIFI = "Device.WiFi."


@pytest.fixture
def varied(tmp_path, monkeypatch):
    """varied(Variant) -> the healthy home's router, with these differences."""

    def of(variant):
        monkeypatch.setattr(variants, "found", lambda: {variant.name: variant})
        home = replace(by_story("healthy"), variant=variant.name)
        return Router(home, tmp_path, acs_url="http://127.0.0.1:1/acs", periodic_s=300, retry_s=1, now=NOW)

    return of


def read(router, *names):
    answer = router.answer(rpc.GetParameterValues(names), "1", NOW)
    assert isinstance(answer, rpc.GetParameterValuesResponse), answer
    return {value.name: (value.value, value.type) for value in answer.values}


def write(router, *values):
    asked = rpc.SetParameterValues(tuple(rpc.ParameterValue(*value) for value in values))
    return router.answer(asked, "1", NOW)


def test_paths_moved_are_read_written_and_listed_where_this_model_has_them(varied):
    moved = tuple(
        (f"{WIFI}{table}.{usual}.", f"{WIFI}{table}.{own}.")
        for table in ("Radio", "SSID", "AccessPoint")
        for usual, own in ((2, 1), (1, 6))
    )
    router = varied(Variant("other-way-round", "", moved=moved))
    band = "OperatingFrequencyBand"
    assert read(router, f"{WIFI}Radio.6.{band}", f"{WIFI}Radio.1.{band}") == {
        f"{WIFI}Radio.6.{band}": ("2.4GHz", "xsd:string"),
        f"{WIFI}Radio.1.{band}": ("5GHz", "xsd:string"),
    }
    names = router.answer(rpc.GetParameterNames(f"{WIFI}Radio.", True), "1", NOW).names
    assert [one.name for one in names] == [f"{WIFI}Radio.1.", f"{WIFI}Radio.6."]
    assert router.answer(rpc.GetParameterValues((f"{WIFI}Radio.2.{band}",)), "1", NOW).code == "9005"
    assert write(router, (f"{WIFI}SSID.6.SSID", "ours", "xsd:string")).status == 0
    assert router.tree.value(f"{WIFI}SSID.1.SSID") == "ours"
    assert write(router, (f"{WIFI}SSID.2.SSID", "ours", "xsd:string")).set_parameter_faults[0].code == "9005"


def test_values_are_told_and_taken_as_this_model_spells_them(varied):
    def shown(path, value, kind):
        if path.endswith("OperatingChannelBandwidth"):
            return {"20MHz": "0", "40MHz": "1", "80MHz": "2"}[value], "xsd:string"
        return value, "xsd:string"

    def taken(path, value, kind):
        if path.endswith("OperatingChannelBandwidth"):
            return {"0": "20MHz", "1": "40MHz", "2": "80MHz"}[value], kind
        if path.endswith(".SSID") and not value.isascii():
            raise NotTaken("only ASCII")
        return value, kind

    router = varied(Variant("texts-only", "", shown=shown, taken=taken))
    width, name = f"{WIFI}Radio.1.OperatingChannelBandwidth", f"{WIFI}SSID.1.SSID"
    assert read(router, width)[width] == ("0", "xsd:string")
    assert write(router, (width, "1", "xsd:string")).status == 0
    assert router.tree.value(width) == "40MHz"
    refused = write(router, (name, "Łódź", "xsd:string")).set_parameter_faults
    assert refused == (rpc.SetParameterFault(name, "9007", "only ASCII"),)
    assert all(value.type == "xsd:string" for value in router.inform((), 0, NOW).values)


def test_what_a_write_changes_besides_and_what_it_may_not(varied):
    ssid, key = f"{WIFI}SSID.1.SSID", f"{WIFI}AccessPoint.1.Security.KeyPassphrase"

    def follows(changed, value):
        return {key: "reset-reset"} if ssid in changed and key not in changed else {}

    def checks(changed, value):
        alone = f"{WIFI}Radio.1.Channel" in changed and value(f"{WIFI}Radio.1.AutoChannelEnable") == "true"
        return [rpc.SetParameterFault(f"{WIFI}Radio.1.Channel", "9007", "auto is on")] if alone else []

    router = varied(
        Variant("key-goes-with-name", "", follows=follows, checks=checks, refuses=("Device.Users.",))
    )
    write(router, (ssid, "a", "xsd:string"))
    assert router.tree.value(key) == "reset-reset"
    write(router, (ssid, "b", "xsd:string"), (key, "12345678", "xsd:string"))
    assert router.tree.value(key) == "12345678"
    assert write(router, (f"{WIFI}Radio.1.Channel", "11", "xsd:unsignedInt")).code == "9003"
    refused = write(router, ("Device.Users.User.1.Username", "admin", "xsd:string")).set_parameter_faults
    assert refused[0].code == "9001"


def test_a_write_that_waits_for_the_next_boot_survives_a_restart_of_the_process(varied):
    width = f"{WIFI}Radio.1.OperatingChannelBandwidth"
    variant = Variant("needs-a-reboot", "", after_reboot=(f"{WIFI}Radio.",))
    router = varied(variant)
    assert write(router, (width, "40MHz", "xsd:string")) == rpc.SetParameterValuesResponse(1)
    assert router.tree.value(width) == "20MHz"
    again = varied(variant)
    assert again.tree.value(width) == "20MHz"
    again.restart(NOW + 5)
    assert again.tree.value(width) == "40MHz"
    assert [line["rpc"] for line in again.applied] == ["Boot"]


def test_own_parameters_rows_and_missing_methods(varied):
    router = varied(
        Variant(
            "own-tree",
            "",
            tree="Device.X_Acme.\nSerial string r {serial}\nDevice.DeviceInfo.\nUpTime string r 0\n",
            rows="Device.X_Acme.Rule.{i}. 2 RuleNumberOfEntries\nPort unsignedInt w 0\n",
            without=("Device.Users.",),
            lacks=frozenset({"Reboot"}),
        )
    )
    assert read(router, "Device.X_Acme.Serial")["Device.X_Acme.Serial"][0] == router.home.serial
    assert read(router, "Device.DeviceInfo.UpTime")["Device.DeviceInfo.UpTime"][1] == "xsd:string"
    assert "Device.Users.User.1.Username" not in router.tree
    assert router.answer(rpc.Reboot("k"), "1", NOW).code == "9000"
    assert "Reboot" not in router.answer(rpc.GetRPCMethods(), "1", NOW).methods
    names = router.answer(rpc.GetParameterNames("Device.X_Acme.", True), "1", NOW).names
    assert rpc.ParameterInfo("Device.X_Acme.Rule.", True) in names


def test_bytes_are_written_as_the_habits_say():
    cwmp = CpeSession("r-", CWMP_1_2)
    value = rpc.ParameterValue("Device.A", "a<&>]]>b")
    inform = rpc.Inform(rpc.DeviceId("M", "02CF01", "P", "1"), (rpc.Event("1 BOOT"),), (value,))
    usual = cwmp.send(inform)
    quoted = written(usual, Habits(cdata=True, writes_declaration=False))
    assert b"<![CDATA[" in quoted
    assert not quoted.startswith(b"<?xml")
    bare = written(usual, Habits(undeclared_prefixes=True))
    assert b"xmlns:xsi" not in bare
    assert [decode(odd).message for odd in (quoted, bare)] == [inform, inform]
    assert readable(usual, Habits()) == usual
    with pytest.raises(SessionFailed):
        readable(b'<?xml version="1.0"?>' + usual, Habits(reads_declaration=False))


def test_names_are_unique():
    assert "" in variants.found()
    stories = [home.story for home in variants.homes()]
    assert len(set(stories)) == len(stories)
    assert all(home.variant in variants.found() for home in variants.homes())
