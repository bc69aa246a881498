"""The RPC methods of comments."""

from __future__ import annotations

from typing import Any

from services.workorders.comments import answers as coa
from services.workorders.comments import schemas as cos
from services.workorders.comments.application import Comments
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class CommentMethods(Methods):
    @property
    def said(self) -> Comments:
        found: Comments = self.gate.parts.applications["comments"]
        return found

    @method(cos.Comment, coa.Commented, batchable=True)
    def comment(self, request: Request, data: Data) -> Data:
        return self.said.comment(request, data)

    @method(cos.OfOrder, coa.Comments)
    def comments(self, request: Request, data: Data) -> Data:
        return self.said.comments(request, data)
