"""What makes up ``notifications``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.notifications.inbox.application import Inbox
from services.notifications.inbox.domain import EVENTS, UPCASTERS
from services.notifications.inbox.policies import POLICIES
from services.notifications.inbox.views.inbox.projection import INBOX
from services.notifications.register.views.people.projection import VIEW as PEOPLE
from services.notifications.register.views.posts.projection import VIEW as POSTS
from services.notifications.service import NotificationsService
from shared.eventlog.catalogue import Catalogue
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS


def _applications(parts: Parts) -> Mapping[str, Any]:
    return {"inbox": Inbox(parts.log, parts.reader)}


SERVICE = ServiceDefinition(
    name="notifications",
    catalogue=Catalogue("notifications", (EVENTS, UPCASTERS)),
    rpc=NotificationsService,
    applications=_applications,
    views=(SIGNING_KEYS, REVOKED_SESSIONS, PEOPLE, POSTS, INBOX),
    policies=POLICIES,
)
