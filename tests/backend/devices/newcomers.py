"""Routers fresh from the factory, which come by the password that all of their kind share."""

from __future__ import annotations

from structlog.testing import capture_logs

from backend.cwmp import rpc
from tests.backend.acs_face_to_face import OUI, PRODUCT, Router, app_of

FACTORY, SHARED = "factory", "on every box"
NOW = 1_700_000_000.0


def router_of(acs, serial="N0001", **more):
    """A router fresh from the factory that takes the user name and password it is given."""
    made = Router(app_of(acs), serial, **{"username": FACTORY, "password": SHARED, **more})
    made.given = {}

    def put(message):
        made.given |= {path: value for path, value, _ in message.values}
        return rpc.SetParameterValuesResponse(0)

    made.answers = {
        rpc.SetParameterValues: put,
        rpc.GetParameterValues: lambda message: rpc.GetParameterValuesResponse(()),
        rpc.GetParameterNames: lambda message: rpc.GetParameterNamesResponse(()),
        rpc.GetRPCMethods: rpc.GetRPCMethodsResponse(("Reboot",)),
    }
    return made


def own(router):
    """The same router after it has taken what it was given."""
    router.username = router.given["Device.ManagementServer.Username"]
    router.password = router.given["Device.ManagementServer.Password"]
    router._challenge = ""
    router.client = router.app.test_client()
    return router


def device(serial="N0001"):
    return rpc.DeviceId("Acme", OUI, PRODUCT, serial)


def refused_by(router, *events):
    with capture_logs() as logs:
        response = router.post(router.inform(*events or ("0 BOOTSTRAP",)))
    reasons = [line["reason"] for line in logs if line["event"] == "acs_refused"]
    return response.status_code, reasons[-1:]
