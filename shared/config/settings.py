"""One typed settings class a process, read from ``WUYE_*``.

A variable that no process knows, or a value that is not valid, ends the start; every fault is
named at once. A variable that another kind of process uses is let be, so that one environment
serves them all. An empty variable counts as not set.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar, get_args, get_type_hints

from shared.config.values import (
    CONTACT,
    FILE,
    FOLDER,
    HOST,
    HOSTS,
    PORT,
    SECRET,
    STORE,
    ZONE,
    Rule,
    one_of,
    url,
    whole_number,
)

PREFIX = "WUYE_"
LOOPBACK = "127.0.0.1"
EXIT_CODE = 2

_DATABASE = url("postgresql://user:password@host/wuye_{service}", "postgresql", "postgres")
_BROKER = url("amqp://user:password@host:5672/vhost", "amqp", "amqps")
_COLLECTOR = url("http://collector:4318", "http", "https")
_KEYS_IN_DATA = Path("{data_dir}/keys")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What every process takes. ``keys_dir`` is ``keys`` in ``data_dir`` unless given."""

    refuses: ClassVar[dict[str, str]] = {}

    data_dir: Annotated[Path, FOLDER] = Path(".data")
    keys_dir: Annotated[Path, FOLDER] = _KEYS_IN_DATA
    log_format: Annotated[Literal["auto", "console", "json"], one_of("auto", "console", "json")] = (
        "auto"
    )
    log_level: Annotated[str, one_of("debug", "info", "warning", "error")] = "info"
    timezone: Annotated[str, ZONE] = "Asia/Shanghai"
    language: Annotated[str, one_of("zh-CN", "en")] = "zh-CN"

    def __post_init__(self) -> None:
        if self.keys_dir == _KEYS_IN_DATA:
            object.__setattr__(self, "keys_dir", self.data_dir / "keys")

    @property
    def photos_folder(self) -> str:
        """As a URL."""
        return (self.data_dir / "photos").absolute().as_uri()


@dataclass(frozen=True, kw_only=True)
class MigrateSettings(Settings):
    """``python -m services.<name> migrate``. ``migration_url``: as the owner of the tables."""

    database_url: Annotated[str, _DATABASE]
    migration_url: Annotated[str | None, _DATABASE] = None

    def database_of(self, service: str) -> str:
        return self.database_url.replace("{service}", service)

    def migration_of(self, service: str) -> str:
        return (self.migration_url or self.database_url).replace("{service}", service)


@dataclass(frozen=True, kw_only=True)
class PushSettings(Settings):
    """``push_key``: what web push is signed with (``wuye push-key`` makes one up); nothing is
    pushed unless given. ``push_hosts``: the push services of browsers, which alone are called.
    ``push_contact``: whom they may write to.
    """

    push_key: Annotated[str | None, SECRET] = None
    push_contact: Annotated[str, CONTACT] = "mailto:nobody@example.org"
    push_hosts: Annotated[tuple[str, ...], HOSTS] = (
        "fcm.googleapis.com",
        "*.push.services.mozilla.com",
        "*.push.apple.com",
        "*.notify.windows.com",
    )


@dataclass(frozen=True, kw_only=True)
class OptionSettings(PushSettings):
    """What some service alone reads. ``password_cost``: what a guess at a stolen password takes,
    and each log-in; ``light`` is for machines that are small.
    """

    password_cost: Annotated[Literal["strong", "light"], one_of("strong", "light")] = "strong"

    @property
    def options(self) -> dict[str, Any]:
        """For the services, by name."""
        everybodys = {field.name for field in fields(Settings)}
        return {
            field.name: getattr(self, field.name)
            for field in fields(OptionSettings)
            if field.name not in everybodys
        }


@dataclass(frozen=True, kw_only=True)
class ServiceSettings(MigrateSettings, OptionSettings):
    """``python -m services.<name> serve`` and ``work``.

    ``otlp_endpoint``: where spans are sent, here and below; there are none unless given.
    """

    broker_url: Annotated[str, _BROKER]
    master_key: Annotated[str | None, SECRET] = None
    max_workers: Annotated[int, whole_number(1, 10_000)] = 256
    queue_limit: Annotated[int, whole_number(1, 100_000)] = 1024
    health_host: Annotated[str, HOST] = LOOPBACK
    health_port: Annotated[int, PORT] = 8080
    otlp_endpoint: Annotated[str | None, _COLLECTOR] = None


@dataclass(frozen=True, kw_only=True)
class EdgeSettings(Settings):
    """The edge on the stack. ``secret`` signs its cookies: the same for all that serve one site.

    ``http_proxies``: how many reverse proxies are in front, one behind the other; their word for
    a caller's address and scheme holds. ``http_workers``: processes, each of which takes
    ``api_per_minute`` calls of a token.

    ``photos_url``: where photos are kept; ``photos`` in ``data_dir`` unless given.
    ``open311_file``: who may file by Open311; nobody unless given.
    """

    broker_url: Annotated[str, _BROKER]
    http_host: Annotated[str, HOST] = LOOPBACK
    http_port: Annotated[int, PORT] = 8000
    secret: Annotated[str | None, SECRET] = None
    health_host: Annotated[str, HOST] = LOOPBACK
    health_port: Annotated[int, PORT] = 8080
    photos_url: Annotated[str | None, STORE] = None
    open311_file: Annotated[Path | None, FILE] = None
    http_workers: Annotated[int, whole_number(1, 64)] = 2
    http_proxies: Annotated[int, whole_number(0, 5)] = 0
    api_per_minute: Annotated[int, whole_number(1, 1_000_000)] = 600
    otlp_endpoint: Annotated[str | None, _COLLECTOR] = None


@dataclass(frozen=True, kw_only=True)
class EmbeddedSettings(OptionSettings):
    """The whole platform in one process, on loopback alone."""

    refuses: ClassVar[dict[str, str]] = {
        "database_url": "embedded keeps SQLite files in WUYE_DATA_DIR; unset it, or run the stack",
        "broker_url": "embedded has no broker; unset it, or run the stack",
        "http_host": f"embedded listens on {LOOPBACK} alone; unset it, or run the stack",
    }

    http_host: ClassVar[str] = LOOPBACK
    http_port: Annotated[int, PORT] = 8000
    secret: Annotated[str | None, SECRET] = None
    master_key: Annotated[str | None, SECRET] = None
    max_workers: Annotated[int, whole_number(1, 10_000)] = 256
    queue_limit: Annotated[int, whole_number(1, 100_000)] = 1024
    photos_url: Annotated[str | None, STORE] = None
    open311_file: Annotated[Path | None, FILE] = None
    api_per_minute: Annotated[int, whole_number(1, 1_000_000)] = 600
    otlp_endpoint: Annotated[str | None, _COLLECTOR] = None


@dataclass(frozen=True, kw_only=True)
class OperatorSettings(Settings):
    """The ``wuye`` command: by RPC where a broker is set, else by the loopback port of ``run``."""

    broker_url: Annotated[str | None, _BROKER] = None
    http_port: Annotated[int, PORT] = 8000
    photos_url: Annotated[str | None, STORE] = None


PROCESSES: dict[str, type[Settings]] = {
    "serve": ServiceSettings,
    "work": ServiceSettings,
    "migrate": MigrateSettings,
    "edge": EdgeSettings,
    "embedded": EmbeddedSettings,
    "operator": OperatorSettings,
}

S = TypeVar("S", bound=Settings)


class BadSettings(Exception):
    """``faults``: one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Described(NamedTuple):
    """``source`` is ``environment`` or ``default``; secrets in ``value`` are masked."""

    name: str
    value: str | int | None
    source: str


def load(kind: type[S], env: Mapping[str, str] | None = None) -> S:
    """The settings of one process. Raises ``BadSettings`` with every fault."""
    given = _given(env)
    values: dict[str, Any] = {}
    faults = [_unknown(name) for name in given if _attribute(name) not in _known()]
    faults += [f"{name}: {why}" for name, why in _refused(kind, given)]
    for field in fields(kind):
        name = variable(field.name)
        rule = _rules(kind)[field.name]
        if name in given:
            try:
                values[field.name] = rule.parse(given[name])
            except ValueError:
                faults.append(f"{name}={_shown(rule, given[name])!r}: must be {rule.says}")
        elif _is_required(field):
            faults.append(f"{name}: is missing; it must be {rule.says}")
    if faults:
        raise BadSettings(sorted(faults))
    return kind(**values)


def load_or_exit(kind: type[S]) -> S:
    """As ``load``; prints the faults and ends the process with code 2."""
    try:
        return load(kind)
    except BadSettings as bad:
        print(*bad.faults, sep="\n", file=sys.stderr)
        sys.exit(EXIT_CODE)


def describe(kind: type[Settings], env: Mapping[str, str] | None = None) -> list[Described]:
    """Every setting of one kind of process, as it would hold. Raises ``BadSettings``."""
    given = _given(env)
    settings = load(kind, env)
    return [
        Described(
            variable(field.name),
            _shown(_rules(kind)[field.name], getattr(settings, field.name)),
            "environment" if variable(field.name) in given else "default",
        )
        for field in fields(kind)
    ]


def variable(attribute: str) -> str:
    return PREFIX + attribute.upper()


def _attribute(name: str) -> str:
    return name.removeprefix(PREFIX).lower() if name == name.upper() else ""


def _given(env: Mapping[str, str] | None) -> dict[str, str]:
    found = os.environ if env is None else env
    return {name: text for name, text in found.items() if name.startswith(PREFIX) and text}


def _rules(kind: type[Settings]) -> dict[str, Rule]:
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: get_args(hints[field.name])[1] for field in fields(kind)}


def _known() -> frozenset[str]:
    return frozenset(field.name for kind in PROCESSES.values() for field in fields(kind))


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING


def _unknown(name: str) -> str:
    near = get_close_matches(name.upper(), map(variable, sorted(_known())), n=1)
    return f"{name}: is no setting" + (f"; did you mean {near[0]}?" if near else "")


def _refused(kind: type[Settings], given: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (variable(attribute), why)
        for attribute, why in kind.refuses.items()
        if variable(attribute) in given
    ]


def _shown(rule: Rule, value: Any) -> str | int | None:
    shown: str | int | None = rule.shown(value)
    return shown
