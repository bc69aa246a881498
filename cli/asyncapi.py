"""The AsyncAPI 3 document: the exchanges of all services, and the events that are told there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shared.eventlog.catalogue import Catalogue, EventType
from shared.eventlog.contracts import DIALECT, file_name
from shared.hosting.definition import ServiceDefinition
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.topology import events

_ABOUT = """\
What happened, as each service tells it: one durable topic exchange a service, the event's type as
the routing key, CloudEvents 1.0 in structured JSON. Delivery is at least once: dedupe by `id`. The
RPC service `<service>.log` gives the whole log, page by page, in order. Fields may be added within
a version: ignore what you do not know."""
# AMQP 0-9-1, bindings/amqp of AsyncAPI
_BINDING = "0.3.0"


def document(services: Iterable[ServiceDefinition]) -> dict[str, Any]:
    """Of every service that tells events; schemas by their files beside it."""
    catalogues = [one.catalogue for one in services if list(one.catalogue)]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "wuye",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "broker": {
                "host": "rabbitmq:5672",
                "pathname": "/wuye",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "security": [{"$ref": "#/components/securitySchemes/user"}],
            }
        },
        "channels": {f"{one.service}.events": _channel(one) for one in catalogues},
        "operations": {f"{one.service}.tell": _operation(one) for one in catalogues},
        "components": {
            "securitySchemes": {"user": {"type": "userPassword"}},
            "messages": {
                f"{one.service}.{entry.name}": _message(one, entry)
                for one in catalogues
                for entry in one
            },
        },
    }


def _channel(catalogue: Catalogue) -> dict[str, Any]:
    exchange = events(catalogue.service)
    return {
        "address": exchange.name,
        "title": f"The events of {catalogue.service}",
        "messages": {
            entry.name: {"$ref": f"#/components/messages/{catalogue.service}.{entry.name}"}
            for entry in catalogue
        },
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": exchange.name,
                    "type": "topic",
                    "durable": True,
                    "autoDelete": False,
                },
                "bindingVersion": _BINDING,
            }
        },
    }


def _operation(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{catalogue.service}.events"},
        "summary": f"{catalogue.service} tells what happened in its log.",
        "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": _BINDING}},
    }


def _message(catalogue: Catalogue, entry: EventType) -> dict[str, Any]:
    file = f"./{catalogue.service}/{file_name(entry)}"
    return {
        "name": entry.name,
        "title": entry.name,
        "contentType": CONTENT_TYPE,
        "payload": {
            "schemaFormat": f"application/schema+json;version={DIALECT.split('/')[-2]}",
            "schema": {"$ref": file},
        },
        "bindings": {"amqp": {"messageType": entry.name, "bindingVersion": _BINDING}},
    }
