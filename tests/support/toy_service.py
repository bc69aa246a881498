"""The jar of coins as a whole service: RPC, a view of its own log, on any transport."""

from __future__ import annotations

from typing import Any

import msgspec

from shared.following.view import View
from shared.hosting.batch import Batch, carry_out
from shared.hosting.definition import ServiceDefinition
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.messaging.envelope import Fact
from shared.request import Request
from shared.schemas import Command, Id, Integer, Query, Text
from tests.support import toy


class AddSchema(Command):
    id = Id(required=True)
    amount = Integer(required=True)
    note = Text(100, load_default=None)


class TakeSchema(Command):
    id = Id(required=True)
    amount = Integer(required=True)


class GetSchema(Query):
    id = Id(required=True)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    coins: int
    moves: int


def _evolve(row: Row | None, fact: Fact) -> Row:
    before = row or Row(key=fact.subject, coins=0, moves=0)
    sign = 1 if fact.type == "CoinsAdded" else -1
    return Row(
        key=fact.subject,
        coins=before.coins + sign * fact.data["amount"],
        moves=before.moves + 1,
    )


JARS = View(
    name="jars",
    build=1,
    follows="toys",
    handles={"CoinsAdded": 1, "CoinsTaken": 1},
    row=Row,
    key=lambda fact: fact.subject,
    evolve=_evolve,
)


class ToyService:
    name = "toys"
    gate = Gate()

    @method(AddSchema, batchable=True)
    def add(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        return self._do(request, data, toy.Add(amount=data["amount"], note=data["note"]))

    @method(TakeSchema, batchable=True)
    def take(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        return self._do(request, data, toy.Take(amount=data["amount"]))

    @method(GetSchema)
    def get(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        reader = self.gate.parts.reader
        behind = reader.wait(JARS, request.at_least)
        row = reader.row(JARS, data["id"])
        return {
            "coins": row.coins if row else 0,
            "moves": row.moves if row else 0,
            "behind": behind,
        }

    @method(Batch, public=True)
    def batch(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        return carry_out(self, data)

    def _do(self, request: Request, data: dict[str, Any], command: Any) -> dict[str, Any]:
        answer = self.gate.parts.log.execute(
            toy.JAR, data["id"], command, request.context, expected_version=request.expected_version
        )
        return {
            "id": answer.stream,
            "state": str(answer.state.coins),
            "version": answer.version,
            "log": "toys",
            "position": answer.position,
        }


SERVICE = ServiceDefinition(
    name="toys",
    catalogue=toy.CATALOGUE,
    rpc=ToyService,
    applications=lambda parts: {},
    views=(JARS,),
)
