"""Which contract files there must be, and what stands in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cli.services import SERVICES
from shared.eventlog.contracts import contract, file_name


def wanted(folder: Path) -> dict[Path, dict[str, Any]]:
    """File to content, for every event of every service."""
    return {
        folder / one.name / file_name(entry): contract(one.catalogue, entry)
        for one in SERVICES
        for entry in one.catalogue
    }
