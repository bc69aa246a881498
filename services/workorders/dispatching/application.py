"""Who could be sent and why, what may be grabbed, and how evenly work is spread."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from services.workorders.dispatching.answers import MOST_POOL
from services.workorders.dispatching.crew import Crew
from services.workorders.dispatching.domain.assignment import rank
from services.workorders.dispatching.domain.fairness import gini
from services.workorders.dispatching.rulebook import Rulebook
from services.workorders.dispatching.views.assignments.projection import ASSIGNMENTS, Row
from services.workorders.dispatching.views.assignments.queries import (
    FAIRNESS_DAYS,
    hands,
    waiting,
)
from services.workorders.dispatching.views.decisions.projection import DECISIONS
from services.workorders.dispatching.views.decisions.queries import latest
from services.workorders.dispatching.work import waiting_orders
from services.workorders.incidents.views.incidents.queries import in_one, open_at
from services.workorders.orders.application import ORDER, Orders
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.choice import Choice
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.state import Order
from services.workorders.orders.domain.visits.values import SeenVisit
from services.workorders.orders.domain.vocabulary import DISPATCHERS, TECHNICIAN
from services.workorders.orders.visibility import SEES_ALL, may_see
from services.workorders.register.directory import Directory
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from services.workorders.staff.domain.vocabulary import skill_for
from shared.errors import Forbidden
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

Data = dict[str, Any]


class Dispatching:
    def __init__(
        self,
        log: EventLog,
        reader: Reader,
        directory: Directory,
        rulebook: Rulebook,
        crew: Crew,
        orders: Orders,
    ) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory
        self._rulebook = rulebook
        self._crew = crew
        self._orders = orders

    def candidates(self, request: Request, data: Data) -> Data:
        """Everybody about one order that waits, the best first: ``{"id", "mode", "edition", "at",
        "weights", "candidates": [score], "excluded": [{"technician", "reason"}], "behind"}``.
        """
        state, _ = self._log.load(ORDER, data["id"])
        if state.state is None or not may_see(request.caller, state):
            raise NoSuchOrder(NoSuchOrder.text)
        roles = request.caller.roles(state.community, state.building)
        if roles.isdisjoint((*DISPATCHERS, "auditor", "service")):
            raise Forbidden("Only those who dispatch may see who could be sent.")
        behind = any(
            self._reader.wait(view, request.at_least, request.patience)
            for view in (ASSIGNMENTS, ORDER_CLOCKS)
        )
        rules = self._rulebook.of(state.community)
        at = self._log.clock.now()
        row = self._reader.row(ASSIGNMENTS, data["id"])
        if row is None:
            raise NoSuchOrder(NoSuchOrder.text)
        (order,) = waiting_orders(self._log, self._reader, state.community, [row], rules, at)
        ranked = rank(
            order,
            self._crew.technicians(state.community, at, [order]),
            rules.weights,
            at.astimezone(self._directory.timezone(state.community)),
            rules.buildings,
        )
        return {
            "id": data["id"],
            "mode": rules.rule(state.kind, state.category).mode,
            "edition": rules.edition,
            "at": at.isoformat(),
            "weights": msgspec.to_builtins(rules.weights),
            "candidates": [msgspec.to_builtins(one) for one in ranked.candidates],
            "excluded": [msgspec.to_builtins(one) for one in ranked.excluded],
            "behind": behind,
        }

    def recommend(self, request: Request, data: Data) -> Data:
        """Who would be sent to each order that waits: ``{"orders": [{"id", "skill", "best": score,
        "others", "passed_over": {reason: count}}], "behind"}``; for those who dispatch them.
        """
        behind = any(
            self._reader.wait(view, request.at_least, request.patience)
            for view in (ASSIGNMENTS, ORDER_CLOCKS)
        )
        wanted: dict[str, list[Row]] = defaultdict(list)
        for row in self._reader.rows_of(ASSIGNMENTS, "key", dict.fromkeys(data["ids"])):
            roles = request.caller.roles(row.community, row.building)
            waits = row.state == "submitted" and not row.put_off
            if waits and not roles.isdisjoint(DISPATCHERS):
                wanted[row.community].append(row)
        at = self._log.clock.now()
        found = {
            one["id"]: one
            for community, rows in wanted.items()
            for one in self._recommended(community, rows, at)
        }
        return {"orders": [found[id_] for id_ in data["ids"] if id_ in found], "behind": behind}

    def _recommended(self, community: str, rows: list[Row], at: datetime) -> Iterator[Data]:
        rules = self._rulebook.of(community)
        orders = waiting_orders(self._log, self._reader, community, rows, rules, at)
        technicians = self._crew.technicians(community, at, orders)
        local = at.astimezone(self._directory.timezone(community))
        for order in orders:
            ranked = rank(order, technicians, rules.weights, local, rules.buildings)
            best = next(iter(ranked.candidates), None)
            yield {
                "id": order.order,
                "skill": order.skill,
                "best": msgspec.to_builtins(best),
                "others": max(0, len(ranked.candidates) - 1),
                "passed_over": dict(Counter(one.reason for one in ranked.excluded)),
            }

    def pool(self, request: Request, data: Data) -> Data:
        """What the caller may grab, the longest waiting first: ``{"orders": [{"id", "number",
        "kind", "category", "building", "unit", "submitted_at"}], "behind"}``; nobody's words.
        """
        community, caller = data["community"], request.caller
        self._directory.timezone(community)
        if not any(
            post.role in TECHNICIAN and post.community in (community, "*") for post in caller.posts
        ):
            raise Forbidden("Only technicians grab orders.")
        behind = self._reader.wait(ASSIGNMENTS, request.at_least, request.patience)
        rules = self._rulebook.of(community)
        outages = open_at(self._reader, community)
        skills = self._crew.skills(caller.person)
        found = [
            row
            for row in waiting(self._reader, community)
            if rules.rule(row.kind, row.category).mode == "grab"
            and not in_one(outages, row)
            and caller.has("technician", community, row.building)
            and skill_for(row.kind, row.category) in (None, *skills)
        ]
        shown = ("number", "kind", "category", "building", "unit")
        return {
            "orders": [
                {
                    "id": row.key,
                    **{name: getattr(row, name) for name in shown},
                    "submitted_at": row.submitted_at.isoformat(),
                }
                for row in found[:MOST_POOL]
            ],
            "behind": behind,
        }

    def grab(self, request: Request, data: Data) -> Data:
        """Take an order from the pool, which has none that an open incident answers; whoever comes
        second is told that it was dispatched.
        """

        def command(order: Order, visit: SeenVisit | None) -> c.Grab:
            rules = self._rulebook.of(order.community)
            person = request.caller.person
            skill = skill_for(order.kind, order.category)
            return c.Grab(
                by=request.caller,
                in_pool=rules.rule(order.kind, order.category).mode == "grab"
                and not in_one(open_at(self._reader, order.community), order)
                and skill in (None, *self._crew.skills(person)),
                certified=self._crew.certified(order, person),
                choice=Choice(
                    how="grab",
                    reason="grabbed",
                    edition=rules.edition,
                    at=self._log.clock.now(),
                ),
                visit=visit,
            )

        return self._orders.give(request, data["id"], request.caller.person, command)

    def fairness(self, request: Request, data: Data) -> Data:
        """How evenly 30 days' orders are spread: ``{"gini", "days", "at", "technicians":
        [{"technician", "given"}], "behind"}``; 0 is even, towards 1 one person got all, None nobody
        any.
        """
        community = data["community"]
        self._directory.timezone(community)
        if request.caller.roles(community).isdisjoint(SEES_ALL):
            raise Forbidden("Only those who lead or dispatch staff there may see this.")
        behind = self._reader.wait(ASSIGNMENTS, request.at_least, request.patience)
        at = self._log.clock.now()
        people = {post.person for post in self._directory.technicians(community)}
        given = {person: one.given for person, one in hands(self._reader, people, at).items()}
        return {
            "gini": gini(given.values()),
            "days": FAIRNESS_DAYS,
            "at": at.isoformat(),
            "technicians": [
                {"technician": person, "given": count}
                for person, count in sorted(given.items(), key=lambda one: (-one[1], one[0]))
            ],
            "behind": behind,
        }

    def decisions(self, request: Request, data: Data) -> Data:
        """What rounds decided last, each with everybody who was looked at and why:
        ``{"decisions": [{"id", "number", "technician", "at", "reason", "candidates", "excluded",
        …}], "behind"}``.
        """
        community = data["community"]
        self._directory.timezone(community)
        if request.caller.roles(community).isdisjoint(SEES_ALL):
            raise Forbidden("Only those who lead or dispatch staff there may see this.")
        behind = self._reader.wait(DECISIONS, request.at_least, request.patience)
        shown = ("number", "kind", "category", "building", "unit", "technician")
        return {
            "decisions": [
                {
                    "id": row.key,
                    **{name: getattr(row, name) for name in shown},
                    "at": row.at.isoformat(),
                    "reason": row.choice.reason,
                    "edition": row.choice.edition,
                    "candidates": [msgspec.to_builtins(one) for one in row.choice.candidates],
                    "excluded": [msgspec.to_builtins(one) for one in row.choice.excluded],
                    "more": row.choice.more,
                }
                for row in latest(self._reader, community, data["limit"])
            ],
            "behind": behind,
        }
