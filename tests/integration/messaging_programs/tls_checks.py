"""``python tls_checks.py URL``: both kinds of connection to a broker that speaks TLS alone."""

from __future__ import annotations

import sys

from shared.hosting.green import patch

patch()

from shared.errors import Unavailable  # noqa: E402
from shared.messaging.confirming import ConfirmingPublisher  # noqa: E402
from shared.messaging.connections import connect  # noqa: E402
from shared.messaging.envelope import Fact  # noqa: E402
from tests.support.order_facts import order_fact  # noqa: E402


def calls(url: str) -> str:
    try:
        connection = connect(url)
    except Exception as error:
        return type(error).__name__
    connection.release()
    return "connected"


def events(url: str, fact: Fact) -> str:
    publisher = ConfirmingPublisher(url, "workorders")
    try:
        return f"{publisher.publish([fact])} confirmed"
    except Unavailable:
        return "unavailable"
    finally:
        publisher.close()


print(f"{calls(sys.argv[1])}, {events(sys.argv[1], order_fact('Accepted', actor='somebody'))}")
