"""Orders with a past: what the domain decides, with ids, numbers and times of their own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from eventsourcing.persistence import StoredEvent

from services.workorders.orders.application import ORDER
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.events import OrderEvent, WorkOrderSubmitted
from services.workorders.orders.domain.vocabulary import Material
from shared.eventlog.mapper import Mapper
from shared.eventlog.records import Meta
from shared.identity.caller import Caller, Post
from shared.messaging.envelope import Fact

COMMUNITY = "lakeside"
OLDEST, NEWEST = timedelta(days=300), timedelta(days=4)
STEP = timedelta(minutes=20)
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class People:
    """``residents``: (person, unit, building); ids all of them."""

    residents: list[list[str]]
    technicians: list[str]
    dispatcher: str


@dataclass(frozen=True)
class History:
    """One order."""

    stream: str
    events: list[tuple[OrderEvent, Meta]]

    def stored(self, mapper: Mapper) -> tuple[StoredEvent, ...]:
        return tuple(
            mapper.encode(self.stream, version, event, meta)
            for version, (event, meta) in enumerate(self.events, start=1)
        )

    def facts(self) -> list[Fact]:
        """As followers get them, but for id and position, which no view row holds."""
        return [
            Fact(
                id="",
                log="workorders",
                position=0,
                type=type(event).__name__,
                schema=1,
                subject=self.stream,
                version=version,
                community=COMMUNITY,
                time=meta.time,
                occurred_at=meta.occurred_at,
                actor=meta.actor,
                command_id=meta.command_id,
                correlation_id=meta.correlation_id,
                data=msgspec.to_builtins(event),
            )
            for version, (event, meta) in enumerate(self.events, start=1)
        ]


def imaginary() -> People:
    """People of a community that was never registered: for stores that no service looks into."""

    def named(name: str) -> str:
        return f"{COMMUNITY}.{uuid5(NAMESPACE_OID, name)}"

    residents = [[named(f"r{n}"), named(f"u{n}"), named(f"b{n % 2}")] for n in range(12)]
    return People(residents, [named(f"t{n}") for n in range(3)], named("dispatcher"))


def rated(
    people: People, first: int, count: int, of: int, digest: Callable[[Any], str], now: datetime
) -> Iterator[History]:
    """Orders ``first`` to ``first + count`` of ``of``, each from submitted to rated, spread over
    the time before ``now``.
    """
    chance = random.Random(first)
    for place in range(first, first + count):
        submitted = now - OLDEST + (OLDEST - NEWEST) * (place / of)
        resident = place % len(people.residents)
        technician = place % len(people.technicians)
        model = _model(_Key(people), resident, technician)
        stream = f"{COMMUNITY}.{UUID(int=chance.getrandbits(128), version=4)}"
        # years apart count apart, as the service has it
        number = f"R-{submitted.year}-{place + 1:06d}"
        events = []
        for step, (event, actor) in enumerate(model):
            changes = {"number": number}
            if isinstance(event, WorkOrderSubmitted):
                changes["id"] = stream
            meta = _meta(chance, actor, submitted + step * STEP, digest)
            events.append((msgspec.structs.replace(event, **changes), meta))
        yield History(stream, events)


def long(
    people: People, length: int, seed: int, digest: Callable[[Any], str], now: datetime
) -> History:
    """One order that is repaired and rejected over and over; dispatched in the end."""
    chance = random.Random(f"{length}:{seed}")
    stream = f"{COMMUNITY}.{UUID(int=chance.getrandbits(128), version=4)}"
    resident, unit, building = people.residents[0]
    technician = people.technicians[0]
    number = f"R-{now.year - 1}-{900_000 + length + seed:06d}"
    state = ORDER.initial()
    events: list[tuple[OrderEvent, Meta]] = []
    begin = now - NEWEST - length * timedelta(seconds=10)
    again = [_repair(technician), c.Reject(by=_resident(resident), reason="still drips")]
    commands = [_submit(stream, number, resident, unit, building), _dispatch(people, technician)]
    while len(events) < length:
        step = len(events)
        command = commands[step] if step < 2 else again[step % 2]
        meta = _meta(chance, command.by.person, begin + step * timedelta(seconds=10), digest)
        (event,) = ORDER.decide(command, state, meta)
        state = ORDER.evolve(state, event, meta)
        events.append((event, meta))
    return History(stream, events)


class _Key:
    """People as a cache's key, by identity."""

    def __init__(self, people: People) -> None:
        self.people = people

    def __hash__(self) -> int:
        return id(self.people)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.people is self.people


@cache
def _model(key: _Key, resident: int, technician: int) -> Sequence[tuple[OrderEvent, str]]:
    """The five events of one resident and one technician, as the domain decides them."""
    people = key.people
    person, unit, building = people.residents[resident]
    worker = people.technicians[technician]
    stream = f"{COMMUNITY}.{UUID(int=0, version=4)}"
    state = ORDER.initial()
    found = []
    for step, command in enumerate(
        (
            _submit(stream, "R-2026-000000", person, unit, building),
            _dispatch(people, worker),
            _repair(worker),
            c.Accept(by=_resident(person)),
            c.Rate(by=_resident(person), stars=5, speed=4, attitude=5, comment="很快,谢谢"),
        )
    ):
        meta = _meta(random.Random(step), command.by.person, _EPOCH + step * STEP, str)
        (event,) = ORDER.decide(command, state, meta)
        state = ORDER.evolve(state, event, meta)
        found.append((event, command.by.person))
    return found


def _submit(stream: str, number: str, person: str, unit: str, building: str) -> c.Submit:
    return c.Submit(
        by=_resident(person),
        id=stream,
        number=number,
        kind="repair",
        category="plumbing",
        building=building,
        unit=unit,
        accepter=person,
        accepter_kind="resident",
        occupants=(person,),
        channel="page",
        description="厨房水槽下面漏水,地板已经湿了 (leak under the kitchen sink)",
    )


def _dispatch(people: People, technician: str) -> c.Dispatch:
    by = Caller(people.dispatcher, (Post("dispatcher", COMMUNITY),))
    return c.Dispatch(by=by, technician=technician, technician_here=True)


def _repair(technician: str) -> c.Repair:
    return c.Repair(
        by=Caller(technician, (Post("technician", COMMUNITY),)),
        notes="换了垫圈和一段水管 (new washer and a piece of pipe)",
        minutes=35,
        materials=(Material(name="washer", quantity=2, unit_cost_fen=150),),
    )


def _resident(person: str) -> Caller:
    return Caller(person, (Post("resident", COMMUNITY),))


def _meta(chance: random.Random, actor: str, time: datetime, digest: Callable[[Any], str]) -> Meta:
    command_id = str(UUID(int=chance.getrandbits(128), version=4))
    return Meta(
        actor=actor,
        time=time,
        occurred_at=time,
        command_id=command_id,
        command_digest=digest(command_id),
        correlation_id=command_id,
    )
