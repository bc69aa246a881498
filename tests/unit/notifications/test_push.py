"""Web push, to a real push service on loopback and a browser behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from services.notifications.definition import SERVICE
from services.notifications.push import schemas as s
from services.notifications.push.application import PushIsOff
from services.notifications.push.domain import MOST_SUBSCRIPTIONS, NoSuchSubscription
from services.notifications.push.endpoints import allowed
from services.notifications.push.message import TTL, Sender, new_secret
from services.notifications.push.sending import Pushing
from services.security.register.domain.events import PersonForgotten
from shared.errors import Invalid
from shared.identity.caller import Caller
from tests.support.order_facts import CHEN, LI, WANG, fact, order_fact, registered
from tests.support.push_service import OPTIONS, PushService, Subscribed
from tests.support.service_bench import ServiceBench


class Bench(ServiceBench):
    def __init__(self, options: Any = OPTIONS) -> None:
        super().__init__(SERVICE, options=options)
        for person, language in ((LI, "zh-CN"), (WANG, "zh-CN"), (CHEN, "en")):
            self.told("security", registered(person, language))
        rounds = SERVICE.rounds(self.parts)
        self.send = rounds.get("pushing", lambda: 0)

    def subscribe(self, person: str, browser: Subscribed, **other: Any) -> Any:
        given = {**browser.subscription, **other}
        return self.ask("push", "subscribe_push", s.SubscribePush, Caller(person), **given)

    def dispatched(self, technician: str, version: int = 2) -> None:
        """The technician is told."""
        made = order_fact("Dispatched", LI, technician=technician, version=version)
        self.told("workorders", made)

    def pushed(self) -> int:
        """Of one round; then everybody has heard."""
        found = int(self.send())
        self.settle()
        return found

    def outcomes(self) -> list[str]:
        return [one.data["outcome"] for one in self.facts() if one.type == "PushSettled"]

    def held(self, person: str) -> int:
        caller = Caller(person)
        found = self.ask("push", "push_subscriptions", s.PushSubscriptions, caller)
        return len(found["subscriptions"])


@pytest.fixture
def bench() -> Iterator[Bench]:
    found = Bench()
    yield found
    found.close()


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as found:
        yield found


def test_a_message_reaches_the_browser_that_was_subscribed_in_its_persons_language(
    bench: Bench, service: PushService
) -> None:
    browser, other = service.subscribed(), service.subscribed()
    bench.subscribe(CHEN, browser)
    bench.subscribe(WANG, other)
    bench.dispatched(CHEN)
    assert bench.pushed() == 1
    [told] = browser.read
    inbox = [one.data for one in bench.facts() if one.type == "NotificationPosted"]
    mine = next(one for one in inbox if one["person"] == CHEN)
    assert told["text"] == "The repair R-2026-000001 (plumbing) is now yours to do."
    assert (told["language"], told["title"], told["number"]) == ("en", "wuye", mine["number"])
    assert (told["community"], set(told)) == (
        "garden",
        {"id", "title", "text", "language", "community", "number"},
    )
    assert other.read == []


def test_nothing_of_it_can_be_read_on_the_way_and_it_is_signed_as_ours(
    bench: Bench, service: PushService
) -> None:
    browser = service.subscribed()
    bench.subscribe(WANG, browser)
    bench.dispatched(WANG)
    bench.pushed()
    assert b"R-2026" not in browser.bodies[0]
    [claims] = browser.claims
    split = urlsplit(browser.endpoint)
    assert claims["aud"] == f"{split.scheme}://{split.netloc}"
    left = claims["exp"] - bench.clock.now().timestamp()
    assert 0 < left <= timedelta(hours=24).total_seconds()
    assert claims["sub"] == "mailto:it@example.org"
    key = bench.ask("push", "push_key", s.PushKey, Caller(WANG))["key"]
    assert browser.keys == [key]


def test_it_is_pushed_to_each_browser_once_and_not_again_in_a_replay(
    bench: Bench, service: PushService
) -> None:
    browsers = [service.subscribed() for _ in range(3)]
    for browser in browsers:
        bench.subscribe(WANG, browser)
    bench.dispatched(WANG)
    assert bench.pushed() == 3
    assert [bench.pushed(), bench.pushed()] == [0, 0]
    assert bench.outcomes() == ["delivered"] * 3
    again = Pushing(bench.log, bench.reader, bench.clock, Sender(OPTIONS["push_key"], "x"), ())
    assert again.round() == 0
    assert [len(browser.read) for browser in browsers] == [1, 1, 1]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    bench: Bench, service: PushService, status: int
) -> None:
    browser = service.subscribed(status)
    bench.subscribe(WANG, browser)
    bench.dispatched(WANG)
    bench.pushed()
    assert bench.outcomes() == ["gone"]
    assert bench.held(WANG) == 0
    reasons = [one.data["reason"] for one in bench.facts() if one.type == "PushUnsubscribed"]
    assert reasons == ["gone"]
    bench.dispatched(WANG, version=5)
    assert bench.pushed() == 0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_the_push_service_cannot_take_now_is_tried_again_later(
    bench: Bench, service: PushService, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = service.subscribed(status, 201)
    bench.subscribe(WANG, browser)
    bench.dispatched(WANG)
    assert bench.pushed() == 0
    assert bench.pushed() == 0
    assert len(browser.read) == 1, "it is left alone for a while"
    now = time.monotonic() + 10
    monkeypatch.setattr("services.notifications.push.sending.time.monotonic", lambda: now)
    assert bench.pushed() == 1
    assert bench.outcomes() == ["delivered"]


def test_nobody_is_pushed_yesterdays_news(bench: Bench, service: PushService) -> None:
    browser = service.subscribed()
    bench.subscribe(WANG, browser)
    bench.dispatched(WANG)
    bench.clock.advance(TTL + timedelta(seconds=1))
    bench.pushed()
    assert (bench.outcomes(), browser.read) == (["expired"], [])


def test_a_service_that_does_not_answer_holds_up_nobody_else(
    bench: Bench, service: PushService
) -> None:
    closed = PushService()
    nowhere = closed.subscribed()
    closed._server.server_close()
    browser = service.subscribed()
    bench.subscribe(WANG, nowhere)
    bench.subscribe(WANG, browser)
    bench.dispatched(WANG)
    assert bench.pushed() == 1
    assert len(browser.read) == 1
    # the inbox and those who follow it know nothing of all that
    assert bench.status("inbox") == bench.status("pushes") == "following"


def test_who_took_it_back_is_pushed_nothing_even_of_what_is_queued(
    bench: Bench, service: PushService
) -> None:
    browser = service.subscribed()
    made = bench.subscribe(WANG, browser)
    bench.dispatched(WANG)
    ask = {"subscription": made["subscription"]}
    bench.ask("push", "unsubscribe_push", s.UnsubscribePush, Caller(WANG), **ask)
    bench.pushed()
    assert (bench.outcomes(), browser.read) == (["gone"], [])
    for person in (WANG, LI):
        with pytest.raises(NoSuchSubscription):
            bench.ask("push", "unsubscribe_push", s.UnsubscribePush, Caller(person), **ask)


def test_a_browser_is_its_last_users(bench: Bench, service: PushService) -> None:
    browser = service.subscribed()
    bench.subscribe(WANG, browser)
    bench.subscribe(CHEN, browser)
    assert (bench.held(WANG), bench.held(CHEN)) == (0, 1)
    bench.dispatched(WANG)
    assert bench.pushed() == 0
    ask = {"endpoint": browser.endpoint}
    bench.ask("push", "unsubscribe_push", s.UnsubscribePush, Caller(WANG), **ask)
    assert bench.held(CHEN) == 1


def test_a_forgotten_person_is_pushed_nothing_and_their_address_is_gone(
    bench: Bench, service: PushService
) -> None:
    browser = service.subscribed()
    bench.subscribe(WANG, browser)
    bench.dispatched(WANG)
    gone = PersonForgotten(person=WANG, community="garden")
    bench.told("security", fact(gone, stream=WANG, log="security", actor="boss"))
    bench.pushed()
    assert (bench.outcomes(), browser.read) == (["gone"], [])
    [subscribed] = [one for one in bench.facts() if one.type == "PushSubscribed"]
    assert [subscribed.data[name] for name in ("endpoint", "key", "auth")] == [None] * 3


def test_a_person_has_so_many_browsers_and_the_oldest_makes_room(
    bench: Bench, service: PushService
) -> None:
    browsers = [service.subscribed() for _ in range(MOST_SUBSCRIPTIONS + 2)]
    for browser in browsers:
        bench.subscribe(WANG, browser)
    assert bench.held(WANG) == MOST_SUBSCRIPTIONS
    bench.dispatched(WANG)
    bench.pushed()
    assert [len(one.read) for one in browsers] == [0, 0] + [1] * MOST_SUBSCRIPTIONS


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"endpoint": "https://internal.example.org/push"}, "endpoint"),
        ({"endpoint": "http://169.254.169.254/latest"}, "endpoint"),
        ({"key": "AAAA"}, "key"),
        ({"key": "BA" + "A" * 85}, "key"),
        ({"auth": "?"}, "auth"),
    ],
    ids=str,
)
def test_what_is_no_subscription_is_refused_by_its_field(
    bench: Bench, service: PushService, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as error:
        bench.subscribe(WANG, service.subscribed(), **wrong)
    assert set(error.value.fields) == {field}
    assert not [one for one in bench.facts() if one.type == "PushSubscribed"]


@pytest.mark.parametrize(
    ("endpoint", "good"),
    [
        ("https://web.push.apple.com/abc", True),
        ("https://a.push.apple.com.evil.org/abc", False),
        ("http://web.push.apple.com/abc", False),
        ("https://user@web.push.apple.com/abc", False),
        ("https://push.apple.com/abc", False),
        ("https://web.push.apple.com:x/abc", False),
        ("http://127.0.0.1:80/abc", False),
        ("ftp://web.push.apple.com/abc", False),
        ("web.push.apple.com", False),
    ],
)
def test_pushes_go_to_known_push_services_alone(endpoint: str, good: bool) -> None:
    assert allowed(endpoint, ["*.push.apple.com"]) is good


def test_nothing_is_pushed_without_a_key(service: PushService) -> None:
    bench = Bench(options=None)
    assert SERVICE.rounds(bench.parts) == {}
    assert bench.ask("push", "push_key", s.PushKey, Caller(WANG))["key"] is None
    with pytest.raises(PushIsOff):
        bench.subscribe(WANG, service.subscribed())
    bench.close()


def test_every_made_up_key_is_a_new_one_and_signs() -> None:
    keys = {new_secret() for _ in range(3)}
    assert len(keys) == 3
    assert len({Sender(key, "mailto:x@example.org").public for key in keys}) == 3
