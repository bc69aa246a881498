"""Passwords that the stack made up, each kept in a file that only its owner reads."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from pathlib import Path


def kept(file: Path, names: Iterable[str], *, size: int = 24) -> dict[str, str]:
    """A password for each of these, the same whenever asked: base64url of `size` random bytes."""
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    names = list(names)
    missing = [name for name in names if name not in known]
    if missing:
        known.update({name: secrets.token_urlsafe(size) for name in missing})
        beside = file.with_suffix(".new")
        beside.touch(mode=0o600)
        beside.write_text(json.dumps(known))
        beside.replace(file)
    return {name: known[name] for name in names}
