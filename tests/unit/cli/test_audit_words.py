"""Events in words: every event of every service has some, and people's words stay as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.audit.names import Names
from cli.audit.words import said

CONTRACTS = sorted((Path(__file__).parents[3] / "contracts").glob("*/*.json"))


class Known(Names):
    """Names that ask nobody."""

    def __init__(self) -> None:
        self._known = {}

    def _asked(self, person: str) -> str:
        return person.upper()


@pytest.mark.parametrize("file", CONTRACTS, ids=lambda file: f"{file.parent.name}.{file.stem}")
def test_every_event_can_be_said(file: Path) -> None:
    example = json.loads(file.read_text())["examples"][0]
    text = said(example, Known())
    assert text
    assert "\n" not in text


def test_there_are_contracts() -> None:
    assert len(CONTRACTS) > 30


def test_forgotten_words_are_said_to_be_gone() -> None:
    event = {"type": "WorkOrderRejected", "data": {"reason": None}}
    assert said(event, Known()) == "rejected: (words no longer kept)"


def test_words_of_people_are_quoted_as_they_are() -> None:
    event = {"type": "WorkOrderAppealed", "data": {"text": "漏水 🚰 [bold]متسرب"}}
    assert said(event, Known()) == "appealed: “漏水 🚰 [bold]متسرب”"


def test_an_event_nobody_knows_yet_shows_its_plain_values() -> None:
    event = {"type": "PumpFailed", "data": {"pump": "P1", "bar": 3, "nested": {}, "id": "x"}}
    assert said(event, Known()) == "pump failed: pump P1, bar 3"


def test_long_words_are_cut() -> None:
    event = {"type": "WorkOrderAppealed", "data": {"text": "x" * 1000}}
    assert len(said(event, Known())) < 310
