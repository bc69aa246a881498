"""The edge as one WSGI application; it runs under any server, in threads or greenlets."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, request
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from services.gateway.admin.pages import blueprint as admin
from services.gateway.admin.parked import blueprint as parked
from services.gateway.api.pages import blueprint as api
from services.gateway.audit.search import blueprint as audit
from services.gateway.audit.story import blueprint as story
from services.gateway.bills.pages import blueprint as bills
from services.gateway.board.at_risk import blueprint as at_risk
from services.gateway.board.calls import blueprint as calls
from services.gateway.board.pages import blueprint as board
from services.gateway.calendars.pages import blueprint as calendars
from services.gateway.canned_answers.pages import blueprint as canned_answers
from services.gateway.comments.pages import blueprint as comments
from services.gateway.dispatching.pages import blueprint as dispatching
from services.gateway.figures.pages import blueprint as figures
from services.gateway.follow_ups.pages import blueprint as follow_ups
from services.gateway.frame import (
    errors,
    formats,
    forms,
    languages,
    live,
    messages,
    offline,
    tracing,
    words,
)
from services.gateway.frame.assets import asset
from services.gateway.frame.counting import Counting
from services.gateway.frame.directory import Directory
from services.gateway.frame.edge import EXTENSION, Demo, Edge, edge
from services.gateway.frame.limits import Limit
from services.gateway.frame.navigation import at_hand, behind_more, links
from services.gateway.frame.pages import blueprint as frame
from services.gateway.frame.safety import harden
from services.gateway.health.pages import blueprint as health
from services.gateway.inbox.pages import ask_unread, unread
from services.gateway.inbox.pages import blueprint as inbox
from services.gateway.incidents.pages import blueprint as incidents
from services.gateway.inquiries.pages import blueprint as inquiries
from services.gateway.levels.pages import blueprint as levels
from services.gateway.open311.desks import Desks
from services.gateway.open311.pages import blueprint as open311_at
from services.gateway.orders.looking import blueprint as looking
from services.gateway.orders.pages import blueprint as orders
from services.gateway.orders.reporting import blueprint as reporting
from services.gateway.photo_rules.pages import blueprint as photo_rules
from services.gateway.public.pages import blueprint as public
from services.gateway.push.pages import blueprint as push
from services.gateway.push.pages import push_key
from services.gateway.quotes.pages import blueprint as quotes
from services.gateway.rpc.pages import blueprint as rpc_over_http
from services.gateway.sessions import seen
from services.gateway.sessions.cookie import CookieSessions
from services.gateway.sessions.demo import blueprint as demo_log_ins
from services.gateway.sessions.pages import blueprint as sessions
from services.gateway.sessions.renewals import Renewals
from services.gateway.sessions.resuming import resume
from services.gateway.sessions.visitor import recognise, visitor
from services.gateway.teams.pages import blueprint as teams
from services.gateway.uploads.pages import blueprint as uploads
from services.gateway.uploads.store import Photos
from services.gateway.uploads.taking import MOST_BYTES as MOST_PHOTO_BYTES
from services.gateway.uploads.taking import MOST_PHOTOS, make_room
from services.gateway.uploads.tidying import Tidying
from services.gateway.work.pages import blueprint as work
from services.gateway.works.pages import blueprint as works
from services.gateway.works.releasing import blueprint as releasing
from shared.clock import Clock, SystemClock
from shared.identity.keys import ServiceIdentity
from shared.messaging.rpc_client import RpcClient
from shared.observability.metrics import Metrics

MOST_BYTES = 256 * 1024
# a minute, from one address
LOG_INS = 100
SESSION_LIFETIME = timedelta(days=30)
_log = logging.getLogger("wuye.gateway")


def create_app(
    rpc: RpcClient,
    *,
    identity: ServiceIdentity,
    cookie_secret: bytes,
    readiness: Callable[[], Mapping[str, str]],
    metrics: Metrics,
    render_metrics: Callable[[], bytes] | None = None,
    time_zone: str,
    language: str = "zh-CN",
    clock: Clock | None = None,
    demo: Demo | None = None,
    photos: Photos,
    open311: Desks | None = None,
    api_per_minute: int = 600,
    proxies: int = 0,
) -> Flask:
    """``identity``: the edge's own, to look names up. ``cookie_secret``: 32 bytes.

    ``render_metrics``: what Prometheus gets, where that is not ``metrics`` of this process alone.
    ``readiness``: what is not ready, and why. ``time_zone`` and ``language`` hold where neither a
    community nor a reader says otherwise. ``demo``: log-ins with one click, for a demo community.
    ``open311``: who files there; there is none of it otherwise. ``photos``: where they are kept.
    ``api_per_minute``: calls of ``/api`` that one token may make. ``proxies``:
    how many of them are in front, whose word for a caller's address and scheme holds.
    """
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.secret_key = cookie_secret
    app.session_interface = CookieSessions()
    app.config.update(
        SESSION_COOKIE_NAME="wuye_session",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    zone = ZoneInfo(time_zone)
    app.extensions[EXTENSION] = Edge(
        rpc=rpc,
        identity=identity,
        clock=clock or SystemClock(),
        directory=Directory(rpc, identity, zone),
        renewals=Renewals(rpc, cookie_secret),
        zone=zone,
        language=language,
        readiness=readiness,
        metrics=render_metrics or metrics.render,
        counting=Counting(metrics.registry),
        demo=demo or Demo(),
        rates=Limit(api_per_minute),
        log_ins=Limit(LOG_INS, reason="too_many_tries"),
        photos=photos,
    )
    Tidying(
        photos,
        lambda asked: rpc.call(
            "workorders", "attached_photos", asked, auth_token=identity.token(), timeout=30.0
        ),
        clock or SystemClock(),
    ).start()
    Babel(app, locale_selector=languages.locale)
    _prepare_templates(app)
    for blueprint in (
        frame,
        sessions,
        orders,
        reporting,
        inquiries,
        looking,
        inbox,
        board,
        calls,
        bills,
        canned_answers,
        comments,
        follow_ups,
        photo_rules,
        quotes,
        figures,
        levels,
        teams,
        dispatching,
        incidents,
        at_risk,
        audit,
        story,
        admin,
        parked,
        health,
        rpc_over_http,
        api,
        uploads,
        work,
        public,
        works,
        releasing,
        push,
        calendars,
    ):
        app.register_blueprint(blueprint)
    if demo is not None:
        app.register_blueprint(demo_log_ins)
    if open311 is not None:
        app.register_blueprint(open311_at(open311, identity))
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    errors.install(app)
    app.before_request(_started)
    tracing.install(app)
    app.before_request(recognise)
    app.before_request(make_room)
    app.before_request(resume)
    app.before_request(ask_unread)
    app.after_request(seen.save)
    app.after_request(harden)
    app.after_request(_log_request)
    return app


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset,
        push_key=push_key,
        at_hand=at_hand,
        behind_more=behind_more,
        command_id=forms.command_id,
        csrf=forms.token,
        draft_key=forms.draft_key,
        live_seconds=live.SECONDS,
        most_photo_bytes=MOST_PHOTO_BYTES,
        most_photos=MOST_PHOTOS,
        sheets=offline.SHEETS,
        unread=unread,
        staff_links=links,
        visitor=visitor,
        words=words,
    )
    app.jinja_env.filters.update(
        ago=formats.ago,
        clock_time=formats.clock_time,
        day=formats.day,
        fault=messages.fault,
        minutes=formats.minutes,
        moment=formats.moment,
        money=formats.money,
        number=formats.number,
        took=formats.took,
        plain_day=formats.plain_day,
        weekday=formats.weekday,
        told=messages.told,
        window=formats.window,
    )
    app.context_processor(_frame_values)


def _frame_values() -> dict[str, Any]:
    return {"language": languages.language(), "languages": languages.NAMES}


def _started() -> None:
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    """The route, never the address: that may hold what somebody typed."""
    route = request.url_rule.rule if request.url_rule else "none"
    seconds = time.perf_counter() - g.started
    edge().counting.answered(route, request.method, response.status_code, seconds)
    if request.blueprint != "health" and request.endpoint != "frame.static":
        _log.info(
            "request",
            extra={
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            },
        )
    return response
