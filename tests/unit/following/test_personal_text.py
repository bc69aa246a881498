"""Who is given personal text: views whose rows keep it, and policies; nobody else reads any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.services import SERVICES
from shared.following.view import View
from shared.hosting.definition import ServiceDefinition
from shared.messaging import envelope
from shared.messaging.envelope import Fact
from shared.privacy.personal import personal_fields

CONTRACTS = Path(__file__).parents[3] / "contracts"
MOST_ROWS = 40
CATALOGUES = {service.name: service.catalogue for service in SERVICES}


def _examples(view: View) -> Iterator[tuple[Fact, tuple[str, ...]]]:
    """Each event that it handles, as it is published, and the names of its personal fields."""
    for name in view.handles:
        kind = CATALOGUES[view.follows].of_name(name)
        path = CONTRACTS / view.follows / f"{name}.v{kind.schema}.json"
        (example,) = json.loads(path.read_text())["examples"]
        fact = envelope.decode(example)
        yield fact, tuple(field.name for field in personal_fields(kind.cls))


def _with(fact: Fact, text: str | None, fields: tuple[str, ...]) -> Fact:
    return msgspec.structs.replace(fact, data={**fact.data, **dict.fromkeys(fields, text)})


def _made(view: View, row: Any, fact: Fact) -> Any:
    """The row and its key; or what it fails with, since not every event can come first."""
    try:
        return view.key(fact), view.evolve(row, fact)
    except Exception as error:
        return type(error)


@pytest.mark.parametrize(
    ("service", "view"),
    [(one, view) for one in SERVICES for view in one.views if not view.wants_text],
    ids=lambda one: str(one.name),
)
def test_a_view_that_is_given_no_personal_text_makes_the_same_rows_of_it(
    service: ServiceDefinition, view: View
) -> None:
    """Of every event, on no row and on all rows that up to three events before it lead to."""
    examples = list(_examples(view))
    rows: list[Any] = [None]
    folded: set[str] = set()
    for _ in range(4):
        found = []
        for fact, fields in examples:
            for row in rows:
                made = _made(view, row, _with(fact, None, fields))
                assert _made(view, row, _with(fact, "漏水", fields)) == made, fact.type
                if isinstance(made, tuple):
                    folded.add(fact.type)
                    found.append(made[1])
        rows = [None, *found[:MOST_ROWS]]
    assert folded == {fact.type for fact, _ in examples}
