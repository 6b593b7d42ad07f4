"""The composition root: what Careflow is made of, who hears what, and the commands.

    python app.py --help

`create_app` builds the web application, `hearers` is the one table of announcements, each command is a
function. Run as a command, gevent patches the standard library before anything else is imported.
"""

from __future__ import annotations

if __name__ == "__main__":
    import signal
    import sys

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever presses Ctrl-C now wants an end, not a traceback
    if sys.argv[1:] == ["demo"]:  # the parent of the demo's processes needs nothing of what follows
        from backend.processes import main

        sys.exit(main())

    from gevent import monkey

    monkey.patch_all()

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import structlog
from flask import Flask
from flask_socketio import SocketIO
from gunicorn.arbiter import Arbiter
from gunicorn.errors import AppImportError

import mobile_api
from backend import (
    announcements,
    consoles,
    database,
    demo,
    edge,
    processes,
    registering,
    site,
    starting,
    telemetry,
    worker,
)
from backend.acs import Acs
from backend.announcements import Hearers
from backend.config import Config, ConfigError, from_environment
from backend.conversations import receive
from backend.conversations.announcements import PersonAsked
from backend.desk import escalations
from backend.desk.announcements import EscalationChanged
from backend.devices import door, enrolment, links
from backend.devices.announcements import (
    DeviceChanged,
    DeviceContacted,
    DeviceUnreachable,
    TaskFinished,
    TaskProgressed,
    TaskStarted,
)
from backend.files import FileServer
from backend.identity import people, secrets
from backend.identity.announcements import CodeIssued, SignInRevoked
from backend.identity.http import declared_endpoints
from backend.identity.sockets import OpenSockets, declared_events, open_sockets
from backend.live import doorbell, push
from backend.live.bus import Bus
from backend.runs import catalogue, perform
from backend.runs.announcements import RunEnded, RunEscalated
from backend.serving import Edge, Server, refuse_unless_free, serve_health
from workflows.reader import LIBRARY

log = structlog.get_logger("careflow")

DEMO_TENANT = "demo"
DEMO_SETTINGS = {
    "dns_allowed": ["192.168.1.1", "9.9.9.9", "1.1.1.1"],
    "dns": ["9.9.9.9", "1.1.1.1"],
    "cpe_networks": ["127.0.0.0/8"],
    "lease_min_s": 3600,
    "enrolment": "enrol",
}
STOP_LIMIT_S = 1
SOCKET_MESSAGE_LIMIT_BYTES = 32 * 1024


# -- what it is made of ---------------------------------------------------------------------------


def create_app(config: Config, *, web: bool = True, acs: bool = True) -> Flask:
    """The application of one process: the web half, the half that routers talk to, or both.

    Raises UndeclaredEndpoint when an endpoint or socket event names no action and is not public.
    """
    database.bind(config)
    secrets.bind(config.secret_key)
    links.bind(config.files_address)
    app = Flask("careflow", static_folder=None)
    app.extensions["careflow_config"] = config
    if acs:  # innermost: behind ProxyFix, which says where a router really is
        routers = Acs(**door.settings_of(config))
        app.extensions["careflow_acs"] = routers
        served = FileServer().in_front_of(app.wsgi_app)
        app.wsgi_app = routers.in_front_of(served)  # type: ignore[method-assign]
    edge.install(app, config)
    bus = Bus(config.redis_url, write_only=not web) if config.redis_url else None
    app.extensions["careflow_bus"] = bus
    socketio = _socketio(app, config, bus, listens=web)
    sockets = open_sockets(socketio)
    if bus is not None:
        bus.missed, bus.sign_in_ended, sockets.takes = sockets.close_all, sockets.close_family, bus.up
    site.register(app, config, pages=web)
    if web:
        api = edge.CareflowApi(app)
        consoles.register(api, app, socketio)
        mobile_api.register(api, app, socketio)
    if web and config.demo:
        demo.register(app)
    app.extensions["careflow_endpoints"] = list(declared_endpoints(app))
    app.extensions["careflow_events"] = list(declared_events(socketio))
    push.bind(socketio, in_order=config.redis_url is None, counted=telemetry.pushed)
    doorbell.bind(doorbell.Doorbell(bus.tell_devices if bus else push.devices))
    announcements.wire(hearers(config, sockets, bus), database.after_commit)
    app.wsgi_app = Edge(  # type: ignore[method-assign]
        app.wsgi_app, config.port if web else None, config.acs_port if acs else None
    )
    return app


def _socketio(app: Flask, config: Config, bus: Bus | None, *, listens: bool) -> SocketIO:
    """Socket.IO over websockets alone; over several processes the bus of Redis carries what is pushed."""
    made = SocketIO()
    made.init_app(
        app if listens else None,
        async_mode="gevent",
        client_manager=bus,
        manage_session=False,
        transports=["websocket"],
        cors_allowed_origins=config.public_url,
        ping_interval=20,
        ping_timeout=20,
        max_http_buffer_size=SOCKET_MESSAGE_LIMIT_BYTES,
        logger=logging.getLogger("socketio"),
        engineio_logger=logging.getLogger("engineio"),
    )
    return made


def hearers(config: Config, sockets: OpenSockets, bus: Bus | None = None) -> announcements.Table:
    """Who hears what. `inside` runs in the transaction of the news, `after` when it has committed."""
    return {
        CodeIssued: Hearers(after=[demo.code_issued] if config.demo else [_code_undelivered]),
        SignInRevoked: Hearers(after=[sockets.close_sign_in, *([bus.tell_sign_in_ended] if bus else [])]),
        TaskStarted: Hearers(inside=[perform.task_started]),
        TaskProgressed: Hearers(inside=[perform.task_progressed]),
        TaskFinished: Hearers(inside=[perform.task_finished, enrolment.task_finished]),
        DeviceChanged: Hearers(after=[doorbell.changed]),
        DeviceContacted: Hearers(after=[doorbell.contacted]),
        DeviceUnreachable: Hearers(inside=[perform.device_unreachable], after=[telemetry.unreachable]),
        RunEscalated: Hearers(
            inside=[receive.run_escalated, escalations.run_escalated], after=[telemetry.run_escalated]
        ),
        RunEnded: Hearers(inside=[receive.run_ended], after=[telemetry.run_ended]),
        PersonAsked: Hearers(inside=[escalations.person_asked]),
        EscalationChanged: Hearers(after=[_desk_changed]),
    }


def _code_undelivered(event: CodeIssued) -> None:
    log.warning(
        "code_undelivered",
        tenant=event.tenant_id,
        phone=secrets.mask_phone(event.phone),
        advice="no gateway for text messages is configured",
    )


def _desk_changed(event: EscalationChanged) -> None:
    push.desk(event.tenant_id, {"id": event.escalation_id, "state": event.state})


# -- one process ----------------------------------------------------------------------------------


def serve(config: Config, *, web: bool, acs: bool, background: bool) -> int:
    """Serve until told to stop. The application is built in the worker process that gunicorn makes."""
    addresses = []
    for serves, port, setting in (
        (web, config.port, "CAREFLOW_PORT"),
        (acs, config.acs_port, "CAREFLOW_ACS_PORT"),
    ):
        if serves:
            refuse_unless_free(config.host, port, setting)
            addresses.append((config.host, port))
    if len(set(addresses)) < len(addresses):
        raise ConfigError("CAREFLOW_PORT and CAREFLOW_ACS_PORT must be two ports")
    stops: list[Callable[[], None]] = []

    def make() -> Flask:
        try:
            return _begun(config, stops, web=web, acs=acs, background=background)
        except ConfigError as error:
            raise AppImportError(f"careflow: {error}") from error

    parent_id = os.getpid()
    try:
        Server(addresses, make, lambda: [stop() for stop in stops], stop_limit_s=STOP_LIMIT_S).run()
    except SystemExit as ended:
        if os.getpid() == parent_id and ended.code == Arbiter.APP_LOAD_ERROR:
            return 2
        raise
    return 0


def _begun(
    config: Config, stops: list[Callable[[], None]], *, web: bool, acs: bool, background: bool
) -> Flask:
    """The application with all that runs beside it; `stops` gets what ends that."""
    app = create_app(config, web=web, acs=acs)
    starting.ready_database(config)
    with database.one_at_a_time("begin"):
        if config.demo:
            _seed_demo()
        _publish_library(config)
    stops += [doorbell.start(), *door.opened(config, app.extensions.get("careflow_acs"))]
    if background:
        stops.append(worker.start_embedded(app))
    elif acs:
        own = worker.Sweeper([app.extensions["careflow_acs"].sweep])
        own.start()
        stops.append(own.stop)
    if (bus := app.extensions["careflow_bus"]) is not None:
        stops.append(bus.start())
    if not web:
        stops.append(serve_health(app.wsgi_app, config))
    log.info("serving", web=web, acs=acs, background=background, demo=config.demo)
    return app


def _publish_library(config: Config) -> None:
    for tenant in people.tenants():
        catalogue.publish_library(tenant.id, time.time(), _library(config))


def _library(config: Config) -> tuple[Path, ...]:
    """The shipped library, and the operator's own vendor profiles over it."""
    own = config.vendor_profiles_dir
    return (LIBRARY, own) if own else (LIBRARY,)


def _seed_demo() -> None:
    from backend.simulator.seed import seed  # only the demo knows the simulator

    tenant_id = people.ensure_tenant(DEMO_TENANT, "Careflow Demo", DEMO_SETTINGS, time.time())
    demo.show(seed(tenant_id, time.time()))


# -- commands -------------------------------------------------------------------------------------


def command_demo(_: Config, __: Sequence[str]) -> int:
    """everything on this machine: web, ACS, background work, simulated routers, a demo tenant"""
    return processes.main()


def command_web(config: Config, given: Sequence[str]) -> int:
    """the web application; over SQLite also the ACS and the background work, in the same process"""
    if "--demo" in given:
        config = replace(config, demo=True)
    alone = config.embedded or (config.demo and not config.redis_url)
    if not alone:
        _needs_many(config)
    return serve(config, web=True, acs=alone, background=alone)


def command_acs(config: Config, _: Sequence[str]) -> int:
    """the ACS alone; needs PostgreSQL and Redis"""
    _needs_many(config)
    return serve(config, web=False, acs=True, background=False)


def command_worker(config: Config, _: Sequence[str]) -> int:
    """the background work alone; needs PostgreSQL and Redis"""
    _needs_many(config)
    app = create_app(config, web=False, acs=False)
    starting.ready_database(config)
    serve_health(app.wsgi_app, config)
    return worker.run(app)


def command_check(config: Config, given: Sequence[str]) -> int:
    """lint and scenario-test the workflows and vendor profiles: check [FOLDER ...]"""
    from workflows.check import main as check

    return check([*map(str, _library(config)[1:]), *given])


def command_migrate(config: Config, _: Sequence[str]) -> int:
    """bring the database up to date"""
    database.bind(config)
    for name in starting.migrated():
        print(name)
    return 0


def command_simulate(_: Config, given: Sequence[str]) -> int:
    """simulated routers against any ACS; simulate --help"""
    from backend.simulator.fleet import main as simulate

    return simulate(list(given))


def command_tenant(config: Config, given: Sequence[str]) -> int:
    """make a tenant and its first administrator; tenant --help"""
    return _register(config, partial(registering.tenant, library=_library(config)), given)


def command_enrol(config: Config, given: Sequence[str]) -> int:
    """enter a customer and a router; enrol --help"""
    return _register(config, registering.enrol, given)


def _register(config: Config, register: Callable[[Sequence[str]], int], given: Sequence[str]) -> int:
    database.bind(config)
    secrets.bind(config.secret_key)
    starting.ready_database(config)
    return register(given)


def command_admission(config: Config, given: Sequence[str]) -> int:
    """which unknown routers may come in, and by what they share; admission --help"""
    return _register(config, registering.admission, given)


COMMANDS: dict[str, Callable[[Config, Sequence[str]], int]] = {
    "demo": command_demo,
    "web": command_web,
    "acs": command_acs,
    "worker": command_worker,
    "check": command_check,
    "migrate": command_migrate,
    "simulate": command_simulate,
    "tenant": command_tenant,
    "enrol": command_enrol,
    "admission": command_admission,
}


HELP_OF_THEIR_OWN = frozenset({"simulate", "check", "tenant", "enrol", "admission"})


def _needs_many(config: Config) -> None:
    if config.embedded:
        raise ConfigError(
            "this command is one of several processes and cannot share SQLite with them: set "
            "DATABASE_URL=postgresql://... (over SQLite, `web` does it all)"
        )
    if not config.redis_url:
        raise ConfigError("several processes need REDIS_URL to push to each other's sockets")


def main(arguments: Sequence[str]) -> int:
    """Run the command named first; the rest is its own. Exit code 2 for a setting that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="Careflow: guided repairs over TR-069.",
        epilog="Settings are environment variables; README.md lists them.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        commands.add_parser(name, help=command.__doc__, add_help=False)
    given, rest = parser.parse_known_args(arguments)
    if rest in (["--help"], ["-h"]) and given.command not in HELP_OF_THEIR_OWN:
        print(f"app.py {given.command}: {COMMANDS[given.command].__doc__}")
        return 0
    os.umask(0o077)  # whatever we write holds people's data: for this user alone
    try:
        config = from_environment(os.environ)
        telemetry.configure(config.log_format, config.log_level)
        return COMMANDS[given.command](config, rest)
    except ConfigError as error:
        print(f"careflow: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
