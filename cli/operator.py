"""How the `wuye` command reaches the platform, as its operator.

By RPC where `WUYE_BROKER_URL` is set or the stack runs in the data folder; by the edge's loopback
HTTP while `wuye run` holds the folder; else it starts the platform in this process, and stops it.
"""

from __future__ import annotations

import fcntl
import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shared.clock import SystemClock
from shared.config.settings import OperatorSettings, load
from shared.errors import Conflict, Unavailable, from_string
from shared.identity.keys import BadKey, ServiceIdentity
from shared.identity.operator import operator

# As in `cli.services`, which is not imported before it is known that the platform starts here.
SERVICES = ("security", "workorders", "billing", "notifications", "analytics")
SECONDS = 30.0
EDGE_FILE = "edge.json"
STACK_FOLDER = "stack"
STACK_FILE = "stack.json"
# written by the platform's first start
FIRST_STORE = "security.sqlite"

Send = Callable[[str, str, Mapping[str, Any], str], dict[str, Any]]


class Operator:
    """``way``: how the platform is reached, for people."""

    def __init__(self, send: Send, identity: ServiceIdentity, way: str) -> None:
        self._send = send
        self._identity = identity
        self.way = way

    @property
    def person(self) -> str:
        return self._identity.person

    def token(self) -> str:
        """The operator's own token, good for some minutes."""
        return self._identity.token()

    def call(
        self, service: str, method: str, request: Mapping[str, Any], token: str | None = None
    ) -> dict[str, Any]:
        """One call as the operator, or whose ``token`` it is; raises a `WuyeError`."""
        return self._send(service, method, request, token or self.token())


@contextmanager
def connect(settings: OperatorSettings | None = None) -> Iterator[Operator]:
    """The operator, until the end of the block.

    Raises ``Unavailable`` or ``Conflict`` in one line where there is no way, or more than one.
    """
    settings = settings or load(OperatorSettings)
    folder = settings.data_dir
    if settings.broker_url is not None:
        yield from _by_broker(settings.broker_url, settings.keys_dir)
        return
    run, stack = holder(folder), holder(folder / STACK_FOLDER)
    if run is not None and stack is not None:
        raise Conflict(
            f"both `wuye run` and `wuye stack` serve from {folder}: stop one of them, or set "
            f"WUYE_BROKER_URL and WUYE_KEYS_DIR as in {folder / STACK_FOLDER / STACK_FILE}"
        )
    if run is not None:
        yield from _by_edge(_told(folder / EDGE_FILE, run)["url"], settings.keys_dir)
    elif stack is not None:
        told = _told(folder / STACK_FOLDER / STACK_FILE, stack)
        yield from _by_broker(told["broker_url"], Path(told["keys_dir"]))
    elif (folder / FIRST_STORE).exists():
        yield from _by_itself(settings)
    else:
        raise Unavailable(
            f"no platform runs and {folder} holds no data: start `make run` or `make stack`, "
            "or set WUYE_DATA_DIR or WUYE_BROKER_URL"
        )


def holder(folder: Path) -> str | None:
    """The process that holds a data folder, as its lock file says; None where nobody does."""
    try:
        with (folder / "lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return f"process {lock.read().strip() or 'unknown'}"
    except FileNotFoundError:
        return None
    return None


def _told(file: Path, by: str) -> dict[str, Any]:
    """What a running platform says of itself."""
    try:
        found: dict[str, Any] = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        raise Unavailable(
            f"{file.parent} is in use by {by}, which takes no commands: wait if it is starting, "
            "else stop it",
            retry_after=2,
        ) from None
    return found


def _identity(keys_dir: Path) -> ServiceIdentity:
    try:
        return operator(keys_dir, SystemClock())
    except BadKey as error:
        raise Unavailable(f"{error}; set WUYE_KEYS_DIR to where the operator's key is") from None


def _by_broker(url: str, keys_dir: Path) -> Iterator[Operator]:
    from shared.config.values import without_password
    from shared.messaging.rpc_client import RpcClient

    identity = _identity(keys_dir)
    client = RpcClient(url, source="operator")
    try:
        yield Operator(
            lambda service, method, request, token: client.call(
                service, method, request, auth_token=token, timeout=SECONDS
            ),
            identity,
            f"through the broker {without_password(url)}",
        )
    finally:
        client.close()


def _by_edge(url: str, keys_dir: Path) -> Iterator[Operator]:
    address = urlsplit(url)

    def send(service: str, method: str, request: Mapping[str, Any], token: str) -> dict[str, Any]:
        # A connection a call: the edge drops those that rest, and on loopback they cost nothing.
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=SECONDS + 5
        )
        try:
            connection.request(
                "POST",
                f"/rpc/{service}/{method}",
                body=json.dumps(request).encode(),
                headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
            )
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"the platform at {url} does not answer: {error}") from None
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise from_string(body.decode(errors="replace")) or Unavailable(
                f"the platform at {url} answered {response.status} {response.reason}"
            )
        answer: dict[str, Any] = json.loads(body)
        return answer

    yield Operator(send, _identity(keys_dir), f"through {url}")


def _by_itself(settings: OperatorSettings) -> Iterator[Operator]:
    from shared.hosting.green import patch

    # Before anything that this must not find imported.
    patch()
    from cli.services import SERVICES
    from shared.hosting.embedded import AlreadyRunning, Platform, data_folder
    from shared.observability import logging as observed

    observed.setup("operator", log_format=settings.log_format, level="error")
    try:
        with data_folder(settings.data_dir):
            platform = Platform(SERVICES, settings.data_dir)
            try:
                platform.start()
                yield Operator(
                    platform.call, platform.operator, f"in this process, on {settings.data_dir}"
                )
            finally:
                platform.stop()
    except AlreadyRunning as error:
        raise Conflict(str(error)) from None
