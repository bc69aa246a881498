"""What workorders and notifications make of security's facts; they get no personal text."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.notifications.register.views.people.projection import VIEW as TOLD
from services.workorders.register.views.communities.projection import VIEW as COMMUNITIES
from services.workorders.register.views.occupants.projection import VIEW as OCCUPANTS
from services.workorders.register.views.people.projection import VIEW as PEOPLE
from services.workorders.register.views.places.projection import VIEW as PLACES
from shared.following.view import View
from shared.privacy.personal import personal_fields
from tests.unit.security.facts import rows
from tests.unit.security.test_accounts_domain import GRANTED, WITHDRAWN
from tests.unit.security.test_register_domain import (
    BUILDING_EVENT,
    COMMUNITY_EVENT,
    ENDED,
    FORGOTTEN_EVENT,
    PERSON_EVENT,
    STARTED,
    UNIT_EVENT,
)

EVERY = (COMMUNITIES, OCCUPANTS, PEOPLE, PLACES, TOLD)


def test_places() -> None:
    (row,) = rows(COMMUNITIES, COMMUNITY_EVENT, BUILDING_EVENT).values()
    assert (row.timezone, row.buildings) == ("Asia/Shanghai", ("garden.b",))
    assert rows(COMMUNITIES, BUILDING_EVENT) == {}
    (unit,) = rows(PLACES, UNIT_EVENT).values()
    assert (unit.community, unit.building, unit.building_code) == ("garden", "garden.b", "1")


def test_occupants_are_those_who_live_there_now() -> None:
    (row,) = rows(OCCUPANTS, STARTED).values()
    assert (row.person, row.unit, row.building, row.kind) == (
        "garden.p",
        "garden.u",
        "garden.b",
        "owner",
    )
    assert rows(OCCUPANTS, STARTED, ENDED) == {}
    assert len(rows(OCCUPANTS, STARTED, ENDED, STARTED)) == 1


@pytest.mark.parametrize("view", [PEOPLE, TOLD])
def test_people_are_their_language_and_posts(view: View) -> None:
    granted = replace(GRANTED, buildings=("garden.b",), superior="_.chief")
    (row,) = rows(view, PERSON_EVENT, granted, withheld=True).values()
    assert (row.language, row.community, row.forgotten) == ("en", "garden", False)
    (post,) = row.posts
    assert (post.role, post.buildings, post.superior) == ("guard", ("garden.b",), "_.chief")
    (row,) = rows(view, PERSON_EVENT, granted, WITHDRAWN, FORGOTTEN_EVENT).values()
    assert (row.posts, row.forgotten) == ((), True)
    assert rows(view, GRANTED, FORGOTTEN_EVENT) == {}


@pytest.mark.parametrize("view", EVERY)
def test_they_follow_security_and_keep_nothing_personal(view: View) -> None:
    assert view.follows == "security"
    assert personal_fields(view.row) == ()
