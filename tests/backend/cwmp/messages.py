"""What each hand-written fixture says, and hypothesis strategies of whole messages.

`SAID` maps a fixture's name to its cwmp:ID, namespace and message. A fixture is both what our
reader must understand and what our writer must say, so a mistake on both sides cannot cancel out.
"""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st

from backend.cwmp import datamodel, rpc
from backend.cwmp.envelope import CWMP_1_0, CWMP_1_1, CWMP_1_2

FIXTURES = Path(__file__).parent / "fixtures"
ENABLE = "Device.DHCPv4.Server.Enable"
POOL = "Device.DHCPv4.Server.Pool.1."
Value = rpc.ParameterValue

INFORM = rpc.Inform(
    rpc.DeviceId("Example & Co", "00AABB", "HomeGateway", "SN0001"),
    (rpc.Event("1 BOOT"), rpc.Event("M Reboot", "run-4712")),
    (
        Value("Device.RootDataModelVersion", "2.16"),
        Value("Device.DeviceInfo.UpTime", "42", "xsd:unsignedInt"),
        Value("Device.ManagementServer.ConnectionRequestURL", "http://192.0.2.7:7547/wake?a=1&b=2"),
        Value("Device.ManagementServer.ParameterKey", ""),
    ),
    current_time="2026-01-31T23:59:59+01:00",
    retry_count=3,
)
READ = rpc.GetParameterValuesResponse(
    (
        Value(ENABLE, "0", "xsd:boolean"),
        Value(f"{POOL}DNSServers", "192.0.2.53,192.0.2.54"),
        Value(f"{POOL}LeaseTime", "-1", "xsd:int"),
        Value(f"{POOL}Alias", " a <b> & żółć 🐢 "),
        Value("Device.Time.CurrentLocalTime", "2026-01-31T23:59:59.5Z", "xsd:dateTime"),
    )
)
WRITTEN = rpc.SetParameterValues(
    (
        Value(ENABLE, "1", "xsd:boolean"),
        Value(f"{POOL}LeaseTime", "86400", "xsd:int"),
        Value("Device.WiFi.SSID.1.SSID", "Kowalski & Sons <home> żółw"),
    ),
    "run-4711",
)
REFUSED = rpc.Fault(
    "9003",
    "Invalid arguments",
    (
        rpc.SetParameterFault(f"{POOL}LeaseTime", "9007", "Invalid parameter value"),
        rpc.SetParameterFault("Device.WiFi.SSID.1.SSID", "9008", "Attempt to set a non-writable parameter"),
    ),
)
NAMES = rpc.GetParameterNamesResponse(
    (
        rpc.ParameterInfo("Device.Hosts.Host.", False),
        rpc.ParameterInfo("Device.Hosts.AccessControl.", True),
    )
)

UNHURRIED = settings(deadline=None)
"""How long one example takes says more about the machine than about the code."""

SAID: dict[str, tuple[str, str, rpc.Message]] = {
    "acs_InformResponse": ("1", CWMP_1_0, rpc.InformResponse()),
    "acs_TransferCompleteResponse": ("77", CWMP_1_2, rpc.TransferCompleteResponse()),
    "acs_GetRPCMethods": ("a1", CWMP_1_0, rpc.GetRPCMethods()),
    "acs_GetRPCMethodsResponse": ("12", CWMP_1_0, rpc.GetRPCMethodsResponse(rpc.ACS_METHODS)),
    "acs_GetParameterValues": ("a2", CWMP_1_0, rpc.GetParameterValues((ENABLE, POOL))),
    "acs_SetParameterValues": ("a3", CWMP_1_0, WRITTEN),
    "acs_GetParameterNames": ("a4", CWMP_1_0, rpc.GetParameterNames("Device.Hosts.", True)),
    "acs_AddObject": ("a5", CWMP_1_0, rpc.AddObject(f"{POOL}StaticAddress.", "k5")),
    "acs_DeleteObject": ("a6", CWMP_1_0, rpc.DeleteObject(f"{POOL}StaticAddress.2.", "k6")),
    "acs_Reboot": ("a7", CWMP_1_1, rpc.Reboot("run-4712")),
    "acs_Fault": ("13", CWMP_1_0, rpc.Fault("8000", "Method not supported")),
    "acs_Fault_retry": ("14", CWMP_1_0, rpc.Fault("8005", "Retry request")),
    "cpe_Inform": ("1", CWMP_1_0, INFORM),
    "cpe_TransferComplete": (
        "77",
        CWMP_1_2,
        rpc.TransferComplete("upgrade-9", "9017", "unable to complete download", "2026-01-31T10:00:00Z"),
    ),
    "cpe_GetRPCMethods": ("12", CWMP_1_0, rpc.GetRPCMethods()),
    "cpe_GetRPCMethodsResponse": ("a1", CWMP_1_0, rpc.GetRPCMethodsResponse(rpc.CPE_METHODS)),
    "cpe_GetParameterValuesResponse": ("a2", CWMP_1_0, READ),
    "cpe_SetParameterValuesResponse": ("a3", CWMP_1_0, rpc.SetParameterValuesResponse(1)),
    "cpe_GetParameterNamesResponse": ("a4", CWMP_1_0, NAMES),
    "cpe_AddObjectResponse": ("a5", CWMP_1_0, rpc.AddObjectResponse(2)),
    "cpe_DeleteObjectResponse": ("a6", CWMP_1_0, rpc.DeleteObjectResponse()),
    "cpe_RebootResponse": ("a7", CWMP_1_1, rpc.RebootResponse()),
    "cpe_Fault": ("a8", CWMP_1_0, rpc.Fault("9002", "Internal error")),
    "cpe_Fault_SetParameterValues": ("a3", CWMP_1_0, REFUSED),
}

TEXTS = st.text(
    st.characters(
        exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32)] + ["\ufffe", "\uffff"]
    )
    | st.sampled_from("\t\n\r&<>\"'"),
    max_size=30,
)
TIDY = TEXTS.map(str.strip)
"""Text where spaces at the ends do not count: identifiers, codes, times."""

PATHS = st.from_regex(r"Device(\.[A-Z][A-Za-z]{0,8}(\.[1-9])?){1,4}\.?", fullmatch=True)
NUMBERS = st.integers(0, 2**32 - 1)
CODES = st.from_regex(r"9[08][0-9]{2}", fullmatch=True)
VALUES = st.lists(
    st.builds(rpc.ParameterValue, PATHS, TEXTS, st.just("xsd:string"))
    | st.builds(rpc.ParameterValue, PATHS, TIDY, st.sampled_from(sorted(datamodel.TYPES - {"xsd:string"}))),
    max_size=6,
).map(tuple)
DEVICES = st.builds(rpc.DeviceId, TEXTS, TIDY, TIDY, st.text("0123456789ABCDEF", min_size=1, max_size=16))
EVENTS = st.lists(st.builds(rpc.Event, TIDY, TEXTS), max_size=4).map(tuple)
STATUS = st.sampled_from([0, 1])
METHODS = st.lists(st.from_regex(r"[A-Z][A-Za-z]{1,12}", fullmatch=True), max_size=5).map(tuple)
FAULTS = st.builds(
    rpc.Fault,
    CODES,
    TEXTS,
    st.lists(st.builds(rpc.SetParameterFault, PATHS, CODES, TEXTS), max_size=3).map(tuple),
)
ACS_REQUESTS = st.one_of(
    st.just(rpc.GetRPCMethods()),
    st.builds(rpc.GetParameterValues, st.lists(PATHS, max_size=5).map(tuple)),
    st.builds(rpc.SetParameterValues, VALUES, TEXTS),
    st.builds(rpc.GetParameterNames, PATHS, st.booleans()),
    st.builds(rpc.AddObject, PATHS, TEXTS),
    st.builds(rpc.DeleteObject, PATHS, TEXTS),
    st.builds(rpc.Reboot, TEXTS),
)
CPE_RESPONSES = st.one_of(
    st.builds(rpc.GetRPCMethodsResponse, METHODS),
    st.builds(rpc.GetParameterValuesResponse, VALUES),
    st.builds(rpc.SetParameterValuesResponse, STATUS),
    st.builds(
        rpc.GetParameterNamesResponse,
        st.lists(st.builds(rpc.ParameterInfo, PATHS, st.booleans()), max_size=5).map(tuple),
    ),
    st.builds(rpc.AddObjectResponse, NUMBERS, STATUS),
    st.builds(rpc.DeleteObjectResponse, STATUS),
    st.just(rpc.RebootResponse()),
)
INFORMS = st.builds(rpc.Inform, DEVICES, EVENTS, VALUES, TIDY, NUMBERS)
TRANSFERS = st.builds(rpc.TransferComplete, TEXTS, CODES | st.just("0"), TEXTS, TIDY, TIDY)
MESSAGES = st.one_of(
    INFORMS,
    TRANSFERS,
    ACS_REQUESTS,
    CPE_RESPONSES,
    FAULTS,
    st.sampled_from([rpc.InformResponse(), rpc.TransferCompleteResponse()]),
)
