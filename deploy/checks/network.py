"""Nothing may talk to anything but by a policy, and every path that is used has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from deploy.checks import environment
from deploy.checks.manifests import Manifests, Pods, matches

_NAMESPACE = "kubernetes.io/metadata.name"
# Where the services that others put up run, and what must be let in from there.
_FROM_OUTSIDE = (
    ("PodMonitor", "monitoring"),
    ("Ingress", "ingress-nginx"),
    ("ScaledObject", "keda"),
)


@dataclass(frozen=True)
class Path:
    """``whence`` is our pods, or the name of a namespace."""

    whence: Pods | str
    to: Pods
    port: int | str


def network(manifests: Manifests) -> Iterator[str]:
    """Everything is denied by default, and each path is open at both ends."""
    policies = list(manifests.all("NetworkPolicy"))
    if not any(_denies_all(one["spec"]) for one in policies):
        yield "no NetworkPolicy denies everything by default"
    for path in _paths(manifests):
        whence = path.whence if isinstance(path.whence, str) else path.whence.name
        if not any(_lets_in(one["spec"], path) for one in policies):
            yield f"no NetworkPolicy lets {whence} into {path.to.name} at port {path.port}"
        if isinstance(path.whence, Pods) and not any(
            _lets_out(one["spec"], path) for one in policies
        ):
            yield f"no NetworkPolicy lets {whence} out to {path.to.name} at port {path.port}"
    yield from _to_collector(manifests, policies)


def _denies_all(spec: Mapping[str, Any]) -> bool:
    return (
        not spec["podSelector"]
        and sorted(spec["policyTypes"]) == ["Egress", "Ingress"]
        and not spec.get("ingress")
        and not spec.get("egress")
    )


def _paths(manifests: Manifests) -> Iterator[Path]:
    everybody = manifests.pods()
    for pods in manifests.own_pods():
        for container in pods.containers:
            values = environment.of(manifests, pods, container)
            wanted = {"WUYE_MIGRATION_URL"} if "WUYE_MIGRATION_URL" in values else set()
            # A migration only reads the role out of the other URL.
            wanted |= {"WUYE_BROKER_URL"} | (set() if wanted else {"WUYE_DATABASE_URL"})
            for name in sorted(wanted & set(values)):
                url = urlsplit(values[name])
                yield Path(pods, _host(everybody, str(url.hostname)), int(url.port or 0))
    for kind, namespace in _FROM_OUTSIDE:
        for one in manifests.all(kind):
            yield from _outside(manifests, namespace, one, everybody)
    yield from _operators(everybody)


def _to_collector(manifests: Manifests, policies: list[Mapping[str, Any]]) -> Iterator[str]:
    """Spans leave for a Service of another namespace: `http://<name>.<namespace>:<port>`."""
    for pods in manifests.own_pods():
        for container in pods.containers:
            endpoint = environment.of(manifests, pods, container).get("WUYE_OTLP_ENDPOINT")
            kind = environment.process(container["args"])
            if endpoint is None or kind is None or "otlp_endpoint" not in kind.__annotations__:
                continue
            url = urlsplit(endpoint)
            namespace = str(url.hostname).split(".")[1]
            if not any(
                matches(one["spec"]["podSelector"], pods.labels)
                and _meets(rule.get("to"), namespace)
                and {"port": url.port} in rule["ports"]
                for one in policies
                for rule in one["spec"].get("egress", ())
            ):
                yield f"no NetworkPolicy lets {pods.name} out to {endpoint}"


def _outside(
    manifests: Manifests, namespace: str, one: Mapping[str, Any], everybody: list[Pods]
) -> Iterator[Path]:
    if one["kind"] == "PodMonitor":
        for endpoint in one["spec"]["podMetricsEndpoints"]:
            for pods in everybody:
                if matches(one["spec"]["selector"], pods.labels):
                    yield Path(namespace, pods, endpoint["port"])
    elif one["kind"] == "Ingress":
        for rule in one["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                service = manifests.get("Service", path["backend"]["service"]["name"])
                assert service is not None
                for pods in everybody:
                    if matches({"matchLabels": service["spec"]["selector"]}, pods.labels):
                        yield Path(namespace, pods, service["spec"]["ports"][0]["targetPort"])
    else:
        for trigger in one["spec"]["triggers"]:
            if trigger["type"] == "rabbitmq":
                url = urlsplit(trigger["metadata"]["host"])
                host = str(url.hostname).partition(".")[0]
                yield Path(namespace, _host(everybody, host), int(url.port or 0))


def _operators(everybody: list[Pods]) -> Iterator[Path]:
    """The operators reach what they look after, and its pods one another."""
    for pods in everybody:
        if pods.name.startswith("RabbitmqCluster"):
            # The topology operator speaks TLS with a broker that can.
            tls = "management-tls" in pods.ports
            yield Path("rabbitmq-system", pods, "management-tls" if tls else "management")
            yield Path(pods, pods, "distribution")
        elif pods.name.startswith("Cluster"):
            yield Path("cnpg-system", pods, "status")
            yield Path(pods, pods, "postgresql")


def _host(everybody: list[Pods], host: str) -> Pods:
    """The pods behind a name: a RabbitmqCluster's own, or a Cluster's with -rw."""
    for pods in everybody:
        if f"RabbitmqCluster {host}" == pods.name or f"Cluster {host}".removesuffix("-rw") == (
            pods.name
        ):
            return pods
    raise ValueError(f"nobody is behind the name {host}")


def _lets_in(spec: Mapping[str, Any], path: Path) -> bool:
    return matches(spec["podSelector"], path.to.labels) and any(
        _meets(rule.get("from"), path.whence) and _at(rule, path)
        for rule in spec.get("ingress", ())
    )


def _lets_out(spec: Mapping[str, Any], path: Path) -> bool:
    assert isinstance(path.whence, Pods)
    return matches(spec["podSelector"], path.whence.labels) and any(
        _meets(rule.get("to"), path.to) and _at(rule, path) for rule in spec.get("egress", ())
    )


def _meets(peers: list[Mapping[str, Any]] | None, other: Pods | str) -> bool:
    for peer in peers or ():
        namespace = (peer.get("namespaceSelector") or {}).get("matchLabels", {}).get(_NAMESPACE)
        if isinstance(other, str):
            if namespace == other:
                return True
        elif namespace is None and matches(peer.get("podSelector", {}), other.labels):
            return True
    return False


def _at(rule: Mapping[str, Any], path: Path) -> bool:
    number = path.to.port(path.port)
    return number is not None and any(
        path.to.port(port["port"]) == number for port in rule.get("ports", ())
    )
