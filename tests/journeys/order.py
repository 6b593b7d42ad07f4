"""Order a firmware upgrade or a backup for a simulated router, straight into an installation's database.

A process of its own with the installation's environment; prints the task's id. The running server finds the
task by its sweep, as after any lost doorbell.

    python -m tests.journeys.order SERIAL firmware|backup VERSION
"""

from __future__ import annotations

import os
import sys
import time

from backend import database
from backend.config import from_environment
from backend.devices import files, queue, records
from backend.identity import people, secrets
from backend.simulator.firmware import build_image
from workflows.effects import Download, Upload, effect_to_json

DEADLINE_S = 600.0


def main(serial: str, what: str, version: str) -> str:
    """The id of the task; `what` is firmware or backup."""
    config = from_environment(os.environ)
    database.bind(config)
    secrets.bind(config.secret_key)
    now = time.time()
    with database.connection():
        tenant_id = next(one.id for one in people.tenants() if one.slug == "demo")
        (device,) = records.search(tenant_id, serial)
        if what == "firmware":
            image = build_image(device["model"], version)
            file_id = files.put(
                tenant_id,
                kind="firmware",
                name=f"{version}.bin",
                version=version,
                models=[device["model"]],
                content=[image],
                now=now,
            )
            effect = Download("1 Firmware Upgrade Image", file_id)
        else:
            effect = Upload("1 Vendor Configuration File")
        return queue.enqueue(
            tenant_id,
            device["id"],
            owner_key=f"journey:{what}:{version}",
            request=effect_to_json(effect),
            deadline_at=now + DEADLINE_S,
            now=now,
        )


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
