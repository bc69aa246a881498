"""A service that follows the jars from afar: a view of their log, and a policy that copies them."""

from __future__ import annotations

from typing import Any

from shared.eventlog.catalogue import Catalogue
from shared.following.handlers import Do, Done, Policy
from shared.following.reader import Reader
from shared.following.view import View
from shared.hosting.definition import ServiceDefinition
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.messaging.envelope import Fact
from shared.request import Request
from tests.support import toy, toy_service

IMAGES = View(
    name="images",
    build=1,
    follows="toys",
    handles={"CoinsAdded": 1, "CoinsTaken": 1},
    row=toy_service.Row,
    key=lambda fact: fact.subject,
    evolve=toy_service.JARS.evolve,
)


def _copy(fact: Fact, reader: Reader) -> Done:
    return Done(Do(toy.JAR, fact.subject, toy.Add(amount=fact.data["amount"]), f"copy:{fact.id}"))


COPY = Policy("when_coins_added_then_copy", "toys", {"CoinsAdded": 1}, _copy)


class MirrorService:
    name = "mirror"
    gate = Gate()

    @method(toy_service.GetSchema)
    def get(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        row = self.gate.parts.reader.row(IMAGES, data["id"])
        return {"coins": row.coins if row else 0, "moves": row.moves if row else 0}


SERVICE = ServiceDefinition(
    name="mirror",
    catalogue=Catalogue("mirror", (toy.EVENTS, {})),
    rpc=MirrorService,
    applications=lambda parts: {},
    views=(IMAGES,),
    policies=(COPY,),
)
