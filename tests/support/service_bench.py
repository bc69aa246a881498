"""A whole service in memory: real store, views, policies and use cases; other logs are given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from shared.clock import ManualClock
from shared.eventlog.decider import Context
from shared.eventlog.migrate import migrate_sqlite
from shared.eventlog.sqlite import SqliteStore
from shared.following.follower import Follower
from shared.following.source import PAGE, LocalSource, LogSource, Page
from shared.hosting.contracts import rpc_contracts
from shared.hosting.definition import ServiceDefinition
from shared.hosting.parts import Parts
from shared.hosting.work import Work
from shared.identity.caller import Caller
from shared.identity.keys import ServiceIdentity
from shared.messaging.envelope import Fact
from shared.observability.metrics import Metrics
from shared.request import Request
from shared.schemas import load
from shared.testing.scenario import NOON


@cache
def _promised(service: type) -> dict[str, Draft202012Validator]:
    return {
        name: Draft202012Validator(
            _without_more(contract["answer"]), format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        for name, contract in rpc_contracts(service).items()
    }


def _without_more(schema: Any) -> Any:
    """Others pass over fields that they do not know; whoever adds one is to name it."""
    if isinstance(schema, dict):
        return {
            name: False if (name, inner) == ("additionalProperties", True) else _without_more(inner)
            for name, inner in schema.items()
        }
    return [_without_more(one) for one in schema] if isinstance(schema, list) else schema


class GivenLog:
    """Another service's log, as long as the test says."""

    def __init__(self, log: str) -> None:
        self.log = log
        self.facts: list[Fact] = []

    def read(self, after: int, limit: int = PAGE, *, text: bool = True) -> Page:
        found = [fact for fact in self.facts if fact.position > after][:limit]
        head = self.facts[-1].position if self.facts else 0
        anchor = next((fact.id for fact in self.facts if fact.position == after), None)
        return Page(found, found[-1].position if found else after, head, "given", anchor)

    def wait(self, after: int, timeout: float) -> bool:
        return False

    def close(self) -> None:
        pass


class ServiceBench:
    def __init__(
        self,
        definition: ServiceDefinition,
        start: datetime = NOON,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self.clock = ManualClock(start)
        store = SqliteStore(definition.name, None)
        migrate_sqlite(store.location)
        identity = ServiceIdentity(definition.name, Ed25519PrivateKey.generate(), self.clock)
        self.parts = Parts(
            definition,
            store,
            clock=self.clock,
            master_key=b"m" * 32,
            identity=identity,
            service_keys={},
            url="",
            metrics=Metrics(),
            options=options,
        )
        self.reader, self.log = self.parts.reader, self.parts.log
        runner_of = Work(self.parts, lambda: None)._runner_of
        self.given = {log: GivenLog(log) for log in definition.followed() if log != definition.name}
        sources: dict[str, LogSource] = {**self.given, definition.name: LocalSource(self.log)}
        self.followers = [
            Follower(
                sources[log],
                [one for one in definition.handlers if one.follows == log],
                store,
                self.parts.builds,
                runner_of,
            )
            for log in definition.followed()
        ]

    def told(self, log: str, *facts: Fact) -> None:
        """These facts are now in that log; they get their positions here. Everybody catches up."""
        known = self.given[log].facts
        for fact in facts:
            known.append(msgspec.structs.replace(fact, log=log, position=len(known) + 1))
        self.settle()

    def settle(self) -> None:
        while any([follower.step() for follower in self.followers]):
            pass

    def status(self, handler: str) -> str:
        """The standing of a view or policy, and what holds it."""
        found = [
            one.place.status + (" held" if one.hold_until else "")
            for follower in self.followers
            for one in follower.following
            if one.name == handler
        ]
        return found[0]

    def let_go(self) -> None:
        """Whoever waits to try again does so now."""
        for follower in self.followers:
            for one in follower.following:
                one.hold_until = 0.0
        self.settle()

    def facts(self) -> list[Fact]:
        """The service's own log, with personal text."""
        return list(self.log.read(0, 500, opened=True))

    def ask(
        self, application: str, method: str, schema: type, caller: Caller, /, **data: Any
    ) -> Any:
        """One call as behind the gate: schema, request, use case; then everybody catches up.

        What is answered must be what the method's contract promises, no field less or more.
        """
        checked = load(schema, data)
        command_id = str(checked.pop("command_id", None) or uuid4())
        request = Request(
            caller=caller,
            context=Context(
                actor=caller.person,
                command_id=command_id,
                command_digest=repr(sorted(data.items())),
                correlation_id=command_id,
                occurred_at=checked.pop("occurred_at", None),
            ),
            at_least=checked.pop("at_least", None),
            expected_version=checked.pop("expected_version", None),
        )
        answer = getattr(self.parts.applications[application], method)(request, checked)
        promised = _promised(self.parts.definition.rpc).get(method)
        if promised is not None:
            promised.validate(json.loads(json.dumps(answer)))
        self.settle()
        return answer

    def close(self) -> None:
        self.parts.close()
