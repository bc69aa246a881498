"""The use cases of bills: pay, void, look."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec

from services.billing.bills.domain.bill import BILL, NoSuchBill, NotYourBill, Pay, Void
from services.billing.bills.views.bills.projection import BILLS, Row
from services.billing.bills.views.bills.queries import bill, by_number, owed, visible
from services.billing.permissions import READERS, may
from shared.errors import Forbidden, Unavailable
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.identity.caller import EVERY, Caller
from shared.request import Request

# open bills that are added up for one question
MOST_OPEN = 5000

Data = dict[str, Any]


class Bills:
    """Every method takes data that went through its schema."""

    def __init__(self, log: EventLog, reader: Reader) -> None:
        self._log = log
        self._reader = reader

    def pay(self, request: Request, data: Data) -> Data:
        """Book a payment; the bill is settled when nothing is outstanding after it."""
        values = {name: value for name, value in data.items() if name != "id"}
        return self._carry_out(request, data["id"], Pay(by=request.caller, **values))

    def void(self, request: Request, data: Data) -> Data:
        """What is unpaid is not owed any more; what was paid stays paid."""
        return self._carry_out(request, data["id"], Void(by=request.caller, reason=data["reason"]))

    def get(self, request: Request, data: Data) -> Data:
        """One bill with its payments, and ``behind``."""
        behind = self._wait(request)
        row = (
            bill(self._reader, data["id"])
            if data["id"] is not None
            else by_number(self._reader, data["community"], data["number"])
        )
        if row is None:
            if behind:
                raise Unavailable("The bills are catching up; try again.", retry_after=1.0)
            raise NoSuchBill(NoSuchBill.text)
        if not may("get", request.caller, row.community, row.building, row.payer):
            raise NotYourBill("This bill is another person's.")
        return {**_shown(row), "log": self._log.name, "behind": behind}

    def list(self, request: Request, data: Data) -> Data:
        """A page of the bills the caller may see: ``{"bills": [...], "next", "behind"}``."""
        _check_place(request.caller, data["community"])
        behind = self._wait(request)
        rows, following = visible(self._reader, request.caller, data)
        return {"bills": [_shown(row) for row in rows], "next": following, "behind": behind}

    def arrears(self, request: Request, data: Data) -> Data:
        """What is owed in a community, by unit: ``{"units": [{"unit", "building", "bills",
        "outstanding_fen", "since"}], "bills", "outstanding_fen", "more", "behind"}``.

        Raises ``Forbidden`` for whoever keeps no books there.
        """
        community = data["community"]
        whole = request.caller.communities(*READERS)
        held = {where for where, _ in request.caller.buildings(*READERS)}
        if whole is not None and not {community, EVERY} & (whole | held):
            raise Forbidden(
                f"Arrears are for the roles {', '.join(sorted(READERS))}.", reason="not_your_role"
            )
        behind = self._wait(request)
        rows = owed(self._reader, request.caller, community, data["units"], MOST_OPEN + 1)
        units: dict[str | None, list[Row]] = defaultdict(list)
        for row in rows[:MOST_OPEN]:
            units[row.unit].append(row)
        return {
            "units": sorted(map(_owes, units.values()), key=lambda one: -one["outstanding_fen"]),
            "bills": len(rows[:MOST_OPEN]),
            "outstanding_fen": sum(row.outstanding_fen for row in rows[:MOST_OPEN]),
            "more": len(rows) > MOST_OPEN,
            "behind": behind,
        }

    def _carry_out(self, request: Request, bill_id: str, command: Pay | Void) -> Data:
        answer = self._log.execute(
            BILL, bill_id, command, request.context, expected_version=request.expected_version
        )
        return answered(
            self._log,
            answer,
            number=answer.state.number,
            state=answer.state.state,
            outstanding_fen=answer.state.outstanding_fen,
        )

    def _wait(self, request: Request) -> bool:
        seen = request.caller.positions.get(self._log.name, 0)
        return self._reader.wait(BILLS, max(request.at_least or 0, seen), request.patience)


def _check_place(caller: Caller, community: str | None) -> None:
    """Raises ``Forbidden`` for a community the caller has nothing to do with."""
    if community is not None and not any(
        post.community in (community, EVERY) for post in caller.posts
    ):
        raise Forbidden("You hold no post in this community.")


def _owes(rows: list[Row]) -> Data:
    return {
        "unit": rows[0].unit,
        "building": rows[0].building if rows[0].unit is not None else None,
        "bills": len(rows),
        "outstanding_fen": sum(row.outstanding_fen for row in rows),
        "since": min(row.accepted_at for row in rows).isoformat(),
    }


def _shown(row: Row) -> Data:
    shown: Data = msgspec.to_builtins(row)
    del shown["position"]
    return {
        "id": shown.pop("key"),
        "order": shown.pop("order_id"),
        "outstanding_fen": row.outstanding_fen,
        **shown,
    }
