"""The register's queries: everybody sees themselves, staff the people of their communities."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from services.security.accounts.views.accounts import queries as accounts
from services.security.accounts.views.accounts.projection import VIEW as ACCOUNTS
from services.security.answers import behind, moment
from services.security.permissions import ACCOUNT_READERS, TABLE, reach, reads, require
from services.security.register.views.communities import queries as communities
from services.security.register.views.communities.projection import VIEW as COMMUNITIES
from services.security.register.views.people import queries as people
from services.security.register.views.people.projection import VIEW as PEOPLE
from services.security.register.views.people.projection import Row as PersonRow
from services.security.register.views.phones import queries as phones
from services.security.register.views.phones.projection import VIEW as PHONES
from services.security.register.views.tenancies import queries as tenancies
from services.security.register.views.tenancies.projection import VIEW as TENANCIES
from services.security.register.views.units import queries as units
from services.security.register.views.units.projection import VIEW as UNITS
from shared.errors import NotFound, Unavailable
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.following.reader import Reader
from shared.identity.caller import EVERY, Caller
from shared.privacy.seal import Sealer
from shared.request import Request


class Directory:
    """Every answer has ``behind``: whether it may lack what the caller has already seen."""

    def __init__(self, log: EventLog, reader: Reader, sealer: Sealer) -> None:
        self._log = log
        self._reader = reader
        self._sealer = sealer

    def me(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """``{person, community, name, phone, language, session, homes, posts}`` of the caller."""
        late = behind(self._log, self._reader, request, (PEOPLE, TENANCIES, UNITS, COMMUNITIES))
        row = self._found(people.person(self._reader, request.caller.person), late)
        homes = [self._home(one) for one in tenancies.running(self._reader, request.caller.person)]
        own = {"session": request.caller.session, "homes": homes, "behind": late}
        return {**_shown(row), **own}

    def communities(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """``{communities: [{community, name, timezone, language}]}``"""
        late = behind(self._log, self._reader, request, (COMMUNITIES, PEOPLE))
        rows = self._communities_of(request.caller)
        found = [
            {"community": r.key, "name": r.name, "timezone": r.timezone, "language": r.language}
            for r in rows
        ]
        return {"communities": found, "behind": late}

    def units(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """``{units: [{unit, code, building, building_code, building_name, community}], next}``"""
        buildings = reach("units", request.caller, data["community"])
        late = behind(self._log, self._reader, request, (UNITS,))
        rows = units.page(
            self._reader,
            data["community"],
            buildings=buildings,
            after=data["after"],
            limit=data["limit"],
        )
        following = rows[-1].key if len(rows) == data["limit"] else None
        return {"units": [_unit(row) for row in rows], "next": following, "behind": late}

    def people(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """``{people: [{person, community, name, phone, language, forgotten, homes, posts}],
        next}``
        """
        community, search = data["community"], data["search"]
        reach("people", request.caller, community)
        late = behind(self._log, self._reader, request, (PEOPLE,))
        found: list[dict[str, Any]] = []
        following = None
        for row in people.of_community(self._reader, community, data["after"]):
            seen = _visible("people", request.caller, row)
            if seen is None or (search is not None and not people.matches(seen, search)):
                continue
            if len(found) == data["limit"]:
                following = found[-1]["person"]
                break
            found.append(_shown(seen))
        return {"people": found, "next": following, "behind": late}

    def find_person(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """``{people: [...]}``, as in ``people``: those with just this number.

        Only such as live in, are registered with or work for the community.
        """
        community = data["community"]
        reach("find_person", request.caller, community)
        late = behind(self._log, self._reader, request, (PHONES, PEOPLE))
        found = []
        for key in phones.people_with(self._reader, self._sealer, data["phone"]):
            row = people.person(self._reader, key)
            if row is None or not people.belongs(row, community):
                continue
            seen = _visible("find_person", request.caller, row)
            if seen is not None:
                found.append(_shown(seen))
        return {"people": found, "behind": late}

    def person(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """As in ``people``, with ``tenancies``, past ones too, and for some ``accounts``.

        An account names the posts that are held by it.
        """
        caller, wanted = request.caller, data["person"]
        late = behind(self._log, self._reader, request, (PEOPLE, TENANCIES, ACCOUNTS))
        row = people.person(self._reader, wanted)
        seen = row if wanted == caller.person or row is None else _visible("person", caller, row)
        if seen is None:
            require("person", caller, community_of(wanted))
        shown = self._found(seen, late)
        places = {shown.community, *(home.community for home in shown.homes)}
        lived = [
            {
                "tenancy": one.key,
                "unit": one.unit,
                "building": one.building,
                "community": one.community,
                "kind": one.kind,
                "since": moment(one.since),
                "until": moment(one.until),
            }
            for one in tenancies.of_person(self._reader, wanted)
            if one.community in places
        ]
        answer = {**_shown(shown), "tenancies": lived, "behind": late}
        if any(caller.has(role, shown.community) for role in ACCOUNT_READERS):
            answer["accounts"] = [
                {
                    "account": one.key,
                    "login": one.login,
                    "closed": one.closed,
                    "posts": [held.post for held in one.posts],
                }
                for one in accounts.of_person(self._reader, wanted)
            ]
        return answer

    def _communities_of(self, caller: Caller) -> list[Any]:
        held = {post.community for post in caller.posts}
        if EVERY in held:
            return communities.every(self._reader)
        row = people.person(self._reader, caller.person)
        lived = {home.community for home in row.homes} if row is not None else set()
        return communities.some(self._reader, held | lived)

    def _home(self, tenancy: Any) -> dict[str, Any]:
        unit = units.unit(self._reader, tenancy.unit)
        return {
            "tenancy": tenancy.key,
            "kind": tenancy.kind,
            "since": moment(tenancy.since),
            "community_name": communities.name(self._reader, tenancy.community),
            **(_unit(unit) if unit is not None else {}),
        }

    def _found(self, row: PersonRow | None, late: bool) -> PersonRow:
        if row is not None:
            return row
        if late:
            raise Unavailable("The register is catching up; try again.", retry_after=1.0)
        raise NotFound("There is no such person in the register.")


def _visible(method: str, caller: Caller, row: PersonRow) -> PersonRow | None:
    """The row with the homes and posts that the caller may see; ``None`` where none of it."""
    homes = tuple(
        home for home in row.homes if reads(method, caller, home.community, home.building)
    )
    posts = tuple(post for post in row.posts if reads(method, caller, post.community))
    whole = any(caller.has(role, row.community) for role in TABLE[method].roles)
    return replace(row, homes=homes, posts=posts) if whole or homes or posts else None


def _shown(row: PersonRow) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(row)
    del shown["places"]
    return {"person": shown.pop("key"), **shown}


def _unit(row: Any) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(row)
    return {"unit": shown.pop("key"), **shown}
