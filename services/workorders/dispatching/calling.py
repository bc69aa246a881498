"""When a round of dispatching that something calls for is held."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.workorders.staff.views.roster.projection import Row as Span
from shared.following.handlers import SetTimer
from shared.following.tables import moment_text

# seconds of the clock at which rounds are due, so that all that calls for one calls for the same
EVERY_SECONDS = 2


def round_at(community: str, moment: datetime) -> SetTimer:
    """At the next of those seconds after ``moment``."""
    whole = moment.replace(second=moment.second // EVERY_SECONDS * EVERY_SECONDS, microsecond=0)
    return SetTimer(
        subject=community,
        rule="hold_round",
        due=moment_text(whole + timedelta(seconds=EVERY_SECONDS)),
        method="workorders.hold_round",
        request={"community": community},
    )


def there_from(span: Span, moment: datetime) -> datetime:
    """From when after ``moment`` somebody is there by this span of theirs: as a shift begins; as
    leave ends, since they may come back into a shift.
    """
    return max(moment, span.starts if span.what == "shift" else span.ends)
