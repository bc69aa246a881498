"""What makes up ``notifications``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.notifications.inbox.application import Inbox
from services.notifications.inbox.domain import EVENTS, UPCASTERS
from services.notifications.inbox.policies import POLICIES
from services.notifications.inbox.views.inbox.projection import INBOX
from services.notifications.push import domain as push
from services.notifications.push.application import Subscribing
from services.notifications.push.message import Sender
from services.notifications.push.policies import when_notification_posted_then_queue_its_pushes
from services.notifications.push.sending import Pushing
from services.notifications.push.views.pushes.projection import PUSHES
from services.notifications.push.views.subscriptions.projection import SUBSCRIBED
from services.notifications.register.views.people.projection import VIEW as PEOPLE
from services.notifications.register.views.posts.projection import VIEW as POSTS
from services.notifications.service import NotificationsService
from shared.eventlog.catalogue import Catalogue
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS
from shared.identity.forgetting import when_person_forgotten_then_destroy_key


def _applications(parts: Parts) -> Mapping[str, Any]:
    sender, hosts = _sender(parts)
    return {
        "inbox": Inbox(parts.log, parts.reader),
        "push": Subscribing(parts.log, parts.reader, sender, hosts),
    }


def _rounds(parts: Parts) -> Mapping[str, Callable[[], object]]:
    sender, hosts = _sender(parts)
    if sender is None:
        return {}
    return {"pushing": Pushing(parts.log, parts.reader, parts.clock, sender, hosts).round}


def _sender(parts: Parts) -> tuple[Sender | None, tuple[str, ...]]:
    """With which key is pushed, and to where; no key, no push."""
    secret = parts.options.get("push_key")
    hosts = tuple(parts.options.get("push_hosts", ()))
    return Sender(secret, parts.options["push_contact"]) if secret else None, hosts


SERVICE = ServiceDefinition(
    name="notifications",
    catalogue=Catalogue("notifications", (EVENTS, UPCASTERS), (push.EVENTS, push.UPCASTERS)),
    rpc=NotificationsService,
    applications=_applications,
    views=(SIGNING_KEYS, REVOKED_SESSIONS, PEOPLE, POSTS, INBOX, SUBSCRIBED, PUSHES),
    policies=(
        *POLICIES,
        when_notification_posted_then_queue_its_pushes.POLICY,
        when_person_forgotten_then_destroy_key("security"),
    ),
    rounds=_rounds,
)
