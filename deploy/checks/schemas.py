"""Resources against their schemas: Kubernetes' own, and those of the operators where they are."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import kubernetes_validate

from deploy.checks.kubectl import ROOT
from deploy.checks.manifests import Manifests, Resource

# <group>/<kind>_<version>.json: third-party data, so beside the project and not in it.
CUSTOM = ROOT.parent / "shared" / "data" / "crd-schemas"
KUBERNETES = "1.34"
_BUILT_IN = ("apps", "autoscaling", "batch", "networking.k8s.io", "policy", "")


def kubernetes(manifests: Manifests) -> Iterator[str]:
    """Kubernetes' own resources, strictly: a field that it does not know is a fault."""
    for one in manifests.resources:
        if _group(one) in _BUILT_IN:
            try:
                kubernetes_validate.validate(one, KUBERNETES, strict=True)
            except kubernetes_validate.ValidationError as error:
                where = ".".join(map(str, error.path))
                yield f"{one['kind']} {one['metadata']['name']}: {where}: {error.message}"


def custom(manifests: Manifests, folder: Path = CUSTOM) -> Iterator[str]:
    """The operators' resources; one without a schema in `folder` is a fault."""
    for one in manifests.resources:
        group = _group(one)
        if group in _BUILT_IN:
            continue
        version = one["apiVersion"].rpartition("/")[2]
        file = folder / group / f"{one['kind'].lower()}_{version}.json"
        name = f"{one['kind']} {one['metadata']['name']}"
        if not file.exists():
            yield f"{name}: there is no schema {file.relative_to(folder)}"
            continue
        for error in _validator(file).iter_errors(one):
            yield f"{name}: {'.'.join(map(str, error.absolute_path))}: {error.message[:300]}"


@functools.cache
def _validator(file: Path) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(file.read_text()))


def _group(one: Resource) -> str:
    return str(one["apiVersion"]).rpartition("/")[0]
