"""Heartbeats, which RabbitMQ alone has; collected where imported (fixture ``broker_url``)."""

from __future__ import annotations

import time

import pytest

from shared.messaging import confirming, connections
from shared.messaging.hints import HintListener
from shared.messaging.publisher import publisher_for
from shared.messaging.rpc_client import RpcClient
from tests.integration.messaging_programs.facts import fact
from tests.support.waiting import wait_until


def test_idle_connections_outlive_their_heartbeats(
    broker_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(confirming, "HEARTBEAT", 2)
    monkeypatch.setattr(connections, "HEARTBEAT", 2)
    heard: list[str] = []
    publisher = publisher_for(broker_url, "workorders")
    listener = HintListener(broker_url, ["workorders"], heard.append)
    client = RpcClient(broker_url, "idle")
    publisher.publish([fact(1)])
    wait_until("it is connected", lambda: client.connected and heard, 20)
    time.sleep(7)
    heard.clear()
    assert publisher.publish([fact(2)]) == 1
    wait_until("it is heard", lambda: heard, 20)
    assert client.connected
    assert [record.getMessage() for record in caplog.records if "lost" in record.message] == []
    for one in (publisher, listener, client):
        one.close()
