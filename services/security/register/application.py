"""The register's commands: who asks, what is known, decide, append."""

from __future__ import annotations

from typing import Any

from services.security import ids
from services.security.answers import Registered
from services.security.permissions import require
from services.security.register.domain.people import PERSON, ForgetPerson, RegisterPerson
from services.security.register.domain.places import (
    BUILDING,
    COMMUNITY,
    UNIT,
    RegisterBuilding,
    RegisterCommunity,
    RegisterUnit,
)
from services.security.register.domain.tenancies import TENANCY, MoveIn, MoveOut
from shared.eventlog.answering import answered
from shared.eventlog.decider import Decider
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.identity.caller import EVERY
from shared.request import Request

DEFAULT_LANGUAGE = "zh-CN"


class Register:
    """Every method takes data that went through its schema, and answers as ``answered`` says."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._registered = Registered(log)

    def register_community(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        require("register_community", request.caller, EVERY)
        command = RegisterCommunity(**data)
        stream = ids.community_id(command.community)
        return self._carry_out(request, COMMUNITY, stream, command, "registered")

    def register_building(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        community = data["community"]
        require("register_building", request.caller, community)
        stream = ids.building_id(community, data["code"])
        known = self._registered.knows(community)
        command = RegisterBuilding(building=stream, known=known, **data)
        return self._carry_out(request, BUILDING, stream, command, "registered")

    def register_unit(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        community = community_of(data["building"])
        require("register_unit", request.caller, community)
        stream = ids.unit_id(community, data["building"], data["code"])
        building = self._registered.building(data["building"])
        command = RegisterUnit(
            unit=stream,
            community=community,
            building_code=building.code if building.building is not None else None,
            building_name=building.name,
            **data,
        )
        return self._carry_out(request, UNIT, stream, command, "registered")

    def register_person(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """The person's id is the same each time the same caller repeats the command."""
        community, context = data["community"], request.context
        require("register_person", request.caller, community)
        stream = ids.fresh(community, "person", context.actor, context.command_id)
        home = self._registered.community(community)
        command = RegisterPerson(
            person=stream,
            community=community,
            name=data["name"],
            phone=data["phone"],
            language=data["language"] or home.language or DEFAULT_LANGUAGE,
            known=self._registered.knows(community),
        )
        return self._carry_out(request, PERSON, stream, command, "registered")

    def move_in(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        community = community_of(data["unit"])
        require("move_in", request.caller, community)
        stream = ids.tenancy_id(community, data["person"], data["unit"])
        unit = self._registered.unit(data["unit"])
        command = MoveIn(
            tenancy=stream,
            community=community,
            standing=self._registered.person(data["person"]).standing,
            building=unit.building if unit.unit is not None else None,
            **data,
        )
        return self._carry_out(request, TENANCY, stream, command, "running")

    def move_out(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        stream = data["tenancy"]
        require("move_out", request.caller, community_of(stream))
        return self._carry_out(request, TENANCY, stream, MoveOut(until=data["until"]), "ended")

    def forget_person(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """Their tenancies, accounts, sessions and key go at once after it, by policies."""
        stream = data["person"]
        require("forget_person", request.caller, community_of(stream))
        return self._carry_out(request, PERSON, stream, ForgetPerson(), "forgotten")

    def _carry_out(
        self, request: Request, decider: Decider, stream: str, command: Any, state: str
    ) -> dict[str, Any]:
        answer = self._log.execute(
            decider, stream, command, request.context, expected_version=request.expected_version
        )
        return answered(self._log, answer, state=state)
