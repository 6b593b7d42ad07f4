"""What devices cost an ACS process in memory: those it knows, and those it talks to.

    python bench/memory.py [--devices N] [--sessions N]

The server is the real one over SQLite in a process of its own. Every device has one whole session (an Inform
of 30 parameters, digest); what the process has grown by is what it remembers of devices it knows. Then so
many begin a session and say no more; what it has grown by is what open sessions take, with their connections,
which CPEs keep. Small runs are scaled up.

    figure memory_10000_devices_mb N MB       resident, per 10,000 known devices that have called
    figure memory_10000_devices_disk_mb N MB  the database's, per 10,000 (Inform of 30 parameters stored)
    figure memory_1000_sessions_mb N MB       resident, per 1,000 open sessions
"""

from __future__ import annotations

import argparse
import http.client
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil  # noqa: E402

from backend.cwmp import digest  # noqa: E402
from bench.cwmp import OUI, PASSWORD, PRODUCT, config_of, inform, post, served  # noqa: E402

WARM = 2_500
"""So many come first: SQLite's cache of pages fills to its limit, whatever the number of devices."""
BATCH = 500
MB = 1024 * 1024


def enrol(folder: Path, serials: list[str]) -> None:
    """The devices' rows."""
    from backend import database
    from backend.devices import records
    from backend.identity import people, secrets

    config = config_of(folder, 1)
    database.bind(config)
    secrets.bind(config.secret_key)
    database.migrate()
    now = time.time()
    with database.connection():
        tenant_id = people.ensure_tenant("bench", "Bench", {}, now)
        for start in range(0, len(serials), BATCH):
            with database.transaction():
                for serial in serials[start : start + BATCH]:
                    records.enrol(
                        tenant_id,
                        oui=OUI,
                        product_class=PRODUCT,
                        serial_number=serial,
                        password=PASSWORD,
                        now=now,
                    )
    database.unbind()


def begin(port: int, serial: str) -> tuple[http.client.HTTPConnection, str]:
    """An Inform and its answer; gives the open connection and the cookie."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = inform(serial)
    challenge = post(connection, body).headers["WWW-Authenticate"]
    proof = digest.answer(
        [challenge],
        username=f"{OUI}-{PRODUCT}-{serial}",
        password=PASSWORD,
        method="POST",
        target="/acs",
        cnonce="c0ffee",
    )
    response = post(connection, body, Authorization=proof)
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {response.content[:200]!r}")
    return connection, response.headers["Set-Cookie"].partition(";")[0]


def session(port: int, serial: str) -> None:
    """One whole session."""
    connection, cookie = begin(port, serial)
    assert post(connection, b"", Cookie=cookie).status == 204
    connection.close()


def size_mb(process_id: int) -> float:
    """Resident memory of a process."""
    return float(psutil.Process(process_id).memory_info().rss) / MB


def disk_mb(folder: Path) -> float:
    """The database and its log."""
    return sum(one.stat().st_size for one in folder.glob("careflow.db*")) / MB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=2_500)
    parser.add_argument("--sessions", type=int, default=500)
    given = parser.parse_args()
    serials = [f"M{n:06d}" for n in range(max(given.devices, given.sessions) + WARM)]
    with tempfile.TemporaryDirectory(prefix="careflow-bench-") as name:
        folder = Path(name)
        enrol(folder, serials)
        disk_before_mb = disk_mb(folder)
        with served("ours", folder, 0) as (port, process_id):
            for serial in serials[:WARM]:  # so that what is the same for all is there already
                session(port, serial)
            before_mb = size_mb(process_id)
            for serial in serials[WARM : WARM + given.devices]:
                session(port, serial)
            known_mb = (size_mb(process_id) - before_mb) * 10_000 / given.devices
            disk_grown_mb = (disk_mb(folder) - disk_before_mb) * 10_000 / (given.devices + WARM)
            print(f"figure memory_10000_devices_mb {known_mb:.1f} MB")
            print(f"figure memory_10000_devices_disk_mb {disk_grown_mb:.1f} MB", flush=True)
            before_mb = size_mb(process_id)
            held = [begin(port, serial) for serial in serials[: given.sessions]]
            open_mb = (size_mb(process_id) - before_mb) * 1_000 / given.sessions
            print(f"figure memory_1000_sessions_mb {open_mb:.1f} MB", flush=True)
            for connection, _ in held:
                connection.close()


if __name__ == "__main__":
    main()
