"""The plain model: what it holds of an order, and what is taken from whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from shared.testing.scenario import NOON
from tests.unit.workorders.lives.people import CHECKERS, DISPATCHERS, SERVICE, TECHNICIANS


class Rights:
    """What a reader of the issue would expect, written down a second time."""

    def __init__(self, accepter: str | None, *, resident: bool, state: str) -> None:
        self.reporter = "mei" if resident else None
        self.accepter = accepter
        self.resident = resident
        self.state = state
        self.doing = ""
        self.before_pause = ""
        self.technician: str | None = None
        self.repaired_by: set[str] = set()
        self.owed = 0
        self.accepted_at = NOON
        self.checked = False
        self.reminded = False
        self.silent = False
        self.answered = False
        # what was going on when it was merged into another
        self.before_merge: tuple[str, str, str | None] | None = None
        self.parts = 0
        self.parts_left: list[str] = []
        # of the last quote
        self.quotes = 0
        self.offer: dict[str, Any] | None = None
        self.put_off: datetime | None = None
        # when, of the visit agreed; how many offers there were, and whether one is open
        self.visit: datetime | None = None
        self.told_of_visit = False
        self.offers, self.offered = 0, False
        # who pays how much at most
        self.agreed: tuple[str, int] | None = None
        # what staff took down that the resident said
        self.taken: dict[str, Any] | None = None

    def answerable(self, now: datetime) -> bool:
        return self.offer is not None and self.offer["open"] and now < self.offer["until"]

    def may_answer(self, who: str) -> bool:
        if self.offer is None:
            return False
        if self.offer["payer"] == "owner":
            return self.resident and who == self.accepter
        return who == "boss" and self.offer["by"] != who

    def may_object(self, now: datetime) -> bool:
        return self.taken is not None and now < self.taken["until"]

    def awaited(self, now: datetime, until: datetime) -> bool:
        """Whether somebody waits for a visit before then."""
        return self.visit is not None and now - timedelta(hours=2) < self.visit < until

    def unsure(self, now: datetime) -> bool:
        return self.taken is not None and self.may_object(now) and self.taken["yes"]

    def may_charge(self, fen: int) -> bool:
        return not fen or (self.agreed is not None and self.owed + fen <= self.agreed[1])

    def takes(self, name: str, who: str, now: datetime) -> bool:
        mine = self.technician == who and who in TECHNICIANS
        leads = who in DISPATCHERS
        accepts = self.accepter == who
        reported = self.reporter == who
        did_it = who in self.repaired_by
        away = self.silent or self.accepter in self.repaired_by
        stands_in = who in CHECKERS and away and not accepts
        sent = self.state == "dispatched"
        going = self.state in ("submitted", "dispatched")
        held = self.answerable(now)
        match name:
            case "dispatch":
                free = self.state == "submitted" and self.doing == ""
                return free and (leads or who == SERVICE)
            case "prioritise":
                return self.state in ("submitted", "dispatched") and leads
            case "grab":
                return self.state == "submitted" and self.doing == "" and who in TECHNICIANS
            case "start":
                return sent and mine and self.doing == "" and not held and not self.unsure(now)
            case "pause":
                return sent and (mine or leads) and self.doing != "paused"
            case "resume":
                over = self.put_off is not None and self.put_off <= now
                theirs = (accepts or reported) and self.put_off is not None
                staff = leads or (sent and mine) or (who == SERVICE and over)
                return going and self.doing == "paused" and (staff or theirs)
            case "defer":
                can_wait = self.doing == "" or self.put_off is not None
                theirs = (accepts or reported) and can_wait
                return going and (leads or (sent and mine) or theirs)
            case "hand_back":
                return sent and mine
            case "transfer":
                return sent and (mine or leads)
            case "repair":
                free = not held and not self.parts_left and not self.unsure(now)
                return sent and mine and self.doing != "paused" and free
            case "accept":
                return self.state == "repaired" and (accepts or stands_in) and not did_it
            case "reject":
                return self.state == "repaired" and (accepts or (stands_in and not did_it))
            case "decline" | "merge":
                is_open = self.state in ("submitted", "dispatched")
                return is_open and leads and not self.parts_left
            case "add_sub_order":
                return self.state in ("submitted", "dispatched") and leads
            case "finish_sub_order":
                return who == SERVICE and bool(self.parts_left)
            case "unmerge":
                return self.before_merge is not None and (leads or who == SERVICE)
            case "appeal":
                return self.state == "declined" and (accepts or reported)
            case "rate":
                return self.state == "accepted" and accepts and self.resident and not self.checked
            case "answer_rating":
                return self.state == "rated" and leads and not did_it
            case "cancel":
                idle = self.state == "submitted" or (sent and self.doing == "")
                return idle and (accepts or reported) and not self.parts_left
            case "reopen":
                fresh = now - self.accepted_at <= timedelta(hours=72)
                return self.state in ("accepted", "rated") and accepts and fresh
            case "reopen after a call":
                fresh = now - self.accepted_at <= timedelta(hours=72)
                return self.state in ("accepted", "rated") and leads and not did_it and fresh
            case "remind":
                waits = self.state == "repaired" and self.accepter is not None
                return waits and who == SERVICE and not self.reminded
            case "request_check":
                waits = self.state == "repaired" and self.accepter is not None
                return waits and who == SERVICE and self.reminded and not self.silent
            case "offer_visits":
                mine_to_say = leads or (sent and mine)
                return going and mine_to_say and self.doing != "working" and not self.visit
            case "choose_visit":
                anyone = leads or (sent and mine) or accepts or reported
                return going and anyone and self.doing != "working" and self.offered
            case "move_visit":
                anyone = leads or (sent and mine) or accepts or reported
                return going and anyone and self.doing != "working" and self.visit is not None
            case "cancel_visit":
                anyone = leads or (sent and mine) or accepts or reported
                ahead = self.visit is not None and self.visit > now
                return going and anyone and self.doing != "working" and ahead
            case "miss_visit":
                begun = self.visit is not None and self.visit <= now
                return sent and mine and self.doing != "working" and begun
            case "remind_visit":
                agreed = self.visit is not None
                return going and who == SERVICE and self.doing != "working" and agreed
            case "quote":
                return going and (leads or (sent and mine))
            case "withdraw_quote":
                return going and (leads or (sent and mine)) and held
            case "accept_quote" | "decline_quote":
                return going and held and self.may_answer(who)
            case "accept_quote_for" | "decline_quote_for":
                owner = self.offer is not None and self.offer["payer"] == "owner"
                apart = owner and self.offer["by"] != who != self.technician  # type: ignore[index]
                asked = self.resident and apart and not accepts and not self.may_object(now)
                return going and held and leads and asked
            case "confirm_quote_answer":
                return going and accepts and self.resident and self.may_object(now)
            case "object_to_quote_answer":
                said = accepts and self.resident and self.may_object(now)
                return going and said and self.doing != "working"
            case "lapse_quote":
                waiting = self.offer is not None and self.offer["open"]
                return going and who == SERVICE and waiting and not held
        raise AssertionError(name)
