"""The faults: each a real one, caused on the stack, and the alerts it must bring."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg

from cli.community import COMMUNITY, PASSWORD
from cli.operator import Operator
from cli.stack import databases, plan
from deploy import life
from deploy.drill.stack import Drill, wait
from shared.errors import Busy, TimedOut, Unavailable, WuyeError
from shared.messaging import rights
from shared.messaging.rpc_client import Reply, RpcClient

# commands in one call (of 256 KB at most), and calls at a time: more saves than may wait
# (WUYE_QUEUE_LIMIT, 1024)
_BATCH, _BATCHES = 60, 25
_CALLS = 1500
# as a limit on the processor would: of every 600 ms the process gets 100
_HELD, _LET = 0.5, 0.1


def order(drill: Drill) -> bool:
    """What was registered a moment ago may not be known everywhere yet."""
    try:
        life.order(drill.brokers[plan.EDGE])
    except WuyeError as error:
        print(f"drill: not yet: {error.message}", flush=True)
        return False
    return True


def hangs_and_rights(drill: Drill) -> None:
    """A process that hangs, a wrong permission, a log that is not the one that was followed."""
    hung = drill.process_of("billing-work")
    mute = drill.rights["security"]
    drill.change(
        "analytics", "UPDATE positions SET log_id = 'another' WHERE handler = 'revoked_sessions'"
    )
    os.kill(drill.process_of("analytics-work"), signal.SIGTERM)
    os.kill(hung, signal.SIGSTOP)
    drill.grant("security", rights.Rights("^$", "^nameko-rpc$", mute.read, mute.call, mute.answer))

    def log_in() -> None:
        with drill.operator() as operator, contextlib.suppress(WuyeError):
            operator.call("security", "login", {"login": "resident1", "password": "wuye-demo"})

    def mend() -> None:
        os.kill(hung, signal.SIGCONT)
        drill.grant("security", mute)
        drill.change(
            "analytics",
            "UPDATE positions SET log_id = NULL, status = 'following' "
            "WHERE handler = 'revoked_sessions'",
        )
        os.kill(drill.process_of("analytics-work"), signal.SIGTERM)

    drill.see(
        {
            "WuyeProcessDown": "`SIGSTOP` to billing's work process",
            "WuyeNoLeader": "`SIGSTOP` to billing's work process",
            "WuyeRelayBehind": "security's user of the broker may not write into its exchange",
            "WuyeFollowerStopped": "the position of analytics' revoked_sessions names another log",
        },
        mend,
        log_in,
    )


def broker_gone(drill: Drill) -> None:
    """The broker is killed, and comes back."""
    drill.rabbitmq.kill()
    drill.see({"WuyeBrokerDown": "`SIGKILL` to the broker"}, drill.rabbitmq.start)


def rows_and_log(drill: Drill) -> None:
    """Rows that a policy reads are damaged; a service's log does not answer."""
    kept = drill.damage_people()
    wait("an order is taken", lambda: order(drill))
    hung = drill.process_of("security-work")
    os.kill(hung, signal.SIGSTOP)

    def mend() -> None:
        os.kill(hung, signal.SIGCONT)
        drill.mend_people(kept)
        with drill.operator() as operator:
            wait("nothing is parked", lambda: _retried(operator))

    drill.see(
        {
            "WuyeEventsParked": "rows that notifications' policies read are damaged",
            "WuyeFollowerBehind": "`SIGSTOP` to security's work process",
        },
        mend,
    )


def _retried(operator: Operator) -> bool:
    """Every parked subject is tried again; whether none is left."""
    left = operator.call("notifications.ops", "parked", {})["parked"]
    for handler, subject in {(one["handler"], one["subject"]) for one in left}:
        with contextlib.suppress(WuyeError):
            request = {"handler": handler, "subject": subject}
            operator.call("notifications.ops", "retry_parked", request)
    return not left


def standby_gone(drill: Drill) -> None:
    """Commits wait for a standby that is not there; reads are answered."""
    wait("an order is taken", lambda: order(drill))
    fault = "commits wait for a standby that is not there; commands keep coming"

    def mend() -> None:
        drill.postgres.execute(
            "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"
        )

    with _Load(drill).commands():
        drill.postgres.execute(
            "ALTER SYSTEM SET synchronous_standby_names = 'gone'", "SELECT pg_reload_conf()"
        )
        names = ("SavesQueue", "ErrorsFast", "ErrorsSlow")
        drill.see(dict.fromkeys([f"Wuye{name}" for name in names], fault), mend)


def table_held(drill: Drill) -> None:
    """Another session locks a table that many read, as a migration gone wrong would."""
    wait("an order is taken", lambda: order(drill))
    fault = "another session locks the table of workorders' board; queries keep coming"
    with psycopg.connect(drill.postgres.url(databases.role_of("workorders"))) as locker:
        tables = locker.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename ~ '^view_order_board'"
        ).fetchone()
        assert tables is not None
        with _Load(drill).queries():
            locker.execute(f"LOCK TABLE {tables[0]} IN ACCESS EXCLUSIVE MODE".encode())
            names = ("ConnectionsShort", "LatencyFast", "LatencySlow")
            drill.see(dict.fromkeys([f"Wuye{name}" for name in names], fault), locker.rollback)


class _Load:
    """Calls that are sent whether or not those before them were answered."""

    def __init__(self, drill: Drill) -> None:
        self._rpc = RpcClient(drill.brokers[plan.EDGE], source=plan.EDGE)
        login = {"login": "resident1", "password": PASSWORD}
        self._token = self._rpc.call("security", "login", login)["access_token"]
        self._batches: list[Reply] = []
        # while nobody can store, nobody hears of a session: it must have been heard of before
        wait("workorders knows the session", self._is_known)

    def _is_known(self) -> bool:
        try:
            self._send("submit", _complaint(self._token)["request"], 10).result()
        except WuyeError as error:
            print(f"drill: not yet: {error.message}", flush=True)
            return False
        return True

    def commands(self) -> contextlib.AbstractContextManager[None]:
        return self._running(self._command)

    def queries(self) -> contextlib.AbstractContextManager[None]:
        return self._running(self._query)

    @contextlib.contextmanager
    def _running(self, send: Callable[[], None]) -> Iterator[None]:
        ended = threading.Event()

        def run() -> None:
            while not ended.wait(0.5):
                try:
                    send()
                except WuyeError as error:
                    print(f"drill: a call failed: {error}", flush=True)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(30)
            self._rpc.close()

    def _command(self) -> None:
        for one in [one for one in self._batches if one.done()]:
            self._batches.remove(one)
            # what was never taken would be no load: that is for whoever drills to see
            with contextlib.suppress(TimedOut, Unavailable, Busy):
                one.result()
        while len(self._batches) < _BATCHES:
            batch = {"items": [_complaint(self._token) for _ in range(_BATCH)]}
            self._batches.append(self._send("batch", batch, 60))

    def _query(self) -> None:
        for _ in range(5):
            self._send("list", {}, 10)

    def _send(self, method: str, request: dict[str, Any], seconds: float) -> Reply:
        return self._rpc.call_async(
            "workorders", method, request, auth_token=self._token, timeout=seconds
        )


def _complaint(token: str) -> dict[str, Any]:
    request = {
        "community": COMMUNITY,
        "kind": "complaint",
        "category": "noise",
        "description": "楼上装修",
        "command_id": str(uuid4()),
    }
    return {"method": "submit", "request": request, "auth_token": token}


def processor_held(drill: Drill) -> None:
    """A process is throttled; another does not take its calls."""
    throttled, hung = drill.process_of("analytics-serve"), drill.process_of("billing-serve")
    ended = threading.Event()

    def throttle() -> None:
        while not ended.wait(_LET):
            os.kill(throttled, signal.SIGSTOP)
            time.sleep(_HELD)
            os.kill(throttled, signal.SIGCONT)

    thread = threading.Thread(target=throttle, daemon=True)
    thread.start()
    os.kill(hung, signal.SIGSTOP)
    rpc = RpcClient(drill.brokers[plan.EDGE], source=plan.EDGE)
    for _ in range(_CALLS):
        rpc.call_async("billing", "list", {}, timeout=600)

    def mend() -> None:
        os.kill(hung, signal.SIGCONT)
        ended.set()
        thread.join()

    try:
        drill.see(
            {
                "WuyeHubLate": "analytics' serve gets its processor for 100 of every 600 ms",
                "WuyeCallsQueue": f"`SIGSTOP` to billing's serve process, and {_CALLS} calls to it",
            },
            mend,
        )
    finally:
        rpc.close()
