"""Orders as their use cases make and find them: ids that come of commands, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.security.register.domain import events as register
from services.workorders.definition import SERVICE
from services.workorders.orders import schemas
from services.workorders.orders.measures import measures
from shared.errors import Conflict, Forbidden, NotFound
from shared.identity.caller import Caller, Post
from tests.support.order_facts import (
    BUILDING,
    COMMUNITY,
    LI,
    MEI,
    SUN,
    UNIT,
    community_registered,
    fact,
    granted,
    ident,
    registered,
)
from tests.support.service_bench import ServiceBench

RESIDENTS = {person: Caller(person, (Post("resident", COMMUNITY),)) for person in (LI, MEI)}
SYSTEM = Caller("service:import", (Post("service", "*"),))


def _lives_here(person: str) -> Any:
    tenancy = ident(f"tenancy {person}")
    event = register.TenancyStarted(
        tenancy=tenancy,
        person=person,
        unit=UNIT,
        building=BUILDING,
        community=COMMUNITY,
        kind="owner",
        since=datetime(2026, 1, 1, tzinfo=UTC),
    )
    return fact(event, stream=tenancy, log="security", actor="boss")


@pytest.fixture
def bench() -> Iterator[ServiceBench]:
    found = ServiceBench(SERVICE)
    found.told(
        "security",
        community_registered(),
        *(registered(person) for person in (LI, MEI, SUN)),
        *(_lives_here(person) for person in (LI, MEI)),
        granted(SUN, "dispatcher"),
    )
    yield found
    found.close()


def submit(bench: ServiceBench, by: str, **asked: Any) -> dict[str, Any]:
    wanted = {"kind": "repair", "category": "plumbing", "description": "漏水", **asked}
    found: dict[str, Any] = bench.ask(
        "orders", "submit", schemas.Submit, RESIDENTS[by], community=COMMUNITY, **wanted
    )
    return found


def test_a_submission_sent_again_finds_its_order(bench: ServiceBench) -> None:
    once = str(uuid4())
    first = submit(bench, LI, command_id=once)
    assert submit(bench, LI, command_id=once) == first
    with pytest.raises(Conflict):
        submit(bench, LI, command_id=once, description="something else")
    assert submit(bench, LI, command_id=str(uuid4()))["id"] != first["id"]
    assert first["id"].startswith(f"{COMMUNITY}.")
    assert len(bench.facts()) == 2


def test_two_people_may_have_used_the_same_id(bench: ServiceBench) -> None:
    """Nobody can keep another's order from being made by taking its command's id first."""
    once = str(uuid4())
    ids = {submit(bench, by, command_id=once)["id"] for by in (LI, MEI)}
    assert len(ids) == 2


def test_an_order_is_no_order_to_people_of_other_communities(bench: ServiceBench) -> None:
    order = submit(bench, LI)["id"]
    elsewhere = (Post("manager", "river"), Post("dispatcher", "river"))
    for stranger in (Caller("stranger"), Caller("stranger", elsewhere)):
        for method, schema, asked in (
            ("decline", schemas.Decline, {"reason": "not_ours", "note": "no"}),
            ("dispatch", schemas.Dispatch, {"technician": LI}),
        ):
            for one in (order, ident("no order")):
                with pytest.raises(NotFound):
                    bench.ask("orders", method, schema, stranger, id=one, **asked)
    here = Caller("guard", (Post("guard", COMMUNITY),))
    with pytest.raises(Forbidden):
        bench.ask("orders", "dispatch", schemas.Dispatch, here, id=order, technician=LI)
    assert len(bench.facts()) == 1


def test_an_order_of_another_system_is_taken_over_once(bench: ServiceBench) -> None:
    def take(**changed: Any) -> dict[str, Any]:
        wanted = {
            "community": COMMUNITY,
            "kind": "repair",
            "category": "plumbing",
            "source": "sf311",
            "source_id": "17",
            "submitted_at": "2026-01-05T08:00:00Z",
            "status": "Open",
            "closed": False,
            "description": "leak",
            **changed,
        }
        found: dict[str, Any] = bench.ask(
            "orders", "import_order", schemas.ImportOrder, SYSTEM, **wanted
        )
        return found

    first = take()
    assert first.pop("repeated") is False
    again = take(status="Closed")
    assert again.pop("repeated") is True
    assert again == first
    assert take(source_id="18")["id"] != first["id"]
    assert take(source="other")["id"] != first["id"]


def test_what_is_open_is_counted_by_kind_category_and_state(bench: ServiceBench) -> None:
    submit(bench, LI)
    submit(bench, MEI)
    submit(bench, MEI, kind="complaint", category="noise")
    order = submit(bench, MEI, category="heating")["id"]
    bench.ask(
        "orders",
        "decline",
        schemas.Decline,
        Caller(SUN, (Post("dispatcher", COMMUNITY),)),
        id=order,
        reason="not_ours",
        note="no",
    )
    found = {one.name: one.values for one in measures(bench.reader, bench.clock.now())}
    assert found == {
        "wuye_orders_open": {
            ("repair", "plumbing", "submitted"): 2,
            ("complaint", "noise", "submitted"): 1,
        },
        "wuye_orders_escalated": {},
        "wuye_orders_breached": {},
        "wuye_orders_rated_recently": {},
        "wuye_orders_rated_recently_stars": {},
    }
