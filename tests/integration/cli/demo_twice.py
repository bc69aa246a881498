"""Plays the same small demo twice, and tells what was printed and what the views hold.

``python demo_twice.py FOLDER SEED ...``: one JSON object a seed, in lines.
"""

from __future__ import annotations

from shared.hosting.green import patch

patch()

import contextlib  # noqa: E402
import io  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from cli.commands.demo import play  # noqa: E402
from cli.demo.story import plan  # noqa: E402
from cli.services import SERVICES  # noqa: E402
from shared.clock import SystemClock  # noqa: E402
from shared.hosting.embedded import Platform, data_folder  # noqa: E402

# these hold what is secret and so different each time: keys, hashes, sessions, marks
SECRET = ("signing_keys", "accounts", "sessions", "revoked_sessions", "phones")


def digests(folder: Path) -> dict[str, str]:
    """The digest of every view that has no secrets in it."""
    found = {}
    with data_folder(folder):
        platform = Platform(SERVICES, folder, clock=SystemClock())
        for service in SERVICES:
            parts = platform.parts[service.name]
            for view in service.views:
                table = parts.builds.live(view)
                if view.name not in SECRET and table is not None:
                    with parts.store.reading() as tx:
                        found[f"{service.name}.{view.name}"] = table.digest(tx)
        for parts in platform.parts.values():
            parts.close()
    return found


def main() -> None:
    root = Path(sys.argv[1])
    for number, seed in enumerate(map(int, sys.argv[2:])):
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            play(root / str(number), plan(seed, 3, 14), seed)
        told = {"printed": written.getvalue(), "digests": digests(root / str(number))}
        print(json.dumps(told), flush=True)


main()
