"""``python -m deploy.checks.image``: what can be known of the image where nothing can build one.

The build stage's own commands run in a bare folder that holds what its COPY lines take; then the
processes run out of the virtual environment they made, as the image's user, with the environment
the manifests give them, where they can write nowhere but into ``/tmp``: a migration, a service and
the edge, against a private RabbitMQ and PostgreSQL.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from cli import secrets
from cli.stack import databases, plan
from cli.stack.broker import ensure, granted
from deploy.checks.kubectl import ROOT
from shared.identity.operator import OPERATOR
from shared.servers import PrivatePostgres, PrivateRabbitMQ
from shared.servers.ports import free_port

USER = 10001
SERVICE = "security"
_READY_SECONDS = 60


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile's first stage, continued lines joined."""
    plain = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)
    lines = re.sub(r"\\\n", " ", plain).splitlines()
    found = [(name, rest) for name, _, rest in (line.partition(" ") for line in lines) if rest]
    stages = [place for place, (name, _) in enumerate(found) if name == "FROM"]
    return found[stages[0] + 1 : stages[1]]


def build(target: Path) -> Path:
    """Carry the build stage out in ``target``; the folder that would be ``/opt/wuye``."""
    source, made = target / "src", target / "opt" / "wuye"
    source.mkdir(parents=True)
    environment = {"PATH": f"{Path(sys.executable).resolve().parent}:{os.environ['PATH']}"}
    environment |= {"HOME": str(target)} | _package_settings()
    for name, rest in instructions((ROOT / "Dockerfile").read_text()):
        if name == "ENV":
            environment |= dict(pair.split("=", 1) for pair in rest.split())
        elif name == "COPY":
            *files, last = rest.split()
            for file in files:
                _copy(ROOT / file, source / last / file if last == "./" else source / last)
        elif name == "RUN":
            command = rest.replace("/opt/wuye", str(made))
            print(f"image: {rest[:100]}", flush=True)
            _carry_out(command, source, environment)
    shutil.rmtree(source)
    return made


def _carry_out(command: str, folder: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        ["sh", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def _package_settings() -> dict[str, str]:
    """Where pip is told to find packages here."""
    return {name: text for name, text in os.environ.items() if name.startswith("PIP_")}


def _copy(source: Path, to: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    else:
        shutil.copy(source, to)


# As root: a mount namespace of its own, where everything but its /tmp is read-only, then the user.
_CONFINED = """
mount --bind "$0" "$0" && mount -o remount,ro,bind / &&
exec setpriv --reuid {user} --regid {user} --clear-groups --no-new-privs "$@"
"""


class Image:
    """Runs processes as a container of the image would: read-only, as its user, where root can
    arrange it; elsewhere as whoever we are, and what is written is looked for afterwards.
    """

    def __init__(self, made: Path, tmp: Path) -> None:
        self._python = made / "bin" / "python"
        self._tmp = tmp
        tmp.mkdir()
        self.confined = os.geteuid() == 0
        if self.confined:
            os.chown(tmp, USER, USER)

    def start(self, arguments: list[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
        confined = ["unshare", "--mount", "sh", "-ec", _CONFINED.format(user=USER), str(self._tmp)]
        return subprocess.Popen(
            [*(confined if self.confined else ()), str(self._python), *arguments],
            cwd=self._tmp,
            env={
                "PATH": os.defpath,
                "PYTHONDONTWRITEBYTECODE": "1",
                "TMPDIR": str(self._tmp),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, arguments: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
        process = self.start(arguments, environment)
        output, _ = process.communicate(timeout=120)
        return process.returncode, output


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="wuye-image-") as folder:
        Path(folder).chmod(0o755)
        try:
            _rehearse(Path(folder))
        except AssertionError as fault:
            print(f"image: {fault}", file=sys.stderr)
            return 1
    return 0


def _rehearse(folder: Path) -> None:
    made = build(folder / "build")
    image = Image(made, folder / "tmp")
    before = _state(made)
    code, said = image.run(["-m", f"services.{SERVICE}", "serve"], {})
    assert code == 2 and "WUYE_BROKER_URL: is missing" in said, f"without settings: {code}, {said}"
    with _servers(folder / "servers") as (postgres, rabbitmq):
        brokers = ensure(
            rabbitmq, "wuye", granted(plan.EDGE, OPERATOR), folder / "servers" / "broker.json"
        )
        mounted = _mounted(folder)
        _database(postgres)
        _migrate(image, postgres)
        http = free_port()
        service = {
            "WUYE_BROKER_URL": brokers[SERVICE],
            "WUYE_DATABASE_URL": _url(postgres, databases.role_of(SERVICE)),
            "PGPASSWORD": "of the service",
            "WUYE_KEYS_DIR": str(mounted / SERVICE),
        }
        edge = {
            "WUYE_BROKER_URL": brokers[plan.EDGE],
            "WUYE_HTTP_PORT": str(http),
            "WUYE_KEYS_DIR": str(mounted / plan.EDGE),
        }
        with _serves(image, SERVICE, service), _serves(image, plan.EDGE, edge):
            _pages(http)
            assert _status(http, "/metrics") == 404, "the edge tells its metrics to whoever visits"
    assert _state(made) == before, "a process wrote into the image's file system"
    how = f"as user {USER}, read-only" if image.confined else "as whoever ran this"
    print(f"image: built, migrated, served and stopped, {how}; nothing was written outside /tmp")


@contextlib.contextmanager
def _servers(folder: Path) -> Iterator[tuple[PrivatePostgres, PrivateRabbitMQ]]:
    folder.mkdir()
    postgres = PrivatePostgres(folder / "postgres")
    rabbitmq = PrivateRabbitMQ(folder / "rabbitmq")
    with contextlib.ExitStack() as stack:
        stack.callback(rabbitmq.stop)
        stack.callback(postgres.stop)
        postgres.start()
        rabbitmq.start()
        yield postgres, rabbitmq


def _mounted(folder: Path) -> Path:
    """Each process's keys in a folder of its own, as its pod has them."""
    made = {one["metadata"]["name"]: one["data"] for one in secrets.made(folder / "secrets")}
    for name in (SERVICE, plan.EDGE):
        place = folder / "mounted" / name
        place.mkdir(parents=True)
        for key, text in {**made[f"{name}-keys"], **made["public-keys"]}.items():
            file = place / key
            file.write_bytes(b64decode(text))
            if os.geteuid() == 0:
                os.chown(file, 0, USER)
            file.chmod(0o440)
    return folder / "mounted"


def _database(postgres: PrivatePostgres) -> None:
    """As CloudNativePG makes them: an owner, a role, a database of the owner's."""
    name = databases.role_of(SERVICE)
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        for role, password in ((databases.OWNER, "of the owner"), (name, "of the service")):
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(password)
                )
            )
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(databases.OWNER)
            )
        )


def _url(postgres: PrivatePostgres, role: str) -> str:
    return f"postgresql://{role}@127.0.0.1:{postgres.port}/{databases.role_of(SERVICE)}"


def _migrate(image: Image, postgres: PrivatePostgres) -> None:
    code, said = image.run(
        ["-m", f"services.{SERVICE}", "migrate"],
        {
            "WUYE_DATABASE_URL": _url(postgres, databases.role_of(SERVICE)),
            "WUYE_MIGRATION_URL": _url(postgres, databases.OWNER),
            "PGPASSWORD": "of the owner",
        },
    )
    assert code == 0, f"the migration failed: {said}"
    print(f"image: {said.strip()}", flush=True)


@contextlib.contextmanager
def _serves(image: Image, service: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Until it is ready, then the block, then SIGTERM, which it must heed."""
    port = free_port()
    shared = {"WUYE_HEALTH_PORT": str(port), "WUYE_LOG_FORMAT": "json", "WUYE_DATA_DIR": "/tmp"}
    process = image.start(["-m", f"services.{service}", "serve"], {**shared, **environment})
    try:
        until = time.monotonic() + _READY_SECONDS
        while _status(port, "/readyz") != 200:
            late = time.monotonic() > until or process.poll() is not None
            if late:
                process.kill()
            assert not late, f"{service} is not ready: {process.communicate()[0]}"
            time.sleep(0.2)
        assert _status(port, "/healthz") == 200
        print(f"image: {service} is ready", flush=True)
        yield
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=25)
        assert process.returncode == 0, f"{service} ended with {process.returncode}: {output}"
    finally:
        process.kill()
        process.wait()


def _pages(port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=10) as answer:
        page = answer.read().decode()
    assets = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert assets, "the log-in page has no style sheet"
    for asset in assets:
        assert _status(port, asset.replace("&amp;", "&").partition("#")[0]) == 200, (
            f"{asset} is missing in the image"
        )


def _status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _state(made: Path) -> str:
    """Every file with its size and time."""
    found = sorted(path for path in made.rglob("*") if path.is_file())
    return json.dumps([[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in found])


if __name__ == "__main__":
    sys.exit(main())
