"""A calendar's secret address: whose it is, for whom it holds, when it ends."""

from __future__ import annotations

import pytest

from services.security.calendars.domain import NoSuchFeed
from services.security.register.domain.people import Forgotten
from shared.errors import Forbidden, Invalid, NotFound
from shared.identity.caller import Caller, Post
from tests.unit.security.estate import ADMIN, Estate

EDGE = Caller("service:gateway", (Post("service", "*"),))
OLD, NEW = "o" * 43, "n" * 43


@pytest.fixture
def wang(estate: Estate) -> Caller:
    estate.call("register_community", community="garden", name="Garden")
    person = estate.call("register_person", community="garden", name="王芳", language="en")["id"]
    return Caller(person, (Post("technician", "garden"),))


def owner(estate: Estate, feed: str, digest: str, by: Caller = EDGE) -> str:
    return str(estate.call("feed_owner", by, feed=feed, digest=digest)["person"])


def test_whoever_knows_the_secret_learns_whose_it_is(estate: Estate, wang: Caller) -> None:
    feed = estate.call("open_feed", wang, digest=OLD)["id"]
    found = estate.call("feed_owner", EDGE, feed=feed, digest=OLD)
    assert (found["person"], found["language"]) == (wang.person, "en")
    for wrong in (NEW, OLD[:-1] + "x"):
        with pytest.raises(NoSuchFeed):
            owner(estate, feed, wrong)


def test_a_new_secret_ends_the_one_before_and_closing_ends_both(
    estate: Estate, wang: Caller
) -> None:
    feed = estate.call("open_feed", wang, digest=OLD)["id"]
    assert estate.call("open_feed", wang, digest=NEW)["id"] == feed
    assert owner(estate, feed, NEW) == wang.person
    with pytest.raises(NoSuchFeed):
        owner(estate, feed, OLD)
    estate.call("close_feed", wang)
    assert estate.call("feed", wang) == {"feed": feed, "open": False, "behind": False}
    with pytest.raises(NoSuchFeed):
        owner(estate, feed, NEW)
    with pytest.raises(NotFound):
        estate.call("close_feed", wang)


def test_services_alone_ask_whose_it_is(estate: Estate, wang: Caller) -> None:
    feed = estate.call("open_feed", wang, digest=OLD)["id"]
    for who in (wang, ADMIN):
        with pytest.raises(Forbidden):
            owner(estate, feed, OLD, by=who)


def test_a_forgotten_persons_calendar_is_gone(estate: Estate, wang: Caller) -> None:
    feed = estate.call("open_feed", wang, digest=OLD)["id"]
    estate.call("forget_person", person=wang.person)
    with pytest.raises(NoSuchFeed):
        owner(estate, feed, OLD)
    with pytest.raises(Forgotten):
        estate.call("open_feed", wang, digest=NEW)


def test_the_digest_is_sealed_in_the_log(estate: Estate, wang: Caller) -> None:
    estate.call("open_feed", wang, digest=OLD)
    plain = [fact.data for fact in estate.log.read(0, 500) if fact.type == "CalendarFeedOpened"]
    assert [one["digest"] for one in plain] == [None]


@pytest.mark.parametrize("digest", ["", "x" * 42, "x" * 44, "+" * 43, None, 5])
def test_what_is_no_digest_is_refused(estate: Estate, wang: Caller, digest: object) -> None:
    with pytest.raises(Invalid) as error:
        estate.call("open_feed", wang, digest=digest)
    assert set(error.value.fields) == {"digest"}
