"""The secrets of a platform on Kubernetes: keys of services, passwords of databases' roles.

Made up once and kept in a folder, so that asking again gives the same. The users of the broker are
not among them: its operator makes up their passwords.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.stack import plan
from cli.stack.databases import OWNER, role_of
from cli.stack.passwords import kept
from shared.identity import keys
from shared.identity.operator import OPERATOR

NAMESPACE = "wuye"
_PUBLIC, _OWNER = "public-keys", "owner-database"
NAMES = (
    *(f"{service}-keys" for service in (*plan.SERVICES, plan.EDGE)),
    *(f"{service}-database" for service in plan.SERVICES),
    _PUBLIC,
    _OWNER,
)


def made(folder: Path) -> list[dict[str, Any]]:
    """The Secrets to apply, as resources. Each service gets what is its own, and a master key of
    its own: whoever has one service's secrets can read nothing of another's.
    """
    return list(_made(folder))


def _made(folder: Path) -> Iterator[dict[str, Any]]:
    private = folder / "keys"
    keys.ensure(private, [*plan.SERVICES, plan.EDGE, OPERATOR])
    masters = kept(folder / "masters.json", plan.SERVICES, size=keys.SECRET_BYTES)
    passwords = kept(folder / "passwords.json", [OWNER, *map(role_of, plan.SERVICES)])
    for service in plan.SERVICES:
        own = (private / f"{service}.key").read_text()
        yield _secret(f"{service}-keys", {f"{service}.key": own, "master.key": masters[service]})
        yield _password(f"{service}-database", role_of(service), passwords)
    yield _secret(
        f"{plan.EDGE}-keys",
        {name: (private / name).read_text() for name in (f"{plan.EDGE}.key", "cookie.key")},
    )
    yield _secret(_PUBLIC, {"services.json": (private / "services.json").read_text()})
    yield _password(_OWNER, OWNER, passwords)


def _password(name: str, role: str, passwords: Mapping[str, str]) -> dict[str, Any]:
    found = _secret(name, {"username": role, "password": passwords[role]})
    found["type"] = "kubernetes.io/basic-auth"
    # CloudNativePG then takes a changed password at once.
    found["metadata"]["labels"] = {"cnpg.io/reload": "true"}
    return found


def _secret(name: str, content: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "type": "Opaque",
        "data": {key: b64encode(text.encode()).decode() for key, text in content.items()},
    }
