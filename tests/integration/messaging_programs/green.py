"""pytest in a monkey-patched process: ``python green.py <arguments of pytest>``."""

import eventlet

eventlet.monkey_patch()

import sys  # noqa: E402

import pytest  # noqa: E402

if __name__ == "__main__":
    sys.exit(pytest.main(sys.argv[1:]))
