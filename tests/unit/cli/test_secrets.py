"""`wuye secrets`: every service starts with what its Secret holds, and finds nothing of others."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import secrets
from cli.commands.secrets import command
from shared.identity import keys


def _content(folder: Path) -> dict[str, dict[str, str]]:
    done = CliRunner().invoke(command, [str(folder)])
    assert done.exit_code == 0, done.output
    items = json.loads((folder / "kubernetes.json").read_text())["items"]
    return {
        one["metadata"]["name"]: {
            key: b64decode(text).decode() for key, text in one["data"].items()
        }
        for one in items
    }


def test_they_are_those_that_were_announced(tmp_path: Path) -> None:
    assert sorted(_content(tmp_path)) == sorted(secrets.NAMES)


def test_asked_again_they_are_the_same(tmp_path: Path) -> None:
    assert _content(tmp_path) == _content(tmp_path)


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    _content(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new" / "kubernetes.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("service", ["security", "workorders", "billing"])
def test_a_service_finds_its_keys_where_they_are_mounted(tmp_path: Path, service: str) -> None:
    made = _content(tmp_path / "made")
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    for secret in (f"{service}-keys", "public-keys"):
        for name, text in made[secret].items():
            (mounted / name).write_text(text)
    private = keys.load_private(mounted, service)
    public = keys.public_keys(mounted)
    assert private.public_key() == public[service]
    assert set(public) >= {"operator", "gateway", "notifications"}
    assert len(keys.master_key(mounted, None)) == keys.SECRET_BYTES


def test_each_service_has_a_master_key_of_its_own(tmp_path: Path) -> None:
    made = _content(tmp_path)
    masters = [found["master.key"] for found in made.values() if "master.key" in found]
    assert len(masters) == len(set(masters)) == 5
