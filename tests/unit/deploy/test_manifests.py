"""The manifests of every overlay hold, and each check is seen to find what it is there for."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any

import pytest

from deploy.checks import broker, environment, network, references, schemas, sizes
from deploy.checks.kubectl import K8S, OVERLAYS, NoKubectl, render
from deploy.checks.manifests import Manifests
from deploy.checks.own import CHECKS, Check

Change = Callable[[Manifests], None]


@functools.cache
def _rendered(overlay: str) -> Manifests:
    try:
        return Manifests.of(render(K8S / "overlays" / overlay))
    except NoKubectl as none:
        pytest.fail(str(none))


def rendered(overlay: str) -> Manifests:
    return Manifests(copy.deepcopy(_rendered(overlay).resources))


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_an_overlay_passes(overlay: str, check: Check) -> None:
    assert list(check(rendered(overlay))) == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kubernetes_takes_it(overlay: str) -> None:
    assert list(schemas.kubernetes(rendered(overlay))) == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_operators_take_it(overlay: str) -> None:
    if not schemas.CUSTOM.is_dir():
        pytest.skip(f"the operators' schemas are not there ({schemas.CUSTOM})")
    assert list(schemas.custom(rendered(overlay))) == []


def test_only_what_is_for_trying_out_lets_go_of_durability() -> None:
    spec = rendered("prod").get("Cluster", "postgres")["spec"]  # type: ignore[index]
    assert spec["instances"] == 3
    assert spec["postgresql"]["synchronous"] == {
        "method": "any",
        "number": 1,
        "dataDurability": "required",
    }


def test_nothing_is_left_of_the_template() -> None:
    names = [one["metadata"]["name"] for one in rendered("prod").resources]
    assert not [name for name in names if "SERVICE" in name or name != name.lower()]


# -- each check finds what it is there for -------------------------------------------------------


def of(kind: str, name: str, *path: Any, to: Any) -> Change:
    """Set one field of one resource."""

    def change(manifests: Manifests) -> None:
        found: Any = manifests.get(kind, name)
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = to

    return change


def without(kind: str, name: str) -> Change:
    def change(manifests: Manifests) -> None:
        found = manifests.get(kind, name)
        assert found is not None
        manifests.resources.remove(found)
        del manifests._by_name[kind, name]

    return change


SPEC = ("spec", "template", "spec")
CONTAINER = (*SPEC, "containers", 0)
NOBODY = {"matchLabels": {"app.kubernetes.io/name": "nobody"}}
BROKEN: list[tuple[str, Check, Change, str]] = [
    (
        "a service that selects nobody",
        references.selectors,
        of("Service", "gateway", "spec", "selector", to=NOBODY["matchLabels"]),
        "Service gateway selects no pod",
    ),
    (
        "a deployment whose pods are others",
        references.selectors,
        of("Deployment", "billing-work", "spec", "selector", to=NOBODY),
        "does not select its own pods",
    ),
    (
        "a budget that selects nobody",
        references.selectors,
        of("PodDisruptionBudget", "billing-serve", "spec", "selector", to=NOBODY),
        "PodDisruptionBudget billing-serve selects no pod",
    ),
    (
        "a probe at a port that is not there",
        references.ports,
        of("Deployment", "billing-serve", *CONTAINER, "livenessProbe", "httpGet", "port", to="ops"),
        "livenessProbe",
    ),
    (
        "a service at a port that is not there",
        references.ports,
        of("Service", "gateway", "spec", "ports", 0, "targetPort", to="web"),
        "Service gateway: port web",
    ),
    (
        "an ingress to a port that is not there",
        references.ports,
        of("Service", "gateway", "spec", "ports", 0, "name", to="web"),
        "Ingress gateway leads to a port",
    ),
    (
        "a monitor at a port that is not there",
        references.ports,
        of("PodMonitor", "wuye", "spec", "podMetricsEndpoints", 0, "port", to="metrics"),
        "PodMonitor wuye: port metrics",
    ),
    (
        "a secret that nothing makes",
        references.references,
        without("ExternalSecret", "billing-keys"),
        "needs the Secret billing-keys",
    ),
    (
        "a user of the broker that is not there",
        references.references,
        without("User", "billing"),
        "Secret billing-user-credentials",
    ),
    (
        "a service account that is not there",
        references.references,
        without("ServiceAccount", "billing"),
        "needs the ServiceAccount billing",
    ),
    (
        "a volume that is not there",
        references.references,
        without("PersistentVolumeClaim", "photos"),
        "needs the PersistentVolumeClaim photos",
    ),
    (
        "a scaler of something that is not there",
        references.references,
        of("ScaledObject", "billing-work", "spec", "scaleTargetRef", "name", to="billing-nobody"),
        "refers to the Deployment billing-nobody",
    ),
    (
        "backups into a store that is not there",
        references.references,
        without("ObjectStore", "backups"),
        "refers to the ObjectStore backups",
    ),
    (
        "a setting that no process reads",
        environment.environment,
        of("ConfigMap", "settings", "data", "WUYE_LOG_FROMAT", to="json"),
        "WUYE_LOG_FROMAT: is no setting; did you mean WUYE_LOG_FORMAT?",
    ),
    (
        "a value that no process takes",
        environment.environment,
        of("ConfigMap", "settings", "data", "WUYE_TIMEZONE", to="Shanghai"),
        "WUYE_TIMEZONE",
    ),
    (
        "a variable that nobody reads",
        environment.environment,
        of("ConfigMap", "settings", "data", "LOG_LEVEL", to="info"),
        "nobody reads LOG_LEVEL",
    ),
    (
        "a variable put in before it is known",
        environment.environment,
        lambda manifests: manifests.get("Deployment", "billing-work")["spec"]["template"]["spec"][  # type: ignore[index]
            "containers"
        ][0]["env"].reverse(),
        "does not stand before it",
    ),
    (
        "a command that is none of ours",
        environment.environment,
        of("Deployment", "billing-work", *CONTAINER, "args", 2, to="play"),
        "is no process of ours",
    ),
    (
        "nothing denied by default",
        network.network,
        without("NetworkPolicy", "deny-all"),
        "denies everything",
    ),
    (
        "calls that do not get out",
        network.network,
        without("NetworkPolicy", "processes"),
        "lets Deployment billing-work out to RabbitmqCluster rabbitmq at port 5671",
    ),
    (
        "calls that do not get in",
        network.network,
        of("NetworkPolicy", "rabbitmq", "spec", "ingress", 0, "ports", 0, "port", to=5672),
        "lets Deployment workorders-serve into RabbitmqCluster rabbitmq",
    ),
    (
        "a migration that does not reach its database",
        network.network,
        without("NetworkPolicy", "storing"),
        "lets Job billing-migrate out to Cluster postgres",
    ),
    (
        "an edge that nobody reaches",
        network.network,
        without("NetworkPolicy", "edge"),
        "lets ingress-nginx into Deployment gateway",
    ),
    (
        "metrics that nobody may read",
        network.network,
        of("NetworkPolicy", "processes", "spec", "ingress", to=[]),
        "lets monitoring into Deployment billing-serve",
    ),
    (
        "spans that do not get out",
        network.network,
        without("NetworkPolicy", "tracing"),
        "lets Deployment billing-serve out to http://collector.observability:4318",
    ),
    (
        "a service that may call what it need not",
        broker.rights,
        of("TopicPermission", "billing", "spec", "permissions", "write", to=".*"),
        "TopicPermission billing: write should be",
    ),
    (
        "a service that may read all queues",
        broker.rights,
        of("Permission", "billing", "spec", "permissions", "read", to=".*"),
        "Permission billing: read should be",
    ),
    (
        "a service that may call anything",
        broker.rights,
        without("TopicPermission", "billing"),
        "User billing may call any method",
    ),
    (
        "a scaler that does not know the broker's authority",
        broker.scalers,
        without("ConfigMap", "broker-tls"),
        "ScaledObject billing-serve is not told whom to trust",
    ),
    (
        "an operator that does not get in",
        network.network,
        of("NetworkPolicy", "rabbitmq", "spec", "ingress", 2, "ports", 0, "port", to=15672),
        "lets rabbitmq-system into RabbitmqCluster rabbitmq at port management-tls",
    ),
    (
        "a budget as large as the replicas",
        sizes.budgets,
        of("PodDisruptionBudget", "billing-serve", "spec", to={"minAvailable": 2, "selector": {}}),
        "lets no pod of Deployment billing-serve go",
    ),
    (
        "a budget that lets all go",
        sizes.budgets,
        of("PodDisruptionBudget", "rabbitmq", "spec", "maxUnavailable", to=3),
        "lets all pods of RabbitmqCluster rabbitmq go",
    ),
    (
        "replicas said twice",
        sizes.replicas,
        of("Deployment", "gateway", "spec", "replicas", to=2),
        "both say how many",
    ),
    (
        "more connections than are allowed",
        sizes.connections,
        of("ScaledObject", "billing-serve", "spec", "maxReplicaCount", to=30),
        "connections",
    ),
    (
        "acknowledged, and lost at a failover",
        sizes.durability,
        of(
            "Cluster",
            "postgres",
            "spec",
            "postgresql",
            "synchronous",
            "dataDurability",
            to="preferred",
        ),
        "may lose what it acknowledged",
    ),
    (
        "a field that Kubernetes does not know",
        schemas.kubernetes,
        of("Deployment", "gateway", *SPEC, "automountServiceAccountTokens", to=False),
        "automountServiceAccountTokens",
    ),
]


@pytest.mark.parametrize(
    ("check", "change", "says"),
    [broken[1:] for broken in BROKEN],
    ids=[broken[0] for broken in BROKEN],
)
def test_it_finds(check: Check, change: Change, says: str) -> None:
    manifests = rendered("prod")
    change(manifests)
    faults = list(check(manifests))
    assert any(says in fault for fault in faults), faults


def test_every_check_is_seen_to_fail() -> None:
    assert {check for _, check, _, _ in BROKEN} >= set(CHECKS)


def test_it_finds_a_field_that_an_operator_does_not_know() -> None:
    if not schemas.CUSTOM.is_dir():
        pytest.skip(f"the operators' schemas are not there ({schemas.CUSTOM})")
    manifests = rendered("prod")
    of("Cluster", "postgres", "spec", "postgresql", "synchronously", to={})(manifests)
    assert any("'synchronously' was unexpected" in fault for fault in schemas.custom(manifests))
