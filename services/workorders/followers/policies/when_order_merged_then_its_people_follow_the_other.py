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
        return Done(*_unfollowing(fact, set(people), way, reader))
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


def _unfollowing(fact: Fact, people: set[str], way: list[Row], reader: Reader) -> list[Do]:
    """Whoever has no other reason to follow does not any more, all along the way."""
    found = []
    before: Row | None = None
    for row in way:
        if before is not None:
            people = people - _concerned(before, reader, chosen=True)
        merged: list[Row] = reader.rows(
            ORDER_BOARD, where="merged_into = :into", params={"into": row.key}
        )
        for other in merged:
            if other.key not in (fact.subject, before and before.key):
                people = people - _concerned(other, reader)
        for one in sorted(people):
            command = Unfollow(person=one, order=row.key, merged=True)
            found.append(_do(fact, row.key, command))
        before = row
    return found


def _people(fact: Fact, reader: Reader) -> set[str]:
    """Whom it concerns: those it was made for, and those who follow it."""
    row: Row | None = reader.row(ORDER_BOARD, fact.subject)
    return _concerned(row, reader) if row is not None else set()


def _concerned(order: Row, reader: Reader, *, chosen: bool = False) -> set[str]:
    """``chosen``: without those who follow it only because of a merge."""
    rows = reader.rows(FOLLOWED, where="order_id = :order", params={"order": order.key})
    found = {order.reporter, order.accepter}
    found |= {row.person for row in rows if not (chosen and row.merged)}
    return {one for one in found if one is not None}


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
        merged=True,
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
