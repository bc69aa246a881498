"""When somebody is given a technician's post, a round is held: now, and as shifts of theirs begin.

What was planned for them before they were a technician there called for none. A certificate that
begins later is looked at with the next shift.
"""

from __future__ import annotations

from services.workorders.dispatching.calling import round_at, there_from
from services.workorders.dispatching.views.automatic.projection import AUTOMATIC
from services.workorders.register.views.posts.projection import VIEW as POSTS
from services.workorders.staff.answers import MOST_SPANS
from services.workorders.staff.views.roster import queries as roster
from shared.following.handlers import Done, Policy, Retry
from shared.following.reader import Reader
from shared.identity.caller import EVERY
from shared.messaging.envelope import Fact

PAUSE_SECONDS = 0.05


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if fact.data["role"] != "technician":
        return Done()
    if not reader.has_reached(POSTS, fact.position):
        return Retry(PAUSE_SECONDS, "the view of posts is a moment behind")
    at = fact.data["community"]
    communities = [
        row.key for row in reader.rows(AUTOMATIC) if row.categories and at in (row.key, EVERY)
    ]
    if not communities:
        return Done()
    spans = roster.of(reader, fact.data["person"], fact.time, MOST_SPANS)
    moments = [fact.time, *(there_from(span, fact.time) for span in spans)]
    return Done(*(round_at(community, moment) for community in communities for moment in moments))


POLICY = Policy(
    name="when_technician_is_posted_then_hold_a_round",
    follows="security",
    handles={"PostGranted": 1},
    decide=decide,
)
