"""When the next round is held: as work comes, and as hands do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from services.workorders.staff import schemas as s
from shared.testing.scenario import NOON
from tests.support.order_facts import MEI, WANG, granted
from tests.unit.workorders.desk import Desk, boss


def test_a_round_is_due_when_work_comes_and_when_a_shift_begins(desk: Desk) -> None:
    desk.report()
    desk.shift(WANG, NOON + timedelta(days=1))
    assert desk.due() == [], "nothing here is automatic"
    desk.mode("automatic")
    assert desk.due() == ["2026-03-02T12:00:02.000000Z", "2026-03-03T12:00:02.000000Z"]
    desk.clock.advance(timedelta(seconds=10))
    desk.report()
    desk.clock.advance(timedelta(seconds=1))
    desk.report()
    assert len(desk.due()) == 3, "what comes together is given out together"
    starts = datetime(2026, 3, 5, 0, 0, 0, tzinfo=UTC)
    desk.shift(WANG, starts)
    assert desk.due()[-1] == "2026-03-05T00:00:02.000000Z"


def test_a_round_is_due_when_leave_ends_and_when_a_certificate_begins_or_is_taken_off(
    desk: Desk,
) -> None:
    desk.mode("automatic")

    def new() -> list[str]:
        """The rounds that are due since this was asked last."""
        found = [one for one in desk.due() if one not in known]
        known.extend(found)
        desk.clock.advance(timedelta(seconds=10))
        return found

    known: list[str] = []
    new()
    starts, ends = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
    leave = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=WANG, **leave)
    assert new() == ["2026-03-02T15:00:02.000000Z"]
    made = desk.certify(WANG, "2026-12-31", since="2026-03-05")
    # at once, and as that day begins in the community
    assert new() == ["2026-03-02T12:00:22.000000Z", "2026-03-04T16:00:02.000000Z"]
    gone = {"person": WANG, "certificate": made}
    desk.ask("staff", "withdraw_certificate", s.WithdrawCertificate, boss, **gone)
    assert new() == ["2026-03-02T12:00:32.000000Z"]


def test_a_round_is_due_when_somebody_becomes_a_technician_and_when_their_shifts_begin(
    desk: Desk,
) -> None:
    desk.mode("automatic")
    desk.told("security", granted(MEI, "dispatcher"))
    desk.skill(MEI)
    desk.shift(MEI, NOON + timedelta(hours=1))
    starts, ends = NOON + timedelta(hours=2), NOON + timedelta(hours=3)
    leave = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    desk.ask("staff", "grant_leave", s.GrantLeave, boss, person=MEI, **leave)
    before = desk.due()
    posted = granted(MEI, "technician")
    desk.told("security", msgspec.structs.replace(posted, time=NOON + timedelta(minutes=30)))
    assert [one for one in desk.due() if one not in before] == [
        "2026-03-02T12:30:02.000000Z",
        "2026-03-02T13:00:02.000000Z",
        "2026-03-02T15:00:02.000000Z",
    ]


def test_other_posts_and_posts_elsewhere_call_for_no_round(desk: Desk) -> None:
    desk.mode("automatic")
    before = desk.due()
    later = NOON + timedelta(minutes=30)
    for one in (granted(MEI, "dispatcher"), granted(MEI, "technician", "hill")):
        desk.told("security", msgspec.structs.replace(one, time=later))
    assert desk.due() == before
    everywhere = granted(MEI, "technician", "*")
    desk.told("security", msgspec.structs.replace(everywhere, time=later))
    assert desk.due() == [*before, "2026-03-02T12:30:02.000000Z"]
