"""Names for the ids in answers: of people, places and communities, asked of ``security``.

Asked with the edge's own identity, since residents may not read the register: whoever may see an
order may see who works on it and where it is. Names alone leave this module, nobody's phone. What
was found is kept for a minute; what cannot be asked now is left out, never waited for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from shared.errors import NotFound, WuyeError
from shared.identity.caller import EVERY
from shared.identity.keys import ServiceIdentity
from shared.messaging.rpc_client import RpcClient

SECONDS = 1.0
_KEPT_SECONDS = 60.0
# after a failed question none is asked for so long: pages must not wait for each in turn
_REST_SECONDS = 5.0
_MOST_KEPT = 20_000
_PAGE = 500
_MOST_PAGES = 40

T = TypeVar("T")
_log = logging.getLogger("wuye.gateway")


class Community(msgspec.Struct, frozen=True):
    id: str
    name: str
    zone: ZoneInfo


class Unit(msgspec.Struct, frozen=True):
    id: str
    code: str
    building: str
    building_name: str


class Person(msgspec.Struct, frozen=True):
    """``homes``: unit ids. ``posts``: (role, community, building ids or None for all of it)."""

    id: str
    name: str
    homes: tuple[str, ...]
    posts: tuple[tuple[str, str, tuple[str, ...] | None], ...]

    def holds(self, role: str, community: str, building: str | None) -> bool:
        return any(
            held == role and where in (community, EVERY) and (only is None or building in only)
            for held, where, only in self.posts
        )


class Directory:
    """Safe between threads."""

    def __init__(self, rpc: RpcClient, identity: ServiceIdentity, zone: ZoneInfo) -> None:
        self._rpc = rpc
        self._identity = identity
        self._zone = zone
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}
        self._rests_until = 0.0

    def communities(self) -> dict[str, Community]:
        """Every community by its id."""
        return self._get("communities", "", self._communities) or {}

    def community(self, community: str) -> Community:
        """With its id for a name, and the platform's time zone, where it is not known."""
        known = self.communities().get(community)
        return known or Community(community, community, self._zone)

    def units(self, community: str) -> dict[str, Unit]:
        """The community's units by their ids, in the order of buildings and codes."""
        return self._get("units", community, lambda: self._units(community)) or {}

    def unit(self, community: str, unit: str | None) -> Unit | None:
        return self.units(community).get(unit or "")

    def buildings(self, community: str) -> dict[str, str]:
        """The community's buildings by their ids, with their names."""
        return {unit.building: unit.building_name for unit in self.units(community).values()}

    def building(self, community: str, building: str | None) -> str | None:
        """The building's name."""
        units = self.units(community).values()
        return next((unit.building_name for unit in units if unit.building == building), None)

    def names(self, people: Iterable[str | None]) -> dict[str, str]:
        """Person id to name, of those who are known and not forgotten."""
        wanted = {one for one in people if one and not one.startswith("service:")}
        found = {one: self._fresh("name", one) for one in wanted}
        unknown = [one for one, name in found.items() if name is None]
        if unknown and not self._rests():
            found |= self._names(unknown)
        return {one: name for one, name in found.items() if name}

    def people(self, community: str) -> list[Person]:
        """Everybody registered with, living in, or with a post at the community, by name."""
        return self._get("people", community, lambda: self._people(community)) or []

    def _names(self, people: Iterable[str]) -> dict[str, str]:
        """Asked all at once. Empty for whom was forgotten, missing where nobody can say."""
        found = {}
        try:
            asked = {one: self._ask_async("person", {"person": one}) for one in people}
            for one, reply in asked.items():
                try:
                    found[one] = reply.result()["name"] or ""
                except NotFound:
                    found[one] = ""
                self._keep("name", one, found[one])
        except WuyeError as error:
            self._failed("names", error)
        return found

    def _communities(self) -> dict[str, Community]:
        rows = self._ask("communities", {})["communities"]
        return {
            row["community"]: Community(row["community"], row["name"], ZoneInfo(row["timezone"]))
            for row in rows
        }

    def _units(self, community: str) -> dict[str, Unit]:
        return {
            row["unit"]: Unit(row["unit"], row["code"], row["building"], row["building_name"])
            for row in self._pages("units", community)
        }

    def _people(self, community: str) -> list[Person]:
        found = [
            Person(
                row["person"],
                row["name"],
                tuple(home["unit"] for home in row["homes"]),
                tuple(
                    (
                        post["role"],
                        post["community"],
                        None if post["buildings"] is None else tuple(post["buildings"]),
                    )
                    for post in row["posts"]
                ),
            )
            for row in self._pages("people", community)
            if row["name"]
        ]
        return sorted(found, key=lambda person: person.name)

    def _pages(self, method: str, community: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = None
        for _ in range(_MOST_PAGES):
            page = self._ask(method, {"community": community, "after": after, "limit": _PAGE})
            found += page[method]
            after = page["next"]
            if after is None:
                break
        return found

    def _get(self, kind: str, key: str, ask: Callable[[], T]) -> T | None:
        kept: T | None = self._fresh(kind, key)
        if kept is not None or self._rests():
            return kept
        try:
            found = ask()
        except WuyeError as error:
            self._failed(kind, error)
            return None
        if found:
            self._keep(kind, key, found)
        return found

    def _rests(self) -> bool:
        return time.monotonic() < self._rests_until

    def _failed(self, kind: str, error: WuyeError) -> None:
        self._rests_until = time.monotonic() + _REST_SECONDS
        _log.warning("cannot ask security for %s: %s", kind, error.code)

    def _ask(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self._ask_async(method, request).result()
        return found

    def _ask_async(self, method: str, request: dict[str, Any]) -> Any:
        given = {name: value for name, value in request.items() if value is not None}
        return self._rpc.call_async(
            "security", method, given, auth_token=self._identity.token(), timeout=SECONDS
        )

    def _fresh(self, kind: str, key: str) -> Any:
        until, found = self._kept.get((kind, key), (0.0, None))
        return found if time.monotonic() < until else None

    def _keep(self, kind: str, key: str, found: Any) -> None:
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[kind, key] = (time.monotonic() + _KEPT_SECONDS, found)
