"""Users of the broker may do what the code says they need: no less, no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from cli.stack import plan
from cli.stack.broker import granted
from deploy.checks.manifests import Manifests
from shared.identity.operator import OPERATOR
from shared.messaging import topology

_NAMES = ("configure", "write", "read")
_TOPICS = {"write": "call", "read": "answer"}


def rights(manifests: Manifests) -> Iterator[str]:
    wanted = {user: asdict(one) for user, one in granted(plan.EDGE, OPERATOR).items()}
    for user in manifests.all("User"):
        name = user["metadata"]["name"]
        one, topic = manifests.get("Permission", name), manifests.get("TopicPermission", name)
        if one is None:
            yield f"User {name} has no Permission"
            continue
        given = one["spec"]["permissions"]
        if name not in wanted:
            if set(given.values()) != {"^$"}:
                yield f"User {name} is nobody the code knows, and may do something"
            continue
        for right in _NAMES:
            if given[right] != wanted[name][right]:
                yield f"Permission {name}: {right} should be {wanted[name][right]}"
        if topic is None or topic["spec"]["permissions"]["exchange"] != topology.RPC.name:
            yield f"User {name} may call any method: it has no TopicPermission for RPC"
            continue
        for right, key in _TOPICS.items():
            if topic["spec"]["permissions"][right] != wanted[name][key]:
                yield f"TopicPermission {name}: {right} should be {wanted[name][key]}"
    for name in wanted:
        if manifests.get("User", name) is None:
            yield f"{name} has no User of the broker"
