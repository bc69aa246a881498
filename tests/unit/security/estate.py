"""Security whole, on a store in memory and a clock that is set by hand; passwords hashed
cheaply.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import argon2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.security.accounts import schemas as account_schemas
from services.security.accounts.application import Accounts
from services.security.accounts.domain import events as account_events
from services.security.accounts.login import Login
from services.security.accounts.passwords import Passwords
from services.security.accounts.policies import (
    when_account_closed_then_revoke_sessions,
    when_password_set_then_revoke_other_sessions,
    when_person_forgotten_then_close_accounts,
)
from services.security.accounts.signing import Signing
from services.security.accounts.throttle import Throttle
from services.security.accounts.views.accounts.projection import VIEW as ACCOUNTS
from services.security.accounts.views.sessions.projection import VIEW as SESSIONS
from services.security.calendars import domain as calendar_events
from services.security.calendars import schemas as calendar_schemas
from services.security.calendars.application import Feeds
from services.security.register import schemas as register_schemas
from services.security.register.application import Register
from services.security.register.directory import Directory
from services.security.register.domain import events as register_events
from services.security.register.policies import when_person_forgotten_then_end_tenancies
from services.security.register.views.communities.projection import VIEW as COMMUNITIES
from services.security.register.views.people.projection import VIEW as PEOPLE
from services.security.register.views.phones.projection import VIEW as PHONES
from services.security.register.views.tenancies.projection import VIEW as TENANCIES
from services.security.register.views.units.projection import VIEW as UNITS
from shared.clock import ManualClock
from shared.eventlog import migrate
from shared.eventlog.catalogue import Catalogue
from shared.eventlog.decider import Context
from shared.eventlog.executor import EventLog
from shared.eventlog.groupcommit import GroupCommit
from shared.eventlog.keys import TableKeyStore
from shared.eventlog.mapper import Mapper
from shared.eventlog.snapshots import Snapshots
from shared.eventlog.sqlite import SqliteStore
from shared.following.acting import PolicyRunner
from shared.following.builds import Builds
from shared.following.follower import Follower
from shared.following.handlers import Handler, Policy
from shared.following.reader import Reader
from shared.following.source import LocalSource
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS, AccessList
from shared.identity.caller import Caller, Post
from shared.identity.forgetting import when_person_forgotten_then_destroy_key
from shared.identity.tokens import TokenVerifier
from shared.privacy.digest import Digester
from shared.privacy.keyring import Keyring
from shared.privacy.seal import Sealer
from shared.request import Request
from shared.schemas import load

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADMIN = Caller(person="service:operator", posts=(Post("admin", "*"),))
NOBODY = Caller(person="anonymous")
PASSWORD = "correct horse 电池"
NEW_PASSWORD = "另一个 new password"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HANDLERS: tuple[Handler, ...] = (
    COMMUNITIES,
    UNITS,
    PEOPLE,
    PHONES,
    TENANCIES,
    ACCOUNTS,
    SESSIONS,
    SIGNING_KEYS,
    REVOKED_SESSIONS,
    when_person_forgotten_then_end_tenancies.POLICY,
    when_person_forgotten_then_close_accounts.POLICY,
    when_account_closed_then_revoke_sessions.POLICY,
    when_password_set_then_revoke_other_sessions.POLICY,
    when_person_forgotten_then_destroy_key("security"),
)


class Estate:
    """``call`` does what the RPC surface does: schema, request, application."""

    def __init__(self) -> None:
        self.clock = ManualClock(MORNING)
        self.store = SqliteStore("security", None)
        migrate.migrate_sqlite(self.store.location)
        self.keyring = Keyring(TableKeyStore(self.store), os.urandom(32))
        sealer = Sealer(self.keyring)
        catalogue = Catalogue(
            "security",
            (register_events.EVENTS, register_events.UPCASTERS),
            (account_events.EVENTS, account_events.UPCASTERS),
            (calendar_events.EVENTS, calendar_events.UPCASTERS),
        )
        self.log = EventLog(
            self.store,
            Mapper(catalogue, sealer),
            Snapshots(self.store, sealer),
            self.clock,
            GroupCommit(self.store),
        )
        self.digest = Digester(b"d" * 32)
        builds = Builds(self.store, sealer)
        self.reader = Reader(self.store, builds)
        self.follower = Follower(LocalSource(self.log), HANDLERS, self.store, builds, self._runner)
        hasher = Passwords(lambda function, *arguments: function(*arguments), CHEAP)
        throttle = Throttle(self.clock)
        self.signing = Signing(self.log)
        self.applications = (
            (Register(self.log), register_schemas),
            (Directory(self.log, self.reader, sealer), register_schemas),
            (Accounts(self.log, hasher, throttle, self.digest), account_schemas),
            (Login(self.log, hasher, throttle, self.signing), account_schemas),
            (self.signing, account_schemas),
            (Feeds(self.log), calendar_schemas),
        )

    def _runner(self, handler: Handler) -> PolicyRunner | None:
        if not isinstance(handler, Policy):
            return None
        return PolicyRunner(
            handler, self.log, self.reader, self.keyring, self.digest, self.clock.now
        )

    def close(self) -> None:
        self.log.close()

    def call(self, method: str, caller: Caller = ADMIN, /, **data: Any) -> dict[str, Any]:
        schema = "".join(word.capitalize() for word in method.split("_"))
        application, schemas = next(
            (made, schemas) for made, schemas in self.applications if hasattr(made, method)
        )
        checked = load(getattr(schemas, schema), data)
        command_id = str(checked.pop("command_id", None) or uuid4())
        content = {name: value for name, value in data.items() if name != "command_id"}
        context = Context(
            actor=caller.person,
            command_id=command_id,
            command_digest=self.digest([method, content]),
            correlation_id=command_id,
            occurred_at=checked.pop("occurred_at", None),
        )
        request = Request(
            caller=caller,
            context=context,
            at_least=checked.pop("at_least", None),
            expected_version=checked.pop("expected_version", None),
        )
        answer: dict[str, Any] = getattr(application, method)(request, checked)
        return answer

    def settle(self) -> None:
        """Let every view and policy come to rest."""
        until = time.monotonic() + 10
        head = -1
        while time.monotonic() < until:
            moved = self.follower.step()
            stopped = [f.name for f in self.follower.following if f.place.status != "following"]
            assert not stopped, f"stopped: {stopped}"
            places = {one.place.position for one in self.follower.following}
            if not moved and places == {self.log.head()} and head == self.log.head():
                return
            head = self.log.head()
            if not moved:
                time.sleep(0.01)
        raise AssertionError("the followers do not come to rest")

    def caller(self, token: str) -> Caller:
        """Whoever a token names, as any service finds out."""
        none: dict[str, Ed25519PublicKey] = {}
        access = AccessList(self.reader, none, self.clock)
        return TokenVerifier(access.key, access.revoked, self.clock).verify(token)

    def wait(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))

    # -- a small estate ------------------------------------------------------------------------

    def community(self, slug: str = "garden") -> str:
        self.call("register_community", community=slug, name=f"{slug} 花园")
        return slug

    def building(self, community: str = "garden", code: str = "1") -> str:
        answer = self.call("register_building", community=community, code=code, name=f"{code}栋")
        return str(answer["id"])

    def unit(self, building: str, code: str = "101") -> str:
        return str(self.call("register_unit", building=building, code=code)["id"])

    def person(self, community: str = "garden", name: str = "王芳", **more: Any) -> str:
        answer = self.call("register_person", community=community, name=name, **more)
        return str(answer["id"])

    def account(self, person: str, login: str) -> str:
        answer = self.call("open_account", person=person, login=login, password=PASSWORD)
        return str(answer["id"])

    def post(self, account: str, role: str, community: str = "garden", **more: Any) -> str:
        answer = self.call("grant", account=account, role=role, community=community, **more)
        return str(answer["post"])

    def staff(self, role: str, community: str = "garden", **more: Any) -> tuple[Caller, str]:
        """Somebody with one post, and their account."""
        person = self.person("_", role)
        account = self.account(person, f"{role}-{uuid4().hex[:8]}")
        self.post(account, role, community, **more)
        buildings = more.get("buildings")
        post = Post(role, community, None if buildings is None else tuple(buildings))
        return Caller(person=person, posts=(post,)), account

    def resident(self) -> tuple[str, str]:
        """``wangfang``, with a resident's post, and their account."""
        person = self.person()
        account = self.account(person, "wangfang")
        self.post(account, "resident")
        return person, account

    # -- nobody yet ----------------------------------------------------------------------------

    def log_in(self, login: str, password: str = PASSWORD) -> dict[str, Any]:
        return self.call("login", NOBODY, login=login, password=password)

    def refresh(self, token: str) -> dict[str, Any]:
        return self.call("refresh", NOBODY, refresh_token=token)
