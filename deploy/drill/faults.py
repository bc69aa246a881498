"""The faults: each a real one, caused on the stack, and the alerts it must bring."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable

import psycopg

from cli.operator import Operator
from cli.stack import databases, plan
from deploy import life
from deploy.drill.alerts import Expected
from deploy.drill.load import Load
from deploy.drill.stack import Drill, wait
from shared.errors import WuyeError
from shared.messaging import rights
from shared.messaging.rpc_client import RpcClient

_CALLS = 1500
# as a limit on the processor would: of every 600 ms the process gets 100
_HELD, _LET = 0.5, 0.1


Fault = Callable[[Drill], None]


def order(drill: Drill) -> bool:
    return _done(drill, life.order)


def broken_promise(drill: Drill) -> bool:
    return _done(drill, life.broken_promise)


def _done(drill: Drill, what: Callable[[str], None]) -> bool:
    """What was registered a moment ago may not be known everywhere yet."""
    try:
        what(drill.brokers[plan.EDGE])
    except WuyeError as error:
        print(f"drill: not yet: {error.message}", flush=True)
        return False
    return True


def hangs_and_rights(drill: Drill) -> None:
    """A process that hangs, a wrong permission, a log that is not the one that was followed."""
    hang = "`SIGSTOP` to billing's work process"
    no_right = "security's user of the broker may not write into its exchange"
    another = "the position of analytics' revoked_sessions names another log"
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
        [
            Expected("WuyeProcessDown", hang, {"job": "billing", "process": "work"}),
            Expected("WuyeNoLeader", hang, {"job": "billing"}),
            Expected("WuyeRelayBehind", no_right, {"service": "security"}),
            Expected("WuyeFollowerStopped", another, {"handler": "revoked_sessions"}),
        ],
        mend,
        log_in,
    )


def broker_gone(drill: Drill) -> None:
    """The broker is killed, and comes back."""
    drill.rabbitmq.kill()
    drill.see([Expected("WuyeBrokerDown", "`SIGKILL` to the broker")], drill.rabbitmq.start)


def database_gone(drill: Drill) -> None:
    """PostgreSQL is killed, and comes back."""
    drill.postgres.kill()
    fault = "`SIGKILL` to PostgreSQL"
    drill.see([Expected("WuyeDatabaseDown", fault)], drill.postgres.start)


def rows_and_log(drill: Drill) -> None:
    """Rows that a policy reads are damaged; a service's log does not answer."""
    damaged = "rows that notifications' policies read are damaged"
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
        [
            Expected("WuyeEventsParked", damaged, {"service": "notifications"}),
            Expected("WuyeFollowerBehind", "`SIGSTOP` to security's work process"),
        ],
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

    load = Load(drill)

    def mend() -> None:
        drill.postgres.execute(
            "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()"
        )
        load.calm()

    with load.commands():
        drill.postgres.execute(
            "ALTER SYSTEM SET synchronous_standby_names = 'gone'", "SELECT pg_reload_conf()"
        )
        names = ("SavesQueue", "ErrorsFast", "ErrorsSlow")
        drill.see([_of_workorders(name, fault) for name in names], mend)


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
        with Load(drill).queries():
            locker.execute(f"LOCK TABLE {tables[0]} IN ACCESS EXCLUSIVE MODE".encode())
            names = ("ConnectionsShort", "LatencyFast", "LatencySlow")
            drill.see([_of_workorders(name, fault) for name in names], locker.rollback)


def _of_workorders(name: str, fault: str) -> Expected:
    return Expected(f"Wuye{name}", fault, {"service": "workorders"})


def processor_held(drill: Drill) -> None:
    """A process is throttled; another does not take its calls."""
    slow = "analytics' serve gets its processor for 100 of every 600 ms"
    deaf = f"`SIGSTOP` to billing's serve process, and {_CALLS} calls to it"
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
            [
                Expected("WuyeHubLate", slow, {"job": "analytics", "process": "serve"}),
                Expected("WuyeCallsQueue", deaf, {"queue": "rpc-billing"}),
            ],
            mend,
        )
    finally:
        rpc.close()


REAL: tuple[Fault, ...] = (hangs_and_rights, broker_gone, database_gone, rows_and_log)
SHORTENED: tuple[Fault, ...] = (standby_gone, table_held, processor_held)
