"""The people of the demo, as clients of the API: a customer of a home with a story, an agent, an operator."""

from __future__ import annotations

from typing import Any

import requests
import stamina

from tests.journeys.wire import WAIT_S, Api, Event, Follower, message_id

WORKFLOW = "dhcp-configuration"


def accounts(url: str) -> dict[str, Any]:
    """The demo's logins: {tenant, customers: [{phone, story, ...}], staff: [{login, password, role}]}."""
    return requests.get(f"{url}/demo/accounts", timeout=WAIT_S).json()


def customer(url: str, story: str) -> Api:
    """Signs in the customer whose home has this story, with the one-time code the demo shows."""
    known = accounts(url)
    phone = next(one["phone"] for one in known["customers"] if one["story"] == story)
    api = Api(url)
    api.post("auth/customer/code", {"tenant": known["tenant"], "phone": phone})
    codes = requests.get(f"{url}/demo/codes", timeout=WAIT_S).json()["codes"]
    code = next(one["code"] for one in codes if one["phone"].replace(" ", "") == phone.replace(" ", ""))
    body = {"tenant": known["tenant"], "phone": phone, "code": code}
    api.token = api.post("auth/customer/token", body)["access_token"]
    return api


def staff(url: str, role: str) -> Api:
    """Signs in the first member of staff with this role."""
    known = accounts(url)
    one = next(one for one in known["staff"] if one["role"] == role)
    api = Api(url)
    body = {"tenant": known["tenant"], "login": one["login"], "password": one["password"]}
    api.token = api.post("auth/staff/token", body)["access_token"]
    return api


class NotYet(Exception):
    """Something that other processes are about to do has not happened yet."""


@stamina.retry(on=NotYet, attempts=None, timeout=WAIT_S, wait_initial=0.1, wait_max=1.0)
def router(api: Api) -> dict[str, Any]:
    """The customer's first router, once it has reported for the first time."""
    device = api.get("home")["devices"][0]
    if device["last_contact_at"] is None:
        raise NotYet(device)
    return device


def begin(api: Api, workflow: str = WORKFLOW, locale: str = "en") -> Follower:
    """Starts the workflow for the customer's first router, and follows it."""
    device = router(api)
    body = {"workflow": workflow, "device_id": device["id"], "locale": locale}
    started = api.post("conversations", {**body, "client_message_id": message_id()})
    return Follower(api, started["id"]).connect()


def action(question: Event, *wanted: str) -> str:
    """The id of the first action whose id begins with one of `wanted`, in their order; else the first."""
    ids = [one["id"] for one in question["body"].get("actions") or []]
    for start in wanted:
        for one in ids:
            if one.startswith(start):
                return str(one)
    assert ids, f"a question without actions: {question}"
    return str(ids[0])
