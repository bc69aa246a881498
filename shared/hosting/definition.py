"""What makes up a service, for those who host it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared.eventlog.catalogue import Catalogue
from shared.following.handlers import Handler, Policy
from shared.following.view import View
from shared.observability.metrics import Measure

if TYPE_CHECKING:
    from shared.hosting.parts import Parts


@dataclass(frozen=True)
class ServiceDefinition:
    """``applications`` builds the use cases by name; ``rpc`` is the nameko service class, which
    calls them.

    ``prepare`` runs once in the leading ``work`` process before it follows anything; ``measures``
    now and then, for Prometheus. ``rounds``: what the leading process does beside all that, each
    about once a second and in a thread of its own, by its name.
    """

    name: str
    catalogue: Catalogue
    rpc: type
    applications: Callable[[Parts], Mapping[str, Any]]
    views: Sequence[View] = ()
    policies: Sequence[Policy] = ()
    prepare: Callable[[Parts], None] = field(default=lambda parts: None)
    measures: Callable[[Parts], Iterable[Measure]] = field(default=lambda parts: ())
    rounds: Callable[[Parts], Mapping[str, Callable[[], object]]] = field(default=lambda parts: {})

    @property
    def handlers(self) -> tuple[Handler, ...]:
        return (*self.views, *self.policies)

    def followed(self) -> tuple[str, ...]:
        """The logs this service follows, its own among them where it has views of it."""
        return tuple(dict.fromkeys(handler.follows for handler in self.handlers))

    def view(self, name: str) -> View | None:
        return next((view for view in self.views if view.name == name), None)
