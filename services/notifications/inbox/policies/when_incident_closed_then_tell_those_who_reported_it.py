"""When an outage is over, tell those whose reports were linked to it, each of their own."""

from __future__ import annotations

from functools import partial

from services.notifications.inbox.sentences import Sentence
from services.notifications.inbox.telling import tell_reporters

SENTENCE = Sentence(
    "workorders", "IncidentClosed", partial(tell_reporters, template="incident_over")
)
