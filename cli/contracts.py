"""Which contract files there must be, and what stands in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from cli import asyncapi
from cli.compatibility import broken
from cli.services import SERVICES
from shared.eventlog.catalogue import Catalogue, NewerEvent
from shared.eventlog.contracts import contract, file_name
from shared.hosting.contracts import rpc_contracts


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
    """One line for each promise of the last release that the code does not keep."""
    return broken(folder, promised(folder))


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
