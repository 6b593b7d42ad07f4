"""The UDP connection request: one signed datagram to a device behind NAT (TR-069 Annex G.2.2.3).

Nobody answers it, so it is taken for accepted; the session tells. It goes only where an HTTP one might go: to
the address the device's Inform came from, or to the tenant's CPE networks.
"""

from __future__ import annotations

import ipaddress
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

from backend.cwmp import stun
from backend.cwmp.faults import RemoteError
from backend.cwmp.stun import Address, UdpConnectionRequest
from backend.devices import connection_request
from backend.devices.connection_request import Result, Target

COPIES_AFTER_S: Final = (0.0, 0.2, 0.6)
"""UDP loses some; a device takes copies for one (G.2.1.4)."""

Send = Callable[[bytes, Address], bool]
"""Sends from the STUN server's port, here or in another process; whether somebody could."""


def ask(target: Target, send: Send | None) -> Result:
    """Ask a device to call by the way that leads to it: by UDP through its NAT, otherwise by HTTP.

    Where HTTP does not reach it, UDP is tried, too.
    """
    udp = send is not None and bool(target.udp_address)
    if udp and target.nat_detected and (result := request(target, send)) == "accepted":
        return result
    result = connection_request.request(target)
    if udp and not target.nat_detected and result in ("no_address", "address_not_allowed", "no_answer"):
        return "accepted" if request(target, send) == "accepted" else result
    return result


def request(target: Target, send: Send | None) -> Result:
    """Send the datagram, COPIES_AFTER_S; "accepted" means that it left."""
    try:
        address = stun.parse_address(target.udp_address)
    except RemoteError:
        return "no_address"
    host = ipaddress.ip_address(address.host)
    if not connection_request.may_call(host, target.source_address, target.networks):
        return "address_not_allowed"
    wanted = UdpConnectionRequest(
        int(time.time()), secrets.randbelow(2**31), target.username, secrets.token_hex(8)
    )
    datagram = stun.udp_connection_request(address, wanted, target.password)
    left, waited_s = False, 0.0
    for after_s in COPIES_AFTER_S:
        threading.Event().wait(after_s - waited_s)
        waited_s = after_s
        left = (send is not None and send(datagram, address)) or left
    return "accepted" if left else "no_answer"
