"""The resources of one overlay, and the pods that come of them, those of the operators too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

Resource = Mapping[str, Any]
WORKLOADS = ("Deployment", "Job")
# What a RabbitmqCluster's and a Cluster's pods listen on, by their operators' documentation.
_RABBITMQ_PORTS = {
    "amqp": 5672,
    "amqps": 5671,
    "management": 15672,
    "management-tls": 15671,
    "prometheus": 15692,
    "epmd": 4369,
    "distribution": 25672,
}
_POSTGRES_PORTS = {"postgresql": 5432, "status": 8000, "metrics": 9187}


@dataclass(frozen=True)
class Pods:
    """The pods of one workload. ``least`` and ``most``: how many there may be."""

    name: str
    labels: Mapping[str, str]
    ports: Mapping[str, int]
    least: int
    most: int
    spec: Mapping[str, Any] | None = None

    def port(self, wanted: int | str) -> int | None:
        """The number of a port given by name or number; None where it does not listen there."""
        if isinstance(wanted, str):
            return self.ports.get(wanted)
        return wanted if wanted in self.ports.values() else None

    @property
    def containers(self) -> list[dict[str, Any]]:
        return list(self.spec["containers"]) if self.spec else []


class Manifests:
    """Look resources up by kind and name."""

    def __init__(self, resources: list[Resource]) -> None:
        self.resources = resources
        self._by_name = {(one["kind"], one["metadata"]["name"]): one for one in resources}
        if len(self._by_name) != len(resources):
            raise ValueError("two resources have the same kind and name")

    @classmethod
    def of(cls, text: str) -> Manifests:
        return cls([one for one in yaml.safe_load_all(text) if one])

    def get(self, kind: str, name: str) -> Resource | None:
        return self._by_name.get((kind, name))

    def all(self, *kinds: str) -> Iterator[Resource]:
        return (one for one in self.resources if one["kind"] in kinds)

    def pods(self) -> list[Pods]:
        """Of our workloads, and of what the operators make."""
        return [*self.own_pods(), *self._rabbitmq(), *self._postgres()]

    def own_pods(self) -> list[Pods]:
        return [self._own(one) for one in self.all(*WORKLOADS)]

    def _own(self, workload: Resource) -> Pods:
        spec = workload["spec"]["template"]["spec"]
        ports = {
            port["name"]: port["containerPort"]
            for container in spec["containers"]
            for port in container.get("ports", ())
        }
        least, most = self._replicas(workload)
        name = f"{workload['kind']} {workload['metadata']['name']}"
        labels = workload["spec"]["template"]["metadata"]["labels"]
        return Pods(name, labels, ports, least, most, spec)

    def _replicas(self, workload: Resource) -> tuple[int, int]:
        name = workload["metadata"]["name"]
        for scaler in self.all("HorizontalPodAutoscaler", "ScaledObject"):
            spec = scaler["spec"]
            if spec["scaleTargetRef"]["name"] == name:
                return (
                    spec.get("minReplicas", spec.get("minReplicaCount", 0)),
                    spec.get("maxReplicas", spec.get("maxReplicaCount", 100)),
                )
        replicas = workload["spec"].get("replicas", 1)
        return replicas, replicas

    def _rabbitmq(self) -> Iterator[Pods]:
        for cluster in self.all("RabbitmqCluster"):
            name, replicas = cluster["metadata"]["name"], cluster["spec"]["replicas"]
            ports = dict(_RABBITMQ_PORTS)
            if "tls" not in cluster["spec"]:
                del ports["amqps"], ports["management-tls"]
            labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/component": "rabbitmq"}
            yield Pods(f"RabbitmqCluster {name}", labels, ports, replicas, replicas)

    def _postgres(self) -> Iterator[Pods]:
        for cluster in self.all("Cluster"):
            name, count = cluster["metadata"]["name"], cluster["spec"]["instances"]
            labels = {"cnpg.io/cluster": name, "cnpg.io/podRole": "instance"}
            yield Pods(f"Cluster {name}", labels, _POSTGRES_PORTS, count, count)


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """A Kubernetes label selector; the empty one matches everything."""
    wanted = selector.get("matchLabels") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_holds(one, labels) for one in selector.get("matchExpressions") or ())


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, operator = expression["key"], expression["operator"]
    among = labels.get(key) in tuple(expression.get("values", ()))
    if operator == "In":
        return among
    if operator == "NotIn":
        return not among
    return bool((key in labels) == (operator == "Exists"))
