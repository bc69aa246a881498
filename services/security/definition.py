"""What makes up ``security``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.security.accounts.application import Accounts
from services.security.accounts.domain import events as accounts_events
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
from services.security.calendars import domain as calendars
from services.security.calendars.application import Feeds
from services.security.register.application import Register
from services.security.register.directory import Directory
from services.security.register.domain import events as register_events
from services.security.register.policies import when_person_forgotten_then_end_tenancies
from services.security.register.views.communities.projection import VIEW as COMMUNITIES
from services.security.register.views.people.projection import VIEW as PEOPLE
from services.security.register.views.phones.projection import VIEW as PHONES
from services.security.register.views.tenancies.projection import VIEW as TENANCIES
from services.security.register.views.units.projection import VIEW as UNITS
from services.security.service import SecurityService
from shared.eventlog.catalogue import Catalogue
from shared.hosting.definition import ServiceDefinition
from shared.hosting.native import run_native
from shared.hosting.parts import Parts
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS
from shared.identity.forgetting import when_person_forgotten_then_destroy_key


def _applications(parts: Parts) -> Mapping[str, Any]:
    hasher = Passwords(run_native, parts.options.get("password_cost", "strong"))
    throttle = Throttle(parts.clock)
    signing = Signing(parts.log)
    return {
        "register": Register(parts.log),
        "directory": Directory(parts.log, parts.reader, parts.sealer),
        "accounts": Accounts(parts.log, hasher, throttle, parts.digest),
        "sessions": Login(parts.log, hasher, throttle, signing),
        "signing": signing,
        "feeds": Feeds(parts.log),
    }


def _publish_first_key(parts: Parts) -> None:
    parts.applications["signing"].ensure_key()


SERVICE = ServiceDefinition(
    name="security",
    catalogue=Catalogue(
        "security",
        (register_events.EVENTS, register_events.UPCASTERS),
        (accounts_events.EVENTS, accounts_events.UPCASTERS),
        (calendars.EVENTS, calendars.UPCASTERS),
    ),
    rpc=SecurityService,
    applications=_applications,
    views=(
        SIGNING_KEYS,
        REVOKED_SESSIONS,
        COMMUNITIES,
        UNITS,
        PEOPLE,
        PHONES,
        TENANCIES,
        ACCOUNTS,
        SESSIONS,
    ),
    policies=(
        when_password_set_then_revoke_other_sessions.POLICY,
        when_account_closed_then_revoke_sessions.POLICY,
        when_person_forgotten_then_close_accounts.POLICY,
        when_person_forgotten_then_end_tenancies.POLICY,
        when_person_forgotten_then_destroy_key("security"),
    ),
    prepare=_publish_first_key,
)
