"""What events are called, and the parts of them that a page shows."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

# in the order in which the services follow one another
SERVICES: dict[str, Any] = {
    "security": _l("Register and accounts"),
    "workorders": _l("Work orders"),
    "billing": _l("Bills"),
    "notifications": _l("Notifications"),
}

EVENTS: dict[str, dict[str, Any]] = {
    "workorders": {
        "WorkOrderSubmitted": _l("Order submitted"),
        "WorkOrderImported": _l("Taken over from another system"),
        "WorkOrderDispatched": _l("Technician sent"),
        "WorkOrderStarted": _l("Work started"),
        "WorkOrderPaused": _l("Work paused"),
        "WorkOrderResumed": _l("Work resumed"),
        "WorkOrderHandedBack": _l("Handed back"),
        "WorkOrderTransferred": _l("Transferred to another technician"),
        "WorkOrderRepaired": _l("Reported as done"),
        "WorkOrderAccepted": _l("Work accepted"),
        "WorkOrderRejected": _l("Work rejected"),
        "WorkOrderDeclined": _l("Order declined"),
        "WorkOrderAppealed": _l("Appealed"),
        "WorkOrderRated": _l("Order rated"),
        "WorkOrderCancelled": _l("Order cancelled"),
        "WorkOrderReopened": _l("Opened again"),
        "WorkOrderReminded": _l("Accepter reminded"),
        "WorkOrderEscalated": _l("Escalated"),
        "WorkOrderPrioritised": _l("Priority set"),
        "DispatchModeSet": _l("Way of dispatching set"),
        "DispatchWeightsSet": _l("Weights of dispatching set"),
        "DispatchRoundHeld": _l("Round of dispatching held"),
        "NobodyQualified": _l("Nobody qualified"),
        "BuildingPlaced": _l("Building placed on the map"),
        "SkillRecorded": _l("Skill recorded"),
        "SkillWithdrawn": _l("Skill withdrawn"),
        "CertificateRecorded": _l("Certificate recorded"),
        "CertificateWithdrawn": _l("Certificate withdrawn"),
        "ShiftPlanned": _l("Shift planned"),
        "ShiftWithdrawn": _l("Shift withdrawn"),
        "LeaveGranted": _l("Leave granted"),
        "LeaveWithdrawn": _l("Leave withdrawn"),
        "ServiceCalendarSet": _l("Office hours set"),
        "ServiceTargetsSet": _l("Service targets set"),
        "EscalationLaddersSet": _l("Escalation set"),
        "IncidentOpened": _l("Incident opened"),
        "IncidentClosed": _l("Incident closed"),
        "ReportLinked": _l("Report linked to its incident"),
        "OrderFollowed": _l("Order followed"),
        "OrderUnfollowed": _l("Order followed no more"),
        "FollowedOrderMoved": _l("Followers told"),
        "PublicBoardSet": _l("Public work board opened or closed"),
        "WorkPublished": _l("Published on the work board"),
        "PublishedWorkFlagged": _l("Called unsuitable by the public"),
        "PublishedWorkHidden": _l("Hidden from the public"),
        "PublishedWorkRestored": _l("Found fit for the public"),
    },
    "billing": {
        "BillRaised": _l("Bill raised"),
        "BillPaid": _l("Payment booked"),
        "BillSettled": _l("Bill settled"),
        "BillVoided": _l("Bill voided"),
    },
    "notifications": {
        "NotificationPosted": _l("Somebody told"),
        "NotificationRead": _l("Notification read"),
        "PushSubscribed": _l("Notifications switched on for a device"),
        "PushUnsubscribed": _l("Notifications switched off for a device"),
        "PushQueued": _l("Notification to be sent to a device"),
        "PushSettled": _l("Notification sent to a device, or given up"),
    },
    "security": {
        "CommunityRegistered": _l("Community registered"),
        "BuildingRegistered": _l("Building registered"),
        "UnitRegistered": _l("Unit registered"),
        "PersonRegistered": _l("Person registered"),
        "PersonForgotten": _l("Person forgotten"),
        "TenancyStarted": _l("Moved in"),
        "TenancyEnded": _l("Moved out"),
        "AccountOpened": _l("Account opened"),
        "AccountClosed": _l("Account closed"),
        "PasswordSet": _l("Password set"),
        "PostGranted": _l("Role given"),
        "PostWithdrawn": _l("Role withdrawn"),
        "SessionOpened": _l("Logged in"),
        "SessionRefreshed": _l("Session renewed"),
        "SessionRevoked": _l("Session ended"),
        "SigningKeyPublished": _l("Signing key published"),
        "SigningKeyRetired": _l("Signing key retired"),
    },
}

# fields of events and of an order's state; ids of people become names, other ids are not shown
FIELDS: dict[str, Any] = {
    "state": _l("State"),
    "activity": _l("Activity"),
    "technician": _l("Technician"),
    "from_technician": _l("Technician before"),
    "repairers": _l("Repaired by"),
    "reporter": _l("Reported by"),
    "accepter": _l("Accepter"),
    "taken_by": _l("Taken down by"),
    "payer": _l("Payer"),
    "person": _l("Person"),
    "superior": _l("Superior"),
    "number": _l("Number"),
    "order_number": _l("Order"),
    "kind": _l("Kind"),
    "category": _l("Category"),
    "channel": _l("Reported via"),
    "description": _l("Description"),
    "reason": _l("Reason"),
    "note": _l("Note"),
    "notes": _l("What was done"),
    "text": _l("Why"),
    "comment": _l("Comment"),
    "caption": _l("Words for the public"),
    "minutes": _l("Time spent"),
    "charge_fen": _l("Charge"),
    "amount_fen": _l("Amount"),
    "paid_fen": _l("Paid"),
    "outstanding_fen": _l("Outstanding"),
    "method": _l("Paid by"),
    "receipt": _l("Receipt"),
    "stars": _l("Stars"),
    "speed": _l("Speed"),
    "attitude": _l("Attitude"),
    "checked": _l("Checked by staff"),
    "reminded": _l("Accepter reminded"),
    "accepted_at": _l("Accepted"),
    "submitted_at": _l("Submitted"),
    "closed_at": _l("Closed"),
    "due_on": _l("Due"),
    "role": _l("Role"),
    "name": _l("Name"),
    "code": _l("Code"),
    "login": _l("Log-in name"),
    "since": _p("date", "Since"),
    "until": _p("date", "Until"),
}
PEOPLE = frozenset(
    {
        "technician",
        "from_technician",
        "repairers",
        "reporter",
        "accepter",
        "taken_by",
        "payer",
        "person",
        "superior",
    }
)
MOMENTS = frozenset({"accepted_at", "submitted_at", "closed_at", "since", "until"})
ACTIVITIES = {
    "waiting": _l("Waiting"),
    "working": _l("Being worked on"),
    "paused": _l("Paused"),
}


def event(log: str, type_name: str) -> str:
    return str(EVENTS.get(log, {}).get(type_name, type_name))
