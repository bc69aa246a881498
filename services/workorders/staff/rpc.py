"""The RPC methods of staff."""

from __future__ import annotations

from typing import Any

from services.workorders.dispatching.rosters import Rosters
from services.workorders.staff import answers as sa
from services.workorders.staff import schemas as ss
from services.workorders.staff.application import Staff
from shared.hosting.rpc import Methods, method
from shared.request import Request
from shared.schemas import Written

Data = dict[str, Any]


class StaffMethods(Methods):
    @property
    def staff(self) -> Staff:
        found: Staff = self.gate.parts.applications["staff"]
        return found

    @property
    def rosters(self) -> Rosters:
        found: Rosters = self.gate.parts.applications["rosters"]
        return found

    @method(ss.RecordSkill, Written, batchable=True)
    def record_skill(self, request: Request, data: Data) -> Data:
        return self.staff.record_skill(request, data)

    @method(ss.WithdrawSkill, Written, batchable=True)
    def withdraw_skill(self, request: Request, data: Data) -> Data:
        return self.staff.withdraw_skill(request, data)

    @method(ss.RecordCertificate, sa.Certified, batchable=True)
    def record_certificate(self, request: Request, data: Data) -> Data:
        return self.staff.record_certificate(request, data)

    @method(ss.WithdrawCertificate, Written, batchable=True)
    def withdraw_certificate(self, request: Request, data: Data) -> Data:
        return self.staff.withdraw_certificate(request, data)

    @method(ss.PlanShifts, sa.Planned, batchable=True)
    def plan_shifts(self, request: Request, data: Data) -> Data:
        return self.staff.plan_shifts(request, data)

    @method(ss.WithdrawShift, sa.OffShift, batchable=True)
    def withdraw_shift(self, request: Request, data: Data) -> Data:
        return self.staff.withdraw_shift(request, data)

    @method(ss.GrantLeave, sa.OnLeave, batchable=True)
    def grant_leave(self, request: Request, data: Data) -> Data:
        return self.staff.grant_leave(request, data)

    @method(ss.WithdrawLeave, Written, batchable=True)
    def withdraw_leave(self, request: Request, data: Data) -> Data:
        return self.staff.withdraw_leave(request, data)

    @method(ss.OfPerson, sa.StaffRecord)
    def staff_record(self, request: Request, data: Data) -> Data:
        return self.staff.staff_record(request, data)

    @method(ss.OnShift, sa.OnShift)
    def on_shift(self, request: Request, data: Data) -> Data:
        return self.staff.on_shift(request, data)

    @method(ss.Roster, sa.Roster)
    def roster(self, request: Request, data: Data) -> Data:
        return self.rosters.roster(request, data)
