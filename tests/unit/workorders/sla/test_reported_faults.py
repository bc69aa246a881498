"""What users of other systems reported of their SLA clocks, each with its number.

Every test makes the history of the report and asks for what its author expected.
"""

from __future__ import annotations

from services.workorders.orders.domain import refusals as r
from services.workorders.orders.domain.commands import Reopen
from services.workorders.sla.domain.clock import clock, reached
from shared.testing.scenario import NOON
from tests.support.sla_cast import (
    HOUR,
    MINUTE,
    OFFICE_HOURS,
    ROUND_THE_CLOCK,
    at,
    event,
    promises,
    rule,
    run_of,
)
from tests.unit.workorders.cast import HISTORIES, given, li

REPAIR = promises(
    rule("repair", 480),
    rule("repair", 120, priority="urgent"),
    rule("repair", None, priority="low"),
)


def test_glpi_6902_a_pause_counts_for_the_promise_that_a_new_priority_brings() -> None:
    """Pending, then made urgent while still pending: the waiting was forgotten, and it was late."""
    events = [
        event("submitted", at("09:00")),
        event("dispatched", at("09:05")),
        event("paused", at("09:10"), reason="parts"),
        event("prioritised", at("11:30"), priority="urgent"),
    ]
    run = run_of("repair", events, REPAIR, at("12:00"))
    assert (run.state, run.consumed, run.breached) == ("paused", 10 * MINUTE, False)
    run = run_of("repair", [*events, event("resumed", at("14:00"))], REPAIR, at("14:00"))
    assert run.due == at("15:50")


def test_glpi_15605_days_on_hold_before_the_change_are_not_charged_to_the_new_target() -> None:
    """Run a while, on hold for days, another target: it counted from the opening, hold and all."""
    events = [
        event("submitted", at("09:00")),
        event("dispatched", at("09:00")),
        event("paused", at("10:00"), reason="supplier"),
        event("resumed", at("10:00", day=5)),
        event("prioritised", at("10:30", day=5), priority="urgent"),
    ]
    run = run_of("repair", events, REPAIR, at("10:45", day=5))
    assert (run.consumed, run.due, run.breached) == (105 * MINUTE, at("11:00", day=5), False)
    assert run.paused == {"supplier": 3 * 7.5 * HOUR}  # three working days


def test_frappe_1554_the_clock_does_not_tick_behind_a_pause() -> None:
    """Shown as paused while it went on; resumed, the old due time was back."""
    events = [
        event("submitted", at("09:00")),
        event("dispatched", at("09:00")),
        event("paused", at("10:00"), reason="resident_absent"),
    ]
    early = run_of("repair", events, REPAIR, at("10:00"))
    later = run_of("repair", events, REPAIR, at("11:45"))
    assert early.consumed == later.consumed == HOUR
    run = run_of("repair", [*events, event("resumed", at("12:00"))], REPAIR, at("13:30"))
    assert run.due == at("11:30", day=3)  # 17:30 less the two hours it waited for the resident


def test_frappe_2212_lunch_does_not_count_for_what_is_reported_during_lunch() -> None:
    run = run_of(
        "respond", [event("submitted", at("12:15"))], promises(rule("respond", 30)), at("13:29")
    )
    assert (run.consumed, run.due) == (0 * HOUR, at("14:00"))


def test_frappe_2075_what_is_reported_on_a_day_off_counts_from_the_first_working_minute() -> None:
    """First responses to what came at the weekend were said to have taken days."""
    events = [event("submitted", at("10:00", day=7)), event("dispatched", at("09:10", day=9))]
    run = run_of("respond", events, promises(rule("respond", 30)), at("12:00", day=9))
    assert (run.consumed, run.due, run.breached) == (10 * MINUTE, at("09:30", day=9), False)


def test_frappe_3465_the_time_an_order_was_closed_distorts_no_repair_time() -> None:
    """Reopening stretched the resolution time over all the time it had been closed."""
    reopened = event("reopened", at("09:00", day=5))
    events = [
        event("submitted", at("09:00")),
        event("dispatched", at("09:10")),
        event("repaired", at("10:00")),
        event("accepted", at("10:30")),
        reopened,
    ]
    asked = at("17:00", day=5)
    first = run_of("repair", events, REPAIR, asked)
    assert (first.state, first.consumed, first.breached) == ("met", HOUR, False)
    assert run_of("repair", events, REPAIR, asked, number=2).start == reopened.at


def test_frappe_3465_after_the_window_a_new_order_is_to_be_made() -> None:
    """Their wish: reopening for a while, then a new ticket."""
    later = NOON + 73 * HOUR
    given(*HISTORIES["accepted"]).when(Reopen(by=li, reason="drips"), at=later).refused(
        r.WindowClosed
    )


def test_zammad_5177_a_shorter_later_target_does_not_overrule_the_first_response() -> None:
    """An update time below the first response time replaced it before anybody had responded."""
    targets = promises(rule("respond", 240), rule("accept", 30))
    runs = clock([event("submitted", at("09:00"))], OFFICE_HOURS, targets, at("10:00"))
    assert {run.target: run.due for run in runs if run.limit} == {"respond": at("14:30")}


def test_zammad_5624_a_target_that_the_new_rules_do_not_have_is_gone() -> None:
    """Moved to a group without an update time, the ticket kept the old one."""
    targets = promises(
        rule("respond", 60),
        rule("arrive", 120),
        rule("arrive", None, priority="low"),
    )
    events = [
        event("submitted", at("09:00")),
        event("prioritised", at("09:30"), priority="low"),
    ]
    runs = {run.target: run for run in clock(events, OFFICE_HOURS, targets, at("09:45"))}
    assert runs["respond"].due == at("10:00")
    assert (runs["arrive"].state, runs["arrive"].due) == ("off", None)


def test_zammad_4353_what_lost_its_promise_is_not_overdue_and_escalates_no_further() -> None:
    """Without its SLA the ticket stayed escalated and went on sending notices."""
    events = [
        event("submitted", at("09:00"), priority="urgent"),
        event("prioritised", at("14:00"), priority="low"),
    ]
    assert run_of("repair", events, REPAIR, at("13:45")).breached
    run = run_of("repair", events, REPAIR, at("15:00"))
    assert (run.breached, run.due, reached(run, 200, OFFICE_HOURS)) == (False, None, None)


def test_zammad_4777_a_closed_order_says_how_long_it_took_the_first_time_and_the_second() -> None:
    """The figures were empty when closed, there when reopened, and empty when closed again."""
    events = [
        event("submitted", at("09:00")),
        event("dispatched", at("09:10")),
        event("repaired", at("09:45")),
        event("accepted", at("10:00")),
    ]
    run = run_of("repair", events, REPAIR, at("17:00"))
    assert (run.state, run.consumed, run.remaining) == ("met", 45 * MINUTE, 435 * MINUTE)
    events += [event("reopened", at("14:00")), event("repaired", at("14:20"))]
    again = [run_of("repair", events, REPAIR, at("17:00"), number=n) for n in (1, 2)]
    assert [run.consumed for run in again] == [45 * MINUTE, 20 * MINUTE]


def test_zammad_1322_the_residents_answer_starts_the_clock_again_whatever_the_way_it_came() -> None:
    """Answered by a note on the web page rather than by mail, the ticket never escalated again."""
    events = [
        event("submitted", at("09:00")),
        event("dispatched", at("09:00")),
        event("repaired", at("16:00")),
        event("WorkOrderReminded", at("17:00")),
        event("rejected", at("09:00", day=3)),
    ]
    run = run_of("repair", events, REPAIR, at("10:30", day=3), calendar=ROUND_THE_CLOCK)
    assert (run.state, run.due) == ("running", at("10:00", day=3)) and run.breached
