"""Plays a story on a platform: the community is registered, then every step is an RPC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from cli import community, crew
from cli.community import COMMUNITY, Registered
from cli.crew import AUTOMATIC, Duty
from cli.demo.actors import Actors
from cli.demo.calendar import ZONE
from cli.demo.driver import Driver
from cli.demo.odds import LOW_STARS
from cli.demo.step import Step
from cli.demo.story import Story
from shared.clock import ManualClock
from shared.errors import WuyeError
from shared.hosting.embedded import Platform

_NAMESPACE = UUID("1c7d0a52-8a52-5a0c-b7b0-5d3c1a0f7e21")
_HOUR = timedelta(hours=1)
_MOMENT = timedelta(seconds=5)
_FIRING_HOURS = (7, 10, 13, 16, 19, 22)
# as the story has them work
_DUTY = Duty(range(7), time(8), time(18))
_MAKING = ("submit", "submit_inquiry")
# what stands for an id in a step, and what kind of thing it is
_PEOPLE = ("technician", "accepter", "reporter")


class StepFailed(Exception):
    """A step was refused: the story and the rules of the platform do not agree."""


class Play:
    """``ids``: the id of each order and inquiry of the story, once it is submitted."""

    def __init__(
        self, platform: Platform, clock: ManualClock, seed: int, tell: Callable[[str], None]
    ) -> None:
        self._platform = platform
        self._clock = clock
        self._seed = seed
        self._tell = tell
        self._driver = Driver(platform)
        self._actors = Actors(platform, self._driver, clock)
        self._count = 0
        self.ids: dict[int, str] = {}
        self._stand_ins: dict[int, dict[str, str]] = {}
        self._known = Registered({}, {}, {})

    def play(self, story: Story, step_done: Callable[[], None]) -> Registered:
        """All of the story, up to its end, in the community that is registered first."""
        self._clock.set(story.begin - _HOUR)
        self._known = community.register(self._platform.call, self._tell)
        self._driver.settle()
        community.promise(self._platform.call)
        rules = {"low_stars": LOW_STARS, "checked": True, "percent": 5}
        request = {"community": COMMUNITY, **rules, "command_id": self._command_id()}
        self._as_manager("workorders", "set_follow_up_rules", request)
        people = self._known.people
        crew.employ(self._as_manager, people, story.begin, story.end, _DUTY)
        self._driver.settle()
        self._tell("playing the month")
        for step in story.steps:
            self._pass_time(step.at)
            self._do(step)
            step_done()
        self._pass_time(story.end)
        self._driver.settle()
        return self._known

    def _as_manager(self, service: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
        return self._actors.call("manager", service, method, request)

    def _pass_time(self, until: datetime) -> None:
        """Timers fire a few times a day, always at the same hours."""
        moment = self._clock.now().astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
        while (moment := moment + _HOUR) <= until:
            if moment.hour in _FIRING_HOURS:
                self._clock.set(moment)
                # what was missed comes step by step, each once the one before is known
                while self._driver.fire_timers():
                    self._driver.react()
        self._clock.set(max(until, self._clock.now()))

    def _do(self, step: Step) -> None:
        self._count += 1
        if step.method == "dispatch" and self._given_out(step):
            return
        step = self._by_whom(step)
        request = {**self._request(step), "command_id": self._command_id()}
        try:
            answer = self._actors.call(step.who, step.service, step.method, request)
        except WuyeError as error:
            raise StepFailed(
                f"{step.who} may not {step.method} order {step.order} at {step.at}: {error.message}"
            ) from error
        if step.method in _MAKING:
            self.ids[step.order] = answer["id"]
        self._driver.react()
        kind_of_work = step.request.get("kind"), step.request.get("category")
        if step.method == "submit" and kind_of_work == AUTOMATIC:
            self._hold_a_round()

    def _hold_a_round(self) -> None:
        """What is given out by itself is so a moment after it came."""
        self._clock.advance(_MOMENT)
        while self._driver.fire_timers():
            self._driver.react()

    def _given_out(self, step: Step) -> bool:
        """Whether nobody needs to be sent any more; who was then stands in for who was to go."""
        order = self._platform.call("workorders", "get", {"id": self.ids[step.order]})
        if order["state"] != "dispatched":
            return False
        logins = {person: login for login, person in self._known.people.items()}
        meant, sent = step.request["technician"], logins[order["technician"]]
        self._stand_ins[step.order] = {meant: sent, sent: meant}
        return True

    def _by_whom(self, step: Step) -> Step:
        swapped = self._stand_ins.get(step.order)
        if swapped is None:
            return step
        request = dict(step.request)
        if "technician" in request:
            request["technician"] = swapped.get(request["technician"], request["technician"])
        return replace(step, who=swapped.get(step.who, step.who), request=request)

    def _command_id(self) -> str:
        return str(uuid5(_NAMESPACE, f"{self._seed}:{self._count}"))

    def _request(self, step: Step) -> dict[str, Any]:
        known = self._known
        request = dict(step.request)
        for name in _PEOPLE:
            if name in request:
                request[name] = known.people[request[name]]
        if "unit" in request:
            request["unit"] = known.units[request["unit"]]
        if "building" in request:
            request["building"] = known.buildings[request["building"]]
        if "duplicate_of" in request:
            request["duplicate_of"] = self.ids[request["duplicate_of"]]
        if step.method in _MAKING:
            return {"community": COMMUNITY, **request}
        if step.service == "billing":
            return self._about_bill(step, request)
        return {"id": self.ids[step.order], **request}

    def _about_bill(self, step: Step, request: dict[str, Any]) -> dict[str, Any]:
        self._driver.hear("billing", "billing")
        order = self.ids[step.order]
        bill = self._platform.call("billing", "list", {"order": order})["bills"][0]
        if "part" in request:
            owed = bill["outstanding_fen"]
            request["amount_fen"] = owed // 2 if request.pop("part") == "half" else owed
        return {"id": bill["id"], **request}
