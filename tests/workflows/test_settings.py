"""Setting values over both data models: instances found, never guessed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workflows.facts import Datum, Facts
from workflows.reader import read_library
from workflows.settings import Column, Missing, Rule, Setting, Settings, same, spelt, typed
from workflows.settings_values import Conversion

LIBRARY = read_library().settings
POOL = "Device.DHCPv4.Server.Pool."
WLAN = "InternetGatewayDevice.LANDevice.1.WLANConfiguration."
WAN = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANIPConnection."
TEXTS = st.text(max_size=20)


def holding(values: dict[str, str], model: str = "tr181", now: float = 100.0, read_at: float = 90.0) -> Facts:
    parameters = {path: Datum(value, "xsd:string", read_at) for path, value in values.items()}
    return Facts(now=now, device={"data_model": model}, parameters=parameters)


def test_the_lowest_instance_is_taken_as_a_number() -> None:
    known = holding({POOL + "10.MinAddress": "10.0.0.10", POOL + "9.MinAddress": "10.0.0.9"})
    assert LIBRARY.value("dhcp.pool.min", known) == "10.0.0.9"
    assert LIBRARY.path_of("dhcp.pool.min", known) == (POOL + "9.MinAddress", "xsd:string")


def test_an_instance_with_what_is_asked_for() -> None:
    rule = Rule("tr181", "Device.IP.Interface.{i}.Name", where=(("Type", "Normal"), ("Enable", "true")))
    settings = Settings({"lan": Setting("lan", "string", (rule,))})
    values = {
        "Device.IP.Interface.1.Name": "lo",
        "Device.IP.Interface.1.Type": "Loopback",
        "Device.IP.Interface.3.Name": "br-lan",
        "Device.IP.Interface.3.Type": "Normal",
        "Device.IP.Interface.3.Enable": "true",
    }
    assert settings.value("lan", holding(values)) == "br-lan"
    with pytest.raises(Missing):
        settings.value("lan", holding({p: v for p, v in values.items() if not p.endswith("Enable")}))


@pytest.mark.parametrize("reference", ["Device.IP.Interface.3", "Device.IP.Interface.3."])
def test_a_reference_leads_to_the_lan(reference: str) -> None:
    known = holding(
        {
            POOL + "1.Interface": reference,
            "Device.IP.Interface.1.IPv4Address.1.IPAddress": "203.0.113.9",
            "Device.IP.Interface.3.IPv4Address.2.IPAddress": "192.168.1.1",
        }
    )
    assert LIBRARY.value("lan.ip", known) == "192.168.1.1"
    named = LIBRARY.named_by("Device.IP.Interface.3.IPv4Address.2.IPAddress", known)
    assert named is not None and named.name == "lan.ip"


def test_without_the_reference_there_is_no_guess() -> None:
    known = holding({"Device.IP.Interface.1.IPv4Address.1.IPAddress": "203.0.113.9"})
    with pytest.raises(Missing) as caught:
        LIBRARY.value("lan.ip", known)
    assert caught.value.names == ("lan.ip",)


def test_another_data_model_or_none_has_no_value() -> None:
    known = holding({"Device.DHCPv4.Server.Enable": "1"}, model="")
    with pytest.raises(Missing):
        LIBRARY.value("dhcp.enabled", known)
    with pytest.raises(Missing):
        LIBRARY.value("dhcp.pool.enabled", holding({}, model="tr098"))
    with pytest.raises(Missing):
        LIBRARY.value("no.such", known)


def test_a_table_and_its_age() -> None:
    rows = {
        "Device.Hosts.Host.2.PhysAddress": "02:00",
        "Device.Hosts.Host.2.Active": "false",
        "Device.Hosts.Host.11.PhysAddress": "02:01",
        "Device.Hosts.Host.11.HostName": "tv",
        "Device.Hosts.Host.11.Active": "1",
    }
    known = holding(rows)
    assert LIBRARY.value("hosts", known) == [
        {"mac": "02:00", "active": False},
        {"mac": "02:01", "name": "tv", "active": True},
    ]
    assert LIBRARY.age_s("hosts", known) == 10.0
    assert LIBRARY.path_of("hosts", known) == ("Device.Hosts.Host.", "")


def test_an_empty_table_is_known_only_when_the_device_said_so() -> None:
    with pytest.raises(Missing):
        LIBRARY.value("hosts", holding({}))
    assert LIBRARY.value("hosts", holding({"Device.Hosts.HostNumberOfEntries": "0"})) == []
    with pytest.raises(Missing):
        LIBRARY.value("hosts", holding({"Device.Hosts.HostNumberOfEntries": "3"}))


def test_what_to_read_is_exact_where_the_instance_is_known() -> None:
    names = ("dhcp.enabled", "dhcp.lease", "lan.ip", "hosts")
    assert LIBRARY.paths_to_read(names, {"data_model": "tr181"}) == (
        "Device.DHCPv4.Server.Enable",
        "Device.DHCPv4.Server.Pool.",
        "Device.Hosts.",
        "Device.IP.Interface.",
    )
    known = holding(
        {
            POOL + "4.Interface": "Device.IP.Interface.1",
            "Device.IP.Interface.1.IPv4Address.1.IPAddress": "1.1.1.1",
        }
    )
    assert LIBRARY.paths_to_read(names, known.device, known) == (
        "Device.DHCPv4.Server.Enable",
        POOL + "4.Interface",
        POOL + "4.LeaseTime",
        "Device.Hosts.",
        "Device.IP.Interface.1.IPv4Address.1.IPAddress",
    )


def test_the_devices_own_type_is_used_for_a_write() -> None:
    known = Facts(0.0, {"data_model": "tr181"}, {POOL + "1.LeaseTime": Datum("60", "xsd:unsignedInt", 0.0)})
    assert LIBRARY.path_of("dhcp.lease", known) == (POOL + "1.LeaseTime", "xsd:unsignedInt")
    bare = holding({POOL + "1.MinAddress": "x"})
    assert LIBRARY.path_of("dhcp.lease", bare) == (POOL + "1.LeaseTime", "xsd:int")


@pytest.mark.parametrize(
    ("value", "kind", "stored", "wire"),
    [
        (True, "xsd:boolean", None, "1"),
        (False, "xsd:boolean", Datum("true", "xsd:boolean", 0.0), "false"),
        ("true", "xsd:boolean", Datum("0", "xsd:boolean", 0.0), "1"),
        (["9.9.9.9", "1.1.1.1"], "xsd:string", None, "9.9.9.9,1.1.1.1"),
        (86400, "xsd:int", None, "86400"),
        (2.0, "xsd:int", None, "2"),
        ("x", "xsd:string", None, "x"),
    ],
)
def test_how_a_value_is_spelt(value: object, kind: str, stored: Datum | None, wire: str) -> None:
    assert spelt(value, kind, stored) == wire


@pytest.mark.parametrize(
    ("one", "other", "kind", "equal"),
    [
        ("1", "true", "xsd:boolean", True),
        ("0", "true", "xsd:boolean", False),
        ("007", "7", "xsd:unsignedInt", True),
        ("9.9.9.9, 1.1.1.1", "9.9.9.9,1.1.1.1", "xsd:string", True),
        ("a", "A", "xsd:string", False),
        ("odd", "odd", "xsd:boolean", True),
    ],
)
def test_what_means_the_same(one: str, other: str, kind: str, equal: bool) -> None:
    assert same(one, other, kind) is equal


KINDS = [
    "boolean",
    "int",
    "double",
    "string",
    "list",
    "time",
    "numbers",
    "xsd:unsignedInt",
    "xsd:dateTime",
    "odd",
]
NUMBERS = st.from_regex(r"\s*[+-]?\d{0,20}[.,]?\d{0,12}( dBm)?\s*", fullmatch=True)
TIMES = st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?", fullmatch=True)


@example("0\x1f", "int")
@given(TEXTS | NUMBERS | TIMES, st.sampled_from(KINDS))
def test_any_text_has_its_type_or_is_missing(text: str, kind: str) -> None:
    with suppress(Missing):
        assert isinstance(typed(text, kind, "name"), bool | int | float | str | list)


@given(
    TEXTS | NUMBERS,
    st.sampled_from(["", "number", "tenth-microwatt"]),
    st.sampled_from(["int", "double", "numbers"]),
)
def test_any_text_is_converted_or_missing(text: str, formula: str, kind: str) -> None:
    with suppress(Missing):
        ours = Conversion(0.5, -110.0, formula).read(text, kind, "name", lambda _: None)
        typed(ours, kind, "name")


@given(st.integers(-200, 200), st.sampled_from([(1.0, 0.0), (0.5, -110.0), (-1.0, 0.0), (0.001, 0.0)]))
def test_a_number_goes_to_the_device_and_comes_back(number: int, way: tuple[float, float]) -> None:
    conversion = Conversion(*way)
    sent = conversion.write(str(number), "int", "name")
    assert conversion.read(sent, "int", "name", lambda _: None) == str(number)


PATHS = st.sampled_from(
    [
        POOL + "1.Interface",
        POOL + "1.MinAddress",
        POOL + "2.MinAddress",
        POOL + "x.MinAddress",
        "Device.IP.Interface.1.IPv4Address.1.IPAddress",
        "Device.IP.Interface.7.IPv4Address.1.IPAddress",
        "Device.Hosts.Host.1.Active",
        "Device.Hosts.HostNumberOfEntries",
        "Device.DHCPv4.Server.Enable",
        *(f"Device.WiFi.Radio.{i}.{name}" for i in (1, 2) for name in ("OperatingFrequencyBand", "Channel")),
        *(f"Device.WiFi.SSID.{i}.{name}" for i in (1, 5) for name in ("LowerLayers", "SSID")),
        *(
            f"Device.WiFi.AccessPoint.{i}.{name}"
            for i in (1, 3)
            for name in ("SSIDReference", "Security.ModeEnabled")
        ),
        "Device.WiFi.AccessPoint.3.AssociatedDevice.2.SignalStrength",
        "Device.WiFi.AccessPoint.1.MACAddressControlEnabled",
        "Device.Routing.Router.1.IPv4Forwarding.1.Interface",
        "Device.Routing.Router.1.IPv4Forwarding.1.Enable",
        "Device.Routing.Router.1.IPv4Forwarding.1.DestIPAddress",
        *(f"{WLAN}{i}.{name}" for i in (1, 2) for name in ("PossibleChannels", "Channel", "BeaconType")),
        WLAN + "1.BasicEncryptionModes",
        "InternetGatewayDevice.Layer3Forwarding.DefaultConnectionService",
        WAN + "1.ConnectionStatus",
        WAN + "1.PortMapping.4.PortMappingProtocol",
    ]
)
VALUES = st.sampled_from(
    [
        "",
        "0",
        "1",
        "true",
        "10.0.0.1",
        "36",
        "1-13",
        "2.4GHz",
        "5GHz",
        "Basic",
        "None",
        "Connected",
        "Device.IP.Interface.1",
        "Device.IP.Interface.7.",
        "Device.WiFi.Radio.1",
        "Device.WiFi.Radio.2.",
        "Device.WiFi.SSID.1.",
        "Device.WiFi.SSID.5",
        WAN + "1.",
    ]
)


@given(st.dictionaries(PATHS, VALUES), st.sampled_from(["tr181", "tr098", ""]))
def test_a_value_comes_from_what_is_loaded_and_read_for_it(values: dict[str, str], model: str) -> None:
    """Whatever is stored: the value is the same when only its prefixes were loaded, and its path is
    among what would be read."""
    known = holding(values, model)
    for name in LIBRARY.by_name:
        prefixes = LIBRARY.prefixes((name,), known.device)
        loaded = {
            p: v
            for p, v in values.items()
            if any(p == q or (q[-1] == "." and p.startswith(q)) for q in prefixes)
        }
        try:
            value = LIBRARY.value(name, known)
        except Missing:
            with pytest.raises(Missing):
                LIBRARY.value(name, holding(loaded, model))
            continue
        assert LIBRARY.value(name, holding(loaded, model)) == value
        assert LIBRARY.age_s(name, known) == 10.0
        if LIBRARY.by_name[name].type != "table":
            path, _ = LIBRARY.path_of(name, known)
            read = LIBRARY.paths_to_read((name,), known.device, known)
            assert any(path == q or (q.endswith(".") and path.startswith(q)) for q in read)


ONLY_TR181 = {
    "dhcp.pool.enabled",  # TR-098 has one switch for both
    "wifi.2g.security_supported",
    "wifi.5g.security_supported",
    "wifi.2g.bandwidth",  # TR-098 has no channel width, isolation, memory, users, schedules
    "wifi.5g.bandwidth",
    "wifi.guest.isolated",
    "memory.free",
    "login.user",
    "parental.devices",
    "parental.times",
    "wan.optical_power",
}
ONLY_TR098 = {"wan.uptime", "wan.link"}
ONLY_IN_PROFILES = {"wifi.mac_filter.deny", "wan.provider_dns"}


def test_every_library_setting_is_on_both_models_or_says_why_not() -> None:
    for name, setting in LIBRARY.by_name.items():
        assert bool(setting.rules_for("tr181")) is (name not in ONLY_TR098 | ONLY_IN_PROFILES), name
        assert bool(setting.rules_for("tr098")) is (name not in ONLY_TR181 | ONLY_IN_PROFILES), name


def test_a_column_of_another_type_is_left_out() -> None:
    table = Setting(
        "t", "table", (Rule("tr181", "Device.T.{i}."),), columns=(Column("n", "int", {"tr181": "N"}),)
    )
    assert Settings({"t": table}).value("t", holding({"Device.T.1.N": "x", "Device.T.2.N": "5"})) == [
        {},
        {"n": 5},
    ]
