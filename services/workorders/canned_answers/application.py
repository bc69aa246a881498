"""The use cases of canned answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.workorders.canned_answers.domain import (
    CANNED_ANSWERS,
    Keep,
    Withdraw,
    canned_answers_id,
    fits,
    narrowness,
)
from services.workorders.orders.domain.vocabulary import STAFF
from services.workorders.orders.visibility import SEES_ALL
from services.workorders.register.directory import Directory
from shared.errors import Forbidden
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.request import Request

_NAMESPACE = UUID("4c1f2a58-0f4c-5a57-9d5a-7b2d5c1e9a04")

Data = dict[str, Any]


class CannedAnswers:
    """Commands answer ``{"id", "answer", "version", "log", "position"}``."""

    def __init__(self, log: EventLog, directory: Directory) -> None:
        self._log = log
        self._directory = directory

    def keep(self, request: Request, data: Data) -> Data:
        context = request.context
        own = uuid5(_NAMESPACE, f"{context.actor}:{context.command_id}")
        answer = data["answer"] or f"{data['community']}.{own}"
        command = Keep(
            by=request.caller,
            community=data["community"],
            answer=answer,
            new=data["answer"] is None,
            wordings=tuple((one["language"], one["text"]) for one in data["wordings"]),
            **{name: data[name] for name in ("use", "kind", "category", "state")},
        )
        return self._do(request, command)

    def withdraw(self, request: Request, data: Data) -> Data:
        return self._do(request, Withdraw(by=request.caller, **data))

    def listed(self, request: Request, data: Data) -> Data:
        """``{"canned_answers": [...], "behind"}``, for the community's staff."""
        community = data["community"]
        self._directory.timezone(community)
        held = {post.role for post in request.caller.posts if post.community in (community, "*")}
        if held.isdisjoint((*SEES_ALL, *STAFF)):
            raise Forbidden("Only the community's staff may see its canned answers.")
        state, _ = self._log.load(CANNED_ANSWERS, canned_answers_id(community))
        asked = {name: data[name] for name in ("use", "kind", "category", "state")}
        found = sorted(
            (one for one in state.kept if fits(one, **asked)),
            key=narrowness,
            reverse=True,
        )
        return {"canned_answers": [_told(one) for one in found], "behind": False}

    def _do(self, request: Request, command: Keep | Withdraw) -> Data:
        self._directory.timezone(command.community)
        answer = self._log.execute(
            CANNED_ANSWERS,
            canned_answers_id(command.community),
            command,
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer, answer=command.answer)


def _told(one: Any) -> Data:
    told: Data = msgspec.to_builtins(one)
    del told["community"]
    return told
