"""An order's events as step cards: what happened, who did it, when, and what caused it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats, words
from services.gateway.frame.words import Words
from services.gateway.orders import deferring
from services.gateway.orders import quoting_story as quotes
from services.gateway.orders import visiting_story as visits
from services.gateway.orders.parts import Part, quote

Data = Mapping[str, Any]
# a claimed time this near the recorded one is the same to people
SAME = timedelta(minutes=2)


@dataclass(frozen=True)
class Step:
    """``at`` is when it happened; ``recorded_at`` is set where that is another time.

    ``version``: of the order; None where it stands beside the order.
    """

    event: str
    version: int | None
    icon: str
    tone: str
    title: str
    who: str
    at: datetime
    recorded_at: datetime | None
    parts: list[Part] = field(default_factory=list)
    cause: str | None = None


class Reader:
    """``names``: person id to name. ``staff``: whether to use the staff's words."""

    def __init__(self, order: Data, names: Mapping[str, str], person: str, *, staff: bool) -> None:
        self.order = order
        self.names = names
        self.person = person
        self.staff = staff

    def name(self, person: str | None, otherwise: str | None = None) -> str:
        """What to call somebody; by what they are to the order, where their name is not known."""
        if person is None:
            return otherwise or _("nobody")
        if person.startswith("service:"):
            return _("The system")
        return self.names.get(person) or otherwise or self._role(person)

    def who(self, person: str) -> str:
        return _("You") if person == self.person else self.name(person)

    def steps(self, events: Sequence[Data]) -> list[Step]:
        """Oldest first, as the events are."""
        numbers = {event["id"]: event["version"] for event in events}
        return [self._step(event, numbers) for event in events]

    def _step(self, event: Data, numbers: Mapping[str, int]) -> Step:
        recorded = formats.when(event["time"])
        at = formats.when(event["occurred_at"])
        icon, tone, title, parts = _LOOKS.get(event["type"], _UNKNOWN)
        return Step(
            event=event["type"],
            version=event["version"],
            icon=icon,
            tone=tone,
            title=title(self, event["data"]) if callable(title) else str(title),
            who=self.who(event["actor"]),
            at=at,
            recorded_at=recorded if abs(recorded - at) > SAME else None,
            parts=[part for part in parts(self, event["data"]) if part is not None],
            cause=self._cause(event, numbers),
        )

    def _cause(self, event: Data, numbers: Mapping[str, int]) -> str | None:
        cause = event["causation_id"]
        if cause is None:
            return None
        if cause in numbers:
            return _("Follows from step %(number)s", number=numbers[cause])
        return _("Follows from an event in another service")

    def _role(self, person: str) -> str:
        if person == self.order["technician"] or person in self.order["repairers"]:
            return _("The technician")
        if person == self.order["reporter"] or (
            person == self.order["accepter"] and self.order["accepter_kind"] == "resident"
        ):
            return _("The resident")
        return _("The property office")


def _both(words_: Words) -> Callable[[Reader, Data], str]:
    return lambda reader, data: words_.for_(staff=reader.staff)


def _by_kind(repair: Words, complaint: Words) -> Callable[[Reader, Data], str]:
    return lambda reader, data: (complaint if reader.order["kind"] == "complaint" else repair).for_(
        staff=reader.staff
    )


def _dispatched(reader: Reader, data: Data) -> str:
    name = reader.name(data["technician"], _("a technician"))
    if reader.staff:
        return _("Dispatched to %(name)s", name=name)
    return _("%(name)s will see to it", name=name)


def _transferred(reader: Reader, data: Data) -> str:
    name = reader.name(data["technician"], _("another technician"))
    if reader.staff:
        before = reader.name(data["from_technician"], _("a technician"))
        return _("Transferred from %(before)s to %(name)s", before=before, name=name)
    return _("%(name)s takes over", name=name)


def _accepted(reader: Reader, data: Data) -> str:
    if data["checked"]:
        return _("Checked by staff")
    if reader.staff:
        return _("Accepted")
    return _("Confirmed: settled")


def _answered(reader: Reader, data: Data) -> str:
    if reader.staff:
        return _("Answer to the rating revised") if data["revised"] else _("Rating answered")
    return _("The property office answers your rating")


def _none(reader: Reader, data: Data) -> list[Part | None]:
    return []


def _why(reader: Reader, data: Data) -> list[Part | None]:
    """Why them: for staff, where a rule said so or they took it themselves."""
    choice = data.get("choice")
    if choice is None or not reader.staff:
        return []
    return [Part(_("Why this person"), str(words.CHOICE_REASONS[choice["reason"]]))]


def _said(label: Any, name: str) -> Callable[[Reader, Data], list[Part | None]]:
    return lambda reader, data: [quote(str(label), data[name])]


def _description(reader: Reader, data: Data) -> list[Part | None]:
    taken, text = data["taken_by"], data["description"]
    # it stands above already, unless it was forgotten
    shown = text is not None and text == reader.order["description"]
    return [
        None if shown else quote(_("Description"), text),
        Part(_("Taken down by"), reader.who(taken)) if taken else None,
        # they stand above as well
        None
        if data["photos"] == reader.order.get("photos")
        else _photos(_("Photos"), data["photos"]),
    ]


def _imported(reader: Reader, data: Data) -> list[Part | None]:
    return [
        quote(_("Description"), data["description"], needed=False),
        Part(_("From"), f"{data['source']} {data['source_id']}"),
        Part(_("Their status"), data["status"]),
    ]


def _photos(label: str, photos: Sequence[str] | None) -> Part | None:
    if not photos:
        return None
    return Part(label, formats.number(len(photos)), "photos", tuple(photos))


def _signed(data: Data) -> Part | None:
    signature = data.get("signature")
    return _photos(_("Signed there"), [signature] if signature else None)


def _priorities(reader: Reader, data: Data) -> list[Part | None]:
    return [
        Part(_("Priority"), str(words.PRIORITIES[data["priority"]])),
        Part(_("Before"), str(words.PRIORITIES[data["from_priority"]])),
    ]


def _paused(reader: Reader, data: Data) -> list[Part | None]:
    reason = str(words.PAUSE_REASONS.get(data["reason"], data["reason"]))
    return [
        Part(_("Reason"), reason),
        quote(_("Note"), data["note"], needed=data["reason"] == "other"),
    ]


def _reason_if_any(reader: Reader, data: Data) -> list[Part | None]:
    return [quote(_("Reason"), data["reason"], needed=False)]


def _repaired(reader: Reader, data: Data) -> list[Part | None]:
    return [
        quote(_("What was done"), data["notes"]),
        Part(_("Time spent"), formats.minutes(data["minutes"])) if data["minutes"] else None,
        Part(_("Material"), [_material(reader, each) for each in data["materials"]], "list")
        if data["materials"]
        else None,
        quotes.charge(data, staff=reader.staff) if data["charge_fen"] else None,
        # what was told before there were such photos has none
        _photos(_("Photos before"), data.get("photos_before")),
        _signed(data),
        _photos(_("Photos after"), data["photos"]),
    ]


def _material(reader: Reader, material: Data) -> str:
    told = f"{material['name']} × {formats.number(material['quantity'])}"
    if not reader.staff:
        return told
    return f"{told} ({formats.money(material['unit_cost_fen'])})"


def _charged(reader: Reader, data: Data) -> list[Part | None]:
    owed = data["charge_fen"] and not data["checked"]
    return [
        quotes.charge(data, staff=reader.staff) if owed else None,
        quote(_("Found"), data["note"], needed=False),
        _signed(data),
    ]


def _declined(reader: Reader, data: Data) -> list[Part | None]:
    reason = str(words.DECLINE_REASONS.get(data["reason"], data["reason"]))
    return [Part(_("Reason"), reason), quote(_("Note"), data["note"])]


def _part_added(reader: Reader, data: Data) -> list[Part | None]:
    return [
        Part(_("Part"), data["sub_number"]),
        Part(_("Kind of work"), words.category(data["sub_kind"], data["sub_category"])),
        quote(_("Description"), data["description"]) if reader.staff else None,
    ]


def _part_finished(reader: Reader, data: Data) -> list[Part | None]:
    state = words.state(data["sub_state"], "waiting", staff=True)
    return [
        Part(_("Part"), data["sub_number"]),
        Part(_("State"), state) if reader.staff and data["sub_state"] != "repaired" else None,
        Part(_("Still to be finished"), formats.number(data["left"])) if data["left"] else None,
    ]


def _merged(reader: Reader, data: Data) -> list[Part | None]:
    return [Part(_("The other one"), data["into_number"])]


def _rated(reader: Reader, data: Data) -> list[Part | None]:
    return [
        Part(_("Overall"), data["stars"], "stars"),
        Part(_("Speed"), data["speed"], "stars") if data["speed"] else None,
        Part(_("Attitude"), data["attitude"], "stars") if data["attitude"] else None,
        quote(_("Comment"), data["comment"], needed=False),
    ]


_LOOKS: dict[str, tuple[str, str, Any, Callable[[Reader, Data], list[Part | None]]]] = {
    "WorkOrderSubmitted": (
        "inbox",
        "submitted",
        _by_kind(
            Words(_l("Report received"), _l("Submitted")),
            Words(_l("Complaint received"), _l("Submitted")),
        ),
        _description,
    ),
    "WorkOrderImported": ("import", "submitted", _l("Taken over from another system"), _imported),
    "WorkOrderPrioritised": (
        "flag",
        "submitted",
        _both(Words(_l("Looked at how urgent it is"), _l("Priority changed"))),
        _priorities,
    ),
    "WorkOrderDispatched": ("user", "dispatched", _dispatched, _why),
    "WorkOrderStarted": (
        "play",
        "dispatched",
        _both(Words(_l("Work has begun"), _l("Started"))),
        _none,
    ),
    "WorkOrderPaused": (
        "pause",
        "submitted",
        _both(Words(_l("Work is on hold"), _l("Paused"))),
        _paused,
    ),
    "WorkOrderResumed": (
        "play",
        "dispatched",
        _both(Words(_l("Work goes on"), _l("Resumed"))),
        _none,
    ),
    "WorkOrderHandedBack": (
        "undo",
        "submitted",
        _both(Words(_l("Another technician is being found"), _l("Handed back"))),
        _said(_l("Reason"), "reason"),
    ),
    "WorkOrderTransferred": ("swap", "dispatched", _transferred, _reason_if_any),
    "WorkOrderRepaired": (
        "wrench",
        "repaired",
        _by_kind(
            Words(_l("The work is done"), _l("Reported as done")),
            Words(_l("It has been seen to"), _l("Reported as done")),
        ),
        _repaired,
    ),
    "WorkOrderAccepted": ("check", "accepted", _accepted, _charged),
    "WorkOrderRejected": (
        "undo",
        "declined",
        _both(Words(_l("Not settled: it is seen to again"), _l("Rejected"))),
        _said(_l("What is still wrong"), "reason"),
    ),
    "WorkOrderDeclined": (
        "ban",
        "declined",
        _both(Words(_l("We cannot take this on"), _l("Declined"))),
        _declined,
    ),
    "WorkOrderAppealed": (
        "flag",
        "submitted",
        _both(Words(_l("Asked to look at it again"), _l("Appealed"))),
        _said(_l("Why"), "text"),
    ),
    "WorkOrderRated": ("star", "rated", _l("Rated"), _rated),
    "WorkOrderRatingAnswered": ("inbox", "rated", _answered, _said(_l("Answer"), "text")),
    "WorkOrderCancelled": (
        "ban",
        "cancelled",
        _both(Words(_l("Report withdrawn"), _l("Cancelled"))),
        _none,
    ),
    "WorkOrderReopened": (
        "undo",
        "dispatched",
        _l("Opened again"),
        _said(_l("What is wrong"), "reason"),
    ),
    "WorkOrderSubOrderAdded": (
        "plus",
        "dispatched",
        _both(Words(_l("Another trade is needed"), _l("Part added"))),
        _part_added,
    ),
    "WorkOrderSubOrderFinished": (
        "check",
        "repaired",
        _both(Words(_l("A part of the work is finished"), _l("Part finished"))),
        _part_finished,
    ),
    "WorkOrderMerged": (
        "merge",
        "cancelled",
        _both(Words(_l("Seen to together with another report"), _l("Merged into another order"))),
        _merged,
    ),
    "WorkOrderUnmerged": (
        "undo",
        "submitted",
        _both(Words(_l("Seen to on its own again"), _l("Unmerged"))),
        _merged,
    ),
    "WorkOrderReminded": (
        "bell",
        "repaired",
        _both(Words(_l("Reminder to check the work"), _l("Accepter reminded"))),
        _none,
    ),
    "WorkOrderCheckRequested": (
        "search",
        "repaired",
        _both(Words(_l("Our staff look at the work"), _l("No answer: to be checked by staff"))),
        _none,
    ),
    **quotes.LOOKS,
    **visits.LOOKS,
    **deferring.LOOKS,
}
_UNKNOWN = ("dot", "cancelled", _l("Something else happened"), _none)


def people_in(order: Data, events: Sequence[Data]) -> set[str]:
    """Everybody whose name the page may need."""
    found = {order[name] for name in ("reporter", "accepter", "technician", "taken_by")}
    for event in events:
        found.add(event["actor"])
        found |= {event["data"].get(name) for name in ("technician", "from_technician", "taken_by")}
    return {person for person in found if person}
