"""Rendering an overlay with the kubectl that `tools/kubectl` finds or fetches."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
K8S = ROOT / "deploy" / "k8s"
OVERLAYS = tuple(sorted(found.name for found in (K8S / "overlays").iterdir() if found.is_dir()))


class NoKubectl(Exception):
    """There is none, and it cannot be fetched: the message says what to do."""


@functools.cache
def program() -> str:
    """The path of a kubectl that is new enough. Raises ``NoKubectl``."""
    done = subprocess.run(
        [ROOT / "tools" / "kubectl"], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise NoKubectl(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no word")
    return done.stdout.strip()


def render(folder: Path) -> str:
    """The manifests of a kustomization, as YAML. Raises ``ValueError`` with kubectl's words."""
    done = subprocess.run(
        [program(), "kustomize", folder], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise ValueError(done.stderr.strip())
    return done.stdout
