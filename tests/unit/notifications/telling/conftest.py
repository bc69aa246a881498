from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.notifications.definition import SERVICE
from tests.support.order_facts import (
    BOSS,
    BUILDING,
    CHEN,
    LI,
    MEI,
    QIAN,
    SUN,
    WANG,
    granted,
    registered,
)
from tests.support.service_bench import ServiceBench
from tests.unit.notifications.telling.people import PEOPLE


@pytest.fixture
def bench() -> Iterator[ServiceBench]:
    found = ServiceBench(SERVICE)
    found.told(
        "security",
        *(registered(person, "en" if person == CHEN else "zh-CN") for person in PEOPLE.values()),
        granted(SUN, "dispatcher", buildings=(BUILDING,)),
        granted(QIAN, "supervisor"),
        granted(BOSS, "manager", community="*"),
        granted(LI, "resident"),
        granted(MEI, "committee"),
        granted(WANG, "technician"),
    )
    yield found
    found.close()
