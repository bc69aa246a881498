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
    examples = list(_examples(view))
    begun = [_made(view, None, _with(fact, None, fields)) for fact, fields in examples]
    rows = [None, *(made[1] for made in begun if isinstance(made, tuple))]
    assert any(isinstance(made, tuple) for made in begun)
    for fact, fields in examples:
        for row in rows:
            withheld, open_ = (
                _made(view, row, _with(fact, text, fields)) for text in (None, "漏水")
            )
            assert withheld == open_, fact.type
