"""All that can happen after the work, in a community of its own."""

from __future__ import annotations

from functools import partial

from tests.support.estate import Answer, Estate, Place, soon


def aftercare_happens(estate: Estate, place: Place, words: str) -> None:
    """Each event of follow-ups, comments, canned answers and photo rules is told of.

    ``words``: what people write.
    """
    manager, dispatcher = place.person("manager"), place.person("dispatcher")
    resident = place.person("resident")
    rules = {"low_stars": 2, "checked": True, "percent": 100}
    manager.order("set_follow_up_rules", community=place.community, **rules)
    asked, again = _accepted(place, words), _accepted(place, words)
    resident.order("comment", id=asked, text=words)
    dispatcher.order("comment", id=asked, text=words, internal=True)
    for one in (asked, again):
        soon("a follow-up is due", partial(_due, place, one))
    dispatcher.order("record_follow_up", id=asked, outcome="reached", satisfied=True, notes=words)
    resident.order("reopen", id=again, reason=words)
    soon("the other is dropped", lambda: not _due(place, again))
    kept = manager.order(
        "keep_canned_answer",
        community=place.community,
        use="comment",
        # the company's own words, not somebody's
        wordings=[{"language": "en", "text": "We are on our way."}],
    )["answer"]
    manager.order("withdraw_canned_answer", community=place.community, answer=kept)
    photos = {"kind": "complaint", "category": "pets", "before": False, "after": True}
    manager.order("set_photo_rule", community=place.community, **photos)


def _accepted(place: Place, words: str) -> str:
    resident = place.person("resident")
    submission = {"kind": "repair", "category": "door_lock", "unit": place.unit}
    order: Answer = resident.order(
        "submit", community=place.community, description=words, **submission
    )
    do = {"id": order["id"]}
    technician = place.person("technician")
    place.person("dispatcher").order("dispatch", **do, technician=technician.id)
    technician.order("repair", **do, notes=words)
    resident.order("accept", **do)
    return str(order["id"])


def _due(place: Place, order: str) -> bool:
    found = place.person("dispatcher").order("follow_ups", community=place.community)
    return any(one["id"] == order for one in found["follow_ups"])
