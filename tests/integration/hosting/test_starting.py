"""What a process needs to start, and how it says what it lacks."""

from __future__ import annotations

import shutil
import socket
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shared.eventlog.migrate import migrate_postgres
from shared.servers import PrivatePostgres
from tests.integration.hosting.bench import Bench
from tests.support.running import Running
from tests.support.waiting import wait_until

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Start:
    """``says``: each of these in a line of its own. ``folder`` makes what it is given."""

    code: int
    says: tuple[str, ...]
    arguments: tuple[str, ...] = ("serve",)
    environment: dict[str, str] = field(default_factory=dict)


STARTS = {
    "wrong settings": Start(
        2,
        ("WUYE_HEALTH_PORT='99999'", "WUYE_NO_SUCH", "WUYE_QUEUE_LIMIT='0'", "WUYE_TIMEZONE"),
        environment={
            "WUYE_QUEUE_LIMIT": "0",
            "WUYE_HEALTH_PORT": "99999",
            "WUYE_NO_SUCH": "1",
            "WUYE_TIMEZONE": "Mars/Phobos",
        },
    ),
    "no settings": Start(
        2,
        ("WUYE_BROKER_URL: is missing", "WUYE_DATABASE_URL: is missing"),
        ("work",),
        {"WUYE_BROKER_URL": "", "WUYE_DATABASE_URL": "", "WUYE_MIGRATION_URL": ""},
    ),
    "no command": Start(2, ("usage: ",), ()),
    "an unknown command": Start(2, ("usage: ",), ("dance",)),
    "two commands": Start(2, ("usage: ",), ("serve", "work")),
    "no keys folder": Start(
        1, ("toys.key cannot be read",), environment={"WUYE_KEYS_DIR": "{folder}/nowhere"}
    ),
    "no key of its own": Start(
        1, ("toys.key cannot be read",), environment={"WUYE_KEYS_DIR": "{folder}/lacking"}
    ),
    "a broken list of keys": Start(
        1, ("services.json should hold",), environment={"WUYE_KEYS_DIR": "{folder}/broken"}
    ),
    "another master key": Start(
        1,
        ("wrapped with another master key",),
        ("work",),
        {"WUYE_MASTER_KEY": urlsafe_b64encode(b"x" * 32).decode()},
    ),
    "a taken port": Start(
        1, ("port {taken} ",), ("work",), environment={"WUYE_HEALTH_PORT": "{taken}"}
    ),
    "a newer database": Start(
        1, ("has schema 999, newer than",), environment={"WUYE_DATABASE_URL": "{newer}"}
    ),
}


@pytest.fixture(scope="module")
def newer(bench: Bench, postgres: PrivatePostgres) -> Iterator[str]:
    """A database some later release has migrated."""
    owner = postgres.create_database("newer")
    user = bench.urls["toys"].partition("://")[2].partition("@")[0]
    url = owner.replace(owner.partition("://")[2].partition("@")[0], user)
    migrate_postgres(owner, url)
    postgres.execute("INSERT INTO schema_scripts VALUES (999)", database="newer")
    yield url
    postgres.drop_database("newer")


@pytest.fixture(scope="module")
def started(
    bench: Bench, newer: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Running, dict[str, str]]]]:
    """All of them at once, since each takes a second."""
    bench.serve().wait_ready()
    folder = tmp_path_factory.mktemp("keys")
    for name in ("lacking", "broken"):
        shutil.copytree(bench.folder / "keys", folder / name)
    (folder / "lacking" / "toys.key").unlink()
    (folder / "broken" / "services.json").write_text('{"toys": 1}')
    with socket.create_server(("127.0.0.1", 0)) as taken:
        names = {
            "folder": str(folder),
            "taken": str(taken.getsockname()[1]),
            "newer": newer,
        }
        found = {}
        for name, start in STARTS.items():
            given = {key: text.format(**names) for key, text in start.environment.items()}
            found[name] = bench.run_command("toys", list(start.arguments), **given), names
        for running, _ in found.values():
            running.process.wait(120)
        yield found


@pytest.mark.parametrize("name", STARTS)
def test_it_says_what_is_wrong_and_ends(
    started: dict[str, tuple[Running, dict[str, str]]], name: str
) -> None:
    (running, names), start = started[name], STARTS[name]
    assert running.process.returncode == start.code
    said = running.said()
    assert len(said) == len(start.says), said
    for line, part in zip(sorted(said), sorted(start.says), strict=True):
        assert part.format(**names) in line
    assert "Traceback" not in running.log.read_text()


def test_an_older_database_is_waited_for(
    bench: Bench, postgres: PrivatePostgres, tmp_path: Path
) -> None:
    owner = postgres.create_database("older")
    url = owner.replace(
        owner.partition("://")[2].partition("@")[0],
        bench.urls["toys"].partition("://")[2].partition("@")[0],
    )
    serve = bench.run("toys", "serve", WUYE_DATABASE_URL=url)
    serve.until_logged("run `python -m services.toys migrate`")
    assert set(serve.missing()) == {"started"}
    migrate_postgres(owner, url)
    serve.wait_ready()
    assert serve.stop() == 0
    postgres.drop_database("older")


def test_a_wrong_password_a_missing_vhost_and_a_signal_meanwhile(bench: Bench) -> None:
    wrong_database = bench.urls["mirror"].replace(":test@", ":wrong@")
    no_vhost = bench.broker_url + "_nowhere"
    waiting = {
        "password authentication failed": bench.run(
            "mirror", "work", WUYE_DATABASE_URL=wrong_database
        ),
        "waiting for the broker": bench.run("mirror", "serve", WUYE_BROKER_URL=no_vhost),
    }
    for says, running in waiting.items():
        running.until_logged(says)
        assert wait_until("it says so", running.missing)
        assert running.stop(30) == 0
        assert "Traceback" not in running.log.read_text()
