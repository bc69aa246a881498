"""What stands before every method: deadline, token and digest; and batches that pass it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import OperationalError

from shared.errors import Conflict, Invalid, TimedOut, Unauthenticated, Unavailable
from shared.hosting.gate import Call
from shared.hosting.parts import Parts
from shared.request import Request
from shared.schemas import Query
from tests.support.toy import JAR, Jar, stream
from tests.support.toy_service import ToyService
from tests.unit.hosting.doors import behind, parts, token


@pytest.fixture
def toys() -> Iterator[Parts]:
    with parts() as found:
        yield found


def test_whoever_acts_is_whom_the_token_names(toys: Parts) -> None:
    jar = stream()
    one = behind(ToyService, toys, auth_token=token("ann"), actor="service:bob")
    one.add({"id": jar, "amount": 3})
    assert [event.meta.actor for event in toys.log.history(jar)] == ["service:ann"]
    with pytest.raises(Invalid) as error:
        one.add({"id": jar, "amount": 3, "actor": "service:bob"})
    assert list(error.value.fields) == ["actor"]
    with pytest.raises(Unauthenticated):
        behind(ToyService, toys).add({"id": jar, "amount": 3})
    assert toys.log.head() == 1


def test_a_command_that_is_too_late_is_not_carried_out(toys: Parts) -> None:
    jar, own = stream(), token()
    with pytest.raises(TimedOut):
        behind(ToyService, toys, auth_token=own, deadline=time.time() - 1).add(
            {"id": jar, "amount": 3}
        )
    assert toys.log.head() == 0
    in_time = behind(ToyService, toys, auth_token=own, deadline=str(time.time() + 60))
    assert in_time.add({"id": jar, "amount": 3})["version"] == 1
    with pytest.raises(Invalid) as error:
        behind(ToyService, toys, auth_token=own, deadline="soon").add({"id": jar, "amount": 3})
    assert list(error.value.fields) == ["deadline"]


def test_one_id_is_for_one_method_and_one_content(toys: Parts) -> None:
    jar, once = stream(), str(uuid4())
    one = behind(ToyService, toys, auth_token=token())
    first = one.add({"id": jar, "amount": 3, "command_id": once})
    assert one.add({"command_id": once, "amount": 3, "id": jar}) == first
    assert one.add({"id": jar, "amount": 3, "command_id": once, "expected_version": 0}) == first
    for method, amount in (("take", 3), ("add", 4)):
        with pytest.raises(Conflict):
            getattr(one, method)({"id": jar, "amount": amount, "command_id": once})
    with pytest.raises(Conflict):
        behind(ToyService, toys, auth_token=token("bob")).add(
            {"id": jar, "amount": 3, "command_id": once}
        )
    assert toys.log.load(JAR, jar) == (Jar(coins=3), 1)


def test_a_database_that_is_away_is_no_fault_of_the_program(toys: Parts) -> None:
    def away(request: Request, data: dict[str, Any]) -> dict[str, Any]:
        raise OperationalError("couldn't get a connection after 10.00 sec")

    with pytest.raises(Unavailable):
        Call(toys, {}).handle("count", Query, {}, away, public=True)
    counted = toys.metrics.render().decode()
    assert 'code="unavailable",method="count"' in counted and 'code="fault"' not in counted


def _item(method: str, own: str, **request: Any) -> dict[str, Any]:
    return {"method": method, "request": request, "auth_token": own}


def test_a_batch_answers_each_item_for_itself(toys: Parts) -> None:
    a, b, ann, bob = stream(), stream(), token("ann"), token("bob")
    found = behind(ToyService, toys).batch(
        {
            "items": [
                _item("add", ann, id=a, amount=2),
                _item("take", bob, id=a, amount=1),
                _item("take", bob, id=b, amount=1),
                _item("add", "nonsense", id=b, amount=1),
                _item("add", ann, id=b, amount="1"),
                _item("get", ann, id=b),
                _item("add", bob, id=b, amount=1),
                _item("take", ann, id=a, amount=1),
            ]
        }
    )["items"]
    assert [one["ok"]["version"] if "ok" in one else one["error"]["code"] for one in found] == [
        *(1, 2, "refused", "unauthenticated", "invalid", "invalid", 1, 3)
    ]
    assert [event.meta.actor for event in toys.log.history(a)] == [
        *("service:ann", "service:bob", "service:ann")
    ]
