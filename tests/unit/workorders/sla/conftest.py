from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.workorders.sla.company import Company


@pytest.fixture
def company() -> Iterator[Company]:
    found = Company()
    yield found
    found.bench.close()
