"""When an order was merged into another, whom it concerns follows that one, until it is unmerged.

Two orders merged into each other at the same moment would both be lost from sight: whoever finds
that here has its merge taken back.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from services.workorders.followers.domain import FOLLOWERS, Follow, Unfollow, followers_id
from services.workorders.followers.views.followed.projection import FOLLOWED
from services.workorders.identity import THE_SERVICE
from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.commands import Unmerge
from services.workorders.orders.views.order_board.projection import ORDER_BOARD, Row
from shared.following.handlers import Do, Done, Policy, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

NAME = "when_order_merged_then_its_people_follow_the_other"
PAUSE_SECONDS = 0.05


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    if not all(reader.has_reached(view, fact.position) for view in (ORDER_BOARD, FOLLOWED)):
        return Retry(PAUSE_SECONDS, "the views of orders are a moment behind")
    people = sorted(_people(fact, reader))
    way = _way(fact, reader)
    if fact.type == "WorkOrderUnmerged":
        return Done(
            *(
                _do(fact, row.key, Unfollow(person=one, order=row.key))
                for row in way
                for one in people
            )
        )
    if way and way[-1].merged_into is not None:
        command_id = str(uuid5(UUID(fact.id), NAME))
        return Done(
            Do(
                decider=ORDER,
                stream=fact.subject,
                command=Unmerge(by=THE_SERVICE),
                command_id=command_id,
            )
        )
    return Done(*(_do(fact, row.key, _follow(row, one)) for row in way[-1:] for one in people))


def _people(fact: Fact, reader: Reader) -> set[str]:
    """Whom it concerns: those it was made for, and those who follow it."""
    rows = reader.rows(FOLLOWED, where="order_id = :order", params={"order": fact.subject})
    found = {fact.data["reporter"], fact.data["accepter"], *(row.person for row in rows)}
    return {person for person in found if person is not None}


def _way(fact: Fact, reader: Reader) -> list[Row]:
    """The order it was merged into, what that one is merged into, and so on; the last one is merged
    itself where the way leads round in a circle.
    """
    found: list[Row] = []
    seen = {fact.subject}
    row: Row | None = reader.row(ORDER_BOARD, fact.data["into"])
    while row is not None:
        found.append(row)
        seen.add(row.key)
        if row.merged_into is None or row.merged_into in seen:
            break
        row = reader.row(ORDER_BOARD, row.merged_into)
    return found


def _follow(row: Row, person: str) -> Follow:
    return Follow(
        person=person,
        order=row.key,
        number=row.number,
        kind=row.kind,  # type: ignore[arg-type]
        category=row.category,
        building=row.building,
        open=True,
    )


def _do(fact: Fact, order: str, command: Follow | Unfollow) -> Do:
    return Do(
        decider=FOLLOWERS,
        stream=followers_id(order),
        command=command,
        command_id=str(uuid5(UUID(fact.id), f"{order} {command.person}")),
    )


POLICY = Policy(
    name=NAME,
    follows="workorders",
    handles={"WorkOrderMerged": 1, "WorkOrderUnmerged": 1},
    decide=decide,
)
