"""All checks of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deploy.checks import broker, environment, network, references, sizes
from deploy.checks.manifests import Manifests

Check = Callable[[Manifests], Iterator[str]]
CHECKS: tuple[Check, ...] = (
    references.selectors,
    references.ports,
    references.references,
    environment.environment,
    network.network,
    broker.rights,
    broker.scalers,
    sizes.budgets,
    sizes.replicas,
    sizes.connections,
    sizes.durability,
)
