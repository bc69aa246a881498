"""All that can happen around staff, dispatching and promises, in a community of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.support.aftercare import aftercare_happens
from tests.support.estate import Answer, Estate, Place, soon
from tests.support.lifecycle import a_quote
from tests.support.push_service import PushService

ALWAYS = ["00:00-24:00"]
WEEK: dict[str, Any] = {day: ALWAYS for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def everything_happens(estate: Estate, place: Place, words: str) -> None:
    """Each event of staff, service levels, dispatching, followers, incidents, inquiries and what
    comes after the work is told of.

    ``place`` has a manager, a dispatcher and a technician. ``words``: what people write.
    """
    _of_staff(place)
    promise_a_minute(place)
    _holidays_run_out(place)
    manager, dispatcher = place.person("manager"), place.person("dispatcher")
    community = place.community
    mode = {"kind": "repair", "category": "lift", "mode": "automatic"}
    manager.order("set_mode", community=community, **mode)
    weights = {"skill": 5, "load": 4, "distance": 3, "urgency": 2, "fairness": 1, "capacity": 9}
    manager.order("set_weights", community=community, **weights)
    manager.order("place_building", building=place.building, x=10, y=20)
    order = _report(place, "lift", words)["id"]
    dispatcher.order("prioritise", id=order, priority="high")
    _quote(place, order)
    late = ("NobodyQualified", "WorkOrderEscalated", "WorkOrderQuoteLapsed")
    for told in (*late, "PublicHolidaysMissing"):
        soon(told, partial(_told, estate, told))

    neighbour = estate.settle_in(place, "resident", login=f"{community}-neighbour")
    neighbour.order("follow", id=order)
    dispatcher.order("dispatch", id=order, technician=place.person("technician").id)
    soon("the follower's news is there", partial(_told, estate, "FollowedOrderMoved"))
    neighbour.order("unfollow", id=order)
    _visit(estate, place, order)

    outage = {"category": "heating", "buildings": [place.building], "notice": "锅炉检修"}
    incident = dispatcher.order("open_incident", community=community, **outage)["id"]
    _report(place, "heating", words)
    soon("the report is linked", partial(_told, estate, "ReportLinked"))
    dispatcher.order("answer_incident", id=incident, notice="备件已到，正在更换")
    dispatcher.order("close_incident", id=incident)
    aftercare_happens(estate, place, words)
    _of_ties(estate, place, order, words)
    _of_inquiries(estate, place, words)
    _published(place, words)
    _pushed(estate, place, words)
    for method, request in (("open_feed", {"digest": "x" * 43}), ("close_feed", {})):
        place.person("technician").call("security", method, **request)


def _of_ties(estate: Estate, place: Place, order: str, words: str) -> None:
    """An order merged into ``order`` and unmerged, which then takes another trade."""
    dispatcher = place.person("dispatcher")
    twice = _report(place, "plumbing", words)["id"]
    dispatcher.order("merge", id=twice, into=order)
    dispatcher.order("unmerge", id=twice)
    part = {"category": "electrical", "description": words}
    added = dispatcher.order("add_sub_order", id=twice, **part)
    dispatcher.order("decline", id=added["sub_order"], reason="cannot", note=words)
    soon("the whole hears of it", partial(_told, estate, "WorkOrderSubOrderFinished"))


def _of_inquiries(estate: Estate, place: Place, words: str) -> None:
    community, dispatcher = place.community, place.person("dispatcher")
    hours = {"suggestion": 1, "question": 1, "praise": 1}
    place.person("manager").order("set_answer_deadlines", community=community, **hours)
    about = {"community": community, "unit": place.unit, "text": words}
    asked = place.person("resident").order("submit_inquiry", kind="question", **about)["id"]
    dispatcher.order("answer_inquiry", id=asked, answer=words)
    idea = place.person("resident").order("submit_inquiry", kind="suggestion", **about)["id"]
    dispatcher.order("convert_inquiry", id=idea, kind="repair", category="public_area")
    earlier = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    dispatcher.order("submit_inquiry", kind="praise", occurred_at=earlier, **about)
    soon("superiors are told", partial(_told, estate, "InquiryEscalated"))


def _quote(place: Place, order: str) -> None:
    """One that is accepted, then one that lapses in a moment."""
    dispatcher, resident = place.person("dispatcher"), place.person("resident")
    dispatcher.order("quote", id=order, **a_quote(8800))
    resident.order("accept_quote", id=order, quote=1)
    _take_answers(place, order)
    dispatcher.order("quote", id=order, **a_quote(9900, lasting=timedelta(seconds=5)))


def _take_answers(place: Place, order: str) -> None:
    """What the resident said on the phone: objected to, then confirmed."""
    manager, resident = place.person("manager"), place.person("resident")
    place.person("dispatcher").order("quote", id=order, **a_quote(7700))
    manager.order("decline_quote_for", id=order, quote=2, channel="phone")
    resident.order("object_to_quote_answer", id=order, quote=2)
    manager.order("accept_quote_for", id=order, quote=2, channel="phone")
    resident.order("confirm_quote_answer", id=order, quote=2)


def _pushed(estate: Estate, place: Place, words: str) -> None:
    """To a browser that is there, then to one that is gone."""
    resident = place.person("resident")
    with PushService() as service:
        browser = service.subscribed(201, 410)
        resident.call("notifications", "subscribe_push", **browser.subscription)
        for times in (1, 2):
            order = _report(place, "lift", words)["id"]
            place.person("dispatcher").order("decline", id=order, reason="cannot", note=words)
            soon("the push is settled", partial(_times, estate, "PushSettled", times))


def _times(estate: Estate, name: str, times: int) -> bool:
    facts = estate.facts("notifications")
    return sum(fact["type"] == name for fact in facts) >= times


def _published(place: Place, words: str) -> None:
    manager, dispatcher = place.person("manager"), place.person("dispatcher")
    technician, resident = place.person("technician"), place.person("resident")
    manager.order("set_public_board", community=place.community, open=True)
    order = _report(place, "appliance", words)["id"]
    dispatcher.order("dispatch", id=order, technician=technician.id)
    technician.order("repair", id=order, notes=words)
    resident.order("accept", id=order)
    dispatcher.order("publish", id=order, caption=words)
    resident.order("flag_published", id=order, reason="personal")
    dispatcher.order("hide_published", id=order, reason="personal")
    dispatcher.order("restore_published", id=order)


def _visit(estate: Estate, place: Place, order: str) -> None:
    """Called off, then moved and reminded of, then missed."""
    technician, resident = place.person("technician"), place.person("resident")
    later = {name: _in(hours=hours) for name, hours in (("starts", 30), ("ends", 32))}
    soonest = {"starts": _in(hours=1), "ends": _in(hours=2)}
    technician.order("defer", id=order, until=_in(hours=1), reason="等住户回来")
    technician.order("resume", id=order)
    technician.order("offer_visits", id=order, windows=[later])
    resident.order("choose_visit", id=order, offer=1, window=1)
    resident.order("cancel_visit", id=order, reason="要出差")
    technician.order("offer_visits", id=order, windows=[soonest, later])
    resident.order("choose_visit", id=order, offer=2, window=2)
    estate.operator.order("remind_visit", id=order, starts=later["starts"])
    moved = {"starts": _in(seconds=6), "ends": _in(hours=2)}
    resident.order("move_visit", id=order, **moved)

    def missed() -> bool:
        if datetime.now(UTC) < datetime.fromisoformat(moved["starts"]):
            return False
        technician.order("miss_visit", id=order)
        return True

    soon("the visit's time has begun", missed)


def _in(**after: int) -> str:
    return (datetime.now(UTC) + timedelta(**after)).isoformat()


def promise_a_minute(place: Place) -> None:
    """To send somebody within a minute, at any hour; ladders tell after one second."""
    manager = place.person("manager")
    for method, request in (
        ("set_calendar", {"week": WEEK}),
        ("set_targets", {"rules": [{"target": "respond", "minutes": 1}], "stopping": ["parts"]}),
        (
            "set_ladders",
            {"ladders": [{"steps": [{"percent": 1, "up": 0}, {"percent": 2, "up": 1}]}]},
        ),
    ):
        manager.order(method, community=place.community, **request)


def _holidays_run_out(place: Place) -> None:
    """The calendar has those of last year alone."""
    years = [datetime.now(UTC).year - 1]
    holidays = {"country": "CN", "years": years}
    place.person("manager").order(
        "set_calendar", community=place.community, week=WEEK, holidays=holidays
    )


def _of_staff(place: Place) -> None:
    manager, who = place.person("manager"), place.person("technician").id
    manager.order("record_skill", person=who, skill="plumbing", level=3)
    paper = manager.order(
        "record_certificate",
        person=who,
        skill="plumbing",
        title="管道工",
        valid_from="2026-01-01",
        valid_until="2029-12-31",
    )["certificate"]
    manager.order("withdraw_certificate", person=who, certificate=paper)
    manager.order("withdraw_skill", person=who, skill="plumbing")
    start = datetime.now(UTC) + timedelta(days=2)
    hours = [{"starts": start.isoformat(), "ends": (start + timedelta(hours=8)).isoformat()}]
    [shift] = manager.order("plan_shifts", person=who, shifts=hours)["shifts"]
    manager.order("withdraw_shift", person=who, shift=shift)
    leave = manager.order("grant_leave", person=who, **hours[0])["leave"]
    manager.order("withdraw_leave", person=who, leave=leave)


def _report(place: Place, category: str, words: str) -> Answer:
    return place.person("resident").order(
        "submit",
        community=place.community,
        kind="repair",
        category=category,
        unit=place.unit,
        description=words,
    )


def _told(estate: Estate, name: str) -> bool:
    return any(fact["type"] == name for fact in estate.facts("workorders"))
