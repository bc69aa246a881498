"""One order of the plan, from its submission to its end. Pure, from its own random numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from cli.community import RESIDENTS, Member
from cli.demo import costs, texts
from cli.demo.calendar import ZONE, Bookings, desk_hours, local, next_round

_CATEGORIES: dict[str, dict[str, int]] = {
    "repair": {
        "plumbing": 30, "electrical": 17, "lift": 8, "door_lock": 10, "heating": 8,
        "wall_ceiling": 8, "appliance": 8, "public_area": 7, "other": 4,
    },
    "complaint": {
        "noise": 30, "hygiene": 18, "parking": 18, "pets": 10, "security": 9, "staff": 7,
        "neighbour": 8,
    },
}  # fmt: skip
_MINUTES = {
    "plumbing": (25, 90), "electrical": (20, 75), "lift": (60, 150), "door_lock": (20, 50),
    "heating": (30, 90), "wall_ceiling": (60, 150), "appliance": (25, 70),
    "public_area": (20, 60),
}  # fmt: skip
_COMPLAINT_MINUTES = (15, 45)
# the first one named is preferred, the others help out when that one is busy for long
_SKILLED: dict[str, tuple[str, ...]] = {
    "plumbing": ("technician1", "technician2"),
    "heating": ("technician1",),
    "appliance": ("technician1", "technician3"),
    "electrical": ("technician2",),
    "lift": ("technician2",),
    "door_lock": ("technician2", "technician3"),
}
_ANYBODY = ("technician3", "technician1", "technician2")
# each with the language they write in
TECHNICIANS = {"technician1": "zh-CN", "technician2": "zh-CN", "technician3": "en"}
_CHANNELS = {"page": 50, "qr": 14, "phone": 19, "counter": 9, "email": 5, "inspection": 6}
_AT_THE_DESK = ("phone", "counter", "email")
# what befalls an order; the rest goes its way
FATES = {
    "smooth": 50, "rejected": 11, "cancelled": 7, "declined": 6, "paused": 11, "handed_back": 5,
    "transferred": 5, "reopened": 5,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One command of one person. Log-ins, unit codes and order numbers stand for ids in it."""

    at: datetime
    who: str
    service: str
    method: str
    order: int
    request: dict[str, Any] = field(default_factory=dict)


# ratings of so many stars or fewer are followed up
LOW_STARS = 2


class Life:
    """One order from its submission to its end. Orders below ``known`` are there before it."""

    def __init__(
        self,
        number: int,
        moment: datetime,
        known: int,
        rng: Random,
        bookings: dict[str, Bookings],
    ) -> None:
        self.number = number
        self._known = known
        self.rng = rng
        self.steps: list[Step] = []
        self._quotes = 0
        self._bookings = bookings
        self.kind = "repair" if rng.random() < 0.7 else "complaint"
        self.category = self._one(_CATEGORIES[self.kind])
        self.channel = self._one(_CHANNELS)
        self.resident: Member | None = rng.choice(RESIDENTS)
        if self.channel == "inspection":
            self.kind, self.category, self.resident = "repair", "public_area", None
        self.fate = self._one(FATES)
        if self.resident is None and self.fate in ("cancelled", "declined", "reopened"):
            self.fate = "smooth"
        if self.fate == "declined" and self.kind == "complaint":
            self.fate = "paused"
        self._live(moment)

    # -- the ways of life --------------------------------------------------------------------------

    def _live(self, moment: datetime) -> None:
        at = self._submit(moment)
        if self.fate == "cancelled" and self._cancel_early(at):
            return
        if self.fate == "declined":
            declined = self._decline(at)
            if self.rng.random() < 0.55:
                return
            at = self._appeal(declined)
        technician, at = self._dispatch(at)
        if self.fate == "cancelled":
            self._do(at + self._minutes(6, 15), self._resident.login, "cancel")
            return
        if self.fate == "handed_back":
            back = at + self._minutes(10, 60)
            self._do(back, technician, "hand_back", reason=self.rng.choice(texts.HAND_BACKS))
            technician, at = self._dispatch(back, other_than=technician)
        if self.fate == "transferred":
            technician, at = self._transfer(technician, at + self._minutes(5, 50))
        at = self._work(technician, at)
        if self.fate == "rejected":
            for _ in range(1 if self.rng.random() < 0.8 else 2):
                at = self._reject(at)
                at = self._work(technician, at, redo=True)
        if self._is_silent():
            self._check(at)
            return
        accepted = self._accept(at)
        if self.fate == "reopened":
            at = accepted + timedelta(hours=self.rng.uniform(8, 60))
            self._do(at, self._resident.login, "reopen", reason=self._words(texts.REOPENS))
            accepted = self._accept(self._work(technician, at))
        self._rate(accepted)

    @property
    def _resident(self) -> Member:
        assert self.resident is not None
        return self.resident

    def _submit(self, moment: datetime) -> datetime:
        request: dict[str, Any] = {"kind": self.kind, "category": self.category}
        if self.resident is None:
            at = desk_hours(moment, self.rng)
            report = self._report("zh-CN")
            building = self.rng.choice("12")
            self._do(at, "guard", "submit", **request, building=building, accepter="supervisor",
                     channel=self.channel, description=report)  # fmt: skip
            return at
        member = self.resident
        request |= {"unit": member.unit, "channel": self.channel}
        request["description"] = self._report(member.language)
        if self.channel in _AT_THE_DESK:
            at = desk_hours(moment, self.rng)
            self._do(at, "dispatcher", "submit", **request, reporter=member.login)
            return at
        if self.rng.random() < 0.3:
            request["photos"] = [f"photo-{self.number:04d}-1.jpg"]
        self._do(moment, member.login, "submit", **request)
        return moment

    def _cancel_early(self, submitted: datetime) -> bool:
        """Whether it is cancelled before anybody was sent."""
        at = submitted + self._minutes(4, 45)
        if self.rng.random() < 0.4 or at >= self._round(submitted):
            return False
        self._do(at, self._resident.login, "cancel")
        return True

    def _decline(self, submitted: datetime) -> datetime:
        at = self._round(submitted)
        reason = self.rng.choice(("not_ours", "not_ours", "cannot", "duplicate"))
        if reason == "duplicate" and not self._known:
            reason = "cannot"
        note = self.rng.choice(texts.DECLINES[reason])
        request: dict[str, Any] = {"reason": reason, "note": note}
        if reason == "duplicate":
            request["duplicate_of"] = self.rng.randrange(self._known)
        self._do(at, "dispatcher", "decline", **request)
        return at

    def _appeal(self, declined: datetime) -> datetime:
        at = declined + timedelta(hours=self.rng.uniform(0.5, 20))
        self._do(at, self._resident.login, "appeal", text=self._words(texts.APPEALS))
        return at

    def _dispatch(self, after: datetime, other_than: str | None = None) -> tuple[str, datetime]:
        at = self._round(after)
        technician = self._free_one(at, other_than)
        self._do(at, "dispatcher", "dispatch", technician=technician)
        return technician, at

    def _transfer(self, technician: str, at: datetime) -> tuple[str, datetime]:
        other = self._free_one(at, technician)
        if self.rng.random() < 0.6:
            reason = self.rng.choice(texts.TRANSFERS)
            self._do(at, technician, "transfer", technician=other, reason=reason)
        else:
            self._do(at, "dispatcher", "transfer", technician=other)
        return other, at

    def _work(self, technician: str, after: datetime, *, redo: bool = False) -> datetime:
        """Start and repair, in one visit or, where the fate is so, in two; when it was repaired.

        What is to be paid for is quoted before; what is done again is free.
        """
        low, high = _MINUTES.get(self.category, _COMPLAINT_MINUTES)
        minutes = self.rng.randint(low, high)
        payer = None if redo else self._payer()
        spoken = TECHNICIANS[technician]
        done_by = costs.result(self.kind, self.category, spoken, minutes, payer, self.rng)
        if payer is not None and "charge_fen" in done_by:
            after = self._agree(technician, done_by, payer, after)
        start = self._visit(technician, after + self._minutes(8, 40), minutes)
        self._do(start, technician, "start")
        done = start + timedelta(minutes=minutes)
        if self.fate == "paused":
            done = self._interrupted(technician, start + timedelta(minutes=minutes // 3), minutes)
        self._do(done, technician, "repair", **done_by)
        return done

    def _payer(self) -> str:
        if self.resident is not None:
            return self._one({"owner": 9, "warranty": 1})
        return self._one({"fund": 2, "company": 3})

    def _agree(
        self, technician: str, done_by: dict[str, Any], payer: str, after: datetime
    ) -> datetime:
        """Quote it, and once more where the first one is too much; when it was accepted."""
        who = self._resident.login if payer == "owner" else "manager"
        at = desk_hours(after + self._minutes(5, 25), self.rng)
        request = costs.quote(done_by, payer, at)
        if self.rng.random() < 0.15:
            at = self._answered(at, technician, costs.dearer(request), who, "decline_quote")
            at = desk_hours(at + self._minutes(5, 40), self.rng)
        return self._answered(at, technician, request, who, "accept_quote")

    def _answered(
        self, at: datetime, technician: str, request: dict[str, Any], who: str, answer: str
    ) -> datetime:
        self._quotes += 1
        self._do(at, technician, "quote", **request)
        at += self._minutes(3, 120)
        at = self._awake(at) if who != "manager" else desk_hours(at, self.rng)
        reason = {"reason": texts.TOO_DEAR} if answer == "decline_quote" else {}
        self._do(at, who, answer, quote=self._quotes, **reason)
        return at

    def _interrupted(self, technician: str, at: datetime, minutes: int) -> datetime:
        reason = self._one({"parts": 5, "resident_absent": 3, "supplier": 2, "other": 1})
        note = self.rng.choice(texts.PAUSES[reason])
        self._do(at, technician, "pause", reason=reason, note=note)
        hours = self.rng.uniform(1, 4) if reason == "other" else self.rng.uniform(12, 70)
        again = self._visit(technician, at + timedelta(hours=hours), minutes)
        self._do(again, technician, "resume")
        return again + timedelta(minutes=minutes)

    def _reject(self, repaired: datetime) -> datetime:
        at = self._answer(repaired)
        if self.resident is None:
            self._do(at, "supervisor", "reject", reason="灯还是不亮，请再查线路。")
        else:
            self._do(at, self.resident.login, "reject", reason=self._words(texts.REJECTS))
        return at

    def _accept(self, repaired: datetime) -> datetime:
        """When it was accepted: soon, in the evening, late, or after the reminder of three days."""
        at = self._answer(repaired)
        if self.resident is not None and self.rng.random() < 0.06:
            at = self._awake(repaired + timedelta(hours=self.rng.uniform(73, 110)))
        who = "supervisor" if self.resident is None else self.resident.login
        self._do(at, who, "accept")
        if self.resident is not None:
            self._settle_up(at)
        return at

    def _is_silent(self) -> bool:
        """Whether its resident never says a word about the work."""
        drawn = Random(f"silent {self.number}").random()
        return self.fate == "smooth" and self.resident is not None and drawn < 0.04

    def _check(self, repaired: datetime) -> None:
        """By the supervisor, some days after the reminder in vain; then the resident is asked."""
        rng = Random(f"check {self.number}")
        at = desk_hours(repaired + timedelta(hours=rng.uniform(165, 185)), rng)
        self._do(at, "supervisor", "accept", note=rng.choice(texts.CHECKS))
        self._follow_up(at, satisfied=True)

    def _follow_up(self, settled: datetime, *, satisfied: bool) -> None:
        """The dispatcher calls within the day, and sometimes again."""
        rng = Random(f"follow-up {self.number}")
        at = desk_hours(settled + timedelta(hours=rng.uniform(1, 12)), rng)
        if rng.random() < 0.25:
            self._do(at, "dispatcher", "record_follow_up", outcome="not_reached")
            at = desk_hours(at + timedelta(hours=rng.uniform(2, 20)), rng)
        notes = rng.choice(texts.FOLLOW_UPS[satisfied])
        asked = {"outcome": "reached", "satisfied": satisfied, "notes": notes}
        self._do(at, "dispatcher", "record_follow_up", **asked)

    def _settle_up(self, accepted: datetime) -> None:
        charged = [step.request.get("charge_fen", 0) for step in self.steps]
        if (
            not any(charged)
            or self._paid_by() != "owner"
            or any(step.service == "billing" for step in self.steps)
        ):
            return
        draw = self.rng.random()
        if draw < 0.62:
            at = self._awake(accepted + timedelta(hours=self.rng.uniform(0.05, 30)))
            method = self._one({"wechat": 5, "alipay": 4, "card": 1})
            self._do(at, self._resident.login, "pay", part="all", method=method)
        elif draw < 0.82:
            at = desk_hours(accepted + timedelta(hours=self.rng.uniform(2, 72)), self.rng)
            receipt = f"SJ-{self.number:05d}"
            part = "half" if draw > 0.79 else "all"
            self._do(at, "accountant", "pay", part=part, method="cash", receipt=receipt)
        elif draw < 0.9:
            at = desk_hours(accepted + timedelta(hours=self.rng.uniform(3, 40)), self.rng)
            self._do(at, "manager", "void", reason=texts.VOID_REASON)

    def _paid_by(self) -> str:
        """The payer of the last quote that was put."""
        return [str(step.request["payer"]) for step in self.steps if step.method == "quote"][-1]

    def _rate(self, accepted: datetime) -> None:
        if self.resident is None or self.rng.random() > 0.74:
            return
        stars = self._stars(accepted)
        request: dict[str, Any] = {"stars": stars}
        if self.rng.random() < 0.6:
            request["speed"] = self._near(stars)
            request["attitude"] = self._near(min(5, stars + 1))
        spoken = texts.COMMENTS[self.resident.language]
        if self.rng.random() < 0.45:
            request["comment"] = self.rng.choice(spoken[stars])
        rated = accepted + timedelta(seconds=self.rng.randrange(20, 240))
        self._do(rated, self.resident.login, "rate", **request)
        if stars <= LOW_STARS:
            self._follow_up(rated, satisfied=False)
            answer = desk_hours(rated + timedelta(hours=2), Random(f"answer {self.number}"))
            self._do(answer, "supervisor", "answer_rating", text=texts.ANSWER)

    def _stars(self, accepted: datetime) -> int:
        """Who waited long, or had it done twice, is less content."""
        days = (accepted - self.steps[0].at) / timedelta(days=1)
        weights = [2, 3, 9, 32, 54]
        if days > 3 or self.fate in ("rejected", "reopened"):
            weights = [9, 15, 27, 32, 17]
        elif self.kind == "complaint":
            weights = [6, 9, 20, 35, 30]
        return self.rng.choices((1, 2, 3, 4, 5), weights)[0]

    # -- how long, who, which words ----------------------------------------------------------------

    def _do(self, at: datetime, who: str, method: str, /, **request: Any) -> None:
        service = "billing" if method in ("pay", "void") else "workorders"
        at = at.astimezone(ZONE).replace(microsecond=0)
        self.steps.append(Step(at, who, service, method, self.number, request))

    def _round(self, after: datetime) -> datetime:
        """When the dispatcher gets to it: soon where it cannot wait, else in the next round."""
        soon = desk_hours(after + self._minutes(4, 14), self.rng)
        if self.category in ("lift", "electrical") and soon.date() == after.date():
            return soon
        return next_round(after + timedelta(minutes=2), self.rng)

    def _visit(self, technician: str, after: datetime, minutes: int) -> datetime:
        length = timedelta(minutes=minutes)
        start = self._bookings[technician].first_free(after, length)
        self._bookings[technician].book(start, length)
        return start

    def _free_one(self, at: datetime, other_than: str | None) -> str:
        able = [one for one in _SKILLED.get(self.category, _ANYBODY) if one != other_than]
        able = able or [one for one in _ANYBODY if one != other_than]
        hour = timedelta(hours=1)
        return min(able, key=lambda one: self._bookings[one].first_free(at, hour))

    def _answer(self, repaired: datetime) -> datetime:
        """When somebody looks at the repair: at once, the same evening, or the next day."""
        if self.resident is None:
            return desk_hours(repaired + timedelta(hours=self.rng.uniform(0.5, 5)), self.rng)
        draw = self.rng.random()
        if draw < 0.5:
            return repaired + self._minutes(2, 35)
        if draw < 0.85:
            evening = local(repaired.date(), time(18, 30)) + self._minutes(0, 150)
            return max(evening, repaired + self._minutes(20, 60))
        return self._awake(repaired + timedelta(hours=self.rng.uniform(14, 60)))

    def _awake(self, moment: datetime) -> datetime:
        """Nobody answers at night."""
        if 7 <= moment.hour < 23:
            return moment
        day = moment.date() + timedelta(days=moment.hour >= 23)
        return local(day, time(7, 30)) + self._minutes(0, 120)

    def _minutes(self, low: int, high: int) -> timedelta:
        return timedelta(seconds=self.rng.randint(low * 60, high * 60))

    def _report(self, language: str) -> str:
        form = self.rng.choice(texts.REPORTS[language][self.category])
        where = self.rng.choice(texts.WHERE[language])
        return form.format(where=where, since=self.rng.choice(texts.SINCE[language]))

    def _words(self, of: texts.Texts) -> str:
        return self.rng.choice(of[self._resident.language])

    def _near(self, stars: int) -> int:
        return max(1, min(5, stars + self.rng.choice((-1, 0, 0, 0, 1))))

    def _one(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), list(weights.values()))[0]
