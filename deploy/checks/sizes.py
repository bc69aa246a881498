"""Numbers that must fit each other: replicas, budgets of disruption, connections."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.checks.manifests import Manifests, matches

# Of each process of a service: its pool, the lease, the listener and a readiness probe.
CONNECTIONS = 11
# For the operator, replication and people.
RESERVED = 30


def budgets(manifests: Manifests) -> Iterator[str]:
    """A budget leaves something to evict, and something that stays."""
    for one in manifests.all("PodDisruptionBudget"):
        spec, name = one["spec"], one["metadata"]["name"]
        for pods in manifests.pods():
            if not matches(spec["selector"], pods.labels):
                continue
            least = pods.least
            if "minAvailable" in spec and spec["minAvailable"] >= least:
                yield f"PodDisruptionBudget {name} lets no pod of {pods.name} go ({least} at least)"
            if "maxUnavailable" in spec and spec["maxUnavailable"] >= least:
                yield f"PodDisruptionBudget {name} lets all pods of {pods.name} go ({least})"


def replicas(manifests: Manifests) -> Iterator[str]:
    """One that scales says how many there are; a Deployment that is scaled does not."""
    for workload in manifests.all("Deployment"):
        name = workload["metadata"]["name"]
        scalers = [
            one
            for one in manifests.all("HorizontalPodAutoscaler", "ScaledObject")
            if one["spec"]["scaleTargetRef"]["name"] == name
        ]
        if len(scalers) > 1:
            yield f"Deployment {name} is scaled by {len(scalers)} at once"
        if any(one["kind"] == "HorizontalPodAutoscaler" for one in scalers) and (
            "replicas" in workload["spec"]
        ):
            yield f"Deployment {name} and its HorizontalPodAutoscaler both say how many there are"


def connections(manifests: Manifests) -> Iterator[str]:
    """As many connections as all processes may open at their most are allowed."""
    wanted = CONNECTIONS * sum(
        pods.most + 1  # one more while it is renewed
        for pods in manifests.own_pods()
        if pods.labels["app.kubernetes.io/component"] in ("serve", "work")
    )
    for cluster in manifests.all("Cluster"):
        allowed = int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])
        if wanted > allowed - RESERVED:
            yield (
                f"processes may open {wanted} connections, and Cluster "
                f"{cluster['metadata']['name']} allows {allowed}, {RESERVED} of them kept back"
            )


def durability(manifests: Manifests) -> Iterator[str]:
    """Where there is more than one instance, a commit waits for a second one, always."""
    for cluster in manifests.all("Cluster"):
        found = cluster["spec"]["postgresql"].get("synchronous", {})
        if cluster["spec"]["instances"] > 1 and (
            found.get("number", 0) < 1 or found.get("dataDurability") != "required"
        ):
            yield f"Cluster {cluster['metadata']['name']} may lose what it acknowledged"
