"""When an inquiry was submitted, then at its deadline superiors are told, if nobody answered."""

from __future__ import annotations

from shared.following.handlers import Done, Policy, SetTimer
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done:
    return Done(
        SetTimer(
            subject=fact.subject,
            rule="escalate_inquiry",
            due=fact.data["due_at"],
            method="workorders.escalate_inquiry",
            request={"id": fact.subject},
        )
    )


POLICY = Policy(
    name="when_inquiry_submitted_then_watch_its_deadline",
    follows="workorders",
    handles={"InquirySubmitted": 1},
    decide=decide,
)
