"""The contracts of methods are those there are, and hold what the code holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from cli.contracts import wanted

FOLDER = Path(__file__).parents[3] / "contracts"
METHODS = sorted(FOLDER.glob("*/rpc/*.json"))
ID = "lakeside.bb0294b7-699c-516d-ae94-4d54214b8021"


def test_there_is_a_contract_of_every_method_and_no_other() -> None:
    assert set(METHODS) == {path for path in wanted(FOLDER) if path.parent.name == "rpc"}


@pytest.mark.parametrize("path", METHODS, ids=lambda path: f"{path.parts[-3]}.{path.stem}")
def test_a_methods_schemas_are_sound_and_take_no_field_they_do_not_know(path: Path) -> None:
    contract = json.loads(path.read_text())
    for part in ("request", "answer"):
        Draft202012Validator.check_schema(contract[part])
    assert contract["request"]["additionalProperties"] is False
    assert contract["answer"]["additionalProperties"] is True


@pytest.mark.parametrize(
    ("method", "request_", "good"),
    [
        ("rate", {"id": ID, "stars": 5}, True),
        ("rate", {"id": ID, "stars": 5, "comment": None}, True),
        ("rate", {"id": ID, "stars": 6}, False),
        ("rate", {"id": ID, "stars": "5"}, False),
        ("rate", {"id": f" {ID}", "stars": 5}, False),
        ("rate", {"stars": 5}, False),
        ("decline", {"id": ID, "reason": "cannot", "note": " "}, False),
        ("decline", {"id": ID, "reason": "unheard-of", "note": "x"}, False),
        ("list", {"state": ["rated", "lost"]}, False),
        ("list", {"kind": None, "limit": 200}, True),
        ("list", {"limit": 201}, False),
        ("list", {"mine": "true"}, False),
    ],
)
def test_a_schema_says_what_the_service_would(
    method: str, request_: dict[str, Any], good: bool
) -> None:
    contract = json.loads((FOLDER / "workorders" / "rpc" / f"{method}.json").read_text())
    assert Draft202012Validator(contract["request"]).is_valid(request_) is good
