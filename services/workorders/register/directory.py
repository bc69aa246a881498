"""What work orders know of places and people, kept by following ``security``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo

import msgspec

from services.workorders.register.views.communities import projection as communities_view
from services.workorders.register.views.communities.queries import community
from services.workorders.register.views.occupants import projection as occupants_view
from services.workorders.register.views.people import projection as people_view
from services.workorders.register.views.people.queries import person
from services.workorders.register.views.places import projection as places_view
from services.workorders.register.views.places.queries import unit as unit_row
from services.workorders.register.views.posts import projection as posts_view
from services.workorders.register.views.posts import queries as post_queries
from shared.errors import Invalid
from shared.following.reader import Reader

VIEWS = (
    communities_view.VIEW,
    places_view.VIEW,
    occupants_view.VIEW,
    people_view.VIEW,
    posts_view.VIEW,
)
COMPANY = "_"


class Place(msgspec.Struct, frozen=True):
    """Where an order belongs: a unit, a building, or a community's common ground."""

    community: str
    building: str | None
    unit: str | None


MOST_KNOWN = 50_000


class Directory:
    """A unit stays where it is and a community keeps its clock, so both are read once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._buildings_of_units: dict[tuple[str, str], str] = {}
        self._zones: dict[str, ZoneInfo] = {}

    def place(self, name: str, *, unit: str | None, building: str | None) -> Place:
        """Raises ``Invalid`` where the parts do not belong together."""
        if unit is not None and (name, unit) in self._buildings_of_units:
            return _with_unit(name, building, unit, self._buildings_of_units[name, unit])
        found = community(self._reader, name)
        if found is None:
            raise _invalid("community", "there is no such community")
        if unit is not None:
            row = unit_row(self._reader, unit)
            if row is None or row.community != name:
                raise _invalid("unit", "there is no such unit in this community")
            if len(self._buildings_of_units) >= MOST_KNOWN:
                self._buildings_of_units.clear()
            self._buildings_of_units[name, unit] = row.building
            return _with_unit(name, building, unit, row.building)
        if building is not None and building not in found.buildings:
            raise _invalid("building", "there is no such building in this community")
        return Place(name, building, None)

    def living_at(self, place: Place, people: Iterable[str]) -> frozenset[str]:
        """Those of these people who live in the unit, or, without a unit, in the community."""
        return frozenset(
            row.person
            for row in self._reader.rows_of(occupants_view.VIEW, "person", people)
            if row.community == place.community and place.unit in (None, row.unit)
        )

    def known(self, person_id: str, name: str) -> bool:
        """Whether this is a person of the community or of the company, and not forgotten."""
        row = person(self._reader, person_id)
        return row is not None and not row.forgotten and row.community in (name, COMPANY)

    def holds(
        self, person_id: str, roles: Collection[str], name: str, building: str | None
    ) -> bool:
        """Whether this person holds one of these roles at a place."""
        row = person(self._reader, person_id)
        return (
            row is not None
            and not row.forgotten
            and any(
                post.role in roles
                and post.community in (name, "*")
                and (post.buildings is None or building in post.buildings)
                for post in row.posts
            )
        )

    def any_holds(
        self, roles: Collection[str], name: str, building: str | None, *, but: str | None = None
    ) -> bool:
        """Whether anybody holds one of these roles at a place; anybody ``but`` this person."""
        people = {post.person for post in self.staff(name, roles)} - {but}
        return any(self.holds(one, roles, name, building) for one in people)

    def superior(self, person_id: str, up: int, name: str, building: str | None) -> str | None:
        """Who stands so many levels above in the reporting line of that place, if anybody does."""
        seen = {person_id}
        for _ in range(up):
            row = person(self._reader, person_id)
            above = next(
                (
                    post.superior
                    for post in (() if row is None else row.posts)
                    if post.superior is not None
                    and post.community in (name, "*")
                    and (post.buildings is None or building in post.buildings)
                ),
                None,
            )
            if above is None or above in seen:
                return None
            seen.add(above)
            person_id = above
        row = person(self._reader, person_id)
        return None if row is None or row.forgotten else person_id

    def technicians(self, name: str) -> list[posts_view.Row]:
        """The technicians' posts at a community or parts of it, in a fixed order."""
        return post_queries.at_community(self._reader, name, "technician")

    def staff(self, name: str, roles: Collection[str]) -> list[posts_view.Row]:
        """The posts of these roles at a community or parts of it, in a fixed order."""
        return [
            post
            for role in sorted(roles)
            for post in post_queries.at_community(self._reader, name, role)
        ]

    def posts(self, person_id: str) -> list[posts_view.Row]:
        """What a person is to the company, in a fixed order; nothing for residents."""
        return post_queries.of(self._reader, person_id)

    def timezone(self, name: str) -> ZoneInfo:
        """Raises ``Invalid`` for a community that nobody registered."""
        zone = self._zones.get(name)
        if zone is None:
            found = community(self._reader, name)
            if found is None:
                raise _invalid("community", "there is no such community")
            zone = self._zones[name] = ZoneInfo(found.timezone)
        return zone


def _with_unit(name: str, building: str | None, unit: str, where: str) -> Place:
    if building is not None and building != where:
        raise _invalid("building", "the unit is in another building")
    return Place(name, where, unit)


def _invalid(field: str, text: str) -> Invalid:
    return Invalid(f"{field}: {text}", fields={field: [text]})
