"""What an event says, in one line for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cli.audit.names import Names
from cli.console import yuan
from shared.audit.chain import Event

Data = Mapping[str, Any]
_LONGEST = 300
# told by other columns, or the same in every event of an order
_UNTOLD = frozenset(
    {"id", "number", "order", "order_number", "kind", "category", "building", "unit", "reporter",
     "accepter", "technician", "payer", "person", "language", "author"}
)  # fmt: skip


def said(event: Event, names: Names) -> str:
    """The event's name in plain words, and what there is to tell of its content."""
    told = _TOLD.get(event["type"], _anything)(event["data"], names)
    text = f"{_title(event['type'])}: {told}" if told else _title(event["type"])
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _title(type_name: str) -> str:
    """`WorkOrderHandedBack` as `handed back`, `BillRaised` as `bill raised`."""
    words: list[str] = []
    for letter in type_name.removeprefix("WorkOrder"):
        if letter.isupper() or not words:
            words.append(letter.lower())
        else:
            words[-1] += letter
    return " ".join(words)


def _joined(*parts: str | None) -> str:
    return "; ".join(part for part in parts if part)


def _quoted(text: str | None) -> str:
    """Somebody's words; None where they were forgotten or are withheld."""
    return "(words no longer kept)" if text is None else f"“{' '.join(text.split())}”"


def _stars(count: int) -> str:
    return "★" * count + "☆" * (5 - count)


def _submitted(data: Data, names: Names) -> str:
    return _joined(
        f"{data['kind']}, {data['category']}, by {data['channel']}",
        f"taken by {names.of(data['taken_by'])}" if data["taken_by"] else None,
        f"to be accepted by {names.of(data['accepter'])}"
        if data["accepter"] != data["reporter"]
        else None,
        _quoted(data["description"]),
    )


def _imported(data: Data, _: Names) -> str:
    return _joined(
        f"{data['kind']}, {data['category']}, {data['source']} {data['source_id']}",
        f"{data['status']} there",
        f"submitted {data['submitted_at']}",
        f"closed {data['closed_at']}" if data["closed_at"] else None,
        _quoted(data["description"]),
    )


def _to_technician(data: Data, names: Names) -> str:
    return f"to {names.of(data['technician'])}"


def _transferred(data: Data, names: Names) -> str:
    return _joined(
        f"from {names.of(data['from_technician'])} to {names.of(data['technician'])}",
        _quoted(data["reason"]) if data["reason"] else None,
    )


def _paused(data: Data, _: Names) -> str:
    return _joined(data["reason"], _quoted(data["note"]) if data["note"] else None)


def _repaired(data: Data, _: Names) -> str:
    used = ", ".join(f"{one['quantity']} × {one['name']}" for one in data["materials"])
    return _joined(
        f"{data['minutes']} minutes",
        used,
        f"to be charged {yuan(data['charge_fen'])}" if data["charge_fen"] else None,
        _quoted(data["notes"]),
    )


def _accepted(data: Data, _: Names) -> str:
    return _joined(
        "checked by staff" if data["checked"] else None,
        f"charged {yuan(data['charge_fen'])}" if data["charge_fen"] else None,
    )


def _put_quote(data: Data, _: Names) -> str:
    lines = ", ".join(
        f"{one['quantity']} × {one['what']} at {yuan(one['unit_fen'])}" for one in data["lines"]
    )
    return _joined(
        f"no. {data['quote']}, {yuan(data['total_fen'])} for the {data['payer']} to pay",
        lines,
        f"until {data['valid_until']}",
        f"in place of no. {data['replaces']}" if data["replaces"] else None,
        _quoted(data["note"]) if data["note"] else None,
    )


def _about_quote(data: Data, _: Names) -> str:
    return _joined(
        f"no. {data['quote']}, {yuan(data['total_fen'])} for the {data['payer']} to pay",
        _quoted(data["reason"]) if data.get("reason") else None,
    )


def _declined(data: Data, _: Names) -> str:
    return _joined(
        data["reason"],
        f"of {data['duplicate_of']}" if data["duplicate_of"] else None,
        _quoted(data["note"]),
    )


def _rated(data: Data, _: Names) -> str:
    return _joined(
        _stars(data["stars"]),
        f"speed {data['speed']}" if data["speed"] else None,
        f"attitude {data['attitude']}" if data["attitude"] else None,
        _quoted(data["comment"]) if data["comment"] else None,
    )


def _prioritised(data: Data, _: Names) -> str:
    return f"from {data['from_priority']} to {data['priority']}"


def _escalated(data: Data, names: Names) -> str:
    told = ", ".join(names.of(person) for person in data["whom"]) or f"every {data['role']} there"
    return f"{data['percent']} % of the time to {data['target']} used by {data['due_at']}; {told}"


def _because(data: Data, _: Names) -> str:
    return _quoted(data["reason"])


def _visits_offered(data: Data, _: Names) -> str:
    return ", or ".join(_window(one) for one in data["windows"])


def _visit(data: Data, _: Names) -> str:
    words = data.get("reason") or data.get("note")
    return _joined(_window(data), _quoted(words) if words else None)


def _window(data: Data) -> str:
    return f"{data['starts']} to {data['ends']}"


def _deferred(data: Data, _: Names) -> str:
    return _joined(f"until {data['until']}", _quoted(data["reason"]))


def _follow_up_due(data: Data, _: Names) -> str:
    return f"for {data['reason']}, by {data['due_at']}"


def _followed_up(data: Data, _: Names) -> str:
    satisfied = {None: None, True: "satisfied", False: "not satisfied"}[data["satisfied"]]
    return _joined(data["outcome"], satisfied, _quoted(data["notes"]) if data["notes"] else None)


def _text(data: Data, _: Names) -> str:
    return _quoted(data["text"])


def _comment(data: Data, _: Names) -> str:
    return _joined("among staff" if data["internal"] else None, _quoted(data["text"]))


def _bill_raised(data: Data, names: Names) -> str:
    return f"{data['number']}, {yuan(data['amount_fen'])} to be paid by {names.of(data['payer'])}"


def _bill_paid(data: Data, _: Names) -> str:
    left = f", {yuan(data['outstanding_fen'])} left" if data["outstanding_fen"] else ""
    return f"{data['number']}, {yuan(data['amount_fen'])} by {data['method']}{left}"


def _bill_settled(data: Data, _: Names) -> str:
    return f"{data['number']}, {yuan(data['paid_fen'])} paid"


def _bill_voided(data: Data, _: Names) -> str:
    return f"{data['number']}, {yuan(data['amount_fen'])} not owed any more; " + _quoted(
        data["reason"]
    )


def _posted(data: Data, names: Names) -> str:
    return f"to {names.of(data['person'])}, {data['template']}"


def _read(data: Data, names: Names) -> str:
    return f"by {names.of(data['person'])}"


def _anything(data: Data, _: Names) -> str:
    """An event nobody has found words for yet: its plain values."""
    return ", ".join(
        f"{name} {value}"
        for name, value in data.items()
        if name not in _UNTOLD and isinstance(value, str | int | float) and value != ""
    )


_TOLD: dict[str, Callable[[Data, Names], str]] = {
    "WorkOrderSubmitted": _submitted,
    "WorkOrderImported": _imported,
    "WorkOrderPrioritised": _prioritised,
    "WorkOrderEscalated": _escalated,
    "WorkOrderDispatched": _to_technician,
    "WorkOrderTransferred": _transferred,
    "WorkOrderPaused": _paused,
    "WorkOrderHandedBack": _because,
    "WorkOrderRejected": _because,
    "WorkOrderReopened": _because,
    "WorkOrderRepaired": _repaired,
    "WorkOrderAccepted": _accepted,
    "WorkOrderDeclined": _declined,
    "WorkOrderQuoted": _put_quote,
    "WorkOrderQuoteAccepted": _about_quote,
    "WorkOrderQuoteDeclined": _about_quote,
    "WorkOrderQuoteWithdrawn": _about_quote,
    "WorkOrderQuoteLapsed": _about_quote,
    "WorkOrderVisitsOffered": _visits_offered,
    "WorkOrderVisitChosen": _visit,
    "WorkOrderVisitMoved": _visit,
    "WorkOrderVisitMissed": _visit,
    "WorkOrderVisitCancelled": _visit,
    "WorkOrderVisitReminded": _visit,
    "WorkOrderDeferred": _deferred,
    "WorkOrderAppealed": _text,
    "WorkOrderRated": _rated,
    "WorkOrderRatingAnswered": _text,
    "CommentAdded": _comment,
    "InquirySubmitted": lambda data, _: _joined(data["kind"], _quoted(data["text"])),
    "FollowUpDue": _follow_up_due,
    "FollowUpRecorded": _followed_up,
    "BillRaised": _bill_raised,
    "BillPaid": _bill_paid,
    "BillSettled": _bill_settled,
    "BillVoided": _bill_voided,
    "NotificationPosted": _posted,
    "NotificationRead": _read,
}
