"""Settings, read once from the environment and passed on; nothing else reads the environment.

| variable | what it sets | default |
|---|---|---|
| CAREFLOW_HOST | address the servers listen on | 127.0.0.1 |
| CAREFLOW_PORT | port of the web application | 8000 |
| CAREFLOW_ACS_PORT | port routers talk to (`POST /acs`) | 7547 |
| CAREFLOW_DATA_DIR | folder of everything that is kept | data |
| DATABASE_URL | `sqlite:///file` or `postgresql://...` | sqlite in the data folder |
| REDIS_URL | Redis or Valkey for several processes; empty: in process | empty |
| CAREFLOW_SECRET_KEY | key of sealed secrets and tokens (32 bytes, base64 or hex) | kept in the data folder |
| CAREFLOW_PUBLIC_URL | address browsers use, for the Origin check behind a proxy | the request's own host |
| CAREFLOW_ACS_URL | address written into routers | http://HOST:ACS_PORT/acs |
| CAREFLOW_FILES_URL | address routers fetch and send files at | beside that of the ACS: .../files |
| CAREFLOW_STUN_PORT | UDP port of the STUN server for devices behind NAT; 0: none | that of the ACS |
| CAREFLOW_ACS_DIGEST | digest algorithms routers are offered, in their order | MD5,SHA-256 |
| CAREFLOW_CERTIFICATE_HEADER | header in which a proxy says whose client certificate it saw | empty: none |
| CAREFLOW_CERTIFICATE_PROXIES | networks of the proxies that are believed in that | 127.0.0.0/8,::1/128 |
| CAREFLOW_VENDOR_PROFILES | folder of vendor profiles beside the shipped ones | empty: none |
| CAREFLOW_HEALTH_PORT | port for health and figures of `acs` and `worker`; 0: none | 0 |
| CAREFLOW_TRUSTED_PROXIES | how many proxies in front set X-Forwarded headers | 0 |
| CAREFLOW_LOG | `text` or `json` | text on a terminal, else json |
| CAREFLOW_LOG_LEVEL | `debug`, `info`, `warning`, `error` | info |
"""

from __future__ import annotations

import base64
import binascii
import errno
import ipaddress
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

SECRET_KEY_BYTES = 32


class ConfigError(Exception):
    """A setting that cannot be used: names the variable and says what would be right."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one process. `demo` opens the pages that show logins and codes."""

    data_dir: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    acs_port: int = 7547
    redis_url: str | None = None
    secret_key: bytes = field(default=b"", repr=False)
    public_url: str | None = None
    acs_url: str = ""
    files_url: str = ""
    stun_port: int = 0
    acs_digest: tuple[str, ...] = ("MD5", "SHA-256")
    certificate_header: str = ""
    certificate_proxies: tuple[str, ...] = ()
    vendor_profiles_dir: Path | None = None
    health_port: int = 0
    trusted_proxies: int = 0
    demo: bool = False
    log_format: str = "text"
    log_level: str = "info"
    web_dist_dir: Path = Path("widgets/web/dist")
    rate_limits: bool = True
    sqlite_synchronous: str = "FULL"

    @property
    def embedded(self) -> bool:
        """One process over SQLite; otherwise many over PostgreSQL."""
        return self.database_url.startswith("sqlite:")

    @property
    def files_address(self) -> str:
        """Where routers fetch and send files: as set, else beside the ACS."""
        return self.files_url or self.acs_url.rstrip("/").removesuffix("/acs") + "/files"

    @property
    def sqlite_path(self) -> Path:
        """The file of an embedded database."""
        return Path(self.database_url.removeprefix("sqlite:///"))


def from_environment(environ: Mapping[str, str], *, demo: bool = False) -> Config:
    """Read the settings; raises ConfigError.

    Creates the data folder (0700) and, if need be, the key (0600).
    """
    root_dir = Path(__file__).resolve().parent.parent
    data_dir = Path(environ.get("CAREFLOW_DATA_DIR") or root_dir / "data").expanduser().resolve()
    _make_dir(data_dir)
    database_url = environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'careflow.db'}"
    if database_url.startswith("postgres://"):
        database_url = "postgresql://" + database_url.removeprefix("postgres://")
    if not database_url.startswith(("sqlite:///", "postgresql://")):
        raise ConfigError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    redis_url = environ.get("REDIS_URL") or None
    _check_address("DATABASE_URL", database_url)
    if redis_url is not None:
        if not redis_url.startswith(("redis://", "rediss://", "unix://")):
            raise ConfigError("REDIS_URL must begin with redis://, rediss:// or unix://")
        _check_address("REDIS_URL", redis_url)
    host = environ.get("CAREFLOW_HOST") or "127.0.0.1"
    acs_port = _port(environ, "CAREFLOW_ACS_PORT", 7547)
    reachable_host = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return Config(
        data_dir=data_dir,
        database_url=database_url,
        host=host,
        port=_port(environ, "CAREFLOW_PORT", 8000),
        acs_port=acs_port,
        redis_url=redis_url,
        secret_key=secret_key(environ.get("CAREFLOW_SECRET_KEY"), data_dir),
        public_url=(environ.get("CAREFLOW_PUBLIC_URL") or "").rstrip("/") or None,
        acs_url=environ.get("CAREFLOW_ACS_URL") or f"http://{reachable_host}:{acs_port}/acs",
        files_url=(environ.get("CAREFLOW_FILES_URL") or "").rstrip("/"),
        stun_port=_port(environ, "CAREFLOW_STUN_PORT", acs_port),
        acs_digest=_algorithms(environ),
        certificate_header=_header(environ, "CAREFLOW_CERTIFICATE_HEADER"),
        certificate_proxies=_networks(environ, "CAREFLOW_CERTIFICATE_PROXIES", "127.0.0.0/8,::1/128"),
        vendor_profiles_dir=_folder(environ, "CAREFLOW_VENDOR_PROFILES"),
        health_port=_port(environ, "CAREFLOW_HEALTH_PORT", 0),
        trusted_proxies=_number(environ, "CAREFLOW_TRUSTED_PROXIES", 0, 0, 10),
        demo=demo,
        log_format=_choice(
            environ, "CAREFLOW_LOG", ("text", "json"), "text" if sys.stderr.isatty() else "json"
        ),
        log_level=_choice(environ, "CAREFLOW_LOG_LEVEL", ("debug", "info", "warning", "error"), "info"),
        web_dist_dir=root_dir / "widgets" / "web" / "dist",
    )


def secret_key(given: str | None, data_dir: Path) -> bytes:
    """The process's key: as given, else kept in `data_dir/secret.key`, made with mode 0600 when missing."""
    if given:
        return _decode_key(given.strip(), "CAREFLOW_SECRET_KEY")
    path = data_dir / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _decode_key(path.read_text(encoding="ascii").strip(), str(path))
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_bytes(SECRET_KEY_BYTES)
        file.write(base64.b64encode(key).decode("ascii") + "\n")
    return key


def _make_dir(data_dir: Path) -> None:
    """The folder, there and writable."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(data_dir, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise ConfigError(f"CAREFLOW_DATA_DIR: cannot write to {data_dir}: {error.strerror}") from error


def _check_address(name: str, url: str) -> None:
    """The port of an address, the part that a typing error breaks first."""
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise ConfigError(f"{name} is no address: {error}") from error


def _decode_key(text: str, where: str) -> bytes:
    for decode in (bytes.fromhex, lambda value: base64.b64decode(value, validate=True)):
        try:
            key = decode(text)
        except (ValueError, binascii.Error):
            continue
        if len(key) == SECRET_KEY_BYTES:
            return key
    raise ConfigError(f"{where} must be {SECRET_KEY_BYTES} bytes in base64 or hex")


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    return _number(environ, name, default, 0, 65535)


def _listed(environ: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (environ.get(name) or default).split(",") if part.strip())


def _algorithms(environ: Mapping[str, str]) -> tuple[str, ...]:
    chosen = tuple(name.upper() for name in _listed(environ, "CAREFLOW_ACS_DIGEST", "MD5,SHA-256"))
    if not set(chosen) <= {"MD5", "SHA-256"} or len(set(chosen)) != len(chosen):
        raise ConfigError(f"CAREFLOW_ACS_DIGEST must name MD5, SHA-256 or both, not {', '.join(chosen)!r}")
    return chosen


def _header(environ: Mapping[str, str], name: str) -> str:
    value = (environ.get(name) or "").strip()
    if value and not value.replace("-", "").isalnum():
        raise ConfigError(f"{name} must be the name of a header, not {value!r}")
    return value


def _networks(environ: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    chosen = _listed(environ, name, default)
    for network in chosen:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            raise ConfigError(f"{name} must be networks such as 10.0.0.0/8: {error}") from error
    return chosen


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    if not environ.get(name):
        return None
    folder = Path(environ[name]).expanduser().resolve()
    if not folder.is_dir():
        raise ConfigError(f"{name}: there is no folder {folder}")
    return folder


def _number(environ: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not lowest <= int(text) <= highest:
        raise ConfigError(f"{name} must be a number from {lowest} to {highest}, not {text!r}")
    return int(text)


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = (environ.get(name) or default).lower()
    if value not in choices:
        raise ConfigError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value
