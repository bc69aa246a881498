"""What comes in about photos."""

from __future__ import annotations

from shared.schemas import Integer, Query, Text

MOST = 1000


class AttachedPhotos(Query):
    """All there are, page by page. ``after``: the ``next`` of the page before."""

    after = Text(80, load_default=None, allow_none=True)
    limit = Integer(minimum=1, maximum=MOST, load_default=MOST)
