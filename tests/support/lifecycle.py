"""Bringing an order to where a test wants it, by the people whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.estate import Answer, Estate

STATES = ("submitted", "dispatched", "repaired", "accepted", "rated")


def a_quote(fen: int, payer: str = "owner", lasting: timedelta = timedelta(days=7)) -> Answer:
    """A request to quote so much, for labour alone."""
    line = {"kind": "labour", "what": "人工", "quantity": 1, "unit_fen": fen}
    until = (datetime.now(UTC) + lasting).isoformat()
    return {"payer": payer, "lines": [line], "valid_until": until}


@dataclass
class Walk:
    """One order of ``resident`` in the demo community, done by ``technician``."""

    estate: Estate
    resident: str = "resident1"
    technician: str = "technician1"
    kind: str = "repair"
    category: str = "plumbing"
    unit: str = "1-101"
    id: str = ""
    last: Answer | None = None

    @property
    def number(self) -> str:
        assert self.last is not None
        return str(self.last["number"])

    @property
    def version(self) -> int:
        assert self.last is not None
        return int(self.last["version"])

    def submit(self, **more: Any) -> Answer:
        request = {
            "community": self.estate.community,
            "kind": self.kind,
            "category": self.category,
            "unit": self.estate.demo.units[self.unit],
            "description": "厨房漏水",
            **more,
        }
        self.last = self.estate.person(self.resident).order("submit", **request)
        self.id = self.last["id"]
        return self.last

    def do(self, who: str, method: str, /, **request: Any) -> Answer:
        self.last = self.estate.person(who).order(method, id=self.id, **request)
        return self.last

    def dispatch(self, **more: Any) -> Answer:
        technician = self.estate.person(self.technician).id
        return self.do("dispatcher", "dispatch", technician=technician, **more)

    def agree(self, fen: int, payer: str = "owner", by: str | None = None) -> Answer:
        """The technician quotes so much for everything, and who is to pay says yes."""
        self.do(self.technician, "quote", **a_quote(fen, payer))
        quote = self.estate.person(self.technician).order("get", id=self.id)["quote"]["number"]
        return self.do(by or self.resident, "accept_quote", quote=quote)

    def charge(self, fen: int, **more: Any) -> Answer:
        """Quoted, accepted, and repaired for that."""
        self.agree(fen)
        return self.repair(charge_fen=fen, **more)

    def repair(self, **more: Any) -> Answer:
        return self.do(self.technician, "repair", **{"notes": "换了垫圈", **more})

    def accept(self, **more: Any) -> Answer:
        return self.do(self.resident, "accept", **more)

    def rate(self, stars: int = 5, **more: Any) -> Answer:
        return self.do(self.resident, "rate", stars=stars, **more)

    def to(self, state: str) -> Walk:
        """From nothing to this state, the shortest way."""
        steps = (self.submit, self.dispatch, self.repair, self.accept, self.rate)
        for reached, step in zip(STATES, steps, strict=True):
            step()
            if reached == state:
                return self
        raise ValueError(state)
