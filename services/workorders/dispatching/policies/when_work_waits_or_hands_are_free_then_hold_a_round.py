"""When work begins to wait, or somebody can take more of it, a round of dispatching is held.

A moment later, not at once: what comes together is given out together, and better.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from services.workorders.dispatching.calling import round_at, there_from
from services.workorders.dispatching.views.automatic.projection import AUTOMATIC
from services.workorders.register.views.communities.queries import community as registered
from services.workorders.register.views.posts.queries import at_community
from services.workorders.register.views.posts.queries import of as posts_of
from services.workorders.staff.views.roster import queries as roster
from shared.following.handlers import Done, Policy
from shared.following.reader import Reader
from shared.identity.caller import EVERY
from shared.messaging.envelope import Fact

OF_ORDERS = (
    "WorkOrderSubmitted",
    "WorkOrderHandedBack",
    "WorkOrderAppealed",
    "WorkOrderRepaired",
    "WorkOrderTransferred",
    "WorkOrderCancelled",
    "WorkOrderDeclined",
    "WorkOrderMerged",
    "WorkOrderUnmerged",
    "WorkOrderResumed",
    "WorkOrderVisitMissed",
    "WorkOrderVisitCancelled",
    "WorkOrderVisitMoved",
    "WorkOrderVisitChosen",
)
OF_VISITS = ("WorkOrderVisitChosen", "WorkOrderVisitMoved")
OF_RULES = ("DispatchModeSet", "DispatchWeightsSet", "DispatchRoundHeld", "IncidentClosed")
OF_STAFF = (
    "SkillRecorded",
    "CertificateRecorded",
    "CertificateWithdrawn",  # without the expired one they may be qualified again
    "ShiftPlanned",
    "LeaveGranted",
    "LeaveWithdrawn",
)


def decide(fact: Fact, reader: Reader) -> Done:
    if fact.type == "WorkOrderResumed" and fact.data["technician"] is not None:
        return Done()  # it is theirs still
    if fact.type == "DispatchRoundHeld" and not fact.data.get("more", False):
        return Done()
    if fact.type in OF_STAFF:
        communities = _places_of(fact.data["person"], reader)
    elif _made_automatic(fact):
        communities = [fact.community]  # the view may not have heard of it yet
    else:
        row = reader.recent_row(AUTOMATIC, fact.community)
        communities = [fact.community] if row is not None and row.categories else []
    return Done(
        *(
            round_at(community, moment)
            for community in communities
            for moment in _moments(fact, community, reader)
        )
    )


def _made_automatic(fact: Fact) -> bool:
    return fact.type == "DispatchModeSet" and fact.data["mode"] == "automatic"


def _places_of(person: str, reader: Reader) -> list[str]:
    """The automatic communities where somebody holds a technician's post."""
    held = {post.community for post in posts_of(reader, person) if post.role == "technician"}
    if not held:
        return []
    rows = reader.rows(AUTOMATIC)
    return [row.key for row in rows if row.categories and not held.isdisjoint((row.key, EVERY))]


def _moments(fact: Fact, community: str, reader: Reader) -> Iterable[datetime]:
    """When there is more to give out, or to give it to."""
    if _made_automatic(fact):
        # what was planned before called for none
        people = {post.person for post in at_community(reader, community, "technician")}
        spans = [span for span in roster.since(reader, fact.time) if span.person in people]
        return {fact.time, *(there_from(span, fact.time) for span in spans)}
    if fact.type == "ShiftPlanned":
        return (max(fact.time, datetime.fromisoformat(fact.data["starts"])),)
    if fact.type == "LeaveGranted":
        return (max(fact.time, datetime.fromisoformat(fact.data["ends"])),)  # back in their shift
    if fact.type == "CertificateRecorded":
        return (fact.time, max(fact.time, _valid_from(fact, community, reader)))
    if fact.type in OF_VISITS:
        # until its end its technician is sent nowhere else
        return (fact.time, max(fact.time, datetime.fromisoformat(fact.data["ends"])))
    return (fact.time,)


def _valid_from(fact: Fact, community: str, reader: Reader) -> datetime:
    """The start of its first day where the work is."""
    row = registered(reader, community)
    zone = ZoneInfo("UTC" if row is None else row.timezone)
    return datetime.combine(date.fromisoformat(fact.data["valid_from"]), time.min, zone)


POLICY = Policy(
    name="when_work_waits_or_hands_are_free_then_hold_a_round",
    follows="workorders",
    handles=dict.fromkeys((*OF_ORDERS, *OF_RULES, *OF_STAFF), 1),
    decide=decide,
)
