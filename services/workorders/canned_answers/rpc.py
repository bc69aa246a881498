"""The RPC methods of canned answers."""

from __future__ import annotations

from typing import Any

from services.workorders.canned_answers import answers as ca
from services.workorders.canned_answers import schemas as cs
from services.workorders.canned_answers.application import CannedAnswers
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class CannedAnswerMethods(Methods):
    @property
    def words_kept(self) -> CannedAnswers:
        found: CannedAnswers = self.gate.parts.applications["canned_answers"]
        return found

    @method(cs.KeepCannedAnswer, ca.CannedAnswerDone)
    def keep_canned_answer(self, request: Request, data: Data) -> Data:
        return self.words_kept.keep(request, data)

    @method(cs.WithdrawCannedAnswer, ca.CannedAnswerDone)
    def withdraw_canned_answer(self, request: Request, data: Data) -> Data:
        return self.words_kept.withdraw(request, data)

    @method(cs.CannedAnswers, ca.CannedAnswers)
    def canned_answers(self, request: Request, data: Data) -> Data:
        return self.words_kept.listed(request, data)
