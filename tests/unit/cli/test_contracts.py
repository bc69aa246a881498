"""``contracts/`` is what the code tells, and what was ever told stays readable."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from cli.commands.contracts import command
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(FOLDER, tmp_path / "contracts")


def _run(folder: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, ["--folder", str(folder), *options])
    return result.exit_code, result.output


def test_a_file_that_differs_is_named_and_written_anew(folder: Path) -> None:
    file = folder / "workorders" / "WorkOrderRated.v1.json"
    before = file.read_text()
    file.write_text(before.replace("WorkOrderRated", "WorkOrderPraised", 1))
    code, said = _run(folder)
    assert code == 1 and f"differs: {file}" in said
    assert _run(folder, "--write") == (0, f"wrote: {file}\n")
    assert file.read_text() == before
    assert _run(folder) == (0, "contracts are up to date\n")


@pytest.mark.parametrize(
    "told",
    [
        {"stars": 9, "speed": None},  # was allowed, and is not any more
        {"speed": None},  # was optional, and is required now
    ],
    ids=["narrowed", "required"],
)
def test_no_file_is_written_over_one_whose_events_would_be_lost(
    folder: Path, told: dict[str, Any]
) -> None:
    file = folder / "workorders" / "WorkOrderRated.v1.json"
    frozen = json.loads(file.read_text())
    data = frozen["examples"][0]["data"]
    frozen["examples"][0]["data"] = {k: v for k, v in data.items() if k != "stars"} | told
    file.write_text(json.dumps(frozen))
    code, said = _run(folder, "--write")
    assert code == 1 and f"no longer read: {file}" in said and "upcaster" in said
    assert json.loads(file.read_text()) == frozen


def test_an_event_that_was_ever_told_is_not_taken_out(folder: Path) -> None:
    file = folder / "billing" / "BillShredded.v1.json"
    shutil.copy(folder / "billing" / "BillPaid.v1.json", file)
    code, said = _run(folder, "--write")
    assert code == 1 and f"no longer read: {file}" in said
