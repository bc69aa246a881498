"""The demo community: two buildings, twelve units, the people in them and the people who work
there.

Registered over the same RPC as any other, with command ids that derive from what is registered, so
that doing it again adds nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from shared.errors import Forbidden, Invalid
from shared.identity.caller import EVERY

NAMESPACE = UUID("0d7e2f5a-3b7c-5c8e-9a41-5f0c7d1be6a3")
COMMUNITY = "lakeside"
PASSWORD = "wuye-demo"

# service, method, request and, for others than the operator, whose token
Call = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Member:
    """Somebody of the community. ``unit``: where they live; ``role``: the post they hold.

    ``everywhere``: in every community there is.
    """

    login: str
    name: str
    role: str
    unit: str | None = None
    tenancy: str = "owner"
    language: str = "zh-CN"
    buildings: tuple[str, ...] = ()
    superior: str | None = None
    team: str | None = None
    everywhere: bool = False


_FAMILIES = (
    ("王秀英", "zh-CN"), ("李建国", "zh-CN"), ("张伟", "zh-CN"), ("刘洋", "zh-CN"),
    ("陈静", "zh-CN"), ("杨帆", "zh-CN"), ("赵敏", "zh-CN"), ("Emma Clarke", "en"),
    ("周杰", "zh-CN"), ("吴桂兰", "zh-CN"), ("Daniel Okafor", "en"), ("孙丽", "zh-CN"),
)  # fmt: skip
BUILDINGS = (("1", "1号楼"), ("2", "2号楼"))
UNITS = tuple(f"{building}-{floor}0{door}" for building in "12" for floor in "123" for door in "12")
RESIDENTS = tuple(
    Member(f"resident{number}", name, "resident", unit, language=language)
    for number, ((name, language), unit) in enumerate(zip(_FAMILIES, UNITS, strict=True), start=1)
)
STAFF = (
    Member("manager", "林国栋", "manager"),
    Member("supervisor", "何志强", "supervisor", superior="manager"),
    Member("dispatcher", "郑小芳", "dispatcher", superior="manager"),
    Member("technician1", "马师傅", "technician", superior="supervisor", team="水暖组"),
    Member("technician2", "朱师傅", "technician", superior="supervisor", team="电梯与电气组"),
    Member(
        "technician3",
        "Oleg Petrov",
        "technician",
        language="en",
        superior="supervisor",
        team="夜班组",
    ),
    Member("guard", "高峰", "guard", superior="manager"),
    Member("accountant", "梁晓", "accountant", superior="manager"),
    Member("auditor", "宋明", "auditor"),
)
ADMIN = Member("admin", "韩雪", "admin", everywhere=True)
# of the owners, who decides for them on the maintenance fund
COMMITTEE = Member("committee", "徐慧", "committee")
# in this order, which gives them their phone numbers
MEMBERS = (*STAFF, *RESIDENTS, ADMIN, COMMITTEE)


_HEARD_WITHIN = 20.0
_OFFICE = ["08:30-12:00", "13:30-18:00"]
# what the demo community promises, by method of `workorders`
PROMISES: dict[str, dict[str, Any]] = {
    "set_calendar": {
        "week": {
            **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _OFFICE),
            "sat": ["09:00-12:00"],
        },
        "holidays": {"country": "CN", "years": [2026, 2027]},
    },
    "set_targets": {
        "rules": [
            {"target": "respond", "minutes": 60},
            {"target": "respond", "minutes": 15, "time": "calendar", "priority": "urgent"},
            {"target": "arrive", "minutes": 4 * 60},
            {"target": "arrive", "minutes": 60, "time": "calendar", "priority": "urgent"},
            {"target": "repair", "minutes": 8 * 60},
            {"target": "repair", "minutes": 8 * 60, "time": "calendar", "priority": "urgent"},
            {"target": "repair", "minutes": 16 * 60, "kind": "complaint"},
            {"target": "accept", "minutes": 48 * 60, "time": "calendar"},
        ],
        "stopping": ["parts", "resident_absent", "supplier"],
    },
    "set_ladders": {
        "ladders": [
            {
                "steps": [
                    {"percent": 80, "up": 0},
                    {"percent": 100, "up": 1},
                    {"percent": 200, "up": 2},
                ]
            }
        ],
    },
}


@dataclass(frozen=True)
class Registered:
    """Ids by what people call the things: unit by code, person by log-in name."""

    units: Mapping[str, str]
    buildings: Mapping[str, str]
    people: Mapping[str, str]


def register(call: Call, tell: Callable[[str], None] = lambda text: None) -> Registered:
    """Register all of it as the operator; the same again changes nothing."""

    def do(method: str, what: str, request: Mapping[str, Any]) -> dict[str, Any]:
        return call(
            "security",
            method,
            {**request, "command_id": str(uuid5(NAMESPACE, f"{method}:{what}"))},
        )

    tell("registering the demo community")
    do("register_community", COMMUNITY, {"community": COMMUNITY, "name": "湖畔花园"})
    buildings = {
        code: do("register_building", code, {"community": COMMUNITY, "code": code, "name": name})[
            "id"
        ]
        for code, name in BUILDINGS
    }
    units = {
        code: do("register_unit", code, {"building": buildings[code[0]], "code": code})["id"]
        for code in UNITS
    }
    people: dict[str, str] = {}
    for number, member in enumerate(MEMBERS, start=1):
        tell(f"opening accounts {number}/{len(MEMBERS)}")
        person = do(
            "register_person",
            member.login,
            {
                "community": COMMUNITY,
                "name": member.name,
                "phone": f"138 0000 {number:04d}",
                "language": member.language,
            },
        )["id"]
        people[member.login] = person
        if member.unit is not None:
            do(
                "move_in",
                member.login,
                {"person": person, "unit": units[member.unit], "kind": member.tenancy},
            )
        account = do(
            "open_account",
            member.login,
            {"person": person, "login": member.login, "password": PASSWORD},
        )["id"]
        where = EVERY if member.everywhere else COMMUNITY
        grant: dict[str, Any] = {"account": account, "role": member.role, "community": where}
        if member.superior is not None:
            grant["superior"] = people[member.superior]
        if member.team is not None:
            grant["team"] = member.team
        do("grant", member.login, grant)
    return Registered(units, buildings, people)


def promise(call: Call) -> None:
    """Set what the community promises; the same again changes nothing."""
    for method, request in PROMISES.items():
        what = {"community": COMMUNITY, "command_id": str(uuid5(NAMESPACE, method)), **request}
        heard(partial(call, "workorders", method, what))


def as_manager(call: Call) -> Call:
    """The same calls by the demo's manager: an operator leads nobody."""
    secret = {"login": "manager", "password": PASSWORD}
    token = call("security", "login", secret)["access_token"]
    return lambda service, method, request: call(service, method, request, token)


def heard(do: Callable[[], Any]) -> None:
    """Do it once `workorders` has heard of the community and its people, a moment after they were
    registered; so it may take some tries.
    """
    until = time.monotonic() + _HEARD_WITHIN
    while True:
        try:
            do()
            return
        except (Forbidden, Invalid) as error:
            about = error.fields.keys() & {"community", "person"}
            if (isinstance(error, Invalid) and not about) or time.monotonic() > until:
                raise
            time.sleep(0.1)


def log_ins() -> Iterator[str]:
    """Who can log in, a line each."""
    yield f"log in with one of these; the password is {PASSWORD}"
    for member in MEMBERS:
        where = f"  lives in {member.unit}" if member.unit else ""
        yield f"  {member.login:<12} {member.role:<11} {member.name}{where}"
