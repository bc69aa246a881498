"""What is tried in the life of an order, and what often follows on what."""

from __future__ import annotations

import services.workorders.orders.domain.decide  # noqa: F401  # it brings in every command
from services.workorders.orders.domain import commands as c

NAMES = tuple(
    cls.name
    for cls in c.Command.__subclasses__()
    if cls.name not in ("submit", "submit_sub_order", "import_order")
)

# said by the application alone: somebody asked the accepter, who is not satisfied
AFTER_A_CALL = "reopen after a call"

# mostly onwards, at times astray, now and then whatever is refused
ONWARDS = ("dispatch", "repair", "accept", "rate", "answer_rating", "reject", "reopen", "appeal")
TIED = ("merge", "unmerge", "add_sub_order", "finish_sub_order", "repair")
# nobody answers, so staff check
SILENT = ("dispatch", "repair", "remind", "request_check")
CALLED = ("dispatch", "repair", "accept", AFTER_A_CALL)
PUT_OFF = ("dispatch", "start", "defer", "resume", "defer", "quote")
AGREED_TO = ("offer_visits", "choose_visit", "choose_visit", "cancel_visit", "defer", "resume")
VISITING = (
    *("dispatch", "offer_visits", "choose_visit", "move_visit", "cancel_visit"),
    *("miss_visit", "start"),
)
SPOKEN = ("quote", "accept_quote_for", "object_to_quote_answer", "confirm_quote_answer", "start")
QUOTING = ("dispatch", "quote", "accept_quote", "start", "repair", "reject", "reopen")
WAYS = (
    *(ONWARDS, ONWARDS, QUOTING, QUOTING, SPOKEN, VISITING, PUT_OFF, AGREED_TO, AGREED_TO),
    *(TIED, SILENT, CALLED),
    *(NAMES, ()),
)
PAYERS = ("owner", "owner", "warranty", "fund", "company")
