"""What security's own views make of its facts."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from services.security.accounts.domain.sessions import LIFETIME
from services.security.accounts.views.accounts.projection import VIEW as ACCOUNTS
from services.security.accounts.views.sessions.projection import VIEW as SESSIONS
from services.security.register.views.communities.projection import VIEW as COMMUNITIES
from services.security.register.views.people.projection import VIEW as PEOPLE
from services.security.register.views.people.queries import matches
from services.security.register.views.tenancies.projection import VIEW as TENANCIES
from services.security.register.views.units.projection import VIEW as UNITS
from shared.privacy.personal import personal_fields
from shared.testing.scenario import NOON
from tests.unit.security.facts import fact, rows
from tests.unit.security.test_accounts_domain import (
    CLOSED,
    GRANTED,
    OPENED,
    REVOKED,
    SESSION_OPENED,
    WITHDRAWN,
    refreshed,
)
from tests.unit.security.test_register_domain import (
    COMMUNITY_EVENT,
    ENDED,
    FORGOTTEN_EVENT,
    PERSON_EVENT,
    STARTED,
    UNIT_EVENT,
)


def test_communities_and_units() -> None:
    (row,) = rows(COMMUNITIES, COMMUNITY_EVENT).values()
    assert (row.key, row.name, row.timezone) == ("garden", "花园", "Asia/Shanghai")
    (unit,) = rows(UNITS, UNIT_EVENT).values()
    assert (unit.key, unit.code, unit.building_code) == ("garden.u", "101", "1")


def test_people_with_homes_and_posts() -> None:
    (row,) = rows(PEOPLE, PERSON_EVENT, STARTED, replace(GRANTED, community="river")).values()
    assert (row.name, row.language, row.places) == ("王芳", "en", "|garden|river|")
    assert [home.unit for home in row.homes] == ["garden.u"]
    assert [post.role for post in row.posts] == ["guard"]
    (row,) = rows(
        PEOPLE, PERSON_EVENT, STARTED, GRANTED, ENDED, WITHDRAWN, STARTED, FORGOTTEN_EVENT
    ).values()
    assert (row.name, row.forgotten, row.posts, row.places) == (None, True, (), "|garden|")
    assert [field.name for field in personal_fields(PEOPLE.row)] == ["name", "phone"]
    assert rows(PEOPLE, STARTED, FORGOTTEN_EVENT) == {}


def test_people_are_found_by_name_and_phone() -> None:
    (row,) = rows(PEOPLE, replace(PERSON_EVENT, name="Ａnna 王", phone="+86 138-00")).values()
    for search in ("anna", "ANNA王", "王", "8613800", "138 00", "13"):
        assert matches(row, search)
    assert not matches(row, "1390")
    assert not matches(row, "138x")
    assert not matches(replace(row, name=None, phone=None), "a")


def test_tenancies_keep_their_end() -> None:
    (row,) = rows(TENANCIES, STARTED, ENDED).values()
    assert (row.since, row.until) == (NOON, ENDED.until)
    (row,) = rows(TENANCIES, STARTED, ENDED, STARTED).values()
    assert row.until is None
    assert rows(TENANCIES, ENDED) == {}


def test_accounts_and_what_is_left_of_closed_ones() -> None:
    (row,) = rows(ACCOUNTS, OPENED, GRANTED).values()
    assert (row.login, [post.role for post in row.posts], row.closed) == ("wang", ["guard"], False)
    (row,) = rows(ACCOUNTS, OPENED, GRANTED, WITHDRAWN, CLOSED).values()
    assert (row.login, row.posts, row.closed) == (None, (), True)
    assert rows(ACCOUNTS, GRANTED) == {}


def test_sessions_are_forgotten_when_over() -> None:
    second = replace(SESSION_OPENED, session="_.t", expires_at=NOON + 2 * LIFETIME)
    (row,) = rows(SESSIONS, SESSION_OPENED, refreshed("two", timedelta(1)), second).values()
    assert [(one.session, one.position) for one in row.sessions] == [("_.s", 1), ("_.t", 3)]
    assert row.sessions[0].expires_at == NOON + timedelta(1) + LIFETIME
    (row,) = rows(SESSIONS, SESSION_OPENED, second, REVOKED).values()
    assert [one.session for one in row.sessions] == ["_.t"]
    late = fact(second, position=2, time=NOON + LIFETIME)
    (row,) = rows(SESSIONS, SESSION_OPENED, late).values()
    assert [one.session for one in row.sessions] == ["_.t"]
    assert rows(SESSIONS, SESSION_OPENED, REVOKED) == {}
    assert rows(SESSIONS, REVOKED) == {}
