"""The use cases of inquiries."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID, uuid5

import msgspec

from services.workorders.incidents.application import belongs
from services.workorders.inquiries.domain import deadlines as d
from services.workorders.inquiries.domain import inquiry as i
from services.workorders.inquiries.domain.events import InquiryAnswered, InquirySubmitted
from services.workorders.inquiries.views.inquiries.projection import INQUIRIES
from services.workorders.inquiries.views.inquiries.queries import by_number, listed
from services.workorders.orders.application import Orders, must_be_at
from services.workorders.orders.domain.links import Origin
from services.workorders.orders.domain.refusals import OrderExists
from services.workorders.orders.numbers import Numbers
from services.workorders.orders.visibility import SEES_ALL
from services.workorders.register.directory import Directory
from shared.errors import Forbidden, Invalid, Refused
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.following.reader import Reader
from shared.request import Request

_NAMESPACE = UUID("f1f6a1a6-1f57-5c11-8f8e-3f0f6f2c7d52")

Data = dict[str, Any]


class WordsForgotten(Refused):
    text: ClassVar[str] = "Its words are not kept any more, so no order can be made of it."


class Inquiries:
    """Commands answer ``{"id", "number", "state", "version", "log", "position"}``."""

    def __init__(
        self,
        log: EventLog,
        reader: Reader,
        directory: Directory,
        numbers: Numbers,
        orders: Orders,
    ) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory
        self._numbers = numbers
        self._orders = orders

    def submit_inquiry(self, request: Request, data: Data) -> Data:
        """Raises ``Invalid`` where place or people do not fit together."""
        community, caller, context = data["community"], request.caller, request.context
        place = self._directory.place(community, unit=data["unit"], building=data["building"])
        reporter = data["reporter"]
        if reporter is not None and not self._directory.known(reporter, community):
            raise Invalid(
                "reporter: nobody of that id", fields={"reporter": ["is nobody known here"]}
            )
        occupants = self._directory.living_at(place, {caller.person, reporter or caller.person})
        inquiry = f"{community}.{uuid5(_NAMESPACE, f'{context.actor}:{context.command_id}')}"
        command = i.Submit(
            by=caller,
            id=inquiry,
            number=self._numbers.next(community, data["kind"]),
            kind=data["kind"],
            building=place.building,
            unit=place.unit,
            reporter=reporter,
            occupants=tuple(sorted(occupants)),
            channel=data["channel"],
            text=data["text"],
            photos=tuple(data["photos"]),
            hours=self._deadlines(community).hours(data["kind"]),
        )
        return self._execute(request, inquiry, command, new=True)

    def answer_inquiry(self, request: Request, data: Data) -> Data:
        self._visible(request, data["id"])
        command = i.Give(by=request.caller, answer=data["answer"])
        return self._execute(request, data["id"], command)

    def escalate_inquiry(self, request: Request, data: Data) -> Data:
        self._visible(request, data["id"])
        return self._execute(request, data["id"], i.Escalate(by=request.caller))

    def convert_inquiry(self, request: Request, data: Data) -> Data:
        """The order's id comes from the inquiry's, so there is one order an inquiry at most; what
        this call does not come to do after it, a policy does.
        """
        inquiry = data["id"]
        state, version = self._visible(request, inquiry)
        i.may_answer(request.caller, state)
        community = community_of(inquiry)
        order_id = f"{community}.{uuid5(_NAMESPACE, inquiry)}"
        if state.order != order_id:
            must_be_at(request, version)
        order = self._order(request, state, order_id, data)
        answer = self._log.execute(
            i.INQUIRY,
            inquiry,
            i.Convert(
                by=request.caller,
                order=order_id,
                order_number=order["number"],
                order_kind=data["kind"],
                order_category=data["category"],
            ),
            request.context,
        )
        return {**self._told(answer), "order": order_id, "order_number": order["number"]}

    def _order(self, request: Request, state: i.Inquiry, order_id: str, data: Data) -> Data:
        first = self._log.history(state.id, upto=1)[0].data
        if first.text is None:
            raise WordsForgotten(WordsForgotten.text)
        place = self._directory.place(
            community_of(state.id), unit=state.unit, building=state.building
        )
        reporter = state.reporter
        # Who has moved away cannot look at the work there: whoever takes it on does.
        left = reporter is not None and not self._directory.living_at(place, {reporter})
        try:
            return self._orders.submit(
                msgspec.structs.replace(request, expected_version=None),
                {
                    "community": place.community,
                    "kind": data["kind"],
                    "category": data["category"],
                    "unit": place.unit,
                    "building": place.building,
                    "reporter": reporter,
                    "accepter": request.caller.person if left else reporter,
                    "channel": state.channel,
                    "description": first.text,
                    "photos": state.photos,
                    "priority": data["priority"],
                },
                order_id=order_id,
                origin=Origin(relation="inquiry", id=state.id, number=state.number),
            )
        except OrderExists:
            raise i.AlreadyConverted(i.AlreadyConverted.text) from None

    # -- deadlines ---------------------------------------------------------------------------------

    def set_answer_deadlines(self, request: Request, data: Data) -> Data:
        self._directory.timezone(data["community"])
        answer = self._log.execute(
            d.DEADLINES,
            d.deadlines_id(data["community"]),
            d.SetDeadlines(by=request.caller, **data),
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer)

    def answer_deadlines(self, request: Request, data: Data) -> Data:
        """For everybody of the community: ``{"suggestion", "question", "praise", "behind"}``."""
        community = data["community"]
        self._directory.timezone(community)
        if not belongs(request.caller, community):
            raise Forbidden("You have no business in that community.")
        found: Data = msgspec.to_builtins(self._deadlines(community))
        return {**found, "behind": False}

    def _deadlines(self, community: str) -> d.Deadlines:
        state: d.Deadlines = self._log.load(d.DEADLINES, d.deadlines_id(community))[0]
        return state

    # -- reading -----------------------------------------------------------------------------------

    def inquiry(self, request: Request, data: Data) -> Data:
        """One inquiry, with its words, for its reporter and the staff of its place."""
        inquiry = data["id"]
        if inquiry is None:
            self._reader.wait(INQUIRIES, request.at_least, request.patience)
            row = by_number(self._reader, data["community"], data["number"])
            if row is None:
                raise i.NoSuchInquiry(i.NoSuchInquiry.text)
            inquiry = row.key
        state, version = self._visible(request, inquiry)
        texts: Data = {"text": None, "answer": None}
        for event in self._log.history(inquiry):
            if isinstance(event.data, InquirySubmitted):
                texts["text"] = event.data.text
            elif isinstance(event.data, InquiryAnswered):
                texts["answer"] = event.data.answer
        return {
            **msgspec.to_builtins(state),
            **texts,
            "overdue": self._overdue(state),
            "version": version,
            "allowed": i.allowed(state, request.caller),
            "log": self._log.name,
            "behind": False,
        }

    def inquiries(self, request: Request, data: Data) -> Data:
        """A page of inquiries, newest first: ``{"inquiries": [...], "next", "behind"}``."""
        behind = self._reader.wait(INQUIRIES, request.at_least, request.patience)
        page = listed(self._reader, request.caller, data, self._log.clock.now())
        found = []
        for row in page.rows:
            one: Data = msgspec.to_builtins(row)
            one["id"], one["order"] = one.pop("key"), one.pop("order_id")
            one["overdue"] = self._overdue(row)
            found.append(one)
        return {"inquiries": found, "next": page.next, "behind": behind}

    def _overdue(self, one: Any) -> bool:
        return one.state == "open" and bool(one.due_at < self._log.clock.now())

    def _visible(self, request: Request, inquiry: str) -> tuple[i.Inquiry, int]:
        state, version = self._log.load(i.INQUIRY, inquiry)
        caller = request.caller
        if state.state is None or not (
            caller.person == state.reporter
            or not caller.roles(community_of(inquiry), state.building).isdisjoint(SEES_ALL)
        ):
            raise i.NoSuchInquiry(i.NoSuchInquiry.text)
        return state, version

    def _execute(
        self, request: Request, inquiry: str, command: i.Command, *, new: bool = False
    ) -> Data:
        return self._told(
            self._log.execute(
                i.INQUIRY,
                inquiry,
                command,
                request.context,
                expected_version=request.expected_version,
                new=new,
            )
        )

    def _told(self, answer: Any) -> Data:
        return answered(self._log, answer, number=answer.state.number, state=answer.state.state)
