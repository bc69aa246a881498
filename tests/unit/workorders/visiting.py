"""Visits offered, chosen and moved at the desk, in few words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from services.workorders.orders import schemas as o
from services.workorders.orders import visit_schemas as vs
from shared.identity.caller import Caller
from shared.testing.scenario import NOON
from tests.support.order_facts import WANG
from tests.unit.workorders.desk import Desk, li, sun

DAY = timedelta(days=1)
# the next morning in the community: 9 to 11, 10 to 12 and 13 to 15
NINE, TEN, ONE = (
    (NOON.replace(hour=hour) + DAY, NOON.replace(hour=hour + 2) + DAY) for hour in (1, 2, 5)
)


def told(window: tuple[datetime, datetime]) -> dict[str, str]:
    return dict(zip(("starts", "ends"), (one.isoformat() for one in window), strict=True))


def shown(window: tuple[datetime, datetime]) -> dict[str, str]:
    return {name: at.replace("+00:00", "Z") for name, at in told(window).items()}


def sent(desk: Desk, technician: str | None = WANG, **more: Any) -> str:
    order = desk.report(**more)
    if technician is not None:
        give(desk, order, technician)
    return order


def give(desk: Desk, order: str, technician: str) -> None:
    desk.ask("orders", "dispatch", o.Dispatch, sun, id=order, technician=technician)


def transfer(desk: Desk, order: str, technician: str) -> None:
    desk.ask("orders", "transfer", o.Transfer, sun, id=order, technician=technician)


def offer(desk: Desk, order: str, *windows: tuple[datetime, datetime], by: Caller = sun) -> None:
    wanted = [told(one) for one in windows]
    desk.ask("visiting", "offer_visits", vs.OfferVisits, by, id=order, windows=wanted)


def choose(desk: Desk, order: str, window: int = 1, by: Caller = li, offer: int = 1) -> Any:
    return desk.ask(
        "visiting", "choose_visit", vs.ChooseVisit, by, id=order, offer=offer, window=window
    )


def move(desk: Desk, order: str, window: tuple[datetime, datetime], by: Caller = sun) -> None:
    desk.ask("visiting", "move_visit", vs.MoveVisit, by, id=order, **told(window))


def agreed(desk: Desk, window: tuple[datetime, datetime] = NINE, **more: Any) -> str:
    order = sent(desk, **more)
    offer(desk, order, window)
    choose(desk, order)
    return order


def get(desk: Desk, order: str, by: Caller = li) -> Any:
    return desk.ask("queries", "get", o.Get, by, id=order)


def number(desk: Desk, order: str) -> str:
    return str(get(desk, order)["number"])
