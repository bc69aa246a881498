"""What we declare is what a stock nameko declares: with anything else one of the two gets a 406."""

from __future__ import annotations

from typing import Any

from nameko.rpc import RPC_QUEUE_TEMPLATE, get_rpc_exchange
from nameko.standalone.events import get_event_exchange

from shared.messaging import topology


def _declared(exchange: Any) -> tuple[Any, ...]:
    """What goes over the wire in exchange.declare; an unset flag goes as false."""
    return (
        exchange.name,
        exchange.type,
        bool(exchange.durable),
        bool(exchange.auto_delete),
        exchange.arguments or {},
    )


def test_the_event_exchange_is_namekos() -> None:
    ours = topology.events("workorders").for_kombu()
    assert _declared(ours) == _declared(get_event_exchange("workorders", {}))


def test_the_rpc_exchange_is_namekos() -> None:
    assert _declared(topology.RPC.for_kombu()) == _declared(get_rpc_exchange({}))


def test_pika_declares_what_kombu_declares() -> None:
    spec = topology.events("workorders")
    ours = spec.for_kombu()
    assert spec.for_pika() == {
        "exchange": ours.name,
        "exchange_type": ours.type,
        "durable": ours.durable,
        "auto_delete": ours.auto_delete,
    }


def test_names_of_rpc_are_namekos() -> None:
    assert topology.rpc_queue("workorders") == RPC_QUEUE_TEMPLATE.format("workorders")
    assert topology.rpc_key("workorders", "submit") == "workorders.submit"


def test_a_hint_queue_holds_one_hint_of_everything_and_dies_with_its_owner() -> None:
    queue = topology.hints("workorders", "k").for_kombu()
    assert (queue.exchange.name, queue.routing_key) == ("workorders.events", "#")
    assert (queue.exclusive, queue.auto_delete, queue.durable) == (True, True, False)
    assert queue.queue_arguments == {"x-max-length": 1}


def test_a_reply_queue_is_bound_by_its_key_and_dies_with_its_owner() -> None:
    queue = topology.replies("gateway", "k").for_kombu()
    assert (queue.name, queue.routing_key) == ("rpc.reply-gateway-k", "k")
    assert queue.exchange.name == "nameko-rpc"
    assert (queue.exclusive, queue.auto_delete, queue.durable) == (True, True, False)
