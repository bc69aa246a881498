"""When somebody was told something, queue it for each browser that they subscribed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from services.notifications.push.domain import PUSH, Queue, push_id
from services.notifications.push.views.subscriptions.projection import SUBSCRIBED
from shared.following.handlers import Do, Done, Policy
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_notification_posted_then_queue_its_pushes"


def decide(fact: Fact, reader: Reader) -> Done:
    person = fact.data["person"]
    rows = reader.rows_of(SUBSCRIBED, "person", [person])
    return Done(
        *(
            Do(
                decider=PUSH,
                stream=push_id(fact.subject, row.key),
                command=Queue(person=person, subscription=row.key, notification=fact.subject),
                command_id=str(uuid5(UUID(fact.id), row.key)),
            )
            for row in rows
        )
    )


def ahead(facts: Sequence[Fact], reader: Reader) -> None:
    reader.rows_of(SUBSCRIBED, "person", [fact.data["person"] for fact in facts])


POLICY = Policy(
    name=NAME,
    follows="notifications",
    handles={"NotificationPosted": 1},
    decide=decide,
    ahead=ahead,
)
