"""A change that breaks a promise of the last release is named; one that does not, is not."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from cli.commands.contracts import command
from cli.compatibility import BASELINE, baseline, broken
from cli.contracts import breaches, promised, readable, unannounced
from shared.eventlog.catalogue import Catalogue
from shared.following.handlers import Done, Policy
from shared.hosting.definition import ServiceDefinition

FOLDER = Path(__file__).parents[3] / "contracts"
RELEASED: dict[str, Any] = json.loads((FOLDER / BASELINE).read_text())["contracts"]
SUBMIT, BOARD = "workorders/rpc/submit.json", "workorders/rpc/board.json"
RATED, PAID = "workorders/WorkOrderRated.v1.json", "billing/BillPaid.v1.json"


def test_the_code_keeps_what_the_last_release_promised() -> None:
    assert breaches(FOLDER) == []


def _changed(name: str, change: Callable[[Any], object]) -> list[str]:
    today = copy.deepcopy(RELEASED)
    change(today[name])
    return [line.split(" (was")[0] for line in broken(FOLDER, today)]


def _fields(part: str) -> Callable[[Any], Any]:
    return lambda contract: contract[part]["properties"]


REQUEST, ANSWER = _fields("request"), _fields("answer")


def _data(contract: Any) -> Any:
    return contract["properties"]["data"]


BREAKING: list[tuple[str, Callable[[Any], object], str]] = [
    (SUBMIT, lambda c: REQUEST(c).pop("category"), "request.category is gone"),
    (
        SUBMIT,
        lambda c: REQUEST(c)["description"].update(maxLength=9),
        "request.description has max",
    ),
    (SUBMIT, lambda c: REQUEST(c)["kind"]["enum"].pop(), 'request.kind may no longer be "'),
    (SUBMIT, lambda c: c["request"]["required"].append("urgent"), "request.urgent is required now"),
    (SUBMIT, lambda c: REQUEST(c)["command_id"].update(type="string"), "request.command_id may no"),
    (SUBMIT, lambda c: c.update(kind="query"), "is a query, was a command"),
    ("security/rpc/login.json", lambda c: c.update(public=False), "needs a token now"),
    (SUBMIT, lambda c: ANSWER(c).pop("number"), "answer.number is gone"),
    (SUBMIT, lambda c: c["answer"]["required"].remove("number"), "answer.number is no longer alw"),
    (
        SUBMIT,
        lambda c: ANSWER(c)["number"].update(type=["string", "null"]),
        "answer.number may now",
    ),
    (RATED, lambda c: _data(c)["properties"].pop("stars"), "data.stars is gone"),
    (
        RATED,
        lambda c: _data(c)["properties"]["stars"].update(maximum=4),
        "data.stars has maximum 4",
    ),
    (RATED, lambda c: _data(c)["required"].append("tip"), "data.tip is required now"),
    (
        PAID,
        lambda c: _data(c)["properties"]["method"]["enum"].pop(),
        "data.method may no longer be",
    ),
    (
        PAID,
        lambda c: _data(c)["properties"]["unit"]["anyOf"].pop(),
        "data.unit may no longer be null",
    ),
    (PAID, lambda c: c["properties"].pop("actor"), "actor is gone"),
]


@pytest.mark.parametrize(("name", "change", "says"), BREAKING, ids=[one[2] for one in BREAKING])
def test_what_breaks_a_promise_is_named(
    name: str, change: Callable[[Any], object], says: str
) -> None:
    lines = _changed(name, change)
    assert any(line.startswith(f"{name}: {says}") for line in lines), lines


def test_a_contract_that_is_gone_is_named() -> None:
    today = {name: one for name, one in RELEASED.items() if name != PAID}
    assert broken(FOLDER, today) == [f"{PAID}: is gone (was promised in 0.1.0)"]


NEXT = RATED.replace(".v1.", ".v2.")


@pytest.mark.parametrize(
    ("known", "says"), [(1, [f"{RATED}: is gone (was promised in 0.1.0)"]), (2, [])]
)
def test_a_version_gives_way_to_one_that_the_last_release_could_read(
    tmp_path: Path, known: int, says: list[str]
) -> None:
    text = baseline({RATED: RELEASED[RATED]}, "0.1.0", {"workorders/WorkOrderRated": known})
    (tmp_path / BASELINE).write_text(text)
    assert broken(tmp_path, {NEXT: RELEASED[RATED]}) == says


def test_a_version_is_read_by_one_release_before_the_next_writes_it(tmp_path: Path) -> None:
    class Rated(msgspec.Struct, frozen=True):
        stars: int

    def service(version: int, known: int, *ahead: int) -> ServiceDefinition:
        table = {("Rated", one): dict for one in [*range(1, version), *ahead]}
        catalogue = Catalogue("toys", ({"Rated": (version, Rated)}, table))
        follower = Policy("praise", "toys", {"Rated": known}, lambda fact, reader: Done())
        return ServiceDefinition("toys", catalogue, object, lambda parts: {}, policies=[follower])

    def released(one: ServiceDefinition) -> list[str]:
        (tmp_path / BASELINE).write_text(baseline({}, "1.0.0", readable([one])))
        return unannounced(tmp_path, [service(2, 2)])

    late = (
        "toys/Rated: version 2 is written, and 1.0.0 reads 1 at most: release what reads it first"
    )
    assert released(service(1, 1)) == [late]
    assert released(service(1, 1, 2)) == [late], "its follower could not read it"
    assert released(service(1, 2)) == [late], "its own service could not read it"
    assert released(service(1, 2, 2)) == []


NEW = {"type": "string", "maxLength": 5}
KEEPING: list[tuple[str, Callable[[Any], object]]] = [
    (SUBMIT, lambda c: REQUEST(c).update(urgent=NEW)),
    (SUBMIT, lambda c: REQUEST(c)["description"].update(maxLength=10**6)),
    (SUBMIT, lambda c: REQUEST(c)["kind"]["enum"].append("praise")),
    (SUBMIT, lambda c: c["request"]["required"].remove("category")),
    (SUBMIT, lambda c: (ANSWER(c).update(hint=NEW), c["answer"]["required"].append("hint"))),
    (SUBMIT, lambda c: ANSWER(c)["number"].update(maxLength=3)),
    (BOARD, lambda c: c.update(batchable=True)),
    (RATED, lambda c: _data(c)["properties"].update(tip=NEW)),
    (PAID, lambda c: _data(c)["properties"]["method"]["enum"].append("barter")),
]


@pytest.mark.parametrize(("name", "change"), KEEPING)
def test_what_breaks_nothing_is_let_be(name: str, change: Callable[[Any], object]) -> None:
    assert _changed(name, change) == []


def test_the_command_names_the_contract_and_the_field(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "contracts")
    promises = json.loads(json.dumps(promised(folder)))
    promises[SUBMIT]["answer"]["properties"]["colour"] = NEW
    (folder / BASELINE).write_text(baseline(promises, "9.8.7", {}))
    result = CliRunner().invoke(command, ["--folder", str(folder)])
    assert result.exit_code == 1
    line = f"breaks: {SUBMIT}: answer.colour is gone (was promised in 9.8.7)"
    assert line in result.output.splitlines()
