"""The RPC surface of ``workorders``: the methods of its features, and ``batch`` over them."""

from __future__ import annotations

from typing import Any

from services.workorders.board.rpc import BoardMethods
from services.workorders.canned_answers.rpc import CannedAnswerMethods
from services.workorders.comments.rpc import CommentMethods
from services.workorders.dispatching.rpc import DispatchingMethods
from services.workorders.follow_ups.rpc import FollowUpMethods
from services.workorders.followers.rpc import FollowerMethods
from services.workorders.incidents.rpc import IncidentMethods
from services.workorders.inquiries.rpc import InquiryMethods
from services.workorders.orders.rpc import OrderMethods
from services.workorders.photo_rules.rpc import PhotoRuleMethods
from services.workorders.photos.rpc import PhotoMethods
from services.workorders.publication.rpc import PublicationMethods
from services.workorders.sla.rpc import ServiceLevelMethods
from services.workorders.staff.rpc import StaffMethods
from services.workorders.triage.rpc import TriageMethods
from shared.hosting.batch import Batch, Outcomes, carry_out
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.request import Request

Data = dict[str, Any]


class WorkordersService(
    BoardMethods,
    CannedAnswerMethods,
    CommentMethods,
    DispatchingMethods,
    FollowUpMethods,
    FollowerMethods,
    IncidentMethods,
    InquiryMethods,
    OrderMethods,
    PhotoMethods,
    PhotoRuleMethods,
    PublicationMethods,
    ServiceLevelMethods,
    StaffMethods,
    TriageMethods,
):
    name = "workorders"
    gate = Gate()

    @method(Batch, Outcomes, public=True)
    def batch(self, request: Request, data: Data) -> Data:
        """Many commands of many people in one call, each with its own token, id and outcome."""
        return carry_out(self, data)
