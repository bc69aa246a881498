"""A way over HTTP to one method of a service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from services.gateway.api.contracts import Contract, contract

# fields that travel as HTTP has it: as headers
_COMMAND_ID, _VERSION = "command_id", "expected_version"
_IN_HEADERS = frozenset({_COMMAND_ID, _VERSION})
_IN_PATH = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Route:
    """``verb`` is GET or POST. In ``path``, ``{field}`` stands for a field of the method's request.

    ``without``: fields that another route is for. ``creates``: answers 201 with this Location, in
    which ``{field}`` stands for a field of the answer.
    """

    verb: str
    path: str
    method: str
    summary: str
    without: tuple[str, ...] = ()
    creates: str | None = None

    @property
    def service(self) -> str:
        return self.method.partition(".")[0]

    @property
    def name(self) -> str:
        """Unique, for ``operationId``: the method, and what it is found by."""
        return "_".join((self.method.replace(".", "_"), *self.in_path)).removesuffix("_id")

    @cached_property
    def contract(self) -> Contract:
        return contract(*self.method.split("."))

    @cached_property
    def in_path(self) -> tuple[str, ...]:
        return tuple(_IN_PATH.findall(self.path))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Those given in the query of a GET, in the body of a POST."""
        elsewhere = {*self.in_path, *self.without, *_IN_HEADERS}
        return tuple(name for name in self.contract.takes if name not in elsewhere)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name in self.contract.required)

    @property
    def takes_key(self) -> bool:
        return self.verb == "POST" and _COMMAND_ID in self.contract.takes

    @property
    def takes_version(self) -> bool:
        """Whether it is about something that has a version already."""
        return self.takes_key and bool(self.in_path) and _VERSION in self.contract.takes
