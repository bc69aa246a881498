"""What comes in."""

from __future__ import annotations

from services.analytics.schemas import Figures


class Satisfaction(Figures):
    pass
