"""When a calendar has no public holidays of a year, tell the managers, or else administrators."""

from __future__ import annotations

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import post
from services.notifications.register.views.posts.queries import holders
from shared.following.handlers import Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact


def decide(fact: Fact, reader: Reader) -> Done | Retry:
    managers = holders(reader, ("manager",), fact.community, None)
    people = managers or holders(reader, ("admin",), fact.community, None)
    # the year stands where others have a number: the inbox leads from it to the calendar
    return post(
        fact, reader, [("holidays_missing", people)], params={"number": str(fact.data["year"])}
    )


SENTENCE = Sentence("workorders", "PublicHolidaysMissing", decide)
