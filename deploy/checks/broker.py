"""Users of the broker may do what the code says they need: no less, no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from cli.stack import plan
from cli.stack.broker import granted
from deploy.checks.manifests import Manifests
from shared.identity.operator import OPERATOR
from shared.messaging import topology

_NAMES = ("configure", "write", "read")
_TOPICS = {"write": "call", "read": "answer"}


def scalers(manifests: Manifests) -> Iterator[str]:
    """KEDA trusts the broker's own authority only where it is told to speak TLS, amqps or not."""
    for one in manifests.all("ScaledObject"):
        for trigger in one["spec"]["triggers"]:
            if not trigger["metadata"].get("host", "").startswith("amqps:"):
                continue
            found = manifests.get("TriggerAuthentication", trigger["authenticationRef"]["name"])
            said = _said(manifests, found["spec"] if found else {})
            if said.get("tls") != "enable" or "ca" not in said:
                yield f"ScaledObject {one['metadata']['name']} is not told whom to trust by TLS"


def _said(manifests: Manifests, spec: Mapping[str, Any]) -> dict[str, str | None]:
    """The parameters of a TriggerAuthentication; None for what stands in a secret."""
    said: dict[str, str | None] = {
        target["parameter"]: None for target in spec.get("secretTargetRef", ())
    }
    for target in spec.get("configMapTargetRef", ()):
        found = manifests.get("ConfigMap", target["name"]) or {"data": {}}
        said[target["parameter"]] = found["data"].get(target["key"])
    return said


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
