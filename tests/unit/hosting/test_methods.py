"""A service's methods are those of its features, and each name is one feature's."""

from __future__ import annotations

from typing import Any

import pytest
from nameko.containers import ServiceContainer

from shared.hosting.batch import Batch, carry_out
from shared.hosting.contracts import rpc_contracts
from shared.hosting.gate import Gate
from shared.hosting.rpc import Methods, method
from shared.request import Request
from shared.schemas import Command, Query, Text
from tests.unit.hosting.doors import behind, parts, token

Data = dict[str, Any]


class Say(Command):
    word = Text(10, required=True)


class Listen(Query):
    pass


class Saying(Methods):
    @property
    def upper(self) -> str:
        name: str = self.gate.parts.name
        return name.upper()

    @method(Say, batchable=True)
    def say(self, request: Request, data: Data) -> Data:
        return {"id": f"{self.upper}: {data['word']}"}


class Listening(Methods):
    @method(Listen)
    def listen(self, request: Request, data: Data) -> Data:
        return {"id": request.caller.person}


class Talking(Saying, Listening):
    name = "talk"
    gate = Gate()

    @method(Batch, public=True)
    def batch(self, request: Request, data: Data) -> Data:
        return carry_out(self, data)


def test_the_methods_of_its_features_have_a_contract_and_an_entrypoint_each() -> None:
    container = ServiceContainer(Talking, config={"AMQP_URI": ""})
    heard = {one.method_name for one in container.entrypoints}
    assert heard == set(rpc_contracts(Talking)) == {"say", "listen", "batch"}
    assert rpc_contracts(Talking)["say"]["method"] == "talk.say"


def test_the_methods_of_its_features_answer_and_go_in_a_batch() -> None:
    own = token("ann")
    with parts() as found:
        assert behind(Talking, found, auth_token=own).listen() == {"id": "service:ann"}
        items = [
            {"method": name, "request": request, "auth_token": own}
            for name, request in (("say", {"word": "hm"}), ("listen", {}))
        ]
        said, listened = behind(Talking, found).batch({"items": items})["items"]
    assert said == {"ok": {"id": "TOYS: hm"}}
    assert listened["error"]["code"] == "invalid"


@pytest.mark.parametrize("name", ["say", "upper"])
def test_two_features_cannot_have_one_name(name: str) -> None:
    other = type("Other", (Methods,), {name: lambda self: None})
    with pytest.raises(TypeError, match=f"Saying and Other both have {name}"):
        type("Both", (Saying, other), {})
    with pytest.raises(TypeError, match=f"Both and Saying both have {name}"):
        type("Both", (Saying,), {name: lambda self: None})
