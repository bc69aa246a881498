"""When there is news of an outage, tell those whose reports were linked to it."""

from __future__ import annotations

from functools import partial

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell_reporters

SENTENCE = Sentence(
    "workorders", "IncidentAnswered", partial(tell_reporters, template="incident_news")
)
