"""The sections of `docs/operations.md`, each walked once: what was done, and what came of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from cli import community
from cli.community import COMMUNITY
from cli.stack import plan
from cli.stack.databases import OWNER, role_of
from deploy.walk.people import (
    caught_up,
    forget,
    is_in,
    is_there,
    log_in,
    operator,
    orders_coming,
    reference_of_failed_page,
    submitted,
    token_of,
)
from deploy.walk.platform import Platform, Process
from shared.messaging.rpc_client import RpcClient
from shared.servers import PrivatePostgres
from shared.servers.provision import postgres_programs

Note = Callable[[str], None]


def install(platform: Platform, done: Note) -> None:
    platform.wuye("secrets", str(platform.secrets))
    platform.grant()
    done("secrets; roles, databases and users by them")
    platform.migrate()
    done("the five migrations")
    platform.start_all()
    done("eleven processes, started in no order, are ready")
    first = {"community": "garden", "name": "花园"}
    platform.wuye("call", "security.register_community", json.dumps(first))
    done("the first community, by `wuye call`")
    with operator(platform) as call:
        community.register(call)
    done("a community with its people (the demo's)")


def upgrade(platform: Platform, done: Note) -> None:
    with orders_coming(platform) as orders:
        platform.restart(*platform.names())
    assert orders.lost() == [], f"lost: {orders.lost()}"
    done(
        f"a rollout of all eleven, {len(orders.taken)} reports meanwhile "
        f"({orders.again} sent again, none lost, none twice)"
    )


def scale(platform: Platform, done: Note) -> None:
    second = platform.start("workorders-serve", "workorders-serve-2")
    second.wait_ready()
    done("a second `serve` of workorders is ready")
    until = time.monotonic() + 30
    with orders_coming(platform):
        while not _calls_of(second):
            assert time.monotonic() < until, "the second serve was given no call"
            time.sleep(0.5)
    platform.processes.pop("workorders-serve-2").stop()
    done("it takes its share of the calls, and was ended again")


def _calls_of(process: Process) -> int:
    url = f"http://127.0.0.1:{process.port}/metrics"
    with urllib.request.urlopen(url, timeout=10) as answer:
        text = answer.read().decode()
    counts = re.findall(r"^wuye_rpc_requests_total\{[^}]*\} ([\d.]+)$", text, re.MULTILINE)
    return round(sum(map(float, counts)))


class Kept:
    """A base backup and what was written since, in a folder; the broker is not in it."""

    def __init__(self, platform: Platform) -> None:
        self.base, self.writes = platform.folder / "base", platform.folder / "writes"
        self.writes.mkdir()
        self._programs = postgres_programs()
        self._url = platform.postgres.url()
        self._receiver = subprocess.Popen(
            [self._programs / "pg_receivewal", "-d", self._url, "-D", self.writes, "--synchronous"],
            stdin=subprocess.DEVNULL,
        )

    def take(self) -> None:
        subprocess.run(
            [
                self._programs / "pg_basebackup",
                *("-d", self._url, "-D", self.base, "-X", "none", "-c", "fast"),
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )

    def end(self, platform: Platform) -> None:
        """Once all that was written is there."""
        platform.postgres.execute("SELECT pg_switch_wal()")
        time.sleep(2)
        self._receiver.terminate()
        self._receiver.wait(20)


def back_up(platform: Platform, done: Note) -> Kept:
    kept = Kept(platform)
    kept.take()
    done("a base backup; writes are archived as they are made")
    return kept


def restore(platform: Platform, kept: Kept, done: Note) -> None:
    before = submitted(platform)
    time.sleep(1)
    moment = datetime.now(UTC)
    time.sleep(1)
    after = submitted(platform)
    numbers = {"before": before, "after": after}
    kept.end(platform)
    begun = time.monotonic()
    platform.stop_all()
    done("what writes is stopped")
    old = platform.postgres
    old.stop()
    platform.postgres = _recovered(platform.folder / "postgres-2", old, kept, moment)
    done("a new cluster beside the old, restored to a moment between two reports")
    platform.grant()
    platform.start_all()
    with operator(platform) as call:
        there = [is_there(call, number) for number in numbers.values()]
        assert there == [True, False], f"{numbers}: {there}"
        for service in plan.SERVICES:
            found = call(f"{service}.ops", "views", {})
            stopped = [one for one in found["handlers"] if one["status"] != "following"]
            assert not stopped, f"{service}: {stopped}"
    done(
        "all processes ready on it; the report before that moment is there, the one after is not, "
        f"no follower has stopped ({time.monotonic() - begun:.0f} s without service)"
    )


def _recovered(folder: Path, old: PrivatePostgres, kept: Kept, moment: datetime) -> PrivatePostgres:
    folder.mkdir()
    shutil.copy(old.folder / "superuser.secret", folder)
    shutil.copytree(kept.base, folder / "data")
    with (folder / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = 'cp {kept.writes}/%f %p'\n")
        settings.write(f"recovery_target_time = '{moment.isoformat()}'\n")
        settings.write("recovery_target_action = 'promote'\n")
    (folder / "data" / "recovery.signal").touch()
    for path in [folder, *folder.rglob("*"), kept.writes, *kept.writes.iterdir()]:
        with suppress(LookupError, PermissionError):
            shutil.chown(path, "postgres", "postgres")
    (folder / "data").chmod(0o700)
    new = PrivatePostgres(folder)
    new.start()
    with psycopg.connect(new.url(), autocommit=True) as connection:
        while connection.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
            time.sleep(0.1)
    return new


def rotate(platform: Platform, done: Note) -> None:
    both = ("billing-serve", "billing-work")
    forget(platform.secrets / "passwords.json", role_of("billing"))
    platform.grant()
    platform.restart(*both)
    done("billing's password of its database, and its two processes anew")
    forget(platform.secrets / "passwords.json", OWNER)
    platform.grant()
    platform.migrate()
    done("the owner's password; a migration logs in by it")
    forget(platform.secrets / "broker.json", "billing")
    platform.grant()
    platform.restart(*both)
    done("billing's user of the broker, and its two processes anew")
    with operator(platform) as call:
        rpc = RpcClient(platform.brokers[plan.EDGE], source=plan.EDGE)
        token = token_of(rpc)
        call("security", "rotate_key", {})
        rpc.call("security", "me", {}, auth_token=token)
        rpc.call("security", "me", {}, auth_token=token_of(rpc))
        rpc.close()
    done("the key that signs people's tokens; one of before is still taken, so is a new one")
    (platform.secrets / "keys" / "billing.key").unlink()
    platform.wuye("secrets", str(platform.secrets))
    platform.restart(*platform.names())
    submitted(platform)
    caught_up(platform)
    done("billing's signing key, and all processes anew")
    cookie = log_in(platform)
    assert is_in(platform, cookie)
    (platform.secrets / "keys" / "cookie.key").unlink()
    platform.wuye("secrets", str(platform.secrets))
    platform.restart(plan.EDGE)
    assert not is_in(platform, cookie) and is_in(platform, log_in(platform))
    done("the edge's cookie key; who was logged in must log in again, and can")


def follow(platform: Platform, done: Note) -> None:
    platform.processes["workorders-serve"].stop()
    reference = reference_of_failed_page(platform)
    platform.start("workorders-serve").wait_ready()
    lines = [
        line
        for log in platform.logs.iterdir()
        for line in log.read_text().splitlines()
        if reference in line
    ]
    assert lines, f"no log knows {reference}"
    done(
        f"a page failed, workorders being away: its reference is in {len(lines)} lines of the logs"
    )
    number = submitted(platform)
    caught_up(platform)
    told = platform.wuye("audit", "show", number, "--community", COMMUNITY)
    assert "NotificationPosted" in told or "notifications" in told, told
    done("`wuye audit show`: an order, and what came of it in other services")
    assert platform.wuye("parked").strip() == "nothing is parked"
    done("`wuye parked`: nothing")
