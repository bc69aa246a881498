"""Quotes before the work, and what is paid after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from cli.demo import costs, texts
from cli.demo.calendar import desk_hours, minutes
from cli.demo.draws import Draws


class Money(Draws):
    """Who pays for the work, what they say to its price, and how they pay."""

    def _payer(self) -> str:
        if self.resident is not None:
            return self._one({"owner": 9, "warranty": 1})
        return self._one({"fund": 2, "company": 3})

    def _agree(
        self, technician: str, done_by: dict[str, Any], payer: str, after: datetime
    ) -> datetime:
        """Quote it, and once more where the first one is too much; when it was accepted."""
        who = {"owner": "", "fund": "committee"}.get(payer, "manager") or self._resident.login
        at = desk_hours(after + self._minutes(5, 25), self.rng)
        request = costs.quote(done_by, payer, at)
        if self.rng.random() < 0.15:
            at = self._answered(at, technician, costs.dearer(request), who, "decline_quote")
            at = desk_hours(at + self._minutes(5, 40), self.rng)
        return self._answered(at, technician, request, who, "accept_quote")

    def _answered(
        self, at: datetime, technician: str, request: dict[str, Any], who: str, answer: str
    ) -> datetime:
        self._do(at, technician, "quote", **request)
        said = Random(f"said {self.number} {self._quotes()}")
        if answer == "accept_quote" and request["payer"] == "owner" and said.random() < 0.2:
            return self._on_the_phone(at, said)
        at += self._minutes(3, 120)
        at = self._awake(at) if who != "manager" else desk_hours(at, self.rng)
        reason = {"reason": texts.TOO_DEAR} if answer == "decline_quote" else {}
        self._do(at, who, answer, quote=self._quotes(), **reason)
        return at

    def _on_the_phone(self, quoted: datetime, rng: Random) -> datetime:
        """The dispatcher calls and takes it down; when work may begin."""
        at = desk_hours(quoted + minutes(5, 60, rng), rng)
        note = rng.choice(texts.CALLED)
        about = {"quote": self._quotes(), "channel": "phone", "note": note}
        self._do(at, "dispatcher", "accept_quote_for", **about)
        if rng.random() < 0.5:
            at += minutes(2, 25, rng)
            self._do(at, self._resident.login, "confirm_quote_answer", quote=self._quotes())
            return at
        return at + timedelta(minutes=61)

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

    def _quotes(self) -> int:
        return sum(step.method == "quote" for step in self.steps)
