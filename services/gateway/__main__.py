"""``python -m services.gateway serve``: the edge of the stack, in several worker processes."""

from __future__ import annotations

import os
import sys
import tempfile


def main() -> None:
    """Exit code 2 for a wrong command line or wrong settings."""
    if sys.argv[1:] != ["serve"]:
        print("usage: python -m services.gateway serve", file=sys.stderr)
        sys.exit(2)
    # Each worker counts in files here, so that any of them can tell Prometheus of all. It is read
    # when the client library is imported, so nothing of ours may be before.
    with tempfile.TemporaryDirectory(prefix="wuye-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        from services.gateway.serving import serve

        serve()


if __name__ == "__main__":
    main()
