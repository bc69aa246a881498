"""Which contract files there must be, and what stands in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from cli import asyncapi
from cli.compatibility import BASELINE, broken
from cli.services import SERVICES
from shared.eventlog.catalogue import Catalogue, NewerEvent
from shared.eventlog.contracts import contract, file_name
from shared.hosting.contracts import rpc_contracts
from shared.hosting.definition import ServiceDefinition


def wanted(folder: Path) -> dict[Path, dict[str, Any]]:
    """File to content: every event and method of every service, and the AsyncAPI document."""
    events = {
        folder / one.name / file_name(entry): contract(one.catalogue, entry)
        for one in SERVICES
        for entry in one.catalogue
    }
    methods = {
        folder / one.name / "rpc" / f"{name}.json": found
        for one in SERVICES
        for name, found in rpc_contracts(one.rpc).items()
    }
    return events | methods | {folder / "asyncapi.json": asyncapi.document(SERVICES)}


def promised(folder: Path) -> dict[str, Any]:
    """The contracts as the code has them, by their paths in ``folder``."""
    return {
        path.relative_to(folder).as_posix(): found
        for path, found in wanted(folder).items()
        if path.parent != folder
    }


def breaches(folder: Path) -> list[str]:
    """One line for each promise of the last release that the code does not keep, and each event
    that it could not read.
    """
    return [*broken(folder, promised(folder)), *unannounced(folder, SERVICES)]


def readable(services: Sequence[ServiceDefinition] = SERVICES) -> dict[str, int]:
    """The newest version of each event that its own service and all that follow it understand."""
    found = {
        f"{one.name}/{entry.name}": one.catalogue.reads(entry.name)
        for one in services
        for entry in one.catalogue
    }
    for handler in (handler for one in services for handler in one.handlers):
        for name, version in handler.handles.items():
            event = f"{handler.follows}/{name}"
            found[event] = min(found.get(event, version), version)
    return found


def unannounced(folder: Path, services: Sequence[ServiceDefinition]) -> list[str]:
    """One line for each version of an event that is written, and that the last release could not
    read: while one release follows the other both run, and the older may have to come back.
    """
    kept = json.loads((folder / BASELINE).read_text(encoding="utf-8"))
    written = {
        f"{one.name}/{entry.name}": entry.schema for one in services for entry in one.catalogue
    }
    return [
        f"{event}: version {version} is written, and {kept['version']} reads {known} at most: "
        "release what reads it first"
        for event, version in written.items()
        if event in kept["reads"] and (known := kept["reads"][event]) < version
    ]


def unreadable(folder: Path) -> list[Path]:
    """The files whose event, as it was once written, this release could not read any more.

    Events stay in logs for ever: a version that was told is never changed but by optional fields.
    """
    return [
        path
        for one in SERVICES
        for path in sorted((folder / one.name).glob("*.json"))
        if not _readable(path, one.catalogue)
    ]


def _readable(path: Path, catalogue: Catalogue) -> bool:
    name, _, version = path.stem.rpartition(".v")
    data = json.loads(path.read_text(encoding="utf-8"))["examples"][0]["data"]
    try:
        today = catalogue.upcast(name, int(version), data)
        msgspec.convert(today, catalogue.of_name(name).cls)
    except (NewerEvent, msgspec.ValidationError):
        return False
    return True
