"""Work for the processor, away from the green threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eventlet import tpool


def run_native(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call it in a native thread and wait; other green threads run meanwhile."""
    return tpool.execute(function, *arguments)
