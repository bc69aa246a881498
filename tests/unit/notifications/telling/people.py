"""The people that are told, and how a case says who is told what."""

from __future__ import annotations

from typing import Any

from tests.support.order_facts import BOSS, CHEN, LI, MEI, QIAN, SUN, WANG
from tests.support.service_bench import ServiceBench

PEOPLE = {"li": LI, "mei": MEI, "wang": WANG, "chen": CHEN, "sun": SUN, "qian": QIAN, "boss": BOSS}
NAMES = {person: name for name, person in PEOPLE.items()}

# a person's name and the template of their words
Told = set[tuple[str, str]]
# the event, who did it, what is particular of it, and who is told
Case = tuple[str, str, dict[str, Any], Told]


def told(bench: ServiceBench) -> Told:
    return {
        (NAMES.get(one.data["person"], one.data["person"]), one.data["template"])
        for one in bench.facts()
    }
