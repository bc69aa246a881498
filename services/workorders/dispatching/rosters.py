"""Everybody who works at a place, with what dispatching asks about them, over some days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from services.workorders.dispatching.domain.rules import DispatchRules
from services.workorders.dispatching.rulebook import Rulebook
from services.workorders.orders.domain.vocabulary import STAFF
from services.workorders.orders.visibility import SEES_ALL
from services.workorders.register.directory import Directory
from services.workorders.register.views.posts.projection import Row as Post
from services.workorders.staff.application import in_charge, span_told
from services.workorders.staff.domain.qualification import certified
from services.workorders.staff.views.roster import queries as roster
from services.workorders.staff.views.roster.projection import ROSTER
from services.workorders.staff.views.roster.projection import Row as Span
from services.workorders.staff.views.technicians.projection import TECHNICIANS
from services.workorders.staff.views.technicians.projection import Row as Known
from shared.errors import Forbidden, Invalid
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

LONGEST_DAYS = 62
Data = dict[str, Any]


class Rosters:
    def __init__(
        self, log: EventLog, reader: Reader, directory: Directory, rulebook: Rulebook
    ) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory
        self._rulebook = rulebook

    def roster(self, request: Request, data: Data) -> Data:
        """The staff of a community, by team: their superiors, skills, certificates, and the shifts
        and leave that meet the time from ``since`` to ``until``.
        """
        community = data["community"]
        zone = self._directory.timezone(community)
        if request.caller.roles(community).isdisjoint(SEES_ALL):
            raise Forbidden("Only those who lead or dispatch staff there may see this.")
        _check(data["since"], data["until"])
        behind = any(
            self._reader.wait(view, request.at_least, request.patience)
            for view in (ROSTER, TECHNICIANS)
        )
        posts: dict[str, list[Post]] = {}
        for post in self._directory.staff(community, STAFF):
            posts.setdefault(post.person, []).append(post)
        known = {row.key: row for row in self._reader.rows_of(TECHNICIANS, "key", posts)}
        spans = roster.between(self._reader, posts, data["since"], data["until"])
        rules = self._rulebook.of(community)
        today = self._log.clock.now().astimezone(zone).date()
        people = [
            {
                "person": person,
                "roles": list(dict.fromkeys(post.role for post in held)),
                "team": next((post.team for post in held if post.team), None),
                "superior": next((post.superior for post in held if post.superior), None),
                "in_charge": in_charge(request.caller, held),
                **_qualified(known.get(person), rules, today),
                "shifts": _told(spans, person, "shift"),
                "leave": _told(spans, person, "leave"),
            }
            for person, held in posts.items()
        ]
        return {
            "community": community,
            "today": today.isoformat(),
            "people": sorted(people, key=lambda one: (one["team"] or "\uffff", one["person"])),
            "behind": behind,
        }


def _qualified(known: Known | None, rules: DispatchRules, today: date) -> Data:
    """``stopped``: the skills that nobody sends them for today, for want of a certificate."""
    skills = {} if known is None else dict(sorted(known.skills.items()))
    held = () if known is None else known.certificates
    return {
        "skills": skills,
        "certificates": [msgspec.to_builtins(one) for one in held],
        "stopped": [
            skill
            for skill in skills
            if not certified(skill, rules.rule("repair", skill).certificate_required, held, today)
        ],
    }


def _check(since: datetime, until: datetime) -> None:
    if until <= since:
        raise Invalid("until: too early", fields={"until": ["It ends before it starts."]})
    if (until - since).days > LONGEST_DAYS:
        text = f"Ask for at most {LONGEST_DAYS} days."
        raise Invalid(f"until: {text}", fields={"until": [text]})


def _told(spans: list[Span], person: str, what: str) -> list[Data]:
    return [span_told(row) for row in spans if (row.person, row.what) == (person, what)]
