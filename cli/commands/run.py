"""`wuye run`: the whole platform in this process, on SQLite, no broker, no database server."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from cli.operator import EDGE_FILE

GATEWAY = "gateway"
# who is offered on the log-in page, in the order an order goes
TO_TRY = (
    "resident1", "dispatcher", "technician1", "manager", "accountant", "guard", "committee",
    "auditor", "admin",
)  # fmt: skip


@click.command("run")
@click.option("--empty", is_flag=True, help="Do not register the demo community.")
def command(empty: bool) -> None:
    """Serve the platform embedded, with a demo community, until Ctrl-C."""
    from shared.hosting.green import patch

    patch()
    from services.gateway.open311.desks import BadDesks
    from shared.hosting.embedded import AlreadyRunning

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        _serve(stop, empty)
    except (AlreadyRunning, BadDesks) as error:
        raise click.ClickException(str(error)) from None


def _serve(stop: threading.Event, empty: bool) -> None:
    from cli.services import SERVICES
    from services.gateway.app import create_app
    from services.gateway.open311.desks import Desks
    from services.gateway.uploads.store import Photos
    from shared.config.settings import EmbeddedSettings, load_or_exit
    from shared.hosting.embedded import Platform, data_folder
    from shared.hosting.health import serve_wsgi
    from shared.identity import keys
    from shared.identity.keys import ServiceIdentity
    from shared.observability import logging as observed
    from shared.observability import tracing

    settings = load_or_exit(EmbeddedSettings)
    observed.setup("embedded", log_format=settings.log_format, level=settings.log_level)
    tracing.start(settings.otlp_endpoint)
    with data_folder(settings.data_dir):
        (settings.data_dir / EDGE_FILE).unlink(missing_ok=True)
        click.echo(f"starting the platform on {settings.data_dir}")
        platform = Platform(SERVICES, settings.data_dir, tell=click.echo, options=settings.options)
        try:
            platform.start()
            if not empty:
                _furnish(platform)
            key = keys.load_private(platform.keys_dir, GATEWAY)
            demo = None if empty else _demo(platform)
            app = create_app(
                platform.rpc,
                identity=ServiceIdentity(GATEWAY, key, platform.clock),
                cookie_secret=keys.cookie_secret(platform.keys_dir, settings.secret),
                readiness=platform.missing,
                metrics=platform.metrics,
                time_zone=settings.timezone,
                language=settings.language,
                demo=demo,
                photos=Photos(settings.photos_url or settings.photos_folder),
                open311=Desks(settings.open311_file) if settings.open311_file else None,
                api_per_minute=settings.api_per_minute,
            )
            listener = _listen(app, settings.http_host, settings.http_port, serve_wsgi)
            url = f"http://{settings.http_host}:{listener.getsockname()[1]}"
            with contextlib.closing(listener), _announced(settings.data_dir, url):
                _greet(url, demo is not None)
                while not stop.wait(0.5):
                    if platform.lost.is_set():
                        raise click.ClickException("a part of the platform died; see the log above")
                click.echo("stopping")
        finally:
            platform.stop()
            tracing.stop(2)


def _furnish(platform: Any) -> None:
    """The demo community where nothing is registered yet; else its shifts go on."""
    from cli import community, crew

    if not platform.has("security"):
        people = community.register(platform.call, _progress).people
        community.promise(platform.call)
        platform.settle()
        crew.employ(community.as_manager(platform.call), people, platform.clock.now())
        platform.settle()
    elif community.COMMUNITY in _communities(platform):
        crew.go_on(platform.call, platform.clock.now(), _progress)


def _communities(platform: Any) -> set[str]:
    known = platform.call("security", "communities", {})["communities"]
    return {one["community"] for one in known}


def _demo(platform: Any) -> Any:
    """One log-in a role for newcomers to try; none where the demo community is not there."""
    from cli.community import COMMUNITY, MEMBERS, PASSWORD
    from services.gateway.frame.edge import Demo, DemoPerson

    if COMMUNITY not in _communities(platform):
        return None
    offered = {member.login: member for member in MEMBERS}
    found = platform.call("security", "people", {"community": COMMUNITY, "limit": 500})["people"]
    # a data folder of an earlier release does not have them all
    there = {one["name"] for one in found}
    people = [
        DemoPerson(one, offered[one].name, offered[one].role)
        for one in TO_TRY
        if offered[one].name in there
    ]
    return Demo(tuple(people), PASSWORD)


def _listen(app: Any, host: str, port: int, serve_wsgi: Callable[..., Any]) -> Any:
    try:
        return serve_wsgi(app, host, port)[0]
    except OSError as error:
        raise click.ClickException(
            f"port {port} cannot be used ({error.strerror}); set WUYE_HTTP_PORT to another one"
        ) from None


@contextlib.contextmanager
def _announced(folder: Path, url: str) -> Iterator[None]:
    """While it runs, other commands on this machine find the edge's address in the data folder."""
    file = folder / EDGE_FILE
    file.write_text(json.dumps({"url": url}) + "\n")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _progress(text: str) -> None:
    click.echo(f"  {text}")


def _greet(url: str, with_demo: bool) -> None:
    from cli.community import log_ins

    click.echo(f"\nwuye is at {url} (Ctrl-C stops it)\n")
    if not with_demo:
        return
    for line in log_ins():
        click.echo(line)
