"""A user of the broker for each service, the edge and the operator, with its rights and no more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cli.stack.passwords import kept
from shared.messaging import rights
from shared.messaging.rights import Rights
from shared.servers import PrivateRabbitMQ

# Which other services' logs each follows; the definitions say it too, and a test that both agree.
FOLLOWS: Mapping[str, tuple[str, ...]] = {
    "security": (),
    "workorders": ("security",),
    "billing": ("security", "workorders"),
    "notifications": ("billing", "security", "workorders"),
    "analytics": ("security", "workorders"),
}
# A command is retried by its id, so a full queue may refuse it. Reply queues are `rpc.reply-…`.
_BOUNDED_RPC = {
    "name": "rpc-bounded",
    "pattern": "^rpc-",
    "apply-to": "queues",
    "priority": 0,
    "definition": {"max-length": 10_000, "overflow": "reject-publish"},
}


def granted(edge: str, operator: str) -> dict[str, Rights]:
    """The rights of everybody who connects, by name."""
    return {
        **{service: rights.of_service(service, others) for service, others in FOLLOWS.items()},
        edge: rights.of_edge(edge, FOLLOWS),
        operator: rights.of_operator(operator, FOLLOWS),
    }


def ensure(
    node: PrivateRabbitMQ, vhost: str, everybody: Mapping[str, Rights], passwords: Path
) -> dict[str, str]:
    """Make the users, and the policy; the URL of each. `passwords`: the file that keeps theirs."""
    known = kept(passwords, everybody)
    node.define(
        rights.definitions(vhost, known, everybody)
        | {"policies": [_BOUNDED_RPC | {"vhost": vhost}]}
    )
    return {user: node.url_as(user, known[user], vhost) for user in everybody}
