"""``contracts/`` is what the code tells, and what was ever told stays readable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.contracts import wanted
from cli.services import SERVICES
from shared.eventlog.contracts import file_name

FOLDER = Path(__file__).parents[3] / "contracts"
CATALOGUES = {one.name: one.catalogue for one in SERVICES}
FILES = sorted(FOLDER.glob("*/*.json"))


def _example(file: Path) -> tuple[str, int, dict[str, Any]]:
    """Wire name, version and data of a frozen file."""
    name, _, version = file.stem.partition(".v")
    return name, int(version), json.loads(file.read_text())["examples"][0]["data"]


def test_the_files_are_as_the_code_has_them() -> None:
    for path, found in wanted(FOLDER).items():
        same = json.loads(path.read_text()) == json.loads(json.dumps(found))
        assert same, f"{path}: run `wuye contracts --write`"


def test_every_version_that_was_ever_written_has_its_frozen_file() -> None:
    versions = {
        FOLDER / service / file_name(msgspec.structs.replace(entry, schema=version))
        for service, catalogue in CATALOGUES.items()
        for entry in catalogue
        for version in range(1, entry.schema + 1)
    }
    assert versions == set(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}.{file.stem}")
def test_a_frozen_event_is_read_with_and_without_what_came_later(file: Path) -> None:
    """Optional fields may be added within a version: older events are without, newer ones with."""
    name, version, data = _example(file)
    catalogue = CATALOGUES[file.parent.name]
    kind = catalogue.of_name(name)
    read = msgspec.convert(catalogue.upcast(name, version, data), kind.cls)
    newer = {**data, "added_by_a_later_release": "x"}
    assert msgspec.convert(catalogue.upcast(name, version, newer), kind.cls) == read
