"""The use cases of staff: who may say it, then the record; and what is on record."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec

from services.workorders.orders.domain.vocabulary import CHECKERS, STAFF
from services.workorders.orders.visibility import SEES_ALL
from services.workorders.register.directory import Directory
from services.workorders.register.views.posts.projection import Row as Post
from services.workorders.staff.answers import MOST_SPANS
from services.workorders.staff.domain import record as r
from services.workorders.staff.domain.events import CertificateRecorded
from services.workorders.staff.views.roster import queries as roster
from services.workorders.staff.views.roster.projection import ROSTER
from services.workorders.staff.views.technicians.projection import TECHNICIANS
from shared.errors import Forbidden
from shared.eventlog.answering import answered
from shared.eventlog.decider import Answer
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.following.reader import Reader
from shared.identity.caller import EVERY, Caller
from shared.request import Request

if TYPE_CHECKING:
    from services.workorders.bookings.application import Bookings

_NAMESPACE = UUID("c1a4b0de-4a53-5c0f-8d8e-3f1f0f0c7a52")

Data = dict[str, Any]


@lru_cache(maxsize=4096)
def record_id(person: str) -> str:
    """The stream of a person's record: in the community they are registered with."""
    return f"{community_of(person)}.{uuid5(_NAMESPACE, person)}"


class Staff:
    """Commands answer ``{"id", "version", "log", "position"}`` and, where one was made, the id of
    the certificate, the shifts or the leave. What takes time of theirs away tells the
    ``visits`` agreed for it: [{"order", "number", "starts", "ends"}].
    """

    def __init__(
        self, log: EventLog, reader: Reader, directory: Directory, bookings: Bookings
    ) -> None:
        self._bookings = bookings
        self._log = log
        self._reader = reader
        self._directory = directory

    # -- commands ----------------------------------------------------------------------------------

    def record_skill(self, request: Request, data: Data) -> Data:
        return self._do(request, data, r.RecordSkill)

    def withdraw_skill(self, request: Request, data: Data) -> Data:
        return self._do(request, data, r.WithdrawSkill)

    def record_certificate(self, request: Request, data: Data) -> Data:
        made = _made(request, data["person"], 0)
        answer = self._do(request, {**data, "certificate": made}, r.RecordCertificate)
        return {**answer, "certificate": made}

    def withdraw_certificate(self, request: Request, data: Data) -> Data:
        return self._do(request, data, r.WithdrawCertificate)

    def plan_shifts(self, request: Request, data: Data) -> Data:
        """All the shifts or, where one is refused, none."""
        shifts = tuple(
            r.Span(id=_made(request, data["person"], number), **shift)
            for number, shift in enumerate(data["shifts"])
        )
        answer = self._do(request, {**data, "shifts": shifts}, r.PlanShifts)
        return {**answer, "shifts": [shift.id for shift in shifts]}

    def withdraw_shift(self, request: Request, data: Data) -> Data:
        return self._take(request, data, r.WithdrawShift)

    def grant_leave(self, request: Request, data: Data) -> Data:
        leave = r.Span(
            id=_made(request, data["person"], 0), starts=data["starts"], ends=data["ends"]
        )
        answer = self._take(request, {"person": data["person"], "leave": leave}, r.GrantLeave)
        return {**answer, "leave": leave.id}

    def withdraw_leave(self, request: Request, data: Data) -> Data:
        return self._do(request, data, r.WithdrawLeave)

    def _take(self, request: Request, data: Data, command: type[r.Command]) -> Data:
        """Take time of theirs away; ``visits``: what is agreed for it and not over yet."""
        answer = self._execute(request, data, command)
        (taken,) = answer.events
        starts, ends = max(taken.data.starts, self._log.clock.now()), taken.data.ends
        visits = self._bookings.agreed(data["person"], starts, ends) if starts < ends else []
        return {
            **answered(self._log, answer),
            "visits": [msgspec.to_builtins(one) for one in visits],
        }

    def _do(self, request: Request, data: Data, command: type[r.Command]) -> Data:
        return answered(self._log, self._execute(request, data, command))

    def _execute(self, request: Request, data: Data, command: type[r.Command]) -> Answer:
        posts = self._posts(data["person"])
        return self._log.execute(
            r.STAFF_RECORD,
            record_id(data["person"]),
            command(employed=bool(posts), in_charge=in_charge(request.caller, posts), **data),
            request.context,
            expected_version=request.expected_version,
        )

    # -- queries -----------------------------------------------------------------------------------

    def staff_record(self, request: Request, data: Data) -> Data:
        """``{"person", "in_charge", "skills", "certificates", "shifts", "leave", "posts",
        "behind"}``: as of now; shifts and leave that have not ended. For the person, and the staff
        of their places.
        """
        person = data["person"]
        posts = self._posts(person)
        if request.caller.person != person and not any(_sees(request.caller, p) for p in posts):
            raise Forbidden("Only they themselves and those who lead staff there may see this.")
        behind = self._reader.wait(ROSTER, request.at_least, request.patience)
        stream = record_id(person)
        state, version = self._log.load(r.STAFF_RECORD, stream)
        made = {
            event.data.certificate: event.data
            for event in (self._log.history(stream) if state.certificates else ())
            if isinstance(event.data, CertificateRecorded)
        }
        now = self._log.clock.now()
        spans = roster.of(self._reader, person, now, MOST_SPANS)
        return {
            "person": person,
            "version": version,
            "in_charge": in_charge(request.caller, posts),
            "skills": dict(sorted(state.skills.items())),
            "certificates": [
                msgspec.to_builtins(made[one.certificate]) for one in state.certificates
            ],
            "shifts": [span_told(row) for row in spans if row.what == "shift"],
            "leave": [span_told(row) for row in spans if row.what == "leave"],
            "posts": [
                {"community": p.community, "role": p.role, "team": p.team, "superior": p.superior}
                for p in posts
            ],
            "behind": behind,
        }

    def on_shift(self, request: Request, data: Data) -> Data:
        """Who is there at a moment: ``{"at", "people": [{"person", "team", "ends", "skills"}],
        "behind"}``; whoever is on leave is not.
        """
        community = data["community"]
        self._directory.timezone(community)
        if request.caller.roles(community).isdisjoint(SEES_ALL):
            raise Forbidden("Only those who lead or dispatch staff there may see who is there.")
        behind = self._reader.wait(ROSTER, request.at_least, request.patience)
        at = data["at"] or self._log.clock.now()
        rows = roster.at(self._reader, at)
        away = {row.person for row in rows if row.what == "leave"}
        until = {row.person: row.ends for row in rows if row.what == "shift"}
        people: dict[str, Data] = {}
        for post in self._directory.technicians(community):
            if post.person not in until or post.person in away:
                continue
            if data["team"] is not None and post.team != data["team"]:
                continue
            known = self._reader.recent_row(TECHNICIANS, post.person)
            people[post.person] = {
                "person": post.person,
                "team": post.team,
                "ends": until[post.person].isoformat(),
                "skills": dict(sorted(known.skills.items())) if known is not None else {},
            }
        return {
            "at": at.isoformat(),
            "people": sorted(people.values(), key=lambda one: str(one["person"])),
            "behind": behind,
        }

    def _posts(self, person: str) -> list[Post]:
        return [post for post in self._directory.posts(person) if post.role in STAFF]


def in_charge(caller: Caller, posts: list[Post]) -> bool:
    """Whether the caller leads the person at one of their places, or is named as their superior."""
    return any(
        post.superior == caller.person or not _roles(caller, post).isdisjoint(CHECKERS)
        for post in posts
    )


def _sees(caller: Caller, post: Post) -> bool:
    return post.superior == caller.person or not _roles(caller, post).isdisjoint(SEES_ALL)


def _roles(caller: Caller, post: Post) -> frozenset[str]:
    """The caller's roles where the post is held; a post everywhere is led wherever one leads."""
    if post.community == EVERY:
        return frozenset(one.role for one in caller.posts if one.buildings is None)
    if post.buildings is None:
        return caller.roles(post.community)
    return frozenset[str]().union(
        *(caller.roles(post.community, building) for building in post.buildings)
    )


def _made(request: Request, person: str, number: int) -> str:
    own = uuid5(_NAMESPACE, f"{request.context.actor}:{request.context.command_id}:{number}")
    return f"{community_of(person)}.{own}"


def span_told(row: Any) -> Data:
    return {"id": row.key, "starts": row.starts.isoformat(), "ends": row.ends.isoformat()}
