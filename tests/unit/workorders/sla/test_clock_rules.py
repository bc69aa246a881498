"""The rules of docs/sla.md, one by one."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from services.workorders.sla.domain.calendar import Hours, SpecialDay
from services.workorders.sla.domain.runs import Run
from tests.support.sla_cast import (
    HOUR,
    MINUTE,
    OFFICE_HOURS,
    at,
    day_off,
    event,
    promises,
    rule,
    run_of,
)

RESPOND = promises(rule("respond", 60))
ARRIVE = promises(rule("arrive", 120))
REPAIR = promises(rule("repair", 240))
ACCEPT = promises(rule("accept", 60, "calendar"))

submitted = event("submitted", at("09:00"))
dispatched = event("dispatched", at("09:30"))
started = event("started", at("10:00"))
repaired = event("repaired", at("11:00"))


def whys(run: Run) -> list[str]:
    return [each.why for each in run.intervals]


# -- what starts and what meets a target -----------------------------------------------------------


def test_respond_is_met_by_the_dispatch() -> None:
    run = run_of("respond", [submitted, dispatched], RESPOND, at("11:00"))
    assert (run.state, run.consumed, run.end) == ("met", 30 * MINUTE, at("09:30"))
    assert run.due == at("10:00") and not run.breached


def test_arrive_counts_from_the_report_and_is_met_by_the_start() -> None:
    run = run_of("arrive", [submitted, dispatched, started], ARRIVE, at("11:00"))
    assert (run.state, run.consumed) == ("met", HOUR)


def test_who_repairs_without_having_pressed_start_has_arrived() -> None:
    run = run_of("arrive", [submitted, dispatched, repaired], ARRIVE, at("11:00"))
    assert (run.state, run.end) == ("met", at("11:00"))


def test_accept_counts_from_the_repair() -> None:
    events = [submitted, dispatched, started, repaired]
    run = run_of("accept", events, ACCEPT, at("11:20"))
    assert (run.state, run.start, run.consumed) == ("running", at("11:00"), 20 * MINUTE)


def test_met_at_the_very_moment_it_is_due_is_in_time() -> None:
    run = run_of("respond", [submitted, event("dispatched", at("10:00"))], RESPOND, at("11:00"))
    assert run.due == run.end == at("10:00") and not run.breached
    late = event("dispatched", at("10:01"))
    assert run_of("respond", [submitted, late], RESPOND, at("11:00")).breached


def test_due_at_the_end_of_friday_is_late_on_saturday_although_nothing_more_counts() -> None:
    friday = event("submitted", at("17:00", day=6))
    run = run_of("respond", [friday], RESPOND, at("10:00", day=7))
    assert (run.due, run.consumed, run.breached) == (at("18:00", day=6), HOUR, True)


# -- working time ----------------------------------------------------------------------------------


def test_lunch_nights_and_weekends_do_not_count_and_say_so() -> None:
    friday = event("submitted", at("11:00", day=6))
    run = run_of("repair", [friday], REPAIR, at("09:30", day=9))
    assert whys(run) == ["running", "break", "running", "outside_hours", "day_off",
                         "outside_hours", "running"]  # fmt: skip
    assert run.due == at("16:30", day=6) and run.breached


def test_a_holiday_is_named() -> None:
    calendar = replace(OFFICE_HOURS, days=(day_off("妇女节", day=3),))
    run = run_of("repair", [event("submitted", at("17:00"))], REPAIR, at("09:00", day=4),
                 calendar=calendar)  # fmt: skip
    assert run.intervals[-2].why == "holiday" and run.intervals[-2].name == "妇女节"
    assert run.due is not None and run.due == at("12:00", day=4)


def test_a_shifted_working_day_counts_like_any_other() -> None:
    saturday = SpecialDay(
        date=at("00:00", day=7).date(),
        hours=(Hours(start=540, end=720),),
        kind="shifted",
        name="调休",
    )
    calendar = replace(OFFICE_HOURS, days=(saturday,))
    run = run_of("respond", [event("submitted", at("09:00", day=7))], RESPOND,
                 at("09:20", day=7), calendar=calendar)  # fmt: skip
    assert run.consumed == 20 * MINUTE and run.intervals[0].counted


def test_calendar_time_counts_day_and_night() -> None:
    friday = event("submitted", at("17:00", day=6))
    run = run_of("respond", [friday], promises(rule("respond", 600, "calendar")),
                 at("02:00", day=7))  # fmt: skip
    assert (run.consumed, run.due) == (9 * HOUR, at("03:00", day=7))


# -- pauses ----------------------------------------------------------------------------------------


def paused(reason: str = "parts", when: str = "10:00"):  # type: ignore[no-untyped-def]
    return event("paused", at(when), reason=reason)  # type: ignore[arg-type]


def test_while_a_pause_stops_the_clock_nothing_is_due() -> None:
    run = run_of("repair", [submitted, dispatched, paused()], REPAIR, at("11:00"))
    assert (run.state, run.due, run.consumed) == ("paused", None, HOUR)
    assert run.paused == {"parts": HOUR} and run.stopped_by == "parts" and not run.breached


def test_the_sum_of_a_pause_is_only_what_would_have_counted() -> None:
    resumed = event("resumed", at("10:00", day=3))
    run = run_of("repair", [submitted, dispatched, paused(when="17:00"), resumed], REPAIR,
                 at("10:00", day=3))  # fmt: skip
    assert run.paused == {"parts": 2 * HOUR}


def test_a_pause_for_a_reason_that_stops_nothing_counts_and_says_so() -> None:
    run = run_of("repair", [submitted, dispatched, paused("other")], REPAIR, at("11:00"))
    assert (run.state, run.consumed, whys(run)) == ("running", 2 * HOUR,
                                                    ["running", "pause_counts"])  # fmt: skip


def test_which_reasons_stop_is_for_the_community_to_say() -> None:
    targets = promises(rule("repair", 240), stopping=("other",))
    run = run_of("repair", [submitted, dispatched, paused("parts")], targets, at("11:00"))
    assert run.consumed == 2 * HOUR


# -- transfer, hand-back, rejection, reopening -----------------------------------------------------


def test_a_transfer_renews_no_promise_and_ends_a_pause() -> None:
    moved = event("transferred", at("10:30"))
    run = run_of("repair", [submitted, dispatched, paused(), moved], REPAIR, at("11:00"))
    assert (run.consumed, run.paused) == (90 * MINUTE, {"parts": 30 * MINUTE})


def test_an_order_handed_back_waits_for_somebody_again_with_what_is_left() -> None:
    back = event("handed_back", at("10:30"))
    run = run_of("respond", [submitted, dispatched, back], RESPOND, at("10:45"))
    assert (run.state, run.consumed, run.due) == ("running", 45 * MINUTE, at("11:00"))
    assert whys(run) == ["running", "assigned", "running"]


def test_a_hand_back_undoes_no_arrival() -> None:
    back = event("handed_back", at("10:30"))
    run = run_of("arrive", [submitted, dispatched, started, back], ARRIVE, at("11:30"))
    assert (run.state, run.end) == ("met", at("10:00"))


def test_a_rejected_repair_goes_on_where_it_stood() -> None:
    no = event("rejected", at("14:30"))
    run = run_of("repair", [submitted, dispatched, repaired, no], REPAIR, at("15:00"))
    assert (run.state, run.number, run.consumed) == ("running", 1, 150 * MINUTE)
    assert "awaiting_acceptance" in whys(run)


def test_a_rejection_is_an_answer_and_the_next_repair_asks_anew() -> None:
    no = event("rejected", at("11:10"))
    again = event("repaired", at("14:00"))
    events = [submitted, dispatched, repaired, no, again]
    first = run_of("accept", events, ACCEPT, at("14:05"))
    second = run_of("accept", events, ACCEPT, at("14:05"), number=2)
    assert (first.state, first.end) == ("met", at("11:10"))
    assert (second.state, second.consumed) == ("running", 5 * MINUTE)


def test_a_declined_order_ends_and_an_appeal_goes_on() -> None:
    no = event("declined", at("09:20"))
    run = run_of("respond", [submitted, no], RESPOND, at("17:00"))
    assert (run.state, run.due, run.breached) == ("ended", None, False)
    appeal = event("appealed", at("10:20"))
    run = run_of("respond", [submitted, no, appeal], RESPOND, at("10:30"))
    assert (run.state, run.consumed, whys(run)) == (
        "running", 30 * MINUTE, ["running", "declined", "running"])  # fmt: skip


def test_what_was_late_when_it_was_cancelled_stays_late() -> None:
    run = run_of("respond", [submitted, event("cancelled", at("10:30"))], RESPOND, at("17:00"))
    assert (run.state, run.breached, run.due) == ("ended", True, at("10:00"))


def test_an_order_that_is_put_off_waits_whatever_is_said_of_pauses() -> None:
    events = [submitted, dispatched, event("deferred", at("10:00"), reason="deferred")]
    targets = promises(rule("repair", 480), stopping=())
    run = run_of("repair", events, targets, at("17:00", day=4))
    assert (run.state, run.stopped_by, run.consumed, run.due) == ("paused", "deferred", HOUR, None)
    events += [event("resumed", at("09:00", day=5))]
    run = run_of("repair", events, targets, at("10:00", day=5))
    assert (run.state, run.consumed, list(run.paused)) == ("running", 2 * HOUR, ["deferred"])


# -- priority --------------------------------------------------------------------------------------

BY_PRIORITY = promises(
    rule("repair", 480), rule("repair", 60, "calendar", priority="urgent"),
    rule("repair", None, priority="low"),
)  # fmt: skip


def test_a_stricter_promise_is_broken_at_the_earliest_when_it_is_made() -> None:
    urgent = event("prioritised", at("11:00"), priority="urgent")
    run = run_of("repair", [submitted, urgent], BY_PRIORITY, at("11:30"))
    assert (run.consumed, run.due, run.breached) == (150 * MINUTE, at("11:00"), True)


def test_what_was_counted_stays_counted_and_the_new_kind_of_time_goes_on() -> None:
    urgent = event("prioritised", at("09:30"), priority="urgent")
    run = run_of("repair", [submitted, urgent], BY_PRIORITY, at("09:40"))
    assert run.limit is not None and run.limit.amount == HOUR
    assert (run.consumed, run.due) == (40 * MINUTE, at("10:00"))


def test_a_milder_promise_is_not_yet_broken() -> None:
    events = [event("submitted", at("09:00"), priority="urgent"),
              event("prioritised", at("11:00"), priority="normal")]  # fmt: skip
    before = run_of("repair", events, BY_PRIORITY, at("10:30"))
    after = run_of("repair", events, BY_PRIORITY, at("11:30"))
    assert before.breached and not after.breached
    assert after.due is not None and after.due == at("09:30", day=3)


def test_of_a_promise_withdrawn_nothing_is_left_but_what_was_counted() -> None:
    events = [submitted, event("prioritised", at("10:00"), priority="low")]
    run = run_of("repair", events, BY_PRIORITY, at("12:00"))
    assert (run.state, run.limit, run.due, run.consumed) == ("off", None, None, HOUR)
    assert whys(run) == ["running", "no_target"]


# -- claimed times ---------------------------------------------------------------------------------


def test_nobody_arrives_before_being_sent_whatever_they_claim() -> None:
    claimed = event("started", at("09:10"))
    run = run_of("arrive", [submitted, dispatched, claimed], ARRIVE, at("11:00"))
    assert run.end == at("09:30")


def test_a_reopened_order_is_a_run_of_its_own() -> None:
    accepted = event("accepted", at("12:00"))
    again = event("reopened", at("09:00", day=4))
    events = [submitted, dispatched, repaired, accepted, again]
    first = run_of("repair", events, REPAIR, at("10:00", day=4))
    second = run_of("repair", events, REPAIR, at("10:00", day=4), number=2)
    assert (first.state, first.consumed) == ("met", 2 * HOUR)
    assert (second.state, second.consumed, second.due) == ("running", HOUR, at("14:30", day=4))
    assert run_of("arrive", events, ARRIVE, at("10:00", day=4), number=2).state == "running"


def test_seconds_are_not_lost() -> None:
    late = submitted.at + timedelta(seconds=3599, microseconds=999_999)
    run = run_of("respond", [submitted], RESPOND, late)
    assert run.remaining == timedelta(microseconds=1) and not run.breached
