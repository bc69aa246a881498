"""One order of the plan, from its submission to its end. Pure, from its own random numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from cli.demo import costs, texts
from cli.demo.aftermath import Aftermath
from cli.demo.calendar import Bookings, desk_hours
from cli.demo.money import Money
from cli.demo.odds import AT_THE_DESK, COMPLAINT_MINUTES, FATES, MINUTES, TECHNICIANS
from cli.demo.visits import Visits


class Life(Visits, Money, Aftermath):
    """One order from its submission to its end. Orders below ``known`` are there before it."""

    def __init__(
        self,
        number: int,
        moment: datetime,
        known: int,
        rng: Random,
        bookings: dict[str, Bookings],
    ) -> None:
        super().__init__(number, rng, bookings)
        self._known = known
        self.fate = self._one(FATES)
        if self.resident is None and self.fate in ("cancelled", "declined", "reopened"):
            self.fate = "smooth"
        if self.fate == "declined" and self.kind == "complaint":
            self.fate = "paused"
        self._live(moment)

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
        if self.channel in AT_THE_DESK:
            at = desk_hours(moment, self.rng)
            self._do(at, "dispatcher", "submit", **request, reporter=member.login)
            return at
        if self.rng.random() < 0.3:
            request["photos"] = [f"photo-{self.number:04d}-1.jpg"]
        self._do(moment, member.login, "submit", **request)
        return moment

    def _report(self, language: str) -> str:
        form = self.rng.choice(texts.REPORTS[language][self.category])
        where = self.rng.choice(texts.WHERE[language])
        return form.format(where=where, since=self.rng.choice(texts.SINCE[language]))

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
        low, high = MINUTES.get(self.category, COMPLAINT_MINUTES)
        minutes = self.rng.randint(low, high)
        payer = None if redo else self._payer()
        spoken = TECHNICIANS[technician]
        done_by = costs.result(self.kind, self.category, spoken, minutes, payer, self.rng)
        if payer is not None and "charge_fen" in done_by:
            after = self._agree(technician, done_by, payer, after)
        length = timedelta(minutes=minutes)
        after = self._when(technician, after + self._minutes(8, 40), length)
        start = self._visit(technician, after, length)
        self._do(start, technician, "start")
        done = start + length
        if self.fate == "paused":
            done = self._interrupted(technician, start + length // 3, length)
        self._do(done, technician, "repair", **done_by)
        return done

    def _interrupted(self, technician: str, at: datetime, length: timedelta) -> datetime:
        reason = self._one({"parts": 5, "resident_absent": 3, "supplier": 2, "other": 1})
        note = self.rng.choice(texts.PAUSES[reason])
        self._do(at, technician, "pause", reason=reason, note=note)
        hours = self.rng.uniform(1, 4) if reason == "other" else self.rng.uniform(12, 70)
        again = self._visit(technician, at + timedelta(hours=hours), length)
        self._do(again, technician, "resume")
        return again + length

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
