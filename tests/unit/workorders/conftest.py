from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.workorders.definition import SERVICE
from tests.support.order_facts import community_registered
from tests.unit.workorders.desk import Desk, placed


@pytest.fixture
def desk() -> Iterator[Desk]:
    """In a community with its people; files whose desk knows more have one of their own."""
    found = Desk(SERVICE)
    found.told("security", community_registered(), *placed())
    yield found
    found.close()
