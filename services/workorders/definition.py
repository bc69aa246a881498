"""What makes up ``workorders``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from services.workorders.board.application import Board
from services.workorders.bookings import domain as bookings_domain
from services.workorders.bookings.application import Bookings
from services.workorders.canned_answers import domain as canned_answers
from services.workorders.canned_answers.application import CannedAnswers
from services.workorders.comments import domain as comments
from services.workorders.comments.application import Comments
from services.workorders.dispatching.application import Dispatching
from services.workorders.dispatching.crew import Crew
from services.workorders.dispatching.domain import events as dispatching_events
from services.workorders.dispatching.policies import (
    when_technician_is_posted_then_hold_a_round,
    when_work_waits_or_hands_are_free_then_hold_a_round,
)
from services.workorders.dispatching.rosters import Rosters
from services.workorders.dispatching.rounds import Rounds
from services.workorders.dispatching.rulebook import Rulebook
from services.workorders.dispatching.solver import solve
from services.workorders.dispatching.views.assignments.projection import ASSIGNMENTS
from services.workorders.dispatching.views.automatic.projection import AUTOMATIC
from services.workorders.dispatching.views.decisions.projection import DECISIONS
from services.workorders.follow_ups.application import FollowUps
from services.workorders.follow_ups.domain import events as follow_up_events
from services.workorders.follow_ups.policies import (
    when_work_settled_or_reopened_then_its_follow_up_is_due_or_dropped,
)
from services.workorders.follow_ups.views.follow_up_rules.projection import FOLLOW_UP_RULES
from services.workorders.follow_ups.views.follow_ups.projection import FOLLOW_UPS
from services.workorders.followers import domain as followers
from services.workorders.followers.application import Following
from services.workorders.followers.policies import (
    when_order_merged_then_its_people_follow_the_other,
    when_order_moves_then_say_so_to_its_followers,
)
from services.workorders.followers.views.followed.projection import FOLLOWED
from services.workorders.incidents import domain as incidents_domain
from services.workorders.incidents.application import Incidents
from services.workorders.incidents.policies import (
    when_incident_opened_then_link_what_was_reported,
    when_order_submitted_then_link_it_to_its_incident,
)
from services.workorders.incidents.views.incidents.projection import INCIDENTS
from services.workorders.inquiries.application import Inquiries
from services.workorders.inquiries.domain import events as inquiry_events
from services.workorders.inquiries.measures import measures as inquiry_measures
from services.workorders.inquiries.policies import (
    when_inquiry_submitted_then_watch_its_deadline,
    when_order_made_of_an_inquiry_then_say_so_there,
)
from services.workorders.inquiries.views.inquiries.projection import INQUIRIES
from services.workorders.orders.application import Orders
from services.workorders.orders.domain import events as order_events
from services.workorders.orders.linking import Linking
from services.workorders.orders.measures import measures
from services.workorders.orders.numbers import Numbers
from services.workorders.orders.policies import (
    when_accepter_does_not_answer_then_remind_them_and_have_the_work_checked,
    when_order_deferred_then_resume_it_at_its_date,
    when_order_ended_then_its_sub_orders_are_settled,
    when_quote_put_then_let_it_lapse_at_its_time,
    when_sub_order_added_then_submit_it,
    when_sub_order_ended_then_its_order_hears_of_it,
    when_visit_agreed_then_remind_of_it_the_day_before,
)
from services.workorders.orders.reading import OrderQueries
from services.workorders.orders.views.open_quotes.projection import OPEN_QUOTES
from services.workorders.orders.views.order_board.projection import ORDER_BOARD
from services.workorders.orders.visiting import Visiting
from services.workorders.photo_rules import domain as photo_rules
from services.workorders.photo_rules.application import PhotoRules
from services.workorders.photos.application import Photos
from services.workorders.photos.views.attached_photos.projection import ATTACHED_PHOTOS
from services.workorders.publication import domain as publication
from services.workorders.publication.application import Publications
from services.workorders.publication.views.public_boards.projection import PUBLIC_BOARDS
from services.workorders.publication.views.published.projection import PUBLISHED
from services.workorders.register.directory import VIEWS as REGISTER_VIEWS
from services.workorders.register.directory import Directory
from services.workorders.service import WorkordersService
from services.workorders.sla.application import ServiceLevels
from services.workorders.sla.domain import events as sla_events
from services.workorders.sla.holiday_warnings import HolidayWarnings
from services.workorders.sla.outlook import Outlook
from services.workorders.sla.policies import (
    when_calendar_set_then_warn_before_its_public_holidays_run_out,
    when_order_moves_then_set_the_time_of_its_next_escalation,
)
from services.workorders.sla.views.order_clocks.projection import ORDER_CLOCKS
from services.workorders.sla.views.service_levels.projection import SERVICE_LEVELS
from services.workorders.staff.application import Staff
from services.workorders.staff.domain import events as staff_events
from services.workorders.staff.views.roster.projection import ROSTER
from services.workorders.staff.views.technicians.projection import TECHNICIANS
from services.workorders.triage.application import Triage
from shared.eventlog.catalogue import Catalogue
from shared.eventlog.counters import Counters
from shared.hosting.definition import ServiceDefinition
from shared.hosting.native import run_native
from shared.hosting.parts import Parts
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS
from shared.identity.forgetting import when_person_forgotten_then_destroy_key
from shared.observability.metrics import Measure


def _applications(parts: Parts) -> Mapping[str, Any]:
    directory = Directory(parts.reader)
    numbers = Numbers(Counters(parts.store), parts.clock.now, directory.timezone)
    bookings = Bookings(parts.log, parts.reader, directory)
    queries = OrderQueries(parts.log, parts.reader, bookings)
    rulebook = Rulebook(parts.log, directory)
    crew = Crew(parts.log, parts.reader, directory, rulebook)
    incidents = Incidents(parts.log, parts.reader, directory)
    photos = PhotoRules(parts.log, directory)
    levels = ServiceLevels(parts.log, directory, queries.find)
    orders = Orders(
        parts.log, directory, numbers, crew.certified, photos.needed, bookings, levels.aftercare
    )
    return {
        "orders": orders,
        "linking": Linking(parts.log, parts.reader, orders, numbers),
        "visiting": Visiting(parts.log, orders, bookings),
        "photo_rules": photos,
        "rulebook": rulebook,
        "dispatching": Dispatching(parts.log, parts.reader, directory, rulebook, crew, orders),
        "rounds": Rounds(
            parts.log, parts.reader, directory, rulebook, crew, bookings, partial(run_native, solve)
        ),
        "queries": queries,
        "levels": levels,
        "holiday_warnings": HolidayWarnings(parts.log, directory),
        "outlook": Outlook(parts.log, parts.reader, directory),
        "canned_answers": CannedAnswers(parts.log, directory),
        "comments": Comments(parts.log),
        "follow_ups": FollowUps(parts.log, parts.reader, directory),
        "following": Following(parts.log, parts.reader),
        "incidents": incidents,
        "triage": Triage(parts.log, parts.reader, directory, incidents, rulebook),
        "inquiries": Inquiries(parts.log, parts.reader, directory, numbers, orders),
        "staff": Staff(parts.log, parts.reader, directory, bookings),
        "rosters": Rosters(parts.log, parts.reader, directory, rulebook),
        "board": Board(parts.log, parts.reader),
        "photos": Photos(parts.log, parts.reader),
        "publications": Publications(parts.log, parts.reader, directory),
    }


def _measures(parts: Parts) -> Iterator[Measure]:
    now = parts.clock.now()
    yield from measures(parts.reader, now)
    yield from inquiry_measures(parts.reader, now)


SERVICE = ServiceDefinition(
    name="workorders",
    catalogue=Catalogue(
        "workorders",
        (order_events.EVENTS, order_events.UPCASTERS),
        (sla_events.EVENTS, sla_events.UPCASTERS),
        (staff_events.EVENTS, staff_events.UPCASTERS),
        (dispatching_events.EVENTS, dispatching_events.UPCASTERS),
        (bookings_domain.EVENTS, bookings_domain.UPCASTERS),
        (canned_answers.EVENTS, canned_answers.UPCASTERS),
        (comments.EVENTS, comments.UPCASTERS),
        (follow_up_events.EVENTS, follow_up_events.UPCASTERS),
        (followers.EVENTS, followers.UPCASTERS),
        (photo_rules.EVENTS, photo_rules.UPCASTERS),
        (incidents_domain.EVENTS, incidents_domain.UPCASTERS),
        (inquiry_events.EVENTS, inquiry_events.UPCASTERS),
        (publication.EVENTS, publication.UPCASTERS),
    ),
    rpc=WorkordersService,
    applications=_applications,
    measures=_measures,
    views=(
        SIGNING_KEYS,
        REVOKED_SESSIONS,
        *REGISTER_VIEWS,
        ORDER_BOARD,
        OPEN_QUOTES,
        ORDER_CLOCKS,
        SERVICE_LEVELS,
        TECHNICIANS,
        ROSTER,
        ASSIGNMENTS,
        AUTOMATIC,
        DECISIONS,
        FOLLOW_UP_RULES,
        FOLLOW_UPS,
        FOLLOWED,
        INCIDENTS,
        INQUIRIES,
        PUBLIC_BOARDS,
        PUBLISHED,
        ATTACHED_PHOTOS,
    ),
    policies=(
        when_work_waits_or_hands_are_free_then_hold_a_round.POLICY,
        when_technician_is_posted_then_hold_a_round.POLICY,
        when_work_settled_or_reopened_then_its_follow_up_is_due_or_dropped.POLICY,
        when_order_merged_then_its_people_follow_the_other.POLICY,
        when_order_moves_then_say_so_to_its_followers.POLICY,
        when_order_submitted_then_link_it_to_its_incident.POLICY,
        when_incident_opened_then_link_what_was_reported.POLICY,
        when_accepter_does_not_answer_then_remind_them_and_have_the_work_checked.POLICY,
        when_sub_order_added_then_submit_it.POLICY,
        when_sub_order_ended_then_its_order_hears_of_it.POLICY,
        when_order_ended_then_its_sub_orders_are_settled.POLICY,
        when_inquiry_submitted_then_watch_its_deadline.POLICY,
        when_order_made_of_an_inquiry_then_say_so_there.POLICY,
        when_quote_put_then_let_it_lapse_at_its_time.POLICY,
        when_order_deferred_then_resume_it_at_its_date.POLICY,
        when_visit_agreed_then_remind_of_it_the_day_before.POLICY,
        when_order_moves_then_set_the_time_of_its_next_escalation.POLICY,
        when_calendar_set_then_warn_before_its_public_holidays_run_out.POLICY,
        when_person_forgotten_then_destroy_key("security"),
    ),
)
