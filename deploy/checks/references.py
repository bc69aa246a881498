"""What is named exists: pods, ports, secrets, accounts, users, clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli import secrets
from deploy.checks.manifests import WORKLOADS, Manifests, Resource, matches

# Made by hand before the first install (docs/operations.md): access to the object store.
_BY_HAND = {"backup-credentials"}
# Made outside the cluster's namespace, or no resource of ours.
_CLUSTER_WIDE = {"ClusterSecretStore", "ClusterIssuer"}


def selectors(manifests: Manifests) -> Iterator[str]:
    """A workload selects its own pods, and everything else that selects pods finds some."""
    for workload in manifests.all("Deployment"):
        labels = workload["spec"]["template"]["metadata"]["labels"]
        if not matches(workload["spec"]["selector"], labels):
            yield f"{_name(workload)} does not select its own pods"
        for spread in workload["spec"]["template"]["spec"].get("topologySpreadConstraints", ()):
            if not matches(spread["labelSelector"], labels):
                yield f"{_name(workload)} spreads pods that are not its own"
    for one, selector in _selecting(manifests):
        if not any(matches(selector, pods.labels) for pods in manifests.pods()):
            yield f"{_name(one)} selects no pod"


def _selecting(manifests: Manifests) -> Iterator[tuple[Resource, dict[str, Any]]]:
    for one in manifests.all("Service"):
        yield one, {"matchLabels": one["spec"]["selector"]}
    for one in manifests.all("PodDisruptionBudget", "PodMonitor"):
        yield one, one["spec"]["selector"]
    for one in manifests.all("NetworkPolicy"):
        yield one, one["spec"]["podSelector"]
        for rule in [*one["spec"].get("ingress", ()), *one["spec"].get("egress", ())]:
            for peer in [*rule.get("from", ()), *rule.get("to", ())]:
                if "podSelector" in peer and "namespaceSelector" not in peer:
                    yield one, peer["podSelector"]


def ports(manifests: Manifests) -> Iterator[str]:
    """Probes, services, monitors, policies and the ingress name ports that are listened on."""
    for pods in manifests.own_pods():
        for container in pods.containers:
            for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
                if kind in container and not pods.port(container[kind]["httpGet"]["port"]):
                    yield f"{pods.name}: the {kind} asks a port that is not there"
    for one in manifests.all("Service"):
        selector = {"matchLabels": one["spec"]["selector"]}
        for port in one["spec"]["ports"]:
            yield from _listening(
                manifests, one, selector, port.get("targetPort", port["port"]), every=True
            )
    for one in manifests.all("PodMonitor"):
        for endpoint in one["spec"]["podMetricsEndpoints"]:
            yield from _listening(
                manifests, one, one["spec"]["selector"], endpoint["port"], every=True
            )
    for one in manifests.all("NetworkPolicy"):
        for rule in one["spec"].get("ingress", ()):
            for port in rule.get("ports", ()):
                yield from _listening(manifests, one, one["spec"]["podSelector"], port["port"])
    for one in manifests.all("Ingress"):
        for rule in one["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                service = manifests.get("Service", backend["name"])
                known = service["spec"]["ports"] if service else ()
                if backend["port"]["name"] not in [port["name"] for port in known]:
                    yield f"{_name(one)} leads to a port that Service {backend['name']} has not"


def _listening(
    manifests: Manifests,
    one: Resource,
    selector: dict[str, Any],
    port: int | str,
    *,
    every: bool = False,
) -> Iterator[str]:
    found = [bool(pods.port(port)) for pods in manifests.pods() if matches(selector, pods.labels)]
    if not (all(found) if every else any(found)):
        yield f"{_name(one)}: port {port} is not listened on by what it selects"


def references(manifests: Manifests) -> Iterator[str]:
    """Every resource that is referred to is there, or is said to come from elsewhere."""
    known = set(_secrets(manifests))
    for workload in manifests.all(*WORKLOADS):
        spec = workload["spec"]["template"]["spec"]
        for kind, name in [("ServiceAccount", spec["serviceAccountName"]), *_needed(spec)]:
            if kind == "Secret" and name not in known:
                yield f"{_name(workload)} needs the Secret {name}, which nothing makes"
            if kind != "Secret" and manifests.get(kind, name) is None:
                yield f"{_name(workload)} needs the {kind} {name}, which is not there"
    for one in manifests.resources:
        for kind, name in _referred(one):
            there = name in known if kind == "Secret" else manifests.get(kind, name) is not None
            if not there and kind not in _CLUSTER_WIDE:
                yield f"{_name(one)} refers to the {kind} {name}, which is not there"


def _needed(spec: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for container in spec["containers"]:
        for source in container.get("envFrom", ()):
            if "configMapRef" in source:
                yield "ConfigMap", source["configMapRef"]["name"]
            elif not source["secretRef"].get("optional"):
                yield "Secret", source["secretRef"]["name"]
        for variable in container.get("env", ()):
            found = variable.get("valueFrom", {}).get("secretKeyRef")
            if found:
                yield "Secret", found["name"]
    for volume in spec.get("volumes", ()):
        if "secret" in volume:
            yield "Secret", volume["secret"]["secretName"]
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]
        for source in volume.get("projected", {}).get("sources", ()):
            yield "Secret", source["secret"]["name"]


def _referred(one: Resource) -> Iterator[tuple[str, str]]:
    spec = one.get("spec") or {}
    for field, kind in (
        ("rabbitmqClusterReference", "RabbitmqCluster"),
        ("userReference", "User"),
        ("scaleTargetRef", "Deployment"),
        ("cluster", "Cluster"),
    ):
        if field in spec:
            yield kind, spec[field]["name"]
    for field in ("issuerRef", "secretStoreRef"):
        if field in spec:
            yield spec[field]["kind"], spec[field]["name"]
    if one["kind"] == "RabbitmqCluster" and "tls" in spec:
        yield "Secret", spec["tls"]["secretName"]
    if one["kind"] == "Issuer" and "ca" in spec:
        yield "Secret", spec["ca"]["secretName"]
    for trigger in spec.get("triggers", ()):
        if "authenticationRef" in trigger:
            yield "TriggerAuthentication", trigger["authenticationRef"]["name"]
    for target in spec.get("secretTargetRef", ()):
        yield "Secret", target["name"]
    for target in spec.get("configMapTargetRef", ()):
        yield "ConfigMap", target["name"]
    for plugin in spec.get("plugins", ()):
        yield "ObjectStore", plugin["parameters"]["barmanObjectName"]
    for key in spec.get("configuration", {}).get("s3Credentials", {}).values():
        yield "Secret", key["name"]
    for role in spec.get("managed", {}).get("roles", ()):
        yield "Secret", role["passwordSecret"]["name"]
    if "initdb" in spec.get("bootstrap", {}):
        yield "Secret", spec["bootstrap"]["initdb"]["secret"]["name"]


def _secrets(manifests: Manifests) -> Iterator[str]:
    """The secrets there will be: by operators, by `wuye secrets` or a store outside, by hand."""
    yield from _BY_HAND
    outside = [one["metadata"]["name"] for one in manifests.all("ExternalSecret")]
    yield from outside or secrets.NAMES
    for one in manifests.all("User"):
        yield f"{one['metadata']['name']}-user-credentials"
    for one in manifests.all("Cluster"):
        yield f"{one['metadata']['name']}-ca"
    for one in manifests.all("Certificate"):
        yield one["spec"]["secretName"]
    for one in manifests.all("Ingress"):
        for tls in one["spec"].get("tls", ()):
            yield tls["secretName"]


def _name(one: Resource) -> str:
    return f"{one['kind']} {one['metadata']['name']}"
