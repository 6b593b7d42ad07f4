"""Hypothesis strategies of whole messages: any that the dataclasses can hold and the wire can carry."""

from __future__ import annotations

from hypothesis import strategies as st

from backend.cwmp import datamodel, rpc

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
INSTANCES = st.integers(1, 2**32 - 1)
LEVELS = st.integers(0, 6)
TRUTHS = st.booleans()
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
ACCESS = st.lists(st.from_regex(r"[A-Z][A-Za-z_]{1,12}", fullmatch=True), max_size=3).map(tuple)
NAMES = st.lists(PATHS, max_size=5).map(tuple)
FAULT_CODES = CODES | st.just("0")
TIMES = st.sampled_from(["0001-01-01T00:00:00Z", "2026-01-31T10:00:02+01:00"]) | TIDY.filter(bool)


def listed(one: st.SearchStrategy, limit: int = 3) -> st.SearchStrategy:
    return st.lists(one, max_size=limit).map(tuple)


SIGNED = st.integers(-(2**31), 2**31 - 1)
WINDOWS = listed(st.builds(rpc.TimeWindow, NUMBERS, NUMBERS, TIDY, TEXTS, SIGNED), 2)
OPERATIONS = st.one_of(
    st.builds(rpc.InstallOperation, TIDY, TIDY, TEXTS, TEXTS, TIDY),
    st.builds(rpc.UpdateOperation, TIDY, TEXTS, TIDY, TEXTS, TEXTS),
    st.builds(rpc.UninstallOperation, TIDY, TEXTS, TIDY),
)
RESULT = st.builds(
    rpc.OperationResult, TIDY, TIDY, TEXTS, TIDY, TRUTHS, TIDY, TIMES, TIMES, FAULT_CODES, TEXTS, st.just("")
)
AUTONOMOUS_RESULT = st.builds(lambda result, done: result._replace(operation=done), RESULT, TIDY)

ACS_REQUESTS = st.one_of(
    st.just(rpc.GetRPCMethods()),
    st.builds(rpc.SetParameterValues, VALUES, TEXTS),
    st.builds(rpc.GetParameterValues, NAMES),
    st.builds(rpc.GetParameterNames, PATHS, TRUTHS),
    st.builds(
        rpc.SetParameterAttributes,
        listed(st.builds(rpc.SetParameterAttribute, PATHS, st.none() | LEVELS, st.none() | ACCESS)),
    ),
    st.builds(rpc.GetParameterAttributes, NAMES),
    st.builds(rpc.AddObject, PATHS, TEXTS),
    st.builds(rpc.DeleteObject, PATHS, TEXTS),
    st.builds(rpc.Download, TEXTS, TIDY, TIDY, TEXTS, TEXTS, NUMBERS, TEXTS, NUMBERS, TIDY, TIDY),
    st.builds(rpc.Reboot, TEXTS),
    st.just(rpc.GetQueuedTransfers()),
    st.builds(rpc.ScheduleInform, NUMBERS, TEXTS),
    st.builds(rpc.SetVouchers, listed(st.from_regex(r"[A-Za-z0-9+/=]{0,80}", fullmatch=True))),
    st.builds(rpc.GetOptions, TEXTS),
    st.builds(rpc.Upload, TEXTS, TIDY, TIDY, TEXTS, TEXTS, NUMBERS),
    st.just(rpc.FactoryReset()),
    st.just(rpc.GetAllQueuedTransfers()),
    st.builds(rpc.ScheduleDownload, TEXTS, TIDY, TIDY, TEXTS, TEXTS, NUMBERS, TEXTS, WINDOWS),
    st.builds(rpc.CancelTransfer, TEXTS),
    st.builds(rpc.ChangeDUState, st.lists(OPERATIONS, min_size=1, max_size=3).map(tuple), TEXTS),
)
CPE_RESPONSES = st.one_of(
    st.builds(rpc.GetRPCMethodsResponse, METHODS),
    st.builds(rpc.SetParameterValuesResponse, STATUS),
    st.builds(rpc.GetParameterValuesResponse, VALUES),
    st.builds(rpc.GetParameterNamesResponse, listed(st.builds(rpc.ParameterInfo, PATHS, TRUTHS), 5)),
    st.just(rpc.SetParameterAttributesResponse()),
    st.builds(
        rpc.GetParameterAttributesResponse, listed(st.builds(rpc.ParameterAttribute, PATHS, LEVELS, ACCESS))
    ),
    st.builds(rpc.AddObjectResponse, INSTANCES, STATUS),
    st.builds(rpc.DeleteObjectResponse, STATUS),
    st.builds(rpc.DownloadResponse, STATUS, TIMES, TIMES),
    st.just(rpc.RebootResponse()),
    st.builds(rpc.GetQueuedTransfersResponse, listed(st.builds(rpc.QueuedTransfer, TEXTS, NUMBERS))),
    st.just(rpc.ScheduleInformResponse()),
    st.just(rpc.SetVouchersResponse()),
    st.builds(
        rpc.GetOptionsResponse,
        listed(st.builds(rpc.Option, TEXTS, NUMBERS, NUMBERS, NUMBERS, TIDY, TIDY, NUMBERS)),
    ),
    st.builds(rpc.UploadResponse, STATUS, TIMES, TIMES),
    st.just(rpc.FactoryResetResponse()),
    st.builds(
        rpc.GetAllQueuedTransfersResponse,
        listed(st.builds(rpc.AllQueuedTransfer, TEXTS, NUMBERS, TRUTHS, TIDY, NUMBERS, TEXTS)),
    ),
    st.just(rpc.ScheduleDownloadResponse()),
    st.just(rpc.CancelTransferResponse()),
    st.just(rpc.ChangeDUStateResponse()),
)
INFORMS = st.builds(rpc.Inform, DEVICES, EVENTS, VALUES, TIDY, NUMBERS)
TRANSFERS = st.builds(rpc.TransferComplete, TEXTS, FAULT_CODES, TEXTS, TIMES, TIMES)
CPE_REQUESTS = st.one_of(
    TRANSFERS,
    st.just(rpc.GetRPCMethods()),
    st.builds(
        rpc.AutonomousTransferComplete,
        *(TIDY, TIDY, TRUTHS, TIDY, NUMBERS, TEXTS, FAULT_CODES, TEXTS, TIMES, TIMES),
    ),
    st.builds(rpc.RequestDownload, TIDY, listed(st.builds(rpc.Argument, TEXTS, TEXTS))),
    st.builds(rpc.Kicked, TEXTS, TEXTS, TEXTS, TEXTS),
    st.builds(rpc.DUStateChangeComplete, st.lists(RESULT, min_size=1, max_size=3).map(tuple), TEXTS),
    st.builds(
        rpc.AutonomousDUStateChangeComplete,
        st.lists(AUTONOMOUS_RESULT, min_size=1, max_size=3).map(tuple),
    ),
)
ACS_RESPONSES = st.one_of(
    st.builds(rpc.KickedResponse, TEXTS),
    st.sampled_from(
        [
            rpc.InformResponse(),
            rpc.TransferCompleteResponse(),
            rpc.AutonomousTransferCompleteResponse(),
            rpc.RequestDownloadResponse(),
            rpc.DUStateChangeCompleteResponse(),
            rpc.AutonomousDUStateChangeCompleteResponse(),
        ]
    ),
)
MESSAGES = st.one_of(INFORMS, CPE_REQUESTS, ACS_REQUESTS, CPE_RESPONSES, ACS_RESPONSES, FAULTS)
