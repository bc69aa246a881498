"""Stream ids, ``<community>.<uuid>``: derived, so that the log itself keeps double entries out."""

from __future__ import annotations

import json
import unicodedata
from uuid import UUID, uuid5

COMPANY = "_"
_NAMESPACE = UUID("1d0c3f0a-9a57-5c0e-8a1e-4f6b1c7e2d35")


def derived(community: str, kind: str, *key: str) -> str:
    """The one stream of ``kind`` for ``key``: registering a thing again meets its stream."""
    return f"{community}.{uuid5(_NAMESPACE, json.dumps([kind, community, *key]))}"


def fresh(community: str, kind: str, actor: str, command_id: str) -> str:
    """A new stream's id, the same each time the command is repeated."""
    return derived(community, kind, actor, command_id)


def alike(text: str) -> str:
    """The form in which codes and log-in names are compared: any case, any width, no blanks."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def caused(fact: str, stream: str) -> str:
    """The id of the command that a policy sends to a stream because of a fact."""
    return str(uuid5(_NAMESPACE, json.dumps(["caused", fact, stream])))


def community_id(community: str) -> str:
    return derived(community, "community")


def building_id(community: str, code: str) -> str:
    return derived(community, "building", alike(code))


def unit_id(community: str, building: str, code: str) -> str:
    return derived(community, "unit", building, alike(code))


def tenancy_id(community: str, person: str, unit: str) -> str:
    return derived(community, "tenancy", person, unit)


def account_id(login: str) -> str:
    return derived(COMPANY, "account", alike(login))


SIGNING_KEYS = derived(COMPANY, "signing-keys")
