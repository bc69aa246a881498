"""The people of the demo with their tokens: each logs in once and refreshes when time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cli.community import PASSWORD
from cli.demo.driver import Driver
from shared.clock import Clock
from shared.hosting.embedded import Platform

# a token is not used in its last moments
_SPARE = timedelta(seconds=10)


@dataclass
class _Session:
    token: str
    refresh_token: str
    until: datetime


class Actors:
    """Everybody acts with their own token alone."""

    def __init__(self, platform: Platform, driver: Driver, clock: Clock) -> None:
        self._platform = platform
        self._driver = driver
        self._clock = clock
        self._sessions: dict[str, _Session] = {}
        self._heard: dict[str, int] = {}
        self._told = 0

    def call(
        self, login: str, service: str, method: str, request: dict[str, Any]
    ) -> dict[str, Any]:
        """One RPC as this person."""
        token = self._token(login)
        if self._heard.get(service, 0) < self._told:
            # The token was given at a place in security's log that the service must have seen.
            self._driver.hear(service)
            self._heard[service] = self._told
        answer: dict[str, Any] = self._platform.call(service, method, request, token)
        return answer

    def _token(self, login: str) -> str:
        known = self._sessions.get(login)
        if known is None or known.until <= self._clock.now():
            if known is None:
                answer = self._call("login", {"login": login, "password": PASSWORD})
            else:
                answer = self._call("refresh", {"refresh_token": known.refresh_token})
            until = self._clock.now() + timedelta(seconds=answer["expires_in"]) - _SPARE
            known = _Session(answer["access_token"], answer["refresh_token"], until)
            self._sessions[login] = known
            self._told = answer["position"]
        return known.token

    def _call(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self._platform.call("security", method, request)
        return answer
