"""One simulated router: how it stands, what it answers, and what it does between its sessions."""

from __future__ import annotations

from collections.abc import Callable

from backend.cwmp import rpc
from backend.simulator import methods, working
from backend.simulator.model import ModelFault
from backend.simulator.standing import Standing


class Router(Standing):
    """A home's router. Create it once per directory; two would write over each other."""

    def answer(
        self, request: rpc.AcsRequest | rpc.Unsupported, request_id: str, now: float
    ) -> rpc.CpeResponse | rpc.Fault:
        """What this router says to a request of the ACS; `request_id` is its cwmp:ID."""
        with self.lock:
            try:
                return methods.answer(self, request, request_id, now)
            except ModelFault as fault:
                return rpc.Fault(fault.code, fault.text, fault.parameters)

    def work(self, clock: Callable[[], float]) -> bool:
        """Do what is due between sessions, which may take as long as its HTTP does; True when anything was
        done. What it has to tell is then in `pending_events` and `own_requests`; `ordered` says that it
        restarts first."""
        return working.work(self, clock)
