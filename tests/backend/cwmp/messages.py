"""What each hand-written fixture says.

`SAID` maps a fixture's name to its cwmp:ID, namespace and message. A fixture is both what our
reader must understand and what our writer must say, so a mistake on both sides cannot cancel out.
"""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings

from backend.cwmp import rpc
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

DEVICE_METHODS = (
    "GetRPCMethods",
    "SetParameterValues",
    "GetParameterValues",
    "GetParameterNames",
    "AddObject",
    "DeleteObject",
    "Reboot",
)
IMAGE = "1 Firmware Upgrade Image"
LINK = "http://acs.example:7547/files/t0ken"
INSTALLED = rpc.OperationResult(
    "4f2c9b1e-0000-5000-8000-0123456789ab",
    "Device.SoftwareModules.DeploymentUnit.1",
    "1.2",
    "Installed",
    True,
    "Device.SoftwareModules.ExecutionUnit.1,Device.SoftwareModules.ExecutionUnit.2",
    "2026-01-31T10:00:00Z",
    "2026-01-31T10:00:09Z",
)
NOT_UPDATED = rpc.OperationResult(
    "4f2c9b1e-0000-5000-8000-0123456789ac",
    "",
    "",
    "Failed",
    False,
    fault_code="9028",
    fault_text="Unknown Deployment Unit",
)
AUTONOMOUS = rpc.AutonomousTransferComplete(
    "http://store.example/announce",
    "http://store.example/image?v=2&m=HG",
    True,
    IMAGE,
    4096,
    "image.bin",
    "9018",
    "file corrupted",
    "2026-01-31T10:00:00Z",
    "2026-01-31T10:05:00Z",
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
    "acs_SetParameterAttributes": (
        "b1",
        CWMP_1_0,
        rpc.SetParameterAttributes(
            (
                rpc.SetParameterAttribute("Device.WiFi.SSID.1.SSID", 2),
                rpc.SetParameterAttribute("Device.WiFi.", None, ("Subscriber",)),
                rpc.SetParameterAttribute("Device.ManagementServer.", 0, ()),
            )
        ),
    ),
    "acs_GetParameterAttributes": (
        "b2",
        CWMP_1_0,
        rpc.GetParameterAttributes(("Device.WiFi.SSID.1.SSID", "Device.ManagementServer.")),
    ),
    "acs_Download": (
        "b3",
        CWMP_1_0,
        rpc.Download(
            "task-31",
            IMAGE,
            f"{LINK}?a=1&b=2",
            "fetch",
            "s<cret",
            8_388_608,
            "hg-2.1.bin",
            5,
            "http://192.168.1.1/done",
            "http://192.168.1.1/failed",
        ),
    ),
    "acs_Upload": (
        "b4",
        CWMP_1_0,
        rpc.Upload("task-32", "3 Vendor Configuration File 1", "http://acs.example:7547/files/up"),
    ),
    "acs_ScheduleDownload": (
        "b5",
        CWMP_1_2,
        rpc.ScheduleDownload(
            "task-33",
            IMAGE,
            LINK,
            windows=(
                rpc.TimeWindow(3600, 7200, "3 When Idle", "", -1),
                rpc.TimeWindow(86_400, 90_000, "4 Confirmation Needed", "Update now?", 2),
            ),
        ),
    ),
    "acs_CancelTransfer": ("b6", CWMP_1_2, rpc.CancelTransfer("task-33")),
    "acs_GetQueuedTransfers": ("b7", CWMP_1_0, rpc.GetQueuedTransfers()),
    "acs_GetAllQueuedTransfers": ("b8", CWMP_1_1, rpc.GetAllQueuedTransfers()),
    "acs_ScheduleInform": ("b9", CWMP_1_0, rpc.ScheduleInform(120, "task-34")),
    "acs_FactoryReset": ("c1", CWMP_1_0, rpc.FactoryReset()),
    "acs_SetVouchers": ("c2", CWMP_1_0, rpc.SetVouchers(("Zmlyc3Q=", "c2Vjb25k"))),
    "acs_GetOptions": ("c3", CWMP_1_0, rpc.GetOptions()),
    "acs_ChangeDUState": (
        "c4",
        CWMP_1_2,
        rpc.ChangeDUState(
            (
                rpc.InstallOperation(
                    "http://acs.example/units/guard.ipk",
                    INSTALLED.uuid,
                    "fetch",
                    "pw",
                    "Device.SoftwareModules.ExecEnv.1.",
                ),
                rpc.UpdateOperation(NOT_UPDATED.uuid, "1.0", "http://acs.example/units/meter-2.ipk"),
                rpc.UninstallOperation("4f2c9b1e-0000-5000-8000-0123456789ad"),
            ),
            "task-35",
        ),
    ),
    "acs_AutonomousTransferCompleteResponse": ("81", CWMP_1_1, rpc.AutonomousTransferCompleteResponse()),
    "acs_RequestDownloadResponse": ("82", CWMP_1_0, rpc.RequestDownloadResponse()),
    "acs_KickedResponse": ("83", CWMP_1_0, rpc.KickedResponse("http://portal.example/?a=1&b=2")),
    "acs_DUStateChangeCompleteResponse": ("84", CWMP_1_2, rpc.DUStateChangeCompleteResponse()),
    "acs_AutonomousDUStateChangeCompleteResponse": (
        "85",
        CWMP_1_2,
        rpc.AutonomousDUStateChangeCompleteResponse(),
    ),
    "acs_Fault_MustUnderstand": ("15", CWMP_1_0, rpc.Fault("MustUnderstand", "X_Vendor")),
    "acs_Fault": ("13", CWMP_1_0, rpc.Fault("8000", "Method not supported")),
    "acs_Fault_retry": ("14", CWMP_1_0, rpc.Fault("8005", "Retry request")),
    "cpe_Inform": ("1", CWMP_1_0, INFORM),
    "cpe_TransferComplete": (
        "77",
        CWMP_1_2,
        rpc.TransferComplete("upgrade-9", "9017", "unable to complete download", "2026-01-31T10:00:00Z"),
    ),
    "cpe_GetRPCMethods": ("12", CWMP_1_0, rpc.GetRPCMethods()),
    "cpe_GetRPCMethodsResponse": ("a1", CWMP_1_0, rpc.GetRPCMethodsResponse(DEVICE_METHODS)),
    "cpe_GetParameterValuesResponse": ("a2", CWMP_1_0, READ),
    "cpe_SetParameterValuesResponse": ("a3", CWMP_1_0, rpc.SetParameterValuesResponse(1)),
    "cpe_GetParameterNamesResponse": ("a4", CWMP_1_0, NAMES),
    "cpe_AddObjectResponse": ("a5", CWMP_1_0, rpc.AddObjectResponse(2)),
    "cpe_DeleteObjectResponse": ("a6", CWMP_1_0, rpc.DeleteObjectResponse()),
    "cpe_RebootResponse": ("a7", CWMP_1_1, rpc.RebootResponse()),
    "cpe_SetParameterAttributesResponse": ("b1", CWMP_1_0, rpc.SetParameterAttributesResponse()),
    "cpe_GetParameterAttributesResponse": (
        "b2",
        CWMP_1_0,
        rpc.GetParameterAttributesResponse(
            (
                rpc.ParameterAttribute("Device.WiFi.SSID.1.SSID", 2, ("Subscriber",)),
                rpc.ParameterAttribute("Device.ManagementServer.URL", 0),
            )
        ),
    ),
    "cpe_DownloadResponse": ("b3", CWMP_1_0, rpc.DownloadResponse(1)),
    "cpe_UploadResponse": (
        "b4",
        CWMP_1_0,
        rpc.UploadResponse(0, "2026-01-31T10:00:00Z", "2026-01-31T10:00:02+01:00"),
    ),
    "cpe_ScheduleDownloadResponse": ("b5", CWMP_1_2, rpc.ScheduleDownloadResponse()),
    "cpe_CancelTransferResponse": ("b6", CWMP_1_2, rpc.CancelTransferResponse()),
    "cpe_GetQueuedTransfersResponse": (
        "b7",
        CWMP_1_0,
        rpc.GetQueuedTransfersResponse((rpc.QueuedTransfer("task-31", 2), rpc.QueuedTransfer("", 1))),
    ),
    "cpe_GetAllQueuedTransfersResponse": (
        "b8",
        CWMP_1_1,
        rpc.GetAllQueuedTransfersResponse(
            (
                rpc.AllQueuedTransfer("task-31", 3, True, IMAGE, 8_388_608, "hg-2.1.bin"),
                rpc.AllQueuedTransfer("", 1, False, "7 Vendor Log File 2"),
            )
        ),
    ),
    "cpe_ScheduleInformResponse": ("b9", CWMP_1_0, rpc.ScheduleInformResponse()),
    "cpe_FactoryResetResponse": ("c1", CWMP_1_0, rpc.FactoryResetResponse()),
    "cpe_SetVouchersResponse": ("c2", CWMP_1_0, rpc.SetVouchersResponse()),
    "cpe_GetOptionsResponse": (
        "c3",
        CWMP_1_0,
        rpc.GetOptionsResponse(
            (rpc.Option("Second line", 17, 3, 1, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),)
        ),
    ),
    "cpe_ChangeDUStateResponse": ("c4", CWMP_1_2, rpc.ChangeDUStateResponse()),
    "cpe_AutonomousTransferComplete": ("81", CWMP_1_1, AUTONOMOUS),
    "cpe_RequestDownload": (
        "82",
        CWMP_1_0,
        rpc.RequestDownload(
            IMAGE,
            (rpc.Argument("Version", "2.1 & later"), rpc.Argument("Region", "")),
        ),
    ),
    "cpe_Kicked": (
        "83",
        CWMP_1_0,
        rpc.Kicked("buy", "http://portal.example/", "line=2&now", "http://portal.example/thanks"),
    ),
    "cpe_DUStateChangeComplete": (
        "84",
        CWMP_1_2,
        rpc.DUStateChangeComplete((INSTALLED, NOT_UPDATED), "task-35"),
    ),
    "cpe_AutonomousDUStateChangeComplete": (
        "85",
        CWMP_1_2,
        rpc.AutonomousDUStateChangeComplete((INSTALLED._replace(operation="Update"),)),
    ),
    "cpe_Fault": ("a8", CWMP_1_0, rpc.Fault("9002", "Internal error")),
    "cpe_Fault_SetParameterValues": ("a3", CWMP_1_0, REFUSED),
}
