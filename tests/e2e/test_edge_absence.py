"""A service that hangs leaves a page that says so within two seconds, with all the rest on it."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest

from services.gateway.sessions import renewals as renewing
from services.gateway.sessions.renewals import Renewals
from shared.errors import TimedOut, Unauthenticated
from tests.support.browser import Browser, Page
from tests.support.edge import COMMUNITY, Site
from tests.support.estate import Estate, soon
from tests.support.lifecycle import Walk
from tests.support.stack import Stack

pytestmark = [pytest.mark.integration, pytest.mark.faults]

Hanging = Callable[..., AbstractContextManager[None]]
# two for the reader, and four for a machine on which other tests run meanwhile; 1.3 when it is
# quiet, and ten without the limit of a page
MOST_SECONDS = 6.0


@pytest.fixture
def hanging(running_stack: Stack) -> Hanging:
    """While in it, the service's `serve`, or its `work`, takes calls and answers none."""

    @contextmanager
    def hang(service: str, kind: str = "serve") -> Iterator[None]:
        process = running_stack.processes[service, kind]
        os.kill(process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(process.pid, signal.SIGCONT)
            running_stack.wait_answering(service)

    return hang


def in_time(browser: Browser, path: str) -> Page:
    browser.patient = False
    started = time.monotonic()
    page = browser.get(path)
    assert time.monotonic() - started < MOST_SECONDS, path
    return page


def test_without_the_orders_their_page_says_so_and_offers_to_try_again(
    stack_site: Site, hanging: Hanging
) -> None:
    resident = stack_site.person("resident1")
    with hanging("workorders"):
        page = in_time(resident, "/orders?tab=rated")
        assert page.status == 504
        assert "Not to be reached just now" in page.headings
        ways = {link["href"] for link in page.all("a")}
        assert {"/orders?tab=rated", "/inbox", "/me"} <= ways
        resident.patient = True
        assert resident.get("/inbox").status == 200


def test_without_the_register_an_order_is_shown_without_names(
    stack_site: Site, stack_estate: Estate, hanging: Hanging
) -> None:
    dispatcher = stack_site.person("dispatcher")
    # nobody whose name the edge would still remember
    order = Walk(stack_estate, resident="resident9", unit="2-201").to("submitted")
    stack_estate.settle()
    with hanging("security"):
        page = in_time(dispatcher, f"/orders/{COMMUNITY}/{order.number}")
        assert page.status == 200
        assert "漏水" in page.text
        assert "Reported by The resident" in page.text
        assert "No technician can be listed just now." in page.text


def test_a_session_that_cannot_be_renewed_in_time_is_renewed_by_the_next_request(
    running_stack: Stack,
    stack_estate: Estate,
    hanging: Hanging,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renewals = Renewals(running_stack.rpc, b"s" * 32)
    old = stack_estate.log_in("resident9")["refresh_token"]
    with hanging("security"):
        started = time.monotonic()
        with pytest.raises(TimedOut):
            renewals.renewed(old)
        assert time.monotonic() - started < MOST_SECONDS
    monkeypatch.setattr(renewing, "SECONDS", 20.0)
    new = renewals.renewed(old)
    assert renewals.renewed(new.refresh) != new, "the session goes on"


def test_several_processes_that_renew_a_session_at_once_all_go_on_with_it(
    running_stack: Stack, stack_estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "SECONDS", 20.0)
    processes = [Renewals(running_stack.rpc, b"s" * 32) for _ in range(4)]
    old = stack_estate.log_in("resident9")["refresh_token"]
    with ThreadPoolExecutor(8) as browsers:
        renewed = list(browsers.map(lambda n: processes[n % 4].renewed(old), range(8)))
    assert len({tokens.refresh for tokens in renewed}) == 1
    assert processes[0].renewed(renewed[0].refresh).refresh != old

    stranger = Renewals(running_stack.rpc, b"t" * 32)
    with pytest.raises(Unauthenticated):
        stranger.renewed(old)


def test_without_the_inbox_a_page_has_no_count_of_messages(
    stack_site: Site, hanging: Hanging
) -> None:
    path = stack_site.dispatched()
    with hanging("notifications"):
        page = in_time(stack_site.person("dispatcher"), path)
        assert (page.status, "unread" in page.text) == (200, False)
        assert in_time(stack_site.person("dispatcher"), "/inbox").status == 504


def test_an_order_s_story_says_beside_it_which_log_could_not_be_searched(
    stack_site: Site, hanging: Hanging
) -> None:
    number = stack_site.dispatched().rpartition("/")[2]
    story = f"/audit/orders/{COMMUNITY}/{number}"
    auditor = stack_site.person("auditor")
    whole = soon("all is told", lambda: _telling(auditor.get(story), "Somebody told"))
    assert "All that happened" in whole.headings
    assert "not the whole history" not in whole.text
    found = len(_rows(whole))
    with hanging("notifications", "work"):
        page = in_time(auditor, story)
        assert page.status == 200
        assert "This is not the whole history. Not searched to the end: Notifications." in page.text
        assert "A part of what happened" in page.headings
        assert "All that happened" not in page.headings
        assert "Events may be missing here: of Notifications, and what followed" in page.text
        assert 0 < len(_rows(page)) < found
        chinese = in_time(stack_site.person("auditor", "zh-CN"), story)
        assert "这不是完整的经过。未能搜完：通知。" in chinese.text
        # a file has no place to say what it lacks
        assert in_time(auditor, f"{story}.jsonl").status == 503
    with hanging("workorders", "work"):
        # the order's own events come from the service itself
        own = [one["value"] for one in in_time(auditor, story).all("option")]
        page = in_time(auditor, f"{story}?step={own[1]}")
        assert (page.status, len(own)) == (200, 2)
        assert {"Technician sent", "A part of what happened"} <= set(page.headings)
        assert "To be dispatched" in page.text and "Dispatched" in page.text
    auditor.patient = True
    again = auditor.get(story)
    assert (len(_rows(again)), "All that happened" in again.headings) == (found, True)


def _telling(page: Page, text: str) -> Page | None:
    return page if text in page.text else None


def _rows(page: Page) -> list[str]:
    """The events that are listed."""
    return re.findall(r'step=\d+#state"[^>]*>[^<]+</a><br>', page.response.text)
