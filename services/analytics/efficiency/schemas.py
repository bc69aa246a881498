"""What comes in."""

from __future__ import annotations

from services.analytics.schemas import Figures
from shared.schemas import Flag, Moment


class Efficiency(Figures):
    """``at``: the moment of the backlog; now, if left out."""

    at = Moment(load_default=None)
    include_imported = Flag(load_default=False)
