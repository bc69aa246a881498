"""The jar of coins with all that can go wrong: a view that fails, a policy that parks, timers, and
methods that hang.
"""

from __future__ import annotations

import dataclasses
import time
from datetime import timedelta
from typing import Any

import msgspec

from shared.following.handlers import Do, Done, Park, Policy, SetTimer
from shared.following.reader import Reader
from shared.following.view import View
from shared.hosting.rpc import method
from shared.messaging.envelope import Fact
from shared.request import Request
from shared.schemas import Query
from tests.integration.hosting.programs.amounts import (
    BREAKING,
    PARKED,
    TIMED,
    TIMED_LATER,
    TIMED_TO_FAIL,
    bonus,
)
from tests.integration.hosting.programs.switches import is_on
from tests.support import toy, toy_service

DUE = timedelta(seconds=1)
LATER = timedelta(hours=1)


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    moves: int


def _tally(row: Tally | None, fact: Fact) -> Tally:
    if fact.data["amount"] == BREAKING and not is_on("mended"):
        raise RuntimeError("this fold cannot take it")
    return Tally(key=fact.community, moves=(row.moves if row else 0) + 1)


TALLIES = View(
    name="tallies",
    build=1,
    follows="toys",
    handles={"CoinsAdded": 1, "CoinsTaken": 1},
    row=Tally,
    key=lambda fact: fact.community,
    evolve=_tally,
)


def _give_bonus(fact: Fact, reader: Reader) -> Done | Park:
    if fact.data["amount"] == PARKED and not is_on("pardoned"):
        return Park("not yet")
    if fact.data["amount"] != PARKED:
        return Done()
    return Done(Do(toy.JAR, bonus(fact.subject), toy.Add(amount=1), f"bonus:{fact.id}"))


def _set_timer(fact: Fact, reader: Reader) -> Done:
    due = (fact.time + DUE).isoformat()
    match fact.data["amount"]:
        case amount if amount == TIMED:
            request = {"id": fact.subject, "amount": 1}
            return Done(SetTimer(fact.subject, "interest", due, "toys.add", request))
        case amount if amount == TIMED_TO_FAIL:
            return Done(SetTimer(fact.subject, "failing", due, "toys.fail", {}))
        case amount if amount == TIMED_LATER:
            later = (fact.time + LATER).isoformat()
            request = {"id": fact.subject, "amount": 1}
            return Done(SetTimer(fact.subject, "interest", later, "toys.add", request))
    return Done()


GIVE_BONUS = Policy("when_coins_added_then_give_bonus", "toys", {"CoinsAdded": 1}, _give_bonus)
SET_TIMER = Policy("when_coins_added_then_set_timer", "toys", {"CoinsAdded": 1}, _set_timer)


class BankService(toy_service.ToyService):
    @method(Query)
    def hang(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        time.sleep(600)
        return {}

    @method(Query)
    def spin(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """Lets no other thread run."""
        while True:
            pass

    @method(toy_service.Command)
    def fail(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("a fault of the service")

    @method(Query)
    def tally(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        reader = self.gate.parts.reader
        behind = reader.wait(TALLIES, request.at_least)
        row = reader.row(TALLIES, "c1")
        return {"moves": row.moves if row else 0, "behind": behind}


SERVICE = dataclasses.replace(
    toy_service.SERVICE,
    rpc=BankService,
    views=(toy_service.JARS, TALLIES),
    policies=(GIVE_BONUS, SET_TIMER),
)
