"""What people of the demo do, one command each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Step:
    """One command of one person. Log-ins, unit codes and order numbers stand for ids in it.

    ``order`` is the number of what it is about; inquiries are numbered after the orders.
    """

    at: datetime
    who: str
    service: str
    method: str
    order: int
    request: dict[str, Any] = field(default_factory=dict)
