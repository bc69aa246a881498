"""The private servers really start, keep what they must keep, and leave nothing behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pika
import psutil
import psycopg
import pytest

from shared.errors import Conflict, Unavailable
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from shared.servers.ports import free_port, is_free
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration

OWNER = """
import pathlib, sys, time
from shared.servers import {kind}
server = {kind}(pathlib.Path(sys.argv[1]))
server.start()
print(server.pid, server.port, flush=True)
time.sleep(600)
"""


def channel(url: str) -> pika.adapters.blocking_connection.BlockingChannel:
    return pika.BlockingConnection(pika.URLParameters(url)).channel()


def ended(pid: int) -> bool:
    """Zombies count: in a container nobody may reap an orphan."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def owner(kind: type, folder: Path) -> tuple[subprocess.Popen[str], int, int]:
    """Another Python process that starts a server and then sleeps; the server's pid and port."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(kind=kind.__name__), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pid, port = process.stdout.readline().split()
    return process, int(pid), int(port)


def test_a_database_a_test(database: str, postgres: PrivatePostgres) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE notes (text text)")
        connection.execute("INSERT INTO notes VALUES ('漏水 🚰')")
        assert connection.execute("SELECT text FROM notes").fetchone() == ("漏水 🚰",)
        durable = [
            connection.execute(f"SHOW {name}").fetchone()
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        ]
    assert durable == [("on",)] * 3
    assert postgres.url("other").endswith("/other")


def test_the_next_test_finds_its_database_empty(database: str) -> None:
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('notes')").fetchone() == (None,)


def test_postgres_asks_for_its_password(postgres: PrivatePostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.url(password="wrong"))


@pytest.mark.parametrize("turn", [1, 2])
def test_a_vhost_a_test(amqp_url: str, turn: int) -> None:
    found = channel(amqp_url)
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="NOT_FOUND"):
        found.queue_declare("left-behind", passive=True)
    channel(amqp_url).queue_declare("left-behind", durable=True)


def test_rabbitmq_asks_for_its_password(rabbitmq: PrivateRabbitMQ) -> None:
    wrong = rabbitmq.url().replace(str(urlsplit(rabbitmq.url()).password), "wrong")
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        channel(wrong)


def test_policies_can_be_defined(rabbitmq: PrivateRabbitMQ, amqp_url: str) -> None:
    bounded = {"max-length": 1, "overflow": "reject-publish"}
    rabbitmq.define(
        {
            "policies": [
                {
                    "vhost": urlsplit(amqp_url).path[1:],
                    "name": "bounded",
                    "pattern": "^rpc-",
                    "apply-to": "queues",
                    "priority": 0,
                    "definition": bounded,
                }
            ]
        }
    )
    found = channel(amqp_url)
    found.confirm_delivery()
    found.queue_declare("rpc-orders", durable=True)
    found.basic_publish("", "rpc-orders", b"first")
    with pytest.raises(pika.exceptions.NackError):
        found.basic_publish("", "rpc-orders", b"one too many")


def test_an_expression_the_node_cannot_evaluate_is_said(rabbitmq: PrivateRabbitMQ) -> None:
    with pytest.raises(Unavailable, match="undef"):
        rabbitmq.evaluate("no:such()")


def test_servers_listen_on_loopback_alone(
    rabbitmq: PrivateRabbitMQ, postgres: PrivatePostgres
) -> None:
    for pid in (rabbitmq.pid, postgres.pid):
        listening = {
            found.laddr.ip
            for found in psutil.Process(pid).net_connections("tcp")
            if found.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}


@pytest.mark.faults
def test_a_killed_node_keeps_durable_queues_and_persistent_messages(tmp_path: Path) -> None:
    node = PrivateRabbitMQ(tmp_path / "node")
    node.start()
    try:
        before = channel(node.url())
        before.confirm_delivery()
        before.queue_declare("kept", durable=True)
        before.queue_declare("quorum", durable=True, arguments={"x-queue-type": "quorum"})
        for queue in ("kept", "quorum"):
            for number in range(50):
                before.basic_publish(
                    "", queue, str(number).encode(), pika.BasicProperties(delivery_mode=2)
                )
        # RabbitMQ 3.10 writes a new quorum queue's name down within a second, not at once.
        time.sleep(5)
        port, pid = node.port, node.pid
        node.kill()
        assert ended(pid) and is_free(port)
        node.start()
        assert node.port == port
        after = channel(node.url())
        for queue in ("kept", "quorum"):
            counted = [after.basic_get(queue, auto_ack=True)[2] for _ in range(50)]
            assert counted == [str(number).encode() for number in range(50)]
        node.restart()
        assert channel(node.url()).queue_declare("kept", passive=True).method.message_count == 0
    finally:
        node.stop()
    assert is_free(port)


@pytest.mark.faults
def test_a_killed_cluster_keeps_what_was_committed(tmp_path: Path) -> None:
    cluster = PrivatePostgres(tmp_path / "cluster")
    cluster.start()
    try:
        url = cluster.create_database("kept")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE numbers AS SELECT generate_series(1, 1000) AS n")
        lost = psycopg.connect(url)
        lost.execute("INSERT INTO numbers VALUES (1001)")
        cluster.kill()
        with pytest.raises(psycopg.OperationalError):
            lost.commit()
        cluster.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM numbers").fetchone() == (1000,)
        cluster.restart()
        psycopg.connect(url).close()
    finally:
        cluster.stop()
    assert is_free(cluster.port)


@pytest.mark.faults
@pytest.mark.parametrize("kind", [PrivatePostgres, PrivateRabbitMQ])
def test_a_second_start_in_its_folder_is_refused_and_it_ends_with_its_killed_owner(
    kind: type[PrivatePostgres] | type[PrivateRabbitMQ], tmp_path: Path
) -> None:
    process, pid, port = owner(kind, tmp_path)
    try:
        with pytest.raises(Conflict, match="already running: stop that one first") as refused:
            kind(tmp_path).start()
        assert "\n" not in refused.value.message
        assert not ended(pid)
        socket.create_connection(("127.0.0.1", port)).close()
    finally:
        process.kill()
        process.wait()
    wait_until("the guard ends a server whose owner is gone", lambda: ended(pid), 60)


@pytest.mark.faults
@pytest.mark.parametrize("kind", [PrivatePostgres, PrivateRabbitMQ])
def test_what_a_killed_owner_and_guard_left_is_ended_by_the_next_start(
    kind: type[PrivatePostgres] | type[PrivateRabbitMQ], tmp_path: Path
) -> None:
    process, pid, _ = owner(kind, tmp_path)
    for child in psutil.Process(process.pid).children():
        if child.name() == "sh":
            child.kill()
    process.kill()
    process.wait()
    time.sleep(0.5)
    assert not ended(pid)
    server = kind(tmp_path)
    server.start()
    try:
        assert ended(pid)
        assert server.pid != pid
    finally:
        server.stop()


def test_a_pid_of_another_process_is_left_alone(tmp_path: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        (tmp_path / "postgres.pid").write_text(f"{bystander.pid} 1\n")
        cluster = PrivatePostgres(tmp_path)
        cluster.start()
        cluster.stop()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        cluster = PrivatePostgres(tmp_path)
        cluster.port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match="PostgreSQL did not start") as refused:
            cluster.start()
    assert "\n" not in refused.value.message


def test_a_stop_is_quick_and_can_be_repeated(tmp_path: Path) -> None:
    cluster = PrivatePostgres(tmp_path)
    cluster.start()
    idle = psycopg.connect(cluster.url())
    began = time.monotonic()
    cluster.stop()
    cluster.stop()
    assert time.monotonic() - began < 18
    with pytest.raises(psycopg.OperationalError):
        idle.execute("SELECT 1")
    assert not (tmp_path / "postgres.pid").exists()


def test_the_cluster_runs_as_us_or_where_we_are_root_as_postgres(
    postgres: PrivatePostgres,
) -> None:
    expected = "postgres" if os.geteuid() == 0 else psutil.Process().username()
    assert psutil.Process(postgres.pid).username() == expected


def test_ctrl_c_on_the_terminal_does_not_reach_the_servers(
    rabbitmq: PrivateRabbitMQ, postgres: PrivatePostgres
) -> None:
    own = os.getpgid(0)
    assert os.getpgid(rabbitmq.pid) != own
    assert os.getpgid(postgres.pid) != own
