"""The RPC methods of suggestions, questions and praise."""

from __future__ import annotations

from typing import Any

from services.workorders.inquiries import answers as qa
from services.workorders.inquiries import schemas as qs
from services.workorders.inquiries.application import Inquiries
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class InquiryMethods(Methods):
    @property
    def asked(self) -> Inquiries:
        found: Inquiries = self.gate.parts.applications["inquiries"]
        return found

    @method(qs.SubmitInquiry, qa.InquiryDone, batchable=True)
    def submit_inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.submit_inquiry(request, data)

    @method(qs.AnswerInquiry, qa.InquiryDone, batchable=True)
    def answer_inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.answer_inquiry(request, data)

    @method(qs.ConvertInquiry, qa.Converted, batchable=True)
    def convert_inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.convert_inquiry(request, data)

    @method(qs.OnInquiry, qa.InquiryDone)
    def escalate_inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.escalate_inquiry(request, data)

    @method(qs.GetInquiry, qa.Inquiry)
    def inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.inquiry(request, data)

    @method(qs.Inquiries, qa.Inquiries)
    def inquiries(self, request: Request, data: Data) -> Data:
        return self.asked.inquiries(request, data)

    @method(qs.SetAnswerDeadlines, qa.DeadlinesSet)
    def set_answer_deadlines(self, request: Request, data: Data) -> Data:
        return self.asked.set_answer_deadlines(request, data)

    @method(qs.AnswerDeadlines, qa.AnswerDeadlines)
    def answer_deadlines(self, request: Request, data: Data) -> Data:
        return self.asked.answer_deadlines(request, data)
