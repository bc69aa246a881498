"""What our RPC client and nameko's own must do alike on every transport; collected where imported.

The module that imports these gives the fixture ``service_url``: the broker on which
`stock.Answering` runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from nameko.exceptions import MethodNotFound, RemoteError, RpcTimeout, UnknownService
from nameko.standalone.rpc import ClusterRpcProxy

from shared import errors

# imported before kombu sees the embedded scheme in the stock client
from shared.messaging.connections import connect as connect
from shared.messaging.rpc_client import RpcClient
from tests.support.waiting import wait_until


@pytest.fixture
def client(service_url: str) -> Iterator[RpcClient]:
    found = RpcClient(service_url, "checks")
    wait_until("it is connected", lambda: found.connected, 20)
    yield found
    found.close()


def test_a_call_is_answered_byte_for_byte(client: RpcClient) -> None:
    request = {"text": "漏水 🚿 שלום e\u0301", "fen": 2**53, "none": None, "list": [1, {"a": []}]}
    assert client.call("answering", "echo", request) == request


def test_the_context_travels(client: RpcClient) -> None:
    began = time.time()
    seen = client.call(
        "answering",
        "seen",
        {},
        auth_token="token",
        timeout=3,
        context={
            "correlation_id": "c-1",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "positions": {"security": 12},
            "language": "zh-CN",
            "nothing": None,
        },
    )
    assert began + 2 < seen.pop("deadline") < time.time() + 3
    assert seen.pop("call_id_stack")[0].startswith("checks.call.")
    assert seen == {
        "auth_token": "token",
        "correlation_id": "c-1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "positions": {"security": 12},
        "language": "zh-CN",
    }


def test_a_typed_error_comes_back_as_itself(client: RpcClient) -> None:
    with pytest.raises(errors.Refused) as caught:
        client.call("answering", "refuse", {})
    assert caught.value.message == "还没有验收 not yet"
    assert caught.value.allowed == ["accept", "reject"]
    assert caught.value.reason == "not_yet_accepted"


def test_an_unexpected_error_is_named_and_not_told(client: RpcClient) -> None:
    with pytest.raises(errors.Unavailable) as caught:
        client.call("answering", "fail", {})
    assert "ValueError" in str(caught.value)
    assert "123456" not in str(caught.value)


def test_an_unknown_method_is_not_found(client: RpcClient) -> None:
    with pytest.raises(errors.NotFound):
        client.call("answering", "no_such_method", {})


def test_a_method_that_takes_something_else_is_invalid(client: RpcClient) -> None:
    with pytest.raises(errors.Invalid):
        client.call("answering", "nothing", {})


def test_an_unknown_service_fails_at_once(client: RpcClient) -> None:
    client.call("answering", "echo", {})
    began = time.monotonic()
    with pytest.raises(errors.Unavailable, match="not running"):
        client.call("nobody", "echo", {})
    assert time.monotonic() - began < 8


def test_a_late_answer_is_timed_out_and_disturbs_nobody(client: RpcClient) -> None:
    client.call("answering", "echo", {})
    began = time.monotonic()
    with pytest.raises(errors.TimedOut):
        client.call("answering", "slow", {"seconds": 3}, timeout=0.3)
    assert 0.2 < time.monotonic() - began < 2.8
    time.sleep(3)
    assert client.call("answering", "echo", {"n": 1}) == {"n": 1}


def test_a_request_that_is_no_json_is_invalid(client: RpcClient) -> None:
    with pytest.raises(errors.Invalid):
        client.call("answering", "echo", {"n": object()})
    assert client.call("answering", "echo", {"n": 1}) == {"n": 1}


def test_many_at_once_each_get_their_own_answer(client: RpcClient) -> None:
    wrong: list[object] = []

    def caller(name: int) -> None:
        for number in range(20):
            request = {"caller": name, "number": number}
            answer = client.call("answering", "echo", request)
            if answer != request:
                wrong.append(answer)

    callers = [threading.Thread(target=caller, args=(name,)) for name in range(24)]
    for thread in callers:
        thread.start()
    for thread in callers:
        thread.join(60)
    assert wrong == []
    assert not any(thread.is_alive() for thread in callers)


def test_calls_in_a_pipeline_are_answered_out_of_order(client: RpcClient) -> None:
    slow = client.call_async("answering", "slow", {"seconds": 4})
    quick = [client.call_async("answering", "echo", {"n": number}) for number in range(100)]
    # one of them says it: how long a hundred take is the machine's affair
    assert quick[0].result() == {"n": 0}
    assert not slow.done()
    assert [reply.result() for reply in quick] == [{"n": number} for number in range(100)]
    assert slow.result() == {"seconds": 4}


def test_a_pipelined_call_nobody_waits_for_is_forgotten(client: RpcClient) -> None:
    reply = client.call_async("answering", "slow", {"seconds": 3}, timeout=0.1)
    wait_until("it is given up", reply.done, 5)
    with pytest.raises(errors.TimedOut):
        reply.result()


def test_closing_fails_what_is_under_way(service_url: str) -> None:
    client = RpcClient(service_url, "closing")
    reply = client.call_async("answering", "slow", {"seconds": 9})
    began = time.monotonic()
    client.close()
    with pytest.raises(errors.Unavailable):
        reply.result()
    with pytest.raises(errors.Unavailable):
        client.call("answering", "echo", {})
    assert time.monotonic() - began < 8


def test_a_stock_client_is_answered(service_url: str) -> None:
    config = {"AMQP_URI": service_url}
    with ClusterRpcProxy(config, context_data={"auth_token": "token"}, timeout=10) as proxy:
        assert proxy.answering.echo({"text": "漏水"}) == {"text": "漏水"}
        assert proxy.answering.seen({})["auth_token"] == "token"
        replies = [proxy.answering.echo.call_async({"n": number}) for number in range(20)]
        assert [reply.result() for reply in replies] == [{"n": number} for number in range(20)]


def test_a_stock_client_gets_namekos_errors(service_url: str) -> None:
    with ClusterRpcProxy({"AMQP_URI": service_url}, timeout=10) as proxy:
        with pytest.raises(UnknownService):
            proxy.nobody.echo({})
        with pytest.raises(MethodNotFound):
            proxy.answering.no_such_method({})
        with pytest.raises(RemoteError) as caught:
            proxy.answering.refuse({})
        assert caught.value.exc_type == "NotYetAccepted"
        assert errors.from_string(caught.value.value) is not None
    with (
        ClusterRpcProxy({"AMQP_URI": service_url}, timeout=0.3) as proxy,
        pytest.raises(RpcTimeout),
    ):
        proxy.answering.slow({"seconds": 1})
