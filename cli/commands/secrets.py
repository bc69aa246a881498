"""`wuye secrets`: the keys and passwords that a platform on Kubernetes needs."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("secrets")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Make up the platform's secrets in FOLDER, and write them as Kubernetes Secrets.

    What is there already stays as it is. Keep the folder as you keep master keys: whoever has it
    reads everything, and without it personal texts are lost.
    """
    from cli import secrets

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    resources = secrets.made(folder)
    file = folder / "kubernetes.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": resources}, indent=2))
    click.echo(f"{len(resources)} Secrets for the namespace {secrets.NAMESPACE}: {file}")
    click.echo(f"kubectl apply -f {file}")
