"""One order from submitted to rated: five commands of three people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

METHODS = ("submit", "dispatch", "repair", "accept", "rate")


@dataclass(frozen=True)
class Cast:
    """Who takes part. ``residents``: (id, unit, log-in), the others (id, log-in)."""

    community: str
    residents: list[list[str]]
    technicians: list[list[str]]
    dispatcher: list[str]
    tokens: dict[str, str]

    def logins(self) -> list[str]:
        return [one[-1] for one in (*self.residents, *self.technicians, self.dispatcher)]


class Lifecycle:
    """``next`` is the command to send, ``took`` its answer."""

    def __init__(self, cast: Cast, number: int) -> None:
        self._cast = cast
        self._resident = cast.residents[number % len(cast.residents)]
        self._technician = cast.technicians[number % len(cast.technicians)]
        self._step = 0
        self._id = ""

    @property
    def done(self) -> bool:
        return self._step == len(METHODS)

    def next(self) -> tuple[str, dict[str, Any], str]:
        """Method, request, token."""
        method = METHODS[self._step]
        request = {"command_id": str(uuid4()), **getattr(self, f"_{method}")()}
        return method, request, self._cast.tokens[self._by(method)]

    def took(self, answer: dict[str, Any]) -> None:
        self._id = answer["id"]
        self._step += 1

    def _by(self, method: str) -> str:
        if method == "dispatch":
            return self._cast.dispatcher[-1]
        return self._technician[-1] if method == "repair" else self._resident[-1]

    def _submit(self) -> dict[str, Any]:
        return {
            "community": self._cast.community,
            "kind": "repair",
            "category": "plumbing",
            "unit": self._resident[1],
            "description": "厨房水槽下面漏水,地板已经湿了 (leak under the kitchen sink)",
        }

    def _dispatch(self) -> dict[str, Any]:
        return {"id": self._id, "technician": self._technician[0]}

    def _repair(self) -> dict[str, Any]:
        return {
            "id": self._id,
            "notes": "换了垫圈和一段水管 (new washer and a piece of pipe)",
            "minutes": 35,
            "materials": [{"name": "washer", "quantity": 2, "unit_cost_fen": 150}],
        }

    def _accept(self) -> dict[str, Any]:
        return {"id": self._id}

    def _rate(self) -> dict[str, Any]:
        return {"id": self._id, "stars": 5, "speed": 4, "attitude": 5, "comment": "很快,谢谢"}
