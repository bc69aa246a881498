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
    "window_closed": _l("The time to open it again is over; report it anew."),
    "already_reminded": _l("They were reminded of this already."),
    "not_reminded": _l("They have not been reminded of this yet."),
    "check_requested": _l("Staff were asked to check this already."),
    "no_such_answer": _l("This canned answer was withdrawn."),
    "too_many_answers": _l("No more canned answers can be kept; withdraw one first."),
    "not_concerned": _l("Only those whom the order concerns may comment on it."),
    "not_among_staff": _l("Only the staff who look after the order write among themselves."),
    "too_many_comments": _l("So much was said here that no more is taken; please call."),
    "photo_missing": _l("A photo is missing that this category takes."),
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
    # people, homes, accounts
    "already_registered": _l("This is registered already."),
    "lives_there_already": _l("They live there already."),
    "moved_out_already": _l("They have moved out already."),
    "of_another_community": _l("This person and this home are of different communities."),
    "forgotten": _l("This person was forgotten; register them anew if they are back."),
    "login_taken": _l("This log-in name is taken; choose another one."),
    "closed": _l("This account was closed; open another one."),
    "already_granted": _l("They hold this post already."),
    "too_many_posts": _l("They hold too many posts; end some first."),
    # what communities promise, staff, dispatching, outages
    "not_yours_to_promise": _l("Managers and administrators of the community set this."),
    "no_working_time": _l("By this calendar nothing would ever be due: give a week some hours."),
    "calendar_missing": _l("Set the working time first: promises are measured by it."),
    "promises_missing": _l("Set the promises first: nobody is told of what is not promised."),
    "not_their_superior": _l("Their supervisor, manager or superior keeps this record."),
    "not_on_record": _l("That is not on record any more."),
    "shifts_overlap": _l("They have another shift at that time."),
    "leaves_overlap": _l("They are on leave for part of that time already."),
    "on_leave": _l("They are on leave at that time."),
    "not_the_manager": _l("Only a manager of the community sets how it dispatches."),
    "not_a_dispatcher": _l("Those who dispatch there see to outages."),
    "incident_over": _l("This outage is over already."),
    "incident_known": _l(
        "An outage of this category is going on in one of these buildings: say there how it "
        "stands, or leave that building out."
    ),
    "no_visit_offered": _l("No visit is on offer; perhaps one is agreed already."),
    "offer_replaced": _l("Other times are on offer now; look at those."),
    "visit_over": _l("This time is over; choose another."),
    "no_visit_agreed": _l("No visit is agreed; a time has to be offered and chosen first."),
    "visit_agreed": _l("A visit is agreed already; move it."),
    "same_visit": _l("The visit is at this time already."),
    "visit_taken": _l("This time is taken; choose another."),
    "technician_on_leave": _l("The technician is on leave then; choose another time."),
    "technician_off_shift": _l("The technician has no shift then; choose another time."),
    "visit_not_begun": _l("The visit's time has not begun, so nobody can have missed it."),
    "visit_begun": _l("The visit's time has begun; move it to another time."),
    "visit_reminded": _l("Both sides were reminded of this visit already."),
    "visit_moved_since": _l("The visit is at another time now."),
    "visit_before_date": _l(
        "A visit is agreed before that date; move it first, or call it off while it has not begun."
    ),
    "still_put_off": _l(
        "The order is put off; choose a time from its date on, or resume it first."
    ),
    "not_deferred": _l("It is paused, not put off; those who work on it resume it."),
    "deferral_not_over": _l("It is not put off, or its date has not come yet."),
    "no_quote": _l("Nothing was quoted for this order."),
    "no_such_quote": _l("There is no quote of this number; look at the page again."),
    "quote_already_accepted": _l("This quote was accepted already."),
    "quote_already_declined": _l("This quote was declined already; another must be put."),
    "quote_withdrawn": _l("This quote was withdrawn."),
    "quote_replaced": _l("A later quote took the place of this one; look at that one."),
    "quote_lapsed": _l("This quote has lapsed; ask for another."),
    "quote_still_valid": _l("This quote has not lapsed yet."),
    "quote_unanswered": _l(
        "A quote waits for its answer. Work goes on once it is answered or withdrawn."
    ),
    "own_quote": _l("Nobody answers their own quote, or takes down the answer; ask somebody else."),
    "own_order": _l("Who does the work does not take down what the resident says to its price."),
    "own_answer": _l("It is for you to answer; this is for what others said."),
    "no_answer_taken": _l("There is nothing to object to, or the time for it is over."),
    "answer_taken": _l(
        "The resident may still object to what was taken down. Work begins once they confirm it, "
        "or when that time is over."
    ),
    "nothing_agreed": _l("Nothing may be charged that nobody agreed to; put a quote first."),
    "more_than_quoted": _l("This is more than the accepted quote; put a revised one first."),
    "nobody_to_answer": _l(
        "Nobody else there may say yes or no to this quote; choose another payer, let a colleague "
        "put it, or have somebody else named who may."
    ),
    "payer_fixed": _l("What was charged already is for another payer, who pays for the rest too."),
    "complaints_are_free": _l("A complaint is never charged; leave the charge empty."),
    "still_reopenable": _l("It was accepted a short while ago; open it again instead."),
    "is_sub_order": _l("It is a part of another order: parts have no parts, and are not merged."),
    "sub_orders_open": _l("Parts of the order are not finished yet; finish or decline them first."),
    "no_open_sub_order": _l("That part is finished, or is no part of this order."),
    "charged_with_parent": _l("A part is charged with its order; put the quote there."),
    "order_merged": _l("It is merged into another order and seen to there."),
    "not_merged": _l("It is not merged into another order."),
    "merge_circle": _l("That order is merged into this one already."),
    "merge_target_closed": _l("Nothing is to be done about that order any more; name an open one."),
    "already_answered": _l("It was answered already."),
    "already_converted": _l("It is a work order already; the order tells what becomes of it."),
    "words_forgotten": _l("Its words are not kept any more, so no order can be made of it."),
    # bills
    "no_such_bill": _l("There is no such bill, or it is not one you may see."),
    "not_your_bill": _l("There is no such bill, or it is not one you may see."),
    "already_settled": _l("It is settled already."),
    "already_voided": _l("It is not owed any more."),
    "more_than_outstanding": _l("That is more than is still to be paid."),
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
    "A visit takes from 15 minutes to 12 hours.": _l("From 15 minutes to 12 hours, please."),
    "This time is over.": _l("This time is over already."),
    "At most 90 days from now.": _l("At most 90 days from now."),
    "It overlaps another window.": _l("These times overlap."),
    "A day and two times are expected.": _l("A day and two times, please."),
    "The quote was put only after this time.": _l("The quote was put only after this time."),
    "This time is in the future.": _l("This time is still to come."),
    "A day is expected.": _l("A day, please."),
    "This time is over: a quote must hold for a while.": _l("This time is over already."),
    "At most 366 days from now.": _l("At most a year from now."),
    "The order was made for no resident who could pay: choose another payer.": _l(
        "There is no resident who could pay for this; choose another payer."
    ),
    "Nobody else at the place may answer this quote: choose another payer, let a colleague put it, "
    "or have somebody else named who may answer.": _l("Nobody else may answer for this payer."),
    "This needs at least 1 items; it has 0.": _l("At least one line, please."),
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
    "This category takes a photo of the finished work.": _l(
        "This category takes a photo of the finished work."
    ),
    "This category takes a photo of how it was found.": _l(
        "This category takes a photo of how it was found."
    ),
    "is nobody known here": _l("Nobody known here."),
    "is no order of this community": _l("There is no such order in this community."),
    "An order is no duplicate of itself.": _l("An order is no duplicate of itself."),
    "An order is not merged into itself.": _l("That is this very order."),
    "This person does not live at the place.": _l("This person does not live there."),
    "This person is no technician at the order's place.": _l("No technician at this place."),
    "Hours such as 09:00-12:00 are expected.": _l("Hours such as 09:00-12:00, please."),
    "Hours must end after they start, within one day.": _l("Hours end after they start."),
    "Give the hours of a day in order, with a break between them.": _l(
        "Give the hours in order, with a break between them."
    ),
    "A week needs at least 60 minutes of working time.": _l(
        "A week needs at least one working hour."
    ),
    "A day is expected, such as 2026-03-01.": _l("A day, please."),
    "This day is given twice.": _l("This day is given twice."),
    "No public holidays are known of this country.": _l(
        "No public holidays are known of this country."
    ),
    "There is no such category.": _l("There is no such category."),
    "Another rule is for the same orders and target.": _l(
        "Another line is for the same orders and promise."
    ),
    "Another ladder is for the same orders.": _l("Another ladder is for the same orders."),
    "Each step must come later than the one before.": _l(
        "Each step must come later than the one before."
    ),
    "There is no such version.": _l("There is no such version."),
    "It overlaps another shift.": _l("It overlaps another shift."),
    "It falls into a leave.": _l("It falls into a leave."),
    "It overlaps another leave.": _l("It overlaps another leave."),
    "It ends before it starts.": _l("It ends before it starts."),
    "The certificate ends before it starts.": _l("It ends before it starts."),
    "It lasts longer than 1 days.": _l("A shift lasts at most 24 hours."),
    "It lasts longer than 366 days.": _l("A leave lasts at most 366 days."),
    "No day, or more than 100.": _l("Choose 1 to 100 days."),
    "A time is expected.": _l("A time, please."),
    "This is in the past.": _l("This is in the past."),
    "An outage that is open is about them already.": _l("An outage is going on there already."),
    "The technician is on leave at that time: choose another.": _l("The technician is on leave."),
    "The technician has no shift for the whole of that time: choose another.": _l(
        "The technician has no shift then."
    ),
    "At least one of them must count.": _l("At least one of them must count."),
    "The order is put off: choose a time from its date on, or resume it first.": _l(
        "The order is put off until later."
    ),
}
_TOO_LONG = re.compile(r"This may have at most (?P<most>\d+) characters; it has (?P<has>\d+)\.")
_RANGE = re.compile(r".*whole number from (?P<least>-?\d+) to (?P<most>\d+)\.")
# beside the number of the order whose visit the technician has
_BOOKED = re.compile(r"The technician has a visit for (?P<number>\S+) at that time: .*")
_AGREED = re.compile(r"A visit is agreed for (?P<when>.+), before that date: move it .*first\.")
_YEAR = re.compile(r"No public holidays of (?P<year>\d+) are known of this country\.")


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
    booked = _BOOKED.fullmatch(text)
    if booked:
        return _("The technician has a visit for %(number)s then.", number=booked["number"])
    if text.startswith("This time is taken: choose another."):
        return _("This time is taken; choose another.")
    agreed = _AGREED.fullmatch(text)
    if agreed:
        return _("A visit is agreed for %(when)s.", when=agreed["when"])
    year = _YEAR.fullmatch(text)
    if year:
        return _("The public holidays of %(year)s are not known yet.", year=year["year"])
    span = _RANGE.fullmatch(text)
    if span:
        return _("A whole number from %(least)s to %(most)s.", **span.groupdict())
    return _("This does not fit here.")
