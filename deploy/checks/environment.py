"""Every process gets exactly the settings it reads, and values it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.checks.manifests import Manifests, Pods
from shared.config.settings import PREFIX, PROCESSES, BadSettings, Settings, load

_VARIABLE = re.compile(r"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")
# What a process reads besides its settings: libpq and OpenSSL, by their documentation.
_OF_LIBRARIES = {"PGPASSWORD", "SSL_CERT_FILE"}


def environment(manifests: Manifests) -> Iterator[str]:
    """The settings of each process load from its environment; nothing in it is read by nobody."""
    for pods in manifests.own_pods():
        for container in pods.containers:
            faults = [*_expansion(container)]
            yield from (f"{pods.name}: {fault}" for fault in faults)
            if faults:
                continue
            values = of(manifests, pods, container)
            arguments = _expanded(" ".join(container["args"]), values).split()
            kind = process(arguments)
            if kind is None:
                yield f"{pods.name}: `{' '.join(arguments)}` is no process of ours"
                continue
            yield from (f"{pods.name}: {fault}" for fault in _loading(kind, values))
            used = set(_VARIABLE.findall(str(container)))
            for name in values:
                if not name.startswith(PREFIX) and name not in used | _OF_LIBRARIES:
                    yield f"{pods.name}: nobody reads {name}"


def process(arguments: list[str]) -> type[Settings] | None:
    """The settings class of `-m services.<name> <task>`."""
    if len(arguments) != 3 or arguments[0] != "-m" or not arguments[1].startswith("services."):
        return None
    return PROCESSES.get("edge" if arguments[1] == "services.gateway" else arguments[2])


def of(manifests: Manifests, pods: Pods, container: Mapping[str, Any]) -> dict[str, str]:
    """A container's environment as the kubelet makes it; a secret's value is `secret`."""
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        # a Secret taken whole is optional, and holds what its owner put in
        name = source.get("configMapRef", {}).get("name")
        settings = manifests.get("ConfigMap", name) if name else None
        found.update(settings["data"] if settings else {})
    for variable in container.get("env", ()):
        where = variable.get("valueFrom", {})
        if "fieldRef" in where:
            label = re.fullmatch(r"metadata\.labels\['(.+)'\]", where["fieldRef"]["fieldPath"])
            found[variable["name"]] = pods.labels[label[1]] if label else ""
        else:
            found[variable["name"]] = _expanded(variable.get("value", "secret"), found)
    return found


def _expansion(container: Mapping[str, Any]) -> Iterator[str]:
    """`$(NAME)` is put in for variables further up in `env`, and else left as it stands."""
    seen: set[str] = set()
    for variable in container.get("env", ()):
        for name in _VARIABLE.findall(variable.get("value", "")):
            if name not in seen:
                yield f"{variable['name']} uses $({name}), which does not stand before it"
        seen.add(variable["name"])
    for argument in container["args"]:
        for name in _VARIABLE.findall(argument):
            if name not in seen:
                yield f"`{argument}` uses $({name}), which is not in its environment"


def _loading(kind: type[Settings], values: Mapping[str, str]) -> Iterator[str]:
    try:
        load(kind, values)
    except BadSettings as bad:
        yield from bad.faults


def _expanded(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
