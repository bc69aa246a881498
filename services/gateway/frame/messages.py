"""What went wrong, in the reader's language.

Services say it in English and name it by ``code`` and ``reason``; these are the words for people.
"""

from __future__ import annotations

import math
import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import formats
from shared.errors import WuyeError

_BY_REASON = {
    # orders
    "no_such_order": _l("There is no such order, or it is not one you may see."),
    "not_your_role": _l("Your role at this place does not allow this."),
    "not_your_order": _l("This is for somebody else to do on this order."),
    "may_not_claim_time": _l("Your role does not allow you to say when it happened."),
    "order_exists": _l("This order exists already."),
    "not_yet_dispatched": _l("No technician has been sent yet."),
    "not_yet_repaired": _l("The technician has not reported it as done yet."),
    "not_yet_accepted": _l("The work must be accepted first."),
    "not_yet_rated": _l("It has not been rated, so there is nothing to answer."),
    "not_declined": _l("The order was not declined, so there is nothing to appeal against."),
    "already_dispatched": _l("A technician was sent already; transfer the order to send another."),
    "already_repaired": _l("The work is done already and waits to be accepted or rejected."),
    "already_accepted": _l("It was accepted already; reopen it if something is still wrong."),
    "already_rated": _l("It was rated already; reopen it if something is still wrong."),
    "order_cancelled": _l("The order was cancelled; report it anew."),
    "order_declined": _l("The order was declined; appeal, and it is looked at again."),
    "work_begun": _l("Work has begun already; ask the property office."),
    "order_paused": _l("The work is paused; resume it first."),
    "not_paused": _l("The work is not paused."),
    "own_work": _l("Nobody judges their own work; ask a supervisor or manager to check it."),
    "no_accepter": _l("The order came from another system, so nobody can accept or rate it here."),
    "checked_by_staff": _l("Staff checked the work, so there is nothing to rate."),
    "window_closed": _l("The 72 hours to reopen it are over; report it anew."),
    "already_reminded": _l("They were reminded of this already."),
    "not_reminded": _l("They have not been reminded of this yet."),
    "check_requested": _l("Staff were asked to check this already."),
    "no_such_answer": _l("This canned answer was withdrawn."),
    "too_many_answers": _l("No more canned answers can be kept; withdraw one first."),
    "no_follow_up_due": _l("No follow-up of this order is due."),
    "may_not_prioritise": _l("Those who dispatch say how urgent it is."),
    "same_priority": _l("It has this priority already; choose another."),
    "already_assigned": _l("This technician has the order already; choose another."),
    "not_certified": _l(
        "The certificate that this work takes is missing or has expired; choose another technician."
    ),
    "not_yours_to_publish": _l("Those who dispatch there say what the public may see."),
    "not_published": _l("There is nothing of it on the public work board."),
    "no_board": _l("The community has no public work board; its manager may open one."),
    "not_publishable": _l("Only repairs that were accepted are shown to the public."),
    "hidden_work": _l("It is hidden from the public: show it again first."),
    "complaints_are_free": _l("A complaint is never charged; leave the charge empty."),
    "still_reopenable": _l("It was accepted less than 72 hours ago; open it again instead."),
    "is_sub_order": _l("It is a part of another order: parts have no parts, and are not merged."),
    "sub_orders_open": _l("Parts of the order are not finished yet; finish or decline them first."),
    "charged_with_parent": _l("A part is charged with its order; leave the charge empty here."),
    "order_merged": _l("It is merged into another order and seen to there."),
    "not_merged": _l("It is not merged into another order."),
    "merge_circle": _l("That order is merged into this one already."),
    "merge_target_closed": _l("Nothing is to be done about that order any more; name an open one."),
    "already_answered": _l("It was answered already."),
    "already_converted": _l("It is a work order already; the order tells what becomes of it."),
    "words_forgotten": _l("Its words are not kept any more, so no order can be made of it."),
    # sessions
    "wrong_credentials": _l("The log-in name or the password is wrong."),
    "stale_form": _l("This page was from an earlier session. Look it over and send it again."),
}
_BY_CODE = {
    "invalid": _l("Something is missing or does not fit. Please look at the marked fields."),
    "not_found": _l("It does not exist, or it is not something you may see."),
    "refused": _l("This is not possible now."),
    "conflict": _l("Somebody changed this at the same moment. Look at it anew, then try again."),
    "unauthenticated": _l("Please log in again."),
    "forbidden": _l("Your role does not allow this."),
    "busy": _l("Very many are asking at this moment. Please try again shortly."),
    "unavailable": _l("This service cannot be reached just now. Please try again shortly."),
    "timed_out": _l("No answer came in time. It may have been done: send it again to be sure."),
}
_FAULTS = {
    "This field is required.": _l("This is needed."),
    "This field may not be null.": _l("This is needed."),
    "This may not be empty.": _l("This is needed."),
    "This text must not be empty.": _l("This is needed."),
    "A whole number is expected.": _l("A whole number, please."),
    "An amount such as 35.00 is expected.": _l("An amount such as 35.00, please."),
    "A JPEG, PNG or WebP picture is expected.": _l("A photo as JPEG, PNG or WebP, please."),
    "This picture is damaged.": _l("This photo is damaged; take or choose it again."),
    "A photo may have at most 12 MB.": _l("A photo may have at most 12 MB."),
    "A photo may have at most 50,000,000 pixels.": _l(
        "This photo is too large; choose a smaller one."
    ),
    "At most 12 photos are taken.": _l("At most 12 photos; the others were left out."),
    "Say whether they are satisfied.": _l("Say whether they are satisfied."),
    "Leave this out: nobody was reached.": _l("Leave this out: nobody was reached."),
    "Only what somebody is not satisfied with is opened again.": _l(
        "Only what somebody is not satisfied with is opened again."
    ),
    "Only photos taken after the repair are published.": _l("Only photos after the repair."),
    "Choose a photo, or say what was done.": _l("Choose a photo, or say what was done."),
    "is nobody known here": _l("Nobody known here."),
    "is no order of this community": _l("There is no such order in this community."),
    "An order is no duplicate of itself.": _l("An order is no duplicate of itself."),
    "An order is not merged into itself.": _l("That is this very order."),
    "This person does not live at the place.": _l("This person does not live there."),
    "This person is no technician at the order's place.": _l("No technician at this place."),
}
_TOO_LONG = re.compile(r"This may have at most (?P<most>\d+) characters; it has (?P<has>\d+)\.")
_RANGE = re.compile(r".*whole number from (?P<least>-?\d+) to (?P<most>\d+)\.")


def told(error: WuyeError) -> str:
    """One sentence for people."""
    if error.reason == "too_many_tries" and error.retry_after is not None:
        wait = formats.minutes(math.ceil(error.retry_after / 60))
        return _("Too many failed tries. The next one is possible in %(wait)s.", wait=wait)
    if error.reason == "too_many_from_here" and error.retry_after is not None:
        wait = formats.minutes(math.ceil(error.retry_after / 60))
        return _("That was often from here. The next one is possible in %(wait)s.", wait=wait)
    words: Any = _BY_REASON.get(error.reason) or _BY_CODE.get(error.code)
    return str(words) if words is not None else _("Something went wrong.")


def fault(text: str) -> str:
    """What a schema says of a field."""
    words: Any = _FAULTS.get(text)
    if words is not None:
        return str(words)
    long = _TOO_LONG.fullmatch(text)
    if long:
        return _(
            "At most %(most)s characters; these are %(has)s.", most=long["most"], has=long["has"]
        )
    span = _RANGE.fullmatch(text)
    if span:
        return _("A whole number from %(least)s to %(most)s.", **span.groupdict())
    return _("This does not fit here.")
