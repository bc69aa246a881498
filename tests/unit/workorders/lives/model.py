"""The plain model: what becomes of an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.unit.workorders.lives.rights import Rights


class Model(Rights):
    """What is taken changes it; it asks nobody whether it is taken."""

    def does(self, name: str, who: str, technician: str, charge: int, now: datetime) -> None:
        match name:
            case "dispatch" | "transfer":
                self.state, self.doing, self.technician = "dispatched", "", technician
            case "grab":
                self.state, self.doing, self.technician = "dispatched", "", who
            case "start":
                self.doing = "working"
                self.visit, self.offered = None, False
            case "pause":
                self.before_pause, self.doing = self.doing, "paused"
            case "resume":
                self.doing = self.before_pause
            case "defer":
                self.before_pause, self.doing = "", "paused"
                self.put_off = now + timedelta(hours=72)
            case "hand_back" | "appeal":
                self.state, self.doing, self.technician = "submitted", "", None
                self.before_merge = None
            case "add_sub_order":
                self.parts += 1
                self.parts_left.append(f"part {self.parts}")
            case "finish_sub_order":
                self.parts_left.pop(0)
                self.repaired_by.add("chen")
            case "merge":
                self.before_merge = self.state, self.doing, self.technician
                self.state, self.doing, self.technician = "declined", "", None
            case "unmerge":
                assert self.before_merge is not None
                self.state, self.doing, self.technician = self.before_merge
                self.before_merge = None
            case "repair":
                self.state, self.doing = "repaired", ""
                self.visit, self.offered = None, False
                self.reminded = self.silent = False
                self.repaired_by.add(who)
                self.owed += charge
            case "accept":
                self.silent = False
                self.agreed = self.taken = None
                self.state, self.owed, self.accepted_at = "accepted", 0, now
                self.checked = not (self.resident and who == self.accepter)
            case "reject" | "reopen" | "reopen after a call":
                self.state, self.doing, self.silent = "dispatched", "", False
            case "decline" | "cancel":
                self.doing, self.technician = "", None
                self.state = "declined" if name == "decline" else "cancelled"
                self.visit, self.offered, self.offers = None, False, 0
                if self.offer is not None:
                    self.offer["open"] = False
            case "rate":
                self.state, self.answered = "rated", False
            case "answer_rating":
                self.answered = True
            case "remind":
                self.reminded = True
            case "request_check":
                self.silent = True
            case "accept_quote" | "accept_quote_for":
                assert self.offer is not None
                self._taken(name, now)
                self.agreed = self.offer["payer"], self.offer["total"]
                self.offer["open"] = False
            case "decline_quote_for":
                assert self.offer is not None
                self._taken(name, now)
                self.offer["open"] = False
            case "confirm_quote_answer":
                self.taken = None
            case "object_to_quote_answer":
                assert self.taken is not None and self.offer is not None
                if self.taken["quote"] == self.quotes:
                    self.offer["open"] = True
                if self.taken["yes"]:
                    self.agreed = self.taken["before"]
                self.taken = None
            case "decline_quote" | "withdraw_quote" | "lapse_quote":
                assert self.offer is not None
                self.offer["open"] = False

    def _taken(self, name: str, now: datetime) -> None:
        yes, until = name == "accept_quote_for", now + timedelta(hours=1)
        said = {"quote": self.quotes, "yes": yes, "until": until, "before": self.agreed}
        self.taken = said if name.endswith("_for") else None

    def goes_on(self) -> None:
        if self.doing != "paused" and self.before_merge is None:
            self.put_off = None

    def quoted(self, who: str, payer: str, total: int, until: datetime) -> None:
        self.quotes += 1
        self.offer = {"payer": payer, "total": total, "until": until, "by": who, "open": True}
        if self.doing == "working":
            self.doing = ""
        self.before_pause = ""
