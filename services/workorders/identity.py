"""Who acts where a policy of this service gives a command that takes a caller."""

from __future__ import annotations

from shared.identity.caller import EVERY, Caller, Post

THE_SERVICE = Caller("service:workorders", (Post("service", EVERY),))
