"""The names of people and the zones of communities, as the register gives them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from cli import console
from cli.operator import Operator
from shared.errors import Forbidden, Invalid, NotFound

_SERVICE = "service:"


class Names:
    """Asks once for each person. Who may not be shown, or was forgotten, stays an id."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self._known: dict[str, str] = {}

    def of(self, person: str | None) -> str:
        if person is None:
            return "nobody"
        if person.startswith(_SERVICE):
            return f"the {person.removeprefix(_SERVICE)} service"
        if person not in self._known:
            self._known[person] = self._asked(person)
        return self._known[person]

    def _asked(self, person: str) -> str:
        short = person.partition(".")[2][:8] or person
        try:
            found = self._operator.call("security", "person", {"person": person})
        except (NotFound, Forbidden, Invalid):
            return f"person {short}"
        return found["name"] or f"person {short} (forgotten)"


def communities(operator: Operator) -> dict[str, ZoneInfo]:
    """The zone of each community."""
    found = operator.call("security", "communities", {})["communities"]
    return {one["community"]: ZoneInfo(one["timezone"]) for one in found}


def zone_of(zones: dict[str, ZoneInfo], community: str) -> ZoneInfo:
    return zones.get(community) or console.platform_zone()
