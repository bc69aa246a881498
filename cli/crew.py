"""Who of the demo community can do what, and when they are there; what is given out by itself.

Recorded over the same RPC as any other. Shifts go by whole weeks, each with a command id of its
own, so that a later start plans what is missing and never what somebody has withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

from cli.community import COMMUNITY, NAMESPACE, STAFF, Call, as_manager, heard
from shared.errors import WuyeError

ZONE = ZoneInfo("Asia/Shanghai")
# what is planned, this one among them
WEEKS = 6
# no heat in winter waits for no dispatcher
AUTOMATIC = ("repair", "heating")
_WEEK = timedelta(days=7)
_EVERY_DAY = range(7)
_NOT_SUNDAY = range(6)


@dataclass(frozen=True)
class Duty:
    """``days`` of the week from Monday, 0; where it ends before it starts, on the day after."""

    days: Iterable[int]
    starts: time
    ends: time


@dataclass(frozen=True)
class Certificate:
    """``days``: for how long it is still valid from the week it is first recorded in."""

    skill: str
    title: str
    number: str
    days: int


@dataclass(frozen=True)
class Worker:
    skills: Mapping[str, int]
    duties: tuple[Duty, ...]
    certificates: tuple[Certificate, ...] = ()


# by log-in name
WORKERS: dict[str, Worker] = {
    "technician1": Worker(
        {"plumbing": 3, "heating": 3, "wall_ceiling": 2, "appliance": 2},
        (Duty(_NOT_SUNDAY, time(8), time(17)),),
        (Certificate("heating", "暖通设备操作证", "NT-2024-0311", 500),),
    ),
    "technician2": Worker(
        {"electrical": 3, "lift": 3, "door_lock": 2, "plumbing": 2, "heating": 1},
        (Duty(_NOT_SUNDAY, time(12), time(21)), Duty((6,), time(8), time(21))),
        (
            Certificate("electrical", "低压电工作业证", "DG-2023-5821", 400),
            Certificate("lift", "电梯作业人员证", "DT-2022-0907", 20),
        ),
    ),
    # the night duty
    "technician3": Worker(
        {"door_lock": 3, "appliance": 3, "plumbing": 2, "electrical": 1, "heating": 2},
        (Duty(_EVERY_DAY, time(20), time(8)),),
    ),
}


def employ(
    call: Call,
    people: Mapping[str, str],
    now: datetime,
    until: datetime | None = None,
    duty: Duty | None = None,
) -> None:
    """Record skills and certificates, set what is automatic, plan shifts; again adds nothing.

    ``call``: as their manager. ``people``: their ids by log-in name. ``until``: no certificate
    ends before; one ends soon after. ``duty``: everybody's, in place of their own.
    """
    monday = _monday(until or now)
    for login, worker in WORKERS.items():
        for method, request in _recorded(worker, monday):
            heard(partial(_do, call, method, people[login], request))
    kind, category = AUTOMATIC
    mode = {"community": COMMUNITY, "kind": kind, "category": category, "mode": "automatic"}
    mode["command_id"] = str(uuid5(NAMESPACE, "set_mode"))
    heard(lambda: call("workorders", "set_mode", mode))
    plan(call, people, now, duty)


def plan(call: Call, people: Mapping[str, str], now: datetime, duty: Duty | None = None) -> None:
    """Shifts from last week on, whose last night ends this Monday; a week in which somebody
    planned otherwise stays as it is.
    """
    for login, worker in WORKERS.items():
        duties = worker.duties if duty is None else (duty,)
        for week in range(-1, WEEKS):
            monday = _monday(now) + week * _WEEK
            shifts = [_shift(monday, day, each) for each in duties for day in each.days]
            request = {"shifts": shifts}
            try:
                _do(call, "plan_shifts", people[login], request, f"{monday}")
            except WuyeError as error:
                if error.code not in ("refused", "conflict"):
                    raise


def go_on(call: Call, now: datetime, tell: Callable[[str], None]) -> None:
    """Plan the shifts that time has brought near, in a demo community that was left as it is.

    ``call``: as the operator.
    """
    try:
        found = call("security", "people", {"community": COMMUNITY, "limit": 500})["people"]
        ids = {one["name"]: one["person"] for one in found}
        workers = [member for member in STAFF if member.login in WORKERS]
        if all(member.name in ids for member in workers):
            plan(as_manager(call), {one.login: ids[one.name] for one in workers}, now)
    except WuyeError as error:
        tell(f"no shifts were planned in the demo community: {error.message}")


def _recorded(worker: Worker, monday: date) -> Iterator[tuple[str, dict[str, Any]]]:
    for skill, level in worker.skills.items():
        yield "record_skill", {"skill": skill, "level": level}
    for one in worker.certificates:
        ends = monday + timedelta(days=one.days)
        yield (
            "record_certificate",
            {
                "skill": one.skill,
                "title": one.title,
                "number": one.number,
                "valid_from": (ends - timedelta(days=3 * 365)).isoformat(),
                "valid_until": ends.isoformat(),
            },
        )


def _shift(monday: date, day: int, duty: Duty) -> dict[str, str]:
    on = monday + timedelta(days=day)
    until = on + timedelta(days=duty.ends <= duty.starts)
    return {
        "starts": datetime.combine(on, duty.starts, ZONE).isoformat(),
        "ends": datetime.combine(until, duty.ends, ZONE).isoformat(),
    }


def _monday(now: datetime) -> date:
    today = now.astimezone(ZONE).date()
    return today - timedelta(days=today.weekday())


def _do(
    call: Call, method: str, person: str, request: Mapping[str, Any], more: str | None = None
) -> None:
    what = more or ":".join(str(value) for value in request.values())
    command_id = str(uuid5(NAMESPACE, f"{method}:{person}:{what}"))
    call("workorders", method, {"person": person, **request, "command_id": command_id})
