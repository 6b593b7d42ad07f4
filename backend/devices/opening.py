"""What an Inform does to rows, as one transaction: what `turns` does for every device, and what only
newcomers, devices in quarantine and devices behind NAT need.
"""

from __future__ import annotations

from backend import database
from backend.cwmp.session import Informed
from backend.devices import enrolment, natted, records, turns
from backend.devices.sessions import Session


def informed(session: Session, event: Informed, now: float) -> None:
    """A session has begun. Of a device in quarantine only its record is kept, so that staff see what it
    is.
    """
    known, inform, source = session.known, event.inform, session.source
    with database.transaction():
        if session.quarantined:
            namespace = event.envelope.cwmp_namespace
            records.contacted(known, inform, cwmp_namespace=namespace, source_address=source, now=now)
            return
        turns.informed(session, inform, event.envelope, source, now)
        enrolment.began(known, session.login, inform, now)
        natted.began(known, inform, source, now)
