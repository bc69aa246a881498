"""Waiting that the resident chose: for a visit, for the answer to a quote, for a date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from services.workorders.sla.domain.calendar import Timetable
from services.workorders.sla.domain.happenings import Happening, happening
from services.workorders.sla.domain.reaching import share_reached
from services.workorders.sla.domain.runs import Run
from services.workorders.sla.domain.targets import Targets, Waits
from tests.support.sla_cast import HOUR, MINUTE, OFFICE_HOURS, at, event, promises, rule, run_of
from tests.support.sla_lives import WIRE

ARRIVE = promises(rule("arrive", 240))
REPAIR = promises(rule("repair", 480))
RESPOND = promises(rule("respond", 60))

submitted = event("submitted", at("09:00"))
dispatched = event("dispatched", at("09:30"))


def said(name: str, when: datetime, actor: str = "sun", /, **data: Any) -> Happening:
    """What the clock takes of an event as it is written down."""
    keys = {"kind": "repair", "category": "plumbing", "reporter": "li", "accepter": "li"}
    found = happening(WIRE[name], {**keys, **data}, when, actor)
    assert found is not None
    return found


def offered(when: datetime, *windows: tuple[datetime, datetime]) -> Happening:
    told = [{"starts": starts.isoformat(), "ends": ends.isoformat()} for starts, ends in windows]
    return said("offered", when, windows=told)


def chosen(when: datetime, starts: datetime) -> Happening:
    return said("chosen", when, "li", starts=starts.isoformat())


def moved(when: datetime, starts: datetime, by: str, *, requested: bool = False) -> Happening:
    return said("moved", when, by, starts=starts.isoformat(), requested=requested)


def quoted(
    when: datetime,
    until: datetime,
    payer: str = "owner",
    *,
    number: int = 1,
    answerer: str | None = None,
) -> Happening:
    more = {"payer": payer, "quote": number, "answerer": answerer}
    return said("quoted", when, "wang", valid_until=until.isoformat(), **more)


def whys(run: Run) -> list[str]:
    closed = ("break", "outside_hours", "day_off")
    return [each.why for each in run.intervals if each.why not in closed]


AGREED = [submitted, dispatched, chosen(at("10:00"), at("09:00", day=4))]


# -- a visit ---------------------------------------------------------------------------------------


def test_until_an_agreed_visit_begins_nothing_is_used_up_and_the_interval_says_why() -> None:
    run = run_of("arrive", AGREED, ARRIVE, at("17:00", day=3))
    assert (run.state, run.stopped_by, run.consumed) == ("paused", "waiting_for_visit", HOUR)
    assert (run.due, run.breached, whys(run)) == (None, False, ["running", "waiting_for_visit",
                                                                "waiting_for_visit",
                                                                "waiting_for_visit",
                                                                "waiting_for_visit"])  # fmt: skip
    assert run.paused == {"waiting_for_visit": 6.5 * HOUR + 7 * HOUR - 30 * MINUTE}


def test_nobody_comes_at_the_agreed_time_and_from_then_on_it_counts_again() -> None:
    run = run_of("arrive", AGREED, ARRIVE, at("11:00", day=4))
    assert (run.state, run.consumed, run.due) == ("running", 3 * HOUR, at("12:00", day=4))
    late = run_of("arrive", AGREED, ARRIVE, at("13:31", day=4))
    assert late.breached and late.consumed == 4 * HOUR + MINUTE


def test_the_visit_missed_by_the_resident_forgives_nothing_more() -> None:
    missed = said("missed", at("10:00", day=4), "wang")
    run = run_of("arrive", [*AGREED, missed], ARRIVE, at("11:00", day=4))
    assert (run.state, run.consumed) == ("running", 3 * HOUR)


def test_who_missed_a_visit_is_waited_for_as_soon_as_times_are_on_offer_again() -> None:
    later = (at("09:00", day=5), at("11:00", day=5))
    events = [
        *AGREED,
        said("missed", at("09:30", day=4), "wang"),
        offered(at("10:00", day=4), later),
    ]
    run = run_of("arrive", events, ARRIVE, at("17:00", day=4))
    assert (run.state, run.consumed) == ("paused", 2 * HOUR)
    # nobody answers, and those times are over
    run = run_of("arrive", events, ARRIVE, at("11:30", day=5))
    assert (run.state, run.consumed) == ("running", 2.5 * HOUR)
    # once another was agreed on, the next offer is as any first one
    again = [
        *events,
        chosen(at("10:30", day=4), at("09:00", day=5)),
        offered(at("10:00", day=5), (at("09:00", day=6), at("11:00", day=6))),
    ]
    run = run_of("arrive", again, ARRIVE, at("11:00", day=5))
    assert (run.state, run.consumed) == ("running", 4 * HOUR)


def test_a_visit_that_is_called_off_is_not_waited_for_any_more() -> None:
    off = said("called_off", at("14:00", day=3), "li")
    run = run_of("arrive", [*AGREED, off], ARRIVE, at("15:00", day=3))
    assert (run.state, run.consumed) == ("running", 2 * HOUR)
    # times on offer anew are waited for from the first of them on, as ever
    again = offered(at("15:00", day=3), (at("09:00", day=4), at("11:00", day=4)))
    run = run_of("arrive", [*AGREED, off, again], ARRIVE, at("16:00", day=3))
    assert (run.state, run.consumed) == ("running", 3 * HOUR)
    run = run_of("arrive", [*AGREED, off, again], ARRIVE, at("10:00", day=4))
    assert run.stopped_by == "waiting_for_visit"


def test_whoever_comes_before_the_agreed_time_has_come() -> None:
    started = event("started", at("14:00", day=3))
    run = run_of("arrive", [*AGREED, started], ARRIVE, at("15:00", day=3))
    assert (run.state, run.end, run.consumed) == ("met", at("14:00", day=3), HOUR)
    repair = run_of("repair", [*AGREED, started], REPAIR, at("15:00", day=3))
    assert (repair.state, repair.consumed) == ("running", 2 * HOUR)


def test_a_visit_the_resident_moves_is_waited_for_until_its_new_time() -> None:
    later = moved(at("15:00", day=3), at("09:00", day=5), "li")
    run = run_of("arrive", [*AGREED, later], ARRIVE, at("17:00", day=4))
    assert (run.state, run.consumed) == ("paused", HOUR)


def test_a_visit_the_company_moves_is_waited_for_until_the_time_it_was_agreed_for() -> None:
    later = moved(at("15:00", day=3), at("09:00", day=5), "wang")
    run = run_of("arrive", [*AGREED, later], ARRIVE, at("11:00", day=4))
    assert (run.state, run.consumed) == ("running", 3 * HOUR)
    sooner = moved(at("15:00", day=3), at("16:00", day=3), "wang")
    run = run_of("arrive", [*AGREED, sooner], ARRIVE, at("17:00", day=3))
    assert (run.state, run.consumed) == ("running", 2 * HOUR)


def test_a_visit_moved_by_staff_because_the_resident_asked_is_the_residents_wish() -> None:
    later = moved(at("15:00", day=3), at("09:00", day=5), "sun", requested=True)
    run = run_of("arrive", [*AGREED, later], ARRIVE, at("11:00", day=4))
    assert (run.state, run.consumed) == ("paused", HOUR)


def test_an_offer_that_nobody_answers_is_waited_for_from_its_first_time_to_its_last() -> None:
    offer = offered(
        at("10:00"),
        (at("14:00"), at("16:00")),
        (at("09:00", day=3), at("11:00", day=3)),
    )
    events = [submitted, dispatched, offer]
    before = run_of("arrive", events, ARRIVE, at("13:30"))
    assert (before.state, before.consumed) == ("running", 3 * HOUR)
    # what is left is used up only after the last of these times
    assert before.due == at("11:30", day=3)
    run = run_of("arrive", events, ARRIVE, at("15:00"))
    assert (run.state, run.consumed) == ("paused", 3.5 * HOUR)
    run = run_of("arrive", events, ARRIVE, at("11:20", day=3))
    assert (run.state, run.consumed) == ("running", 3.5 * HOUR + 20 * MINUTE)


def test_a_visit_delays_nobody_from_being_sent() -> None:
    events = [submitted, chosen(at("09:20"), at("09:00", day=4))]
    assert run_of("respond", events, RESPOND, at("11:00")).breached


def test_a_pause_within_the_wait_is_named_and_the_wait_goes_on_after_it() -> None:
    events = [
        *AGREED,
        event("paused", at("14:00"), reason="parts"),
        event("resumed", at("16:00")),
    ]
    run = run_of("arrive", events, ARRIVE, at("17:00"))
    assert run.paused == {"waiting_for_visit": 3.5 * HOUR, "parts": 2 * HOUR}
    assert run.stopped_by == "waiting_for_visit"


def test_a_pause_that_stops_nothing_does_not_hide_the_wait() -> None:
    events = [*AGREED, event("paused", at("14:00"), reason="other")]
    run = run_of("arrive", events, ARRIVE, at("17:00"))
    assert (run.state, run.stopped_by, run.consumed) == ("paused", "waiting_for_visit", HOUR)


# -- a quote ---------------------------------------------------------------------------------------

PRICED = [submitted, dispatched, quoted(at("10:00"), at("10:00", day=4))]


def test_while_the_owner_has_a_quote_to_answer_nothing_is_used_up() -> None:
    run = run_of("repair", PRICED, REPAIR, at("11:00", day=3))
    assert (run.state, run.stopped_by, run.consumed) == ("paused", "waiting_for_quote", HOUR)
    for name in ("quote_accepted", "quote_declined", "quote_withdrawn"):
        answered = said(name, at("09:00", day=3), "li")
        run = run_of("repair", [*PRICED, answered], REPAIR, at("11:00", day=3))
        assert (run.state, run.consumed) == ("running", 3 * HOUR)


def test_a_quote_lapses_by_the_time_whether_that_was_written_down_or_not() -> None:
    run = run_of("repair", PRICED, REPAIR, at("12:00", day=4))
    assert (run.state, run.consumed) == ("running", 3 * HOUR)
    lapsed = said("quote_lapsed", at("11:00", day=4))
    again = run_of("repair", [*PRICED, lapsed], REPAIR, at("12:00", day=4))
    assert (again.consumed, again.due) == (run.consumed, run.due)


def test_what_the_company_has_to_answer_itself_is_not_waited_for() -> None:
    for payer in ("warranty", "fund", "company"):
        events = [submitted, dispatched, quoted(at("10:00"), at("10:00", day=4), payer)]
        assert run_of("repair", events, REPAIR, at("12:00")).consumed == 3 * HOUR
    # nor is the owner any more, once such a quote takes the place of theirs
    events = [*PRICED, quoted(at("11:00"), at("10:00", day=4), "warranty")]
    assert run_of("repair", events, REPAIR, at("12:00")).consumed == 2 * HOUR


def test_the_owners_committee_is_waited_for_as_an_owner_is() -> None:
    asked = quoted(at("10:00"), at("10:00", day=4), "fund", answerer="committee")
    run = run_of("repair", [submitted, dispatched, asked], REPAIR, at("12:00"))
    assert (run.stopped_by, run.consumed) == ("waiting_for_quote", HOUR)
    manager = quoted(at("10:00"), at("10:00", day=4), "fund", answerer="manager")
    run = run_of("repair", [submitted, dispatched, manager], REPAIR, at("12:00"))
    assert run.consumed == 3 * HOUR


def test_a_yes_that_staff_took_down_is_waited_for_while_the_resident_may_object() -> None:
    until = at("12:00")
    taken = said("quote_taken", at("11:00"), quote=1, objection_until=until.isoformat())
    events = [*PRICED, taken]
    assert run_of("repair", events, REPAIR, at("11:30")).stopped_by == "waiting_for_quote"
    over = run_of("repair", events, REPAIR, at("14:30"))
    assert (over.state, over.consumed) == ("running", 2 * HOUR)
    confirmed = [*events, said("confirmed", at("11:30"), "li", quote=1)]
    assert run_of("repair", confirmed, REPAIR, at("12:00")).consumed == 1.5 * HOUR
    # they did not say it: the quote waits for its answer again
    objected = [*events, said("objected", at("11:30"), "li", quote=1)]
    run = run_of("repair", objected, REPAIR, at("17:00", day=3))
    assert (run.stopped_by, run.consumed) == ("waiting_for_quote", HOUR)
    # what was said of an earlier quote changes nothing of a later one
    later = [*events, quoted(at("11:10"), at("10:00", day=4), number=2)]
    for name in ("confirmed", "objected"):
        run = run_of(
            "repair", [*later, said(name, at("11:20"), "li", quote=1)], REPAIR, at("17:00")
        )
        assert (run.stopped_by, run.consumed) == ("waiting_for_quote", HOUR)


def test_another_quote_is_waited_for_until_its_own_time() -> None:
    events = [*PRICED, quoted(at("11:00"), at("14:00"))]
    assert run_of("repair", events, REPAIR, at("15:00")).consumed == 2 * HOUR


def test_of_two_waits_the_quote_is_named() -> None:
    events = [*AGREED, quoted(at("11:00"), at("09:00", day=5))]
    assert run_of("repair", events, REPAIR, at("14:00")).stopped_by == "waiting_for_quote"


# -- ends, versions --------------------------------------------------------------------------------


def test_what_is_declined_is_waited_for_no_longer_should_it_go_on() -> None:
    events = [
        *AGREED,
        quoted(at("10:30"), at("09:00", day=5)),
        event("declined", at("11:00")),
        event("appealed", at("14:00")),
    ]
    run = run_of("repair", events, REPAIR, at("15:00"))
    assert (run.state, run.consumed) == ("running", 2 * HOUR)


def test_when_a_step_will_be_due_is_known_through_a_wait() -> None:
    run = run_of("arrive", AGREED, ARRIVE, at("11:00"))
    timetable = Timetable(OFFICE_HOURS)
    assert share_reached(run, 100, timetable) == at("12:00", day=4)
    assert share_reached(run, 50, timetable) == at("10:00", day=4)
    paused = [*AGREED, event("paused", at("10:30"), reason="parts")]
    stopped = run_of("arrive", paused, ARRIVE, at("11:00"))
    assert share_reached(stopped, 100, timetable) is None


def test_which_targets_wait_is_for_the_community_to_say() -> None:
    waits = Waits(visit=("repair",), quote=(), deferral=("arrive",))
    targets = promises(rule("arrive", 240), rule("repair", 480), waits=waits)
    assert run_of("arrive", AGREED, targets, at("12:00")).consumed == 3 * HOUR
    assert run_of("repair", AGREED, targets, at("12:00")).consumed == HOUR
    assert run_of("repair", PRICED, targets, at("12:00")).consumed == 3 * HOUR
    put_off = [submitted, event("deferred", at("10:00"), reason="deferred")]
    assert run_of("arrive", put_off, targets, at("12:00")).consumed == HOUR
    counted = run_of("repair", put_off, targets, at("12:00"))
    assert counted.consumed == 3 * HOUR and counted.intervals[-1].why == "pause_counts"


def test_versions_from_before_waits_judge_as_they_did() -> None:
    written = {"rules": msgspec.to_builtins((rule("arrive", 240), rule("repair", 480)))}
    targets = msgspec.convert(written, Targets)
    assert run_of("arrive", AGREED, targets, at("12:00")).consumed == 3 * HOUR
    assert run_of("repair", PRICED, targets, at("12:00")).consumed == 3 * HOUR
    put_off = [submitted, dispatched, event("deferred", at("10:00"), reason="deferred")]
    assert run_of("repair", put_off, targets, at("12:00")).consumed == HOUR
