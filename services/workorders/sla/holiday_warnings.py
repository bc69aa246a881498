"""Warning of years whose public holidays nobody entered."""

from __future__ import annotations

from typing import Any

from services.workorders.register.directory import Directory
from services.workorders.sla.application import levels_stream, warnings_stream
from services.workorders.sla.domain.calendar import missing_holidays
from services.workorders.sla.domain.holiday_warnings import HOLIDAY_WARNINGS, Warn
from services.workorders.sla.domain.levels import LEVELS, Levels
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.request import Request

Data = dict[str, Any]


class HolidayWarnings:
    def __init__(self, log: EventLog, directory: Directory) -> None:
        self._log = log
        self._directory = directory

    def warn_of_missing_holidays(self, request: Request, data: Data) -> Data:
        """Called by timers, which may come too early: what counts is the calendar in force.

        ``years``: those warned of now.
        """
        community = data["community"]
        self._directory.timezone(community)
        levels: Levels = self._log.load(LEVELS, levels_stream(community))[0]
        at = max(self._log.clock.now(), data["due"])
        years = missing_holidays(levels.calendars[-1].calendar, at) if levels.calendars else ()
        answer = self._log.execute(
            HOLIDAY_WARNINGS,
            warnings_stream(community),
            Warn(by=request.caller, community=community, years=years),
            request.context,
        )
        return answered(self._log, answer, years=[one.data.year for one in answer.events])
